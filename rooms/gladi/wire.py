"""The signalling half of a synthetic seat: personal link, WebSocket, views and commands.

Speaks ``server/signalling/PROTOCOL.md`` as a browser does. It keeps the newest view over reconnects, so that
it resumes instead of starting anew. What to do about a view is not decided here.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from rooms.media.plane import Offer

log = logging.getLogger(__name__)

PROTOCOL = 1
ACK_S = 10.0
HEARTBEAT_S = 15.0
GONE = {4403: "revoked", 4409: "taken over"}
"""Close codes after which there is nothing to come back for."""


class LinkEnded(Exception):
    """The personal link is unknown, revoked, or used by another device now."""


class CommandRefused(Exception):
    """The server refused; ``code`` is one of its stable codes."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Wire:
    """One personal link over any number of connections."""

    def __init__(self, http: aiohttp.ClientSession, link: URL) -> None:
        self._http = http
        self._link = link
        self._base: URL | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._acks: dict[str, asyncio.Future[None]] = {}
        self._position: dict[str, int] | None = None
        self.sections: dict[str, Any] = {}
        """The newest value of each section, as JSON."""
        self.welcome: dict[str, Any] = {}

    @property
    def online(self) -> bool:
        return self._socket is not None and not self._socket.closed

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """Open the link and the socket, say hello; gives the messages that come after ``welcome``.

        Views are taken in before they are handed out, acks and errors of commands are not handed out.
        Raises LinkEnded, aiohttp.ClientError, TimeoutError, ConnectionError.
        """
        self._base = await self._exchange()
        origin = str(self._base.origin())
        async with self._http.ws_connect(
            self._base / "ws", origin=origin, heartbeat=HEARTBEAT_S, max_msg_size=16 * 1024 * 1024
        ) as socket:
            self._socket = socket
            try:
                await socket.send_json({"type": "hello", "protocol": PROTOCOL, "resume": self._position})
                self.welcome = await socket.receive_json(timeout=ACK_S)
                if self.welcome.get("type") != "welcome":
                    raise ConnectionError(f"no welcome but {self.welcome.get('code')}")
                yield self._messages(socket)
            finally:
                self._socket = None
                for ack in self._acks.values():
                    ack.cancel()
                self._acks.clear()

    async def command(self, kind: str, **fields: object) -> None:
        """Give a command and wait until it is committed.

        Raises CommandRefused, ConnectionError when the connection goes first, TimeoutError.
        """
        if self._socket is None:
            raise ConnectionError("offline")
        command_id = str(uuid.uuid4())
        ack = self._acks[command_id] = asyncio.get_running_loop().create_future()
        try:
            await self._socket.send_json({"type": kind, "command_id": command_id, **fields})
            async with asyncio.timeout(ACK_S):
                await asyncio.wait([ack])
            if ack.cancelled():
                raise ConnectionError("the connection ended before the answer")
            ack.result()
        finally:
            self._acks.pop(command_id, None)

    async def say(self, kind: str, **fields: object) -> None:
        """A message that is not a command. Raises ConnectionError."""
        if self._socket is None:
            raise ConnectionError("offline")
        await self._socket.send_json({"type": kind, **fields})

    async def offer(self, peer_id: str, offer: Offer) -> str:
        """Exchange SDP; raises aiohttp.ClientError (also for a refusal), ConnectionError."""
        if self._base is None:
            raise ConnectionError("offline")
        lines = [{"mid": line.mid, "kind": line.kind, "slot": line.slot} for line in offer.lines]
        body = {"peer_id": peer_id, "sdp": offer.sdp, "lines": lines}
        headers = {"Origin": str(self._base.origin())}
        url = self._base / "media" / "offer"
        async with self._http.post(url, json=body, headers=headers, raise_for_status=True) as response:
            answer = await response.json()
        return str(answer["sdp"])

    async def _exchange(self) -> URL:
        async with self._http.get(self._link) as response:
            if response.status in (403, 404, 410):
                raise LinkEnded(f"link answered {response.status}")
            response.raise_for_status()
            # Some roles are sent on to a page below; all their addresses begin with /s/{grant}/.
            _, root, grant, *_ = response.url.path.split("/")
            return response.url.with_path(f"/{root}/{grant}/")

    async def _messages(self, socket: aiohttp.ClientWebSocketResponse) -> AsyncIterator[dict[str, Any]]:
        async for raw in socket:
            if raw.type is not aiohttp.WSMsgType.TEXT:
                break
            message: dict[str, Any] = raw.json()
            if not self._settles(message):
                self._take_view(message)
                yield message
        if socket.close_code in GONE:
            raise LinkEnded(GONE[socket.close_code])

    def _take_view(self, message: dict[str, Any]) -> None:
        if message["type"] == "view":
            self._position = {"epoch": message["epoch"], "seq": message["seq"]}
            self.sections.update(message["sections"])

    def _settles(self, message: dict[str, Any]) -> bool:
        ack = self._acks.get(message.get("command_id") or "")
        if ack is None or ack.done() or message["type"] not in ("ack", "error"):
            return False
        if message["type"] == "ack":
            ack.set_result(None)
        else:
            ack.set_exception(CommandRefused(message["code"]))
        return True
