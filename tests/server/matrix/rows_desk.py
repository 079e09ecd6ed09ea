"""What the desks may do beside the floor (R60-R72), in every state."""

from rooms.ids import PesertaId, RequestId, SealId
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import Jalur, Pemimpin, Sanksi
from tests.server.matrix.cells import (
    BEFORE,
    BY_CALL,
    CONFIGURED,
    HANDS,
    IN_DIALOG,
    NO_DIALOG,
    NOT_OPEN,
    NOT_RUNNING,
    QUEUE_OPEN,
    RUNNING,
    Row,
)
from tests.support.meeting import AULA, LICIN_1


def _triage(request_id: str, jalur: Jalur) -> c.Command:
    return c.TriageRequest(RequestId(request_id), jalur)


def _answer(request_id: str) -> c.Command:
    return c.AnswerWritten(RequestId(request_id), "Sudah dianggarkan.")


def _sanction(peserta_id: str, jenis: Sanksi) -> c.Command:
    return c.SanctionPeserta(PesertaId(peserta_id), jenis)


TRIAGED = "paparan skors " + IN_DIALOG
"""The states in which the hands that were triaged and the sanction are there."""
WAITS = "paparan skors " + HANDS

HANDS_ELSEWHERE = (
    # R60
    Row(
        _triage("r1", Jalur.TERTULIS),
        {"ok": WAITS, "unknown_request": "buka dialog", "wrong_status": NOT_RUNNING},
    ),
    Row(
        _triage("r1", Jalur.BICARA),
        {"same": WAITS, "unknown_request": "buka dialog", "wrong_status": NOT_RUNNING},
    ),
    Row(_triage("rt", Jalur.BICARA), {"ok": TRIAGED, "unknown_request": "buka", "wrong_status": NOT_RUNNING}),
    Row(
        _triage("rt", Jalur.LEWAT_CAMAT),
        {"ok": TRIAGED, "unknown_request": "buka", "wrong_status": NOT_RUNNING},
    ),
    Row(
        _triage("rt", Jalur.TERTULIS),
        {"same": TRIAGED, "unknown_request": "buka", "wrong_status": NOT_RUNNING},
    ),
    Row(
        _triage("rp", Jalur.BICARA),
        {"ok": "dialog", "already_queued": WAITS, "unknown_request": "buka", "wrong_status": NOT_RUNNING},
    ),
    Row(
        _triage("rx", Jalur.BICARA),
        {"sanctioned": TRIAGED, "unknown_request": "buka", "wrong_status": NOT_RUNNING},
    ),
    Row(
        _triage("r0", Jalur.TERTULIS),
        {"wrong_state": TRIAGED, "unknown_request": "buka", "wrong_status": NOT_RUNNING},
    ),
    Row(
        _triage("rg", Jalur.TERTULIS),
        {
            "ok": "paparan antre penuh telepon",
            "wrong_state": "skors " + BY_CALL,
            "unknown_request": "buka dialog",
            "wrong_status": NOT_RUNNING,
        },
    ),
    Row(_triage("never", Jalur.BICARA), {"unknown_request": RUNNING, "wrong_status": NOT_RUNNING}),
    # R61
    Row(_answer("rt"), {"ok": TRIAGED + " tutup", "unknown_request": "buka", "wrong_status": BEFORE}),
    Row(
        _answer("r1"),
        {"ok": "tutup", "wrong_state": WAITS, "unknown_request": "buka dialog", "wrong_status": BEFORE},
    ),
    Row(
        _answer("r0"), {"wrong_state": TRIAGED + " tutup", "unknown_request": "buka", "wrong_status": BEFORE}
    ),
    Row(_answer("never"), {"unknown_request": RUNNING + " tutup", "wrong_status": BEFORE}),
    # R63
    Row(
        c.SetQueue(False),
        {"ok": QUEUE_OPEN, "same": "penuh", "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN},
    ),
    Row(
        c.SetQueue(True),
        {"ok": "penuh", "same": QUEUE_OPEN, "queue_closed": NO_DIALOG, "wrong_status": NOT_OPEN},
    ),
)

ORDER = (
    # R64
    Row(
        _sanction("p1", Sanksi.PERINGATAN),
        {"unknown_peserta": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"},
    ),
    Row(
        _sanction("pg", Sanksi.KELUARKAN),
        {"unknown_peserta": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"},
    ),
    Row(
        _sanction("px", Sanksi.PERINGATAN),
        {"unknown_peserta": "kosong", "ok": "siap buka", "wrong_state": TRIAGED, "wrong_status": "tutup"},
    ),
    Row(
        _sanction("px", Sanksi.LARANG_BICARA),
        {"unknown_peserta": "kosong", "ok": "siap buka", "same": TRIAGED, "wrong_status": "tutup"},
    ),
    Row(
        _sanction("px", Sanksi.KELUARKAN),
        {"unknown_peserta": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"},
    ),
    Row(
        _sanction("nobody", Sanksi.PERINGATAN),
        {"unknown_peserta": "kosong " + CONFIGURED, "wrong_status": "tutup"},
    ),
    # R66
    Row(
        c.LiftSanction(PesertaId("px")),
        {"unknown_peserta": "kosong", "same": "siap buka", "ok": TRIAGED, "wrong_status": "tutup"},
    ),
    Row(
        c.LiftSanction(PesertaId("nobody")),
        {"unknown_peserta": "kosong " + CONFIGURED, "wrong_status": "tutup"},
    ),
    # R67
    Row(c.SealInterval(SealId("s9"), 1, 2), {"ok": RUNNING + " tutup", "wrong_status": BEFORE}),
    Row(c.SealInterval(SealId("s9"), 2, 2), {"bad_value": RUNNING + " tutup", "wrong_status": BEFORE}),
    Row(
        c.SealInterval(SealId("s9"), 10**14, 10**14 + 1),
        {"bad_value": RUNNING + " tutup", "wrong_status": BEFORE},
    ),
    Row(c.SealInterval(SealId("s0"), 1, 2), {"duplicate_id": RUNNING + " tutup", "wrong_status": BEFORE}),
    Row(c.UnsealInterval(SealId("s0")), {"ok": RUNNING + " tutup", "wrong_status": BEFORE}),
    Row(c.UnsealInterval(SealId("s9")), {"unknown_seal": RUNNING + " tutup", "wrong_status": BEFORE}),
    # R71
    Row(c.HandOverChair(Pemimpin.PROTOKOL), {"ok": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    Row(
        c.HandOverChair(Pemimpin.PENGGANTI, "Wakil"), {"ok": "kosong " + CONFIGURED, "wrong_status": "tutup"}
    ),
    Row(c.HandOverChair(Pemimpin.PIMPINAN), {"same": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    # R89
    Row(c.PlaceSeat(LICIN_1, True), {"ok": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"}),
    Row(c.PlaceSeat(LICIN_1, False), {"same": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"}),
    Row(
        c.PlaceSeat(AULA, True), {"bad_value": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"}
    ),
    # R72: after the close nothing is noted
    Row(c.ConnectChair(), {"ok": "kosong", "same": CONFIGURED + " tutup"}),
    Row(c.DropChair(), {"ok": CONFIGURED, "same": "kosong tutup"}),
)
