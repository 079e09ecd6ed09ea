"""``make goal-net``: speech through bad lines, as real Chromium hears it, with and without each remedy.

A Chromium speaks (espeak-ng) into two media processes; others listen, each through a seeded userspace line of
its own: 10 % lost at random at 400 ms of round trip; 20 % at random; 20 % in bursts of three; both ways. Of
the two processes one reports loss to the speaker, so that Opus carries error correction (FEC), and one never
does; at each a listener takes redundant sound (RED) and another does not. All of a line listen at once, and
the line treats them alike; one more listens without loss, and what is concealed there, which is this
machine's doing, is subtracted from the others.

Then, with pictures beside the sound: what is heard through 128 kbit/s downwards (a queue of 0.3 s), through
64 kbit/s at 800 ms of round trip, and through a queue of a second before 400 kbit/s; and what is heard and
seen, of a camera that comes in two sizes, on a line that carries 128 kbit/s, then 400, then 1,500. And, with
the product's own call: how long until there is sound where no UDP comes through, after UDP is barred in
mid-call, and after a cut of 10 s; and until an office that has the floor and hall have each other again after
the office's address has changed.

Figures: ``audible_*``: 1 - (concealed - silent concealed) / samples, from the first sound on, of the listener
with both remedies; ``*_fec``, ``*_red``, ``*_none``: of those with one or none. ``machine_*``: what is
concealed without loss; beyond a few hundredths the run says little. ``first_sound_s``: the longest from an
offer over one of these lines to sound. ``width_*``: of the picture that moves on each step of the line, px,
0 for one that stands still; ``up_*_s``: how long until it was so wide once the line carried more.
``udp_blocked_s``, ``udp_cut_s``, ``back_after_cut_s``, ``moved_*_s``: seconds. ``SABOTAGE=1``: the listener
with both is given neither, pictures never get smaller, the line stays as narrow as it is, and calls do not
notice silence: each part then ends with ``ok: false``. ``SECONDS``: how long each line is listened to.
``PART``: one of loss, narrow, steps, cuts, moved.
"""

import asyncio
import base64
import io
import json
import os
import shutil
import sys
import tempfile
import wave
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from playwright.async_api import Browser, Page

from rooms.gladi.voice import RATE, SYNTHESIZER, sound
from rooms.ids import RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Kind, Slot, Stage
from tests.support import media_page
from tests.support.cuts import back_s, barred_s, blocked_s
from tests.support.goal import broken, report, sabotaged
from tests.support.impaired import Line, LineNow, impaired, led_through
from tests.support.media_page import Origin
from tests.support.network import run_in_network

BOLD = (
    "from rooms.media.embedded.adaptation import LineShare\n"
    "LineShare._overrun = lambda self, carries, now: None\n"
)
SECONDS = float(os.environ.get("SECONDS") or 40)
SEED = 20261122
ROOM, SPEAKER = RoomId("hall"), "desa"
WORDS = (
    "Terima kasih, Bapak Bupati. Jalan desa kami sepanjang empat kilometer rusak berat sejak banjir bulan"
    " Februari. Kami mengusulkan perbaikan jalan dan jembatan gantung ke dusun seberang, supaya anak-anak"
    " dapat bersekolah dan hasil kebun dapat dibawa ke pasar."
)
LINES = {
    "10": Line(loss=0.10, delay_s=0.2),
    "20": Line(loss=0.20, delay_s=0.02),
    "burst": Line(loss=0.20, burst=3, delay_s=0.02),
}
NARROW = {
    "128k": Line(bits_per_s=128_000, queue_s=0.3, delay_s=0.02),
    "64k": Line(bits_per_s=64_000, queue_s=0.5, delay_s=0.4),
    "bufferbloat": Line(bits_per_s=400_000, queue_s=1.0, delay_s=0.02),
}
CLEAR = Line(delay_s=0.02)
STEPS = {"128k": 0, "400k": 320, "1500k": 640}
"""What a line carries downwards, and how wide the picture is to be in the end, at least."""
NARROW_WIDTH, CLIMB_S = 320, 75.0
"""The widest at 128 kbit/s; a probe that failed may have been followed by a wait of nearly a minute."""
JITTER_S = 0.01
CUT_S = 10.0
TARGETS = {
    "audible_10": 0.995,
    "audible_20": 0.99,
    "audible_burst": 0.93,
    "audible_128k": 0.995,
    "audible_64k": 0.98,
    "audible_bufferbloat": 0.995,
    "audible_steps": 0.995,
    **{f"width_{step}": width for step, width in STEPS.items() if width},
}
AT_MOST = {
    "width_128k": NARROW_WIDTH,
    "first_sound_s": 8.0,
    "udp_blocked_s": 3.0,
    "udp_cut_s": 3.0,
    "back_after_cut_s": 3.0,
    "moved_office_s": 3.0,
    "moved_hall_s": 3.0,
}


@dataclass(frozen=True, slots=True)
class Hall:
    """A media process and the page that its listeners open; ``ports``: where each one's line begins."""

    plane: EmbeddedPlane
    origin: Origin
    ports: dict[str, int]


@asynccontextmanager
async def hall(*, corrects: bool, spoilt: str = "") -> AsyncIterator[Hall]:
    """``spoilt``: what makes its media process worse when sabotaged."""
    folder = Path(tempfile.mkdtemp(prefix="net"))
    settings = MediaSettings(data_dir=folder, udp_port=0, bind_address="127.0.0.1")
    plane = EmbeddedPlane(settings if corrects else replace(settings, shown_audio_loss=0.0))
    ports: dict[str, int] = {}

    def led(name: str, answer: str) -> str:
        return led_through(answer, ports[name]) if name in ports else answer

    try:
        with broken(folder, spoilt):
            await plane.start()
        async with media_page.media_origin(plane, led) as origin:
            yield Hall(plane, origin, ports)
    finally:
        await plane.close()
        shutil.rmtree(folder)


def speech() -> str:
    """WAV, base64."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE)
        for frame in sound(WORDS, 0.0, 12.0):
            out.writeframes(bytes(frame.planes[0])[: 4 * frame.samples])
    return base64.b64encode(file.getvalue()).decode()


async def speak(
    browser: Browser, into: Hall, voice: str, *, seen: bool = False, layers: bool = False
) -> None:
    """``seen``: with a picture; ``layers``: in two sizes, which take all that they may."""
    page, _ = await media_page.join(browser, into.origin, ROOM, SPEAKER, seated=True, slots=(), layers=layers)
    if seen:
        await page.evaluate("(flickers) => speak(120, 500, 1, flickers)", 40 if layers else 0)
    await page.evaluate("(wave) => say(wave)", voice)
    await into.plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId(SPEAKER), None, False)}))


@dataclass(frozen=True, slots=True)
class Heard:
    concealed: float
    """Fraction of what was played, without what was silent anyway."""
    first_sound_s: float


async def for_seconds(page: Page) -> None:
    await asyncio.sleep(SECONDS)


async def listen(
    browser: Browser,
    to: Hall,
    name: str,
    line: Line,
    *,
    redundant: bool,
    now: LineNow | None = None,
    while_: Callable[[Page], Awaitable[None]] = for_seconds,
) -> Heard:
    """Over a line of its own, which is what ``now`` says, from the first sound on, while ``while_`` runs."""
    target = ("127.0.0.1", to.plane.udp_port)
    # Offices send little: it is their way in that is narrow.
    up = replace(line, bits_per_s=0.0)
    async with impaired(target, up=up, down=now or line, seed=SEED) as port:
        to.ports[name] = port
        page, joined = await media_page.join(
            browser, to.origin, ROOM, name, seated=False, slots=(Slot.SPEAKER,), redundant=redundant
        )
        began = monotonic()
        await media_page.until(
            page, "(slot) => stats(slot, 'audio').then((now) => now.totalAudioEnergy > 0)", str(Slot.SPEAKER)
        )
        first_sound_s = joined["connect_ms"] / 1000 + monotonic() - began
        before = await figures(page)
        await while_(page)
        after = await figures(page)
        await page.context.close()
    concealed, silent, samples, lost, packets = (b - a for a, b in zip(before, after, strict=True))
    sys.stderr.write(
        f"{name}: {lost:.0f} of {lost + packets:.0f} packets lost; of speech concealed"
        f" {(concealed - silent) / samples:.4f}\n"
    )
    return Heard((concealed - silent) / samples, first_sound_s)


async def figures(page: Page) -> Sequence[float]:
    stats = await media_page.stats(page, Slot.SPEAKER, Kind.AUDIO)
    names = ("concealedSamples", "silentConcealedSamples", "totalSamplesReceived")
    return [stats[name] for name in (*names, "packetsLost", "packetsReceived")]


async def narrow(voice: str) -> dict[str, float]:
    """What is heard where sound and picture together find no room."""
    async with media_page.chromium() as browser, hall(corrects=True, spoilt=BOLD) as to:
        await speak(browser, to, voice, seen=True)
        clear, *heard = await asyncio.gather(
            listen(browser, to, "clear", CLEAR, redundant=True),
            *(listen(browser, to, name, line, redundant=True) for name, line in NARROW.items()),
        )
    found = {"machine_narrow": clear.concealed}
    return found | {f"audible_{n}": audible(one, clear) for n, one in zip(NARROW, heard, strict=True)}


async def steps(voice: str) -> dict[str, float]:
    """What is heard and seen on a line that carries more and more."""
    found: dict[str, float] = {}
    lines = {step: replace(NARROW["128k"], bits_per_s=1000.0 * int(step[:-1])) for step in STEPS}
    stands = NARROW["128k"]
    ended = asyncio.Event()

    async def climb(page: Page) -> None:
        nonlocal stands
        for step, wanted in STEPS.items():
            stands = lines["128k" if sabotaged() else step]
            began = monotonic()
            patience = CLIMB_S if wanted and not sabotaged() else SECONDS
            while True:
                width = await moving_width(page)
                if (wanted and width >= wanted) or monotonic() - began > patience:
                    break
            found[f"width_{step}"] = width
            if wanted:
                found[f"up_{step}_s"] = monotonic() - began
            sys.stderr.write(f"{step}: {width:.0f} px wide after {monotonic() - began:.0f} s\n")
        ended.set()

    async def till_then(page: Page) -> None:
        await ended.wait()

    async with media_page.chromium() as browser, hall(corrects=True) as to:
        await speak(browser, to, voice, seen=True, layers=True)
        clear, climbed = await asyncio.gather(
            listen(browser, to, "clear", CLEAR, redundant=True, while_=till_then),
            listen(browser, to, "steps", stands, redundant=True, now=lambda: stands, while_=climb),
        )
    return found | {"audible_steps": audible(climbed, clear), "machine_steps": clear.concealed}


async def moving_width(page: Page) -> float:
    """px, of the picture that has moved in the last two seconds; 0: none has."""
    before = await media_page.stats(page, Slot.SPEAKER, Kind.VIDEO)
    await asyncio.sleep(2.0)
    after = await media_page.stats(page, Slot.SPEAKER, Kind.VIDEO)
    moved = after.get("framesDecoded", 0) - before.get("framesDecoded", 0) > 4
    return after.get("frameWidth", 0) if moved else 0.0


def audible(one: Heard, clear: Heard) -> float:
    """Without what this machine concealed to a line that loses nothing."""
    return min(1.0, 1 - one.concealed + clear.concealed)


async def cuts(voice: str) -> dict[str, float]:
    deaf = sabotaged()
    async with media_page.chromium() as browser, hall(corrects=True) as to:
        await speak(browser, to, voice)
        return {
            "udp_blocked_s": await blocked_s(browser, to.plane, ROOM, deaf=deaf),
            "udp_cut_s": await barred_s(browser, to.plane, ROOM, deaf=deaf),
            "back_after_cut_s": await back_s(browser, to.plane, ROOM, CUT_S, deaf=deaf),
        }


async def moved(voice: str) -> dict[str, float]:
    """In a network of its own, with the whole product."""
    folder = Path(tempfile.mkdtemp(prefix="net"))
    try:
        if await run_in_network("tests.support.lan", str(folder)):
            raise RuntimeError("the office did not come back")
        found: dict[str, float] = json.loads((folder / "moved.json").read_text())
    finally:
        shutil.rmtree(folder)
    return {f"moved_{who}_s": seconds for who, seconds in found.items()}


async def loss(voice: str) -> dict[str, float]:
    """What is heard through each of LINES, with and without each remedy."""
    found: dict[str, float] = {}
    first: list[float] = []
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(media_page.chromium())
        correcting = await stack.enter_async_context(hall(corrects=True))
        plain = await stack.enter_async_context(hall(corrects=False))
        for into in (correcting, plain):
            await speak(browser, into, voice)
        for name, line in LINES.items():
            bad = replace(line, jitter_s=JITTER_S)
            best = plain if sabotaged() else correcting
            clear, *heard = await asyncio.gather(
                listen(browser, correcting, f"clear_{name}", replace(bad, loss=0.0), redundant=True),
                listen(browser, best, f"audible_{name}", bad, redundant=not sabotaged()),
                listen(browser, correcting, f"audible_{name}_fec", bad, redundant=False),
                listen(browser, plain, f"audible_{name}_red", bad, redundant=True),
                listen(browser, plain, f"audible_{name}_none", bad, redundant=False),
            )
            for remedy, one in zip(("", "_fec", "_red", "_none"), heard, strict=True):
                found[f"audible_{name}{remedy}"] = audible(one, clear)
                first.append(one.first_sound_s)
            found[f"machine_{name}"] = clear.concealed
    return found | {"first_sound_s": max(first)}


PARTS = {"loss": loss, "narrow": narrow, "steps": steps, "cuts": cuts, "moved": moved}


async def main() -> int:
    voice = speech()
    found: dict[str, float] = {}
    chosen = os.environ.get("PART")
    for part in [PARTS[chosen]] if chosen else PARTS.values():
        found |= await part(voice)
    return report(
        "net",
        found,
        {name: most for name, most in AT_MOST.items() if name in found},
        at_least={name: least for name, least in TARGETS.items() if name in found},
        compared_with="the same line without each remedy",
    )


if __name__ == "__main__":
    if shutil.which(SYNTHESIZER) is None:
        sys.stderr.write(f"{SYNTHESIZER} not found: tones are heard instead of speech\n")
    sys.exit(asyncio.run(main()))
