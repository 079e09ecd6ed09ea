"""The real server in lives that end by crashes: its sockets outlive it, as its port does.

``python -m tests.support.lin_server FOLDER PORT_FD SOCKET``: each child is one life of the whole application
on the SQLite file in FOLDER, in frozen time and with a fake media plane, at the listening socket PORT_FD. On
the Unix socket SOCKET it answers, a JSON line each: ``{"prepare": room}`` with the secret of the operator's
link of a new session in its dialog; ``{"doom": command_id}``: the life ends between the commit of that
command and its reply; ``{"read": room}`` with the snapshot of what the room's journal folds to, and what it
holds under each command id.
"""

import asyncio
import json
import socket
import sys
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp import web

import server.app as application
from rooms.fold import Fold
from rooms.ids import CommandId, PesertaId, RoomId
from rooms.meeting import commands as c
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import MeetingSettings
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import SYSTEM
from rooms.words import Words
from server.access import Role
from server.kept import JOURNAL
from server.pages.sesi import make_session
from server.pages.session_form import Wanted
from server.settings import Settings
from server.signalling.entrance import HALLS
from tests.support.clock import VirtualClock
from tests.support.fake_plane import FakePlane
from tests.support.lin_keeper import NOW, DyingJournal, live_for_ever
from tests.support.linearizable import told
from tests.support.meeting import DIALOG, ITEMS, OFFICES, SCRIPT, SEATS


class Life:
    def __init__(self, folder: Path) -> None:
        DyingJournal.last_words = set()
        setattr(application, "SqlJournal", DyingJournal)  # noqa: B010
        settings = Settings(data_dir=folder, port=0, media_port=0)
        self.app = application.build_app(settings, plane=FakePlane(), clock=VirtualClock(NOW))

    async def run(self, port: socket.socket, control: socket.socket) -> None:
        runner = web.AppRunner(self.app, handle_signals=False)
        await runner.setup()
        await web.SockSite(runner, port).start()
        listening = await asyncio.start_unix_server(self._serve, sock=control)
        await listening.serve_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            ((kind, what),) = json.loads(line).items()
            writer.write(json.dumps(await self._answer(kind, what)).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _answer(self, kind: str, what: str) -> Any:
        match kind:
            case "prepare":
                return await self._prepare(RoomId(what))
            case "doom":
                DyingJournal.last_words.add(CommandId(what))
                return None
            case _:
                return await self._read(RoomId(what))

    async def _prepare(self, room_id: RoomId) -> str:
        wanted = Wanted(
            room_id, "Musrenbang", date(2027, 1, 15), "musrenbang_desa", 2028, SEATS, ITEMS, SCRIPT,
            MeetingSettings(),
        )  # fmt: skip
        minted = await make_session(self.app, wanted)
        hall = await self.app[HALLS].get(room_id)
        begin: list[c.Command] = [
            *(c.RegisterPeserta(PesertaId(f"p.{seat_id}"), seat_id, "Nama") for seat_id in OFFICES),
            c.OpenMeeting(),
            c.StartItem(DIALOG),
        ]
        for number, command in enumerate(begin):
            await hall.submit(command, SYSTEM, CommandId(f"begin{number}"))
        return next(m.token for m in minted if m.grant.role == Role.OPERATOR)

    async def _read(self, room_id: RoomId) -> Any:
        entries = await self.app[JOURNAL].read(room_id, 0)
        fold = Fold(Meeting(NASKAH_BERGILIR), Words())
        fold.apply(entries)
        written: dict[str, list[str]] = {}
        for entry in entries:
            written.setdefault(entry.command_id, []).append(told(entry.event))
        return {"state": fold.meeting.snapshot().decode(), "written": written}


def main(folder: Path, port: int, address: str) -> None:
    serving = socket.socket(fileno=port)
    control = socket.socket(socket.AF_UNIX)
    control.bind(address)
    control.listen()
    live_for_ever(lambda: asyncio.run(Life(folder).run(serving, control)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
