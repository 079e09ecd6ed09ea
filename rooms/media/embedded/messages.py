"""Memory for datagrams to many receivers, in the form in which sendmmsg takes them.

A ``Block`` is one call's worth of messages, each to its own address and made of up to TOGETHER packets, which
the kernel parts into datagrams (UDP_SEGMENT). The packets lie in one ``Memory``, which all blocks use in
turn. ``batch`` fills and sends them.
"""

import struct
from array import array
from collections.abc import Sequence
from typing import Any

from pylibsrtp._binding import ffi as srtp_ffi

from rooms.media.embedded.ice import Address

BATCH = 64
TOGETHER = 4
"""Most packets in a message to one receiver: at once on a narrow line they would crowd out its sound."""
STRIDE = 1536
_SOL_UDP, _UDP_SEGMENT = 17, 103
_SEGMENT = struct.Struct("@Lii")
"""Of a control message, all but the length of a segment (u16)."""
_CONTROL_BYTES = _SEGMENT.size + 8
MESSAGES = """
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
    void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
    void *msg_control; size_t msg_controllen; int msg_flags;
};
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int sendmmsg(int, struct mmsghdr *, unsigned int, int);
"""
_Spot = tuple[int, Any, Any]
"""Where a packet is made: byte in memory; for libsrtp the packet and its length."""
_Row = tuple[Any, int, int, int, int, int, Any, Any, int]
"""Key, payload type, sequence and timestamp offset, SSRC; the first spot, and the place that it is in."""


class Memory:
    """Room for a block's packets, used by one block after the other: BATCH places of TOGETHER spots.

    All first spots lie together: mostly nothing else is used, and it stays in the processor's cache.
    """

    def __init__(self, ffi: Any) -> None:
        packets: Any = srtp_ffi.new("char[]", BATCH * TOGETHER * STRIDE)
        sizes: Any = srtp_ffi.new("int[]", TOGETHER * BATCH)
        self.bytes: Any = srtp_ffi.buffer(packets)
        self.address: Any = ffi.cast("char *", int(srtp_ffi.cast("uintptr_t", packets)))
        self.sizes = [
            memoryview(srtp_ffi.buffer(sizes)).cast("B").cast("i")[nth * BATCH : (nth + 1) * BATCH]
            for nth in range(TOGETHER)
        ]
        """Of all first packets, all second ones ..."""
        self.spots: list[tuple[_Spot, ...]] = [
            tuple(
                (
                    (nth * BATCH + place) * STRIDE,
                    packets + (nth * BATCH + place) * STRIDE,
                    sizes + nth * BATCH + place,
                )
                for nth in range(TOGETHER)
            )
            for place in range(BATCH)
        ]

    def datagram(self, place: int, nth: int) -> bytes:
        at = self.spots[place][nth][0]
        return bytes(self.bytes[at : at + self.sizes[nth][place]])


class Block:
    """Up to BATCH receivers, as one sendmmsg takes them: each has its place in memory and its address."""

    def __init__(self, ffi: Any, memory: Memory) -> None:
        self.rows: list[_Row] = []
        self.addresses: list[Address] = []
        self.names: list[Any] = []
        """Keeps alive what messages point to."""
        self.messages: Any = ffi.new("struct mmsghdr[]", BATCH)
        self._vectors: Any = ffi.new("struct iovec[]", BATCH * TOGETHER)
        self._controls: Any = ffi.new("char[]", BATCH * _CONTROL_BYTES)
        control = _SEGMENT.pack(_SEGMENT.size + 2, _SOL_UDP, _UDP_SEGMENT).ljust(_CONTROL_BYTES, b"\0")
        ffi.buffer(self._controls)[:] = control * BATCH
        self._together = 0
        for place in range(BATCH):
            for nth in range(TOGETHER):
                self._vectors[place * TOGETHER + nth].iov_base = memory.address + memory.spots[place][nth][0]
            head = self.messages[place].msg_hdr
            head.msg_iov = self._vectors + place * TOGETHER
            head.msg_control = self._controls + place * _CONTROL_BYTES
        lengths = memoryview(ffi.buffer(self._vectors)).cast("B").cast("L")
        # An iovec is a pointer and a length, both of a machine word.
        self._lengths = [lengths[2 * nth + 1 :: 2 * TOGETHER] for nth in range(TOGETHER)]
        self._segments = (
            memoryview(ffi.buffer(self._controls))
            .cast("B")
            .cast("H")[_SEGMENT.size // 2 :: _CONTROL_BYTES // 2]
        )

    def clear(self) -> None:
        self.rows.clear()
        self.addresses.clear()
        self.names.clear()

    def fill(self, sizes: Sequence[memoryview]) -> None:
        """Each message is made of as many packets as there are ``sizes``."""
        for lengths, each in zip(self._lengths, sizes, strict=False):
            lengths[:] = array("L", each)
        if len(sizes) > 1:
            self._segments[:] = array("H", sizes[0])
        if len(sizes) != self._together:
            self._together = len(sizes)
            for place in range(BATCH):
                head = self.messages[place].msg_hdr
                head.msg_iovlen = len(sizes)
                head.msg_controllen = _CONTROL_BYTES if len(sizes) > 1 else 0
