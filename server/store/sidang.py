"""An office's own meeting: its particulars, who attended, and which usulan are on its list in which order.

Queries only; what may be changed when is decided in ``server.planning.sidang``. Whatever writes takes
``hold`` of the meeting first, so that two devices of one office come one after the other, in both databases.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Row, case, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.store.engine import Connection
from server.store.sidang_tables import sidang, sidang_hadir, sidang_usulan
from server.store.tables import catatan, seats


@dataclass(frozen=True, slots=True)
class Which:
    """The meeting of one office beside one session."""

    room_id: str
    seat_id: str


@dataclass(frozen=True, slots=True)
class Pokok:
    """What a meeting is about, and whether it has ended. Texts that nobody filled in are empty."""

    nomor: str = ""
    """Of its berita acara."""
    tanggal: date | None = None
    jam_mulai: str = ""
    """``09:15``"""
    jam_selesai: str = ""
    tempat: str = ""
    pimpinan: str = ""
    notulis: str = ""
    narasumber: str = ""
    materi: str = ""
    cara: str = ""
    """How it decided (``planning.sidang_forms.Cara``)."""
    selesai_at: int | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Urutan:
    """The list's order of priority."""

    version: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hadir:
    """Somebody who attended."""

    id: str
    nama: str
    jenis_kelamin: str
    unsur: str
    jabatan: str
    asal: str
    hak: str
    """``vocabulary.Hak``"""
    hapus: bool
    """Struck out again."""
    version: int


@dataclass(frozen=True, slots=True)
class Ringkas:
    """A meeting in figures."""

    usulan: int
    hadir: int
    selesai_at: int | None


async def hold(connection: Connection, which: Which, *, by: str, at: int) -> None:
    """Take this meeting for the rest of the transaction; it is there from the first that is written."""
    added = _insert(connection)(sidang).values(
        room_id=which.room_id,
        seat_id=which.seat_id,
        updated_at=at,
        updated_by=by,
        version=0,
        urutan_version=0,
        **dict.fromkeys(_TEXTS, ""),
    )
    await connection.execute(added.on_conflict_do_nothing())
    await connection.execute(update(sidang).where(*_here(which)).values(updated_at=at, updated_by=by))


async def pokok(connection: Connection, which: Which) -> Pokok:
    """Version 0 when nothing was entered yet."""
    row = (await connection.execute(select(sidang).where(*_here(which)))).one_or_none()
    return Pokok() if row is None else Pokok(**{name: getattr(row, name) for name in _POKOK})


async def set_pokok(connection: Connection, which: Which, values: Mapping[str, object]) -> None:
    """Change columns and make it the next version; the meeting is held."""
    changed = dict(values) | {"version": sidang.c.version + 1}
    await connection.execute(update(sidang).where(*_here(which)).values(changed))


async def hadir(connection: Connection, which: Which) -> list[Hadir]:
    """In the order of being put down, with those who were struck out again."""
    query = select(sidang_hadir).where(
        sidang_hadir.c.room_id == which.room_id, sidang_hadir.c.seat_id == which.seat_id
    )
    order = (sidang_hadir.c.created_at, sidang_hadir.c.id)
    return [_person(row) for row in await connection.execute(query.order_by(*order))]


async def one_hadir(connection: Connection, person_id: str) -> tuple[Which, Hadir] | None:
    """With the meeting that it belongs to."""
    query = select(sidang_hadir).where(sidang_hadir.c.id == person_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (Which(row.room_id, row.seat_id), _person(row))


async def put_hadir(
    connection: Connection, which: Which, person: Hadir, *, new: bool, by: str, at: int
) -> None:
    values = {name: getattr(person, name) for name in _PERSON}
    if new:
        values |= {"room_id": which.room_id, "seat_id": which.seat_id, "created_by": by, "created_at": at}
        await connection.execute(insert(sidang_hadir).values(values))
    else:
        await connection.execute(update(sidang_hadir).where(sidang_hadir.c.id == person.id).values(values))


async def urutan(connection: Connection, which: Which) -> Urutan:
    version = await connection.scalar(select(sidang.c.urutan_version).where(*_here(which)))
    query = select(sidang_usulan.c.catatan_id).where(*_listed(which), _AT_HOME)
    order = (sidang_usulan.c.urutan, sidang_usulan.c.catatan_id)
    return Urutan(version or 0, tuple(await connection.scalars(query.order_by(*order))))


async def moved(connection: Connection, which: Which) -> set[str]:
    """What this office put on its list and a desk put right to another place since."""
    query = select(sidang_usulan.c.catatan_id).where(*_listed(which), ~_AT_HOME)
    return set(await connection.scalars(query))


async def places(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """Of some hundred usulan those that stand on their office's list, with their place in its order."""
    query = select(sidang_usulan.c.catatan_id, sidang_usulan.c.urutan)
    found = await connection.execute(query.where(sidang_usulan.c.catatan_id.in_(list(ids)), _AT_HOME))
    return {row.catatan_id: row.urutan for row in found}


async def enter(connection: Connection, which: Which, ids: Iterable[str]) -> None:
    """Put these usulan at the end of the list, in this order; the meeting is held."""
    last = select(func.coalesce(func.max(sidang_usulan.c.urutan), 0)).where(*_listed(which))
    first = int(await connection.scalar(last) or 0) + 1
    rows = [
        {"catatan_id": one, "room_id": which.room_id, "seat_id": which.seat_id, "urutan": place}
        for place, one in enumerate(ids, first)
    ]
    if rows:
        await connection.execute(insert(sidang_usulan), rows)


async def arrange(connection: Connection, which: Which, ids: Sequence[str]) -> None:
    """Give these usulan of the list the places 1, 2, ...; the order's next version; the meeting is held."""
    if ids:
        places = case({one: place for place, one in enumerate(ids, 1)}, value=sidang_usulan.c.catatan_id)
        query = update(sidang_usulan).where(*_listed(which), sidang_usulan.c.catatan_id.in_(ids))
        await connection.execute(query.values(urutan=places))
    bumped = {"urutan_version": sidang.c.urutan_version + 1}
    await connection.execute(update(sidang).where(*_here(which)).values(bumped))


async def of_room(connection: Connection, room_id: str) -> dict[str, Ringkas]:
    """Seat -> its meeting in figures, of those that have begun."""
    lines, people = [
        select(table.c.seat_id, func.count().label("jumlah")).where(table.c.room_id == room_id, *more)
        for table, more in ((sidang_usulan, (_AT_HOME,)), (sidang_hadir, (sidang_hadir.c.hapus.is_(False),)))
    ]
    usulan, hadir = [
        {row.seat_id: row.jumlah for row in await connection.execute(query.group_by("seat_id"))}
        for query in (lines, people)
    ]
    query = select(sidang.c.seat_id, sidang.c.selesai_at).where(sidang.c.room_id == room_id)
    return {
        row.seat_id: Ringkas(usulan.get(row.seat_id, 0), hadir.get(row.seat_id, 0), row.selesai_at)
        for row in await connection.execute(query)
    }


_AT_HOME = exists().where(
    catatan.c.id == sidang_usulan.c.catatan_id,
    seats.c.room_id == sidang_usulan.c.room_id,
    seats.c.seat_id == sidang_usulan.c.seat_id,
    seats.c.kode_wilayah == catatan.c.kode_wilayah,
)
"""The usulan is still of the place of the office on whose list it was put."""
_POKOK = tuple(field.name for field in fields(Pokok))
_TEXTS = tuple(name for name in _POKOK if name not in ("tanggal", "selesai_at", "version"))
_PERSON = tuple(field.name for field in fields(Hadir))


def _here(which: Which) -> tuple[Any, Any]:
    return sidang.c.room_id == which.room_id, sidang.c.seat_id == which.seat_id


def _listed(which: Which) -> tuple[Any, Any]:
    return sidang_usulan.c.room_id == which.room_id, sidang_usulan.c.seat_id == which.seat_id


def _person(row: Row[Any]) -> Hadir:
    return Hadir(**{name: getattr(row, name) for name in _PERSON})


def _insert(connection: Connection) -> Callable[..., Any]:
    """SQLAlchemy has the insert that minds conflicts once for each database."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
