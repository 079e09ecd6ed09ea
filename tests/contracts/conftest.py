from collections.abc import AsyncIterator

import pytest

from server.store.engine import Database
from tests.contracts.journals import Harness, MemoryHarness, SqlHarness
from tests.support.database import *  # noqa: F403
from tests.support.database import url_of_a_new_one


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[Harness]:
    """The same journal three times: in memory, in SQLite, in PostgreSQL."""
    if request.param == "memory":
        yield MemoryHarness()
        return
    database = await Database.open(url_of_a_new_one(request, request.param))
    try:
        yield SqlHarness(database)
    finally:
        await database.close()
