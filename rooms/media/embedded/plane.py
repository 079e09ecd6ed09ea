"""The embedded plane in the web process: parses offers, writes answers, and keeps a media process at work.

It holds the desired state (the newest stage of each room) and sends it again whenever the media process is
new. ``start`` adopts a worker that a previous server left running; a worker that does not answer, or has
other settings, is ended before a new one is started. All packets live in the worker; nothing here is on
their way.
"""

import asyncio
import contextlib
import ipaddress
import itertools
import logging
import socket
from collections.abc import AsyncIterator
from time import time

import ifaddr

from rooms.ids import PeerId, RoomId
from rooms.media.embedded import control, sdp
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.supervision import Link, WorkerFailed, acquire, end_worker
from rooms.media.plane import (
    MediaEvent,
    Offer,
    PeerConnected,
    PeerHealth,
    PeerLost,
    PeerSpec,
    PlaneLost,
    PlaneRestarted,
    Stage,
    StageApplied,
)

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 10.0
_FIRST_BACKOFF_S = 0.2
_LONGEST_BACKOFF_S = 5.0


class EmbeddedPlane:
    """Implements ``rooms.media.plane.MediaPlane``."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._addresses: tuple[str, ...] = ()
        self._link: Link | None = None
        self._epoch = 0
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[control.Reply]] = {}
        self._stages: dict[RoomId, tuple[int, int, Stage]] = {}
        self._owed: list[control.Request] = []
        """What could not be told while there was no media process to tell."""
        self._connected: set[tuple[RoomId, PeerId]] = set()
        self._events: asyncio.Queue[MediaEvent] = asyncio.Queue()
        self._following: asyncio.Task[None] | None = None

    @property
    def worker_epoch(self) -> int:
        return self._epoch

    @property
    def udp_port(self) -> int:
        """The port that browsers send to. Raises PlaneLost while there is no media process."""
        return self._present().welcome.port

    @property
    def worker_pid(self) -> int:
        return self._present().welcome.pid

    async def start(self) -> None:
        """Raises WorkerFailed when no media process can be started (the port is taken, say)."""
        self._addresses = await announced_addresses(self._settings)
        link = await acquire(self._settings)
        self._epoch = link.welcome.worker_epoch
        self._follow(link)
        self._following = asyncio.get_running_loop().create_task(self._keep_following(link))

    async def close(self) -> None:
        link = await self._let_go()
        if link is not None:
            await end_worker(self._settings, link)

    async def abandon(self) -> None:
        link = await self._let_go()
        if link is not None:
            await link.close()

    async def _let_go(self) -> Link | None:
        if self._following is not None:
            self._following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._following
            self._following = None
        link, self._link = self._link, None
        self._give_up_waiting()
        return link

    async def connect(self, room_id: RoomId, peer: PeerSpec, offer: Offer) -> str:
        welcome = self._present().welcome
        endpoint = sdp.Endpoint(self._addresses, welcome.port, welcome.fingerprint)
        terms, answer = sdp.negotiate(peer, offer, endpoint)
        await self._ask(control.Admit(room_id, peer, terms))
        return answer

    async def disconnect(self, room_id: RoomId, peer_id: PeerId) -> None:
        await self._ask_or_owe(control.Dismiss(room_id, peer_id))

    async def set_stage(self, room_id: RoomId, epoch: int, seq: int, stage: Stage) -> None:
        known = self._stages.get(room_id)
        if known is not None and (epoch, seq) < known[:2]:
            return
        self._stages[room_id] = (epoch, seq, stage)
        if self._link is not None:
            self._send_stage(self._link, room_id)

    async def close_room(self, room_id: RoomId) -> None:
        self._stages.pop(room_id, None)
        await self._ask_or_owe(control.CloseRoom(room_id))

    async def health(self, room_id: RoomId) -> list[PeerHealth]:
        answer = (await self._ask(control.AskHealth(room_id))).answer
        return list(answer.peers) if isinstance(answer, control.HealthReport) else []

    async def dropped(self) -> dict[str, int]:
        """Datagrams and packets that the media process dropped, by cause. Raises PlaneLost."""
        answer = (await self._ask(control.AskDrops())).answer
        return answer.dropped if isinstance(answer, control.DropReport) else {}

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self._events.get()

    # The link to the worker.

    def _present(self) -> Link:
        if self._link is None:
            raise PlaneLost("the media process is gone")
        return self._link

    async def _ask(self, request: control.Request) -> control.Reply:
        link = self._present()
        call = control.Call(next(self._ids), request)
        waiting: asyncio.Future[control.Reply] = asyncio.get_running_loop().create_future()
        self._waiting[call.id] = waiting
        try:
            link.send(call)
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return await waiting
        except TimeoutError as error:
            raise PlaneLost("the media process does not answer") from error
        finally:
            self._waiting.pop(call.id, None)

    async def _ask_or_owe(self, request: control.Request) -> None:
        """For requests that only end something: without a worker they wait for the next one."""
        if self._link is None:
            self._owed.append(request)
            return
        with contextlib.suppress(PlaneLost):
            await self._ask(request)

    def _send_stage(self, link: Link, room_id: RoomId) -> None:
        epoch, seq, stage = self._stages[room_id]
        granted_at = int(time() * 1000)
        link.send(control.Call(next(self._ids), control.SetStage(room_id, epoch, seq, stage, granted_at)))

    def _follow(self, link: Link) -> None:
        """The link is new: learn who is connected there, and tell it what should be."""
        self._link = link
        present = set(link.welcome.connected)
        for room_id, peer_id in self._connected - present:
            self._events.put_nowait(PeerLost(room_id, peer_id))
        for room_id, peer_id in present - self._connected:
            self._events.put_nowait(PeerConnected(room_id, peer_id))
        self._connected = present
        for request in self._owed:
            link.send(control.Call(next(self._ids), request))
        self._owed.clear()
        for room_id in self._stages:
            self._send_stage(link, room_id)

    async def _keep_following(self, link: Link) -> None:
        while True:
            try:
                while (notice := await link.receive()) is not None:
                    self._heed(notice)
            except ValueError:
                log.exception("the media process sent what is no notice")
            self._link = None
            self._give_up_waiting()
            log.warning("lost the media process; getting another")
            await link.reap()
            link = await self._replace()
            if link.welcome.worker_epoch != self._epoch:
                self._epoch = link.welcome.worker_epoch
                self._connected.clear()
                self._events.put_nowait(PlaneRestarted(self._epoch))
            self._follow(link)

    async def _replace(self) -> Link:
        backoff = _FIRST_BACKOFF_S
        while True:
            try:
                return await acquire(self._settings)
            except (OSError, WorkerFailed) as error:
                log.error("no media process: %s; trying again in %g s", error, backoff)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _LONGEST_BACKOFF_S)

    def _heed(self, notice: control.Notice) -> None:
        match notice:
            case control.Reply():
                waiting = self._waiting.get(notice.id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(notice)
            case control.Happened():
                key = (notice.room_id, notice.peer_id)
                if notice.what == "connected":
                    self._connected.add(key)
                    self._events.put_nowait(PeerConnected(*key))
                else:
                    self._connected.discard(key)
                    self._events.put_nowait(PeerLost(*key))
            case control.Applied():
                self._events.put_nowait(StageApplied(notice.room_id, notice.epoch, notice.seq))

    def _give_up_waiting(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(PlaneLost("the media process is gone"))


async def announced_addresses(settings: MediaSettings) -> tuple[str, ...]:
    """Numeric addresses for candidates: those that are set, else where we listen. Raises OSError for a name
    that does not resolve."""
    bound = ipaddress.ip_address(settings.bind_address)
    if not settings.announced_addresses:
        return own_addresses(bound.version) if bound.is_unspecified else (str(bound),)
    found: dict[str, None] = {}
    for name in settings.announced_addresses:
        family = socket.AF_INET if bound.version == 4 else socket.AF_UNSPEC
        entries = await asyncio.get_running_loop().getaddrinfo(
            name, None, family=family, type=socket.SOCK_DGRAM
        )
        found.update((str(entry[4][0]), None) for entry in entries)
    return tuple(found)


def own_addresses(version: int) -> tuple[str, ...]:
    """This machine's addresses of one IP version, loopback last."""
    found = [
        ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 == (version == 4)
    ]
    usable = [address for address in found if not address.is_link_local]
    return tuple(str(address) for address in sorted(usable, key=lambda address: address.is_loopback))
