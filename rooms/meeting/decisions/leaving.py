"""How the floor is left: for somebody else, or because a line dropped. Every area's decisions may need it."""

from rooms.ids import SeatId
from rooms.meeting import events as e
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.turns import Step, Turn
from rooms.meeting.vocabulary import TurnState


def clear_floor(scene: Scene, now: int) -> list[e.Event]:
    """R24."""
    turn = scene.turns.live
    return [] if turn is None else [turn.give_way(now)]


def speaker_by_call(scene: Scene, seat_id: SeatId) -> Turn | None:
    """The live turn if it is this seat's and its line carries it."""
    turn = scene.turns.live
    return turn if turn and turn.seat_id == seat_id and turn.by_call else None


def line_lost(scene: Scene, turn: Turn | None, now: int) -> list[e.Event]:
    """R26."""
    if turn is None or turn.state is not TurnState.BICARA:
        return []
    turn.after(Step.LINE_LOST)
    return [e.TurnPaused(turn.turn_id, now + scene.agenda.settings.grace_s * 1000)]
