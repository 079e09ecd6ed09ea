"""A real server in a process of its own: started, killed without warning, started again on the same ports."""

import asyncio
import os
import random
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import aiohttp

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that was free a moment ago, for UDP and TCP; the server needs it again after it was killed.

    Below those that the kernel lends to outgoing connections, so that no browser takes it meanwhile.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with suppress(OSError):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port))
            return port


class LiveServer:
    """``async with LiveServer(directory) as server``: ``rembug serve`` on loopback with its own data."""

    def __init__(self, directory: Path, address: str = "") -> None:
        """``address``: listen there and speak TLS; empty: plain HTTP on loopback."""
        self.data_dir = directory / "var"
        self.port = free_port()
        self.media_port = free_port()
        self.address = address or "127.0.0.1"
        self.url = f"https://{address}:{self.port}" if address else f"http://localhost:{self.port}"
        self.log = directory / "server.log"
        self.panitia_link = ""
        """What the first start prints."""
        self._process: asyncio.subprocess.Process | None = None

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "REMBUG_HOST": self.address,
            "REMBUG_PORT": str(self.port),
            "REMBUG_MEDIA_PORT": str(self.media_port),
            "REMBUG_DATA_DIR": str(self.data_dir),
            # A killed server may take longer than the usual half minute to start on a busy machine.
            "REMBUG_MEDIA_GRACE_S": "300",
        }

    async def rembug(self, *words: str) -> str:
        """Run a command of ``rembug`` to its end; returns what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "server",
            *words,
            cwd=ROOT,
            env=self.environment(),
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, f"rembug {' '.join(words)} failed"
        return printed.decode()

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "server",
                "serve",
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        await self._until_it_answers()

    async def answers(self) -> bool:
        """Whether it still runs and answers."""
        if self._process is None or self._process.returncode is not None:
            return False
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"{self.url}/healthz", ssl=False) as answer,
            ):
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _until_it_answers(self) -> None:
        assert self._process is not None
        async with aiohttp.ClientSession() as session:
            while True:
                assert self._process.returncode is None, f"the server ended:\n{self.log.read_text()[-4000:]}"
                try:
                    async with session.get(f"{self.url}/healthz", ssl=False) as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.05)  # a port that is not open yet has no event to wait for

    async def _printed(self, label: str) -> str:
        while True:
            for line in self.log.read_text().splitlines():
                if line.startswith(label):
                    return line.removeprefix(label)
            await asyncio.sleep(0.05)  # a file has no event for its next line

    async def kill(self) -> None:
        """As a power cut of the process: no warning, nothing flushed by it."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()
        self._process = None

    async def power_cut(self) -> None:
        """Kill the server, the media process and the recorder, all at once and without warning."""
        await self.kill()
        self._kill_children()

    def _kill_children(self) -> None:
        """Whatever runs in this test's environment; they are nobody's children any more."""
        mine = str(self.data_dir).encode()
        for entry in Path("/proc").iterdir():
            with suppress(OSError):  # others come and go
                if entry.name.isdigit() and mine in (entry / "environ").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)

    async def stop(self) -> None:
        """For good, as by Ctrl-C; nothing of it stays."""
        await self._end(signal.SIGINT)

    async def stop_to_restart(self) -> None:
        """As whoever watches over services does before it starts it again."""
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.send_signal(number)
        await self._process.wait()
        self._process = None

    async def __aenter__(self) -> "LiveServer":
        self.data_dir.mkdir(parents=True, exist_ok=True)
        await self.start()
        self.panitia_link = await self._printed("Panitia: ")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        # A test that failed between kill and start leaves a media process that waits for the next server.
        self._kill_children()
