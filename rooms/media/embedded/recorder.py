"""The recorder as the media process sees it: a child to keep alive and a socket that must never slow us down.

Frames are gathered for a moment and go to a non-blocking Unix socket together: each write wakes the recorder,
which then takes a core that the next packets need. What the socket does not take waits in the same bounded
buffer; when that is full, media frames are dropped and counted, while the few that open and close clips are
kept. A recorder that is missing or died is started again with back-off, and the owner then opens its clips
anew.
"""

import asyncio
import contextlib
import logging
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path

from rooms.recording import feed

log = logging.getLogger(__name__)

BACKLOG_BYTES = 4 * 1024 * 1024
GATHERED_S = 0.05
_FIRST_BACKOFF_S = 0.25
_LONGEST_BACKOFF_S = 10.0
_STARTUP_S = 10.0
_FINISH_S = 15.0


class Recorder:
    """``start`` once, ``offer`` frames, ``close`` at the end."""

    def __init__(self, module: str, socket_path: Path, directory: Path, on_ready: Callable[[], None]) -> None:
        self.dropped = 0
        """Media frames that found no room."""
        self._command = (
            sys.executable,
            "-m",
            module,
            "--socket",
            str(socket_path),
            "--directory",
            str(directory),
        )
        self._path = socket_path
        self._on_ready = on_ready
        self._socket: socket.socket | None = None
        self._backlog = bytearray()
        self._flushed = asyncio.Event()
        self._flushed.set()
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._process: Process | None = None

    @property
    def ready(self) -> bool:
        return self._socket is not None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._keep_alive())

    async def close(self) -> None:
        """End the stream, so that the recorder finishes its files, and wait for it to do so."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._drain()
        heard_of_us = self.ready
        self._disconnect()
        if self._process is not None and self._process.returncode is None:
            if not heard_of_us:
                # It ends with its last connection, and there never was one.
                self._process.terminate()
            try:
                async with asyncio.timeout(_FINISH_S):
                    await self._process.wait()
            except TimeoutError:
                log.warning("the recorder is still finishing its files; it ends by itself")
        self._path.unlink(missing_ok=True)

    def offer(self, frame: feed.FeedFrame) -> bool:
        """False: dropped, since there is no recorder or it does not keep up."""
        if self._socket is None:
            return False
        if len(self._backlog) > BACKLOG_BYTES and isinstance(frame, feed.Rtp | feed.SenderReport):
            self.dropped += 1
            return False
        if not self._backlog:
            self._flushed.clear()
            asyncio.get_running_loop().call_later(GATHERED_S, self._hand_over)
        self._backlog += feed.encode(frame)
        return True

    def _hand_over(self) -> None:
        self._send_some()
        if self._backlog and self._socket is not None:
            asyncio.get_running_loop().add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        self._send_some()
        if not self._backlog and self._socket is not None:
            asyncio.get_running_loop().remove_writer(self._socket)

    def _send_some(self) -> None:
        if self._socket is None:
            return
        try:
            sent = self._socket.send(self._backlog)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self._gone.set()
            sent = len(self._backlog)
        del self._backlog[:sent]
        if not self._backlog:
            self._flushed.set()

    async def _drain(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FINISH_S):
                await self._flushed.wait()

    async def _keep_alive(self) -> None:
        backoff = _FIRST_BACKOFF_S
        while True:
            self._gone.clear()
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command, stdin=asyncio.subprocess.DEVNULL
                )
                await self._connect(self._process)
                backoff = _FIRST_BACKOFF_S
                self._on_ready()
                await self._until_gone(self._process)
            except (OSError, TimeoutError) as error:
                log.warning("no recorder: %s; trying again in %g s", error, backoff)
            self._disconnect()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _LONGEST_BACKOFF_S)

    async def _connect(self, process: Process) -> None:
        async with asyncio.timeout(_STARTUP_S):
            while process.returncode is None:
                attempt = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                attempt.setblocking(False)
                try:
                    attempt.connect(str(self._path))
                except OSError:
                    attempt.close()
                    await asyncio.sleep(0.05)
                    continue
                self._socket = attempt
                return
        raise OSError(f"the recorder ended with {process.returncode}")

    async def _until_gone(self, process: Process) -> None:
        ended = asyncio.ensure_future(process.wait())
        broken = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait((ended, broken), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in (ended, broken):
                waiting.cancel()
        log.warning("the recorder is gone")

    def _disconnect(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                asyncio.get_running_loop().remove_writer(self._socket)
            self._socket.close()
            self._socket = None
        self._backlog.clear()
        self._flushed.set()
