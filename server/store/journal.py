"""The journal in SQL: implements ``rooms.journal.Journal``, one transaction per append.

The key ``(room_id, seq)`` is the lock: of two writers who folded the same tail one gets JournalConflict, and
everything of its transaction, enlisted planning rows too, is rolled back. An append that returned is on disk.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from rooms import codec
from rooms.codec import Stored
from rooms.ids import Actor, CommandId, RoomId
from rooms.journal import Enlist, Entry, JournalConflict, Snapshot
from rooms.meeting.events import Event
from rooms.meeting.seals import Seals, Span
from server.store import chain
from server.store.chain import Link
from server.store.engine import Connection, Database
from server.store.tables import SEALING, journal, rooms, snapshots

_SNAPSHOTS_KEPT = 2

# What every append asks is put together once: that costs as much as its answer.
_ROOM: BindParameter[str] = bindparam("room")
_NOW = select(rooms.c.epoch).where(rooms.c.room_id == _ROOM).scalar_subquery().label("now")
_HEAD = (
    select(journal.c.seq, journal.c.at, journal.c.hash, _NOW)
    .where(journal.c.room_id == _ROOM)
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_SAME = (journal.c.actor == bindparam("actor"), journal.c.command_id == bindparam("command"))
# By part, the end of the key: asked for by seq, SQLite would walk through the whole room instead.
_FOUND = select(journal).where(journal.c.room_id == _ROOM, *_SAME).order_by(journal.c.part)


class SqlJournal:
    """Rooms without a row in ``rooms`` are in epoch 1."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.appends = self.entries = self.conflicts = 0
        """Since this process started: commits, the entries they wrote, and those that came too late."""

    async def append(
        self,
        room_id: RoomId,
        expected_seq: int,
        events: Sequence[Event],
        *,
        at: int,
        actor: Actor,
        command_id: CommandId,
        enlist: Enlist | None = None,
    ) -> list[Entry]:
        async with self._database.write() as connection:
            head_seq, head_at, head_hash, epoch = await _head(connection, room_id)
            if head_seq != expected_seq:
                self.conflicts += 1
                raise JournalConflict(f"{room_id} is at {head_seq}, not {expected_seq}")
            entries: list[Entry] = []
            if events:
                at = max(at, head_at)
                rows: list[dict[str, object]] = []
                for part, event in enumerate(events):
                    seq = expected_seq + part + 1
                    link = chain.forge(
                        head_hash, seq, at, codec.encode(event), secrets.token_bytes(chain.SALT_BYTES)
                    )
                    head_hash = link.hash
                    entries.append(Entry(room_id, seq, epoch, at, actor, command_id, event))
                    rows.append(_row(room_id, epoch, actor, command_id, part, link))
                try:
                    await connection.execute(insert(journal), rows)
                except IntegrityError as error:
                    self.conflicts += 1
                    raise JournalConflict(f"{room_id} moved on from {expected_seq}") from error
            if enlist is not None:
                await enlist(connection)
        self.appends += 1
        self.entries += len(entries)
        return entries

    async def find(self, room_id: RoomId, actor: Actor, command_id: CommandId) -> list[Entry]:
        asked = {"room": room_id, "actor": actor, "command": command_id}
        async with self._database.read() as connection:
            rows = await connection.execute(_FOUND, asked)
            return [_entry(row) for row in rows]

    async def read(
        self, room_id: RoomId, after_seq: int, up_to_at: int | None = None, most: int | None = None
    ) -> list[Entry]:
        query = select(journal).where(journal.c.room_id == room_id, journal.c.seq > after_seq)
        if up_to_at is not None:
            query = query.where(journal.c.at <= up_to_at)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(journal.c.seq).limit(most))
            return [_entry(row) for row in rows]

    async def seals(self) -> dict[RoomId, tuple[Span, ...]]:
        """What is sealed in each session that has such intervals (R67); no room is opened for it."""
        query = select(journal).where(text(SEALING)).order_by(journal.c.room_id, journal.c.seq)
        seals: defaultdict[RoomId, Seals] = defaultdict(Seals)
        async with self._database.read() as connection:
            for row in await connection.execute(query):
                entry = _entry(row)
                seals[entry.room_id].apply(entry.event, entry.at)
        return {room_id: of_room.spans for room_id, of_room in seals.items() if of_room.spans}

    async def epoch(self, room_id: RoomId) -> int:
        async with self._database.read() as connection:
            return await _epoch(connection, room_id)

    async def load_snapshot(self, room_id: RoomId) -> Snapshot | None:
        same_row = (snapshots.c.room_id == journal.c.room_id) & (snapshots.c.seq == journal.c.seq)
        query = (
            select(snapshots)
            .join(journal, same_row & (snapshots.c.head_hash == journal.c.hash))
            .where(snapshots.c.room_id == room_id)
            .order_by(snapshots.c.seq.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Snapshot(row.seq, row.fold_version, row.head_hash, row.state)

    async def save_snapshot(self, room_id: RoomId, seq: int, fold_version: int, state: bytes) -> None:
        """Replaces one at the same ``seq``; only the newest few are kept.

        Raises LookupError when the room has no such entry.
        """
        with suppress(IntegrityError):  # another process folded the same and saved it at the same moment
            await self._save_snapshot(room_id, seq, fold_version, state)

    async def _save_snapshot(self, room_id: RoomId, seq: int, fold_version: int, state: bytes) -> None:
        here = snapshots.c.room_id == room_id
        async with self._database.write() as connection:
            head = select(journal.c.hash).where(journal.c.room_id == room_id, journal.c.seq == seq)
            head_hash = (await connection.execute(head)).scalar_one_or_none()
            if head_hash is None:
                raise LookupError(f"{room_id} has no entry {seq}")
            older = select(snapshots.c.seq).where(here).order_by(snapshots.c.seq.desc())
            kept = list((await connection.scalars(older)).all())
            gone = {seq, *kept[_SNAPSHOTS_KEPT - 1 :]}
            await connection.execute(delete(snapshots).where(here, snapshots.c.seq.in_(gone)))
            await connection.execute(
                insert(snapshots).values(
                    room_id=room_id, seq=seq, fold_version=fold_version, head_hash=head_hash, state=state
                )
            )

    async def verify(self, room_id: RoomId) -> bytes:
        """The head hash, once every row of the room was checked. Raises chain.BrokenChain."""
        query = select(journal).where(journal.c.room_id == room_id).order_by(journal.c.seq)
        async with self._database.read() as connection:
            return chain.verify(room_id, [_link(row) for row in await connection.execute(query)])

    async def erase_private(self, room_id: RoomId, seqs: Sequence[int]) -> None:
        """Forget the words of these entries for good; the chain still verifies.

        Snapshots go too, since they may repeat the words. The bytes leave SQLite's file with its next
        checkpoint, PostgreSQL's with its next vacuum, and backups when they expire.
        """
        where = (journal.c.room_id == room_id, journal.c.seq.in_(seqs))
        async with self._database.write() as connection:
            await connection.execute(update(journal).where(*where).values(private=None, salt=None))
            await connection.execute(delete(snapshots).where(snapshots.c.room_id == room_id))


async def _head(connection: Connection, room_id: str) -> tuple[int, int, bytes, int]:
    """The newest entry's seq, instant and hash, and the epoch that the next one is of."""
    row = (await connection.execute(_HEAD, {"room": room_id})).one_or_none()
    if row is None:
        return 0, 0, chain.genesis(room_id), await _epoch(connection, room_id)
    return row.seq, row.at, row.hash, 1 if row.now is None else row.now


async def _epoch(connection: Connection, room_id: str) -> int:
    epoch = await connection.scalar(select(rooms.c.epoch).where(rooms.c.room_id == room_id))
    return 1 if epoch is None else int(epoch)


def _row(room_id: str, epoch: int, actor: str, command_id: str, part: int, link: Link) -> dict[str, object]:
    return {
        "room_id": room_id,
        "seq": link.seq,
        "epoch": epoch,
        "at": link.at,
        "type": link.stored.type,
        "v": link.stored.v,
        "actor": actor,
        "command_id": command_id,
        "part": part,
        "skeleton": link.stored.skeleton,
        "private": link.stored.private,
        "salt": link.salt,
        "private_hash": link.private_hash,
        "prev_hash": link.prev_hash,
        "hash": link.hash,
    }


def _link(row: Row[Any]) -> Link:
    stored = Stored(row.type, row.v, row.skeleton, row.private)
    return Link(row.seq, row.at, stored, row.salt, row.private_hash, row.prev_hash, row.hash)


def _entry(row: Row[Any]) -> Entry:
    event = codec.decode(Stored(row.type, row.v, row.skeleton, row.private))
    return Entry(row.room_id, row.seq, row.epoch, row.at, row.actor, row.command_id, event)
