"""The one cable of an office: its web and its media, over UDP and TCP. It can be pulled, or have UDP barred.

A relay on 127.0.0.1. While nothing passes, datagrams are lost and bytes of TCP wait, as they do behind a line
that lets nothing through; a connection that is begun meanwhile hears nothing either.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from tests.support.impaired import Address, Line, impaired

_CHUNK_BYTES = 16 * 1024
PERFECT = Line()


class Cable:
    """``web_port`` and ``media_port`` on 127.0.0.1 lead through it."""

    def __init__(self) -> None:
        self.web_port = 0
        self.udp_port = self.tcp_port = 0
        self.udp_barred = False
        """As where a firewall lets no UDP through."""
        self._passes = asyncio.Event()
        self._passes.set()

    def pull(self) -> None:
        self._passes.clear()

    def plug(self) -> None:
        self._passes.set()

    def lead(self, answer: str) -> str:
        """An answer that offers nothing but the media through this cable."""
        rows = []
        for row in answer.split("\r\n"):
            fields = row.split(" ")
            if row.startswith("a=candidate:"):
                if fields[4] != "127.0.0.1":
                    continue
                fields[5] = str(self.udp_port if fields[2] == "udp" else self.tcp_port)
            rows.append(" ".join(fields))
        return "\r\n".join(rows)

    def lets_udp_through(self) -> bool:
        return self._passes.is_set() and not self.udp_barred

    async def relay(self, target: Address, stack: AsyncExitStack) -> int:
        """The port that leads to a TCP port."""
        tasks: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                await self._passes.wait()
                behind_reader, behind_writer = await asyncio.open_connection(*target)
                for source, sink in ((reader, behind_writer), (behind_reader, writer)):
                    task = asyncio.get_running_loop().create_task(self._pump(source, sink))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)

        async def end() -> None:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        stack.push_async_callback(end)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(_CHUNK_BYTES):
                await self._passes.wait()
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        finally:
            sink.close()


@asynccontextmanager
async def cable(
    web: Address, media: Address, *, up: Line = PERFECT, down: Line = PERFECT, seed: int = 1
) -> AsyncIterator[Cable]:
    """A cable to a web server and a media port (UDP and TCP); UDP meets ``up`` and ``down`` on its way."""
    made = Cable()
    async with AsyncExitStack() as stack:
        made.web_port = await made.relay(web, stack)
        made.tcp_port = await made.relay(media, stack)
        made.udp_port = await stack.enter_async_context(
            impaired(media, up=up, down=down, seed=seed, passable=made.lets_udp_through)
        )
        yield made
