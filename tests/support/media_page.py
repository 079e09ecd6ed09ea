"""Real Chromium on a page that keeps the browser's side of the contract in rooms.media.embedded.sdp.

The page is served from 127.0.0.1 (a secure context) by aiohttp, which also passes its offer to the plane.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.plane import Kind, Line, MediaPlane, Offer, PeerSpec, Slot

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)

PAGE = """<!doctype html><meta charset="utf-8"><title>media</title><body><script>
const state = { negotiations: 0, slots: {} };

const CODECS = { audio: ['audio/opus'], video: ['video/vp8', 'video/rtx'] };

function only(kind) {
  return RTCRtpReceiver.getCapabilities(kind).codecs.filter(
    (codec) => CODECS[kind].includes(codec.mimeType.toLowerCase()));
}

async function join(room, name, seated, slots) {
  const pc = new RTCPeerConnection();
  state.pc = pc;
  pc.onnegotiationneeded = () => { state.negotiations += 1; };
  const order = [];
  const add = (kind, direction, slot) => {
    const transceiver = pc.addTransceiver(kind, { direction });
    transceiver.setCodecPreferences(only(kind));
    order.push({ transceiver, kind, slot });
    return transceiver;
  };
  for (const slot of slots) {
    const audio = add('audio', 'recvonly', slot);
    const video = add('video', 'recvonly', slot);
    const element = document.createElement('video');
    element.autoplay = true;
    element.playsInline = true;
    element.srcObject = new MediaStream([audio.receiver.track, video.receiver.track]);
    document.body.append(element);
    state.slots[slot] = { audio, video, element };
  }
  if (seated) {
    state.microphone = add('audio', 'sendonly', null).sender;
    state.camera = add('video', 'sendonly', null).sender;
  }
  await pc.setLocalDescription(await pc.createOffer());
  const lines = order.map(({ transceiver, kind, slot }) => ({ mid: transceiver.mid, kind, slot }));
  const connected = new Promise((resolve) => {
    pc.onconnectionstatechange = () => { if (pc.connectionState === 'connected') resolve(); };
  });
  const began = performance.now();
  const reply = await fetch('/offer', {
    method: 'POST',
    body: JSON.stringify({ room, name, seated, sdp: pc.localDescription.sdp, lines }),
  });
  if (!reply.ok) throw new Error(await reply.text());
  await pc.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
  await connected;
  state.negotiations = 0;
  return { connect_ms: performance.now() - began, offer_bytes: pc.localDescription.sdp.length };
}

// A moving picture of one hue and a tone, as an office's camera and microphone would be.
async function speak(hue, hz) {
  const canvas = document.createElement('canvas');
  canvas.width = 320; canvas.height = 180;
  const context = canvas.getContext('2d');
  let turn = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${hue} 90% 45%)`;
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = `hsl(${hue} 90% 55%)`;
    context.fillRect((turn += 7) % 300, 80, 20, 20);
  }, 50);
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: hz });
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  await state.microphone.replaceTrack(out.stream.getAudioTracks()[0]);
  await state.camera.replaceTrack(canvas.captureStream(20).getVideoTracks()[0]);
}

function hueOf(slot) {
  const { element } = state.slots[slot];
  if (element.videoWidth === 0) return null;
  const canvas = document.createElement('canvas');
  canvas.width = 8; canvas.height = 8;
  const context = canvas.getContext('2d');
  context.drawImage(element, 0, 0, 8, 8);
  const [r, g, b] = context.getImageData(1, 1, 1, 1).data;
  const top = Math.max(r, g, b), low = Math.min(r, g, b);
  if (top - low < 40) return null;
  const range = top - low;
  const sixth = top === r ? (g - b) / range : top === g ? 2 + (b - r) / range : 4 + (r - g) / range;
  return (sixth * 60 + 360) % 360;
}

async function stats(slot, kind) {
  const report = await state.slots[slot][kind].receiver.getStats();
  return [...report.values()].find((entry) => entry.type === 'inbound-rtp') ?? {};
}
</script></body>
"""


@dataclass
class Origin:
    """Where the page lives."""

    url: str


@asynccontextmanager
async def media_origin(plane: MediaPlane) -> AsyncIterator[Origin]:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def offer(request: web.Request) -> web.Response:
        wanted = json.loads(await request.text())
        name = wanted["name"]
        spec = PeerSpec(PeerId(name), SeatId(name) if wanted["seated"] else None, False)
        lines = tuple(
            Line(line["mid"], Kind(line["kind"]), Slot(line["slot"]) if line["slot"] else None)
            for line in wanted["lines"]
        )
        return web.Response(
            text=await plane.connect(RoomId(wanted["room"]), spec, Offer(wanted["sdp"], lines))
        )

    application = web.Application()
    application.router.add_get("/", page)
    application.router.add_post("/offer", offer)
    async with TestServer(application, host="127.0.0.1") as server:
        yield Origin(str(server.make_url("/")))


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            await browser.close()


async def join(
    browser: Browser, origin: Origin, room: str, name: str, *, seated: bool, slots: Sequence[Slot]
) -> tuple[Page, dict[str, float]]:
    """A page of its own context that has joined; and ``connect_ms``, ``offer_bytes``."""
    page = await (await browser.new_context()).new_page()
    await page.goto(origin.url)
    figures = await page.evaluate(
        "([room, name, seated, slots]) => join(room, name, seated, slots)",
        [room, name, seated, [str(slot) for slot in slots]],
    )
    return page, figures


async def until_hue(page: Page, slot: Slot, hue: int) -> None:
    """Until the slot's picture has this hue (degrees, within 25)."""
    await page.wait_for_function(
        "([slot, hue]) => { const seen = hueOf(slot);"
        " return seen !== null && Math.abs(((seen - hue + 540) % 360) - 180) < 25; }",
        arg=[str(slot), hue],
        timeout=20_000,
    )


async def until_frames(page: Page, slot: Slot, more: int) -> None:
    """Until ``more`` further pictures of the slot were decoded."""
    before = (await stats(page, slot, Kind.VIDEO)).get("framesDecoded", 0)
    await page.wait_for_function(
        "([slot, goal]) => stats(slot, 'video').then((now) => now.framesDecoded >= goal)",
        arg=[str(slot), before + more],
        timeout=20_000,
    )


async def stats(page: Page, slot: Slot, kind: Kind) -> dict[str, float]:
    """The slot's ``inbound-rtp`` statistics."""
    found = await page.evaluate("([slot, kind]) => stats(slot, kind)", [str(slot), str(kind)])
    return {name: value for name, value in found.items() if isinstance(value, int | float)}
