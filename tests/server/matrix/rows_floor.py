"""What is legal on the floor (R18-R28, R35), in every state."""

from rooms.ids import RequestId, SeatId
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import TurnMedia
from tests.server.matrix.cells import (
    BY_CALL,
    BY_PHONE,
    HANDS,
    IN_DIALOG,
    IN_HALL,
    LIVE,
    NEW_TURN,
    NO_DIALOG,
    NO_TURN,
    NOT_OPEN,
    NOWHERE,
    OPEN,
    SPEAKS,
    Row,
)
from tests.server.matrix.states import T1, T2
from tests.support.meeting import (
    AULA,
    GLAGAH_1,
    GLAGAH_2,
    KALIPURO_1,
    KALIPURO_2,
    LICIN_1,
    LICIN_2,
)


def _call(seat_id: SeatId, media: TurnMedia = TurnMedia.PANGGILAN, request: str = "") -> c.Command:
    return c.CallSeat(NEW_TURN, seat_id, RequestId(request) if request else None, media)


CALLS = (
    # R21, R22
    Row(_call(LICIN_1), {"ok": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(LICIN_1, request="r2"),
        {"ok": HANDS, "unknown_request": "dialog", "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(LICIN_1, request="r3"),
        {"not_yours": HANDS, "unknown_request": "dialog", "queue_closed": NO_DIALOG,
         "wrong_status": NOT_OPEN}),
    Row(_call(LICIN_1, request="r0"),
        {"wrong_state": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(GLAGAH_1),
        {"ok": "dialog antre penuh telepon", "wrong_state": BY_CALL, "queue_closed": NO_DIALOG,
         "wrong_status": NOT_OPEN}),
    Row(_call(KALIPURO_1),
        {"seat_absent": "dialog antre penuh " + BY_CALL, "wrong_state": "telepon", "queue_closed": NO_DIALOG,
         "wrong_status": NOT_OPEN}),
    Row(_call(KALIPURO_1, BY_PHONE),
        {"ok": "dialog antre penuh " + BY_CALL, "wrong_state": "telepon", "queue_closed": NO_DIALOG,
         "wrong_status": NOT_OPEN}),
    Row(_call(LICIN_2), {"no_consent": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(LICIN_2, IN_HALL), {"ok": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(GLAGAH_2), {"no_consent": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(GLAGAH_2, BY_PHONE),
        {"no_consent": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(KALIPURO_2), {"cannot_speak": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(KALIPURO_2, BY_PHONE), {"ok": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(AULA), {"cannot_speak": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(_call(NOWHERE), {"unknown_seat": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(c.CallSeat(T1, LICIN_1),
        {"duplicate_id": IN_DIALOG, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN}),
)  # fmt: skip

FLOOR = (
    # R18, R19: bersiap are licin-1 and, unless it speaks, glagah-1
    Row(c.ConfirmReady(LICIN_1, True), {"ok": IN_DIALOG, "wrong_state": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(c.ConfirmReady(LICIN_1, False),
        {"same": IN_DIALOG, "wrong_state": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(c.ConfirmReady(KALIPURO_1, True), {"wrong_state": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.ConfirmReady(NOWHERE, True), {"unknown_seat": OPEN, "wrong_status": NOT_OPEN}),
    # R35
    Row(c.PassOver(LICIN_1), {"ok": IN_DIALOG, "wrong_state": NO_DIALOG, "wrong_status": NOT_OPEN}),
    Row(c.PassOver(KALIPURO_1), {"wrong_state": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.PassOver(NOWHERE), {"unknown_seat": OPEN, "wrong_status": NOT_OPEN}),
    # R51, R52
    Row(c.UndoCall(T2),
        {"ok": "bicara jeda telepon", "wrong_state": "ditahan disela", "too_late": "lewat",
         "unknown_turn": NO_TURN, "wrong_status": NOT_OPEN}),
    Row(c.UndoCall(T1),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
    # R28
    Row(c.ExtendTurn(T2, 60), {"ok": LIVE, "unknown_turn": NO_TURN, "wrong_status": NOT_OPEN}),
    Row(c.ExtendTurn(T2, 0), {"bad_value": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.ExtendTurn(T2, 3601), {"bad_value": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.ExtendTurn(T1, 60),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
    Row(c.WarnTurn(T2), {"ok": LIVE, "unknown_turn": NO_TURN, "wrong_status": NOT_OPEN}),
    Row(c.WarnTurn(T1),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
    # R25
    Row(c.HoldTurn(T2),
        {"ok": SPEAKS + " jeda telepon", "wrong_state": "ditahan", "unknown_turn": NO_TURN,
         "wrong_status": NOT_OPEN}),
    Row(c.HoldTurn(T1),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
    Row(c.ContinueTurn(T2),
        {"ok": "ditahan", "wrong_state": SPEAKS + " jeda telepon", "unknown_turn": NO_TURN,
         "wrong_status": NOT_OPEN}),
    Row(c.ContinueTurn(T1),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
    # R20, R24, R27
    Row(c.EndTurn(T2), {"ok": LIVE, "unknown_turn": NO_TURN, "wrong_status": NOT_OPEN}),
    Row(c.EndTurn(T1),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
    Row(c.PostponeTurn(T2), {"ok": LIVE, "unknown_turn": NO_TURN, "wrong_status": NOT_OPEN}),
    Row(c.PostponeTurn(T1),
        {"wrong_state": "paparan " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": NOT_OPEN}),
)  # fmt: skip
