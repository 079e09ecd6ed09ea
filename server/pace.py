"""How fast one office, or one program, may go: enough for people, too slow to hold up a room.

Only links that belong to a seat are paced, all their devices together, and keys of other applications. Other
links may be shared by many (one for all who watch) or are the organiser's own desks.
"""

from collections.abc import Callable
from time import monotonic

from server.access import Role
from server.auth.identity import Identity


class Pace:
    """``burst`` at once, ``per_s`` in the long run; ``clock`` gives seconds."""

    def __init__(self, per_s: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._per_s = per_s
        self._burst = burst
        self._clock = clock
        self._left = float(burst)
        self._at = clock()

    def take(self, most_s: float = float("inf")) -> float | None:
        """Seconds to wait before the next one; None, and it does not count, if beyond ``most_s``."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._at) * self._per_s)
        self._at = now
        wait_s = max(0.0, (1 - self._left) / self._per_s)
        if wait_s > most_s:
            return None
        self._left -= 1
        return wait_s

    def give_back(self) -> None:
        """The last one does not count."""
        self._left += 1


class Paces:
    """The pace of each seat's link."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._paces: dict[str, Pace] = {}

    def allow(self, per_s: float, burst: int) -> None:
        """From now on, for who comes anew."""
        self._per_s, self._burst = per_s, burst

    def of(self, identity: Identity) -> Pace | None:
        """None: nobody holds this link back."""
        if identity.seat_id is None and identity.role is not Role.APLIKASI:
            return None
        known = self._paces.get(identity.grant_id)
        if known is None:
            known = self._paces[identity.grant_id] = Pace(self._per_s, self._burst)
        return known
