"""Files on their way in: how many at once, how long, and what they leave behind."""

import asyncio
import os
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from server.access import Role
from server.api import uploads
from server.api.uploads import Uploads
from server.refusals import Refusal
from tests.server.api.test_foto import noted
from tests.support.app import KEMIREN, PATIENCE_S, House, Visitor, running
from tests.support.photo import jpeg

pytestmark = pytest.mark.asyncio(loop_scope="module")

MIB = 2**20


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("kiriman")) as house:
        await house.opened()
        yield house


@pytest.fixture
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def lying_in(folder: Path) -> list[str]:
    """The files of this process in the folder, also those without a name."""
    found = []
    for handle in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{handle}"))
    return [name for name in found if name.startswith(str(folder))]


async def until(number: int, folder: Path) -> None:
    """So many files lie in the folder."""
    async with asyncio.timeout(PATIENCE_S):
        while len(lying_in(folder)) != number:
            await asyncio.to_thread(time.sleep, 0.01)


class Slow:
    """A photo whose second half waits until it may go."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.goes_on = asyncio.Event()

    async def parts(self) -> AsyncIterator[bytes]:
        half = len(self._body) // 2
        yield self._body[:half]
        await self.goes_on.wait()
        yield self._body[half:]


async def put(who: Visitor, note: str, body: Any) -> tuple[int, Any]:
    return await who.request("PUT", f"api/catatan/{note}/foto/{uuid.uuid4()}", data=body)


async def test_of_one_link_one_file_comes_at_a_time(
    house: House, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, office, notulis = await noted(house), await house.visit(KEMIREN), await house.visit(Role.NOTULIS)
    first, second = Slow(jpeg("teal", (40, 30))), Slow(jpeg("navy", (40, 30)))
    sending = asyncio.create_task(put(office, note, first.parts()))
    await until(1, spool)
    # Another's comes beside it; the same link's waits, and is told to come again if that takes long.
    assert (await put(notulis, note, jpeg("olive", (40, 30))))[0] == 201
    with monkeypatch.context() as soon:
        soon.setattr(uploads, "WAIT_S", 0.05)
        status, told = await put(office, note, jpeg())
    waits = asyncio.create_task(put(office, note, second.parts()))
    assert (status, told["code"]) == (429, "too_fast")
    assert len(lying_in(spool)) == 1
    second.goes_on.set()
    first.goes_on.set()
    assert (await sending)[0] == (await waits)[0] == 201
    assert lying_in(spool) == []


async def test_few_come_at_once_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "AT_ONCE", 2)
    places, here, most = Uploads(), 0, 0

    async def send(link: str) -> None:
        nonlocal here, most
        async with places.place(link):
            here += 1
            most = max(most, here)
            await asyncio.sleep(0)
            here -= 1
            if link == "0":
                raise ConnectionError

    await asyncio.gather(*(send(str(n)) for n in range(9)), return_exceptions=True)
    assert (most, here) == (2, 0)
    monkeypatch.setattr(uploads, "WAIT_S", 0.01)
    async with places.place("a"), places.place("b"):
        for link in ("a", "c"):
            with pytest.raises(Refusal, match="too_fast"):
                async with places.place(link):
                    pass
    async with places.place("c"), places.place("a"):
        pass


async def test_a_file_that_does_not_come_is_given_up(
    house: House, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    monkeypatch.setattr(uploads, "SLOWEST_BYTES_PER_S", 2**40)
    status, told = await put(office, note, Slow(jpeg()).parts())
    assert (status, told["code"]) == (408, "too_slow")
    form = aiohttp.FormData()
    form.add_field("berkas", Slow(jpeg()).parts(), filename="rab")
    path = f"usulan/{note}/lampiran/rab/{uuid.uuid4()}"
    assert (await office.request("POST", path, data=form))[0] == 408
    assert lying_in(spool) == []


async def test_what_breaks_off_leaves_nothing_and_the_next_one_comes(house: House, spool: Path) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    sending = asyncio.create_task(put(office, note, Slow(jpeg()).parts()))
    await until(1, spool)
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    await until(0, spool)
    assert os.listdir(spool) == []
    assert (await put(office, note, jpeg()))[0] == 201


@pytest.mark.parametrize("form", [False, True])
async def test_a_file_does_not_lie_in_memory(house: House, spool: Path, *, form: bool) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    block = bytes(64 * 1024)

    async def body() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        for _ in range(14 * MIB // len(block)):
            yield block

    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        if form:
            data = aiohttp.FormData()
            data.add_field("berkas", body(), filename="rab")
            path = f"usulan/{note}/lampiran/rab/{uuid.uuid4()}"
            status, _ = await office.request("POST", path, data=data)
        else:
            status, _ = await put(office, note, body())
        grown = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert status == 422, "no picture"
    assert grown < 6 * MIB
