"""A process that keeps rooms on a journal and answers commands on a Unix socket until it is made to crash.

``python -m tests.support.lin_keeper URL SOCKET [careless]``: the parent only forks; each child is one life,
with caches of its own. ``{"room", "crash", "message"}`` is answered with ``{"answer"}``; with ``crash`` the
child dies between the commit and the reply. The messages ``prepare`` and ``fold`` write the beginning of a
room's journal and give the snapshot of what its whole journal folds to. ``careless`` is sabotage: the journal
does not ask for the position that the decision was taken at.
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from rooms.fold import load
from rooms.ids import Actor, CommandId, PesertaId, RoomId
from rooms.journal import Enlist, Entry, JournalConflict
from rooms.meeting import commands as c
from rooms.meeting.errors import Refused
from rooms.meeting.events import Event
from rooms.meeting.meeting import Meeting
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import Room
from server.signalling import wire
from server.store.engine import Database
from server.store.journal import SqlJournal
from tests.support.clock import VirtualClock
from tests.support.linearizable import told
from tests.support.meeting import DIALOG, OFFICES, configure

NOW = 2_209_000_000_000
"""Where time stands still; ahead of today, so that no cookie of that time has expired."""
ACTOR = Actor("grant:1")


def prepare() -> tuple[Meeting, list[Event]]:
    """A meeting in its dialog item to which nobody is connected, and how it came about."""
    meeting = Meeting(NASKAH_BERGILIR)
    commands = [configure()]
    commands += [c.RegisterPeserta(PesertaId(f"p.{seat_id}"), seat_id, "Nama") for seat_id in OFFICES]
    commands += [c.OpenMeeting(), c.StartItem(DIALOG)]
    return meeting, [event for command in commands for event in meeting.handle(command, NOW)]


class DyingJournal(SqlJournal):
    """Dies after the commit of the commands in ``last_words``."""

    last_words: set[CommandId]

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
        entries = await super().append(
            room_id, expected_seq, events, at=at, actor=actor, command_id=command_id, enlist=enlist
        )
        if command_id in self.last_words:
            os._exit(9)
        return entries


class CarelessJournal(DyingJournal):
    """Sabotage: appends wherever the journal ends, whatever the writer has folded."""

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
        for _ in range(5):
            end = len(await self.read(room_id, 0))
            try:
                return await super().append(
                    room_id, end, events, at=at, actor=actor, command_id=command_id, enlist=enlist
                )
            except JournalConflict:
                continue
        raise RuntimeError("written under this id already, or never alone")


class Keeper:
    def __init__(self, journal: DyingJournal) -> None:
        self._journal = journal
        self._rooms: dict[RoomId, Room] = {}
        self._opening = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            try:
                answer = await self._answer(json.loads(line))
            except Exception as error:
                answer = [f"failed {error!r}"]
            writer.write(json.dumps({"answer": answer}).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _answer(self, asked: dict[str, str]) -> list[str]:
        room_id, message = RoomId(asked["room"]), asked["message"]
        if message == "prepare":
            _, events = prepare()
            await self._journal.append(room_id, 0, events, at=NOW, actor=ACTOR, command_id=CommandId(message))
            return []
        if message == "fold":
            return [(await load(self._journal, room_id, NASKAH_BERGILIR)).meeting.snapshot().decode()]
        given = wire.read(message, None)
        assert isinstance(given, wire.Give)
        if asked["crash"]:
            self._journal.last_words.add(given.command_id)
        room = await self._room(room_id)
        try:
            entries = await room.submit(given.command, actor=ACTOR, command_id=given.command_id)
        except Refused as refusal:
            return [f"refused {refusal.code}"]
        return [told(entry.event) for entry in entries]

    async def _room(self, room_id: RoomId) -> Room:
        async with self._opening:
            for other in [other for other in self._rooms if other != room_id]:
                await self._rooms.pop(other).close()
            if room_id not in self._rooms:
                self._rooms[room_id] = await Room.open(
                    room_id, self._journal, clock=VirtualClock(NOW), snapshot_every=7
                )
            return self._rooms[room_id]


async def _live(url: str, listening: socket.socket, careless: bool) -> None:
    journal = (CarelessJournal if careless else DyingJournal)(await Database.open(url))
    journal.last_words = set()
    server = await asyncio.start_unix_server(Keeper(journal).serve, sock=listening)
    await server.serve_forever()


def live_for_ever(life: Callable[[], None]) -> None:
    """One child after another, until this process is told to end."""
    child = 0

    def leave(number: int, frame: FrameType | None) -> None:
        os.kill(child, signal.SIGKILL)
        sys.exit(0)

    while True:
        child = os.fork()
        if child == 0:
            life()
        signal.signal(signal.SIGTERM, leave)
        os.waitpid(child, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def main(url: str, address: str, careless: bool) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(address)
    listening.listen()
    live_for_ever(lambda: asyncio.run(_live(url, listening, careless)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "careless" in sys.argv[3:])
