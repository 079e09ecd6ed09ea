"""The browser's own call (webclient/static/js/call.js) on the embedded plane: sound waits for no picture, the
hall's comes as its source asks for, and a line that fails is got round."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from rooms.ids import RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.plane import Feed, Slot, Stage
from tests.support import media_page
from tests.support.cable import Cable, cable
from tests.support.call_page import call_origin, open_call
from tests.support.capture import write_steady

ROOM = RoomId("hall")
UNTOUCHED = {"echoCancellation": False, "noiseSuppression": False, "autoGainControl": False}
BOTH_AT_ONCE = """() => Object.defineProperty(MediaStreamTrack.prototype, 'muted', { get: () => false })"""


@asynccontextmanager
async def call_page(
    plane: EmbeddedPlane, browser: Browser, part: str = "viewer", slot: Slot = Slot.SPEAKER
) -> AsyncIterator[Page]:
    """Only the hall has a seat, ``aula``."""
    async with call_origin(plane, ROOM) as (_, port):
        yield await open_call(browser, port, part, slot)


@pytest.mark.parametrize("both_at_once", [False, True])
async def test_an_office_without_a_camera_is_heard(plane: EmbeddedPlane, both_at_once: bool) -> None:
    """The control hands the element sound and picture together, as a page would without thinking."""
    async with (
        media_page.media_origin(plane) as origin,
        media_page.chromium() as browser,
        call_page(plane, browser) as viewer,
        asyncio.timeout(240),
    ):
        office, _ = await media_page.join(browser, origin, ROOM, "desa", seated=True, slots=())
        await office.evaluate("() => speak(120, 500)")
        await office.evaluate("() => state.camera.replaceTrack(null)")
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)}))
        if both_at_once:
            await viewer.evaluate(BOTH_AT_ONCE)
        await viewer.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(ROOM))
        await media_page.until(viewer, "() => heard().then((now) => now.received > 100)")
        if both_at_once:
            assert (await viewer.evaluate("() => heard()"))["energy"] == 0
        else:
            await media_page.until(viewer, "() => heard().then((now) => now.energy > 0)")
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
        asyncio.timeout(240),
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


async def over(page: Page) -> str:
    """The protocol of the way that its newest connection uses."""
    return str(
        await page.evaluate(
            """async () => {
              const report = [...(await window.newest.getStats()).values()];
              const pair = report.find((one) => one.type === 'candidate-pair' && one.nominated);
              return report.find((one) => one.id === pair.localCandidateId).protocol;
            }"""
        )
    )


async def test_another_network_is_taken_by_a_fresh_connection(plane: EmbeddedPlane) -> None:
    """And there is never a second one of the same browser: the server ends the old as it takes the new."""
    lines: list[Cable] = []
    async with (
        media_page.media_origin(plane) as origin,
        media_page.chromium() as browser,
        call_origin(plane, ROOM, lambda answer: lines[0].lead(answer)) as web,
        cable(web, ("127.0.0.1", plane.udp_port)) as line,
        asyncio.timeout(120),
    ):
        office, _ = await media_page.join(browser, origin, ROOM, "desa", seated=True, slots=())
        await office.evaluate("() => speak(120, 500)")
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)}))
        lines.append(line)
        page = await open_call(browser, line.web_port, "office")
        await page.evaluate(
            """() => {
              const Plain = RTCPeerConnection;
              window.RTCPeerConnection = function () { return window.newest = new Plain(); };
            }"""
        )
        await page.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(ROOM))
        heard = "() => heard().then((now) => now.frames > 20 && now.energy > 0)"
        await media_page.until(page, heard)
        assert (await page.evaluate("() => call.negotiations"), await over(page)) == (1, "udp")

        line.pull()
        await media_page.until(page, "() => call.state === 'lost'")
        # As when a telephone goes from one network to another, which lets no UDP through.
        line.udp_barred = True
        line.plug()
        await media_page.until(page, "() => call.negotiations === 2 && call.state === 'connected'")
        await media_page.until(page, heard)
        assert await over(page) == "tcp"
        assert len(await plane.health(ROOM)) == 2, "who speaks, and this browser once"
