"""What an office's line may do in real browsers: listen before coming in, drop in mid-turn, come back."""

import asyncio
import json
import re
from time import monotonic

from playwright.async_api import Route, expect

from tests.support.axe import violations
from tests.support.browser import Browsers
from tests.support.cable import Cable, cable
from tests.support.impaired import Line
from tests.support.live import LiveServer
from tests.support.people import PATIENCE_MS, Office, Operator, open_page
from tests.support.scene import HALL_HUE, Scene, scene_on
from tests.support.stage import HUE_IS, HUES, TONES, begin, link_of, sees_and_hears

MEASURED = re.compile("^(Sambungan (?!sedang|belum)|Tersambung|Suara )")
"""What it says when it has measured; how good this machine's line is just now is no test's affair."""
FOR_THE_DESK = re.compile(r" \(\d\d\.\d\d\)")

CUT_S = 20.0
POOR = {"offline": False, "latency": 800, "downloadThroughput": 8_000, "uploadThroughput": 8_000}
"""64 kbit/s and 800 ms."""


async def test_the_hall_is_heard_at_the_door(server: LiveServer, bs: Browsers) -> None:
    session = await begin(server, bs, ["Sarongan"])
    browser = await bs.publisher("Tembokrejo", hue=HUES["Tembokrejo"], hertz=TONES["Tembokrejo"])
    link = link_of(session.links, "Tembokrejo")
    office = Office(await open_page(browser, link, permissions=["camera", "microphone"]))
    await office.at("consent-yes").check()
    await office.at("hear").click()
    await expect(office.at("hear-words")).to_contain_text("Ini suara Aula")
    # What stood still for a moment is silent, and heard again after it.
    for _ in range(3):
        heard = await office.loudest_hertz_of("hear-sound")
        if heard:
            break
    assert abs(heard - TONES["aula"]) < 30
    # Listening takes no seat.
    seats = {seat["seat_id"]: seat["connected"] for seat in await session.operator.section("seats")}
    assert seats["35.10.01.2001"]
    assert not seats["35.10.05.2003"]
    # Nor does the check of the line, whose result the desk reads.
    await expect(office.at("line-verdict")).to_contain_text(MEASURED)
    await session.operator.at("tab-seats").click()
    row = session.operator.at("kursi").locator("li", has_text="Tembokrejo")
    await expect(row).to_contain_text(FOR_THE_DESK)
    await row.get_by_test_id("kursi-baris").click()
    await expect(session.operator.page.locator("#seat-facts")).to_contain_text(", Chrome, Linux")
    # What the people here say of their own devices is for the Panitia's board.
    await office.at("tone").click()
    await office.at("tone-heard").click()
    await expect(office.at("tone-heard")).to_have_attribute("aria-pressed", "true")
    await office.come_back()
    await sees_and_hears(office, "aula", "aula")
    boot = await session.operator.page.locator("#boot").text_content()
    page = await open_page(await bs.viewer(), server.panitia_link)
    await page.goto(f"{page.url}/{json.loads(boot or '')['room_id']}/kesiapan")
    confirmed = page.get_by_test_id("siap-35.10.05.2003")
    while "sambungan belum diperiksa" in await confirmed.inner_text():
        await page.reload()
    await expect(confirmed).to_contain_text(
        "kamera menyala · mikrofon terdengar · pengeras suara terdengar · "
    )
    await expect(confirmed).to_contain_text("Chrome, Linux")
    await expect(page.get_by_test_id("siap-35.10.11.2003")).to_contain_text("Belum ada orang")


async def test_a_speaker_whose_line_drops_keeps_the_floor_and_comes_back(
    server: LiveServer, bs: Browsers
) -> None:
    session = await begin(server, bs, ["Sarongan"])
    sarongan, operator = session.offices["Sarongan"], session.operator
    await operator.call("Sarongan")
    await sees_and_hears(session.listener, "speaker", "Sarongan")

    # At the door before the line drops: from there on the grace runs.
    page = await sarongan.page.context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(link_of(session.links, "Sarongan"))
    back = Office(page)
    await expect(back.at("enter")).to_be_visible()

    await sarongan.page.close()
    await operator.until("async () => rembug.section('turn')?.state === 'jeda'")
    assert (await operator.section("stage"))["slots"]["speaker"] is None
    await back.come_back()
    await back.expect_state("giliran")
    await sees_and_hears(session.listener, "speaker", "Sarongan")
    await sees_and_hears(session.listener, "aula", "aula")
    assert await session.listener.negotiations() == 1


async def test_a_phone_whose_line_is_cut_for_20_s_keeps_its_hand_its_words_and_the_last_picture(
    server: LiveServer, bs: Browsers
) -> None:
    """Web and media over one cable; but for pictures everything goes at 64 kbit/s and 800 ms."""
    async with (
        scene_on(server, bs) as scene,
        cable(("127.0.0.1", server.port), ("127.0.0.1", server.media_port)) as line,
    ):
        await scene.hall()
        office = await _office_behind(line, scene, server)
        await scene.chair.open_dialog()
        await expect(office.at("raise")).to_be_enabled()
        await office.raise_hand("Jembatan gantung")
        await office.until(HUE_IS, ["video-aula", HALL_HUE])
        await _asks_for_help(scene, office)
        hand = (await office.section("own"))["requests"]

        line.pull()
        since = monotonic()
        await expect(office.at("line-words")).to_have_text("Menyambung lagi… antrean Bapak/Ibu tetap aman.")
        hall = office.page.locator(".tile-aula")
        await expect(hall).to_have_attribute("data-picture", "diam")
        await expect(hall).to_contain_text("sambungan terputus, sedang menyambung lagi")
        await office.until(HUE_IS, ["video-aula", HALL_HUE])
        await expect(office.at("own-queue")).to_contain_text("Jembatan gantung")
        await office.at("tab-notes").click()
        await office.at("write").click()
        await office.at("write-judul").fill("Talud sungai")
        await office.at("write-send").click()
        await expect(office.at("own-note-state")).to_have_text("Tersimpan di perangkat")
        assert await office.page.evaluate("() => document.documentElement.scrollWidth") <= 360
        await asyncio.sleep(max(0.0, CUT_S - (monotonic() - since)))

        line.plug()
        await expect(office.at("line-words")).to_be_hidden()
        await expect(office.at("own-note")).to_have_count(0)
        await expect(office.at("own-notes")).to_contain_text("Talud sungai")
        await expect(hall).to_have_attribute("data-picture", "gambar")
        await office.until(HUE_IS, ["video-aula", HALL_HUE])
        assert (await office.section("own"))["requests"] == hand


async def test_an_office_whose_line_has_room_for_sound_alone_is_told_so_and_the_help_desk_too(
    server: LiveServer, bs: Browsers
) -> None:
    narrow = Line(bits_per_s=32_000, queue_s=1.0, delay_s=0.02)
    async with (
        scene_on(server, bs) as scene,
        cable(("127.0.0.1", server.port), ("127.0.0.1", server.media_port), down=narrow) as line,
    ):
        await scene.hall()
        await scene.chair.open_dialog()
        office = await _office_behind(line, scene, server)
        desk = await Operator.enter(await scene.browsers.viewer(), scene.links["Petugas Bantuan"])
        hall = office.page.locator(".tile-aula")
        # No picture at all; on a machine that slept while the line was measured one that stands.
        await expect(hall).to_contain_text(re.compile("Jaringan lemah: hanya suara|karena jaringan lemah"))
        await expect(desk.at("masalah").first).to_contain_text("Jaringan hanya cukup untuk suara")
        assert await violations(office.page) == []
        # Who wants no pictures is not told that there is no room for them.
        await office.at("mode").click()
        await office.page.get_by_test_id("mode-suara").check()
        await office.page.keyboard.press("Escape")
        await expect(hall).to_contain_text(re.compile("^\\s*Hanya suara"))
        await desk.page.close()


async def _asks_for_help(scene: Scene, office: Office) -> None:
    """Through the usual causes by keyboard, then a message with what was found, and its answer."""
    desk = await Operator.enter(await scene.browsers.viewer(), scene.links["Petugas Bantuan"])
    keys = office.page.keyboard
    await office.at("mic").click()
    await office.at("help").press("Enter")
    dialog = office.at("help-dialog")
    # A machine that stood still looks like a weak line, which the dialog is right to tell.
    for _ in range(5):
        await expect(dialog).to_contain_text(re.compile("Sambungan (baik|lemah|sedang)"))
        if "Sambungan baik" in await dialog.inner_text():
            break
        await keys.press("Escape")
        await expect(dialog).to_be_hidden()
        await office.at("help").press("Enter")
    for words, button in (
        ("Sambungan baik", "help-next"),
        ("Empat nada", "help-yes"),
        ("Suara dari Aula sampai", "help-yes"),
        ("Mikrofon ruang ini dimatikan", "help-mic-on"),
        ("batang ini harus bergerak", "help-next"),
    ):
        await expect(dialog).to_contain_text(words)
        await expect(office.at(button)).to_be_focused()
        assert await violations(office.page) == []
        await keys.press("Enter")
    await expect(office.at("mic")).to_have_attribute("aria-pressed", "true")
    await expect(office.at("help-found")).to_contain_text("Pengeras suara: nada terdengar.")
    await office.at("help-words").fill("Suara Aula kecil sekali")
    assert await violations(office.page) == []
    await office.at("help-send").press("Enter")

    worst = desk.at("masalah").first
    await expect(worst).to_contain_text("Minta bantuan")
    assert await violations(desk.page) == []
    await worst.click()
    await expect(desk.at("pesan-kantor")).to_contain_text("Suara Aula kecil sekali")
    await expect(desk.at("pesan-kantor")).to_contain_text("Sambungan: baik.")
    await expect(desk.at("halaman-kantor")).to_contain_text("mikrofon nyala · kamera nyala · gambar biasa")
    await desk.at("dihubungi-telepon").click()
    await expect(desk.at("baris").first).to_contain_text("Lewat telepon")
    await desk.at("dihubungi-telepon").click()
    await expect(desk.at("baris").first).not_to_contain_text("Lewat telepon")
    await desk.at("tulis-pesan").fill("Besarkan suara TV dengan tombol di sampingnya")
    await desk.at("tulis-pesan").press("Enter")
    await expect(office.at("help-news")).to_contain_text("Besarkan suara TV")
    assert await violations(desk.page) == []
    await desk.page.keyboard.press("Escape")
    # Answered, it is no trouble any more.
    await expect(desk.at("perlu-bantuan")).not_to_contain_text("Minta bantuan")
    await desk.page.close()


async def _office_behind(line: Cable, scene: Scene, server: LiveServer) -> Office:
    """On a telephone, web and media over ``line``."""
    device = await scene.office_device()
    page = await open_page(device, "about:blank", permissions=["camera", "microphone"])

    async def lead(route: Route) -> None:
        answer = await route.fetch()
        body = await answer.json()
        await route.fulfill(response=answer, json=body | {"sdp": line.lead(body["sdp"])})

    await page.set_viewport_size({"width": 360, "height": 640})
    await page.route("**/media/offer", lead)
    await page.goto(scene.office_link().replace(f":{server.port}/", f":{line.web_port}/"))
    office = Office(page)
    await office.come_in("Suwarno", "Kepala Desa")
    network = await page.context.new_cdp_session(page)
    await network.send("Network.enable")
    await network.send("Network.emulateNetworkConditions", POOR)
    return office
