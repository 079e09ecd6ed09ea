"""The journal as the rooms see it: an append-only row per event, whose key ``(room_id, seq)`` is the lock.

Implemented by ``server.store.journal``. Whoever appends states the last ``seq`` it has folded; if the room
has moved on, nothing is written and the caller rereads, decides again and retries.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from rooms.ids import Actor, CommandId, RoomId
from rooms.meeting.events import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored event."""

    room_id: RoomId
    seq: int
    """1, 2, 3 ... without gaps."""
    epoch: int
    """New after a restore from a backup."""
    at: int
    """ms since the epoch (UTC); never smaller than the entry before."""
    actor: Actor
    command_id: CommandId
    event: Event


@dataclass(frozen=True, slots=True)
class Snapshot:
    seq: int
    fold_version: int
    head_hash: bytes
    state: bytes


Enlist = Callable[[object], Awaitable[None]]
"""Writes planning rows in the append's transaction; receives the store's connection."""


class JournalConflict(Exception):
    """The room is no longer at ``expected_seq``; the transaction was rolled back."""


class Journal(Protocol):
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
        """Write ``events`` as ``expected_seq + 1 ...`` and run ``enlist``, all or nothing.

        Returns the stored entries, after the commit. Their ``at`` is ``max(at, last at)``. ``events`` may be
        empty when only ``enlist`` has work: then nothing but its rows is written.
        Raises JournalConflict.
        """
        ...

    async def find(self, room_id: RoomId, actor: Actor, command_id: CommandId) -> list[Entry]:
        """The entries an earlier attempt of this command wrote; empty if there was none."""
        ...

    async def read(
        self, room_id: RoomId, after_seq: int, up_to_at: int | None = None, most: int | None = None
    ) -> list[Entry]:
        """Entries with ``seq > after_seq`` (and ``at <= up_to_at``) in order; the first ``most`` of them."""
        ...

    async def epoch(self, room_id: RoomId) -> int: ...

    async def load_snapshot(self, room_id: RoomId) -> Snapshot | None:
        """The newest snapshot whose head hash still matches the chain."""
        ...

    async def save_snapshot(self, room_id: RoomId, seq: int, fold_version: int, state: bytes) -> None: ...


def decisions(entries: Iterable[Entry]) -> Iterator[tuple[int, list[Event]]]:
    """Entries in order -> of each decision its instant (ms) and its events."""
    for _, group in groupby(entries, lambda entry: (entry.actor, entry.command_id)):
        decided = list(group)
        yield decided[0].at, [entry.event for entry in decided]
