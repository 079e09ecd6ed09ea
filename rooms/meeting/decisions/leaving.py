"""How the floor is left and comes back: for somebody else, or because a line dropped.

The decisions of every area need it. Nothing is refused here but a seat that cannot go on air.
"""

from rooms.ids import SeatId
from rooms.meeting import events as e
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Code, Refused
from rooms.meeting.turns import Step, Turn
from rooms.meeting.vocabulary import Consent, TurnMedia, TurnState


def check_on_air(scene: Scene, seat_id: SeatId, media: TurnMedia) -> None:
    """R22; raises Refused."""
    seat = scene.presence.seats[seat_id]
    refusal = seat.on_air_refusal if media is TurnMedia.PANGGILAN else None
    if refusal is None and seat.consent is Consent.TANPA_REKAMAN:
        refusal = Code.NO_CONSENT
    if refusal is not None:
        raise Refused(refusal, seat_id)


def clear_floor(scene: Scene, now: int) -> list[e.Event]:
    """R24, R49."""
    turn = scene.turns.live
    return [*silence(scene, now), *([] if turn is None else [give_way(scene, turn, now)])]


def give_way(scene: Scene, turn: Turn, now: int) -> e.TurnEnded:
    """R24: the floor goes elsewhere; a speaker whose line is down has not finished."""
    down = turn.state is TurnState.JEDA or (turn.state is TurnState.DISELA and line_is_down(scene, turn))
    return turn.end(Step.GRACE_OVER if down else Step.CUKUP, now)


def line_is_down(scene: Scene, turn: Turn) -> bool:
    return turn.by_call and scene.presence.seats[turn.seat_id].on_air_refusal is not None


def speaker_by_call(scene: Scene, seat_id: SeatId) -> Turn | None:
    """The live turn if it is this seat's and its line carries it."""
    turn = scene.turns.live
    return turn if turn and turn.seat_id == seat_id and turn.by_call else None


def line_lost(scene: Scene, turn: Turn | None, now: int) -> list[e.Event]:
    """R26."""
    return [_pause(scene, turn, now)] if turn is not None and turn.state is TurnState.BICARA else []


def silence(
    scene: Scene, now: int, outcome: TurnState = TurnState.SELESAI, outage_ms: int = 0
) -> list[e.Event]:
    """End the interjection that runs; the interrupted turn is still ``disela``, to be settled next (R49)."""
    live = scene.interjections.live
    if live is None:
        return []
    return [e.InterjectionEnded(live.turn_id, outcome, live.clock.spent(now - outage_ms))]


def interjects(scene: Scene, seat_id: SeatId) -> bool:
    """Whether this seat's line carries the interjection that runs."""
    live = scene.interjections.live
    return live is not None and live.by_call and live.seat_id == seat_id


def off_the_stage(scene: Scene, seat_id: SeatId, now: int) -> list[e.Event]:
    """R31, R95: this seat may not be seen and heard any more; no event when it is not."""
    turn = speaker_by_call(scene, seat_id)
    if turn is not None:
        return [*silence_over(scene, turn, now), give_way(scene, turn, now)]
    if interjects(scene, seat_id):
        return [*silence(scene, now), *back_to_the_speaker(scene, now)]
    return []


def silence_over(scene: Scene, turn: Turn, now: int) -> list[e.Event]:
    """End the interjection that interrupted this turn, if one did (R49)."""
    return silence(scene, now) if turn.state is TurnState.DISELA else []


def back_to_the_speaker(scene: Scene, now: int, all_lines_down: bool = False) -> list[e.Event]:
    """R48: after an interjection the interrupted speaker goes on, or is waited for when its line is down."""
    turn = scene.turns.live
    if turn is None or turn.state is not TurnState.DISELA:
        return []
    if turn.by_call and (all_lines_down or line_is_down(scene, turn)):
        return [_pause(scene, turn, now)]
    turn.after(Step.KEMBALI)
    return [e.TurnContinued(turn.turn_id)]


def _pause(scene: Scene, turn: Turn, now: int) -> e.TurnPaused:
    turn.after(Step.LINE_LOST)
    return e.TurnPaused(turn.turn_id, now + scene.agenda.settings.grace_s * 1000)
