"""Time, injected: rooms ask for the instant and sleep until one, so that tests can live in virtual time."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """ms since the epoch (UTC)."""
        ...

    async def sleep_until(self, at: int) -> None:
        """Return at ``at`` (ms) or a little before or later; the caller looks at the clock again."""
        ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    async def sleep_until(self, at: int) -> None:
        await asyncio.sleep(max(1, at - self.now()) / 1000)
