"""What the desks decide beside the floor: ways of hands, order among people, who leads, what is sealed.

The rules R60-R72, R89, R94-R99, R102; shared screens are ``screens``' affair. None is put on stage here.
"""

from typing import assert_never

from rooms.ids import PesertaId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import BEGUN, NOT_CLOSED, RUNNING
from rooms.meeting.decisions.leaving import back_to_the_speaker, off_the_stage, silence, silence_over
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.decisions.screens import share, stop
from rooms.meeting.errors import Code, Refused
from rooms.meeting.turns import Step
from rooms.meeting.vocabulary import Jalur, MeetingStatus, Sanksi, SeatKind, Wajah


def decide(scene: Scene, command: c.DeskCommand, now: int) -> list[e.Event]:
    """Raises Refused."""
    agenda = scene.agenda
    match command:
        case c.TriageRequest():
            return _triage(scene, command)
        case c.AnswerWritten():
            agenda.need(*BEGUN)
            return [scene.queue.answer(command.request_id, command.jawaban)]
        case c.SetQueue():
            return agenda.set_queue(command.open)
        case c.SanctionPeserta():
            return _sanction(scene, command, now)
        case c.LiftSanction():
            agenda.need(*NOT_CLOSED)
            return scene.presence.lift(command.peserta_id)
        case c.HandOverChair():
            agenda.need(*NOT_CLOSED)
            return scene.state.chair.hand_over(command)
        case c.PlaceSeat():
            return _place(scene, command)
        case c.ReachSeat():
            return _reach(scene, command)
        case c.RecogniseSeat():
            return _recognise(scene, command, now)
        case c.ShareScreen():
            return share(scene, command)
        case c.StopScreen():
            return stop(scene, command)
        case c.AddDeck():
            agenda.need(*NOT_CLOSED)
            return scene.state.slides.add(command.deck_id, command.pages, command.nama)
        case c.RemoveDeck():
            agenda.need(*NOT_CLOSED)
            return scene.state.slides.remove(command.deck_id)
        case c.ShowSlide():
            agenda.need(*RUNNING)
            return scene.state.slides.show(command.deck_id, command.page)
        case c.StopSlides():
            agenda.need(*RUNNING)
            return scene.state.slides.stop()
        case c.ConnectChair():
            return [] if agenda.status is MeetingStatus.DITUTUP else scene.state.chair.connect()
        case c.DropChair():
            return [] if agenda.status is MeetingStatus.DITUTUP else drop_chair(scene, now)
        case c.SealInterval():
            agenda.need(*BEGUN)
            return [scene.state.seals.seal(command, now)]
        case c.UnsealInterval():
            agenda.need(*BEGUN)
            return scene.state.seals.unseal(command.seal_id)
        case _:
            assert_never(command)


def drop_chair(scene: Scene, now: int) -> list[e.Event]:
    """R72; no event when no screen of the pimpinan was there."""
    runs = scene.agenda.status in RUNNING
    return scene.state.chair.drop(now + scene.agenda.settings.grace_s * 1000 if runs else None)


def _place(scene: Scene, command: c.PlaceSeat) -> list[e.Event]:
    """R89."""
    scene.agenda.need(*NOT_CLOSED)
    if scene.agenda.seat(command.seat_id).kind is SeatKind.AULA:
        raise Refused(Code.BAD_VALUE, "the hall stands in itself")
    same = scene.presence.seats[command.seat_id].di_aula == command.di_aula
    return [] if same else [e.SeatPlaced(command.seat_id, command.di_aula)]


def _reach(scene: Scene, command: c.ReachSeat) -> list[e.Event]:
    """R96."""
    scene.agenda.need(*NOT_CLOSED)
    scene.agenda.speaking_seat(command.seat_id)
    same = scene.presence.seats[command.seat_id].telepon == command.telepon
    return [] if same else [e.SeatReached(command.seat_id, command.telepon)]


def _recognise(scene: Scene, command: c.RecogniseSeat, now: int) -> list[e.Event]:
    """R94, R95."""
    scene.agenda.need(*NOT_CLOSED)
    scene.agenda.seat(command.seat_id)
    seat = scene.presence.seats[command.seat_id]
    if not seat.connected or seat.device is None or seat.alat != command.alat:
        raise Refused(Code.WRONG_STATE, "another device, or none")
    if seat.wajah is (Wajah.DIKENAL if command.dikenal else Wajah.BUKAN):
        return []
    leaves = [] if command.dikenal else off_the_stage(scene, command.seat_id, now)
    return [*leaves, e.SeatRecognised(command.seat_id, seat.device, command.dikenal)]


def _triage(scene: Scene, command: c.TriageRequest) -> list[e.Event]:
    """R60."""
    scene.agenda.need(*RUNNING)
    triaged = scene.queue.triage(command.request_id, command.jalur)
    if triaged and command.jalur is Jalur.BICARA:
        scene.presence.may_speak(scene.queue.requests[command.request_id].peserta_id)
    return triaged


def _sanction(scene: Scene, command: c.SanctionPeserta, now: int) -> list[e.Event]:
    """R64, R65."""
    scene.agenda.need(*NOT_CLOSED)
    sanctioned = scene.presence.sanction(command.peserta_id, command.jenis, command.alasan)
    if not sanctioned or command.jenis is Sanksi.PERINGATAN:
        return sanctioned
    return [*sanctioned, *_silence(scene, command.peserta_id, now)]


def _silence(scene: Scene, peserta_id: PesertaId, now: int) -> list[e.Event]:
    """R65: the seat and its other peserta are not touched."""
    turn, between = scene.turns.live, scene.interjections.live
    waiting = scene.queue.waiting_of(peserta_id)
    points = [p.point_id for p in scene.interjections.points.values() if p.peserta_id == peserta_id]
    events: list[e.Event] = list(map(e.PointDismissed, points))
    if turn is not None and turn.peserta_id == peserta_id:
        events += [*silence_over(scene, turn, now), turn.end(Step.CUKUP, now)]
    elif between is not None and between.peserta_id == peserta_id:
        events += [*silence(scene, now), *back_to_the_speaker(scene, now)]
    return [*events, e.RequestBecameWritten(waiting)] if waiting else events
