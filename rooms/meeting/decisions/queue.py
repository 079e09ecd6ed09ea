"""An office's own queue: its hands, their order, and who may raise one."""

from dataclasses import asdict
from typing import assert_never

from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import OPEN, RUNNING
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.vocabulary import Consent


def decide(scene: Scene, command: c.QueueCommand) -> list[e.Event]:
    match command:
        case c.RequestTurn():
            return _request(scene, command)
        case c.WithdrawRequest():
            scene.agenda.need(*RUNNING)
            scene.agenda.seat(command.seat_id)
            return [e.RequestWithdrawn(scene.queue.get(command.seat_id, command.request_id).request_id)]
        case c.ReorderRequests():
            scene.agenda.need(*RUNNING)
            scene.agenda.seat(command.seat_id)
            return scene.queue.reorder(command.seat_id, command.request_ids)
        case _:
            assert_never(command)


def _request(scene: Scene, command: c.RequestTurn) -> list[e.Event]:
    """R12-R14, R104, R105."""
    scene.agenda.need(*OPEN)
    if not scene.agenda.queue_open:
        raise Refused(Code.QUEUE_CLOSED)
    scene.agenda.speaking_seat(command.seat_id)
    scene.presence.person_of(command.seat_id, command.peserta_id)
    scene.queue.request(command.request_id, command.peserta_id)
    scene.presence.may_ask(command.peserta_id)
    if scene.presence.seats[command.seat_id].consent is Consent.TANPA_REKAMAN:
        raise Refused(Code.NO_CONSENT, command.seat_id)
    scene.queue.need_room(command.seat_id)
    return [e.TurnRequested(**asdict(command))]
