"""STUN for an ICE-lite server: reads hostile bytes without raising, answers checks, makes its own.

The user name and the integrity are found by a small walk over the attributes before anything is parsed: a
stranger's datagram costs a dictionary look-up or a hash, and the parser sees only what holders of the
password wrote. Driven by ``mux``; sends nothing itself.
"""

import hmac
import struct
from enum import Enum, auto

from aioice import stun

Address = tuple[str, int]
"""Host and port; IPv6 scope and flow are not kept."""

_HEADER_BYTES = 20
_USERNAME, _INTEGRITY = 0x0006, 0x0008
_DIGEST_BYTES = 20


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


def verified(data: bytes, password: str) -> stun.Message | None:
    """The message if it is authentic under ``password`` and parses; else None, never an exception."""
    if not authentic(data, password):
        return None
    try:
        return stun.parse_message(data)
    except Exception:  # the parser raises struct.error, UnicodeDecodeError ... on what it does not expect
        return None


def nominates(message: stun.Message) -> bool:
    return "USE-CANDIDATE" in message.attributes


def success(request: stun.Message, source: Address, password: str) -> bytes:
    """The answer to a verified binding request that came from ``source``."""
    answer = stun.Message(
        stun.Method.BINDING,
        stun.Class.RESPONSE,
        transaction_id=request.transaction_id,
        attributes={"XOR-MAPPED-ADDRESS": source},
    )
    answer.add_message_integrity(password.encode())
    return bytes(answer)


def check(their_ufrag: str, our_ufrag: str, their_password: str) -> tuple[bytes, bytes]:
    """A binding request of ours, to see that an address answers: ``(transaction, datagram)``."""
    request = stun.Message(
        stun.Method.BINDING,
        stun.Class.REQUEST,
        attributes={
            "USERNAME": f"{their_ufrag}:{our_ufrag}",
            "PRIORITY": 1853824767,
            "ICE-CONTROLLED": 0,
        },
    )
    request.add_message_integrity(their_password.encode())
    return request.transaction_id, bytes(request)
