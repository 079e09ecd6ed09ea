"""An office and a desk at Firefox: ``python -m tests.support.firefox_scene FOLDER ADDRESS``, run by a test.

It runs in a network namespace that has ADDRESS (see tests/support/network.py), with TLS. Exit status 0: the
office at Firefox came in by its link, saw and heard the hall and then another office, raised its hand, was
called by an operator at Firefox, was seen and heard by the hall, all without negotiating again, and saw what
was recorded. Screenshots are left in FOLDER.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from playwright.async_api import Browser, Page

from tests.support.browser import browsers
from tests.support.firefox import TONE_HZ, Firefox, FirefoxPage, firefox
from tests.support.lan import trusting_page
from tests.support.live import LiveServer
from tests.support.people import Hall, Notulis, Office, Operator, Panitia, Person
from tests.support.stage import DIALOG, HUE_IS, HUES, NEAR_HERTZ, TONES, link_of

MORE = """async ([slot, frames, energy]) => {
  const now = (await rembug.slots())[slot];
  return now && now.frames > frames + 10 && now.energy > energy;
}"""
LINE_TOLD = """() => {
  const words = document.querySelector('[data-testid="line-verdict"]').textContent;
  return /^(Sambungan (?!belum)|Tersambung|Suara sampai)/.test(words);
}"""
SECONDS_HEARD = 20
UNCOVERED = """(testid) => {
  const video = document.querySelector(`[data-testid="${testid}"]`);
  const words = video.parentElement.querySelector(".tile-empty");
  return getComputedStyle(video).opacity === "1" && !(words && words.checkVisibility());
}"""


def at(page: FirefoxPage) -> Person:
    return Person(cast(Page, page))


async def enter(browser: Firefox, link: str) -> tuple[FirefoxPage, Person]:
    """Through the door with a camera, a microphone and a person, told how the line is."""
    page = await browser.open(link)
    person = at(page)
    await person.at("consent-yes").click()
    await person.at("person-name-0").fill("Pak Yon")
    await person.at("person-job-0").fill("Kepala Desa")
    await person.at("person-add-0").click()
    await person.until("() => document.querySelector('#pintu-peserta').textContent.includes('Pak Yon')")
    await person.until(LINE_TOLD)
    await person.at("enter").click()
    await person.at("raise").wait_for()
    return page, person


async def sees(person: Person, testid: str, name: str) -> None:
    """Waits until the picture has the hue of ``name`` and nothing covers it."""
    await person.until(HUE_IS, [testid, HUES[name]])
    await person.until(UNCOVERED, testid)


async def more_comes(person: Person, slot: str) -> None:
    """Waits until more sound and frames have come; without a sound card Firefox analyses no sound."""
    before = await person.slot(slot)
    await person.until(MORE, [slot, before.frames, before.energy])


async def hears_tone(person: Person, slot: str, hertz: float) -> None:
    """Waits until a second of the slot sounds of it: who was heard before may end within the first."""
    heard = [await person.loudest_hertz(slot)]
    while abs(heard[-1] - hertz) > NEAR_HERTZ and len(heard) < SECONDS_HEARD:
        heard.append(await person.loudest_hertz(slot))
    assert abs(heard[-1] - hertz) < NEAR_HERTZ, f"{slot} sounds of {heard} Hz instead of {hertz}"


async def keep(page: FirefoxPage, file: Path) -> None:
    picture = await page.screenshot()
    await asyncio.to_thread(file.write_bytes, picture)


async def enter_chromium(browser: Browser, link: str) -> None:
    await Office(await trusting_page(browser, link)).come_back()


@asynccontextmanager
async def told(folder: Path, fox: Firefox) -> AsyncIterator[None]:
    """What Firefox shows and complains of, where the scene fails."""
    try:
        yield
    except Exception:
        for number, page in enumerate(fox.pages):
            await keep(page, folder / f"firefox-{number}.png")
            state = "async () => globalThis.rembug && [rembug.call, rembug.wire, await rembug.slots()]"
            sys.stderr.write(f"{number}: {await page.evaluate(state)}\n")
        sys.stderr.write(f"{fox.complaints}\n")
        raise


async def main(folder: Path, address: str) -> None:
    os.environ |= {"REMBUG_PUBLIC_ADDRESS": address, "REMBUG_TLS_SELF_SIGNED": "1"}
    async with (
        browsers(folder) as bs,
        LiveServer(folder, address) as server,
        firefox(folder) as fox,
        told(folder, fox),
    ):
        viewer = await bs.viewer()
        panitia = Panitia(await trusting_page(viewer, server.panitia_link))
        links = await panitia.make_session("Firefox", dialog=list(DIALOG.values()), menyimak=[])
        aula = await bs.publisher("aula", hue=HUES["aula"], hertz=TONES["aula"])
        hall = Hall(await trusting_page(aula, links["Aula"]))
        await hall.come_in()
        operator = Operator(await trusting_page(viewer, links["Meja Operator"]))
        await operator.open_meeting()
        await operator.start_item("Dialog")
        sarongan = await bs.publisher("Sarongan", hue=HUES["Sarongan"], hertz=TONES["Sarongan"])
        await enter_chromium(sarongan, link_of(links, "Sarongan"))
        notulis = Notulis(await trusting_page(viewer, links["Meja Notulis"]))
        await notulis.at("catat-usulan").wait_for()

        page, office = await enter(fox, link_of(links, "Tembokrejo"))
        await sees(office, "video-aula", "aula")
        await more_comes(office, "aula")
        await operator.call("Sarongan")
        await sees(office, "video-speaker", "Sarongan")
        await more_comes(office, "speaker")
        await notulis.note("u", "Kami mohon jaringan listrik", judul="Jaringan listrik")
        await office.at("raise").click()
        await office.at("topic").fill("Gudang es")
        await office.at("raise-send").click()
        await keep(page, folder / "firefox-bersiap.png")

        console = await fox.open(links["Meja Operator"])
        await sees(at(console), "video-speaker", "Sarongan")
        await at(console).at("kenal-1").click()
        await at(console).at("panggil-bersiap-1").click()
        await office.until("() => document.querySelector('#keadaan').dataset.state === 'giliran'")
        await more_comes(hall, "speaker")
        await hears_tone(hall, "speaker", TONE_HZ)
        await sees(office, "video-aula", "aula")
        await keep(page, folder / "firefox-giliran.png")
        await keep(console, folder / "firefox-meja.png")
        assert await office.negotiations() == 1
        await operator.end_turn()
        await operator.close_meeting()

        replay = await fox.open(links["Putar ulang"])
        await at(replay).at("putar-catatan").click()
        await sees(at(replay), "video-pembicara", "Sarongan")
        await keep(replay, folder / "firefox-putar-ulang.png")
        assert not fox.complaints


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
