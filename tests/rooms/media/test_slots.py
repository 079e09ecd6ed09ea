"""Numbering: whatever publishers, stages and losses do, a subscriber sees one unbroken line."""

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.media.embedded.slots import (
    SEQ_MODULUS,
    TIMESTAMP_MODULUS,
    Budget,
    Lane,
    SourcePacket,
    SourceRing,
    signed_distance,
)

RATE = 90000


def lane(*, first_sequence: int = 100, needs_keyframe: bool = True) -> Lane:
    return Lane(7, 96, RATE, needs_keyframe, first_sequence, 5000)


class Publisher:
    """One line of a seat, with numbering of its own."""

    def __init__(self, name: int, sequence: int = 0, timestamp: int = 0, size: int = 64) -> None:
        self.name = name
        self.ring = SourceRing(size)
        self.sequence = sequence
        self.timestamp = timestamp
        self._sent = 0

    def packet(self, *, skip: int = 0, step: int = 3000, keyframe: bool = True) -> SourcePacket | None:
        """The next packet (after ``skip`` lost ones) as the ring admits it."""
        self.sequence += 1 + skip
        self.timestamp += step
        return self.arrive(self.sequence, self.timestamp, keyframe)

    def arrive(self, sequence: int, timestamp: int, keyframe: bool = True) -> SourcePacket | None:
        index = self.ring.index_of(sequence % SEQ_MODULUS)
        if index is None:
            return None
        self._sent += 1
        packet = SourcePacket(
            index, timestamp % TIMESTAMP_MODULUS, False, False, keyframe, b"%d/%d" % (self.name, self._sent)
        )
        self.ring.put(packet)
        return packet


def sent(to: Lane, packet: SourcePacket | None, now: float) -> tuple[int, int, bytes] | None:
    placed = to.take(packet, now) if packet is not None else None
    return (*placed, packet.body) if placed is not None and packet is not None else None


def test_a_switch_goes_on_counting_and_is_strictly_newer() -> None:
    a, b, to = Publisher(1, 60000, 1 << 31), Publisher(2, 5, 9), lane()
    to.feed_from(a.ring)
    first = [sent(to, a.packet(), 1.0 + at / 30) for at in range(3)]
    to.feed_from(b.ring)
    second = [sent(to, b.packet(), 2.0 + at / 30) for at in range(3)]
    numbers = [item[0] for item in first + second if item]
    times = [item[1] for item in first + second if item]
    assert numbers == list(range(100, 106))
    assert all(
        signed_distance(later, earlier, TIMESTAMP_MODULUS) > 0 for earlier, later in itertools.pairwise(times)
    )
    # About the second that passed, in the receiver's clock.
    assert 80000 < signed_distance(times[3], times[2], TIMESTAMP_MODULUS) < 100000


def test_video_waits_for_a_keyframe_and_sound_does_not() -> None:
    a = Publisher(1)
    picture, sound = lane(), lane(needs_keyframe=False)
    picture.feed_from(a.ring)
    sound.feed_from(a.ring)
    delta = a.packet(keyframe=False)
    assert delta is not None
    assert picture.take(delta, 1.0) is None
    assert sound.take(delta, 1.0) is not None
    key = a.packet()
    assert key is not None
    assert picture.take(key, 1.1) is not None
    assert picture.timestamp_offset is not None
    # What was sent before the keyframe and comes late stays out.
    assert picture.take(delta, 1.2) is None


def test_loss_between_publisher_and_server_stays_visible_so_that_it_can_be_repaired() -> None:
    a, to = Publisher(1), lane()
    to.feed_from(a.ring)
    assert sent(to, a.packet(), 1.0) is not None
    after_loss = sent(to, a.packet(skip=2), 1.1)
    assert after_loss is not None
    assert after_loss[0] == 103
    repaired = sent(to, a.arrive(2, 3000), 1.2)
    assert repaired is not None
    assert repaired[0] == 101


def test_a_pause_or_a_jump_is_no_loss() -> None:
    a, to = Publisher(1), lane(needs_keyframe=False)
    to.feed_from(a.ring)
    assert sent(to, a.packet(), 1.0) is not None
    to.feed_from(None)
    for _ in range(40000):
        assert sent(to, a.packet(), 2.0) is None
    to.feed_from(a.ring)
    resumed = sent(to, a.packet(), 800.0)
    jumped = sent(to, a.packet(skip=20000), 800.1)
    assert resumed is not None
    assert jumped is not None
    assert (resumed[0], jumped[0]) == (101, 102)


def test_a_repeated_packet_is_admitted_once() -> None:
    a = Publisher(1)
    a.packet()
    assert a.arrive(a.sequence, a.timestamp) is None
    for _ in range(200):
        a.packet()
    assert a.arrive(1, 3000) is None


def test_a_resend_is_what_was_sent_also_across_a_switch() -> None:
    a, b, to = Publisher(1, 65530), Publisher(2, 17), lane(first_sequence=65530)
    log: dict[int, tuple[int, bytes]] = {}
    for at in range(12):
        source = a if at < 6 else b
        to.feed_from(source.ring)
        packet = sent(to, source.packet(), float(at))
        assert packet is not None
        log[packet[0]] = (packet[1], packet[2])
    for number, (timestamp, body) in log.items():
        again = to.again(number)
        assert again is not None
        assert (again[1], again[0].body) == (timestamp, body)
    assert to.again((max(65541, 0) + 1) % SEQ_MODULUS) is None


PUBLISHERS = 3
steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, PUBLISHERS - 1), st.integers(0, 3), st.booleans()),
        st.tuples(st.just("jump"), st.integers(0, PUBLISHERS - 1), st.integers(0, 1 << 17), st.booleans()),
        st.tuples(st.just("late"), st.integers(0, PUBLISHERS - 1), st.integers(0, 90), st.booleans()),
        st.tuples(st.just("feed"), st.integers(-1, PUBLISHERS - 1), st.just(0), st.just(False)),
        st.tuples(st.just("resend"), st.just(0), st.integers(0, 200), st.just(False)),
    ),
    max_size=120,
)


def play(script: list[tuple[str, int, int, bool]], to: Lane) -> None:
    """Run a script of publishers and stages; raises AssertionError when the invariant breaks."""
    publishers = [Publisher(name, 65000 + name, name << 30) for name in range(PUBLISHERS)]
    bytes_of: dict[int, tuple[int, bytes]] = {}
    """By extended sent number: what must never differ."""
    newest, switch_time, now = to.next_sequence - 1, to.newest_timestamp, 0.0
    for what, who, amount, flag in script:
        now += 0.02
        if what == "feed":
            if to.feed_from(publishers[who].ring if who >= 0 else None):
                switch_time = to.newest_timestamp
            continue
        if what == "resend":
            number = (newest - amount) % SEQ_MODULUS
            again = to.again(number)
            known = bytes_of.get(newest - amount)
            if again is not None:
                assert known == (again[1], again[0].body)
            continue
        publisher = publishers[who]
        if what == "late":
            packet = publisher.arrive(publisher.sequence - amount, publisher.timestamp - amount, flag)
        else:
            packet = publisher.packet(skip=amount, keyframe=flag)
        if packet is None or to.ring is not publisher.ring:
            continue
        fresh = to.waiting
        placed = to.take(packet, now)
        if placed is None:
            continue
        number = newest + signed_distance(placed[0], newest % SEQ_MODULUS, SEQ_MODULUS)
        assert number not in bytes_of or bytes_of[number] == (placed[1], packet.body)
        bytes_of[number] = (placed[1], packet.body)
        assert number <= newest + 513
        if fresh:
            assert number == newest + 1
            assert signed_distance(placed[1], switch_time, TIMESTAMP_MODULUS) > 0
        newest = max(newest, number)


@given(steps)
def test_never_two_packets_under_one_number(script: list[tuple[str, int, int, bool]]) -> None:
    play(script, lane(first_sequence=32700))


class _Shared(Lane):
    """A lane that keeps its numbers over a switch as they come: the mistake that the property must catch."""

    def feed_from(self, ring: SourceRing | None) -> bool:
        changed = ring is not self.ring
        self.ring = ring
        self.next_sequence = 100 if changed else self.next_sequence
        if changed:
            self.segment = None
        return changed


def test_a_lane_that_reuses_numbers_is_caught() -> None:
    script = [
        ("feed", 0, 0, False),
        ("send", 0, 0, True),
        ("feed", 1, 0, False),
        ("send", 1, 0, True),
    ]
    play(script, lane())
    with pytest.raises(AssertionError):
        play(script, _Shared(7, 96, RATE, True, 100, 5000))


def test_what_comes_after_the_floor_was_taken_is_not_resent_either() -> None:
    a, to = Publisher(1), lane(needs_keyframe=False)
    to.feed_from(a.ring)
    assert sent(to, a.packet(), 1.0) is not None
    assert sent(to, a.packet(skip=1), 1.1) is not None
    to.feed_from(None)
    assert to.again(102) is not None
    assert a.arrive(2, 3000) is not None
    assert to.again(101) is None


def test_a_budget_refills() -> None:
    budget = Budget(per_s=10, burst=2)
    spent: Callable[[float], bool] = budget.spend
    assert [spent(0.0), spent(0.0), spent(0.0)] == [True, True, False]
    assert [spent(0.1), spent(0.1)] == [True, False]
