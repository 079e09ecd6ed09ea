"""The main job from edge to edge, in real browsers: call a desa, note its usulan live, replay it.

Hall, operator, notulis, three offices of different kecamatan and a listener. Every publisher has a browser
with a hue and a tone of its own, so that the listener can tell whose picture and sound it gets.
"""

from pathlib import Path

from playwright.async_api import expect

from tests.support.browser import Browsers, browsers
from tests.support.capture import hue_distance
from tests.support.live import LiveServer
from tests.support.people import Hall, Listener, Notulis, Office, Operator, Panitia, Replay, open_page

SARONGAN, TEMBOKREJO, KALIBARU = "35.10.01.2001", "35.10.05.2003", "35.10.11.2003"
LISTENER = "35.10.20.2002"
HUES = {"aula": 40.0, "Sarongan": 0.0, "Tembokrejo": 120.0, "Kalibaru": 240.0}
TONES = {"aula": 330.0, "Sarongan": 500.0, "Tembokrejo": 700.0, "Kalibaru": 1100.0}

NEAR_HUE = 25.0
NEAR_HERTZ = 30.0

# An office whose page was tampered with: it sends from the first moment and never stops.
ALWAYS_SENDS = """
const add = RTCPeerConnection.prototype.addTransceiver;
const replace = RTCRtpSender.prototype.replaceTrack;
RTCRtpSender.prototype.replaceTrack = function (track) {
  return track ? replace.call(this, track) : Promise.resolve();
};
RTCPeerConnection.prototype.addTransceiver = function (kind, init) {
  const line = add.call(this, kind, init);
  if (init && init.direction === "sendonly") {
    navigator.mediaDevices.getUserMedia({ audio: true, video: true })
      .then((media) => replace.call(line.sender, media.getTracks().find((track) => track.kind === kind)));
  }
  return line;
};
"""


async def enter_office(bs: Browsers, name: str, link: str, nama: str, *, tampered: bool = False) -> Office:
    browser = await bs.publisher(name, hue=HUES[name], hertz=TONES[name])
    if not tampered:
        return await Office.enter(browser, link, nama=nama, jabatan="Kepala Desa")
    page = await open_page(browser, "about:blank", permissions=["camera", "microphone"])
    await page.context.add_init_script(ALWAYS_SENDS)
    office = Office(page)
    await page.goto(link)
    await office.come_back()
    return office


async def sees_and_hears(listener: Listener, slot: str, name: str) -> None:
    """Waits until the slot shows the hue of ``name``; then frames and sound must be those, and go on."""
    await listener.page.wait_for_function(
        """([testid, hue]) => {
          const video = document.querySelector(`[data-testid="${testid}"]`);
          if (!video || !video.videoWidth) return false;
          const c = new OffscreenCanvas(8, 8).getContext("2d");
          c.drawImage(video, video.videoWidth * .3, video.videoHeight * .3, video.videoWidth * .4,
            video.videoHeight * .4, 0, 0, 8, 8);
          const [r, g, b] = c.getImageData(4, 4, 1, 1).data;
          const top = Math.max(r, g, b), span = top - Math.min(r, g, b);
          if (span < 60) return false;
          const sixth = top === r ? ((g - b) / span + 6) % 6
            : top === g ? (b - r) / span + 2 : (r - g) / span + 4;
          const apart = Math.abs(sixth * 60 - hue);
          return Math.min(apart, 360 - apart) < 25;
        }""",
        arg=[f"video-{slot}", HUES[name]],
    )
    before = await listener.slot(slot)
    await listener.until(
        "async ([slot, frames]) => (await rembug.slots())[slot].frames > frames + 10", [slot, before.frames]
    )
    after = await listener.slot(slot)
    assert after.energy > before.energy, f"{slot} is silent"
    hue = await listener.hue(slot)
    assert hue is not None
    assert hue_distance(hue, HUES[name]) < NEAR_HUE
    assert abs(await listener.loudest_hertz(slot) - TONES[name]) < NEAR_HERTZ


async def test_call_note_replay(tmp_path: Path) -> None:
    async with LiveServer(tmp_path) as server, browsers(tmp_path) as bs:
        desk = await bs.viewer()
        panitia = await Panitia.enter(desk, server.panitia_link)
        links = await panitia.make_session(
            "Musrenbang uji", dialog=[SARONGAN, TEMBOKREJO, KALIBARU], menyimak=[LISTENER]
        )
        of = {
            name: next(v for k, v in links.items() if k.startswith(name)) for name in HUES if name != "aula"
        }
        listener_link = links["Jambewangi, Kec. Sempu"]

        operator = await Operator.enter(desk, links["Meja Operator"])
        notulis = await Notulis.enter(desk, links["Meja Notulis"])
        hall = await Hall.enter(
            await bs.publisher("aula", hue=HUES["aula"], hertz=TONES["aula"]), links["Aula"]
        )
        sarongan = await enter_office(bs, "Sarongan", of["Sarongan"], "Bu Sri")
        tembokrejo = await enter_office(bs, "Tembokrejo", of["Tembokrejo"], "Pak Yon")
        intruder = await enter_office(bs, "Kalibaru", of["Kalibaru"], "Pak Har", tampered=True)
        listener = await Listener.enter(await bs.viewer(), listener_link)

        await operator.open_meeting()
        await operator.start_item("Dialog")
        await sees_and_hears(listener, "aula", "aula")

        # The intruder sends all the while; nobody called it.
        await intruder.until("async () => (await rembug.sent()).video > 50")
        assert (await listener.slot("speaker")).frames == 0
        assert (await listener.slot("speaker")).energy == 0

        await sarongan.raise_hand("Jaringan listrik Sukamade")
        await operator.call("Sarongan")
        await sarongan.expect_state("giliran")
        await sees_and_hears(listener, "speaker", "Sarongan")
        await notulis.note("u", "Kami mohon jaringan listrik", judul="Jaringan listrik Dusun Sukamade")

        await operator.call("Tembokrejo")
        await tembokrejo.expect_state("giliran")
        await sees_and_hears(listener, "speaker", "Tembokrejo")
        await notulis.note("k", "Gudang es rusak sejak tahun lalu")
        sent = await intruder.diagnostics("sent()")
        assert sent["video"] > 50

        for person in (listener, hall, sarongan, tembokrejo):
            assert await person.negotiations() == 1

        await operator.end_turn()
        await expect(tembokrejo.at("own-state")).not_to_have_attribute("data-state", "giliran")
        await operator.close_meeting()

        replay = await Replay.enter(desk, links["Putar ulang"])
        told = await replay.timeline()
        note = next(n for n in told["notes"] if n["jenis"] == "usulan")
        turn = next(t for t in told["turns"] if t["turn_id"] == note["penyebutan"][0]["turn_id"])
        clip = next(c for c in told["clips"] if c["turn_id"] == turn["turn_id"])
        assert "Sarongan" in note["label"]
        due = (note["penyebutan"][0]["spoken_at"] - clip["started_at"]) / 1000

        video = replay.at("video-pembicara")
        await replay.play_note("Kami mohon jaringan listrik")
        await replay.page.wait_for_function(
            "(video) => video.readyState >= 2 && !video.seeking && video.videoWidth > 0",
            arg=await video.element_handle(),
        )
        at = float(await video.evaluate("(video) => video.currentTime"))
        assert due - 0.25 <= at <= due + 3, f"plays from {at:.2f} s, the note was spoken at {due:.2f} s"
        hue = await replay.page.wait_for_function(
            """(video) => {
              const c = new OffscreenCanvas(8, 8).getContext("2d");
              c.drawImage(video, video.videoWidth * .3, video.videoHeight * .3, 40, 40, 0, 0, 8, 8);
              const [r, g, b] = c.getImageData(4, 4, 1, 1).data;
              return r + g + b > 60 ? [r, g, b] : null;
            }""",
            arg=await video.element_handle(),
        )
        red, green, blue = await hue.json_value()
        assert red > 2 * green, f"not Sarongan's red: {red, green, blue}"
        assert red > 2 * blue, f"not Sarongan's red: {red, green, blue}"
