"""Appends that are traced: ``python -m tests.contracts.durable_writer URL SYNCHRONOUS``.

Prints a line per acknowledged append, with the seq it reached. ``SYNCHRONOUS`` replaces the store's own
setting when it is not ``FULL``: that is sabotage. The entries are long enough for several checkpoints.
"""

import asyncio
import os
import sys

from rooms.ids import Actor, CommandId, PesertaId, RequestId, RoomId, SeatId
from rooms.meeting.events import Event, TurnRequested
from server.store import engine
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.migrations import migrate

ROOM = RoomId("pleno")
APPENDS, EVENTS_EACH, WORDS_BYTES = 40, 4, 30_000


async def main(url: str, synchronous: str) -> None:
    engine.WRITER_PRAGMAS = tuple(
        pragma.replace("synchronous=FULL", f"synchronous={synchronous}") for pragma in engine.WRITER_PRAGMAS
    )
    database = await Database.open(url)
    await migrate(database)
    journal, seq = SqlJournal(database), 0
    for number in range(APPENDS):
        events: list[Event] = [
            TurnRequested(
                RequestId(f"r{number}-{part}"), SeatId("licin"), PesertaId("p"), topic="x" * WORDS_BYTES
            )
            for part in range(EVENTS_EACH)
        ]
        entries = await journal.append(
            ROOM, seq, events, at=number, actor=Actor("grant:1"), command_id=CommandId(f"c{number}")
        )
        seq = entries[-1].seq
        os.write(1, b"%d\n" % seq)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
