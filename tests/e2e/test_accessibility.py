"""Every page with data in it, as axe-core judges it: wide and light, then narrow and dark."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize, WebSocketRoute

from server.access import Role
from server.kept import ACCOUNTS
from server.keys import NOW
from server.store.akun import AkunSpec
from tests.server.pages.test_pekerjaan import KECAMATAN, at_kecamatan
from tests.server.pages.test_usulan import noted
from tests.support.app import PASSWORD, SARONGAN, TEMBOKREJO, House, running
from tests.support.axe import violations
from tests.support.browser import Browsers
from tests.support.people import PATIENCE_MS

WIDE, NARROW = ViewportSize(width=1920, height=1080), ViewportSize(width=360, height=640)
NOWHERE = "tidak-ada"
CONSOLES = (Role.PIMPINAN, Role.OPERATOR, Role.NOTULIS)
"""They are judged without their line, too."""
BY_LINK: dict[str, tuple[str, ...]] = {
    Role.PIMPINAN: ("",),
    Role.OPERATOR: ("", "keadilan"),
    Role.BANTUAN: ("",),
    Role.NOTULIS: ("",),
    Role.AULA: ("",),
    Role.PENINJAU: ("",),
    Role.LAYAR: ("",),
    Role.SIARAN: ("",),
    Role.REPLAY: ("",),
    Role.GLADI: ("",),
    SARONGAN: ("", "sidang/", "usulan", "usulan/{note}"),
    TEMBOKREJO: ("",),
    Role.PANITIA: (
        *("sesi", "sesi/baru", "sesi/{room}", "sesi/{room}/keadilan", "sesi/{room}/replay"),
        *("sesi/{room}/dokumen", "sesi/{room}/dokumen/notulen/-", "sesi/{room}/dokumen/notulen/kata"),
        *("sesi/{room}/kesiapan", "sesi/{room}/ubah", "sesi/{room}/undangan"),
        *("sesi/{room}/dokumen/ringkasan", "sesi/{room}/sidang", "usulan", "usulan/{note}"),
        *("akun", "aplikasi", "komponen", NOWHERE),
    ),
}
SIGNED_IN = ("", "usulan", "usulan/{arrived}", "musrenbangcam", "apa-jadinya", "perangkat")


async def steps_of_a_session(page: Page) -> AsyncIterator[None]:
    """Each with what is wrong in it said; the first was seen as the page opened."""
    await page.get_by_test_id("langkah-2").click()
    await page.get_by_label("Tanggal").fill("")
    await page.get_by_test_id("lanjut").click()
    await page.locator("#salah-tanggal").wait_for()
    yield
    await page.get_by_test_id("langkah-3").click()
    for title in await page.get_by_label("Judul acara").all():
        await title.fill("")
    await page.get_by_test_id("lanjut").click()
    await page.locator("#salah-agenda").wait_for()
    yield
    await page.get_by_test_id("langkah-4").click()
    await page.get_by_test_id("simpan-sesi").click()
    await page.get_by_test_id("ada-salah").wait_for()
    await page.get_by_test_id("langkah-4").click()
    await page.locator("#salah-kursi").wait_for()
    await page.locator("details.district summary").first.click()
    for choice in (await page.locator(".place select").all())[:2]:
        await choice.select_option(index=1)
    yield


async def wrong_change(page: Page) -> AsyncIterator[None]:
    await page.get_by_label("Nama sesi").fill("")
    for title in await page.get_by_label("Judul acara").all():
        await title.fill("")
    await page.get_by_test_id("simpan-ubah").click()
    await page.get_by_test_id("ada-salah").wait_for()
    yield


async def question(page: Page) -> AsyncIterator[None]:
    await page.get_by_role("button", name="Cabut").first.click()
    await page.locator("#ask").wait_for()
    yield


async def wrong_account(page: Page) -> AsyncIterator[None]:
    await page.get_by_test_id("buat-akun").click()
    await page.get_by_role("alert").wait_for()
    yield


async def tabs_and_dialogs(page: Page) -> AsyncIterator[None]:
    for tab in ("seats", "hands", "history", "present", "pictures", "help"):
        await page.get_by_test_id(f"tab-{tab}").click()
        yield
    for key in ("?", ";", "v", "7", "8"):
        await page.locator("body").press(key)
        await page.locator("dialog[open]").wait_for()
        yield
        await page.keyboard.press("Escape")
    await page.get_by_test_id("tab-seats").click()
    await page.get_by_test_id("kursi-baris").first.click()
    await page.get_by_test_id("dialog-kursi").wait_for()
    yield


async def wrong_note(page: Page) -> AsyncIterator[None]:
    await page.locator("body").press("u")
    await page.get_by_test_id("catat").click()
    await page.locator("[data-field][aria-invalid=true]").first.wait_for()
    yield


async def list_and_people(page: Page) -> AsyncIterator[None]:
    for button in ("tambah", "tambah-hadir"):
        await page.get_by_test_id(button).click()
        await page.locator("dialog[open]").wait_for()
        await page.locator("dialog[open] button.button-primary").first.click()
        await page.locator("dialog[open] [aria-invalid=true]").first.wait_for()
        yield
        await page.keyboard.press("Escape")


MORE: dict[tuple[str, str], Callable[[Page], AsyncIterator[None]]] = {
    (Role.PANITIA, "sesi/baru"): steps_of_a_session,
    (Role.PANITIA, "sesi/{room}/ubah"): wrong_change,
    (Role.PANITIA, "sesi/{room}"): question,
    (Role.PANITIA, "akun"): wrong_account,
    (Role.OPERATOR, ""): tabs_and_dialogs,
    (Role.NOTULIS, ""): wrong_note,
    (SARONGAN, "sidang/"): list_and_people,
}
"""States that a page comes to by what people do in it."""

SMALL = """() => {
  // A line of text may hold links of its own height; what stands alone is for a thumb. A note's place on the
  // line of time is as narrow as its moment: the list below plays it, too.
  const fields = "select, textarea, input:not([type=hidden])";
  const alone = `button:not(.span), summary, a.button, [role=tab], ${fields}`;
  const box = (one) => (one.labels?.[0]?.contains(one) ? one.labels[0] : one).getBoundingClientRect();
  return [...document.querySelectorAll(alone)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map((one) => ({ one, ...box(one).toJSON() }))
    .filter(({ width, height }) => width > 1 && (width < 43.5 || height < 43.5))
    .map(({ one, width, height }) => `small: ${one.tagName} ${one.id || one.className} ${width}x${height}`);
}"""
SIDEWAYS = "() => document.scrollingElement.scrollWidth > innerWidth"
HOSTILE = '<img src="x" onerror="document.title = 1"><script>document.title = 2</script>"\' onfocus=x {{7*7}}'
RAN = """() => ["1", "2"].includes(document.title) || document.querySelector("img[src=x]") !== null"""


@dataclass(frozen=True)
class Further:
    """A page in another state than the one that it opens in."""

    page: Page


async def goes(page: Page, url: str) -> Page:
    """To a page that is there, except NOWHERE."""
    answer = await page.goto(url)
    assert answer is not None
    assert answer.status == (404 if url.endswith(NOWHERE) else 200), f"{answer.status} {url}"
    return page


async def judged(page: Page, *looks: tuple[ViewportSize, str]) -> list[str]:
    found = []
    for size, scheme in looks or ((WIDE, "light"), (NARROW, "dark")):
        await page.set_viewport_size(size)
        await page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
        found += [f"{scheme} {one}" for one in await violations(page)]
    found += await page.evaluate(SMALL)
    # Twice as large on a laptop, four times as large on a desk's screen (WCAG 1.4.10)
    for width in (683, 320):
        await page.set_viewport_size(ViewportSize(width=width, height=400))
        if await page.evaluate(SIDEWAYS):
            found.append(f"sideways at {width} px")
    if await page.evaluate(RAN):
        found.append("what somebody typed was taken for markup")
    return [f"{page.url} {one}" for one in found]


async def profile(bs: Browsers) -> Page:
    page = await (await (await bs.viewer()).new_context()).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


async def without_a_link(house: House, bs: Browsers) -> AsyncIterator[Page]:
    page = await profile(bs)
    for path in ("", "api/v1/", f"m/{NOWHERE}", "masuk"):
        yield await goes(page, f"{house.url}{path}")


async def behind_a_link(house: House, bs: Browsers, ids: dict[str, str]) -> AsyncIterator[Page | Further]:
    for who, paths in BY_LINK.items():
        page = await profile(bs)
        await page.goto(f"{house.url}m/{house.tokens[who]}")
        base = f"{house.url}s/{page.url.split('/s/')[1].split('/')[0]}/"
        for path in paths:
            yield await goes(page, base + path.format(**ids))
            if (who, path) in MORE:
                async for _ in MORE[who, path](page):
                    yield Further(page)
        if who in CONSOLES:
            await page.route_web_socket("**/ws", WebSocketRoute.close)
            await goes(page, base)
            await page.locator("#line").wait_for()
            yield page
        await page.context.close()


async def signed_in(house: House, bs: Browsers, ids: dict[str, str]) -> AsyncIterator[Page]:
    spec = AkunSpec("camat", HOSTILE[:60], "Camat Pesanggaran", Role.CAMAT, KECAMATAN)
    _, token = await house.app[ACCOUNTS].create(spec, by="uji", at=house.app[NOW]())
    page = await profile(bs)
    yield await goes(page, f"{house.url}masuk/sandi/{token}")
    await page.get_by_label("Kata sandi baru").fill(PASSWORD)
    await page.get_by_label("Ketik sekali lagi").fill(PASSWORD)
    await page.get_by_test_id("simpan-sandi").click()
    await page.wait_for_url("**/kerja/**")
    for path in SIGNED_IN:
        yield await goes(page, f"{house.url}kerja/{path.format(**ids)}")


async def every_page(tmp_path: Path, bs: Browsers) -> AsyncIterator[Page | Further]:
    """Each page of a meeting that runs, with words in it that somebody meant to be markup."""
    async with running(tmp_path, tahap_usulan="desa,kecamatan,kabupaten,tapd") as house:
        await (await house.opened()).close()
        notulis = await house.visit(Role.NOTULIS)
        ids = {
            "room": house.room_id,
            "arrived": await at_kecamatan(house, ucapan=HOSTILE, judul=f"Talud {HOSTILE}"),
            "note": await noted(notulis, ucapan=HOSTILE, judul=HOSTILE, perkiraan_biaya=40_000_000),
        }
        await noted(notulis, jenis="keluhan", ucapan=HOSTILE, tenggat="2020-01-31")
        walks = (without_a_link(house, bs), behind_a_link(house, bs, ids), signed_in(house, bs, ids))
        for walk in walks:
            async for page in walk:
                yield page


@pytest.mark.timeout(900)
async def test_no_page_shuts_anybody_out(tmp_path: Path, bs: Browsers) -> None:
    found = []
    async for page in every_page(tmp_path, bs):
        # What surrounds a further state has been judged both ways.
        found += await (judged(page.page, (NARROW, "light")) if isinstance(page, Further) else judged(page))
    assert not found, "\n" + "\n".join(found)


async def test_what_shuts_somebody_out_is_found(bs: Browsers) -> None:
    """The control."""
    page = await profile(bs)
    await page.set_content(
        """<!doctype html><html lang=id><title>1</title><main><h1>Judul</h1>
        <button style="height: 20px">A</button><p style="width: 700px">lebar</p><img src=x></main>"""
    )
    kinds = ("image-alt", "small: BUTTON", "sideways at 683", "sideways at 320", "taken for markup")
    found = await judged(page)
    assert [kind for kind in kinds if not any(kind in one for one in found)] == []
