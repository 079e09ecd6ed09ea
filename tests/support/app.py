"""The whole application in the test's own process: real database, real sockets, a fake media plane.

``async with running(directory) as house`` serves on an ephemeral port. A ``Visitor`` is one browser with one
personal link: cookie jar, pages, API and WebSocket, as PROTOCOL.md describes them.
"""

import itertools
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from rooms.clock import Clock
from rooms.ids import ItemId, RoomId, SeatId
from rooms.meeting.vocabulary import ItemKind, ItemSpec, MeetingSettings, SeatKind, SeatSpec
from server.access import Role
from server.app import build_app
from server.kept import ACCOUNTS, GRANTS, WILAYAH
from server.keys import NOW
from server.pages.sesi import make_session
from server.pages.session_form import AULA, Wanted
from server.settings import Settings
from server.signalling.entrance import HALLS
from server.signalling.hall import Hall
from server.signalling.socket import Timing
from server.store.akun import AkunSpec
from server.store.engine import Database
from server.store.grants import GrantSpec
from server.store.migrations import migrate
from tests.support.fake_plane import FakePlane

SARONGAN, TEMBOKREJO, KEMIREN = "35.10.01.2001", "35.10.05.2003", "35.10.15.2004"
PANITIA_IN_SESSION = "panitia di sesi"
"""A Panitia's link that belongs to the session, besides the one of the kabupaten."""
PATIENCE_S = 60.0
"""For what a test waits for; nothing is measured by it."""
PATIENT = Timing(heartbeat_s=600.0)
"""A visitor's socket answers pings only while it is read, and a test does other things between."""


PASSWORD = "empat kata yang panjang"
_numbers = itertools.count(1)
_empty = tempfile.TemporaryDirectory(prefix="rembug-kosong-")
"""Keeps a database with its tables and nothing in them: growing them anew is half of a short test."""


@dataclass
class House:
    """A running server with a session and its links."""

    app: web.Application
    plane: FakePlane
    url: URL
    room_id: RoomId
    tokens: dict[str, str]
    """Role, or kode of an office, -> the secret of its link."""
    items: dict[ItemKind, ItemId]
    visitors: list["Visitor"] = field(default_factory=list)

    async def hall(self) -> Hall:
        return await self.app[HALLS].get(self.room_id)

    async def visit(self, who: str) -> "Visitor":
        """Open a personal link in a browser of its own."""
        visitor = Visitor(self.url, self.tokens[who])
        self.visitors.append(visitor)
        await visitor.open_link()
        return visitor

    async def account(self, role: Role, wilayah: str = "", opd: str = "", nama: str = "") -> "Visitor":
        """Somebody with an account of this role, signed in in a browser of their own."""
        masuk = f"{role}.{next(_numbers)}"
        spec = AkunSpec(masuk, nama or f"Orang {masuk}", role.title(), role, wilayah, opd)
        _, token = await self.app[ACCOUNTS].create(spec, by="uji", at=self.app[NOW]())
        visitor = Visitor(self.url, token)
        self.visitors.append(visitor)
        await visitor.set_password(PASSWORD)
        return visitor

    async def opened(self) -> "Visitor":
        """An operator who has opened the meeting and begun the dialog."""
        operator = await self.visit(Role.OPERATOR)
        socket = await operator.connect()
        await socket.command("open_meeting")
        await socket.command("start_item", item_id=self.items[ItemKind.DIALOG])
        return operator


class Visitor:
    def __init__(self, url: URL, token: str) -> None:
        self.url = url
        self.token = token
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.base = url
        self.grant = ""
        self.origin = str(url.origin())
        self.sockets: list[Socket] = []

    async def open_link(self) -> None:
        async with self.http.get(self.url / "m" / self.token, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            self.base = self.url.join(URL(answer.headers["Location"]))
        self.grant = self.base.parts[2]

    async def set_password(self, password: str) -> None:
        """Use a one-time link, which signs in."""
        self.base = self.url / ""
        typed = {"sandi": password, "ulangi": password}
        status, page = await self.request("POST", f"masuk/sandi/{self.token}", data=typed)
        assert status == 303, page
        self.base = self.url.join(URL("/kerja/"))

    async def request(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Status and body (decoded JSON, else text) of a request below the link."""
        headers = {"Origin": self.origin} | options.pop("headers", {})
        url = URL(f"{self.base}{path}", encoded=True)
        async with self.http.request(
            method, url, headers=headers, allow_redirects=False, **options
        ) as answer:
            text = await answer.read()
            if answer.content_type in ("application/json", "application/problem+json"):
                return answer.status, json.loads(text)
            return answer.status, text.decode(errors="replace")

    async def connect(
        self, resume: dict[str, int] | None = None, *, hello: bool = True, origin: str | None = None
    ) -> "Socket":
        raw = await self.http.ws_connect(self.base / "ws", origin=origin or self.origin, max_msg_size=2**24)
        socket = Socket(raw)
        self.sockets.append(socket)
        if hello:
            await socket.send(type="hello", protocol=1, resume=resume)
            socket.welcome = await socket.expect("welcome")
        return socket

    async def close(self) -> None:
        await self.http.close()


class Socket:
    """A WebSocket and the view that it has been shown."""

    _ids = itertools.count(1)

    def __init__(self, raw: aiohttp.ClientWebSocketResponse) -> None:
        self.raw = raw
        self.welcome: dict[str, Any] = {}
        self.sections: dict[str, Any] = {}
        self.position: dict[str, int] | None = None
        self.applied: dict[str, int] | None = None
        self.passed: list[dict[str, Any]] = []
        """Messages that were read while waiting for others, oldest first."""

    async def send(self, **message: Any) -> None:
        await self.raw.send_str(json.dumps(message))

    async def read(self, patience_s: float = PATIENCE_S) -> dict[str, Any]:
        """The next message; raises ConnectionError with the close code when there is none."""
        message = await self.raw.receive(timeout=patience_s)
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise ConnectionError(f"closed with {self.raw.close_code}")
        value: dict[str, Any] = json.loads(message.data)
        if value["type"] == "view":
            self.sections |= value["sections"]
            self.position = {"epoch": value["epoch"], "seq": value["seq"]}
        elif value["type"] == "applied":
            self.applied = {"epoch": value["epoch"], "seq": value["seq"]}
        return value

    async def expect(self, type_: str, **fields: Any) -> dict[str, Any]:
        """The next message of this type with these fields; others are kept in ``passed``."""
        while True:
            value = await self.read()
            if value["type"] == type_ and all(value.get(name) == wanted for name, wanted in fields.items()):
                return value
            self.passed.append(value)

    async def until(self, section: str, wanted: Any) -> Any:
        """Read until ``wanted(value of the section)`` holds; returns the value."""
        while section not in self.sections or not wanted(self.sections[section]):
            self.passed.append(await self.read())
        return self.sections[section]

    async def until_applied(self, seq: int) -> dict[str, int]:
        """Read until forwarding stands at ``seq`` or later."""
        while self.applied is None or self.applied["seq"] < seq:
            self.passed.append(await self.read())
        return self.applied

    async def give(self, type_: str, *, command_id: str = "", **fields: Any) -> dict[str, Any]:
        """Give a command; its ``ack`` or ``error``."""
        command_id = command_id or str(uuid.uuid4())
        await self.send(type=type_, command_id=command_id, **fields)
        while True:
            value = await self.read()
            if value["type"] in ("ack", "error") and value["command_id"] == command_id:
                return value
            self.passed.append(value)

    async def command(self, type_: str, **fields: Any) -> int:
        """Give a command that is accepted; the position of its ack."""
        answer = await self.give(type_, **fields)
        assert answer["type"] == "ack", answer
        return int(answer["seq"])

    async def ended(self) -> int | None:
        """Read to the end; the close code."""
        try:
            while True:
                self.passed.append(await self.read())
        except ConnectionError:
            return self.raw.close_code

    async def close(self) -> None:
        await self.raw.close()


def settings_in(directory: Path, **values: Any) -> Settings:
    return Settings(data_dir=directory, port=0, media_port=0, **values)


@asynccontextmanager
async def running(
    directory: Path,
    *,
    plane: FakePlane | None = None,
    timing: Timing = PATIENT,
    clock: Clock | None = None,
    gladi: bool = False,
    **values: Any,
) -> AsyncIterator[House]:
    """A server with a prepared session: the hall, two offices in dialogue, one that listens, all desks.

    ``gladi``: the session is a rehearsal.
    """
    plane = plane or FakePlane()
    settings = settings_in(directory, **values)
    if not settings.database_url and not (directory / "rembug.db").exists():
        os.makedirs(directory, exist_ok=True)
        shutil.copy(await _empty_database(), directory / "rembug.db")
    app = build_app(settings, plane=plane, timing=timing, clock=clock)
    async with serving(app) as url:
        await app[WILAYAH].seed()
        yield_house = await furnish(app, plane, url, gladi=gladi)
        try:
            yield yield_house
        finally:
            for visitor in yield_house.visitors:
                await visitor.close()


async def _empty_database() -> Path:
    file = Path(_empty.name) / "rembug.db"
    if not file.exists():
        database = await Database.open(f"sqlite:///{file}")
        await migrate(database)
        await database.close()
    return file


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[URL]:
    server = TestServer(app, host="127.0.0.1", skip_url_asserts=True)
    await server.start_server(shutdown_timeout=PATIENCE_S)
    try:
        yield server.make_url("/")
    finally:
        await server.close()


async def furnish(
    app: web.Application, plane: FakePlane, url: URL, title: str = "Musrenbang uji", *, gladi: bool = False
) -> House:
    """Make a session in a running application."""
    items = {kind: ItemId(f"acara-{kind}") for kind in ItemKind}
    kinds = {SARONGAN: SeatKind.DIALOG, TEMBOKREJO: SeatKind.DIALOG, KEMIREN: SeatKind.MENYIMAK}
    labels = {desa.kode: desa.label for desa in await app[WILAYAH].desa()}
    wanted = Wanted(
        room_id=RoomId(str(uuid.uuid4())),
        title=title,
        tanggal=date(2027, 1, 15),
        jenis_sesi="musrenbang_desa",
        tahun_rencana=2028,
        seats=(
            SeatSpec(AULA, SeatKind.AULA, "Aula"),
            *(SeatSpec(SeatId(kode), kind, labels[kode], kode) for kode, kind in kinds.items()),
        ),
        agenda=tuple(ItemSpec(item_id, kind, str(kind).title()) for kind, item_id in items.items()),
        script=(SeatId(TEMBOKREJO), SeatId(SARONGAN)),
        settings=MeetingSettings(),
        gladi=gladi,
    )
    minted = await make_session(app, wanted)
    tokens = {m.grant.seat_id if m.grant.role == Role.DESA else m.grant.role: m.token for m in minted}
    panitia = await app[GRANTS].mint(GrantSpec(Role.PANITIA, "Panitia"), at=1)
    seconded = await app[GRANTS].mint(GrantSpec(Role.PANITIA, "Panitia di sesi", wanted.room_id), at=1)
    until = app[NOW]() + 3_600_000
    rehearsal = await app[GRANTS].mint(GrantSpec(Role.GLADI, "Gladi", wanted.room_id, expires_at=until), at=1)
    return House(
        app,
        plane,
        url,
        wanted.room_id,
        {str(key): token for key, token in tokens.items()}
        | {str(Role.PANITIA): panitia.token, PANITIA_IN_SESSION: seconded.token}
        | {str(Role.GLADI): rehearsal.token},
        items,
    )
