"""How much of the pictures a receiver's line carries: down by what it tells, up after a probe. Pure.

A browser's estimate (REMB) never says much more than it receives, so its height means little; that it
falls means that its line was overrun, and then it is what came through. Loss is the other sign. Up goes one
step at a time, after padding of the step's size has gone out for a while and neither sign was seen; each
failure makes the next try wait longer. Sound goes on, and what it takes is not the pictures' to have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from rooms.media.plane import Slot

NOMINAL_BITS_PER_S = (120_000, 450_000, 1_500_000)
"""Of a layer that is not sent at present, the lowest first."""
FALL = 0.95
"""Of the estimate before: below it, it fell."""
LOSS, CALM_LOSS = 0.10, 0.05
"""From the first on, twice in a row, a line is taken for overrun; up to the second it is taken for calm."""
HOLD_S, LONGEST_HOLD_S = 5.0, 60.0
PROBE_S = 2.0
SETTLED_S = 20.0
"""So long without a bad sign before failures of old are forgotten."""
KEPT = 0.5
"""The smallest picture goes on while so much of it comes through: what a line is said to carry after it was
overrun is always less than what it was sent, and a moment's hitch is not to blind anybody."""
PRIORITY = (Slot.SPEAKER, Slot.SCREEN, Slot.RESPONDER, Slot.AULA)
"""Who is seen first where not all can be; all other slots come after, in their order."""


@dataclass(slots=True)
class LineShare:
    """What of one receiver's line is for pictures, in bit/s; unlimited until it shows its limits."""

    bits_per_s: float = inf
    probing: float = 0.0
    """Bits per second of padding that go out now."""
    _estimate: float = 0.0
    """The newest; 0 before the first, which has not fallen from anything."""
    _lossy: int = 0
    _target: float = 0.0
    _until: float = 0.0
    """When the present probe ends."""
    _hold_s: float = HOLD_S
    _bad_at: float = field(default=-1e9)
    _waits_from: float = field(default=-1e9)
    _stepped_at: float = field(default=-1e9)

    def estimated(self, bits_per_s: float, pictures: float, sound: float, now: float) -> None:
        """The receiver's estimate for all it receives, and what it is sent at present."""
        fell = bits_per_s < FALL * self._estimate
        self._estimate = bits_per_s
        if fell and bits_per_s < pictures + sound + self.probing:
            self._overrun(max(0.0, bits_per_s - sound), now)

    def lost(self, fraction: float, pictures: float, floor: float, now: float) -> None:
        """A report on a picture. ``floor``: what the smallest picture takes; loss alone never stops it."""
        if fraction < LOSS:
            self._lossy = 0
            if fraction > CALM_LOSS:
                self._bad_at = now
            return
        self._lossy += 1
        if self._lossy >= 2 or self.probing:
            self._lossy = 0
            self._overrun(max(floor, pictures * (1 - fraction / 2)), now)

    def _overrun(self, carries: float, now: float) -> None:
        if self.probing or now - self._stepped_at < HOLD_S:
            # The last step up was one too many.
            self._hold_s = min(LONGEST_HOLD_S, 2 * self._hold_s)
        self.probing = 0.0
        self._bad_at = self._waits_from = now
        self.bits_per_s = min(self.bits_per_s, carries)

    def step(self, pictures: float, target: float | None, now: float, *, padded: bool) -> bool:
        """Go on with what is due; True: ``bits_per_s`` is another now.

        ``pictures``: sent at present; ``target``: what the next better picture would take in all, None: there
        is none. ``padded``: the receiver can be sent padding; else the step is tried with the picture itself.
        """
        if self.bits_per_s == inf:
            return False
        if now - self._bad_at > SETTLED_S:
            self._hold_s = HOLD_S
        if self.probing:
            if now < self._until:
                return False
            self.probing = 0.0
            self._waits_from = self._stepped_at = now
            self.bits_per_s = max(self.bits_per_s, self._target)
            return True
        if now - max(self._bad_at, self._waits_from) < self._hold_s:
            return False
        if target is None:
            self.bits_per_s = inf
            return True
        self._target, self._until = target, now + (PROBE_S if padded else 0.0)
        self.probing = max(1.0, target - pictures)
        return False


def allot(bits_per_s: float, costs: Mapping[Slot, Sequence[float]]) -> dict[Slot, int]:
    """The highest layer for each slot, -1 for none: first all are seen at all, then the foremost better.

    ``costs``: bits per second of each slot's layers, the lowest first.
    """
    order = sorted(costs, key=lambda slot: PRIORITY.index(slot) if slot in PRIORITY else len(PRIORITY))
    most = dict.fromkeys(order, -1)
    left = bits_per_s
    for slot in order:
        if costs[slot] and costs[slot][0] * KEPT <= left:
            most[slot], left = 0, max(0.0, left - costs[slot][0])
    for slot in order:
        for layer in range(1, len(costs[slot]) if most[slot] == 0 else 0):
            extra = costs[slot][layer] - costs[slot][layer - 1]
            if extra > left:
                break
            most[slot], left = layer, left - extra
    return most


def next_target(most: Mapping[Slot, int], costs: Mapping[Slot, Sequence[float]]) -> float | None:
    """What all would take with the cheapest step up of any slot; None when all have their best."""
    spent = sum(costs[slot][layer] for slot, layer in most.items() if layer >= 0)
    steps = [
        costs[slot][layer + 1] - (costs[slot][layer] if layer >= 0 else 0.0)
        for slot, layer in most.items()
        if layer + 1 < len(costs[slot])
    ]
    return spent + min(steps) if steps else None
