"""Words for a note's stored codes and fields on the Panitia's pages."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields as columns_of

from rooms.meeting.vocabulary import JenisCatatan
from server.i18n import N_
from server.planning.bidang import BIDANG, SUB_BIDANG
from server.planning.export import COLUMNS, WIB, plain_cell
from server.planning.notebook import REMARK
from server.planning.tahapan import Putusan, Tahap, TindakLanjut
from server.store.catatan import Catatan

JENIS: Mapping[str, str] = {
    JenisCatatan.USULAN: N_("Usulan"),
    JenisCatatan.KELUHAN: N_("Keluhan"),
    JenisCatatan.PERTANYAAN: N_("Pertanyaan"),
    JenisCatatan.ARAHAN: N_("Arahan"),
}
TAHAP: Mapping[str, str] = {
    Tahap.CATATAN_LANGSUNG: N_("Menunggu konfirmasi desa"),
    Tahap.DRAF: N_("Draf"),
}
PUTUSAN: Mapping[str, str] = {Putusan.MENUNGGU: N_("Menunggu")}
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
_CODED: Mapping[str, Mapping[str, str]] = {
    "kanal": KANAL,
    "jenis": JENIS,
    "dibuat": JENIS,
    "tahap": TAHAP,
    "putusan": PUTUSAN,
    "status_tindak_lanjut": TINDAK_LANJUT,
    "bidang": BIDANG_NAMES,
    "sub_bidang": BIDANG_NAMES,
}
CHANGES: Mapping[str, str] = {
    "dibuat": N_("Dicatat"),
    "penyebutan": N_("Saat diucapkan"),
    REMARK: N_("Kata desa: ada yang keliru"),
    **{column.field: column.heading for column in COLUMNS if column.field},
}
"""Field of a history -> what it is called."""
_ELSEWHERE = ("jenis", "judul", "ucapan", "label", "created_at")
"""In the page's head or its history."""
_SHOWN = {field.name for field in columns_of(Catatan)} - set(_ELSEWHERE)


def fields(note: Catatan, words: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Heading and value of each field that is filled in, without those that the page's head has."""
    for column in COLUMNS:
        if column.field in _SHOWN and (text := plain_cell(column.value(note, WIB))):
            yield column.heading, value(column.field, text, words)


def value(field: str, stored: str, words: Callable[[str], str]) -> str:
    """As people read it; a mention is told by its place in the list of mentions, not by its ids."""
    if field == "penyebutan":
        return ""
    if field == "perkiraan_biaya" and stored.isdigit():
        return f"{int(stored):,}".replace(",", ".")
    if field == "volume":
        return stored.replace(".", ",")
    known = _CODED.get(field, {})
    return words(known[stored]) if stored in known else stored
