"""A server's process that has nothing but a media plane, to be killed while its media processes go on."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

from rooms.media.embedded.settings import SETTINGS, MediaSettings

SERVER = """
import asyncio, sys
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import SETTINGS

async def main():
    plane = EmbeddedPlane(SETTINGS.validate_json(sys.argv[1]))
    await plane.start()
    print(plane.worker_epoch("hall"), plane.worker_pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def start_server(settings: MediaSettings) -> tuple[Process, int, int]:
    """A server's process with a plane; its worker's epoch and process id."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, SETTINGS.dump_json(settings).decode(), stdout=PIPE
    )
    assert process.stdout is not None
    epoch, pid = (await process.stdout.readline()).split()
    return process, int(epoch), int(pid)


async def kill(process: Process) -> None:
    process.kill()
    await process.wait()
