"""Meja Notulis at a real server: nothing typed is lost, what is taken is there once, and it can be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from tests.e2e.test_desk_operator import GRAJAGAN, SARONGAN, SEMPU, SUKOREJO, call_by_telephone
from tests.support.browser import browsers
from tests.support.live import LiveServer
from tests.support.people import Notulis, Operator, Panitia

KONSEP = "Tersimpan sebagai konsep"


@dataclass
class Desk:
    server: LiveServer
    browser: Browser
    operator: Operator
    notulis: Notulis
    link: str


@asynccontextmanager
async def dialogue(directory: Path) -> AsyncIterator[Desk]:
    """Sukorejo speaks by telephone, and the notulis is there."""
    async with LiveServer(directory) as server, browsers(directory) as bs:
        browser = await bs.viewer()
        panitia = await Panitia.enter(browser, server.panitia_link)
        links = await panitia.make_session("Catat", dialog=[SARONGAN, SUKOREJO, GRAJAGAN], menyimak=[SEMPU])
        operator = await Operator.enter(browser, links["Meja Operator"])
        await operator.open_meeting()
        await operator.start_item("Dialog")
        await call_by_telephone(operator, "Sukorejo")
        notulis = await Notulis.enter(browser, links["Meja Notulis"])
        await expect(notulis.at("giliran-tempat")).to_contain_text("Sukorejo")
        yield Desk(server, browser, operator, notulis, links["Meja Notulis"])


async def open_form(notulis: Notulis, key: str, words: str) -> None:
    await notulis.page.locator("body").press(key)
    await notulis.at("ucapan").fill(words)


async def notes(notulis: Notulis) -> list[dict[str, Any]]:
    answer: dict[str, Any] = await notulis.page.evaluate(
        "async () => (await fetch(location.pathname + 'api/catatan')).json()"
    )
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_opening_the_form_fixes_moment_speaker_and_desa(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
        notulis = desk.notulis
        await open_form(notulis, "u", "Irigasi tersier")
        opened = await notulis.at("saat").inner_text()
        await expect(notulis.at("giliran-catatan").locator("option:checked")).to_contain_text("Sukorejo")
        # The meeting goes on while the notulis still types; the note stays with who said it.
        await call_by_telephone(desk.operator, "Grajagan")
        await expect(notulis.at("giliran-tempat")).to_contain_text("Grajagan")
        await expect(notulis.at("saat")).to_have_text(opened)
        await notulis.at("mundur").click()
        await expect(notulis.at("saat")).not_to_have_text(opened)
        await notulis.at("ucapan").press("Control+Enter")
        await expect(notulis.at("catatan-baris")).to_contain_text("Sukorejo, Kec. Bangorejo")


async def test_a_closed_tab_loses_nothing(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
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


async def test_without_the_server_another_device_has_nothing(tmp_path: Path) -> None:
    """The control: what the test above finds on another device really came by way of the server."""
    async with dialogue(tmp_path) as desk:
        await desk.notulis.page.route("**/api/konsep/**", lambda route: route.abort())
        await open_form(desk.notulis, "u", "Jembatan gantung Dusun Krajan")
        await expect(desk.notulis.at("status-konsep")).to_contain_text("di perangkat ini saja")
        again = await Notulis.enter(desk.browser, desk.link)
        await expect(again.at("giliran-tempat")).to_contain_text("Sukorejo")
        await expect(again.at("konsep")).to_have_count(0)
        await desk.notulis.page.reload()
        await expect(desk.notulis.at("ucapan")).to_have_value("Jembatan gantung Dusun Krajan")


async def test_a_cut_line_loses_nothing_and_takes_the_note_once(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
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


async def test_a_killed_server_takes_the_waiting_note_once_when_it_is_back(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
        await open_form(desk.notulis, "k", "Gudang es rusak")
        await desk.server.kill()
        await desk.notulis.at("ucapan").press("Control+Enter")
        await expect(desk.notulis.at("status-konsep")).to_contain_text("Belum tercatat")
        await desk.server.start()
        await expect(desk.notulis.at("catatan-baris")).to_contain_text("Gudang es rusak")
        assert [note["ucapan"] for note in await notes(desk.notulis)] == ["Gudang es rusak"]


async def test_a_refused_field_is_told_beside_it_and_the_rest_stays(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
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


async def test_a_note_is_moved_to_the_right_desa_with_history(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
        notulis = desk.notulis
        await notulis.note("u", "Listrik dusun")
        await call_by_telephone(desk.operator, "Grajagan")
        await expect(notulis.at("giliran-tempat")).to_contain_text("Grajagan")
        await notulis.at("sebut").click()
        await notulis.at("pindahkan").click()
        grajagan = notulis.at("sebut-di").locator("optgroup[label=Giliran] option", has_text="Grajagan")
        await notulis.at("sebut-di").select_option(await grajagan.get_attribute("value"))
        await notulis.at("simpan-sebut").click()
        await expect(notulis.at("penyebutan")).to_contain_text("Grajagan")
        await expect(notulis.at("riwayat-catatan")).to_contain_text("Penyebutan")
        await notulis.page.keyboard.press("Escape")
        await expect(notulis.at("catatan-baris")).to_contain_text("Grajagan, Kec. Purwoharjo")


async def test_a_changed_note_keeps_its_moment(tmp_path: Path) -> None:
    async with dialogue(tmp_path) as desk:
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
