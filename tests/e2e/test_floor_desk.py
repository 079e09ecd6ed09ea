"""The floor from its desks: called out of order, passed over, held with a word, handed over."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from playwright.async_api import Route, expect

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Operator, Person, open_page
from tests.support.scene import OFFICE_HUE, OTHER_HUE, scene_on
from tests.support.stage import HUE_IS, HUES, Session, begin, sees_and_hears

OVERTAKEN_S = 5.0


@dataclass
class Floor:
    session: Session
    bs: Browsers

    @property
    def operator(self) -> Operator:
        return self.session.operator

    async def chair(self) -> Person:
        return Person(await open_page(await self.bs.viewer(), self.session.links["Layar Pimpinan"]))

    async def press(self, key: str) -> None:
        """A key of Meja Operator, as a hand on the keyboard presses it."""
        await self.operator.page.locator("body").press(key)

    async def hold_or_go_on(self) -> None:
        """By its key; the button refuses for a moment after its meaning has changed."""
        await expect(self.operator.at("tahan")).to_be_enabled()
        await expect(self.operator.at("tahan")).not_to_have_attribute("aria-busy", "true")
        await self.press("t")

    async def prepared(self, *names: str) -> None:
        """Waits until exactly these offices are prepared, in this order."""
        for n, name in enumerate(names, 1):
            await expect(self.operator.at(f"bersiap-{n}")).to_contain_text(name)
        await expect(self.operator.at(f"bersiap-{len(names) + 1}")).to_be_hidden()

    async def speaks(self, name: str) -> None:
        await expect(self.operator.at("giliran-tempat")).to_contain_text(name)


async def dialogue(server: LiveServer, bs: Browsers, offices: list[str]) -> Floor:
    """Offices in their rooms, all on the script, nobody called yet."""
    floor = Floor(await begin(server, bs, offices), bs)
    for office in floor.session.offices.values():
        await office.expect_state("bersiap")
    for n in range(1, len(offices) + 1):
        await expect(floor.operator.at(f"kenal-{n}")).to_be_enabled()
    return floor


async def test_a_call_out_of_order_then_a_mistake_taken_back_then_a_held_office(
    server: LiveServer, bs: Browsers
) -> None:
    floor = await dialogue(server, bs, ["Sarongan", "Tembokrejo"])
    await _a_stranger_is_held_off_the_stage_and_taken_back(floor)
    await _called_out_of_order_with_a_reason_for_the_desks(floor)
    await _a_mistaken_call_is_undone_and_the_speaker_goes_on(floor)
    await _a_held_office_reads_the_word_of_the_desk_and_nobody_else_does(floor)


async def _a_stranger_is_held_off_the_stage_and_taken_back(floor: Floor) -> None:
    """By keys; afterwards Sarongan is known, and nobody has looked at Tembokrejo yet."""
    operator, office = floor.operator, floor.session.offices["Sarongan"]
    await floor.prepared("Sarongan", "Tembokrejo")
    await expect(operator.at("kenal-1")).to_be_enabled()
    await floor.press(".")
    await floor.prepared("Tembokrejo")
    await expect(operator.at("baris").filter(has_text="Sarongan")).to_contain_text(
        "Ditahan: bukan kantor ini"
    )
    await expect(office.at("own-state")).to_contain_text("Perangkat ini belum dikenali")
    await operator.at("baris").filter(has_text="Sarongan").focus()
    await operator.page.keyboard.press("l")
    await operator.at("dialog-kenal").press("Enter")
    await expect(operator.at("dialog-wajah")).to_contain_text("sudah dikenal")
    await operator.page.keyboard.press("Escape")
    await floor.prepared("Sarongan", "Tembokrejo")
    await office.expect_state("bersiap")
    await expect(operator.at("wajah-1")).to_be_hidden()


async def _called_out_of_order_with_a_reason_for_the_desks(floor: Floor) -> None:
    """Tembokrejo is on air by one more key, for nobody has looked at who is there."""
    operator = floor.operator
    await floor.prepared("Sarongan", "Tembokrejo")
    await floor.press("u")
    await operator.page.keyboard.press("ArrowDown")
    await operator.page.keyboard.press("Shift+Enter")
    await expect(operator.at("dialog-kursi")).to_contain_text("Urutan menyarankan Sarongan")
    await expect(operator.at("alasan-panggilan")).to_be_focused()
    await operator.page.keyboard.type("Tamu dari provinsi harus pulang")
    await operator.page.keyboard.press("Enter")
    await expect(operator.at("ya")).to_be_focused()
    await expect(operator.at("giliran-tempat")).not_to_contain_text("Tembokrejo")
    await operator.page.keyboard.press("Enter")
    await expect(operator.at("batalkan-panggilan")).to_be_visible()
    await floor.speaks("Tembokrejo")
    await floor.session.listener.until(HUE_IS, ["video-speaker", HUES["Tembokrejo"]])
    fairness = await operator.section("fairness")
    assert (fairness["suggested"], fairness["overrides"]) == (1, 1)
    report = await operator.page.context.new_page()
    await report.goto(f"{operator.page.url}keadilan")
    await expect(report.get_by_test_id("di-luar-saran")).to_contain_text("Tamu dari provinsi harus pulang")
    await report.close()
    # The office is told who it is, never why it was called.
    await floor.session.offices["Tembokrejo"].expect_state("giliran")
    assert "provinsi" not in await floor.session.offices["Tembokrejo"].page.content()


async def _a_mistaken_call_is_undone_and_the_speaker_goes_on(floor: Floor) -> None:
    """Tembokrejo speaks by a call that was no mistake: the offer to undo it is gone by itself."""
    operator, chair = floor.operator, await floor.chair()
    await expect(operator.at("batalkan-panggilan")).to_be_hidden()
    await floor.prepared("Sarongan")
    await chair.at("panggil").click()
    # Its screen knows of the call before it can take it back, and has ten seconds for that.
    await expect(chair.at("batalkan-panggilan")).to_be_visible()
    await chair.page.locator("body").press("z")
    await floor.speaks("Tembokrejo")
    await floor.session.offices["Tembokrejo"].expect_state("giliran")
    mistaken = floor.session.offices["Sarongan"].at("own-state")
    await expect(mistaken).to_contain_text("Panggilan tadi keliru dan dibatalkan")
    await sees_and_hears(floor.session.listener, "speaker", "Tembokrejo")
    await floor.prepared("Sarongan")
    await expect(chair.at("batalkan-panggilan")).to_be_hidden()
    fairness = await operator.section("fairness")
    assert (fairness["suggested"], fairness["overrides"]) == (1, 1)
    await chair.page.close()


async def _a_held_office_reads_the_word_of_the_desk_and_nobody_else_does(floor: Floor) -> None:
    operator, held = floor.operator, floor.session.offices["Tembokrejo"]
    await floor.press("w")
    await operator.at("isi-pesan").fill("Mohon siapkan nomor surat tanah.")
    await operator.page.keyboard.press("Enter")
    await held.expect_state("ditahan")
    await expect(held.page.locator("body")).to_contain_text("Mohon siapkan nomor surat tanah.")
    await expect(operator.at("pesan-terkirim")).to_contain_text("nomor surat tanah")
    assert "surat tanah" not in await floor.session.offices["Sarongan"].page.content()
    await floor.hold_or_go_on()
    await held.expect_state("giliran")
    await expect(operator.at("pesan-terkirim")).to_be_hidden()
    # One key holds too, with the prepared word.
    await floor.hold_or_go_on()
    await held.expect_state("ditahan")
    await expect(held.page.locator("body")).to_contain_text("Giliran Bapak/Ibu tetap disimpan")


async def test_an_office_is_passed_over_and_the_stage_stays_while_the_chairs_screen_is_gone(
    server: LiveServer, bs: Browsers
) -> None:
    floor = await dialogue(server, bs, ["Sarongan", "Tembokrejo"])
    await _passed_over_and_the_next_called_without_a_pause(floor)
    await _the_protokol_leads_while_the_chairs_screen_is_gone(floor)


async def _passed_over_and_the_next_called_without_a_pause(floor: Floor) -> None:
    operator = floor.operator
    await floor.prepared("Sarongan", "Tembokrejo")
    await floor.press("2")
    await expect(operator.at("siap-2")).to_have_attribute("aria-pressed", "true")
    await floor.press("e")
    await floor.prepared("Tembokrejo")
    await expect(operator.at("panggil-bersiap-1")).to_be_enabled()
    await floor.press("p")
    await floor.speaks("Tembokrejo")
    # Once the next turn has begun it is asked again, and the desk sees that it was passed over.
    await floor.prepared("Sarongan")
    await expect(operator.at("bersiap-1")).to_contain_text("1 kali dilewati")
    await sees_and_hears(floor.session.listener, "speaker", "Tembokrejo")


async def _the_protokol_leads_while_the_chairs_screen_is_gone(floor: Floor) -> None:
    """Tembokrejo speaks all the while."""
    operator = floor.operator
    chair = await floor.chair()
    await expect(chair.at("panggil")).to_be_enabled()
    stage = await operator.section("stage")
    await chair.page.close()
    await expect(operator.at("kabar-pimpinan")).to_contain_text("Protokol memimpin dalam")
    await expect(operator.at("pimpinan-sidang")).to_have_text("Dipimpin protokol", timeout=60_000)
    assert await operator.section("stage") == stage
    await sees_and_hears(floor.session.listener, "speaker", "Tembokrejo")
    back = await floor.chair()
    await expect(operator.at("pimpinan-sidang")).to_have_text("Dipimpin pimpinan")
    await expect(operator.at("kabar-pimpinan")).to_be_hidden()
    # Given away by hand it stays away until it is taken back.
    await floor.press("8")
    await operator.page.get_by_role("radio", name="Pengganti").check()
    await operator.at("nama-pengganti").fill("H. Sugirah")
    await operator.page.keyboard.press("Enter")
    await expect(back.at("kabar-pimpinan")).to_contain_text("Dipimpin H. Sugirah")
    await back.at("pimpin-lagi").click()
    await expect(back.at("kabar-pimpinan")).to_be_hidden()
    assert await operator.section("stage") == stage


def held_until_overtaken() -> Callable[[Route], Awaitable[None]]:
    """The first request reaches the server after the second, if that is sent before the first is answered."""
    requests: list[Route] = []
    overtaken = asyncio.Event()

    async def pass_on(route: Route) -> None:
        requests.append(route)
        if len(requests) == 1:
            with suppress(TimeoutError):
                await asyncio.wait_for(overtaken.wait(), OVERTAKEN_S)
        await route.fulfill(response=await route.fetch())
        if len(requests) > 1:
            overtaken.set()

    return pass_on


async def test_the_panel_has_more_pages_than_lines_and_the_chair_sees_who_is_next(
    server: LiveServer, bs: Browsers
) -> None:
    """Of 27 offices the first and the last are there: each is on a page of its own, both are next."""
    muncar, tegaldlimo = "35.10.05", "35.10.04"
    numbers = [f"{kecamatan}.20{n:02}" for kecamatan in (muncar, tegaldlimo) for n in range(1, 10)]
    offices = [*numbers, *(f"35.10.02.20{n:02}" for n in range(1, 8)), "35.10.01.2001", "35.10.01.2002"]
    async with scene_on(server, bs, dialog=offices, menyimak=[]) as scene:
        first, last = await scene.office(0), await scene.office(-1)
        await scene.chair.open_dialog()
        for office in (first, last):
            await office.expect_state("bersiap")
        chair = Person(await open_page(await bs.viewer(), scene.links["Layar Pimpinan"]))
        for number, hue in ((1, OFFICE_HUE), (2, OTHER_HUE)):
            await chair.until(HUE_IS, [f"wajah-{number}", hue])
        operator = await Operator.enter(await bs.viewer(), scene.links["Meja Operator"])
        # A page that is turned at once: what was asked for first would come last, if both were under way.
        await operator.page.route("**/panel", held_until_overtaken())
        await operator.at("tab-pictures").click()
        await operator.at("halaman-berikutnya").click()
        await operator.until(HUE_IS, ["gambar-2", OTHER_HUE])
        await expect(operator.at("gambar-3")).to_be_hidden()
        await operator.at("halaman-berikutnya").click()
        await operator.until(HUE_IS, ["gambar-1", OFFICE_HUE])

        # Who is called leaves its card, and the other takes it with its picture.
        await chair.at("panggil").click()
        await chair.at("ya").click()
        await first.expect_state("giliran")
        await chair.until(HUE_IS, ["wajah-1", OTHER_HUE])
        await expect(chair.at("wajah-2")).to_be_hidden()
        assert [await person.negotiations() for person in (chair, operator, first, last)] == [1, 1, 1, 1]

        # A desk on a poor line takes no pictures, remembers it, and has them back when it says so.
        await operator.at("mode").press("Enter")
        await operator.at("mode-suara").check()
        await operator.page.keyboard.press("Escape")
        await expect(operator.at("mode")).to_have_text("Gambar: Suara")
        await operator.page.reload()
        await expect(operator.at("mode")).to_have_text("Gambar: Suara")
        await expect(operator.at("panggung-pembicara")).to_contain_text("Hanya suara")
        speaker = operator.at("panggung-pembicara").locator("video")
        assert await speaker.evaluate("(video) => video.videoWidth") == 0
        await operator.at("mode").press("Enter")
        await operator.at("mode-biasa").check()
        await operator.page.keyboard.press("Escape")
        seen = "() => document.querySelector('[data-testid=panggung-pembicara] video').videoWidth > 0"
        await operator.page.wait_for_function(seen)
