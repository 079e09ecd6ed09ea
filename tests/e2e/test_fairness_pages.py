"""In a real browser: who a person speaks for is said on the forms; the report fits every screen."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from server.access import Role
from tests.support.app import KEMIREN, SARONGAN, House, running
from tests.support.browser import Browsers
from tests.support.people import open_page

FITS = "document.documentElement.scrollWidth <= innerWidth"
SIZES = [(360, 640), (1366, 768), (1920, 1080)]


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path) as house:
        yield house


@pytest_asyncio.fixture(loop_scope="session")
async def browser(bs: Browsers) -> Browser:
    return await bs.viewer()


async def enter(browser: Browser, house: House, who: str) -> Page:
    return await open_page(browser, str(house.url / "m" / house.tokens[who]))


def base_of(page: Page) -> str:
    """Where everything of the page's link lives."""
    origin, _, rest = page.url.partition("/s/")
    return f"{origin}/s/{rest.partition('/')[0]}/"


async def test_R82_R105_what_a_person_is_is_said_and_put_right_on_both_forms(
    browser: Browser, house: House
) -> None:
    line = (await house.opened()).sockets[0]
    office = await enter(browser, house, KEMIREN)
    await office.get_by_test_id("consent-yes").check()
    await office.get_by_test_id("person-name-0").fill("Bu Sri")
    await office.locator("#pintu-orang .more summary").click()
    await office.get_by_test_id("tentang-0-lp").select_option("P")
    await office.get_by_test_id("tentang-0-unsur").select_option(label="Tani")
    await office.get_by_test_id("person-add-0").click()
    await expect(office.locator("#pintu-peserta")).to_contain_text("Perempuan · unsur tani")
    await expect(office.get_by_test_id("tentang-0-lp")).to_have_value("")
    # What was put down wrongly is put right, and what somebody else puts right meanwhile stays.
    await office.get_by_test_id("person-correct").first.click()
    await expect(office.get_by_test_id("tentang-0-unsur")).to_have_value("tani")
    await office.get_by_test_id("person-name-0").fill("Bu Sri Wahyuni")
    await office.get_by_test_id("tentang-0-hak").select_option("peninjau")
    (sri,) = await line.until("peserta", bool)
    kept = ("peserta_id", "seat_id", "nama", "unsur", "jenis_kelamin", "hak")
    await line.command("register_peserta", **{name: sri[name] for name in kept}, jabatan="Kaur")
    await expect(office.locator("#pintu-peserta")).to_contain_text("Kaur")
    await office.get_by_test_id("person-name-0").press("Enter")
    await expect(office.locator("#pintu-peserta")).to_contain_text("Bu Sri Wahyuni")
    await expect(office.locator("#pintu-peserta")).to_contain_text("Perempuan · unsur tani · Peninjau")
    await expect(office.locator("#pintu-peserta")).to_contain_text("Kaur")
    await expect(office.get_by_test_id("person-add-0")).to_have_text("Tambah")
    await expect(office.get_by_test_id("person-correct").first).to_be_focused()
    await office.keyboard.press("Enter")
    await office.get_by_test_id("person-leave-0").press("Enter")
    await expect(office.get_by_test_id("person-correct").first).to_be_focused()
    await office.get_by_test_id("enter").click()
    await office.get_by_test_id("raise").click()
    await expect(office.locator("#angkat-dialog")).to_contain_text("peninjau: bicara bila diminta")
    await expect(office.get_by_role("radio", name="Bu Sri Wahyuni")).to_be_disabled()

    desk = await enter(browser, house, Role.OPERATOR)
    await desk.get_by_test_id("tab-seats").click()
    row = desk.get_by_test_id("kursi").locator("li", has_text="Sarongan")
    await row.get_by_test_id("kursi-baris").click()
    await desk.get_by_label("Nama", exact=True).fill("Pak Yon")
    await desk.get_by_test_id("orang-lp").select_option("L")
    await desk.get_by_test_id("orang-unsur").select_option("nelayan")
    await desk.get_by_test_id("daftarkan").click()
    await desk.get_by_test_id("ubah-orang").click()
    await expect(desk.get_by_test_id("orang-unsur")).to_have_value("nelayan")
    await desk.get_by_test_id("batal-ubah").click()
    await expect(desk.get_by_label("Nama", exact=True)).to_have_value("")
    # Of somebody known, what is left empty stays; a correction raises no hand.
    await desk.get_by_test_id("ubah-orang").click()
    await expect(desk.get_by_test_id("angkat-tangan")).to_be_hidden()
    await desk.get_by_label("Nama", exact=True).fill("Pak Yono")
    await desk.get_by_label("Nama", exact=True).press("Enter")
    await expect(desk.get_by_test_id("orang")).to_contain_text("Pak Yono")
    await expect(desk.get_by_test_id("angkat-tangan")).to_be_visible()
    await desk.get_by_label("Nama", exact=True).fill("pak yono")
    await desk.get_by_test_id("orang-hak").select_option("suara")
    await desk.get_by_test_id("daftarkan").click()
    await expect(desk.get_by_test_id("orang")).to_contain_text("Hak suara dan hak bicara")

    people = await line.until("peserta", lambda found: len(found) == 2 and all(p["hak"] for p in found))
    said = {p["nama"]: (p["seat_id"], p["jenis_kelamin"], p["unsur"], p["hak"]) for p in people}
    assert said == {
        "Bu Sri Wahyuni": (KEMIREN, "P", "tani", "peninjau"),
        "Pak Yono": (SARONGAN, "L", "nelayan", "suara"),
    }
    assert await line.until("hands", lambda found: True) == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_report_and_form_never_scroll_sideways(
    browser: Browser, house: House, size: tuple[int, int]
) -> None:
    line = (await house.opened()).sockets[0]
    for kode in (KEMIREN, SARONGAN):
        turn = str(uuid.uuid4())
        await line.command("call_seat", turn_id=turn, seat_id=kode, media="lewat_telepon")
        await line.command("end_turn", turn_id=turn)
    for who, path in ((Role.OPERATOR, "keadilan"), (Role.PANITIA, "sesi/baru")):
        page = await enter(browser, house, who)
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.goto(base_of(page) + path)
        assert await page.evaluate(FITS), path
        if path == "keadilan":
            await expect(page.get_by_test_id("menurut-desa")).to_contain_text("Kemiren, Kec. Glagah")
            await expect(page.get_by_role("button", name="Cetak")).to_be_visible()


async def test_a_page_that_is_too_wide_would_be_noticed(browser: Browser, house: House) -> None:
    await house.opened()
    page = await enter(browser, house, Role.OPERATOR)
    await page.goto(base_of(page) + "keadilan")
    assert await page.evaluate(FITS)
    await page.evaluate("document.querySelector('main').style.minWidth = '5000px'")
    assert not await page.evaluate(FITS)
