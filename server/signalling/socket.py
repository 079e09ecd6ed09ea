"""One WebSocket from its ``hello`` to its end: the auth phase, the reader, the goodbye.

Driven by the browser and by what happens in its room. The reader takes one message at a time, so a client
waits for its own commands and for nobody else's. Whatever is wrong with a message is answered with a stable
code.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from rooms.ids import Actor, CommandId
from rooms.media.plane import Pictures
from rooms.meeting.commands import Command
from rooms.meeting.errors import Refused
from server.access import Role, may_send
from server.auth.identity import Identity
from server.i18n import Words
from server.pace import Pace
from server.signalling import wire
from server.signalling.audience import Audience
from server.signalling.chair import ChairScreens
from server.signalling.client import STALL_S, Bye, Client, goodbye
from server.signalling.seats import SeatDevices
from server.signalling.words import BYES, REFUSALS

log = logging.getLogger(__name__)

HELLO_S = 10.0
HEARTBEAT_S = 20.0
MOST_WRONG = 10
"""Malformed messages in a row after which the connection is closed."""
MESSAGES_PER_S, MESSAGES_AT_ONCE = 5.0, 80
"""Of one seat's link, all its devices together."""
MOST_DEVICES = 16
"""Sockets of one seat's link at the same time."""
MOST_SCREENS = 512
"""Of any other link: one is shared by all who watch."""
HARD_MOST_BYTES = 1024 * 1024
"""Beyond this aiohttp closes by itself (1009); below it a message that is too large gets its coded error."""
PARTING_S = 2.0
"""How long the goodbye may take before the line is cut."""


class Place(Protocol):
    """What a socket asks of the room it belongs to; ``server.signalling.hall.Hall`` has it."""

    @property
    def audience(self) -> Audience: ...

    @property
    def devices(self) -> SeatDevices: ...

    @property
    def chair(self) -> ChairScreens: ...

    async def submit(self, command: Command, actor: Actor, command_id: CommandId) -> int:
        """The journal position at which the command is committed. Raises Refused."""
        ...

    def say(self, caption: str) -> None: ...

    async def choose_pictures(self, client: Client, own_id: str, pictures: Pictures) -> None: ...

    def worker_epoch(self) -> int: ...

    def greeting(self, who: Identity) -> list[str]: ...

    def page_changed(self, client: Client, page: wire.PageState) -> None: ...


@dataclass(frozen=True, slots=True)
class Timing:
    hello_s: float = HELLO_S
    heartbeat_s: float = HEARTBEAT_S
    """Between pings; who has not answered one after half as long is let go."""
    stall_s: float = STALL_S
    messages_per_s: float = MESSAGES_PER_S
    messages_at_once: int = MESSAGES_AT_ONCE


USUAL = Timing()


class Conversation:
    """One socket; ``run`` returns when it is closed."""

    def __init__(
        self,
        identity: Identity,
        place: Place,
        words: Words,
        now: Callable[[], int],
        stands: Callable[[], Awaitable[bool]],
        pace: Pace | None,
        timing: Timing = USUAL,
    ) -> None:
        """``stands``: whether the link has not been revoked meanwhile; ``pace``: how fast it may go."""
        self._identity = identity
        self._place = place
        self._words = words
        self._now = now
        self._stands = stands
        self._pace = pace
        self._timing = timing
        self._client = Client(identity, place.audience.next_view, timing.stall_s)
        self._wrong = 0
        self.closed_with = WSCloseCode.ABNORMAL_CLOSURE.value
        """The code of its end, once ``run`` has returned."""

    async def run(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(
            heartbeat=self._timing.heartbeat_s,
            max_msg_size=HARD_MOST_BYTES,
            timeout=PARTING_S,
            compress=False,
        )
        await socket.prepare(request)
        try:
            hello = await self._hello(socket)
            if hello is not None:
                await self._talk(socket, hello)
        finally:
            await _part(socket, request, self._client, self._words)
            self.closed_with = socket.close_code or self.closed_with
        return socket

    async def _hello(self, socket: web.WebSocketResponse) -> wire.Hello | None:
        try:
            async with asyncio.timeout(self._timing.hello_s):
                message = await socket.receive()
            if message.type is not WSMsgType.TEXT:
                raise wire.Malformed("malformed", "not text")
            return wire.read_hello(message.data)
        except (TimeoutError, wire.Malformed) as error:
            log.info("no hello grant=%s why=%s", self._identity.grant_id, error)
            self._client.let_go(Bye(4401, ""))
            return None

    async def _talk(self, socket: web.WebSocketResponse, hello: wire.Hello) -> None:
        client, place, who = self._client, self._place, self._identity
        client.tell(
            wire.dump(
                "welcome",
                role=who.role,
                seat_id=who.seat_id,
                grant=who.grant_id,
                room_id=who.room_id,
                now=self._now(),
                worker_epoch=place.worker_epoch(),
                ice_ready=True,
            )
        )
        for text in place.greeting(who):
            client.tell(text)
        place.audience.join(client, hello.resume)
        place.chair.join(client)
        tasks: list[asyncio.Task[Any]] = []
        try:
            # Revoked since the door was opened, and before this socket was among those that are let go.
            if not await self._stands():
                client.let_go(Bye(4403, ""))
                return
            most = MOST_SCREENS if who.seat_id is None else MOST_DEVICES
            if place.audience.devices_of(who.grant_id) > most:
                client.let_go(Bye(4429, ""))
                return
            tasks = [
                asyncio.create_task(client.write(socket)),
                asyncio.create_task(self._read(socket)),
                asyncio.create_task(client.gone.wait()),
            ]
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            place.audience.leave(client)
            place.devices.release(client)
            place.chair.leave(client)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            task.result()

    async def _read(self, socket: web.WebSocketResponse) -> None:
        while True:
            message = await socket.receive()
            if self._pace is not None and (wait_s := self._pace.take()):
                # Unread messages fill the line, and then the sender has to wait: nothing is lost.
                await asyncio.sleep(wait_s)
            match message.type:
                case WSMsgType.TEXT:
                    await self._answer(message.data)
                case WSMsgType.BINARY:
                    self._malformed(wire.Malformed("malformed", "binary"))
                case _:
                    return

    async def _answer(self, text: str) -> None:
        try:
            message = wire.read(text, self._identity.seat_id)
        except wire.Malformed as error:
            self._malformed(error)
            return
        self._wrong = 0
        command_id = message.command_id if isinstance(message, wire.Give) else None
        if not may_send(self._identity.role, message.type):
            self._refuse("forbidden", message.type, command_id)
            return
        match message:
            case wire.Ping():
                self._client.tell(wire.dump("pong", now=self._now()))
            case wire.MediaState():
                self._media_state(message)
            case wire.MediaMode():
                await self._place.choose_pictures(self._client, message.peer_id, message.mode)
            case wire.PageState():
                self._place.page_changed(self._client, message)
            case wire.Caption():
                self._place.say(message.text)
            case wire.TakeSeat():
                self._take_seat()
            case wire.Give():
                await self._give(message)

    async def _give(self, message: wire.Give) -> None:
        try:
            seq = await self._place.submit(message.command, self._identity.actor, message.command_id)
        except Refused as refusal:
            self._refuse(refusal.code, message.type, message.command_id, refusal.detail)
        except Exception:
            # Its outcome is unknown here; the same command_id sent again is decided once.
            log.exception("command failed type=%s grant=%s", message.type, self._identity.grant_id)
            self._error("internal", message.command_id)
        else:
            self._client.tell(wire.dump("ack", command_id=message.command_id, seq=seq))

    def _media_state(self, state: wire.MediaState) -> None:
        if self._identity.role is Role.DESA and not self._identity.synthetic:
            self._client.device = state.device
        if self._place.devices.gives_way(self._client):
            self._take_seat()
        if self._place.devices.claim(self._client, state.can_publish):
            return
        self._refuse("seat_taken", "media_state", None)
        self._place.devices.tell_rival(self._client, wire.dump("takeover", peer="asks"))

    def _take_seat(self) -> None:
        before = self._place.devices.take(self._client)
        if before is not None:
            before.let_go(Bye(4409, ""))

    def _malformed(self, error: wire.Malformed) -> None:
        self._wrong += 1
        log.info(
            "message refused code=%s grant=%s in_a_row=%d detail=%s",
            error.code,
            self._identity.grant_id,
            self._wrong,
            error.detail,
        )
        self._error(error.code, error.command_id)
        if self._wrong >= MOST_WRONG:
            self._client.let_go(Bye(4400, ""))

    def _refuse(self, code: str, type_: str, command_id: str | None, detail: str = "") -> None:
        log.info(
            "command refused code=%s type=%s role=%s grant=%s detail=%s",
            code,
            type_,
            self._identity.role,
            self._identity.grant_id,
            detail,
        )
        self._error(code, command_id)

    def _error(self, code: str, command_id: str | None) -> None:
        self._client.tell(
            wire.dump("error", command_id=command_id, code=code, message=self._words(REFUSALS[code]))
        )


async def _part(socket: web.WebSocketResponse, request: web.Request, client: Client, words: Words) -> None:
    """Say why, close, and cut the line if the other side does not follow in time."""
    bye = client.bye or Bye(1000, "")
    try:
        async with asyncio.timeout(PARTING_S):
            if client.bye is not None and not socket.closed:
                await client.flush(socket)
                await socket.send_str(goodbye(Bye(bye.code, words(BYES[bye.code]))))
            await socket.close(code=bye.code)
    except (TimeoutError, ConnectionError):
        pass
    finally:
        if request.transport is not None:
            # Closing alone would wait for a full buffer to drain, which a stalled screen never does.
            request.transport.abort()


async def turn_away(request: web.Request, code: int, words: Words) -> web.WebSocketResponse:
    """Accept the socket only to say why it is closed, so that the screen stops trying."""
    socket = web.WebSocketResponse(timeout=PARTING_S)
    await socket.prepare(request)
    await socket.send_str(goodbye(Bye(code, words(BYES[code]))))
    await socket.close(code=code)
    return socket
