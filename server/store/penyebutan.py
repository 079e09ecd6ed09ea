"""Writing the mentions of notes; they are read with their notes, in ``catatan``."""

from dataclasses import fields

from sqlalchemy import insert, select, update

from server.store.catatan import Penyebutan
from server.store.engine import Connection
from server.store.tables import penyebutan


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
