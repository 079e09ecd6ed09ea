"""What a session's journal tells its papers: who was there, who spoke and how long, what the chair decided.

Pure: journal entries in, an ``Account`` out. Names and words are those of ``rooms.words``; an erased one is
empty. Undone calls are as if they had never been made (R51).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rooms.fold import Fold
from rooms.ids import PesertaId, SeatId, TurnId
from rooms.journal import Entry
from rooms.meeting.attendance import Counts, Quorum, count, quorum
from rooms.meeting.events import (
    ChairHandedOver,
    Event,
    IntervalSealed,
    IntervalUnsealed,
    MeetingClosed,
    MeetingOpened,
    MeetingResumed,
    MeetingSuspended,
    PesertaSanctioned,
    PointDismissed,
    QueueSwitched,
    RecordSwitched,
    RequestTriaged,
    SanctionLifted,
)
from rooms.meeting.interjections import Interjection
from rooms.meeting.meeting import Meeting
from rooms.meeting.seals import Span, merged
from rooms.meeting.turns import Turn
from rooms.meeting.vocabulary import TurnKind, TurnState
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.spoken import Spoken
from rooms.words import Words

Decision = (
    ChairHandedOver
    | MeetingSuspended
    | MeetingResumed
    | PesertaSanctioned
    | SanctionLifted
    | PointDismissed
    | QueueSwitched
    | RecordSwitched
    | RequestTriaged
    | IntervalSealed
    | IntervalUnsealed
)
"""What the chair decides besides calling and ending turns."""


@dataclass(frozen=True, slots=True)
class Speech:
    """One turn, or what came in between."""

    turn_id: TurnId
    kind: TurnKind
    seat_id: SeatId
    peserta_id: PesertaId | None
    topic: str
    turn: Turn | Interjection
    started_at: int
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class Decided:
    at: int
    event: Decision
    seat_id: SeatId | None
    """The office that it was about."""


@dataclass(frozen=True, slots=True)
class Account:
    fold: Fold
    """The state at the end."""
    at: int
    """Instant of the newest entry."""
    speeches: tuple[Speech, ...]
    """In the order in which they began, without undone calls."""
    undone: Mapping[TurnId, TurnId | None]
    """Turn of an undone call -> the one that went on, or None (R53)."""
    decisions: tuple[Decided, ...]
    off_record: tuple[Span, ...]
    quorum_opened: Quorum | None
    """As it was shown at the opening; None: it has not been opened."""
    quorum_closed: Quorum | None
    """At the last moment before the close."""
    counts: Counts

    @property
    def meeting(self) -> Meeting:
        return self.fold.meeting

    @property
    def closed_spans(self) -> tuple[Span, ...]:
        """What is sealed and what was off the record: nobody's words of then stand in a paper."""
        return merged([*self.meeting.state.seals.spans, *self.off_record])

    def label(self, seat_id: SeatId | None) -> str:
        seat = None if seat_id is None else self.meeting.agenda.seats.get(seat_id)
        return seat.label if seat else ""


def account(entries: Iterable[Entry]) -> Account:
    """From the whole journal of one session, in order."""
    fold, spoken = Fold(Meeting(NASKAH_BERGILIR), Words()), Spoken()
    decisions: list[Decided] = []
    off_record: list[Span] = []
    off_since: int | None = None
    quorums: dict[type[Event], Quorum] = {}
    at = 0
    for entry in entries:
        at, event, meeting = entry.at, entry.event, fold.meeting
        if isinstance(event, MeetingOpened | MeetingClosed):
            quorums[type(event)] = quorum(meeting.agenda, meeting.presence)
        if isinstance(event, Decision):
            decisions.append(Decided(at, event, _concerned(event, meeting)))
        if isinstance(event, RecordSwitched | MeetingClosed):
            if off_since is not None:
                off_record.append((off_since, at))
            off_since = at if isinstance(event, RecordSwitched) and event.off_record else None
        fold.apply([entry])
        spoken.hear(entry, meeting)
    if off_since is not None:
        off_record.append((off_since, at + 1))
    meeting = fold.meeting
    undone = {t.turn_id: t.ends for t in meeting.turns.turns.values() if t.state is TurnState.DIBATALKAN}
    return Account(
        fold,
        at,
        tuple(speech for speech in _speeches(fold, spoken, at) if speech.turn_id not in undone),
        undone,
        tuple(decisions),
        tuple(off_record),
        quorums.get(MeetingOpened),
        quorums.get(MeetingClosed),
        count(meeting.agenda, meeting.presence, meeting.state.attendance),
    )


def _concerned(event: Decision, meeting: Meeting) -> SeatId | None:
    """Told before the event is applied: a point that is dismissed is gone after it."""
    match event:
        case PesertaSanctioned() | SanctionLifted():
            return meeting.presence.peserta[event.peserta_id].seat_id
        case PointDismissed():
            return meeting.interjections.points[event.point_id].seat_id
        case RequestTriaged():
            return meeting.queue.requests[event.request_id].seat_id
        case _:
            return None


def _speeches(fold: Fold, spoken: Spoken, at: int) -> list[Speech]:
    words = fold.words
    begun: list[tuple[int, TurnKind, str | None, Turn | Interjection]] = [
        *(
            (turn.called_at, TurnKind.GILIRAN, words.topic(turn.request_id), turn)
            for turn in fold.meeting.turns.turns.values()
        ),
        *(
            (turn.began_at, turn.kind, words.point(turn.point_id), turn)
            for turn in fold.meeting.interjections.turns.values()
        ),
    ]
    return [
        Speech(
            turn.turn_id,
            kind,
            turn.seat_id,
            turn.peserta_id,
            topic or "",
            turn,
            started_at,
            sum((until or at) - since for since, until in spoken.intervals.get(turn.turn_id, ())),
        )
        for started_at, kind, topic, turn in sorted(begun, key=lambda entry: entry[0])
    ]
