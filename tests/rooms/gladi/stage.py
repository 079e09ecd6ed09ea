"""The server's side of ``server/signalling/PROTOCOL.md`` in little, with media peers that really connect.

A test says what a seat's screen shows and reads what the seat does. Nothing here decides about a meeting.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

TOKEN, GRANT, COOKIE = "rahasia", "g1", "sesi"
PATIENCE_S = 90.0


class Stage:
    """One seat's server."""

    def __init__(self) -> None:
        self.base_url = ""
        self.hellos: list[dict[str, Any]] = []
        self.said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        """Messages of the seat, in order."""
        self.refuse: dict[str, str] = {}
        """Error code by command type; others are acknowledged."""
        self.revoked = False
        self.refuse_offers = 0
        self.worker_epoch = 1
        self.peers: dict[str, RTCPeerConnection] = {}
        self.tracks: asyncio.Queue[MediaStreamTrack] = asyncio.Queue()
        self.sections: dict[str, Any] = {
            "session": {"status": "berlangsung", "queue_open": False},
            "own": {"seat_id": "kursi-1", "consent": "belum", "state": "menyimak", "requests": []},
            "peserta": [],
        }
        self._seq = 0
        self._cookie = secrets.token_urlsafe()
        self._sockets: set[web.WebSocketResponse] = set()

    async def show(self, **changes: dict[str, Any]) -> None:
        """Change fields of sections, e.g. ``own={"state": "giliran"}``, and send them."""
        for name, fields in changes.items():
            self.sections[name] = {**self.sections[name], **fields}
        self._seq += 1
        await self.send({"type": "view", **self._view(list(changes))})

    async def send(self, message: dict[str, Any]) -> None:
        for socket in list(self._sockets):
            await socket.send_json(message)

    async def hang_up(self, code: int = 1011) -> None:
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def hears(self, kind: str) -> dict[str, Any]:
        """The seat's next message of a type; others before it are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while (message := await self.said.get())["type"] != kind:
                pass
        return message

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Stage"]:
        application = web.Application()
        application.add_routes(
            [
                web.get("/m/{token}", self._exchange),
                web.get("/s/{grant}/", self._page),
                web.get("/s/{grant}/ws", self._socket),
                web.post("/s/{grant}/media/offer", self._offer),
            ]
        )
        runner = web.AppRunner(application, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield self
        finally:
            await self.hang_up()
            for peer in self.peers.values():
                await peer.close()
            await runner.cleanup()

    def _view(self, names: list[str]) -> dict[str, Any]:
        return {"epoch": 1, "seq": self._seq, "now": 0, "sections": {n: self.sections[n] for n in names}}

    def _admit(self, request: web.Request) -> None:
        if request.cookies.get(COOKIE) != self._cookie or request.match_info["grant"] != GRANT:
            raise web.HTTPForbidden

    async def _exchange(self, request: web.Request) -> web.Response:
        if self.revoked or request.match_info["token"] != TOKEN:
            raise web.HTTPNotFound
        response = web.Response(status=303, headers={"Location": f"/s/{GRANT}/"})
        response.set_cookie(COOKIE, self._cookie, path=f"/s/{GRANT}/", httponly=True, samesite="Lax")
        return response

    async def _page(self, request: web.Request) -> web.Response:
        self._admit(request)
        return web.Response(text="<html>")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self._admit(request)
        if request.headers["Origin"] != self.base_url:
            raise web.HTTPForbidden
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.hellos.append(await socket.receive_json())
        await socket.send_json({"type": "welcome", "worker_epoch": self.worker_epoch, "seat_id": "kursi-1"})
        await socket.send_json({"type": "view", **self._view(list(self.sections))})
        self._sockets.add(socket)
        async for raw in socket:
            if raw.type is WSMsgType.TEXT:
                await self._answer(socket, raw.json())
        self._sockets.discard(socket)
        return socket

    async def _answer(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        self.said.put_nowait(message)
        refusal = self.refuse.get(message["type"])
        command_id = message.get("command_id")
        if refusal is not None:
            error = {"type": "error", "command_id": command_id, "code": refusal, "message": "Ditolak"}
            await socket.send_json(error)
        elif message["type"] == "ping":
            await socket.send_json({"type": "pong", "now": 0})
        elif command_id is not None:
            await socket.send_json({"type": "ack", "command_id": command_id, "seq": self._seq})

    async def _offer(self, request: web.Request) -> web.Response:
        self._admit(request)
        body = await request.json()
        if self.refuse_offers:
            self.refuse_offers -= 1
            raise web.HTTPServiceUnavailable
        assert [(line["kind"], line["slot"]) for line in body["lines"]] == [("audio", None), ("video", None)]
        peer = self.peers[body["peer_id"]] = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.on("track", self.tracks.put_nowait)
        await peer.setRemoteDescription(RTCSessionDescription(sdp=body["sdp"], type="offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return web.json_response({"sdp": peer.localDescription.sdp, "worker_epoch": self.worker_epoch})
