"""Appends that die: a process per await of the append path, killed there.

``python -m tests.contracts.crash_writer URL [hasty]`` prints a JSON line per attempt. They are forked from
here, so that imports are paid once; each opens the database anew, as a restarted server does. ``hasty`` is
sabotage: it acknowledges first and commits later.
"""

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import Sequence

from rooms.ids import Actor, CommandId, ItemId, PesertaId, RequestId, RoomId, SeatId
from rooms.journal import Enlist, Entry, Journal
from rooms.meeting.events import Event, ItemStarted, MeetingOpened, TurnRequested
from server.store.engine import Database
from server.store.journal import SqlJournal
from tests.contracts.journals import mark
from tests.support.steps import Steps

ACTOR = Actor("grant:1")
EARLIER: list[Event] = [MeetingOpened()]
EVENTS: list[Event] = [
    ItemStarted(ItemId("dialog")),
    TurnRequested(RequestId("r"), SeatId("licin"), PesertaId("p"), topic="Jembatan"),
]
COMMAND = CommandId("the command")


class HastyJournal(SqlJournal):
    """Sabotage: acknowledges what it has only begun."""

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
        work = super().append(
            room_id, expected_seq, events, at=at, actor=actor, command_id=command_id, enlist=enlist
        )
        self.begun = asyncio.create_task(work)
        return []


async def append_once(journal: Journal, room_id: RoomId) -> list[Entry]:
    """What a room does: look the command up, else append it behind the earlier entry."""
    found = await journal.find(room_id, ACTOR, COMMAND)
    if found:
        return found
    return await journal.append(
        room_id, len(EARLIER), EVENTS, at=2, actor=ACTOR, command_id=COMMAND, enlist=mark(room_id)
    )


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _attempt(url: str, hasty: bool, room_id: RoomId, at: int, before: bool, acknowledged: int) -> None:
    database = await Database.open(url)
    await SqlJournal(database).append(room_id, 0, EARLIER, at=1, actor=ACTOR, command_id=CommandId("earlier"))
    journal = HastyJournal(database) if hasty else SqlJournal(database)
    await Steps(append_once(journal, room_id), at, _die, before=before)
    os.write(acknowledged, b"!")
    if at == 0:
        _die()
    await database.close()


def _run(url: str, hasty: bool, room_id: RoomId, at: int, before: bool) -> tuple[bool, bool]:
    """Whether the append was acknowledged, whether the process was killed."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        asyncio.run(_attempt(url, hasty, room_id, at, before, write))
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        acknowledged = pipe.read() == b"!"
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status not in (0, -signal.SIGKILL):
        raise RuntimeError(f"attempt {room_id} ended with {status}")
    return acknowledged, status != 0


def main(url: str, hasty: bool) -> None:
    """The attempt of number 0 dies right after its acknowledgement; the last one finds no await to die at."""
    for number in itertools.count():
        at, before = (number + 1) // 2, number % 2 == 1
        room_id = RoomId(f"room-{at}-{'before' if before else 'after'}")
        acknowledged, killed = _run(url, hasty, room_id, at, before)
        line = {"room_id": room_id, "acknowledged": acknowledged, "killed": killed}
        sys.stdout.write(json.dumps(line) + "\n")
        if not killed or hasty:
            return


if __name__ == "__main__":
    main(sys.argv[1], hasty="hasty" in sys.argv[2:])
