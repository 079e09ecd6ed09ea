"""Lanes that go in step: what the same packets do to each of them is counted once, for all.

A hall's lanes of one camera differ by nothing but the two offsets of their segments. Driving invariant:
``Lockstep.take`` has the effect of ``Lane.take`` on every lane that is in it, and refuses where a lane would
do anything else than go on in its segment. A lane that has to do something else leaves, and takes along what
was counted. Pure; time is an argument (s).
"""

from dataclasses import dataclass

from rooms.media.embedded.slots import LONGEST_GAP, TIMESTAMP_MODULUS, Lane, SourcePacket


@dataclass(slots=True)
class Lockstep:
    """Begun after a packet that the lanes have taken; ``join`` it, then ``take`` instead of each."""

    first_index: int
    """Of the lane that began last: older packets are not for all of them."""
    last_index: int
    newest_timestamp: int
    """The source's."""
    sent_at: float
    packets: int = 0
    octets: int = 0
    intact: bool = True
    """False: a lane has left, and whoever sends has to look who is in it still."""

    @classmethod
    def after(cls, packet: SourcePacket, now: float) -> "Lockstep":
        return cls(0, packet.index, packet.timestamp, now)

    def join(self, lane: Lane) -> bool:
        """True: ``lane`` is where the others are, and goes on with them."""
        segment = lane.segment
        if (
            segment is None
            or segment.last_index != self.last_index
            or lane.newest_timestamp != (self.newest_timestamp + segment.timestamp_offset) % TIMESTAMP_MODULUS
        ):
            return False
        self.first_index = max(self.first_index, segment.first_index)
        lane.follow(self)
        return True

    def take(self, packet: SourcePacket, now: float) -> bool:
        """False: not every lane would just go on; each has to be asked."""
        index = packet.index
        if not self.first_index <= index <= self.last_index + LONGEST_GAP:
            return False
        if index > self.last_index:
            self.last_index = index
        if 0 < (packet.timestamp - self.newest_timestamp) % TIMESTAMP_MODULUS < TIMESTAMP_MODULUS >> 1:
            self.newest_timestamp = packet.timestamp
        self.sent_at = now
        self.packets += 1
        self.octets += len(packet.body)
        return True
