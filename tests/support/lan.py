"""A village office on the building's network: ``python -m tests.support.lan FOLDER ADDRESS``, run by a test.

It runs in a network namespace that has ADDRESS (see tests/e2e/test_lan.py), serves with a self-signed
certificate as README says, and comes in by TLS with two browsers. Exit status 0: the hall was seen and heard.
"""

import asyncio
import os
import sys
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.support.browser import browsers
from tests.support.live import LiveServer
from tests.support.people import PATIENCE_MS, Hall, Listener, Operator, Panitia
from tests.support.stage import HUES, LISTENER, TONES, link_of, sees_and_hears


async def trusting_page(browser: Browser, link: str) -> Page:
    """As after "continue anyway" at the browser's warning."""
    profile = await browser.new_context(ignore_https_errors=True, permissions=["camera", "microphone"])
    page = await profile.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(link)
    return page


async def main(folder: Path, address: str) -> None:
    os.environ |= {"REMBUG_PUBLIC_ADDRESS": address, "REMBUG_TLS_SELF_SIGNED": "1"}
    async with browsers(folder) as bs, LiveServer(folder, address) as server:
        viewer = await bs.viewer()
        panitia = Panitia(await trusting_page(viewer, server.panitia_link))
        links = await panitia.make_session("Jaringan gedung", dialog=[LISTENER], menyimak=[])
        assert links["Aula"].startswith(f"https://{address}:")
        microphone = await bs.publisher("aula", hue=HUES["aula"], hertz=TONES["aula"])
        await Hall(await trusting_page(microphone, links["Aula"])).come_in()
        await Operator(await trusting_page(viewer, links["Meja Operator"])).open_meeting()
        listener = Listener(await trusting_page(viewer, link_of(links, "Jambewangi")))
        await listener.come_in()
        await sees_and_hears(listener, "aula", "aula")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
