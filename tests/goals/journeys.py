"""``make goal-journeys [N=3]``: every role's journey, at each size, on a thin line that is cut for 20 s.

One meeting, a round for each of the first N sizes (360x640, 1366x768, 1920x1080). Everybody comes in anew by
their own link at that size, behind one cable and at 1 Mbit/s and 200 ms, one office at 64 kbit/s and 800 ms;
an office is called and speaks; then nothing passes for anybody, web nor media, for 20 s at least. Each page
must say so, and each person does meanwhile what the role does. When the line is back, that must be there,
once, and everybody goes on. At three moments nothing may be out of reach on any page.

Figures: ``journeys``: of a role at a size, without any fault. ``faults``: whatever did not come true, told
above. ``captions_missing``: lines typed by the notulis that a screen or an office did not show, the one at
64 kbit/s included. ``SABOTAGE=1``: the speaking office's page forgets what it sends and never connects again,
which must end with ``ok: false``. ``LOOK=folder``: pictures of every page at the three moments.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import TypeVar

from playwright.async_api import Browser, Error, Page, ViewportSize, expect

from tests.support.browser import browsers
from tests.support.cable import Cable, cable
from tests.support.deciders import deciders
from tests.support.goal import report, sabotaged, size
from tests.support.journey import (
    OUT_OF_REACH,
    Aula,
    DesaBicara,
    DesaMenyimak,
    Form,
    LayarAula,
    LayarSiaran,
    MejaNotulis,
    MejaOperator,
    Panitia,
    Pemutus,
    Peninjau,
    PetugasBantuan,
    Pimpinan,
    PutarUlang,
    Traveller,
)
from tests.support.live import LiveServer
from tests.support.people import PATIENCE_MS
from tests.support.scene import Scene, scene_on

CUT_S = 20.0
SIZES = (
    ViewportSize(width=360, height=640),
    ViewportSize(width=1366, height=768),
    ViewportSize(width=1920, height=1080),
)
FORGETS = """() => {
  const send = window.fetch;
  const headers = { "Content-Type": "application/json" };
  const taken = (how) => new Response(how.body, { status: 201, headers });
  window.fetch = async (url, how) => how?.method === "POST" && String(url).endsWith("api/v1/catatan")
    ? taken(how) : send(url, how);
  window.WebSocket = class { send() {} close() {} };
}"""
LOOK = os.environ.get("LOOK", "")
T = TypeVar("T", bound=Traveller)
Does = Callable[[Traveller], Awaitable[object]]


def note(words: str) -> None:
    sys.stderr.write(f"{words}\n")


class Journeys:
    """Everybody on the way behind one cable, and what went wrong."""

    def __init__(self, scene: Scene, line: Cable, rounds: int) -> None:
        self.scene = scene
        self.line = line
        self.rounds = rounds
        self.everybody: list[Traveller] = []
        self.faults: list[str] = []
        self.stumbled: set[tuple[str, int]] = set()
        """Role and round of whoever met with a fault."""
        self.captions_missing = 0

    async def gather(self) -> None:
        """Everybody's device, on its line."""
        links, viewer = self.scene.links, await self.scene.browsers.viewer()
        office, hall = await self.scene.office_device(), await self.scene.hall_device()
        self.speaker = await self._add(DesaBicara(await _page(office)), self.scene.office_link())
        self.notulis = await self._add(MejaNotulis(await _page(viewer)), links["Meja Notulis"])
        self.chair = await self._add(Pimpinan(await _page(viewer)), links["Layar Pimpinan"])
        await self._add(Aula(await _page(hall)), links["Aula"])
        await self._add(DesaMenyimak(await _page(viewer)), self.scene.office_link(-1))
        await self._add(MejaOperator(await _page(viewer)), links["Meja Operator"])
        await self._add(PetugasBantuan(await _page(viewer)), links["Petugas Bantuan"])
        await self._add(Peninjau(await _page(viewer)), links["Peninjau"])
        await self._add(LayarAula(await _page(viewer)), links["Layar Aula"])
        await self._add(LayarSiaran(await _page(viewer)), links["Layar siaran"])
        await self._add(PutarUlang(await _page(viewer)), links["Putar ulang"])
        waiting = await deciders(self.scene.server, self.scene.office_link(), each=self.rounds)
        panitia = await self._add(Panitia(await _page(viewer)), self.scene.server.panitia_link.strip())
        panitia.room_id = waiting.room_id
        for name, usulan in waiting.by_account.items():
            await self._add(Pemutus(await _page(viewer), name, usulan), f"{self.scene.server.url}/masuk")

    async def _add(self, traveller: T, link: str) -> T:
        behind = link.replace(f":{self.scene.server.port}/", f":{self.line.web_port}/")
        await traveller.start(self.line, behind)
        self.everybody.append(traveller)
        return traveller

    async def each(self, number: int, moment: str, do: Does, who: type[Traveller] = Traveller) -> None:
        """All at once; who meets with a fault in a round goes on in the next."""

        async def does(one: Traveller) -> None:
            try:
                await do(one)
            except (AssertionError, Error) as fault:
                self._fault(number, one, f"{moment}: {fault}")

        ready = [one for one in self.everybody if isinstance(one, who)]
        await asyncio.gather(*(does(one) for one in ready if (one.name, number) not in self.stumbled))

    def _fault(self, number: int, one: Traveller, words: str) -> None:
        self.stumbled.add((one.name, number))
        self.faults.append(f"{one.name} {SIZES[number - 1]['width']} {words}")
        note(self.faults[-1][:900])

    async def seen(self, number: int, moment: str) -> None:
        """Nothing is out of sight or out of reach."""

        async def looks(one: Traveller) -> None:
            if LOOK:
                name = f"{one.name.split('.')[0]}-{SIZES[number - 1]['width']}-{moment}.png"
                await one.page.screenshot(path=Path(LOOK) / name, animations="disabled")
            for what in await one.page.evaluate(OUT_OF_REACH):
                self._fault(number, one, f"{moment}: {what}")

        await self.each(number, moment, looks)

    async def go(self, number: int) -> None:
        """One round."""
        note(f"{SIZES[number - 1]['width']} px: everybody comes in")

        async def comes(one: Traveller) -> None:
            await one.page.set_viewport_size(SIZES[number - 1])
            await one.open(number)
            if not isinstance(one, Form):
                await one.ready()

        await self.each(number, "datang", comes, Form)
        await self.each(number, "datang", lambda one: _unless(Form, one, comes))
        await self.scene.chair.call(self.speaker)
        await self.speaker.expect_state("giliran")
        await self.read_along(f"Sebelum {number}")
        await self.seen(number, "masuk")
        if sabotaged():
            await self.speaker.page.evaluate(FORGETS)
        await self.cut(number)
        await self.each(number, "kembali", lambda one: one.back())
        await self.each(number, "sampai", lambda one: one.delivered(number))
        await self.seen(number, "sesudah")
        await self.read_along(f"Sesudah {number}")
        await self.finish()

    async def cut(self, number: int) -> None:
        """For CUT_S at least: until each has seen it and done what it does."""

        async def acts(one: Traveller) -> None:
            await one.cut_off()
            await one.act(number)

        self.line.pull()
        since = monotonic()
        await self.each(number, "selama", lambda one: _unless(Form, one, acts))
        await self.seen(number, "terputus")
        # Nothing is asked of a page that is being left.
        await self.each(number, "selama", lambda one: one.act(number), Form)
        await asyncio.sleep(max(0.0, CUT_S - (monotonic() - since)))
        self.line.plug()
        note(f"cut for {monotonic() - since:.0f} s")

    async def read_along(self, words: str) -> None:
        """What the notulis types is read at 64 kbit/s, too, and on every screen."""
        await self.notulis.type_along(words)
        shown = [
            one for one in self.everybody if isinstance(one, DesaBicara | Peninjau | LayarAula | LayarSiaran)
        ]
        reads = (expect(one.at("takarir")).to_contain_text(words) for one in shown)
        for one, failed in zip(shown, await asyncio.gather(*reads, return_exceptions=True), strict=True):
            if failed is not None:
                self.captions_missing += 1
                note(f"{one.name} did not read: {words}")

    async def finish(self) -> None:
        """The turn ends, whatever became of it."""
        turn = self.scene.chair.sections.get("turn")
        if turn is not None:
            await self.scene.chair.give("end_turn", turn_id=turn["turn_id"])


async def _unless(kind: type[Traveller], one: Traveller, do: Does) -> None:
    if not isinstance(one, kind):
        await do(one)


async def _page(browser: Browser) -> Page:
    profile = await browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta", viewport=SIZES[0])
    await profile.grant_permissions(["camera", "microphone"])
    page = await profile.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def walked(directory: Path, rounds: int) -> Journeys:
    for name in ("alat", "rumah"):
        (directory / name).mkdir()
    async with (
        browsers(directory / "alat") as bs,
        LiveServer(directory / "rumah") as server,
        scene_on(server, bs) as scene,
        cable(("127.0.0.1", server.port), ("127.0.0.1", server.media_port)) as line,
    ):
        await scene.chair.open_dialog()
        journeys = Journeys(scene, line, rounds)
        await journeys.gather()
        for number in range(1, rounds + 1):
            await journeys.go(number)
        return journeys


def main() -> int:
    rounds = min(size(len(SIZES)), len(SIZES))
    if LOOK:
        Path(LOOK).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="journeys") as directory:
        journeys = asyncio.run(walked(Path(directory), rounds))
    wanted = len(journeys.everybody) * rounds
    figures = {
        "journeys": float(wanted - len(journeys.stumbled)),
        "faults": float(len(journeys.faults)),
        "captions_missing": float(journeys.captions_missing),
    }
    return report(
        "journeys",
        figures,
        {"faults": 0, "captions_missing": 0},
        at_least={"journeys": float(wanted)},
        compared_with="what each page promises",
    )


if __name__ == "__main__":
    sys.exit(main())
