"""What notes and drafts look like on the wire: the models that answers and the API's document are made of."""

import json
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from server.store import catatan as rows
from server.store.konsep import Konsep, Stored

Ms = Annotated[int, Field(description="ms since the epoch (UTC)")]
Volume = Annotated[
    Decimal,
    PlainSerializer(lambda number: format(number, "f"), return_type=str),
    Field(examples=["12.5"]),
]


class Shape(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class Penyebutan(Shape):
    """A mention: the note was spoken of at this moment of this session."""

    id: str
    room_id: str
    turn_id: str | None
    seat_id: str | None
    spoken_at: Ms
    until_at: Ms | None
    spoken: bool = Field(description="false: added by hand afterwards")


class Riwayat(Shape):
    """One change of one field."""

    at: Ms
    by: str
    field: str
    old: str
    new: str
    note: str


class Lampiran(Shape):
    """A file of a note; documents are at `lampiran/{id}`, photos at `foto/{id}`."""

    id: str
    jenis: Literal["surat_pengantar", "rab", "foto_realisasi"]
    tipe: Literal["jpg", "pdf", "png"]
    halaman: int = Field(description="pages")


class Catatan(Shape):
    """A note taken live; an usulan once it is one. Texts that nobody filled in are empty, figures null."""

    id: str
    room_id: str
    jenis: str
    tahun_rencana: int
    ucapan: str = Field(description="as it was spoken")
    judul: str
    masalah: str
    gagasan: str
    bidang: str
    sub_bidang: str
    kode_wilayah: str = Field(description="Kemendagri code, or empty")
    seat_id: str | None
    dusun: str
    alamat: str
    volume: Volume | None
    satuan: str
    perkiraan_biaya: int | None = Field(description="rupiah")
    sumber_dana: str
    opd_tujuan: str
    jumlah_terdampak: int | None
    pengusul_nama: str
    pengusul_jabatan: str
    kanal: str
    tahap: str
    putusan: str
    penanggung_jawab: str
    tenggat: date | None
    status_tindak_lanjut: str
    version: int = Field(description="to be sent along with a change")
    created_at: Ms
    nomor_sipd: str
    realisasi: str
    diprioritaskan_at: Ms | None
    diprioritaskan_by: str
    kamus_usulan: str = Field(description="code of an entry of the kamus, or empty")
    urgensi: str
    status_lahan: str
    pola: str
    kontak: str = Field(description="how to reach who asks for it; empty for whom it does not concern")
    lat: float | None = Field(description="WGS 84, degrees")
    lng: float | None = Field(description="null where `lat` is")
    keliru: str = Field(description="what its desa says is wrong, until somebody has looked at it")
    label: str = Field(description="the place as it is shown")
    kecamatan: str
    foto: list[str] = Field(description="ids of its photos, at most three")
    lampiran: list[Lampiran] = Field(
        description="surat pengantar, RAB and photos of what became of it, as far as they are for this reader"
    )
    penyebutan: list[Penyebutan]
    riwayat: list[Riwayat] | None = Field(description="oldest first; null in lists and for offices")
    tertutup: bool = Field(
        default=False,
        description="spoken in a sealed interval: ucapan, judul, masalah and gagasan are empty here",
    )


class HalamanCatatan(Shape):
    """A page of notes, newest first."""

    items: list[Catatan]
    next: str | None = Field(description="`dari` of the following page; null: this is the last")
    total: int = Field(description="how many match")
    lebih: bool = Field(description="true: there are more than `total`, which nobody counted")
    version: int = Field(description="grows with every change of these sessions' notes")


class DaftarJanji(Shape):
    """Directions and complaints, the longest overdue first, those without a date last."""

    items: list[Catatan]
    next: str | None = Field(description="`dari` of the following page; null: this is the last")


class Kemungkinan(Shape):
    """A note that may be the same."""

    id: str
    jenis: str
    judul: str
    ucapan: str
    label: str
    tahun_rencana: int
    tahap: str
    skor: int = Field(description="0 to 100")


class DaftarMirip(Shape):
    """The likeliest first."""

    items: list[Kemungkinan]


def shown(note: rows.Catatan, *, closed: bool = False) -> Catatan:
    """``closed``: its words were left out."""
    return Catatan.model_validate(note).model_copy(update={"tertutup": closed})


def konsep_json(draft: Konsep) -> dict[str, object]:
    """*Konsep*"""
    return {"id": draft.id, "updated_at": draft.updated_at, "body": dict(draft.body)}


def konsep_text(draft: Stored) -> str:
    """*Konsep*, its body as it is stored."""
    head = json.dumps({"id": draft.id, "updated_at": draft.updated_at})
    return f'{head[:-1]}, "body": {draft.body}}}'
