"""Real Chromium for tests: Debian's, headless, with fake devices of a chosen hue and tone.

One browser process for each distinct publisher, since the fake devices are chosen by command line.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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


HEADLESS = Path("/usr/lib/chromium/chromium-headless-shell")
"""Without windows; the whole browser opens an unseen one for each profile, which is six times the work."""


def headless_path() -> str:
    return str(HEADLESS) if HEADLESS.exists() else chromium_path()


def chromium_path() -> str:
    found = shutil.which("chromium")
    if found is None:
        raise RuntimeError("Chromium is missing: sudo apt-get install -y chromium")
    return found


class Browsers:
    """Launches each kind of browser once; people of the same kind have profiles of their own in it."""

    def __init__(self, playwright: Playwright, directory: Path) -> None:
        self._playwright = playwright
        self._directory = directory
        self._launched: dict[tuple[str, ...], Browser] = {}
        self._launching = asyncio.Lock()

    async def viewer(self) -> Browser:
        """A browser without camera and microphone."""
        return await self._launch()

    async def publisher(self, name: str, *, hue: float, hertz: float) -> Browser:
        """The browser of a name: its camera shows ``hue`` (degrees), its microphone hums at ``hertz``."""
        return await self._launch(*self._devices(name, hue, hertz))

    async def publisher_by(self, program: Path, name: str, *, hue: float, hertz: float) -> Browser:
        """As ``publisher``, by a program that starts Chromium with the words it is given: elsewhere, say."""
        words = [*QUIET, *self._devices(name, hue, hertz)]
        return await self._playwright.chromium.launch(executable_path=program, args=words, headless=True)

    def _devices(self, name: str, hue: float, hertz: float) -> tuple[str, ...]:
        camera, microphone = self._directory / f"{name}.y4m", self._directory / f"{name}.wav"
        if not camera.exists():
            write_camera(camera, hue)
            write_microphone(microphone, hertz)
        return (
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
            f"--use-file-for-fake-audio-capture={microphone}",
        )

    async def close_profiles(self) -> None:
        """Everybody leaves and forgets everything; the browsers stay for others."""
        for browser in self._launched.values():
            for profile in browser.contexts:
                await profile.close()

    async def close(self) -> None:
        for browser in self._launched.values():
            await browser.close()

    async def _launch(self, *devices: str) -> Browser:
        async with self._launching:
            known = self._launched.get(devices)
            if known is None or not known.is_connected():
                known = self._launched[devices] = await self._playwright.chromium.launch(
                    executable_path=headless_path(), args=[*QUIET, *devices], headless=True
                )
            return known


@asynccontextmanager
async def browsers(directory: Path) -> AsyncIterator[Browsers]:
    async with async_playwright() as playwright:
        launched = Browsers(playwright, directory)
        try:
            yield launched
        finally:
            await launched.close()
