"""Keys of other applications: which program may read or write by ``/api/v1``, and until when.

As with personal links the secret leaves this module once, when the key is minted; only its SHA-256 is kept. A
key is revoked, never deleted, because the journal's actors name it.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, select, update

from rooms.ids import RoomId
from server.store.engine import Database
from server.store.tables import kunci

_SECRET_BYTES = 32
_USED_STEP_MS = 60_000
"""How exactly it is kept when a key was last used: not every request is worth a write."""


@dataclass(frozen=True, slots=True)
class Kunci:
    id: str
    """Not secret: stands in the journal's actors."""
    label: str
    """Whose program it is, as history shows it: ``SIPD Dinas PU``."""
    scopes: frozenset[str]
    """Of ``server.access.Scope``."""
    room_id: RoomId | None
    """The only session it is for; None: all of them."""
    created_at: int
    created_by: str
    expires_at: int
    revoked_at: int | None
    last_used_at: int | None

    def stands(self, at: int) -> bool:
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class Minted:
    kunci: Kunci
    secret: str = field(repr=False)
    """Cannot be had again."""


class Keys:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def mint(
        self, label: str, scopes: Iterable[str], room_id: RoomId | None, *, expires_at: int, by: str, at: int
    ) -> Minted:
        """``by``: the link of the Panitia who gives it."""
        secret = f"rembug_{secrets.token_urlsafe(_SECRET_BYTES)}"
        key = Kunci(
            f"kunci-{secrets.token_hex(8)}", label, frozenset(scopes), room_id, at, by, expires_at, None, None
        )
        values = {
            "id": key.id,
            "secret_hash": _hash(secret),
            "label": label,
            "scopes": " ".join(sorted(key.scopes)),
            "room_id": room_id,
            "created_at": at,
            "created_by": by,
            "expires_at": expires_at,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(kunci).values(values))
        return Minted(key, secret)

    async def of(self, secret: str, *, at: int) -> Kunci | None:
        """The key of this secret, if it stands; that it was used is written down now and then."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(kunci).where(kunci.c.secret_hash == _hash(secret)))
            ).one_or_none()
        if row is None or not (key := _kunci(row)).stands(at):
            return None
        if key.last_used_at is None or at - key.last_used_at >= _USED_STEP_MS:
            async with self._database.write() as connection:
                await connection.execute(update(kunci).where(kunci.c.id == key.id).values(last_used_at=at))
        return key

    async def list(self) -> list[Kunci]:
        """Newest first, also those that have ended."""
        query = select(kunci).order_by(kunci.c.created_at.desc(), kunci.c.id)
        async with self._database.read() as connection:
            return [_kunci(row) for row in await connection.execute(query)]

    async def revoke(self, key_id: str, *, at: int) -> bool:
        """False when there was nothing left to revoke."""
        query = update(kunci).where(kunci.c.id == key_id, kunci.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            return bool((await connection.execute(query.values(revoked_at=at))).rowcount)


def _hash(secret: str) -> bytes:
    return sha256(secret.encode(errors="surrogateescape")).digest()


def _kunci(row: Row[Any]) -> Kunci:
    return Kunci(
        row.id,
        row.label,
        frozenset(row.scopes.split()),
        None if row.room_id is None else RoomId(row.room_id),
        row.created_at,
        row.created_by,
        row.expires_at,
        row.revoked_at,
        row.last_used_at,
    )
