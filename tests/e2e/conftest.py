"""What end-to-end tests share: one running server and one browser of each kind.

A test has a session and profiles of its own. One that kills the server starts a ``LiveServer`` of its own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.browser import Browsers, browsers
from tests.support.live import LiveServer
from tests.support.scene import Scene, scene_on

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers live as long as the run, and so must the event loop that they were launched in."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def launched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browsers]:
    async with browsers(tmp_path_factory.mktemp("devices")) as bs:
        yield bs


@pytest_asyncio.fixture(loop_scope="session")
async def bs(launched: Browsers) -> AsyncIterator[Browsers]:
    """Browsers in which nobody is."""
    yield launched
    await launched.close_profiles()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept() -> AsyncIterator[list[LiveServer]]:
    """The server that tests share, once there is one."""
    servers: list[LiveServer] = []
    yield servers
    for server in servers:
        await server.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def server(
    kept: list[LiveServer], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[LiveServer]:
    """A running server; whoever ends it is told, and the next test gets another."""
    if not kept:
        kept.append(await LiveServer(tmp_path_factory.mktemp("server")).__aenter__())
    (shared,) = kept
    yield shared
    if not await shared.answers():
        kept.clear()
        await shared.stop()
        pytest.fail(f"the server did not outlive this test:\n{shared.log.read_text()[-4000:]}")


@pytest_asyncio.fixture(loop_scope="session")
async def scene(server: LiveServer, bs: Browsers) -> AsyncIterator[Scene]:
    async with scene_on(server, bs) as it:
        yield it
