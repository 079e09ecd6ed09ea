"""What is legal of setting up and running the agenda (R5-R10, R29), in every state."""

from rooms.ids import ItemId, SeatId
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import ItemSpec, SeatKind, SeatSpec
from tests.server.matrix.cells import (
    BEFORE,
    CONFIGURED,
    IN_DIALOG,
    NO_DIALOG,
    NOT_OPEN,
    NOT_RUNNING,
    NOWHERE,
    OPEN,
    RUNNING,
    Row,
)
from tests.support.meeting import (
    AULA,
    DIALOG,
    ITEMS,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    SEATS,
)

NEWCOMER = SeatSpec(SeatId("baru"), SeatKind.DIALOG, "Desa yang terlupa")

AGENDA = (
    # R5
    Row(c.ConfigureMeeting("Pleno", SEATS, ITEMS, ()), {"ok": BEFORE, "wrong_status": RUNNING + " tutup"}),
    Row(c.ConfigureMeeting("Pleno", SEATS[1:], ITEMS, ()),
        {"bad_value": BEFORE, "wrong_status": RUNNING + " tutup"}),
    Row(c.ConfigureMeeting("Pleno", (*SEATS, SeatSpec(LICIN_1, SeatKind.DIALOG, "Dua")), ITEMS, ()),
        {"duplicate_id": BEFORE, "wrong_status": RUNNING + " tutup"}),
    Row(c.ConfigureMeeting("Pleno", SEATS, (*ITEMS, ItemSpec(DIALOG, ITEMS[0].kind, "Dua")), ()),
        {"duplicate_id": BEFORE, "wrong_status": RUNNING + " tutup"}),
    Row(c.ConfigureMeeting("Pleno", SEATS, ITEMS, (NOWHERE,)),
        {"unknown_seat": BEFORE, "wrong_status": RUNNING + " tutup"}),
    # R100
    Row(c.AmendAgenda("Judul lain", ITEMS), {"ok": CONFIGURED, "wrong_status": "kosong tutup"}),
    Row(c.AmendAgenda("Judul lain", ()), {"bad_value": CONFIGURED, "wrong_status": "kosong tutup"}),
    Row(c.AmendAgenda("Judul lain", (*ITEMS, ITEMS[0])),
        {"duplicate_id": CONFIGURED, "wrong_status": "kosong tutup"}),
    # R101
    Row(c.AddSeats((NEWCOMER,)), {"ok": CONFIGURED, "wrong_status": "kosong tutup"}),
    Row(c.AddSeats((NEWCOMER, SEATS[1])), {"duplicate_id": CONFIGURED, "wrong_status": "kosong tutup"}),
    Row(c.AddSeats(()), {"bad_value": CONFIGURED, "wrong_status": "kosong tutup"}),
    # R6
    Row(c.OpenMeeting(), {"ok": "siap", "wrong_status": "kosong tutup " + RUNNING}),
    Row(c.SuspendMeeting(), {"ok": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.ResumeMeeting(), {"ok": "skors", "wrong_status": NOT_RUNNING + " " + OPEN}),
    Row(c.CloseMeeting(), {"ok": RUNNING, "wrong_status": NOT_RUNNING}),
    # R7
    Row(c.StartItem(ItemId("penutup")), {"ok": OPEN, "wrong_status": NOT_OPEN}),
    Row(c.StartItem(DIALOG), {"ok": NO_DIALOG, "wrong_state": IN_DIALOG, "wrong_status": NOT_OPEN}),
    Row(c.StartItem(ItemId("nothing")), {"unknown_item": OPEN, "wrong_status": NOT_OPEN}),
    # R10
    Row(c.SetScript((LICIN_2, KALIPURO_1)),
        {"unknown_seat": "kosong", "ok": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.SetScript((NOWHERE,)), {"unknown_seat": "kosong " + CONFIGURED, "wrong_status": "tutup"}),
    Row(c.SetScript((AULA,)), {"unknown_seat": "kosong", "bad_value": CONFIGURED, "wrong_status": "tutup"}),
    Row(c.SetScript((LICIN_1, LICIN_1)),
        {"unknown_seat": "kosong", "bad_value": CONFIGURED, "wrong_status": "tutup"}),
    # R29
    Row(c.SetOffRecord(True), {"ok": RUNNING, "wrong_status": NOT_RUNNING}),
    Row(c.SetOffRecord(False), {"same": RUNNING, "wrong_status": NOT_RUNNING}),
)  # fmt: skip
