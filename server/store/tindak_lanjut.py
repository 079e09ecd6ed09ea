"""What was promised or complained of, in the order in which it is due."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Date, func, literal, select, tuple_

from server.store import catatan as rows
from server.store.catatan import Catatan
from server.store.engine import Connection
from server.store.tables import catatan

FOLLOWED_UP = ("arahan", "keluhan")
_NO_DATE = date(9999, 12, 31)


class Due(NamedTuple):
    """Where a page ended."""

    tenggat: date
    """_NO_DATE for none."""
    created_at: int
    id: str


def due_of(note: Catatan) -> Due:
    return Due(note.tenggat or _NO_DATE, note.created_at, note.id)


async def promised(
    connection: Connection,
    *,
    kecamatan: str,
    kode_wilayah: str = "",
    room_id: str | None = None,
    done: bool,
    done_word: str,
    limit: int,
    after: Due | None = None,
) -> list[Catatan]:
    """The longest overdue first, what has no date last; ``kecamatan``, ``kode_wilayah``: empty for all."""
    status = catatan.c.status_tindak_lanjut
    query = select(catatan.c.id).where(
        catatan.c.jenis.in_(FOLLOWED_UP), status == done_word if done else status != done_word
    )
    if kecamatan:
        query = query.where(catatan.c.kecamatan_kode == kecamatan)
    if kode_wilayah:
        query = query.where(catatan.c.kode_wilayah == kode_wilayah)
    if room_id is not None:
        query = query.where(catatan.c.room_id == room_id)
    order = (func.coalesce(catatan.c.tenggat, literal(_NO_DATE, Date())), catatan.c.created_at, catatan.c.id)
    if after is not None:
        last = (literal(after.tenggat, Date()), literal(after.created_at), literal(after.id))
        query = query.where(tuple_(*order) > tuple_(*last))
    ids = list(await connection.scalars(query.order_by(*order).limit(limit)))
    found = {note.id: note for note in await rows.these(connection, ids)}
    return [found[catatan_id] for catatan_id in ids]
