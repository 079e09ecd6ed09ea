"""Meja Notulis at a real server: nothing typed is lost, what is taken is there once, and it can be moved."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.test_desk_operator import GRAJAGAN, SARONGAN, SUKOREJO
from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Notulis
from tests.support.photo import CHOSEN
from tests.support.scene import Chair, scene_on

AS_HIGH = "() => document.scrollingElement.scrollHeight <= innerHeight"
KONSEP = "Tersimpan sebagai konsep"


@dataclass
class Desk:
    browser: Browser
    chair: Chair
    notulis: Notulis
    link: str
    sukorejo: str
    """The link of its office."""

    async def call(self, kode: str, name: str) -> None:
        """By telephone; the notulis sees it."""
        await self.chair.call_by_telephone(kode)
        await expect(self.notulis.at("giliran-tempat")).to_contain_text(name)


@asynccontextmanager
async def dialogue(server: LiveServer, bs: Browsers) -> AsyncIterator[Desk]:
    """Sukorejo speaks by telephone, and the notulis is there."""
    async with scene_on(server, bs, dialog=[SARONGAN, SUKOREJO, GRAJAGAN]) as scene:
        await scene.chair.open_dialog()
        browser, link = await bs.viewer(), scene.links["Meja Notulis"]
        desk = Desk(browser, scene.chair, await Notulis.enter(browser, link), link, scene.office_link(1))
        await desk.call(SUKOREJO, "Sukorejo")
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk(server: LiveServer, bs: Browsers) -> AsyncIterator[Desk]:
    async with dialogue(server, bs) as it:
        yield it


async def open_form(notulis: Notulis, key: str, words: str) -> None:
    await notulis.page.locator("body").press(key)
    await notulis.at("ucapan").fill(words)


async def dispute(office_link: str, words: str) -> None:
    """The office says what is wrong with the only note about it."""
    async with aiohttp.ClientSession() as session:
        async with session.get(office_link) as page:
            base, headers = page.url, {"Origin": str(page.url.origin())}
        async with session.get(base / "api/v1/catatan") as listed:
            ((note,),) = [(await listed.json())["items"]]
        path = base / f"api/v1/catatan/{note['id']}/keliru"
        async with session.post(path, json={"isi": words}, headers=headers) as answer:
            assert answer.status == 201


async def bring(office_link: str, judul: str) -> str:
    """The office puts a usulan on its list; its id."""
    line_id = str(uuid.uuid4())
    async with aiohttp.ClientSession() as session:
        async with session.get(office_link) as page:
            base, headers = page.url, {"Origin": str(page.url.origin())}
        body = {"version": 0, "judul": judul}
        async with session.put(
            base / f"api/v1/sidang/usulan/{line_id}", json=body, headers=headers
        ) as answer:
            assert answer.status == 200, await answer.text()
    return line_id


async def notes(notulis: Notulis) -> list[dict[str, Any]]:
    answer: dict[str, Any] = await notulis.page.evaluate(
        "async () => (await fetch(location.pathname + 'api/v1/catatan')).json()"
    )
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_opening_the_form_fixes_moment_speaker_and_desa(desk: Desk) -> None:
    notulis = desk.notulis
    await open_form(notulis, "u", "Irigasi tersier")
    opened = await notulis.at("saat").inner_text()
    await expect(notulis.at("giliran-catatan").locator("option:checked")).to_contain_text("Sukorejo")
    # The meeting goes on while the notulis still types; the note stays with who said it.
    await desk.call(GRAJAGAN, "Grajagan")
    await expect(notulis.at("saat")).to_have_text(opened)
    await notulis.at("mundur").click()
    await expect(notulis.at("saat")).not_to_have_text(opened)
    await notulis.at("ucapan").press("Control+Enter")
    row = notulis.at("catatan-baris")
    await expect(row).to_contain_text("Sukorejo, Kec. Bangorejo")
    # What its desa says is wrong with it is seen while writing goes on, until somebody has looked at it.
    await open_form(notulis, "k", "Belum selesai ditulis")
    await dispute(desk.sukorejo, "Irigasi sekunder, bukan tersier")
    await expect(notulis.page.locator(".toast").last).to_contain_text("Irigasi sekunder")
    await expect(notulis.at("perlu-diperiksa")).to_have_text("1 perlu diperiksa")
    await expect(row).to_contain_text("Irigasi sekunder, bukan tersier")
    await expect(notulis.at("ucapan")).to_be_focused()
    await notulis.at("diperiksa").click()
    await expect(notulis.at("perlu-diperiksa")).to_be_hidden()
    await expect(notulis.at("diperiksa")).to_be_hidden()


async def test_a_closed_tab_loses_nothing(desk: Desk) -> None:
    await open_form(desk.notulis, "u", "Jembatan gantung Dusun Krajan")
    await desk.notulis.at("judul").fill("Jembatan gantung")
    await expect(desk.notulis.at("status-konsep")).to_contain_text(KONSEP)
    await open_form(desk.notulis, "Alt+k", "Air keruh")
    await expect(desk.notulis.at("konsep")).to_have_count(2)
    await expect(desk.notulis.at("status-konsep")).to_contain_text(KONSEP)
    await desk.notulis.page.close()
    # Another device with the same link: only the server can have kept them.
    again = await Notulis.enter(desk.browser, desk.link)
    await expect(again.at("konsep")).to_have_count(2)
    await again.at("konsep").first.click()
    await expect(again.at("ucapan")).to_have_value("Jembatan gantung Dusun Krajan")
    await expect(again.at("judul")).to_have_value("Jembatan gantung")
    assert await notes(again) == []


async def test_without_the_server_another_device_has_nothing(desk: Desk) -> None:
    """The control: what the test above finds on another device really came by way of the server."""
    await desk.notulis.page.route("**/api/konsep/**", lambda route: route.abort())
    await open_form(desk.notulis, "u", "Jembatan gantung Dusun Krajan")
    await expect(desk.notulis.at("status-konsep")).to_contain_text("di perangkat ini saja")
    again = await Notulis.enter(desk.browser, desk.link)
    await expect(again.at("giliran-tempat")).to_contain_text("Sukorejo")
    await expect(again.at("konsep")).to_have_count(0)
    await desk.notulis.page.reload()
    await expect(desk.notulis.at("ucapan")).to_have_value("Jembatan gantung Dusun Krajan")


async def test_a_cut_line_loses_nothing_and_takes_the_note_once(desk: Desk) -> None:
    page = desk.notulis.page
    await page.context.set_offline(True)
    await open_form(desk.notulis, "u", "Embung desa")
    await desk.notulis.at("pilih-foto").set_input_files([CHOSEN])
    await expect(desk.notulis.at("foto-menunggu")).to_have_count(1)
    status = desk.notulis.at("status-konsep")
    await expect(status).to_contain_text("di perangkat ini saja")
    await desk.notulis.at("ucapan").press("Control+Enter")
    await expect(status).to_contain_text("Belum tercatat")
    await desk.notulis.at("ucapan").press("Control+Enter")
    await page.context.set_offline(False)
    await expect(desk.notulis.at("catatan-baris")).to_have_count(1)
    await expect(desk.notulis.at("konsep")).to_have_count(0)
    await expect(desk.notulis.at("catatan").get_by_test_id("foto")).to_have_count(1)
    assert [(one["ucapan"], len(one["foto"])) for one in await notes(desk.notulis)] == [("Embung desa", 1)]


async def test_a_killed_server_takes_the_waiting_note_once_when_it_is_back(
    tmp_path: Path, bs: Browsers
) -> None:
    async with LiveServer(tmp_path) as server, dialogue(server, bs) as desk:
        await open_form(desk.notulis, "k", "Gudang es rusak")
        await server.kill()
        await desk.notulis.at("ucapan").press("Control+Enter")
        await expect(desk.notulis.at("status-konsep")).to_contain_text("Belum tercatat")
        listed = tmp_path / "kamus.csv"
        listed.write_text("kode,nama,satuan,opd\nK.07,Rehabilitasi Gudang Es,unit,Dinas Perikanan\n")
        await server.rembug("kamus", "impor", str(listed))
        await server.start()
        await expect(desk.notulis.at("catatan-baris")).to_contain_text("Gudang es rusak")
        assert [note["ucapan"] for note in await notes(desk.notulis)] == ["Gudang es rusak"]
        # What the planners call it is suggested by what is typed, and fills in what it says besides.
        await open_form(desk.notulis, "u", "Gudang es minta diperbaiki")
        await expect(desk.notulis.page.locator("#isian-kamus_usulan-kamus option")).to_have_attribute(
            "value", "K.07"
        )
        await desk.notulis.at("kamus_usulan").fill("K.07")
        await expect(desk.notulis.at("kamus-nama")).to_have_text("Rehabilitasi Gudang Es")
        await expect(desk.notulis.at("satuan")).to_have_value("unit")
        await expect(desk.notulis.at("opd_tujuan")).to_have_value("Dinas Perikanan")
        await expect(desk.notulis.page.locator("#opd option")).to_have_attribute("value", "Dinas Perikanan")
        await desk.notulis.at("kamus_usulan").press("Control+Enter")
        await expect(desk.notulis.at("catatan-baris")).to_have_count(2)
        assert [note["kamus_usulan"] for note in await notes(desk.notulis)] == ["K.07", ""]


async def test_a_refused_field_is_told_beside_it_and_the_rest_stays(desk: Desk) -> None:
    notulis = desk.notulis
    await open_form(notulis, "u", "Jalan usaha tani")
    await notulis.at("perkiraan_biaya").fill("kira-kira 200 juta")
    await notulis.at("perkiraan_biaya").press("Control+Enter")
    await expect(notulis.page.locator("#galat-perkiraan_biaya")).to_contain_text("bilangan bulat")
    await expect(notulis.at("perkiraan_biaya")).to_be_focused()
    assert await notulis.page.evaluate(AS_HIGH), "being led to a field leaves an empty strip below the desk"
    await expect(notulis.at("ucapan")).to_have_value("Jalan usaha tani")
    await notulis.at("perkiraan_biaya").fill("Rp 200.000.000")
    await notulis.at("perkiraan_biaya").press("Control+Enter")
    await expect(notulis.at("catatan-baris")).to_have_count(1)
    (note,) = await notes(notulis)
    assert note["perkiraan_biaya"] == 200_000_000
    # The desa changes it while it is open here: both versions are looked at before one of them stands.
    await notulis.at("ubah").click()
    await notulis.at("judul").fill("Jalan usaha tani Krajan")
    async with aiohttp.ClientSession() as office:
        async with office.get(desk.sukorejo) as page:
            base = page.url
        change = {"version": note["version"], "masalah": "Longsor", "judul": "JUT"}
        path = base / f"api/v1/catatan/{note['id']}"
        own = {"Origin": str(base.origin())}
        async with office.patch(path, json=change, headers=own) as answer:
            assert answer.status == 200, await answer.text()
    await notulis.at("catat").click()
    await expect(notulis.at("status-konsep")).to_contain_text("Bandingkan dahulu")
    await notulis.at("bandingkan").click()
    await expect(notulis.at("beda")).to_have_count(2)
    await notulis.at("pilih-masalah-tersimpan").check()
    await notulis.at("banding-pilihan").click()
    await expect(notulis.at("konsep")).to_have_count(0)
    (merged,) = await notes(notulis)
    assert (merged["judul"], merged["masalah"]) == ("Jalan usaha tani Krajan", "Longsor")


async def test_a_note_is_moved_to_the_right_desa_with_history(desk: Desk) -> None:
    notulis = desk.notulis
    await notulis.note("u", "Listrik dusun")
    await desk.call(GRAJAGAN, "Grajagan")
    await notulis.at("sebut").click()
    await notulis.at("pindahkan").click()
    grajagan = notulis.at("sebut-di").locator("optgroup[label=Giliran] option", has_text="Grajagan")
    await notulis.at("sebut-di").select_option(await grajagan.get_attribute("value"))
    await notulis.at("simpan-sebut").click()
    await expect(notulis.at("penyebutan")).to_contain_text("Grajagan")
    await expect(notulis.at("riwayat-catatan")).to_contain_text("Penyebutan")
    await notulis.page.keyboard.press("Escape")
    await expect(notulis.at("catatan-baris")).to_contain_text("Grajagan, Kec. Purwoharjo")

    # Another one of the same: told below the form while the typing goes on, linked once it is taken.
    await notulis.page.locator("body").press("u")
    await notulis.at("ucapan").fill("Listrik untuk dusun kami")
    await expect(notulis.at("mungkin-sama")).to_contain_text("Listrik dusun · Grajagan, Kec. Purwoharjo")
    await expect(notulis.at("ucapan")).to_be_focused()
    await expect(notulis.at("tautkan")).to_have_count(0)
    await notulis.at("ucapan").press("Control+Enter")
    await notulis.at("catatan-baris").filter(has_text="untuk").get_by_test_id("ubah").click()
    await notulis.at("tautkan").click()
    await expect(notulis.page.locator("#toasts")).to_contain_text("Kedua catatan ditautkan")
    linked = next(note for note in await notes(notulis) if "untuk" in note["ucapan"])
    history = await notulis.page.evaluate(
        "async (id) => (await (await fetch(`${location.pathname}api/v1/catatan/${id}`)).json()).riwayat",
        linked["id"],
    )
    assert [change["field"] for change in history] == ["dibuat", "mungkin_sama"]


async def test_a_changed_note_keeps_its_moment(desk: Desk) -> None:
    notulis = desk.notulis
    await notulis.note("p", "Kapan ADD cair?")
    before = (await notes(notulis))[0]
    await notulis.at("ubah").click()
    await notulis.at("judul").fill("Pencairan ADD tahap dua")
    await notulis.at("catat").click()
    await expect(notulis.at("catatan-baris")).to_contain_text("Pencairan ADD tahap dua")
    after = (await notes(notulis))[0]
    assert after["penyebutan"] == before["penyebutan"]
    assert after["version"] > before["version"]

    # What stands on the office's own list is linked by a key and a figure; the words already typed go along.
    listed = await bring(desk.sukorejo, "Pasar desa")
    await open_form(notulis, "u", "Pasar kami becek, Pak.")
    await notulis.at("ucapan").press("Alt+l")
    await expect(notulis.at("dari-daftar")).to_contain_text("Pasar desa")
    await notulis.page.keyboard.press("1")
    await expect(notulis.at("konsep")).to_have_count(0)
    await expect(notulis.at("catatan-baris")).to_have_count(2)
    spoken = next(note for note in await notes(notulis) if note["id"] == listed)
    assert (spoken["judul"], spoken["ucapan"]) == ("Pasar desa", "Pasar kami becek, Pak.")
    assert [(m["seat_id"], m["spoken"]) for m in spoken["penyebutan"]] == [(SUKOREJO, True)]
    assert spoken["penyebutan"][0]["turn_id"] == before["penyebutan"][0]["turn_id"]
    assert len(await notes(notulis)) == 2
