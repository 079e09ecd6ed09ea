"""Whether a screen of the pimpinan is there, and what the meeting is told about it (R72)."""

from collections.abc import Awaitable, Callable

from rooms.meeting.commands import ConnectChair, DropChair
from server.access import Role
from server.signalling.client import Client
from server.signalling.telling import RETRY_S, Telling

Tell = Callable[[ConnectChair | DropChair], Awaitable[object]]


class ChairScreens:
    """All screens of pimpinan links of one room."""

    def __init__(self, tell: Tell, retry_s: float = RETRY_S) -> None:
        self._screens: set[Client] = set()
        self._telling: Telling[str, ConnectChair | DropChair] = Telling(
            lambda _: ConnectChair() if self._screens else DropChair(), tell, retry_s
        )

    def join(self, client: Client) -> None:
        """A screen of any role has come; only the pimpinan's count."""
        if client.identity.role is Role.PIMPINAN:
            self._screens.add(client)
            self._telling.about(Role.PIMPINAN)

    def leave(self, client: Client) -> None:
        if client in self._screens:
            self._screens.remove(client)
            self._telling.about(Role.PIMPINAN)

    async def follow(self) -> None:
        """Keep the meeting informed until cancelled; what it remembers of an earlier server is put right."""
        self._telling.about(Role.PIMPINAN)
        await self._telling.follow()
