"""Shared screens: who shares, and why whoever shared last no longer does (R91-R93).

Driven by events. Who may share follows from the stage and is decided elsewhere; at most the hall and one
guest share at a time.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import SeatId
from rooms.meeting.events import Event, ScreenShared, ScreenStopped
from rooms.meeting.vocabulary import ScreenEnd


@dataclass(slots=True)
class Screens:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset({ScreenShared, ScreenStopped})
    """The events that move it."""
    shared: list[SeatId] = field(default_factory=list)
    """Who shares now."""
    ended: dict[SeatId, ScreenEnd] = field(default_factory=dict)
    """How the newest share of a seat ended that does not share any more."""

    def guest(self, aula: SeatId) -> SeatId | None:
        """Who shares beside the hall (R92)."""
        return next((seat_id for seat_id in self.shared if seat_id != aula), None)

    def stop(self, seat_id: SeatId, why: ScreenEnd) -> list[Event]:
        return [ScreenStopped(seat_id, why)] if seat_id in self.shared else []

    def apply(self, event: Event, _at: int) -> None:
        match event:
            case ScreenShared():
                self.shared.append(event.seat_id)
                self.ended.pop(event.seat_id, None)
            case ScreenStopped():
                self.shared.remove(event.seat_id)
                self.ended[event.seat_id] = event.why
            case _:
                pass
