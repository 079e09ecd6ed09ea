"""The floor as the rooms live it, in real Chromium: interruptions, a cut line, what the chair decided."""

import uuid

from playwright.async_api import WebSocketRoute, expect

from tests.support.people import Listener, Office, Person, open_page
from tests.support.scene import OFFICE_HERTZ, OFFICE_HUE, OTHER_HERTZ, OTHER_HUE, Scene, sees
from tests.support.stage import HUE_IS, NEAR_HERTZ


class Cable:
    """The line between one page and the meeting, in the test's hand; sound and picture have their own."""

    def __init__(self) -> None:
        self.cut = False
        self._ends: list[WebSocketRoute] = []

    async def hold(self, person: Person) -> None:
        """From the page's next socket on."""
        await person.page.route_web_socket("**/ws", self._carry)

    async def _carry(self, page: WebSocketRoute) -> None:
        if self.cut:
            await page.close()
            return
        self._ends = [page, page.connect_to_server()]

    async def pull(self) -> None:
        self.cut = True
        for end in self._ends:
            await end.close()


async def hears_tone(person: Person, slot: str, hertz: float) -> None:
    heard = await person.loudest_hertz(slot)
    assert abs(heard - hertz) < NEAR_HERTZ, f"{slot} sounds of {heard:.0f} Hz instead of {hertz:.0f}"


async def two_offices(scene: Scene) -> tuple[Office, Office, Listener]:
    """A speaker who has the floor, another office, and a listener who sees the speaker."""
    speaker, other = await scene.office(0), await scene.office(1)
    listener = await Listener.enter(await scene.browsers.viewer(), scene.office_link(-1))
    await scene.chair.open_dialog()
    await scene.chair.call(speaker)
    await speaker.expect_state("giliran")
    await sees(listener, "speaker", OFFICE_HUE)
    return speaker, other, listener


async def end_interjection(scene: Scene, seen_by: Person) -> None:
    await scene.chair.give("end_interjection", turn_id=(await seen_by.section("interjection"))["turn_id"])


async def test_a_point_of_order_pauses_the_speaker_who_then_goes_on(scene: Scene) -> None:
    speaker, other, listener = await two_offices(scene)
    await other.at("interrupt").click()
    await other.at("point-reason").fill("Jumlah warga keliru")
    await other.at("point-send").click()
    await expect(other.at("point")).to_contain_text("Interupsi menunggu pimpinan: Jumlah warga keliru")
    point = (await other.section("own"))["point"]["point_id"]
    await scene.chair.give("grant_point", turn_id=str(uuid.uuid4()), point_id=point)

    await other.expect_state("interupsi")
    await expect(other.at("own-state")).to_contain_text("hanya ruang ini yang sedang disiarkan")
    await expect(other.at("point")).to_be_hidden()
    await speaker.expect_state("disela")
    await expect(speaker.at("own-state")).to_contain_text("dilanjutkan setelah interupsi")
    await expect(listener.at("between")).to_have_text("Interupsi")
    await expect(listener.at("kept-turn")).to_contain_text("dijeda")
    await expect(listener.at("timer-stands")).to_be_visible()
    stands = await listener.at("timer").inner_text()
    await sees(listener, "speaker", OTHER_HUE)
    await hears_tone(listener, "speaker", OTHER_HERTZ)
    await expect(listener.at("video-responder")).to_be_hidden()
    assert await listener.at("timer").inner_text() == stands

    await end_interjection(scene, other)
    await speaker.expect_state("giliran")
    await sees(listener, "speaker", OFFICE_HUE)
    await hears_tone(listener, "speaker", OFFICE_HERTZ)
    await expect(listener.at("timer-stands")).to_be_hidden()
    assert [await person.negotiations() for person in (speaker, other, listener)] == [1, 1, 1]


async def test_who_answers_is_on_stage_beside_the_speaker_and_so_in_the_replay(scene: Scene) -> None:
    speaker, other, listener = await two_offices(scene)
    seat = (await other.section("own"))["seat_id"]
    await scene.chair.give(
        "call_responder", turn_id=str(uuid.uuid4()), seat_id=seat, peserta_id=None, media="panggilan"
    )
    await other.expect_state("tanggapan")
    await expect(other.at("own-state")).to_contain_text("Bapak/Ibu diminta menanggapi")
    await expect(speaker.at("own-state")).to_contain_text("dilanjutkan setelah tanggapan")
    await sees(listener, "responder", OTHER_HUE)
    await sees(listener, "speaker", OFFICE_HUE)
    await hears_tone(listener, "responder", OTHER_HERTZ)
    await hears_tone(listener, "speaker", OFFICE_HERTZ)
    await sees(speaker, "responder", OTHER_HUE)
    assert (await other.slot("responder")).energy == 0, "nobody receives the own sound"

    # Long enough to be met again in the replay, whatever its film takes to load.
    await listener.until("async (least) => (await rembug.slots()).responder.frames > least", 200)
    await end_interjection(scene, other)
    await expect(listener.at("video-responder")).to_be_hidden()
    await speaker.expect_state("giliran")
    await _replayed(scene)


async def _replayed(scene: Scene) -> None:
    """The speaker's words before the answer are withdrawn: played from there, it begins with the answer."""
    await scene.chair.give("close_meeting")
    turn, answer = scene.chair.sections["history"]
    assert [turn["kind"], answer["kind"]] == ["giliran", "tanggapan"]
    await scene.chair.give(
        "seal_interval",
        seal_id=str(uuid.uuid4()),
        from_ms=turn["started_at"],
        to_ms=answer["started_at"],
        alasan="Ditarik",
    )

    page = await open_page(await scene.browsers.viewer(), scene.links["Putar ulang"])
    replay = Person(page)
    await expect(replay.at("garis-tutup")).to_have_count(1)
    await expect(replay.at("garis-giliran").filter(has_text="Tanggapan")).to_have_count(1)
    await replay.at("garis-giliran").first.dispatch_event("click")
    await expect(page.locator("#say")).to_have_text("Ada bagian yang ditutup; dilewati.")
    await expect(replay.at("siapa")).to_contain_text("Tanggapan")
    await replay.at("putar").click()
    await replay.until(HUE_IS, ["video-penanggap", OTHER_HUE])
    await expect(replay.at("panggung")).to_have_attribute("data-on", "pair")


async def test_a_speaker_whose_line_drops_is_waited_for_and_goes_on(scene: Scene) -> None:
    speaker = await scene.office()
    cable = Cable()
    await cable.hold(speaker)
    await speaker.page.reload()
    await speaker.come_back()
    listener = await Listener.enter(await scene.browsers.viewer(), scene.office_link(-1))
    await scene.chair.open_dialog()
    await scene.chair.call(speaker)
    await speaker.expect_state("giliran")
    await sees(listener, "speaker", OFFICE_HUE)

    await cable.pull()
    await speaker.expect_state("terputus")
    await expect(speaker.at("own-grace")).to_contain_text("0:")
    await expect(listener.at("timer")).to_contain_text("ditunggu")
    await expect(listener.at("video-speaker")).to_be_hidden()

    cable.cut = False
    await speaker.expect_state("giliran")
    await expect(speaker.at("own-grace")).to_be_hidden()
    await sees(listener, "speaker", OFFICE_HUE)
    await expect(listener.at("timer")).to_contain_text("sisa")


async def test_an_office_is_told_what_the_chair_decided(scene: Scene) -> None:
    office, chair = await scene.office(), scene.chair
    await chair.open_dialog()
    await office.raise_hand("Irigasi sekunder")
    request = (await office.section("own"))["requests"][0]["request_id"]
    await chair.give("triage_request", request_id=request, jalur="lewat_camat")
    await expect(office.at("past-request")).to_contain_text("Lewat camat")
    await chair.give("set_queue", open=False)
    await expect(office.at("raise")).to_be_disabled()
    await expect(office.at("queue-words")).to_contain_text("sedang ditutup")

    await office.at("interrupt").click()
    await office.at("point-reason").fill("Jumlah warga keliru")
    await office.at("point-send").click()
    await office.at("point-withdraw").click()
    await expect(office.at("point")).to_contain_text("sudah ditarik")

    await chair.call(office)
    await office.expect_state("giliran")
    turn = (await office.section("turn"))["turn_id"]
    await chair.give("hold_turn", turn_id=turn, message="Mohon siapkan data luas lahan.")
    await expect(office.at("message")).to_contain_text("Mohon siapkan data luas lahan.")
    await office.at("message-close").click()
    await expect(office.at("messages")).to_be_hidden()

    person = (await office.section("peserta"))[0]["peserta_id"]
    await chair.give("sanction_peserta", peserta_id=person, jenis="larang_bicara", alasan="Menyela")
    await office.at("tab-people").click()
    people = office.page.locator("#peserta")
    await expect(people.get_by_test_id("sanction")).to_have_text("Dilarang bicara")
    await chair.give("hand_over_chair", to="pengganti", nama="Sekretaris Daerah")
    await expect(office.at("lead")).to_have_text("Dipimpin Sekretaris Daerah")

    await chair.give("close_meeting")
    await expect(office.at("own-state")).to_contain_text("Rapat sudah ditutup")
    await chair.give("answer_written", request_id=request, jawaban="Masuk rencana 2028.")
    await office.at("tab-queue").click()
    await expect(office.at("answer")).to_have_text("Jawaban: Masuk rencana 2028.")
