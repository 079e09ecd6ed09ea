"""``python -m rooms.recording --socket PATH --directory DIR``: the recorder as a process."""

import argparse
import asyncio
import logging
import os
import signal
from pathlib import Path

from rooms.recording.recorder import Recorder


async def _run(socket: Path, directory: Path) -> None:
    task = asyncio.ensure_future(Recorder(directory).run(socket))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m rooms.recording")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s recorder %(levelname)s %(message)s")
    # Recordings are for those whom the server lets in, not for every account of the machine.
    os.umask(0o077)
    # Ctrl-C in a terminal reaches the whole group; the end of the feed is what ends a recorder.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_run(arguments.socket, arguments.directory))


if __name__ == "__main__":
    main()
