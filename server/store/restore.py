"""Putting a backup back: checked first, then taken over whole, and every room in a new epoch.

Screens and media processes may know positions that the backup has not reached; a new epoch tells them that
what they know is of another history, so that they take everything anew instead of resuming. What was ended
since the backup (``endings``) stays ended, as far as the database that is replaced can still be read.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError, OperationalError

from rooms.ids import RoomId
from server.store import endings
from server.store.endings import Ended, Known
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from server.store.tables import rooms

log = logging.getLogger(__name__)

CHECKED = ".dipulihkan"
"""Name's end of the copy that is checked before it counts."""


class BadBackup(RuntimeError):
    """It cannot be put back; nothing was changed. The message says why."""


@dataclass(frozen=True, slots=True)
class Restored:
    before: Path | None
    """The copy of what stood there before; None when nothing did."""
    ended: Ended | None
    """What had ended since the backup; None when nothing that could be read tells."""


async def restore(file: Path, backup: Path, *, at_s: int, reopen: bool = False) -> Restored:
    """Make ``backup`` the content of the SQLite database ``file`` (absolute), which no server has open.

    ``at_s``: unix time; ``reopen``: what had ended since is open again, as in the backup. Raises BadBackup,
    DatabaseInUse.
    """
    existed = await asyncio.to_thread(file.exists)
    before = file.with_name(f"{file.name}.{at_s}") if existed else None
    checked = file.with_name(file.name + CHECKED)
    database = await _opened(file)
    try:
        if database is None:
            # What cannot even be opened is what backups are for; once this one is whole it makes way.
            await asyncio.to_thread(_take, backup, checked)
            await asyncio.to_thread(_set_aside, file, f".{at_s}")
            existed, database = False, await Database.open(f"sqlite:///{file}")
        try:
            await asyncio.to_thread(_take, backup, checked)
            newer = await _known(database) if existed else None
            ended = await _renew(checked, at_s, newer, reopen=reopen)
            if existed and before is not None:
                await asyncio.to_thread(_copy, file, before)
            await asyncio.to_thread(_copy, checked, file)
        finally:
            await database.close()
    finally:
        for leftover in _files_of(checked):
            leftover.unlink(missing_ok=True)
    return Restored(before, ended)


async def _opened(file: Path) -> Database | None:
    """None: what is there is no database, or none any more."""
    try:
        return await Database.open(f"sqlite:///{file}")
    except OperationalError:
        raise  # no right to it, no room on the disk: nothing is said of what it holds
    except DatabaseError:
        return None


async def new_epochs(database: Database, at_s: int) -> dict[RoomId, int]:
    """Check every room's chain, then begin a new epoch in each. Raises chain.BrokenChain.

    The number is the time, so that a backup that is put back twice begins two epochs.
    """
    async with database.read() as connection:
        known = {RoomId(row.room_id): row.epoch for row in await connection.execute(select(rooms))}
    journal = SqlJournal(database)
    for room_id in known:
        await journal.verify(room_id)
    epochs = {room_id: max(epoch + 1, at_s) for room_id, epoch in known.items()}
    async with database.write() as connection:
        for room_id, epoch in epochs.items():
            await connection.execute(update(rooms).where(rooms.c.room_id == room_id).values(epoch=epoch))
    return epochs


async def _known(database: Database) -> Known | None:
    """None when it cannot be read, be it damaged or of a release that knew less."""
    try:
        return await endings.known(database)
    except Exception:
        log.warning("what stands there cannot be compared with the backup", exc_info=True)
        return None


async def _renew(file: Path, at_s: int, newer: Known | None, *, reopen: bool) -> Ended | None:
    database = await Database.open(f"sqlite:///{file}")
    try:
        await migrate(database)
        await new_epochs(database, at_s)
        if newer is None:
            return None
        ended = endings.ended(newer, await endings.known(database))
        if ended is not None and not reopen:
            await endings.carry(database, ended)
        return ended
    except Exception as error:
        raise BadBackup(str(error)) from error
    finally:
        await database.close()


def _take(backup: Path, to: Path) -> None:
    if not backup.is_file():
        raise BadBackup(f"{backup}: tidak ada berkas itu")
    for leftover in _files_of(to):
        leftover.unlink(missing_ok=True)
    try:
        _copy(backup, to)
        with closing(sqlite3.connect(to)) as copy:
            (verdict,) = copy.execute("PRAGMA integrity_check").fetchone()
            (journals,) = copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'journal'").fetchone()
    except sqlite3.Error as error:
        raise BadBackup(f"{backup}: {error}") from error
    if verdict != "ok" or not journals:
        raise BadBackup(f"{backup}: bukan basis data Rembug yang utuh ({verdict})")


def _copy(source: Path, target: Path) -> None:
    """In one transaction of the target's."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as given,
        closing(sqlite3.connect(target)) as kept,
    ):
        given.backup(kept)


def _set_aside(file: Path, end: str) -> None:
    for part in _files_of(file):
        if part.exists() and part.suffix != ".lock":
            part.rename(part.with_name(part.name.replace(file.name, file.name + end, 1)))


def _files_of(database: Path) -> Iterable[Path]:
    return (database.with_name(database.name + end) for end in ("", "-wal", "-shm", ".lock"))
