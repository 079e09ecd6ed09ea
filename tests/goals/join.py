"""``make goal-join [N=217]``: everybody comes in at once, while somebody speaks.

N receivers offer at the same moment and take part by real ICE, DTLS and SRTP; each is in when its first sound
has come. This process reads their offers, as the web process does, and is all of the receivers too; the media
process is on its own. Someone who was in before listens on: how late is the sound there meanwhile?

Figures: ``p95_s``: from the moment that all begin to a receiver's first sound. ``cpu_ms_each``: CPU of the
media process for each join; what forwarding sound to those inside takes is measured afterwards and
subtracted. ``delay_p99_ms``: from sending to arrival, of the sound of the one who was in before.
``SABOTAGE=1``: handshakes may use a twentieth of the thread, which must end with ``ok: false``.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from time import monotonic

from rooms.media.embedded.settings import HANDSHAKE_SHARE
from tests.support.goal import report, sabotaged, size
from tests.support.media_halls import OwnHall, own_hall
from tests.support.media_load import Ear, cpu_s, publish, sink_for

AFTERWARDS_S = 3.0
SABOTAGED_SHARE = 0.05


class Newcomer(Ear):
    """Stops to read when it has heard something: what it would read then is this process's load alone."""

    def __init__(self) -> None:
        super().__init__()
        self.heard_at = 0.0
        self.heard = asyncio.Event()

    def on_media(self, data: bytes) -> None:
        if not 192 <= data[1] <= 223 and not self.heard.is_set():
            self.heard_at = monotonic()
            self.heard.set()
            self.hand_over()


async def come_in(hall: OwnHall, ear: Newcomer) -> None:
    await hall.join(ear)
    await ear.heard.wait()


async def speak(hall: OwnHall) -> None:
    """Sound alone, for ever."""

    def send(kind: str, packet: bytes) -> None:
        if kind == "audio":
            hall.send[0](kind, packet)

    while True:
        await publish(hall.cameras[:1], [send], 60)


async def main(receivers: int) -> int:
    share = SABOTAGED_SHARE if sabotaged() else HANDSHAKE_SHARE
    with tempfile.TemporaryDirectory(prefix="join") as folder:
        async with own_hall(share) as hall:
            inside = Ear()
            await hall.join(inside)
            await hall.begin()
            speaking = asyncio.ensure_future(speak(hall))
            async with sink_for([inside], Path(folder), sampled=1) as sink:
                await asyncio.sleep(1.0)
                ears = [Newcomer() for _ in range(receivers)]
                before, began = cpu_s(hall.pid), monotonic()
                await asyncio.gather(*(come_in(hall, ear) for ear in ears))
                used, ended = cpu_s(hall.pid) - before, monotonic()
                before, now = cpu_s(hall.pid), monotonic()
                await asyncio.sleep(AFTERWARDS_S)
                forwarding = (cpu_s(hall.pid) - before) / (monotonic() - now) / receivers
            delays, _ = sink.delays_ms()
            speaking.cancel()
            for ear in [inside, *ears]:
                await ear.close()
    times = sorted(ear.heard_at - began for ear in ears)
    heard = sum(ended - ear.heard_at for ear in ears)
    figures = {
        "p95_s": times[int(len(times) * 0.95)],
        "median_s": times[len(times) // 2],
        "cpu_ms_each": (used - forwarding * heard) * 1000 / receivers,
        "delay_p99_ms": sorted(delays)[int(len(delays) * 0.99)],
    }
    return report("join", figures, {"p95_s": 5.0, "cpu_ms_each": 8.0}, compared_with="the target alone")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(size(217))))
