"""Both ways out put the same bytes on the wire, and neither lets one seat spoil it for the others."""

import errno
import random
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import pylibsrtp
import pytest

from rooms.ids import PeerId, RoomId
from rooms.media.embedded.batch import PLAIN_COSTS, BatchEgress, _Fan, best_egress
from rooms.media.embedded.dtls import Turns
from rooms.media.embedded.egress import Egress, PlainEgress, again_bytes
from rooms.media.embedded.march import BATCH, TOGETHER
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import SendingLine, Terms
from rooms.media.embedded.sealing import handle_of, sealing_of
from rooms.media.embedded.slots import LONGEST_GAP, SEQ_MODULUS, Lane, SourcePacket
from rooms.media.plane import Kind, PeerSpec, Slot
from tests.rooms.media.test_forwarder import CERTIFICATE, Silent

GCM = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
CM = pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80
KEY = bytes(range(30))
PROFILE = GCM


def session(way: int) -> pylibsrtp.Session:
    policy = pylibsrtp.Policy(key=KEY, ssrc_type=way, srtp_profile=PROFILE)
    policy.allow_repeat_tx = True
    return pylibsrtp.Session(policy)


class Seat(Peer):
    """A peer after its handshake, whose key everybody knows and whose address is a socket here."""

    def __init__(self, mux: Mux, number: int) -> None:
        opened = mux.opened
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
        self.ear = socket.socket(opened.family, socket.SOCK_DGRAM)
        self.ear.bind((opened.getsockname()[0], 0))
        self.ear.setblocking(False)
        self.ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.bearer.address = self.ear.getsockname()[:2]
        self._outbound = session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self.sending_key = handle_of(self._outbound)
        self.sealing = sealing_of(KEY[:28] if PROFILE == GCM else None)
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


class Rooms(Protocol):
    def __call__(self, size: int, host: str = ...) -> Room: ...


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
async def rooms() -> AsyncIterator[Rooms]:
    """Makes rooms of so many seats; equal ones have equal keys and numbers."""
    made: list[Room] = []

    def make(size: int, host: str = "127.0.0.1") -> Room:
        mux = Mux()
        mux.open(host, 0)
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


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_both_ways_send_the_very_same_bytes(rooms: Rooms, host: str) -> None:
    heard: dict[str, list[list[bytes]]] = {}
    end = 10 + TOGETHER + 3
    for name in ("plain", "batch"):
        mux, seats = rooms(BATCH + 7, host)
        egress = egresses(mux)[name]
        source = source_for(seats)
        packets = [
            packet(1, b"x" * 1000),
            packet(2, b"sound", marker=True),
            packet(3, b"padded\0\0\3", padded=True),
            packet(9, b"y" * 1344),
            # A keyframe: more than go together, and not all of one size.
            *(packet(number, bytes([number]) * 1100) for number in range(10, end)),
            packet(end, b"its end", marker=True),
            packet(end + 1, b"a longer one"),
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


@pytest.mark.parametrize("profile", [GCM, CM])
async def test_numbering_that_comes_round_is_the_same_both_ways(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, profile: int
) -> None:
    """Over three times 2^16 packets, with gaps as long as a lane passes on, and pauses of going in step."""
    monkeypatch.setattr(f"{__name__}.PROFILE", profile)
    heard: dict[str, list[bytes]] = {"plain": [], "batch": []}
    for name in heard:
        mux, (seat, other) = rooms(2)
        egress, source = egresses(mux)[name], source_for([seat, other])
        for turn, index in enumerate(range(1, 3 << 16, LONGEST_GAP)):
            if turn % 100 == 99:
                # Once it goes alone for long, once it does for one packet.
                seat.subscription.lane.protect(1 if turn % 200 == 99 else 0)
            if turn % 100 == 50:
                mux.moves += 1
            source.ring.put(one := packet(index, b"%d" % index))
            egress.fan_out(source, [one], 1.0)
            # What is sent again is sent by libsrtp.
            held = seat.subscription.lane.again((100 + index - 1) % SEQ_MODULUS)
            assert held is not None
            seat.send_rtp(
                again_bytes(seat.subscription.lane, held[0], (100 + index - 1) % SEQ_MODULUS, *held[1:])
            )
            first, again = seat.heard()
            assert first == again
            heard[name].append(first)
            other.heard()
        assert not mux.dropped
    assert heard["plain"] == heard["batch"]
    assert len(heard["plain"]) > 380


@pytest.mark.parametrize("name", ["plain", "batch"])
async def test_one_seat_never_spoils_it_for_the_others(rooms: Rooms, name: str) -> None:
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


async def test_a_key_is_never_used_for_other_bytes_under_one_number(rooms: Rooms) -> None:
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
async def test_whatever_happens_both_ways_send_the_same(rooms: Rooms, seed: int) -> None:
    """Seats come and go, move, lose and catch up; publishers pause, lose and repeat."""
    heard: dict[str, list[list[bytes]]] = {}
    in_step = 0
    for name in ("plain", "batch"):
        chance = random.Random(seed)
        mux, seats = rooms(7)
        egress = egresses(mux)[name]
        source, silent = source_for(seats[:4]), Publication(seats[0], source_line(), 6, [])
        index, heard[name] = 100, [[] for _ in seats]
        for turn in range(600):
            seat = chance.choice(seats)
            lane, follows = seat.subscription.lane, seat.subscription in source.routes
            match chance.choice(
                ("packet",) * 12 + ("burst", "come", "go", "hide", "move", "red", "rest", "cut")
            ):
                case "packet":
                    index += chance.choice((1,) * 8 + (2, 3, 600))
                    late = index - chance.choice((0, 0, 0, 0, 1))
                    if source.ring.get(late) is None:
                        one = packet(late, chance.randbytes(chance.choice((1, 90, 1000))))
                        source.ring.put(one)
                        egress.fan_out(source, [one], turn / 50)
                        in_step += len(source.fan.rows) if isinstance(source.fan, _Fan) else 0
                case "burst":
                    many = [packet(index + nth, chance.randbytes(200)) for nth in range(1, 4)]
                    index += len(many)
                    for one in many:
                        source.ring.put(one)
                    for _ in egress.in_parts(source, many, turn / 50, 6):
                        in_step += len(source.fan.rows) if isinstance(source.fan, _Fan) else 0
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


NOTE = """
local noted, send = ...
return function(fd, messages, count)
    for at = 0, count - 1 do noted[#noted + 1] = tonumber(messages[at].msg_hdr.msg_iov[0].iov_len) end
    return send(fd, messages, count, 0)
end
"""


@pytest.mark.parametrize(
    ("bodies", "messages"),
    [
        ([1000] * 20, [20]),
        ([1000] * 19 + [1], [20]),
        ([1000, 1000, 999, 1000, 1001], [3, 1, 1]),
        ([90, 1000], [1, 1]),
        ([900] * TOGETHER, [TOGETHER]),
        ([900] * 65, [TOGETHER, TOGETHER, 1]),
        ([1344] * (TOGETHER + 1), [TOGETHER, 1]),
    ],
)
async def test_packets_of_one_size_leave_as_one_message(
    rooms: Rooms, bodies: list[int], messages: list[int]
) -> None:
    """The kernel parts it again; a shorter one may close it, and no longer one may follow."""
    mux, (seat,) = rooms(1)
    source, egress = source_for([seat]), BatchEgress(mux)
    egress.fan_out(source, [packet(0, b"the first goes alone")], 1.0)
    march = egress.march
    noted = march._lua.table()
    march._program.sendmmsg = march._lua.execute(NOTE, noted, march._program.sendmmsg)
    run = [packet(number, b"p" * size) for number, size in enumerate(bodies, 1)]
    sent = egress.fan_out(source, run, 1.0)
    assert (sent.packets, sent.octets) == (len(run), sum(bodies))
    opener = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
    assert [len(opener.unprotect(data)) - 12 for data in seat.heard()[1:]] == bodies
    left = iter(bodies)
    assert list(noted.values()) == [sum(12 + next(left) + 16 for _ in range(many)) for many in messages]
    assert not mux.dropped


_SO_NO_CHECK = 11


async def test_a_socket_that_takes_no_segments_gets_packets(rooms: Rooms) -> None:
    """Without checksums the kernel parts nothing."""
    mux, seats = rooms(3)
    source, egress = source_for(seats), BatchEgress(mux)
    mux.opened.setsockopt(socket.SOL_SOCKET, _SO_NO_CHECK, 1)
    message = b"two"
    ancillary = [(socket.IPPROTO_UDP, 103, (2).to_bytes(2, sys.byteorder))]
    with pytest.raises(OSError, match="Invalid argument"):
        mux.opened.sendmsg([message], ancillary, 0, seats[0].bearer.address)
    egress.fan_out(source, [packet(number, b"p" * 900) for number in range(20)], 1.0)
    egress.fan_out(source, [packet(20, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [21] * 3
    assert not mux.dropped


REFUSE = """
local tried, error = ...
return function(fd, messages, count)
    tried[#tried + 1] = count
    require("ffi").errno(error)
    return -1
end
"""


@pytest.mark.parametrize("error", [errno.EIO, errno.EINVAL])
async def test_what_cannot_go_as_segments_goes_one_by_one(rooms: Rooms, error: int) -> None:
    """A device that cannot part messages, or a way for smaller packets, is known only once one is sent."""
    mux, seats = rooms(3)
    source, egress = source_for(seats), BatchEgress(mux)
    first, *run = (packet(index, b"%d" % index * 900) for index in range(1, 6))
    egress.fan_out(source, [first], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1] * 3
    march = egress.march
    works, tried = march._program.sendmmsg, march._lua.table()
    march._program.sendmmsg = march._lua.execute(REFUSE, tried, error)
    egress.fan_out(source, run, 1.0)
    assert list(tried.values()) == [3, 2, 1], "and each of them is parted"
    opener = session(pylibsrtp.Policy.SSRC_ANY_INBOUND)
    assert [opener.unprotect(data)[12:] for data in seats[2].heard()] == [one.body for one in run]
    assert [len(seat.heard()) for seat in seats[:2]] == [4] * 2
    assert not mux.dropped
    march._program.sendmmsg = works
    egress.fan_out(source, [packet(index, b"later") for index in range(6, 10)], 1.0)
    assert [len(seat.heard()) for seat in seats] == [4] * 3
    assert march.together == (1 if error == errno.EIO else TOGETHER)


async def test_who_was_cut_or_left_or_moved_gets_nothing_at_the_old_place(
    rooms: Rooms,
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
    mux._commit(moved, ("127.0.0.1", 9), 1.0, nominated=True)
    egress.fan_out(source, [packet(4, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [0, 0, 0, 1]


async def test_a_picture_in_parts_is_whole_for_each_before_the_next(rooms: Rooms) -> None:
    _, seats = room = rooms(5)
    source, egress = source_for(seats), BatchEgress(room[0])
    egress.fan_out(source, [packet(0, b"the first goes to all")], 1.0)
    run = [packet(number, b"p" * 900) for number in range(1, 5)]
    heard: list[list[int]] = []
    sent = 0
    for part in egress.in_parts(source, run, 1.0, 9):
        sent += part.packets
        heard.append([len(seat.heard()) for seat in seats])
    assert heard == [[5, 5, 1, 1, 1], [0, 0, 4, 4, 0], [0, 0, 0, 0, 4]]
    assert sent == 20


async def test_the_slow_ways_of_a_few_keep_parts_short(rooms: Rooms) -> None:
    mux, seats = rooms(3)
    source, egress = source_for(seats), BatchEgress(mux)
    seats[2].subscription.lane.protect(2)
    egress.fan_out(source, [packet(0, b"the first goes to all")], 1.0)
    run = [packet(number, b"p" * 900) for number in range(1, 6)]
    heard = [
        [len(seat.heard()) for seat in seats] for _ in egress.in_parts(source, run, 1.0, 2 * PLAIN_COSTS)
    ]
    assert heard == [[1, 1, 3], [2, 2, 0], [0, 0, 2], [2, 2, 0], [0, 0, 1], [1, 1, 0]]


async def test_between_two_parts_anything_may_happen(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was cut or left hears no more of it; who moved or rests gets all of it, under the same numbers."""
    mux, seats = rooms(9)
    _, _, cut, gone, moved, rests, taken, closed, newcomer = seats
    source, egress = source_for(seats[:-1]), BatchEgress(mux)
    egress.fan_out(source, [packet(0, b"the first goes to all")], 1.0)
    run = [packet(number, b"%d" % number * 900) for number in range(1, 4)]
    for one in run:
        source.ring.put(one)
    parts = egress.in_parts(source, run, 1.0, len(run))
    next(parts)
    follow(source, newcomer)
    next(parts)
    for seat in seats:
        seat.heard()
    source.routes.remove(cut.subscription)
    cut.subscription.lane.feed_from(None)
    await gone.end()
    place = moved.ear.getsockname()
    moved.ear.close()
    moved.ear = socket.socket(mux.opened.family, socket.SOCK_DGRAM)
    moved.ear.bind(("127.0.0.1", 0))
    moved.ear.setblocking(False)
    assert moved.ear.getsockname() != place
    mux._commit(moved, moved.ear.getsockname(), 1.0, nominated=True)
    rests.subscription.lane.rest()
    # Cut, and granted again: what it took before was granted before.
    taken.subscription.lane.feed_from(None)
    taken.subscription.lane.feed_from(source.ring)
    # As when a room is closed: nobody looks at its lanes.
    source.routes.remove(closed.subscription)
    for _ in parts:
        pass
    opener = [session(pylibsrtp.Policy.SSRC_ANY_INBOUND) for _ in seats]
    heard = [[opener[at].unprotect(data) for data in seat.heard()] for at, seat in enumerate(seats)]
    assert [len(each) for each in heard] == [0, 0, 0, 0, 3, 3, 0, 0, 0]
    for seat in (moved, rests):
        lane = seat.subscription.lane
        for data, one in zip(heard[seats.index(seat)], run, strict=True):
            assert data[12:] == one.body
            again = lane.again(int.from_bytes(data[2:4], "big"))
            assert again is not None
            assert again[:2] == (one, int.from_bytes(data[4:8], "big"))
    egress.fan_out(source, [packet(4, b"goes on")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1, 1, 0, 0, 1, 1, 1, 0, 1]
    assert not mux.dropped


async def test_a_newcomer_between_two_parts_disturbs_nobody(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    mux, (*early, late) = rooms(4)
    source, egress = source_for(early), BatchEgress(mux)
    egress.fan_out(source, [packet(0, b"the first goes to all")], 1.0)
    parts = egress.in_parts(source, [packet(1, b"p" * 900), packet(2, b"p" * 900)], 1.0, 2)
    monkeypatch.setattr(egress, "_one_by_one", lambda *taken: pytest.fail("one by one"))
    for _ in parts:
        if late.subscription not in source.routes:
            follow(source, late)
    assert [len(seat.heard()) for seat in early] == [3] * 3
    egress.fan_out(source, [packet(3, b"goes on")], 1.0)
    assert [len(seat.heard()) for seat in (*early, late)] == [1] * 4


async def test_a_newcomer_disturbs_nobody_and_goes_in_step_at_once(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    mux, seats = rooms(BATCH + 2)
    *early, late = seats
    source, egress = source_for(early), BatchEgress(mux)
    at = late.ear.getsockname()
    late.bearer.address = None
    egress.fan_out(source, [packet(1, b"sound")], 1.0)
    fan = source.fan
    assert isinstance(fan, _Fan)
    mux._commit(late, at, 1.0, nominated=True)
    follow(source, late)
    with monkeypatch.context() as patched:
        patched.setattr(egress, "_arrange", lambda fan, routes: pytest.fail("rows are given anew"))
        patched.setattr(egress._plain, "send", lambda *taken: pytest.fail("it goes by itself"))
        egress.fan_out(source, [packet(2, b"sound")], 1.0)
    assert len(fan.rows) == len(seats)
    egress.fan_out(source, [packet(3, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [3] * len(early) + [2]
    for seat in early[1:]:
        source.routes.remove(seat.subscription)
        seat.subscription.lane.feed_from(None)
    egress.fan_out(source, [packet(4, b"sound")], 1.0)
    assert [len(seat.heard()) for seat in seats] == [1] + [0] * (len(early) - 1) + [1]
    assert len(fan.rows) == 2


async def test_the_way_is_chosen_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    mux = Mux()
    mux.open("127.0.0.1", 0)
    try:
        assert isinstance(best_egress(mux), BatchEgress)
        monkeypatch.setenv("REMBUG_PLAIN_EGRESS", "1")
        assert isinstance(best_egress(mux), PlainEgress)
        monkeypatch.delenv("REMBUG_PLAIN_EGRESS")
        with monkeypatch.context() as patched:
            patched.setattr("rooms.media.embedded.march.LIBRARY", "/no/such/library")
            assert isinstance(best_egress(mux), PlainEgress)
        monkeypatch.setitem(sys.modules, "lupa", None)
        assert isinstance(best_egress(mux), PlainEgress)
    finally:
        mux.close()
