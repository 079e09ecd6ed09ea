"""Rooms inside the media process: who publishes, who receives, and the way of each packet.

A packet goes: publication (admitted once, held in its ring) -> the lanes that the stage connects it to ->
one header and one encryption for each. Routes change only in ``_route``, from the stage; what the stage
does not name has no route, so it cannot be forwarded. Driven by peers' packets, control calls and ``tick``;
never awaits.
"""

import itertools
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from time import monotonic

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import layers, rtcp
from rooms.media.embedded.binding import bind
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.egress import Egress, PlainEgress, Sent
from rooms.media.embedded.intake import sent_first, take_in
from rooms.media.embedded.members import Member, Publication, Room, Subscription, health_of, member_of
from rooms.media.embedded.pacer import OVERHEAD_BYTES, SLICE_PACKETS, Defer, Line, Pacer
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.repair import Repair
from rooms.media.embedded.reports import Reports
from rooms.media.embedded.sdp import Terms
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.slots import SourcePacket
from rooms.media.embedded.steering import Steering
from rooms.media.embedded.tally import Tally
from rooms.media.embedded.taps import Taps
from rooms.media.plane import Kind, PeerHealth, PeerSpec, Pictures, Slot, Stage
from rooms.recording import feed as recording

log = logging.getLogger(__name__)

RECORDED_KEYFRAME_S = 10.0
TICKS_PER_S = 20


def at_once(delay_s: float, work: Callable[[], None]) -> None:
    work()


class Forwarder:
    def __init__(
        self,
        settings: MediaSettings,
        clips: ClipBook,
        record: Callable[[recording.FeedFrame], bool],
        wall: Callable[[], float],
        defer: Defer = at_once,
        clock: Callable[[], float] = monotonic,
        tell_layers: layers.TellLayers = lambda peer, mid, layers: None,
    ) -> None:
        """``wall``: seconds since 1970 that never jump. ``defer``: with that of a loop pictures wait for
        sound; by default everything is forwarded as it comes."""
        self.dropped: Counter[str] = Counter()
        self.tally = Tally()
        self.egress: Egress = PlainEgress(self.dropped)
        self._settings = settings
        self._clock = clock
        self._tell_layers = tell_layers
        self._reports = Reports(settings, wall, self._send_rtcp)
        self._thumbs = PlainEgress(self.dropped)
        # A line with a budget takes packet by packet: it needs room for sound between them.
        together = 0 if settings.egress_mbit else SLICE_PACKETS
        stage = Line(self._forward, self._keyframe_again, lambda source: source.routes, together)
        panel = Line(self._forward_thumbs, self._want_thumb, lambda source: source.thumbs)
        self._pacer = Pacer(self.dropped, settings.egress_mbit * 1e6, stage, panel, defer, clock)
        self._steering = Steering(self._pacer.may_resend)
        self._repair = Repair(self.dropped, self._send_rtcp, self._pacer.may_resend)
        self._clips = clips
        self._taps = Taps(clips, record)
        self._rooms: dict[RoomId, Room] = {}

    # Control.

    def rooms(self) -> Iterable[RoomId]:
        return self._rooms.keys()

    def members(self) -> Iterable[Member]:
        return (member for room in self._rooms.values() for member in room.members.values())

    def find(self, room_id: RoomId, peer_id: PeerId) -> Peer | None:
        room = self._rooms.get(room_id)
        member = room.members.get(peer_id) if room else None
        return member.peer if member else None

    def seated(self, room_id: RoomId, seat_id: SeatId) -> Peer | None:
        room = self._rooms.get(room_id)
        member = room.seats.get(seat_id) if room else None
        return member.peer if member else None

    def claims_anothers(self, room_id: RoomId, spec: PeerSpec, terms: Terms) -> bool:
        room = self._rooms.get(room_id)
        return room is not None and room.claims_anothers(spec, terms)

    def add(self, peer: Peer) -> None:
        """Admit a peer; nothing flows until it is connected. Its seat and id must be free."""
        member = member_of(peer)
        self._reports.protect(member)
        room = self._room(peer.room_id)
        room.members[peer.spec.peer_id] = member
        if peer.spec.seat_id is not None:
            room.seats[peer.spec.seat_id] = member

    def connected(self, peer: Peer) -> None:
        room = self._room(peer.room_id)
        if self._member(peer) is not None:
            self._route(peer.room_id, room)

    def remove(self, peer: Peer) -> None:
        room = self._rooms.get(peer.room_id)
        if room is None or self._member(peer) is None:
            return
        member = room.members.pop(peer.spec.peer_id)
        self.tally.gone(member)
        for publication in member.publications:
            publication.cut()
        if peer.spec.seat_id is not None:
            room.seats.pop(peer.spec.seat_id, None)
            for slot, feed in room.feeds.items():
                if feed.seat_id == peer.spec.seat_id:
                    room.granted_at[slot] = 0
        self._route(peer.room_id, room)

    def set_stage(self, room_id: RoomId, position: tuple[int, int], stage: Stage, granted_at: int) -> bool:
        """False: older than what stands, ignored."""
        room = self._room(room_id)
        if position < room.position:
            return False
        room.position = position
        room.granted_at = {
            slot: room.granted_at[slot] if room.feeds.get(slot) == feed else granted_at
            for slot, feed in stage.feeds.items()
        }
        room.feeds, room.echo_groups = dict(stage.feeds), stage.echo_groups
        room.panel = frozenset(stage.panel)
        self._route(room_id, room)
        return True

    def watch(self, room_id: RoomId, peer_id: PeerId, seats: tuple[SeatId, ...]) -> None:
        """Nothing happens for a peer that is not there, or has no lines to watch on."""
        room = self._rooms.get(room_id)
        member = room.members.get(peer_id) if room is not None else None
        if room is not None and member is not None and member.watched != seats:
            member.watched = seats
            self._route(room_id, room)

    def set_pictures(self, room_id: RoomId, peer_id: PeerId, pictures: Pictures) -> None:
        room = self._room(room_id)
        if (member := room.members.get(peer_id)) is not None and member.pictures is not pictures:
            member.pictures = pictures
            self._route(room_id, room)

    def close_room(self, room_id: RoomId) -> list[Peer]:
        """Forget the room; the caller ends the peers that are returned."""
        room = self._rooms.pop(room_id, None)
        if room is None:
            return []
        self._clips.close_room(room_id)
        for member in room.members.values():
            self.tally.gone(member)
            for publication in member.publications:
                publication.cut()
        return [member.peer for member in room.members.values()]

    def mute(self) -> None:
        """Nobody is heard or recorded any more, in any room."""
        for room_id, room in self._rooms.items():
            room.feeds, room.granted_at, room.panel = {}, {}, frozenset()
            self._route(room_id, room)

    def health(self, room_id: RoomId) -> list[PeerHealth]:
        room, now = self._rooms.get(room_id, Room()), self._clock()
        return [health_of(member, now) for member in room.members.values()]

    # Routes.

    def _room(self, room_id: RoomId) -> Room:
        return self._rooms.setdefault(room_id, Room())

    def _member(self, peer: Peer) -> Member | None:
        room = self._rooms.get(peer.room_id)
        member = room.members.get(peer.spec.peer_id) if room else None
        return member if member is not None and member.peer is peer else None

    def _route(self, room_id: RoomId, room: Room) -> None:
        """Connect every lane to what the stage wants of it now, and nothing else."""
        now = self._clock()
        for member in room.members.values():
            for publication in member.publications:
                publication.cut()
        for member in room.members.values():
            for subscription in member.subscriptions:
                if subscription.slot is not Slot.PANEL:
                    self._subscribe(room, member, subscription, now)
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

    def _subscribe(self, room: Room, member: Member, subscription: Subscription, now: float) -> None:
        offered = subscription.offered = room.granted(member, subscription)
        choice = layers.choose(offered, layers.highest(member, subscription, len(offered)), subscription)
        for layer in offered if subscription.slot in layers.BERSIAP else [choice.wished]:
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
                offered = room.granted(member, subscription)
                if layers.feed(subscription, offered[0] if offered else None) and offered:
                    self._want_thumb(offered[0], now)

    def _want_thumb(self, source: Publication, now: float) -> None:
        """A whole picture for a panel. What is on stage would cost everybody one: there the panel waits for
        one that comes anyway."""
        if not source.on_stage:
            self._repair.want_keyframe(source, now)

    # Packets.

    def on_rtp(self, peer: Peer, data: bytes, now: float) -> None:
        """A decrypted packet of a publisher: admit it once, send it to every lane that follows it."""
        try:
            head = rtcp.parse_rtp(data)
        except rtcp.MalformedPacket:
            self.dropped["malformed_rtp"] += 1
            return
        source = self._bind(peer, head, data, now)
        if source is None:
            self.dropped["unbound"] += 1
            return
        if not source.pace.spend(now):
            self.dropped["publisher_budget"] += 1
            return
        if not source.granted:
            # Before it was granted, or after it was taken: only known, so that it is never taken later.
            self.dropped["not_granted"] += 1
        if head.payload_type == source.line.rtx_payload_type:
            first = sent_first(source, head, data)
            if first is None:
                return
            head = first
        source.heard_at = now
        if source.line.level_extension is not None and rtcp.is_loud(data, head, source.line.level_extension):
            source.loud_at = now
        if not source.flowing:
            self._flows(source, True)
        for packet in take_in(source, head, data, now, self.dropped):
            self._admit(source, packet, now)

    def _admit(self, source: Publication, packet: SourcePacket, now: float) -> None:
        source.ring.put(packet)
        is_video = source.kind is Kind.VIDEO
        if is_video and packet.keyframe:
            source.ask.came(now)
            if source.awaiting:
                layers.change_layer(source)
        if source.taps:
            self._taps.packet(source, packet)
        if not is_video:
            self._forward(source, (packet,), now)
            return
        if source.routes:
            self._pacer.postpone(source, packet)
        if source.thumbs:
            self._pacer.spare(source, packet)

    def _flows(self, source: Publication, flowing: bool) -> None:
        """A line began, or has stopped; where it is one of several layers, others may do better."""
        source.flowing = flowing
        if source.line.layers:
            self._route(source.peer.room_id, self._room(source.peer.room_id))

    def _forward(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> None:
        sent = self.egress.fan_out(source, packets, now)
        self._pacer.spend(sent.octets + sent.packets * OVERHEAD_BYTES, sound=source.kind is Kind.AUDIO)
        for subscription in sent.opened:
            self._reports.to_receiver(subscription.peer, [subscription], now)

    def _forward_thumbs(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> None:
        sent = Sent()
        for packet in packets:
            self._thumbs.send_each(source.thumbs, source.ring, packet, now, sent)
        self._pacer.spend(sent.octets + sent.packets * OVERHEAD_BYTES)

    def _bind(self, peer: Peer, head: rtcp.RtpHead, data: bytes, now: float) -> Publication | None:
        member = self._member(peer)
        if member is None:
            return None
        source, replaced = bind(member, head, data, now)
        if replaced:
            self._route(peer.room_id, self._room(peer.room_id))
        return source

    def on_rtcp(self, peer: Peer, data: bytes, now: float) -> None:
        member = self._member(peer)
        if member is None:
            return
        if not member.feedback.spend(now):
            self.dropped["rtcp_budget"] += 1
            return
        try:
            items = rtcp.parse(data)
        except rtcp.MalformedPacket:
            self.dropped["malformed_rtcp"] += 1
            return
        for item in items:
            match item:
                case rtcp.SenderReport():
                    self._on_sender_report(member, item, now)
                case rtcp.ReceptionReport():
                    self._reports.heard(member, item, now)
                    self._steering.heard(member, item, now)
                case rtcp.Nack():
                    self._repair.resend(member, item, now)
                case rtcp.KeyframeRequest():
                    self._repair.keyframe_wanted(member, item, now)
                case rtcp.BandwidthEstimate():
                    self._steering.estimated(member, item, now)

    def _on_sender_report(self, member: Member, report: rtcp.SenderReport, now: float) -> None:
        source = member.by_ssrc.get(report.ssrc)
        if source is None:
            return
        source.reception.reported(report, now)
        source.clock.reported(report.ntp, report.rtp_time)
        self._taps.report(source, report)

    # Time.

    def tick(self, now: float) -> None:
        """About 20 times a second: repeat keyframe requests, ask publishers for what was lost."""
        for member in list(self.members()):
            for source in member.publications:
                if source.flowing and now - source.heard_at > layers.STALLED_S:
                    self._flows(source, False)
            self._repair.ask_again(member, now)
            self._steering.pad(member, TICKS_PER_S)
        layers.tell_wanted(self.members(), now, self._tell_layers)

    def report(self, now: float, turn: int = 0, turns: int = 1) -> None:
        """Sender reports to receivers, receiver reports and bandwidth to publishers: each once in ``turns``.

        All ``turns`` together take a second; for a full room at once they would hold up what is to be sent.
        """
        members = list(self.members())
        sent = (source for member in members for source in member.publications if source.kind is Kind.VIDEO)
        self._reports.picture_bits_per_s = self._pacer.picture_bits_per_s(
            self._settings.video_bits_per_s, sum(len(source.routes) for source in sent)
        )
        limit = self._pacer.share_of(sum(member.peer.connected for member in members))
        for member in itertools.islice(members, turn % turns, None, turns):
            if member.peer.connected:
                if self._steering.review(member, limit, now):
                    self._room(member.peer.room_id).layers_due = True
                self._reports.to_receiver(member.peer, member.subscriptions, now)
                self._reports.to_publisher(member, now)

        for room_id, room in self._rooms.items() if turn % turns == 0 else ():
            if room.layers_due:
                room.layers_due = False
                self._route(room_id, room)

    def _keyframe_again(self, source: Publication, now: float) -> None:
        self._repair.want_keyframe(source, now)

    def refresh_recordings(self, now: float) -> None:
        """Every RECORDED_KEYFRAME_S: recordings can be entered at keyframes only."""
        for member in self.members():
            for source in member.publications:
                if source.kind is Kind.VIDEO and source.taps:
                    self._repair.want_keyframe(source, now)

    def recorder_ready(self) -> None:
        """The recorder is (again) there: clips begin, with a keyframe as soon as may be."""
        self._clips.reopen()
        self.refresh_recordings(self._clock())

    def _send_rtcp(self, peer: Peer, packet: bytes) -> None:
        try:
            peer.send_rtcp(packet)
        except Exception:
            self.dropped["send_error"] += 1
