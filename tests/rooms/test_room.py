"""The room around the meeting: commits, conflicts, lost replies, the timer, outages, followers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from rooms.fold import load, load_at
from rooms.ids import Actor, CommandId, NoteId, PesertaId, RoomId, TurnId
from rooms.journal import Entry
from rooms.meeting.commands import (
    CloseMeeting,
    Command,
    ConnectSeat,
    DropSeat,
    GiveConsent,
    HoldTurn,
    LogNote,
    OpenMeeting,
    RegisterPeserta,
    StartItem,
)
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    ItemStarted,
    MeetingOpened,
    RoomReopened,
    TurnCalled,
    TurnContinued,
    TurnEnded,
    TurnLimitReached,
    TurnPaused,
)
from rooms.meeting.vocabulary import Consent, Hak, JenisCatatan, JenisKelamin, MeetingStatus, TurnState, Unsur
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import Room, RoomClosed
from rooms.views import Viewer
from tests.support.clock import VirtualClock, until
from tests.support.meeting import AULA, DIALOG, GLAGAH_1, LICIN_1, OFFICES, call, configure
from tests.support.memory_journal import Lost, MemoryJournal

ROOM = RoomId("pleno")
OPERATOR = Actor("grant:operator")
CONSOLE = Viewer(console=True)


class House:
    """A journal, a clock and the rooms that were opened on them."""

    def __init__(self) -> None:
        self.journal = MemoryJournal()
        self.clock = VirtualClock()
        self.rooms: list[Room] = []
        self._commands = 0

    async def open(self, alive_until: int = 0, snapshot_every: int = 1000) -> Room:
        room = await Room.open(
            ROOM, self.journal, clock=self.clock, alive_until=alive_until, snapshot_every=snapshot_every
        )
        self.rooms.append(room)
        return room

    async def do(self, room: Room, *commands: Command) -> list[Entry]:
        entries: list[Entry] = []
        for command in commands:
            self._commands += 1
            command_id = CommandId(f"c{self._commands}")
            entries += await room.submit(command, actor=OPERATOR, command_id=command_id)
        return entries

    async def dialog(self, **options: int) -> Room:
        """A room in its dialog item, all offices there."""
        room = await self.open(**options)
        await self.do(room, configure())
        for seat_id in OFFICES:
            await self.do(room, ConnectSeat(seat_id, True), GiveConsent(seat_id, Consent.DIREKAM))
        await self.do(room, OpenMeeting(), StartItem(DIALOG))
        return room

    def events(self) -> list[str]:
        return [type(e.event).__name__ for e in self.journal.rows[ROOM]]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    yield made
    for room in made.rooms:
        await room.close()


def collect(room: Room) -> list[Entry]:
    heard: list[Entry] = []

    def follower(entries: Sequence[Entry]) -> None:
        heard.extend(entries)

    room.subscribe(follower)
    return heard


async def test_a_command_is_written_and_followers_hear_it_after_the_commit(house: House) -> None:
    room = await house.dialog()
    heard = collect(room)
    entries = await house.do(room, call(1, LICIN_1))
    assert isinstance(entries[0].event, TurnCalled)
    assert heard == entries == house.journal.rows[ROOM][-len(entries) :]
    assert room.seq == entries[-1].seq


async def test_a_refused_command_writes_nothing(house: House) -> None:
    room = await house.dialog()
    before = list(house.journal.rows[ROOM])
    with pytest.raises(Refused) as refusal:
        await house.do(room, call(1, AULA))
    assert refusal.value.code is Code.CANNOT_SPEAK
    assert house.journal.rows[ROOM] == before


async def test_what_asks_for_nothing_new_is_accepted_without_an_entry(house: House) -> None:
    room = await house.dialog()
    appends = house.journal.appends
    assert await house.do(room, ConnectSeat(LICIN_1, True)) == []
    assert house.journal.appends == appends


async def test_R11_a_record_that_is_sent_again_as_it_stands_adds_nothing(house: House) -> None:
    room = await house.dialog()
    ani = PesertaId("ani")
    told = RegisterPeserta(ani, LICIN_1, "Ani", "Kaur", Unsur.TANI, JenisKelamin.PEREMPUAN)
    assert await house.do(room, told)
    seq = room.seq
    assert await house.do(room, told) == []
    # Read from the journal by another server's room, it still stands as it does.
    assert await house.do(await house.open(), told) == []
    assert room.seq == seq
    for corrected in (
        replace(told, nama="Ani S."),
        replace(told, jabatan=""),
        replace(told, unsur=Unsur.NELAYAN),
        replace(told, jenis_kelamin=JenisKelamin.TIDAK_DISEBUT),
        replace(told, hak=Hak.PENINJAU),
    ):
        assert await house.do(room, corrected)
    with pytest.raises(Refused):
        await house.do(room, replace(told, seat_id=GLAGAH_1))
    await house.do(room, told)
    await house.do(room, CloseMeeting())
    with pytest.raises(Refused):
        await house.do(room, told)


async def test_the_same_command_id_is_decided_once(house: House) -> None:
    room = await house.dialog()
    first = await room.submit(call(1, LICIN_1), actor=OPERATOR, command_id=CommandId("x"))
    again = await room.submit(call(1, LICIN_1), actor=OPERATOR, command_id=CommandId("x"))
    assert first == again
    assert house.events().count("TurnCalled") == 1


async def test_a_commit_whose_reply_was_lost_is_acknowledged_and_not_decided_twice(house: House) -> None:
    room = await house.dialog()
    heard = collect(room)
    house.journal.lose_replies = 1
    entries = await house.do(room, call(1, LICIN_1))
    assert isinstance(entries[0].event, TurnCalled)
    assert house.events().count("TurnCalled") == 1
    assert heard == entries
    assert room.meeting.turns.live_id == TurnId("t1")


async def test_an_append_that_failed_leaves_no_trace_and_the_next_command_is_sound(house: House) -> None:
    room = await house.dialog()
    before = room.view(CONSOLE)
    house.journal.lose_appends = 1
    with pytest.raises(Lost):
        await house.do(room, call(1, LICIN_1))
    assert room.view(CONSOLE) == before
    await house.do(room, call(2, GLAGAH_1))
    assert room.meeting.turns.live_id == TurnId("t2")
    assert list(room.meeting.turns.turns) == [TurnId("t2")]


async def test_after_a_conflict_the_tail_is_read_and_the_command_decided_again(house: House) -> None:
    one = await house.dialog()
    two = await house.open()
    await house.do(one, ConnectSeat(LICIN_1, True), ConnectSeat(GLAGAH_1, True))
    heard = collect(two)
    await house.do(one, call(1, LICIN_1))
    entries = await house.do(two, call(2, GLAGAH_1))
    assert [type(e.event) for e in entries][:2] == [TurnEnded, TurnCalled], "it ended the turn of the other"
    assert [e.seq for e in heard] == list(range(heard[0].seq, entries[-1].seq + 1)), "nothing left out"
    assert any(isinstance(e.event, TurnCalled) and e.event.seat_id == LICIN_1 for e in heard)


async def test_a_command_that_the_newer_state_forbids_is_refused_after_the_conflict(house: House) -> None:
    one = await house.dialog()
    two = await house.open()
    await house.do(one, ConnectSeat(LICIN_1, True), call(1, LICIN_1))
    with pytest.raises(Refused) as refusal:
        await house.do(two, call(2, LICIN_1))
    assert refusal.value.code is Code.WRONG_STATE
    assert house.events().count("TurnCalled") == 1


async def test_nothing_is_shown_before_it_is_committed(house: House) -> None:
    room = await house.dialog()
    before, seq, gate = room.view(CONSOLE), room.seq, asyncio.Event()

    async def slow(connection: object) -> None:
        await gate.wait()

    waiting = asyncio.create_task(
        room.submit(call(1, LICIN_1), actor=OPERATOR, command_id=CommandId("x"), enlist=slow)
    )
    appends = house.journal.appends
    await until(lambda: house.journal.appends > appends)
    assert room.view(CONSOLE) == before
    assert room.view(Viewer())["turn"] is None
    assert room.seq == seq
    gate.set()
    await waiting
    assert room.view(Viewer())["turn"] is not None


async def test_a_note_and_its_row_stand_or_fall_together(house: House) -> None:
    room = await house.dialog()
    note = LogNote(NoteId("n1"), JenisCatatan.USULAN, LICIN_1, None, 5)

    async def breaks(connection: object) -> None:
        raise ValueError("another version")

    async def writes(connection: object) -> None:
        assert isinstance(connection, list)
        connection.append("row")

    with pytest.raises(ValueError, match="another version"):
        await room.submit(note, actor=OPERATOR, command_id=CommandId("x"), enlist=breaks)
    assert "NoteLogged" not in house.events()
    await room.submit(note, actor=OPERATOR, command_id=CommandId("y"), enlist=writes)
    await room.submit(note, actor=OPERATOR, command_id=CommandId("y"), enlist=writes)
    assert house.events().count("NoteLogged") == 1
    assert house.journal.enlisted == ["row"]


async def test_R28_the_timer_says_the_limit_and_is_armed_again(house: House) -> None:
    room = await house.dialog()
    heard = collect(room)
    await house.do(room, call(1, LICIN_1))
    assert house.clock.alarms == [] or house.clock.alarms == [house.clock.now() + 180_000]
    await until(lambda: house.clock.alarms == [house.clock.now() + 180_000])
    house.clock.advance(179_999)
    await asyncio.sleep(0)
    assert not any(isinstance(e.event, TurnLimitReached) for e in heard)
    house.clock.advance(1)
    await until(lambda: isinstance(heard[-1].event, TurnLimitReached))
    assert house.clock.alarms == []


async def test_R26_a_held_turn_disarms_the_timer_and_a_drop_arms_the_grace(house: House) -> None:
    room = await house.dialog()
    heard = collect(room)
    await house.do(room, call(1, LICIN_1), DropSeat(LICIN_1))
    await until(lambda: house.clock.alarms == [house.clock.now() + 30_000])
    house.clock.advance(30_000)
    await until(lambda: any(isinstance(e.event, TurnEnded) for e in heard))
    ended = next(e.event for e in heard if isinstance(e.event, TurnEnded))
    assert ended.outcome is TurnState.PUTUS
    await house.do(room, call(2, GLAGAH_1), HoldTurn(TurnId("t2")))
    await until(lambda: house.clock.alarms == [])


async def test_a_timer_whose_write_failed_is_tried_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    room = await house.dialog()
    heard = collect(room)
    await house.do(room, call(1, LICIN_1))
    await until(lambda: bool(house.clock.alarms))
    house.journal.lose_appends = 1
    house.clock.advance(180_000)
    await until(lambda: house.clock.alarms == [house.clock.now() + 1000])
    assert "the timer's decision was not written" in caplog.text
    house.clock.advance(1000)
    await until(lambda: isinstance(heard[-1].event, TurnLimitReached))


async def test_R33_reopening_moves_deadlines_and_waits_for_the_speaker(house: House) -> None:
    room = await house.dialog()
    await house.do(room, call(1, LICIN_1))
    house.clock.advance(20_000)
    alive_until = house.clock.now()
    house.clock.advance(600_000)
    again = await house.open(alive_until=alive_until)
    tail = [e.event for e in house.journal.rows[ROOM] if e.seq > room.seq]
    assert tail[0] == RoomReopened(600_000)
    assert isinstance(tail[1], TurnPaused)
    turn = again.meeting.turns.live
    assert turn is not None
    assert turn.clock.used_ms == 20_000
    entries = await house.do(again, ConnectSeat(LICIN_1, True))
    assert TurnContinued(TurnId("t1")) in [e.event for e in entries]
    await until(lambda: house.clock.alarms == [house.clock.now() + 160_000])


async def test_R33_what_a_starved_server_takes_to_go_on_is_part_of_the_outage(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.dialog()
    await house.do(room, call(1, LICIN_1))
    house.clock.advance(20_000)
    alive_until, find = house.clock.now(), house.journal.find

    async def slowly(room_id: RoomId, actor: Actor, command_id: CommandId) -> list[Entry]:
        house.clock.advance(400)
        return await find(room_id, actor, command_id)

    house.clock.advance(600_000)
    monkeypatch.setattr(house.journal, "find", slowly)
    again = await house.open(alive_until=alive_until)
    reopened = next(e for e in house.journal.rows[ROOM] if e.seq > room.seq)
    assert reopened.event == RoomReopened(600_400)
    assert again.meeting.turns.live is not None
    assert again.meeting.turns.live.clock.used_ms == 20_000


async def test_R33_a_closed_or_empty_room_reopens_silently(house: House) -> None:
    await (await house.open()).close()
    assert house.journal.rows.get(ROOM, []) == []


async def test_a_room_opens_from_snapshot_and_tail_as_from_the_whole_journal(house: House) -> None:
    room = await house.dialog(snapshot_every=8)
    await house.do(room, call(1, LICIN_1), call(2, GLAGAH_1))
    snapshot = house.journal.snapshots[ROOM]
    assert 0 < snapshot.seq < room.seq, "a snapshot and a tail"
    by_snapshot = await load(house.journal, ROOM, NASKAH_BERGILIR)
    del house.journal.snapshots[ROOM]
    by_journal = await load(house.journal, ROOM, NASKAH_BERGILIR)
    assert by_snapshot.meeting.state == by_journal.meeting.state == room.meeting.state
    assert by_snapshot.words == by_journal.words == room.words


@pytest.mark.parametrize("state", [b"", b"{}", b"{}\n{}", b"\xff\n{}"])
async def test_a_snapshot_that_cannot_be_read_is_passed_over(house: House, state: bytes) -> None:
    room = await house.dialog(snapshot_every=8)
    snapshot = house.journal.snapshots[ROOM]
    await house.journal.save_snapshot(ROOM, snapshot.seq, snapshot.fold_version, state)
    assert (await load(house.journal, ROOM, NASKAH_BERGILIR)).meeting.state == room.meeting.state


async def test_a_journal_folds_to_an_instant(house: House) -> None:
    room = await house.dialog()
    house.clock.advance(60_000)
    await house.do(room, call(1, LICIN_1))
    then = await load_at(house.journal, ROOM, NASKAH_BERGILIR, house.clock.now() - 1)
    assert then.meeting.agenda.status is MeetingStatus.BERLANGSUNG
    assert then.meeting.turns.live is None


async def test_a_follower_that_fails_stops_nobody(house: House, caplog: pytest.LogCaptureFixture) -> None:
    room = await house.open()

    def broken(entries: Sequence[Entry]) -> None:
        raise RuntimeError("follower")

    unsubscribe = room.subscribe(broken)
    heard = collect(room)
    await house.do(room, configure())
    assert len(heard) == 1
    assert "a follower failed" in caplog.text
    unsubscribe()
    unsubscribe()


async def test_commands_are_taken_one_after_another_and_all_before_the_close(house: House) -> None:
    room = await house.open()
    await house.do(room, configure())
    commands: tuple[Command, ...] = (OpenMeeting(), StartItem(DIALOG))
    tasks = [
        asyncio.create_task(room.submit(command, actor=OPERATOR, command_id=CommandId(f"p{n}")))
        for n, command in enumerate(commands)
    ]
    await asyncio.sleep(0)
    await room.close()
    opened, started = [(await task)[0].event for task in tasks]
    assert (opened, started) == (MeetingOpened(), ItemStarted(DIALOG))
    with pytest.raises(RoomClosed):
        await room.submit(OpenMeeting(), actor=OPERATOR, command_id=CommandId("late"))
