"""The browser's own check of its line (webclient/static/js/probe.js): what it finds on known lines."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Browser

from rooms.ids import RoomId
from rooms.media.embedded.plane import EmbeddedPlane
from tests.support import media_page
from tests.support.cable import cable
from tests.support.call_page import call_origin, open_call
from tests.support.impaired import Line

ROOM = RoomId("hall")
DOWN = {"good": Line(), "lossy": Line(loss=0.2), "narrow": Line(bits_per_s=250_000), "barred": Line()}
PROBE = """async () => {
  const { probe } = await import("/static/js/probe.js");
  const { verdictOf } = await import("/static/js/sambungan.js");
  const found = await probe({ settled: async () => true }, "/", new AbortController().signal);
  return { verdict: verdictOf(found), ...found };
}"""
INTERRUPTED = """async () => {
  const { probe } = await import("/static/js/probe.js");
  const ending = new AbortController();
  const found = probe({ settled: async () => true }, "/", ending.signal);
  const offered = () => performance.getEntriesByName(location.origin + "/media/offer").length;
  while (!offered()) await new Promise((go) => setTimeout(go, 10));
  ending.abort();
  return found;
}"""


async def probed(
    plane: EmbeddedPlane, browser: Browser, name: str, stack: AsyncExitStack
) -> Mapping[str, Any]:
    """What a browser behind the line of this name finds."""
    led: list[Any] = []
    web = await stack.enter_async_context(call_origin(plane, ROOM, lambda answer: led[0].lead(answer)))
    line = await stack.enter_async_context(cable(web, ("127.0.0.1", plane.udp_port), down=DOWN[name], seed=3))
    line.udp_barred = name == "barred"
    led.append(line)
    page = await open_call(browser, line.web_port)
    found: Mapping[str, Any] = await page.evaluate(PROBE)
    return found


HONEST: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "good": lambda one: (
        (one["path"], one["verdict"]) not in (("none", "buntu"), ("udp", "putus"))
        and one["path"] == "udp"
        and one["lost"] < 0.05
        and (one["down_kbit"] is None or one["down_kbit"] > 300)
    ),
    "lossy": lambda one: one["path"] == "udp" and one["verdict"] == "putus" and one["lost"] > 0.05,
    "narrow": lambda one: one["path"] == "udp" and 0 < (one["down_kbit"] or 0) < 300,
    "barred": lambda one: one["path"] == "tcp" and one["lost"] == 0,
}


async def test_what_a_line_does_is_found_out_and_leaves_nobody_behind(plane: EmbeddedPlane) -> None:
    """Four at once, as many as may be; the good line is the control. A machine that stands still looks like a
    bad line: what contradicts the line is measured again, alone."""
    async with media_page.chromium() as browser, AsyncExitStack() as stack, asyncio.timeout(240):
        found = await asyncio.gather(*(probed(plane, browser, name, stack) for name in DOWN))
        for name, one in zip(DOWN, found, strict=True):
            tries = [one]
            while not HONEST[name](tries[-1]) and len(tries) < 4:
                tries.append(await probed(plane, browser, name, stack))
            assert HONEST[name](tries[-1]), (name, tries)
        web = await stack.enter_async_context(call_origin(plane, ROOM))
        page = await open_call(browser, web[1])
        assert await page.evaluate(INTERRUPTED) is None
        while True:
            if not await plane.health(ROOM):
                break
            await asyncio.sleep(0.05)  # what a page lets go of is gone when the server has heard of it
