"""``make goal-soak [N=2000]``: N joins and leaves at the whole server, calls and pauses; nothing is left.

Everything is real: personal links, HTTP offers, WebSockets, journal, media process, recorder, DTLS and SRTP.
Browsers come in waves and go in four ways: with a goodbye, by HTTP, without a word, or with their screen
still open. Each wave an office is called and must be heard, by a listener who stays the whole time too. One
office in between was silent for more than 32,768 packets of its own numbering, and the listener's numbering
must know nothing of it. Counted are both processes, after everybody has gone, against what they had after a
first wave.

The browsers live in the web process here, and what they had of OpenSSL leaves holes in its heap; free memory
is given back before it is counted. All takes about forty seconds for two thousand.

Figures: ``leaked_threads``, ``leaked_fds``, ``leaked_tasks``: beyond that first wave, of both processes.
``memory_growth_mb``: of the process that grew more, from the middle of the run to its end.
``pause_gaps``: packets that the listener's numbering skipped over pauses and calls.
``close_full_room_s``: a room of 217 is closed until nobody is left. ``SABOTAGE=1``: the media process keeps
what should go, which must end with ``ok: false``.
"""

import asyncio
import ctypes
import gc
import os
import sys
from dataclasses import dataclass
from time import monotonic

from rooms.media.embedded import rtcp, supervision
from rooms.media.embedded.plane import EmbeddedPlane
from server.access import Role
from tests.support.app import KEMIREN, SARONGAN, House, Socket
from tests.support.gate import Lines, call, gate, hear_packet, join, sound, until
from tests.support.goal import report, sabotaged, size
from tests.support.media_load import Ear, resident_mb

WAVE, AT_ONCE, SCREENS = 16, 4, 4
FULL_ROOM = 217
SILENCE_S = 3.0
"""Instead of 30: so soon are those counted as gone who went without a word."""
JUMPS = (15_000, 30_000, 45_000)
"""How far an office's numbering goes while it has no floor, in steps that SRTP still follows."""
PAUSE_EVERY = 4
"""Waves."""
WATCHED: Lines = [("a", "audio", None), ("v", "video", None)]
HEARD: Lines = [("a", "audio", None)]


@dataclass(frozen=True, slots=True)
class Held:
    """What the two processes hold while only those are there who stay."""

    threads: int
    fds: int
    tasks: int
    memory_mb: tuple[float, float]


class Office:
    def __init__(self, ssrc: int) -> None:
        self.ear = Ear()
        self.ssrc = ssrc
        self._number = 0

    def say(self, payload: bytes) -> None:
        self._number += 1
        self.ear.send_rtp(sound(self.ssrc, self._number & 0xFFFF, payload))

    def be_silent_for_long(self) -> None:
        """Its numbering goes on by some 45,000 packets that nobody hears."""
        began = self._number
        for jump in JUMPS:
            self._number = began + jump
            self.say(b"unheard")


class Soak:
    def __init__(self, house: House, plane: EmbeddedPlane) -> None:
        self.joins = self.calls = self.gaps = 0
        self.close_full_room_s = 0.0
        self._house, self._plane = house, plane
        self._offices = {KEMIREN: Office(5001), SARONGAN: Office(6001)}
        self._listener = Ear()
        self._last: int | None = None
        self._reading: list[asyncio.Task[None]] = []
        self._here: set[Ear] = set()
        """Who is still to be heard of."""

    async def prepare(self) -> None:
        self._operator = (await self._house.opened()).sockets[0]
        for kode, office in self._offices.items():
            visitor = await self._house.visit(kode)
            line = await visitor.connect()
            await line.command("give_consent", consent="direkam")
            await line.send(type="media_state", can_publish=True)
            await line.until("own", lambda own: own["connected"])
            await join(visitor, office.ear, [("m", "audio", office.ssrc)])
            self._reading.append(asyncio.create_task(_read_on(line)))
        self._door = await self._house.visit(Role.PENINJAU)
        await join(self._door, self._listener, HEARD, "speaker", peer_id="stays")
        self._listener.hand_over()
        self._here |= {self._listener, *(office.ear for office in self._offices.values())}
        self._stay = 1 + len(self._offices)

    async def wave(self, number: int) -> None:
        """Some come, an office is called and heard, and they go again."""
        ears = [Ear() for _ in range(WAVE)]
        screens = [await self._door.connect() for _ in range(SCREENS)]
        for at in range(0, WAVE, AT_ONCE):
            await asyncio.gather(*(self._come(ears[at + more], at + more) for more in range(AT_ONCE)))
        kode = (KEMIREN, SARONGAN)[number % 2]
        if number % PAUSE_EVERY == 0:
            self._offices[kode].be_silent_for_long()
        await call(self._operator, kode)
        self.calls += 1
        for word in (b"satu", b"dua", b"tiga"):
            await self._heard(self._offices[kode], word)
        self._operator.passed.clear()
        for screen in screens:
            await screen.close()
        self._door.sockets.clear()
        for at, ear in enumerate(ears):
            if at % 4 == 2:
                await self._door.request("DELETE", f"media/p{at}")
            await self._go(ear, without_a_word=at % 4 == 3)

    async def _come(self, ear: Ear, at: int) -> None:
        await join(self._door, ear, WATCHED, "speaker", peer_id=f"p{at}")
        self._here.add(ear)
        self.joins += 1

    async def _go(self, ear: Ear, *, without_a_word: bool = False) -> None:
        self._here.discard(ear)
        await (ear.vanish() if without_a_word else ear.close())

    async def keep_alive(self) -> None:
        """As browsers do, which report once a second; until cancelled."""
        while True:
            for ear in list(self._here):
                ear.report({}, ())
            await asyncio.sleep(SILENCE_S / 4)

    async def _heard(self, office: Office, word: bytes) -> None:
        office.say(word)
        while True:
            packet = await hear_packet(self._listener)
            number = rtcp.parse_rtp(packet).sequence_number
            if self._last is not None:
                self.gaps += (number - self._last - 1) & 0xFFFF
            self._last = number
            if packet.endswith(word):
                return

    async def held(self) -> Held:
        """Once only those are there who stay."""
        room_id = self._house.room_id
        await until(lambda: self._plane.health(room_id), lambda peers: len(peers) == self._stay)
        await until(self._sockets, lambda count: count == 1 + len(self._offices))
        pids = (os.getpid(), self._plane.worker_pid)
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        return Held(
            threads=sum(len(os.listdir(f"/proc/{pid}/task")) for pid in pids),
            fds=sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in pids),
            tasks=len(asyncio.all_tasks()) + await self._worker_tasks(),
            memory_mb=(resident_mb(pids[0]), resident_mb(pids[1])),
        )

    async def _sockets(self) -> int:
        return len((await self._house.hall()).audience.clients)

    async def _worker_tasks(self) -> int:
        counts = (await self._plane.stats())[0].counts
        assert counts is not None
        return counts.tasks

    async def close_full_room(self) -> None:
        ears = [Ear() for _ in range(FULL_ROOM - self._stay)]
        for at in range(0, len(ears), AT_ONCE):
            some = ears[at : at + AT_ONCE]
            await asyncio.gather(*(self._come(ear, at + more) for more, ear in enumerate(some)))
        room_id = self._house.room_id
        await until(lambda: self._plane.health(room_id), lambda peers: len(peers) == FULL_ROOM)
        began = monotonic()
        await self._plane.close_room(room_id)
        await until(lambda: self._plane.health(room_id), lambda peers: not peers)
        self.close_full_room_s = monotonic() - began
        for ear in (*ears, self._listener, *(office.ear for office in self._offices.values())):
            await self._go(ear)


async def _read_on(line: Socket) -> None:
    """As a screen does; one that takes nothing is let go."""
    while not line.raw.closed:
        await line.raw.receive()


async def main(joins: int) -> int:
    if sabotaged():
        supervision.WORKER_MODULE = "tests.support.leaky_worker"
    async with gate(silence_s=SILENCE_S) as (house, plane):
        soak = Soak(house, plane)
        await soak.prepare()
        alive = asyncio.create_task(soak.keep_alive())
        waves = max(2, joins // WAVE)
        await soak.wave(0)
        first = middle = await soak.held()
        for number in range(1, waves):
            if number == waves // 2:
                middle = await soak.held()
            await soak.wave(number)
        last = await soak.held()
        await soak.close_full_room()
        alive.cancel()
    sys.stderr.write(f"first {first}\nmiddle {middle}\nlast {last}\n")
    figures = {
        "joins": soak.joins,
        "calls": soak.calls,
        "leaked_threads": last.threads - first.threads,
        "leaked_fds": last.fds - first.fds,
        "leaked_tasks": last.tasks - first.tasks,
        "memory_growth_mb": max(b - a for a, b in zip(middle.memory_mb, last.memory_mb, strict=True)),
        "pause_gaps": soak.gaps,
        "close_full_room_s": soak.close_full_room_s,
    }
    targets = {
        "leaked_threads": 0.0,
        "leaked_fds": 0.0,
        "leaked_tasks": 0.0,
        "memory_growth_mb": 8.0,
        "pause_gaps": 0.0,
        "close_full_room_s": 2.0,
    }
    return report("soak", figures, targets, compared_with="the same processes after the first wave")


if __name__ == "__main__":
    sys.exit(asyncio.run(main(size(2000))))
