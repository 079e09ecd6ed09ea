"""How much a picture that comes in one size may take: what the lines of most who are to see it carry. Pure.

Of several sizes each line is sent the one that fits. Of one it is sent all or nothing, so its publisher is
asked for no more than most of them carry; the few that carry less keep the last picture and the sound, and do
not make everybody's poor. Down at once. Up slowly, for a line without limits may only not have been tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

LEAST_BITS_PER_S = 150_000.0
"""Below it a shared page cannot be read any more, and a face is hardly seen."""
RISES = 1.005
"""Each second: a line that was tried once too often makes sound late, too."""
MOST_BITS_PER_S = 4_000_000.0
"""More than any camera or screen takes: no bound."""


@dataclass(slots=True)
class Demand:
    bits_per_s: float = inf

    def heard(self, carried: Sequence[float]) -> None:
        """Once a second. ``carried``: of it, by each line of who is to see it, bit/s; inf: without limits."""
        half = sorted(carried)[(len(carried) - 1) // 2] if carried else inf
        bound = max(LEAST_BITS_PER_S, half)
        self.bits_per_s = min(bound, self.bits_per_s * RISES)
        if self.bits_per_s > MOST_BITS_PER_S:
            self.bits_per_s = inf
