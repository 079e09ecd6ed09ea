"""Both ways out put the same bytes on the wire, and neither lets one seat spoil it for the others."""

import errno
import random
import socket
from collections.abc import AsyncIterator, Callable, Sequence

import pylibsrtp
import pytest

from rooms.ids import PeerId, RoomId
from rooms.media.embedded.batch import BatchEgress, _Fan, best_egress
from rooms.media.embedded.dtls import Turns
from rooms.media.embedded.egress import Egress, PlainEgress
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.messages import BATCH, TOGETHER
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import SendingLine, Terms
from rooms.media.embedded.slots import Lane, SourcePacket
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
            RoomId("hall"),
            spec,
            Terms(str(number), "p", "r", "q", (), (), ()),
            mux,
            CERTIFICATE,
            Silent(),
            Turns(),
        )
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.bind(("127.0.0.1", 0))
        self.ear.setblocking(False)
        self.bearer.address = self.ear.getsockname()
        self._outbound = session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self.sending_key = self._outbound._srtp[0]
        lane = Lane(9000 + number, 96, 90000, False, 100 + number, 7, red_payload_type=63)
        self.subscription = Subscription(self, Slot.SPEAKER, Kind.VIDEO, lane)

    def heard(self) -> list[bytes]:
        found: list[bytes] = []
        while True:
            try:
                found.append(self.ear.recv(2048))
            except BlockingIOError:
                return found


Room = tuple[Mux, list[Seat]]


def source_line() -> SendingLine:
    return SendingLine("m", Kind.AUDIO, 0, 111, (5,), None)


def source_for(seats: Sequence[Seat]) -> Publication:
    """A publication whose packets all of them get."""
    source = Publication(seats[0], source_line(), 5, [])
    for seat in seats:
        follow(source, seat)
    return source


def follow(source: Publication, seat: Seat) -> None:
    seat.subscription.lane.feed_from(source.ring)
    source.routes.append(seat.subscription)


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
    return {"plain": PlainEgress(mux.dropped), "batch": BatchEgress(mux)}


async def test_both_ways_send_the_very_same_bytes(rooms: Callable[[int], Room]) -> None:
    heard: dict[str, list[list[bytes]]] = {}
    for name in ("plain", "batch"):
        mux, seats = rooms(BATCH + 7)
        egress = egresses(mux)[name]
        source = source_for(seats)
        packets = [
            packet(1, b"x" * 1000),
            packet(2, b"sound", marker=True),
            packet(3, b"padded\0\0\3", padded=True),
            packet(9, b"y" * 1344),
            # A keyframe: more than go together, and not all of one size.
            *(packet(number, bytes([number]) * 1100, marker=number == 16) for number in range(10, 17)),
            packet(17, b"its end"),
            packet(18, b"a longer one"),
        ]
        sent = [egress.fan_out(source, some, 1.0) for some in (packets[:1], packets[1:3], packets[3:])]
        assert [len(one.opened) for one in sent] == [len(seats), 0, 0]
        assert sum(one.packets for one in sent) == len(packets) * len(seats)
        assert sum(one.octets for one in sent) == sum(len(one.body) for one in packets) * len(seats)
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
    assert len({datagram for ear in heard["plain"] for datagram in ear}) == len(packets) * (BATCH + 7)


@pytest.mark.parametrize("name", ["plain", "batch"])
async def test_one_seat_never_spoils_it_for_the_others(rooms: Callable[[int], Room], name: str) -> None:
    mux, seats = rooms(6)
    egress = egresses(mux)[name]
    seats[1].bearer.address = None
    seats[2].bearer.address = ("127.0.0.1", 0)
    seats[3].sending_key = seats[3]._outbound = None
    source = source_for(seats)
    late = seats[4].subscription.lane
    late.take(packet(50, b"newer than all that follows"), 1.0)
    egress.fan_out(source, [packet(1, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1, 0, 0, 0, 0, 1]
    assert mux.dropped == {"send_failed": 1}
    egress.fan_out(source, [packet(2, b"x" * 1345)], 1.0)
    assert [len(seat.heard()) for seat in seats] == [0] * 6
    assert mux.dropped["send_error"] > 0
    egress.fan_out(source, [packet(3, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1, 0, 0, 0, 0, 1]


async def test_a_key_is_never_used_for_other_bytes_under_one_number(rooms: Callable[[int], Room]) -> None:
    """A lane that was cut goes on after what it sent, whichever way the packets leave."""
    mux, (seat,) = rooms(1)
    egress, source = egresses(mux)["batch"], source_for([seat])
    for turn in range(3):
        for index in range(1, 5):
            egress.fan_out(source, [packet(index, b"%d %d" % (turn, index))], 1.0)
        source.cut()
        source = source_for([seat])
    heard = seat.heard()
    assert len(heard) == len({datagram[2:4] for datagram in heard}) == 12


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_happens_both_ways_send_the_same(rooms: Callable[[int], Room], seed: int) -> None:
    """Seats come and go, move, lose and catch up; publishers pause, lose and repeat."""
    heard: dict[str, list[list[bytes]]] = {}
    in_step = 0
    for name in ("plain", "batch"):
        chance = random.Random(seed)
        mux, seats = rooms(7)
        egress = egresses(mux)[name]
        source, silent = source_for(seats[:4]), Publication(seats[0], source_line(), 6, [])
        index, heard[name] = 100, [[] for _ in seats]
        for turn in range(400):
            seat = chance.choice(seats)
            lane, follows = seat.subscription.lane, seat.subscription in source.routes
            match chance.choice(("packet",) * 12 + ("come", "go", "hide", "move", "red", "rest", "cut")):
                case "packet":
                    index += chance.choice((1,) * 8 + (2, 3, 600))
                    late = index - chance.choice((0, 0, 0, 0, 1))
                    if source.ring.get(late) is None:
                        one = packet(late, chance.randbytes(chance.choice((1, 90, 1000))))
                        source.ring.put(one)
                        egress.fan_out(source, [one], turn / 50)
                        in_step += source.fan.marched if isinstance(source.fan, _Fan) else 0
                case "come" if not follows:
                    follow(source, seat)
                case "go" if follows:
                    source.routes.remove(seat.subscription)
                    lane.feed_from(silent.ring)
                case "hide":
                    seat.bearer.address = None
                    mux.moves += 1
                case "move":
                    seat.bearer.address = seat.ear.getsockname()
                    mux.moves += 1
                case "red":
                    lane.protect(chance.choice((0, 0, 2)))
                case "rest":
                    lane.rest()
                case "cut":
                    routes = source.routes
                    source.cut()
                    source.routes = [*routes]
            for at, one_seat in enumerate(seats):
                heard[name][at] += one_seat.heard()
        assert not mux.dropped
    assert heard["plain"] == heard["batch"]
    assert sum(map(len, heard["plain"])) > in_step > 200


@pytest.mark.parametrize("error", [errno.EIO, errno.EINVAL])
async def test_what_cannot_go_as_segments_goes_one_by_one(rooms: Callable[[int], Room], error: int) -> None:
    """A device that cannot part messages, or a way for smaller packets, is known only once one is sent."""
    mux, seats = rooms(3)
    source, egress = source_for(seats), BatchEgress(mux)
    first, *run = (packet(index, b"%d" % index * 900) for index in range(1, 6))
    egress.fan_out(source, [first], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1] * 3
    tried: list[int] = []

    def refuse(fd: int, messages: object, count: int, flags: int) -> int:
        tried.append(count)
        egress._ffi.errno = error
        return -1

    works, egress._sendmmsg = egress._sendmmsg, refuse
    egress.fan_out(source, run, 1.0)
    assert tried == [3, 2, 1]
    opener = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
    assert [opener.unprotect(data)[12:] for data in seats[2].heard()] == [one.body for one in run]
    assert [len(seat.heard()) for seat in seats[:2]] == [4] * 2
    assert not mux.dropped
    egress._sendmmsg = works
    egress.fan_out(source, [packet(index, b"later") for index in range(6, 10)], 1.0)
    assert [len(seat.heard()) for seat in seats] == [4] * 3
    assert egress._together == (1 if error == errno.EIO else TOGETHER)


async def test_who_was_cut_or_left_or_moved_gets_nothing_at_the_old_place(
    rooms: Callable[[int], Room],
) -> None:
    mux, seats = rooms(4)
    source, egress = source_for(seats), BatchEgress(mux)
    for index in (1, 2, 3):
        egress.fan_out(source, [packet(index, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [3] * 4
    cut, gone, moved, _ = seats
    source.routes.remove(cut.subscription)
    cut.subscription.lane.feed_from(None)
    await gone.end()
    mux._commit(moved, ("127.0.0.1", 9), 1.0)
    egress.fan_out(source, [packet(4, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [0, 0, 0, 1]


async def test_a_newcomer_disturbs_nobody_and_goes_in_step_at_once(rooms: Callable[[int], Room]) -> None:
    mux, seats = rooms(BATCH + 2)
    *early, late = seats
    source, egress = source_for(early), BatchEgress(mux)
    at = late.ear.getsockname()
    late.bearer.address = None
    egress.fan_out(source, [packet(1, b"sound")], 1.0)
    fan = source.fan
    assert isinstance(fan, _Fan)
    rows = [block.rows[0] for block in fan.blocks]
    mux._commit(late, at, 1.0)
    follow(source, late)
    egress.fan_out(source, [packet(2, b"sound")], 1.0)
    assert fan.marched == len(seats)
    assert all(block.rows[0] is row for block, row in zip(fan.blocks, rows, strict=True))
    egress.fan_out(source, [packet(3, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [3] * len(early) + [2]
    for seat in early[1:]:
        source.routes.remove(seat.subscription)
        seat.subscription.lane.feed_from(None)
    egress.fan_out(source, [packet(4, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1] + [0] * (len(early) - 1) + [1]
    assert len(fan.blocks) == 1


async def test_the_way_is_chosen_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    mux = Mux()
    mux.open("127.0.0.1", 0)
    try:
        assert isinstance(best_egress(mux), BatchEgress)
        monkeypatch.setenv("REMBUG_PLAIN_EGRESS", "1")
        assert isinstance(best_egress(mux), PlainEgress)
        monkeypatch.delenv("REMBUG_PLAIN_EGRESS")
        monkeypatch.setattr("rooms.media.embedded.batch.MESSAGES", "int sendmmsg_of_no_system(void);")
        assert isinstance(best_egress(mux), PlainEgress)
    finally:
        mux.close()
