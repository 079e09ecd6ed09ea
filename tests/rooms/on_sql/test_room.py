"""The room on the journal it lives on: the story of a killed server, on SQLite."""

from rooms.ids import Actor, CommandId, RoomId, TurnId
from rooms.meeting.commands import Command, ConnectSeat, GiveConsent, OpenMeeting, StartItem
from rooms.meeting.vocabulary import Consent, TurnState
from rooms.room import Room
from rooms.views import Viewer
from server.store.engine import Database
from server.store.journal import SqlJournal
from tests.support.clock import VirtualClock
from tests.support.meeting import DIALOG, GLAGAH_1, LICIN_1, call, configure

ROOM = RoomId("pleno")


async def test_a_room_lives_dies_and_comes_back(sqlite_database: Database) -> None:
    clock, commands = VirtualClock(), 0

    async def do(room: Room, *given: Command) -> None:
        nonlocal commands
        for command in given:
            commands += 1
            await room.submit(command, actor=Actor("op"), command_id=CommandId(f"c{commands}"))

    room = await Room.open(ROOM, SqlJournal(sqlite_database), clock=clock, snapshot_every=6)
    await do(room, configure())
    for seat_id in (LICIN_1, GLAGAH_1):
        await do(room, ConnectSeat(seat_id, True), GiveConsent(seat_id, Consent.DIREKAM))
    await do(room, OpenMeeting(), StartItem(DIALOG), call(1, LICIN_1), call(2, GLAGAH_1))
    clock.advance(20_000)
    # Nobody closes the first room: its process is gone.
    again = await Room.open(ROOM, SqlJournal(sqlite_database), clock=clock, alive_until=clock.now() - 5_000)
    turn = again.meeting.turns.live
    assert turn is not None
    assert (turn.state, turn.clock.used_ms) == (TurnState.JEDA, 15_000)
    await do(again, ConnectSeat(GLAGAH_1, True))
    assert again.meeting.turns.turns[TurnId("t2")].state is TurnState.BICARA
    # The first one wakes up: what it decides now, it decides on what has happened since.
    await do(room, ConnectSeat(LICIN_1, True), call(3, LICIN_1))
    await room.close()
    await do(again, ConnectSeat(GLAGAH_1, False))
    assert again.view(Viewer(console=True))["turn"] == room.view(Viewer(console=True))["turn"]
    assert [t.state for t in again.meeting.turns.turns.values()][:2] == [TurnState.SELESAI] * 2
    await again.close()
