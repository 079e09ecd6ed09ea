"""``make goal-switch [N=20]``: from an accepted Panggil to the first frame of the new speaker.

Two offices in real Chromium, their cameras in two sizes, are called in turn; each stands *bersiap* before, in
a desk's preview. N receivers, two of them Chromium, the others real peers that decrypt and look for a whole
keyframe. Once with everybody near, once with both offices 400 ms of round trip away: the keyframe has to be
asked for over their line, so one round trip is in the figure. The clock starts where the meeting's follower
gives the stage to the media plane, which it does once Panggil is committed.

Figures: ``p95_ms``, ``p95_ms_400`` over all receivers and calls; ``chromium_ms``: the median of the browsers
alone, up to the picture on the page. ``renegotiations`` of the browsers. ``freezes``: pictures that stood
still at a browser, as Chromium counts them, without those that an office made by leaving frames out, as a
busy machine makes offices do (tests/support/freezes.py). ``freezes_counted``: what Chromium counts, with
them. ``*_400``: offices far, where a round trip without a picture counts as a freeze. ``lip_sync_ms``: how
far flash and beep, made together by the office, come apart at the browsers (median over the flashes after a
call). ``SABOTAGE=1``: no keyframe is ever asked for, which must end with ``ok: false``.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import time

import pylibsrtp
from playwright.async_api import Browser, Page

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import rtcp
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Kind, Line, Offer, PeerSpec, Slot, Stage
from tests.support import media_page
from tests.support.freezes import Came, Shown, stills
from tests.support.goal import broken, report, size
from tests.support.impaired import Line as Wire
from tests.support.impaired import impaired, led_through
from tests.support.media_load import VP8, Ear, offer_of

CALLS = int(os.environ.get("CALLS") or 8)
BROWSERS = 2
BERSIAP_S, SPEAKS_S = 0.7, 2.5
GIVEN_UP_MS = 3000.0
"""A receiver that saw nothing by then counts as so late."""
ROUND_TRIP_S = 0.4
ROOM = RoomId("hall")
OFFICES = {"desa_hijau": 120, "desa_biru": 240}
"""Name -> hue in degrees."""
BLIND = "from rooms.media.embedded.repair import Repair\nRepair._ask_keyframe = lambda self, source: None\n"

# A picture of one hue and silence; a flash and a beep together, about once a second.
OFFICE = """async (hue) => {
  const canvas = document.createElement('canvas');
  canvas.width = 640; canvas.height = 360;
  const context = canvas.getContext('2d');
  const sound = new AudioContext();
  const gain = new GainNode(sound, { gain: 0 });
  const tone = new OscillatorNode(sound, { frequency: 600 });
  const out = sound.createMediaStreamDestination();
  tone.connect(gain).connect(out);
  tone.start();
  let turn = 0;
  setInterval(() => {
    turn += 1;
    const on = turn % 20 < 4;
    gain.gain.value = on ? 1 : 0;
    context.fillStyle = on ? `hsl(${hue} 90% 80%)` : `hsl(${hue} 90% 40%)`;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = `hsl(${hue} 90% 45%)`;
    context.fillRect((turn * 7) % 600, 300, 40, 40);
  }, 50);
  await state.microphone.replaceTrack(out.stream.getAudioTracks()[0]);
  await state.camera.replaceTrack(canvas.captureStream(20).getVideoTracks()[0]);
}"""

# Notes when each hue came first, when it flashed, when it was heard, and of each frame when it was shown and
# had come, and how many were shown by then; instants in ms since 1970.
WATCH = """() => {
  const { element, audio } = state.slots.speaker;
  state.seen = {}; state.flashes = []; state.beeps = []; state.frames = [];
  // Its size on the page is of no matter, and is drawn by the processor.
  element.width = 64;
  const context = new OffscreenCanvas(8, 8).getContext('2d', { willReadFrequently: true });
  const now = () => performance.timeOrigin + performance.now();
  let bright = false;
  const look = (_, frame) => {
    element.requestVideoFrameCallback(look);
    const since = performance.timeOrigin;
    state.frames.push([since + frame.presentationTime, since + frame.receiveTime, frame.presentedFrames]);
    context.drawImage(element, 0, 0, 640, 200, 0, 0, 8, 8);
    const [r, g, b] = context.getImageData(2, 2, 1, 1).data;
    const name = g > b && g > r ? 'desa_hijau' : b > g && b > r ? 'desa_biru' : null;
    if (name && state.wanted === name && !(name in state.seen)) state.seen[name] = now();
    const is = Math.min(r, g, b) > 100;
    if (is && !bright) state.flashes.push(now());
    bright = is;
  };
  element.requestVideoFrameCallback(look);
  const sound = new AudioContext();
  const analyser = new AnalyserNode(sound, { fftSize: 256 });
  sound.createMediaStreamSource(new MediaStream([audio.receiver.track])).connect(analyser);
  const samples = new Float32Array(256);
  let loud = false;
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const is = Math.max(...samples) > 0.1;
    if (is && !loud) state.beeps.push(now());
    loud = is;
  }, 5);
}"""
FIRST_SEEN = """([name, longest]) => new Promise((done) => {
  const end = performance.now() + longest;
  const look = () => {
    if (name in state.seen || performance.now() > end) done(state.seen[name] ?? null);
    else setTimeout(look, 5);
  };
  look();
})"""


class Receiver(Ear):
    """Notes when frames came; looks for the first whole keyframe after ``watch``."""

    def __init__(self) -> None:
        super().__init__()
        self._keyframe: int | None = None
        self.frames: list[Came] = []
        self.seen: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def watch(self) -> None:
        self._keyframe = None
        self.seen = asyncio.get_running_loop().create_future()

    def listen(self) -> None:
        """Connected: what comes now is media."""
        self.hand_over()
        asyncio.get_running_loop().add_reader(self.socket, self._media)

    def _media(self) -> None:
        while True:
            try:
                data = self.socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if not 0x80 <= data[0] <= 0xBF or 192 <= data[1] <= 223 or data[1] & 0x7F != VP8:
                continue
            now = time() * 1000
            if data[1] & 0x80:
                self.frames.append(Came(now, int.from_bytes(data[4:8], "big")))
            if self.seen.done():
                continue
            try:
                plain = self.inbound.unprotect(data)
            except pylibsrtp.Error:
                continue
            head = rtcp.parse_rtp(plain)
            if self._keyframe is None and rtcp.is_vp8_keyframe(plain, head.body_at):
                self._keyframe = head.timestamp
            if head.marker and head.timestamp == self._keyframe and not self.seen.done():
                self.seen.set_result(now)


@dataclass
class Found:
    all_ms: list[float] = field(default_factory=list)
    chromium_ms: list[float] = field(default_factory=list)
    renegotiations: int = 0
    freezes: int = 0
    freezes_counted: int = 0
    apart_ms: list[float] = field(default_factory=list)

    @property
    def p95_ms(self) -> float:
        return sorted(self.all_ms)[int(len(self.all_ms) * 0.95)]


@asynccontextmanager
async def media(folder: Path) -> AsyncIterator[EmbeddedPlane]:
    plane = EmbeddedPlane(MediaSettings(data_dir=folder, udp_port=0, bind_address="127.0.0.1"))
    with broken(folder, BLIND):
        try:
            await plane.start()
            yield plane
        finally:
            await plane.close()


async def join(plane: EmbeddedPlane, name: str, slots: Sequence[Slot], *, desk: bool = False) -> Receiver:
    ear = Receiver()
    lines = [(f"{slot}-{kind}", kind, slot) for slot in slots for kind in Kind]
    offer = Offer(
        offer_of(ear, [(mid, kind, None) for mid, kind, _ in lines]),
        tuple(Line(mid, kind, slot) for mid, kind, slot in lines),
    )
    await ear.connect(await plane.connect(ROOM, PeerSpec(PeerId(name), None, desk), offer))
    ear.listen()
    return ear


async def stay_known(ears: Sequence[Receiver]) -> None:
    """A peer that says nothing is taken for one that left."""
    while True:
        for ear in ears:
            ear.send(ear.check())
        await asyncio.sleep(5)


def stage(speaker: str, following: str | None = None) -> Stage:
    feeds = {Slot.SPEAKER: Feed(SeatId(speaker), None, False)}
    if following is not None:
        feeds[Slot.PREVIEW_1] = Feed(SeatId(following), None, False)
    return Stage(feeds)


async def measure(browser: Browser, receivers: int, delay_s: float) -> Found:
    """All the calls, with the offices so far away, one way."""
    found = Found()
    ports: dict[str, int] = {}
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="switch"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        plane = await stack.enter_async_context(media(folder))
        for name in OFFICES if delay_s else ():
            line = Wire(delay_s=delay_s)
            target = ("127.0.0.1", plane.udp_port)
            ports[name] = await stack.enter_async_context(impaired(target, up=line, down=line, seed=1))

        def led(name: str, answer: str) -> str:
            return led_through(answer, ports[name]) if name in ports else answer

        origin = await stack.enter_async_context(media_page.media_origin(plane, led))
        pages: list[Page] = []
        for name, hue in OFFICES.items():
            page, _ = await media_page.join(browser, origin, ROOM, name, seated=True, slots=(), layers=True)
            await page.evaluate(OFFICE, hue)
            pages.append(page)
        viewers = [
            (await media_page.join(browser, origin, ROOM, f"viewer{at}", seated=False, slots=[Slot.SPEAKER]))[
                0
            ]
            for at in range(BROWSERS)
        ]
        ears = [await join(plane, f"ear{at}", [Slot.SPEAKER]) for at in range(receivers - BROWSERS)]
        ears.append(await join(plane, "desk", [Slot.PREVIEW_1], desk=True))
        knocking = asyncio.ensure_future(stay_known(ears))
        for viewer in viewers:
            await viewer.evaluate(WATCH)
        await calls(plane, viewers, ears[:-1], found)
        for page in (*pages, *viewers):
            found.renegotiations += await page.evaluate("() => state.negotiations")
            await page.context.close()
        knocking.cancel()
        for ear in ears:
            await ear.close()
    return found


async def calls(
    plane: EmbeddedPlane, viewers: Sequence[Page], ears: Sequence[Receiver], found: Found
) -> None:
    names, called_at = list(OFFICES), dict[float, float]()
    await plane.set_stage(ROOM, 1, 0, stage(names[-1], names[0]))
    await asyncio.sleep(SPEAKS_S)
    frozen, began = [await freezes(page) for page in viewers], time() * 1000
    for call in range(CALLS):
        before, name = names[(call - 1) % 2], names[call % 2]
        await plane.set_stage(ROOM, 1, 2 * call + 1, stage(before, name))
        await asyncio.sleep(BERSIAP_S)
        for page in viewers:
            await page.evaluate("(name) => { state.seen = {}; state.wanted = name; }", name)
        for ear in ears:
            ear.watch()
        called = time() * 1000
        await plane.set_stage(ROOM, 1, 2 * call + 2, stage(name))
        seen = await asyncio.gather(
            *(page.evaluate(FIRST_SEEN, [name, GIVEN_UP_MS]) for page in viewers),
            *(within(ear.seen) for ear in ears),
        )
        reference = seen[len(viewers)]
        if reference is not None:
            called_at[reference] = called
        late = [GIVEN_UP_MS if at is None else at - called for at in seen]
        found.all_ms += late
        found.chromium_ms += late[: len(viewers)]
        await asyncio.sleep(SPEAKS_S)
        for page in viewers:
            found.apart_ms += await page.evaluate(
                """(called) => {
                  const since = (all) => all.filter((at) => at > called + 500);
                  return since(state.flashes).map((flash) =>
                    Math.min(...state.beeps.map((beep) => Math.abs(beep - flash))));
                }""",
                called,
            )
        sys.stderr.write(f"call {call}: {sorted(round(one) for one in late)} ms\n")
    for page, count in zip(viewers, frozen, strict=True):
        found.freezes_counted += await freezes(page) - count
        shown = [Shown(*one) for one in await page.evaluate("() => state.frames")]
        for still in stills(shown, ears[0].frames, called_at):
            if still.since_ms > began:
                found.freezes += still.ours
                sys.stderr.write(
                    f"{(still.since_ms - began) / 1000:.1f} s: still for {still.lasted_ms:.0f} ms,"
                    f" of which an office left out {still.left_out_ms:.0f}\n"
                )


async def freezes(page: Page) -> int:
    return int((await media_page.stats(page, Slot.SPEAKER, Kind.VIDEO)).get("freezeCount", 0))


async def within(seen: "asyncio.Future[float]") -> float | None:
    try:
        return await asyncio.wait_for(asyncio.shield(seen), GIVEN_UP_MS / 1000)
    except TimeoutError:
        return None


async def main(receivers: int) -> int:
    async with media_page.chromium() as browser:
        near = await measure(browser, receivers, 0.0)
        far = await measure(browser, receivers, ROUND_TRIP_S / 2)
    figures = {
        "p95_ms": near.p95_ms,
        "p95_ms_400": far.p95_ms,
        "chromium_ms": median(near.chromium_ms),
        "renegotiations": float(near.renegotiations + far.renegotiations),
        "freezes": float(near.freezes),
        "freezes_counted": float(near.freezes_counted),
        "freezes_400": float(far.freezes),
        "lip_sync_ms": median(near.apart_ms) if near.apart_ms else GIVEN_UP_MS,
    }
    targets = {
        "p95_ms": 150.0,
        "p95_ms_400": 1000 * ROUND_TRIP_S + 150.0,
        "renegotiations": 0.0,
        "freezes": 0.0,
        "lip_sync_ms": 80.0,
    }
    return report(
        "switch", figures, targets, compared_with=f"no peer; {receivers} receivers, {CALLS} calls each"
    )


if __name__ == "__main__":
    sys.exit(asyncio.run(main(size(20))))
