"""STUN for an ICE-lite server: reads hostile bytes without raising, answers checks, makes its own.

The user name is found by a small walk over the attributes before anything else is parsed, so that a
stranger's datagram costs a dictionary look-up. Driven by ``mux``; sends nothing itself.
"""

import struct
from enum import Enum, auto

from aioice import stun

Address = tuple[str, int]
"""Host and port; IPv6 scope and flow are not kept."""

_USERNAME = 0x0006


class Sort(Enum):
    REQUEST = auto()
    RESPONSE = auto()
    OTHER = auto()
    """Indications and errors: nothing to do."""
    BROKEN = auto()


def sort_of(data: bytes) -> Sort:
    """What kind of STUN message ``data`` claims to be, from its first 20 bytes."""
    if len(data) < 20:
        return Sort.BROKEN
    kind, length, cookie = struct.unpack_from("!HHI", data)
    if cookie != stun.COOKIE or length != len(data) - 20 or length % 4:
        return Sort.BROKEN
    if kind == stun.Method.BINDING | stun.Class.REQUEST:
        return Sort.REQUEST
    if kind == stun.Method.BINDING | stun.Class.RESPONSE:
        return Sort.RESPONSE
    return Sort.OTHER


def local_ufrag(data: bytes) -> str | None:
    """Our half of USERNAME (``ours:theirs``), found without parsing the rest."""
    at = 20
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("!HH", data, at)
        if kind == _USERNAME:
            ours, colon, _ = data[at + 4 : at + 4 + length].partition(b":")
            return ours.decode("ascii", "replace") if colon else None
        at += 4 + length + (-length % 4)
    return None


def transaction_of(data: bytes) -> bytes:
    return data[8:20]


def verified(data: bytes, password: str) -> stun.Message | None:
    """The message if it parses and its integrity holds under ``password``; else None, never an exception."""
    try:
        message = stun.parse_message(data)
        return message if message.check_message_integrity(password.encode()) else None
    except Exception:  # the parser raises struct.error, IndexError, UnicodeDecodeError ... on hostile input
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
