"""Databases for tests: a test that asks for ``database`` runs on SQLite and, where found, PostgreSQL.

The revisions run once for each; every test then gets a copy of its own.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.store.engine import Database
from server.store.migrations import migrate
from tests.support import postgres

__all__ = [
    "database",
    "database_url",
    "empty_database_url",
    "migrated_postgres",
    "migrated_sqlite",
    "postgres_cluster",
    "sqlite_database",
]


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    if reason := postgres.missing():
        pytest.skip(reason)
    with postgres.cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated_postgres(postgres_cluster: postgres.Cluster) -> str:
    """The name of a database to be copied."""
    name = postgres_cluster.create()
    _migrate(postgres_cluster.url(name))
    return name


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "rembug.db"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    """In a thread of its own, for it may be asked for while a test's loop is running."""

    async def work() -> None:
        database = await Database.open(url)
        await migrate(database)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work()).result()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/rembug.db"
    cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
    return cluster.url(cluster.create())


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database with tables and nothing in them."""
    return url_of_a_new_one(request, request.param)


def url_of_a_new_one(request: pytest.FixtureRequest, kind: str) -> str:
    if kind == "sqlite":
        file: Path = request.getfixturevalue("tmp_path") / "rembug.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        return f"sqlite:///{file}"
    cluster: postgres.Cluster = request.getfixturevalue("postgres_cluster")
    return cluster.url(cluster.create(template=request.getfixturevalue("migrated_postgres")))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open, on both engines."""
    database = await Database.open(database_url)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def sqlite_database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """For tests of what does not depend on the engine."""
    database = await Database.open(url_of_a_new_one(request, "sqlite"))
    try:
        yield database
    finally:
        await database.close()
