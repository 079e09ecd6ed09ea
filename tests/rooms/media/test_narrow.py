"""A line that bursts show to be narrow: what pictures begin with, and when more of them are tried."""

from math import inf

import pytest

from rooms.media.embedded.adaptation import (
    BURSTS,
    FILLED,
    HOLD_S,
    NARROW_BITS_PER_S,
    REFUSALS,
    REFUSED_HOLD_S,
    LineShare,
)
from rooms.media.embedded.red import DEEPEST
from tests.rooms.media.test_adaptation import LOW, MIDDLE, SOUND, overrun, run


def test_a_narrow_line_shows_so_before_anything_fills_it() -> None:
    """By the most of what bursts say: each may have met a machine that stumbled."""
    share = LineShare()
    share.showed(NARROW_BITS_PER_S, SOUND, 0.1)
    assert (share.bits_per_s, share.bursts) == (inf, 0)
    share = LineShare()
    share.showed(60_000, SOUND, 0.1)
    assert share.bits_per_s < SOUND
    share.showed(128_000, SOUND, 0.3)
    assert share.bits_per_s == FILLED * 128_000 - SOUND
    assert share.redundancy(0.3) == 0, "sound alone filled what the first one showed"
    share.showed(100_000, SOUND, 0.5)
    assert share.bits_per_s == FILLED * 128_000 - SOUND
    share.showed(inf, SOUND, 0.7)
    assert (share.bits_per_s, share.bursts) == (inf, 0)
    # It was a machine that drew them apart, and lossy lines need what goes along with sound.
    assert share.redundancy(0.7) == DEEPEST
    # A way that is another one is asked anew.
    share.unknown()
    assert share.bursts == BURSTS


def test_what_goes_along_with_sound_has_room_beside_it_or_stays_away() -> None:
    for carries, depth in ((70_000, 0), (128_000, 1), (1_000_000, DEEPEST)):
        share = LineShare()
        share.showed(carries, SOUND, 0.1)
        assert share.redundancy(0.1) == depth
        # As long as it goes on to show so, asked again and again.
        now = 0.1
        for _ in range(8):
            now = run(share, HOLD_S - 1, now)
            share.bursts = 0
            share.showed(carries, SOUND, now)
            now = run(share, 1, now)
        assert share.redundancy(now) == depth


def test_what_a_line_showed_otherwise_bursts_do_not_change() -> None:
    share = LineShare()
    overrun(share, LOW + SOUND, 800_000, 1.0)
    for carries in (90_000, 10_000_000):
        share.showed(carries, SOUND, 1.5)
        assert share.bits_per_s == LOW
    share = LineShare()
    share.showed(250_000, SOUND, 0.1)
    assert share.bits_per_s < inf
    overrun(share, LOW + SOUND, 800_000, 1.0)
    share.showed(10_000_000, SOUND, 1.5)
    assert share.bits_per_s == LOW


def probed_after(share: LineShare, carries: float, target: float | None, seconds: int) -> list[int]:
    """In which seconds a probe began, of a line whose bursts show the same each time."""
    found, before = [], False
    for now in range(1, seconds):
        if share.bursts:
            share.bursts = 0
            share.showed(0.5 * carries, SOUND, now - 0.5)
            share.showed(carries, SOUND, now - 0.4)
        share.step(LOW, target, now, padded=True)
        if share.probing and not before:
            found.append(now)
        before = share.probing > 0
    return found


def test_nothing_is_probed_that_bursts_show_not_to_fit_but_now_and_then() -> None:
    wide, narrow = LineShare(), LineShare()
    for share in (wide, narrow):
        share.showed(128_000, SOUND, 0.0)
        share.bursts = 0
    assert probed_after(wide, 2_000_000, MIDDLE, 10)[0] <= HOLD_S + 1
    # It may be the way back that is narrow: then no burst ever says otherwise.
    probes = probed_after(narrow, 128_000, MIDDLE, 200)
    assert probes[0] > HOLD_S + (REFUSALS - 2) * REFUSED_HOLD_S
    assert narrow.bits_per_s > 2 * LOW


@pytest.mark.parametrize(("carries", "bits_per_s"), [(70_000, 1.0), (2_000_000, inf)])
def test_a_narrow_line_is_not_forgotten_while_there_is_nothing_to_see(
    carries: float, bits_per_s: float
) -> None:
    share = LineShare()
    share.showed(70_000, SOUND, 0.0)
    assert probed_after(share, carries, None, 120) == []
    assert share.bits_per_s == bits_per_s
