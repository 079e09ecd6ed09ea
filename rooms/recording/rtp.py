"""RTP packets apart and in order: header (RFC 3550 5.1), wrapping numbers, a reorder buffer of one second.

Pure; time is the arrival stamp that each packet carries. Nothing here waits or reads a clock.
"""

from dataclasses import dataclass

REORDER_US = 1_000_000
"""How long a hole is waited for before what lies behind it is let through."""
MAX_JUMP = 3000
"""A larger step in sequence numbers is a restart or rubbish (MAX_DROPOUT of RFC 3550, A.1)."""


@dataclass(frozen=True, slots=True)
class RtpPacket:
    ssrc: int
    seq: int
    """16 bits."""
    timestamp: int
    """32 bits, in units of the medium's clock."""
    marker: bool
    payload: bytes
    """Without header extension and padding; empty for a packet that is all padding."""


def parse(data: bytes) -> RtpPacket:
    """Raises ValueError when ``data`` is not a whole RTP packet."""
    if len(data) < 12 or data[0] >> 6 != 2:
        raise ValueError("not RTP")
    start = 12 + 4 * (data[0] & 0x0F)
    if data[0] & 0x10:
        if len(data) < start + 4:
            raise ValueError("header extension cut off")
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
    end = len(data)
    if data[0] & 0x20:
        if not data[-1]:
            raise ValueError("padding of no length")
        end -= data[-1]
    if start > end:
        raise ValueError("packet shorter than its header and padding")
    return RtpPacket(
        ssrc=int.from_bytes(data[8:12]),
        seq=int.from_bytes(data[2:4]),
        timestamp=int.from_bytes(data[4:8]),
        marker=bool(data[1] & 0x80),
        payload=data[start:end],
    )


def nearest(value: int, around: int, bits: int) -> int:
    """The number congruent to ``value`` modulo ``2**bits`` that lies nearest to ``around``."""
    half = 1 << (bits - 1)
    return around + ((value - around + half) & ((1 << bits) - 1)) - half


@dataclass(frozen=True, slots=True)
class Arrived:
    packet: RtpPacket
    at_us: int
    index: int
    """Sequence number without its wrap; consecutive packets differ by one."""


class Reorder:
    """Hands packets on in sequence; a hole is waited for ``REORDER_US`` by the packets' own stamps."""

    def __init__(self) -> None:
        self._held: dict[int, Arrived] = {}
        self._next: int | None = None
        self._suspect: int | None = None
        self.lost = 0
        """Packets given up."""

    def add(self, packet: RtpPacket, at_us: int) -> list[Arrived]:
        """Packets that are now in order, oldest first; duplicates and packets come too late vanish."""
        if self._next is None:
            self._next = packet.seq
        index = nearest(packet.seq, self._next, 16)
        if abs(index - self._next) > MAX_JUMP:
            return self._after_jump(packet, at_us)
        self._suspect = None
        if index >= self._next:
            self._held.setdefault(index, Arrived(packet, at_us, index))
        out = self._in_sequence()
        while self._held and at_us - min(a.at_us for a in self._held.values()) > REORDER_US:
            out += self._skip_hole()
        return out

    def drain(self) -> list[Arrived]:
        """All that is held, holes given up; for the end of a clip."""
        out: list[Arrived] = []
        while self._held:
            out += self._skip_hole()
        return out

    def _after_jump(self, packet: RtpPacket, at_us: int) -> list[Arrived]:
        # One stray packet must not throw the sequence away; two in a row are a publisher that restarted.
        if packet.seq != self._suspect:
            self._suspect = (packet.seq + 1) & 0xFFFF
            return []
        assert self._next is not None
        out = self.drain()
        self._next = nearest(packet.seq, self._next, 16)
        self._suspect = None
        return [*out, *self.add(packet, at_us)]

    def _in_sequence(self) -> list[Arrived]:
        assert self._next is not None
        out = []
        while (arrived := self._held.pop(self._next, None)) is not None:
            out.append(arrived)
            self._next += 1
        return out

    def _skip_hole(self) -> list[Arrived]:
        assert self._next is not None
        first = min(self._held)
        self.lost += first - self._next
        self._next = first
        return self._in_sequence()
