"""Real Chromium for tests: Debian's, headless, with fake devices of a chosen hue and tone.

One browser process for each distinct publisher, since the fake devices are chosen by command line.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Playwright, async_playwright

from tests.support.capture import write_camera, write_microphone

QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    # Hidden tabs keep their timers, as the tab of a single user would.
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
]


def chromium_path() -> str:
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError("Chromium is missing: sudo apt-get install -y chromium")
    return found


class Browsers:
    """Launches browsers and closes them all at the end."""

    def __init__(self, playwright: Playwright, directory: Path, stack: AsyncExitStack) -> None:
        self._playwright = playwright
        self._directory = directory
        self._stack = stack

    async def viewer(self) -> Browser:
        """A browser without camera and microphone."""
        return await self._launch([])

    async def publisher(self, name: str, *, hue: float, hertz: float) -> Browser:
        """A browser whose camera shows ``hue`` (degrees) and whose microphone hums at ``hertz``."""
        camera = write_camera(self._directory / f"{name}.y4m", hue)
        microphone = write_microphone(self._directory / f"{name}.wav", hertz)
        return await self._launch(
            [
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
                f"--use-file-for-fake-audio-capture={microphone}",
            ]
        )

    async def _launch(self, extra: list[str]) -> Browser:
        browser = await self._playwright.chromium.launch(
            executable_path=chromium_path(), args=[*QUIET, *extra], headless=True
        )
        self._stack.push_async_callback(browser.close)
        return browser


@asynccontextmanager
async def browsers(directory: Path) -> AsyncIterator[Browsers]:
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        yield Browsers(playwright, directory, stack)
