"""How long a real browser with the product's own call is without sound when its line fails it."""

from contextlib import AsyncExitStack
from time import monotonic

from playwright.async_api import Browser, Page

from rooms.ids import RoomId
from rooms.media.embedded.plane import EmbeddedPlane
from tests.support import media_page
from tests.support.cable import Cable, cable
from tests.support.call_page import call_origin, open_call

DEAF = """async () => {
  const { Silence } = await import("/static/js/silence.js");
  Silence.prototype.isCut = () => false;
}"""
"""Sabotage: the call notices nothing."""
PLAYS = "() => heard().then((now) => now.received > 25 && now.energy > 0)"


async def blocked_s(browser: Browser, plane: EmbeddedPlane, room_id: RoomId, *, deaf: bool) -> float:
    """From entering to the first sound, where no UDP has ever come through."""
    async with AsyncExitStack() as stack:
        page, line = await _office(browser, plane, room_id, stack, deaf=deaf)
        line.udp_barred = True
        began = monotonic()
        await page.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(room_id))
        await media_page.until(page, "() => heard().then((now) => now.energy > 0)")
        return monotonic() - began


async def barred_s(browser: Browser, plane: EmbeddedPlane, room_id: RoomId, *, deaf: bool) -> float:
    """From the moment that UDP is barred in mid-call until there is sound again."""
    async with AsyncExitStack() as stack:
        page, line = await _office(browser, plane, room_id, stack, deaf=deaf)
        await page.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(room_id))
        await media_page.until(page, PLAYS)
        line.udp_barred = True
        return await _sounds_again(page)


async def back_s(
    browser: Browser, plane: EmbeddedPlane, room_id: RoomId, cut_s: float, *, deaf: bool
) -> float:
    """From the end of a cut of everything until there is sound again."""
    async with AsyncExitStack() as stack:
        page, line = await _office(browser, plane, room_id, stack, deaf=deaf)
        await page.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(room_id))
        await media_page.until(page, PLAYS)
        line.pull()
        await page.wait_for_timeout(cut_s * 1000)
        line.plug()
        return await _sounds_again(page)


async def _office(
    browser: Browser, plane: EmbeddedPlane, room_id: RoomId, stack: AsyncExitStack, *, deaf: bool
) -> tuple[Page, Cable]:
    lines: list[Cable] = []
    web = await stack.enter_async_context(call_origin(plane, room_id, lambda answer: lines[0].lead(answer)))
    lines.append(await stack.enter_async_context(cable(web, ("127.0.0.1", plane.udp_port))))
    page = await open_call(browser, lines[0].web_port, "office")
    stack.push_async_callback(page.context.close)
    if deaf:
        await page.evaluate(DEAF)
    return page, lines[0]


async def _sounds_again(page: Page) -> float:
    """Seconds until new sound has come over whatever connection there is."""
    began = monotonic()
    # What had come before the cut was counted by then; what a fresh connection brings begins at nothing.
    before = await page.evaluate("() => heard().then((now) => now.received)")
    await media_page.until(
        page,
        """(before) => heard().then((now) =>
             now.received > before + 5 || (now.received < before && now.received > 5))""",
        before,
    )
    return monotonic() - began
