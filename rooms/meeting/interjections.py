"""What comes in between: points of order that wait for the chair, and the one interjection that runs.

An interjection is a turn of its own kind: somebody's *interupsi* or *tanggapan* while the speaker's turn is
``disela``. It has a clock and no limit, and it never counts in the order (R44). Driven by events.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import PesertaId, PointId, SeatId, TurnId
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    Event,
    InterjectionBegan,
    InterjectionEnded,
    MeetingClosed,
    MeetingResumed,
    MeetingSuspended,
    PointDismissed,
    PointRaised,
    PointWithdrawn,
    RoomReopened,
)
from rooms.meeting.turns import Stopwatch
from rooms.meeting.vocabulary import TurnKind, TurnMedia, TurnState


@dataclass(slots=True)
class Point:
    """A point of order that waits for the chair."""

    point_id: PointId
    seat_id: SeatId
    peserta_id: PesertaId
    raised_at: int


@dataclass(slots=True)
class Interjection:
    turn_id: TurnId
    kind: TurnKind
    seat_id: SeatId
    peserta_id: PesertaId | None
    point_id: PointId | None
    media: TurnMedia
    interrupted: TurnId | None
    """The turn that is ``disela`` as long as this runs; None: nobody was speaking."""
    began_at: int
    clock: Stopwatch = field(default_factory=lambda: Stopwatch(0))
    state: TurnState = TurnState.BICARA
    ended_at: int | None = None

    @property
    def by_call(self) -> bool:
        return self.media is TurnMedia.PANGGILAN


@dataclass(slots=True)
class Interjections:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            PointRaised,
            PointWithdrawn,
            PointDismissed,
            InterjectionBegan,
            InterjectionEnded,
            MeetingSuspended,
            MeetingResumed,
            MeetingClosed,
            RoomReopened,
        }
    )
    """The events that move it."""
    points: dict[PointId, Point] = field(default_factory=dict)
    """Those that wait, oldest first."""
    raised: int = 0
    """How many there were."""
    turns: dict[TurnId, Interjection] = field(default_factory=dict)
    live_id: TurnId | None = None

    @property
    def live(self) -> Interjection | None:
        return None if self.live_id is None else self.turns[self.live_id]

    def of_seat(self, seat_id: SeatId) -> Point | None:
        """The point that a seat has raised (R45)."""
        return next((point for point in self.points.values() if point.seat_id == seat_id), None)

    def get(self, point_id: PointId) -> Point:
        """Raises Refused(UNKNOWN_POINT) for one that does not wait."""
        if point_id not in self.points:
            raise Refused(Code.UNKNOWN_POINT, point_id)
        return self.points[point_id]

    def apply(self, event: Event, at: int) -> None:
        match event:
            case PointRaised():
                self.raised += 1
                self.points[event.point_id] = Point(event.point_id, event.seat_id, event.peserta_id, at)
            case PointWithdrawn() | PointDismissed():
                del self.points[event.point_id]
            case InterjectionBegan():
                self._begin(event, at)
            case InterjectionEnded():
                turn = self.turns[event.turn_id]
                turn.clock.stop(at)
                turn.clock.used_ms = event.spoken_ms
                turn.state, turn.ended_at, self.live_id = event.outcome, at, None
            case MeetingSuspended() if self.live is not None:
                self.live.clock.stop(at)
            case MeetingResumed() if self.live is not None:
                self.live.clock.start(at)
            case MeetingClosed():
                self.points.clear()
            case RoomReopened() if self.live is not None and self.live.clock.since is not None:
                self.live.clock.since += event.outage_ms
            case _:
                pass

    def _begin(self, event: InterjectionBegan, at: int) -> None:
        turn = Interjection(
            event.turn_id, event.kind, event.seat_id, event.peserta_id, event.point_id,
            event.media, event.interrupted, at,
        )  # fmt: skip
        turn.clock.start(at)
        self.turns[event.turn_id], self.live_id = turn, event.turn_id
        if event.point_id is not None:
            del self.points[event.point_id]
