"""Setting up the meeting, running its agenda, and its end."""

from typing import assert_never

from rooms.ids import RequestId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import NOT_CLOSED, OPEN, RUNNING, check_script
from rooms.meeting.attendance import quorum
from rooms.meeting.decisions.leaving import clear_floor
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.vocabulary import MeetingStatus, TurnState


def decide(scene: Scene, command: c.AgendaCommand, now: int) -> list[e.Event]:
    agenda = scene.agenda
    match command:
        case c.ConfigureMeeting():
            return [agenda.configure(command)]
        case c.AmendAgenda():
            return agenda.amend(command)
        case c.AddSeats():
            return agenda.add(command)
        case c.OpenMeeting():
            return _open(scene)
        case c.StartItem():
            started = agenda.start(command.item_id)
            return [*clear_floor(scene, now), started]
        case c.SuspendMeeting():
            agenda.need(*OPEN)
            return [e.MeetingSuspended()]
        case c.ResumeMeeting():
            agenda.need(MeetingStatus.DISKORS)
            return [e.MeetingResumed()]
        case c.CloseMeeting():
            return _close(scene, now)
        case c.SetScript():
            agenda.need(*NOT_CLOSED)
            check_script(command.seat_ids, agenda.seats)
            return [e.ScriptSet(command.seat_ids)]
        case c.SetOffRecord():
            agenda.need(*RUNNING)
            same = command.off_record == agenda.off_record
            return [] if same else [e.RecordSwitched(command.off_record)]
        case _:
            assert_never(command)


def _open(scene: Scene) -> list[e.Event]:
    """R6, R83."""
    opened, found = scene.agenda.open(), quorum(scene.agenda, scene.presence)
    if scene.agenda.settings.kuorum_wajib and not found.met:
        raise Refused(Code.NO_QUORUM, f"{found.present} of {found.needed}")
    return [opened]


def _close(scene: Scene, now: int) -> list[e.Event]:
    """R9."""
    scene.agenda.need(*RUNNING)
    ended = clear_floor(scene, now)
    waiting: list[RequestId] = [r for order in scene.queue.waiting.values() for r in order]
    turn = scene.turns.live
    lost = any(isinstance(event, e.TurnEnded) and event.outcome is TurnState.PUTUS for event in ended)
    if turn and turn.request_id and lost:
        waiting.append(turn.request_id)
    return [*ended, *map(e.RequestBecameWritten, waiting), e.MeetingClosed()]
