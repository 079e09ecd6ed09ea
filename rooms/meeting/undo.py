"""The last call as long as it can be undone: nothing but comings and goings has happened since (R51).

Driven by events. What the call changed elsewhere each part remembers for itself.
"""

from dataclasses import dataclass, field
from typing import ClassVar, get_args

from rooms.ids import SeatId, TurnId
from rooms.meeting import events as e
from rooms.meeting.turns import Turns
from rooms.meeting.vocabulary import TurnState

UNDO_MS = 10_000
"""How long after a call it can be undone."""
_HARMLESS: frozenset[type[e.Event]] = frozenset(
    {
        e.PesertaRegistered,
        e.TurnRequested,
        e.RequestAnswered,
        e.QueueSwitched,
        e.ChairHandedOver,
        e.ChairDropped,
        e.ChairReturned,
        e.IntervalSealed,
        e.IntervalUnsealed,
        e.BersiapChanged,
        e.ReadyConfirmed,
        e.TurnExtended,
        e.TurnWarned,
        e.TurnLimitReached,
        e.TurnPaused,
        e.TurnContinued,
        e.PointRaised,
        e.PointWithdrawn,
        e.PointDismissed,
        e.RecordSwitched,
        e.SeatConnected,
        e.SeatDropped,
        e.SeatPlaced,
        e.SeatReached,
        e.SeatRecognised,
        e.ScreenShared,
        e.ScreenStopped,
        e.DeckAdded,
        e.DeckRemoved,
        e.SlideShown,
        e.SlidesStopped,
        e.NoteLogged,
    }
)
"""After any other event the call stands: somebody has built on it."""


@dataclass(slots=True)
class LastCall:
    HEARS: ClassVar[frozenset[type[e.Event]]] = frozenset(get_args(e.Event)) - _HARMLESS
    """The events that move it: all that do harm, and an outage."""
    turn_id: TurnId | None = None
    """The turn that may still be undone; None: none."""
    ended: TurnId | None = None
    """The turn that the call ended, which then goes on; None: nobody had the floor."""
    held: bool = False
    """Whether that turn was held when the call ended it."""
    bersiap: list[SeatId] = field(default_factory=list)
    """Who was prepared before the call: a frozen head (R42) remembers them."""
    was_held: bool = False
    """Whether the turn that ended last was held then."""
    away_ms: int = 0
    """How long the server was away since the call, which moves the deadline (R33)."""

    def until(self, turns: Turns) -> int | None:
        """The last instant at which it can be undone, in ms."""
        return None if self.turn_id is None else turns.turns[self.turn_id].called_at + self.away_ms + UNDO_MS

    def apply(self, event: e.Event, turns: Turns, bersiap: list[SeatId]) -> None:
        """``turns`` and ``bersiap``: as they were before the event."""
        if isinstance(event, e.RoomReopened):
            self.away_ms += event.outage_ms
            return
        if isinstance(event, e.TurnCalled):
            self.turn_id, self.ended = event.turn_id, event.ends
            self.held = event.ends is not None and self.was_held
            self.bersiap, self.away_ms = list(bersiap), 0
            return
        self.turn_id = None
        if isinstance(event, e.TurnEnded):
            self.was_held = turns.turns[event.turn_id].state is TurnState.DITAHAN
