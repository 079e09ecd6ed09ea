"""The hash chain of the journal: pure functions over the stored bytes.

``hash = H(prev_hash, seq, at, type, v, skeleton, private_hash)`` with ``private_hash = H(salt || private)``.
H is SHA-256 with each part preceded by its length (8 bytes, big-endian); integers are 8 bytes, big-endian;
``private_hash`` is plain SHA-256 over salt and words. The first ``prev_hash`` is made from the room's id, so
a chain cannot be passed off as another room's. An event without private words has an empty ``private_hash``
and no salt.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from rooms.codec import Stored

SALT_BYTES = 16


class BrokenChain(Exception):
    """Stored bytes that are not what was once appended."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"seq {seq}: {why}")
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Link:
    """One journal row, as far as the chain covers it."""

    seq: int
    at: int
    stored: Stored
    salt: bytes | None
    private_hash: bytes
    prev_hash: bytes
    hash: bytes


def genesis(room_id: str) -> bytes:
    return _digest(b"rembug journal 1", room_id.encode())


def forge(prev_hash: bytes, seq: int, at: int, stored: Stored, salt: bytes) -> Link:
    """The row that follows ``prev_hash``; ``salt`` is dropped when there is nothing private to hide."""
    if stored.private is None:
        return _link(prev_hash, seq, at, stored, None, b"")
    return _link(prev_hash, seq, at, stored, salt, sha256(salt + stored.private).digest())


def verify(room_id: str, links: Iterable[Link]) -> bytes:
    """The head hash of a whole chain from seq 1; erased words are fine. Raises BrokenChain."""
    head = genesis(room_id)
    for seq, link in enumerate(links, start=1):
        private, salt = link.stored.private, link.salt
        if link.seq != seq:
            raise BrokenChain(seq, f"missing, {link.seq} stands here")
        if link.prev_hash != head:
            raise BrokenChain(seq, "does not follow the one before")
        if (private is None) != (salt is None):
            raise BrokenChain(seq, "words and salt are not erased together")
        if private is not None and salt is not None and sha256(salt + private).digest() != link.private_hash:
            raise BrokenChain(seq, "the private words were changed")
        head = _link(head, seq, link.at, link.stored, salt, link.private_hash).hash
        if head != link.hash:
            raise BrokenChain(seq, "the row was changed")
    return head


def _link(prev: bytes, seq: int, at: int, stored: Stored, salt: bytes | None, private_hash: bytes) -> Link:
    parts = (prev, _int(seq), _int(at), stored.type.encode(), _int(stored.v), stored.skeleton, private_hash)
    return Link(seq, at, stored, salt, private_hash, prev, _digest(*parts))


def _int(value: int) -> bytes:
    return value.to_bytes(8, "big")


def _digest(*parts: bytes) -> bytes:
    digest = sha256()
    for part in parts:
        digest.update(_int(len(part)))
        digest.update(part)
    return digest.digest()
