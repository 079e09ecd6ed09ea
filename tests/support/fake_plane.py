"""A media plane without media: it records what it was told and emits the events that a real one would.

It keeps the contract of ``rooms.media.plane.MediaPlane``: tests/rooms/media/test_plane_contract.py runs
against it and against the embedded plane. Tests drive what a browser or a crash would do by
``lose_peer``, ``restart``, ``refuse_offers`` and ``hold_stages``.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.plane import (
    JOIN_BUCKETS_S,
    Feed,
    Kind,
    LayersWanted,
    MediaEvent,
    Offer,
    OfferRefused,
    PeerConnected,
    PeerHealth,
    PeerLost,
    PeerSpec,
    Pictures,
    PlaneLost,
    PlaneRestarted,
    ProcessCounts,
    ProcessStats,
    Slot,
    Stage,
    StageApplied,
    Train,
)

FAKE_ANSWER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n"


@dataclass
class FakeRoom:
    peers: dict[PeerId, PeerSpec] = field(default_factory=dict)
    offers: dict[PeerId, Offer] = field(default_factory=dict)
    watched: dict[PeerId, tuple[SeatId, ...]] = field(default_factory=dict)
    trains: dict[PeerId, Train] = field(default_factory=dict)
    """That were begun; they go on until their peer leaves."""
    position: tuple[int, int] = (-1, -1)
    """``(epoch, seq)`` of the newest stage."""
    stage: Stage = field(default_factory=lambda: Stage({}))
    history: list[tuple[int, int, Stage]] = field(default_factory=list)
    """Every stage that was accepted, oldest first."""


class FakePlane:
    """See the module. ``connect`` reports the peer connected at once."""

    def __init__(self) -> None:
        self.rooms: dict[RoomId, FakeRoom] = {}
        self.running = False
        self.lost = False
        """True: every command that needs the media process raises PlaneLost."""
        self.refuse_offers: OfferRefused | None = None
        self.hold_stages = False
        """True: stages are accepted but not reported as applied until ``release_stages``."""
        self.narrow: set[PeerId] = set()
        """Whose lines carry sound alone."""
        self._held: list[StageApplied] = []
        self._epoch = 0
        self._events: asyncio.Queue[MediaEvent] = asyncio.Queue()

    def worker_epoch(self, room_id: RoomId) -> int:
        return self._epoch

    async def start(self) -> None:
        self.running = True
        self._epoch += 1

    async def close(self) -> None:
        self.running = False
        self.rooms.clear()

    async def abandon(self) -> None:
        self.running = False

    async def connect(self, room_id: RoomId, peer: PeerSpec, offer: Offer) -> str:
        self._require_process()
        if self.refuse_offers is not None:
            raise self.refuse_offers
        _check(peer, offer)
        room = self.rooms.setdefault(room_id, FakeRoom())
        for other in list(room.peers.values()):
            if other.peer_id == peer.peer_id or (peer.seat_id is not None and other.seat_id == peer.seat_id):
                self.lose_peer(room_id, other.peer_id)
        room.peers[peer.peer_id] = peer
        room.offers[peer.peer_id] = offer
        self._events.put_nowait(PeerConnected(room_id, peer.peer_id))
        return FAKE_ANSWER

    async def disconnect(self, room_id: RoomId, peer_id: PeerId) -> None:
        self.lose_peer(room_id, peer_id)

    async def set_pictures(self, room_id: RoomId, peer_id: PeerId, pictures: Pictures) -> None:
        self._require_process()
        room = self.rooms.get(room_id, FakeRoom())
        if peer_id in room.peers:
            room.peers[peer_id] = replace(room.peers[peer_id], pictures=pictures)

    def want_layers(self, room_id: RoomId, peer_id: PeerId, mid: str, layers: tuple[str, ...]) -> None:
        self._events.put_nowait(LayersWanted(room_id, peer_id, mid, layers))

    async def set_stage(self, room_id: RoomId, epoch: int, seq: int, stage: Stage) -> None:
        room = self.rooms.setdefault(room_id, FakeRoom())
        if (epoch, seq) < room.position:
            return
        room.position, room.stage = (epoch, seq), stage
        room.history.append((epoch, seq, stage))
        applied = StageApplied(room_id, epoch, seq)
        if self.hold_stages or self.lost:
            self._held.append(applied)
        else:
            self._events.put_nowait(applied)

    async def watch(self, room_id: RoomId, peer_id: PeerId, seats: tuple[SeatId, ...]) -> None:
        self._require_process()
        room = self.rooms.get(room_id)
        if room is not None and peer_id in room.peers:
            room.watched[peer_id] = seats

    async def send_train(self, room_id: RoomId, peer_id: PeerId, train: Train) -> bool:
        self._require_process()
        room = self.rooms.get(room_id)
        if room is None or peer_id not in room.peers or peer_id in room.trains:
            return False
        room.trains[peer_id] = train
        return True

    async def close_room(self, room_id: RoomId) -> None:
        room = self.rooms.get(room_id)
        if room is not None:
            for peer_id in list(room.peers):
                self.lose_peer(room_id, peer_id)
            del self.rooms[room_id]

    async def health(self, room_id: RoomId) -> list[PeerHealth]:
        self._require_process()
        room = self.rooms.get(room_id, FakeRoom())
        return [
            PeerHealth(peer.peer_id, peer.seat_id, True, 0, 0, 0.0, None, narrow=peer.peer_id in self.narrow)
            for peer in room.peers.values()
        ]

    async def stats(self) -> list[ProcessStats]:
        nothing = dict.fromkeys(Kind, 0)
        peers = [peer for room in self.rooms.values() for peer in room.peers.values()]
        seats = sum(peer.seat_id is not None for peer in peers)
        joins = (len(peers), *[0] * len(JOIN_BUCKETS_S))
        counts = ProcessCounts(
            len(self.rooms), len(peers), seats, nothing, nothing, nothing, {}, 0.0, 0.0, joins, 0.0, 0, 1
        )
        return [ProcessStats(0, self._epoch - 1, None if self.lost else counts)]

    async def events(self) -> AsyncIterator[MediaEvent]:
        while True:
            yield await self._events.get()

    # What a test does to it.

    def feed(self, room_id: RoomId, slot: Slot) -> Feed | None:
        """Who feeds ``slot`` now; None when it is silent."""
        room = self.rooms.get(room_id)
        return room.stage.feeds.get(slot) if room else None

    def seats(self, room_id: RoomId) -> set[SeatId]:
        """The seats whose media device is connected."""
        room = self.rooms.get(room_id, FakeRoom())
        return {peer.seat_id for peer in room.peers.values() if peer.seat_id is not None}

    def lose_peer(self, room_id: RoomId, peer_id: PeerId) -> None:
        """The browser went away."""
        room = self.rooms.get(room_id)
        if room is not None and room.peers.pop(peer_id, None) is not None:
            room.offers.pop(peer_id, None)
            room.trains.pop(peer_id, None)
            self._events.put_nowait(PeerLost(room_id, peer_id))

    def restart(self) -> None:
        """The media process died and a new one took over: peers are gone, stages are applied again."""
        self._epoch += 1
        self.lost = False
        self._events.put_nowait(PlaneRestarted(self._epoch, frozenset(self.rooms)))
        for room_id, room in self.rooms.items():
            room.peers.clear()
            room.offers.clear()
            self._events.put_nowait(StageApplied(room_id, *room.position))

    def release_stages(self) -> None:
        self.hold_stages = False
        for applied in self._held:
            self._events.put_nowait(applied)
        self._held.clear()

    def _require_process(self) -> None:
        if self.lost or not self.running:
            raise PlaneLost("the media process is gone")


def _check(peer: PeerSpec, offer: Offer) -> None:
    if len(offer.sdp) > 64 * 1024:
        raise OfferRefused("too_large")
    if not offer.sdp.startswith("v=0"):
        raise OfferRefused("malformed_sdp")
    if len(offer.lines) > 40 or offer.sdp.count("\nm=") > 40:
        raise OfferRefused("too_many_lines")
    if peer.seat_id is None and any(line.slot is None for line in offer.lines):
        raise OfferRefused("bad_line", "consoles and viewers never publish")
    mids = [line.mid for line in offer.lines]
    if len(set(mids)) != len(mids) or any(f"a=mid:{mid}\r\n" not in offer.sdp for mid in mids):
        raise OfferRefused("bad_line", "unknown mid")
