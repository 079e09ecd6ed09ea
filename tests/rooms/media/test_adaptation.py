"""What a receiver's line carries, by what it tells; and what of the pictures that leaves it."""

from math import inf

import pytest

from rooms.media.embedded.adaptation import HOLD_S, LONGEST_HOLD_S, PROBE_S, LineShare, allot, next_target
from rooms.media.plane import Slot

LOW, MIDDLE = 100_000.0, 400_000.0
SOUND = 60_000.0
COSTS = {Slot.AULA: [LOW, MIDDLE], Slot.SPEAKER: [LOW, MIDDLE]}


def overrun(share: LineShare, carries: float, sent: float, now: float) -> None:
    share.estimated(2 * carries, sent, SOUND, now)
    share.estimated(carries, sent, SOUND, now)


def test_a_fall_of_the_estimate_is_what_the_line_carries_and_its_height_means_nothing() -> None:
    share = LineShare()
    # As it rises with what is received, far below what would go through.
    for estimate in (300_000.0, 310_000.0, 500_000.0, 490_000.0):
        share.estimated(estimate, 800_000, SOUND, 1.0)
    assert share.bits_per_s == inf
    share.estimated(300_000, 800_000, SOUND, 1.0)
    assert share.bits_per_s == 300_000 - SOUND
    # It may fall because less is sent: then it is no bound.
    share = LineShare()
    for estimate in (500_000.0, 300_000.0):
        share.estimated(estimate, 100_000, SOUND, 1.0)
    assert share.bits_per_s == inf


def test_loss_steps_down_when_it_lasts_and_never_below_the_smallest_picture() -> None:
    share = LineShare()
    share.lost(0.3, 400_000, LOW, 1.0)
    share.lost(0.0, 400_000, LOW, 2.0)
    share.lost(0.3, 400_000, LOW, 3.0)
    assert share.bits_per_s == inf
    share.lost(0.3, 400_000, LOW, 4.0)
    assert share.bits_per_s == pytest.approx(340_000)
    for at in range(20):
        share.lost(0.9, 50_000, LOW, 5.0 + at)
    assert share.bits_per_s == LOW


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
    assert share.probing == MIDDLE - LOW
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
        share.lost(0.2, LOW, LOW, now)
        assert not share.probing
        assert share.bits_per_s == LOW
    assert waits[0] < waits[1] < waits[2]
    assert max(waits) <= LONGEST_HOLD_S + 1


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
