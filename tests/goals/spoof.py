"""``make goal-spoof [N=60]``: a live hall under 10^5 hostile datagrams, faster than 20,000/s.

N receivers hear and see two cameras, as in goal-hall. Meanwhile a flood (prepared here, sent by a process of
its own in C) comes from strangers and, through the very sockets of the hall's own peers, with their source
addresses: empty and random datagrams, broken STUN, DTLS, RTP and RTCP, replays of what the peers really
sent, forged checks under their user names; and from insiders who are in the hall with seats of their own,
and whose valid checks nominate the addresses of others, or whose valid SRTP carries broken packets.

Figures: ``datagrams`` of the flood, sent at ``per_s``. ``sessions_hurt``: receivers that miss a packet which
their own socket did not lose, and peers that are not connected afterwards. ``added_delay_p99_ms``: from
sending to the kernel's time of arrival during the flood, all packets of 16 receivers (``quiet_delay_p99_ms``:
the same before it). ``queue_growth``: MB of memory that the media process gained after the flood's first
quarter; ``unread``: datagrams that its socket lost. ``SABOTAGE=1``: its check of source addresses is off,
which must end with ``ok: false``.
"""

import asyncio
import random
import shutil
import struct
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket

import pylibsrtp

from rooms.ids import PeerId, SeatId
from rooms.media.embedded import supervision
from rooms.media.plane import Kind, Line, Offer, PeerSpec
from tests.support.goal import report, sabotaged, size
from tests.support.hostile import captured, spoiled
from tests.support.media_halls import ROOM, Out, OwnHall, own_hall
from tests.support.media_load import (
    Ear,
    built,
    cpu_s,
    offer_of,
    publish,
    report_for_ever,
    resident_mb,
    sink_for,
)

DATAGRAMS, PER_S = 100_000, 24_000
PREPARED = 20_000
QUIET_S, SETTLING_S = 2.0, 0.5
JOINING_AT_ONCE = 8
STRANGERS, VICTIMS, INSIDERS = 20, 8, 2
RECORD = struct.Struct("=II")
SEED = 20261122


class Attack:
    """Who sends through which socket, and what."""

    def __init__(self, hall: OwnHall, ears: list[Ear], insiders: list[Ear], sent: list[bytes]) -> None:
        """``sent``: SRTP that the hall's cameras sent before."""
        self._chance = random.Random(SEED)
        self._sent = sent
        self._victims = [*hall.offices, *ears[:VICTIMS]]
        self._insiders = insiders
        self.strangers = [socket(AF_INET, SOCK_DGRAM) for _ in range(STRANGERS)]
        for one in self.strangers:
            one.connect(("127.0.0.1", hall.plane.udp_port))
        self.sockets = [*self.strangers, *(ear.socket for ear in [*self._victims, *insiders])]
        self.kinds: Counter[str] = Counter()

    async def prepare(self, folder: Path) -> list[str]:
        """Everything made and written down; the command that sends it."""
        file = folder / "datagrams"
        file.write_bytes(b"".join(self.prepared()))
        fds = (str(one.fileno()) for one in self.sockets)
        return [str(await built("flood", folder)), str(file), str(PER_S), str(DATAGRAMS), *fds]

    async def go(self, command: list[str], watch: "Watch") -> tuple[int, float]:
        """Datagrams, and seconds that it took."""
        await asyncio.sleep(SETTLING_S)
        process = await asyncio.create_subprocess_exec(
            *command, pass_fds=[one.fileno() for one in self.sockets], stdout=asyncio.subprocess.PIPE
        )
        looking = asyncio.ensure_future(watch.look())
        sent, seconds = (await process.communicate())[0].split()
        looking.cancel()
        return int(sent), float(seconds)

    def prepared(self) -> Iterator[bytes]:
        """Records of flood.c: three in five from strangers, the rest from addresses of the hall's own."""
        chance, broken = self._chance, self._broken()
        lies, nonsense = self._lies(), self._nonsense()
        for _ in range(PREPARED):
            draw = chance.random()
            if draw < 0.1:
                kind, (who, data) = "insider", next(lies)
            elif draw < 0.2:
                kind, (who, data) = "nonsense", next(nonsense)
            else:
                kind, data = next(broken)
                who = chance.randrange(STRANGERS + len(self._victims) if draw < 0.8 else STRANGERS)
            self.kinds[kind] += 1
            yield RECORD.pack(who, len(data)) + data

    def _broken(self) -> Iterator[tuple[str, bytes]]:
        """What needs no secret but what was overheard."""
        chance = self._chance
        dtls, stun = captured("dtls"), captured("stun")
        checks = [victim.check() for victim in self._victims]
        spoilt = {
            "broken stun": spoiled(chance, [*stun, *checks]),
            "broken dtls": spoiled(chance, dtls),
            "broken srtp": spoiled(chance, self._sent),
        }
        overheard = [victim.theirs[0] for victim in self._victims]
        while True:
            for kind, source in spoilt.items():
                yield kind, next(source)
            yield "empty", b""
            yield "random", chance.randbytes(chance.randrange(1, 400))
            yield "replayed srtp", chance.choice(self._sent)
            yield "replayed stun", chance.choice(checks)
            yield "replayed dtls", chance.choice(dtls)
            yield "alert", b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x02\x28"
            victim = chance.choice(self._victims)
            theirs, victim.theirs = victim.theirs, (chance.choice(overheard), "a guess")
            yield "forged stun", victim.check()
            victim.theirs = theirs

    def _lies(self) -> Iterator[tuple[int, bytes]]:
        """Valid checks of an insider, which nominate the address of somebody else."""
        while True:
            liar = self._chance.choice(self._insiders)
            yield STRANGERS + self._chance.randrange(len(self._victims)), liar.check()

    def _nonsense(self) -> Iterator[tuple[int, bytes]]:
        """Valid SRTP of an insider from its own address: broken RTP and RTCP, other seats' SSRCs."""
        chance = self._chance
        rtp, feedback = spoiled(chance, captured("rtp"), 1200), spoiled(chance, captured("rtcp"), 1200)
        while True:
            at = chance.randrange(INSIDERS)
            liar = self._insiders[at]
            try:
                if chance.random() < 0.5:
                    data = liar.outbound.protect(next(rtp))
                else:
                    data = liar.outbound.protect_rtcp(next(feedback))
            except (pylibsrtp.Error, ValueError):  # too broken to be encrypted
                continue
            yield STRANGERS + len(self._victims) + at, data


async def take_seat(hall: OwnHall, number: int) -> Ear:
    """An insider: a seat with a microphone and a camera, connected as it should be."""
    ear, name = Ear(), f"insider{number}"
    sources = (7001 + 10 * number, 7002 + 10 * number)
    offer = Offer(
        offer_of(ear, [("m", "audio", sources[0]), ("c", "video", sources[1])]),
        (Line("m", Kind.AUDIO, None), Line("c", Kind.VIDEO, None)),
    )
    await ear.connect(await hall.plane.connect(ROOM, PeerSpec(PeerId(name), SeatId(name), False), offer))
    return ear


def overheard(office: Ear, heard: list[bytes]) -> Out:
    """The way of an office's packets into the server; what leaves is kept."""

    def send(kind: str, packet: bytes) -> None:
        data = office.outbound.protect(packet)
        heard.append(data)
        office.send(data)

    return send


def socket_of(port: int) -> tuple[int, int]:
    """Bytes that wait in the socket of the media process, and datagrams that it lost."""
    wanted = f"0100007F:{port:04X}"
    for row in Path("/proc/net/udp").read_text().splitlines():
        fields = row.split()
        if fields[1] == wanted:
            return int(fields[4].split(":")[1], 16), int(fields[-1])
    raise LookupError(f"no socket on port {port}")


def p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


class Watch:
    """The memory of the media process and its socket, ten times a second."""

    def __init__(self, pid: int, port: int) -> None:
        self._pid, self._port = pid, port
        self.memory_mb: list[float] = []
        self.waiting: list[int] = []

    async def look(self) -> None:
        while True:
            self.memory_mb.append(resident_mb(self._pid))
            self.waiting.append(socket_of(self._port)[0])
            await asyncio.sleep(0.1)

    @property
    def growth_mb(self) -> float:
        return self.memory_mb[-1] - self.memory_mb[len(self.memory_mb) // 4]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the receivers got of one stretch."""

    hurt: int
    """Of them, who miss something that their own socket did not lose."""
    missing: int
    delays_ms: list[float]


async def stretch(hall: OwnHall, ears: list[Ear], sends: list[Out], seconds: float) -> Heard:
    """Both cameras for so long, to every receiver."""
    with tempfile.TemporaryDirectory(prefix="spoof") as folder:
        before = sum(camera.sent for camera in hall.cameras)
        async with sink_for(ears, Path(folder)) as sink:
            reporting = asyncio.ensure_future(report_for_ever(ears, sink))
            await publish(hall.cameras, sends, seconds)
            await asyncio.sleep(SETTLING_S)
            reporting.cancel()
            await asyncio.wait([reporting])
        expected = sum(camera.sent for camera in hall.cameras) - before
        missing = [max(0, expected - sum(count[6::3]) - count[2]) for count in sink.counts()]
        audio, video = sink.delays_ms()
    return Heard(sum(map(bool, missing)), sum(missing), audio + video or [float("inf")])


async def main(receivers: int) -> int:
    if sabotaged():
        supervision.WORKER_MODULE = "tests.support.credulous_worker"
    async with own_hall() as hall:
        ears = [Ear() for _ in range(receivers)]
        for at in range(0, receivers, JOINING_AT_ONCE):
            await asyncio.gather(*(hall.join(ear) for ear in ears[at : at + JOINING_AT_ONCE]))
        insiders = [await take_seat(hall, number) for number in range(INSIDERS)]
        await hall.begin()
        sent: list[bytes] = []
        ways = [overheard(office, sent) for office in hall.offices]
        quiet = await stretch(hall, ears, ways, QUIET_S)
        attack = Attack(hall, ears, insiders, list(sent))
        watch = Watch(hall.pid, hall.plane.udp_port)
        _, unread = socket_of(hall.plane.udp_port)
        with tempfile.TemporaryDirectory(prefix="spoof") as folder:
            program = await attack.prepare(Path(folder))
            used = cpu_s(hall.pid)
            flooding = asyncio.ensure_future(attack.go(program, watch))
            under = await stretch(hall, ears, ways, DATAGRAMS / PER_S + 2 * SETTLING_S)
            datagrams, seconds = await flooding
            used = cpu_s(hall.pid) - used
        unread = socket_of(hall.plane.udp_port)[1] - unread
        peers = await hall.plane.health(ROOM)
        lost = receivers + len(hall.offices) + INSIDERS - sum(peer.connected for peer in peers)
        sys.stderr.write(
            f"sent {dict(attack.kinds)}\ndropped {await hall.drops()}\nmissing before {quiet.missing}, during"
            f" {under.missing}; {lost} peers lost; at most {max(watch.waiting) / 1024:.0f} KB unread,"
            f" {used:.2f} s of CPU\n"
        )
        for ear in (*ears, *insiders):
            await ear.close()
    figures = {
        "datagrams": float(datagrams),
        "per_s": datagrams / seconds,
        "sessions_hurt": float(under.hurt + lost),
        "added_delay_p99_ms": p99(under.delays_ms),
        "quiet_delay_p99_ms": p99(quiet.delays_ms),
        "queue_growth": watch.growth_mb,
        "unread": float(unread),
    }
    return report(
        "spoof",
        figures,
        {"sessions_hurt": 0.0, "added_delay_p99_ms": 20.0, "queue_growth": 5.0, "unread": 0.0},
        at_least={"datagrams": DATAGRAMS, "per_s": 20_000.0},
        compared_with="the same hall in quiet, and without the check of source addresses",
    )


if __name__ == "__main__":
    if shutil.which("gcc") is None:
        sys.exit("this goal needs:  sudo apt-get install -y gcc")
    sys.exit(asyncio.run(main(size(60))))
