"""Finding, adopting, starting and ending one media process of a data directory.

The lock file says whether a worker lives (it holds the lock) and which process it is; the control socket says
whether it answers. Only a process that holds our lock and runs our module is ever signalled.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from asyncio.subprocess import Process
from pathlib import Path

import rooms
from rooms.media.embedded import control
from rooms.media.embedded.settings import SETTINGS, MediaSettings

log = logging.getLogger(__name__)

WORKER_MODULE = "rooms.media.embedded.worker"
ANOTHER_WORKER = 3
"""Exit status of a worker whose data directory already has a living one."""
PORT_TAKEN = 4
_HELLO_TIMEOUT_S = 5.0
_ADOPTION_TIMEOUT_S = 10.0
_START_TIMEOUT_S = 60.0
_END_TIMEOUT_S = 20.0
_KILL_TIMEOUT_S = 5.0
MOST_UNSENT_BYTES = 4 * 1024 * 1024
"""To a media process that does not read."""
_LONGEST_SOCKET_PATH = 107
"""sun_path in unix(7), without its final zero."""


class WorkerFailed(RuntimeError):
    """No media process could be had; the message says why."""


class Link:
    """An open control connection whose worker has said who it is."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, welcome: control.Welcome
    ) -> None:
        self.welcome = welcome
        self.process: Process | None = None
        """The worker, if it is a child of this process and not adopted."""
        self._reader = reader
        self._writer = writer

    def send(self, call: control.Call) -> None:
        """Queue a call; a broken connection shows in ``receive``, and so does one that takes nothing."""
        if self._writer.transport.get_write_buffer_size() > MOST_UNSENT_BYTES:
            self.cut()
        if not self._writer.is_closing():
            self._writer.write(control.frame(control.CALL.dump_json(call)))

    async def receive(self) -> control.Notice | None:
        """The next notice; None when the worker is gone. Raises ValueError."""
        body = await control.read_frame(self._reader)
        return None if body is None else control.NOTICE.validate_json(body)

    def cut(self) -> None:
        """At once, whatever is still to be sent: ``receive`` sees the end."""
        self._writer.transport.abort()

    async def close(self) -> None:
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()

    async def reap(self) -> None:
        """Take leave of a worker that has ended or was told to."""
        await self.close()
        if self.process is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_KILL_TIMEOUT_S):
                    await self.process.wait()


async def acquire(settings: MediaSettings) -> Link:
    """Adopt the living worker, or start one. Raises WorkerFailed, OSError."""
    longest = settings.data_dir / "recorder-0000000000.sock"
    if len(os.fsencode(longest)) > _LONGEST_SOCKET_PATH:
        raise WorkerFailed(f"{settings.data_dir} is too long a path for a local socket")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not lock_is_free(settings):
        link = await _greet_patiently(settings)
        if link is not None and link.welcome.configuration == control.configuration_of(settings):
            log.info("adopted media process %d", link.welcome.pid)
            return link
        if link is not None:
            await end_worker(settings, link)
        else:
            # Dead by now, or it does not answer.
            await _end_by_signal(settings)
    return await _start(settings)


async def end_worker(settings: MediaSettings, link: Link) -> None:
    """Ask the worker to end, and see to it that it did."""
    link.send(control.Call(0, control.End()))
    if not await _until_free(settings, _END_TIMEOUT_S):
        await _end_by_signal(settings)
    await link.reap()


def lock_is_free(settings: MediaSettings) -> bool:
    """True when no worker lives on this data directory."""
    try:
        with settings.lock_file.open("r") as held:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


async def _greet(settings: MediaSettings) -> Link | None:
    """Connect and say hello; None when nobody answers properly."""
    try:
        async with asyncio.timeout(_HELLO_TIMEOUT_S):
            reader, writer = await asyncio.open_unix_connection(str(settings.control_socket))
            try:
                writer.write(control.frame(control.CALL.dump_json(control.Call(0, control.Hello()))))
                body = await control.read_frame(reader)
                notice = control.NOTICE.validate_json(body) if body is not None else None
                if isinstance(notice, control.Reply) and isinstance(notice.answer, control.Welcome):
                    return Link(reader, writer, notice.answer)
            except BaseException:
                writer.close()
                raise
            writer.close()
    except (OSError, TimeoutError, ValueError):
        pass
    return None


async def _greet_patiently(settings: MediaSettings) -> Link | None:
    """A worker on a busy machine is slow, not dead: try for a while, as long as it lives."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_ADOPTION_TIMEOUT_S):
            while True:
                link = await _greet(settings)
                if link is not None or lock_is_free(settings):
                    return link
                await asyncio.sleep(0.1)
    return None


async def _start(settings: MediaSettings) -> Link:
    root = str(Path(rooms.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        WORKER_MODULE,
        "--settings",
        SETTINGS.dump_json(settings).decode(),
        stdin=asyncio.subprocess.DEVNULL,
        # Nor may it hold the server's output open: whoever reads that would wait for both.
        stdout=asyncio.subprocess.DEVNULL,
        # Its own session, since a Ctrl-C meant for the server must not cut the call.
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_START_TIMEOUT_S):
            while process.returncode is None:
                link = await _greet(settings)
                if link is not None:
                    link.process = process
                    return link
                await asyncio.sleep(0.05)
    if process.returncode == ANOTHER_WORKER:
        raise WorkerFailed("another media process was quicker")
    if process.returncode == PORT_TAKEN:
        raise WorkerFailed(f"UDP port {settings.udp_port} cannot be bound on {settings.bind_address}")
    if process.returncode is None:
        process.kill()
    raise WorkerFailed(f"the media process did not come up (status {await process.wait()})")


async def _end_by_signal(settings: MediaSettings) -> None:
    """End a worker that does not answer. Raises WorkerFailed when the lock is held by something else."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if lock_is_free(settings):
            return
        pid = int(settings.lock_file.read_text() or 0)
        if not _is_ours(pid):
            raise WorkerFailed(f"{settings.lock_file} is held, but process {pid} is no media process")
        log.warning("media process %d does not answer: %s", pid, number.name)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        if await _until_free(settings, _KILL_TIMEOUT_S):
            return
    raise WorkerFailed("the old media process does not end")


def _is_ours(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return WORKER_MODULE.encode() in command.split(b"\0")


async def _until_free(settings: MediaSettings, timeout_s: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            while True:
                if lock_is_free(settings):
                    return True
                await asyncio.sleep(0.02)
    return False
