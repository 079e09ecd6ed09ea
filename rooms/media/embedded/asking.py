"""When to ask for what is missing, and how often: keyframes, lost packets, and what was just sent again.

Pure; time is an argument (s). Who is asked, and over which line, is ``repair``'s business.
"""

from dataclasses import dataclass, field

LONGEST_ANSWER_S = 1.5
"""Nobody's keyframe takes longer; what did was lost."""


@dataclass(slots=True)
class KeyframeAsk:
    """When to ask a publisher for a keyframe: at once on a switch, throttled otherwise, until one comes.

    Never again before the last answer's time has passed: browsers answer one request in 300 ms, and a
    needless one makes them deaf to the one that counts.
    """

    interval_s: float = 0.3
    switch_interval_s: float = 0.05
    came_at: float = -1e9
    """When the newest one came."""
    _wanted: bool = False
    _asked_at: float = -1e9
    _first_asked_at: float | None = None
    """Since the last one came."""
    _answer_s: float = 0.0
    """How long it took the last time."""

    def want(self, now: float, *, switch: bool = False) -> bool:
        """True: ask now. False: asked lately; ``due`` will say when to repeat."""
        self._wanted = True
        patience_s = min(LONGEST_ANSWER_S, max(self.interval_s, 1.25 * self._answer_s))
        if now - self._asked_at < (self.switch_interval_s if switch else patience_s):
            return False
        self._asked_at = now
        if self._first_asked_at is None:
            self._first_asked_at = now
        return True

    def wish(self) -> None:
        """Wanted, but not to be asked for here and now."""
        self._wanted = True

    def due(self, now: float) -> bool:
        """True: still wanted and long enough ago that asking again makes sense."""
        return self._wanted and self.want(now)

    def came(self, now: float) -> None:
        self._wanted, self.came_at = False, now
        if self._first_asked_at is not None:
            self._answer_s = now - self._first_asked_at
            self._first_asked_at = None


@dataclass(slots=True)
class Gaps:
    """Which of a publisher's packets are missing, and when to ask for them again."""

    tries: int = 4
    first_delay_s: float = 0.01
    """Reordering is not loss yet."""
    retry_delay_s: float = 0.08
    longest: int = 100
    most: int = 256
    """Missing at the same time; more is no loss but a publisher that counts as it likes."""
    _missing: dict[int, tuple[int, float]] = field(default_factory=dict)

    def arrived(self, index: int, highest_before: int, now: float) -> None:
        if index <= highest_before:
            self._missing.pop(index, None)
        elif highest_before >= 0 and index - highest_before - 1 <= self.longest:
            room = self.most - len(self._missing)
            for lost in range(max(highest_before + 1, index - room), index):
                self._missing[lost] = (0, now + self.first_delay_s)

    def filled(self, index: int) -> None:
        self._missing.pop(index, None)

    def forget(self) -> None:
        """Nobody waits for any of it."""
        self._missing.clear()

    def due(self, now: float, rtt_s: float = 0.0) -> list[int]:
        """Indexes to ask for now, ascending; each at most ``tries`` times, less and less often.

        ``rtt_s``: what an answer takes at least; asking again before is asking twice.
        """
        delay = max(self.retry_delay_s, 1.2 * rtt_s)
        asked: list[int] = []
        for index, (tried, at) in list(self._missing.items()):
            if at > now:
                continue
            asked.append(index)
            if tried + 1 >= self.tries:
                del self._missing[index]
            else:
                self._missing[index] = (tried + 1, now + delay * (1 << tried))
        return sorted(asked)


@dataclass(slots=True)
class Resent:
    """When which packet of a lane was sent again, so that one that is still on its way is not sent twice."""

    kept: int = 512
    least_s: float = 0.02
    _at: dict[int, float] = field(default_factory=dict)
    """By 16-bit number, oldest first."""

    def may(self, sequence_number: int, now: float, rtt_s: float) -> bool:
        """True: send it, and remember that. False: the last one can hardly have arrived."""
        before = self._at.pop(sequence_number, None)
        if before is not None and now - before < max(self.least_s, 0.8 * rtt_s):
            self._at[sequence_number] = before
            return False
        self._at[sequence_number] = now
        if len(self._at) > self.kept:
            del self._at[next(iter(self._at))]
        return True
