"""Meja Notulis at a real server: nothing typed is lost, what is taken is there once, and it can be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.e2e.test_desk_operator import GRAJAGAN, SARONGAN, SUKOREJO
from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Notulis
from tests.support.scene import Chair, scene_on

KONSEP = "Tersimpan sebagai konsep"


@dataclass
class Desk:
    browser: Browser
    chair: Chair
    notulis: Notulis
    link: str

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
        desk = Desk(browser, scene.chair, await Notulis.enter(browser, link), link)
        await desk.call(SUKOREJO, "Sukorejo")
        yield desk


@pytest_asyncio.fixture(loop_scope="session")
async def desk(server: LiveServer, bs: Browsers) -> AsyncIterator[Desk]:
    async with dialogue(server, bs) as it:
        yield it


async def open_form(notulis: Notulis, key: str, words: str) -> None:
    await notulis.page.locator("body").press(key)
    await notulis.at("ucapan").fill(words)


async def notes(notulis: Notulis) -> list[dict[str, Any]]:
    answer: dict[str, Any] = await notulis.page.evaluate(
        "async () => (await fetch(location.pathname + 'api/catatan')).json()"
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
    await expect(notulis.at("catatan-baris")).to_contain_text("Sukorejo, Kec. Bangorejo")


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
    status = desk.notulis.at("status-konsep")
    await expect(status).to_contain_text("di perangkat ini saja")
    await desk.notulis.at("ucapan").press("Control+Enter")
    await expect(status).to_contain_text("Belum tercatat")
    await desk.notulis.at("ucapan").press("Control+Enter")
    await page.context.set_offline(False)
    await expect(desk.notulis.at("catatan-baris")).to_have_count(1)
    await expect(desk.notulis.at("konsep")).to_have_count(0)
    assert [note["ucapan"] for note in await notes(desk.notulis)] == ["Embung desa"]


async def test_a_killed_server_takes_the_waiting_note_once_when_it_is_back(
    tmp_path: Path, bs: Browsers
) -> None:
    async with LiveServer(tmp_path) as server, dialogue(server, bs) as desk:
        await open_form(desk.notulis, "k", "Gudang es rusak")
        await server.kill()
        await desk.notulis.at("ucapan").press("Control+Enter")
        await expect(desk.notulis.at("status-konsep")).to_contain_text("Belum tercatat")
        await server.start()
        await expect(desk.notulis.at("catatan-baris")).to_contain_text("Gudang es rusak")
        assert [note["ucapan"] for note in await notes(desk.notulis)] == ["Gudang es rusak"]


async def test_a_refused_field_is_told_beside_it_and_the_rest_stays(desk: Desk) -> None:
    notulis = desk.notulis
    await open_form(notulis, "u", "Jalan usaha tani")
    await notulis.at("perkiraan_biaya").fill("kira-kira 200 juta")
    await notulis.at("perkiraan_biaya").press("Control+Enter")
    await expect(notulis.page.locator("#galat-perkiraan_biaya")).to_contain_text("bilangan bulat")
    await expect(notulis.at("perkiraan_biaya")).to_be_focused()
    await expect(notulis.at("ucapan")).to_have_value("Jalan usaha tani")
    await notulis.at("perkiraan_biaya").fill("Rp 200.000.000")
    await notulis.at("perkiraan_biaya").press("Control+Enter")
    await expect(notulis.at("catatan-baris")).to_have_count(1)
    assert (await notes(notulis))[0]["perkiraan_biaya"] == 200_000_000


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
