"""A server with a note in a session that runs and keys of other applications, for what tests the API."""

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp

from rooms.ids import RoomId
from rooms.meeting.vocabulary import MeetingStatus
from server.access import Role
from server.kept import KEYS
from server.keys import NOW, REQUESTS
from tests.support.app import House, Visitor
from tests.support.examined import Examined, examine
from tests.support.photo import jpeg
from tests.support.slides import deck_of

HOUR_MS = 3_600_000


@dataclass
class Program:
    """Another application with its key."""

    visitor: Visitor
    secret: str
    key_id: str

    async def request(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        return await self.visitor.request(
            method, path, headers={"Authorization": f"Bearer {self.secret}", "Origin": ""}, **options
        )


async def program(
    house: House, scopes: Iterable[str] = ("baca", "tulis"), room_id: RoomId | None = None, hours: int = 1
) -> Program:
    now = house.app[NOW]()
    minted = await house.app[KEYS].mint(
        "Aplikasi uji", scopes, room_id, expires_at=now + hours * HOUR_MS, by="uji", at=now
    )
    visitor = Visitor(house.url, "")
    visitor.base = house.url / "api/v1/"
    house.visitors.append(visitor)
    return Program(visitor, minted.secret, minted.kunci.id)


def note(**fields: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": "Jembatan gantung kami rusak.",
        "instant": {"spoken_at": 5_000},
    } | fields


async def examined(house: House, examples: int, only: str = "") -> Examined:
    """The document, or ``only`` one operation of it, against this server, from a thread beside it."""
    if (await house.hall()).room.meeting.agenda.status != MeetingStatus.BERLANGSUNG:
        await house.opened()
    notulis = await house.visit(Role.NOTULIS)
    kept, other = note(), note()
    for one in (kept, other):
        status, answer = await notulis.request("POST", "api/v1/catatan", json=one)
        assert status == 201, answer
    photo, path = str(uuid.uuid4()), f"api/catatan/{kept['id']}/foto"
    status, answer = await notulis.request("PUT", f"{path}/{photo}", data=jpeg(size=(12, 9)))
    assert status == 201, answer
    form, letter = aiohttp.FormData(), str(uuid.uuid4())
    form.add_field("berkas", deck_of((9, 9, 9)), filename="surat.pdf")
    panitia = await house.visit(Role.PANITIA)
    path = f"usulan/{kept['id']}/lampiran/surat_pengantar/{letter}"
    assert (await panitia.request("POST", path, data=form))[0] == 303
    house.app[REQUESTS].allow(1e6, 10**6)
    asker = await program(house)
    known = {
        "id": kept["id"],
        "room": str(house.room_id),
        "lain": other["id"],
        "foto": photo,
        "lampiran": letter,
    }
    url = str(house.url).rstrip("/")
    return await asyncio.to_thread(examine, url, asker.secret, known, examples, only)
