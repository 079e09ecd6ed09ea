"""Keeps the meeting informed of what changes outside it faster than the journal writes.

A single task per subject brings the meeting to what is true now, thing by thing: each waits once, the longest
waiting first, so a screen that came back before its turn was told is no drop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from rooms.meeting.errors import Refused

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""Pause before the meeting is told again what could not be written."""

Thing = TypeVar("Thing")
Order = TypeVar("Order")


class Telling(Generic[Thing, Order]):
    def __init__(
        self,
        now: Callable[[Thing], Order],
        tell: Callable[[Order], Awaitable[object]],
        retry_s: float = RETRY_S,
    ) -> None:
        """``now``: the command that says how a thing is now; ``tell`` gives it to the meeting and raises
        Refused or what the journal raises."""
        self._now = now
        self._tell = tell
        self._retry_s = retry_s
        self._due: dict[Thing, None] = {}
        self._wake = asyncio.Event()

    def about(self, thing: Thing) -> None:
        self._due[thing] = None
        self._wake.set()

    async def follow(self) -> None:
        """Keep the meeting informed until cancelled."""
        while True:
            while not self._due:
                self._wake.clear()
                await self._wake.wait()
            thing = next(iter(self._due))
            del self._due[thing]
            try:
                await self._tell(self._now(thing))
            except Refused as refused:
                log.warning("presence refused of=%s why=%s", thing, refused)
            except Exception:
                log.exception("presence not recorded of=%s", thing)
                await asyncio.sleep(self._retry_s)
                self.about(thing)
