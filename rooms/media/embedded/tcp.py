"""ICE-TCP passive (RFC 6544) on the port number of the UDP socket, framed as RFC 4571 says.

For offices whose network lets no UDP through. A connection is a source address like any other once its
first frame has been a check that names a live user name; until then, and when it sends what is no frame, it
is nobody's and soon closed. What a slow line does not take waits in a bounded buffer of its own: pictures
are dropped first, sound only when there is room for nothing more.
"""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Callable
from time import monotonic

from rooms.media.embedded.ice import Address

LENGTH = struct.Struct("!H")
LARGEST_FRAME_BYTES = 2048
"""As much as is read of a UDP datagram."""
PICTURES_WAIT_BYTES, SOUND_WAITS_BYTES = 96 * 1024, 256 * 1024
"""What may be waiting for a packet of either kind to be added."""
STRANGERS = 256
"""Connections that nobody has claimed yet; beyond, the oldest is closed."""
CLAIM_S = 10.0
PER_PEER = 4
_READ_BYTES = 16 * 1024
_PREFIX = "tcp:"
_MAPPED = "::ffff:"
"""Before an IPv4 address, where a socket hears both versions of IP."""


def is_stream(address: Address) -> bool:
    return address[0].startswith(_PREFIX)


def host_of(address: Address) -> Address:
    """The address as its owner knows it."""
    return (address[0].removeprefix(_PREFIX).removeprefix(_MAPPED), address[1])


def socket_for(bind_address: str, kind: socket.SocketKind) -> socket.socket:
    """One that can be bound to the address; ``::`` hears IPv4 too. Raises OSError."""
    if ":" not in bind_address:
        return socket.socket(socket.AF_INET, kind)
    made = socket.socket(socket.AF_INET6, kind)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return made


class Deframer:
    """Bytes in, frames out; holds at most one unfinished frame."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The frames that ``data`` completes. Raises ValueError for a frame larger than any of ours."""
        self._held += data
        found: list[bytes] = []
        at = 0
        while at + 2 <= len(self._held):
            (length,) = LENGTH.unpack_from(self._held, at)
            if length > LARGEST_FRAME_BYTES:
                raise ValueError(f"a frame of {length} bytes")
            if at + 2 + length > len(self._held):
                break
            found.append(bytes(self._held[at + 2 : at + 2 + length]))
            at += 2 + length
        del self._held[:at]
        return found


class Stream:
    """One connection; ``send`` never blocks and never raises."""

    def __init__(self, connection: socket.socket, address: Address, owner: "Streams") -> None:
        self.address = address
        self.began_at = monotonic()
        self.ufrag: str | None = None
        """Of the peer whose check came over it; None: nobody's yet."""
        self._connection = connection
        self._owner = owner
        self._deframer = Deframer()
        self._waiting = bytearray()
        self._closed = False
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asyncio.get_running_loop().add_reader(connection, self._readable)

    def send(self, data: bytes, *, picture: bool) -> None:
        if self._closed:
            return
        if len(self._waiting) > (PICTURES_WAIT_BYTES if picture else SOUND_WAITS_BYTES):
            self._owner.dropped["stream_full_picture" if picture else "stream_full"] += 1
            return
        idle = not self._waiting
        self._waiting += LENGTH.pack(len(data)) + data
        if idle:
            self._writable()
            if self._waiting and not self._closed:
                asyncio.get_running_loop().add_writer(self._connection, self._writable)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._connection)
        loop.remove_writer(self._connection)
        self._connection.close()
        self._waiting.clear()
        self._owner.gone(self)

    def _writable(self) -> None:
        try:
            sent = self._connection.send(self._waiting)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.close()
            return
        del self._waiting[:sent]
        if not self._waiting:
            asyncio.get_running_loop().remove_writer(self._connection)

    def _readable(self) -> None:
        try:
            data = self._connection.recv(_READ_BYTES)
            if not data:
                self.close()
                return
            frames = self._deframer.feed(data)
        except (BlockingIOError, InterruptedError):
            return
        except ValueError:
            self._owner.dropped["broken_frame"] += 1
            self.close()
            return
        except OSError:
            self.close()
            return
        now = monotonic()
        for frame in frames:
            if self._closed:
                return
            self._owner.arrived(frame, self.address, now)
        if self.ufrag is None and now - self.began_at > CLAIM_S:
            self.close()


class Streams:
    """The listening socket and its connections, by address."""

    def __init__(
        self,
        dropped: Counter[str],
        arrived: Callable[[bytes, Address, float], None],
        lost: Callable[[Address], None],
    ) -> None:
        self.dropped = dropped
        self.arrived = arrived
        """Takes each frame as it would a datagram; never raises."""
        self._lost = lost
        self._listener: socket.socket | None = None
        self._streams: dict[Address, Stream] = {}

    def open(self, bind_address: str, port: int) -> None:
        """Raises OSError."""
        listener = socket_for(bind_address, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((bind_address, port))
            listener.listen(128)
        except OSError:
            listener.close()
            raise
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener, self._acceptable, listener)

    def close(self) -> None:
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        for stream in list(self._streams.values()):
            stream.close()

    def send(self, data: bytes, address: Address, *, picture: bool) -> None:
        stream = self._streams.get(address)
        if stream is None:
            self.dropped["send_failed"] += 1
        else:
            stream.send(data, picture=picture)

    def claim(self, address: Address, ufrag: str) -> None:
        """A verified check came over it: the connection stays until the peer goes, or has newer ones."""
        stream = self._streams.get(address)
        if stream is None or stream.ufrag == ufrag:
            return
        stream.ufrag = ufrag
        for older in [other for other in self._streams.values() if other.ufrag == ufrag][:-PER_PEER]:
            older.close()

    def release(self, ufrag: str) -> None:
        """The peer is gone."""
        for stream in [stream for stream in self._streams.values() if stream.ufrag == ufrag]:
            stream.close()

    def gone(self, stream: Stream) -> None:
        del self._streams[stream.address]
        self._lost(stream.address)

    def _acceptable(self, listener: socket.socket) -> None:
        try:
            connection, source = listener.accept()
        except OSError:
            self.dropped["accept_failed"] += 1
            return
        address = (_PREFIX + source[0], source[1])
        strangers = [stream for stream in self._streams.values() if stream.ufrag is None]
        now = monotonic()
        for at, stream in enumerate(strangers):
            if now - stream.began_at > CLAIM_S or at < len(strangers) - STRANGERS + 1:
                self.dropped["unclaimed_stream"] += 1
                stream.close()
        self._streams[address] = Stream(connection, address, self)
