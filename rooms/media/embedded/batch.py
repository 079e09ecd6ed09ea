"""The fast way out: what all receivers of a packet have in common is done once, the rest in prepared memory.

The lanes of a source that go in step are the rows of its ``_Fan``: key, offsets and place are looked up when
the fan is arranged, so that a packet costs each of them a header, an encryption in place, and its share of a
sendmmsg, which cffi calls without a compiler. Packets of one size that wait for the same receivers (those of
a keyframe) go to each of them as segments of one message, which the kernel parts. Who needs anything else
(waits for a keyframe, wants sound with redundancy, is behind TCP) goes by ``PlainEgress`` and joins the fan
as soon as may be.

Driving invariant: a row is used only while its lane is in the fan's lockstep, its subscription is among the
source's routes, and no peer has moved or left since the fan was arranged.
"""

import logging
import os
import socket
import struct
from array import array
from collections.abc import Callable, Iterable, Sequence
from errno import EAGAIN, EINTR, EIO
from functools import lru_cache
from typing import Any

import cffi
from pylibsrtp._binding import lib as srtp

from rooms.media.embedded.egress import Egress, PlainEgress, Sent
from rooms.media.embedded.ice import Address
from rooms.media.embedded.lockstep import Lockstep
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.messages import BATCH, MESSAGES, TOGETHER, Block, Memory
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.red import LARGEST_RTP_BYTES
from rooms.media.embedded.rtcp import RTP_HEADER
from rooms.media.embedded.slots import SourcePacket
from rooms.media.embedded.tcp import is_stream

log = logging.getLogger(__name__)


class _Fan:
    """Those who get each packet of one source, prepared."""

    __slots__ = ("blocks", "covers", "marched", "moves", "others", "step")

    def __init__(self) -> None:
        self.step: Lockstep | None = None
        self.covers: list[Subscription] = []
        """The source's routes when this was arranged."""
        self.moves = -1
        self.blocks: list[Block] = []
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
        self._ffi.cdef(MESSAGES)
        try:
            self._sendmmsg: Any = self._ffi.dlopen(None).sendmmsg  # type: ignore[attr-defined]
        except AttributeError as error:
            raise OSError("no sendmmsg here") from error
        self._memory = Memory(self._ffi)
        self._together = 1
        self._prove()

    def _prove(self) -> None:
        """See on loopback that messages are laid out as this kernel and C library want them, and segments."""
        host = "::1" if self._family == socket.AF_INET6 else "127.0.0.1"
        with (
            socket.socket(self._family, socket.SOCK_DGRAM) as ours,
            socket.socket(self._family, socket.SOCK_DGRAM) as theirs,
        ):
            theirs.bind((host, 0))
            theirs.settimeout(1.0)
            name = self._name(theirs.getsockname()[:2])
            block = Block(self._ffi, self._memory)
            for place in range(2):
                head = block.messages[place].msg_hdr
                head.msg_name, head.msg_namelen = name, len(name)
                for nth, data in enumerate((b"one and", b"other")):
                    at = self._memory.spots[place][nth][0]
                    self._memory.bytes[at : at + len(data)] = data
                    self._memory.sizes[nth][place] = len(data)
            for together in (1, 2):
                block.fill(self._memory.sizes[:together])
                sent = self._sendmmsg(ours.fileno(), block.messages, 2, 0)
                if together == 2 and sent < 0:
                    log.info("this system does not part messages into segments")
                    return
                wanted = [b"one and", b"other"][:together] * 2
                if (sent, [theirs.recv(64) for _ in wanted]) != (2, wanted):
                    raise OSError("sendmmsg does something else here")
        self._together = TOGETHER

    def fan_out(self, source: Publication, packets: Sequence[SourcePacket], now: float) -> Sent:
        fan = source.fan
        if not isinstance(fan, _Fan):
            fan = source.fan = _Fan()
        if fan.moves != self._mux.moves or (fan.step is not None and not fan.step.intact):
            self._arrange(fan, source.routes)
        elif fan.covers != source.routes:
            # One look at each: packets are by far more frequent than changes.
            self._welcome(fan, source.routes)
        sent = Sent()
        while packets:
            run = self._in_step(fan, packets, now, sent)
            if not run:
                if fan.marched:
                    fan.step = None
                    self._arrange(fan, source.routes)
                run = [packets[0]]
            if fan.others:
                for packet in run:
                    self._plain.send_each(fan.others, source.ring, packet, now, sent)
                self._join(fan, run[-1], now)
            packets = packets[len(run) :]
        return sent

    def _in_step(
        self, fan: _Fan, packets: Sequence[SourcePacket], now: float, sent: Sent
    ) -> list[SourcePacket]:
        """Send as many as may go together to the rows, and give them; none: each lane has to be asked."""
        run: list[SourcePacket] = []
        step, most = fan.step, self._together
        if step is None or not fan.marched:
            return run
        for packet in packets:
            if run and (len(packet.body) > len(run[0].body) or len(run[-1].body) < len(run[0].body)):
                # Segments are of one size, but for the last.
                break
            if len(run) == most or not step.take(packet, now):
                break
            run.append(packet)
        if run:
            self._march(fan.blocks, run)
            sent.packets += fan.marched * len(run)
            sent.octets += fan.marched * sum(len(packet.body) for packet in run)
        return run

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
        fan.marched, fan.others = 0, []
        for block in fan.blocks:
            block.clear()
        for subscription in routes:
            lane = subscription.lane
            if lane.step is None or lane.step is not fan.step or not self._add(fan, subscription):
                lane.leave()
                fan.others.append(subscription)
        del fan.blocks[-(-fan.marched // BATCH) :]
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
        nth, at = divmod(fan.marched, BATCH)
        if nth == len(fan.blocks):
            fan.blocks.append(Block(self._ffi, self._memory))
        block = fan.blocks[nth]
        block.addresses.append(address)
        block.names.append(name)
        head = block.messages[at].msg_hdr
        head.msg_name, head.msg_namelen = name, len(name)
        offsets = segment.sequence_offset, segment.timestamp_offset
        block.rows.append((key, lane.payload_type, *offsets, lane.ssrc, *self._memory.spots[at][0], at))
        fan.marched += 1
        return True

    def _march(self, blocks: Iterable[Block], run: Sequence[SourcePacket]) -> None:
        if RTP_HEADER.size + len(run[0].body) > LARGEST_RTP_BYTES:
            self._dropped["send_error"] += sum(len(block.rows) for block in blocks) * len(run)
            return
        sizes = self._memory.sizes[: len(run)]
        before = [array("i", [RTP_HEADER.size + len(packet.body)]) * BATCH for packet in run]
        for block in blocks:
            for size, plain in zip(sizes, before, strict=True):
                size[:] = plain
            spoiled = self._make(block, run[0])
            if len(run) > 1:
                spoiled |= self._make_more(block, run)
            block.fill(sizes)
            begin = 0
            for place in sorted(spoiled):
                self._dropped["send_error"] += len(run)
                self._flush(block, begin, place, len(run))
                begin = place + 1
            self._flush(block, begin, len(block.rows), len(run))

    def _make(self, block: Block, packet: SourcePacket) -> set[int]:
        """The packet for each row in its first spot; gives the places where that failed."""
        # The hottest of all loops: what it does not do, nobody has to wait for.
        body, index, timestamp = packet.body, packet.index, packet.timestamp
        pack_into, into, protect = _packing(len(body)), self._memory.bytes, srtp.srtp_protect
        first, marker = 0xA0 if packet.padded else 0x80, 0x80 if packet.marker else 0
        spoiled: set[int] = set()
        for key, codec, sequence_offset, timestamp_offset, ssrc, at, memory, length, place in block.rows:
            pack_into(
                into,
                at,
                first,
                codec | marker,
                index + sequence_offset & 0xFFFF,
                timestamp + timestamp_offset & 0xFFFFFFFF,
                ssrc,
                body,
            )
            if protect(key, memory, length):
                spoiled.add(place)
        return spoiled

    def _make_more(self, block: Block, run: Sequence[SourcePacket]) -> set[int]:
        """Likewise all but the first of ``run``, receiver by receiver, while its state is at hand."""
        into, protect = self._memory.bytes, srtp.srtp_protect
        heads = [
            (
                nth,
                _packing(len(packet.body)),
                0xA0 if packet.padded else 0x80,
                0x80 if packet.marker else 0,
                packet.index,
                packet.timestamp,
                packet.body,
            )
            for nth, packet in enumerate(run)
            if nth
        ]
        spoiled: set[int] = set()
        for key, codec, sequence_offset, timestamp_offset, ssrc, *_, place in block.rows:
            spots = self._memory.spots[place]
            for nth, pack_into, first, marker, index, timestamp, body in heads:
                at, memory, length = spots[nth]
                pack_into(
                    into,
                    at,
                    first,
                    codec | marker,
                    index + sequence_offset & 0xFFFF,
                    timestamp + timestamp_offset & 0xFFFFFFFF,
                    ssrc,
                    body,
                )
                if protect(key, memory, length):
                    spoiled.add(place)
        return spoiled

    def _flush(self, block: Block, begin: int, end: int, together: int) -> None:
        while begin < end:
            sent = self._sendmmsg(self._fd, block.messages + begin, end - begin, 0)
            if sent > 0:
                begin += sent
                continue
            error = self._ffi.errno
            if error == EINTR:
                continue
            if error == EAGAIN:
                self._dropped["send_full"] += (end - begin) * together
                return
            # The first that is left cannot be sent; it is not the others' trouble.
            if together == 1:
                self._dropped["send_failed"] += 1
            else:
                self._part(block, begin, together, error)
            begin += 1

    def _part(self, block: Block, place: int, together: int, error: int) -> None:
        """Send one by one what could not be sent as segments, because of the device or of the way."""
        if error == EIO:
            log.warning("this device does not part messages into segments")
            self._together = 1
        for nth in range(together):
            self._mux.send(self._memory.datagram(place, nth), block.addresses[place])

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
