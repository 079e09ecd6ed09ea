"""Papers and the batches that make them: rows in, records out. Their files: ``server.attachments.files``.

A version is kept in the transaction that ticks it off its batch, so that a server that was killed goes on
with exactly what is not there yet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, and_, func, insert, select, update

from server.store.engine import Connection, Database
from server.store.paper_tables import paper_batches, paper_items, papers

Which = tuple[str, str]
"""(jenis, seat_id); the seat is empty for a paper of the whole session."""
MENUNGGU, JADI, GAGAL = "menunggu", "jadi", "gagal"


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of one paper."""

    room_id: str
    jenis: str
    seat_id: str
    version: int
    """1, 2, 3 ..."""
    sidik: str
    berkas: str
    """Name of its file; empty: it held words that were erased since."""
    pages: int
    size_bytes: int
    sementara: bool
    """Made while the session was not closed yet."""
    created_at: int
    created_by: str


@dataclass(frozen=True, slots=True)
class Batch:
    id: str
    room_id: str
    created_at: int
    created_by: str
    finished_at: int | None
    states: Mapping[Which, str]
    """What is to be made -> ``menunggu``, ``jadi`` or ``gagal``."""

    def number(self, state: str) -> int:
        return sum(found == state for found in self.states.values())


class Papers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, room_id: str) -> dict[Which, Paper]:
        """The newest version of each paper of a session."""
        last = (
            select(papers.c.jenis, papers.c.seat_id, func.max(papers.c.version).label("version"))
            .where(papers.c.room_id == room_id)
            .group_by(papers.c.jenis, papers.c.seat_id)
            .subquery()
        )
        same = and_(*(papers.c[name] == last.c[name] for name in ("jenis", "seat_id", "version")))
        query = select(papers).join(last, same).where(papers.c.room_id == room_id)
        async with self._database.read() as connection:
            return {(row.jenis, row.seat_id): _paper(row) for row in await connection.execute(query)}

    async def versions(self, room_id: str, which: Which) -> list[Paper]:
        """Newest first."""
        query = select(papers).where(*_of(room_id, which)).order_by(papers.c.version.desc())
        async with self._database.read() as connection:
            return [_paper(row) for row in await connection.execute(query)]

    async def get(self, room_id: str, which: Which, version: int) -> Paper | None:
        query = select(papers).where(*_of(room_id, which), papers.c.version == version)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else _paper(row)

    async def begin(
        self, batch_id: str, room_id: str, wanted: Iterable[Which], *, by: str, at: int
    ) -> Batch | None:
        """A batch that is to make these papers; None when none is asked, or one is being made already."""
        items = list(dict.fromkeys(wanted))
        async with self._database.write() as connection:
            if not items or await _pending(connection, room_id) & set(items):
                return None
            await connection.execute(
                insert(paper_batches).values(id=batch_id, room_id=room_id, created_at=at, created_by=by)
            )
            await connection.execute(insert(paper_items), [_item(batch_id, w, MENUNGGU) for w in items])
        return Batch(batch_id, room_id, at, by, None, dict.fromkeys(items, MENUNGGU))

    async def settle(self, batch_id: str, which: Which, state: str, paper: Paper | None = None) -> None:
        """Tick one off, with the version that was made for it, if there is a new one."""
        item = (
            paper_items.c.batch_id == batch_id,
            paper_items.c.jenis == which[0],
            paper_items.c.seat_id == which[1],
        )
        async with self._database.write() as connection:
            if paper is not None:
                await connection.execute(insert(papers).values(asdict(paper)))
            await connection.execute(update(paper_items).where(*item).values(state=state))

    async def finish(self, batch_id: str, *, at: int) -> None:
        async with self._database.write() as connection:
            query = update(paper_batches).where(paper_batches.c.id == batch_id)
            await connection.execute(query.values(finished_at=at))

    async def unfinished(self) -> list[Batch]:
        """Of all sessions, oldest first: what a server has to go on with."""
        return await self._batches(select(paper_batches).where(paper_batches.c.finished_at.is_(None)))

    async def batches(self, room_id: str) -> list[Batch]:
        """Oldest first."""
        return await self._batches(select(paper_batches).where(paper_batches.c.room_id == room_id))

    async def _batches(self, query: Any) -> list[Batch]:
        order = (paper_batches.c.created_at, paper_batches.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query.order_by(*order))).all()
            return [_batch(row, await _items(connection, row.id)) for row in rows]


async def _pending(connection: Connection, room_id: str) -> set[Which]:
    query = (
        select(paper_items.c.jenis, paper_items.c.seat_id)
        .join(paper_batches, paper_batches.c.id == paper_items.c.batch_id)
        .where(
            paper_batches.c.room_id == room_id,
            paper_batches.c.finished_at.is_(None),
            paper_items.c.state == MENUNGGU,
        )
    )
    return {(row.jenis, row.seat_id) for row in await connection.execute(query)}


async def _items(connection: Connection, batch_id: str) -> dict[Which, str]:
    query = select(paper_items).where(paper_items.c.batch_id == batch_id)
    rows = await connection.execute(query.order_by(paper_items.c.jenis, paper_items.c.seat_id))
    return {(row.jenis, row.seat_id): row.state for row in rows}


def _item(batch_id: str, which: Which, state: str) -> dict[str, str]:
    return {"batch_id": batch_id, "jenis": which[0], "seat_id": which[1], "state": state}


def _of(room_id: str, which: Which) -> tuple[Any, ...]:
    return papers.c.room_id == room_id, papers.c.jenis == which[0], papers.c.seat_id == which[1]


def _paper(row: Row[Any]) -> Paper:
    return Paper(**{name: getattr(row, name) for name in Paper.__dataclass_fields__})


def _batch(row: Row[Any], states: Mapping[Which, str]) -> Batch:
    return Batch(row.id, row.room_id, row.created_at, row.created_by, row.finished_at, states)
