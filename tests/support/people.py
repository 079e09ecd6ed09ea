"""The people of a musrenbang, acting in real browsers: one small class per role.

They do what a person does (open a link, press a button, look and listen) and report what they see and hear.
Nothing here reaches behind the page, except ``window.rembug``, the help desk's read-only diagnostics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.support.capture import hue_of

PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)

_COLOUR = """(video) => {
  if (!video.videoWidth) return null;
  const context = new OffscreenCanvas(32, 32).getContext("2d");
  // The middle, away from name plates and rounded corners.
  const w = video.videoWidth, h = video.videoHeight;
  context.drawImage(video, w * 0.3, h * 0.3, w * 0.4, h * 0.4, 0, 0, 32, 32);
  const data = context.getImageData(0, 0, 32, 32).data;
  const sum = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) for (let k = 0; k < 3; k += 1) sum[k] += data[i + k] / 1024;
  return sum;
}"""


# Listens for a second of sound, since speech comes in syllables, and keeps its loudest moment; a busy machine
# may take a while to begin playing it.
_LOUDEST = """async (video) => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 4096;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(new MediaStream(video.srcObject.getAudioTracks())).connect(analyser);
  const level = new Float32Array(analyser.frequencyBinCount);
  let best = { db: -70, hertz: 0 };
  const start = performance.now();
  let heardAt = Infinity;
  while (performance.now() < Math.min(heardAt + 1000, start + 15000)) {
    await new Promise((next) => setTimeout(next, 40));
    analyser.getFloatFrequencyData(level);
    for (let i = 2; i < level.length; i += 1) {
      if (level[i] > best.db) heardAt = Math.min(heardAt, performance.now());
      if (level[i] > best.db) best = { db: level[i], hertz: i * context.sampleRate / analyser.fftSize };
    }
  }
  await context.close();
  return best.hertz;
}"""


async def hue_in(video: Locator) -> float | None:
    """Hue (degrees) of the middle of a playing picture; None while there is none."""
    colour = await video.evaluate(_COLOUR)
    return None if colour is None else hue_of(*colour)


async def open_page(browser: Browser, link: str, **context: Any) -> Page:
    """A page of a fresh profile, as on a device of its own."""
    profile = await browser.new_context(
        locale="id-ID", timezone_id="Asia/Jakarta", viewport={"width": 1366, "height": 768}, **context
    )
    page = await profile.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(link)
    return page


@dataclass(frozen=True)
class Seen:
    """What one receiving slot has brought so far."""

    frames: int
    energy: float
    lost: int


class Person:
    """Anyone with a personal link and a page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def at(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    async def diagnostics(self, expression: str) -> Any:
        return await self.page.evaluate(f"async () => await window.rembug.{expression}")

    async def until(self, condition: str, arg: object = None) -> None:
        """Waits in the page until an (async) condition on ``arg`` holds.

        Raises playwright's Error after PATIENCE_MS. Playwright's own wait takes a promise for an answer.
        """
        await self.page.evaluate(
            f"""async (arg) => {{
              const holds = {condition};
              const end = performance.now() + {PATIENCE_MS};
              while (!(await holds(arg))) {{
                if (performance.now() > end) throw new Error("never held: " + holds);
                await new Promise((next) => setTimeout(next, 100));
              }}
            }}""",
            arg,
        )

    async def section(self, name: str) -> Any:
        """A section of the view, as this page has it."""
        return await self.diagnostics(f"section({name!r})")

    async def back_online(self, epoch_and_seq: Mapping[str, int]) -> None:
        """Waits until this page's line is up again and shows at least this journal position."""
        await self.until(
            """async (least) => rembug.wire === "open" && rembug.position
              && rembug.position.epoch === least.epoch && rembug.position.seq >= least.seq""",
            dict(epoch_and_seq),
        )

    async def slot(self, name: str) -> Seen:
        slots: Mapping[str, Mapping[str, float]] = await self.diagnostics("slots()")
        found = slots.get(name, {})
        return Seen(int(found.get("frames", 0)), float(found.get("energy", 0)), int(found.get("lost", 0)))

    async def negotiations(self) -> int:
        """Offers that were answered, but for those that brought back a call from which nothing came."""
        return int(await self.diagnostics("negotiations")) - int(await self.diagnostics("repairs"))

    async def loudest_hertz(self, slot: str) -> float:
        """The strongest frequency in a second of a slot's sound; 0 when it stays silent for 15 s."""
        return await self.loudest_hertz_of(f"video-{slot}")

    async def loudest_hertz_of(self, testid: str) -> float:
        """Likewise of the stream that an element of the page plays."""
        return float(await self.at(testid).evaluate(_LOUDEST))


class Panitia(Person):
    """Makes sessions and hands out the links."""

    @classmethod
    async def enter(cls, browser: Browser, link: str) -> "Panitia":
        return cls(await open_page(browser, link))

    async def make_session(
        self, title: str, *, dialog: list[str], menyimak: list[str], tanggal: str = "2027-02-10"
    ) -> dict[str, str]:
        """Fill in "Buat sesi" with seats by kode; returns links by role, and by label for offices."""
        page = self.page
        await self.at("buat-sesi").first.click()
        await self.at("langkah-2").click()
        await page.get_by_label("Nama sesi").fill(title)
        await page.get_by_label("Tanggal").fill(tanggal)
        await self.at("langkah-4").click()
        for kode, kind in [(k, "dialog") for k in dialog] + [(k, "menyimak") for k in menyimak]:
            choice = page.locator(f"[id='kursi-{kode}']")
            await choice.evaluate("(it) => { it.closest('details').open = true; }")
            await choice.select_option(f"{kode}:{kind}")
        await self.at("simpan-sesi").click()
        await self.at("tautan").wait_for()
        links: dict[str, str] = {}
        for row in await self.at("tautan").locator("li.link").all():
            who = (await row.locator(".link-who strong").inner_text()).strip()
            links[who] = await row.locator("input.link-value").input_value()
        return links


class Office(Person):
    """Ruang Desa: an office with a camera and a microphone."""

    @classmethod
    async def enter(cls, browser: Browser, link: str, *, nama: str, jabatan: str) -> "Office":
        office = cls(await open_page(browser, link, permissions=["camera", "microphone"]))
        await office.come_in(nama, jabatan)
        return office

    async def come_in(self, nama: str, jabatan: str) -> None:
        """From the door."""
        await self.at("consent-yes").check()
        await self.at("person-name-0").fill(nama)
        await self.at("person-job-0").fill(jabatan)
        await self.at("person-add-0").click()
        await expect(self.page.locator("#pintu-peserta")).to_contain_text(nama)
        await self.at("enter").click()
        await self._seated()

    async def come_back(self) -> None:
        """The door again, after the page was opened anew."""
        await self.at("consent-yes").check()
        await self.at("enter").click()
        await self._seated()

    async def _seated(self) -> None:
        """Its room is drawn before the meeting knows that it is there."""
        await self.at("raise").wait_for()
        await self.until("async () => rembug.section('own')?.connected")

    async def raise_hand(self, topic: str) -> None:
        await self.at("raise").click()
        await self.at("topic").fill(topic)
        await self.at("raise-send").click()
        await expect(self.at("own-queue")).to_contain_text(topic)

    async def expect_state(self, state: str) -> None:
        """``menyimak``, ``menunggu``, ``bersiap``, ``giliran`` ..."""
        await expect(self.at("own-state")).to_have_attribute("data-state", state)


class Hall(Person):
    """The Aula's device."""

    @classmethod
    async def enter(cls, browser: Browser, link: str) -> "Hall":
        hall = cls(await open_page(browser, link, permissions=["camera", "microphone"]))
        await hall.come_in()
        return hall

    async def come_in(self) -> None:
        await self.at("enter").click()
        await self.at("self").wait_for()


class Listener(Person):
    """Watches and listens, and sends nothing."""

    @classmethod
    async def enter(cls, browser: Browser, link: str) -> "Listener":
        """By an office's link, attending unrecorded."""
        listener = cls(await open_page(browser, link))
        await listener.come_in()
        return listener

    async def come_in(self) -> None:
        await self.at("consent-no").check()
        await self.at("enter").click()
        await self.at("raise").wait_for(state="attached")


class Operator(Person):
    """Meja Operator."""

    @classmethod
    async def enter(cls, browser: Browser, link: str) -> "Operator":
        """Once the desk knows its session: keys that are pressed before act on nothing."""
        operator = cls(await open_page(browser, link))
        await expect(operator.at("status-sesi")).not_to_be_empty()
        return operator

    async def open_meeting(self) -> None:
        await self.at("buka-sesi").click()
        await expect(self.at("status-sesi")).to_have_text("Berlangsung")

    async def start_item(self, title: str) -> None:
        row = self.at("acara").locator("li", has_text=title)
        await row.get_by_test_id("mulai-acara").click()
        await expect(row.get_by_text("Berjalan")).to_be_visible()

    async def call(self, label: str) -> None:
        """Panggil on the board's row of an office."""
        row = self.at("urutan").locator("li", has_text=label).first
        await row.get_by_test_id("panggil").click()
        await self._all_the_same()
        await expect(self.at("giliran-tempat")).to_contain_text(label)

    async def _all_the_same(self) -> None:
        """Answers the question before a call of an office that nobody has looked at (R94)."""
        if await self.at("ya").is_visible():
            await self.at("ya").press("Enter")

    async def call_any(self, label: str) -> None:
        """Call a seat from the list of all seats, with or without a hand."""
        await self.at("tab-seats").click()
        await self.at("kursi").locator("li", has_text=label).first.get_by_test_id("kursi-baris").click()
        await self.at("dialog-panggil").click()
        await self._all_the_same()
        await expect(self.at("giliran-tempat")).to_contain_text(label)

    async def end_turn(self) -> None:
        await self.at("cukup").click()

    async def close_meeting(self) -> None:
        await self.at("tutup-sesi").click()
        await self.at("ya").click()
        await expect(self.at("status-sesi")).to_have_text("Ditutup")


class Notulis(Person):
    """Meja Notulis."""

    @classmethod
    async def enter(cls, browser: Browser, link: str) -> "Notulis":
        """Once the desk's line is open: what is typed for all to read before that stays in its field."""
        notulis = cls(await open_page(browser, link))
        await notulis.at("catat-usulan").wait_for()
        await expect(notulis.page.locator("#line")).to_have_attribute("data-status", "open")
        return notulis

    async def note(self, key: str, words: str, **fields: str) -> None:
        """One key opens the form (fixing the instant); type; Ctrl+Enter; wait until it is in the list."""
        await self.page.locator("body").press(key)
        await self.at("ucapan").fill(words)
        for name, value in fields.items():
            field = self.at(name)
            if await field.evaluate("(it) => it.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)
        await self.at("ucapan").press("Control+Enter")
        await expect(self.at("catatan")).to_contain_text(words)


class Replay(Person):
    """Putar ulang."""

    @classmethod
    async def enter(cls, browser: Browser | None, link: str) -> "Replay":
        assert browser is not None
        replay = cls(await open_page(browser, link))
        await replay.at("catatan-baris").first.wait_for()
        return replay

    async def play_note(self, words: str) -> None:
        row = self.at("catatan").locator("li", has_text=words)
        await row.get_by_test_id("putar-catatan").click()

    async def timeline(self) -> dict[str, Any]:
        """What the page itself was told."""
        answer: dict[str, Any] = await self.page.evaluate(
            "async () => (await fetch(location.pathname.replace(/replay.*$/, '') + 'api/timeline')).json()"
        )
        return answer
