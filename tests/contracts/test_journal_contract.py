"""What a room may rely on, whatever journal it is given."""

import asyncio

import pytest

from rooms.ids import Actor, CommandId, ItemId, PesertaId, RequestId, RoomId, SeatId
from rooms.journal import Entry, JournalConflict
from rooms.meeting.events import Event, ItemStarted, MeetingOpened, MeetingSuspended, TurnRequested
from tests.contracts.journals import Harness

ROOM, OTHER = RoomId("pleno"), RoomId("lain")
CHAIR, OFFICE = Actor("grant:chair"), Actor("grant:office")
HAND = TurnRequested(RequestId("r"), SeatId("licin"), PesertaId("p"), topic="Jembatan “gantung” 🌉")


async def append(
    harness: Harness,
    expected_seq: int,
    *events: Event,
    command: str = "",
    at: int = 1_000,
    room: RoomId = ROOM,
    actor: Actor = CHAIR,
    mark: str = "",
) -> list[Entry]:
    return await harness.journal.append(
        room,
        expected_seq,
        events,
        at=at,
        actor=actor,
        command_id=CommandId(command or f"after-{expected_seq}"),
        enlist=harness.mark(mark) if mark else None,
    )


async def test_entries_are_numbered_without_gaps_and_read_back_as_they_were(harness: Harness) -> None:
    assert await harness.journal.read(ROOM, 0) == []
    first = await append(harness, 0, MeetingOpened(), command="a", mark="one")
    second = await append(
        harness, 1, HAND, ItemStarted(ItemId("dialog")), command="b", actor=OFFICE, at=2_000
    )
    assert first == [Entry(ROOM, 1, 1, 1_000, CHAIR, CommandId("a"), MeetingOpened())]
    assert [(e.seq, e.at, e.actor, e.event) for e in second] == [
        (2, 2_000, OFFICE, HAND),
        (3, 2_000, OFFICE, ItemStarted(ItemId("dialog"))),
    ]
    assert await harness.journal.read(ROOM, 0) == first + second
    assert await harness.journal.read(ROOM, 2) == second[1:]
    assert await harness.journal.read(ROOM, 3) == []
    assert await harness.marks() == ["one"]


async def test_time_never_runs_backwards(harness: Harness) -> None:
    await append(harness, 0, MeetingOpened(), at=5_000)
    late = await append(harness, 1, MeetingSuspended(), at=4_000)
    assert [entry.at for entry in late] == [5_000]


async def test_reading_up_to_an_instant_includes_it(harness: Harness) -> None:
    for seq in range(3):
        await append(harness, seq, ItemStarted(ItemId(f"i{seq}")), at=seq * 10)
    assert [e.seq for e in await harness.journal.read(ROOM, 0, up_to_at=10)] == [1, 2]
    assert [e.seq for e in await harness.journal.read(ROOM, 1, up_to_at=15)] == [2]


@pytest.mark.parametrize("expected_seq", [0, 2, 9])
async def test_whoever_has_not_folded_the_tail_writes_nothing(harness: Harness, expected_seq: int) -> None:
    await append(harness, 0, MeetingOpened())
    with pytest.raises(JournalConflict):
        await append(harness, expected_seq, MeetingSuspended(), command="late", mark="late")
    with pytest.raises(JournalConflict):
        await append(harness, expected_seq, command="rows only", mark="rows only")
    assert [e.seq for e in await harness.journal.read(ROOM, 0)] == [1]
    assert await harness.marks() == []


async def test_of_many_that_folded_the_same_tail_one_wins(harness: Harness) -> None:
    await append(harness, 0, MeetingOpened())
    tries = [
        append(harness, 1, ItemStarted(ItemId(f"i{n}")), MeetingSuspended(), command=f"c{n}", mark=f"m{n}")
        for n in range(8)
    ]
    done = await asyncio.gather(*tries, return_exceptions=True)
    won = [one for one in done if isinstance(one, list)]
    assert len(won) == 1
    assert sum(isinstance(one, JournalConflict) for one in done) == 7
    assert (await harness.journal.read(ROOM, 1)) == won[0]
    assert await harness.marks() == [won[0][0].command_id.replace("c", "m")]


async def test_rows_that_cannot_be_written_take_the_events_with_them(harness: Harness) -> None:
    inner = harness.mark("half")

    async def fail(connection: object) -> None:
        await inner(connection)
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        await harness.journal.append(
            ROOM, 0, [MeetingOpened()], at=1, actor=CHAIR, command_id=CommandId("c"), enlist=fail
        )
    assert await harness.journal.read(ROOM, 0) == []
    assert await harness.marks() == []
    await append(harness, 0, MeetingOpened(), command="c", mark="whole")
    assert await harness.marks() == ["whole"]


async def test_rows_alone_move_no_position(harness: Harness) -> None:
    await append(harness, 0, MeetingOpened())
    assert await append(harness, 1, mark="alone") == []
    assert await harness.marks() == ["alone"]
    assert [e.seq for e in await append(harness, 1, MeetingSuspended(), command="next")] == [2]


async def test_a_command_is_found_by_who_gave_it(harness: Harness) -> None:
    mine = await append(harness, 0, MeetingOpened(), MeetingSuspended(), command="c")
    theirs = await append(harness, 2, HAND, command="c", actor=OFFICE)
    assert await harness.journal.find(ROOM, CHAIR, CommandId("c")) == mine
    assert await harness.journal.find(ROOM, OFFICE, CommandId("c")) == theirs
    assert await harness.journal.find(ROOM, CHAIR, CommandId("d")) == []
    assert await harness.journal.find(OTHER, CHAIR, CommandId("c")) == []


async def test_rooms_know_nothing_of_each_other(harness: Harness) -> None:
    await append(harness, 0, MeetingOpened(), command="c")
    assert [e.seq for e in await append(harness, 0, HAND, command="c", room=OTHER)] == [1]
    assert [e.event for e in await harness.journal.read(ROOM, 0)] == [MeetingOpened()]
    assert [e.event for e in await harness.journal.read(OTHER, 0)] == [HAND]


async def test_the_newest_snapshot_is_loaded(harness: Harness) -> None:
    assert await harness.journal.load_snapshot(ROOM) is None
    for seq in range(4):
        await append(harness, seq, ItemStarted(ItemId(f"i{seq}")))
        await harness.journal.save_snapshot(ROOM, seq + 1, 7, b"state %d" % seq)
    await harness.journal.save_snapshot(ROOM, 4, 8, b"again")
    snapshot = await harness.journal.load_snapshot(ROOM)
    assert snapshot is not None
    assert (snapshot.seq, snapshot.fold_version, snapshot.state) == (4, 8, b"again")
    assert await harness.journal.load_snapshot(OTHER) is None


async def test_a_room_begins_in_the_first_epoch(harness: Harness) -> None:
    assert await harness.journal.epoch(ROOM) == 1
