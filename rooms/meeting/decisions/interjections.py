"""Points of order and responders: who comes in between, and how the floor goes back (R44-R49)."""

from dataclasses import asdict
from typing import assert_never

from rooms.ids import SeatId, TurnId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import OPEN, RUNNING
from rooms.meeting.decisions.leaving import back_to_the_speaker, check_on_air, silence
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.turns import Step, Turn
from rooms.meeting.vocabulary import Consent, SeatKind, TurnKind, TurnMedia, TurnState


def decide(scene: Scene, command: c.InterjectionCommand, now: int) -> list[e.Event]:
    match command:
        case c.RaisePoint():
            return _raise(scene, command)
        case c.WithdrawPoint():
            scene.agenda.need(*RUNNING)
            scene.agenda.seat(command.seat_id)
            if scene.interjections.get(command.point_id).seat_id != command.seat_id:
                raise Refused(Code.NOT_YOURS, command.point_id)
            return [e.PointWithdrawn(command.point_id)]
        case c.DismissPoint():
            scene.agenda.need(*RUNNING)
            return [e.PointDismissed(scene.interjections.get(command.point_id).point_id)]
        case c.GrantPoint():
            return _grant(scene, command, now)
        case c.CallResponder():
            return _respond(scene, command, now)
        case c.EndInterjection():
            return _end(scene, command.turn_id, now)
        case _:
            assert_never(command)


def _raise(scene: Scene, command: c.RaisePoint) -> list[e.Event]:
    """R45."""
    scene.agenda.need(*OPEN)
    scene.agenda.speaking_seat(command.seat_id)
    scene.presence.person_of(command.seat_id, command.peserta_id)
    scene.presence.may_ask(command.peserta_id)
    granted = (turn.point_id for turn in scene.interjections.turns.values())
    if command.point_id in scene.interjections.points or command.point_id in granted:
        raise Refused(Code.DUPLICATE_ID, command.point_id)
    if scene.interjections.of_seat(command.seat_id) is not None:
        raise Refused(Code.ALREADY_QUEUED, command.seat_id)
    if scene.presence.seats[command.seat_id].consent is not Consent.DIREKAM:
        raise Refused(Code.NO_CONSENT, command.seat_id)
    return [e.PointRaised(**asdict(command))]


def _grant(scene: Scene, command: c.GrantPoint, now: int) -> list[e.Event]:
    """R46."""
    scene.agenda.need(*OPEN)
    _check_new(scene, command.turn_id)
    point = scene.interjections.get(command.point_id)
    turn = scene.turns.live
    _check_other_seat(turn, point.seat_id)
    check_on_air(scene, point.seat_id, TurnMedia.PANGGILAN)
    interrupted = turn if turn is not None and turn.state is not TurnState.DITAHAN else None
    if interrupted is not None:
        interrupted.after(Step.SELA)
    began = e.InterjectionBegan(
        turn_id=command.turn_id,
        kind=TurnKind.INTERUPSI,
        seat_id=point.seat_id,
        peserta_id=point.peserta_id,
        point_id=point.point_id,
        media=TurnMedia.PANGGILAN,
        interrupted=interrupted.turn_id if interrupted else None,
    )
    return [*silence(scene, now), began]


def _respond(scene: Scene, command: c.CallResponder, now: int) -> list[e.Event]:
    """R47."""
    scene.agenda.need(*OPEN)
    _check_new(scene, command.turn_id)
    seat = scene.agenda.seat(command.seat_id)
    turn = scene.turns.live
    if turn is None or turn.state not in (TurnState.BICARA, TurnState.DISELA):
        raise Refused(Code.WRONG_STATE, "nobody speaks")
    _check_other_seat(turn, command.seat_id)
    turn.after(Step.SELA)
    in_the_hall = seat.kind is SeatKind.AULA
    if in_the_hall and (command.media is not TurnMedia.HADIR_DI_AULA or command.peserta_id is None):
        raise Refused(Code.BAD_VALUE, "who answers in the hall is named, and needs no call")
    if command.peserta_id is not None:
        scene.presence.person_of(command.seat_id, command.peserta_id)
        scene.presence.may_speak(command.peserta_id)
    if not in_the_hall:
        check_on_air(scene, command.seat_id, command.media)
    began = e.InterjectionBegan(
        turn_id=command.turn_id,
        kind=TurnKind.TANGGAPAN,
        seat_id=command.seat_id,
        peserta_id=command.peserta_id,
        point_id=None,
        media=command.media,
        interrupted=turn.turn_id,
    )
    return [*silence(scene, now), began]


def _end(scene: Scene, turn_id: TurnId, now: int) -> list[e.Event]:
    """R48."""
    scene.agenda.need(*OPEN)
    if turn_id not in scene.interjections.turns:
        raise Refused(Code.UNKNOWN_TURN, turn_id)
    if turn_id != scene.interjections.live_id:
        raise Refused(Code.WRONG_STATE, "has ended")
    return [*silence(scene, now), *back_to_the_speaker(scene, now)]


def _check_new(scene: Scene, turn_id: TurnId) -> None:
    if turn_id in scene.turns.turns or turn_id in scene.interjections.turns:
        raise Refused(Code.DUPLICATE_ID, turn_id)


def _check_other_seat(turn: Turn | None, seat_id: SeatId) -> None:
    if turn is not None and turn.seat_id == seat_id:
        raise Refused(Code.WRONG_STATE, "has the floor")
