"""Nobody stays outside for a camera that does not answer: drivers of cheap laptops hang, some for ever."""

import asyncio

from playwright.async_api import Route, expect

from tests.support.people import Hall, Person, open_page
from tests.support.scene import OFFICE_HUE, Scene, hears, sees

# The devices answer only once the test says so.
SILENT = """
const media = navigator.mediaDevices;
const open = media.getUserMedia.bind(media);
let answer;
const silence = new Promise((end) => { answer = end; });
window.devicesAnswer = answer;
media.getUserMedia = (wish) => silence.then(() => open(wish));
"""

UNMEASURED = """
AudioContext.prototype.createMediaStreamSource = () => { throw new DOMException("no", "NotSupportedError"); };
"""


async def test_who_answers_before_the_page_is_ready_is_heard(scene: Scene) -> None:
    """On a slow laptop a finger is faster than the script."""
    browser = await scene.office_device()
    page = await open_page(browser, "about:blank", permissions=["camera", "microphone"])
    answered = asyncio.Event()

    async def held(route: Route) -> None:
        await answered.wait()
        await route.continue_()

    await page.route("**/js/desa/main.js*", held)
    await page.goto(scene.office_link(), wait_until="commit")
    office = Person(page)
    await office.at("consent-yes").check()
    answered.set()
    await expect(office.at("person-name-0")).to_be_visible()
    await expect(office.at("enter")).to_be_enabled()


async def test_silent_devices_let_people_in_and_are_used_when_they_answer(scene: Scene) -> None:
    browser = await scene.office_device()
    page = await open_page(browser, "about:blank", permissions=["camera", "microphone"])
    await page.context.add_init_script(SILENT)
    await page.goto(scene.office_link())
    office = Person(page)
    await office.at("consent-yes").check()
    await expect(office.at("enter")).to_be_disabled()
    await expect(office.at("device-words")).to_contain_text("belum menjawab")
    await office.at("enter").click()
    await scene.chair.open_dialog()
    assert (await office.section("own"))["can_publish"] is False

    await page.evaluate("devicesAnswer()")
    await office.until("() => rembug.section('own').can_publish")
    await expect(office.at("mic")).to_be_visible()
    hall = await scene.hall()
    await scene.chair.call(office)
    await sees(hall, "speaker", OFFICE_HUE)
    await hears(hall, "speaker")


async def test_the_hall_too_comes_in_before_its_devices(scene: Scene) -> None:
    browser = await scene.hall_device()
    page = await open_page(browser, "about:blank", permissions=["camera", "microphone"])
    await page.context.add_init_script(SILENT)
    await page.goto(scene.links["Aula"])
    hall = Hall(page)
    await hall.at("pintu-mixer").check()
    await hall.come_in()
    await page.evaluate("devicesAnswer()")
    await hall.until("() => rembug.section('own').can_publish")
    # Where the sound comes from is kept on this device, also for another day.
    await expect(hall.at("ruang-mixer")).to_be_checked()
    await page.reload()
    await expect(hall.at("pintu-mixer")).to_be_checked()


async def test_a_door_that_fails_to_show_the_devices_still_opens(scene: Scene) -> None:
    """As in browsers that cannot measure a microphone of another sample rate."""
    browser = await scene.office_device()
    page = await open_page(browser, "about:blank", permissions=["camera", "microphone"])
    await page.context.add_init_script(UNMEASURED)
    await page.goto(scene.office_link())
    office = Person(page)
    await office.at("consent-yes").check()
    await expect(office.at("device-words")).to_contain_text("siap")
    await office.at("enter").click()
    await expect(office.at("own-state")).to_be_visible()
