"""An open room with everyone in it: the room, its audience, its seats' devices, its stage.

One per room in this process, opened when first asked for. What the media plane reports comes in here and goes
out to the screens; what the meeting decides goes to the plane by the stage follower.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict

from rooms.follow import StageFollower
from rooms.ids import Actor, CommandId, PeerId, RoomId, SeatId
from rooms.journal import Enlist, Entry
from rooms.media.plane import (
    LayersWanted,
    MediaPlane,
    PeerConnected,
    PeerLost,
    Pictures,
    PlaneLost,
    PlaneRestarted,
    StageApplied,
)
from rooms.meeting.commands import Command, ConnectChair, ConnectSeat, DropChair, DropSeat
from rooms.meeting.events import RecordSwitched
from rooms.room import SYSTEM, Room
from server.access import CONSOLES, Role
from server.auth.identity import Identity
from server.signalling import wire
from server.signalling.audience import Audience
from server.signalling.calls import Calls, grant_of, peer_of
from server.signalling.chair import ChairScreens
from server.signalling.client import Bye, Client
from server.signalling.notes_news import NotesNews
from server.signalling.seats import SeatDevices
from server.signalling.takarir import Takarir

log = logging.getLogger(__name__)

NewId = Callable[[], str]
HEALTH_S = 1.0
NOTHING_TO_TELL = wire.dump("health", seats={})


class Hall:
    """Made by ``Halls``. ``now``: ms since the epoch (UTC); ``new_id``: ids of the server's own commands."""

    def __init__(self, room: Room, plane: MediaPlane, now: Callable[[], int], new_id: NewId) -> None:
        self.room = room
        self.audience = Audience(room, now)
        self.devices = SeatDevices(self._tell_presence)
        self.chair = ChairScreens(self._tell_presence)
        self.calls = Calls()
        self._takarir = Takarir(now)
        self._notes = NotesNews(lambda version: self.audience.tell_all(wire.dump("catatan", version=version)))
        self._plane = plane
        self._new_id = new_id
        self._follower = StageFollower(room, plane, self._applied)
        self._unsubscribe = room.subscribe(self._committed)
        self._tasks: list[asyncio.Task[None]] = []
        self._layers: dict[PeerId, dict[str, LayersWanted]] = {}
        """By the mid of each line."""
        self._narrow: set[PeerId] = set()
        """Whose lines carry sound alone."""
        self._pages: dict[SeatId, wire.PageState] = {}

    def start(self) -> None:
        self._follower.start()
        self._tasks = [
            asyncio.create_task(self.devices.follow(), name=f"seats of {self.room.room_id}"),
            asyncio.create_task(self.chair.follow(), name=f"chair of {self.room.room_id}"),
            asyncio.create_task(self._tell_health(), name=f"health of {self.room.room_id}"),
        ]

    async def close(self, bye: Bye) -> None:
        """Let everyone go, without a word to the meeting, and stop."""
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._notes.close()
        self.audience.let_go(bye)
        self._unsubscribe()
        await self._follower.close()
        await self.room.close()

    async def submit(
        self, command: Command, actor: Actor, command_id: CommandId, enlist: Enlist | None = None
    ) -> int:
        """The journal position at which it is committed. Raises what ``Room.submit`` raises."""
        entries = await self.room.submit(command, actor=actor, command_id=command_id, enlist=enlist)
        return entries[-1].seq if entries else self.room.seq

    def worker_epoch(self) -> int:
        return self._plane.worker_epoch(self.room.room_id)

    def greeting(self, who: Identity) -> list[str]:
        """What a screen of this link that comes in is told besides its view."""
        told = [] if self._follower.position is None else [_applied(*self._follower.position)]
        if who.role in CONSOLES and self._pages:
            told.append(_pages(self._pages))
        told += self._takarir.greeting() if self._may_read(who.role) else []
        return told + [
            _layers(wanted)
            for peer_id, lines in self._layers.items()
            if grant_of(peer_id) == who.grant_id
            for wanted in lines.values()
        ]

    def page_changed(self, client: Client, page: wire.PageState) -> None:
        """What a seat's device shows, for the desks; of its companions nothing is told."""
        if self.devices.has(client) and (seat_id := client.identity.seat_id) is not None:
            self._pages[seat_id] = page
            self.audience.tell_consoles(_pages({seat_id: page}))

    def layers_wanted(self, event: LayersWanted) -> None:
        self._layers.setdefault(event.peer_id, {})[event.mid] = event
        self.audience.tell_link(grant_of(event.peer_id), _layers(event))

    def say(self, caption: str) -> None:
        """A line of the notulis for everybody who reads along; off the record not for what is broadcast."""
        self.audience.tell_all(self._takarir.say(caption), lambda who: self._may_read(who.role))

    def _may_read(self, role: Role) -> bool:
        return role != Role.SIARAN or not self.room.meeting.agenda.off_record

    def _committed(self, entries: Sequence[Entry]) -> None:
        # What was said before does not stand beside what is said after.
        if self._takarir.greeting() and any(isinstance(entry.event, RecordSwitched) for entry in entries):
            self.audience.tell_all(self._takarir.say(""))
        self.audience.room_changed()

    async def choose_pictures(self, client: Client, own_id: str, pictures: Pictures) -> None:
        """How much of the pictures this browser wants in its call, which is known to be its own from now on:
        many share the link of those who watch, and none is told what another is called in the call. Without
        media: nothing, it tells it anew."""
        client.peer_id = peer_of(client.identity.grant_id, own_id)
        if client.peer_id in self._narrow:
            client.tell(_line(client.peer_id, True))
        with suppress(PlaneLost):
            await self._plane.set_pictures(self.room.room_id, client.peer_id, pictures)

    def stage_applied(self, event: StageApplied) -> None:
        self._follower.applied(event)

    def plane_restarted(self, event: PlaneRestarted) -> None:
        self._follower.resend()
        self.calls.all_ended()
        self.audience.tell_all(wire.dump("media", worker_epoch=event.worker_epoch))

    def peer_changed(self, event: PeerConnected | PeerLost) -> None:
        if isinstance(event, PeerLost):
            self.calls.ended(event.peer_id)
            self._layers.pop(event.peer_id, None)
        else:
            self.calls.found(event.peer_id)

    def notes_changed(self, version: int) -> None:
        """``version``: the newest known; one that the room was told already is no news."""
        self._notes.changed(version)

    async def _tell_health(self) -> None:
        """Looked at once a second, told to the consoles that are there and do not know it yet; and to those
        who get no pictures, why."""
        told: dict[Client, str] = {}
        while True:
            await asyncio.sleep(HEALTH_S)
            if not self.audience.clients:
                continue
            try:
                peers = await self._plane.health(self.room.room_id)
            except PlaneLost:
                continue
            before, self._narrow = self._narrow, {peer.peer_id for peer in peers if peer.narrow}
            for peer_id in before ^ self._narrow:
                for client in self.audience.clients:
                    if client.peer_id == peer_id:
                        client.tell(_line(peer_id, peer_id in self._narrow))
            seats = {
                peer.seat_id: {
                    "lost": round(peer.lost_fraction, 2),
                    "seen": peer.seen,
                    "speaking": peer.speaking,
                    "narrow": peer.narrow,
                }
                for peer in peers
                if peer.seat_id is not None and peer.connected
            }
            text = wire.dump("health", seats=seats)
            for client in self.audience.consoles:
                if told.get(client, NOTHING_TO_TELL) != text:
                    client.tell(text)
            told = dict.fromkeys(self.audience.consoles, text)

    def _applied(self, epoch: int, seq: int) -> None:
        self.audience.tell_all(_applied(epoch, seq))

    async def _tell_presence(self, command: ConnectSeat | DropSeat | ConnectChair | DropChair) -> None:
        await self.submit(command, SYSTEM, CommandId(self._new_id()))


def _applied(epoch: int, seq: int) -> str:
    return wire.dump("applied", epoch=epoch, seq=seq)


def _pages(pages: Mapping[SeatId, wire.PageState]) -> str:
    told = {seat_id: asdict(page) for seat_id, page in pages.items()}
    for page in told.values():
        del page["type"]
    return wire.dump("halaman", seats=told)


def _layers(wanted: LayersWanted) -> str:
    return wire.dump("layers", peer_id=_own_id(wanted.peer_id), mid=wanted.mid, layers=list(wanted.layers))


def _line(peer_id: PeerId, narrow: bool) -> str:
    return wire.dump("line", peer_id=_own_id(peer_id), narrow=narrow)


def _own_id(peer_id: PeerId) -> str:
    """What the browser calls itself."""
    return peer_id.removeprefix(f"{grant_of(peer_id)}.")


class Halls:
    """The open rooms. ``bring_up`` opens one (Room.open and, when it is new, its configuration)."""

    def __init__(
        self,
        bring_up: Callable[[RoomId], Awaitable[Room]],
        plane: MediaPlane,
        now: Callable[[], int],
        new_id: NewId,
    ) -> None:
        self._bring_up = bring_up
        self._plane = plane
        self._now = now
        self._new_id = new_id
        self._open: dict[RoomId, asyncio.Task[Hall]] = {}

    @property
    def open_now(self) -> dict[RoomId, Hall]:
        return {
            room_id: task.result()
            for room_id, task in self._open.items()
            if task.done() and not task.cancelled() and task.exception() is None
        }

    async def get(self, room_id: RoomId) -> Hall:
        """The room's hall, opened at the first call. Raises what ``bring_up`` raises; one may try again."""
        task = self._open.get(room_id)
        if task is None:
            task = self._open[room_id] = asyncio.create_task(self._start(room_id))
            task.add_done_callback(lambda t: self._forget_failed(room_id, t))
        return await asyncio.shield(task)

    async def follow_plane(self) -> None:
        """Pass on what the plane reports until cancelled; the one consumer of its events."""
        async for event in self._plane.events():
            match event:
                case StageApplied():
                    if (hall := self.open_now.get(event.room_id)) is not None:
                        hall.stage_applied(event)
                case PlaneRestarted():
                    log.warning("media process is new worker_epoch=%d", event.worker_epoch)
                    for room_id, hall in self.open_now.items():
                        if room_id in event.rooms:
                            hall.plane_restarted(event)
                case LayersWanted():
                    if (hall := self.open_now.get(event.room_id)) is not None:
                        hall.layers_wanted(event)
                case PeerConnected() | PeerLost():
                    log.info("%s room=%s peer=%s", type(event).__name__, event.room_id, event.peer_id)
                    if (hall := self.open_now.get(event.room_id)) is not None:
                        hall.peer_changed(event)

    def let_go(self, grant_id: str, bye: Bye) -> None:
        """Close every socket of a personal link."""
        for hall in self.open_now.values():
            hall.audience.let_go(bye, grant_id)

    async def close(self, bye: Bye) -> None:
        for hall in self.open_now.values():
            await hall.close(bye)

    async def _start(self, room_id: RoomId) -> Hall:
        hall = Hall(await self._bring_up(room_id), self._plane, self._now, self._new_id)
        hall.start()
        return hall

    def _forget_failed(self, room_id: RoomId, task: "asyncio.Task[Hall]") -> None:
        if task.cancelled() or task.exception() is not None:
            self._open.pop(room_id, None)
