"""How much the way to a peer carries, by a burst of checks of our own: how far apart their answers come.

What is sent at once leaves the narrowest part of a way one after the other (dispersion of a packet train:
Dovrolis, Ramanathan, Moore, 2001). Answers are small, and every browser gives them before any of its media.
Other packets in between, a narrow way back, and a machine at the other end that stumbles draw them apart as
well, so the most of several is to be believed; one there that slept through them answers all at once, which
says that there is no bound. Ours may sleep: the kernel says when they came (``arrival``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

CHECKS, CHECK_BYTES = 3, 400
"""So small that sound behind them waits less than 0.1 s where 128 kbit/s are carried."""
_HEADERS_BYTES = 28
"""IPv4 and UDP."""


class Burst:
    """One of them, until it is answered."""

    def __init__(self, transactions: Sequence[bytes]) -> None:
        """In the order in which they leave at once."""
        self._due = list(transactions)
        self._checks = len(transactions)
        self._began = 0.0

    def answered(self, transaction: bytes, now: float) -> float | None:
        """Bit/s, once the last of them was; an answer that is missing or out of turn ends it."""
        if not self._due or self._due.pop(0) != transaction:
            self._due.clear()
            return None
        if len(self._due) == self._checks - 1:
            self._began = now
        if self._due:
            return None
        lasted = now - self._began
        return (self._checks - 1) * (CHECK_BYTES + _HEADERS_BYTES) * 8 / lasted if lasted > 0 else inf


@dataclass(frozen=True, slots=True)
class Asked:
    """A check that is to measure the way there."""

    at: float
    burst: Burst | None
    """Of which it is one."""
    first: bool
    """Nothing that left together with it was before it."""
