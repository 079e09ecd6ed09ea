"""Sidang desa at a real server: an office drafts offline, comes back, is merged with what another wrote."""

import json
import uuid

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.support.scene import Chair, Scene

PATIENCE_MS = 60_000
SENT = "Semua terkirim"


class Device:
    """One browser of the office, at its own meeting."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.at = page.get_by_test_id
        self.line = self.at("sambungan")

    @classmethod
    async def come(cls, scene: Scene) -> "Device":
        context = await (await scene.browsers.viewer()).new_context(
            viewport={"width": 360, "height": 640}, has_touch=True
        )
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(scene.office_link())
        await page.goto(f"{page.url}sidang/")
        device = cls(page)
        await device.says(SENT)
        return device

    def row(self, judul: str) -> Locator:
        return self.at("baris").filter(has_text=judul)

    async def says(self, words: str) -> None:
        await expect(self.line).to_contain_text(words, timeout=PATIENCE_MS)

    async def add(self, judul: str) -> None:
        await self.at("tambah").click()
        await self.at("isian-judul").fill(judul)
        await self.save()

    async def change(self, which: str, **fields: str) -> None:
        await self.row(which).get_by_test_id("ubah").click()
        for name, words in fields.items():
            await self.at(f"isian-{name}").fill(words)
        await self.save()

    async def save(self) -> None:
        """The row is drawn before the form is gone, and takes no key until then."""
        await self.at("isian-simpan").click()
        await expect(self.at("isian-judul")).to_be_hidden(timeout=PATIENCE_MS)

    async def bring(self, text: str, told: str) -> None:
        file = FilePayload(name="daftar.csv", mimeType="text/csv", buffer=text.encode())
        await self.at("muat-berkas").set_input_files(file)
        await expect(self.at("muat-hasil")).to_contain_text(told, timeout=PATIENCE_MS)

    async def drag_up(self, judul: str, above: str) -> None:
        """By a finger on the row's handle, let go over another row."""
        handle = self.row(judul).locator("[data-handle]")
        await handle.scroll_into_view_if_needed()
        start, end = await handle.bounding_box(), await self.row(above).bounding_box()
        assert start is not None
        assert end is not None
        x, y = start["x"] + start["width"] / 2, start["y"] + start["height"] / 2
        goal = end["y"] + end["height"] / 4
        session = await self.page.context.new_cdp_session(self.page)

        async def touch(kind: str, *places: float) -> None:
            points = [{"x": x, "y": place} for place in places]
            await session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

        await touch("touchStart", y)
        for step in range(1, 9):
            await touch("touchMove", y + (goal - y) * step / 8)
        await touch("touchEnd")

    async def order(self, *titles: str) -> None:
        """Drawn in this order: a row that was only dragged there says its old place still."""
        for place, judul in enumerate(titles):
            row = self.at("baris").nth(place)
            await expect(row).to_contain_text(f"Urutan {place + 1}: {judul}", timeout=PATIENCE_MS)
        await expect(self.at("baris")).to_have_count(len(titles), timeout=PATIENCE_MS)


async def heard_in_the_pleno(chair: Chair, kode: str, nama: str) -> None:
    """By telephone, which is attendance as well."""
    await chair.give("register_peserta", peserta_id=str(uuid.uuid4()), seat_id=kode, nama=nama)
    await chair.open_dialog()
    await chair.call_by_telephone(kode)
    await chair.give("end_turn", turn_id=chair.sections["turn"]["turn_id"])


async def test_an_office_drafts_offline_comes_back_and_is_merged(scene: Scene) -> None:
    here = await Device.come(scene)
    await here.add("Jembatan gantung")
    await here.add("Irigasi tersier")
    await here.says(SENT)
    there = await Device.come(scene)
    await there.order("Jembatan gantung", "Irigasi tersier")
    await expect(here.page.locator("html")).to_have_attribute("data-luring", "ya", timeout=PATIENCE_MS)

    # Without a line everything goes on, also after the page was loaded anew.
    await here.page.context.set_offline(True)
    await here.add("Listrik dusun")
    await here.row("Listrik dusun").get_by_test_id("naik").press("Enter")
    await expect(here.row("Listrik dusun").get_by_test_id("naik")).to_be_focused()
    await here.change("Jembatan gantung", judul="Jembatan gantung baja", dusun="Krajan")
    await here.row("Irigasi tersier").get_by_test_id("hapus").click()
    await here.says("tersimpan di perangkat")
    await here.at("tambah").click()
    await here.at("isian-judul").fill("Belum selesai diketik")
    await here.page.reload()
    await expect(here.at("isian-judul")).to_have_value("Belum selesai diketik", timeout=PATIENCE_MS)
    await here.page.keyboard.press("Escape")
    await here.order("Jembatan gantung baja", "Listrik dusun")
    await here.drag_up("Listrik dusun", above="Jembatan")
    await here.order("Listrik dusun", "Jembatan gantung baja")
    await here.drag_up("Jembatan", above="Listrik dusun")
    await here.order("Jembatan gantung baja", "Listrik dusun")
    await here.bring("judul,volume\nPasar desa,tiga\n", "Baris 2: volume tiga bukan angka")
    await here.bring("judul,volume\nlistrik dusun,\nPasar desa,3\n", "2 baris terbaca, 1 usulan baru")
    await here.row("Pasar desa").get_by_test_id("hapus").click()
    await here.says("Tanpa sambungan")

    # Meanwhile another device of the office: one field that both change, one that only it changes.
    await there.change("Jembatan gantung", judul="Jembatan gantung beton", masalah="Putus sejak banjir")
    await there.says(SENT)

    await here.page.context.set_offline(False)
    await here.says("berisi dua")
    await here.at("bandingkan").click()
    await expect(here.at("beda")).to_have_count(1)
    await expect(here.at("beda")).to_contain_text("Jembatan gantung beton")
    await here.at("banding-saya").click()
    await here.says(SENT)
    await here.order("Jembatan gantung baja", "Listrik dusun")

    # What either wrote is there once, for both, and for the next one who comes.
    await there.page.reload()
    await there.order("Jembatan gantung baja", "Listrik dusun")
    await there.row("Jembatan gantung baja").get_by_test_id("ubah").click()
    await expect(there.at("isian-dusun")).to_have_value("Krajan")
    await expect(there.at("isian-masalah")).to_have_value("Putus sejak banjir")
    await there.page.keyboard.press("Escape")

    # Who came to the pleno for this office is offered, and taken over at one touch.
    boot = json.loads(await there.page.locator("#boot").text_content() or "")
    await heard_in_the_pleno(scene.chair, boot["seat_id"], "Siti Aminah")
    await there.page.reload()

    # Struck off without a line, put back by the other device; and the meeting ends for both.
    await there.page.locator("#terhapus summary").click()
    await expect(there.at("terhapus")).to_have_count(2)
    await there.at("terhapus").filter(has_text="Irigasi").get_by_test_id("kembalikan").click()
    await there.says(SENT)
    await expect(there.at("dari-pleno")).to_contain_text("Siti Aminah", timeout=PATIENCE_MS)
    await there.at("ambil-pleno").click()
    await expect(there.at("orang")).to_have_count(1)
    await expect(there.at("dari-pleno")).to_be_hidden()
    await there.says(SENT)
    await there.at("tutup").click()
    await there.at("sure").click()
    await there.says(SENT)
    await here.page.reload()
    await expect(here.at("ditutup")).to_be_visible(timeout=PATIENCE_MS)
    await here.order("Jembatan gantung baja", "Listrik dusun", "Irigasi tersier")
    await expect(here.at("hapus")).to_have_count(0)
