"""Accounts of the people who decide: who they are, their one-time links, where they are signed in.

A password is kept as its argon2 hash, a link as the hash of its secret, which leaves this module once. An
account is closed, never deleted, because decisions name it.
"""

import secrets
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.store.engine import Connection, Database
from server.store.tables import akun, akun_masuk, akun_tautan

LINK_MS = 3 * 24 * 3600 * 1000
SESSION_MS = 14 * 24 * 3600 * 1000
SEEN_EVERY_MS = 5 * 60 * 1000
"""How exactly it is known when somebody was last there."""
_SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class AkunSpec:
    masuk: str
    """The name to sign in with, small letters."""
    nama: str
    jabatan: str
    peran: str
    """A role of ``server.access``."""
    kode_wilayah: str = ""
    """Of a camat, or of a mitra of one kecamatan: its code."""
    opd: str = ""


@dataclass(frozen=True, slots=True)
class Akun:
    id: str
    spec: AkunSpec
    created_at: int
    has_password: bool
    ended_at: int | None


@dataclass(frozen=True, slots=True)
class Masuk:
    """One browser in which somebody is signed in."""

    id: str
    created_at: int
    seen_at: int
    perangkat: str


class NameTaken(Exception):
    """There is an account of this name already."""


class Accounts:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, spec: AkunSpec, *, by: str, at: int) -> tuple[Akun, str]:
        """With the secret of a link that sets its password. Raises NameTaken."""
        akun_id = secrets.token_hex(8)
        values = asdict(spec) | {"id": akun_id, "created_at": at, "created_by": by}
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(akun).values(values))
                token = await _link(connection, akun_id, by, at)
        except IntegrityError as error:
            raise NameTaken(spec.masuk) from error
        return Akun(akun_id, spec, at, has_password=False, ended_at=None), token

    async def link(self, akun_id: str, *, by: str, at: int) -> str | None:
        """The secret of a new link, which ends older ones; None for no account, or a closed one."""
        async with self._database.write() as connection:
            found = await _one(connection, akun_id)
            if found is None or found.ended_at is not None:
                return None
            return await _link(connection, akun_id, by, at)

    async def all(self) -> list[Akun]:
        """By role and name."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(akun).order_by(akun.c.peran, akun.c.nama, akun.c.id))
            return [_akun(row) for row in rows]

    async def get(self, akun_id: str) -> Akun | None:
        async with self._database.read() as connection:
            return await _one(connection, akun_id)

    async def named(self, masuk: str) -> tuple[Akun, str | None] | None:
        """An open account and its password's hash."""
        query = select(akun).where(akun.c.masuk == masuk, akun.c.ended_at.is_(None))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else (_akun(row), row.sandi)

    async def of_link(self, token: str, *, at: int) -> Akun | None:
        """Whose password this secret sets; None when it was used, is too old, or unknown."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(akun_tautan).where(*_open(token, at)))).one_or_none()
            found = None if row is None else await _one(connection, row.akun_id)
        return None if found is None or found.ended_at is not None else found

    async def set_password(self, token: str, sandi: str, *, at: int) -> Akun | None:
        """Use the link up; every browser is signed out. None when the link opens no more."""
        async with self._database.write() as connection:
            row = (await connection.execute(select(akun_tautan).where(*_open(token, at)))).one_or_none()
            used = update(akun_tautan).where(*_open(token, at)).values(used_at=at)
            if row is None or not (await connection.execute(used)).rowcount:
                return None
            here = (akun.c.id == row.akun_id, akun.c.ended_at.is_(None))
            if not (await connection.execute(update(akun).where(*here).values(sandi=sandi))).rowcount:
                return None
            await _sign_out(connection, row.akun_id, at)
            return await _one(connection, row.akun_id)

    async def close(self, akun_id: str, *, at: int) -> bool:
        """Nobody signs in any more, and who is signed in is no longer."""
        async with self._database.write() as connection:
            query = update(akun).where(akun.c.id == akun_id, akun.c.ended_at.is_(None))
            if not (await connection.execute(query.values(ended_at=at))).rowcount:
                return False
            await _sign_out(connection, akun_id, at)
            return True

    async def reopen(self, akun_id: str) -> bool:
        """With no password: a new link sets one."""
        async with self._database.write() as connection:
            query = update(akun).where(akun.c.id == akun_id, akun.c.ended_at.is_not(None))
            return bool((await connection.execute(query.values(ended_at=None, sandi=None))).rowcount)

    async def sign_in(self, akun_id: str, perangkat: str, *, at: int) -> str:
        """The id of what is now a browser of this account."""
        masuk_id = secrets.token_hex(16)
        values = {"id": masuk_id, "akun_id": akun_id, "created_at": at, "seen_at": at, "perangkat": perangkat}
        async with self._database.write() as connection:
            await connection.execute(insert(akun_masuk).values(values))
        return masuk_id

    async def signed_in(self, masuk_id: str, *, at: int) -> Akun | None:
        """Who is signed in so; remembers that they were there."""
        query = select(akun_masuk).where(akun_masuk.c.id == masuk_id, *_standing(at))
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
            found = None if row is None else await _one(connection, row.akun_id)
        if row is None or found is None or found.ended_at is not None:
            return None
        if at - row.seen_at >= SEEN_EVERY_MS:
            async with self._database.write() as connection:
                await connection.execute(
                    update(akun_masuk).where(akun_masuk.c.id == masuk_id).values(seen_at=at)
                )
        return found

    async def browsers(self, akun_id: str, *, at: int) -> list[Masuk]:
        """Where somebody is signed in, newest first."""
        query = select(akun_masuk).where(akun_masuk.c.akun_id == akun_id, *_standing(at))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(akun_masuk.c.seen_at.desc(), akun_masuk.c.id))
            return [Masuk(row.id, row.created_at, row.seen_at, row.perangkat) for row in rows]

    async def sign_out(self, akun_id: str, masuk_id: str, *, at: int) -> bool:
        """One browser of this very account."""
        async with self._database.write() as connection:
            return await _sign_out(connection, akun_id, at, masuk_id)


async def _link(connection: Connection, akun_id: str, by: str, at: int) -> str:
    older = update(akun_tautan).where(akun_tautan.c.akun_id == akun_id, akun_tautan.c.used_at.is_(None))
    await connection.execute(older.values(used_at=at))
    token = secrets.token_urlsafe(_SECRET_BYTES)
    await connection.execute(
        insert(akun_tautan).values(
            token_hash=_hash(token), akun_id=akun_id, created_at=at, created_by=by, expires_at=at + LINK_MS
        )
    )
    return token


async def _one(connection: Connection, akun_id: str) -> Akun | None:
    row = (await connection.execute(select(akun).where(akun.c.id == akun_id))).one_or_none()
    return None if row is None else _akun(row)


async def _sign_out(connection: Connection, akun_id: str, at: int, masuk_id: str | None = None) -> bool:
    query = update(akun_masuk).where(akun_masuk.c.akun_id == akun_id, akun_masuk.c.ended_at.is_(None))
    if masuk_id is not None:
        query = query.where(akun_masuk.c.id == masuk_id)
    return bool((await connection.execute(query.values(ended_at=at))).rowcount)


def _open(token: str, at: int) -> tuple[Any, ...]:
    return (
        akun_tautan.c.token_hash == _hash(token),
        akun_tautan.c.used_at.is_(None),
        akun_tautan.c.expires_at > at,
    )


def _standing(at: int) -> tuple[Any, ...]:
    return (akun_masuk.c.ended_at.is_(None), akun_masuk.c.created_at > at - SESSION_MS)


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _akun(row: Row[Any]) -> Akun:
    spec = AkunSpec(row.masuk, row.nama, row.jabatan, row.peran, row.kode_wilayah, row.opd)
    return Akun(row.id, spec, row.created_at, row.sandi is not None, row.ended_at)
