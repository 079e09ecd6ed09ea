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
from rooms.media.plane import Slot


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
            return  # Everybody would get a large picture for the sake of a small one.
        if not member.keyframes.spend(now):
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
            lost = source.gaps.due(now, (member.rtt_ms or 0.0) / 1000)
            if lost:
                numbers = [index & 0xFFFF for index in lost]
                self._send(member.peer, rtcp.nack(OWN_SSRC, source.ssrc, numbers))

    def _ask_keyframe(self, source: Publication) -> None:
        if source.ssrc is not None:
            self._send(source.peer, rtcp.keyframe_request(OWN_SSRC, source.ssrc))
