"""Clients of ``make goal-lin``: each gives a command and waits for its answer, and repeats what had none.

``KeeperClient`` speaks to a keeper of its own, which appends to the journal directly; ``WireClient`` is a
browser's line to the real server.
"""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from yarl import URL

from rooms.ids import RoomId
from tests.support.app import Socket, Visitor

ACK = "ack"
"""The answer whose events are told by the journal."""


@dataclass(frozen=True, slots=True)
class Journalled:
    """What a room's journal holds."""

    state: str
    """Snapshot of what it folds to, or ``failed ..`` when it does not fold."""
    written: dict[str, list[str]] = field(default_factory=dict)
    """Command id -> its events, as text."""


class Client(Protocol):
    @property
    def crashes(self) -> int:
        """Answers that never came."""
        ...

    async def prepare(self, room_id: RoomId) -> str:
        """A new room in its dialog; the key with which clients enter it."""
        ...

    async def enter(self, key: str) -> None: ...

    async def give(self, room_id: RoomId, message: dict[str, Any], *, crash: bool) -> list[str]:
        """The answer: events as text, ``refused CODE``, or ACK."""
        ...

    async def read(self, room_id: RoomId) -> Journalled: ...

    async def leave(self, room_id: RoomId) -> None: ...


class Line:
    """JSON lines on a Unix socket whose other end may die; what had no answer is asked again."""

    def __init__(self, address: Path) -> None:
        self._address = address
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.broken = 0

    async def ask(self, question: dict[str, Any]) -> Any:
        while True:
            try:
                if self._stream is None:
                    self._stream = await asyncio.open_unix_connection(self._address)
                reader, writer = self._stream
                writer.write(json.dumps(question).encode() + b"\n")
                if line := await reader.readline():
                    return json.loads(line)
            except FileNotFoundError:  # the other end is still coming up
                await asyncio.sleep(0.05)
                continue
            except ConnectionError:
                pass
            self.broken += 1
            self._stream = None
            if "crash" in question:
                question["crash"] = False


class KeeperClient:
    def __init__(self, address: Path) -> None:
        self._line = Line(address)

    @property
    def crashes(self) -> int:
        return self._line.broken

    async def prepare(self, room_id: RoomId) -> str:
        await self._ask(room_id, "prepare")
        return ""

    async def enter(self, key: str) -> None:
        return

    async def give(self, room_id: RoomId, message: dict[str, Any], *, crash: bool) -> list[str]:
        return await self._ask(room_id, json.dumps(message), crash)

    async def read(self, room_id: RoomId) -> Journalled:
        (state,) = await self._ask(room_id, "fold")
        return Journalled(state)

    async def leave(self, room_id: RoomId) -> None:
        return

    async def _ask(self, room_id: RoomId, message: str, crash: bool = False) -> list[str]:
        told = await self._line.ask({"room": room_id, "message": message, "crash": crash})
        answer: list[str] = told["answer"]
        return answer


class WireClient:
    """Two of them share the operator's link of a session, as two screens of one desk do."""

    def __init__(self, url: URL, control: Path) -> None:
        self._url = url
        self._line = Line(control)
        self._visitor: Visitor | None = None
        self._socket: Socket | None = None
        self._crashes = 0

    @property
    def crashes(self) -> int:
        return self._crashes

    async def prepare(self, room_id: RoomId) -> str:
        return str(await self._line.ask({"prepare": room_id}))

    async def enter(self, key: str) -> None:
        self._visitor = Visitor(self._url, key)
        await self._connected()

    async def give(self, room_id: RoomId, message: dict[str, Any], *, crash: bool) -> list[str]:
        if crash:
            await self._line.ask({"doom": message["command_id"]})
        fields = {name: value for name, value in message.items() if name not in ("type", "command_id")}
        while True:
            socket = await self._connected()
            try:
                told = await socket.give(message["type"], command_id=message["command_id"], **fields)
            except (ConnectionError, aiohttp.ClientError):
                self._crashes += 1
                self._socket = None
                continue
            return [ACK] if told["type"] == "ack" else [f"refused {told['code']}"]

    async def read(self, room_id: RoomId) -> Journalled:
        return Journalled(**await self._line.ask({"read": room_id}))

    async def leave(self, room_id: RoomId) -> None:
        """The room is closed, so that later lives do not open it."""
        await self.give(room_id, {"type": "close_meeting", "command_id": f"close-{id(self)}"}, crash=False)
        assert self._visitor is not None
        await self._visitor.close()
        self._visitor = self._socket = None

    async def _connected(self) -> Socket:
        assert self._visitor is not None
        while self._socket is None:
            try:
                if not self._visitor.grant:
                    await self._visitor.open_link()
                self._socket = await self._visitor.connect()
            except aiohttp.WSServerHandshakeError:
                raise
            except (ConnectionError, aiohttp.ClientError):
                continue  # that life ended meanwhile; the next one is at the same port
        return self._socket
