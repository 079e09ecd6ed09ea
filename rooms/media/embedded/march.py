"""Packets to many receivers by ``march.lua``: the memory that it works on, and proof that it works here.

LuaJIT and libsrtp come as wheels, so nothing is compiled at set-up; whoever has no such wheel sends the plain
way. A ``March`` is one thread's. Nothing here knows lanes or seats.
"""

import logging
import socket
import struct
from collections.abc import Sequence
from functools import cache
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

import cffi
import pylibsrtp

from rooms.media.embedded import rtcp
from rooms.media.embedded.ice import Address
from rooms.media.embedded.sealing import KEY_BYTES, LIBRARY, SALT_BYTES, Sealing, handle_of
from rooms.media.embedded.slots import SourcePacket

log = logging.getLogger(__name__)

BATCH = 64
"""Messages in one call of the kernel."""
TOGETHER = 32
"""Most packets in a message to one receiver. Of the largest they are less than UDP carries, 65,507 bytes."""
_MEMORY_BYTES = 128 * 1024
_PROVED_TOGETHER = 4
_FIRST_ROWS = 16
_WARM_ROWS, _WARM_TOGETHER, _WARM_TIMES = 16, 20, 10
"""Enough for LuaJIT to compile what it meets; 15 ms."""
STRUCTURES = """
struct row {
    void *context, *session;
    double sequence_offset, synced;
    uint32_t timestamp_offset;
    int32_t ssrc, nonce[3];
    uint8_t payload_type, name_bytes, name[28];
};
struct packet {
    const char *body;
    double index;
    uint32_t timestamp;
    int body_bytes;
    uint8_t first, marker;
};
"""
_ROW = struct.Struct("=QQddI4s12sBB28s6x")
"""Of a row ``context`` is its key for OpenSSL or null, ``session`` libsrtp's ``srtp_t``, ``synced`` the
number that libsrtp was last asked for; ``ssrc`` and ``nonce`` are as on the wire, ``name`` is a sockaddr.
Numbers are extended ones, in doubles, which is what Lua counts with."""

_ffi = cffi.FFI()
_ffi.cdef(STRUCTURES)
assert _ROW.size == _ffi.sizeof("struct row")


class Lost(NamedTuple):
    """How many packets did not leave, by cause."""

    spoiled: int
    full: int
    failed: int
    whole: bool
    """This device does not part messages into segments."""


class Rows:
    """Receivers, prepared. The keys that are added must outlive the row."""

    def __init__(self) -> None:
        self._count = 0
        self._hold(_FIRST_ROWS)

    def __len__(self) -> int:
        return self._count

    def _hold(self, room: int) -> None:
        self._rows: Any = _ffi.new("struct row[]", room)
        self._buffer = _ffi.buffer(self._rows)
        self._room = room
        self.at = int(_ffi.cast("uintptr_t", self._rows))

    def clear(self) -> None:
        self._count = 0

    def add(
        self,
        session: int,
        sealing: Sealing | None,
        name: bytes,
        ssrc: int,
        payload_type: int,
        offsets: tuple[int, int],
    ) -> None:
        """``session``: ``handle_of`` one with the key of ``sealing``; ``offsets``: of extended sequence
        numbers and of timestamps."""
        if self._count == self._room:
            before = self._rows
            self._hold(2 * self._room)
            _ffi.memmove(self._rows, before, _ffi.sizeof(before))
        context, nonce = (sealing.context, sealing.nonce(ssrc)) if sealing is not None else (0, b"")
        sequence_offset, timestamp_offset = offsets
        _ROW.pack_into(
            self._buffer,
            self._count * _ROW.size,
            context,
            session,
            sequence_offset,
            # Whatever was sent since libsrtp was last asked: it gets the first packet.
            -inf,
            timestamp_offset,
            ssrc.to_bytes(4, "big"),
            nonce,
            payload_type,
            len(name),
            name,
        )
        self._count += 1


class March:
    """Raises OSError where it cannot work."""

    def __init__(self, family: int) -> None:
        """``family``: of the sockets that will be sent on."""
        try:
            from lupa import luajit21
        except ImportError as error:
            raise OSError("no LuaJIT for this machine") from error
        self._lua = luajit21.LuaRuntime(unpack_returned_tuples=True, register_eval=False)
        try:
            self._program: Any = self._lua.execute(_program(), STRUCTURES, LIBRARY, BATCH, _MEMORY_BYTES)
        except luajit21.LuaError as error:
            raise OSError(f"LuaJIT does not find what it needs: {error}") from error
        self._packets: Any = _ffi.new("struct packet[]", TOGETHER)
        self._packets_at = int(_ffi.cast("uintptr_t", self._packets))
        self.together = 1
        self._prove(family)

    def send(
        self, fd: int, rows: Rows, run: Sequence[SourcePacket], begin: int = 0, count: int | None = None
    ) -> Lost:
        """To so many rows from ``begin`` on (all that follow): packets of one size, but for the last, which
        may be smaller; at most ``together``."""
        held = [_ffi.from_buffer(packet.body) for packet in run]
        for place, packet, body in zip(self._packets, run, held, strict=False):
            place.body, place.body_bytes = body, len(packet.body)
            place.index, place.timestamp = packet.index, packet.timestamp
            place.first, place.marker = 0xA0 if packet.padded else 0x80, 0x80 if packet.marker else 0
        at = rows.at + begin * _ROW.size
        count = len(rows) - begin if count is None else count
        return Lost(*self._program.march(fd, at, count, self._packets_at, len(run)))

    def _prove(self, family: int) -> None:
        """See on loopback that what leaves is what libsrtp would have made, and whether segments leave."""
        host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        with (
            socket.socket(family, socket.SOCK_DGRAM) as ours,
            socket.socket(family, socket.SOCK_DGRAM) as ear,
        ):
            ear.bind((host, 0))
            ear.settimeout(1.0)
            name = sockaddr(family, ear.getsockname()[:2])
            sessions, rows, offset, ssrc = [_session() for _ in range(3)], Rows(), 100, 0xFEDCBA98
            for session, sealing in zip(sessions, (None, Sealing(_PROOF)), strict=False):
                rows.add(handle_of(session), sealing, name, ssrc, 96, (offset, 5))
            for together in (1, 1, _PROVED_TOGETHER):
                run = [SourcePacket(nth, 9, True, False, False, b"%d" % nth) for nth in range(together)]
                if self.send(ours.fileno(), rows, run) != (0, 0, 0, False):
                    if together == 1:
                        raise OSError("packets do not leave")
                    log.info("this system does not part messages into segments")
                    return
                wanted = [
                    sessions[2].protect(
                        rtcp.rtp_header(False, True, 96, offset + packet.index, 14, ssrc) + packet.body
                    )
                    for packet in run
                ]
                if [ear.recv(64) for _ in 2 * wanted] != 2 * wanted:
                    raise OSError("packets leave as something else")
            self.together = TOGETHER
            self._warm(ours.fileno(), sessions[1], name)

    def _warm(self, fd: int, session: Any, name: bytes) -> None:
        """Messages of several packets are compiled now, and not while the first keyframe waits for it."""
        rows, sealing = Rows(), Sealing(_PROOF)
        for number in range(_WARM_ROWS):
            rows.add(handle_of(session), sealing, name, number, 96, (0, 0))
        run = [SourcePacket(nth, 9, True, False, False, bytes(1000)) for nth in range(_WARM_TOGETHER)]
        for _ in range(_WARM_TIMES):
            self.send(fd, rows, run)


_PROOF = bytes(range(KEY_BYTES + SALT_BYTES))


def _session() -> Any:
    policy = pylibsrtp.Policy(
        key=_PROOF,
        ssrc_type=pylibsrtp.Policy.SSRC_ANY_OUTBOUND,
        srtp_profile=pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    )
    policy.allow_repeat_tx = True
    return pylibsrtp.Session(policy)


@cache
def _program() -> str:
    return Path(__file__).with_suffix(".lua").read_text()


def sockaddr(family: int, address: Address) -> bytes:
    """Raises OSError for what is no address."""
    host, port = address
    number = socket.inet_pton(family, host)
    if family == socket.AF_INET6:
        return struct.pack("=H", family) + struct.pack("!HI16sI", port, 0, number, 0)
    return struct.pack("=H", family) + struct.pack("!H4s8x", port, number)
