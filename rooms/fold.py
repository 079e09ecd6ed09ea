"""A journal folded: the meeting and the words beside it, as of one position.

Driven by journal entries in order. It decides nothing; ``load`` gives the newest state of a room by snapshot
and tail, or the state at an instant for replay.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rooms.ids import RoomId
from rooms.journal import Entry, Journal
from rooms.meeting.meeting import Meeting
from rooms.meeting.state import FOLD_VERSION, SnapshotUnreadable
from rooms.ordering.board import Policy
from rooms.words import Words

VERSION = FOLD_VERSION * 1000 + 5
"""Fold version of a room's snapshot: the meeting's, and that of the words beside it."""
PAGE = 1_000
"""Entries that are in memory at a time while a long journal is folded."""


@dataclass(slots=True)
class Fold:
    meeting: Meeting
    words: Words
    seq: int = 0
    """The newest entry that is in it."""

    def apply(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self.meeting.apply(entry.event, entry.at)
            self.words.apply(entry.event)
            self.seq = entry.seq

    def snapshot(self) -> bytes:
        """Two lines of JSON: the meeting, the words."""
        return self.meeting.snapshot() + b"\n" + self.words.snapshot()

    @classmethod
    def restore(cls, policy: Policy, state: bytes, seq: int) -> "Fold":
        """Raises SnapshotUnreadable."""
        try:
            meeting, words = state.split(b"\n")
            return cls(Meeting.restore(policy, meeting), Words.restore(words), seq)
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotUnreadable(str(error)) from error


async def load(journal: Journal, room_id: RoomId, policy: Policy) -> Fold:
    """The newest state; a snapshot of another fold version or one that cannot be read is passed over."""
    fold = Fold(Meeting(policy), Words())
    snapshot = await journal.load_snapshot(room_id)
    if snapshot is not None and snapshot.fold_version == VERSION:
        try:
            fold = Fold.restore(policy, snapshot.state, snapshot.seq)
        except SnapshotUnreadable:
            fold = Fold(Meeting(policy), Words())
    await _read_on(fold, journal, room_id)
    return fold


async def load_at(journal: Journal, room_id: RoomId, policy: Policy, at: int) -> Fold:
    """The state as it was at an instant (ms)."""
    fold = Fold(Meeting(policy), Words())
    await _read_on(fold, journal, room_id, at)
    return fold


async def _read_on(fold: Fold, journal: Journal, room_id: RoomId, up_to_at: int | None = None) -> None:
    while True:
        entries = await journal.read(room_id, fold.seq, up_to_at, PAGE)
        fold.apply(entries)
        if len(entries) < PAGE:
            return
