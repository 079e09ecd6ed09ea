"""The camats' lists: which usulan are on them, in which order, and how much money there is.

``claim`` takes a list for the rest of a transaction; everything that changes one claims it first, so that two
who move the same lines come one after the other, in both databases.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.store.engine import Connection
from server.store.tables import catatan, musrenbangcam, peringkat


@dataclass(frozen=True, slots=True)
class Which:
    """One list."""

    tahun_rencana: int
    kecamatan_kode: str


@dataclass(frozen=True, slots=True)
class Head:
    pagu_indikatif: int | None
    """Rupiah."""
    version: int


async def head(connection: Connection, which: Which) -> Head:
    """Version 0 of a list that nothing was put on yet."""
    row = (await connection.execute(select(musrenbangcam).where(*_here(which)))).one_or_none()
    return Head(None, 0) if row is None else Head(row.pagu_indikatif, row.version)


async def claim(connection: Connection, which: Which, version: int | None = None) -> bool:
    """Make the list's next version; False when it no longer is ``version`` (None: whichever it is)."""
    added = _insert(connection)(musrenbangcam).values(
        tahun_rencana=which.tahun_rencana, kecamatan_kode=which.kecamatan_kode, version=0
    )
    await connection.execute(added.on_conflict_do_nothing())
    query = update(musrenbangcam).where(*_here(which)).values(version=musrenbangcam.c.version + 1)
    if version is not None:
        query = query.where(musrenbangcam.c.version == version)
    return bool((await connection.execute(query)).rowcount)


async def enter(connection: Connection, which: Which, catatan_id: str, *, at: int) -> None:
    """Put an usulan at the end of the list that it belongs to; it may be on it already."""
    await claim(connection, which)
    last = select(func.coalesce(func.max(peringkat.c.urutan), 0)).select_from(
        peringkat.join(catatan, catatan.c.id == peringkat.c.catatan_id)
    )
    place = int(await connection.scalar(last.where(*_of(which))) or 0) + 1
    added = _insert(connection)(peringkat).values(catatan_id=catatan_id, urutan=place, masuk_at=at)
    await connection.execute(added.on_conflict_do_nothing())


async def members(connection: Connection, which: Which) -> list[str]:
    """Ids of usulan, in their order."""
    query = select(peringkat.c.catatan_id).join(catatan, catatan.c.id == peringkat.c.catatan_id)
    order = (peringkat.c.urutan, peringkat.c.masuk_at, peringkat.c.catatan_id)
    return list(await connection.scalars(query.where(*_of(which)).order_by(*order)))


async def arrange(connection: Connection, ids: Sequence[str]) -> None:
    """Give these usulan the places 1, 2, ... in this order."""
    places = case(
        {catatan_id: place for place, catatan_id in enumerate(ids, 1)}, value=peringkat.c.catatan_id
    )
    await connection.execute(update(peringkat).where(peringkat.c.catatan_id.in_(ids)).values(urutan=places))


async def set_pagu(connection: Connection, which: Which, rupiah: int | None) -> None:
    await connection.execute(update(musrenbangcam).where(*_here(which)).values(pagu_indikatif=rupiah))


async def years(connection: Connection, kecamatan_kode: str) -> list[int]:
    """The tahun_rencana that have a list here, newest first."""
    query = select(musrenbangcam.c.tahun_rencana).where(musrenbangcam.c.kecamatan_kode == kecamatan_kode)
    return list(await connection.scalars(query.order_by(musrenbangcam.c.tahun_rencana.desc())))


def _here(which: Which) -> tuple[ColumnElement[bool], ...]:
    return (
        musrenbangcam.c.tahun_rencana == which.tahun_rencana,
        musrenbangcam.c.kecamatan_kode == which.kecamatan_kode,
    )


def _of(which: Which) -> tuple[ColumnElement[bool], ...]:
    """By what the usulan says now: one that was put right to another kecamatan is on that one's list."""
    return (
        catatan.c.tahun_rencana == which.tahun_rencana,
        catatan.c.kecamatan_kode == which.kecamatan_kode,
    )


def _insert(connection: Connection) -> Callable[..., Any]:
    """SQLAlchemy has the insert that minds conflicts once for each database."""
    return sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
