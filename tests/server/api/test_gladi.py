"""A rehearsal: marked everywhere, without records of planning, with seats for synthetic offices."""

import re
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from rooms.ids import RoomId
from server.access import Role
from server.kept import NOTEBOOK, SESSIONS
from server.pages.screens import SCREENS
from server.pages.sesi import GLADI_HOURS
from server.store.catatan import Filter
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, House, Socket, Visitor, running
from tests.support.clock import VirtualClock

OFFICES = [SARONGAN, TEMBOKREJO, KEMIREN]
"""Of the house, in the order of being played: those in dialogue first."""
HOUR_MS = 3_600_000


async def seats(house: House, offices: int, *, aula: bool = False) -> list[dict[str, Any]]:
    visitor = await house.visit(Role.GLADI)
    status, body = await visitor.request("POST", "gladi/kursi", json={"offices": offices, "aula": aula})
    assert status == 200, body
    given: list[dict[str, Any]] = body["seats"]
    return given


async def synthetic(house: House, seat: dict[str, Any]) -> tuple[Visitor, Socket]:
    """An office with a link that was handed out, and its media device."""
    visitor = Visitor(house.url, URL(seat["link"]).name)
    house.visitors.append(visitor)
    await visitor.open_link()
    return visitor, await device(visitor)


async def device(visitor: Visitor) -> Socket:
    """A media device that has its seat."""
    socket = await visitor.connect()
    await socket.send(type="media_state", can_publish=True)
    await socket.until("own", lambda own: own["connected"])
    return socket


async def test_seats_that_nobody_has_taken_are_handed_out_the_dialog_first(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        assert [seat["seat_id"] for seat in await seats(house, 2)] == [SARONGAN, TEMBOKREJO]
        # What was given a moment ago comes last, so that a second process plays others.
        assert [seat["seat_id"] for seat in await seats(house, 1)] == [KEMIREN]
        await device(await house.visit(SARONGAN))
        given = await seats(house, 9, aula=True)
        assert given[0]["seat_id"] == "aula"
        assert {seat["seat_id"] for seat in given[1:]} == {TEMBOKREJO, KEMIREN}
        office, socket = await synthetic(house, given[1])
        assert socket.welcome["role"] == Role.DESA
        assert socket.sections["own"]["label"] == given[1]["label"]
        assert office.grant not in house.tokens


async def test_who_comes_gets_the_seat_of_a_synthetic_office_without_asking(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        seat = (await seats(house, 1))[0]
        _, played = await synthetic(house, seat)
        person = await device(await house.visit(seat["seat_id"]))
        assert await played.ended() == 4409
        # The other way round it is not so.
        again = Visitor(house.url, URL(seat["link"]).name)
        house.visitors.append(again)
        await again.open_link()
        socket = await again.connect()
        await socket.send(type="media_state", can_publish=True)
        assert (await socket.expect("error"))["code"] == "seat_taken"
        await person.send(type="ping")
        await person.expect("pong")


async def test_the_links_end_with_the_one_that_asked_for_them(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        panitia = await house.visit(Role.PANITIA)
        rehearsal = await house.visit(Role.GLADI)
        office, socket = await synthetic(house, (await seats(house, 1))[0])
        path = f"sesi/{house.room_id}/tautan/{rehearsal.grant}/cabut"
        assert (await panitia.request("POST", path))[0] == 303
        assert await socket.ended() == 4403
        for visitor in (office, rehearsal):
            assert (await visitor.request("GET", ""))[0] == 403
        status, body = await rehearsal.request("POST", "gladi/kursi", json={"offices": 1})
        assert (status, body["code"]) == (403, "revoked")


async def test_a_link_whose_time_is_over_says_so(tmp_path: Path) -> None:
    clock = VirtualClock(int(time.time() * 1000))  # cookies are read by the real one
    async with running(tmp_path, gladi=True, clock=clock) as house:
        panitia = await house.visit(Role.PANITIA)
        assert (await panitia.request("POST", f"sesi/{house.room_id}/gladi"))[0] == 303
        page = (await panitia.request("GET", f"sesi/{house.room_id}"))[1]
        (token,) = re.findall(r"rembug gladi --link \S+/m/(\S+) ", page)
        rehearsal = Visitor(house.url, token)
        house.visitors.append(rehearsal)
        await rehearsal.open_link()
        assert (await rehearsal.request("POST", "gladi/kursi", json={"offices": 1}))[0] == 200
        seat = (await seats(house, 1))[0]
        clock.advance(GLADI_HOURS * HOUR_MS)
        async with rehearsal.http.get(house.url / "m" / token, allow_redirects=False) as answer:
            assert answer.status == 410
            assert "Masa berlaku tautan ini sudah habis" in await answer.text()
        assert (await rehearsal.request("POST", "gladi/kursi", json={"offices": 1}))[1]["code"] == "expired"
        async with rehearsal.http.get(house.url / seat["link"][1:], allow_redirects=False) as answer:
            assert answer.status == 410
        page = (await panitia.request("GET", f"sesi/{house.room_id}"))[1]
        assert "Sudah berakhir" in page


async def test_only_a_rehearsal_has_synthetic_offices(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(Role.GLADI)
        status, body = await visitor.request("POST", "gladi/kursi", json={"offices": 1})
        assert (status, body["code"]) == (409, "not_gladi")
        for wrong in ({}, {"offices": -1}, {"offices": "2"}, {"offices": 1, "lain": 1}):
            assert (await visitor.request("POST", "gladi/kursi", json=wrong))[0] == 422
        panitia = await house.visit(Role.PANITIA)
        assert (await panitia.request("POST", f"sesi/{house.room_id}/gladi"))[0] == 409
        assert (await panitia.request("POST", "sesi/tidak-ada/gladi"))[0] == 404
        assert "Buat tautan gladi" not in (await panitia.request("GET", f"sesi/{house.room_id}"))[1]


async def test_a_closed_rehearsal_takes_nobody(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        operator = (await house.opened()).sockets[0]
        await operator.command("close_meeting")
        visitor = await house.visit(Role.GLADI)
        status, body = await visitor.request("POST", "gladi/kursi", json={"offices": 1})
        assert (status, body["code"]) == (409, "closed")


@pytest.mark.parametrize("gladi", [True, False])
async def test_every_screen_says_gladi_and_no_other_does(tmp_path: Path, gladi: bool) -> None:
    async with running(tmp_path, gladi=gladi) as house:
        pages = {role: await house.visit(KEMIREN if role is Role.DESA else role) for role in SCREENS}
        shown = {str(role): (await visitor.request("GET", ""))[1] for role, visitor in pages.items()}
        operator, panitia = pages[Role.OPERATOR], await house.visit(Role.PANITIA)
        shown["replay"] = (await operator.request("GET", "replay"))[1]
        shown["keadilan"] = (await operator.request("GET", "keadilan"))[1]
        shown["sesi"] = (await panitia.request("GET", f"sesi/{house.room_id}"))[1]
        shown["sesi keadilan"] = (await panitia.request("GET", f"sesi/{house.room_id}/keadilan"))[1]
        marked = {name for name, page in shown.items() if 'data-testid="gladi"' in page}
        assert marked == (set(shown) if gladi else set())
        listed = (await panitia.request("GET", "sesi"))[1]
        assert ("badge-gladi" in listed) is gladi


async def test_a_rehearsal_writes_no_note_and_takes_none_of_another_session(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        await house.opened()
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "usulan",
            "ucapan": "Jembatan gantung kami rusak, Pak.",
            "kode_wilayah": TEMBOKREJO,
            "instant": {"spoken_at": 1, "seat_id": TEMBOKREJO, "turn_id": None},
        }
        for who in (Role.NOTULIS, TEMBOKREJO):
            status, body = await (await house.visit(who)).request("POST", "api/catatan", json=note)
            assert (status, body["code"]) == (409, "gladi")
            assert body["message"] == "Ini sesi gladi: catatan dan usulan tidak disimpan."
        arahan = {name: note[name] for name in ("id", "ucapan", "instant")} | {"jenis": "arahan"}
        status, body = await (await house.visit(Role.PIMPINAN)).request("POST", "api/catatan", json=arahan)
        assert body["code"] == "gladi"
        assert (await house.app[NOTEBOOK].list(Filter())).total == 0


async def test_the_form_makes_a_rehearsal_only_when_asked(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        form = {
            "title": "Gladi bersih",
            "tanggal": date(2027, 1, 14).isoformat(),
            "jenis_sesi": "musrenbang_desa",
            "tahun_rencana": "2028",
            "turn_limit_menit": "3",
            "item_kind": "dialog",
            "item_title": "Dialog",
            "kursi": f"{KEMIREN}:dialog",
        }
        for posted, wanted in ((form | {"gladi": "ya"}, True), (form, False)):
            async with panitia.http.post(
                panitia.base / "sesi" / "baru", data=posted, headers={"Origin": panitia.origin}
            ) as answer:
                room_id = RoomId(answer.url.name)
            summary = await house.app[SESSIONS].get(room_id)
            assert summary is not None
            assert summary.gladi is wanted
