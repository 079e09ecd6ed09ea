"""Databases for tests: a test that asks for ``database`` runs on SQLite and, where found, PostgreSQL."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.store.engine import Database
from server.store.migrations import migrate
from tests.support import postgres


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, not yet migrated."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/rembug.db"
    cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
    return cluster.create()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Migrated and open."""
    database = await Database.open(database_url)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """For tests of what does not depend on the engine."""
    database = await Database.open(f"sqlite:///{tmp_path}/rembug.db")
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()
