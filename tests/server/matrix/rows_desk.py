"""What the desks may do beside the floor (R60-R72), in every state."""

from rooms.ids import DeckId, PesertaId, RequestId, SealId
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import Jalur, Pemimpin, Sanksi
from tests.server.matrix.cells import (
    BEFORE,
    BY_CALL,
    CONFIGURED,
    HANDS,
    IN_DIALOG,
    NO_DIALOG,
    NO_TURN,
    NOT_OPEN,
    NOT_RUNNING,
    NOWHERE,
    QUEUE_OPEN,
    RUNNING,
    SPEAKS,
    Row,
)
from tests.server.matrix.states import DECK
from tests.support.meeting import AULA, GLAGAH_1, LICIN_1


def _triage(request_id: str, jalur: Jalur) -> c.Command:
    return c.TriageRequest(RequestId(request_id), jalur)


def _answer(request_id: str) -> c.Command:
    return c.AnswerWritten(RequestId(request_id), "Sudah dianggarkan.")


def _sanction(peserta_id: str, jenis: Sanksi) -> c.Command:
    return c.SanctionPeserta(PesertaId(peserta_id), jenis)


TRIAGED = "paparan skors " + IN_DIALOG
"""The states in which the hands that were triaged and the sanction are there."""
WAITS = "paparan skors " + HANDS

NEW_DECK = DeckId("d9")
NOT_SHARED = "skors buka " + IN_DIALOG
"""The states in which the meeting runs and the hall does not share its screen."""

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
    # R96
    Row(c.ReachSeat(LICIN_1, True), {"ok": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"}),
    Row(c.ReachSeat(LICIN_1, False), {"same": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"}),
    Row(
        c.ReachSeat(AULA, True),
        {"cannot_speak": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"},
    ),
    # R94, R95: of this cast only licin-1 and glagah-1 are there with a device that is looked at
    Row(
        c.RecogniseSeat(LICIN_1, 1, True),
        {"ok": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"},
    ),
    Row(
        c.RecogniseSeat(LICIN_1, 2, True),
        {"wrong_state": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"},
    ),
    Row(
        c.RecogniseSeat(GLAGAH_1, 1, False),
        {
            "ok": "siap buka paparan dialog antre penuh bicara lewat disela ditahan telepon skors",
            "wrong_state": "jeda",
            "unknown_seat": "kosong",
            "wrong_status": "tutup",
        },
    ),
    Row(
        c.RecogniseSeat(AULA, 0, True),
        {"wrong_state": CONFIGURED, "unknown_seat": "kosong", "wrong_status": "tutup"},
    ),
    # R91
    Row(c.ShareScreen(AULA, True), {"ok": NOT_SHARED, "same": "paparan", "wrong_status": NOT_RUNNING}),
    Row(c.ShareScreen(AULA, False), {"same": NOT_SHARED, "ok": "paparan", "wrong_status": NOT_RUNNING}),
    Row(
        c.ShareScreen(GLAGAH_1, True),
        {
            "ok": SPEAKS,
            "seat_absent": "jeda",
            "wrong_state": NO_TURN + " ditahan telepon skors",
            "wrong_status": NOT_RUNNING,
        },
    ),
    Row(c.ShareScreen(LICIN_1, True), {"wrong_state": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.ShareScreen(LICIN_1, False), {"same": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.ShareScreen(NOWHERE, True), {"unknown_seat": RUNNING, "wrong_status": NOT_RUNNING}),
    # R93
    Row(c.StopScreen(AULA), {"same": NOT_SHARED, "ok": "paparan", "wrong_status": NOT_RUNNING}),
    Row(c.StopScreen(GLAGAH_1), {"same": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.StopScreen(NOWHERE), {"unknown_seat": RUNNING, "wrong_status": NOT_RUNNING}),
    # R97
    Row(c.AddDeck(NEW_DECK, 3), {"ok": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    Row(c.AddDeck(NEW_DECK, 0), {"bad_value": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    Row(c.AddDeck(DECK, 3), {"ok": "kosong", "duplicate_id": CONFIGURED, "wrong_status": "tutup"}),
    # R102
    Row(
        c.RemoveDeck(DECK),
        {
            "ok": "siap " + NOT_SHARED,
            "wrong_state": "paparan",
            "unknown_deck": "kosong",
            "wrong_status": "tutup",
        },
    ),
    Row(c.RemoveDeck(NEW_DECK), {"unknown_deck": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    # R98
    Row(c.ShowSlide(DECK, 1), {"ok": NOT_SHARED, "same": "paparan", "wrong_status": NOT_RUNNING}),
    Row(c.ShowSlide(DECK, 3), {"ok": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.ShowSlide(DECK, 4), {"bad_value": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.ShowSlide(NEW_DECK, 1), {"unknown_deck": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.StopSlides(), {"same": NOT_SHARED, "ok": "paparan", "wrong_status": NOT_RUNNING}),
    # R72: after the close nothing is noted
    Row(c.ConnectChair(), {"ok": "kosong", "same": CONFIGURED + " tutup"}),
    Row(c.DropChair(), {"ok": CONFIGURED, "same": "kosong tutup"}),
)
