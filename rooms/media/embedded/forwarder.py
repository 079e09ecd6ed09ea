"""The way of each packet inside the media process, and what has to be said about packets.

A packet goes: publication (admitted once, held in its ring) -> the lanes that ``routing`` has connected it
to -> one header and one encryption for each. Driven by peers' packets and ``tick``; never awaits.
"""

import itertools
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import inf
from time import monotonic

from rooms.media.embedded import layers, rtcp
from rooms.media.embedded.binding import bind
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.egress import Egress, PlainEgress, Sent
from rooms.media.embedded.intake import sent_first, take_in
from rooms.media.embedded.members import Member, Publication
from rooms.media.embedded.pacer import OVERHEAD_BYTES, PART_PACKETS, Defer, Line, Pacer
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.repair import Repair
from rooms.media.embedded.reports import Reports
from rooms.media.embedded.routing import Routing
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.slots import SourcePacket
from rooms.media.embedded.steering import Steering, carried
from rooms.media.embedded.tally import Tally
from rooms.media.embedded.taps import Taps
from rooms.media.embedded.trains import Trains
from rooms.media.plane import Kind
from rooms.recording import feed as recording

log = logging.getLogger(__name__)

RECORDED_KEYFRAME_S = 10.0
RECORDED_SCREEN_S = 60.0
"""Of a shared screen: a whole one is large, and the last one stands for long."""
TICKS_PER_S = 20
REPORTS_TOGETHER = 30
"""About 1 ms."""


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
        self._defer = defer
        self._opened: dict[Peer, None] = {}
        """Who got the first packet of something, and will be told how it lies in time."""
        self._reports = Reports(settings, wall, self._send_rtcp)
        self._thumbs = PlainEgress(self.dropped)
        # A line with a budget takes packet by packet: it needs room for sound between them.
        together = not settings.egress_mbit
        stage = Line(self._forward_parts, self._keyframe_again, lambda source: source.routes, together)
        panel = Line(self._forward_thumbs, self._thumb_again, lambda source: source.thumbs)
        self._pacer = Pacer(self.dropped, settings.egress_mbit * 1e6, stage, panel, defer, clock)
        self._steering = Steering(self._pacer.may_resend)
        self.trains = Trains(self._pacer.spend, self.dropped)
        self._repair = Repair(self.dropped, self._send_rtcp, self._pacer.may_resend)
        self._limit = inf
        """Each receiver's share of the server's line, bit/s."""
        self._clips = clips
        self._taps = Taps(clips, record)
        self.routing = Routing(
            clips, self._taps, self._repair, self.tally, self._reports.protect, clock, tell_layers
        )

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
            self.routing.route(source.peer.room_id)

    def _forward(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> None:
        self._sent(source, self.egress.fan_out(source, packets, now))

    def _forward_parts(
        self, source: Publication, packets: Sequence[SourcePacket], now: float
    ) -> Iterator[Sent]:
        for part in self.egress.in_parts(source, packets, now, PART_PACKETS):
            self._sent(source, part)
            yield part

    def _sent(self, source: Publication, sent: Sent) -> None:
        self._pacer.spend(sent.octets + sent.packets * OVERHEAD_BYTES, sound=source.kind is Kind.AUDIO)
        if sent.opened:
            idle = not self._opened
            self._opened.update(dict.fromkeys(one.peer for one in sent.opened))
            if idle:
                self._defer(0.0, self._tell_opened)

    def _tell_opened(self) -> None:
        """In slices, each once for all of its lines: a full hall's reports would hold up first packets."""
        now = self._clock()
        for peer in list(itertools.islice(self._opened, REPORTS_TOGETHER)):
            del self._opened[peer]
            member = self.routing.member(peer)
            if member is not None:
                self._reports.to_receiver(peer, member.subscriptions, now)
        if self._opened:
            self._defer(0.0, self._tell_opened)

    def _forward_thumbs(
        self, source: Publication, packets: Sequence[SourcePacket], now: float
    ) -> Iterator[Sent]:
        sent = Sent()
        for packet in packets:
            self._thumbs.send_each(source.thumbs, source.ring, packet, now, sent)
        self._pacer.spend(sent.octets + sent.packets * OVERHEAD_BYTES)
        yield sent

    def _bind(self, peer: Peer, head: rtcp.RtpHead, data: bytes, now: float) -> Publication | None:
        member = self.routing.member(peer)
        if member is None:
            return None
        source, replaced = bind(member, head, data, now)
        if replaced:
            self.routing.route(peer.room_id)
        return source

    def on_rtcp(self, peer: Peer, data: bytes, now: float) -> None:
        member = self.routing.member(peer)
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
                    if self._steering.heard(member, item, now):
                        self._changed(member, now)
                case rtcp.Nack():
                    self._repair.resend(member, item, now)
                case rtcp.KeyframeRequest():
                    self._repair.keyframe_wanted(member, item, now)
                case rtcp.BandwidthEstimate():
                    if self._steering.estimated(member, item, now):
                        self._changed(member, now)
        self._reports.protect(member, now)

    def _on_sender_report(self, member: Member, report: rtcp.SenderReport, now: float) -> None:
        source = member.by_ssrc.get(report.ssrc)
        if source is None:
            return
        source.reception.reported(report, now)
        source.clock.reported(report.ntp, report.rtp_time)
        self._taps.report(source, report)

    def _changed(self, member: Member, now: float) -> None:
        """Its line is overrun: each packet too many makes sound late."""
        self._reports.protect(member, now)
        self.routing.route(member.peer.room_id)

    # Time.

    def tick(self, now: float) -> None:
        """About 20 times a second: repeat keyframe requests, ask publishers for what was lost."""
        for member in list(self.routing.members()):
            # Most members of a hall send nothing, and what each of them costs here is paid by all sound.
            if member.publications:
                for source in member.publications:
                    if source.flowing and now - source.heard_at > layers.STALLED_S:
                        self._flows(source, False)
                self._repair.ask_again(member, now)
            if self._steering.look(member, now):
                self._reports.protect(member, now)
                self.routing.room(member.peer.room_id).layers_due = True
            if member.share.probing:
                self._steering.pad(member, TICKS_PER_S, now)
        # Once for all whose lines showed something new.
        self.routing.route_again()
        self.trains.go_on(now)
        self.routing.tell_wanted(now)

    def report(self, now: float, turn: int = 0, turns: int = 1) -> None:
        """Sender reports to receivers, receiver reports and bandwidth to publishers: each once in ``turns``.

        All ``turns`` together take a second; for a full room at once they would hold up what is to be sent.
        """
        members = list(self.routing.members())
        if turn % turns == 0:
            self._share_out(members, now)
        for member in itertools.islice(members, turn % turns, None, turns):
            if member.peer.connected:
                if self._steering.review(member, self._limit, now):
                    self.routing.room(member.peer.room_id).layers_due = True
                told = self._reports.to_receiver(member.peer, member.subscriptions, now)
                if member.publications or not told:
                    self._reports.to_publisher(member, now)

        if turn % turns == 0:
            self.routing.route_again()

    def _share_out(self, members: list[Member], now: float) -> None:
        """Of the server's line, to publishers and receivers, for the next second."""
        sent = [source for member in members for source in member.publications if source.kind is Kind.VIDEO]
        self._reports.picture_bits_per_s = self._pacer.picture_bits_per_s(
            self._settings.video_bits_per_s, sum(len(source.routes) for source in sent)
        )
        carries = carried(members, now)
        for source in sent:
            source.demand.heard(carries.get(source, ()))
        self._limit = self._pacer.share_of(sum(member.peer.connected for member in members))

    def _keyframe_again(self, source: Publication, now: float) -> None:
        self._repair.want_keyframe(source, now)

    def _thumb_again(self, source: Publication, now: float) -> None:
        self.routing.want_thumb(source, now)

    def refresh_recordings(self, now: float) -> None:
        """Every RECORDED_KEYFRAME_S: recordings can be entered at keyframes only."""
        for member in self.routing.members():
            for source in member.publications:
                fresh = source.is_screen and now - source.ask.came_at < RECORDED_SCREEN_S
                if source.kind is Kind.VIDEO and source.taps and not fresh:
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
