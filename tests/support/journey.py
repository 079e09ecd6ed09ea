"""Everybody of a meeting, each at a page behind one cable, doing what the role does, also while it is cut.

A traveller knows what its page must tell while nothing passes (``cut_off``), what it does meanwhile (``act``)
and what of that there must be afterwards, once (``delivered``). What waits, waits in the page or in the
browser: nothing here does anything a second time.
"""

from playwright.async_api import Locator, Page, Route, expect

from tests.support.app import PASSWORD
from tests.support.cable import Cable
from tests.support.people import Hall, Notulis, Office, Operator, Person, Replay

FAIR = {"offline": False, "latency": 200, "downloadThroughput": 125_000, "uploadThroughput": 125_000}
"""1 Mbit/s and 200 ms."""
POOR = {"offline": False, "latency": 800, "downloadThroughput": 8_000, "uploadThroughput": 8_000}
"""64 kbit/s and 800 ms."""

ON_LINE = "async () => !window.rembug || rembug.wire === 'open'"
IN_CALL = "async () => !window.rembug || rembug.call === 'connected'"
NOTED = """async (words) => {
  const { items } = await (await fetch("api/v1/catatan?batas=2000")).json();
  return items.filter((one) => [one.judul, one.ucapan].includes(words)).length === 1;
}"""
"""In the page: the server has one note of these words."""
ONE_MINUTE = """(before) => {
  const moved = (rembug.section("turn")?.limit_s ?? 0) - before;
  return moved >= 60 && moved < 120;
}"""
"""In the page: the turn got one more; what was spoken beyond its limit counts as well."""
OUT_OF_REACH = """() => {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const page = document.scrollingElement;
  // What is on its way in or out is nowhere yet.
  const ends = (motion) => Number.isFinite(motion.effect.getComputedTiming().endTime);
  document.getAnimations().filter(ends).forEach((motion) => motion.finish());
  const found = page.scrollWidth > innerWidth ? [`wide: ${page.scrollWidth}`] : [];
  const fields = "input:not([type=hidden]), select, textarea";
  const controls = `button:not(.span), a[href]:not(.skip), summary, ${fields}`;
  for (const one of (dialog ?? document).querySelectorAll(controls)) {
    const shown = one.labels?.[0]?.contains(one) ? one.labels[0] : one;
    if (!shown.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    shown.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const { left, right, top, bottom, width, height } = shown.getBoundingClientRect();
    if (width <= 1 || height <= 1) continue;
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const within = left >= -1 && right <= innerWidth + 1;
    if (within && (shown.contains(there) || there?.closest("#toasts"))) continue;
    const named = (it) => it ? `${it.tagName} ${it.id || it.className}` : "nothing";
    found.push(`${named(one)} ${one.textContent.trim()}: ${named(there)} is there`);
  }
  scrollTo(0, 0);
  return found;
}"""
"""In the page: what is wider than the screen, and which controls no scrolling brings under a finger."""


class Traveller(Person):
    """Anybody; ``name`` is the role's. Each round, numbered from 1, has a size and begins at the door."""

    name = ""
    told: str | None = "Menyambung lagi…"

    @property
    def telling(self) -> Locator:
        """Where the page says how its line is."""
        return self.at("line-words")

    async def start(self, cable: Cable, link: str) -> None:
        """On the line that it will have; ``link`` leads behind the cable."""
        self.link = link

        async def lead(route: Route) -> None:
            answer = await route.fetch()
            body = await answer.json()
            await route.fulfill(response=answer, json=body | {"sdp": cable.lead(body["sdp"])})

        await self.page.route("**/media/offer", lead)
        self.network = await self.page.context.new_cdp_session(self.page)
        await self.network.send("Network.enable")
        await self.network.send("Network.emulateNetworkConditions", FAIR)

    async def open(self, number: int) -> None:
        """The page and its door."""
        await self.page.goto(self.link)

    async def ready(self) -> None:
        await self.until(ON_LINE)
        await self.until(IN_CALL)

    async def cut_off(self) -> None:
        """Waits until the page says so."""
        if self.told is not None:
            await expect(self.telling).to_contain_text(self.told)
            await expect(self.telling).to_be_in_viewport()

    async def act(self, number: int) -> None:
        """While the line is cut."""

    async def back(self) -> None:
        await self.ready()
        if self.told is not None:
            await expect(self.telling).not_to_contain_text(self.told)

    async def delivered(self, number: int) -> None:
        """Waits until what was done while the line was cut is there, once."""


class DesaBicara(Traveller, Office):
    """Has the floor, and writes usulan meanwhile."""

    name = "desa-bicara"
    told = "Menyambung lagi… antrean Bapak/Ibu tetap aman."

    async def open(self, number: int) -> None:
        await super().open(number)
        await self.come_back()

    async def cut_off(self) -> None:
        await super().cut_off()
        hall = self.page.locator(".tile-aula")
        await expect(hall).to_have_attribute("data-picture", "diam")
        await expect(hall).to_contain_text("sambungan terputus, sedang menyambung lagi")

    async def write(self, judul: str) -> None:
        await self.at("tab-notes").click()
        await self.at("write").click()
        await self.at("write-judul").fill(judul)
        await self.at("write-send").click()

    async def act(self, number: int) -> None:
        await self.write(f"Talud sungai {number}")
        own = self.at("own-note").filter(has_text=f"Talud sungai {number}")
        await expect(own.get_by_test_id("own-note-state")).to_have_text("Tersimpan di perangkat")
        await expect(self.at("write-judul")).to_be_hidden()

    async def delivered(self, number: int) -> None:
        await self.until(NOTED, f"Talud sungai {number}")
        await expect(self.at("own-note")).to_have_count(0)
        await expect(self.page.locator(".tile-aula")).to_have_attribute("data-picture", "gambar")


class DesaMenyimak(DesaBicara):
    """Listens, on a poor line from here on, and raises hands."""

    name = "desa-menyimak"

    async def ready(self) -> None:
        await super().ready()
        await self.network.send("Network.emulateNetworkConditions", POOR)

    async def open(self, number: int) -> None:
        await self.network.send("Network.emulateNetworkConditions", FAIR)
        await super().open(number)

    async def act(self, number: int) -> None:
        await self.at("raise").click()
        await self.at("raise-name").fill(f"Warga {number}")
        await self.at("topic").fill(f"Jembatan {number}")
        await self.at("raise-send").click()

    async def delivered(self, number: int) -> None:
        await expect(self.at("own-request").filter(has_text=f"Jembatan {number}")).to_have_count(1)
        await expect(self.at("own-request")).to_have_count(number)


class Aula(Traveller, Hall):
    name = "aula"

    async def open(self, number: int) -> None:
        await super().open(number)
        await self.come_in()


class Meja(Traveller):
    """What desks have in common."""

    @property
    def telling(self) -> Locator:
        return self.page.locator("#line")

    async def cut_off(self) -> None:
        await super().cut_off()
        await expect(self.at("siaran")).to_be_hidden()


class Pimpinan(Meja):
    """Holds the speaker; pressed again and again it is done once."""

    name = "pimpinan"

    async def act(self, number: int) -> None:
        await self.at("tahan").click()

    async def delivered(self, number: int) -> None:
        await expect(self.at("tahan")).to_contain_text("Lanjut")


class MejaOperator(Meja, Operator):
    """Gives the speaker a minute more, and presses twice."""

    name = "operator"
    limit = 0

    async def act(self, number: int) -> None:
        self.limit = (await self.section("turn"))["limit_s"]
        await self.at("tambah-waktu").click()
        await self.at("tambah-waktu").click()

    async def delivered(self, number: int) -> None:
        await self.until(ONE_MINUTE, self.limit)


class MejaNotulis(Meja, Notulis):
    name = "notulis"

    async def act(self, number: int) -> None:
        await self.at("catat-keluhan").click()
        await self.at("ucapan").fill(f"Air keruh {number}")
        await self.at("ucapan").press("Control+Enter")
        await expect(self.at("status-konsep")).to_contain_text("Belum tercatat")

    async def delivered(self, number: int) -> None:
        await self.until(NOTED, f"Air keruh {number}")
        await expect(self.at("konsep")).to_have_count(0)

    async def type_along(self, words: str) -> None:
        await self.at("takarir-isi").fill(words)
        await self.at("takarir-isi").press("Enter")
        await expect(self.at("takarir-isi")).to_have_value("")


class PetugasBantuan(Meja):
    """Writes to an office; told that it has not gone, presses again."""

    name = "bantuan"

    async def act(self, number: int) -> None:
        await self.at("tab-seats").click()
        await self.at("kursi-baris").filter(has_text="Sumberagung").click()
        await self.at("tulis-pesan").fill(f"Dekatkan mikrofon {number}")
        await self.at("tulis-pesan").press("Enter")

    async def delivered(self, number: int) -> None:
        said = self.at("pesan-kantor").get_by_text(f"Dekatkan mikrofon {number}")
        if await self.at("tulis-pesan").input_value():
            await self.at("tulis-pesan").press("Enter")
        await expect(self.at("tulis-pesan")).to_have_value("")
        await expect(said).to_have_count(1)
        await self.page.keyboard.press("Escape")


class LayarAula(Traveller):
    name = "layar-aula"


class LayarSiaran(Traveller):
    """Broadcast: it says nothing of lines, its curtain falls."""

    name = "layar-siaran"
    told = None

    async def cut_off(self) -> None:
        await expect(self.at("tirai")).to_be_visible()

    async def delivered(self, number: int) -> None:
        await expect(self.at("tirai")).to_be_hidden()


class Peninjau(Traveller):
    name = "peninjau"

    async def open(self, number: int) -> None:
        await super().open(number)
        await self.at("enter").click()


class PutarUlang(Traveller, Replay):
    """Looks through the notes."""

    name = "replay"
    told = None

    async def open(self, number: int) -> None:
        await super().open(number)
        await self.at("catatan-baris").first.wait_for()

    async def act(self, number: int) -> None:
        await self.at("saring-jenis").select_option("keluhan")

    async def delivered(self, number: int) -> None:
        rows = self.at("catatan-baris")
        await expect(rows.filter(has_text="Untuk camat")).to_have_count(0)
        await expect(rows.filter(has_text=f"Air keruh {number}")).to_have_count(1)


class Form(Traveller):
    """A page that is sent: it waits until the line carries it, and the browser says so."""

    told = None

    async def back(self) -> None:
        """As soon as the answer has come."""

    async def sent(self, button: str) -> None:
        """Pressed twice, as somebody does to whom nothing seems to happen."""
        # At once: nothing is evaluated in a page that is being left.
        await self.at(button).evaluate("(it) => { it.click(); setTimeout(() => it.click(), 300); }")


class Panitia(Form):
    """Changes the session's telephone number while it runs."""

    name = "panitia"
    room_id = ""

    async def open(self, number: int) -> None:
        await super().open(number)
        await self.page.goto(f"{self.page.url}/{self.room_id}/ubah")

    async def act(self, number: int) -> None:
        await self.page.get_by_label("Telepon petugas bantuan").fill(f"0333 10000{number}")
        await self.sent("simpan-ubah")

    async def delivered(self, number: int) -> None:
        await expect(self.at("tautan")).to_be_visible()


class Pemutus(Form):
    """Decides by account: camat, mitra, OPD, Bappeda."""

    def __init__(self, page: Page, name: str, usulan: list[str]) -> None:
        """``usulan``: ids of what waits for this decision, one a round."""
        super().__init__(page)
        self.name, self._usulan = name, usulan

    async def open(self, number: int) -> None:
        if number == 1:
            await super().open(number)
            await self.page.get_by_label("Nama masuk").fill(self.name)
            await self.page.get_by_label("Kata sandi").fill(PASSWORD)
            await self.at("masuk").click()
            await self.page.wait_for_url("**/kerja/**")
        await self.page.goto(f"{self.page.url.split('/kerja/')[0]}/kerja/usulan/{self._usulan[number - 1]}")

    async def act(self, number: int) -> None:
        await self.page.get_by_label("Teruskan", exact=True).check()
        await self.page.get_by_label("Perangkat daerah tujuan").fill("Dinas PU")
        await self.sent("simpan-putusan")

    async def delivered(self, number: int) -> None:
        decided = self.at("rantai").locator("> li").filter(has_text=f"Uji {self.name}")
        await expect(decided).to_have_count(1)
