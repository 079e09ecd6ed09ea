"""Who leads: the pimpinan, the protokol or a substitute, by hand or because the pimpinan's screens left.

Driven by the chair's commands and by the server's word on the pimpinan's screens. The lead is what screens
show and the journal keeps: nothing on the floor or on stage follows from it (R71).
"""

from dataclasses import dataclass
from typing import ClassVar

from rooms.meeting.commands import HandOverChair
from rooms.meeting.events import (
    ChairDropped,
    ChairHandedOver,
    ChairReturned,
    Event,
    MeetingClosed,
    MeetingResumed,
    MeetingSuspended,
    RoomReopened,
)
from rooms.meeting.turns import Stopwatch
from rooms.meeting.vocabulary import Pemimpin


@dataclass(slots=True)
class Chair:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            ChairHandedOver,
            ChairDropped,
            ChairReturned,
            MeetingSuspended,
            MeetingResumed,
            MeetingClosed,
            RoomReopened,
        }
    )
    """The events that move it."""
    holder: Pemimpin = Pemimpin.PIMPINAN
    by_hand: bool = False
    """Somebody else leads because it was said so: a screen that returns does not take the lead back."""
    since: int | None = None
    """When the lead last changed."""
    present: bool = False
    """A screen of the pimpinan is there."""
    dropped: bool = False
    """The screens were there and have gone."""
    grace: Stopwatch | None = None
    """Runs while the pimpinan leads without a screen, and while the meeting is not suspended."""
    frozen: bool = False

    def hand_over(self, command: HandOverChair) -> list[Event]:
        """R71."""
        same = self.holder is command.to and self.grace is None
        settled = self.by_hand if self.holder is Pemimpin.PROTOKOL else self.holder is Pemimpin.PIMPINAN
        return [] if same and settled else [ChairHandedOver(command.to, True, command.nama)]

    def connect(self) -> list[Event]:
        """R72."""
        if self.present:
            return []
        back = self.holder is not Pemimpin.PIMPINAN and not self.by_hand
        return [ChairReturned(), *([ChairHandedOver(Pemimpin.PIMPINAN, False)] if back else ())]

    def drop(self, grace_until: int | None) -> list[Event]:
        """R72. ``grace_until``: None while the meeting does not run."""
        leads = self.holder is Pemimpin.PIMPINAN
        return [ChairDropped(grace_until if leads else None)] if self.present else []

    def deadline(self) -> int | None:
        return None if self.grace is None else self.grace.deadline

    def due(self, now: int) -> list[Event]:
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        return [ChairHandedOver(Pemimpin.PROTOKOL, False)]

    def apply(self, event: Event, at: int) -> None:
        match event:
            case ChairHandedOver():
                self.holder, self.by_hand, self.since, self.grace = event.to, event.by_hand, at, None
            case ChairDropped():
                self.present, self.dropped = False, True
                self.grace = None if event.grace_until is None else Stopwatch(event.grace_until - at)
            case ChairReturned():
                self.present, self.dropped, self.grace = True, False, None
            case MeetingSuspended():
                self.frozen = True
            case MeetingResumed():
                self.frozen = False
            case MeetingClosed():
                self.grace = None
            case RoomReopened() if self.grace is not None and self.grace.since is not None:
                self.grace.since += event.outage_ms
            case _:
                return
        if self.grace is not None and self.frozen:
            self.grace.stop(at)
        elif self.grace is not None:
            self.grace.start(at)
