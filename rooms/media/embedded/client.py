"""One media process as the web process sees it: kept at work, asked, told, and told again when it is new.

It holds the desired state (the newest stage) of the rooms that were placed here and sends all of it whenever
the link is new, so nothing depends on what an older link delivered. A media process that does not answer is
cut off, ended and replaced like one that died. No packet of a call passes through here.
"""

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Awaitable, Callable
from time import time

from rooms.ids import PeerId, RoomId
from rooms.media.embedded import control
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.supervision import Link, WorkerFailed, acquire, end_worker
from rooms.media.plane import (
    LayersWanted,
    MediaEvent,
    PeerConnected,
    PeerLost,
    PlaneLost,
    PlaneRestarted,
    ProcessCounts,
    Stage,
    StageApplied,
)

log = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 10.0
WATCH_S = 5.0
"""Between two questions whether it still answers."""
MOST_OWED = 1024
_FIRST_BACKOFF_S = 0.2
_LONGEST_BACKOFF_S = 5.0


class WorkerClient:
    """``start`` once, then ``close`` or ``abandon`` once."""

    def __init__(self, settings: MediaSettings, tell: Callable[[MediaEvent], Awaitable[None]]) -> None:
        """``tell`` takes the events of the rooms placed here; while it waits nothing more is read."""
        self.epoch = 0
        self.restarts = 0
        """How often the media process had to be replaced."""
        self.forgotten = 0
        """Endings that could not be kept for the next link."""
        self.rooms: set[RoomId] = set()
        """Placed here."""
        self._settings = settings
        self._tell = tell
        self._link: Link | None = None
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[control.Reply]] = {}
        self._stages: dict[RoomId, tuple[int, int, Stage]] = {}
        self._owed: dict[control.Request, None] = {}
        """What could not be ended while there was no link, oldest first."""
        self._connected: set[tuple[RoomId, PeerId]] = set()
        self._following: asyncio.Task[None] | None = None

    @property
    def welcome(self) -> control.Welcome:
        """Who the media process said it is. Raises PlaneLost while there is none."""
        return self._present().welcome

    @property
    def up(self) -> bool:
        return self._link is not None

    @property
    def load(self) -> tuple[int, int]:
        """For placing a room: peers, then rooms that have none yet."""
        return len(self._connected), len(self.rooms)

    async def start(self) -> None:
        """Raises WorkerFailed when no media process can be started (the port is taken, say)."""
        link = await acquire(self._settings)
        self.epoch = link.welcome.worker_epoch
        self.rooms.update(link.welcome.rooms)
        await self._follow(link)
        self._following = asyncio.get_running_loop().create_task(self._keep_following(link))

    async def close(self) -> None:
        """End the media process."""
        link = await self._let_go()
        if link is not None:
            await end_worker(self._settings, link)

    async def abandon(self) -> None:
        """Leave the media process to another server."""
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

    async def ask(self, request: control.Request) -> control.Answer:
        """Raises PlaneLost."""
        link = self._present()
        call = control.Call(next(self._ids), request)
        waiting: asyncio.Future[control.Reply] = asyncio.get_running_loop().create_future()
        self._waiting[call.id] = waiting
        try:
            link.send(call)
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return (await waiting).answer
        except TimeoutError as error:
            raise PlaneLost("the media process does not answer") from error
        finally:
            self._waiting.pop(call.id, None)

    async def counts(self) -> ProcessCounts | None:
        """None while there is no media process to count."""
        try:
            answer = await self.ask(control.AskCounts())
        except PlaneLost:
            return None
        return answer.counts if isinstance(answer, control.CountReport) else None

    async def end(self, request: control.Dismiss | control.CloseRoom) -> None:
        """For what only ends something: without a media process it waits for the link to come back."""
        if self._link is None:
            if len(self._owed) >= MOST_OWED:
                self._owed.pop(next(iter(self._owed)))
                self.forgotten += 1
            self._owed[request] = None
            return
        with contextlib.suppress(PlaneLost):
            await self.ask(request)

    def set_stage(self, room_id: RoomId, epoch: int, seq: int, stage: Stage) -> None:
        known = self._stages.get(room_id)
        if known is not None and (epoch, seq) < known[:2]:
            return
        self._stages[room_id] = (epoch, seq, stage)
        if self._link is not None:
            self._send_stage(self._link, room_id)

    async def close_room(self, room_id: RoomId) -> None:
        self.rooms.discard(room_id)
        self._stages.pop(room_id, None)
        await self.end(control.CloseRoom(room_id))

    def _present(self) -> Link:
        if self._link is None:
            raise PlaneLost("the media process is gone")
        return self._link

    def _send_stage(self, link: Link, room_id: RoomId) -> None:
        epoch, seq, stage = self._stages[room_id]
        granted_at = int(time() * 1000)
        link.send(control.Call(next(self._ids), control.SetStage(room_id, epoch, seq, stage, granted_at)))

    async def _follow(self, link: Link) -> None:
        """The link is new: learn who is connected there, and tell it what should be."""
        self._link = link
        before, self._connected = self._connected, set(link.welcome.connected)
        for request in self._owed:
            link.send(control.Call(next(self._ids), request))
        self._owed.clear()
        for room_id in self._stages:
            self._send_stage(link, room_id)
        for room_id, peer_id in before - self._connected:
            await self._tell(PeerLost(room_id, peer_id))
        for room_id, peer_id in self._connected - before:
            await self._tell(PeerConnected(room_id, peer_id))

    async def _keep_following(self, link: Link) -> None:
        while True:
            watching = asyncio.get_running_loop().create_task(self._watch(link))
            try:
                while (notice := await link.receive()) is not None:
                    await self._heed(notice)
            except ValueError:
                log.exception("the media process sent what is no notice")
            finally:
                watching.cancel()
            self._link = None
            self._give_up_waiting()
            log.warning("lost the media process; getting another")
            await link.reap()
            link = await self._replace()
            if link.welcome.worker_epoch != self.epoch:
                self.epoch = link.welcome.worker_epoch
                self.restarts += 1
                self._connected.clear()
                # What they would end ended with the old one.
                self._owed.clear()
                await self._tell(PlaneRestarted(self.epoch, frozenset(self.rooms)))
            await self._follow(link)

    async def _watch(self, link: Link) -> None:
        """Cut a link whose other end has stopped to answer: a call that hangs is no better than none."""
        try:
            while True:
                await asyncio.sleep(WATCH_S)
                await self.ask(control.Ping())
        except PlaneLost as error:
            log.error("media process %d: %s", link.welcome.pid, error)
            link.cut()

    async def _replace(self) -> Link:
        backoff = _FIRST_BACKOFF_S
        while True:
            try:
                return await acquire(self._settings)
            except (OSError, WorkerFailed) as error:
                log.error("no media process: %s; trying again in %g s", error, backoff)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _LONGEST_BACKOFF_S)

    async def _heed(self, notice: control.Notice) -> None:
        match notice:
            case control.Reply():
                waiting = self._waiting.get(notice.id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(notice)
            case control.Happened():
                key = (notice.room_id, notice.peer_id)
                if notice.what == "connected":
                    self._connected.add(key)
                    await self._tell(PeerConnected(*key))
                else:
                    self._connected.discard(key)
                    await self._tell(PeerLost(*key))
            case control.Applied():
                await self._tell(StageApplied(notice.room_id, notice.epoch, notice.seq))
            case control.Wanted():
                await self._tell(LayersWanted(notice.room_id, notice.peer_id, notice.mid, notice.layers))

    def _give_up_waiting(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(PlaneLost("the media process is gone"))
