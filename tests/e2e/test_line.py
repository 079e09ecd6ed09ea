"""What an office's line may do in real browsers: listen before coming in, drop in mid-turn, come back."""

from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import PATIENCE_MS, Office, open_page
from tests.support.stage import HUES, TONES, begin, link_of, sees_and_hears


async def test_the_hall_is_heard_at_the_door(server: LiveServer, bs: Browsers) -> None:
    session = await begin(server, bs, ["Sarongan"])
    browser = await bs.publisher("Tembokrejo", hue=HUES["Tembokrejo"], hertz=TONES["Tembokrejo"])
    link = link_of(session.links, "Tembokrejo")
    office = Office(await open_page(browser, link, permissions=["camera", "microphone"]))
    await office.at("hear").click()
    await expect(office.at("hear-words")).to_contain_text("Ini suara Aula")
    heard = await office.loudest_hertz_of("hear-sound")
    assert abs(heard - TONES["aula"]) < 30
    # Listening takes no seat.
    seats = {seat["seat_id"]: seat["connected"] for seat in await session.operator.section("seats")}
    assert seats["35.10.01.2001"]
    assert not seats["35.10.05.2003"]
    await office.come_back()
    await sees_and_hears(office, "aula", "aula")


async def test_a_speaker_whose_line_drops_keeps_the_floor_and_comes_back(
    server: LiveServer, bs: Browsers
) -> None:
    session = await begin(server, bs, ["Sarongan"])
    sarongan, operator = session.offices["Sarongan"], session.operator
    await operator.call("Sarongan")
    await sees_and_hears(session.listener, "speaker", "Sarongan")

    await sarongan.page.close()
    await operator.until("async () => rembug.section('turn')?.state === 'jeda'")
    assert (await operator.section("stage"))["slots"]["speaker"] is None
    await sees_and_hears(session.listener, "aula", "aula")

    page = await sarongan.page.context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(link_of(session.links, "Sarongan"))
    back = Office(page)
    await back.come_back()
    await back.expect_state("giliran")
    await sees_and_hears(session.listener, "speaker", "Sarongan")
    assert await session.listener.negotiations() == 1
