"""The Panitia's long list: found by words and by choices, page by page, as a file, safe to look at."""

import io
import json
import uuid
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from server.access import Role
from server.kept import DAFTAR
from server.planning import daftar
from server.store.catatan import Filter
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, House, Visitor, running


async def noted(notulis: Visitor, **fields: Any) -> str:
    body = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": "Jembatan gantung kami rusak, Pak.",
        "instant": {"spoken_at": 5_000, "seat_id": SARONGAN},
    }
    status, answer = await notulis.request("POST", "api/v1/catatan", json=body | fields)
    assert status == 201, answer
    return str(answer["id"])


async def three_notes(house: House) -> tuple[str, str, str]:
    await (await house.opened()).close()
    notulis = await house.visit(Role.NOTULIS)
    return (
        await noted(notulis, judul="Jembatan <script>alert(1)</script>", sub_bidang="2.3"),
        await noted(notulis, jenis="keluhan", ucapan="Air irigasi mati", instant=spoken(TEMBOKREJO)),
        await noted(notulis, ucapan="Jembatan ke sawah", instant=spoken(KEMIREN)),
    )


def rows_of(workbook: bytes) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(workbook)).active
    assert sheet is not None
    return list(sheet.values)


def spoken(seat_id: str) -> dict[str, object]:
    return {"spoken_at": 5_000, "seat_id": seat_id}


async def found(panitia: Visitor, query: str = "") -> tuple[int, str]:
    status, page = await panitia.request("GET", f"usulan{query}")
    return status, str(page)


def shown(page: str, ids: tuple[str, ...]) -> list[int]:
    return [number for number, note_id in enumerate(ids) if f"usulan/{note_id}" in page]


async def test_words_and_choices_narrow_the_list(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        ids = await three_notes(house)
        panitia = await house.visit(Role.PANITIA)
        assert shown((await found(panitia))[1], ids) == [0, 1, 2]
        assert shown((await found(panitia, "?q=jemb"))[1], ids) == [0, 2]
        assert shown((await found(panitia, "?q=SAWAH%20jemb"))[1], ids) == [2]
        assert shown((await found(panitia, "?jenis=keluhan"))[1], ids) == [1]
        assert shown((await found(panitia, f"?kecamatan={KEMIREN[:8]}"))[1], ids) == [2]
        assert shown((await found(panitia, f"?desa={SARONGAN}&bidang=2.3"))[1], ids) == [0]
        assert shown((await found(panitia, "?q=tidak+ada"))[1], ids) == []
        page = (await found(panitia, "?q=jemb&jenis=usulan"))[1]
        assert "2 catatan" in page
        assert "<script>alert" not in page


async def test_choices_tell_how_many_and_can_be_taken_back(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await three_notes(house)
        notulis, panitia = await house.visit(Role.NOTULIS), await house.visit(Role.PANITIA)
        page = await house.app[DAFTAR].page(Filter(jenis="keluhan"))
        assert page.facets["jenis"] == {"usulan": 2, "keluhan": 1}
        assert (page.total, page.facets["bidang"]) == (1, {"": 1})
        last = await noted(notulis, ucapan="Salah jenis")
        await notulis.request("PATCH", f"api/v1/catatan/{last}", json={"version": 1, "jenis": "keluhan"})
        page = await house.app[DAFTAR].page(Filter())
        assert page.facets["jenis"] == {"usulan": 2, "keluhan": 2}
        assert 'aria-current="true"' in (await found(panitia, "?jenis=keluhan"))[1]


async def test_pages_follow_one_another_without_gap_or_repetition(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(daftar, "PER_PAGE", 2)
    async with running(tmp_path) as house:
        await (await house.opened()).close()
        notulis, panitia = await house.visit(Role.NOTULIS), await house.visit(Role.PANITIA)
        ids = tuple([await noted(notulis, ucapan=f"Jembatan nomor {n}") for n in range(5)])
        for query in ("", "?q=jembatan"):
            seen, address = [], query
            while True:
                page = (await found(panitia, address))[1]
                seen += shown(page, ids)
                if 'rel="next"' not in page:
                    break
                address = page.split('rel="next"')[0].rpartition("usulan?")[2].partition('"')[0]
                address = "?" + address.replace("&amp;", "&")
            assert sorted(seen) == [0, 1, 2, 3, 4]
            assert len(seen) == 5


async def test_one_note_tells_its_history(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        first = (await three_notes(house))[0]
        notulis, panitia = await house.visit(Role.NOTULIS), await house.visit(Role.PANITIA)
        change = {"version": 1, "dusun": "Krajan", "sumber_dana": "bankeu_kabupaten"}
        await notulis.request("PATCH", f"api/v1/catatan/{first}", json=change)
        other = await noted(notulis, judul="Jembatan yang sama")
        link = {"lain": other}
        assert (await notulis.request("POST", f"api/v1/catatan/{first}/tautan", json=link))[0] == 200
        status, page = await panitia.request("GET", f"usulan/{first}")
        assert status == 200
        assert f'usulan/{other}"' in page
        assert other not in page.partition("Riwayat")[2], "people are not shown ids"
        assert "Krajan" in page
        assert "Bantuan keuangan kabupaten" in page.partition("Riwayat")[0]
        assert "bankeu_kabupaten" not in page, "people are not shown codes"
        assert "Meja Notulis" in page
        assert (await panitia.request("GET", f"usulan/{uuid.uuid4()}"))[0] == 404


async def test_the_selection_as_a_file(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(daftar, "AT_ONCE", 2)
    async with running(tmp_path) as house:
        await three_notes(house)
        panitia = await house.visit(Role.PANITIA)
        async with panitia.http.get(panitia.base / "usulan.xlsx") as answer:
            rows = rows_of(await answer.read())
        assert len(rows) == 4
        async with panitia.http.get(f"{panitia.base}usulan.xlsx?q=sawah") as answer:
            rows = rows_of(await answer.read())
        assert [row[6] for row in rows[1:]] == ["Jembatan ke sawah"]


async def test_what_cannot_be_asked_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        notulis, panitia = await house.visit(Role.NOTULIS), await house.visit(Role.PANITIA)
        for query in (
            "?x=1",
            "?tahun=dua",
            "?dari=x",
            "?dari=99999999999999999999.a",
            "?q=%00",
            f"?q={'a' * 201}",
        ):
            assert (await found(panitia, query))[0] == 400, query
        for query in ("?q=%22%27*(", "?q=%25", "?kecamatan=%27", "?jenis=zzz", "?dari=5.zzz"):
            assert (await found(panitia, query))[0] == 200, query
        assert (await notulis.request("GET", "usulan"))[0] == 403


async def test_the_replay_opens_from_a_note(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        first = (await three_notes(house))[0]
        notulis, panitia = await house.visit(Role.NOTULIS), await house.visit(Role.PANITIA)
        session = f"sesi/{house.room_id}"
        assert f"{session}/replay#{first}" in (await panitia.request("GET", f"usulan/{first}"))[1]
        status, page = await panitia.request("GET", f"{session}/replay")
        assert (status, f'{session}/"' in page) == (200, True)
        status, line = await panitia.request("GET", f"{session}/api/timeline")
        assert (status, line["room"]["room_id"]) == (200, house.room_id)
        _, notes = await panitia.request("GET", f"{session}/api/v1/catatan?q=sawah")
        assert [note["ucapan"] for note in notes["items"]] == ["Jembatan ke sawah"]
        for path in ("replay", "api/timeline", "api/v1/catatan", "api/catatan.csv", "clips/x.webm"):
            assert (await notulis.request("GET", f"{session}/{path}"))[0] == 403, path
        for path in ("replay", "api/timeline", "clips/x.webm"):
            assert (await panitia.request("GET", f"sesi/tidak-ada/{path}"))[0] == 404, path


async def test_the_selection_in_every_form(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await three_notes(house)
        panitia = await house.visit(Role.PANITIA)
        async with panitia.http.get(f"{panitia.base}usulan.zip?jenis=usulan") as answer:
            assert (answer.status, answer.content_type) == (200, "application/zip")
            archive = ZipFile(io.BytesIO(await answer.read()))
        manifest = json.loads(archive.read("manifest.json"))
        assert (manifest["saringan"], manifest["jumlah"]) == ({"jenis": "usulan"}, 2)
        assert {n["ucapan"] for n in json.loads(archive.read("usulan.json"))} >= {"Jembatan ke sawah"}
