"""Who shares a screen beside its own picture, and when that ends (R91-R93). It gives nobody the floor."""

from rooms.ids import SeatId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import RUNNING
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.stage import sharing_refusal
from rooms.meeting.vocabulary import ScreenEnd


def share(scene: Scene, command: c.ShareScreen) -> list[e.Event]:
    """R91, R92."""
    scene.agenda.need(*RUNNING)
    scene.agenda.seat(command.seat_id)
    screens = scene.screens
    if not command.shared:
        return screens.stop(command.seat_id, ScreenEnd.SENDIRI)
    refusal = sharing_refusal(scene, command.seat_id)
    if refusal is not None:
        raise Refused(refusal, command.seat_id)
    if command.seat_id in screens.shared:
        return []
    aula = scene.agenda.aula
    guest = screens.guest(aula) if command.seat_id != aula else None
    before = screens.stop(guest, ScreenEnd.DIGANTI) if guest is not None else []
    return [*before, e.ScreenShared(command.seat_id)]


def stop(scene: Scene, command: c.StopScreen) -> list[e.Event]:
    """R93."""
    scene.agenda.need(*RUNNING)
    scene.agenda.seat(command.seat_id)
    return scene.screens.stop(command.seat_id, ScreenEnd.DIHENTIKAN)


def left(scene: Scene) -> list[e.Event]:
    """R93: shares of seats that could not begin one any more."""
    shared = scene.screens.shared
    return [e.ScreenStopped(s, _why(scene, s)) for s in shared if sharing_refusal(scene, s) is not None]


def _why(scene: Scene, seat_id: SeatId) -> ScreenEnd:
    refusal = sharing_refusal(scene, seat_id)
    return ScreenEnd.PUTUS if refusal is Code.SEAT_ABSENT else ScreenEnd.TURUN
