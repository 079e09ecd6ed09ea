"""The mentions of notes: written, and looked for by when they were spoken.

Else they are read with their notes, in ``catatan``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields

from sqlalchemy import and_, func, insert, or_, select, update

from rooms.ids import RoomId
from rooms.meeting.seals import Span
from server.store.catatan import Penyebutan
from server.store.engine import Connection
from server.store.tables import penyebutan

_INTERVALS = 200
"""Of one statement: SQLite takes a condition of 1,000 parts."""


async def put(connection: Connection, catatan_id: str, mention: Penyebutan, *, by: str, at: int) -> None:
    """Add the mention, or replace the one of the same id."""
    values = {field.name: getattr(mention, field.name) for field in fields(mention)}
    changed = await connection.execute(
        update(penyebutan)
        .where(penyebutan.c.id == mention.id, penyebutan.c.catatan_id == catatan_id)
        .values(values)
    )
    if not changed.rowcount:
        await add(connection, catatan_id, mention, by=by, at=at)


async def add(connection: Connection, catatan_id: str, mention: Penyebutan, *, by: str, at: int) -> None:
    """A mention whose id is new."""
    values = {field.name: getattr(mention, field.name) for field in fields(mention)}
    added = values | {"catatan_id": catatan_id, "created_by": by, "created_at": at}
    await connection.execute(insert(penyebutan), added)


async def exists(connection: Connection, mention_id: str) -> bool:
    return await connection.scalar(select(penyebutan.c.id).where(penyebutan.c.id == mention_id)) is not None


async def spoken_in(connection: Connection, spans: Mapping[RoomId, Sequence[Span]]) -> frozenset[str]:
    """Ids of the notes that ``server.planning.closed.spoken_in`` says were spoken in these intervals."""
    every = [(room_id, *span) for room_id, of_room in spans.items() for span in of_room]
    found: set[str] = set()
    for start in range(0, len(every), _INTERVALS):
        within = (
            and_(
                penyebutan.c.room_id == room_id,
                penyebutan.c.spoken_at < end,
                func.coalesce(penyebutan.c.until_at, penyebutan.c.spoken_at) >= begin,
            )
            for room_id, begin, end in every[start : start + _INTERVALS]
        )
        query = select(penyebutan.c.catatan_id).where(penyebutan.c.spoken, or_(*within))
        found |= set(await connection.scalars(query))
    return frozenset(found)
