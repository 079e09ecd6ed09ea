"""``make goal-once [N=10000] [SEED=1]``: N submissions over a bad line, each kept once.

Between browsers and the real server stands a proxy, both in a process of their own: of every ten requests
three lose their answer after the server has taken them, one is lost before it arrives, and one arrives a
second time later; each waits a moment of its own, so that they overtake one another. A browser repeats its
request, as it was, until it is acknowledged. Figures: ``lost`` (acknowledged or given, but not among the
notes or not in the journal), ``doubled`` (more than once in either), ``rows``, and how often a request was
sent (``sent``). ``SABOTAGE=1`` takes each arriving request for a new one and must end with ``ok: false``.
``SEED`` is what befalls which request, so that a slow machine gets its ten thousand in several runs that are
not the same.
"""

import asyncio
import os
import random
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

import server.api.operations
from rooms.meeting.events import NoteLogged
from server.access import Role
from server.kept import JOURNAL, NOTEBOOK
from server.planning.catatan import CatatanBaru, parse
from server.store.catatan import Filter
from tests.support.app import House, Visitor, running, serving
from tests.support.goal import report, sabotaged, size

BROWSERS = 24
EATEN, LOST, DOUBLED = 0.3, 0.1, 0.1
"""Shares of requests whose answer is dropped, that never arrive, and that arrive once more."""
LONGEST_WAIT_S = 0.03


class BadLine:
    """A proxy in front of ``url``."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._chance = random.Random(int(os.environ.get("SEED", "1")))
        self._http = aiohttp.ClientSession(auto_decompress=False)
        self._late: set[asyncio.Task[Any]] = set()
        self.sent = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        if request.method != "POST":
            return await self._pass(request, body)
        self.sent += 1
        fate, wait = self._chance.random(), self._chance.uniform(0, LONGEST_WAIT_S)
        if fate < LOST:
            return self._cut(request)
        if self._chance.random() < DOUBLED:
            late = asyncio.ensure_future(self._again(request, body, wait * 3))
            self._late.add(late)
            late.add_done_callback(self._late.discard)
        await asyncio.sleep(wait)
        answer = await self._pass(request, body)
        return self._cut(request) if fate < LOST + EATEN else answer

    async def _again(self, request: web.Request, body: bytes, wait: float) -> None:
        await asyncio.sleep(wait)
        await self._pass(request, body)

    async def _pass(self, request: web.Request, body: bytes) -> web.Response:
        url = self._url.join(URL(request.raw_path, encoded=True))
        async with self._http.request(
            request.method, url, data=body, headers=request.headers, allow_redirects=False
        ) as answer:
            kept = {
                k: v for k, v in answer.headers.items() if k in ("Location", "Set-Cookie", "Content-Type")
            }
            return web.Response(status=answer.status, body=await answer.read(), headers=kept)

    @staticmethod
    def _cut(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def close(self) -> None:
        await asyncio.gather(*self._late)
        await self._http.close()


@asynccontextmanager
async def bad_line(url: URL) -> AsyncIterator[tuple[URL, BadLine]]:
    line = BadLine(url)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", line.handle)
    async with serving(app) as address:
        yield address, line
        await line.close()


def words(number: int) -> str:
    return f"Jembatan gantung nomor {number}"


async def submit(browser: Visitor, number: int, spoken_at: int) -> None:
    """Until it is acknowledged."""
    body = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": words(number),
        "instant": {"spoken_at": spoken_at},
    }
    while True:
        try:
            status, answer = await browser.request("POST", "api/v1/catatan", json=body)
        except aiohttp.ClientError:
            continue
        if status == 201:
            return
        raise AssertionError((status, answer))


async def submit_all(url: URL, token: str, count: int, spoken_at: int) -> None:
    numbers = iter(range(count))

    async def browse() -> None:
        browser = Visitor(url, token)
        await browser.open_link()
        for number in numbers:
            await submit(browser, number, spoken_at)
        await browser.close()

    async with asyncio.TaskGroup() as browsers:
        for _ in range(BROWSERS):
            browsers.create_task(browse())


def from_outside(url: URL, token: str, count: int, spoken_at: int) -> int:
    """All submissions, over a bad line; how often one was sent. For a process that the server is not in."""

    async def submit_over_it() -> int:
        async with bad_line(url) as (address, line):
            await submit_all(address, token, count, spoken_at)
        return line.sent

    return asyncio.run(submit_over_it())


def take_each_for_new() -> None:
    """Sabotage: the key that a browser gave its request counts for nothing."""

    def careless(form: Any, body: object) -> Any:
        read = parse(form, body)
        return read.model_copy(update={"id": uuid.uuid4()}) if form is CatatanBaru else read

    setattr(server.api.operations, "parse", careless)  # noqa: B010


async def counted(house: House) -> tuple[Counter[str], Counter[str]]:
    """How often each submission's words are among the notes, and among those that the journal names."""
    notes = (await house.app[NOTEBOOK].list(Filter(house.room_id))).items
    entries = await house.app[JOURNAL].read(house.room_id, 0)
    logged = Counter(str(entry.event.note_id) for entry in entries if isinstance(entry.event, NoteLogged))
    kept = Counter(note.ucapan for note in notes)
    journalled: Counter[str] = Counter()
    for note in notes:
        journalled[note.ucapan] += logged.pop(note.id, 0)
    journalled.update(logged)  # entries that belong to no note
    return kept, journalled


async def main(count: int, folder: Path) -> int:
    if sabotaged():
        take_each_for_new()
    async with running(folder) as house:
        operator = await house.opened()
        await operator.close()
        opened_at = (await house.hall()).room.meeting.state.last_at
        with ProcessPoolExecutor(1, get_context("spawn")) as outside:
            sent = await asyncio.get_running_loop().run_in_executor(
                outside, from_outside, house.url, house.tokens[Role.NOTULIS], count, opened_at
            )
        kept, journalled = await counted(house)
        given = [words(number) for number in range(count)]
        figures = {
            "lost": float(sum(not (kept[each] and journalled[each]) for each in given)),
            "doubled": float(sum(max(kept[each], journalled[each]) > 1 for each in kept | journalled)),
            "rows": float(kept.total()),
            "sent": float(sent),
        }
    return report(
        "once",
        figures,
        {"lost": 0.0, "doubled": 0.0, "rows": float(count)},
        at_least={"rows": float(count)},
        compared_with=f"{count} submissions that were given",
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="once") as directory:
        sys.exit(asyncio.run(main(size(10_000), Path(directory))))
