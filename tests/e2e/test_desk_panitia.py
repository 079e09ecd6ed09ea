"""Panitia makes a session: errors beside their fields, nothing typed is lost, and no script is needed."""

from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.pdf import squeezed, text_of
from tests.support.people import PATIENCE_MS, Panitia, open_page
from tests.support.photo import CHOSEN

SARONGAN, SUKOREJO, GRAJAGAN = "35.10.01.2001", "35.10.02.2001", "35.10.03.2001"


async def choose(page: Page, kode: str, kind: str) -> None:
    choice = page.locator(f"[id='kursi-{kode}']")
    await choice.locator("xpath=ancestor::details").evaluate("(it) => { it.open = true; }")
    await choice.select_option(f"{kode}:{kind}")


async def page_without_script(browser: Browser, link: str) -> Page:
    profile = await browser.new_context(java_script_enabled=False)
    page = await profile.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(link)
    return page


async def test_errors_stand_beside_their_fields_and_what_was_typed_stays(
    server: LiveServer, bs: Browsers
) -> None:
    panitia = await Panitia.enter(await bs.viewer(), server.panitia_link)
    page = panitia.page
    await panitia.at("buat-sesi").click()
    await expect(page.get_by_label("Nama sesi")).to_be_hidden()
    await panitia.at("templat-besanan").click()
    # A step that is wrong is said at once, and nobody gets past it by going on.
    await page.get_by_label("Batas satu giliran").fill("99")
    await page.get_by_label("Batas satu giliran").press("Enter")
    await expect(page.locator("#salah-turn_limit_menit")).to_be_visible()
    await expect(page.get_by_label("Nama sesi")).to_be_focused()
    await panitia.at("langkah-3").click()
    await expect(page.get_by_label("Judul acara").nth(1)).to_have_value("Topik pertama")
    await page.get_by_label("Judul acara").first.fill("Indonesia Raya")
    await panitia.at("langkah-4").click()
    await choose(page, SUKOREJO, "dialog")
    await panitia.at("simpan-sesi").click()

    await expect(panitia.at("ada-salah")).to_be_visible()
    title = page.get_by_label("Nama sesi")
    await expect(title).to_have_attribute("aria-invalid", "true")
    await expect(title).to_be_focused()
    await expect(page.locator("#salah-title")).to_be_visible()
    await expect(page.locator("#salah-turn_limit_menit")).to_be_visible()
    await expect(page.locator("#salah-tanggal")).to_be_hidden()
    await expect(page.get_by_label("Batas satu giliran")).to_have_value("99")
    await expect(page.get_by_label("Judul acara").first).to_have_value("Indonesia Raya")
    await expect(page.locator(f"[id='kursi-{SUKOREJO}']")).to_have_value(f"{SUKOREJO}:dialog")

    await title.fill("Musrenbang yang benar")
    await page.get_by_label("Batas satu giliran").fill("3")
    for _ in range(2):
        await panitia.at("lanjut").click()
    await panitia.at("simpan-sesi").click()
    await expect(panitia.at("tautan")).to_contain_text("Sukorejo, Kec. Bangorejo")


async def test_the_script_is_ordered_by_hand(server: LiveServer, bs: Browsers) -> None:
    browser = await bs.viewer()
    panitia = await Panitia.enter(browser, server.panitia_link)
    page = panitia.page
    await panitia.at("buat-sesi").click()
    await panitia.at("langkah-2").click()
    await page.get_by_label("Nama sesi").fill("Urutan")
    await panitia.at("langkah-4").click()
    for kode in (SARONGAN, SUKOREJO, GRAJAGAN):
        await choose(page, kode, "dialog")
    rows = panitia.at("naskah-baris")
    await rows.nth(2).get_by_label("Naikkan").click()
    await rows.nth(1).get_by_label("Naikkan").click()
    await expect(rows.first).to_contain_text("Grajagan")
    await panitia.at("simpan-sesi").click()
    link = await panitia.at("tautan").locator("li", has_text="Meja Operator").locator("input").input_value()
    operator = await open_page(browser, link)
    await expect(operator.get_by_test_id("baris").locator("[data-part=seat]")).to_have_text(
        ["Grajagan, Kec. Purwoharjo", "Sarongan, Kec. Pesanggaran", "Sukorejo, Kec. Bangorejo"]
    )


async def test_a_session_is_made_without_script(server: LiveServer, bs: Browsers) -> None:
    page = await page_without_script(await bs.viewer(), server.panitia_link)
    await page.get_by_test_id("buat-sesi").click()
    await page.get_by_label("Nama sesi").fill("Tanpa skrip")
    for district in ("Pesanggaran", "Bangorejo"):
        await page.locator(f"details[data-nama='{district}'] summary").click()
    await page.locator(f"[id='kursi-{SARONGAN}']").select_option(f"{SARONGAN}:dialog")
    await page.locator(f"[id='kursi-{SUKOREJO}']").select_option(f"{SUKOREJO}:menyimak")
    await page.get_by_test_id("simpan-sesi").click()
    links = page.get_by_test_id("tautan")
    await expect(links).to_contain_text("Sarongan, Kec. Pesanggaran")
    await expect(links.locator("li", has_text="Sukorejo")).to_contain_text("Menyimak")


async def papers(panitia: Panitia) -> None:
    """Of an office: worded, signers named, made, fetched, signed, its scan attached; back to the session."""
    page, session = panitia.page, panitia.page.url
    await panitia.at("ke-dokumen").click()
    await page.get_by_role("link", name="Sarongan").first.click()
    paper = page.url
    await panitia.at("ke-kata").click()
    words = panitia.at("kalimat").locator("textarea").first
    await words.fill("Musyawarah dibuka dengan doa bersama.")
    await panitia.at("simpan-kalimat").click()
    await expect(panitia.at("riwayat-kalimat")).to_contain_text("doa bersama")
    await page.goto(paper)
    await page.get_by_label("Kepala Desa").fill("Suparman")
    await panitia.at("simpan-penanda").click()
    await panitia.at("buat").click()
    await expect(panitia.at("versi")).to_contain_text("Versi 1", timeout=PATIENCE_MS)
    async with page.expect_download() as fetched:
        await page.get_by_label("Unduh versi 1").click()
    paper_text = text_of(Path(await (await fetched.value).path()).read_bytes())  # noqa: ASYNC240 a small file
    assert squeezed("dibuka dengan doa bersama") in paper_text
    assert squeezed("Suparman") in paper_text
    state = panitia.at("penanda").locator(".signer", has=page.locator("[value=Suparman]")).locator("select")
    await state.select_option(index=1)
    chosen = await state.locator("option:checked").inner_text()
    await panitia.at("simpan-penanda").click()
    await page.locator("details summary", has_text="Riwayat").click()
    await expect(page.locator(".paper-history")).to_contain_text(f"Kepala Desa: {chosen}")
    await page.locator("#berkas").set_input_files(CHOSEN)
    await panitia.at("lampirkan").get_by_role("button", name="Lampirkan").click()
    await expect(panitia.at("pindaian")).to_contain_text("1 halaman", timeout=PATIENCE_MS)
    await page.goto(session)


async def test_a_revoked_link_opens_nothing(server: LiveServer, bs: Browsers) -> None:
    browser = await bs.viewer()
    panitia = await Panitia.enter(browser, server.panitia_link)
    links = await panitia.make_session("Cabut", dialog=[SARONGAN], menyimak=[])
    await papers(panitia)
    row = panitia.at("tautan").locator("li", has_text="Meja Notulis")
    await row.get_by_role("button", name="Cabut").click()
    await expect(panitia.at("ya")).to_be_visible()
    await panitia.at("ya").click()
    # The revoked one stays in sight, and a new one can be made for the place.
    await expect(row).to_have_count(2)
    await expect(row.filter(has_text="Sudah dicabut")).to_have_count(1)
    await expect(row.get_by_test_id("buat-tautan")).to_have_count(1)
    page = await open_page(browser, links["Meja Notulis"])
    await expect(page.get_by_test_id("catat-usulan")).to_have_count(0)
