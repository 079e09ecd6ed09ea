"""One source packet to all its lanes: numbered, encrypted and sent, one way or the other.

``PlainEgress`` works wherever Python does. ``BatchEgress`` does the same with less of it: it encrypts in a
buffer made once, and hands the kernel 64 datagrams at a time by sendmmsg, which cffi calls without a
compiler. ``best_egress`` tries the fast way on a pair of sockets at start and takes the other one where
that does not work. Both put the very same bytes on the wire.
"""

import logging
import os
import socket
import struct
from collections import Counter
from collections.abc import Iterable
from errno import EAGAIN, EINTR
from typing import Any, Protocol

import cffi
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from rooms.media.embedded import rtcp
from rooms.media.embedded.ice import Address
from rooms.media.embedded.members import Subscription
from rooms.media.embedded.red import LARGEST_RTP_BYTES, Form
from rooms.media.embedded.slots import Lane, SourcePacket
from rooms.media.embedded.tcp import is_stream

log = logging.getLogger(__name__)

BATCH = 64
_STRIDE = 1536
_NAMES_KEPT = 4096
_MESSAGES = """
struct iovec { void *iov_base; size_t iov_len; };
struct msghdr {
    void *msg_name; uint32_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen;
    void *msg_control; size_t msg_controllen; int msg_flags;
};
struct mmsghdr { struct msghdr msg_hdr; unsigned int msg_len; };
int sendmmsg(int, struct mmsghdr *, unsigned int, int);
"""


class Egress(Protocol):
    def fan_out(
        self, routes: Iterable[Subscription], packet: SourcePacket, now: float, form: Form | None = None
    ) -> list[Subscription]:
        """Send ``packet`` to each lane that takes it; gives those that had been waiting for this source.

        ``form``: one that the packet's ring has made and that each of ``routes`` knows; None: as it is.
        Never raises: what cannot be sent to one seat is counted, and the others get it.
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

    def fan_out(
        self, routes: Iterable[Subscription], packet: SourcePacket, now: float, form: Form | None = None
    ) -> list[Subscription]:
        opened: list[Subscription] = []
        for subscription in routes:
            lane = subscription.lane
            waiting = lane.waiting
            placed = lane.take(packet, now, form)
            if placed is None:
                continue
            if waiting:
                opened.append(subscription)
            try:
                subscription.peer.send_rtp(rtp_bytes(lane, packet, *placed, form))
            except Exception:
                self._dropped["send_error"] += 1
        return opened


class BatchEgress:
    """Sends on a UDP socket that somebody else owns and closes last. Raises OSError where it cannot work."""

    def __init__(self, out: socket.socket, dropped: Counter[str]) -> None:
        self._dropped = dropped
        self._family = out.family
        self._fd = out.fileno()
        self._ffi = cffi.FFI()
        self._ffi.cdef(_MESSAGES)
        try:
            self._sendmmsg: Any = self._ffi.dlopen(None).sendmmsg  # type: ignore[attr-defined]
        except AttributeError as error:
            raise OSError("no sendmmsg here") from error
        self._slots: Any = srtp_ffi.new("char[]", BATCH * _STRIDE)
        self._bytes: Any = srtp_ffi.buffer(self._slots)
        self._length: Any = srtp_ffi.new("int *")
        base = int(srtp_ffi.cast("uintptr_t", self._slots))
        self._vectors: Any = self._ffi.new("struct iovec[]", BATCH)
        self._messages: Any = self._ffi.new("struct mmsghdr[]", BATCH)
        for at in range(BATCH):
            self._vectors[at].iov_base = self._ffi.cast("void *", base + at * _STRIDE)
            self._messages[at].msg_hdr.msg_iov = self._vectors + at
            self._messages[at].msg_hdr.msg_iovlen = 1
        # Looked up once, not for each packet.
        self._places: list[tuple[int, Any, Any, Any]] = [
            (at * _STRIDE, self._slots + at * _STRIDE, self._vectors[at], self._messages[at].msg_hdr)
            for at in range(BATCH)
        ]
        self._names: dict[Address, Any] = {}
        self._prove()

    def _prove(self) -> None:
        """See on a pair of sockets that messages are laid out as this kernel and C library want them."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with ours, theirs:
            theirs.setblocking(False)
            for at, data in enumerate((b"one", b"and another")):
                start, _, vector, _ = self._places[at]
                self._bytes[start : start + len(data)] = data
                vector.iov_len = len(data)
            sent = self._sendmmsg(ours.fileno(), self._messages, 2, 0)
            if (sent, theirs.recv(64), theirs.recv(64)) != (2, b"one", b"and another"):
                raise OSError("sendmmsg does something else here")

    def fan_out(
        self, routes: Iterable[Subscription], packet: SourcePacket, now: float, form: Form | None = None
    ) -> list[Subscription]:
        if len(self._names) > _NAMES_KEPT:
            # Now, while no message that waits points to one of them.
            self._names.clear()
        opened: list[Subscription] = []
        body = packet.body if form is None else packet.forms[form]
        places, length, names = self._places, self._length, self._names
        into, protect, pack_into = self._bytes, srtp.srtp_protect, rtcp.RTP_HEADER.pack_into
        size = rtcp.RTP_HEADER.size + len(body)
        first, marker = 0xA0 if packet.padded else 0x80, 0x80 if packet.marker else 0
        filled = 0
        for subscription in routes:
            lane, peer = subscription.lane, subscription.peer
            waiting = lane.waiting
            placed = lane.take(packet, now, form)
            if placed is None:
                continue
            if waiting:
                opened.append(subscription)
            address, key = peer.bearer.address, peer.sending_key
            if address is None or key is None:
                continue
            if size > LARGEST_RTP_BYTES:
                self._dropped["send_error"] += 1
                continue
            name = names.get(address)
            if name is None:
                if is_stream(address):
                    # By the peer's own means: a stream has a buffer, and a say in what is dropped.
                    try:
                        peer.send_rtp(rtp_bytes(lane, packet, *placed, form))
                    except Exception:
                        self._dropped["send_error"] += 1
                    continue
                try:
                    name = self._name(address)
                except OSError:
                    self._dropped["send_failed"] += 1
                    continue
            start, slot, vector, head = places[filled]
            payload_type = lane.payload_type if form is None else lane.red_payload_type
            pack_into(into, start, first, payload_type | marker, *placed, lane.ssrc)
            into[start + 12 : start + size] = body
            length[0] = size
            if protect(key, slot, length):
                self._dropped["send_error"] += 1
                continue
            vector.iov_len = length[0]
            head.msg_name, head.msg_namelen = name
            filled += 1
            if filled == BATCH:
                self._flush(filled)
                filled = 0
        if filled:
            self._flush(filled)
        return opened

    def _flush(self, filled: int) -> None:
        done = 0
        while done < filled:
            sent = self._sendmmsg(self._fd, self._messages + done, filled - done, 0)
            if sent > 0:
                done += sent
                continue
            error = self._ffi.errno
            if error == EINTR:
                continue
            if error == EAGAIN:
                self._dropped["send_full"] += filled - done
                return
            # The first that is left cannot be sent; it is not the others' trouble.
            self._dropped["send_failed"] += 1
            done += 1

    def _name(self, address: Address) -> tuple[Any, int]:
        """``(sockaddr, its length)``, kept for the next packet. Raises OSError for what is no address."""
        host, port = address
        number = socket.inet_pton(self._family, host)
        if self._family == socket.AF_INET6:
            raw = struct.pack("=H", self._family) + struct.pack("!HI16sI", port, 0, number, 0)
        else:
            raw = struct.pack("=H", self._family) + struct.pack("!H4s8x", port, number)
        name = self._names[address] = (self._ffi.new("char[]", raw), len(raw))
        return name


def best_egress(out: socket.socket, dropped: Counter[str]) -> Egress:
    """The fast way, if it works on this machine; ``REMBUG_PLAIN_EGRESS=1`` forbids it."""
    if os.environ.get("REMBUG_PLAIN_EGRESS", "") in ("", "0"):
        try:
            return BatchEgress(out, dropped)
        except (OSError, cffi.FFIError) as error:
            log.warning("datagrams are sent one by one: %s", error)
    return PlainEgress(dropped)
