"""Brings what a receiver tells of its line to the layers it is sent, and sends the padding that probes it.

Driven by the forwarder: RTCP as it comes, ``review`` once a second for each member, ``pad`` at every tick.
The rules are those of ``adaptation``; sound is never touched.
"""

from collections.abc import Callable
from math import inf

from rooms.media.embedded import rtcp
from rooms.media.embedded.adaptation import NOMINAL_BITS_PER_S, allot, next_target
from rooms.media.embedded.layers import unlimited
from rooms.media.embedded.members import Member, Subscription
from rooms.media.embedded.pacer import OVERHEAD_BYTES
from rooms.media.embedded.slots import Spare
from rooms.media.plane import Kind, Slot

FLOOR_BITS_PER_S = 1.5 * NOMINAL_BITS_PER_S[0]
"""Enough for the smallest picture, also where a camera takes more for it than it should."""
PADDING = bytes(254) + b"\xff"
"""As much as one packet of padding alone may have (RFC 3550, 5.1)."""


class Steering:
    def __init__(self, may_send: Callable[[int], bool]) -> None:
        """``may_send``: whether the server's line has room for so many bytes; it counts them."""
        self._may_send = may_send

    def estimated(self, member: Member, estimate: rtcp.BandwidthEstimate, now: float) -> None:
        rate = member.rate
        member.share.estimated(estimate.bits_per_s, rate[Kind.VIDEO], rate[Kind.AUDIO], now)

    def heard(self, member: Member, report: rtcp.ReceptionReport, now: float) -> None:
        one = member.lanes.get(report.ssrc)
        if one is None or one.kind is Kind.AUDIO or one.source is None or not one.offered:
            return
        floor = FLOOR_BITS_PER_S
        if one.source is one.offered[0]:
            floor = max(floor, 1.1 * one.bits_per_s)
        member.share.lost(report.lost_fraction, member.rate[Kind.VIDEO], floor, now)

    def review(self, member: Member, limit: float, now: float) -> bool:
        """What it is sent from now on. True: that changes.

        ``limit``: its part of the server's line, bit/s; that makes pictures smaller, but stops none.
        """
        _measure(member, now)
        # A panel's lines are many to a slot, and left out by the pacer before anything else is.
        stage = [
            s for s in member.subscriptions if s.kind is Kind.VIDEO and s.offered and s.slot is not Slot.PANEL
        ]
        costs = {s.slot: costs for s in stage if (costs := _costs(member, s))}
        limit = max(limit, sum(slot[0] for slot in costs.values()))
        share, before = member.share, member.most
        if before.keys() == costs.keys():
            target = next_target(before, costs)
            if target is not None and target > limit:
                # Better than this the server's own line does not let it be.
                target = None
            share.step(member.rate[Kind.VIDEO], target, now, padded=_spare(member) is not None)
        carries = min(share.bits_per_s, limit)
        member.most = allot(carries, costs) if carries < inf else {}
        return member.most != before

    def pad(self, member: Member, ticks_per_s: float) -> None:
        """Send what a probe is short of; nothing of it carries anything."""
        spare = _spare(member)
        if not member.share.probing or spare is None:
            return
        for _ in range(round(member.share.probing / 8 / len(PADDING) / ticks_per_s)):
            if not self._may_send(len(PADDING) + OVERHEAD_BYTES):
                return
            head = rtcp.rtp_header(True, False, spare.payload_type, spare.take(), 0, spare.ssrc)
            member.peer.send_rtp(head + PADDING)


def _spare(member: Member) -> Spare | None:
    return next((s.lane.spare for s in member.subscriptions if s.lane.spare is not None), None)


def _measure(member: Member, now: float) -> None:
    """Bits per second of each lane since the last time."""
    elapsed = now - member.measured_at
    if elapsed <= 0:
        return
    member.measured_at = now
    member.rate = dict.fromkeys(Kind, 0.0)
    for subscription in member.subscriptions:
        _, octets = subscription.lane.sent
        subscription.bits_per_s = 8 * (octets - subscription.octets_before) / elapsed
        subscription.octets_before = octets
        member.rate[subscription.kind] += subscription.bits_per_s


def _costs(member: Member, subscription: Subscription) -> list[float]:
    """Of the layers that its person wants: what is sent costs what it takes, all else what it may take."""
    offered = subscription.offered
    costs: list[float] = []
    for layer in range(unlimited(member, subscription, len(offered)) + 1):
        nominal = NOMINAL_BITS_PER_S[layer if len(offered) > 1 else 1]
        sent = subscription.source is offered[layer] and subscription.bits_per_s
        costs.append(max(sent or nominal, costs[-1] if costs else 0.0))
    return costs
