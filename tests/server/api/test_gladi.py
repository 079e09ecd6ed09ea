"""A rehearsal: marked everywhere, without records of planning, with seats for synthetic offices."""

import re
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select
from yarl import URL

from rooms.ids import RoomId
from server.access import Role
from server.kept import NOTEBOOK, SESSIONS, WORKSHOP
from server.pages.screens import SCREENS
from server.pages.sesi import GLADI_HOURS
from server.store.catatan import Filter
from server.store.tables import metadata
from tests.support.api_house import Program, note, program
from tests.support.app import (
    KEMIREN,
    PANITIA_IN_SESSION,
    SARONGAN,
    TEMBOKREJO,
    House,
    Socket,
    Visitor,
    furnish,
    running,
)
from tests.support.clock import VirtualClock
from tests.support.photo import jpeg

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
        token, _older = re.findall(r"rembug gladi --link \S+/m/(\S+) ", page)
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
            status, body = await (await house.visit(who)).request("POST", "api/v1/catatan", json=note)
            assert (status, body["code"]) == (409, "gladi")
            assert body["title"] == "Ini sesi gladi: catatan dan usulan tidak disimpan."
        arahan = {name: note[name] for name in ("id", "ucapan", "instant")} | {"jenis": "arahan"}
        status, body = await (await house.visit(Role.PIMPINAN)).request("POST", "api/v1/catatan", json=arahan)
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


BESIDE = {"journal", "snapshots", "rooms", "seats", "agenda_items", "grants", "kunci", "wilayah", "sambungan"}
BESIDE |= {"akun", "akun_tautan", "akun_masuk", "kamus", "konsep", "kesiapan", "alembic_version"}
"""Tables that hold no planning record."""


async def planned(house: House) -> dict[str, int]:
    """How many rows of planning there are, by table."""
    async with house.app[WORKSHOP].database.read() as connection:
        return {
            table.name: await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name not in BESIDE
        }


async def everything_that_writes(house: House, note_id: str) -> list[tuple[str, int, str]]:
    """Each way to a planning record, tried in this session: (who and what, status, code)."""
    key = await program(house, room_id=house.room_id)
    answers = []

    async def attempt(who: Any, method: str, path: str, **options: Any) -> None:
        visitor = who if isinstance(who, Program) else await house.visit(who)
        status, body = await visitor.request(method, path, **options)
        answers.append((f"{method} {path}", status, body.get("code", "") if isinstance(body, dict) else ""))

    for who in (Role.NOTULIS, TEMBOKREJO, PANITIA_IN_SESSION):
        await attempt(who, "POST", "api/v1/catatan", json=note(kode_wilayah=TEMBOKREJO))
    await attempt(key, "POST", "catatan", json=note(kode_wilayah=TEMBOKREJO))
    mention = {"id": str(uuid.uuid4()), "spoken_at": 5_000}
    await attempt(key, "POST", f"catatan/{note_id}/penyebutan", json=mention)
    await attempt(Role.NOTULIS, "POST", f"api/v1/catatan/{note_id}/penyebutan", json=mention)
    await attempt(Role.OPERATOR, "POST", f"api/v1/catatan/{note_id}/prioritas", json={})
    line = {"version": 0, "judul": "Jembatan"}
    person = {"version": 0, "nama": "Siti Aminah", "jenis_kelamin": "P", "unsur": "tani"}
    await attempt(TEMBOKREJO, "PUT", f"api/v1/sidang/usulan/{uuid.uuid4()}", json=line)
    await attempt(TEMBOKREJO, "PUT", f"api/v1/sidang/hadir/{uuid.uuid4()}", json=person)
    await attempt(TEMBOKREJO, "PUT", "api/v1/sidang", json={"version": 0, "tempat": "Balai desa"})
    await attempt(TEMBOKREJO, "PUT", "api/v1/sidang/urutan", json={"version": 0, "ids": []})
    await attempt(TEMBOKREJO, "POST", "api/v1/sidang/impor", json={"csv": "judul\nJembatan\n"})
    papers = f"sesi/{house.room_id}/dokumen"
    for path in ("berita_acara", "notulen/-", "notulen/-/tanda-tangan", "notulen/kata"):
        await attempt(
            Role.PANITIA, "POST", f"{papers}/{path}", data={"kata.pembuka": "Lain", "versi.pembuka": "0"}
        )
    scan = aiohttp.FormData()
    scan.add_field("berkas", jpeg(), filename="x.jpg", content_type="image/jpeg")
    await attempt(Role.PANITIA, "POST", f"{papers}/notulen/-/pindaian", data=scan)
    return answers


async def test_a_rehearsal_writes_no_planning_record_by_any_way(tmp_path: Path) -> None:
    async with running(tmp_path) as held:
        await held.opened()
        real = note(kode_wilayah=TEMBOKREJO)
        assert (await (await held.visit(Role.NOTULIS)).request("POST", "api/v1/catatan", json=real))[0] == 201
        gladi = await furnish(held.app, held.plane, held.url, "Gladi", gladi=True)
        held.visitors.append(await gladi.opened())
        before = await planned(held)
        answers = await everything_that_writes(gladi, real["id"])
        held.visitors += gladi.visitors
        assert await planned(held) == before
        assert before["catatan"] == 1
        assert all(status in (403, 404, 409) for _, status, _ in answers), answers
        # The same in a session that is held leaves records everywhere: the tries are real ones.
        control = await everything_that_writes(held, real["id"])
        after = await planned(held)
        written = {name for name in after if after[name] > before[name]}
        assert written >= {"catatan", "penyebutan", "sidang", "sidang_hadir", "paper_entries", "paper_scans"}
        assert sum(status < 400 for _, status, _ in control) > len(control) / 2, control
