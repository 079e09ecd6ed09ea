"""What is legal for those who come in between (R44-R49), in every state."""

from rooms.ids import PesertaId, PointId, SeatId, TurnId
from rooms.meeting import commands as c
from tests.server.matrix.cells import (
    HANDS,
    IN_DIALOG,
    IN_HALL,
    NEW_PERSON,
    NEW_TURN,
    NO_TURN,
    NOT_OPEN,
    NOT_RUNNING,
    NOWHERE,
    OPEN,
    RUNNING,
    SPEAKS,
    Row,
)
from tests.server.matrix.states import PT, T1, T3
from tests.support.meeting import AULA, GLAGAH_1, KALIPURO_1, LICIN_1, LICIN_2

NEW_POINT = PointId("pt9")
HEARD = SPEAKS + " telepon"
"""Somebody speaks who may be answered."""
UNHEARD = NO_TURN + " ditahan jeda"


def _raise(seat_id: SeatId, peserta_id: str, point_id: PointId = NEW_POINT) -> c.Command:
    return c.RaisePoint(point_id, seat_id, PesertaId(peserta_id), "Tata tertib")


INTERJECTIONS = (
    # R45; licin-1 has raised pt already
    Row(_raise(GLAGAH_1, "pg"), {"ok": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(LICIN_1, "p1"), {"already_queued": OPEN, "wrong_status": NOT_OPEN}),
    Row(
        _raise(LICIN_1, "px"),
        {"sanctioned": "paparan " + IN_DIALOG, "already_queued": "buka", "wrong_status": NOT_OPEN},
    ),
    Row(_raise(LICIN_1, "p1", PT), {"duplicate_id": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(LICIN_1, "pg"), {"not_yours": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(LICIN_1, "pa"), {"not_yours": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(LICIN_1, "pl"), {"not_yours": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(LICIN_1, NEW_PERSON), {"unknown_peserta": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(AULA, "pa"), {"cannot_speak": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(LICIN_2, "pl"), {"no_consent": OPEN, "wrong_status": NOT_OPEN}),
    Row(_raise(NOWHERE, NEW_PERSON), {"unknown_seat": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.WithdrawPoint(LICIN_1, PT), {"ok": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.WithdrawPoint(LICIN_1, NEW_POINT), {"unknown_point": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.WithdrawPoint(GLAGAH_1, PT), {"not_yours": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.WithdrawPoint(NOWHERE, PT), {"unknown_seat": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.DismissPoint(PT), {"ok": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.DismissPoint(NEW_POINT), {"unknown_point": RUNNING, "wrong_status": NOT_RUNNING}),
    # R46
    Row(c.GrantPoint(NEW_TURN, PT), {"ok": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.GrantPoint(NEW_TURN, NEW_POINT), {"unknown_point": OPEN, "wrong_status": NOT_OPEN}),
    Row(
        c.GrantPoint(T1, PT),
        {"duplicate_id": "paparan " + IN_DIALOG, "ok": "buka", "wrong_status": NOT_OPEN},
    ),
    # R47
    Row(c.CallResponder(NEW_TURN, LICIN_1), {"ok": HEARD, "wrong_state": UNHEARD, "wrong_status": NOT_OPEN}),
    Row(
        c.CallResponder(NEW_TURN, GLAGAH_1),
        {"ok": "telepon", "wrong_state": UNHEARD + " " + SPEAKS, "wrong_status": NOT_OPEN},
    ),
    Row(
        c.CallResponder(NEW_TURN, KALIPURO_1),
        {"seat_absent": SPEAKS, "wrong_state": UNHEARD + " telepon", "wrong_status": NOT_OPEN},
    ),
    Row(
        c.CallResponder(NEW_TURN, LICIN_2),
        {"no_consent": HEARD, "wrong_state": UNHEARD, "wrong_status": NOT_OPEN},
    ),
    Row(
        c.CallResponder(NEW_TURN, LICIN_1, PesertaId("px")),
        {"sanctioned": HEARD, "wrong_state": UNHEARD, "wrong_status": NOT_OPEN},
    ),
    Row(
        c.CallResponder(NEW_TURN, LICIN_1, PesertaId("pg")),
        {"not_yours": HEARD, "wrong_state": UNHEARD, "wrong_status": NOT_OPEN},
    ),
    Row(
        c.CallResponder(NEW_TURN, AULA),
        {"bad_value": HEARD, "wrong_state": UNHEARD, "wrong_status": NOT_OPEN},
    ),
    Row(
        c.CallResponder(NEW_TURN, AULA, PesertaId("pa"), IN_HALL),
        {"ok": HEARD, "wrong_state": UNHEARD, "wrong_status": NOT_OPEN},
    ),
    Row(c.CallResponder(NEW_TURN, NOWHERE), {"unknown_seat": OPEN, "wrong_status": NOT_OPEN}),
    Row(
        c.CallResponder(T1, LICIN_1),
        {"duplicate_id": "paparan " + IN_DIALOG, "wrong_state": "buka", "wrong_status": NOT_OPEN},
    ),
    # R48; t3 runs in disela and never before
    Row(
        c.EndInterjection(T3),
        {
            "ok": "disela",
            "unknown_turn": "buka paparan dialog " + HANDS.replace(" disela", ""),
            "wrong_status": NOT_OPEN,
        },
    ),
    Row(c.EndInterjection(TurnId("t9")), {"unknown_turn": OPEN, "wrong_status": NOT_OPEN}),
)
