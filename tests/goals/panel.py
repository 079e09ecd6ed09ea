"""``make goal-panel [N=5] [SECONDS=6]``: consoles that watch 25 offices in small pictures.

25 offices send their smallest picture (15 packets/s x 1,000 B each) and the hall its sound. N consoles are in
the call with a panel's 25 lines each, first without watching anybody, then watching all. What the media
process takes more is what watching costs; one console's packets are kept to see what came, and how late the
hall's sound was meanwhile.

Figures: ``cpu_percent_each``: of one core, for each console; ``us_per_packet``: the same for each packet sent
to a panel; ``delivered``: of the small pictures; ``delay_p99_ms``: of the hall's sound while all watch;
``delay_added_ms``: by how much that is later than while nobody did.
``SABOTAGE=1``: the server's line is too narrow for panels, which are then left out: ends with ``ok: false``.
"""

import asyncio
import os
import secrets
import struct
import sys
import tempfile
from pathlib import Path
from time import monotonic, time_ns

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import rtcp
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import PANEL_LINES, Feed, Kind, Line, Offer, PeerSpec, Slot, Stage
from tests.support.goal import report, sabotaged, size
from tests.support.media_load import (
    PERIOD_S,
    VIDEO_BYTES,
    VP8,
    Camera,
    Ear,
    cpu_s,
    offer_of,
    sink_for,
    ssrcs_of,
)

ROOM = RoomId("panel")
HALL = SeatId("aula")
OFFICES = [SeatId(f"desa{n}") for n in range(PANEL_LINES)]
FRAMES_PER_S = 15
NARROW_MBIT = 1


class Office(Ear):
    """Sends a small picture; every frame is whole, so that none waits for another."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.ssrc = ssrcs_of(number)[1]
        self._number = secrets.randbelow(30_000)

    def frame(self) -> None:
        self._number += 1
        start = rtcp.rtp_header(False, True, VP8, self._number, self._number * 6000, self.ssrc)
        head = b"\x10\x10\0\0\x9d\x01\x2a\x40\x01\xb4\x00"
        self.send_rtp((start + head + struct.pack("!Q", time_ns())).ljust(12 + VIDEO_BYTES, b"\xaa"))


async def join(plane: EmbeddedPlane, ear: Ear, name: str, lines: list[tuple[str, Kind, Slot]]) -> None:
    """As a console that receives these lines, by mid."""
    offer = offer_of(ear, [(mid, kind, None) for mid, kind, _ in lines])
    spec = PeerSpec(PeerId(name), None, True)
    await ear.connect(await plane.connect(ROOM, spec, Offer(offer, tuple(Line(*line) for line in lines))))


async def seat(plane: EmbeddedPlane, ear: Ear, seat_id: SeatId, kind: Kind, ssrc: int) -> None:
    """As a device that sends one line."""
    spec = PeerSpec(PeerId(f"of-{seat_id}"), seat_id, False)
    offer = Offer(offer_of(ear, [("s", kind, ssrc)]), (Line("s", kind, None),))
    await ear.connect(await plane.connect(ROOM, spec, offer))


async def send(hall: Ear, sound: Camera, offices: list[Office], seconds: float) -> int:
    """Frames that each office has sent, at moments of their own."""
    began, frames, turn = monotonic(), 0, 0
    while monotonic() - began < seconds:
        turn += 1
        for kind, packet in sound.tick():
            if kind == "audio":
                hall.send_rtp(packet)
        # Offices are spread over the time of a frame, as cameras are.
        due = int((monotonic() - began) * FRAMES_PER_S * len(offices))
        for at in range(frames, due):
            offices[at % len(offices)].frame()
        frames = max(frames, due)
        await asyncio.sleep(max(0.0, began + turn * PERIOD_S - monotonic()))
    return frames


async def main(consoles: int, seconds: float) -> int:
    narrow = NARROW_MBIT if sabotaged() else 0
    with tempfile.TemporaryDirectory(prefix="panel") as folder:
        settings = MediaSettings(
            data_dir=Path(folder), udp_port=0, bind_address="127.0.0.1", egress_mbit=narrow
        )
        plane = EmbeddedPlane(settings)
        await plane.start()
        try:
            figures = await measured(plane, consoles, seconds, Path(folder))
        finally:
            await plane.close()
    targets = {"cpu_percent_each": 2.0, "delay_added_ms": 10.0}
    return report(
        "panel", figures, targets, at_least={"delivered": 0.99}, compared_with="the same, unwatched"
    )


async def measured(plane: EmbeddedPlane, consoles: int, seconds: float, folder: Path) -> dict[str, float]:
    hall, sound = Ear(), Camera(len(OFFICES))
    await seat(plane, hall, HALL, Kind.AUDIO, ssrcs_of(len(OFFICES))[0])
    offices = [Office(number) for number in range(len(OFFICES))]
    for office, seat_id in zip(offices, OFFICES, strict=True):
        await seat(plane, office, seat_id, Kind.VIDEO, office.ssrc)
    lines = [("a", Kind.AUDIO, Slot.AULA)]
    lines += [(f"p{n}", Kind.VIDEO, Slot.PANEL) for n in range(PANEL_LINES)]
    ears = [Ear() for _ in range(consoles)]
    for number, ear in enumerate(ears):
        await join(plane, ear, f"desk{number}", lines)
    stage = Stage({Slot.AULA: Feed(HALL, None, False)}, panel=tuple(OFFICES))
    await plane.set_stage(ROOM, 1, 1, stage)
    pid = plane.worker_pid

    async def spent() -> tuple[float, int]:
        """CPU seconds of the media process while all send, and the frames that were sent."""
        before = cpu_s(pid)
        frames = await send(hall, sound, offices, seconds)
        return cpu_s(pid) - before, frames

    (folder / "unwatched").mkdir()
    async with sink_for(ears, folder / "unwatched", sampled=1) as sink:
        await send(hall, sound, offices, 1.0)
        unwatched, _ = await spent()
        await asyncio.sleep(0.3)
    usual, _ = sink.delays_ms()
    for number in range(consoles):
        await plane.watch(ROOM, PeerId(f"desk{number}"), tuple(OFFICES))
    (folder / "watched").mkdir()
    async with sink_for(ears, folder / "watched", sampled=1) as sink:
        watched, frames = await spent()
        await asyncio.sleep(0.3)
    delays, pictures = sink.delays_ms()
    for ear in (hall, *offices, *ears):
        await ear.close()
    more = watched - unwatched
    return {
        "cpu_percent_each": 100 * more / seconds / consoles,
        "us_per_packet": 1e6 * more / frames / consoles,
        "delivered": len(pictures) / frames,
        "delay_p99_ms": p99(delays),
        "delay_added_ms": p99(delays) - p99(usual),
    }


def p99(delays: list[float]) -> float:
    return sorted(delays)[int(len(delays) * 0.99)] if delays else float("inf")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(size(5), float(os.environ.get("SECONDS") or 6))))
