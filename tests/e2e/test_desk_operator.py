"""Meja Operator and Layar Pimpinan at a real server: all that needs no camera, and what must not jump."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest_asyncio
from playwright.async_api import FilePayload, expect

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Operator, Person, open_page
from tests.support.scene import scene_on
from tests.support.slides import deck_saying

SARONGAN, SUKOREJO, GRAJAGAN, SEMPU = "35.10.01.2001", "35.10.02.2001", "35.10.03.2001", "35.10.20.2002"


@dataclass
class Desk:
    operator: Operator
    chair: Person
    notulis: str
    """The notulis' link."""


@pytest_asyncio.fixture(loop_scope="session")
async def desk(server: LiveServer, bs: Browsers) -> AsyncIterator[Desk]:
    """A session whose dialogue runs: three offices on the script, one that listens, nobody connected."""
    async with scene_on(server, bs, dialog=[SARONGAN, SUKOREJO, GRAJAGAN], menyimak=[SEMPU]) as scene:
        await scene.chair.open_dialog()
        browser = await bs.viewer()
        operator, chair = await asyncio.gather(
            Operator.enter(browser, scene.links["Meja Operator"]),
            open_page(browser, scene.links["Layar Pimpinan"]),
        )
        yield Desk(operator, Person(chair), scene.links["Meja Notulis"])


async def raise_on_behalf(operator: Operator, office: str, nama: str, topic: str) -> None:
    """By keys: find the office, open it, type, Enter."""
    await operator.page.locator("body").press("/")
    await operator.at("cari-kursi").fill(office)
    await operator.at("cari-kursi").press("Enter")
    dialog = operator.at("dialog-kursi")
    await dialog.get_by_label("Nama").fill(nama)
    await dialog.get_by_label("Pokok bahasan").fill(topic)
    await dialog.get_by_label("Pokok bahasan").press("Enter")
    await expect(dialog.get_by_role("listitem").filter(has_text=topic)).to_contain_text("Menunggu")
    await operator.page.keyboard.press("Escape")


async def call_by_telephone(operator: Operator, office: str) -> None:
    row = operator.at("urutan").locator("li", has_text=office).first
    await row.get_by_label("Tentang kantor ini").click()
    await operator.at("dialog-telepon").click()
    await expect(operator.at("giliran-tempat")).to_contain_text(office)


async def test_a_hand_raised_on_behalf_stands_on_the_board_with_its_reason(desk: Desk) -> None:
    await raise_on_behalf(desk.operator, "Jambewangi", "Bu Wati", "Air bersih")
    row = desk.operator.at("baris").filter(has_text="Jambewangi")
    await expect(row).to_contain_text("Bu Wati: Air bersih")
    await expect(row).to_contain_text("belum pernah bicara")
    await expect(row).to_contain_text("Belum tersambung")
    await expect(row.get_by_test_id("panggil")).to_be_disabled()
    first = desk.operator.at("baris").first
    await expect(first).to_contain_text("sesuai naskah")


async def test_the_chair_holds_and_ends_what_the_operator_called_and_extends(desk: Desk) -> None:
    await call_by_telephone(desk.operator, "Sukorejo")
    chair = desk.chair
    await expect(chair.at("giliran-tempat")).to_have_text("Sukorejo, Kec. Bangorejo")
    await expect(chair.at("giliran")).to_contain_text("lewat telepon")
    # A turn through the hall is heard, but it is no picture of its own on air.
    await expect(chair.at("siaran")).to_be_hidden()
    await chair.page.locator("body").press("t")
    await expect(chair.at("tahan")).to_contain_text("Lanjut")
    await expect(desk.operator.at("giliran")).to_contain_text("Ditahan")
    # Who is next, as far as the notes know their place; looking at it stops nothing.
    await chair.page.locator("body").press("d")
    await expect(chair.at("dialog-kartu")).to_be_visible()
    await expect(chair.at("dialog-kartu")).to_contain_text("Belum ada usulan.")
    await chair.page.keyboard.press("Escape")
    held = await desk.operator.at("sisa-waktu").inner_text()
    await desk.operator.at("tambah-waktu").click()
    await expect(desk.operator.at("sisa-waktu")).not_to_have_text(held)
    await chair.at("tahan").click()
    await expect(chair.at("tahan")).to_contain_text("Tahan")
    await chair.at("cukup").click()
    await expect(desk.operator.at("giliran-tempat")).to_have_text("Aula")
    await desk.operator.at("tab-history").click()
    await expect(desk.operator.at("riwayat")).to_contain_text("Selesai")
    # The usulan that the notulis took down goes onto the camat's list by one key.
    await expect(chair.at("baru-dicatat")).to_be_hidden()
    await note_down(desk.notulis, SUKOREJO, "Irigasi tersier rusak")
    await expect(chair.at("baru-dicatat")).to_contain_text("Sukorejo, Kec. Bangorejo: Irigasi tersier rusak")
    await expect(desk.operator.at("prioritaskan")).to_be_enabled()
    await chair.page.locator("body").press("3")
    await expect(chair.at("prioritaskan")).to_have_text("Diprioritaskan")
    await expect(desk.operator.at("prioritaskan")).to_have_text("Diprioritaskan")


async def note_down(link: str, kode: str, ucapan: str) -> None:
    """As the notulis does."""
    async with aiohttp.ClientSession() as session:
        async with session.get(link) as page:
            base, headers = page.url, {"Origin": str(page.url.origin())}
        moment = {"spoken_at": int(time.time() * 1000), "seat_id": kode, "turn_id": None}
        body = {"id": str(uuid.uuid4()), "jenis": "usulan", "ucapan": ucapan, "instant": moment}
        async with session.post(base / "api/v1/catatan", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()


STAYS = """() => setInterval(() => {
  document.querySelector("#board").dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
}, 500)"""
"""The hand on the mouse does not lie still while the machine is busy."""


async def test_rows_stay_under_the_pointer_and_move_when_it_is_gone(desk: Desk) -> None:
    seats = desk.operator.at("baris").locator("[data-part=seat]")
    await expect(seats.first).to_contain_text("Sarongan")
    before = await seats.all_inner_texts()
    other = await desk.operator.page.context.new_page()
    await other.goto(desk.operator.page.url)
    up = other.get_by_test_id("baris").nth(2).get_by_label("Naikkan dalam naskah")
    await expect(up).to_be_visible()
    await desk.operator.at("baris").nth(1).hover()
    moving = await desk.operator.page.evaluate(STAYS)
    # Somebody else changes the script while the operator is about to press.
    await up.click()
    place = desk.operator.at("baris").nth(1).locator("[data-part=place]")
    await expect(place).to_have_text("3")
    assert await seats.all_inner_texts() == before
    await desk.operator.page.evaluate("(moving) => clearInterval(moving)", moving)
    await desk.operator.page.mouse.move(5, 5)
    await expect(seats.nth(1)).to_contain_text("Grajagan")


async def test_closing_asks_first_and_hands_become_written(desk: Desk) -> None:
    operator = desk.operator
    await raise_on_behalf(operator, "Jambewangi", "Bu Wati", "Air bersih")
    await operator.page.locator("body").press("x")
    await operator.page.get_by_role("button", name="Batal").click()
    await expect(operator.at("status-sesi")).to_have_text("Berlangsung")
    await operator.close_meeting()
    await operator.at("tab-hands").click()
    await expect(operator.at("tangan")).to_contain_text("Menjadi usulan tertulis")
    await expect(desk.chair.at("panggung")).to_contain_text("Sesi sudah ditutup")


async def test_slides_are_brought_and_turned_by_keys(desk: Desk) -> None:
    operator, seen = desk.operator, desk.chair.at("halaman")
    await operator.page.locator("body").press(";")
    await expect(operator.at("dialog-paparan")).to_be_visible()
    for body, said in ((b"%PDF-1.7 rusak", "rusak"), (deck_saying("Visi", "Misi"), "Siap: 2 halaman.")):
        await operator.at("berkas-paparan").set_input_files(
            {"name": "<b>Arahan</b>.pdf", "mimeType": "application/pdf", "buffer": body}
        )
        await expect(operator.at("paparan-kata")).to_contain_text(said)
    await expect(operator.at("bahan")).to_contain_text("<b>Arahan</b>.pdf")
    await operator.at("halaman-kecil").first.click()
    await expect(seen).to_have_attribute("alt", "Paparan, halaman 1 dari 2. Visi")
    await expect(operator.at("halaman-sekarang")).to_contain_text("1 dari 2")
    await operator.page.keyboard.press("PageDown")
    await expect(seen).to_have_attribute("alt", "Paparan, halaman 2 dari 2. Misi")
    await expect(operator.at("hapus-paparan")).to_have_count(0)
    await operator.page.keyboard.press("Escape")
    await expect(operator.at("halaman-maju")).to_be_disabled()
    await operator.page.keyboard.press("PageUp")
    await expect(seen).to_have_attribute("alt", "Paparan, halaman 1 dari 2. Visi")
    await operator.page.keyboard.press("-")
    await expect(seen).to_have_count(0)
    await expect(operator.at("paparan")).to_be_hidden()
    # One that is not shown is replaced, or goes after a question.
    await operator.page.keyboard.press(";")
    async with operator.page.expect_file_chooser() as choice:
        await operator.at("ganti-paparan").press("Enter")
    better = FilePayload(name="Benar.pdf", mimeType="application/pdf", buffer=deck_saying("Benar"))
    await (await choice.value).set_files(better)
    await expect(operator.at("paparan-kata")).to_have_text(
        "Siap: 1 halaman, sebagai ganti <b>Arahan</b>.pdf."
    )
    await expect(operator.at("bahan")).to_have_count(1)
    await expect(operator.at("bahan")).to_contain_text("Benar.pdf")
    for answer, left in (("Batal", 1), ("Hapus", 0)):
        await operator.at("hapus-paparan").press("Enter")
        await operator.page.locator("#ask").get_by_role("button", name=answer).press("Enter")
        await expect(operator.page.locator("#ask")).to_be_hidden()
        await expect(operator.at("bahan")).to_have_count(left)
    await expect(operator.at("paparan-kata")).to_have_text("Benar.pdf sudah dihapus.")
    await expect(operator.at("bawa-paparan")).to_be_focused()


async def test_off_record_shows_once_it_is_so(desk: Desk) -> None:
    await expect(desk.chair.at("tidak-direkam")).to_be_hidden()
    await desk.operator.page.locator("body").press("r")
    await expect(desk.chair.at("tidak-direkam")).to_be_visible()
    # Its own screen may learn of it later, and asks for nothing while it waits for an answer.
    pressed = desk.operator.page.locator("[data-testid=rekaman][aria-pressed=true]:not([aria-busy=true])")
    await expect(pressed).to_be_visible()
    await desk.operator.page.locator("body").press("r")
    await expect(desk.chair.at("tidak-direkam")).to_be_hidden()


async def test_the_sheet_lists_every_key(desk: Desk) -> None:
    await desk.operator.page.locator("body").press("?")
    sheet = desk.operator.page.get_by_role("dialog", name="Tombol cepat")
    await expect(sheet).to_be_visible()
    keys = await sheet.locator("kbd").all_inner_texts()
    assert len(keys) == len(set(keys)), "one key, one action"
    assert {"P", "T", "C", "I", "D", "X", "?"} <= set(keys)
