"""How many notes there are of each kind, kept with every write: what a long list shows beside its filters.

Counting a hundred thousand rows anew for each page takes longer than a page may. ``change`` is called in the
transaction that writes the note.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite

from server.store.engine import Connection
from server.store.tables import rekap

KINDS = tuple(column.name for column in rekap.primary_key.columns)
"""The columns of a note that are counted."""


async def change(
    connection: Connection, before: Mapping[str, object] | None, after: Mapping[str, object]
) -> None:
    """One note was added (``before`` None) or is now of another kind; both hold at least KINDS."""
    was = None if before is None else _kind(before)
    now = _kind(after)
    if was == now:
        return
    steps = [(now, 1)] if was is None else [(was, -1), (now, 1)]
    # one order for all, so that two writers in opposite directions cannot deadlock
    for kind, step in sorted(steps, key=lambda item: [str(value) for value in item[0].values()]):
        await _count(connection, kind, step)


async def _count(connection: Connection, kind: Mapping[str, object], step: int) -> None:
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    counted = {"jumlah": rekap.c.jumlah + step}
    added = insert(rekap).values(**kind, jumlah=step)
    await connection.execute(added.on_conflict_do_update(index_elements=KINDS, set_=counted))


async def total(connection: Connection, conditions: list[ColumnElement[bool]]) -> int:
    query = select(func.coalesce(func.sum(rekap.c.jumlah), 0)).where(*conditions)
    return int(await connection.scalar(query) or 0)


async def by(connection: Connection, name: str, conditions: list[ColumnElement[bool]]) -> dict[str, int]:
    """How many there are of each value of column ``name``."""
    column = rekap.c[name]
    query = select(column, func.sum(rekap.c.jumlah)).where(*conditions).group_by(column)
    return {str(value): int(number) for value, number in await connection.execute(query) if number}


def _kind(note: Mapping[str, object]) -> dict[str, object]:
    return {name: note[name] for name in KINDS}
