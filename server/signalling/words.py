"""The Indonesian sentence for every stable code that a screen may be shown.

msgids for gettext; ``server.i18n`` translates them when they are sent.
"""

from collections.abc import Mapping

from rooms.meeting.errors import Code
from server.i18n import N_

REFUSALS: Mapping[str, str] = {
    Code.WRONG_STATUS: N_("Itu belum dapat dilakukan pada tahap rapat ini."),
    Code.UNKNOWN_SEAT: N_("Kursi itu tidak ada dalam sesi ini."),
    Code.UNKNOWN_PESERTA: N_("Nama peserta itu belum terdaftar."),
    Code.UNKNOWN_ITEM: N_("Acara itu tidak ada dalam susunan acara."),
    Code.UNKNOWN_POINT: N_("Interupsi itu tidak ada lagi."),
    Code.UNKNOWN_REQUEST: N_("Permintaan bicara itu tidak ditemukan."),
    Code.UNKNOWN_TURN: N_("Giliran itu tidak ditemukan."),
    Code.NOT_YOURS: N_("Itu milik ruang lain."),
    Code.QUEUE_CLOSED: N_("Antrean bicara belum dibuka; tunggu acara dialog."),
    Code.ALREADY_QUEUED: N_("Peserta ini sudah menunggu giliran."),
    Code.TOO_MANY: N_("Antrean atau daftar nama ruang ini sudah penuh; hubungi Petugas Bantuan."),
    Code.WRONG_STATE: N_("Keadaannya sudah berubah; lihat lagi lalu ulangi bila perlu."),
    Code.TOO_LATE: N_(
        "Panggilan ini sudah lewat 10 detik, tidak dapat dibatalkan lagi. Pakai Cukup atau Tunda."
    ),
    Code.SEAT_ABSENT: N_("Ruang itu sedang tidak tersambung."),
    Code.NO_CONSENT: N_("Ruang itu tidak bersedia direkam, jadi tidak dapat disiarkan."),
    Code.NOT_KNOWN: N_("Petugas tidak mengenali orang di ruang itu, jadi tidak dapat disiarkan."),
    Code.CANNOT_SPEAK: N_("Ruang itu tidak mempunyai mikrofon atau kamera yang dapat dipakai."),
    Code.NO_QUORUM: N_("Kantor yang hadir belum memenuhi kuorum sesi ini."),
    Code.SANCTIONED: N_("Peserta ini sedang tidak diperkenankan berbicara."),
    Code.OBSERVER: N_("Peserta ini terdaftar sebagai peninjau: bicara bila diminta pimpinan."),
    Code.UNKNOWN_DECK: N_("Bahan paparan itu tidak ditemukan."),
    Code.UNKNOWN_SEAL: N_("Bagian yang ditutup itu tidak ditemukan."),
    Code.DUPLICATE_ID: N_("Data itu sudah pernah dikirim."),
    Code.BAD_VALUE: N_("Isiannya di luar batas yang boleh."),
    "malformed": N_("Pesan dari perangkat ini tidak dapat dibaca."),
    "too_large": N_("Pesan dari perangkat ini terlalu besar."),
    "unknown_type": N_("Permintaan ini tidak dikenal; muat ulang halaman."),
    "bad_fields": N_("Isian permintaan ini tidak lengkap atau keliru; muat ulang halaman."),
    "forbidden": N_("Tautan ini tidak berwenang melakukan itu."),
    "seat_taken": N_("Perangkat lain sedang dipakai untuk ruang ini."),
    "internal": N_("Server sedang bermasalah; coba lagi sebentar."),
}

BYES: Mapping[int, str] = {
    1012: N_("Server dimulai ulang; layar ini tersambung lagi sendiri."),
    4400: N_("Terlalu banyak pesan yang tidak dapat dibaca."),
    4401: N_("Perangkat ini tidak memulai percakapan dengan benar; muat ulang halaman."),
    4403: N_("Tautan ini sudah dicabut."),
    4408: N_("Sambungan perangkat ini terlalu lambat; layar menyambung lagi."),
    4429: N_("Terlalu banyak perangkat memakai tautan ini; tutup salah satu."),
    4409: N_("Ruang ini sekarang memakai perangkat lain."),
}
