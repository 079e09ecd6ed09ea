"""What was lost is asked for, and sent, again: packets and keyframes, in measure.

Receivers ask us: they get packets from the shared rings, each seat within its budget and none while the last
one may still be on its way. We ask publishers: for packets with back-off, for keyframes throttled, however
many receivers want one. Driven by the forwarder; knows no stage.
"""

from collections import Counter
from collections.abc import Callable

from rooms.media.embedded import rtcp
from rooms.media.embedded.egress import again_bytes
from rooms.media.embedded.members import Member, Publication
from rooms.media.embedded.pacer import OVERHEAD_BYTES
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import OWN_SSRC
from rooms.media.plane import Kind, Slot

STAGE_THUMB_S = 5.0
"""What is on stage costs everybody a whole picture, which panels get no sooner after the last one."""


class Repair:
    def __init__(
        self,
        dropped: Counter[str],
        send: Callable[[Peer, bytes], None],
        may_resend: Callable[[int], bool],
    ) -> None:
        """``send``: takes RTCP for a peer, never raises. ``may_resend``: whether the server's line has room
        for so many bytes; it counts them, or the drop."""
        self._dropped = dropped
        self._may_resend = may_resend
        self._send = send

    # Receivers ask.

    def resend(self, member: Member, request: rtcp.Nack, now: float) -> None:
        subscription = member.lanes.get(request.ssrc)
        if subscription is None:
            return
        rtt_s = (member.rtt_ms or 0.0) / 1000
        for at, sequence_number in enumerate(request.lost):
            if not member.lookups.spend(now):
                self._dropped["nack_budget"] += len(request.lost) - at
                return
            held = subscription.lane.again(sequence_number)
            if held is None:
                self._dropped["nack_too_late"] += 1
            elif not subscription.resent.may(sequence_number, now, rtt_s):
                continue
            elif not member.resends.spend(now):
                self._dropped["nack_budget"] += 1
            else:
                packet, timestamp, form = held
                pictures = member.rate[Kind.VIDEO]
                if subscription.kind is Kind.VIDEO and not member.share.may_resend(
                    len(packet.body), pictures, now
                ):
                    self._dropped["resend_share"] += 1
                    continue
                if not self._may_resend(len(packet.body) + OVERHEAD_BYTES):
                    continue
                data = again_bytes(subscription.lane, packet, sequence_number, timestamp, form)
                try:
                    member.peer.send_rtp(data)
                except Exception:
                    self._dropped["send_error"] += 1

    def keyframe_wanted(self, member: Member, request: rtcp.KeyframeRequest, now: float) -> None:
        subscription = member.lanes.get(request.ssrc)
        if subscription is None or subscription.source is None:
            return
        if subscription.slot is Slot.PANEL and subscription.source.on_stage:
            # It waits like who has just turned to this page.
            subscription.lane.rest()
        elif not member.keyframes.spend(now):
            self._dropped["keyframe_budget"] += 1
        else:
            self.want_keyframe(subscription.source, now)

    # We ask.

    def want_keyframe(self, source: Publication, now: float, *, switch: bool = False) -> None:
        """``switch``: somebody sees nothing until it comes."""
        if source.ssrc is None:
            source.ask.wish()
        elif source.ask.want(now, switch=switch):
            self._ask_keyframe(source)

    def ask_again(self, member: Member, now: float) -> None:
        """Of a publisher, what is missing or still wanted of its lines that somebody receives."""
        for source in member.publications:
            if source.ssrc is None or not source.granted:
                source.gaps.forget()
                continue
            if source.ask.due(now):
                self._ask_keyframe(source)
            elif source.thumbs and now - source.ask.came_at >= STAGE_THUMB_S:
                self._ask_for_panels(source, now)
            lost = source.gaps.due(now, (member.rtt_ms or 0.0) / 1000)
            if lost:
                numbers = [index & 0xFFFF for index in lost]
                self._send(member.peer, rtcp.nack(OWN_SSRC, source.ssrc, numbers))

    def _ask_for_panels(self, source: Publication, now: float) -> None:
        """Cameras send no whole picture by themselves: a tile would stay dark while somebody speaks."""
        if any(thumb.lane.waiting for thumb in source.thumbs):
            self.want_keyframe(source, now)

    def _ask_keyframe(self, source: Publication) -> None:
        if source.ssrc is not None:
            self._send(source.peer, rtcp.keyframe_request(OWN_SSRC, source.ssrc))
