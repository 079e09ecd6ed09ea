"""Who is in which room of the media process, and which lane follows which publication.

Routes change only in ``route``, and for somebody new in ``connected``, from the stage; what the stage does
not name has no route, so it cannot be forwarded. Driven by control calls, and by the forwarder when a line
begins or stops; never awaits.
"""

from collections.abc import Callable, Iterable

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import layers
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.members import (
    PREVIEWS,
    Member,
    Publication,
    Room,
    Subscription,
    health_of,
    member_of,
)
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.repair import Repair
from rooms.media.embedded.sdp import Terms
from rooms.media.embedded.tally import Tally
from rooms.media.embedded.taps import Taps
from rooms.media.plane import Kind, PeerHealth, PeerSpec, Pictures, Slot, Stage


class Routing:
    def __init__(
        self,
        clips: ClipBook,
        taps: Taps,
        repair: Repair,
        tally: Tally,
        protect: Callable[[Member, float], None],
        clock: Callable[[], float],
        tell_layers: layers.TellLayers,
    ) -> None:
        """``protect``: sees to the sound of somebody who is new."""
        self._clips = clips
        self._taps = taps
        self._repair = repair
        self._tally = tally
        self._protect = protect
        self._clock = clock
        self._tell_layers = tell_layers
        self._rooms: dict[RoomId, Room] = {}

    def rooms(self) -> Iterable[RoomId]:
        return self._rooms.keys()

    def members(self) -> Iterable[Member]:
        return (member for room in self._rooms.values() for member in room.members.values())

    def find(self, room_id: RoomId, peer_id: PeerId) -> Member | None:
        room = self._rooms.get(room_id)
        return room.members.get(peer_id) if room is not None else None

    def seated(self, room_id: RoomId, seat_id: SeatId) -> Member | None:
        room = self._rooms.get(room_id)
        return room.seats.get(seat_id) if room is not None else None

    def claims_anothers(self, room_id: RoomId, spec: PeerSpec, terms: Terms) -> bool:
        room = self._rooms.get(room_id)
        return room is not None and room.claims_anothers(spec, terms)

    def add(self, peer: Peer) -> None:
        """Admit a peer; nothing flows until it is connected. Its seat and id must be free."""
        member = member_of(peer)
        self._protect(member, self._clock())
        room = self.room(peer.room_id)
        room.members[peer.spec.peer_id] = member
        if peer.spec.seat_id is not None:
            room.seats[peer.spec.seat_id] = member

    def connected(self, peer: Peer) -> None:
        """Its lanes begin to follow the stage, and the stage it, if it is on it."""
        member, room, seat_id = self.member(peer), self.room(peer.room_id), peer.spec.seat_id
        if member is None:
            return
        if seat_id in room.panel or any(feed.seat_id == seat_id for feed in room.feeds.values()):
            self.route(peer.room_id)
            return
        # Nobody else's lanes change: a full hall that comes in at once is not routed once for each of it.
        now = self._clock()
        self._follow(room, member, now)
        if peer.spec.previews:
            self._show(room, member, now)
        layers.tell_wanted(room.members.values(), now, self._tell_layers)

    def remove(self, peer: Peer) -> None:
        room = self._rooms.get(peer.room_id)
        if room is None or self.member(peer) is None:
            return
        member = room.members.pop(peer.spec.peer_id)
        self._tally.gone(member)
        for publication in member.publications:
            publication.cut()
        if peer.spec.seat_id is not None:
            room.seats.pop(peer.spec.seat_id, None)
            for slot, feed in room.feeds.items():
                if feed.seat_id == peer.spec.seat_id:
                    room.granted_at[slot] = 0
        self.route(peer.room_id)

    def set_stage(self, room_id: RoomId, position: tuple[int, int], stage: Stage, granted_at: int) -> bool:
        """False: older than what stands, ignored."""
        room = self.room(room_id)
        if position < room.position:
            return False
        room.position = position
        room.granted_at = {
            slot: room.granted_at[slot] if room.feeds.get(slot) == feed else granted_at
            for slot, feed in stage.feeds.items()
        }
        room.feeds, room.echo_groups = dict(stage.feeds), stage.echo_groups
        room.panel = frozenset(stage.panel)
        self.route(room_id)
        return True

    def watch(self, room_id: RoomId, peer_id: PeerId, seats: tuple[SeatId, ...]) -> None:
        """Nothing happens for a peer that is not there, or has no lines to watch on."""
        member = self.find(room_id, peer_id)
        if member is not None and member.watched != seats:
            member.watched = seats
            self.route(room_id)

    def set_pictures(self, room_id: RoomId, peer_id: PeerId, pictures: Pictures) -> None:
        member = self.find(room_id, peer_id)
        if member is not None and member.pictures is not pictures:
            member.pictures = pictures
            self.route(room_id)

    def close_room(self, room_id: RoomId) -> list[Peer]:
        """Forget the room; the caller ends the peers that are returned."""
        room = self._rooms.pop(room_id, None)
        if room is None:
            return []
        self._clips.close_room(room_id)
        for member in room.members.values():
            self._tally.gone(member)
            for publication in member.publications:
                publication.cut()
        return [member.peer for member in room.members.values()]

    def mute(self) -> None:
        """Nobody is heard or recorded any more, in any room."""
        for room_id, room in self._rooms.items():
            room.feeds, room.granted_at, room.panel = {}, {}, frozenset()
            self.route(room_id)

    def health(self, room_id: RoomId) -> list[PeerHealth]:
        room, now = self._rooms.get(room_id, Room()), self._clock()
        return [health_of(member, now) for member in room.members.values()]

    # Routes.

    def room(self, room_id: RoomId) -> Room:
        return self._rooms.setdefault(room_id, Room())

    def member(self, peer: Peer) -> Member | None:
        member = self.find(peer.room_id, peer.spec.peer_id)
        return member if member is not None and member.peer is peer else None

    def route(self, room_id: RoomId) -> None:
        """Connect every lane to what the stage wants of it now, and nothing else."""
        room, now = self.room(room_id), self._clock()
        for member in room.members.values():
            for publication in member.publications:
                publication.cut()
        for member in room.members.values():
            self._follow(room, member, now)
        for slot in Slot:
            picture = self._taps.stand(room_id, room, slot)
            if picture is not None:
                self._repair.want_keyframe(picture, now, switch=True)
        for member in room.members.values():
            if member.peer.spec.previews:
                self._show(room, member, now)
        for seat_id in room.panel:
            # Whoever may be watched sends its smallest picture, so that a page that is turned finds it.
            for smallest in room.layers(seat_id, Slot.PANEL, Kind.VIDEO)[:1]:
                smallest.wanted = True
        layers.tell_wanted(room.members.values(), now, self._tell_layers)

    def route_again(self) -> None:
        """Where somebody's line carries more or less than before."""
        for room_id, room in self._rooms.items():
            if room.layers_due:
                room.layers_due = False
                self.route(room_id)

    def tell_wanted(self, now: float) -> None:
        """Tell publishers which sizes of their pictures to send, as often as it takes."""
        layers.tell_wanted(self.members(), now, self._tell_layers)

    def _follow(self, room: Room, member: Member, now: float) -> None:
        """The stage; what a console watches comes after all else."""
        member.sees_screen = room.sees_screen(member)
        for subscription in member.subscriptions:
            if subscription.slot is not Slot.PANEL:
                self._subscribe(room, member, subscription, now)

    def _subscribe(self, room: Room, member: Member, subscription: Subscription, now: float) -> None:
        offered = subscription.offered = room.granted(member, subscription)
        choice = layers.choose(offered, layers.highest(member, subscription, len(offered)), subscription)
        for layer in offered if subscription.slot in PREVIEWS else [choice.wished]:
            if layer is not None:
                layer.wanted = True
        changed = layers.feed(subscription, choice.now)
        if choice.now is not None and changed and subscription.kind is Kind.VIDEO:
            self._repair.want_keyframe(choice.now, now, switch=True)
        if choice.then is not None:
            choice.then.awaiting.append(subscription)
            # In its turn: who waits for it sees another layer meanwhile.
            choice.then.ask.wish()

    def _show(self, room: Room, member: Member, now: float) -> None:
        """What a console watches: the smallest that there is."""
        for subscription in member.subscriptions:
            if subscription.slot is Slot.PANEL:
                offered = room.granted(member, subscription)[: layers.highest(member, subscription, 1) + 1]
                if layers.feed(subscription, offered[0] if offered else None) and offered:
                    self.want_thumb(offered[0], now)

    def want_thumb(self, source: Publication, now: float) -> None:
        """A whole picture for a panel, at once where it costs nobody else one (else ``STAGE_THUMB_S``)."""
        if not source.on_stage:
            self._repair.want_keyframe(source, now)
