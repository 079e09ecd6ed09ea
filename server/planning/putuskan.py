"""What a decider may send, checked field by field, and the sentences for what the chain forbids.

Pure: whether the chain allows it is said by ``tahapan``.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from server.i18n import N_
from server.planning.catatan import Formulir, Long, Short, Volume, catalogued
from server.planning.tahapan import Alasan, Realisasi, Sebab, Tindakan

MOST_RUPIAH = 10**15


def _rupiah(value: object) -> object:
    """``Rp 1.250.000`` as people write it here."""
    if not isinstance(value, str):
        return value
    bare = value.strip().removeprefix("Rp").replace(".", "").replace(" ", "")
    return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 18 else value


Rupiah = Annotated[int, BeforeValidator(_rupiah), Field(ge=0, le=MOST_RUPIAH, strict=True)]


class Putuskan(Formulir):
    """One decision, of one usulan or of several."""

    tindakan: Tindakan
    alasan: Annotated[str, catalogued(Alasan)] = ""
    rekomendasi: Short = ""
    catatan: Long = ""
    volume: Volume | None = None
    """What this tier recommends; the usulan keeps its own."""
    biaya: Rupiah | None = None
    opd_tujuan: Short = ""
    """Empty: as it is. Another one only with ``tahapan.NAME_OPD``."""
    nomor_sipd: Short = ""
    realisasi: Annotated[str, catalogued(Realisasi)] = ""

    @model_validator(mode="after")
    def _has_what_it_enters(self) -> "Putuskan":
        wrong: dict[str, str] = {}
        if self.tindakan is Tindakan.CATAT_SIPD and not self.nomor_sipd:
            wrong["nomor_sipd"] = N_("Isi nomor dari SIPD.")
        if self.tindakan is Tindakan.CATAT_REALISASI and not self.realisasi:
            wrong["realisasi"] = N_("Pilih apa yang sudah terlaksana.")
        if wrong:
            raise PydanticCustomError("contradictions", "fields missing", {"fields": wrong})
        return self


class PutuskanSatu(Putuskan):
    """Of the usulan as the decider saw it."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class Pagu(Formulir):
    """What a kecamatan may reckon with; None: not known yet."""

    pagu_indikatif: Rupiah | None = None


ALASAN_FIELD = N_("Pilih alasannya.")
OPD_FIELD = N_("Isi perangkat daerah tujuannya dahulu: di tahap berikutnya ia yang membahas.")
OPD_STAYS = N_("Perangkat daerah tujuan hanya dapat diubah saat mengajukan, meneruskan, atau mengembalikan.")
SENTENCES: Mapping[Sebab, str] = {
    Sebab.BUKAN_WILAYAH: N_("Usulan ini bukan dari wilayah Anda."),
    Sebab.BUKAN_OPD: N_("Usulan ini tidak ditujukan kepada perangkat daerah Anda."),
    Sebab.BUKAN_TAHAPNYA: N_("Itu tidak dapat dilakukan pada tahap usulan ini sekarang."),
    Sebab.BUKAN_WEWENANG: N_("Pada tahap ini yang memutuskan bukan Anda."),
    Sebab.BELUM_WAKTUNYA: N_("Desanya masih diberi waktu untuk menjawab sendiri."),
    Sebab.PERLU_ALASAN: ALASAN_FIELD,
    Sebab.PERLU_OPD: OPD_FIELD,
}
FIELDS: Mapping[Sebab, str] = {Sebab.PERLU_ALASAN: "alasan", Sebab.PERLU_OPD: "opd_tujuan"}
"""Reasons that belong beside a field of the form."""
CHANGED = N_("Usulan ini baru saja diubah orang lain. Lihat dahulu keadaannya sekarang, lalu putuskan lagi.")
