"""What goes wrong over HTTP, in one shape: a status, a stable code, an Indonesian sentence, fields.

Handlers raise ``Refusal``; the outermost middleware answers with JSON for the API and with a page for people.
Anything unexpected is logged with its traceback and becomes a 500 that says nothing of the inside.
"""

from collections.abc import Mapping
from typing import Any

from server.i18n import N_

MESSAGES: Mapping[str, str] = {
    "no_cookie": N_("Buka lagi tautan pribadi Anda; perangkat ini belum dikenali."),
    "revoked": N_("Tautan ini sudah dicabut."),
    "expired": N_("Masa berlaku tautan ini sudah habis; mintalah tautan baru kepada panitia."),
    "forbidden": N_("Tautan ini tidak berwenang melakukan itu."),
    "no_key": N_("Kunci aplikasi ini tidak berlaku; mintalah kunci kepada panitia."),
    "insufficient_scope": N_("Kunci aplikasi ini tidak berwenang melakukan itu."),
    "not_your_role": N_("Akun Anda tidak berwenang membuka itu."),
    "not_your_place": N_("Usulan ini bukan dari wilayah Anda."),
    "signed_out": N_("Anda sudah keluar dari perangkat ini; masuk lagi."),
    "wrong_origin": N_("Permintaan itu tidak berasal dari halaman ini."),
    "no_such_link": N_("Tautan ini tidak dikenal atau sudah dicabut; mintalah tautan baru kepada panitia."),
    "not_found": N_("Yang Anda cari tidak ada."),
    "erased": N_("Versi ini sudah dihapus karena permintaan pelindungan data pribadi; ada versi barunya."),
    "conflict": N_("Data ini sudah diubah orang lain; muat lagi lalu ulangi."),
    "wrong_stage": N_("Catatan ini sudah melewati tahap itu."),
    "bad_request": N_("Permintaan itu tidak dapat dibaca."),
    "bad_fields": N_("Ada isian yang perlu diperbaiki."),
    "too_fast": N_("Terlalu banyak permintaan sekaligus dari tautan ini; tunggu sebentar."),
    "too_slow": N_("Kiriman itu terlalu lama di jalan; coba lagi saat jaringan lebih baik."),
    "too_many": N_("Jumlahnya sudah mencapai batas; hapus yang tidak dipakai atau hubungi panitia."),
    "too_large": N_("Kiriman itu terlalu besar."),
    "no_links": N_(
        "Tautan kantor-kantor ini dibuat sebelum versi ini; buat tautan baru dahulu di halaman sesi."
    ),
    "being_made": N_("Dokumen ini sedang dibuat; tunggu sampai selesai."),
    "gladi": N_("Ini sesi gladi: catatan dan usulan tidak disimpan."),
    "not_gladi": N_("Sesi ini bukan gladi; kantor buatan hanya masuk ke sesi gladi."),
    "concluded": N_("Sidang ini sudah ditutup; buka lagi dahulu untuk mengubahnya."),
    "moved": N_(
        "Usulan ini sudah dipindahkan ke desa lain. Yang Anda tulis di sini tetap ada di perangkat ini."
    ),
    "closed": N_("Sesi ini sudah ditutup."),
    "on_stage": N_("Paparan itu sedang ditayangkan; hentikan dulu, lalu ulangi."),
    "no_room": N_("Sebutkan sesinya: tautan atau kunci ini berlaku untuk semua sesi."),
    "busy": N_("Sedang dipakai kantor lain; coba lagi sebentar."),
    "media_down": N_("Jalur suara dan gambar sedang dimulai ulang; perangkat ini mencoba lagi sendiri."),
    "link_full": N_("Terlalu banyak perangkat memakai tautan ini sekaligus; tutup yang tidak dipakai."),
    "malformed_sdp": N_("Tawaran sambungan dari perangkat ini tidak dapat dibaca."),
    "too_many_lines": N_("Tawaran sambungan dari perangkat ini terlalu panjang."),
    "no_codec": N_("Perangkat ini tidak mendukung suara Opus atau gambar VP8."),
    "bad_line": N_("Tawaran sambungan dari perangkat ini tidak sesuai dengan perannya."),
    "ssrc_taken": N_("Perangkat ini menyebut dirinya sebagai perangkat lain; sambungkan ulang."),
    "unavailable": N_("Server sedang bermasalah; coba lagi sebentar."),
}


class Refusal(Exception):
    """``message`` is an msgid; empty: that of ``code``. ``fields`` are field name -> msgid.

    ``more``: what the answer says besides (RFC 9457, extension members); ``headers``: of the answer.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        message: str = "",
        fields: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(f"{status} {code} {detail}")
        self.status = status
        self.code = code
        self.message = message or MESSAGES[code]
        self.fields = dict(fields or {})
        self.more = dict(more or {})
        self.headers = dict(headers or {})
        self.detail = detail
