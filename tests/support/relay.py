"""Port 443 of docker-compose.yml on loopback: Debian's HAProxy, Caddy and coturn with the files it mounts.

Caddy is its own authority for names below ``localhost``, and keeps their certificates where all others are.
A Caddy before 2.7, as Debian's is, cannot read whose connection it is that HAProxy passes on: there somebody
between the two of them reads it, and asks Caddy from that address.
"""

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.support.live import free_port

SHIPPED = Path(__file__).parents[2] / "server" / "data"
SECRET = "rahasia-bersama"
DOMAIN, TURN_NAME = "rembug.localhost", "turn.rembug.localhost"
# Everything is on loopback here, where coturn otherwise lets nobody relay to or from.
ON_LOOPBACK = ("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers")


def missing(*programs: str) -> str:
    """What to type where one is not there; empty where all are."""
    absent = [program for program in programs if shutil.which(program) is None]
    packages = " ".join("coturn" if program == "turnserver" else program for program in absent)
    return f"missing: sudo apt-get install -y {packages}" if absent else ""


@asynccontextmanager
async def running(log: Path, *words: str, **environment: str) -> AsyncIterator[None]:
    """A program for as long as the block lasts."""
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *words, env=os.environ | environment, stdout=out, stderr=out
        )
    try:
        yield
    finally:
        ended = process.returncode is not None
        if not ended:
            process.terminate()
        await process.wait()
    assert not ended, f"{words[0]} ended by itself, see {log}"


async def until_open(port: int, log: Path) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)  # a port that is not open yet has no event to wait for
            else:
                writer.close()
                return


@asynccontextmanager
async def relay(folder: Path, certificates: Path, more: Sequence[str] = ()) -> AsyncIterator[int]:
    """relay.sh with certificates in Caddy's order below ``certificates``; the port for TLS."""
    port, log = free_port(), folder / "coturn.log"
    words = ("--pidfile", str(folder / "pid"), "--db", str(folder / "db"), "--log-file=stdout", *more)
    async with running(
        log,
        "/bin/sh",
        str(SHIPPED / "relay.sh"),
        f"--tls-listening-port={port}",
        *ON_LOOPBACK,
        *words,
        REMBUG_TURN_NAME=TURN_NAME,
        REMBUG_TURN_SECRET=SECRET,
        REMBUG_PUBLIC_ADDRESS="127.0.0.1",
        REMBUG_TURN_CONF=str(SHIPPED / "turnserver.conf"),
        REMBUG_CERTIFICATES=str(certificates),
        REMBUG_CERTIFICATE_EVERY_S="1",
    ):
        await until_open(port, log)
        yield port


async def caddyfile(folder: Path) -> tuple[Path, bool]:
    """The shipped one, as far as the Caddy that is here knows it; whether that is all of it."""
    asked = await asyncio.create_subprocess_exec("caddy", "version", stdout=asyncio.subprocess.PIPE)
    version, _ = await asked.communicate()
    shipped, new = (SHIPPED / "Caddyfile").read_text(), _numbers(version.decode()) >= (2, 7)
    if not new:
        shipped = re.sub(r"\t\tlistener_wrappers \{.*?\n\t\t\}\n", "", shipped, flags=re.DOTALL)
    file = folder / "Caddyfile"
    file.write_text(shipped)
    return file, new


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


@asynccontextmanager
async def reading(behind: int) -> AsyncIterator[int]:
    """The port on loopback where HAProxy says whose connection it is; that one then asks ``behind``."""
    tasks: set[asyncio.Task[None]] = set()

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(1 << 16):
                sink.write(data)
                await sink.drain()
        sink.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = (await reader.readline()).decode().split()
        assert said[:2] == ["PROXY", "TCP4"], said
        inner = await asyncio.open_connection("127.0.0.1", behind, local_addr=(said[2], 0))
        for source, sink in ((reader, inner[1]), (inner[0], writer)):
            task = asyncio.create_task(pump(source, sink))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def front(folder: Path, web_port: int) -> AsyncIterator[int]:
    """All three before a web server on loopback; the one port for TLS."""
    tls, https, http = free_port(), free_port(), free_port()
    async with AsyncExitStack() as stack:
        caddy = folder / "caddy.log"
        file, new = await caddyfile(folder)
        await stack.enter_async_context(
            running(
                caddy,
                *("caddy", "run", "--adapter", "caddyfile", "--config", str(file)),
                XDG_DATA_HOME=str(folder),
                REMBUG_DOMAIN=DOMAIN,
                REMBUG_TURN_NAME=TURN_NAME,
                REMBUG_HTTP_PORT=str(http),
                REMBUG_HTTPS_PORT=str(https),
                REMBUG_AT=f"127.0.0.1:{web_port}",
                REMBUG_FRONT="127.0.0.0/8",
            )
        )
        turn = await stack.enter_async_context(relay(folder, folder / "caddy" / "certificates"))
        await until_open(https, caddy)
        web = https if new else await stack.enter_async_context(reading(https))
        await stack.enter_async_context(
            running(
                folder / "haproxy.log",
                *("haproxy", "-f", str(SHIPPED / "haproxy.cfg")),
                REMBUG_TLS_BIND=f"127.0.0.1:{tls}",
                REMBUG_TURN_NAME=TURN_NAME,
                REMBUG_WEB_AT=f"127.0.0.1:{web}",
                REMBUG_RELAY_AT=f"127.0.0.1:{turn}",
            )
        )
        await until_open(tls, folder / "haproxy.log")
        yield tls
