"""Notes over HTTP: what an office may not write, and ids that are used twice at once."""

import asyncio
import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from server.access import Role
from tests.support.app import SARONGAN, TEMBOKREJO, House, Visitor, running


def note(**fields: Any) -> dict[str, Any]:
    instant = {"spoken_at": 1_800_000_000_000, "seat_id": SARONGAN, "turn_id": None}
    return {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "judul": "Jembatan gantung",
        "ucapan": "Kami minta jembatan.",
        "kode_wilayah": SARONGAN,
        "instant": instant,
    } | fields


async def taken(who: Visitor, **fields: Any) -> dict[str, Any]:
    status, body = await who.request("POST", "api/v1/catatan", json=note(**fields))
    assert status == 201, body
    return dict(body)


async def desks(house: House) -> tuple[Visitor, Visitor]:
    """The notulis and the office of Sarongan, in a session that runs."""
    await house.opened()
    return await house.visit(Role.NOTULIS), await house.visit(SARONGAN)


@pytest.mark.parametrize("jenis", ["arahan", "keluhan", "pertanyaan"])
async def test_an_office_rewrites_no_record_of_the_desks(tmp_path: Path, jenis: str) -> None:
    async with running(tmp_path) as house:
        notulis, office = await desks(house)
        kept = await taken(notulis, jenis=jenis)
        forged = {"version": 1, "judul": "Bukan itu"}
        status, body = await office.request("PATCH", f"api/v1/catatan/{kept['id']}", json=forged)
        assert (status, body["code"]) == (403, "forbidden")
        assert (await notulis.request("GET", f"api/v1/catatan/{kept['id']}"))[1]["version"] == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ucapan", "Kami tidak pernah bilang begitu."),
        ("jenis", "arahan"),
        ("penanggung_jawab", "Camat"),
        ("tenggat", "2099-01-01"),
        ("status_tindak_lanjut", "selesai"),
    ],
)
async def test_an_office_changes_neither_what_was_heard_nor_the_follow_up(
    tmp_path: Path, field: str, value: str
) -> None:
    async with running(tmp_path) as house:
        notulis, office = await desks(house)
        kept = await taken(notulis)
        path = f"api/v1/catatan/{kept['id']}"
        status, body = await office.request("PATCH", path, json={"version": 1, field: value})
        assert (status, list(body["fields"])) == (422, [field])
        status, body = await office.request("PATCH", path, json={"version": 1, "judul": "Jembatan desa"})
        assert (status, body["judul"]) == (200, "Jembatan desa")


@pytest.mark.parametrize(
    ("field", "value"), [("jenis", "arahan"), ("penanggung_jawab", "Camat"), ("tenggat", "2027-01-31")]
)
async def test_an_office_gives_no_directives(tmp_path: Path, field: str, value: str) -> None:
    async with running(tmp_path) as house:
        _, office = await desks(house)
        status, body = await office.request("POST", "api/v1/catatan", json=note(**{field: value}))
        assert (status, list(body["fields"])) == (422, [field])
        await taken(office, penanggung_jawab="", tenggat=None)


async def test_the_chair_marks_its_directions_and_nothing_else(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        chair = await house.visit(Role.PIMPINAN)
        instant = {"spoken_at": 1_800_000_000_000, "seat_id": SARONGAN, "turn_id": None}
        mark = {
            "id": str(uuid.uuid4()),
            "jenis": "arahan",
            "ucapan": "Dinas PU turun besok.",
            "instant": instant,
        }
        for field, value in [("jenis", "usulan"), ("penanggung_jawab", "Dinas PU"), ("judul", "Jalan")]:
            status, body = await chair.request("POST", "api/v1/catatan", json=mark | {field: value})
            assert (status, list(body["fields"])) == (422, [field])
        status, body = await chair.request("POST", "api/v1/catatan", json=mark)
        assert (status, body["jenis"], body["penyebutan"][0]["seat_id"]) == (201, "arahan", SARONGAN)
        assert (await chair.request("PATCH", f"api/v1/catatan/{mark['id']}", json={"version": 1}))[0] == 403


async def disputed(desk: Visitor) -> list[str]:
    """What desa say is wrong, as the list of this desk has it."""
    _, listed = await desk.request("GET", "api/v1/catatan")
    return [one["keliru"] for one in listed["items"] if one["keliru"]]


async def test_a_desa_says_what_is_wrong_and_the_note_stays(tmp_path: Path) -> None:
    """Kept in the history once, read by the desks, and no other desa's to say."""
    async with running(tmp_path) as house:
        notulis, office = await desks(house)
        other = await house.visit(TEMBOKREJO)
        kept = await taken(notulis, jenis="keluhan")
        path = f"api/v1/catatan/{kept['id']}"
        for isi in ("Bukan jembatan, tetapi jalan.",) * 2:
            status, _ = await office.request("POST", f"{path}/keliru", json={"isi": isi})
            assert status == 201
        assert (await other.request("POST", f"{path}/keliru", json={"isi": "Salah"}))[0] == 403
        status, refused = await office.request("POST", f"{path}/keliru", json={"isi": " "})
        assert (status, list(refused["fields"])) == (422, ["isi"])
        _, seen = await notulis.request("GET", path)
        remarks = [change for change in seen["riwayat"] if change["field"] == "keliru"]
        assert [(change["new"], "Sarongan" in change["by"]) for change in remarks] == [
            ("Bukan jembatan, tetapi jalan.", True)
        ]
        assert (seen["judul"], seen["version"]) == (kept["judul"], 1)
        assert await disputed(notulis) == ["Bukan jembatan, tetapi jalan."]
        assert (await office.request("POST", f"{path}/diperiksa"))[0] == 403
        for _ in range(2):
            status, seen = await notulis.request("POST", f"{path}/diperiksa")
            assert (status, seen["keliru"]) == (200, "")
        assert [change["field"] for change in seen["riwayat"]] == ["dibuat", "keliru", "diperiksa"]
        assert (await office.request("POST", f"{path}/keliru", json={"isi": "Jalan, sungguh."}))[0] == 201
        assert await disputed(notulis) == ["Jalan, sungguh."]
        change = {"version": 1, "judul": "Jalan"}
        assert (await notulis.request("PATCH", path, json=change))[0] == 200
        assert await disputed(notulis) == []
        for n in range(18):
            assert (await office.request("POST", f"{path}/keliru", json={"isi": f"Lagi {n}"}))[0] == 201
        status, refused = await office.request("POST", f"{path}/keliru", json={"isi": "Terlalu banyak"})
        assert (status, refused["code"]) == (409, "too_many")


async def test_of_two_bodies_with_one_id_at_once_the_loser_is_told(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        _, office = await desks(house)
        one = note()
        titles = [f"Jembatan {n}" for n in range(4)]
        posts = [office.request("POST", "api/v1/catatan", json=one | {"judul": title}) for title in titles]
        answers = await asyncio.gather(*posts)
        won = [body["judul"] for status, body in answers if status == 201]
        assert len(won) == 1
        assert [body["code"] for status, body in answers if status != 201] == ["conflict"] * 3
        listed = (await office.request("GET", "api/v1/catatan"))[1]["items"]
        assert [kept["judul"] for kept in listed] == won


async def test_the_same_body_at_once_is_one_note_for_all(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        _, office = await desks(house)
        one = note()
        answers = await asyncio.gather(
            *(office.request("POST", "api/v1/catatan", json=one) for _ in range(4))
        )
        assert [(status, body["id"]) for status, body in answers] == [(201, one["id"])] * 4


async def test_an_id_that_a_command_used_is_no_notes_id(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        _, office = await desks(house)
        one = note()
        socket = await office.connect()
        person = {"peserta_id": "p", "seat_id": SARONGAN, "nama": "Budi"}
        await socket.command("register_peserta", command_id=one["id"], **person)
        status, body = await office.request("POST", "api/v1/catatan", json=one)
        assert (status, body["code"]) == (409, "conflict")


async def test_an_office_is_told_who_follows_up_in_no_form(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        notulis, office = await desks(house)
        follow_up = {"penanggung_jawab": "Sekretaris Dinas", "tenggat": "2029-03-04"}
        kept = await taken(notulis, jenis="keluhan", **follow_up)
        change = {"version": 1, "status_tindak_lanjut": "dikerjakan"}
        assert (await notulis.request("PATCH", f"api/v1/catatan/{kept['id']}", json=change))[0] == 200
        words = {*follow_up.values(), "dikerjakan"}
        for who in (notulis, office):
            _, listed = await who.request("GET", "api/v1/catatan")
            _, csv = await who.request("GET", "api/catatan.csv")
            async with who.http.get(f"{who.base}api/catatan.xlsx") as answer:
                workbook = load_workbook(io.BytesIO(await answer.read()))
            cells = {str(cell.value) for row in workbook.worksheets[0].rows for cell in row}
            for form in (str(listed), csv, str(cells)):
                assert kept["id"] in form
                assert {word for word in words if word in form} == (words if who is notulis else set())
