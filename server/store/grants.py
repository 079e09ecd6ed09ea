"""Personal links: who may enter which room in which role.

The secret of a link leaves this module once, when it is minted; only its SHA-256 is kept, so a stolen
database opens no door. A link is revoked, never deleted, because the journal's actors name it.
"""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, or_, select, update

from rooms.ids import RoomId, SeatId
from server.store.engine import Connection, Database
from server.store.tables import grants

_SECRET_BYTES = 24  # 192 bit


@dataclass(frozen=True, slots=True)
class GrantSpec:
    role: str
    """A role of ``server.access``."""
    label: str
    """Whose link it is, as shown: ``Tamansari, Kec. Licin`` or ``Meja Notulis``."""
    room_id: RoomId | None = None
    """None: the panitia of the kabupaten, for every session."""
    seat_id: SeatId | None = None
    expires_at: int | None = None
    """When it opens no more; None: only when it is revoked."""
    made_by: str | None = None
    """Public id of the gladi link that asked for it, and takes it along when it is revoked."""


@dataclass(frozen=True, slots=True)
class Grant:
    public_id: str
    """Not secret: stands in addresses and in the journal's actors."""
    role: str
    label: str
    room_id: RoomId | None
    seat_id: SeatId | None
    created_at: int
    revoked_at: int | None
    last_used_at: int | None
    expires_at: int | None
    made_by: str | None

    @property
    def revoked(self) -> bool:
        return self.revoked_at is not None

    def expired(self, at: int) -> bool:
        return self.expires_at is not None and self.expires_at <= at


class LinkExpired(Exception):
    """The secret is right, and its time is over."""


@dataclass(frozen=True, slots=True)
class Minted:
    grant: Grant
    token: str = field(repr=False)
    """The secret, URL-safe; cannot be had again."""


async def mint_in(connection: Connection, spec: GrantSpec, *, at: int) -> Minted:
    """Mint inside a transaction of the caller's; the link exists once that is committed."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    grant = Grant(
        secrets.token_hex(8),
        spec.role,
        spec.label,
        spec.room_id,
        spec.seat_id,
        at,
        revoked_at=None,
        last_used_at=None,
        expires_at=spec.expires_at,
        made_by=spec.made_by,
    )
    await connection.execute(
        insert(grants).values(
            public_id=grant.public_id,
            token_hash=_hash(token),
            room_id=grant.room_id,
            role=grant.role,
            seat_id=grant.seat_id,
            label=grant.label,
            created_at=at,
            expires_at=grant.expires_at,
            made_by=grant.made_by,
        )
    )
    return Minted(grant, token)


class Grants:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def mint(self, spec: GrantSpec, *, at: int) -> Minted:
        return (await self.mint_all([spec], at=at))[0]

    async def mint_all(self, specs: Iterable[GrantSpec], *, at: int) -> list[Minted]:
        """All of them or none, in their order."""
        async with self._database.write() as connection:
            return [await mint_in(connection, spec, at=at) for spec in specs]

    async def exchange(self, token: str, *, at: int) -> Grant | None:
        """The link that this secret opens, marked as used at ``at``; None when unknown or revoked.

        Raises LinkExpired.
        """
        digest = _hash(token)
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(grants).where(grants.c.token_hash == digest))
            ).one_or_none()
        if row is None or not hmac.compare_digest(row.token_hash, digest) or row.revoked_at is not None:
            return None
        if _grant(row).expired(at):
            raise LinkExpired(row.public_id)
        used = update(grants).where(grants.c.public_id == row.public_id, grants.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            if not (await connection.execute(used.values(last_used_at=at))).rowcount:
                return None
        return await self.get(row.public_id)

    async def get(self, public_id: str) -> Grant | None:
        """Also a revoked one: look at ``revoked``."""
        async with self._database.read() as connection:
            row = (
                await connection.execute(select(grants).where(grants.c.public_id == public_id))
            ).one_or_none()
        return None if row is None else _grant(row)

    async def of_room(self, room_id: RoomId | None) -> list[Grant]:
        """All links of a session, or those of the kabupaten's panitia, oldest first."""
        query = (
            select(grants).where(grants.c.room_id == room_id).order_by(grants.c.created_at, grants.c.label)
        )
        async with self._database.read() as connection:
            return [_grant(row) for row in await connection.execute(query)]

    async def revoke(self, public_id: str, *, at: int) -> bool:
        """With the links that it asked for. False when there was nothing left to revoke."""
        those = or_(grants.c.public_id == public_id, grants.c.made_by == public_id)
        query = update(grants).where(those, grants.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            return bool((await connection.execute(query.values(revoked_at=at))).rowcount)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _grant(row: Row[Any]) -> Grant:
    return Grant(
        row.public_id,
        row.role,
        row.label,
        row.room_id,
        row.seat_id,
        row.created_at,
        row.revoked_at,
        row.last_used_at,
        row.expires_at,
        row.made_by,
    )
