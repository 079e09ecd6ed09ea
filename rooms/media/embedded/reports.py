"""Sender reports to receivers, reception reports and bandwidth to publishers, and what receivers report.

Driven by the forwarder; knows no stage and no routes. Sender reports carry the server's clock, never the
publisher's, and all lines of the room have one name, so that browsers put sound and picture together.
"""

from collections.abc import Callable, Iterable
from math import inf

from rooms.media.embedded import rtcp
from rooms.media.embedded.adaptation import NOMINAL_BITS_PER_S
from rooms.media.embedded.clock import LineClock
from rooms.media.embedded.members import Member, Publication, Subscription
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import CNAME, OWN_SSRC
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind

ROOM = 1.1
"""Of what its sizes take in the mean, for a camera beside a picture in one size."""
MOST_SHOWN_LOSS = 0.2
"""Beyond it Opus spends more on correction than it keeps for the voice."""


class Reports:
    def __init__(
        self, settings: MediaSettings, wall: Callable[[], float], send: Callable[[Peer, bytes], None]
    ) -> None:
        """``wall``: seconds since 1970 that never jump; ``send``: takes RTCP for a peer, never raises."""
        self._settings = settings
        self.picture_bits_per_s = settings.video_bits_per_s
        """What each publisher's pictures may use at present."""
        self._wall = wall
        self._send = send
        self._told_at = -1e9
        self._times: dict[Publication, int | None] = {}

    def to_receiver(self, peer: Peer, subscriptions: Iterable[Subscription], now: float) -> bool:
        """Where each line that is being fed lies on the server's clock. True: there is such a line."""
        ntp = rtcp.ntp_from_unix(self._wall())
        reports: list[bytes] = []
        ssrcs: list[int] = []
        for subscription in subscriptions:
            lane, source = subscription.lane, subscription.source
            offset = lane.timestamp_offset
            if source is None or offset is None:
                continue
            source_time = self._time_of(source, now)
            if source_time is not None:
                rtp_time = (source_time + offset) & 0xFFFFFFFF
                reports.append(rtcp.sender_report(lane.ssrc, ntp, rtp_time, *lane.sent))
                ssrcs.append(lane.ssrc)
        if reports:
            self._send(peer, b"".join(reports) + rtcp.source_names(tuple(ssrcs), CNAME))
        return bool(reports)

    def _time_of(self, source: Publication, now: float) -> int | None:
        """Its RTP time at ``now``: one for all who are told in the same turn."""
        if now != self._told_at:
            self._told_at, self._times = now, {}
        found = self._times.get(source)
        if found is None:
            found = self._times[source] = source.clock.rtp_time(now, _sound_of(source))
        return found

    def to_publisher(self, member: Member, now: float) -> None:
        """What came of its lines since the last time, and how much its pictures may use.

        Also to those who send nothing, if nothing else is said to them: a browser that hears nothing for long
        takes its line for cut.
        """
        blocks: list[rtcp.ReportBlock] = []
        pictures: list[int] = []
        for source in member.publications:
            if source.ssrc is None:
                continue
            block = source.reception.block(source.ssrc, now, self._shown_loss(source))
            if block is not None:
                blocks.append(block)
            if source.kind is Kind.VIDEO:
                pictures.append(source.ssrc)
        packet = rtcp.receiver_report(OWN_SSRC, blocks)
        if pictures:
            # Who sends several sizes sends them whole: which of them go out is what keeps to the budget.
            layered = any(source.rid is not None for source in member.publications)
            bits_per_s = self._settings.video_bits_per_s if layered else self.picture_bits_per_s
            bits_per_s = round(min(bits_per_s, _demanded(member)))
            packet += rtcp.bandwidth_estimate(OWN_SSRC, bits_per_s, pictures)
        self._send(member.peer, packet)

    def _shown_loss(self, source: Publication) -> float:
        """What sound on the stage is told to withstand: always some, up to what its worst receiver loses."""
        least = self._settings.shown_audio_loss
        if source.kind is not Kind.AUDIO or not source.routes or not least:
            return 0.0
        worst = max(subscription.lost_fraction for subscription in source.routes)
        return max(least, min(worst, MOST_SHOWN_LOSS))

    def heard(self, member: Member, report: rtcp.ReceptionReport, now: float) -> None:
        """A receiver tells how one of its lines does; see ``protect``, once all are heard."""
        subscription = member.lanes.get(report.ssrc)
        if subscription is None:
            return
        subscription.lost_fraction = report.lost_fraction
        if subscription.source is not None:
            member.protection.heard(report.lost_fraction, now)
        if report.last_sr:
            wall = (rtcp.ntp_from_unix(self._wall()) >> 16) & 0xFFFFFFFF
            ticks = (wall - report.last_sr - report.delay) & 0xFFFFFFFF
            if ticks < 1 << 31:
                member.rtt_ms = ticks * 1000 / 65536

    def protect(self, member: Member, now: float) -> None:
        """Let its sound carry along what the member's loss asks for, and its line has room for."""
        depth = min(member.protection.depth, self._settings.deepest_red, member.share.redundancy(now))
        for subscription in member.subscriptions:
            if subscription.lane.red_payload_type:
                subscription.lane.protect(depth)


def _demanded(member: Member) -> float:
    """Of all its pictures, bit/s: what those in one size may take, and the sizes asked for of others."""
    pictures = [source for source in member.publications if source.kind is Kind.VIDEO and source.flowing]
    single = [source.demand.bits_per_s for source in pictures if source.rid is None]
    sizes = [
        NOMINAL_BITS_PER_S[wants.layers.index(rid)]
        for mid, wants in member.wants.items()
        if any(source.line.mid == mid for source in pictures)
        for rid in wants.told
    ]
    return sum(single) + ROOM * sum(sizes) if single else inf


def _sound_of(source: Publication) -> LineClock | None:
    """The clock of the microphone beside a camera."""
    if source.kind is Kind.AUDIO:
        return None
    return next(
        (
            beside.clock
            for beside in source.lines
            if beside.kind is Kind.AUDIO and beside.line.ordinal == source.line.ordinal
        ),
        None,
    )
