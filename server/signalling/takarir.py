"""Captions as the notulis types them: the last two lines, on everybody's screen and nowhere else.

They are no minutes: nothing of them is kept, and whoever comes later finds them only while they are read.
"""

from collections import deque
from collections.abc import Callable

from server.signalling import wire

LINES = 2
READ_MS = 20_000
"""How long the newest line stays on screens; they count for themselves."""


class Takarir:
    def __init__(self, now: Callable[[], int]) -> None:
        """``now``: ms since the epoch."""
        self._now = now
        self._lines: deque[str] = deque(maxlen=LINES)
        self._at = 0

    def say(self, line: str) -> str:
        """What everybody is told of a new line; an empty one takes all away."""
        now = self._now()
        if not line or now - self._at > READ_MS:
            self._lines.clear()
        if line:
            self._lines.append(line)
        self._at = now
        return self._message()

    def greeting(self) -> list[str]:
        """For who comes in."""
        return [self._message()] if self._lines and self._now() - self._at <= READ_MS else []

    def _message(self) -> str:
        return wire.dump("takarir", lines=list(self._lines))
