"""What the Panitia put into a paper or noted about it: each entry with its history, the newest one holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select

from server.store.engine import Connection, Database
from server.store.paper_tables import paper_entries
from server.store.papers import Which

PINDAIAN = "pindaian."
"""Begins the name of an entry that says why the scan named after it was erased."""


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    version: int
    """1, 2, 3 ...; 0 stands for none yet."""
    text: str
    at: int
    by: str


@dataclass(frozen=True, slots=True)
class Change:
    """Entry ``name`` is to say ``text``; whoever wants it has seen ``version``."""

    name: str
    version: int
    text: str


class EntryChanged(Exception):
    """Somebody else has changed one of them meanwhile; nothing was written."""


class PaperEntries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self, room_id: str, which: Which) -> dict[str, Entry]:
        async with self._database.read() as connection:
            return await _current(connection, room_id, which)

    async def history(self, room_id: str, which: Which) -> list[Entry]:
        """Newest first."""
        query = select(paper_entries).where(*_of(room_id, which))
        order = (paper_entries.c.at.desc(), paper_entries.c.version.desc(), paper_entries.c.name)
        async with self._database.read() as connection:
            return [_entry(row) for row in await connection.execute(query.order_by(*order))]

    async def change(
        self, room_id: str, which: Which, changes: Iterable[Change], *, by: str, at: int
    ) -> list[Entry]:
        """What is new; an entry that says so already stays. All or nothing: raises EntryChanged."""
        async with self._database.write() as connection:
            before = await _current(connection, room_id, which)
            new = [_next(before, change, by, at) for change in changes if _differs(before, change)]
            if new:
                keys = {"room_id": room_id, "jenis": which[0], "seat_id": which[1]}
                rows = [
                    keys | {name: getattr(entry, name) for name in Entry.__dataclass_fields__}
                    for entry in new
                ]
                await connection.execute(insert(paper_entries), rows)
            return new


def _differs(before: Mapping[str, Entry], change: Change) -> bool:
    known = before.get(change.name)
    return known is None or known.text != change.text


def _next(before: Mapping[str, Entry], change: Change, by: str, at: int) -> Entry:
    known = before.get(change.name)
    version = known.version if known else 0
    if version != change.version:
        raise EntryChanged(change.name)
    return Entry(change.name, version + 1, change.text, at, by)


async def _current(connection: Connection, room_id: str, which: Which) -> dict[str, Entry]:
    query = select(paper_entries).where(*_of(room_id, which)).order_by(paper_entries.c.version)
    return {row.name: _entry(row) for row in await connection.execute(query)}


def _of(room_id: str, which: Which) -> tuple[Any, ...]:
    table = paper_entries.c
    return table.room_id == room_id, table.jenis == which[0], table.seat_id == which[1]


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.name, row.version, row.text, row.at, row.by)
