"""Notes and usulan, their mentions and their history: rows in, records out.

Queries only; what may be changed by whom and when is decided in ``server.planning``. The functions that write
take the connection of a transaction that somebody else commits, the journal's for a new note.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, or_, select, update

from rooms.ids import RoomId
from server.store.engine import Connection
from server.store.tables import catatan, penyebutan, riwayat_usulan, rooms, seats, wilayah
from server.store.wilayah import label as place_label

_PARAMETERS = 10_000
"""Databases take some 32,000 in one statement."""


@dataclass(frozen=True, slots=True)
class Penyebutan:
    """A mention: the note was spoken of at this moment of this session."""

    id: str
    room_id: str
    turn_id: str | None
    seat_id: str | None
    spoken_at: int
    until_at: int | None
    spoken: bool
    """False for one that was added by hand afterwards."""


@dataclass(frozen=True, slots=True)
class Riwayat:
    """One change of one field."""

    at: int
    by: str
    field: str
    old: str
    new: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Catatan:
    """A note as stored. Texts that nobody filled in are empty, figures None."""

    id: str
    room_id: str
    """The session it was taken in."""
    jenis: str
    tahun_rencana: int
    ucapan: str
    judul: str
    masalah: str
    gagasan: str
    bidang: str
    sub_bidang: str
    kode_wilayah: str
    seat_id: str | None
    dusun: str
    alamat: str
    volume: Decimal | None
    satuan: str
    perkiraan_biaya: int | None
    """Rupiah."""
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
    version: int
    created_at: int
    created_by: str
    label: str
    """Shown place: the seat's, else the wilayah's."""
    kecamatan: str
    penyebutan: tuple[Penyebutan, ...] = ()
    """In the order of being spoken."""
    riwayat: tuple[Riwayat, ...] | None = None
    """Oldest first; None in lists."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notes; an absent condition does not limit."""

    room_id: RoomId | None = None
    """Taken or mentioned in this session."""
    kecamatan: str = ""
    """Code or name."""
    kode_wilayah: str = ""
    jenis: str = ""
    bidang: str = ""
    """``2`` or ``2.3``."""
    q: str = ""
    """Somewhere in the texts, whatever the case."""
    limit: int | None = None
    offset: int = 0


async def insert_catatan(connection: Connection, values: Mapping[str, object]) -> None:
    """``values``: every column of the table, ``volume`` as Decimal."""
    await connection.execute(insert(catatan).values(_stored(values)))


async def update_catatan(
    connection: Connection, catatan_id: str, version: int, values: Mapping[str, object]
) -> bool:
    """Change columns of that version and make it the next; False when it is not that version any more."""
    where = (catatan.c.id == catatan_id, catatan.c.version == version)
    change = _stored(values) | {"version": version + 1}
    return bool((await connection.execute(update(catatan).where(*where).values(change))).rowcount)


async def put_penyebutan(
    connection: Connection, catatan_id: str, mention: Penyebutan, *, by: str, at: int
) -> None:
    """Add the mention, or replace the one of the same id."""
    values = {field.name: getattr(mention, field.name) for field in fields(mention)}
    changed = await connection.execute(
        update(penyebutan)
        .where(penyebutan.c.id == mention.id, penyebutan.c.catatan_id == catatan_id)
        .values(values)
    )
    if not changed.rowcount:
        added = values | {"catatan_id": catatan_id, "created_by": by, "created_at": at}
        await connection.execute(insert(penyebutan).values(added))


async def mention_exists(connection: Connection, mention_id: str) -> bool:
    return await connection.scalar(select(penyebutan.c.id).where(penyebutan.c.id == mention_id)) is not None


async def add_riwayat(connection: Connection, catatan_id: str, changes: Sequence[Riwayat]) -> None:
    if changes:
        rows = [
            {field.name: getattr(change, field.name) for field in fields(change)} | {"catatan_id": catatan_id}
            for change in changes
        ]
        await connection.execute(insert(riwayat_usulan), rows)


async def touch_rooms(connection: Connection, room_ids: Iterable[str]) -> None:
    """Count up the version by which clients learn that notes of these sessions changed."""
    bumped = {"catatan_version": rooms.c.catatan_version + 1}
    for room_id in sorted(set(room_ids)):  # one order for all, so that two writers cannot deadlock
        await connection.execute(update(rooms).where(rooms.c.room_id == room_id).values(bumped))


async def version(connection: Connection, room_id: RoomId | None) -> int:
    """Grows with every change of a note of this session; of any session for None."""
    query = select(func.coalesce(func.sum(rooms.c.catatan_version), 0))
    if room_id is not None:
        query = query.where(rooms.c.room_id == room_id)
    return int(await connection.scalar(query) or 0)


async def body_hash(connection: Connection, catatan_id: str) -> bytes | None:
    """Of the request that made this note; None when there is no such note."""
    return await connection.scalar(select(catatan.c.body_hash).where(catatan.c.id == catatan_id))


async def one(connection: Connection, catatan_id: str) -> Catatan | None:
    """With its mentions and history."""
    row = (await connection.execute(_labelled().where(catatan.c.id == catatan_id))).one_or_none()
    if row is None:
        return None
    history = select(riwayat_usulan).where(riwayat_usulan.c.catatan_id == catatan_id)
    changes = [
        Riwayat(r.at, r.by, r.field, r.old, r.new, r.note)
        for r in await connection.execute(history.order_by(riwayat_usulan.c.id))
    ]
    return replace((await _with_mentions(connection, [_catatan(row)]))[0], riwayat=tuple(changes))


async def some(connection: Connection, wanted: Filter) -> list[Catatan]:
    """Newest first, with their mentions."""
    query = _labelled().where(*_conditions(wanted)).order_by(catatan.c.created_at.desc(), catatan.c.id)
    query = query.limit(wanted.limit).offset(wanted.offset)
    return await _with_mentions(connection, [_catatan(row) for row in await connection.execute(query)])


async def count(connection: Connection, wanted: Filter) -> int:
    query = select(func.count()).select_from(_joined()).where(*_conditions(wanted))
    return int(await connection.scalar(query) or 0)


async def number_of(connection: Connection, room_id: str, seat_id: str) -> int:
    here = (catatan.c.room_id == room_id, catatan.c.seat_id == seat_id)
    return int(await connection.scalar(select(func.count()).select_from(catatan).where(*here)) or 0)


def _joined() -> Any:
    seat = and_(seats.c.room_id == catatan.c.room_id, seats.c.seat_id == catatan.c.seat_id)
    place = wilayah.c.kode == catatan.c.kode_wilayah
    return catatan.outerjoin(seats, seat).outerjoin(wilayah, place)


def _labelled() -> Select[Any]:
    columns = (
        seats.c.label,
        wilayah.c.jenis.label("wilayah_jenis"),
        wilayah.c.nama,
        wilayah.c.kecamatan_nama,
    )
    return select(catatan, *columns).select_from(_joined())


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.room_id is not None:
        mentioned = select(penyebutan.c.catatan_id).where(penyebutan.c.room_id == wanted.room_id)
        conditions.append(or_(catatan.c.room_id == wanted.room_id, catatan.c.id.in_(mentioned)))
    if wanted.kecamatan:
        by_name = func.lower(wilayah.c.kecamatan_nama) == wanted.kecamatan.lower()
        conditions.append(or_(wilayah.c.kecamatan_kode == wanted.kecamatan, by_name))
    if wanted.kode_wilayah:
        conditions.append(catatan.c.kode_wilayah == wanted.kode_wilayah)
    if wanted.jenis:
        conditions.append(catatan.c.jenis == wanted.jenis)
    if wanted.bidang:
        conditions.append(or_(catatan.c.bidang == wanted.bidang, catatan.c.sub_bidang == wanted.bidang))
    if wanted.q:
        texts = ("ucapan", "judul", "masalah", "gagasan", "dusun", "alamat", "pengusul_nama", "opd_tujuan")
        conditions.append(or_(*(catatan.c[text].icontains(wanted.q, autoescape=True) for text in texts)))
    return conditions


async def _with_mentions(connection: Connection, notes: list[Catatan]) -> list[Catatan]:
    mentions: dict[str, list[Penyebutan]] = {note.id: [] for note in notes}
    ids = list(mentions)
    for start in range(0, len(ids), _PARAMETERS):
        query = select(penyebutan).where(penyebutan.c.catatan_id.in_(ids[start : start + _PARAMETERS]))
        for row in await connection.execute(query.order_by(penyebutan.c.spoken_at, penyebutan.c.id)):
            mentions[row.catatan_id].append(
                Penyebutan(
                    row.id, row.room_id, row.turn_id, row.seat_id, row.spoken_at, row.until_at, row.spoken
                )
            )
    return [replace(note, penyebutan=tuple(mentions[note.id])) for note in notes]


_COLUMNS = frozenset(catatan.c.keys()) & {field.name for field in fields(Catatan)}


def _catatan(row: Row[Any]) -> Catatan:
    values = {name: getattr(row, name) for name in _COLUMNS}
    values["volume"] = None if row.volume is None else Decimal(row.volume)
    label = row.label or ""
    if not label and row.nama:
        label = place_label(row.wilayah_jenis, row.nama, row.kecamatan_nama)
    return Catatan(**values, label=label, kecamatan=row.kecamatan_nama or "")


def _stored(values: Mapping[str, object]) -> dict[str, object]:
    """Decimals are kept as text: SQLite would make floats of them."""
    return {name: format(v, "f") if isinstance(v, Decimal) else v for name, v in values.items()}
