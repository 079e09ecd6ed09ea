"""What was ended for good in one database and still stands in a backup of it.

Links, keys, accounts, browsers that are signed in, links for a password, and passwords themselves: whoever
puts the backup back would open all of these again. Seals are in the journals, which nothing is added to here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, func, literal, select, update

from rooms.ids import RoomId, SealId
from rooms.meeting.events import IntervalSealed, IntervalUnsealed
from rooms.meeting.seals import Seal, Seals
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.tables import akun, akun_masuk, akun_tautan, grants, kunci, rooms

_NAMELESS = literal("")
_ENDING: tuple[tuple[Table, str, str, ColumnElement[str]], ...] = (
    (grants, "token_hash", "revoked_at", grants.c.label),
    (kunci, "secret_hash", "revoked_at", kunci.c.label),
    (akun, "id", "ended_at", akun.c.masuk),
    (akun_masuk, "id", "ended_at", _NAMELESS),
    (akun_tautan, "token_hash", "used_at", _NAMELESS),
)
"""Table, its key, the column that says when it ended (ms), and what people call it."""


@dataclass(frozen=True, slots=True)
class Password:
    hash: str | None
    masuk: str
    """Whose: the name of the account."""
    linked_at: int
    """When a link for it was last used up (ms); 0: never. It is set in no other way."""

    def follows(self, other: "Password") -> bool:
        """Whether it came after; an account that was reopened has none, and no link was used for that."""
        if self.linked_at == other.linked_at:
            return self.hash is None and other.hash is not None
        return self.linked_at > other.linked_at and self.hash != other.hash


@dataclass(frozen=True, slots=True)
class Known:
    """What one database knows: by table, key -> when it ended and its name; account -> its password."""

    ends: Mapping[str, Mapping[Any, tuple[int | None, str]]]
    passwords: Mapping[str, Password]
    seals: Mapping[RoomId, tuple[str, Mapping[SealId, Seal]]]
    """Session -> title and the seals that stand."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What has ended in the one and is open in the backup."""

    ends: Mapping[str, Mapping[Any, tuple[int, str]]]
    passwords: Mapping[str, Password]
    """Account -> the newer one."""
    seals: tuple[tuple[str, Seal], ...]
    """Title of the session, and what was sealed in it."""

    def names(self, table: Table) -> list[str]:
        return sorted(name for _, name in self.ends[table.name].values())

    @property
    def links(self) -> list[str]:
        return self.names(grants)

    @property
    def keys(self) -> list[str]:
        return self.names(kunci)

    @property
    def accounts(self) -> list[str]:
        return self.names(akun)

    @property
    def changed_passwords(self) -> list[str]:
        return sorted(password.masuk for password in self.passwords.values())


async def known(database: Database) -> Known:
    ends = {}
    async with database.read() as connection:
        for table, key, end, name in _ENDING:
            found = await connection.execute(select(table.c[key], table.c[end], name))
            ends[table.name] = {row[0]: (row[1], row[2]) for row in found}
        used = select(func.max(akun_tautan.c.used_at)).where(akun_tautan.c.akun_id == akun.c.id)
        found = await connection.execute(
            select(akun.c.id, akun.c.sandi, akun.c.masuk, used.scalar_subquery().label("at"))
        )
        passwords = {row.id: Password(row.sandi, row.masuk, row.at or 0) for row in found}
        sessions = (await connection.execute(select(rooms.c.room_id, rooms.c.title))).all()
    seals = {}
    for room_id, title in sessions:
        standing = Seals()
        for entry in await SqlJournal(database).read(room_id, 0):
            if isinstance(entry.event, IntervalSealed | IntervalUnsealed):
                standing.apply(entry.event, entry.at)
        seals[RoomId(room_id)] = (title, standing.standing)
    return Known(ends, passwords, seals)


def ended(newer: Known, backup: Known) -> Ended | None:
    """Of what both know; what the backup does not have cannot open again. None: they have no link in common,
    so the one is not what the backup was made of, as on a new machine."""
    if not newer.ends[grants.name].keys() & backup.ends[grants.name].keys():
        return None
    ends = {
        table: {
            key: (at, name)
            for key, (at, name) in rows.items()
            if at is not None and backup.ends[table].get(key, (at, ""))[0] is None
        }
        for table, rows in newer.ends.items()
    }
    passwords = {
        one: password
        for one, password in newer.passwords.items()
        if one in backup.passwords and password.follows(backup.passwords[one])
    }
    seals = tuple(
        (title, seal)
        for room_id, (title, standing) in newer.seals.items()
        if room_id in backup.seals
        for seal_id, seal in standing.items()
        if seal_id not in backup.seals[room_id][1]
    )
    return Ended(ends, passwords, seals)


async def carry(database: Database, these: Ended) -> None:
    """End them in ``database`` too, at the same instants, and take the newer passwords; all or none."""
    async with database.write() as connection:
        for table, key, end, _ in _ENDING:
            for one, (at, _) in these.ends[table.name].items():
                await connection.execute(update(table).where(table.c[key] == one).values({end: at}))
        for one, password in these.passwords.items():
            await connection.execute(update(akun).where(akun.c.id == one).values(sandi=password.hash))
