"""Packets of one source to all its lanes: numbered, encrypted and sent.

``PlainEgress`` does it seat by seat, wherever Python runs; ``batch`` has the fast way, which puts the very
same bytes on the wire.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rooms.media.embedded import rtcp
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.red import Form
from rooms.media.embedded.slots import Lane, SourcePacket, SourceRing


@dataclass(slots=True)
class Sent:
    """What became of some packets, over all receivers."""

    packets: int = 0
    octets: int = 0
    """Payload bytes."""
    opened: list[Subscription] = field(default_factory=list)
    """Those that had been waiting for this source."""

    def add(self, more: "Sent") -> None:
        self.packets += more.packets
        self.octets += more.octets
        self.opened += more.opened


class Egress(Protocol):
    def fan_out(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> Sent:
        """Send each of ``packets`` to the source's routes whose lanes take it, in the form that they want.

        Never raises: what cannot be sent to one seat is counted, and the others get it.
        """
        ...

    def in_parts(
        self, source: Publication, packets: Sequence[SourcePacket], now: float, most: int
    ) -> Iterator[Sent]:
        """Likewise, but after about ``most`` packets over all receivers others may have a turn.

        Until it has ended nothing else of ``source`` may be sent. Who does not follow the source any more
        when it goes on gets no more of it.
        """
        ...


def rtp_bytes(
    lane: Lane, packet: SourcePacket, sequence_number: int, timestamp: int, form: Form | None = None
) -> bytes:
    """A packet under its number: sent again under it, it is the same bytes."""
    payload_type, body = lane.payload_type, packet.body
    if form is not None:
        payload_type, body = lane.red_payload_type, packet.forms[form]
    head = rtcp.rtp_header(packet.padded, packet.marker, payload_type, sequence_number, timestamp, lane.ssrc)
    return head + body


def again_bytes(
    lane: Lane, packet: SourcePacket, sequence_number: int, timestamp: int, form: Form | None
) -> bytes:
    """A packet to send again: beside the lane under a new number where that is known, else as it was."""
    spare = lane.spare
    if spare is None:
        return rtp_bytes(lane, packet, sequence_number, timestamp, form)
    head = rtcp.rtp_header(
        packet.padded, packet.marker, spare.payload_type, spare.take(), timestamp, spare.ssrc
    )
    return head + sequence_number.to_bytes(2, "big") + packet.body


class PlainEgress:
    """One encryption and one sendto after the other, by the peers' own means."""

    def __init__(self, dropped: Counter[str]) -> None:
        self._dropped = dropped

    def fan_out(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> Sent:
        sent = Sent()
        for packet in packets:
            self.send_each(source.routes, source.ring, packet, now, sent)
        return sent

    def in_parts(
        self, source: Publication, packets: Sequence[SourcePacket], now: float, most: int
    ) -> Iterator[Sent]:
        for packet in packets:
            yield self.fan_out(source, (packet,), now)

    def send_each(
        self,
        routes: Iterable[Subscription],
        ring: SourceRing,
        packet: SourcePacket,
        now: float,
        sent: Sent,
    ) -> None:
        """One packet to ``routes``, which follow ``ring``; adds up in ``sent``."""
        for subscription, placed, form in taken(routes, ring, packet, now, sent):
            self.send(subscription, packet, placed, form)

    def send(
        self, subscription: Subscription, packet: SourcePacket, placed: tuple[int, int], form: Form | None
    ) -> None:
        """What its lane has taken."""
        try:
            subscription.peer.send_rtp(rtp_bytes(subscription.lane, packet, *placed, form))
        except Exception:
            self._dropped["send_error"] += 1


def taken(
    routes: Iterable[Subscription], ring: SourceRing, packet: SourcePacket, now: float, sent: Sent
) -> Iterator[tuple[Subscription, tuple[int, int], Form | None]]:
    """Which of ``routes`` take a packet, its number and timestamp there and its form; adds up in ``sent``."""
    for subscription in routes:
        lane = subscription.lane
        waiting = lane.waiting
        form = lane.form(packet.index) if lane.depth else None
        if form is not None:
            ring.form(packet, form)
        placed = lane.take(packet, now, form)
        if placed is None:
            continue
        if waiting:
            sent.opened.append(subscription)
        sent.packets += 1
        sent.octets += len(packet.body if form is None else packet.forms[form])
        yield subscription, placed, form
