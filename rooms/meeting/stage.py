"""What a meeting puts on stage: a pure projection of its state (R34), which followers bring about."""

from dataclasses import dataclass

from rooms.ids import SeatId, TurnId
from rooms.meeting.agenda import RUNNING
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import MeetingStatus, TurnState


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
    previews: tuple[SeatId, ...] = ()


def stage(meeting: Meeting) -> StagePlan:
    agenda, turn = meeting.agenda, meeting.turns.live
    if agenda.status not in RUNNING:
        return StagePlan()
    record = not agenda.off_record
    speaker = None
    is_open = agenda.status is MeetingStatus.BERLANGSUNG
    if turn is not None and turn.by_call and turn.state is TurnState.BICARA and is_open:
        speaker = Shown(turn.seat_id, turn.turn_id, record)
    return StagePlan(Shown(agenda.aula, None, record), speaker, tuple(meeting.presence.bersiap))
