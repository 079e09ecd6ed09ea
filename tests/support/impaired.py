"""A bad line of UDP in between: datagrams lost one by one or in bursts, delayed, jittered, reordered, or held
up before a bottleneck whose queue is as long as it is.

Seeded: the same datagrams in the same order meet the same fate. Each address that sends to ``port`` gets a
socket of its own towards the target, so the server sees so many peers. Both directions have their own line.
"""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

Address = tuple[str, int]
_HEADERS_BYTES = 28
Seen = Callable[[bytes, bool], None]
"""A datagram, and whether it gets through."""
Passable = Callable[[], bool]
"""While it says no, nothing gets through."""
LineNow = Callable[[], "Line"]
"""A line that changes."""


def _unseen(data: bytes, passed: bool) -> None:
    return


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Line:
    """One direction."""

    loss: float = 0.0
    """Mean fraction, 0..1."""
    burst: int = 1
    """So many datagrams in a row are lost at a time."""
    delay_s: float = 0.0
    jitter_s: float = 0.0
    """At most so much more, evenly; the order is kept."""
    reordered: float = 0.0
    """Fraction that waits ``late_s`` longer while others pass."""
    late_s: float = 0.03
    bits_per_s: float = 0.0
    """What passes the bottleneck, headers of IP and UDP included; 0: everything at once."""
    queue_s: float = 0.2
    """How long what waits before it may take to pass; more is lost."""


class Fate:
    """What becomes of each datagram of one line, in their order."""

    def __init__(self, line: Line | LineNow, seed: int) -> None:
        self._line = line
        self._chance = random.Random(seed)
        self._left = 0
        self._passed_at = 0.0
        self._free_at = 0.0

    def arrival(self, now: float, size_bytes: int = 0) -> float | None:
        """When a datagram that is sent ``now`` arrives; None: never."""
        line = self._line if isinstance(self._line, Line) else self._line()
        chance = self._chance
        lost, jitter, late = chance.random(), chance.random(), chance.random()
        if self._left:
            self._left -= 1
            return None
        # So that bursts and what is between them come to ``loss`` in the mean.
        if lost < line.loss / (line.burst - line.loss * (line.burst - 1)):
            self._left = line.burst - 1
            return None
        if line.bits_per_s:
            begins = max(now, self._free_at)
            if begins - now > line.queue_s:
                return None
            now = self._free_at = begins + (size_bytes + _HEADERS_BYTES) * 8 / line.bits_per_s
        at = max(now + line.delay_s + jitter * line.jitter_s, self._passed_at)
        if late < line.reordered:
            return at + line.late_s
        self._passed_at = at
        return at


class _Way(asyncio.DatagramProtocol):
    """One direction of one peer: what comes in goes to ``out`` when its fate says so."""

    def __init__(self, fate: Fate, out: Callable[[bytes], None], seen: Seen, passable: Passable) -> None:
        self._fate = fate
        self._out = out
        self._seen = seen
        self._passable = passable

    def datagram_received(self, data: bytes, source: Address) -> None:
        loop = asyncio.get_running_loop()
        at = self._fate.arrival(loop.time(), len(data))
        if not self._passable():
            at = None
        self._seen(data, at is not None)
        if at is not None:
            loop.call_at(at, self._out, data)


class _Door(asyncio.DatagramProtocol):
    """Where peers knock; makes the two ways of each."""

    def __init__(
        self, target: Address, up: Line, down: Line | LineNow, seed: int, seen: Seen, passable: Passable
    ) -> None:
        self._target, self._up, self._down, self._seed = target, up, down, seed
        self._seen, self._passable = seen, passable
        self.door: asyncio.DatagramTransport | None = None
        self._ways: dict[Address, _Way] = {}
        self._waiting: dict[Address, list[bytes]] = {}
        self._opening: set[asyncio.Task[None]] = set()
        self._behind: list[asyncio.DatagramTransport] = []

    def datagram_received(self, data: bytes, source: Address) -> None:
        way = self._ways.get(source)
        if way is not None:
            way.datagram_received(data, source)
        elif source in self._waiting:
            self._waiting[source].append(data)
        else:
            self._waiting[source] = [data]
            task = asyncio.get_running_loop().create_task(self._open(source))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def _open(self, source: Address) -> None:
        door = self.door
        assert door is not None
        seed = self._seed + 2 * len(self._ways)

        def back(data: bytes) -> None:
            if not door.is_closing():
                door.sendto(data, source)

        behind, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Way(Fate(self._down, seed + 1), back, self._seen, self._passable),
            remote_addr=self._target,
        )
        self._behind.append(behind)

        def on(data: bytes) -> None:
            if not behind.is_closing():
                behind.sendto(data)

        way = self._ways[source] = _Way(Fate(self._up, seed), on, _unseen, self._passable)
        for data in self._waiting.pop(source):
            way.datagram_received(data, source)

    def close(self) -> None:
        for task in self._opening:
            task.cancel()
        for transport in self._behind:
            transport.close()
        if self.door is not None:
            self.door.close()


@asynccontextmanager
async def impaired(
    target: Address,
    *,
    up: Line,
    down: Line | LineNow,
    seed: int,
    seen: Seen = _unseen,
    passable: Passable = _always,
) -> AsyncIterator[int]:
    """The port on 127.0.0.1 that leads to ``target``; ``down`` is from there back, watched by ``seen``."""
    transport, door = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Door(target, up, down, seed, seen, passable),
        local_addr=("127.0.0.1", 0),
        family=socket.AF_INET,
    )
    door.door = transport
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        door.close()
        # The sockets are closed when the loop comes round.
        await asyncio.sleep(0)


def led_through(answer: str, port: int) -> str:
    """An answer that offers nothing but ``port`` of 127.0.0.1."""
    rows = []
    for row in answer.split("\r\n"):
        if not row.startswith("a=candidate:"):
            rows.append(row)
        elif " udp " in row and " 127.0.0.1 " in row:
            fields = row.split(" ")
            fields[5] = str(port)
            rows.append(" ".join(fields))
    return "\r\n".join(rows)
