"""What is legal of consent, connections, notes and outages (R30-R33), in every state."""

from rooms.ids import NoteId, SeatId, TurnId
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import Consent, JenisCatatan
from tests.server.matrix.cells import (
    BEFORE,
    CONFIGURED,
    EVER,
    IN_DIALOG,
    LIVE,
    NO_TURN,
    NOWHERE,
    RUNNING,
    Row,
)
from tests.server.matrix.states import DEVICE, T1, T2
from tests.support.meeting import (
    AULA,
    GLAGAH_1,
    KALIPURO_1,
    LICIN_1,
)


def _note(note_id: str, seat_id: SeatId | None, turn_id: TurnId | None) -> c.Command:
    return c.LogNote(NoteId(note_id), JenisCatatan.USULAN, seat_id, turn_id, 1)


PRESENCE = (
    # R31
    Row(c.GiveConsent(LICIN_1, Consent.DIREKAM),
        {"unknown_seat": "kosong", "same": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(LICIN_1, Consent.TANPA_REKAMAN),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(GLAGAH_1, Consent.TANPA_REKAMAN),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(AULA, Consent.DIREKAM),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(AULA, Consent.TANPA_REKAMAN),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(LICIN_1, Consent.BELUM),
        {"unknown_seat": "kosong", "bad_value": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(AULA, Consent.BELUM),
        {"unknown_seat": "kosong", "bad_value": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.GiveConsent(NOWHERE, Consent.DIREKAM),
        {"unknown_seat": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    # R3, R26, R30: after the close connections leave no trace
    Row(c.ConnectSeat(LICIN_1, True, DEVICE), {"unknown_seat": "kosong", "same": EVER}),
    Row(c.ConnectSeat(LICIN_1, False, DEVICE), {"unknown_seat": "kosong", "ok": CONFIGURED, "same": "tutup"}),
    # R94: another device is something new
    Row(c.ConnectSeat(LICIN_1, True), {"unknown_seat": "kosong", "ok": CONFIGURED, "same": "tutup"}),
    Row(c.ConnectSeat(KALIPURO_1, True), {"unknown_seat": "kosong", "ok": CONFIGURED, "same": "tutup"}),
    Row(c.ConnectSeat(GLAGAH_1, True, DEVICE),
        {"unknown_seat": "kosong", "ok": "jeda",
         "same": "siap buka paparan dialog antre penuh bicara lewat disela ditahan telepon skors tutup"}),
    Row(c.ConnectSeat(NOWHERE, True), {"unknown_seat": "kosong " + EVER}),
    Row(c.DropSeat(LICIN_1), {"unknown_seat": "kosong", "ok": CONFIGURED, "same": "tutup"}),
    Row(c.DropSeat(KALIPURO_1), {"unknown_seat": "kosong", "same": EVER}),
    Row(c.DropSeat(GLAGAH_1),
        {"unknown_seat": "kosong", "same": "jeda tutup",
         "ok": "siap buka paparan dialog antre penuh bicara lewat disela ditahan telepon skors"}),
    Row(c.DropSeat(NOWHERE), {"unknown_seat": "kosong " + EVER}),
    # R32
    Row(_note("n9", LICIN_1, None), {"ok": RUNNING + " tutup", "wrong_status": BEFORE}),
    Row(_note("n9", None, T1),
        {"ok": "paparan skors tutup " + IN_DIALOG, "unknown_turn": "buka", "wrong_status": BEFORE}),
    Row(_note("n9", LICIN_1, T2),
        {"ok": "skors tutup " + LIVE, "unknown_turn": NO_TURN, "wrong_status": BEFORE}),
    Row(_note("n9", NOWHERE, None), {"unknown_seat": RUNNING + " tutup", "wrong_status": BEFORE}),
    Row(_note("n0", LICIN_1, None), {"duplicate_id": RUNNING + " tutup", "wrong_status": BEFORE}),
    # R33
    Row(c.ReopenRoom(5_000), {"ok": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    Row(c.ReopenRoom(-1), {"bad_value": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
)  # fmt: skip
