"""Words for a note's stored codes and fields on the Panitia's pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields as columns_of

from rooms.meeting.vocabulary import JenisCatatan
from server.i18n import N_
from server.planning.bidang import BIDANG, SUB_BIDANG
from server.planning.export import COLUMNS, WIB, plain_cell
from server.planning.mirip import LINKED
from server.planning.notebook import EXAMINED
from server.planning.pilihan import POLA, STATUS_LAHAN, SUMBER_DANA, URGENSI
from server.planning.tahapan import Alasan, Putusan, Realisasi, Tahap, Tindakan, TindakLanjut
from server.store.catatan import REMARK, Catatan
from server.store.erasure import ERASURE
from server.store.lampiran import FOTO, FOTO_REALISASI, RAB, SURAT_PENGANTAR

JENIS: Mapping[str, str] = {
    JenisCatatan.USULAN: N_("Usulan"),
    JenisCatatan.KELUHAN: N_("Keluhan"),
    JenisCatatan.PERTANYAAN: N_("Pertanyaan"),
    JenisCatatan.ARAHAN: N_("Arahan"),
}
TAHAP: Mapping[str, str] = {
    Tahap.CATATAN_LANGSUNG: N_("Menunggu konfirmasi desa"),
    Tahap.DRAF: N_("Draf"),
    Tahap.DESA: N_("Desa"),
    Tahap.MITRA_BAPPEDA: N_("Mitra Bappeda"),
    Tahap.KECAMATAN: N_("Kecamatan"),
    Tahap.FORUM_PD: N_("Forum perangkat daerah"),
    Tahap.KABUPATEN: N_("Kabupaten"),
    Tahap.TAPD: N_("TAPD"),
    Tahap.SELESAI: N_("Selesai"),
}
PUTUSAN: Mapping[str, str] = {
    Putusan.MENUNGGU: N_("Menunggu"),
    Putusan.DITERUSKAN: N_("Diteruskan"),
    Putusan.DITOLAK: N_("Ditolak"),
    Putusan.DIKEMBALIKAN: N_("Dikembalikan"),
    Putusan.CADANGAN: N_("Cadangan"),
    Putusan.DIBATALKAN: N_("Dibatalkan"),
    Putusan.DIAKOMODIR: N_("Diakomodir"),
    Putusan.BELUM_DIAKOMODIR: N_("Belum diakomodir"),
}
TINDAKAN: Mapping[str, str] = {
    Tindakan.KONFIRMASI: N_("Konfirmasi"),
    Tindakan.AJUKAN: N_("Ajukan"),
    Tindakan.TERUSKAN: N_("Teruskan"),
    Tindakan.AKOMODASI: N_("Akomodir"),
    Tindakan.TIDAK_AKOMODASI: N_("Belum diakomodir"),
    Tindakan.CADANGKAN: N_("Jadikan cadangan"),
    Tindakan.KEMBALIKAN: N_("Kembalikan ke desa"),
    Tindakan.TOLAK: N_("Tolak"),
    Tindakan.BATALKAN: N_("Batalkan"),
    Tindakan.BUKA_LAGI: N_("Buka lagi"),
    Tindakan.CATAT_SIPD: N_("Catat nomor SIPD"),
    Tindakan.CATAT_REALISASI: N_("Catat realisasi"),
}
ALASAN: Mapping[str, str] = {
    Alasan.DUPLIKAT: N_("Sama dengan usulan lain"),
    Alasan.ALAMAT_SALAH: N_("Alamatnya salah"),
    Alasan.SUDAH_DIUSULKAN: N_("Sudah diusulkan"),
    Alasan.SALAH_OPD: N_("Salah perangkat daerah"),
    Alasan.LAHAN_MILIK_PRIBADI: N_("Lahan milik pribadi"),
    Alasan.LAHAN_SENGKETA: N_("Lahan sengketa"),
    Alasan.ASET_INSTANSI_LAIN: N_("Aset instansi lain"),
    Alasan.PENERIMA_TIDAK_BERBADAN_HUKUM: N_("Penerima tidak berbadan hukum"),
    Alasan.BUKAN_KEWENANGAN: N_("Bukan kewenangan kabupaten"),
    Alasan.TIDAK_SESUAI_RPJMD_RTRW: N_("Tidak sesuai RPJMD atau RTRW"),
    Alasan.PAGU_TIDAK_CUKUP: N_("Pagu tidak cukup"),
    Alasan.LAIN: N_("Alasan lain"),
}
REALISASI: Mapping[str, str] = {
    Realisasi.DIANGGARKAN: N_("Dianggarkan"),
    Realisasi.DIKERJAKAN: N_("Dikerjakan"),
    Realisasi.SELESAI: N_("Selesai"),
}
REVISI = N_("Draf (Revisi)")
"""A draft that was returned (T9)."""
TINDAK_LANJUT: Mapping[str, str] = {
    TindakLanjut.TERBUKA: N_("Terbuka"),
    TindakLanjut.DIKERJAKAN: N_("Dikerjakan"),
    TindakLanjut.SELESAI: N_("Selesai"),
}
BIDANG_NAMES: Mapping[str, str] = {kode: f"{kode} {nama}" for kode, nama in {**BIDANG, **SUB_BIDANG}.items()}

JENIS_HEADING = N_("Jenis")
KECAMATAN_HEADING = N_("Kecamatan")
BIDANG_HEADING = N_("Bidang")
TAHAP_HEADING = N_("Tahap")
TAHUN_HEADING = N_("Tahun rencana")
NO_PLACE = N_("Tanpa tempat")

KANAL: Mapping[str, str] = {
    "langsung": N_("Diucapkan dalam sesi"),
    "sidang_desa": N_("Sidang desa"),
    "formulir": N_("Formulir kantor"),
    "susulan": N_("Susulan dari kertas"),
    "kenduren_mas": N_("Kenduren Mas"),
    "rt_rw": N_("RT/RW"),
}
CONTACT = N_("Kontak pengusul (tidak diumumkan)")
LAMPIRAN: Mapping[str, str] = {
    FOTO: N_("Foto"),
    SURAT_PENGANTAR: N_("Surat pengantar"),
    RAB: N_("Rencana anggaran biaya (RAB)"),
    FOTO_REALISASI: N_("Foto hasilnya"),
}
ADDED_WORD = N_("ditambahkan")
LINKED_WORD = N_("ditautkan")
_CODED: Mapping[str, Mapping[str, str]] = {
    "kanal": KANAL,
    "jenis": JENIS,
    "dibuat": JENIS,
    "tahap": TAHAP,
    "putusan": PUTUSAN,
    "realisasi": REALISASI,
    "status_tindak_lanjut": TINDAK_LANJUT,
    "sumber_dana": SUMBER_DANA,
    "urgensi": URGENSI,
    "status_lahan": STATUS_LAHAN,
    "pola": POLA,
    "bidang": BIDANG_NAMES,
    "sub_bidang": BIDANG_NAMES,
}
CHANGES: Mapping[str, str] = {
    "dibuat": N_("Dicatat"),
    "penyebutan": N_("Saat diucapkan"),
    REMARK: N_("Kata desa: ada yang keliru"),
    EXAMINED: N_("Diperiksa: kata desa bahwa ada yang keliru"),
    LINKED: N_("Mungkin sama dengan catatan lain"),
    **LAMPIRAN,
    ERASURE: N_("Dihapus atas permintaan (pelindungan data pribadi)"),
    "diprioritaskan_by": N_("Diprioritaskan dalam pleno"),
    **{column.field: column.heading for column in COLUMNS if column.field},
    "kontak": CONTACT,
}
"""Field of a history -> what it is called."""
_ELSEWHERE = ("jenis", "judul", "ucapan", "label", "created_at")
"""In the page's head or its history."""
_SHOWN = {field.name for field in columns_of(Catatan)} - set(_ELSEWHERE)


def standing(note: Catatan, words: Callable[[str], str]) -> str:
    """Where an usulan stands, in a few words; empty for other notes."""
    return standing_of(note.tahap, note.putusan, words)


def standing_of(tahap: str, putusan: str, words: Callable[[str], str]) -> str:
    if tahap not in TAHAP:
        return ""
    if tahap == Tahap.DRAF and putusan == Putusan.DIKEMBALIKAN:
        return words(REVISI)
    word, decided = words(TAHAP[tahap]), words(PUTUSAN.get(putusan, putusan))
    return word if putusan == Putusan.MENUNGGU else f"{word}: {decided}"


def rupiah(figure: int | None) -> str:
    """``1.250.000``; empty for none."""
    return "" if figure is None else f"{figure:,}".replace(",", ".")


def fields(note: Catatan, words: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Heading and value of each field that is filled in, without those that the page's head has."""
    for column in COLUMNS:
        if column.field in _SHOWN and (text := plain_cell(column.value(note, WIB))):
            yield column.heading, value(column.field, text, words)
    if note.kontak:
        yield CONTACT, note.kontak


def value(field: str, stored: str, words: Callable[[str], str]) -> str:
    """As people read it; mentions and links are told in lists of their own, not by ids."""
    if field == LINKED:
        return words(LINKED_WORD) if stored else ""
    if field == ERASURE:
        return ""
    if field in LAMPIRAN:
        return words(ADDED_WORD) if stored else ""
    if field == "penyebutan":
        return ""
    if field == "perkiraan_biaya" and stored.isdigit():
        return rupiah(int(stored))
    if field == "volume":
        return stored.replace(".", ",")
    known = _CODED.get(field, {})
    return words(known[stored]) if stored in known else stored
