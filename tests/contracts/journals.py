"""The journals that the contract is held against, each with rows of its own kind to enlist."""

from typing import Protocol

from sqlalchemy import insert, select

from rooms.journal import Enlist, Journal
from server.store.engine import Connection, Database
from server.store.journal import SqlJournal
from server.store.tables import wilayah
from tests.support.memory_journal import MemoryJournal


class Harness(Protocol):
    journal: Journal

    def mark(self, name: str) -> Enlist:
        """An enlist that writes one row."""
        ...

    async def marks(self) -> list[str]:
        """The rows that are there."""
        ...


class MemoryHarness:
    def __init__(self) -> None:
        self.memory = MemoryJournal()
        self.journal: Journal = self.memory

    def mark(self, name: str) -> Enlist:
        async def enlist(rows: object) -> None:
            assert isinstance(rows, list)
            rows.append(name)

        return enlist

    async def marks(self) -> list[str]:
        return [str(name) for name in self.memory.enlisted]


class SqlHarness:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.journal: Journal = SqlJournal(database)

    def mark(self, name: str) -> Enlist:
        return mark(name)

    async def marks(self) -> list[str]:
        return await marks(self.database)


def mark(name: str) -> Enlist:
    """A row of wilayah, since that table asks for no others."""

    async def enlist(connection: object) -> None:
        assert isinstance(connection, Connection)
        row = {"kode": name, "jenis": "desa", "nama": name, "kecamatan_kode": "1", "kecamatan_nama": "x"}
        await connection.execute(insert(wilayah).values(row))

    return enlist


async def marks(database: Database) -> list[str]:
    async with database.read() as connection:
        return list((await connection.scalars(select(wilayah.c.kode).order_by(wilayah.c.kode))).all())
