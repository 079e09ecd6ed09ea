from collections.abc import AsyncIterator

import pytest

from server.store.engine import Database
from server.store.migrations import migrate
from tests.contracts.journals import Harness, MemoryHarness, SqlHarness
from tests.support.database import database, database_url, postgres_cluster, sqlite_database

__all__ = ["database", "database_url", "postgres_cluster", "sqlite_database"]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[Harness]:
    """The same journal three times: in memory, in SQLite, in PostgreSQL."""
    match request.param:
        case "memory":
            yield MemoryHarness()
            return
        case "sqlite":
            url = f"sqlite:///{request.getfixturevalue('tmp_path')}/rembug.db"
        case _:
            url = request.getfixturevalue("postgres_cluster").create()
    opened = await Database.open(url)
    try:
        await migrate(opened)
        yield SqlHarness(opened)
    finally:
        await opened.close()
