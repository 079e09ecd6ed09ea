"""What a subscriber's slot sends next: numbering, switches, retransmission. Pure; time is an argument (s).

Driving invariant: under one (SSRC, extended sequence number) a slot sends one packet, ever, because SRTP
with AES-GCM repeats its keystream otherwise. It holds since a publisher's packet is admitted once
(``SourceRing``), a lane maps source index to sent index by one offset per segment, and a new segment starts
after everything that was sent before (``Lane``). Nothing here knows seats, sockets or keys.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rooms.media.embedded.red import Form, wrap

if TYPE_CHECKING:
    from rooms.media.embedded.lockstep import Lockstep

SEQ_MODULUS = 1 << 16
TIMESTAMP_MODULUS = 1 << 32
LONGEST_GAP = 512
"""A jump of a publisher's numbering beyond this is not passed on as loss: the lane starts a new segment."""
SEGMENTS_KEPT = 8
FORMS_KEPT = 256


def signed_distance(value: int, reference: int, modulus: int) -> int:
    """``value - reference`` in serial arithmetic (RFC 1982), in ``[-modulus/2, modulus/2)``."""
    half = modulus >> 1
    return ((value - reference + half) % modulus) - half


@dataclass(slots=True)
class SourcePacket:
    """One packet as a publisher sent it, without its header extensions."""

    index: int
    """Extended sequence number within its ring."""
    timestamp: int
    marker: bool
    padded: bool
    keyframe: bool
    """First packet of a VP8 keyframe; always True for audio, which can start anywhere."""
    body: bytes
    """Payload, with its padding when ``padded``."""
    order: int = 0
    """How many packets its ring had admitted when it came."""
    forms: dict[Form, bytes] = field(default_factory=dict)
    """Payloads that were made of it: made once, since what is sent again must be what was sent."""


class SourceRing:
    """The newest packets of one publisher line, each admitted once; NACKs are answered from here."""

    __slots__ = ("_packets", "_size", "admitted", "highest", "octets")

    def __init__(self, size: int) -> None:
        self._size = size
        self._packets: list[SourcePacket | None] = [None] * size
        self.highest = -1
        self.admitted = 0
        self.octets = 0
        """Of all payloads."""

    def index_of(self, sequence_number: int) -> int | None:
        """Extended index for a 16-bit number, or None when it was admitted before or is too old to know."""
        if self.highest < 0:
            return SEQ_MODULUS + sequence_number
        index = self.highest + signed_distance(sequence_number, self.highest, SEQ_MODULUS)
        if index <= self.highest - self._size or self.get(index) is not None:
            return None
        return index

    def put(self, packet: SourcePacket) -> None:
        """``packet.index`` comes from ``index_of``."""
        self._packets[packet.index % self._size] = packet
        self.admitted += 1
        self.octets += len(packet.body)
        packet.order = self.admitted
        self.highest = max(self.highest, packet.index)

    def form(self, packet: SourcePacket, form: Form) -> None:
        """Make a payload of ``packet`` and those before it, unless that was done."""
        if form not in packet.forms:
            held = [self.get(packet.index - distance) for distance in range(form.depth, 0, -1)]
            earlier = [
                ((packet.timestamp - one.timestamp) % TIMESTAMP_MODULUS, one.body) for one in held if one
            ]
            packet.forms[form] = wrap(form.payload_type, packet.body, earlier)

    def lacks(self, index: int, before: int) -> bool:
        """True: it never came, and it may be put before ``before``, which is about to be."""
        newest = max(self.highest, before)
        return self.highest >= 0 and newest - self._size < index < before and self.get(index) is None

    def get(self, index: int) -> SourcePacket | None:
        packet = self._packets[index % self._size]
        return packet if packet is not None and packet.index == index else None


@dataclass(slots=True)
class Segment:
    """A run of one source under constant offsets."""

    ring: SourceRing
    first_index: int
    last_index: int
    sequence_offset: int
    timestamp_offset: int
    closed_at: int | None = None
    """What its ring had admitted when the source was cut; what came later was never granted."""


@dataclass(slots=True)
class Spare:
    """The stream beside a lane for what is sent again (RFC 4588): its own SSRC, its own numbering.

    Each resend has a number that was never used, so one packet may be sent again any number of times.
    """

    ssrc: int
    payload_type: int
    next_sequence: int
    """Extended."""

    def take(self) -> int:
        """The 16-bit number for one more packet."""
        self.next_sequence += 1
        return (self.next_sequence - 1) % SEQ_MODULUS


@dataclass(slots=True)
class Lane:
    """One sending line towards one subscriber: one SSRC whose numbering never breaks.

    ``feed_from`` names who feeds it; ``take`` places a packet of that source, or says None when it must not
    be sent (not yet a keyframe, or older than the switch).
    """

    ssrc: int
    payload_type: int
    clock_rate: int
    """Hz."""
    needs_keyframe: bool
    """True for video."""
    next_sequence: int
    """Extended; begins below 2^15 so that a lost first packet cannot confuse the receiver's rollover."""
    newest_timestamp: int
    spare: Spare | None = None
    """Where resends go, if the subscriber knows how; else they go out under their first number."""
    red_payload_type: int = 0
    """0: the subscriber takes sound only as it is."""
    depth: int = 0
    """How many packets of sound go along with each; 0 where there is no ``red_payload_type``."""
    ring: SourceRing | None = None
    segment: Segment | None = None
    """None: nothing of the source was sent since it was named, or since something was left out."""
    _packets: int = 0
    _octets: int = 0
    _history: deque[Segment] = field(default_factory=lambda: deque(maxlen=SEGMENTS_KEPT))
    _formed: dict[int, Form] = field(default_factory=dict)
    """By extended sent number, oldest first: what was not sent as it came."""
    _sent_at: float | None = None
    step: "Lockstep | None" = None
    """With whom it goes in step; then that knows better what was sent last."""

    @property
    def waiting(self) -> bool:
        """Named a source, but nothing of it was sent yet (video: its keyframe has not come)."""
        return self.ring is not None and self.segment is None

    @property
    def timestamp_offset(self) -> int | None:
        """Sent minus source timestamp, modulo 2^32; None while nothing of the source was sent."""
        return self.segment.timestamp_offset if self.segment is not None else None

    @property
    def sent(self) -> tuple[int, int]:
        """Packets, and bytes of their payloads."""
        if self.step is None:
            return self._packets, self._octets
        return self._packets + self.step.packets, self._octets + self.step.octets

    def follow(self, step: "Lockstep") -> None:
        """From now on ``step`` takes what this lane sends, and counts it; called by ``Lockstep.join``."""
        self.leave()
        self.step = step
        self._packets -= step.packets
        self._octets -= step.octets

    def leave(self) -> None:
        """Go on alone from where the others are."""
        step = self.step
        if step is not None:
            self._catch_up()
            self._packets, self._octets = self.sent
            step.intact = False
            self.step = None

    def _catch_up(self) -> None:
        """Know what was sent in step."""
        step, segment = self.step, self.segment
        if step is not None and segment is not None:
            segment.last_index = step.last_index
            self.next_sequence = step.last_index + segment.sequence_offset + 1
            self.newest_timestamp = (step.newest_timestamp + segment.timestamp_offset) % TIMESTAMP_MODULUS
            self._sent_at = step.sent_at

    def feed_from(self, ring: SourceRing | None) -> bool:
        """Cut the present source at once and follow ``ring``; True if that is a change."""
        if ring is self.ring:
            return False
        self.leave()
        for segment in self._history:
            if segment.closed_at is None:
                segment.closed_at = segment.ring.admitted
        self.ring = ring
        self.segment = None
        return True

    def rest(self) -> None:
        """Something of the present source was left out: go on, without a gap, at its next keyframe."""
        self.leave()
        self.segment = None

    def protect(self, depth: int) -> None:
        """Let so many packets of sound go along with each."""
        self.depth = depth
        if depth:
            self.leave()

    def form(self, index: int) -> Form | None:
        """How the packet ``index`` of the present source is to be sent; None: as it is.

        Nothing goes along that came before the source was granted to this lane.
        """
        segment = self.segment
        depth = min(self.depth, index - segment.first_index) if segment is not None else 0
        return Form(depth, self.payload_type) if depth > 0 else None

    def take(self, packet: SourcePacket, now: float, form: Form | None = None) -> tuple[int, int] | None:
        """Place ``packet`` of the present source: ``(sequence_number, timestamp)`` to send it under.

        ``form``: how it is sent; its ring has made that payload.
        """
        # The hot path: calls of max() and of signed_distance() would cost a third of it.
        if self.step is not None:
            self.leave()
        segment, index = self.segment, packet.index
        if segment is None or index > segment.last_index + LONGEST_GAP:
            segment = self._open(packet, now)
            if segment is None:
                return None
        elif index < segment.first_index:
            return None
        if index > segment.last_index:
            segment.last_index = index
        sequence = index + segment.sequence_offset
        timestamp = (packet.timestamp + segment.timestamp_offset) % TIMESTAMP_MODULUS
        if 0 < (timestamp - self.newest_timestamp) % TIMESTAMP_MODULUS < TIMESTAMP_MODULUS >> 1:
            self.newest_timestamp = timestamp
        if sequence >= self.next_sequence:
            self.next_sequence = sequence + 1
        self._sent_at = now
        self._packets += 1
        if form is None:
            self._octets += len(packet.body)
        else:
            self._octets += len(packet.forms[form])
            self._formed[sequence] = form
            if len(self._formed) > FORMS_KEPT:
                del self._formed[next(iter(self._formed))]
        return sequence % SEQ_MODULUS, timestamp

    def again(self, sequence_number: int) -> tuple[SourcePacket, int, Form | None] | None:
        """The packet that was sent under ``sequence_number``, its sent timestamp and form, if still held."""
        self._catch_up()
        sent = self.next_sequence + signed_distance(sequence_number, self.next_sequence, SEQ_MODULUS)
        for segment in reversed(self._history):
            index = sent - segment.sequence_offset
            if segment.first_index <= index <= segment.last_index:
                packet = segment.ring.get(index)
                if packet is None or (segment.closed_at is not None and packet.order > segment.closed_at):
                    return None
                timestamp = (packet.timestamp + segment.timestamp_offset) % TIMESTAMP_MODULUS
                return packet, timestamp, self._formed.get(sent)
        return None

    def _open(self, packet: SourcePacket, now: float) -> Segment | None:
        """A new segment from ``packet`` on: numbered right after the last, strictly newer in time."""
        if self.ring is None:
            return None
        if self.needs_keyframe and not packet.keyframe:
            self.segment = None
            return None
        elapsed = 0.0 if self._sent_at is None else now - self._sent_at
        step = max(1, round(elapsed * self.clock_rate)) % (TIMESTAMP_MODULUS >> 1)
        first_timestamp = (self.newest_timestamp + max(1, step)) % TIMESTAMP_MODULUS
        segment = Segment(
            ring=self.ring,
            first_index=packet.index,
            last_index=packet.index,
            sequence_offset=self.next_sequence - packet.index,
            timestamp_offset=(first_timestamp - packet.timestamp) % TIMESTAMP_MODULUS,
        )
        self.segment = segment
        self._history.append(segment)
        return segment


@dataclass(slots=True)
class Budget:
    """A bucket of actions per second, so that one seat's requests cannot eat the room's time."""

    per_s: float
    burst: float
    _left: float = -1.0
    _at: float = 0.0

    def spend(self, now: float) -> bool:
        left = self.burst if self._left < 0 else min(self.burst, self._left + (now - self._at) * self.per_s)
        self._at = now
        self._left = left - 1 if left >= 1 else left
        return left >= 1
