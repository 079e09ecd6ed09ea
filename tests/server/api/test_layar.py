"""What screens that only show are given: their pages, the newest usulan, and nothing that is withdrawn."""

import uuid
from pathlib import Path

from server.access import Role
from tests.server.pages.test_usulan import noted
from tests.support.app import House, Visitor, running

XSS = "<img src=x onerror=alert(1)>"


async def newest(screen: Visitor) -> object:
    status, answer = await screen.request("GET", "api/layar/usulan")
    assert status == 200
    return answer["usulan"]


async def led_to(house: House, path: str) -> str:
    async with house.visitors[0].http.get(house.url / path, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"]


async def test_each_screen_has_a_link_of_its_own_that_opens_no_other(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        screen, broadcast = await house.visit(Role.LAYAR), await house.visit(Role.SIARAN)
        for who in (screen, broadcast):
            role = Role.LAYAR if who is screen else Role.SIARAN
            assert await led_to(house, f"layar/{house.tokens[role]}") == f"/s/{who.grant}/"
        status, page = await screen.request("GET", "")
        assert status == 200
        assert 'class="qr"' in page
        assert "figcaption>localhost" in page
        status, page = await broadcast.request("GET", "")
        assert status == 200
        assert 'data-testid="siaran"' in page
        for other in (broadcast, await house.visit(Role.PENINJAU)):
            assert (await other.request("GET", "api/layar/usulan"))[0] == 403


async def test_a_screen_can_say_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        socket = await (await house.visit(Role.LAYAR)).connect()
        await socket.send(type="media_mode", peer_id="p", mode="suara")
        assert (await socket.expect("error"))["code"] == "forbidden"
        assert (await socket.give("open_meeting"))["code"] == "forbidden"


async def test_the_newest_usulan_is_told_and_no_words_of_a_sealed_interval(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator, notulis = await house.opened(), await house.visit(Role.NOTULIS)
        screen = await house.visit(Role.LAYAR)
        now = (await operator.connect()).welcome["now"]
        assert await newest(screen) is None
        await noted(notulis, judul="Talud", instant={"spoken_at": now - 60_000, "seat_id": None})
        await noted(notulis, ucapan=XSS, instant={"spoken_at": now - 1_000, "seat_id": None})
        await noted(notulis, jenis="keluhan", ucapan="Air keruh")
        told = await newest(screen)
        assert isinstance(told, dict)
        assert told["judul"] == XSS
        await operator.sockets[0].command(
            "seal_interval", seal_id=str(uuid.uuid4()), from_ms=now - 2_000, to_ms=now, alasan=""
        )
        told = await newest(screen)
        assert isinstance(told, dict)
        assert told["judul"] == "Talud"
