"""Who is there and what they agreed to; the server's word on lines and outages; notes that bind to turns."""

from dataclasses import asdict
from typing import assert_never

from rooms.ids import SeatId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import BEGUN, NOT_CLOSED
from rooms.meeting.decisions.desk import drop_chair
from rooms.meeting.decisions.leaving import (
    back_to_the_speaker,
    interjects,
    line_lost,
    off_the_stage,
    silence,
    silence_over,
    speaker_by_call,
)
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.turns import Step
from rooms.meeting.vocabulary import Consent, MeetingStatus, TurnState, Wajah


def decide(scene: Scene, command: c.PresenceCommand, now: int) -> list[e.Event]:
    match command:
        case c.RegisterPeserta():
            return _register(scene, command)
        case c.GiveConsent():
            return _consent(scene, command, now)
        case c.ConnectSeat():
            return _connect(scene, command, now)
        case c.DropSeat():
            return _drop(scene, command, now)
        case c.LogNote():
            return _note(scene, command)
        case c.ReopenRoom():
            return _reopen(scene, command, now)
        case _:
            assert_never(command)


def _register(scene: Scene, command: c.RegisterPeserta) -> list[e.Event]:
    """R11, R104."""
    scene.agenda.need(*NOT_CLOSED)
    scene.agenda.seat(command.seat_id)
    known = scene.presence.peserta.get(command.peserta_id)
    if known and known.seat_id != command.seat_id:
        raise Refused(Code.NOT_YOURS, command.peserta_id)
    if known is None:
        scene.presence.need_room(command.seat_id)
    return [e.PesertaRegistered(**asdict(command))]


def _consent(scene: Scene, command: c.GiveConsent, now: int) -> list[e.Event]:
    """R31."""
    scene.agenda.need(*NOT_CLOSED)
    scene.agenda.seat(command.seat_id)
    if command.consent is Consent.BELUM:
        raise Refused(Code.BAD_VALUE, command.consent)
    if scene.presence.seats[command.seat_id].consent is command.consent:
        return []
    leaves = off_the_stage(scene, command.seat_id, now) if command.consent is Consent.TANPA_REKAMAN else []
    return [*leaves, e.ConsentGiven(command.seat_id, command.consent)]


def _connect(scene: Scene, command: c.ConnectSeat, now: int) -> list[e.Event]:
    """R26, R30, R95, R103."""
    scene.agenda.seat(command.seat_id)
    seat = scene.presence.seats[command.seat_id]
    same = seat.connected and (seat.can_publish, seat.device) == (command.can_publish, command.device)
    if same or scene.agenda.status is MeetingStatus.DITUTUP:
        return []
    connected = e.SeatConnected(command.seat_id, command.can_publish, command.device)
    if seat.wajah_of(command.device) is Wajah.BUKAN:
        # A turn whose line is down waits for the office's own device as long as it would anyway.
        return [*(off_the_stage(scene, command.seat_id, now) if seat.connected else ()), connected]
    another = seat.device not in (None, command.device) and command.device is not None
    if another and seat.wajah_of(command.device) is not Wajah.DIKENAL:
        return [*_off_air_unseen(scene, command.seat_id, now), connected]
    turn = speaker_by_call(scene, command.seat_id)
    if turn and turn.state is TurnState.JEDA and command.can_publish:
        turn.after(Step.LINE_BACK)
        return [connected, e.TurnContinued(turn.turn_id)]
    return [connected]


def _off_air_unseen(scene: Scene, seat_id: SeatId, now: int) -> list[e.Event]:
    """R103: nobody has decided that this device is seen and heard; no event when it would not be."""
    if interjects(scene, seat_id):
        return [*silence(scene, now, TurnState.PUTUS), *back_to_the_speaker(scene, now)]
    turn = speaker_by_call(scene, seat_id)
    if turn is None or turn.state is TurnState.DITAHAN:
        return []
    turn.after(Step.TAHAN)
    return [*silence_over(scene, turn, now), e.TurnHeld(turn.turn_id)]


def _drop(scene: Scene, command: c.DropSeat, now: int) -> list[e.Event]:
    """R26, R30."""
    scene.agenda.seat(command.seat_id)
    seat = scene.presence.seats[command.seat_id]
    if not seat.connected or scene.agenda.status is MeetingStatus.DITUTUP:
        return []
    turn = speaker_by_call(scene, command.seat_id)
    dropped = e.SeatDropped(command.seat_id)
    if interjects(scene, command.seat_id):
        return [dropped, *silence(scene, now, TurnState.PUTUS), *back_to_the_speaker(scene, now)]
    return [dropped, *line_lost(scene, turn, now)]


def _reopen(scene: Scene, command: c.ReopenRoom, now: int) -> list[e.Event]:
    """R33."""
    scene.agenda.need(*NOT_CLOSED)
    if command.away_since < 0:
        raise Refused(Code.BAD_VALUE, "away_since")
    outage_ms = max(0, now - command.away_since)
    turn, live = scene.turns.live, scene.interjections.live
    reopened = e.RoomReopened(outage_ms)
    if live is None or not live.by_call:
        lost = line_lost(scene, turn if turn and turn.by_call else None, now)
        return [reopened, *lost, *drop_chair(scene, now)]
    cut = silence(scene, now, TurnState.PUTUS, outage_ms)
    return [reopened, *cut, *back_to_the_speaker(scene, now, all_lines_down=True), *drop_chair(scene, now)]


def _note(scene: Scene, command: c.LogNote) -> list[e.Event]:
    """R32."""
    scene.agenda.need(*BEGUN)
    if command.note_id in scene.state.notes:
        raise Refused(Code.DUPLICATE_ID, command.note_id)
    if command.seat_id is not None:
        scene.agenda.seat(command.seat_id)
    if command.turn_id is not None and command.turn_id not in scene.interjections.turns:
        scene.turns.get(command.turn_id)
    return [e.NoteLogged(**asdict(command))]
