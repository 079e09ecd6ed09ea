"""What opening a room reads: its newest snapshot and what follows it, however long its history is."""

import pytest

from rooms.fold import PAGE, load
from rooms.ids import RoomId
from rooms.journal import Entry
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import Room
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.tables import snapshots
from tests.support.clock import VirtualClock
from tests.support.long_history import START, history, write

TAIL = 30
HALL = {"offices": 12, "hands": 8, "turns": 4}


class Counting(SqlJournal):
    rows = 0
    """Entries read since it was last set to 0."""

    async def read(
        self, room_id: RoomId, after_seq: int, up_to_at: int | None = None, most: int | None = None
    ) -> list[Entry]:
        entries = await super().read(room_id, after_seq, up_to_at, most)
        self.rows += len(entries)
        return entries


async def rows_read(journal: Counting, room_id: RoomId) -> int:
    journal.rows = 0
    room = await Room.open(room_id, journal, clock=VirtualClock(START + 10**9), alive_until=START)
    rows = journal.rows
    await room.close()
    return rows


@pytest.mark.parametrize("length", [200, 2_600])
async def test_opening_reads_the_tail_alone(sqlite_database: Database, length: int) -> None:
    journal, room_id = Counting(sqlite_database), RoomId("pleno")
    await write(journal, room_id, history(length, **HALL), tail=TAIL)
    assert await rows_read(journal, room_id) == TAIL
    assert await rows_read(journal, room_id) <= TAIL, "the first one saved a newer snapshot when it closed"


async def test_without_its_snapshot_the_whole_history_is_read_page_by_page(
    sqlite_database: Database,
) -> None:
    """The control: the count above would notice."""
    journal, room_id, length = Counting(sqlite_database), RoomId("pleno"), 2 * PAGE + 100
    await write(journal, room_id, history(length, **HALL), tail=TAIL)
    by_snapshot = await load(journal, room_id, NASKAH_BERGILIR)
    async with sqlite_database.write() as connection:
        await connection.execute(snapshots.delete())
    journal.rows = 0
    by_journal = await load(journal, room_id, NASKAH_BERGILIR)
    assert journal.rows == length
    assert by_journal.seq == by_snapshot.seq == length
    assert by_journal.meeting.state == by_snapshot.meeting.state
    assert by_journal.words == by_snapshot.words
