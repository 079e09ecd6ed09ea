"""Personal links: who may enter which room in which role.

Only the SHA-256 of a link's secret is kept, so a stolen database opens no door; ``LinkSecrets`` finds it
again for whoever may show it. A link is revoked, never deleted, because the journal's actors name it.
"""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, bindparam, insert, or_, select, update

from rooms.ids import RoomId, SeatId
from rooms.meeting.vocabulary import MeetingStatus
from server.store.engine import Connection, Database
from server.store.link_secrets import LinkSecrets
from server.store.tables import grants, rooms


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
    def spec(self) -> GrantSpec:
        """Of another link that opens the same, for as long."""
        return GrantSpec(self.role, self.label, self.room_id, self.seat_id, self.expires_at, self.made_by)

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
    """The secret, URL-safe."""
    code: str = field(default="", repr=False)
    """The short one, of a seat's link; empty for others."""


async def mint_in(connection: Connection, links: LinkSecrets, spec: GrantSpec, *, at: int) -> Minted:
    """Mint inside a transaction of the caller's; the link exists once that is committed."""
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
    token = links.token(grant.public_id)
    # People take a seat by its code; whoever answers for a desk is sent a link.
    code = links.code(grant.public_id) if grant.seat_id and grant.made_by is None else ""
    await connection.execute(
        insert(grants).values(
            public_id=grant.public_id,
            token_hash=_hash(token),
            code_hash=links.stored(code) if code else None,
            room_id=grant.room_id,
            role=grant.role,
            seat_id=grant.seat_id,
            label=grant.label,
            created_at=at,
            expires_at=grant.expires_at,
            made_by=grant.made_by,
        )
    )
    return Minted(grant, token, code)


# Asked with every request.
_ONE = select(grants).where(grants.c.public_id == bindparam("one"))


class Grants:
    """``links`` is what their secrets follow from; without it they are known only as they are minted."""

    def __init__(self, database: Database, links: LinkSecrets | None = None) -> None:
        self._database = database
        self._links = links or LinkSecrets()

    async def mint(self, spec: GrantSpec, *, at: int) -> Minted:
        return (await self.mint_all([spec], at=at))[0]

    async def mint_missing(self, spec: GrantSpec, *, at: int) -> Minted | None:
        """For a session's desk or seat that has no link of the Panitia's which stands; None: it has one."""
        its = (grants.c.room_id == spec.room_id, grants.c.role == spec.role, grants.c.seat_id == spec.seat_id)
        stands = select(grants.c.public_id).where(
            *its, grants.c.revoked_at.is_(None), grants.c.made_by.is_(None)
        )
        async with self._database.write() as connection:
            if (await connection.execute(stands)).first() is not None:
                return None
            return await mint_in(connection, self._links, spec, at=at)

    async def mint_all(self, specs: Iterable[GrantSpec], *, at: int) -> list[Minted]:
        """All of them or none, in their order."""
        async with self._database.write() as connection:
            return [await mint_in(connection, self._links, spec, at=at) for spec in specs]

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
        return await self._enter(_grant(row), at)

    async def exchange_code(self, code: str, *, at: int) -> Grant | None:
        """Likewise by a seat's short code (of ``typed_code``), until its session is closed."""
        open_ones = (grants.c.revoked_at.is_(None), rooms.c.status != MeetingStatus.DITUTUP)
        query = select(grants).join(rooms, rooms.c.room_id == grants.c.room_id)
        async with self._database.read() as connection:
            rows = (
                await connection.execute(
                    query.where(grants.c.code_hash == self._links.stored(code), *open_ones)
                )
            ).all()
        # Should two ever have the same code, it leads nowhere rather than to somebody else's seat.
        return await self._enter(_grant(rows[0]), at) if len(rows) == 1 else None

    async def _enter(self, grant: Grant, at: int) -> Grant | None:
        if grant.expired(at):
            raise LinkExpired(grant.public_id)
        used = update(grants).where(grants.c.public_id == grant.public_id, grants.c.revoked_at.is_(None))
        async with self._database.write() as connection:
            if not (await connection.execute(used.values(last_used_at=at))).rowcount:
                return None
        return await self.get(grant.public_id)

    async def secrets_of(self, those: Sequence[Grant], *, at: int) -> dict[str, Minted]:
        """Public id -> its secrets, of the links that still open something and are of this server's key."""
        standing = [grant for grant in those if not grant.revoked and not grant.expired(at)]
        query = select(grants.c.public_id, grants.c.token_hash, grants.c.code_hash)
        rooms_of = {grant.room_id for grant in standing}
        found: dict[str, Minted] = {}
        async with self._database.read() as connection:
            for room_id in rooms_of:
                rows = await connection.execute(query.where(grants.c.room_id == room_id))
                kept = {row.public_id: row for row in rows}
                for grant in standing:
                    row, token = kept.get(grant.public_id), self._links.token(grant.public_id)
                    if row is not None and hmac.compare_digest(row.token_hash, _hash(token)):
                        code = self._links.code(grant.public_id) if row.code_hash else ""
                        found[grant.public_id] = Minted(grant, token, code)
        return found

    async def of_another_secret(self) -> int:
        """How many standing links have a short code of another server's secret: none of these opens now."""
        query = select(grants.c.public_id, grants.c.code_hash)
        standing = query.where(grants.c.code_hash.is_not(None), grants.c.revoked_at.is_(None))
        async with self._database.read() as connection:
            rows = (await connection.execute(standing)).all()
        return sum(self._links.stored(self._links.code(row.public_id)) != row.code_hash for row in rows)

    async def get(self, public_id: str) -> Grant | None:
        """Also a revoked one: look at ``revoked``."""
        async with self._database.read() as connection:
            row = (await connection.execute(_ONE, {"one": public_id})).one_or_none()
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
