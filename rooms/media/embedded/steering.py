"""Brings what a receiver tells of its line to the layers it is sent, and sends the padding that probes it.

Driven by the forwarder: RTCP as it comes, ``review`` once a second for each member, ``look`` and ``pad`` at
every tick. Round trips are told by reports, about once a second, and asked for more often while it matters.
The rules are those of ``adaptation``; sound is never touched.
"""

from collections.abc import Callable, Iterable
from math import inf

from rooms.media.embedded import rtcp
from rooms.media.embedded.adaptation import NOMINAL_BITS_PER_S, SCREEN_BITS_PER_S, allot, next_target
from rooms.media.embedded.layers import unlimited
from rooms.media.embedded.members import PREVIEWS, Member, Publication, Subscription, spare_of
from rooms.media.embedded.pacer import OVERHEAD_BYTES
from rooms.media.embedded.trains import PADDING, send_padding
from rooms.media.plane import Kind, Slot

FLOOR_BITS_PER_S = 1.5 * NOMINAL_BITS_PER_S[0]
"""Enough for the smallest picture, also where a camera takes more for it than it should."""
ASK_S, UNKNOWN_S = 0.2, 3.0
"""Between two questions to a line that is new for so long, full, limited or probed."""
SOUND_ASK_S = 1.0
"""Where there is sound alone: a narrow line has little to spare for questions."""
SOUND_BITS_PER_S, SOUND_PACKETS_PER_S = 64_000.0, 50
"""Of a voice, headers included, at least: what is said of a line may come before it."""
OLD_S = 1.5
"""Longer than it takes from one sender report to the next."""
MOVING_S = 1.0
"""So long after a move round trips may be half of the old way."""
RATE_S = 0.2
"""Over less it cannot be said what is sent."""
USUAL_S = 3.0
"""Over so long is said what a picture usually takes: its keyframes are large."""
ROOM, LEAST_BITS_PER_S = 1.5, 120_000.0
"""Of what it usually takes a picture may need at times; at least, for what stands still moves again."""


class Steering:
    def __init__(self, may_send: Callable[[int], bool]) -> None:
        """``may_send``: whether the server's line has room for so many bytes; it counts them."""
        self._may_send = may_send
        self._limit = inf

    def estimated(self, member: Member, estimate: rtcp.BandwidthEstimate, now: float) -> bool:
        """True: what it is sent changes."""
        rate, share, before = member.rate, member.share, _allowed(member, now)
        # They come several times a second, and few of them fall.
        floor = _floor(member) if share.falls(estimate.bits_per_s) else 0.0
        share.estimated(estimate.bits_per_s, rate[Kind.VIDEO], rate[Kind.AUDIO], floor, now)
        return self._changes(member, before, now)

    def heard(self, member: Member, report: rtcp.ReceptionReport, now: float) -> bool:
        """True: what it is sent changes."""
        one = member.lanes.get(report.ssrc)
        if one is None:
            return False
        before = _allowed(member, now)
        if one.kind is Kind.VIDEO and one.source is not None:
            fraction = one.losses.heard(report.lost_fraction, report.highest, now)
            if fraction is not None:
                rate = member.rate
                member.share.lost(fraction, rate[Kind.VIDEO], rate[Kind.AUDIO], _floor(member), now)
        changes = self._changes(member, before, now)
        # A line that has had no sender report lately tells how it was when it had one.
        old = not report.last_sr or report.delay > OLD_S * (1 << 16)
        if member.rtt_ms is None or old or report.last_sr == member.rtt_of:
            return changes
        member.rtt_of = report.last_sr
        return self._went(member, member.rtt_ms / 1000, now) or changes

    def look(self, member: Member, now: float) -> bool:
        """Takes in what was measured of its line; asks for more. True: what it is sent changes."""
        bearer, share = member.peer.bearer, member.share
        if bearer.moved_at > member.way_at:
            member.way_at = bearer.moved_at
            share.unknown()
        took_s, bearer.round_trip_s = bearer.round_trip_s, None
        carries, bearer.carries_bits_per_s = bearer.carries_bits_per_s, None
        new = now - max(member.peer.connected_at, bearer.moved_at) < UNKNOWN_S
        fills = share.waits and share.redundancy(now) > 0
        often = new or share.bursts or share.probing or fills or member.rate[Kind.VIDEO]
        due = member.peer.connected and now - member.asked_at >= (ASK_S if often else SOUND_ASK_S)
        if due and (new or share.waits or share.probing or share.bits_per_s < inf):
            member.asked_at = now
            if share.bursts:
                share.bursts -= 1
                member.peer.ask_capacity(now)
            else:
                member.peer.ask_round_trip(now)
        if carries is not None:
            share.showed(carries, _sound(member), now)
        changes = took_s is not None and self._went(member, took_s, now)
        # What was shown, and what came on stage since it was last looked at, is shared out at once.
        news = carries is not None or (share.bits_per_s < inf and _unseen(member))
        return (member.peer.connected and news and self.review(member, self._limit, now)) or changes

    def _went(self, member: Member, rtt_s: float, now: float) -> bool:
        if now - member.peer.bearer.moved_at < MOVING_S:
            member.share.moved()
            return False
        if now - member.measured_at >= RATE_S:
            _measure(member, now)
        if member.share.went(rtt_s, member.rate[Kind.VIDEO], member.rate[Kind.AUDIO], now):
            self.review(member, self._limit, now)
            return True
        return False

    def _changes(self, member: Member, before: tuple[float, int], now: float) -> bool:
        if _allowed(member, now) == before:
            return False
        self.review(member, self._limit, now)
        return True

    def review(self, member: Member, limit: float, now: float) -> bool:
        """What it is sent from now on. True: that changes.

        ``limit``: its part of the server's line, bit/s; that makes pictures smaller, but stops none.
        """
        self._limit = limit
        if now - member.measured_at >= RATE_S:
            _measure(member, now)
        costs = {s.slot: costs for s in _stage(member) if (costs := _costs(member, s))}
        limit = max(limit, sum(slot[0] for slot in costs.values()))
        share, before = member.share, member.most
        if before.keys() == costs.keys():
            target = next_target(before, costs)
            if target is not None and target > limit:
                # Better than this the server's own line does not let it be.
                target = None
            share.step(member.rate[Kind.VIDEO], target, now, padded=spare_of(member) is not None)
        carries = min(share.bits_per_s, limit)
        member.most = allot(carries, costs) if carries < inf else {}
        return member.most != before

    def pad(self, member: Member, ticks_per_s: float, now: float) -> None:
        """Send what a probe is short of; nothing of it carries anything."""
        if not member.share.probing or spare_of(member) is None:
            return
        for _ in range(round(member.share.padding(now) / 8 / len(PADDING) / ticks_per_s)):
            if not self._may_send(len(PADDING) + OVERHEAD_BYTES):
                return
            send_padding(member)


def carried(members: Iterable[Member], now: float) -> dict[Publication, list[float]]:
    """Of each picture on stage in one size, what the line of each who sees it carries, bit/s."""
    found: dict[Publication, list[float]] = {}
    for member in members:
        for one in _stage(member):
            source = one.offered[0]
            if source.rid is None and one.slot not in PREVIEWS and unlimited(member, one, 1) >= 0:
                others = member.rate[Kind.VIDEO] - one.bits_per_s
                found.setdefault(source, []).append(max(0.0, member.share.carries(now) - others))
    return found


def _allowed(member: Member, now: float) -> tuple[float, int]:
    """Of pictures, in bit/s; of packets of sound beside each."""
    return member.share.bits_per_s, member.share.redundancy(now)


def _floor(member: Member) -> float:
    """What the smallest pictures of all its slots take."""
    costs = (_costs(member, one) for one in _stage(member))
    return max(FLOOR_BITS_PER_S, 1.1 * sum(cost[0] for cost in costs if cost))


def _sound(member: Member) -> float:
    """What its sound takes of its line, headers included, bit/s."""
    lanes = sum(one.kind is Kind.AUDIO and one.source is not None for one in member.subscriptions)
    headers = lanes * SOUND_PACKETS_PER_S * OVERHEAD_BYTES * 8
    return max(SOUND_BITS_PER_S, member.rate[Kind.AUDIO] + headers)


def _unseen(member: Member) -> bool:
    """Whether a picture on stage has no part of its line yet."""
    return any(one.slot not in member.most and unlimited(member, one, 1) >= 0 for one in _stage(member))


def _stage(member: Member) -> list[Subscription]:
    """Its pictures. A panel's lines are many to a slot, and left out by the pacer before anything else is."""
    return [
        one
        for one in member.subscriptions
        if one.kind is Kind.VIDEO and one.offered and one.slot is not Slot.PANEL
    ]


def _measure(member: Member, now: float) -> None:
    """Bits per second of each lane since the last time, and of what it publishes."""
    elapsed = now - member.measured_at
    for source in member.publications:
        came = 8 * (source.ring.octets - source.octets_before) / elapsed
        source.octets_before = source.ring.octets
        source.bits_per_s += min(1.0, elapsed / USUAL_S) * (came - source.bits_per_s)
    member.measured_at = now
    member.rate = dict.fromkeys(Kind, 0.0)
    for subscription in member.subscriptions:
        _, octets = subscription.lane.sent
        subscription.bits_per_s = 8 * (octets - subscription.octets_before) / elapsed
        subscription.octets_before = octets
        member.rate[subscription.kind] += subscription.bits_per_s


def _costs(member: Member, subscription: Subscription) -> list[float]:
    """Of the layers that its person wants: what is sent costs what it takes, all else what it may take.

    How much that is nobody has told a picture without layers.
    """
    offered = subscription.offered
    if subscription.slot is Slot.SCREEN:
        return [SCREEN_BITS_PER_S] * (unlimited(member, subscription, 1) + 1)
    costs: list[float] = []
    for layer in range(unlimited(member, subscription, len(offered)) + 1):
        one, expected = offered[layer], float(NOMINAL_BITS_PER_S[layer if len(offered) > 1 else 1])
        if one.rid is None and one.flowing:
            expected = max(ROOM * one.bits_per_s, LEAST_BITS_PER_S)
        sent = subscription.source is one and subscription.bits_per_s
        costs.append(max(sent or expected, costs[-1] if costs else 0.0))
    return costs
