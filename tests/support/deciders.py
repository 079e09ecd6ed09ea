"""Accounts of those who decide on a running server, and for each of them usulan that wait for it."""

import html
import json
import re
import uuid
from dataclasses import dataclass

from yarl import URL

from tests.support.app import PASSWORD, Visitor
from tests.support.live import LiveServer

OPD = "Dinas PU"
BEFORE = {
    "mitra": (),
    "camat": ("mitra",),
    "opd": ("mitra", "camat"),
    "bappeda": ("mitra", "camat", "opd"),
}
"""Role -> those who decide before it, after the desa."""
_LINK = re.compile(r'value="[^"]*/masuk/sandi/([^"]+)"')


@dataclass(frozen=True)
class Waiting:
    room_id: str
    by_account: dict[str, list[str]]
    """Login name (the password is ``PASSWORD``) -> ids of usulan that it is to forward."""


async def deciders(server: LiveServer, office_link: str, *, each: int) -> Waiting:
    """A camat, a mitra, an OPD and Bappeda, for whose decision ``each`` so many usulan of an office wait."""
    panitia = await _visitor(server, server.panitia_link)
    office = await _visitor(server, office_link)
    _, page = await office.request("GET", "")
    found = re.search(r'id="boot">(.*?)</script>', page)
    assert found is not None
    boot = json.loads(found[1])
    kode, room_id = boot["seat_id"], boot["room_id"]
    open_to = {name: await _account(server, panitia, name, room_id[:6], kode) for name in BEFORE}
    waiting: dict[str, list[str]] = {}
    for name, earlier in BEFORE.items():
        login = f"{name}.{room_id[:6]}"
        waiting[login] = [
            await _usulan(office, kode, [open_to[one] for one in earlier], f"Untuk {name} {number}")
            for number in range(1, each + 1)
        ]
    for visitor in (panitia, office, *open_to.values()):
        await visitor.close()
    return Waiting(room_id, waiting)


async def _visitor(server: LiveServer, link: str) -> Visitor:
    visitor = Visitor(URL(f"{server.url}/"), link.strip().rsplit("/", 1)[1])
    await visitor.open_link()
    return visitor


async def _account(server: LiveServer, panitia: Visitor, name: str, suffix: str, kode: str) -> Visitor:
    typed = {
        "masuk": f"{name}.{suffix}",
        "nama": f"Uji {name}.{suffix}",
        "peran": name,
        "kode_wilayah": kode[:8] if name == "camat" else "",
        "opd": OPD if name == "opd" else "",
    }
    status, answer = await panitia.request("POST", "akun", data=typed)
    assert status == 303, answer
    _, page = await panitia.request("GET", "akun")
    token = _LINK.search(page[page.index(typed["nama"]) :])
    assert token is not None, "the page shows no link for the password"
    visitor = Visitor(URL(f"{server.url}/"), html.unescape(token[1]))
    await visitor.set_password(PASSWORD)
    return visitor


async def _usulan(office: Visitor, kode: str, earlier: list[Visitor], judul: str) -> str:
    """One that the desa and all before have forwarded."""
    body = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "kanal": "formulir",
        "judul": judul,
        "opd_tujuan": OPD,
        "instant": {"spoken_at": 5_000, "seat_id": kode, "turn_id": None},
    }
    status, answer = await office.request("POST", "api/v1/catatan", json=body)
    assert status == 201, answer
    steps = [(office, step) for step in ("konfirmasi", "ajukan", "teruskan")]
    steps += [(who, "teruskan") for who in earlier]
    for version, (who, step) in enumerate(steps, answer["version"]):
        decided = {"version": str(version), "tindakan": step, "opd_tujuan": OPD}
        status, page = await who.request("POST", f"usulan/{body['id']}/putuskan", data=decided)
        assert status == 303, page
    return str(body["id"])
