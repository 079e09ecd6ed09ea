"""Which notes people hold for the same: pairs, each kept once whichever of the two it was said of."""

from sqlalchemy import delete, insert, or_, select

from server.store.engine import Connection
from server.store.tables import tautan


async def put(connection: Connection, one: str, other: str, *, by: str, at: int, linked: bool) -> bool:
    """Link or part the two; False when they were so already."""
    first, second = sorted((one, other))
    here = (tautan.c.catatan_id == first, tautan.c.lain_id == second)
    there = await connection.scalar(select(tautan.c.at).where(*here)) is not None
    if there == linked:
        return False
    if linked:
        values = {"catatan_id": first, "lain_id": second, "by": by, "at": at}
        await connection.execute(insert(tautan).values(values))
    else:
        await connection.execute(delete(tautan).where(*here))
    return True


async def of(connection: Connection, note_id: str) -> list[str]:
    """Ids of the notes that this one is linked with, in the order of linking."""
    query = select(tautan).where(or_(tautan.c.catatan_id == note_id, tautan.c.lain_id == note_id))
    rows = await connection.execute(query.order_by(tautan.c.at, tautan.c.lain_id))
    return [row.lain_id if row.catatan_id == note_id else row.catatan_id for row in rows]
