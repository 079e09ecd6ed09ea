"""A whole meeting by keyboard alone: no pointer at Meja Operator, none at an office, from door to end."""

from playwright.async_api import expect

from tests.support.people import Operator, Person, open_page
from tests.support.scene import Scene

STANDS_OUT = """() => {
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
}"""
TEXT = "input:not([type=radio], [type=checkbox]), textarea, select"


async def reach(person: Person, testid: str) -> None:
    """Presses Tab until the control has the focus, which must be seen on it."""
    for _ in range(80):
        if await person.page.evaluate("() => document.activeElement?.dataset.testid") == testid:
            assert await person.page.evaluate(STANDS_OUT), f"nothing shows that {testid} has the focus"
            return
        await person.page.keyboard.press("Tab")
    raise AssertionError(f"{testid} is out of the keyboard's reach")


async def use(person: Person, testid: str, *typed: str) -> None:
    """Goes to a control and types into it, or presses Enter on it."""
    await reach(person, testid)
    if await person.at(testid).evaluate("(it, fields) => it.matches(fields)", TEXT):
        await person.page.keyboard.type(*typed)
    else:
        await person.page.keyboard.press("Enter")


async def strike(operator: Operator, key: str, button: str) -> None:
    """A key, once the button behind it is willing: one that just changed its meaning refuses for a moment."""
    await expect(operator.at(button)).to_be_enabled()
    await expect(operator.at(button)).not_to_have_attribute("aria-busy", "true")
    await operator.page.keyboard.press(key)


async def comes_in(scene: Scene) -> Person:
    browser = await scene.office_device()
    office = Person(await open_page(browser, scene.office_link(), permissions=["camera", "microphone"]))
    await office.at("consent-yes").wait_for()
    await reach(office, "consent-yes")
    await office.page.keyboard.press("Space")
    await expect(office.at("device-words")).to_contain_text("siap")
    await use(office, "enter")
    await expect(office.at("own-state")).to_be_focused()
    return office


async def opens(operator: Operator) -> None:
    keyboard = operator.page.keyboard
    await keyboard.press("?")
    sheet = operator.page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Buka sesi")
    await keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await strike(operator, "b", "buka-sesi")
    await expect(operator.at("status-sesi")).to_have_text("Berlangsung")
    following = operator.at("acara-berikutnya")
    for title in ("Pembukaan", "Dialog dengan desa"):
        await expect(following).to_have_text(f"Mulai: {title}")
        await strike(operator, "a", "acara-berikutnya")
        row = operator.at("acara").locator("li", has_text=title)
        await expect(row.get_by_text("Berjalan")).to_be_visible()


async def test_a_meeting_from_its_opening_to_its_close(scene: Scene) -> None:
    office = await comes_in(scene)
    operator = await Operator.enter(await scene.browsers.viewer(), scene.links["Meja Operator"])
    keys = office.page.keyboard
    await opens(operator)

    await expect(office.at("raise")).to_be_enabled()
    await use(office, "raise")
    await use(office, "raise-name", "Suwarno")
    await use(office, "topic", "Jembatan gantung")
    await keys.press("Enter")
    await expect(office.at("own-request")).to_contain_text("Jembatan gantung")
    await expect(office.at("own-state")).to_have_attribute("data-state", "bersiap")

    await strike(operator, "1", "siap-1")
    await expect(operator.at("siap-1")).to_have_attribute("aria-pressed", "true")
    await strike(operator, "p", "panggil-bersiap-1")
    await expect(office.at("own-state")).to_have_attribute("data-state", "giliran")
    await strike(operator, "t", "tahan")
    await expect(operator.at("tahan")).to_contain_text("Lanjut")
    await expect(office.at("own-state")).to_have_attribute("data-state", "ditahan")
    # Its clock stands.
    before = await operator.at("sisa-waktu").inner_text()
    await strike(operator, "+", "tambah-waktu")
    await expect(operator.at("sisa-waktu")).not_to_have_text(before)
    await strike(operator, "t", "tahan")
    await expect(office.at("own-state")).to_have_attribute("data-state", "giliran")

    await use(office, "mic")
    await expect(office.at("mic")).to_have_attribute("aria-pressed", "false")
    await keys.press("Enter")
    await expect(office.at("mic")).to_have_attribute("aria-pressed", "true")

    await reach(office, "tab-queue")
    await keys.press("ArrowRight")
    await expect(office.at("own-notes")).to_be_visible()
    await use(office, "write")
    await use(office, "write-judul", "Jembatan gantung dusun Krajan")
    await use(office, "write-send")
    await expect(office.at("own-notes")).to_contain_text("Jembatan gantung dusun Krajan")
    await expect(office.at("own-notes")).not_to_contain_text("Tersimpan di perangkat")

    await strike(operator, "c", "cukup")
    await expect(office.at("own-state")).to_have_attribute("data-state", "menyimak")
    await strike(operator, "s", "skors")
    await expect(operator.at("status-sesi")).to_have_text("Diskors")
    await strike(operator, "s", "skors")
    await expect(operator.at("status-sesi")).to_have_text("Berlangsung")
    await strike(operator, "x", "tutup-sesi")
    await use(operator, "ya")
    await expect(operator.at("status-sesi")).to_have_text("Ditutup")
    await expect(office.at("own-state")).to_contain_text("ditutup")
