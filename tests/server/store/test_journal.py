"""The stored form of the journal: its chain, its erasure, its snapshots and epochs."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, text, update
from sqlalchemy.exc import OperationalError

from rooms.ids import Actor, CommandId, ItemId, PesertaId, RequestId, RoomId, SeatId
from rooms.journal import JournalConflict
from rooms.meeting.events import Event, ItemStarted, MeetingOpened, TurnRequested
from server.store import chain, engine
from server.store.chain import BrokenChain
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from server.store.sessions import Sessions, SessionSpec
from server.store.tables import journal as table
from server.store.tables import rooms, snapshots

ROOM = RoomId("pleno")
EVENTS = (
    MeetingOpened(),
    TurnRequested(RequestId("r1"), SeatId("licin"), PesertaId("p"), topic="Jembatan"),
    TurnRequested(RequestId("r2"), SeatId("licin"), PesertaId("p"), topic="Irigasi"),
    ItemStarted(ItemId("dialog")),
)


@pytest.fixture
async def journal(database: Database) -> SqlJournal:
    journal = SqlJournal(database)
    await append(journal, 0, *EVENTS[:2])
    await append(journal, 2, *EVENTS[2:])
    return journal


async def append(journal: SqlJournal, seq: int, *events: Event, command: str = "") -> None:
    command_id = CommandId(command or f"c{seq}")
    await journal.append(ROOM, seq, events, at=1_000, actor=Actor("grant:1"), command_id=command_id)


async def tamper(database: Database, seq: int, **values: object) -> None:
    async with database.write() as connection:
        await connection.execute(update(table).where(table.c.seq == seq).values(values))


async def test_a_command_is_looked_up_by_its_key_however_long_the_room(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'rembug.db'}")
    await migrate(database)
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await SqlJournal(database).find(ROOM, Actor("grant:1"), CommandId("c"))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    statement, values = asked[-1]
    async with database.read() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        steps = [row.detail for row in plan]
    await database.close()
    assert len(steps) == 1
    assert "command_id=?" in steps[0]


async def test_an_untouched_chain_verifies(journal: SqlJournal) -> None:
    head = await journal.verify(ROOM)
    await append(journal, 4, MeetingOpened())
    assert await journal.verify(ROOM) != head
    assert await journal.verify(RoomId("empty")) == chain.genesis("empty")


@pytest.mark.parametrize(
    "values",
    [
        {"at": 999},
        {"type": "meeting_closed"},
        {"v": 2},
        {"skeleton": b"{}"},
        {"private": b'{"topic": "Jalan"}'},
        {"salt": b"0" * 16},
        {"private": None},
        {"salt": None},
        {"private_hash": b"0" * 32},
        {"private_hash": b"", "private": None, "salt": None},
        {"prev_hash": b"0" * 32},
        {"hash": b"0" * 32},
    ],
)
async def test_every_changed_byte_breaks_it(
    database: Database, journal: SqlJournal, values: dict[str, object]
) -> None:
    await tamper(database, 2, **values)
    with pytest.raises(BrokenChain) as caught:
        await journal.verify(ROOM)
    assert caught.value.seq == 2


async def test_a_missing_row_breaks_it(database: Database, journal: SqlJournal) -> None:
    async with database.write() as connection:
        await connection.execute(delete(table).where(table.c.seq == 2))
    with pytest.raises(BrokenChain):
        await journal.verify(ROOM)


async def test_a_chain_is_not_another_rooms(database: Database, journal: SqlJournal) -> None:
    async with database.write() as connection:
        await connection.execute(update(table).values(room_id="lain"))
    with pytest.raises(BrokenChain):
        await journal.verify(RoomId("lain"))


async def test_equal_words_do_not_show_as_equal(database: Database, journal: SqlJournal) -> None:
    await append(journal, 4, EVENTS[1])
    async with database.read() as connection:
        rows = (await connection.execute(table.select().where(table.c.seq.in_([2, 5])))).all()
    assert rows[0].private == rows[1].private
    assert rows[0].private_hash != rows[1].private_hash


async def test_erased_words_are_gone_and_the_chain_still_verifies(
    database: Database, journal: SqlJournal
) -> None:
    await journal.save_snapshot(ROOM, 4, 1, b"Jembatan")
    head = await journal.verify(ROOM)
    await journal.erase_private(ROOM, [2])
    assert await journal.verify(ROOM) == head
    topics = [e.event.topic for e in await journal.read(ROOM, 0) if isinstance(e.event, TurnRequested)]
    assert topics == ["", "Irigasi"]
    assert await journal.load_snapshot(ROOM) is None
    async with database.read() as connection:
        row = (await connection.execute(table.select().where(table.c.seq == 2))).one()
    assert (row.private, row.salt) == (None, None)


async def bytes_after_erasing(folder: Path) -> bytes:
    """All that is in the files once the long words of entry 1 are erased."""
    database = await Database.open(f"sqlite:///{folder}/rembug.db")
    await migrate(database)
    journal = SqlJournal(database)
    long = TurnRequested(RequestId("r1"), SeatId("licin"), PesertaId("p"), topic="Jembatan " * 2_000)
    await append(journal, 0, long, EVENTS[2])
    await journal.save_snapshot(ROOM, 2, 1, b"Jembatan, Irigasi")
    await journal.erase_private(ROOM, [1])
    await database.close()
    files = await asyncio.to_thread(lambda: [file.read_bytes() for file in folder.iterdir()])
    return b"".join(files)


async def test_erased_words_leave_no_bytes_in_the_file(tmp_path: Path) -> None:
    content = await bytes_after_erasing(tmp_path)
    assert b"Irigasi" in content
    assert b"Jembatan" not in content


async def test_words_that_are_only_unlinked_are_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged control: SQLite's usual way of deleting."""
    monkeypatch.setattr(engine, "WRITER_PRAGMAS", (*engine.WRITER_PRAGMAS, "secure_delete=OFF"))
    assert b"Jembatan" in await bytes_after_erasing(tmp_path)


async def test_a_snapshot_of_another_past_is_passed_over(database: Database, journal: SqlJournal) -> None:
    await journal.save_snapshot(ROOM, 2, 1, b"older")
    await journal.save_snapshot(ROOM, 4, 1, b"newer")
    async with database.write() as connection:
        await connection.execute(update(snapshots).where(snapshots.c.seq == 4).values(head_hash=b"x"))
    loaded = await journal.load_snapshot(ROOM)
    assert loaded is not None
    assert loaded.state == b"older"


async def test_a_snapshot_needs_its_entry(journal: SqlJournal) -> None:
    with pytest.raises(LookupError):
        await journal.save_snapshot(ROOM, 5, 1, b"future")


async def test_a_command_is_never_journalled_twice(journal: SqlJournal) -> None:
    with pytest.raises(JournalConflict):
        await append(journal, 4, MeetingOpened(), command="c2")
    assert len(await journal.read(ROOM, 0)) == 4


async def test_a_full_disk_refuses_whole_and_the_journal_goes_on_with_space(
    sqlite_database: Database,
) -> None:
    journal = SqlJournal(sqlite_database)
    long = TurnRequested(RequestId("r"), SeatId("licin"), PesertaId("p"), topic="x" * 20_000)
    await append(journal, 0, MeetingOpened())

    async def allow(pages: str) -> None:
        async with sqlite_database.write() as connection:
            await connection.execute(text(f"PRAGMA max_page_count = {pages}"))

    async with sqlite_database.read() as connection:
        in_use = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
    await allow(str(in_use + 2))
    with pytest.raises(OperationalError, match="full"):
        await append(journal, 1, MeetingOpened(), long)
    assert [entry.seq for entry in await journal.read(ROOM, 0)] == [1]
    await allow("1000000")
    await append(journal, 1, MeetingOpened(), long)
    assert [entry.seq for entry in await journal.read(ROOM, 0)] == [1, 2, 3]
    await journal.verify(ROOM)


async def test_entries_carry_the_rooms_epoch(database: Database, journal: SqlJournal) -> None:
    spec = SessionSpec(ROOM, "Musrenbang", date(2026, 1, 15), "musrenbangdes", 2027, (), (), ())
    await Sessions(database).create(spec, at=0)
    async with database.write() as connection:
        await connection.execute(update(rooms).values(epoch=2))
    await append(journal, 4, MeetingOpened())
    assert await journal.epoch(ROOM) == 2
    assert [entry.epoch for entry in await journal.read(ROOM, 3)] == [1, 2]


async def test_of_two_processes_that_save_one_snapshot_both_are_content(journal: SqlJournal) -> None:
    await asyncio.gather(*(journal.save_snapshot(ROOM, 4, 1, b"the same") for _ in range(8)))
    loaded = await journal.load_snapshot(ROOM)
    assert loaded is not None
    assert (loaded.seq, loaded.state) == (4, b"the same")
