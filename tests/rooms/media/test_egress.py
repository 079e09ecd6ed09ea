"""Both ways out put the same bytes on the wire, and neither lets one seat spoil it for the others."""

import random
import sys

import pylibsrtp
import pytest

from rooms.media.embedded.batch import BatchEgress, _Fan, best_egress
from rooms.media.embedded.egress import PlainEgress, again_bytes
from rooms.media.embedded.march import BATCH, TOGETHER
from rooms.media.embedded.members import Publication
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.slots import LONGEST_GAP, SEQ_MODULUS
from tests.support import egress_seats
from tests.support.egress_seats import (
    CM,
    GCM,
    Rooms,
    egresses,
    follow,
    packet,
    session,
    source_for,
    source_line,
)


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
    monkeypatch.setattr(egress_seats, "PROFILE", profile)
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
