"""STUN for an ICE-lite server: reads hostile bytes without raising, answers checks, makes its own.

The user name and the integrity are found by a small walk over the attributes before anything is parsed: a
stranger's datagram costs a dictionary look-up or a hash, and nothing is looked for but what a check needs.
Driven by ``mux``; sends nothing itself.
"""

import hmac
import secrets
import socket
import struct
import zlib
from enum import Enum, auto

from aioice import stun

Address = tuple[str, int]
"""Host and port; IPv6 scope and flow are not kept."""

_HEADER_BYTES = 20
_USERNAME, _INTEGRITY, _MAPPED, _USE_CANDIDATE, _FINGERPRINT = 0x0006, 0x0008, 0x0020, 0x0025, 0x8028
_PRIORITY, _ICE_CONTROLLED = 0x0024, 0x8029
_UNKNOWN = 0xB0DE
"""Registered by nobody, and of those that a reader passes over (RFC 8489, 14)."""
_IPV4, _IPV6 = 1, 2
_DIGEST_BYTES = 20
_SEAL_BYTES = 4 + _DIGEST_BYTES + 8
"""Integrity and fingerprint."""


class Sort(Enum):
    REQUEST = auto()
    RESPONSE = auto()
    OTHER = auto()
    """Indications and errors: nothing to do."""
    BROKEN = auto()


def sort_of(data: bytes) -> Sort:
    """What kind of STUN message ``data`` claims to be, from its first 20 bytes."""
    if len(data) < _HEADER_BYTES:
        return Sort.BROKEN
    kind, length, cookie = struct.unpack_from("!HHI", data)
    if cookie != stun.COOKIE or length != len(data) - _HEADER_BYTES or length % 4:
        return Sort.BROKEN
    if kind == stun.Method.BINDING | stun.Class.REQUEST:
        return Sort.REQUEST
    if kind == stun.Method.BINDING | stun.Class.RESPONSE:
        return Sort.RESPONSE
    return Sort.OTHER


def _found(data: bytes, wanted: int) -> tuple[int, bytes] | None:
    """Where the first attribute of a kind begins, and its value as far as it is there."""
    at = _HEADER_BYTES
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("!HH", data, at)
        if kind == wanted:
            return at, data[at + 4 : at + 4 + length]
        at += 4 + length + (-length % 4)
    return None


def local_ufrag(data: bytes) -> str | None:
    """Our half of USERNAME (``ours:theirs``), found without parsing the rest."""
    found = _found(data, _USERNAME)
    if found is None:
        return None
    ours, colon, _ = found[1].partition(b":")
    return ours.decode("ascii", "replace") if colon else None


def authentic(data: bytes, password: str) -> bool:
    """True: who wrote it knows ``password`` (MESSAGE-INTEGRITY, RFC 8489, 14.5)."""
    found = _found(data, _INTEGRITY)
    if found is None:
        return False
    at, digest = found
    covered = b"".join((data[:2], struct.pack("!H", at + 4 + _DIGEST_BYTES - _HEADER_BYTES), data[4:at]))
    return hmac.compare_digest(hmac.digest(password.encode(), covered, "sha1"), digest)


def transaction_of(data: bytes) -> bytes:
    return data[8:20]


def nominates(data: bytes) -> bool:
    """True: it carries USE-CANDIDATE, and its integrity covers that."""
    candidate, integrity = _found(data, _USE_CANDIDATE), _found(data, _INTEGRITY)
    return candidate is not None and integrity is not None and candidate[0] < integrity[0]


def success(request: bytes, source: Address, password: str) -> bytes:
    """The answer to an authentic binding request that came from ``source``."""
    family, kind = (_IPV6, socket.AF_INET6) if ":" in source[0] else (_IPV4, socket.AF_INET)
    address = source[1].to_bytes(2, "big") + socket.inet_pton(kind, source[0])
    # Masked by the cookie: once by its upper half for the port, then by all of it and the transaction.
    masked = int.from_bytes(address, "big") ^ int.from_bytes(
        (request[4:6] + request[4:20])[: len(address)], "big"
    )
    mapped = b"\0" + bytes([family]) + masked.to_bytes(len(address), "big")
    body = struct.pack("!HH", _MAPPED, len(mapped)) + mapped
    return _sealed(stun.Method.BINDING | stun.Class.RESPONSE, transaction_of(request), body, password)


def check(their_ufrag: str, our_ufrag: str, their_password: str, *, octets: int = 0) -> tuple[bytes, bytes]:
    """A binding request of ours, to see that an address answers: ``(transaction, datagram)``.

    ``octets``: how long the datagram is to be, at least.
    """
    transaction = secrets.token_bytes(12)
    user = f"{their_ufrag}:{our_ufrag}".encode()
    body = struct.pack("!HH", _USERNAME, len(user)) + user + bytes(-len(user) % 4)
    body += struct.pack("!HHIHHQ", _PRIORITY, 4, 1853824767, _ICE_CONTROLLED, 8, 0)
    short = octets - _HEADER_BYTES - len(body) - _SEAL_BYTES - 4
    if short > 0:
        filling = short + -short % 4
        body += struct.pack("!HH", _UNKNOWN, filling) + bytes(filling)
    return transaction, _sealed(stun.Method.BINDING | stun.Class.REQUEST, transaction, body, their_password)


def _sealed(kind: int, transaction: bytes, body: bytes, password: str) -> bytes:
    """With integrity, and the fingerprint without which browsers take nothing for STUN (RFC 8445, 7.1)."""
    head, tail = struct.pack("!H", kind), struct.pack("!I", stun.COOKIE) + transaction
    signed = head + struct.pack("!H", len(body) + 4 + _DIGEST_BYTES) + tail + body
    body += struct.pack("!HH", _INTEGRITY, _DIGEST_BYTES) + hmac.digest(password.encode(), signed, "sha1")
    printed = head + struct.pack("!H", len(body) + 8) + tail + body
    fingerprint = zlib.crc32(printed) ^ stun.FINGERPRINT_XOR
    return printed + struct.pack("!HHI", _FINGERPRINT, 4, fingerprint)
