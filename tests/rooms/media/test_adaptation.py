"""What a receiver's line carries, by what it tells; and what of the pictures that leaves it."""

from math import inf

import pytest

from rooms.media.embedded.adaptation import (
    HOLD_S,
    LONGEST_HOLD_S,
    MARGIN,
    PROBE_S,
    SETTLED_S,
    LineShare,
    Losses,
    allot,
    next_target,
)
from rooms.media.embedded.red import DEEPEST
from rooms.media.plane import Slot

LOW, MIDDLE = 100_000.0, 400_000.0
SOUND = 60_000.0
COSTS = {Slot.AULA: [LOW, MIDDLE], Slot.SPEAKER: [LOW, MIDDLE]}


def overrun(share: LineShare, carries: float, sent: float, now: float) -> None:
    share.estimated(2 * carries, sent, SOUND, LOW, now)
    share.estimated(carries, sent, SOUND, LOW, now)


def test_a_fall_of_the_estimate_is_what_the_line_carries_and_its_height_means_nothing() -> None:
    share = LineShare()
    # As it rises with what is received, far below what would go through.
    for estimate in (300_000.0, 310_000.0, 500_000.0, 490_000.0):
        share.estimated(estimate, 800_000, SOUND, LOW, 1.0)
    assert share.bits_per_s == inf
    share.estimated(300_000, 800_000, SOUND, LOW, 1.0)
    assert share.bits_per_s == 300_000 - SOUND
    # It may fall because less is sent: then it is no bound.
    share = LineShare()
    for estimate in (500_000.0, 300_000.0):
        share.estimated(estimate, 100_000, SOUND, LOW, 1.0)
    assert share.bits_per_s == inf


def starved(share: LineShare, now: float) -> None:
    """As a laptop told that had other things to do, within a second."""
    for at, estimate in enumerate((800_000, 371_000, 137_000, 90_000, 47_000)):
        share.estimated(estimate, MIDDLE, SOUND, LOW, now + 0.25 * at)


def test_an_estimate_alone_makes_pictures_smaller_and_takes_none_away() -> None:
    share = LineShare()
    for at in range(10):
        starved(share, 2.0 * at)
    assert share.bits_per_s == LOW


def test_loss_while_packets_stand_before_the_line_is_believed_without_any_estimate() -> None:
    """The first of a browser comes after several seconds."""
    share = LineShare()
    waits(share, 0.0, 0.2, 0.0)
    assert waits(share, 0.3, 1.0, 0.2, pictures=LOW)
    assert share.redundancy(1.2) == 1
    assert share.bits_per_s == inf
    share.lost(0.5, LOW, SOUND, LOW, 1.5)
    assert share.bits_per_s < LOW / 2


@pytest.mark.parametrize("before", [True, False])
def test_an_estimate_and_loss_are_believed_whichever_comes_first(before: bool) -> None:
    share = LineShare()
    if not before:
        starved(share, 1.0)
        assert share.bits_per_s == LOW
    share.lost(0.3, MIDDLE, SOUND, LOW, 3.0)
    if before:
        starved(share, 3.0)
    assert share.bits_per_s < LOW / 2
    # A bad line needs what goes along with its sound.
    assert share.redundancy(4.0) == DEEPEST
    # What is said long after has nothing to do with it.
    share = LineShare()
    starved(share, 1.0)
    share.lost(0.3, LOW, SOUND, LOW, 8.0)
    assert share.bits_per_s == LOW


def test_a_busy_machine_s_estimates_and_round_trips_take_no_picture_away() -> None:
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    for at in range(10):
        starved(share, 1.0 + 2 * at)
        waits(share, 0.5, 1.8, 1.0 + 2 * at)
        waits(share, 0.1, 0.2, 2.8 + 2 * at)
    assert share.bits_per_s == LOW
    # Redundant sound gives way meanwhile, and nothing is lost by that.
    assert share.redundancy(21.0) == 1


def test_the_first_estimate_of_a_line_that_loses_is_believed_and_of_one_that_does_not_is_not() -> None:
    share = LineShare()
    share.estimated(23_000, MIDDLE, SOUND, LOW, 1.0)
    assert share.bits_per_s == inf
    share = LineShare()
    share.lost(0.3, MIDDLE, SOUND, LOW, 0.5)
    share.estimated(23_000, MIDDLE, SOUND, LOW, 1.0)
    assert share.bits_per_s == 0


def test_loss_steps_down_when_it_lasts_and_never_below_the_smallest_picture() -> None:
    share = LineShare()
    share.lost(0.3, 400_000, SOUND, LOW, 1.0)
    share.lost(0.0, 400_000, SOUND, LOW, 2.0)
    share.lost(0.3, 400_000, SOUND, LOW, 3.0)
    assert share.bits_per_s == inf
    share.lost(0.3, 400_000, SOUND, LOW, 4.0)
    assert share.bits_per_s == pytest.approx(340_000)
    for at in range(20):
        share.lost(0.35, 50_000, SOUND, LOW, 5.0 + at)
    assert share.bits_per_s == LOW


def test_heavy_loss_that_lasts_is_a_full_line_whatever_else_is_told() -> None:
    share = LineShare()
    share.lost(0.6, LOW, SOUND, LOW, 1.0)
    assert (share.bits_per_s, share.redundancy(1.0)) == (inf, 1)
    share.lost(0.6, LOW, SOUND, LOW, 2.0)
    assert share.bits_per_s < LOW / 2


def run(share: LineShare, seconds: float, now: float, target: float | None = MIDDLE) -> float:
    """A review each second; the time after."""
    end = now + seconds
    while now < end:
        now += 1.0
        share.step(LOW, target, now, padded=True)
    return now


def test_up_goes_after_a_calm_while_and_a_probe_of_the_whole_step() -> None:
    share = LineShare()
    overrun(share, LOW + SOUND, 800_000, 0.0)
    now = run(share, HOLD_S - 1, 0.0)
    assert not share.probing
    now = run(share, 1.0, now)
    assert share.probing == MARGIN * (MIDDLE - LOW)
    assert share.bits_per_s == LOW
    now = run(share, PROBE_S, now)
    assert not share.probing
    assert share.bits_per_s == MIDDLE
    # With nothing better to have, it is as free as in the beginning.
    run(share, HOLD_S + 1, now, target=None)
    assert share.bits_per_s == inf


def test_a_probe_that_overruns_the_line_ends_at_once_and_the_next_waits_longer() -> None:
    share = LineShare()
    overrun(share, LOW + SOUND, 800_000, 0.0)
    now, waits = 0.0, []
    for _ in range(6):
        since = now
        while not share.probing:
            now = run(share, 1.0, now)
        waits.append(now - since)
        share.lost(0.2, LOW, SOUND, LOW, now)
        assert not share.probing
        assert share.bits_per_s == LOW
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= LONGEST_HOLD_S + 1


def test_loss_right_after_a_step_up_takes_it_back_also_down_to_nothing() -> None:
    share = LineShare()
    share.estimated(200_000, LOW, SOUND, LOW, 0.0)
    share.lost(0.3, LOW, SOUND, LOW, 0.5)
    share.estimated(50_000, LOW, SOUND, LOW, 1.0)
    assert share.bits_per_s == 0
    now = 1.0
    while not share.bits_per_s:
        now += 1.0
        share.step(0.0, LOW, now, padded=True)
    assert share.bits_per_s == LOW
    share.lost(0.2, LOW, SOUND, LOW, now + 1)
    assert share.bits_per_s == 0


def waits(share: LineShare, queue_s: float, seconds: float, now: float, pictures: float = MIDDLE) -> bool:
    """Round trips five times a second on a line of 40 ms; whether anything was found too much."""
    found = [share.went(0.04 + queue_s, pictures, SOUND, now + 0.2 * n) for n in range(round(5 * seconds))]
    return any(found)


def test_round_trips_alone_take_no_picture_away() -> None:
    """A machine that stumbles, the server's or the office's, makes them as long as a full line does."""
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    waits(share, 0.5, 30.0, 1.0)
    assert share.bits_per_s == inf


def test_round_trips_that_are_long_for_long_make_the_estimate_believed() -> None:
    """A full line whose queue holds all: nothing of the pictures is lost, and sound comes late."""
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    share.estimated(SOUND + 10_000, LOW, SOUND, LOW, 1.0)
    # One that comes in time is a machine's doing.
    for n in range(10):
        waits(share, 0.3, 1.8, 1.0 + 2 * n, pictures=LOW)
        waits(share, 0.0, 0.2, 2.8 + 2 * n, pictures=LOW)
    assert share.bits_per_s == inf
    assert waits(share, 0.3, 2.4, 21.0, pictures=LOW)
    assert share.bits_per_s == 10_000
    # Few and far between, as reports are, they tell too little; so they do while the estimate has room.
    for every, estimate in ((0.9, SOUND), (0.2, 2 * (LOW + SOUND))):
        share = LineShare()
        waits(share, 0.0, 1.0, 0.0)
        share.estimated(estimate, LOW, SOUND, LOW, 1.0)
        for n in range(7):
            share.went(0.34, LOW, SOUND, 1.0 + every * n)
        assert share.bits_per_s == inf


def test_a_way_that_has_become_longer_is_taken_for_what_it_is() -> None:
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    waits(share, 0.2, 2.0, 1.0)
    assert share.redundancy(3.0) == 1
    waits(share, 0.2, 30.0, 3.0)
    assert share.redundancy(33.0 + SETTLED_S) == DEEPEST


def test_a_peer_that_moves_is_compared_with_its_new_way() -> None:
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    share.moved()
    assert not waits(share, 0.5, 30.0, 1.0)
    assert share.redundancy(31.0) == DEEPEST


def test_a_probe_ends_with_two_packets_that_wait_and_takes_nothing_away() -> None:
    share = LineShare()
    overrun(share, LOW + SOUND, 800_000, 0.0)
    waits(share, 0.0, 1.0, 0.0)
    now = run(share, HOLD_S, 0.0)
    share.went(0.04, LOW, SOUND, now)
    assert 0 < share.padding(now) < share.padding(now + PROBE_S / 2) < share.padding(now + PROBE_S)
    assert share.padding(now + PROBE_S) == share.probing
    assert not waits(share, 0.05, 0.2, now, pictures=LOW)
    assert not waits(share, 0.1, 0.2, now, pictures=LOW)
    assert waits(share, 0.1, 0.2, now, pictures=LOW)
    assert (share.probing, share.bits_per_s) == (0.0, LOW)
    assert share.redundancy(now) == DEEPEST


def test_a_busy_machine_ends_no_probe_with_what_it_did_before() -> None:
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    overrun(share, LOW + SOUND, 800_000, 1.0)
    now = run(share, HOLD_S - 2, 1.0)
    for n in range(10):
        share.went(0.2 if n % 3 else 0.05, LOW, SOUND, now + 0.2 * n)
    now = run(share, 3.0, now)
    assert share.probing
    assert not waits(share, 0.15, 1.0, now, pictures=LOW)
    assert waits(share, 0.3, 0.4, now + 1, pictures=LOW)


def test_redundant_sound_takes_no_room_that_the_line_has_not_got() -> None:
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    waits(share, 0.5, 1.0, 1.0)
    assert share.redundancy(2.0) == 1
    assert share.redundancy(2.0 + SETTLED_S) == DEEPEST
    # Without pictures it is what a bad line needs, and goes only where a full one is sure.
    share = LineShare()
    waits(share, 0.0, 1.0, 0.0)
    waits(share, 0.5, 1.6, 1.0, pictures=0.0)
    assert share.redundancy(3.0) == DEEPEST
    waits(share, 0.5, 1.0, 2.6, pictures=0.0)
    assert share.redundancy(4.0) == 0
    assert share.redundancy(4.0 + SETTLED_S) == DEEPEST


def test_pictures_are_sent_again_as_a_bad_line_needs_and_no_more() -> None:
    share, fits = LineShare(), 0
    # Of 450 kbit/s in packets of 1,125 bytes a fifth is lost, and a fifth of what is sent again.
    for n in range(12 * 60):
        assert share.may_resend(1_125, 450_000, n / 12)
    # A line that loses nearly all of it, and is asked for everything again and again.
    for n in range(300 * 10):
        fits += share.may_resend(1_125, 80_000, 60 + n / 300)
    assert fits * 1_125 * 8 / 10 < 0.6 * 80_000
    # None while packets stand before the line.
    waits(share, 0.0, 1.0, 100.0)
    assert share.may_resend(1_125, 80_000, 101.0)
    waits(share, 0.5, 1.0, 101.0)
    assert not share.may_resend(1_125, 80_000, 102.0)
    assert share.may_resend(1_125, 80_000, 105.0)


def test_loss_is_told_over_a_while_and_not_by_single_packets() -> None:
    # As Chromium reports on a line that loses half: at once for each gap, and again with nothing new.
    losses, found, highest = Losses(), [], 1_000
    for n in range(100):
        highest += 2 * (n % 2)
        mean = losses.heard(0.5 if n % 2 else 0.0, highest, n * 0.02)
        if mean is not None:
            found.append(mean)
    assert len(found) == 3
    assert found[1:] == [0.5, 0.5]
    # What is out of order is not counted twice, and numbers go round.
    losses = Losses()
    assert losses.heard(0.0, 0xFFFFFFFE, 0.0) == 0.0
    assert losses.heard(0.5, 3, 1.0) == 0.5
    assert losses.heard(1.0, 1, 2.0) is None


@pytest.mark.parametrize(
    ("carries", "aula", "speaker"),
    [
        (0.4 * LOW, -1, -1),
        (0.6 * LOW, -1, 0),
        (LOW, -1, 0),
        (2 * LOW, 0, 0),
        (MIDDLE, 0, 0),
        (LOW + MIDDLE, 0, 1),
        (2 * MIDDLE - 1, 0, 1),
        (2 * MIDDLE, 1, 1),
    ],
)
def test_first_all_are_seen_and_then_the_speaker_better(carries: float, aula: int, speaker: int) -> None:
    most = allot(carries, COSTS)
    assert most == {Slot.AULA: aula, Slot.SPEAKER: speaker}
    target = next_target(most, COSTS)
    spent = sum(COSTS[slot][layer] for slot, layer in most.items() if layer >= 0)
    if target is None:
        assert carries == 2 * MIDDLE
    else:
        # What is probed for is what then is allotted: a step up, and nobody's step down.
        assert target > spent >= 0
        assert all(allot(target, COSTS)[slot] >= layer for slot, layer in most.items())
        assert allot(target, COSTS) != most
