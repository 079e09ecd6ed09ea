"""The floor as the rooms live it, in real Chromium: interruptions, a cut line, what the chair decided."""

import time
import uuid

import aiohttp
from playwright.async_api import WebSocketRoute, expect

from tests.support.people import Listener, Notulis, Office, Person, open_page
from tests.support.scene import OFFICE_HERTZ, OFFICE_HUE, OTHER_HERTZ, OTHER_HUE, Scene, sees
from tests.support.slides import deck_saying
from tests.support.stage import HUE_IS, hears_tone

SCREEN_COMES = """async ([width, frames]) => {
  const screen = (await rembug.slots()).screen;
  return screen.width === width && screen.frames > frames;
}"""
KEEP_CAPTURE = """() => {
  const ask = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getDisplayMedia = async (wish) => {
    const stream = await ask(wish);
    window.capture = stream.getVideoTracks()[0];
    return stream;
  };
}"""


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

    await _shares(scene, speaker, other, listener)
    note = await _shown(scene, listener)

    # Long enough to be met again in the replay, whatever its film takes to load.
    await listener.until("async (least) => (await rembug.slots()).responder.frames > least", 130)
    await end_interjection(scene, other)
    await expect(listener.at("video-responder")).to_be_hidden()
    await speaker.expect_state("giliran")
    await _replayed(scene, note)


PAGE = "document.querySelector('[data-testid=halaman]')"
TRACKS = """() => [...document.querySelectorAll("video, audio")]
  .reduce((sum, one) => sum + (one.srcObject?.getAudioTracks().length ?? 0), 0)"""
PLAYED = """(() => [...document.querySelectorAll("video")]
  .filter((one) => !one.muted && one.srcObject?.getAudioTracks().length).length)"""
SMALLEST = """() => Math.min(...[...document.querySelectorAll("main *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
  .filter((one) => one.checkVisibility())
  .map((one) => parseFloat(getComputedStyle(one).fontSize) / innerHeight))"""


async def _shown(scene: Scene, listener: Listener) -> str:
    """The hall's projector and what is broadcast, of the same two on stage; the id of a note."""
    viewer = await scene.browsers.viewer()
    projector = Person(await open_page(viewer, scene.links["Layar Aula"]))
    broadcast = Person(await open_page(viewer, scene.links["Layar siaran"]))
    for screen in (projector, broadcast):
        await sees(screen, "speaker", OFFICE_HUE)
        await sees(screen, "responder", OTHER_HUE)
    await expect(projector.at("berikut")).to_contain_text("Bersiap")
    await expect(projector.at("keadaan")).to_have_text("Tanggapan")
    await expect(projector.at("waktu")).to_be_visible()
    for width, height in ((1366, 768), (1920, 1080)):
        await projector.page.set_viewport_size({"width": width, "height": height})
        assert await projector.page.evaluate(SMALLEST) >= 0.0399, "read from ten metres"
    assert await projector.page.evaluate(TRACKS) == 0, "the hall is never played its own sound"
    assert "aula" not in await projector.diagnostics("slots()")
    assert await listener.page.evaluate(TRACKS) > 0, "the control"

    await expect(broadcast.at("tirai")).to_be_hidden()
    await hears_tone(broadcast, "speaker", OFFICE_HERTZ)
    assert await broadcast.page.evaluate(f"{PLAYED}()") > 0, "without a touch"
    await scene.chair.give("set_off_record", off_record=True)
    await expect(broadcast.at("kata")).to_have_text("Siaran dihentikan sementara")
    await expect(broadcast.at("tirai")).to_be_visible()
    await expect(projector.at("tidak-direkam")).to_be_visible()
    received = []
    for _ in range(4):
        # What was on its way when the record stopped may still come, and no more after it.
        heard = await listener.slot("speaker")
        more = "async (least) => (await rembug.slots()).speaker.frames > least"
        await listener.until(more, heard.frames + 20)
        received.append((await broadcast.diagnostics("slots()"))["speaker"]["received"])
    assert received[-1] == received[-2] > 0, "nothing that is off the record comes to it"
    assert await broadcast.page.evaluate(f"{PLAYED}()") == 0
    assert (await listener.slot("speaker")).energy > heard.energy, "the control"
    await scene.chair.give("set_off_record", off_record=False)
    await expect(broadcast.at("tirai")).to_be_hidden()
    await hears_tone(broadcast, "speaker", OFFICE_HERTZ)
    note = await _pages(scene, listener, projector, broadcast)
    await _read_along(scene, listener, projector, broadcast)
    for screen in (projector, broadcast):
        await screen.page.close()
    return note


async def _pages(scene: Scene, *readers: Person) -> str:
    """R98: a page of slides is seen everywhere and taken away; another stays, and a note beside it."""
    async with aiohttp.ClientSession() as session:
        async with session.get(scene.links["Meja Operator"]) as page:
            base, headers = page.url, {"Origin": str(page.url.origin())}
        pdf = deck_saying("Visi", "Misi")
        async with session.post(base / "paparan", data=pdf, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            deck = (await answer.json())["deck_id"]
    await scene.chair.give("show_slide", deck_id=deck, page=2)
    for reader in readers:
        await reader.until(f"() => {PAGE}?.naturalWidth >= 640")
        await expect(reader.at("halaman")).to_be_visible()
        await expect(reader.at("halaman")).to_have_attribute("alt", "Paparan, halaman 2 dari 2. Misi")
    await scene.chair.give("stop_slides")
    for reader in readers:
        await expect(reader.at("halaman")).to_have_count(0)
    await scene.chair.give("show_slide", deck_id=deck, page=1)
    async with aiohttp.ClientSession() as session:
        async with session.get(scene.links["Meja Notulis"]) as page:
            base, headers = page.url, {"Origin": str(page.url.origin())}
        said = {"spoken_at": int(time.time() * 1000), "seat_id": None, "turn_id": None}
        body = {"id": str(uuid.uuid4()), "jenis": "usulan", "ucapan": "Talud", "instant": said}
        async with session.post(base / "api/v1/catatan", json=body, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
    return str(body["id"])


async def _type_along(notulis: Person, words: str) -> None:
    await notulis.page.keyboard.press("t")
    await notulis.page.keyboard.type(words)
    await notulis.page.keyboard.press("Enter")
    await expect(notulis.at("takarir-isi")).to_have_value("")
    await notulis.page.keyboard.press("Escape")


async def _read_along(scene: Scene, listener: Listener, *screens: Person) -> None:
    """What the notulis types is read everywhere, said by no screen reader, and can be put away."""
    notulis = await Notulis.enter(await scene.browsers.viewer(), scene.links["Meja Notulis"])
    await _type_along(notulis, "Jembatan <img src=x onerror=alert(1)>")
    for reader in (listener, *screens):
        await expect(reader.at("takarir")).to_have_text("Jembatan <img src=x onerror=alert(1)>")
    said = listener.at("takarir").locator(
        "xpath=ancestor-or-self::*[@aria-live or @role='status' or @role='log']"
    )
    assert await said.count() == 0
    assert "Jembatan" not in await listener.page.locator("#live").inner_text()
    # The first line may be over by now, on a busy machine.
    await _type_along(notulis, "Dua")
    await listener.at("takarir-tutup").click()
    await expect(listener.at("takarir")).to_be_hidden()
    await listener.at("mode").click()
    await listener.at("teks-tampil").check()
    await listener.page.keyboard.press("Escape")
    await _type_along(notulis, "Tiga")
    await expect(listener.at("takarir").locator("p").last).to_be_visible()
    await notulis.page.close()


async def _shares(scene: Scene, speaker: Office, other: Office, listener: Listener) -> None:
    """R91-R93: both on stage share in turn, the desk ends it, and so does the browser's own button."""
    assert (await speaker.diagnostics("sent()"))["screen"] == 0
    await speaker.at("share").click()
    await expect(speaker.at("sharing")).to_contain_text("sedang dilihat semua ruang")
    await listener.until(SCREEN_COMES, [1920, 10])
    await expect(listener.at("video-screen")).to_be_visible()
    await expect(speaker.at("video-screen")).to_be_hidden()
    await other.until(SCREEN_COMES, [1920, 10])

    await other.at("share").click()
    await expect(speaker.at("sharing")).to_contain_text("Ruang lain sekarang membagikan layarnya")
    await speaker.at("sharing-stop").click()
    await expect(speaker.at("sharing")).to_be_hidden()
    await speaker.until(SCREEN_COMES, [1920, 10])
    await scene.chair.give("stop_screen", seat_id=(await other.section("own"))["seat_id"])
    await expect(other.at("sharing")).to_contain_text("Meja petugas menghentikan")
    await expect(listener.at("video-screen")).to_be_hidden()

    await speaker.page.evaluate(KEEP_CAPTURE)
    await speaker.at("share").click()
    await expect(listener.at("video-screen")).to_be_visible()
    before = (await listener.slot("screen")).frames
    await listener.until(SCREEN_COMES, [1920, before + 10])
    # What Chromium's "Stop sharing" does to the page.
    await speaker.page.evaluate("() => { capture.stop(); capture.dispatchEvent(new Event('ended')); }")
    await expect(speaker.at("sharing")).to_be_hidden()
    await expect(listener.at("video-screen")).to_be_hidden()
    assert [await person.negotiations() for person in (speaker, other, listener)] == [1, 1, 1]


async def _replayed(scene: Scene, note: str) -> None:
    """The speaker's words before the answer are withdrawn: played from there, it begins with the answer.

    ``note``: one that was taken while a page of slides was seen.
    """
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
    # It plays as long as it took.
    for name, value in (("data-beside", "pair"), ("data-on", "screen")):
        await expect(replay.at("panggung")).to_have_attribute(name, value, timeout=180_000)
    await replay.until("async () => document.querySelector('#video-screen').videoWidth === 1920")
    await page.goto(f"{page.url.split('#')[0]}#{note}")
    await page.reload()
    await expect(replay.at("halaman")).to_have_attribute("alt", "Paparan, halaman 1 dari 2. Visi")


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
    await speaker.at("share").click()
    await listener.until(SCREEN_COMES, [1920, 5])

    await cable.pull()
    await speaker.expect_state("terputus")
    await expect(speaker.at("own-grace")).to_contain_text("0:")
    await expect(listener.at("timer")).to_contain_text("ditunggu")
    await expect(listener.at("video-speaker")).to_be_hidden()
    await expect(listener.at("video-screen")).to_be_hidden()
    before = (await listener.slot("screen")).frames

    cable.cut = False
    await speaker.expect_state("giliran")
    await expect(speaker.at("own-grace")).to_be_hidden()
    await sees(listener, "speaker", OFFICE_HUE)
    await expect(listener.at("timer")).to_contain_text("sisa")
    # The same capture is taken up, without a question.
    await listener.until(SCREEN_COMES, [1920, before + 5])
    await expect(listener.at("video-screen")).to_be_visible()
    await expect(speaker.at("sharing")).to_contain_text("sedang dilihat semua ruang")


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
