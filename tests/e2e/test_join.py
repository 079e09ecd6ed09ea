"""The doors of the rooms in real Chromium: come in, be seen and heard when called, or listen; move device."""

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import Route, expect

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Listener, Office, Operator, Person, open_page
from tests.support.photo import CHOSEN
from tests.support.scene import HALL_HUE, OFFICE_HUE, Scene, hears, scene_on, sees

HEARS_ONLY = """async () => {
  const before = (await rembug.slots()).speaker;
  await new Promise((next) => setTimeout(next, 400));
  const now = (await rembug.slots()).speaker;
  return now.frames === before.frames && now.energy > before.energy;
}"""
SEES_MORE = "async (frames) => (await rembug.slots()).speaker.frames > frames + 10"


async def test_from_the_door_to_the_floor_and_back(scene: Scene) -> None:
    """An office comes in, raises a hand, is called, is seen and heard by all, and is not its own echo."""
    hall, office = await scene.hall(), await scene.office()
    listener = await Listener.enter(await scene.browsers.viewer(), scene.office_link(-1))
    await expect(office.at("record-mark")).to_have_count(0)
    await scene.chair.open_dialog()

    await sees(office, "aula", HALL_HUE)
    await sees(listener, "aula", HALL_HUE)
    await hears(listener, "aula")
    await expect(office.at("record-mark")).to_have_attribute("data-record", "ya")
    await office.raise_hand("Jembatan gantung")
    await office.expect_state("bersiap")
    await expect(office.at("own-state")).to_have_attribute("data-onair", "false")
    assert (await listener.slot("speaker")).frames == 0, "bersiap is off-air"

    await hall.at("sources").press("Enter")
    await hall.at("ruang-mixer").check()
    await hall.page.keyboard.press("Escape")
    await hears(listener, "aula")

    await scene.chair.call(office)
    await office.expect_state("giliran")
    await expect(office.at("own-state")).to_have_attribute("data-onair", "true")
    await sees(listener, "speaker", OFFICE_HUE)
    await sees(hall, "speaker", OFFICE_HUE)
    await hears(hall, "speaker")
    await expect(listener.at("speaker-name")).to_have_text("Suwarno, Kepala Desa")
    await expect(listener.at("timer")).to_contain_text("sisa")
    # Who saves data hears on, with the last picture left; and sees again when they choose to.
    await listener.at("mode").press("Enter")
    await listener.at("mode-suara").check()
    await listener.until(HEARS_ONLY)
    await listener.at("mode-biasa").check()
    await listener.page.keyboard.press("Escape")
    await expect(listener.at("mode")).to_have_text("Gambar: Biasa")
    await listener.until(SEES_MORE, (await listener.slot("speaker")).frames)
    assert (await office.slot("speaker")).frames == 0, "nobody receives the own picture"
    assert (await office.slot("speaker")).energy == 0, "nor the own sound"
    assert (await hall.slot("aula")).energy == 0

    await scene.chair.give("end_turn", turn_id=scene.chair.sections["turn"]["turn_id"])
    await office.expect_state("menyimak")
    await expect(office.at("past-request")).to_contain_text("Selesai")
    assert [await person.negotiations() for person in (hall, office, listener)] == [1, 1, 1]

    await scene.chair.give("close_meeting")
    await expect(office.at("session-status")).to_have_text("Ditutup")
    await expect(office.at("self")).to_be_hidden()


async def test_an_office_orders_and_withdraws_its_own_hands(scene: Scene) -> None:
    office = await scene.office()
    await scene.chair.open_dialog()
    await office.raise_hand("Jembatan gantung")
    await office.at("raise").click()
    await office.at("raise-name").fill("Siti Aminah")
    await office.at("topic").fill("Posyandu")
    await office.at("raise-send").click()
    hands = office.at("own-request")
    await expect(hands).to_have_count(2)
    await expect(hands.first).to_contain_text("Jembatan gantung")
    await hands.first.get_by_test_id("down").click()
    await expect(hands.first).to_contain_text("Posyandu")
    await hands.first.get_by_test_id("withdraw").click()
    await office.at("sure").click()
    await expect(hands).to_have_count(1)
    await expect(hands.first).to_contain_text("Jembatan gantung")


async def test_without_camera_and_microphone_one_listens_and_is_told_so(scene: Scene) -> None:
    """At a telephone, which cannot share its screen either."""
    hall = await scene.hall()
    page = await open_page(
        await scene.browsers.viewer(),
        scene.office_link(),
        permissions=["camera", "microphone"],
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile",
    )
    guest = Person(page)
    await guest.at("consent-yes").check()
    await expect(guest.at("device-words")).to_contain_text("hanya dapat menyimak")
    await guest.at("enter").click()
    await scene.chair.open_dialog()
    await sees(guest, "aula", HALL_HUE)
    await expect(guest.at("mic")).to_be_hidden()
    own = await guest.diagnostics("section('own')")
    assert own["connected"] is True
    assert own["can_publish"] is False
    await guest.at("mode").click()
    await expect(guest.at("share-not")).to_contain_text("masuklah dari komputer")
    assert await hall.negotiations() == 1


async def test_a_second_device_is_a_companion_or_takes_the_seat(scene: Scene) -> None:
    office = await scene.office()
    profile = office.page.context
    second = Person(await profile.new_page())
    await second.page.goto(scene.office_link())
    await second.at("enter").click()
    await second.at("companion").click()
    await expect(second.at("companion-strip")).to_be_visible()
    assert await second.diagnostics("call") == "idle"
    await expect(office.at("own-state")).to_be_visible()

    await second.page.locator("#pindah-lagi").click()
    await expect(office.at("take")).to_be_visible()
    await second.page.wait_for_function("() => window.rembug.call === 'connected'")
    assert await office.diagnostics("call") == "idle", "the old device sends nothing any more"


async def test_R103_another_device_that_nobody_has_seen_is_not_on_air(scene: Scene) -> None:
    hall, office = await scene.hall(), await scene.office()
    desk = await Operator.enter(await scene.browsers.viewer(), scene.links["Meja Operator"])
    await scene.chair.open_dialog()
    await scene.chair.call(office)
    await sees(hall, "speaker", OFFICE_HUE)
    link = scene.office_link()
    other = Office(await open_page(await scene.office_device(), link, permissions=["camera", "microphone"]))
    await other.at("consent-yes").check()
    await other.at("enter").click()
    await other.at("take").click()
    await other.expect_state("ditahan")
    await expect(desk.at("giliran")).to_contain_text("perangkat di sana belum dilihat")
    await expect(desk.at("siaran")).to_be_hidden()
    await desk.at("tahan").click()
    await other.expect_state("giliran")
    await sees(hall, "speaker", OFFICE_HUE)


async def test_a_reloaded_page_has_its_seat_again(scene: Scene) -> None:
    office = await scene.office()
    await office.page.wait_for_function("() => window.rembug.call === 'connected'")
    await office.page.reload()
    await office.come_back()
    await office.page.wait_for_function("() => window.rembug.call === 'connected'")
    await expect(office.at("take")).to_be_hidden()


async def test_a_hand_raised_while_the_server_is_away_arrives_once(tmp_path: Path, bs: Browsers) -> None:
    async with LiveServer(tmp_path) as server, scene_on(server, bs) as scene:
        office = await scene.office()
        await scene.chair.open_dialog()
        await expect(office.at("raise")).to_be_enabled()
        await server.kill()
        await expect(office.at("line-words")).to_contain_text("antrean Bapak/Ibu tetap aman")
        await office.at("raise").click()
        await office.at("topic").fill("Jembatan gantung")
        await office.at("raise-send").click()
        await server.start()
        await expect(office.at("own-request")).to_have_count(1)
        await expect(office.at("line-words")).to_be_hidden()
        await office.expect_state("bersiap")


async def test_a_line_that_hangs_keeps_nobody_at_the_form(scene: Scene) -> None:
    """What comes back later is marked where it waits, and told beside its field once it is opened."""
    office, answered = await scene.office(), asyncio.Event()
    await scene.chair.open_dialog()

    async def hang(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await office.page.route("**/api/v1/catatan", hang)
    await office.at("tab-notes").click()
    await office.at("write").click()
    await office.at("write-judul").fill("Rehab posyandu")
    await office.at("write-volume").fill("banyak")
    await office.at("write-send").click()
    await expect(office.at("write-judul")).to_be_hidden()
    await expect(office.at("own-note-state")).to_have_text("Tersimpan di perangkat")
    await expect(office.at("notes-wanting")).to_be_hidden()
    answered.set()
    await expect(office.at("own-note-state")).to_have_text("Perlu diperbaiki")
    await expect(office.at("notes-wanting")).to_have_text("1")
    await office.at("resume").click()
    await expect(office.page.locator("#tulis-volume-salah")).to_have_text("Isi dengan angka, misalnya 12,5.")
    await office.at("write-volume").fill("1,5")
    await office.at("write-send").click()
    await expect(office.at("note")).to_have_count(1)
    await expect(office.at("notes-wanting")).to_be_hidden()


async def test_an_office_writes_and_keeps_its_own_usulan(scene: Scene) -> None:
    """A wrong field is told beside it and nothing typed is lost; what is kept is the office's own at once."""
    office = await scene.office()
    await scene.chair.open_dialog()
    await office.at("tab-notes").click()
    await office.at("write").click()
    await office.at("write-judul").fill("Rehab posyandu")
    await office.at("write-volume").fill("banyak")
    await office.at("write-perkiraan_biaya").fill("25.000.000")
    await office.at("write-send").click()
    await expect(office.page.locator("#tulis-volume-salah")).to_have_text("Isi dengan angka, misalnya 12,5.")
    await expect(office.at("write-judul")).to_have_value("Rehab posyandu")
    await office.at("write-volume").fill("1,5")
    await office.at("write-send").click()
    note = office.at("note")
    await expect(note).to_have_count(1)
    await expect(note).to_contain_text("Rehab posyandu")
    await expect(note).to_contain_text("Rp\u00a025.000.000")
    await expect(note).to_contain_text("Draf")
    await office.at("dispute").click()
    await office.at("dispute-send").click()
    await expect(office.page.locator("#keliru-isi-salah")).to_have_text("Tulis dahulu apa yang keliru.")
    await office.at("dispute-words").fill("Posyandu Dusun Krajan")
    await office.at("dispute-send").click()
    await expect(office.at("disputed")).to_contain_text("Posyandu Dusun Krajan")
    await office.page.reload()
    await office.come_back()
    await office.at("tab-notes").click()
    await expect(note).to_have_count(1)
    # A second device of the office changes it meanwhile: both versions are shown, none is lost unseen.
    await office.at("change").click()
    await office.at("write-gagasan").fill("Atap baru")
    await change_elsewhere(office, {"gagasan": "Dinding baru", "dusun": "Krajan"})
    await office.at("write-send").click()
    await expect(office.at("beda")).to_have_count(2)
    await expect(office.at("banding")).to_contain_text("Dinding baru")
    await office.at("pilih-dusun-tersimpan").check()
    await office.at("banding-pilihan").click()
    await expect(office.at("own-note")).to_have_count(0)
    (merged,) = await own_notes(office)
    assert (merged["gagasan"], merged["dusun"]) == ("Atap baru", "Krajan")
    # Without a line it waits on the device, with its photo, and both go out when the line is back.
    await office.page.context.set_offline(True)
    await office.at("write").click()
    await office.at("write-judul").fill("Jembatan gantung")
    await office.at("pilih-foto").set_input_files([CHOSEN])
    await expect(office.at("foto-menunggu").first).to_be_visible()
    await office.at("write-send").click()
    await expect(office.at("own-note-state")).to_have_text("Tersimpan di perangkat")
    await office.page.context.set_offline(False)
    await expect(office.at("own-note")).to_have_count(0)
    await expect(office.at("own-notes").get_by_test_id("foto")).to_have_count(1)
    assert {one["judul"]: len(one["foto"]) for one in await own_notes(office)} == {
        "Rehab posyandu": 0,
        "Jembatan gantung": 1,
    }
    # While it speaks, one press says which of them it speaks of: no second usulan.
    await expect(office.at("say")).to_have_count(0)
    await scene.chair.call(office)
    await note.filter(has_text="Rehab posyandu").get_by_test_id("say").click()
    await expect(note.filter(has_text="Rehab posyandu").get_by_test_id("said")).to_be_visible()
    said = {one["judul"]: [m["turn_id"] for m in one["penyebutan"]] for one in await own_notes(office)}
    assert {judul: sum(map(bool, turns)) for judul, turns in said.items()} == {
        "Rehab posyandu": 1,
        "Jembatan gantung": 0,
    }


async def own_notes(office: Person) -> list[dict[str, Any]]:
    listed: dict[str, Any] = await office.page.evaluate("async () => (await fetch('api/v1/catatan')).json()")
    return list(listed["items"])


async def change_elsewhere(office: Person, fields: dict[str, str]) -> None:
    """As from another device with the same link."""
    (one,) = await own_notes(office)
    status = await office.page.evaluate(
        """async ([id, body]) => (await fetch(`api/v1/catatan/${id}`, {
            method: 'PATCH', body: JSON.stringify(body),
            headers: {'Content-Type': 'application/json'}})).status""",
        [one["id"], fields | {"version": one["version"]}],
    )
    assert status == 200
