"""One connected screen: what it has been sent, what still waits for it, and how it is let go.

Anyone may ``tell`` it something, at once and without waiting: its own writing task does the waiting. A screen
that does not take what waits for it is let go with 4408 and comes back by resuming; it never delays another.
Views do not queue: a screen that is behind gets the newest one when its line is free.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rooms.ids import DeviceId, PeerId
from server.auth.identity import Identity
from server.signalling import wire

MOST_WAITING = 256
"""Messages that may wait besides the view."""
STALL_S = 15.0
"""How long one message may take to leave."""


@dataclass(frozen=True, slots=True)
class Bye:
    """Why the server closes; the codes are those of PROTOCOL.md."""

    code: int
    message: str


class Sending(Protocol):
    """The part of a WebSocket that a client writes to."""

    async def send_str(self, data: str) -> None: ...


class Client:
    """One socket. ``next_view`` gives the view it lacks, or None when it lacks nothing."""

    def __init__(
        self, identity: Identity, next_view: Callable[["Client"], str | None], stall_s: float = STALL_S
    ) -> None:
        self.identity = identity
        self.sent: dict[str, str] = {}
        """Section -> the serialised value that this screen has."""
        self.can_publish = False
        self.device: DeviceId | None = None
        """Which of the seat's devices; None: none that is looked at (R94)."""
        self.peer_id: PeerId | None = None
        """The call that it says is its own."""
        self.bye: Bye | None = None
        self.gone = asyncio.Event()
        """Set when the client is to be let go; ``bye`` says why."""
        self._next_view = next_view
        self._stall_s = stall_s
        self._waiting: deque[str] = deque()
        self._view_due = False
        self._wake = asyncio.Event()

    def tell(self, text: str) -> None:
        """Queue one message; too many let the client go."""
        if len(self._waiting) >= MOST_WAITING:
            self.let_go(Bye(4408, ""))
            return
        self._waiting.append(text)
        self._wake.set()

    def view_changed(self) -> None:
        self._view_due = True
        self._wake.set()

    def let_go(self, bye: Bye) -> None:
        """The first reason stands."""
        if self.bye is None:
            self.bye = bye
            self.gone.set()

    async def write(self, socket: Sending) -> None:
        """Send what waits until cancelled. A stalled line lets the client go."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while (text := self._next()) is not None:
                try:
                    async with asyncio.timeout(self._stall_s):
                        await socket.send_str(text)
                except TimeoutError:
                    self.let_go(Bye(4408, ""))
                    return
                except ConnectionError:
                    return  # the reader sees the end of the line too and clears up

    async def flush(self, socket: Sending) -> None:
        """Send what waits now, e.g. an ack that precedes a goodbye; the caller bounds the time."""
        while self._waiting:
            await socket.send_str(self._waiting.popleft())

    def _next(self) -> str | None:
        if self._waiting:
            return self._waiting.popleft()
        if self._view_due:
            self._view_due = False
            return self._next_view(self)
        return None


def goodbye(bye: Bye) -> str:
    return wire.dump("bye", code=bye.code, message=bye.message)
