"""How much of the pictures a receiver's line carries: down by what it tells, up after a probe. Pure.

A browser's estimate (REMB) never says much more than it receives, so its height means little; that it falls
means that its line was overrun, and then it is what came through; or that its machine is, which reads packets
late. Loss is the other sign, and alone it may be a bad line as well. A round trip that takes longer than it
need says that packets wait before the line, or that a machine stumbles: it ends a probe, and makes redundant
sound less. So each alone makes pictures smaller at most; loss and one of the others together are believed,
and take the smallest away too: estimates and round trips are both what a busy machine makes of them. Only
where no round trip of two seconds was short, and a busy machine answers one of ten in time, are these two
believed as well. A line that is narrow shows so before it is filled: bursts of checks are drawn apart by it,
and where none of them was not, pictures begin with what is left of it, or not at all. Up goes one step at a
time, after padding of the step's size has gone out for a while and no sign was seen. None goes out where
bursts show that it would not fit, but now and then one does all the same, for they may be wrong: a narrow way
back draws them apart, too. Each failure makes the next try wait longer. Sound goes on, and what it
takes is not the pictures' to have; only its redundancy is less where the line has no room for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from rooms.media.embedded.red import DEEPEST
from rooms.media.plane import Slot

NOMINAL_BITS_PER_S = (120_000, 450_000, 1_500_000)
"""Of a layer that is not sent at present, the lowest first."""
SCREEN_BITS_PER_S = 100_000
"""Of a shared screen over time. A page that is turned takes more for a moment, and must come through."""
FALL = 0.95
"""Of the estimate before: below it, it fell."""
LOSS, CALM_LOSS = 0.10, 0.05
"""From the first on, twice in a row, a line is taken for overrun; up to the second it is taken for calm."""
HEAVY_LOSS = 0.4
"""No bad line loses so much for long, only a full one; then neither questions nor estimates come through."""
LOSS_WINDOW_S = 0.8
AGREED_S = 2.0
"""Within it two signs say the same."""
QUEUE_S, PROBED_QUEUE_S = 0.15, 0.08
"""So much longer than the shortest, a round trip says that packets wait before the line; while probing."""
LATE, FADES = 2, 0.8
"""So many in a row; how much of the longest counts after one more."""
STANDING_S = 0.4
"""In which every round trip must say so: machines at both ends stumble, too."""
STOOD_S, STOOD = 2.0, 8
"""In which every one of so many must say so until the estimate is believed, too."""
SHORTEST_RISES = 0.01
"""Of a second, each second: the way may have become a longer one."""
AGAIN, LEAST_AGAIN_BITS_PER_S, MOST_AGAIN_BYTES = 0.25, 30_000.0, 16_000.0
"""What may be sent again of pictures: a part of them; at least; at once. More would keep a full line full."""
HOLD_S, LONGEST_HOLD_S = 5.0, 60.0
PROBE_S, MARGIN = 2.0, 1.25
"""So long it is probed, with so much of the step: sound takes more at times than just then."""
BURSTS = 3
"""Of checks, to see what a line carries; a machine that stumbles draws one apart, and seldom all."""
NARROW_BITS_PER_S, FILLED = 300_000.0, 0.85
"""Below it a line is what bursts show; above, machines shape them as much. How full it may be."""
_NEXT_TO_NONE = 1.0
REFUSALS, REFUSED_HOLD_S = 4, 20.0
"""In a row by bursts, before a step is probed all the same; the longest wait after one: it hurts nobody."""
ANSWERED_S = 2.0
"""So long before it steps up they are asked for."""
SETTLED_S = 20.0
"""So long without a bad sign before failures of old are forgotten."""
KEPT = 0.5
"""The smallest picture goes on while so much of it comes through: what a line is said to carry after it was
overrun is always less than what it was sent, and a moment's hitch is not to blind anybody."""
PRIORITY = (Slot.SCREEN, Slot.SPEAKER, Slot.RESPONDER, Slot.AULA)
"""What is seen first where not all can be: what is shown, then who; all other slots after, in their order."""


@dataclass(slots=True)
class LineShare:
    """What of one receiver's line is for pictures, in bit/s; unlimited until it shows its limits."""

    bits_per_s: float = inf
    probing: float = 0.0
    """Bits per second of padding that go out now."""
    bursts: int = BURSTS
    """How many are still to be sent."""
    _estimate: float = 0.0
    """The newest; 0 before the first, which has not fallen from anything."""
    _lossy: int = 0
    _lossy_at: float = field(default=-1e9)
    _spared_at: float = field(default=-1e9)
    """When the smallest pictures were left to it though its estimate had no room for them."""
    _spared: float = 0.0
    """The room that it had."""
    _target: float = 0.0
    _until: float = 0.0
    """When the present probe ends."""
    _hold_s: float = HOLD_S
    _bad_at: float = field(default=-1e9)
    _waits_from: float = field(default=-1e9)
    _stepped_at: float = field(default=-1e9)
    _stepped_from: float = 0.0
    """What was the pictures' before that step."""
    _shortest_s: float = inf
    """Of the round trips."""
    _usual_s: float = 0.0
    """The longest of lately, while nothing was probed."""
    _late: int = 0
    _measured_at: float = 0.0
    _waits_since: float = inf
    """Since when all took QUEUE_S longer."""
    _stood: int = 0
    """How many since then."""
    _waited_at: float = field(default=-1e9)
    _shown: float = 0.0
    """What bursts leave to pictures, the most since they were asked for; 0: not answered."""
    _narrow: bool = False
    """Its first bursts alone have said what is for pictures."""
    _asked_at: float = field(default=-1e9)
    """When they were asked for to step up."""
    _refusals: int = 0
    _red: int = DEEPEST
    _lean_at: float = field(default=-1e9)
    """When that was last lowered."""
    _again_bytes: float = MOST_AGAIN_BYTES
    _again_at: float = 0.0

    def falls(self, bits_per_s: float) -> bool:
        """Whether this estimate would be less than the one before, or the first."""
        return bits_per_s < FALL * (self._estimate or inf)

    def estimated(self, bits_per_s: float, pictures: float, sound: float, floor: float, now: float) -> None:
        """The receiver's estimate for all it receives, and what it is sent at present.

        ``floor``: what the smallest pictures take.
        """
        lost = now - self._lossy_at <= AGREED_S
        # The first has not fallen from anything, unless something is lost of what is sent.
        before = self._estimate or (pictures + sound if lost else 0.0)
        fell = bits_per_s < FALL * before
        self._estimate = bits_per_s
        if not fell or bits_per_s >= pictures + sound + self.probing:
            return
        carries = max(0.0, bits_per_s - sound)
        if carries < floor and not lost:
            self._spared_at, self._spared, carries = now, carries, floor
        self._overrun(carries, now)

    def lost(self, fraction: float, pictures: float, sound: float, floor: float, now: float) -> None:
        """A report on a picture. ``floor``: what the smallest take; only heavy loss alone stops them."""
        if fraction < LOSS:
            self._lossy = 0
            if fraction > CALM_LOSS:
                self._bad_at = now
            return
        self._lossy += 1
        self._lossy_at = now
        heavy = fraction >= HEAVY_LOSS
        if heavy:
            self._carry_less(pictures, now)
        believed = now - self._waited_at <= AGREED_S or (heavy and self._lossy >= 2)
        through = max(0.0, (pictures + sound) * (1 - fraction) - sound)
        if self._agreed(now):
            self._overrun(self._spared, now)
        elif now - self._stepped_at < HOLD_S and self._stepped_from < floor:
            self._overrun(self._stepped_from, now)
        elif through < floor and believed:
            self._overrun(through, now)
        elif self._lossy >= 2 or self.probing:
            self._lossy = 0
            self._overrun(max(floor, pictures * (1 - fraction / 2)), now)

    @property
    def waits(self) -> bool:
        """Whether packets seem to wait before the line."""
        return self._waits_since < inf

    def went(self, rtt_s: float, pictures: float, sound: float, now: float) -> bool:
        """A round trip was measured, while so much was sent; True: something was too much.

        While it is probed LATE are enough, for sound pays for what follows; they are held against the longest
        of before, as a busy machine makes them. Else redundant sound is sent less where packets wait, and
        pictures are not cut for it alone: a machine that stumbles, at either end, looks the same.
        """
        shortest = self._shortest_s + SHORTEST_RISES * (now - self._measured_at)
        self._shortest_s, self._measured_at = min(rtt_s, shortest), now
        waits_s = rtt_s - self._shortest_s
        if self.probing:
            late = rtt_s - max(self._shortest_s, self._usual_s) >= PROBED_QUEUE_S
            self._late = self._late + 1 if late else 0
            if self._late < LATE:
                return False
            # What went before the probe was not too much.
            self._overrun(inf, now)
            return True
        self._late, self._usual_s = 0, max(rtt_s, FADES * self._usual_s + (1 - FADES) * rtt_s)
        if waits_s < QUEUE_S:
            self._waits_since, self._stood = inf, 0
            return False
        self._waits_since, self._stood = min(self._waits_since, now), self._stood + 1
        if now - self._waits_since < STANDING_S:
            return False
        before, self._waited_at, self._bad_at = self._red, now, now
        if now - self._waits_since >= STOOD_S and self._stood >= STOOD:
            self._carry_less(0.0, now)
            if pictures and 0 < self._estimate < pictures + sound:
                self._waits_since, self._stood = inf, 0
                self._overrun(max(0.0, self._estimate - sound), now)
                return True
        elif pictures:
            # What makes room for a voice that loses much is not taken from it for half a second's trouble.
            self._carry_less(pictures, now)
        return self._red < before

    def showed(self, carries: float, sound: float, now: float) -> None:
        """A burst was drawn apart as by a line of so many bit/s.

        ``sound``: what it takes of the line, headers included.
        """
        wide, first = carries >= NARROW_BITS_PER_S, self.bits_per_s == inf
        self._shown = max(self._shown, inf if wide else max(_NEXT_TO_NONE, FILLED * carries - sound))
        if wide:
            self.bursts = 0
        elif self._shown < inf and (first or not self.bursts):
            # Where sound alone fills it, nothing goes along with that either.
            self._carry_less(self._shown if self._shown > _NEXT_TO_NONE else 0.0, now)
        if not self._narrow and not first:
            # It showed otherwise what it carries, or is to be probed.
            return
        self.bits_per_s = inf
        if not wide:
            self._overrun(self._shown, now)
        elif self._narrow:
            # One that was drawn apart by a machine: what goes along with sound was taken from it for nothing.
            self._red, self._lean_at = DEEPEST, -1e9
        self._narrow = not wide

    def moved(self) -> None:
        """Its packets take another way, which may be longer: round trips are compared anew."""
        self._shortest_s, self._usual_s, self._late = inf, 0.0, 0
        self._waits_since, self._stood = inf, 0

    def unknown(self) -> None:
        """What bursts showed was of another way."""
        self.bursts, self._shown, self._refusals = BURSTS, 0.0, 0

    def carries(self, now: float) -> float:
        """Bit/s of pictures, also where the estimate said less and the smallest were left to it."""
        spared = self._spared if now - self._spared_at <= AGREED_S else inf
        return min(self.bits_per_s, spared)

    def beginning(self, wanted: int) -> int:
        """The layer, up to ``wanted``, that a picture may begin with before it was looked at; -1: none."""
        if self.bits_per_s == inf:
            return wanted
        return min(wanted, 0 if NOMINAL_BITS_PER_S[0] * KEPT <= self.bits_per_s else -1)

    def _agreed(self, now: float) -> bool:
        """Whether the estimate lately said what another sign says now."""
        return now - self._spared_at <= AGREED_S and self._spared < self.bits_per_s

    def _carry_less(self, pictures: float, now: float) -> None:
        """Sound with all that may go along with each packet fills a narrow line by itself."""
        self._red, self._lean_at = min(self._red, 1 if pictures else 0), now

    def redundancy(self, now: float) -> int:
        """How many packets of sound may go along with each, at most: what comes too late is lost, too."""
        if now - self._lean_at > SETTLED_S:
            self._red = DEEPEST
        return self._red

    def may_resend(self, octets: int, pictures: float, now: float) -> bool:
        """Whether so much of a picture may be sent again, beside ``pictures``; counted when True.

        Not while packets wait before the line: they would wait longer, and sound among them.
        """
        gained = max(LEAST_AGAIN_BITS_PER_S, AGAIN * pictures) / 8 * (now - self._again_at)
        self._again_bytes, self._again_at = min(MOST_AGAIN_BYTES, self._again_bytes + gained), now
        if octets > self._again_bytes or now - self._waited_at <= AGREED_S:
            return False
        self._again_bytes -= octets
        return True

    def padding(self, now: float) -> float:
        """What of ``probing`` goes out now, bit/s: more and more, so that an overrun shows early."""
        return self.probing * min(1.0, max(0.1, 1.5 * (1 - (self._until - now) / PROBE_S)))

    def _overrun(self, carries: float, now: float) -> None:
        if self.probing or now - self._stepped_at < HOLD_S:
            # The last step up was one too many.
            self._hold_s = min(LONGEST_HOLD_S, 2 * self._hold_s)
        self.probing, self._narrow = 0.0, False
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
            self._stepped_from = self.bits_per_s
            self.bits_per_s = max(self.bits_per_s, self._target)
            return True
        since = max(self._bad_at, self._waits_from)
        if now - since >= self._hold_s - ANSWERED_S and self._asked_at < since:
            self.bursts, self._shown, self._asked_at = BURSTS, 0.0, now
            self._narrow = False
        if now - since < self._hold_s:
            return False
        fits = not self._shown or self._shown >= (inf if target is None else target)
        if not fits and (target is None or self._refusals < REFUSALS):
            # Without a better picture to try there is nothing to gain by forgetting that it is narrow.
            self._refusals += target is not None
            self._bad_at = self._waits_from = now
            self._hold_s = max(self._hold_s, min(REFUSED_HOLD_S, 2 * self._hold_s))
            return False
        self._refusals = 0
        if target is None:
            self.bits_per_s = inf
            return True
        self._target, self._until = target, now + (PROBE_S if padded else 0.0)
        self.probing = max(1.0, MARGIN * (target - pictures))
        return False


@dataclass(slots=True)
class Losses:
    """What a lane loses over LOSS_WINDOW_S: who misses something reports many times a second, on few packets
    each time or on none."""

    _highest: int = -1
    _expected: int = 0
    _lost: float = 0.0
    _since: float = field(default=-1e9)

    def heard(self, fraction: float, highest: int, now: float) -> float | None:
        """A report: the fraction since the one before, the highest number so far. None: not enough yet."""
        new = (highest - self._highest) & 0xFFFFFFFF if self._highest >= 0 else 1
        if new < 1 << 31:
            self._highest, self._expected = highest, self._expected + new
            self._lost += fraction * new
        if not self._expected or now - self._since < LOSS_WINDOW_S:
            return None
        mean = self._lost / self._expected
        self._expected, self._lost, self._since = 0, 0.0, now
        return mean


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
