"""Real Chromium with the browser's own call (webclient/static/js/call.js) on a plane without a meeting."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.plane import TRAIN_PACKET_BYTES, Kind, Line, MediaPlane, Offer, PeerSpec, Slot
from server.api.sambungan import TRAINS
from tests.support.impaired import Address

STATIC = Path(__file__).parents[2] / "webclient" / "static"
PAGE = """<!doctype html><meta charset="utf-8"><title>call</title><body><video playsinline></video>
<script type="application/json" id="boot">BOOT</script>
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


@asynccontextmanager
async def call_origin(
    plane: MediaPlane,
    room_id: RoomId,
    led: Callable[[str], str] = lambda answer: answer,
    relays: Sequence[Mapping[str, str]] = (),
) -> AsyncIterator[Address]:
    """Where the page lives. Whoever may send has the seat ``aula``.

    ``led``: what it gets for an answer; ``relays``: that it may use, looked at when it is opened.
    """

    async def page(request: web.Request) -> web.Response:
        boot = json.dumps({"ice_servers": list(relays)})
        return web.Response(text=PAGE.replace("BOOT", boot), content_type="text/html")

    async def healthz(request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def offer(request: web.Request) -> web.Response:
        wanted = json.loads(await request.text())
        lines = tuple(
            Line(one["mid"], Kind(one["kind"]), Slot(one["slot"]) if one["slot"] else None)
            for one in wanted["lines"]
        )
        seat_id = SeatId("aula") if any(line.slot is None for line in lines) else None
        spec = PeerSpec(PeerId(wanted["peer_id"]), seat_id, False)
        answer = await plane.connect(room_id, spec, Offer(wanted["sdp"], lines))
        return web.json_response({"sdp": led(answer), "worker_epoch": plane.worker_epoch(room_id)})

    async def train(request: web.Request) -> web.Response:
        sent = TRAINS[(await request.json())["like"]]
        if not await plane.send_train(room_id, PeerId(request.match_info["peer_id"]), sent):
            return web.Response(status=429)
        told = {"packets": sent.packets, "packet_bytes": TRAIN_PACKET_BYTES, "lasts_ms": 1000 * sent.lasts_s}
        return web.json_response(told)

    async def leave(request: web.Request) -> web.Response:
        await plane.disconnect(room_id, PeerId(request.match_info["peer_id"]))
        return web.Response(status=204)

    application = web.Application()
    application.router.add_get("/", page)
    application.router.add_get("/healthz", healthz)
    application.router.add_post("/media/offer", offer)
    application.router.add_post("/media/{peer_id}/train", train)
    application.router.add_delete("/media/{peer_id}", leave)
    application.router.add_static("/static", STATIC)
    async with TestServer(application, host="127.0.0.1") as server:
        yield "127.0.0.1", server.port or 0


async def open_call(browser: Browser, port: int, part: str = "viewer", slot: Slot = Slot.SPEAKER) -> Page:
    """The page of a browser that has not joined yet; it shows ``slot``."""
    page = await (await browser.new_context()).new_page()
    await page.goto(f"http://127.0.0.1:{port}/?part={part}&slot={slot}")
    return page
