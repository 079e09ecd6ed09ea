"""The floor: decisions of the chair about turns; none is taken unless the meeting is open (R8)."""

from itertools import islice
from typing import assert_never

from rooms.ids import SeatId, TurnId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import OPEN
from rooms.meeting.decisions.leaving import check_on_air, clear_floor, line_is_down, silence, silence_over
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.queue import Request
from rooms.meeting.turns import Step, Turn

SHOWN = 10
"""How many places of the suggested order are kept with a call."""


def decide(scene: Scene, command: c.FloorCommand, now: int) -> list[e.Event]:
    scene.agenda.need(*OPEN)
    turns = scene.turns
    match command:
        case c.ConfirmReady():
            scene.agenda.seat(command.seat_id)
            return scene.presence.confirm(command.seat_id, command.ready)
        case c.PassOver():
            return [_pass_over(scene, command.seat_id)]
        case c.CallSeat():
            return _call(scene, command, now)
        case c.UndoCall():
            return _undo(scene, command.turn_id, now)
        case c.ExtendTurn():
            return [turns.extend(command.turn_id, command.seconds)]
        case c.WarnTurn():
            return [turns.warn(command.turn_id)]
        case c.HoldTurn():
            turn = turns.get(command.turn_id)
            turn.after(Step.TAHAN)
            return [*silence_over(scene, turn, now), e.TurnHeld(turn.turn_id, command.message)]
        case c.ContinueTurn():
            return _continue(scene, turns.get(command.turn_id), now)
        case c.EndTurn():
            return _end(scene, turns.get(command.turn_id), Step.CUKUP, now)
        case c.PostponeTurn():
            return _end(scene, turns.get(command.turn_id), Step.TUNDA, now)
        case _:
            assert_never(command)


def _pass_over(scene: Scene, seat_id: SeatId) -> e.SeatPassedOver:
    """R35, R36."""
    scene.agenda.seat(seat_id)
    if seat_id not in scene.presence.bersiap:
        raise Refused(Code.WRONG_STATE, "not in bersiap")
    place = next(place for place in scene.places() if place.seat_id == seat_id)
    return scene.queue.pass_over(seat_id, place.request_id)


def _call(scene: Scene, command: c.CallSeat, now: int) -> list[e.Event]:
    """R21, R22."""
    agenda = scene.agenda
    if not agenda.dialog_runs or agenda.item_id is None:
        raise Refused(Code.QUEUE_CLOSED)
    agenda.speaking_seat(command.seat_id)
    if command.turn_id in scene.turns.turns or command.turn_id in scene.interjections.turns:
        raise Refused(Code.DUPLICATE_ID, command.turn_id)
    request = _request_to_serve(scene, command)
    live = scene.turns.live
    if live is not None and live.seat_id == command.seat_id:
        raise Refused(Code.WRONG_STATE, "has the floor")
    check_on_air(scene, command.seat_id, command.media)
    called = e.TurnCalled(
        turn_id=command.turn_id,
        seat_id=command.seat_id,
        request_id=request.request_id if request else None,
        peserta_id=request.peserta_id if request else None,
        item_id=agenda.item_id,
        media=command.media,
        limit_s=agenda.settings.turn_limit_s,
        policy=scene.policy.name,
        shown=tuple(islice(scene.places(), SHOWN)),
        reason=command.reason,
        suggested=next(scene.callable(), None),
        ends=live.turn_id if live else None,
    )
    return [*clear_floor(scene, now), called]


def _undo(scene: Scene, turn_id: TurnId, now: int) -> list[e.Event]:
    """R51, R52."""
    turn, last = scene.turns.get(turn_id), scene.state.last_call
    until = last.until(scene.turns)
    if last.turn_id != turn_id or until is None:
        raise Refused(Code.WRONG_STATE, turn.state)
    if now > until:
        raise Refused(Code.TOO_LATE)
    undone: list[e.Event] = [turn.end(Step.BATAL, now)]
    if last.ended is None:
        return undone
    before = scene.turns.turns[last.ended]
    if before.peserta_id is not None and scene.queue.busy.get(before.peserta_id) not in (
        None,
        before.request_id,
    ):
        raise Refused(Code.WRONG_STATE, "asked again since")
    before.after(Step.PULIH)
    undone.append(e.TurnRestored(before.turn_id))
    if last.held:
        undone.append(e.TurnHeld(before.turn_id))
    elif line_is_down(scene, before):
        undone.append(e.TurnPaused(before.turn_id, now + scene.agenda.settings.grace_s * 1000))
    return undone


def _request_to_serve(scene: Scene, command: c.CallSeat) -> Request | None:
    if command.request_id is None:
        return scene.queue.first(command.seat_id)
    return scene.queue.get(command.seat_id, command.request_id)


def _end(scene: Scene, turn: Turn, step: Step, now: int) -> list[e.Event]:
    ended = turn.end(step, now)
    return [*silence_over(scene, turn, now), ended]


def _continue(scene: Scene, turn: Turn, now: int) -> list[e.Event]:
    """R25."""
    turn.after(Step.LANJUT)
    check_on_air(scene, turn.seat_id, turn.media)
    return [*silence(scene, now), e.TurnContinued(turn.turn_id)]
