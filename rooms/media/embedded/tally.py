"""What a media process has done since it started, counted without a step more on the way of a packet.

Lines count their own packets; here is added up what those have counted that are gone. Nothing personal:
numbers by kind and cause, never by seat.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from rooms.media.embedded.members import Member
from rooms.media.plane import JOIN_BUCKETS_S, Kind, ProcessCounts


class Tally:
    def __init__(self) -> None:
        self._received: Counter[Kind] = Counter()
        self._sent: Counter[Kind] = Counter()
        self._sent_octets: Counter[Kind] = Counter()
        self._joins = [0] * (len(JOIN_BUCKETS_S) + 1)
        self._join_seconds = 0.0

    def joined(self, seconds: float) -> None:
        """A peer's media may flow, so long after it was admitted."""
        self._joins[bisect_left(JOIN_BUCKETS_S, seconds)] += 1
        self._join_seconds += seconds

    def gone(self, member: Member) -> None:
        """Its lines are counted no more."""
        _count(member, self._received, self._sent, self._sent_octets)

    def counts(
        self, rooms: int, members: Iterable[Member], dropped: Counter[str], recorder_drops: int, tasks: int
    ) -> ProcessCounts:
        """With what the present members' lines have counted."""
        members = list(members)
        received, sent, octets = self._received.copy(), self._sent.copy(), self._sent_octets.copy()
        losses: list[float] = []
        for member in members:
            _count(member, received, sent, octets)
            if member.peer.connected:
                losses.append(max((s.lost_fraction for s in member.subscriptions), default=0.0))
        return ProcessCounts(
            rooms=rooms,
            peers=len(losses),
            seats=sum(m.peer.connected and m.peer.spec.seat_id is not None for m in members),
            received=dict(received),
            sent=dict(sent),
            sent_bytes=dict(octets),
            dropped=dict(dropped),
            mean_loss=sum(losses) / len(losses) if losses else 0.0,
            worst_loss=max(losses, default=0.0),
            joins=tuple(self._joins),
            join_seconds=self._join_seconds,
            recorder_drops=recorder_drops,
            tasks=tasks,
        )


def _count(member: Member, received: Counter[Kind], sent: Counter[Kind], octets: Counter[Kind]) -> None:
    received.update(member.replaced)
    for publication in member.publications:
        received[publication.kind] += publication.reception.packets
    for subscription in member.subscriptions:
        packets, size = subscription.lane.sent
        sent[subscription.kind] += packets
        octets[subscription.kind] += size
