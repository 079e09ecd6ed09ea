"""That notes changed, told to a room: the first change at once, then at most once in a while.

Everybody who is told fetches the notes, so one who changes them again and again would have a whole hall ask
as often. Driven by whoever changed notes, in the loop of the room.
"""

import asyncio
from collections.abc import Callable

PAUSE_S = 1.0
"""Between two messages to a room."""


class NotesNews:
    """``tell`` gets the newest version of the room's notes."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell = tell
        self._newest = self._told = -1
        self._pause: asyncio.TimerHandle | None = None
        """Until when nothing is told; None: nothing was told of late."""

    def changed(self, version: int) -> None:
        """Of two that come out of order the older one tells nothing, nor does a version that was told."""
        self._newest = max(self._newest, version)
        if self._pause is None:
            self._say()

    def close(self) -> None:
        """What was not told yet is fetched by whoever comes back."""
        if self._pause is not None:
            self._pause.cancel()

    def _say(self) -> None:
        self._pause = None
        if self._newest == self._told:
            return
        self._told = self._newest
        self._pause = asyncio.get_running_loop().call_later(PAUSE_S, self._say)
        self._tell(self._told)
