"""The fast way out: what all receivers of a packet have in common is done once, the rest in prepared memory.

The lanes of a source that go in step are the rows of its ``_Fan``: key, offsets and place are looked up when
the fan is arranged, so that a packet costs each of them a header, an encryption in place, and its share of a
sendmmsg, which cffi calls without a compiler. Who needs anything else (waits for a keyframe, wants sound with
redundancy, is behind TCP) goes by ``PlainEgress`` and joins the fan as soon as may be.

Driving invariant: a row is used only while its lane is in the fan's lockstep, its subscription is among the
source's routes, and no peer has moved or left since the fan was arranged.
"""

import logging
import os
import socket
import struct
from array import array
from collections.abc import Callable, Iterable, Sequence
from errno import EAGAIN, EINTR
from functools import lru_cache
from typing import Any

import cffi
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from rooms.media.embedded.egress import Egress, PlainEgress, Sent
from rooms.media.embedded.ice import Address
from rooms.media.embedded.lockstep import Lockstep
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.red import LARGEST_RTP_BYTES
from rooms.media.embedded.rtcp import RTP_HEADER
from rooms.media.embedded.slots import SourcePacket
from rooms.media.embedded.tcp import is_stream

log = logging.getLogger(__name__)

BATCH = 64
_STRIDE = 1536
_MESSAGES = """
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
    void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
    void *msg_control; size_t msg_controllen; int msg_flags;
};
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int sendmmsg(int, struct mmsghdr *, unsigned int, int);
"""
_LENGTHS = slice(1, None, 2)
"""Of an array of iovec, taken as words of the size of a size_t."""

_Row = tuple[Any, int, int, int, int, int, Any, Any]
"""Key, payload type, sequence and timestamp offset, SSRC; where the packet is made: byte, pointer, length."""


class _Block:
    """Up to BATCH receivers, as one sendmmsg takes them: each has its place in memory and its address."""

    __slots__ = ("lengths", "messages", "names", "rows", "vectors")

    def __init__(self, ffi: Any, places: Sequence[tuple[Any, Any, Any]]) -> None:
        self.rows: list[_Row] = []
        self.names: list[Any] = []
        """Keeps alive what messages point to."""
        self.messages: Any = ffi.new("struct mmsghdr[]", BATCH)
        self.vectors: Any = ffi.new("struct iovec[]", BATCH)
        self.lengths = memoryview(ffi.buffer(self.vectors)).cast("B").cast("L")[_LENGTHS]
        for at, (_, _, base) in enumerate(places):
            self.vectors[at].iov_base = base
            self.messages[at].msg_hdr.msg_iov = self.vectors + at
            self.messages[at].msg_hdr.msg_iovlen = 1


class _Fan:
    """Those who get each packet of one source, prepared."""

    __slots__ = ("blocks", "covers", "marched", "moves", "others", "step")

    def __init__(self) -> None:
        self.step: Lockstep | None = None
        self.covers: list[Subscription] = []
        """The source's routes when this was arranged."""
        self.moves = -1
        self.blocks: list[_Block] = []
        self.marched = 0
        """Rows in all blocks."""
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
        self._ffi = cffi.FFI()
        self._ffi.cdef(_MESSAGES)
        try:
            self._sendmmsg: Any = self._ffi.dlopen(None).sendmmsg  # type: ignore[attr-defined]
        except AttributeError as error:
            raise OSError("no sendmmsg here") from error
        memory: Any = srtp_ffi.new("char[]", BATCH * _STRIDE)
        self._bytes: Any = srtp_ffi.buffer(memory)
        sizes: Any = srtp_ffi.new("int[]", BATCH)
        self._sizes = memoryview(srtp_ffi.buffer(sizes)).cast("B").cast("i")
        base = int(srtp_ffi.cast("uintptr_t", memory))
        self._places = [
            (memory + at * _STRIDE, sizes + at, self._ffi.cast("void *", base + at * _STRIDE))
            for at in range(BATCH)
        ]
        """For libsrtp the packet and its length, for the kernel the packet again."""
        self._prove()

    def _prove(self) -> None:
        """See on a pair of sockets that messages are laid out as this kernel and C library want them."""
        block = _Block(self._ffi, self._places)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with ours, theirs:
            theirs.setblocking(False)
            for at, data in enumerate((b"one", b"and another")):
                self._bytes[at * _STRIDE : at * _STRIDE + len(data)] = data
                block.lengths[at] = len(data)
            sent = self._sendmmsg(ours.fileno(), block.messages, 2, 0)
            if (sent, theirs.recv(64), theirs.recv(64)) != (2, b"one", b"and another"):
                raise OSError("sendmmsg does something else here")

    def fan_out(self, source: Publication, packet: SourcePacket, now: float) -> Sent:
        fan = source.fan
        if not isinstance(fan, _Fan):
            fan = source.fan = _Fan()
        step = fan.step
        if (
            fan.moves != self._mux.moves
            or (step is not None and not step.intact)
            # One look at each: packets are by far more frequent than changes.
            or fan.covers != source.routes
        ):
            self._arrange(fan, source.routes)
        sent = Sent()
        if step is not None and fan.marched:
            if step.take(packet, now):
                self._march(fan.blocks, packet)
                sent.packets += fan.marched
                sent.octets += fan.marched * len(packet.body)
            else:
                fan.step = None
                self._arrange(fan, source.routes)
        if fan.others:
            self._plain.send_each(fan.others, source.ring, packet, now, sent)
            self._join(fan, packet, now)
        return sent

    def _arrange(self, fan: _Fan, routes: list[Subscription]) -> None:
        """Make rows of those who may have one; the others are asked from now on."""
        for subscription in {*fan.covers} - {*routes}:
            subscription.lane.leave()
        fan.covers, fan.moves = list(routes), self._mux.moves
        fan.blocks, fan.marched, fan.others = [], 0, []
        for subscription in routes:
            lane = subscription.lane
            if lane.step is None or lane.step is not fan.step or not self._add(fan, subscription):
                lane.leave()
                fan.others.append(subscription)
        if fan.step is not None:
            fan.step.intact = True

    def _join(self, fan: _Fan, packet: SourcePacket, now: float) -> None:
        """Who took ``packet`` by itself, and has no other wish, goes on with the others."""
        if fan.step is None or not fan.marched:
            fan.step = Lockstep.after(packet, now)
        staying = []
        for subscription in fan.others:
            lane = subscription.lane
            if lane.depth or not fan.step.join(lane):
                staying.append(subscription)
            elif not self._add(fan, subscription):
                lane.leave()
                staying.append(subscription)
        # Who could not stay has left the step just now, which is no news to anybody.
        fan.step.intact = True
        fan.others = staying

    def _add(self, fan: _Fan, subscription: Subscription) -> bool:
        """Give it a row. False: it has to go by its own means."""
        peer, lane = subscription.peer, subscription.lane
        address, key, segment = peer.bearer.address, peer.sending_key, lane.segment
        if address is None or key is None or segment is None or is_stream(address):
            return False
        try:
            name = self._name(address)
        except OSError:
            return False
        at = fan.marched % BATCH
        if at == 0:
            fan.blocks.append(_Block(self._ffi, self._places))
        block = fan.blocks[-1]
        block.names.append(name)
        head = block.messages[at].msg_hdr
        head.msg_name, head.msg_namelen = name, len(name)
        memory, size, _ = self._places[at]
        block.rows.append(
            (
                key,
                lane.payload_type,
                segment.sequence_offset,
                segment.timestamp_offset,
                lane.ssrc,
                at * _STRIDE,
                memory,
                size,
            )
        )
        fan.marched += 1
        return True

    def _march(self, blocks: Iterable[_Block], packet: SourcePacket) -> None:
        body, index, timestamp = packet.body, packet.index, packet.timestamp
        size = RTP_HEADER.size + len(body)
        first, marker = 0xA0 if packet.padded else 0x80, 0x80 if packet.marker else 0
        pack_into, into, sizes, protect = _packing(len(body)), self._bytes, self._sizes, srtp.srtp_protect
        before = array("i", [size]) * BATCH
        for block in blocks:
            if size > LARGEST_RTP_BYTES:
                self._dropped["send_error"] += len(block.rows)
                continue
            sizes[:] = before
            spoiled: list[int] = []
            for key, payload_type, sequence_offset, timestamp_offset, ssrc, at, memory, length in block.rows:
                pack_into(
                    into,
                    at,
                    first,
                    payload_type | marker,
                    index + sequence_offset & 0xFFFF,
                    timestamp + timestamp_offset & 0xFFFFFFFF,
                    ssrc,
                    body,
                )
                if protect(key, memory, length):
                    spoiled.append(at // _STRIDE)
            block.lengths[:] = array("L", sizes)
            begin = 0
            for place in spoiled:
                self._dropped["send_error"] += 1
                self._flush(block.messages, begin, place)
                begin = place + 1
            self._flush(block.messages, begin, len(block.rows))

    def _flush(self, messages: Any, begin: int, end: int) -> None:
        while begin < end:
            sent = self._sendmmsg(self._fd, messages + begin, end - begin, 0)
            if sent > 0:
                begin += sent
                continue
            error = self._ffi.errno
            if error == EINTR:
                continue
            if error == EAGAIN:
                self._dropped["send_full"] += end - begin
                return
            # The first that is left cannot be sent; it is not the others' trouble.
            self._dropped["send_failed"] += 1
            begin += 1

    def _name(self, address: Address) -> Any:
        """A sockaddr. Raises OSError for what is no address."""
        host, port = address
        number = socket.inet_pton(self._family, host)
        if self._family == socket.AF_INET6:
            raw = struct.pack("=H", self._family) + struct.pack("!HI16sI", port, 0, number, 0)
        else:
            raw = struct.pack("=H", self._family) + struct.pack("!H4s8x", port, number)
        return self._ffi.new("char[]", raw)


@lru_cache(2048)
def _packing(body_bytes: int) -> Callable[..., None]:
    """Puts header and payload of a packet into memory at once."""
    return struct.Struct(f"{RTP_HEADER.format}{body_bytes}s").pack_into


def best_egress(mux: Mux) -> Egress:
    """The fast way, if it works on this machine; ``REMBUG_PLAIN_EGRESS=1`` forbids it."""
    if os.environ.get("REMBUG_PLAIN_EGRESS", "") in ("", "0"):
        try:
            return BatchEgress(mux)
        except (OSError, cffi.FFIError) as error:
            log.warning("datagrams are sent one by one: %s", error)
    return PlainEgress(mux.dropped)
