"""What an office's own meeting looks like on the wire: what its devices may send, and what they are told.

Every form names the ``version`` that its sender saw, 0 for what is new. Pure: shapes and lengths.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from rooms.meeting.vocabulary import Hak, JenisCatatan, JenisKelamin, Unsur
from server.i18n import N_
from server.planning.catatan import Formulir, Id, Isi, Long, Short, catalogued, iso_date
from server.planning.shapes import Ms, Shape, Volume
from server.planning.tahapan import Putusan, office_may_edit
from server.store.catatan import Catatan
from server.store.sidang import Hadir, Pokok, Urutan

MOST_PEOPLE = 1_000
MOST_LINES = 500
_LATEST = 2**31 - 1
Version = Annotated[int, Field(ge=0, le=_LATEST, strict=True)]
Jam = Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")]


class Cara(StrEnum):
    """How a meeting decided."""

    MUFAKAT = "mufakat"
    SUARA = "suara"


CARA_WORDS: Mapping[str, str] = {
    Cara.MUFAKAT: N_("musyawarah mufakat"),
    Cara.SUARA: N_("pemungutan suara"),
}


class PokokUbah(Formulir):
    version: Version
    nomor: Short = ""
    tanggal: Annotated[date, BeforeValidator(iso_date)] | None = None
    jam_mulai: Jam = ""
    jam_selesai: Jam = ""
    tempat: Short = ""
    pimpinan: Short = ""
    notulis: Short = ""
    narasumber: Short = ""
    materi: Long = ""
    cara: Annotated[str, catalogued(Cara)] = ""
    selesai: bool = False
    """Whether the meeting has ended: then nothing of it changes until it is opened again."""


class HadirUbah(Formulir):
    version: Version
    nama: Annotated[Short, Field(min_length=1)]
    jenis_kelamin: Annotated[str, catalogued(kind for kind in JenisKelamin if kind)] = ""
    unsur: Annotated[str, catalogued(unsur for unsur in Unsur if unsur)] = ""
    jabatan: Short = ""
    asal: Short = ""
    hak: Annotated[str, catalogued(hak for hak in Hak if hak)] = ""
    hapus: bool = False


LIST = ("sidang_desa", "susulan")
"""``kanal`` of a line: said in the meeting, or entered from paper."""
CONTENT = (
    "judul",
    "masalah",
    "gagasan",
    "bidang",
    "sub_bidang",
    "dusun",
    "alamat",
    "volume",
    "satuan",
    "perkiraan_biaya",
    "sumber_dana",
    "jumlah_terdampak",
    "pengusul_nama",
    "pengusul_jabatan",
    "urgensi",
    "status_lahan",
    "pola",
    "lat",
    "lng",
    "kontak",
)
"""What an office writes into a line of its list."""


class BarisUbah(Isi):
    """A line of the list: an usulan as the office writes it. ``hapus``: withdrawn, or back again."""

    version: Version
    jenis: Literal[JenisCatatan.USULAN] = JenisCatatan.USULAN
    judul: Annotated[Short, Field(min_length=1)]
    kanal: Literal["sidang_desa", "susulan"] = "sidang_desa"
    hapus: bool = False


class UrutanUbah(Formulir):
    """Ids of the list's usulan, the first comes first; what is not among them keeps its order after these."""

    version: Version
    ids: Annotated[list[UUID], Field(max_length=MOST_LINES)]


class Diambil(Shape):
    """What became of a list that was brought."""

    baris: int
    baru: int = Field(description="the others were there already and stay as they are")


class Kursi(Formulir):
    """Whose meeting; an office has its own."""

    kursi: Id | None = None


class PokokSidang(Shape):
    nomor: str
    tanggal: date | None
    jam_mulai: str
    jam_selesai: str
    tempat: str
    pimpinan: str
    notulis: str
    narasumber: str
    materi: str
    cara: str
    selesai: bool
    selesai_at: Ms | None
    version: int


class HadirSidang(Shape):
    id: str
    nama: str
    jenis_kelamin: str
    unsur: str
    jabatan: str
    asal: str
    hak: str
    hapus: bool
    version: int


class HadirPleno(Shape):
    """Somebody who was put down for this office in the pleno."""

    id: str = Field(description="of the same person in the office's own meeting, once it takes them over")
    nama: str
    jenis_kelamin: str
    unsur: str
    jabatan: str


class BarisSidang(Shape):
    """A line of the list."""

    id: str
    judul: str
    masalah: str
    gagasan: str
    bidang: str
    sub_bidang: str
    dusun: str
    alamat: str
    volume: Volume | None
    satuan: str
    perkiraan_biaya: int | None
    sumber_dana: str
    jumlah_terdampak: int | None
    pengusul_nama: str
    pengusul_jabatan: str
    urgensi: str
    status_lahan: str
    pola: str
    lat: float | None
    lng: float | None
    kontak: str
    kanal: str
    hapus: bool
    tahap: str
    putusan: str
    terkunci: bool = Field(description="submitted: its office changes it no more")
    disebut: int = Field(description="how often it was spoken of")
    version: int


class UrutanSidang(Shape):
    version: int
    ids: list[str]


class Sidang(Shape):
    """An office's own meeting, whole."""

    seat_id: str
    label: str
    kelurahan: bool
    tahun_rencana: int
    sidang: PokokSidang
    urutan: UrutanSidang
    hadir: list[HadirSidang]
    usulan: list[BarisSidang] = Field(description="in the list's order")
    pindah: list[str] = Field(description="ids of lines that became another desa's: no longer of this list")
    hadir_pleno: list[HadirPleno] = Field(description="who attended the pleno for this office")


def pokok_shape(pokok: Pokok) -> PokokSidang:
    values = {name: getattr(pokok, name) for name in Pokok.__dataclass_fields__}
    return PokokSidang(**values, selesai=pokok.selesai_at is not None)


def hadir_shape(person: Hadir) -> HadirSidang:
    return HadirSidang.model_validate(person)


def urutan_shape(urutan: Urutan) -> UrutanSidang:
    return UrutanSidang(version=urutan.version, ids=list(urutan.ids))


def baris_shape(note: Catatan) -> BarisSidang:
    return BarisSidang(
        **{name: getattr(note, name) for name in CONTENT},
        id=note.id,
        kanal=note.kanal,
        hapus=note.putusan == Putusan.DIBATALKAN,
        tahap=note.tahap,
        putusan=note.putusan,
        terkunci=not office_may_edit(note.tahap),
        disebut=len(note.penyebutan),
        version=note.version,
    )
