"""Both ways out put the same bytes on the wire, and neither lets one seat spoil it for the others."""

import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable

import pylibsrtp
import pytest

from rooms.ids import PeerId, RoomId
from rooms.media.embedded.egress import BATCH, BatchEgress, Egress, PlainEgress, best_egress
from rooms.media.embedded.members import Subscription
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import Terms
from rooms.media.embedded.slots import Lane, SourcePacket, SourceRing
from rooms.media.plane import Kind, PeerSpec, Slot
from tests.rooms.media.test_forwarder import CERTIFICATE, Silent

GCM = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM


def session(way: int) -> pylibsrtp.Session:
    policy = pylibsrtp.Policy(key=bytes(range(28)), ssrc_type=way, srtp_profile=GCM)
    policy.allow_repeat_tx = True
    return pylibsrtp.Session(policy)


class Seat(Peer):
    """A peer after its handshake, whose key everybody knows and whose address is a socket here."""

    def __init__(self, mux: Mux, number: int) -> None:
        spec = PeerSpec(PeerId(str(number)), None, False)
        super().__init__(
            RoomId("hall"), spec, Terms(str(number), "p", "r", "q", (), (), ()), mux, CERTIFICATE, Silent()
        )
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.bind(("127.0.0.1", 0))
        self.ear.setblocking(False)
        self.bearer.address = self.ear.getsockname()
        self._outbound = session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self.sending_key = self._outbound._srtp[0]
        lane = Lane(9000 + number, 96, 90000, False, 100 + number, 7)
        self.subscription = Subscription(self, Slot.SPEAKER, Kind.VIDEO, lane)
        self.subscription.lane.feed_from(RING)

    def heard(self) -> list[bytes]:
        found: list[bytes] = []
        while True:
            try:
                found.append(self.ear.recv(2048))
            except BlockingIOError:
                return found


RING = SourceRing(10)
Room = tuple[Mux, list[Seat]]


@pytest.fixture
async def rooms() -> AsyncIterator[Callable[[int], Room]]:
    """Makes rooms of so many seats; equal ones have equal keys and numbers."""
    made: list[Room] = []

    def make(size: int) -> Room:
        mux = Mux()
        mux.open("127.0.0.1", 0)
        made.append((mux, [Seat(mux, number) for number in range(size)]))
        return made[-1]

    yield make
    for mux, seats in made:
        mux.close()
        for seat in seats:
            seat.ear.close()


def packet(index: int, body: bytes, *, marker: bool = False, padded: bool = False) -> SourcePacket:
    return SourcePacket(index, index * 3000, marker, padded, True, body)


def egresses(mux: Mux) -> dict[str, Egress]:
    return {"plain": PlainEgress(mux.dropped), "batch": BatchEgress(mux.opened, mux.dropped)}


async def test_both_ways_send_the_very_same_bytes(rooms: Callable[[int], Room]) -> None:
    heard: dict[str, list[list[bytes]]] = {}
    for name in ("plain", "batch"):
        mux, seats = rooms(BATCH + 7)
        egress = egresses(mux)[name]
        routes = [seat.subscription for seat in seats]
        packets = [
            packet(1, b"x" * 1000),
            packet(2, b"sound", marker=True),
            packet(3, b"padded\0\0\3", padded=True),
            packet(9, b"y" * 1344),
        ]
        opened = [len(egress.fan_out(routes, one, 1.0)) for one in packets]
        assert opened == [len(seats), 0, 0, 0]
        assert not mux.dropped
        heard[name] = [seat.heard() for seat in seats]
        opener = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
        for one, ours in zip(packets, heard[name][5], strict=True):
            plain = opener.unprotect(ours)
            assert plain[12:] == one.body
            assert plain[2:12] == (105 + one.index - 1).to_bytes(2, "big") + plain[4:8] + (9005).to_bytes(
                4, "big"
            )
    assert heard["plain"] == heard["batch"]
    assert len({datagram for ear in heard["plain"] for datagram in ear}) == 4 * (BATCH + 7)


@pytest.mark.parametrize("name", ["plain", "batch"])
async def test_one_seat_never_spoils_it_for_the_others(rooms: Callable[[int], Room], name: str) -> None:
    mux, seats = rooms(6)
    egress = egresses(mux)[name]
    seats[1].bearer.address = None
    seats[2].bearer.address = ("127.0.0.1", 0)
    seats[3].sending_key = seats[3]._outbound = None
    late = seats[4].subscription.lane
    late.take(packet(50, b"newer than all that follows"), 1.0)
    routes = [seat.subscription for seat in seats]
    egress.fan_out(routes, packet(1, b"sound"), 1.0)
    assert [len(seat.heard()) for seat in seats] == [1, 0, 0, 0, 0, 1]
    assert mux.dropped == {"send_failed": 1}
    egress.fan_out(routes, packet(2, b"x" * 1345), 1.0)
    assert [len(seat.heard()) for seat in seats] == [0] * 6
    assert mux.dropped["send_error"] > 0
    egress.fan_out(routes, packet(3, b"sound"), 1.0)
    assert [len(seat.heard()) for seat in seats] == [1, 0, 0, 0, 0, 1]


async def test_a_key_is_never_used_for_other_bytes_under_one_number(rooms: Callable[[int], Room]) -> None:
    """A lane that was cut goes on after what it sent, whichever way the packets leave."""
    mux, (seat,) = rooms(1)
    egress = egresses(mux)["batch"]
    for turn in range(3):
        for index in range(1, 5):
            egress.fan_out([seat.subscription], packet(index, b"%d %d" % (turn, index)), 1.0)
        seat.subscription.lane.feed_from(SourceRing(10))
    heard = seat.heard()
    assert len(heard) == len({datagram[2:4] for datagram in heard}) == 12


async def test_names_of_addresses_are_bounded(
    rooms: Callable[[int], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    mux, seats = rooms(5)
    monkeypatch.setattr("rooms.media.embedded.egress._NAMES_KEPT", 2)
    egress = BatchEgress(mux.opened, mux.dropped)
    for index in range(1, 4):
        egress.fan_out([seat.subscription for seat in seats], packet(index, b"sound"), 1.0)
    assert [len(seat.heard()) for seat in seats] == [3] * 5


async def test_the_way_is_chosen_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    mux = Mux()
    mux.open("127.0.0.1", 0)
    try:
        dropped: Counter[str] = Counter()
        assert isinstance(best_egress(mux.opened, dropped), BatchEgress)
        monkeypatch.setenv("REMBUG_PLAIN_EGRESS", "1")
        assert isinstance(best_egress(mux.opened, dropped), PlainEgress)
        monkeypatch.delenv("REMBUG_PLAIN_EGRESS")
        monkeypatch.setattr("rooms.media.embedded.egress._MESSAGES", "int sendmmsg_of_no_system(void);")
        assert isinstance(best_egress(mux.opened, dropped), PlainEgress)
    finally:
        mux.close()
