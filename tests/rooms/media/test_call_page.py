"""The browser's own call (webclient/static/js/call.js) on the embedded plane: sound waits for no picture, and
the hall's comes as its source asks for."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.plane import Feed, Kind, Line, Offer, PeerSpec, Slot, Stage
from tests.support import media_page
from tests.support.capture import write_steady

ROOM = RoomId("hall")
STATIC = Path(__file__).parents[3] / "webclient" / "static"
PAGE = """<!doctype html><meta charset="utf-8"><title>call</title><body><video playsinline></video>
<script type="module">
import { Call } from "/static/js/call.js";
import { OwnMedia } from "/static/js/room/self.js";
const part = new URLSearchParams(location.search).get("part");
const slot = new URLSearchParams(location.search).get("slot");
const call = new Call("/", part);
call.attach(slot, document.querySelector("video"));
window.heard = async () => (await call.slots())[slot] ?? { energy: 0, received: 0, frames: 0 };
// How loud the newest half second was: mean square, 0..1.
window.loudness = async () => {
  const before = (await heard()).energy;
  await new Promise((next) => setTimeout(next, 500));
  return ((await heard()).energy - before) * 2;
};
window.call = call;
window.media = new OwnMedia(call);
</script></body>
"""
UNTOUCHED = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False}
BOTH_AT_ONCE = """() => Object.defineProperty(MediaStreamTrack.prototype, 'muted', { get: () => false })"""


@asynccontextmanager
async def call_page(
    plane: EmbeddedPlane, browser: Browser, part: str = "viewer", slot: Slot = Slot.SPEAKER
) -> AsyncIterator[Page]:
    """Only the hall has a seat, ``aula``."""

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def offer(request: web.Request) -> web.Response:
        wanted = json.loads(await request.text())
        lines = tuple(
            Line(one["mid"], Kind(one["kind"]), Slot(one["slot"]) if one["slot"] else None)
            for one in wanted["lines"]
        )
        spec = PeerSpec(PeerId(wanted["peer_id"]), SeatId("aula") if part == "hall" else None, False)
        answer = await plane.connect(ROOM, spec, Offer(wanted["sdp"], lines))
        return web.json_response({"sdp": answer, "worker_epoch": plane.worker_epoch(ROOM)})

    application = web.Application()
    application.router.add_get("/", page)
    application.router.add_post("/media/offer", offer)
    application.router.add_static("/static", STATIC)
    async with TestServer(application, host="127.0.0.1") as server:
        opened = await (await browser.new_context()).new_page()
        await opened.goto(str(server.make_url(f"/?part={part}&slot={slot}")))
        yield opened


@pytest.mark.parametrize("both_at_once", [False, True])
async def test_an_office_without_a_camera_is_heard(plane: EmbeddedPlane, both_at_once: bool) -> None:
    """The control hands the element sound and picture together, as a page would without thinking."""
    async with (
        media_page.media_origin(plane) as origin,
        media_page.chromium() as browser,
        call_page(plane, browser) as viewer,
        asyncio.timeout(90),
    ):
        office, _ = await media_page.join(browser, origin, ROOM, "desa", seated=True, slots=())
        await office.evaluate("() => speak(120, 500)")
        await office.evaluate("() => state.camera.replaceTrack(null)")
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)}))
        if both_at_once:
            await viewer.evaluate(BOTH_AT_ONCE)
        await viewer.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(ROOM))
        await media_page.until(viewer, "() => heard().then((now) => now.received > 100)")
        assert ((await viewer.evaluate("() => heard()"))["energy"] == 0) == both_at_once
        if not both_at_once:
            # The picture that comes later is shown beside it.
            await office.evaluate("() => speak(120, 500)")
            await media_page.until(
                viewer,
                "() => heard().then((now) => now.frames > 20 && document.querySelector('video').videoWidth)",
            )


async def test_an_anthem_from_the_mixer_sounds_where_a_rooms_microphone_suppresses_it(
    plane: EmbeddedPlane, tmp_path: Path
) -> None:
    """The control is the room's own profile: this browser does take a steady tone for noise."""
    anthem = write_steady(tmp_path / "anthem.wav", 440)
    async with (
        media_page.chromium(f"--use-file-for-fake-audio-capture={anthem}") as browser,
        call_page(plane, browser, "hall", Slot.AULA) as hall,
        call_page(plane, browser, "viewer", Slot.AULA) as viewer,
        asyncio.timeout(90),
    ):
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.AULA: Feed(SeatId("aula"), None, False)}))
        for page in (hall, viewer):
            await page.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(ROOM))
        await hall.evaluate("() => { media.want(true); return media.open({ source: 'ruangan' }); }")
        await media_page.until(viewer, "() => heard().then((now) => now.received > 100)")
        await media_page.until(viewer, "() => loudness().then((now) => now < 0.01)")
        await hall.evaluate("() => media.changeSource('mixer')")
        await media_page.until(viewer, "() => loudness().then((now) => now > 0.05)")
        settings = await hall.evaluate("() => media.opened.audio.getSettings()")
        assert {name: settings[name] for name in UNTOUCHED} == UNTOUCHED
        before = (await viewer.evaluate("() => heard()"))["received"]
        await media_page.until(viewer, f"() => heard().then((now) => now.received > {before + 250})")
        assert await viewer.evaluate("() => loudness()") > 0.05, "not only until it is found out"
        assert [await page.evaluate("() => call.negotiations") for page in (hall, viewer)] == [1, 1]
