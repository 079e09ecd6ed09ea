"""Journals as releases wrote them, kept for ever: ``golden/journal-vX.Y.Z.jsonl``, a row of the table a line.

Bytes are base64. ``python -m tests.contracts.golden_journal X.Y.Z`` holds a small meeting that reaches every
event, and writes what it journalled: done once for a release, never again for the same one.
"""

import asyncio
import base64
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from sqlalchemy import LargeBinary, select

from rooms.ids import (
    Actor,
    CommandId,
    DeckId,
    DeviceId,
    NoteId,
    PointId,
    RequestId,
    RoomId,
    SealId,
    SeatId,
    TurnId,
)
from rooms.meeting import commands as c
from rooms.meeting.events import Event
from rooms.meeting.vocabulary import (
    Consent,
    Jalur,
    JenisCatatan,
    JenisKelamin,
    Pemimpin,
    Sanksi,
    SeatKind,
    SeatSpec,
    TurnMedia,
    Unsur,
)
from rooms.room import Room
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from server.store.tables import journal as table
from tests.support.clock import VirtualClock
from tests.support.meeting import (
    DIALOG,
    GLAGAH_1,
    KALIPURO_1,
    KALIPURO_2,
    LICIN_1,
    OFFICES,
    PENUTUP,
    call,
    configure,
    peserta,
)

FOLDER = Path(__file__).parent / "golden"
ROOM = RoomId("pleno")
ERASED = "Nama yang diminta dihapus"
START = 1_768_438_800_000
"""15 January 2026, 08.00 WIB."""

_BYTES = frozenset(column.name for column in table.columns if isinstance(column.type, LargeBinary))


def read(file: Path) -> list[dict[str, object]]:
    """Rows as the table wants them."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        {k: base64.b64decode(v) if k in _BYTES and v is not None else v for k, v in row.items()}
        for row in rows
    ]


def _line(row: Mapping[str, object]) -> str:
    return json.dumps(
        {k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in row.items()}
    )


class _Hall:
    """Gives commands to a room, a second apart."""

    def __init__(self, journal: SqlJournal) -> None:
        self.journal = journal
        self.clock = VirtualClock(START)
        self._given = 0

    async def open(self) -> None:
        self.room = await Room.open(ROOM, self.journal, clock=self.clock)

    async def do(self, *commands: c.Command) -> None:
        for command in commands:
            self._given += 1
            self.clock.advance(1_000)
            await self.room.submit(
                command, actor=Actor("grant:operator"), command_id=CommandId(f"c{self._given}")
            )

    async def wait(self, seconds: int) -> None:
        """Until the timer's own decision, if one is due, is journalled."""
        decided = asyncio.Event()
        unsubscribe = self.room.subscribe(lambda entries: decided.set())
        self.clock.advance(seconds * 1_000)
        await decided.wait()
        unsubscribe()

    async def hand(self, number: int, *, name: str = "Siti", topic: str = "Jembatan gantung") -> None:
        person = peserta(LICIN_1, number)
        await self.do(
            c.RegisterPeserta(person, LICIN_1, name, "Kepala Dusun", Unsur.PEREMPUAN, JenisKelamin.PEREMPUAN),
            c.RequestTurn(_request(number), LICIN_1, person, topic),
        )


def _request(number: int) -> RequestId:
    return RequestId(f"r{number}")


async def _hold_meeting(hall: _Hall) -> None:
    await hall.do(configure())
    for seat_id in OFFICES:
        await hall.do(c.ConnectSeat(seat_id, True), c.GiveConsent(seat_id, Consent.DIREKAM))
    await hall.do(c.OpenMeeting(), c.StartItem(DIALOG), c.SetScript((GLAGAH_1, KALIPURO_1)))
    await hall.do(c.AmendAgenda("Pleno yang diubah", tuple(hall.room.meeting.agenda.items.values())))
    late = SeatSpec(SeatId("licin-9"), SeatKind.MENYIMAK, "Desa yang terlupa", "35.10.01.2009")
    await hall.do(c.AddSeats((late,)))
    await hall.do(c.ConfirmReady(GLAGAH_1, True))
    await hall.hand(1, name=ERASED)
    await hall.hand(2)
    await hall.hand(3)
    await hall.do(c.ReorderRequests(LICIN_1, (_request(2), _request(3), _request(1))))
    await hall.do(c.WithdrawRequest(LICIN_1, _request(3)))
    await hall.do(c.CallSeat(TurnId("t1"), LICIN_1, _request(2), TurnMedia.PANGGILAN, "sudah lama menunggu"))
    await hall.do(c.WarnTurn(TurnId("t1")), c.ExtendTurn(TurnId("t1"), 60))
    await hall.do(c.ShareScreen(LICIN_1, True), c.ShareScreen(LICIN_1, False))
    await hall.wait(240)  # the limit
    await hall.do(c.HoldTurn(TurnId("t1")), c.SetOffRecord(True), c.SetOffRecord(False))
    await hall.do(c.ContinueTurn(TurnId("t1")), c.SuspendMeeting(), c.ResumeMeeting())
    note = c.LogNote(NoteId("n1"), JenisCatatan.USULAN, LICIN_1, TurnId("t1"), hall.clock.now() - 5_000)
    await hall.do(note, c.EndTurn(TurnId("t1")), call(2, GLAGAH_1), c.DropSeat(GLAGAH_1))
    await hall.wait(30)  # the grace
    await _use_every_tool(hall)
    await hall.do(call(3, KALIPURO_1), c.PostponeTurn(TurnId("t3")), call(4, KALIPURO_1))
    await hall.do(call(5, LICIN_1), c.UndoCall(TurnId("t5")))
    await hall.room.close()
    hall.clock.advance(60_000)
    await hall.open()  # after an outage of a minute
    await hall.do(c.ConnectSeat(KALIPURO_1, True), c.StartItem(PENUTUP), c.CloseMeeting())
    await hall.room.close()


async def _use_every_tool(hall: _Hall) -> None:
    """What came with 0.2.0: the desks' tools and what comes in between; the floor is empty."""
    person, asks = peserta(KALIPURO_2), peserta(LICIN_1, 1)
    words = "Pembahasan sudah ada di dokumen tahun lalu"
    await hall.do(
        c.RegisterPeserta(person, KALIPURO_2, "Budi", "Ketua RT"),
        c.RequestTurn(_request(4), KALIPURO_2, person, "Lampu jalan"),
        c.TriageRequest(_request(4), Jalur.TERTULIS),
        c.AnswerWritten(_request(4), words),
        c.SetQueue(False),
        c.SetQueue(True),
        c.SanctionPeserta(person, Sanksi.PERINGATAN, words),
        c.LiftSanction(person),
        c.ConnectChair(),
        c.DropChair(),
        c.ConnectChair(),
        c.HandOverChair(Pemimpin.PENGGANTI, "Wakil Bupati"),
        c.HandOverChair(Pemimpin.PIMPINAN),
        c.SealInterval(SealId("s1"), hall.clock.now() - 5_000, hall.clock.now() - 4_000, words),
        c.UnsealInterval(SealId("s1")),
        c.AddDeck(DeckId("d1"), 3, "Arahan Bupati.pdf"),
        c.ShowSlide(DeckId("d1"), 2),
        c.StopSlides(),
        c.AddDeck(DeckId("d2"), 1, "Keliru.pdf"),
        c.RemoveDeck(DeckId("d2")),
        c.PassOver(hall.room.meeting.presence.bersiap[0]),
        c.ConnectSeat(LICIN_1, True, DeviceId("laptop")),
        c.RecogniseSeat(LICIN_1, 1, True),
        c.ReachSeat(LICIN_1, True),
        c.PlaceSeat(LICIN_1, True),
    )
    for number in (1, 2, 3):
        point_id = PointId(f"q{number}")
        settle = (
            (c.WithdrawPoint(LICIN_1, point_id),),
            (c.DismissPoint(point_id),),
            (c.GrantPoint(TurnId("i1"), point_id), c.EndInterjection(TurnId("i1"))),
        )[number - 1]
        await hall.do(c.RaisePoint(point_id, LICIN_1, asks, words), *settle)


async def held() -> tuple[set[type], list[dict[str, object]]]:
    """The kinds of events that were journalled, and the rows of the table, a name erased from them."""
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(f"sqlite:///{folder}/golden.db")
        await migrate(database)
        hall = _Hall(SqlJournal(database))
        await hall.open()
        await _hold_meeting(hall)
        entries = await hall.journal.read(ROOM, 0)
        await hall.journal.erase_private(ROOM, [e.seq for e in entries if ERASED in repr(e.event)])
        async with database.read() as connection:
            rows = (await connection.execute(select(table).order_by(table.c.seq))).mappings().all()
        await database.close()
    return {type(entry.event) for entry in entries}, [dict(row) for row in rows]


async def _write(release: str) -> None:
    reached, rows = await held()
    assert reached == set(get_args(Event)), f"never happened: {set(get_args(Event)) - reached}"
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"journal-v{release}.jsonl").open("x", encoding="utf-8") as lines:
        lines.writelines(_line(row) + "\n" for row in rows)


if __name__ == "__main__":
    asyncio.run(_write(sys.argv[1]))
