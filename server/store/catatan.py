"""Notes and usulan, their mentions and their history: rows in, records out.

Queries only; what may be changed by whom and when is decided in ``server.planning``. The functions that write
take the connection of a transaction that somebody else commits, the journal's for a new note.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Table,
    and_,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from rooms.ids import RoomId
from server.store import rekap, search
from server.store.engine import Connection
from server.store.tables import catatan, pencarian, penyebutan, riwayat_usulan, rooms, seats, wilayah
from server.store.tables import rekap as rekap_table
from server.store.wilayah import label as place_label

_PARAMETERS = 10_000
"""Databases take some 32,000 in one statement."""
_KECAMATAN = re.compile(r"\d\d\.\d\d\.\d\d")


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
    tahun_rencana: int | None = None
    kecamatan: str = ""
    """Code or name."""
    kode_wilayah: str = ""
    jenis: str = ""
    bidang: str = ""
    """``2`` or ``2.3``."""
    tahap: str = ""
    putusan: str = ""
    q: str = ""
    """Words that begin so, all of them, somewhere in the texts (``server.store.search``)."""
    after: "Cursor | None" = None
    """Only what comes after the page that ended there."""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, in the order of the list."""

    created_at: int
    id: str


OPEN: Mapping[str, Mapping[str, Any]] = {
    "tahun_rencana": {"tahun_rencana": None},
    "kecamatan_kode": {"kecamatan": ""},
    "jenis": {"jenis": ""},
    "bidang": {"bidang": ""},
    "tahap": {"tahap": ""},
    "putusan": {"putusan": ""},
}
"""Columns that lists offer to choose by -> the condition that limits them, taken away."""


async def insert_catatan(connection: Connection, values: Mapping[str, object]) -> None:
    """``values``: every column of the table but ``kecamatan_kode``, ``volume`` as Decimal."""
    row = _stored(values)
    await connection.execute(insert(catatan).values(row))
    await search.put(connection, str(row["id"]), row)
    await rekap.change(connection, None, row)


async def update_catatan(connection: Connection, before: "Catatan", values: Mapping[str, object]) -> bool:
    """Change columns of ``before`` and make it the next version; False when it no longer is that one."""
    where = (catatan.c.id == before.id, catatan.c.version == before.version)
    change = _stored(values) | {"version": before.version + 1}
    if not (await connection.execute(update(catatan).where(*where).values(change))).rowcount:
        return False
    was = _stored({name: getattr(before, name) for name in _COLUMNS})
    await search.put(connection, before.id, was | change)
    await rekap.change(connection, was, was | change)
    return True


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
    query, after = _labelled().where(*_conditions(wanted)), wanted.after
    if wanted.q.strip():
        query, nomor = search.narrowed(connection, query, wanted.q)
        query = query.order_by(nomor.desc())
        if after is not None:
            last = select(pencarian.c.nomor).where(pencarian.c.catatan_id == after.id)
            query = query.where(nomor < last.scalar_subquery())
    else:
        query = query.order_by(catatan.c.created_at.desc(), catatan.c.id.desc())
        if after is not None:
            place = tuple_(catatan.c.created_at, catatan.c.id)
            query = query.where(place < tuple_(literal(after.created_at), literal(after.id)))
    rows = await connection.execute(query.limit(wanted.limit))
    return await _with_mentions(connection, [_catatan(row) for row in rows])


async def count(connection: Connection, wanted: Filter, most: int | None = None) -> int:
    """``most``: enough to be counted of what is not counted already."""
    if _is_counted(wanted):
        return await rekap.total(connection, of_kind(rekap_table, wanted))
    query = select(catatan.c.id).where(*_conditions(wanted))
    if wanted.q.strip():
        query, _ = search.narrowed(connection, query, wanted.q)
    return int(await connection.scalar(select(func.count()).select_from(query.limit(most).subquery())) or 0)


async def facets(connection: Connection, wanted: Filter, most: int) -> dict[str, dict[str, int]]:
    """Column of ``rekap.KINDS`` -> value -> how many.

    Each is counted as if it limited nothing itself, so that another value can be chosen. What a search found,
    or a session or desa has, is counted as it is, and of it no more than ``most``.
    """
    if _is_counted(wanted):
        return {
            name: await rekap.by(connection, name, of_kind(rekap_table, replace(wanted, **OPEN[name])))
            for name in OPEN
        }
    query = select(*(catatan.c[name] for name in OPEN)).where(*_conditions(wanted))
    if wanted.q.strip():
        query, _ = search.narrowed(connection, query, wanted.q)
    rows = (await connection.execute(query.limit(most))).all()
    return {name: Counter(str(getattr(row, name)) for row in rows) for name in OPEN}


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
    conditions = of_kind(catatan, wanted)
    if wanted.room_id is not None:
        mentioned = select(penyebutan.c.catatan_id).where(penyebutan.c.room_id == wanted.room_id)
        conditions.append(or_(catatan.c.room_id == wanted.room_id, catatan.c.id.in_(mentioned)))
    if wanted.kode_wilayah:
        conditions.append(catatan.c.kode_wilayah == wanted.kode_wilayah)
    return conditions


def _is_counted(wanted: Filter) -> bool:
    """Whether ``rekap`` knows how many there are."""
    return wanted.room_id is None and not (wanted.kode_wilayah or wanted.q.strip() or "." in wanted.bidang)


def of_kind(table: Table, wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions that notes and their counts have in common."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.tahun_rencana is not None:
        conditions.append(table.c.tahun_rencana == wanted.tahun_rencana)
    if _KECAMATAN.fullmatch(wanted.kecamatan):
        conditions.append(table.c.kecamatan_kode == wanted.kecamatan)
    elif wanted.kecamatan:
        named = func.lower(wilayah.c.kecamatan_nama) == wanted.kecamatan.lower()
        conditions.append(table.c.kecamatan_kode.in_(select(wilayah.c.kecamatan_kode).where(named)))
    if wanted.bidang:
        conditions.append(table.c["sub_bidang" if "." in wanted.bidang else "bidang"] == wanted.bidang)
    for name in ("jenis", "tahap", "putusan"):
        if value := getattr(wanted, name):
            conditions.append(table.c[name] == value)
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
    """Decimals are kept as text: SQLite would make floats of them. A place brings its kecamatan."""
    row = {name: format(v, "f") if isinstance(v, Decimal) else v for name, v in values.items()}
    if "kode_wilayah" in row:
        row["kecamatan_kode"] = str(row["kode_wilayah"])[:8]
    return row
