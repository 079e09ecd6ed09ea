"""Debian's Firefox over WebDriver BiDi (W3C): as much of Playwright's Page as tests.support.people needs.

Playwright drives only a Firefox of its own making. The camera and the microphone are Firefox's fake ones: a
picture of changing colour and a tone. What pages complain of is kept.
"""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE_S = 120.0
TONE_HZ = 700
_PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.audio.fake_frequency": TONE_HZ,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,
}
_LISTENING = "WebDriver BiDi listening on "


class Firefox:
    """One browser; ``open`` gives pages of one profile. Commands are given one after the other."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.complaints: list[str] = []
        """Errors and warnings of the pages' scripts, as far as commands were answered after them."""
        self.pages: list[FirefoxPage] = []

    async def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command. Raises RuntimeError with what Firefox says, TimeoutError."""
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(PATIENCE_S):
            while (message := await self._socket.receive_json()).get("id") != number:
                self._note(message)
        if message["type"] == "error":
            raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
        result: dict[str, Any] = message["result"]
        return result

    def _note(self, event: dict[str, Any]) -> None:
        entry = event.get("params", {})
        if event.get("method") == "log.entryAdded" and entry["level"] in ("warn", "error"):
            self.complaints.append(entry["text"])

    async def open(self, url: str, width: int = 1366, height: int = 768) -> "FirefoxPage":
        context = (await self.ask("browsingContext.create", type="tab"))["context"]
        await self.ask(
            "browsingContext.setViewport", context=context, viewport={"width": width, "height": height}
        )
        page = FirefoxPage(self, context)
        self.pages.append(page)
        await page.goto(url)
        return page


class FirefoxPage:
    def __init__(self, browser: Firefox, context: str) -> None:
        self._browser = browser
        self._context = context

    async def goto(self, url: str) -> None:
        await self._browser.ask("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def evaluate(self, function: str, arg: object = None) -> Any:
        """What the (async) function of the page makes of ``arg``; both pass as JSON."""
        told = await self._browser.ask(
            "script.callFunction",
            functionDeclaration="async (given) => {"
            f" const made = await ({function})(JSON.parse(given)); return JSON.stringify(made ?? null); }}",
            arguments=[{"type": "string", "value": json.dumps(arg)}],
            awaitPromise=True,
            userActivation=True,
            target={"context": self._context},
        )
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def get_by_test_id(self, testid: str) -> "FirefoxElement":
        return FirefoxElement(self, f'[data-testid="{testid}"]')

    async def screenshot(self) -> bytes:
        """PNG."""
        told = await self._browser.ask("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(told["data"])


class FirefoxElement:
    """The first one that fits, once it is shown and can be used."""

    def __init__(self, page: FirefoxPage, selector: str) -> None:
        self._page = page
        self._selector = selector

    async def evaluate(self, function: str) -> Any:
        return await self._page.evaluate(
            f"""async (selector) => {{
              const end = performance.now() + {PATIENCE_S * 500};
              for (;;) {{
                const found = document.querySelector(selector);
                if (found && found.checkVisibility() && !found.disabled) return await ({function})(found);
                if (performance.now() > end) throw new Error("never there: " + selector);
                await new Promise((next) => setTimeout(next, 20));
              }}
            }}""",
            self._selector,
        )

    async def wait_for(self) -> None:
        await self.evaluate("(it) => null")

    async def click(self) -> None:
        await self.evaluate("(it) => { it.click(); }")

    async def fill(self, text: str) -> None:
        typed = json.dumps(text)
        await self.evaluate(
            f"(it) => {{ it.value = {typed}; it.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
        )


@asynccontextmanager
async def firefox(directory: Path) -> AsyncIterator[Firefox]:
    """Headless, with a fresh profile below ``directory``."""
    profile = directory / "firefox"
    profile.mkdir()
    rows = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(rows))
    process = await asyncio.create_subprocess_exec(
        "firefox-esr",
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
        "--remote-debugging-port=0",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    draining: asyncio.Task[bytes] | None = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            while _LISTENING not in (row := (await process.stderr.readline()).decode()):
                assert row, "Firefox ended"
        # A full pipe would stop it.
        draining = asyncio.create_task(process.stderr.read())
        url = row.partition(_LISTENING)[2].strip() + "/session"
        async with aiohttp.ClientSession() as http, http.ws_connect(url, max_msg_size=0) as socket:
            browser = Firefox(socket)
            await browser.ask("session.new", capabilities={"alwaysMatch": {"acceptInsecureCerts": True}})
            await browser.ask("session.subscribe", events=["log.entryAdded"])
            yield browser
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        if draining is not None:
            await draining
