"""Redundant audio (RFC 2198): sound that carries its last packets along, and how much of that a seat needs.

Pure; nothing is decoded, blocks of Opus are put together and taken apart as bytes. ``unwrap`` raises only
MalformedPacket, whatever a publisher sends.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rooms.media.embedded.rtcp import RTP_HEADER, MalformedPacket

LARGEST_RTP_BYTES = 1356
"""As pylibsrtp: what leaves room for the longest trailer in 1,500 bytes."""
MOST_BYTES = LARGEST_RTP_BYTES - RTP_HEADER.size
DEEPEST = 3
LOSS_FOR_DEPTH = (0.01, 0.06, 0.14)
"""Reported loss from which on 1, 2, 3 packets go along: what is left then is below a hundredth."""
CALM_S = 20.0
"""So long without worse reports before a seat gets less: loss comes back."""
_BLOCK = struct.Struct("!I")
_LARGEST_OFFSET, _LARGEST_BLOCK = (1 << 14) - 1, (1 << 10) - 1


class Form(NamedTuple):
    """How a packet of sound is sent other than as it came."""

    depth: int
    """How many packets before it go along, at most."""
    payload_type: int
    """What the subscriber calls Opus."""


Earlier = tuple[int, bytes]
"""How much older a block is than its packet (RTP time), and its payload."""


def wrap(payload_type: int, body: bytes, earlier: Sequence[Earlier]) -> bytes:
    """``body`` with what fits of ``earlier``, oldest first in it; the oldest is left out first.

    At most MOST_BYTES, unless ``body`` alone is longer.
    """
    blocks = [
        (offset, block)
        for offset, block in earlier
        if 0 < offset <= _LARGEST_OFFSET and 0 < len(block) <= _LARGEST_BLOCK
    ]
    size = 1 + len(body) + sum(_BLOCK.size + len(block) for _, block in blocks)
    while blocks and size > MOST_BYTES:
        size -= _BLOCK.size + len(blocks.pop(0)[1])
    heads = [
        _BLOCK.pack(0x80000000 | payload_type << 24 | offset << 10 | len(block)) for offset, block in blocks
    ]
    return b"".join([*heads, bytes([payload_type]), *(block for _, block in blocks), body])


def unwrap(payload: bytes, payload_type: int) -> tuple[list[Earlier], bytes]:
    """The earlier blocks, oldest first, and the packet itself. Raises MalformedPacket.

    That includes blocks of anything but ``payload_type``, and blocks that are not in their order.
    """
    sizes: list[tuple[int, int]] = []
    at = 0
    while at < len(payload) and payload[at] & 0x80:
        if at + _BLOCK.size > len(payload) or len(sizes) == 32:
            raise MalformedPacket("truncated RED header")
        (head,) = _BLOCK.unpack_from(payload, at)
        if head >> 24 & 0x7F != payload_type:
            raise MalformedPacket("a foreign RED block")
        sizes.append((head >> 10 & _LARGEST_OFFSET, head & _LARGEST_BLOCK))
        at += _BLOCK.size
    if at >= len(payload) or payload[at] != payload_type:
        raise MalformedPacket("no RED block of the packet itself")
    at += 1
    earlier: list[Earlier] = []
    for offset, size in sizes:
        if at + size > len(payload) or offset == 0 or (earlier and offset >= earlier[-1][0]):
            raise MalformedPacket("truncated or disordered RED blocks")
        earlier.append((offset, payload[at : at + size]))
        at += size
    return earlier, payload[at:]


@dataclass(slots=True)
class Protection:
    """How deep a seat's redundancy is, by the loss that it reports: up at once, down when it was calm.

    Until it has reported, a seat is taken for one that loses: its first words count, and the first report
    of a browser takes seconds.
    """

    depth: int = 2
    _calm_at: float | None = None
    """None: nothing was reported yet."""

    def heard(self, lost_fraction: float, now: float) -> None:
        wanted = sum(lost_fraction >= least for least in LOSS_FOR_DEPTH)
        if self._calm_at is None or wanted >= self.depth:
            self.depth, self._calm_at = wanted, now + CALM_S
        elif now >= self._calm_at:
            self.depth, self._calm_at = self.depth - 1, now + CALM_S
