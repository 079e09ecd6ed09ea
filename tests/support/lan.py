"""A village office on the building's network: ``python -m tests.support.lan FOLDER ADDRESS``, run by a test.

It runs in a network namespace that has ADDRESS (see tests/support/network.py), serves with a self-signed
certificate as README says, and comes in by TLS with two browsers; the office's is at the other end of a
cable, has the floor, and gets another address in mid-call. Exit status 0: hall and office saw and heard each
other, before and after. FOLDER/moved.json says how many seconds each was without the other. ``SABOTAGE=1``:
the office's call does not notice silence.
"""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

import aiohttp
from playwright.async_api import Browser, Page

from tests.support.browser import browsers, chromium_path
from tests.support.cuts import DEAF
from tests.support.goal import sabotaged
from tests.support.live import LiveServer
from tests.support.people import PATIENCE_MS, Hall, Office, Operator, Panitia, Person
from tests.support.stage import DIALOG, HUES, TONES, link_of, sees_and_hears

PATHS = "PATH=$PATH:/usr/sbin:/sbin\n"
TOKEN = "angka-untuk-tes-saja"
WHO = "Kalibaru"
# New sound and pictures, over the connection that was or over a fresh one, whose counting begins anew.
COMES = """async ([slot, before]) => {
  const received = (await rembug.slots())[slot]?.received ?? 0;
  return received > before + 10 || (received < before && received > 10);
}"""


async def trusting_page(browser: Browser, link: str) -> Page:
    """As after "continue anyway" at the browser's warning."""
    profile = await browser.new_context(ignore_https_errors=True, permissions=["camera", "microphone"])
    page = await profile.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto(link)
    return page


class Elsewhere:
    """A network namespace at the other end of the cable, for as long as somebody keeps it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._network = f"--net=/proc/{process.pid}/ns/net"

    async def take(self, address: str, gateway: str) -> None:
        """Have this address from now on, and no other."""
        script = f"""{PATHS}
            ip link set lo up
            ip addr flush dev v1 scope global
            ip addr add {address}/24 dev v1
            ip link set v1 up
            ip route add default via {gateway}
        """
        process = await asyncio.create_subprocess_exec("nsenter", self._network, "sh", "-ec", script)
        assert await process.wait() == 0

    def chromium(self, folder: Path) -> Path:
        """A program that starts it there."""
        program = folder / "chromium-elsewhere"
        program.write_text(f'#!/bin/sh\nexec nsenter {self._network} {chromium_path()} "$@"\n')
        program.chmod(0o755)
        return program


@asynccontextmanager
async def elsewhere(address: str, gateway: str) -> AsyncIterator[Elsewhere]:
    """Which has ``address``."""
    # It ends with its input, whatever becomes of us.
    keeper = await asyncio.create_subprocess_exec("unshare", "-n", "cat", stdin=asyncio.subprocess.PIPE)
    try:
        while True:
            if os.readlink(f"/proc/{keeper.pid}/ns/net") != os.readlink("/proc/self/ns/net"):
                break
            await asyncio.sleep(0.02)  # it has been started, but not yet moved
        there = Elsewhere(keeper)
        moved = await asyncio.create_subprocess_exec("sh", "-ec", f"{PATHS}ip link set v1 netns {keeper.pid}")
        assert await moved.wait() == 0
        await there.take(address, gateway)
        yield there
    finally:
        keeper.terminate()
        await keeper.wait()


async def peers(url: str) -> int:
    """How many are in the call now, as the server counts them."""
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session,
        session.get(f"{url}/metrics", ssl=False) as answer,
    ):
        found = re.search(r"^rembug_media_peers\S* (\d+)", await answer.text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


async def comes_again(person: Person, slot: str, since: float) -> float:
    """Seconds from ``since`` until something new comes in a slot."""
    before = (await person.diagnostics("slots()"))[slot]["received"]
    await person.until(COMES, [slot, before])
    return monotonic() - since


async def main(folder: Path, address: str) -> None:
    os.environ |= {"REMBUG_PUBLIC_ADDRESS": address, "REMBUG_TLS_SELF_SIGNED": "1"}
    os.environ["REMBUG_METRICS_TOKEN"] = TOKEN
    network, _, _ = address.rpartition(".")
    async with (
        elsewhere(f"{network}.20", address) as there,
        browsers(folder) as bs,
        LiveServer(folder, address) as server,
    ):
        viewer = await bs.viewer()
        panitia = Panitia(await trusting_page(viewer, server.panitia_link))
        links = await panitia.make_session("Jaringan gedung", dialog=[DIALOG[WHO]], menyimak=[])
        assert links["Aula"].startswith(f"https://{address}:")
        microphone = await bs.publisher("aula", hue=HUES["aula"], hertz=TONES["aula"])
        hall = Hall(await trusting_page(microphone, links["Aula"]))
        await hall.come_in()
        operator = Operator(await trusting_page(viewer, links["Meja Operator"]))
        await operator.open_meeting()
        await operator.start_item("Dialog")
        device = await bs.publisher_by(there.chromium(folder), WHO, hue=HUES[WHO], hertz=TONES[WHO])
        office = Office(await trusting_page(device, link_of(links, WHO)))
        await office.come_back()
        await operator.call_any(f"Kec. {WHO}")
        await sees_and_hears(office, "aula", "aula")
        await sees_and_hears(hall, "speaker", WHO)
        before = await peers(server.url)
        if sabotaged():
            await office.page.evaluate(DEAF)

        # As when a telephone goes from one network to another. Nobody is told; a fresh connection takes over.
        since = monotonic()
        await there.take(f"{network}.21", address)
        ways = (comes_again(office, "aula", since), comes_again(hall, "speaker", since))
        moved = dict(zip(("office", "hall"), await asyncio.gather(*ways), strict=True))
        (folder / "moved.json").write_text(json.dumps(moved))
        await sees_and_hears(office, "aula", "aula")
        await sees_and_hears(hall, "speaker", WHO)
        assert await office.diagnostics("negotiations") > 1
        assert await peers(server.url) == before, "no ghost"


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
