"""What a meeting puts on stage: a pure projection of its state (R34), which followers bring about."""

from dataclasses import dataclass, replace

from rooms.ids import SeatId, TurnId
from rooms.meeting.agenda import RUNNING
from rooms.meeting.meeting import Meeting
from rooms.meeting.turns import Turn
from rooms.meeting.vocabulary import MeetingStatus, SeatKind, TurnKind, TurnState


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
    previews: tuple[SeatId, ...] = ()
    di_aula: frozenset[SeatId] = frozenset()
    """Whose devices stand in the hall, its own among them; empty when there is only that one (R89)."""
    panel: tuple[SeatId, ...] = ()
    """Whose small pictures the consoles may see (R90)."""

    @property
    def on_stage(self) -> "StagePlan":
        """Without what no screen waits for."""
        return replace(self, di_aula=frozenset(), panel=())


def stage(meeting: Meeting) -> StagePlan:
    if meeting.agenda.status not in RUNNING:
        return StagePlan()
    return replace(_slots(meeting), di_aula=_in_the_hall(meeting), panel=_panel(meeting))


def _panel(meeting: Meeting) -> tuple[SeatId, ...]:
    seats, standing, bersiap = meeting.agenda.seats, meeting.presence.seats, meeting.presence.bersiap
    return tuple(
        seat_id
        for seat_id, seat in seats.items()
        if (seat.kind is SeatKind.DIALOG or seat_id in bersiap) and standing[seat_id].on_air_refusal is None
    )


def _in_the_hall(meeting: Meeting) -> frozenset[SeatId]:
    placed = {seat_id for seat_id, seat in meeting.presence.seats.items() if seat.di_aula}
    return frozenset({meeting.agenda.aula, *placed}) if placed else frozenset()


def _slots(meeting: Meeting) -> StagePlan:
    agenda, turn = meeting.agenda, meeting.turns.live
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
        return StagePlan(aula, speaker, other, previews)
    return StagePlan(aula, other, previews=previews)


def _on_air(meeting: Meeting, turn: Turn) -> bool:
    """An interrupted speaker stays on stage as long as its line is there (R47)."""
    if turn.state is TurnState.DISELA:
        return meeting.presence.seats[turn.seat_id].on_air_refusal is None
    return turn.state is TurnState.BICARA
