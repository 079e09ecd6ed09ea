"""``make goal-hall [N=217]``: two cameras forwarded to N receivers, beside Janus and beside the plain limit.

The load: 2 video x 50 packets/s x 1,000 B, each with a keyframe of 20 packets every 10 s, and 2 audio x 50
packets/s x 90 B; receivers report once a second and ask again for one packet in two hundred. Ours records
both cameras with the real recorder and keeps its statistics. Load and sink are other processes (the sink in
C), so nothing of them is in a server's CPU time; the same receivers listen to Janus (streaming plugin).

Figures: ``us_per_packet``: CPU of the media process for each packet sent, everything included.
``server_drops``: what it counted as dropped, or what receivers miss and their sockets did not lose,
whichever is more. ``added_delay_p99_ms``: from sending to the kernel's time of arrival, all packets of 16
receivers, evenly spread over those who are served first and last. ``mb_per_seat``: memory beyond that of the
empty process. ``ratio_to_janus``: CPU per packet at ``janus_n``, the largest N tried at which neither drops;
``janus_delay_p99_ms``: its delay there, for comparison.
``ratio_to_limit``: against AES-128-GCM and sendto in C. ``SABOTAGE=1``: every hundredth packet of the load
never reaches the server, which must end with ``ok: false``. ``SECONDS`` changes how long each run lasts.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.support.goal import report, sabotaged, size
from tests.support.media_halls import Hall, Out, janus_hall, own_hall
from tests.support.media_load import (
    AUDIO_BYTES,
    VIDEO_BYTES,
    Ear,
    built,
    cpu_s,
    publish,
    report_for_ever,
    resident_mb,
    sink_for,
)

SECONDS = float(os.environ.get("SECONDS") or 10)
JANUS_N = (217, 120, 80, 40)
JOINING_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Run:
    packets: int
    """That receivers should have got."""
    us_per_packet: float
    missing: int
    overflown: int
    """Of the missing, lost by the receivers' own sockets."""
    drops: dict[str, int]
    audio_ms: list[float]
    """Delays, ascending."""
    all_ms: list[float]
    mb_per_seat: float

    @property
    def server_drops(self) -> int:
        return max(sum(self.drops.values()), self.missing - self.overflown)


def p99(values: list[float]) -> float:
    return values[int(len(values) * 0.99)]


async def run(hall_of: Callable[[], AbstractAsyncContextManager[Hall]], receivers: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="hall") as folder:
        async with hall_of() as hall:
            empty = resident_mb(hall.pid)
            ears = [Ear() for _ in range(receivers)]
            for at in range(0, receivers, JOINING_AT_ONCE):
                await asyncio.gather(*(hall.join(ear) for ear in ears[at : at + JOINING_AT_ONCE]))
            async with sink_for(ears, Path(folder)) as sink:
                reporting = asyncio.ensure_future(report_for_ever(ears, sink))
                await hall.begin()
                before = cpu_s(hall.pid)
                await publish(hall.cameras, [spoiled(out) for out in hall.send], SECONDS)
                await asyncio.sleep(1.0)
                used = cpu_s(hall.pid) - before
                drops = await hall.drops()
                memory = resident_mb(hall.pid) - empty
                reporting.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await reporting
            counts = sink.counts()
            audio, video = sink.delays_ms()
        for ear in ears:
            await ear.close()
    expected = sum(camera.sent for camera in hall.cameras) * receivers
    got = sum(sum(count[6::3]) for count in counts)
    again = sum(count[3] for count in counts)
    return Run(
        packets=expected,
        us_per_packet=used * 1e6 / (got + again),
        missing=expected - got,
        overflown=sum(count[2] for count in counts),
        drops=drops,
        audio_ms=sorted(audio),
        all_ms=sorted(audio + video),
        mb_per_seat=memory / receivers,
    )


def spoiled(out: Out) -> Out:
    """The way of a packet into a server; sabotaged, it loses one in a hundred."""
    count = 0

    def send(kind: str, packet: bytes) -> None:
        nonlocal count
        count += 1
        if not (sabotaged() and count % 100 == 0):
            out(kind, packet)

    return send


async def limit_us(receivers: int) -> float:
    """CPU for a packet of the load's mean size, in C."""
    ears = [Ear() for _ in range(receivers)]
    with tempfile.TemporaryDirectory(prefix="hall") as folder:
        program = await built("limit", Path(folder), "crypto")
        for ear in ears:
            ear.socket.bind(("127.0.0.1", 0))
        async with sink_for(ears, Path(folder), sampled=0):
            ports = [str(ear.socket.getsockname()[1]) for ear in ears]
            process = await asyncio.create_subprocess_exec(
                program,
                str(round(SECONDS / 2)),
                str((AUDIO_BYTES + VIDEO_BYTES) // 2),
                *ports,
                stdout=asyncio.subprocess.PIPE,
            )
            packets, used = (await process.communicate())[0].split()
    for ear in ears:
        ear.socket.close()
    return float(used) / int(packets)


def tell(name: str, receivers: int, of: Run) -> None:
    sys.stderr.write(
        f"{name} to {receivers}: {of.packets} packets, {of.us_per_packet:.2f} us each, missing {of.missing}"
        f" ({of.overflown} at the receivers' sockets), drops {of.drops}, delay p99"
        f" {p99(of.all_ms):.2f} ms, of sound {p99(of.audio_ms):.2f} ms, {of.mb_per_seat:.2f} MB a seat\n"
    )


async def main(receivers: int) -> int:
    alone = await run(own_hall, receivers)
    tell("ours", receivers, alone)
    figures = {
        "us_per_packet": alone.us_per_packet,
        "server_drops": float(alone.server_drops),
        "added_delay_p99_ms": p99(alone.all_ms),
        "audio_delay_p99_ms": p99(alone.audio_ms),
        "mb_per_seat": alone.mb_per_seat,
        "ratio_to_limit": alone.us_per_packet / await limit_us(receivers),
    }
    for fewer in sorted({min(tried, receivers) for tried in JANUS_N}, reverse=True):
        theirs = await run(janus_hall, fewer)
        tell("janus", fewer, theirs)
        ours = await run(own_hall, fewer)
        tell("ours", fewer, ours)
        figures["janus_n"], figures["ratio_to_janus"] = fewer, ours.us_per_packet / theirs.us_per_packet
        figures["janus_delay_p99_ms"] = p99(theirs.all_ms)
        if theirs.server_drops == ours.server_drops == 0:
            break
    targets = {
        "us_per_packet": 100.0,
        "server_drops": 0.0,
        "added_delay_p99_ms": 10.0,
        "mb_per_seat": 1.5,
        "ratio_to_limit": 3.0,
        "ratio_to_janus": 0.5,
    }
    return report("hall", figures, targets, compared_with="Janus (streaming plugin) from Debian; a C loop")


if __name__ == "__main__":
    if any(shutil.which(program) is None for program in ("gcc", "janus")):
        sys.exit("this goal needs:  sudo apt-get install -y gcc libssl-dev janus")
    sys.exit(asyncio.run(main(size(217))))
