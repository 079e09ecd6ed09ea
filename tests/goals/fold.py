"""``make goal-fold [N=100000]``: folding a journal beside parsing it; opening a room beside its history.

Figures: ``fold_over_json``: opening rooms of N events in all without a snapshot (stored rows in memory,
decoded and applied page by page, as a room that opens does) over ``json.loads`` of the same rows; the events
are those of whole meetings of 217 offices. ``open_ratio``: ``Room.open`` on SQLite with a snapshot and a tail
of 300 entries, after N events over after 1,000, with the same seats, people, hands and turns at the end. Both
are medians of interleaved rounds of CPU time in one process. ``rows_read``: the most entries that an opening
read. ``SABOTAGE=1`` leaves the snapshots out and must end with ``ok: false``.
"""

import asyncio
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete

from rooms import codec
from rooms.codec import Stored
from rooms.fold import load
from rooms.ids import Actor, CommandId, RoomId
from rooms.journal import Entry, Snapshot
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import Room
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from server.store.tables import journal as journal_table
from server.store.tables import snapshots
from tests.goals.floor import Play, Tally
from tests.support.clock import VirtualClock
from tests.support.goal import report, sabotaged, size
from tests.support.long_history import START, history, write
from tests.support.memory_journal import MemoryJournal

ROUNDS = 7
SHORT = 1_000
TAIL = 300
HALL = {"offices": 217, "hands": 30, "turns": 15}


class Rows(MemoryJournal):
    """One room's stored rows; an entry is decoded when it is read."""

    def __init__(self, stored: Sequence[tuple[Stored, int]]) -> None:
        super().__init__()
        self.stored = stored

    async def read(
        self, room_id: RoomId, after_seq: int, up_to_at: int | None = None, most: int | None = None
    ) -> list[Entry]:
        page = self.stored[after_seq:][:most]
        return [
            Entry(room_id, seq, 1, at, Actor("grant:1"), CommandId("c"), codec.decode(stored))
            for seq, (stored, at) in enumerate(page, after_seq + 1)
        ]


class Counting(SqlJournal):
    read_last = 0
    """Entries that the newest opening has read."""

    async def read(
        self, room_id: RoomId, after_seq: int, up_to_at: int | None = None, most: int | None = None
    ) -> list[Entry]:
        entries = await super().read(room_id, after_seq, up_to_at, most)
        self.read_last += len(entries)
        return entries

    async def load_snapshot(self, room_id: RoomId) -> Snapshot | None:
        return None if sabotaged() else await super().load_snapshot(room_id)


def meetings(events: int) -> list[Rows]:
    """Whole meetings with at least so many events in all."""
    made: list[Rows] = []
    while sum(len(rows.stored) for rows in made) < events:
        play = Play(len(made), Tally())
        play.run()
        made.append(Rows([(codec.encode(event), at) for event, at in play.log]))
    return made


async def fold_over_json(rooms: list[Rows]) -> float:
    folding: list[float] = []
    parsing: list[float] = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for rows in rooms:
            await load(rows, RoomId("pleno"), NASKAH_BERGILIR)
        folding.append(time.process_time() - start)
        start = time.process_time()
        for rows in rooms:
            for stored, _ in rows.stored:
                json.loads(stored.skeleton)
                if stored.private is not None:
                    json.loads(stored.private)
        parsing.append(time.process_time() - start)
    return statistics.median(folding) / statistics.median(parsing)


async def opening(database: Database, journal: Counting, room_id: RoomId, length: int) -> float:
    """CPU seconds of one opening; what it wrote is taken away again."""
    journal.read_last = 0
    start = time.process_time()
    room = await Room.open(room_id, journal, clock=VirtualClock(START + 10**9), alive_until=START)
    spent = time.process_time() - start
    await room.close()
    async with database.write() as connection:
        for table in (snapshots, journal_table):
            here = table.c.room_id == room_id
            await connection.execute(delete(table).where(here, table.c.seq > length))
    return spent


async def openings(folder: Path, length: int) -> tuple[dict[int, float], int]:
    """Median CPU seconds by length of the history, and the most entries that one of them read."""
    url = f"sqlite:///{folder / 'rembug.db'}"
    database = await Database.open(url)
    await migrate(database)
    journal = Counting(database)
    lengths = {SHORT: RoomId("short"), length: RoomId("long")}
    for events, room_id in lengths.items():
        await write(journal, room_id, history(events, **HALL), tail=TAIL)
    spent: dict[int, list[float]] = {events: [] for events in lengths}
    most = 0
    for _ in range(ROUNDS):
        for events, room_id in lengths.items():
            spent[events].append(await opening(database, journal, room_id, events))
            most = max(most, journal.read_last)
    await database.close()
    return {events: statistics.median(times) for events, times in spent.items()}, most


async def main(events: int, folder: Path) -> int:
    opened, most = await openings(folder, events)
    rooms = meetings(events)
    gc.collect()
    gc.freeze()  # a server that opens a room has no 100,000 rows in memory for its collector to walk through
    figures = {
        "fold_over_json": await fold_over_json(rooms),
        "open_ratio": opened[events] / opened[SHORT],
        "open_ms": opened[events] * 1e3,
        "rows_read": float(most),
        "events": float(events),
    }
    targets = {"fold_over_json": 3.0, "open_ratio": 1.5, "rows_read": float(TAIL)}
    return report(
        "fold", figures, targets, compared_with=f"json.loads of the same rows; a history of {SHORT} events"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="fold") as directory:
        sys.exit(asyncio.run(main(size(100_000), Path(directory))))
