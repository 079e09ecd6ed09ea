"""A camat's work in a browser: sign in, go on for a silent desa, rank, forward, hear what was said."""

import re
from pathlib import Path

from playwright.async_api import Page, expect

from server.access import Role
from server.kept import ACCOUNTS, NOTEBOOK
from server.keys import NOW
from server.planning.tahapan import DAY_MS
from server.store.akun import AkunSpec
from tests.server.pages.test_pekerjaan import KECAMATAN, Later, at_kecamatan
from tests.server.pages.test_usulan import noted
from tests.support.app import PASSWORD, House, running
from tests.support.browser import Browsers
from tests.support.people import PATIENCE_MS


async def link_of_a_camat(house: House) -> str:
    spec = AkunSpec("camat.pesanggaran", "Sri Wahyuni", "Camat Pesanggaran", Role.CAMAT, KECAMATAN)
    _, token = await house.app[ACCOUNTS].create(spec, by="uji", at=house.app[NOW]())
    return str(house.url / "masuk" / "sandi" / token)


async def sign_in(page: Page, house: House) -> None:
    """By the one-time link, out again, and in by name and password, as on any later day."""
    await page.goto(await link_of_a_camat(house))
    await page.get_by_label("Kata sandi baru").fill(PASSWORD)
    await page.get_by_label("Ketik sekali lagi").fill(PASSWORD)
    await page.get_by_test_id("simpan-sandi").click()
    await expect(page.get_by_role("heading", name="Pekerjaan saya")).to_be_visible()
    await page.get_by_role("link", name="Masuk di perangkat lain").click()
    await page.get_by_role("button", name="Keluar", exact=True).click()
    await page.get_by_label("Nama masuk").fill("camat.pesanggaran")
    await page.get_by_label("Kata sandi").fill("keliru sekali")
    await page.get_by_test_id("masuk").click()
    await expect(page.get_by_test_id("galat-masuk")).to_contain_text("tidak cocok")
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await page.get_by_label("Kata sandi").press("Enter")
    await expect(page.get_by_role("heading", name="Pekerjaan saya")).to_be_visible()


async def choose(page: Page, tindakan: str) -> None:
    await page.get_by_label(tindakan, exact=True).check()


async def test_a_camat_confirms_ranks_and_forwards_and_hears_what_was_said(
    tmp_path: Path, bs: Browsers
) -> None:
    clock = Later()
    async with running(tmp_path, clock=clock, tahap_usulan="desa,kecamatan,forum_pd,kabupaten,tapd") as house:
        await (await house.opened()).close()
        arrived = await at_kecamatan(house, ucapan="Talud sungai")
        notulis = await house.visit(Role.NOTULIS)
        spoken = await noted(notulis, ucapan="Jembatan gantung", perkiraan_biaya=40_000_000)
        assert (await notulis.request("POST", f"api/v1/catatan/{spoken}/prioritas"))[0] == 200
        page = await (await (await bs.viewer()).new_context()).new_page()
        page.set_default_timeout(PATIENCE_MS)
        await sign_in(page, house)

        # Still the desa's: the page says until when.
        await page.get_by_test_id("tumpukan").get_by_role("link", name="Menunggu konfirmasi desa").click()
        await page.get_by_role("link", name="Jembatan gantung").click()
        await expect(page.get_by_text("Menunggu desa.")).to_be_visible()
        await expect(page.get_by_test_id("putuskan")).to_have_count(0)
        clock.ahead = 3 * DAY_MS
        for tindakan, tahap in (("Konfirmasi", "Draf"), ("Ajukan", "Desa"), ("Teruskan", "Kecamatan")):
            await page.reload()
            await choose(page, tindakan)
            await page.get_by_test_id("simpan-putusan").click()
            await expect(page.get_by_test_id("keadaan")).to_have_text(tahap)
        await expect(page.get_by_test_id("rantai").get_by_text("Atas nama desa")).to_have_count(3)

        # The list for musrenbangcam, by keyboard.
        await page.get_by_role("link", name="Daftar musrenbangcam").click()
        ranks = page.get_by_test_id("peringkat").locator(".usulan-title")
        await expect(ranks).to_have_text(["Talud sungai", "Jembatan gantung"])
        up = page.get_by_role("button", name="Naikkan Jembatan gantung")
        await up.focus()
        await up.press("Enter")
        await expect(ranks).to_have_text(["Jembatan gantung", "Talud sungai"])

        # Forwarding needs the OPD; the sentence stands at its field, what was typed stays.
        await page.get_by_role("link", name="Jembatan gantung").click()
        await choose(page, "Teruskan")
        await page.get_by_label("Rekomendasi").fill("Layak dan mendesak")
        await page.get_by_label("Biaya yang disarankan (Rp)").fill("45.000.000")
        await page.get_by_test_id("simpan-putusan").click()
        await expect(page.locator("#salah-opd_tujuan")).to_contain_text("perangkat daerah")
        await expect(page.get_by_label("Rekomendasi")).to_have_value("Layak dan mendesak")
        await page.get_by_label("Perangkat daerah tujuan").fill("Dinas PU")
        await page.get_by_test_id("simpan-putusan").click()
        await expect(page.get_by_test_id("keadaan")).to_have_text("Forum perangkat daerah")
        await expect(page.get_by_test_id("rantai")).to_contain_text("Sri Wahyuni, Camat Pesanggaran")

        # From a decision to the moment it was spoken.
        await page.get_by_test_id("putar-putusan").last.click()
        await expect(page).to_have_url(re.compile(rf"/kerja/sesi/{house.room_id}/replay#{spoken}$"))
        await expect(page.get_by_text("Jembatan gantung").first).to_be_visible()
        kept = await house.app[NOTEBOOK].get(arrived)
        assert kept.tahap == "kecamatan"
