"""Pictures that stood still at a browser, by the rule by which Chromium counts them, and whose doing it was.

Offices on a busy machine leave frames out. What one left out is told by somebody who gets all that the server
has: by the frames' own times while it is seen; at a call by how long it had been due when it was cut. Pure.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

AVERAGED, LONGER_MS = 30, 150.0
"""Still: longer than thrice the mean distance of so many frames, and so much longer than that."""
CLOCK_PER_MS = 90


@dataclass(frozen=True, slots=True)
class Shown:
    """A frame at a browser; instants in ms."""

    shown_ms: float
    came_ms: float
    number: int
    """How many were shown by then."""


@dataclass(frozen=True, slots=True)
class Came:
    """A whole frame at somebody who gets all."""

    came_ms: float
    time: int
    """Of its packets, modulo 2^32."""


@dataclass(frozen=True, slots=True)
class Still:
    since_ms: float
    lasted_ms: float
    left_out_ms: float
    """By the office."""
    ours: bool
    """It would be one also without that."""


def stills(shown: Sequence[Shown], came: Sequence[Came], called_at: Mapping[float, float]) -> list[Still]:
    """All of them, in their order. ``called_at``: by when the first frame of who was called came, ms."""
    found: list[Still] = []
    distances: deque[float] = deque(maxlen=AVERAGED)
    for before, frame in pairwise(shown):
        count = max(1, frame.number - before.number)
        lasted = (frame.shown_ms - before.shown_ms) / count
        usual = mean(distances) if distances else lasted
        longest = max(3 * usual, usual + LONGER_MS)
        distances.extend([lasted] * min(count, AVERAGED))
        if lasted > longest:
            missing = max(0.0, _unsent(before.came_ms, frame.came_ms, came, called_at) - usual)
            found.append(Still(before.shown_ms, lasted, missing, lasted - missing > longest))
    return found


def _unsent(since: float, until: float, came: Sequence[Came], called_at: Mapping[float, float]) -> float:
    """The longest that an office sent nothing between two instants, ms."""
    longest = 0.0
    for one, other in pairwise(came):
        if other.came_ms <= since or one.came_ms >= until:
            continue
        call = called_at.get(other.came_ms)
        own = (other.time - one.time) % (1 << 32) / CLOCK_PER_MS if call is None else call - one.came_ms
        longest = max(longest, own)
    return longest
