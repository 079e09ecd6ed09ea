"""The states of a meeting that matter, each reached by real commands through a real room.

One cast in all of them. In the dialog, ``licin-1`` (the office of the desa's link) has the hands r1 and r2
up, and so have glagah-1 (rg) and kalipuro-1 (r3), whose line is down. ``t1`` is a turn that has ended, ``t2``
the live one, mostly of glagah-1. licin-2 has not answered the recording notice, glagah-2 attends unrecorded
and kalipuro-2 has no microphone. r0 was withdrawn, rt and rp (of p1, whose r1 waits) were triaged, px lost
the word and with it the hand rx. kalipuro-2 has as many people, and in the dialog as many waiting hands, as a
seat may have. n0 is a note, s0 a seal, pt a point of
order of licin-1. A screen of the pimpinan is there, and slides of three pages.
"""

from collections.abc import Sequence
from enum import StrEnum

from rooms.ids import (
    Actor,
    CommandId,
    DeckId,
    DeviceId,
    ItemId,
    NoteId,
    PesertaId,
    PointId,
    RequestId,
    RoomId,
    SealId,
    TurnId,
)
from rooms.journal import Entry
from rooms.meeting import commands as c
from rooms.meeting.vocabulary import Consent, ItemKind, Jalur, JenisCatatan, Sanksi, TurnMedia
from rooms.room import Room
from tests.support.clock import VirtualClock, until
from tests.support.meeting import (
    AULA,
    DIALOG,
    GLAGAH_1,
    GLAGAH_2,
    KALIPURO_1,
    KALIPURO_2,
    LICIN_1,
    LICIN_2,
    configure,
)
from tests.support.memory_journal import MemoryJournal

ROOM = RoomId("pleno")
T1, T2, T3 = TurnId("t1"), TurnId("t2"), TurnId("t3")
PT = PointId("pt")
DEVICE = DeviceId("laptop")
DECK = DeckId("d0")
PAPARAN = ItemId(ItemKind.PAPARAN)
PEOPLE = {
    "p1": LICIN_1, "p2": LICIN_1, "p0": LICIN_1, "pl": LICIN_2, "pg": GLAGAH_1,
    "px": LICIN_1, "pu": GLAGAH_2, "p3": KALIPURO_1, "pa": AULA,
}  # fmt: skip
FEW_PESERTA, FEW_WAITING = 5, 3
"""The limits of a seat (R104) as the matrix has them: every cell is asked of the whole meeting."""
FULL = tuple(PesertaId(f"k{number}") for number in range(FEW_PESERTA))
"""The people of kalipuro-2; those who wait are its first."""
WAIT = 200
"""Seconds until the limit of a turn has passed."""


class State(StrEnum):
    KOSONG = "kosong"
    """Nothing is configured."""
    SIAP = "siap"
    """Configured, with everybody there, and not opened."""
    BUKA = "buka"
    """Open; no item has begun."""
    PAPARAN = "paparan"
    """An item without queues runs, hands of the dialog before wait, the hall shares, page 1 is seen."""
    DIALOG = "dialog"
    """The dialog runs; no hand is up and nobody speaks."""
    ANTRE = "antre"
    """Hands wait, nobody speaks."""
    PENUH = "penuh"
    """Hands wait, nobody speaks, and the chair has closed the queue."""
    BICARA = "bicara"
    LEWAT = "lewat"
    """Speaks beyond the limit."""
    DISELA = "disela"
    """Somebody in the hall answers glagah-1, as t3."""
    DITAHAN = "ditahan"
    JEDA = "jeda"
    """The line of the speaker is down."""
    TELEPON = "telepon"
    """kalipuro-1 speaks by telephone."""
    SKORS = "skors"
    """Suspended while somebody speaks."""
    TUTUP = "tutup"


_SET_UP: tuple[c.Command, ...] = (
    configure(),
    *(c.ConnectSeat(s, s != KALIPURO_2) for s in (AULA, LICIN_2, GLAGAH_2, KALIPURO_2)),
    *(c.ConnectSeat(s, True, DEVICE) for s in (LICIN_1, GLAGAH_1)),
    *(c.GiveConsent(s, Consent.DIREKAM) for s in (LICIN_1, GLAGAH_1, KALIPURO_1, KALIPURO_2)),
    c.GiveConsent(GLAGAH_2, Consent.TANPA_REKAMAN),
    c.ConnectChair(),
    c.AddDeck(DECK, 3, "Paparan"),
    *(c.RegisterPeserta(PesertaId(p), seat_id, "Nama") for p, seat_id in PEOPLE.items()),
    *(c.RegisterPeserta(p, KALIPURO_2, "Nama") for p in FULL),
)
_OPENED = (
    c.OpenMeeting(),
    c.LogNote(NoteId("n0"), JenisCatatan.KELUHAN, None, None, 1),
    c.SealInterval(SealId("s0"), 1, 2),
    c.RaisePoint(PT, LICIN_1, PesertaId("p2"), "Tata tertib"),
)
_DIALOG = (
    c.StartItem(DIALOG),
    c.CallSeat(T1, LICIN_2, None, TurnMedia.HADIR_DI_AULA),
    c.EndTurn(T1),
    c.RequestTurn(RequestId("r0"), LICIN_1, PesertaId("p0"), "Topik"),
    c.WithdrawRequest(LICIN_1, RequestId("r0")),
    c.RequestTurn(RequestId("rt"), LICIN_2, PesertaId("pl"), "Topik"),
    c.TriageRequest(RequestId("rt"), Jalur.TERTULIS),
    c.RequestTurn(RequestId("rp"), LICIN_1, PesertaId("p1"), "Topik"),
    c.TriageRequest(RequestId("rp"), Jalur.LEWAT_CAMAT),
    c.RequestTurn(RequestId("rx"), LICIN_1, PesertaId("px"), "Topik"),
    c.SanctionPeserta(PesertaId("px"), Sanksi.LARANG_BICARA),
)
_HANDS = (
    *(
        c.RequestTurn(RequestId(r), PEOPLE[p], PesertaId(p), "Topik")
        for r, p in (("r1", "p1"), ("r2", "p2"), ("rg", "pg"), ("r3", "p3"))
    ),
    *(c.RequestTurn(RequestId(f"r{p}"), KALIPURO_2, p, "Topik") for p in FULL[:FEW_WAITING]),
)
_SPEAKS = (c.CallSeat(T2, GLAGAH_1),)
_UNTIL_HANDS = (*_SET_UP, *_OPENED, *_DIALOG, *_HANDS)
_UNTIL_SPEAKS = (*_UNTIL_HANDS, *_SPEAKS)

WAYS: dict[State, tuple[c.Command, ...]] = {
    State.KOSONG: (),
    State.SIAP: _SET_UP,
    State.BUKA: (*_SET_UP, *_OPENED),
    State.PAPARAN: (*_UNTIL_HANDS, c.StartItem(PAPARAN), c.ShareScreen(AULA, True), c.ShowSlide(DECK, 1)),
    State.DIALOG: (*_SET_UP, *_OPENED, *_DIALOG),
    State.ANTRE: _UNTIL_HANDS,
    State.PENUH: (*_UNTIL_HANDS, c.SetQueue(False)),
    State.BICARA: _UNTIL_SPEAKS,
    State.LEWAT: _UNTIL_SPEAKS,
    State.DISELA: (*_UNTIL_SPEAKS, c.CallResponder(T3, AULA, PesertaId("pa"), TurnMedia.HADIR_DI_AULA)),
    State.DITAHAN: (*_UNTIL_SPEAKS, c.HoldTurn(T2)),
    State.JEDA: (*_UNTIL_SPEAKS, c.DropSeat(GLAGAH_1)),
    State.TELEPON: (*_UNTIL_HANDS, c.CallSeat(T2, KALIPURO_1, None, TurnMedia.LEWAT_TELEPON)),
    State.SKORS: (*_UNTIL_SPEAKS, c.SuspendMeeting()),
    State.TUTUP: (*_UNTIL_SPEAKS, c.CloseMeeting()),
}


async def reach(state: State) -> tuple[list[Entry], int]:
    """The journal of a meeting in this state, and the time (ms)."""
    journal, clock = MemoryJournal(), VirtualClock()
    room = await Room.open(ROOM, journal, clock=clock)
    for number, command in enumerate(WAYS[state]):
        clock.advance(1_000)
        await room.submit(command, actor=Actor("way"), command_id=CommandId(f"way{number}"))
    if state is State.LEWAT:
        clock.advance(WAIT * 1_000)
        await until(lambda: any(turn.overrun for turn in room.meeting.turns.turns.values()))
    await room.close()
    return journal.rows.get(ROOM, []), clock.now()


async def room_in(rows: Sequence[Entry], now: int) -> tuple[Room, MemoryJournal]:
    """A room on a journal of its own that holds ``rows``, as if another process had written them."""
    journal = MemoryJournal()
    room = await Room.open(ROOM, journal, clock=VirtualClock(now))
    journal.rows[ROOM] = list(rows)
    return room, journal
