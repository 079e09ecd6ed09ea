"""A browser that comes in by the relay alone, over TLS on the one port that it shares with the web."""

import asyncio
import time
from pathlib import Path

import pytest
from playwright.async_api import Page

from rooms.ids import RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.plane import Feed, Slot, Stage
from server.auth.relay import ice_servers
from tests.support import media_page
from tests.support.call_page import call_origin
from tests.support.relay import DOMAIN, SECRET, TURN_NAME, front, missing

ROOM = RoomId("hall")
ALL = ("turnserver", "haproxy", "caddy")
RELAYED = """() => {
  const Plain = RTCPeerConnection;
  window.RTCPeerConnection = function (wish) {
    return window.newest = new Plain({ ...wish, iceTransportPolicy: 'relay' });
  };
}"""
WAY = """async () => {
  const { way } = await import("/static/js/statistics.js");
  return way(await window.newest.getStats()).path;
}"""


@pytest.mark.skipif(bool(missing(*ALL)), reason=missing(*ALL))
async def test_who_has_nothing_but_tls_is_seen_and_heard_and_hears(
    plane: EmbeddedPlane, tmp_path: Path
) -> None:
    """Both the one who speaks and the one who listens."""
    relays: list[dict[str, str]] = []
    async with (
        media_page.chromium("--ignore-certificate-errors") as browser,
        call_origin(plane, ROOM, relays=relays) as (_, web_port),
        front(tmp_path, web_port) as port,
        asyncio.timeout(120),
    ):
        relays += ice_servers(f"turns:{TURN_NAME}:{port}", SECRET, "desa", time.time())

        async def relayed(part: str) -> Page:
            page = await (await browser.new_context()).new_page()
            await page.goto(f"https://{DOMAIN}:{port}/?part={part}&slot=aula")
            await page.evaluate(RELAYED)
            await page.evaluate("(epoch) => call.join(epoch)", plane.worker_epoch(ROOM))
            return page

        await plane.set_stage(ROOM, 1, 1, Stage({Slot.AULA: Feed(SeatId("aula"), None, False)}))
        hall, viewer = await relayed("hall"), await relayed("viewer")
        await hall.evaluate("() => { media.want(true); return media.open({ source: 'mixer' }); }")
        await media_page.until(viewer, "() => heard().then((now) => now.frames > 10 && now.energy > 0)")
        assert [await page.evaluate(WAY) for page in (hall, viewer)] == ["relay", "relay"]
        assert [await page.evaluate("() => call.negotiations") for page in (hall, viewer)] == [1, 1]
