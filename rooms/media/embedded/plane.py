"""The embedded plane in the web process: parses offers, writes answers, and places rooms on media processes.

A room belongs to one media process from its first need until it is closed, so that the end of one process
hurts its own rooms only. ``start`` adopts the media processes that a previous server left running, with
the rooms they have. All packets live in those processes; nothing here is on their way.
"""

import asyncio
import ipaddress
import logging
import socket
from collections.abc import AsyncIterator

import ifaddr

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import control, sdp
from rooms.media.embedded.client import WorkerClient
from rooms.media.embedded.settings import MediaSettings, of_worker
from rooms.media.plane import (
    MediaEvent,
    Offer,
    OfferRefused,
    PeerHealth,
    PeerSpec,
    Pictures,
    ProcessStats,
    Stage,
    Train,
)

log = logging.getLogger(__name__)

EVENTS_WAITING = 16_384
"""More wait in the media process's own line, which is cut when that is full too, and told all again."""


class EmbeddedPlane:
    """Implements ``rooms.media.plane.MediaPlane``."""

    def __init__(self, settings: MediaSettings) -> None:
        self._settings = settings
        self._addresses: tuple[str, ...] = ()
        self._events: asyncio.Queue[MediaEvent] = asyncio.Queue(EVENTS_WAITING)
        self.workers = tuple(
            WorkerClient(of_worker(settings, number), self._events.put) for number in range(settings.workers)
        )
        self._placed: dict[RoomId, WorkerClient] = {}

    def worker_epoch(self, room_id: RoomId) -> int:
        return self.worker_of(room_id).epoch

    @property
    def udp_port(self) -> int:
        """The port of the first media process. Raises PlaneLost while there is none."""
        return self.workers[0].welcome.port

    @property
    def worker_pid(self) -> int:
        """The first media process. Raises PlaneLost while there is none."""
        return self.workers[0].welcome.pid

    def worker_of(self, room_id: RoomId) -> WorkerClient:
        """Where the room is; at its first need, where there is least to do."""
        worker = self._placed.get(room_id)
        if worker is None:
            worker = self._placed[room_id] = min(self.workers, key=lambda worker: worker.load)
            worker.rooms.add(room_id)
        return worker

    async def start(self) -> None:
        """Raises WorkerFailed when a media process cannot be started (a port is taken, say)."""
        self._addresses = await announced_addresses(self._settings)
        started = await asyncio.gather(*(worker.start() for worker in self.workers), return_exceptions=True)
        failures = [failure for failure in started if failure is not None]
        if failures:
            await self.close()
            raise failures[0]
        for worker in self.workers:
            for room_id in list(worker.rooms):
                if self._placed.setdefault(room_id, worker) is not worker:
                    log.warning("room %s is in two media processes; one lets it go", room_id)
                    await worker.close_room(room_id)

    async def close(self) -> None:
        await asyncio.gather(*(worker.close() for worker in self.workers))

    async def abandon(self) -> None:
        await asyncio.gather(*(worker.abandon() for worker in self.workers))

    async def connect(self, room_id: RoomId, peer: PeerSpec, offer: Offer) -> str:
        worker = self.worker_of(room_id)
        welcome = worker.welcome
        endpoint = sdp.Endpoint(self._addresses, welcome.port, welcome.fingerprint)
        terms, answer = sdp.negotiate(peer, offer, endpoint)
        admission = await worker.ask(control.Admit(room_id, peer, terms))
        if isinstance(admission, control.Refused):
            raise OfferRefused(admission.code)
        return answer

    async def disconnect(self, room_id: RoomId, peer_id: PeerId) -> None:
        await self.worker_of(room_id).end(control.Dismiss(room_id, peer_id))

    async def set_pictures(self, room_id: RoomId, peer_id: PeerId, pictures: Pictures) -> None:
        await self.worker_of(room_id).ask(control.SetPictures(room_id, peer_id, pictures))

    async def set_stage(self, room_id: RoomId, epoch: int, seq: int, stage: Stage) -> None:
        self.worker_of(room_id).set_stage(room_id, epoch, seq, stage)

    async def watch(self, room_id: RoomId, peer_id: PeerId, seats: tuple[SeatId, ...]) -> None:
        await self.worker_of(room_id).ask(control.Watch(room_id, peer_id, seats))

    async def send_train(self, room_id: RoomId, peer_id: PeerId, train: Train) -> bool:
        answer = await self.worker_of(room_id).ask(control.SendTrain(room_id, peer_id, train))
        return isinstance(answer, control.TrainReport) and answer.started

    async def close_room(self, room_id: RoomId) -> None:
        worker = self.worker_of(room_id)
        del self._placed[room_id]
        await worker.close_room(room_id)

    async def health(self, room_id: RoomId) -> list[PeerHealth]:
        answer = await self.worker_of(room_id).ask(control.AskHealth(room_id))
        return list(answer.peers) if isinstance(answer, control.HealthReport) else []

    async def dropped(self) -> dict[str, int]:
        """Datagrams and packets that the media processes dropped, by cause. Raises PlaneLost."""
        total: dict[str, int] = {}
        for worker in self.workers:
            answer = await worker.ask(control.AskDrops())
            if isinstance(answer, control.DropReport):
                for cause, count in answer.dropped.items():
                    total[cause] = total.get(cause, 0) + count
        return total

    async def stats(self) -> list[ProcessStats]:
        counts = await asyncio.gather(*(worker.counts() for worker in self.workers))
        return [
            ProcessStats(number, worker.restarts, counted)
            for number, (worker, counted) in enumerate(zip(self.workers, counts, strict=True))
        ]

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self._events.get()


async def announced_addresses(settings: MediaSettings) -> tuple[str, ...]:
    """Numeric addresses for candidates: those that are set, else where we listen. Raises OSError for a name
    that does not resolve."""
    bound = ipaddress.ip_address(settings.bind_address)
    if not settings.announced_addresses:
        return own_addresses(4 if bound.version == 4 else None) if bound.is_unspecified else (str(bound),)
    found: dict[str, None] = {}
    for name in settings.announced_addresses:
        family = socket.AF_INET if bound.version == 4 else socket.AF_UNSPEC
        entries = await asyncio.get_running_loop().getaddrinfo(
            name, None, family=family, type=socket.SOCK_DGRAM
        )
        found.update((str(entry[4][0]), None) for entry in entries)
    return tuple(found)


def own_addresses(version: int | None) -> tuple[str, ...]:
    """This machine's addresses of one IP version, or of both (None), loopback last."""
    found = [
        ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if version is None or ip.is_IPv4 == (version == 4)
    ]
    usable = [address for address in found if not address.is_link_local]
    return tuple(str(address) for address in sorted(usable, key=lambda address: address.is_loopback))
