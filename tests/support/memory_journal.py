"""A journal in memory that honours ``rooms.journal.Journal``, and can lose a reply or an append.

Events go through the codec, so what is read is what a stored journal would give. Rows of ``enlist`` are
written to ``enlisted`` together with the entries or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rooms import codec
from rooms.ids import Actor, CommandId, RoomId
from rooms.journal import Enlist, Entry, JournalConflict, Snapshot
from rooms.meeting.events import Event


class Lost(ConnectionError):
    """The injected fault: the caller cannot know whether the append was committed."""


@dataclass
class MemoryJournal:
    rows: dict[RoomId, list[Entry]] = field(default_factory=dict)
    snapshots: dict[RoomId, Snapshot] = field(default_factory=dict)
    enlisted: list[object] = field(default_factory=list)
    lose_replies: int = 0
    """So many coming appends are committed, but their reply is lost."""
    lose_appends: int = 0
    """So many coming appends are rolled back with a fault."""
    appends: int = 0
    """How many appends were tried."""
    epochs: dict[RoomId, int] = field(default_factory=dict)

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
        self.appends += 1
        rows = self.rows.setdefault(room_id, [])
        if len(rows) != expected_seq:
            raise JournalConflict(f"{room_id} is at {len(rows)}, not {expected_seq}")
        if self.lose_appends:
            self.lose_appends -= 1
            raise Lost("rolled back")
        written: list[object] = []
        if enlist is not None:
            await enlist(written)
        if len(rows) != expected_seq:
            raise JournalConflict(f"{room_id} moved on while enlisting")
        instant = max(at, rows[-1].at if rows else 0)
        epoch = await self.epoch(room_id)
        entries = [
            Entry(
                room_id,
                expected_seq + n,
                epoch,
                instant,
                actor,
                command_id,
                codec.decode(codec.encode(event)),
            )
            for n, event in enumerate(events, 1)
        ]
        rows += entries
        self.enlisted += written
        if self.lose_replies:
            self.lose_replies -= 1
            raise Lost("committed")
        return entries

    async def find(self, room_id: RoomId, actor: Actor, command_id: CommandId) -> list[Entry]:
        return [e for e in self.rows.get(room_id, []) if (e.actor, e.command_id) == (actor, command_id)]

    async def read(
        self, room_id: RoomId, after_seq: int, up_to_at: int | None = None, most: int | None = None
    ) -> list[Entry]:
        tail = self.rows.get(room_id, [])[after_seq:]
        return [e for e in tail if up_to_at is None or e.at <= up_to_at][:most]

    async def epoch(self, room_id: RoomId) -> int:
        return self.epochs.get(room_id, 1)

    async def load_snapshot(self, room_id: RoomId) -> Snapshot | None:
        return self.snapshots.get(room_id)

    async def save_snapshot(self, room_id: RoomId, seq: int, fold_version: int, state: bytes) -> None:
        self.snapshots[room_id] = Snapshot(seq, fold_version, b"", state)
