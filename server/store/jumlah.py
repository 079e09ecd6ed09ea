"""How many notes there are that fit: ``rekap`` tells where it keeps count, else it is looked up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from server.store import rekap, search
from server.store.catatan import Filter, conditions, of_kind
from server.store.engine import Connection
from server.store.tables import catatan
from server.store.tables import rekap as rekap_table

OPEN: Mapping[str, Mapping[str, Any]] = {
    "tahun_rencana": {"tahun_rencana": None},
    "kecamatan_kode": {"kecamatan": ""},
    "jenis": {"jenis": ""},
    "bidang": {"bidang": ""},
    "tahap": {"tahap": ""},
    "putusan": {"putusan": ""},
}
"""Columns that lists offer to choose by -> the condition that limits them, taken away."""


async def count(connection: Connection, wanted: Filter, most: int | None = None) -> int:
    """``most``: enough to be counted of what is not counted already."""
    if _is_counted(wanted):
        return await rekap.total(connection, of_kind(rekap_table, wanted))
    query = select(catatan.c.id).where(*conditions(wanted))
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
    query = select(*(catatan.c[name] for name in OPEN)).where(*conditions(wanted))
    if wanted.q.strip():
        query, _ = search.narrowed(connection, query, wanted.q)
    rows = (await connection.execute(query.limit(most))).all()
    return {name: Counter(str(getattr(row, name)) for row in rows) for name in OPEN}


async def number_of(connection: Connection, room_id: str, seat_id: str) -> int:
    here = (catatan.c.room_id == room_id, catatan.c.seat_id == seat_id)
    return int(await connection.scalar(select(func.count()).select_from(catatan).where(*here)) or 0)


def _is_counted(wanted: Filter) -> bool:
    """Whether ``rekap`` knows how many there are."""
    beyond = wanted.kode_wilayah or wanted.opd or wanted.q.strip() or wanted.without or "." in wanted.bidang
    return wanted.room_id is None and not beyond
