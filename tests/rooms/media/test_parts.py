"""A keyframe goes receiver by receiver, in parts; between two of them anything may happen."""

import socket

import pylibsrtp
import pytest

from rooms.media.embedded.batch import PLAIN_COSTS, BatchEgress
from tests.support.egress_seats import Rooms, follow, packet, session, source_for


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
