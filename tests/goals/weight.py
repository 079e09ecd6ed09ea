"""``make goal-weight``: what a first visit costs on a rural line, in real Chromium at 1 Mbit/s and 200 ms.

Front page, the office's room behind a personal link, and the same room once more, each with all that it
loads, counted as it came over the line. The throttle is Chromium's own.

Figures: ``landing_kb``, ``room_kb``: body and headers of a cold visit (kB, fonts apart); ``again_kb``: of the
next visit to the room; ``first_paint_ms``: of the cold room, from following its link; ``layout_shift``: the
browser's score for what moved by itself, both pages together; ``requests``: of the cold room.
``SABOTAGE=1``: the browser takes nothing compressed: ends with ``ok: false``.
"""

import asyncio
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext

from tests.support.browser import browsers
from tests.support.goal import report, sabotaged
from tests.support.live import LiveServer
from tests.support.sessions import make_session

BYTES_PER_S = 1_000_000 / 8
LATENCY_MS = 200
OFFICE = "35.10.01.2001"
_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass
class Visit:
    paint_ms: float = 0.0
    shift: float = 0.0
    sizes: list[float] = field(default_factory=list)

    @property
    def kb(self) -> float:
        return sum(self.sizes) / 1000


async def visit(context: BrowserContext, url: str, *, plain: bool = False) -> Visit:
    """Open a page and wait until it asks for nothing more."""
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    seen, fonts = Visit(), set[str]()

    def responded(event: dict[str, Any]) -> None:
        if event["type"] == "Font":
            fonts.add(event["requestId"])

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] not in fonts:
            seen.sizes.append(event["encodedDataLength"])

    line.on("Network.responseReceived", responded)
    line.on("Network.loadingFinished", finished)
    await line.send("Network.enable")
    if plain:
        await line.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": "identity"}})
    await line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_S,
            "uploadThroughput": BYTES_PER_S,
        },
    )
    await page.add_init_script(_SHIFTS)
    await page.goto(url, wait_until="networkidle")
    seen.paint_ms = float(await page.evaluate(_PAINTED))
    seen.shift = float(await page.evaluate("() => window.shifted"))
    await page.close()
    return seen


async def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with LiveServer(Path(folder)) as server, browsers(Path(folder)) as bs:
            links = await make_session(server, "Musrenbang uji", dialog=[OFFICE], menyimak=[])
            office = next(link for label, link in links.items() if label.startswith("Sarongan"))
            browser = await bs.viewer()
            async with await browser.new_context() as first, await browser.new_context() as second:
                landing = await visit(first, server.url, plain=sabotaged())
                room = await visit(second, office, plain=sabotaged())
                again = await visit(second, office, plain=sabotaged())
    figures = {
        "landing_kb": landing.kb,
        "room_kb": room.kb,
        "again_kb": again.kb,
        "requests": len(room.sizes),
        "first_paint_ms": room.paint_ms,
        "layout_shift": landing.shift + room.shift,
    }
    targets = {"landing_kb": 40, "room_kb": 90, "first_paint_ms": 1_000, "layout_shift": 0}
    return report("weight", figures, targets, compared_with="1 Mbit/s, 200 ms, Chromium's own throttle")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
