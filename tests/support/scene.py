"""A small session for tests of rooms and desks: offices of a dialog, one that listens, a chair of no screen.

The people are at browsers of their own with a hue and a tone each; the chair is a socket of a console, so
that these tests lean on no console's page.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from playwright.async_api import Browser

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Hall, Office, Person
from tests.support.sessions import make_session
from tests.support.stage import HUE_IS, HUES, TONES

TAMANSARI, KEDUNGWUNGU, SUMBERAGUNG = "35.10.23.2004", "35.10.05.2008", "35.10.01.2004"
HALL_HUE, OFFICE_HUE, OTHER_HUE = (HUES[name] for name in ("aula", "Tembokrejo", "Kalibaru"))
HALL_HERTZ, OFFICE_HERTZ, OTHER_HERTZ = (TONES[name] for name in ("aula", "Tembokrejo", "Kalibaru"))
PATIENCE_S = 60.0


class Chair:
    """A console without a screen: gives commands, keeps the newest sections.

    It listens all the while, as a browser does: a socket that nobody reads answers no ping and is closed.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._heard = asyncio.Queue[dict[str, Any]]()
        self.sections: dict[str, Any] = {}

    async def listen(self) -> None:
        """Until the socket closes."""
        async for message in self._socket:
            heard: dict[str, Any] = message.json()
            if heard["type"] == "view":
                self.sections |= heard["sections"]
            self._heard.put_nowait(heard)

    async def greet(self) -> None:
        await self._socket.send_json({"type": "hello", "protocol": 1, "resume": None})
        while "agenda" not in self.sections:
            await self._hear()

    async def give(self, command: str, **fields: Any) -> None:
        """Returns once it is committed; fails on a refusal."""
        command_id = str(uuid.uuid4())
        await self._socket.send_json({"type": command, "command_id": command_id, **fields})
        while True:
            message = await self._hear()
            if message.get("command_id") == command_id:
                assert message["type"] == "ack", message
                return

    async def open_dialog(self) -> None:
        await self.give("open_meeting")
        item = next(item for item in self.sections["agenda"] if item["kind"] == "dialog")
        await self.give("start_item", item_id=item["item_id"])

    async def call(self, office: Person) -> None:
        own = await office.diagnostics("section('own')")
        await self.give("call_seat", turn_id=str(uuid.uuid4()), seat_id=own["seat_id"])

    async def call_by_telephone(self, kode: str) -> None:
        await self.give("call_seat", turn_id=str(uuid.uuid4()), seat_id=kode, media="lewat_telepon")

    async def _hear(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._heard.get(), PATIENCE_S)


class Scene:
    """A running server with one session, its links and its chair."""

    def __init__(
        self, server: LiveServer, links: dict[str, str], chair: Chair, open_browsers: Browsers
    ) -> None:
        self.server = server
        self.links = links
        self.chair = chair
        self.browsers = open_browsers

    def office_link(self, ordinal: int = 0) -> str:
        return [link for who, link in self.links.items() if "Kec." in who][ordinal]

    async def hall(self) -> Hall:
        return await Hall.enter(await self.hall_device(), self.links["Aula"])

    async def hall_device(self) -> Browser:
        return await self.browsers.publisher("aula", hue=HALL_HUE, hertz=HALL_HERTZ)

    async def office_device(self, ordinal: int = 0) -> Browser:
        """The first office's, or any other's."""
        if ordinal == 0:
            return await self.browsers.publisher("Tembokrejo", hue=OFFICE_HUE, hertz=OFFICE_HERTZ)
        return await self.browsers.publisher("Kalibaru", hue=OTHER_HUE, hertz=OTHER_HERTZ)

    async def office(self, ordinal: int = 0) -> Office:
        browser = await self.office_device(ordinal)
        return await Office.enter(browser, self.office_link(ordinal), nama="Suwarno", jabatan="Kepala Desa")


@asynccontextmanager
async def scene_on(
    server: LiveServer,
    bs: Browsers,
    *,
    dialog: Sequence[str] = (TAMANSARI, KEDUNGWUNGU),
    menyimak: Sequence[str] = (SUMBERAGUNG,),
) -> AsyncIterator[Scene]:
    links = await make_session(server, "Musrenbang uji", dialog=dialog, menyimak=menyimak)
    async with aiohttp.ClientSession() as session:
        async with session.get(links["Meja Operator"]) as page:
            socket_url = str(page.url).replace("http", "ws", 1) + "ws"
            origin = str(page.url.origin())
        async with session.ws_connect(socket_url, headers={"Origin": origin}) as socket:
            chair = Chair(socket)
            listening = asyncio.create_task(chair.listen())
            await chair.greet()
            try:
                yield Scene(server, links, chair, bs)
            finally:
                listening.cancel()


async def sees(person: Person, slot: str, hue: float) -> None:
    """Waits until the picture in this slot is of this hue."""
    await person.until(HUE_IS, [f"video-{slot}", hue])


async def hears(person: Person, slot: str) -> None:
    """Waits until more sound has come in this slot than there was."""
    before = (await person.slot(slot)).energy
    await person.until(
        "async ([slot, energy]) => ((await rembug.slots())[slot]?.energy ?? 0) > energy", [slot, before]
    )
