"""Real Chromium on a page that keeps the browser's side of the contract in rooms.media.embedded.sdp.

The page is served from 127.0.0.1 (a secure context) by aiohttp, which also passes its offer to the plane.
"""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.plane import Kind, Line, MediaPlane, Offer, PeerSpec, Slot
from tests.support.browser import headless_path

ARGUMENTS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    # Pages behind another one keep their timers and their pictures.
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
)

PATIENCE_MS = 60_000

PAGE = """<!doctype html><meta charset="utf-8"><title>media</title><body><script>
const state = { negotiations: 0, slots: {} };

// A line sends the first of them; a microphone with redundancy carries its last packet along.
const CODECS = {
  recvonly: { audio: ['audio/opus', 'audio/red'], video: ['video/vp8', 'video/rtx'] },
  sendonly: { audio: ['audio/red', 'audio/opus'], video: ['video/vp8', 'video/rtx'] },
};

function only(kind, direction) {
  const able = RTCRtpReceiver.getCapabilities(kind).codecs;
  return CODECS[direction][kind].flatMap((mime) => able.filter((one) => one.mimeType.toLowerCase() === mime));
}

async function join(room, name, seated, slots, rests, redundant, layers) {
  const pc = new RTCPeerConnection();
  state.pc = pc;
  pc.onnegotiationneeded = () => { state.negotiations += 1; };
  const order = [];
  const add = (kind, direction, slot, sendEncodings = []) => {
    const transceiver = pc.addTransceiver(kind, { direction, sendEncodings });
    const codecs = only(kind, direction);
    transceiver.setCodecPreferences(codecs.filter((one) => redundant || one.mimeType !== 'audio/red'));
    order.push({ transceiver, kind, slot });
    return transceiver;
  };
  for (const slot of slots) {
    const audio = add('audio', 'recvonly', slot);
    const video = add('video', 'recvonly', slot);
    const element = document.createElement('video');
    element.playsInline = true;
    element.srcObject = new MediaStream([video.receiver.track]);
    // An element of its own: one with a picture plays no sound before the first picture came.
    const voice = document.createElement('audio');
    voice.srcObject = new MediaStream([audio.receiver.track]);
    for (const one of [element, voice]) one.autoplay = true;
    document.body.append(element, voice);
    state.slots[slot] = { audio, video, element };
  }
  if (seated) {
    state.microphone = add('audio', 'sendonly', null).sender;
    const small = { rid: 'l', scaleResolutionDownBy: 2, maxBitrate: 120000 };
    const sizes = [small, { rid: 'm', maxBitrate: 450000 }];
    state.layered = layers;
    state.camera = add('video', 'sendonly', null, layers ? sizes : []).sender;
  }
  await pc.setLocalDescription(await pc.createOffer());
  const lines = order.map(({ transceiver, kind, slot }) => ({ mid: transceiver.mid, kind, slot }));
  const connected = new Promise((resolve) => {
    pc.onconnectionstatechange = () => { if (pc.connectionState === 'connected') resolve(); };
  });
  const began = performance.now();
  const rest = rests ? ';usedtx=1' : '';
  const sdp = pc.localDescription.sdp.replaceAll('useinbandfec=1', `useinbandfec=1${rest}`);
  const reply = await fetch('/offer', {
    method: 'POST',
    body: JSON.stringify({ room, name, seated, sdp, lines }),
  });
  if (!reply.ok) throw new Error(await reply.text());
  await pc.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
  await connected;
  state.negotiations = 0;
  return { connect_ms: performance.now() - began, offer_bytes: pc.localDescription.sdp.length };
}

// A moving picture of one hue and a tone, as an office's camera and microphone would be.
// With what flickers in it, it takes as much as it may.
async function speak(hue, hz, loudness = 1, flickers = 0) {
  const canvas = document.createElement('canvas');
  // Of anything smaller Chromium sends one size only.
  const scale = state.layered ? 2 : 1;
  canvas.width = 320 * scale; canvas.height = 180 * scale;
  const context = canvas.getContext('2d');
  context.scale(scale, scale);
  let turn = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${hue} 90% 45%)`;
    context.fillRect(0, 0, 320, 180);
    context.fillStyle = `hsl(${hue} 90% 55%)`;
    context.fillRect((turn += 7) % 300, 80, 20, 20);
    for (let n = 0; n < flickers; n += 1) {
      context.fillStyle = `hsl(${hue} 90% ${Math.random() * 100}%)`;
      context.fillRect(Math.random() * 310, Math.random() * 170, 10, 10);
    }
  }, 50);
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: hz });
  const out = sound.createMediaStreamDestination();
  tone.connect(new GainNode(sound, { gain: loudness })).connect(out);
  tone.start();
  await state.microphone.replaceTrack(out.stream.getAudioTracks()[0]);
  await state.camera.replaceTrack(canvas.captureStream(20).getVideoTracks()[0]);
}

// Sound from a file (WAV, base64), over and over; what a microphone without processing would give.
async function say(wave) {
  const sound = new AudioContext();
  const bytes = Uint8Array.from(atob(wave), (letter) => letter.charCodeAt(0));
  const voice = new AudioBufferSourceNode(sound, {
    buffer: await sound.decodeAudioData(bytes.buffer), loop: true,
  });
  const out = sound.createMediaStreamDestination();
  voice.connect(out);
  voice.start();
  // Nothing else holds on to the graph, and silence is what is left of one that was collected.
  state.voice = { sound, voice, out };
  await state.microphone.replaceTrack(out.stream.getAudioTracks()[0]);
}

async function spoken() {
  const report = await state.microphone.getStats();
  return [...report.values()].find((entry) => entry.type === 'outbound-rtp')?.packetsSent ?? 0;
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
async def media_origin(
    plane: MediaPlane, led: Callable[[str, str], str] = lambda name, answer: answer
) -> AsyncIterator[Origin]:
    """``led``: what the page of a name gets for an answer."""

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
        answer = await plane.connect(RoomId(wanted["room"]), spec, Offer(wanted["sdp"], lines))
        return web.Response(text=led(name, answer))

    application = web.Application()
    application.router.add_get("/", page)
    application.router.add_post("/offer", offer)
    async with TestServer(application, host="127.0.0.1") as server:
        yield Origin(str(server.make_url("/")))


@asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=headless_path(), args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            await browser.close()


async def join(
    browser: Browser,
    origin: Origin,
    room: str,
    name: str,
    *,
    seated: bool,
    slots: Sequence[Slot],
    rests: bool = False,
    redundant: bool = True,
    layers: bool = False,
) -> tuple[Page, dict[str, float]]:
    """A page of its own context that has joined; and ``connect_ms``, ``offer_bytes``.

    ``rests``: its microphone may, while nobody speaks. ``redundant``: its sound may, both ways.
    ``layers``: its camera comes in two sizes, ``l`` (320x180) and ``m`` (640x360).
    """
    page = await (await browser.new_context()).new_page()
    await page.goto(origin.url)
    figures = await page.evaluate(
        "(wanted) => join(...wanted)",
        [room, name, seated, [str(slot) for slot in slots], rests, redundant, layers],
    )
    return page, figures


async def until(page: Page, condition: str, arg: object = None) -> None:
    """Until an (async) condition on ``arg`` holds in the page; Playwright's own wait takes a promise for yes.

    Raises playwright's Error after PATIENCE_MS.
    """
    await page.evaluate(
        f"""async (arg) => {{
          const holds = {condition};
          const end = performance.now() + {PATIENCE_MS};
          while (!(await holds(arg))) {{
            if (performance.now() > end) throw new Error('never held: ' + holds);
            await new Promise((next) => setTimeout(next, 20));
          }}
        }}""",
        arg,
    )


async def until_hue(page: Page, slot: Slot, hue: int) -> None:
    """Until the slot's picture has this hue (degrees, within 25)."""
    await until(
        page,
        "([slot, hue]) => { const seen = hueOf(slot);"
        " return seen !== null && Math.abs(((seen - hue + 540) % 360) - 180) < 25; }",
        [str(slot), hue],
    )


async def until_width(page: Page, slot: Slot, width: int) -> None:
    """Until the slot's picture is so wide, px."""
    await until(page, "([slot, width]) => state.slots[slot].element.videoWidth === width", [str(slot), width])


async def until_frames(page: Page, slot: Slot, more: int) -> None:
    """Until ``more`` further pictures of the slot were decoded."""
    before = (await stats(page, slot, Kind.VIDEO)).get("framesDecoded", 0)
    await until(
        page,
        "([slot, goal]) => stats(slot, 'video').then((now) => now.framesDecoded >= goal)",
        [str(slot), before + more],
    )


async def stats(page: Page, slot: Slot, kind: Kind) -> dict[str, float]:
    """The slot's ``inbound-rtp`` statistics."""
    found = await page.evaluate("([slot, kind]) => stats(slot, kind)", [str(slot), str(kind)])
    return {name: value for name, value in found.items() if isinstance(value, int | float)}
