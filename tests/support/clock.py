"""Virtual time for rooms: it stands still until a test moves it."""

import asyncio
from collections.abc import Callable


class VirtualClock:
    def __init__(self, now: int = 1_000) -> None:
        self._now = now
        self._sleepers: list[tuple[int, asyncio.Event]] = []

    def now(self) -> int:
        return self._now

    async def sleep_until(self, at: int) -> None:
        if at <= self._now:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        self._sleepers.append((at, woken))
        try:
            await woken.wait()
        finally:
            self._sleepers = [s for s in self._sleepers if s[1] is not woken]

    @property
    def alarms(self) -> list[int]:
        """Instants that somebody sleeps until, in order."""
        return sorted(at for at, _ in self._sleepers)

    def advance(self, ms: int) -> None:
        """Move time; whoever is due is woken, but runs only when the test awaits."""
        self._now += ms
        for at, woken in list(self._sleepers):
            if at <= self._now:
                woken.set()


async def until(condition: Callable[[], bool]) -> None:
    """Let tasks run until something holds; it must within so many turns of the loop."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to hold")
