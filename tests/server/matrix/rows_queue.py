"""What is legal of people and their hands (R11-R15), in every state."""

from rooms.ids import PesertaId, RequestId, SeatId
from rooms.meeting import commands as c
from tests.server.matrix.cells import (
    BY_CALL,
    CONFIGURED,
    HANDS,
    HANDS_RISE,
    IN_DIALOG,
    NEW_PERSON,
    NOT_OPEN,
    NOT_RUNNING,
    NOWHERE,
    QUEUE_OPEN,
    QUEUE_SHUT,
    RUNNING,
    Row,
)
from tests.support.meeting import (
    AULA,
    GLAGAH_1,
    GLAGAH_2,
    KALIPURO_1,
    KALIPURO_2,
    LICIN_1,
    LICIN_2,
)


def _hand(request_id: str, seat_id: SeatId, peserta_id: str) -> c.Command:
    return c.RequestTurn(RequestId(request_id), seat_id, PesertaId(peserta_id), "Topik")


def _withdraw(seat_id: SeatId, request_id: str) -> c.Command:
    return c.WithdrawRequest(seat_id, RequestId(request_id))


def _reorder(seat_id: SeatId, *request_ids: str) -> c.Command:
    return c.ReorderRequests(seat_id, tuple(RequestId(r) for r in request_ids))


QUEUE = (
    # R11
    Row(c.RegisterPeserta(NEW_PERSON, LICIN_1, "Siti"),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(NEW_PERSON, AULA, "Siti"),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(NEW_PERSON, NOWHERE, "Siti"),
        {"unknown_seat": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("p1"), LICIN_1, "Siti"),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("p1"), LICIN_2, "Siti"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("p1"), AULA, "Siti"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("pg"), LICIN_1, "Siti"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("pg"), AULA, "Siti"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("p1"), LICIN_1, "Nama"),
        {"unknown_seat": "kosong", "same": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("p1"), AULA, "Nama"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    # R104: one more than a seat may have, and a record of it corrected
    Row(c.RegisterPeserta(NEW_PERSON, KALIPURO_2, "Siti"),
        {"unknown_seat": "kosong", "too_many": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("k0"), KALIPURO_2, "Siti"),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("k0"), LICIN_1, "Siti"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.RegisterPeserta(PesertaId("k0"), AULA, "Siti"),
        {"unknown_seat": "kosong", "not_yours": CONFIGURED, "wrong_status": "tutup"}),
    # R12, R13, R14, R63, R65, R104
    Row(_hand("r9", LICIN_1, "p0"), {"ok": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "p1"),
        {"ok": "dialog", "already_queued": HANDS_RISE, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", GLAGAH_1, "pg"),
        {"ok": "dialog", "already_queued": HANDS_RISE, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", KALIPURO_1, "p3"),
        {"ok": "dialog", "already_queued": HANDS_RISE, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", KALIPURO_2, "k4"),
        {"ok": "dialog", "too_many": HANDS_RISE, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "k4"),
        {"not_yours": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "pg"),
        {"not_yours": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "p3"),
        {"not_yours": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "pu"),
        {"not_yours": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "pa"),
        {"not_yours": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", LICIN_1, "nobody"),
        {"unknown_peserta": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", NOWHERE, "p0"),
        {"unknown_seat": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", AULA, "pa"),
        {"cannot_speak": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r9", GLAGAH_2, "pu"),
        {"no_consent": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(_hand("r0", LICIN_1, "p0"),
        {"duplicate_id": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN}),
    Row(
        _hand("r9", LICIN_1, "px"),
        {"sanctioned": QUEUE_OPEN, "queue_closed": QUEUE_SHUT, "wrong_status": NOT_OPEN},
    ),
    # R15, R8: withdrawing and reordering go on while suspended
    Row(_withdraw(LICIN_1, "r1"),
        {"ok": "paparan skors " + HANDS, "unknown_request": "buka dialog", "wrong_status": NOT_RUNNING}),
    Row(_withdraw(LICIN_1, "r3"),
        {"not_yours": "paparan skors " + HANDS, "unknown_request": "buka dialog",
         "wrong_status": NOT_RUNNING}),
    Row(_withdraw(LICIN_1, "r0"),
        {"wrong_state": "paparan skors " + IN_DIALOG, "unknown_request": "buka",
         "wrong_status": NOT_RUNNING}),
    Row(_withdraw(LICIN_1, "rg"),
        {"not_yours": "paparan skors " + HANDS, "unknown_request": "buka dialog",
         "wrong_status": NOT_RUNNING}),
    Row(_withdraw(GLAGAH_1, "rg"),
        {"ok": "paparan antre penuh telepon", "wrong_state": "skors " + BY_CALL,
         "unknown_request": "buka dialog", "wrong_status": NOT_RUNNING}),
    Row(_withdraw(LICIN_1, "never"), {"unknown_request": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(_withdraw(NOWHERE, "r1"), {"unknown_seat": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(_reorder(LICIN_1, "r2", "r1"),
        {"ok": "paparan skors " + HANDS, "unknown_request": "buka dialog", "wrong_status": NOT_RUNNING}),
    Row(_reorder(LICIN_1, "r1", "r2"),
        {"same": "paparan skors " + HANDS, "unknown_request": "buka dialog", "wrong_status": NOT_RUNNING}),
    Row(_reorder(LICIN_1, "r1"),
        {"bad_value": "paparan skors " + HANDS, "unknown_request": "buka dialog",
         "wrong_status": NOT_RUNNING}),
    Row(_reorder(LICIN_1, "r1", "r2", "r1"),
        {"bad_value": "paparan skors " + HANDS, "unknown_request": "buka dialog",
         "wrong_status": NOT_RUNNING}),
    Row(_reorder(LICIN_1, "r1", "r2", "r3"),
        {"not_yours": "paparan skors " + HANDS, "unknown_request": "buka dialog",
         "wrong_status": NOT_RUNNING}),
    Row(_reorder(NOWHERE, "r1"), {"unknown_seat": RUNNING, "wrong_status": NOT_RUNNING}),
)  # fmt: skip
