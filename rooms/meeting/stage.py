"""What a meeting puts on stage: a pure projection of its state (R34, R92), which followers bring about."""

from dataclasses import dataclass, replace
from typing import Protocol

from rooms.ids import SeatId, TurnId
from rooms.meeting.agenda import RUNNING, Agenda
from rooms.meeting.errors import Code
from rooms.meeting.interjections import Interjections
from rooms.meeting.presence import Presence
from rooms.meeting.screens import Screens
from rooms.meeting.slides import Slides
from rooms.meeting.turns import Turn, Turns
from rooms.meeting.vocabulary import MeetingStatus, SeatKind, TurnKind, TurnState


class Staged(Protocol):
    """What the stage is made of: a meeting, or what its decisions look at."""

    @property
    def agenda(self) -> Agenda: ...
    @property
    def presence(self) -> Presence: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def interjections(self) -> Interjections: ...
    @property
    def screens(self) -> Screens: ...
    @property
    def slides(self) -> Slides: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """A seat in a slot."""

    seat_id: SeatId
    turn_id: TurnId | None
    record: bool


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The whole stage; None: the slot is silent."""

    aula: Shown | None = None
    speaker: Shown | None = None
    responder: Shown | None = None
    screen: Shown | None = None
    """Whose shared screen is seen."""
    previews: tuple[SeatId, ...] = ()
    di_aula: frozenset[SeatId] = frozenset()
    """Whose devices stand in the hall, its own among them; empty when there is only that one (R89)."""
    panel: tuple[SeatId, ...] = ()
    """Whose small pictures the consoles may see (R90)."""

    @property
    def on_stage(self) -> "StagePlan":
        """Without what no screen waits for."""
        return replace(self, di_aula=frozenset(), panel=())


def stage(meeting: Staged) -> StagePlan:
    plan = _slots(meeting)
    if plan.aula is None:
        return plan
    return replace(plan, screen=_screen(meeting, plan), di_aula=_in_the_hall(meeting), panel=_panel(meeting))


def sharing_refusal(meeting: Staged, seat_id: SeatId) -> Code | None:
    """Why a seat may not share its screen now; None: it may (R91)."""
    if not meeting.presence.seats[seat_id].connected:
        return Code.SEAT_ABSENT
    return None if _place_of(_slots(meeting), seat_id) is not None else Code.WRONG_STATE


def _place_of(plan: StagePlan, seat_id: SeatId) -> Shown | None:
    return next((s for s in (plan.aula, plan.speaker, plan.responder) if s and s.seat_id == seat_id), None)


def _screen(meeting: Staged, plan: StagePlan) -> Shown | None:
    """R92: a guest's before the hall's, of the turn that its seat is on stage for (R99: none by a page)."""
    if meeting.slides.shown is not None:
        return None
    shared, aula = meeting.screens, meeting.agenda.aula
    seat_id = shared.guest(aula) or (aula if aula in shared.shared else None)
    return _place_of(plan, seat_id) if seat_id is not None else None


def _panel(meeting: Staged) -> tuple[SeatId, ...]:
    seats, standing, bersiap = meeting.agenda.seats, meeting.presence.seats, meeting.presence.bersiap
    return tuple(
        seat_id
        for seat_id, seat in seats.items()
        if (seat.kind is SeatKind.DIALOG or seat_id in bersiap)
        # Who is held off the stage is looked at again.
        and standing[seat_id].on_air_refusal in (None, Code.NOT_KNOWN)
    )


def _in_the_hall(meeting: Staged) -> frozenset[SeatId]:
    placed = {seat_id for seat_id, seat in meeting.presence.seats.items() if seat.di_aula}
    return frozenset({meeting.agenda.aula, *placed}) if placed else frozenset()


def _slots(meeting: Staged) -> StagePlan:
    agenda, turn = meeting.agenda, meeting.turns.live
    if agenda.status not in RUNNING:
        return StagePlan()
    record = not agenda.off_record
    aula, previews = Shown(agenda.aula, None, record), tuple(meeting.presence.bersiap)
    if agenda.status is not MeetingStatus.BERLANGSUNG:
        return StagePlan(aula, previews=previews)
    speaker = None
    if turn is not None and turn.by_call and _on_air(meeting, turn):
        speaker = Shown(turn.seat_id, turn.turn_id, record)
    live = meeting.interjections.live
    if live is None or not live.by_call:
        return StagePlan(aula, speaker, previews=previews)
    other = Shown(live.seat_id, live.turn_id, record)
    if live.kind is TurnKind.TANGGAPAN:
        return StagePlan(aula, speaker, other, previews=previews)
    return StagePlan(aula, other, previews=previews)


def _on_air(meeting: Staged, turn: Turn) -> bool:
    """An interrupted speaker stays on stage as long as its line is there (R47)."""
    if turn.state is TurnState.DISELA:
        return meeting.presence.seats[turn.seat_id].on_air_refusal is None
    return turn.state is TurnState.BICARA
