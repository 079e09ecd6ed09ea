"""When each turn had the floor: the spans in which its clock ran, heard from a journal as it is folded."""

from collections.abc import Iterable, Mapping

from rooms.fold import Fold
from rooms.ids import TurnId
from rooms.journal import Entry
from rooms.meeting.events import RoomReopened
from rooms.meeting.interjections import Interjection
from rooms.meeting.meeting import Meeting
from rooms.meeting.turns import Turn
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.words import Words

Intervals = Mapping[TurnId, list[tuple[int, int | None]]]


class Spoken:
    """Told every entry right after the meeting has applied it."""

    def __init__(self) -> None:
        self.intervals: dict[TurnId, list[tuple[int, int | None]]] = {}
        """Of each turn the spans ``[from, to)``; ``to`` is None for a clock that still runs."""
        self._speaking: TurnId | None = None

    def hear(self, entry: Entry, meeting: Meeting) -> None:
        """An outage counts for nobody: a span that it cut ends where the outage began."""
        now = next((turn.turn_id for turn in _live(meeting) if turn.clock.since is not None), None)
        outage_ms = entry.event.outage_ms if isinstance(entry.event, RoomReopened) else 0
        if now == self._speaking and not outage_ms:
            return
        if self._speaking is not None:
            start, _ = self.intervals[self._speaking][-1]
            self.intervals[self._speaking][-1] = (start, max(start, entry.at - outage_ms))
        if now is not None:
            self.intervals.setdefault(now, []).append((entry.at, None))
        self._speaking = now


def replayed(entries: Iterable[Entry]) -> tuple[Fold, Intervals]:
    """The state at the end, and of each turn the spans in which its clock ran."""
    fold, spoken = Fold(Meeting(NASKAH_BERGILIR), Words()), Spoken()
    for entry in entries:
        fold.apply([entry])
        spoken.hear(entry, fold.meeting)
    return fold, spoken.intervals


def _live(meeting: Meeting) -> list[Turn | Interjection]:
    """At most one of their clocks runs: who is interrupted stands still."""
    return [turn for turn in (meeting.turns.live, meeting.interjections.live) if turn is not None]
