"""A crash at every await of the append path: what was acknowledged is there, exactly once.

What was not acknowledged is there whole or not at all, and repeating the command brings it about once.
``kill -9`` says nothing about power cuts: see ``test_durability``.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from rooms.ids import Actor, CommandId, RoomId
from rooms.journal import Enlist, Entry
from rooms.meeting.events import Event
from server.store.engine import Database
from server.store.journal import SqlJournal
from tests.contracts.crash_writer import ACTOR, COMMAND, EARLIER, EVENTS, append_once
from tests.contracts.journals import marks
from tests.support.steps import Steps

LEAST_AWAITS = 6
"""Of look-up and append, on any engine: fewer would mean that the sweep did not reach the database."""


class TwoStepJournal(SqlJournal):
    """Sabotage: the enlisted rows have a transaction of their own."""

    async def append(
        self,
        room_id: RoomId,
        expected_seq: int,
        events: Sequence[Event],
        *,
        at: int,
        actor: Actor,
        command_id: CommandId,
        enlist: Enlist | None = None,
    ) -> list[Entry]:
        done = await super().append(room_id, expected_seq, events, at=at, actor=actor, command_id=command_id)
        if enlist is not None:
            async with self._database.write() as connection:
                await enlist(connection)
        return done


async def check_whole_or_absent(database: Database, room_id: RoomId, acknowledged: bool) -> bool:
    """Whether the command is there; fails when it is there in part, or not although acknowledged."""
    journal = SqlJournal(database)
    await journal.verify(room_id)
    events = [entry.event for entry in await journal.read(room_id, 0)]
    written = events != EARLIER
    if written:
        assert events == EARLIER + EVENTS, "written in part"
    assert written or not acknowledged, "acknowledged, but lost"
    assert (room_id in await marks(database)) == written, "written in part"
    return written


async def check_repeating(database: Database, room_id: RoomId) -> None:
    first = await append_once(SqlJournal(database), room_id)
    assert await append_once(SqlJournal(database), room_id) == first
    assert [entry.command_id for entry in first] == [COMMAND, COMMAND]
    assert await check_whole_or_absent(database, room_id, acknowledged=True)


async def kill_everywhere(url: str, *sabotage: str) -> set[tuple[bool, bool]]:
    """Which pairs of (written, acknowledged) the attempts came to."""
    command = [sys.executable, "-m", "tests.contracts.crash_writer", url, *sabotage]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    attempts = [json.loads(line) for line in done.stdout.splitlines()]
    database = await Database.open(url)
    outcomes = set()
    try:
        for attempt in attempts:
            room_id, acknowledged = RoomId(attempt["room_id"]), attempt["acknowledged"]
            outcomes.add((await check_whole_or_absent(database, room_id, acknowledged), acknowledged))
            await check_repeating(database, room_id)
    finally:
        await database.close()
    assert sabotage or len(attempts) > 2 * LEAST_AWAITS
    return outcomes


async def cancel_everywhere(database: Database, journal: SqlJournal) -> int:
    """Cancel at one await after the other, until there are none left; how many there were."""
    at, cancelled = 0, True
    while cancelled:
        at += 1
        room_id = RoomId(f"room-{at}")
        await journal.append(room_id, 0, EARLIER, at=1, actor=ACTOR, command_id=CommandId("earlier"))

        async def attempt(room_id: RoomId = room_id, at: int = at) -> None:
            task = asyncio.current_task()
            assert task is not None
            await Steps(append_once(journal, room_id), at, task.cancel, before=True)

        task = asyncio.create_task(attempt())
        await asyncio.wait([task])
        cancelled = task.cancelled()
        await check_whole_or_absent(database, room_id, acknowledged=not cancelled)
        await check_repeating(database, room_id)
    return at - 1


async def test_a_killed_process_leaves_all_or_nothing(database_url: str) -> None:
    # the sweep goes from before the commit to after the acknowledgement
    assert await kill_everywhere(database_url) == {(False, False), (True, False), (True, True)}


async def test_an_acknowledgement_before_the_commit_is_caught(database_url: str) -> None:
    with pytest.raises(AssertionError, match="acknowledged, but lost"):
        await kill_everywhere(database_url, "hasty")


async def test_a_cancelled_append_leaves_all_or_nothing_and_the_journal_working(database: Database) -> None:
    assert await cancel_everywhere(database, SqlJournal(database)) >= LEAST_AWAITS


async def test_rows_outside_the_transaction_are_caught(sqlite_database: Database) -> None:
    with pytest.raises(AssertionError, match="written in part"):
        await cancel_everywhere(sqlite_database, TwoStepJournal(sqlite_database))
