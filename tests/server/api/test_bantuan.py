"""Messages between offices and Petugas Bantuan, and a new link for an office."""

import uuid
from pathlib import Path

from server.access import Role
from server.pages.session_form import AULA
from tests.support.app import KEMIREN, SARONGAN, Visitor, running


async def write(visitor: Visitor, teks: str, **more: str) -> tuple[int, dict[str, object]]:
    return await visitor.request("POST", "api/bantuan", json={"id": str(uuid.uuid4()), "teks": teks} | more)


async def test_an_office_and_the_desk_read_each_other_and_no_other_office_does(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        desk = await house.visit(Role.BANTUAN)
        at_desk, at_office, beside = await desk.connect(), await office.connect(), await other.connect()
        chair = await (await house.visit(Role.PIMPINAN)).connect()

        status, asked = await write(office, "Aula tidak terdengar", seat_id=SARONGAN)
        assert (status, asked["seat_id"], asked["dari_petugas"]) == (201, KEMIREN, False)
        assert (await at_desk.expect("bantuan"))["pesan"] == asked
        status, answered = await write(desk, "Besarkan suara TV", seat_id=KEMIREN)
        assert (status, answered["dari_petugas"]) == (201, True)
        assert [(await at_office.expect("bantuan"))["pesan"] for _ in range(2)] == [asked, answered]
        assert (await office.request("GET", "api/bantuan"))[1] == {"items": [asked, answered]}
        assert (await desk.request("GET", "api/bantuan"))[1] == {"items": [asked, answered]}
        assert (await other.request("GET", "api/bantuan"))[1] == {"items": []}
        for socket in (beside, chair):
            await socket.send(type="ping")
            await socket.expect("pong")
            assert all(message["type"] != "bantuan" for message in socket.passed)


async def test_sent_again_it_is_there_once_and_an_id_has_one_message(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        body = {"id": str(uuid.uuid4()), "teks": "Tolong"}
        first = await office.request("POST", "api/bantuan", json=body)
        again = await office.request("POST", "api/bantuan", json=body)
        assert (first[0], again[0], again[1]) == (201, 200, first[1])
        status, refused = await office.request("POST", "api/bantuan", json=body | {"teks": "Lain"})
        assert (status, refused["code"]) == (409, "conflict")
        assert len((await office.request("GET", "api/bantuan"))[1]["items"]) == 1


async def test_what_is_no_message_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, desk = await house.visit(KEMIREN), await house.visit(Role.BANTUAN)
        for wrong in ("", "   ", "x" * 1001, "a\x00b"):
            assert (await write(office, wrong))[0] == 422, wrong
        assert (await write(desk, "Halo"))[0] == 404
        assert (await write(desk, "Halo", seat_id="tidak-ada"))[0] == 404


async def test_a_new_link_lets_in_and_the_old_one_is_let_go(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, desk = await house.visit(KEMIREN), await house.visit(Role.BANTUAN)
        line = await office.connect()
        for none in ("tidak-ada", AULA, ""):
            assert (await desk.request("POST", "api/bantuan/tautan", json={"seat_id": none}))[0] in (404, 422)
        assert (await (await house.visit(Role.AULA)).request("GET", ""))[0] == 200, "the hall keeps its link"
        status, made = await desk.request("POST", "api/bantuan/tautan", json={"seat_id": KEMIREN})
        assert status == 201
        assert await line.ended() == 4403
        house.visitors.append(back := Visitor(house.url, str(made["url"]).rsplit("/", 1)[1]))
        await back.open_link()
        await (await back.connect()).until("own", lambda own: own["seat_id"] == KEMIREN)
