"""Scans of signed papers: rows in, records out."""

from dataclasses import asdict, dataclass

from sqlalchemy import insert, select

from server.store.engine import Database
from server.store.paper_tables import paper_scans
from server.store.papers import Which


@dataclass(frozen=True, slots=True)
class Scan:
    id: str
    room_id: str
    jenis: str
    seat_id: str
    berkas: str
    """Name of its file, which ends in what kind it is."""
    pages: int
    size_bytes: int
    at: int
    by: str


class PaperScans:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, scan: Scan) -> None:
        async with self._database.write() as connection:
            await connection.execute(insert(paper_scans).values(asdict(scan)))

    async def of(self, room_id: str, which: Which) -> list[Scan]:
        """Newest first."""
        table = paper_scans.c
        query = select(paper_scans).where(
            table.room_id == room_id, table.jenis == which[0], table.seat_id == which[1]
        )
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(table.at.desc(), table.id))
            return [Scan(**{name: getattr(row, name) for name in Scan.__dataclass_fields__}) for row in rows]
