"""The main job from edge to edge, in real browsers: call a desa, note its usulan live, replay it.

Hall, operator, notulis, three offices of different kecamatan and a listener. Every publisher has a browser
with a hue and a tone of its own, so that the listener can tell whose picture and sound it gets.
"""

from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Office, Replay, open_page
from tests.support.stage import HUE_IS, HUES, TONES, begin, link_of, sees_and_hears

# An office whose page was tampered with: it sends from the first moment and never stops.
ALWAYS_SENDS = """
const add = RTCPeerConnection.prototype.addTransceiver;
const replace = RTCRtpSender.prototype.replaceTrack;
// Asked once and shared: several questions at the same moment may leave a driver without an answer.
let asked = null;
const media = () => asked ??= navigator.mediaDevices.getUserMedia({ audio: true, video: true });
RTCRtpSender.prototype.replaceTrack = function (track) {
  return track ? replace.call(this, track) : Promise.resolve();
};
RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
  const line = add.call(this, kind, init);
  if (init && init.direction === "sendonly") {
    media().then((stream) => replace.call(line.sender, stream.getTracks().find((t) => t.kind === kind)));
  }
  return line;
};
"""


async def enter_tampered(bs: Browsers, links: dict[str, str], name: str) -> Office:
    browser = await bs.publisher(name, hue=HUES[name], hertz=TONES[name])
    page = await open_page(browser, "about:blank", permissions=["camera", "microphone"])
    await page.context.add_init_script(ALWAYS_SENDS)
    await page.goto(link_of(links, name))
    office = Office(page)
    await office.come_back()
    return office


async def test_call_note_replay(server: LiveServer, bs: Browsers) -> None:
    session = await begin(server, bs, ["Sarongan", "Tembokrejo"])
    operator, notulis, listener = session.operator, session.notulis, session.listener
    sarongan, tembokrejo = session.offices["Sarongan"], session.offices["Tembokrejo"]
    intruder = await enter_tampered(bs, session.links, "Kalibaru")
    await sees_and_hears(listener, "aula", "aula")

    # The intruder sends all the while; nobody called it.
    await intruder.until("async () => (await rembug.sent()).video > 50")
    silence = await listener.slot("speaker")
    assert (silence.frames, silence.energy) == (0, 0)

    await sarongan.raise_hand("Jaringan listrik Sukamade")
    await operator.call("Sarongan")
    await sarongan.expect_state("giliran")
    await sees_and_hears(listener, "speaker", "Sarongan")
    await expect(notulis.at("giliran-tempat")).to_contain_text("Sarongan")
    await notulis.note("u", "Kami mohon jaringan listrik", judul="Jaringan listrik Dusun Sukamade")

    await operator.call("Tembokrejo")
    await tembokrejo.expect_state("giliran")
    await sees_and_hears(listener, "speaker", "Tembokrejo")
    await expect(notulis.at("giliran-tempat")).to_contain_text("Tembokrejo")
    await notulis.note("k", "Gudang es rusak sejak tahun lalu")

    # Who has spoken and is not next sends its picture on, small, for the desk's eyes only.
    await operator.at("tab-pictures").click()
    for number, name in ((1, "Sarongan"), (2, "Tembokrejo")):
        await operator.until(HUE_IS, [f"gambar-{number}", HUES[name]])
    await expect(sarongan.at("dilihat")).to_be_visible()
    width = "() => document.querySelector('[data-testid=gambar-1]').videoWidth < 320"
    assert await operator.page.evaluate(width)

    # The control: the very same sending is seen and heard once it is called.
    await operator.call("Kalibaru")
    await sees_and_hears(listener, "speaker", "Kalibaru")

    for person in (listener, session.hall, sarongan, tembokrejo, intruder):
        assert await person.negotiations() == 1

    await operator.end_turn()
    await expect(intruder.at("own-state")).not_to_have_attribute("data-state", "giliran")
    await operator.close_meeting()

    replay = await Replay.enter(operator.page.context.browser, session.links["Putar ulang"])
    told = await replay.timeline()
    note = next(n for n in told["notes"] if n["jenis"] == "usulan")
    turn = next(t for t in told["turns"] if t["turn_id"] == note["penyebutan"][0]["turn_id"])
    clip = next(c for c in told["clips"] if c["turn_id"] == turn["turn_id"])
    assert "Sarongan" in note["label"]
    due = (note["penyebutan"][0]["spoken_at"] - clip["started_at"]) / 1000

    await replay.play_note("Kami mohon jaringan listrik")
    await replay.until(HUE_IS, ["video-pembicara", HUES["Sarongan"]])
    start = float(await replay.at("video-pembicara").get_attribute("data-start") or "nan")
    assert abs(start - due) < 0.25, f"plays from {start:.2f} s, the note was spoken at {due:.2f} s"
    assert await replay.at("video-pembicara").evaluate("(video) => video.currentTime") >= start

    await replay.play_note("Gudang es rusak")
    await replay.until(HUE_IS, ["video-pembicara", HUES["Tembokrejo"]])
