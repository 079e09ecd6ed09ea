"""Drafts of the note form, one per open form, so that a closed tab loses nothing typed.

A draft belongs to the link that typed it and goes in the transaction that takes its note. Drafts are never
journalled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, cast, delete, func, insert, select, update

from server.store.engine import Connection, Database
from server.store.tables import konsep

MOST_DRAFTS = 200
"""Of one link; a form that is sent or thrown away takes its draft along."""
MOST_BYTES = 1024 * 1024
"""Of all drafts of one link, which a desk that opens is told at once; one with much in it has 5 kB."""
_STORED = cast(konsep.c.body, Text)


@dataclass(frozen=True, slots=True)
class Konsep:
    id: str
    updated_at: int
    body: Mapping[str, object]
    """The form as typed; of any shape, not yet checked."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A draft as it lies there, for lists: to decode all of a link takes long enough to be felt by a call."""

    id: str
    updated_at: int
    body: str
    """JSON."""


class TooMany(Exception):
    """This link has MOST_DRAFTS drafts, or MOST_BYTES of them."""


class Drafts:
    """Every call sees the drafts of one link only, by its public id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, grant_id: str, konsep_id: str, body: Mapping[str, object], *, at: int) -> Konsep:
        """Keep this as the draft's newest state. Raises TooMany for more than a link may have."""
        values = {"body": dict(body), "updated_at": at}
        async with self._database.write() as connection:
            changed = await connection.execute(
                update(konsep).where(*_one(grant_id, konsep_id)).values(values)
            )
            if not changed.rowcount:
                await connection.execute(insert(konsep).values(grant_id=grant_id, id=konsep_id, **values))
            size = func.sum(func.length(_STORED))  # ASCII: each sign is a byte
            query = select(func.count(), size).where(konsep.c.grant_id == grant_id)
            number, stored_bytes = (await connection.execute(query)).one()
            if number > MOST_DRAFTS or stored_bytes > MOST_BYTES:
                raise TooMany(grant_id)
        return Konsep(konsep_id, at, body)

    async def get(self, grant_id: str, konsep_id: str) -> Konsep | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(konsep).where(*_one(grant_id, konsep_id)))).one_or_none()
        return None if row is None else _konsep(row)

    async def list(self, grant_id: str) -> list[Stored]:
        """The last touched first."""
        query = select(konsep.c.id, konsep.c.updated_at, _STORED).where(konsep.c.grant_id == grant_id)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(konsep.c.updated_at.desc()))
            return [Stored(*row) for row in rows]

    async def delete(self, grant_id: str, konsep_id: str) -> None:
        """Throwing away what is not there is fine."""
        async with self._database.write() as connection:
            await delete_in(connection, grant_id, konsep_id)


async def delete_in(connection: Connection, grant_id: str, konsep_id: str) -> None:
    """In a transaction of the caller's."""
    await connection.execute(delete(konsep).where(*_one(grant_id, konsep_id)))


def _one(grant_id: str, konsep_id: str) -> tuple[Any, Any]:
    return konsep.c.grant_id == grant_id, konsep.c.id == konsep_id


def _konsep(row: Row[Any]) -> Konsep:
    return Konsep(row.id, row.updated_at, row.body)
