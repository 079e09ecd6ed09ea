"""What a browser may send about a note: forms checked field by field, errors in Indonesian.

Pure: shapes, lengths and what belongs together. Whether a code or a seat exists is seen by ``notebook``.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from rooms.meeting.vocabulary import JenisCatatan
from server.i18n import N_
from server.plain import plain
from server.planning.bidang import BIDANG, SUB_BIDANG, bidang_of
from server.planning.errors import FieldErrors
from server.planning.pilihan import POLA, STATUS_LAHAN, SUMBER_DANA, URGENSI
from server.planning.tahapan import TindakLanjut

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DESA_ONLY = frozenset({"dd", "add"})
_BEYOND_2255 = 9_000_000_000_000
"""ms; keeps an instant within what dates and databases can hold."""


def _clean(text: str) -> str:
    try:
        return plain(text)
    except ValueError as error:
        raise PydanticCustomError("unstorable", "control character") from error


def _newlines(value: object) -> object:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _decimal(value: object) -> object:
    """``12,5`` as people write it here; a bare number loses digits on its way through JSON, but is clear."""
    return value.strip().replace(",", ".") if isinstance(value, str) else value


def _whole_ms(value: object) -> object:
    """A browser's clock, put right by half a round trip, may show a fraction of a ms: no reason to refuse."""
    return round(value) if isinstance(value, float) and math.isfinite(value) else value


def _to_a_tenth_of_a_metre(degrees: float) -> float:
    return round(degrees, 6) + 0.0  # never -0.0, which history would tell as a change


def iso_date(value: object) -> object:
    """Dates only as ``2027-03-15``: otherwise a number would be taken for seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("date_parsing", "not a date")


class _Catalogued:
    """One of the list, or empty; the list is part of the type's schema."""

    def __init__(self, known: Iterable[str]) -> None:
        self._allowed = ("", *known)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(schema) | {"enum": list(self._allowed)}

    def _check(self, value: str) -> str:
        if value not in self._allowed:
            raise PydanticCustomError("not_listed", "not in the list")
        return value


def catalogued(known: Iterable[str]) -> _Catalogued:
    """One of these, or nothing."""
    return _Catalogued(known)


_CLEAN = (AfterValidator(_clean), BeforeValidator(_newlines))
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), *_CLEAN]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), *_CLEAN]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_clean)]
Instant = Annotated[int, Field(ge=0, le=_BEYOND_2255, strict=True), BeforeValidator(_whole_ms)]
Volume = Annotated[
    Decimal, BeforeValidator(_decimal), Field(ge=0, max_digits=15, decimal_places=3, allow_inf_nan=False)
]
Lintang = Annotated[
    float, Field(ge=-90, le=90, strict=True, allow_inf_nan=False), AfterValidator(_to_a_tenth_of_a_metre)
]
Bujur = Annotated[
    float, Field(ge=-180, le=180, strict=True, allow_inf_nan=False), AfterValidator(_to_a_tenth_of_a_metre)
]


class Formulir(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Saat(Formulir):
    """The moment a note is about, fixed when its form was opened."""

    spoken_at: Instant
    seat_id: Id | None = None
    turn_id: Id | None = None


class Isi(Formulir):
    """The content of a note. All of it may be empty but the words or the title."""

    jenis: JenisCatatan
    ucapan: Long = ""
    judul: Short = ""
    masalah: Long = ""
    gagasan: Long = ""
    kamus_usulan: Short = ""
    bidang: Annotated[str, catalogued(BIDANG)] = ""
    sub_bidang: Annotated[str, catalogued(SUB_BIDANG)] = ""
    kode_wilayah: Annotated[str, StringConstraints(pattern=r"^(\d\d\.\d\d\.\d\d\.\d{4})?$")] = ""
    dusun: Short = ""
    alamat: Short = ""
    volume: Volume | None = None
    satuan: Short = ""
    perkiraan_biaya: Annotated[int, Field(ge=0, le=10**15, strict=True)] | None = None
    sumber_dana: Annotated[str, catalogued(SUMBER_DANA)] = ""
    opd_tujuan: Short = ""
    jumlah_terdampak: Annotated[int, Field(ge=0, le=10**8, strict=True)] | None = None
    pengusul_nama: Short = ""
    pengusul_jabatan: Short = ""
    penanggung_jawab: Short = ""
    tenggat: Annotated[date, BeforeValidator(iso_date)] | None = None
    urgensi: Annotated[str, catalogued(URGENSI)] = ""
    status_lahan: Annotated[str, catalogued(STATUS_LAHAN)] = ""
    pola: Annotated[str, catalogued(POLA)] = ""
    lat: Lintang | None = None
    lng: Bujur | None = None
    kontak: Annotated[Short, Field(description="private: answered as empty where it is not to be known")] = ""

    @model_validator(mode="after")
    def _belongs_together(self) -> "Isi":
        if wrong := _contradictions(self):
            raise PydanticCustomError("contradictions", "fields contradict", {"fields": wrong})
        return self


LATER: Mapping[str, object] = {
    **dict.fromkeys(("kamus_usulan", "urgensi", "status_lahan", "pola", "kontak"), ""),
    **dict.fromkeys(("lat", "lng")),
}
"""Fields that the first release did not know, with what they are when nobody fills them in: devices that it
served, and what waits in them, say nothing of these."""


class CatatanBaru(Isi):
    """POST: a new note. ``id`` is minted by the browser and makes a repeated request harmless."""

    id: UUID
    instant: Saat
    kanal: Literal["langsung", "sidang_desa", "formulir", "susulan", "kenduren_mas", "rt_rw"] = "langsung"
    konsep_id: Id | None = None
    """The draft that this note replaces."""


class CatatanUbah(Isi):
    """PATCH: the note as it will be; ``notebook`` fills in the fields that were not sent."""

    version: Annotated[int, Field(ge=1, strict=True)]
    status_tindak_lanjut: Annotated[str, catalogued(TindakLanjut)] = ""


Ubahan: type[Formulir] = create_model(
    "Ubahan",
    __base__=Formulir,
    __doc__="PATCH: the ``version`` that the sender saw and the fields that change.",
    version=(CatatanUbah.model_fields["version"].rebuild_annotation(), ...),
    **{  # type: ignore[call-overload]
        name: (field.rebuild_annotation(), None)
        for name, field in CatatanUbah.model_fields.items()
        if name != "version"
    },
)


class PenyebutanBaru(Saat):
    """POST of a mention; an ``id`` that the note already has moves that mention."""

    id: UUID
    until_at: Instant | None = None
    spoken: bool = Field(default=False, description="it is being said now; false: added by hand afterwards")

    @model_validator(mode="after")
    def _ends_after_it_began(self) -> "PenyebutanBaru":
        if self.until_at is not None and self.until_at < self.spoken_at:
            raise PydanticCustomError("contradictions", "ends early", {"fields": {"until_at": ENDS_EARLY}})
        return self


class Keterangan(Formulir):
    """POST: what a desa says is wrong with a note about it."""

    isi: Annotated[Short, Field(min_length=1)]


ENDS_EARLY = N_("Akhirnya mendahului awalnya.")


def _contradictions(isi: Isi) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not isi.ucapan and not isi.judul:
        wrong["ucapan"] = N_("Tulis apa yang diucapkan, atau judulnya.")
    if isi.sub_bidang and isi.bidang and bidang_of(isi.sub_bidang) != isi.bidang:
        wrong["sub_bidang"] = N_("Sub-bidang ini bukan bagian dari bidang yang dipilih.")
    if isi.kode_wilayah[9:10] == "1" and isi.sumber_dana in _DESA_ONLY:
        wrong["sumber_dana"] = N_("Kelurahan tidak mempunyai Dana Desa atau ADD.")
    if (isi.lat is None) != (isi.lng is None):
        wrong["lat" if isi.lat is None else "lng"] = N_("Isi lintang dan bujur, atau kosongkan keduanya.")
    return wrong


_DESK_WRITES = N_("Isian ini diisi oleh panitia.")
_MARK = ("id", "jenis", "ucapan", "instant")
_FOLLOW_UP = ("penanggung_jawab", "tenggat", "status_tindak_lanjut")


def check_office_takes(body: Mapping[str, object]) -> None:
    """An office writes what it asks for, never a directive or the follow-up. Raises FieldErrors."""
    wrong = [name for name in _FOLLOW_UP if body.get(name)]
    if body.get("jenis") == JenisCatatan.ARAHAN:
        wrong.append("jenis")
    _refuse(wrong)


def check_chair_takes(body: Mapping[str, object]) -> None:
    """The chair marks what it directs and its words; the rest the notulis writes. Raises FieldErrors."""
    wrong = [name for name in body if body[name] and name not in _MARK]
    if body.get("jenis") != JenisCatatan.ARAHAN:
        wrong.append("jenis")
    _refuse(wrong)


def check_office_changes(kanal: str, body: Mapping[str, object]) -> None:
    """An office corrects its usulan, but not its kind, its follow-up, or words that the notulis heard.

    Raises FieldErrors.
    """
    heard = ("ucapan",) if kanal == "langsung" else ()
    _refuse([name for name in ("jenis", *heard, *_FOLLOW_UP) if name in body])


def check_list_line(body: Mapping[str, object], written: Iterable[str]) -> None:
    """A line of an office's list has what it writes itself, no follow-up. Raises FieldErrors."""
    known = {*written, "version", "jenis", "kanal", "hapus"}
    _refuse([name for name, value in body.items() if value and name not in known])


def _refuse(wrong: Iterable[str]) -> None:
    if fields := dict.fromkeys(wrong, _DESK_WRITES):
        raise FieldErrors(fields)


Form = TypeVar("Form", bound=Formulir)


def parse(form: type[Form], body: object) -> Form:
    """``body``: decoded JSON. Raises FieldErrors."""
    try:
        return form.model_validate(body)
    except ValidationError as error:
        raise FieldErrors(_messages(error)) from error


_WORDS = {
    "missing": N_("Wajib diisi."),
    "extra_forbidden": N_("Isian ini tidak dikenal."),
    "unstorable": N_("Ada huruf yang tidak dapat disimpan."),
    "string_unicode": N_("Ada huruf yang tidak dapat disimpan."),
    "not_listed": N_("Pilih salah satu dari daftar."),
    "enum": N_("Pilih salah satu dari daftar."),
    "literal_error": N_("Pilih salah satu dari daftar."),
    "string_pattern_mismatch": N_("Kode wilayah ini tidak benar."),
    "string_too_short": N_("Wajib diisi."),
    "greater_than_equal": N_("Tidak boleh kurang dari nol."),
    "less_than_equal": N_("Angka ini terlalu besar."),
    "decimal_max_digits": N_("Angka ini terlalu besar."),
    "decimal_whole_digits": N_("Angka ini terlalu besar."),
    "decimal_max_places": N_("Paling banyak tiga angka di belakang koma."),
    "decimal_parsing": N_("Isi dengan angka, misalnya 12,5."),
    "decimal_type": N_("Isi dengan angka, misalnya 12,5."),
    "finite_number": N_("Isi dengan angka, misalnya 12,5."),
    "float_type": N_("Isi dengan angka, misalnya -8,2192."),
    "int_type": N_("Isi dengan bilangan bulat, tanpa titik atau koma."),
    "uuid_parsing": N_("Nomor pengenal ini tidak benar; muat ulang halaman."),
    "uuid_type": N_("Nomor pengenal ini tidak benar; muat ulang halaman."),
}
_DATE = N_("Tanggal ini tidak benar; contoh: 2027-03-15.")
_LENGTHS = {
    64: N_("Nomor pengenal ini tidak benar; muat ulang halaman."),
    200: N_("Paling banyak 200 huruf."),
    4000: N_("Paling banyak 4.000 huruf."),
}
_RANGES = {
    90: N_("Lintang ada di antara -90 dan 90."),
    180: N_("Bujur ada di antara -180 dan 180."),
}
_OTHERWISE = N_("Isian ini tidak dapat dibaca.")


def _messages(error: ValidationError) -> dict[str, str]:
    """The first complaint about each field; that of the form as a whole stands under the empty name."""
    fields: dict[str, str] = {}
    for found in error.errors(include_url=False, include_input=False):
        context = found.get("ctx", {})
        if found["type"] == "contradictions":
            fields |= context["fields"]
            continue
        if found["type"] == "string_too_long":
            words = _LENGTHS[context["max_length"]]
        elif (limit := abs(context.get("ge", context.get("le", 0)))) in _RANGES:
            words = _RANGES[limit]
        elif found["type"].startswith("date_"):
            words = _DATE
        else:
            words = _WORDS.get(found["type"], _OTHERWISE)
        name = ".".join(str(part) for part in found["loc"][: 2 if found["loc"][:1] == ("instant",) else 1])
        fields.setdefault(name, words)
    return fields
