"""The fast way out: what all receivers of a packet have in common is done once, the rest in prepared memory.

The lanes of a source that go in step are the rows of its ``_Fan``: key, offsets and address are looked up
when the fan is arranged, so that a packet costs each of them a header, an encryption in place, and its share
of a sendmmsg, all of it in ``march``. Packets of one size that wait for the same receivers (those of a
keyframe) go to each of them as segments of one message, which the kernel parts. Who needs anything else
(wants sound with redundancy, is behind TCP, is late) goes by ``PlainEgress`` and joins the fan as soon as may
be; who waited for a keyframe joins with that. A keyframe to a full hall goes to some receivers after the
others, all of it to each, so that sound has a turn between them.

Driving invariant: a row is used only while its lane is in the fan's lockstep, its subscription is among the
source's routes, and its peer is where it was when the fan was arranged.
"""

import logging
import os
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rooms.media.embedded.egress import Egress, PlainEgress, Sent, taken
from rooms.media.embedded.ice import Address
from rooms.media.embedded.lockstep import Lockstep
from rooms.media.embedded.march import March, Rows, sockaddr
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.red import LARGEST_RTP_BYTES
from rooms.media.embedded.rtcp import RTP_HEADER
from rooms.media.embedded.slots import SEQ_MODULUS, TIMESTAMP_MODULUS, Segment, SourcePacket, SourceRing
from rooms.media.embedded.tcp import is_stream

log = logging.getLogger(__name__)

PLAIN_COSTS = 8
"""Packets of the fast way, as long as one takes by the plain one."""


class _Place(NamedTuple):
    """Whose a row is, and what of them is in it."""

    subscription: Subscription
    segment: Segment
    address: Address


class _Fan:
    """Those who get each packet of one source, prepared."""

    __slots__ = ("covers", "moves", "others", "places", "rows", "step")

    def __init__(self) -> None:
        self.step: Lockstep | None = None
        self.covers: list[Subscription] = []
        """The source's routes when this was arranged."""
        self.moves = -1
        self.rows = Rows()
        self.places: list[_Place] = []
        """One to a row."""
        self.others: list[Subscription] = []
        """Asked packet by packet."""


class BatchEgress:
    """Sends on the mux's UDP socket. Raises OSError where it cannot work."""

    def __init__(self, mux: Mux) -> None:
        self._mux = mux
        self._dropped = mux.dropped
        self._plain = PlainEgress(mux.dropped)
        self._family = mux.opened.family
        self._fd = mux.opened.fileno()
        self.march = March(self._family)

    def fan_out(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> Sent:
        sent = Sent()
        for part in self.in_parts(source, packets, now, sys.maxsize):
            sent.add(part)
        return sent

    def in_parts(
        self, source: Publication, packets: Sequence[SourcePacket], now: float, most: int
    ) -> Iterator[Sent]:
        while packets:
            fan = self._fan_of(source)
            # Whoever joins now is given its row with a packet in it.
            rows, run = len(fan.rows), self._in_step(fan, packets, now, most)
            if not run:
                if fan.rows:
                    fan.step = None
                    self._arrange(fan, source.routes)
                rows, run = 0, [packets[0]]
            if fan.others:
                sent = Sent()
                *before, last = run
                for packet in before:
                    self._plain.send_each(fan.others, source.ring, packet, now, sent)
                self._join(fan, source.ring, last, now, sent)
                yield sent
            yield from self._to_rows(source, fan, rows, run, max(1, most // len(run)))
            packets = packets[len(run) :]

    def _fan_of(self, source: Publication) -> _Fan:
        """As its routes are now."""
        fan = source.fan
        if not isinstance(fan, _Fan):
            fan = source.fan = _Fan()
        if fan.moves != self._mux.moves or (fan.step is not None and not fan.step.intact):
            self._arrange(fan, source.routes)
        elif fan.covers != source.routes:
            # One look at each: packets are by far more frequent than changes.
            self._welcome(fan, source.routes)
        return fan

    def _in_step(
        self, fan: _Fan, packets: Sequence[SourcePacket], now: float, most: int
    ) -> list[SourcePacket]:
        """Take as many as may go together to the rows; none: each lane has to be asked."""
        run: list[SourcePacket] = []
        step = fan.step
        if step is None or not fan.rows:
            return run
        most = min(self.march.together, max(1, most // max(1, PLAIN_COSTS * len(fan.others))))
        for packet in packets:
            if run and (len(packet.body) > len(run[0].body) or len(run[-1].body) < len(run[0].body)):
                # Segments are of one size, but for the last.
                break
            if len(run) == most or not step.take(packet, now):
                break
            run.append(packet)
        return run

    def _to_rows(
        self, source: Publication, fan: _Fan, rows: int, run: list[SourcePacket], most: int
    ) -> Iterator[Sent]:
        """Send what the first ``rows`` have taken, to ``most`` of them at a time."""
        octets = sum(len(packet.body) for packet in run)
        for begin in range(0, rows, most):
            if self._changed(fan, source.routes):
                yield self._one_by_one(source, fan, range(begin, rows), run)
                return
            count = min(most, rows - begin)
            self._march(fan.rows, run, begin, count)
            yield Sent(count * len(run), count * octets)

    def _changed(self, fan: _Fan, routes: list[Subscription]) -> bool:
        """Whether some of the rows may not be used any more."""
        return (
            fan.moves != self._mux.moves
            or (fan.step is not None and not fan.step.intact)
            or (fan.covers != routes and not {*fan.covers} <= {*routes})
        )

    def _one_by_one(self, source: Publication, fan: _Fan, rows: range, run: list[SourcePacket]) -> Sent:
        """Something has changed since they took it: who left the step or has moved is sent it as it was
        taken, who does not follow the source any more is not sent it."""
        sent, routes = Sent(), {*source.routes}
        for row in rows:
            subscription, segment, address = fan.places[row]
            if subscription not in routes or segment.closed_at is not None:
                continue
            sent.packets += len(run)
            sent.octets += sum(len(packet.body) for packet in run)
            if subscription.lane.step is fan.step and subscription.peer.bearer.address == address:
                self._march(fan.rows, run, row, 1)
                continue
            for packet in run:
                number = (packet.index + segment.sequence_offset) % SEQ_MODULUS
                timestamp = (packet.timestamp + segment.timestamp_offset) % TIMESTAMP_MODULUS
                self._plain.send(subscription, packet, (number, timestamp), None)
        return sent

    def _welcome(self, fan: _Fan, routes: list[Subscription]) -> None:
        """Newcomers disturb nobody; when somebody has gone the places are given anew."""
        known = {*fan.covers}
        new = [subscription for subscription in routes if subscription not in known]
        if len(known) + len(new) == len(routes):
            fan.covers = list(routes)
            fan.others += new
        else:
            self._arrange(fan, routes)

    def _arrange(self, fan: _Fan, routes: list[Subscription]) -> None:
        """Make rows of those who may have one; the others are asked from now on."""
        for subscription in {*fan.covers} - {*routes}:
            subscription.lane.leave()
        fan.covers, fan.moves = list(routes), self._mux.moves
        fan.others = []
        fan.rows.clear()
        fan.places.clear()
        for subscription in routes:
            lane = subscription.lane
            if lane.step is None or lane.step is not fan.step or not self._add(fan, subscription):
                lane.leave()
                fan.others.append(subscription)
        if fan.step is not None:
            fan.step.intact = True

    def _join(self, fan: _Fan, ring: SourceRing, packet: SourcePacket, now: float, sent: Sent) -> None:
        """Send ``packet`` to the others; who takes it as it is, and has no other wish, gets it as a row of
        the fan, and goes on with those: the first packet of a new speaker leaves like all that follow."""
        if fan.step is None or not fan.rows:
            fan.step = Lockstep.after(packet, now)
        step, begin = fan.step, len(fan.rows)
        for subscription, placed, form in taken(fan.others, ring, packet, now, sent):
            lane = subscription.lane
            if not lane.depth and step.join(lane):
                if self._add(fan, subscription):
                    continue
                lane.leave()
            self._plain.send(subscription, packet, placed, form)
        if len(fan.rows) > begin:
            self._march(fan.rows, [packet], begin, len(fan.rows) - begin)
        # Who could not stay has left the step just now, which is no news to anybody.
        step.intact = True
        fan.others = [one for one in fan.others if one.lane.step is not step]

    def _add(self, fan: _Fan, subscription: Subscription) -> bool:
        """Give it a row. False: it has to go by its own means."""
        peer, lane = subscription.peer, subscription.lane
        address, key, segment = peer.bearer.address, peer.sending_key, lane.segment
        if address is None or key is None or segment is None or is_stream(address):
            return False
        try:
            name = sockaddr(self._family, address)
        except OSError:
            return False
        offsets = segment.sequence_offset, segment.timestamp_offset
        fan.rows.add(key, peer.sealing, name, lane.ssrc, lane.payload_type, offsets)
        fan.places.append(_Place(subscription, segment, address))
        return True

    def _march(self, rows: Rows, run: Sequence[SourcePacket], begin: int, count: int) -> None:
        if RTP_HEADER.size + len(run[0].body) > LARGEST_RTP_BYTES:
            self._dropped["send_error"] += count * len(run)
            return
        spoiled, full, failed, whole = self.march.send(self._fd, rows, run, begin, count)
        if whole:
            log.warning("this device does not part messages into segments")
            self.march.together = 1
        for cause, packets in (("send_error", spoiled), ("send_full", full), ("send_failed", failed)):
            if packets:
                self._dropped[cause] += packets


def best_egress(mux: Mux) -> Egress:
    """The fast way, if it works on this machine; ``REMBUG_PLAIN_EGRESS=1`` forbids it."""
    if os.environ.get("REMBUG_PLAIN_EGRESS", "") in ("", "0"):
        try:
            return BatchEgress(mux)
        except OSError as error:
            log.warning("datagrams are sent one by one: %s", error)
    return PlainEgress(mux.dropped)
