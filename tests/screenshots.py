"""``make screenshots``: every page and state as a picture, into var/screenshots (ignored), to be looked at.

Pages of a meeting that runs come in three sizes, light, and on a phone dark and in forced colours, whole.
Rooms come as their people have them in a real meeting: before it, at the door, with a hand raised, prepared,
speaking, held, off the record, suspended, with the line cut, closed.
"""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from playwright.async_api import Page, ViewportSize

from tests.e2e.test_accessibility import Further, every_page
from tests.support.browser import Browsers, browsers
from tests.support.live import LiveServer
from tests.support.people import Listener, Notulis, Office, Operator, Person, open_page
from tests.support.scene import Scene, scene_on

INTO = Path("var/screenshots")
Scheme = Literal["light", "dark"]
SIZES: Mapping[str, tuple[int, int]] = {"360": (360, 640), "1366": (1366, 768), "1920": (1920, 1080)}
LOOKS: tuple[tuple[str, Scheme, Literal["active", "none"]], ...] = (
    ("360", "light", "none"),
    ("360", "dark", "none"),
    ("1366", "light", "none"),
    ("1920", "dark", "none"),
    ("360", "light", "active"),
)


async def picture(page: Page, name: str, *, whole: bool) -> None:
    for size, scheme, forced in LOOKS:
        width, height = SIZES[size]
        await page.set_viewport_size(ViewportSize(width=width, height=height))
        await page.emulate_media(color_scheme=scheme, forced_colors=forced)
        look = "paksa" if forced == "active" else {"light": "terang", "dark": "gelap"}[scheme]
        await page.screenshot(path=INTO / f"{name}-{size}-{look}.png", full_page=whole, animations="disabled")
    await page.emulate_media(color_scheme="light", forced_colors="none")


async def pages(directory: Path, bs: Browsers) -> None:
    number = 0
    async for found in every_page(directory, bs):
        page = found.page if isinstance(found, Further) else found
        number += 1
        title = re.sub(r"\W+", "-", await page.title()).strip("-").lower()
        await picture(page, f"halaman-{number:02}-{title[:48]}", whole=True)


class Rooms:
    """Everybody's page; ``take`` makes a picture of each as it is now."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self._people = people
        self._taken = 0

    async def take(self, state: str, *who: str) -> None:
        self._taken += 1
        for name in who or self._people:
            page = self._people[name].page
            await picture(page, f"ruang-{self._taken:02}-{state}-{name}", whole=False)


async def rooms(directory: Path, bs: Browsers) -> None:
    async with LiveServer(directory) as server, scene_on(server, bs) as scene:
        await the_day(scene, bs)


async def the_day(scene: Scene, bs: Browsers) -> None:
    viewer = await bs.viewer()
    door = Person(
        await open_page(
            await scene.office_device(1), scene.office_link(1), permissions=["camera", "microphone"]
        )
    )
    await door.at("consent-yes").check()
    await Rooms({"pintu": door}).take("di-pintu")
    office, hall = await scene.office(), await scene.hall()
    operator = await Operator.enter(viewer, scene.links["Meja Operator"])
    people: dict[str, Person] = {
        "desa": office,
        "aula": hall,
        "menyimak": await Listener.enter(viewer, scene.office_link(-1)),
        "operator": operator,
        "notulis": await Notulis.enter(viewer, scene.links["Meja Notulis"]),
        "pimpinan": Person(await open_page(viewer, scene.links["Layar Pimpinan"])),
    }
    for label, link in scene.links.items():
        if label in ("Petugas Bantuan", "Peninjau", "Layar Aula"):
            people[label.split()[-1].lower()] = Person(await open_page(viewer, link))
    every = Rooms(people)
    await every.take("sebelum-dibuka")
    await scene.chair.open_dialog()
    await office.raise_hand("Jembatan gantung Dusun Krajan")
    await office.expect_state("bersiap")
    await every.take("bersiap")
    await scene.chair.call(office)
    await office.expect_state("giliran")
    await every.take("giliran")
    await states_of_a_turn(scene, office, operator, every)


async def states_of_a_turn(scene: Scene, office: Office, operator: Operator, every: Rooms) -> None:
    await operator.at("tahan").click()
    await office.expect_state("ditahan")
    await every.take("ditahan", "desa", "menyimak", "operator", "pimpinan")
    await operator.at("rekaman").click()
    await every.take("tidak-direkam", "desa", "menyimak", "operator")
    await operator.end_turn()
    await office.at("tab-notes").click()
    await every.take("catatan", "desa")
    await office.at("write").click()
    await every.take("menulis", "desa")
    await office.page.keyboard.press("Escape")
    for tab in ("seats", "hands", "history", "present", "pictures"):
        await operator.at(f"tab-{tab}").click()
        await every.take(f"bagian-{tab}", "operator")
    await operator.page.keyboard.press("?")
    await every.take("tombol", "operator")
    await operator.page.keyboard.press("Escape")
    await office.page.context.set_offline(True)
    await office.at("line-words").wait_for()
    await every.take("terputus", "desa")
    await office.page.context.set_offline(False)
    await operator.at("skors").click()
    await every.take("skors")
    await operator.at("skors").click()
    await operator.close_meeting()
    await every.take("ditutup")


def cleared() -> None:
    INTO.mkdir(parents=True, exist_ok=True)
    for old in INTO.glob("*.png"):
        old.unlink()


async def main() -> None:
    with tempfile.TemporaryDirectory() as kept:
        for name in ("alat", "halaman", "ruang"):
            (Path(kept) / name).mkdir()
        async with browsers(Path(kept) / "alat") as bs:
            await rooms(Path(kept) / "ruang", bs)
            await bs.close_profiles()
            await pages(Path(kept) / "halaman", bs)


if __name__ == "__main__":
    cleared()
    asyncio.run(main())
