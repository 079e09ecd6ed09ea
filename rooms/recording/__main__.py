"""``python -m rooms.recording --socket PATH --directory DIR``: the recorder as a process."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from rooms.recording.recorder import FIRST_CONNECTION_S, Recorder

log = logging.getLogger(__name__)

NICE = 5
NOBODY_CAME = 3
"""Exit status of a recorder that no media process connected to."""


async def _run(socket: Path, directory: Path, patience_s: float) -> int:
    task = asyncio.ensure_future(Recorder(directory).run(socket, patience_s))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await asyncio.wait([task])
    try:
        if not task.cancelled():
            task.result()
    except TimeoutError:
        log.warning("no media process within %g s", patience_s)
        return NOBODY_CAME
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m rooms.recording")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--patience", type=float, default=FIRST_CONNECTION_S, metavar="SECONDS")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s recorder %(levelname)s %(message)s")
    # Recordings are for those whom the server lets in, not for every account of the machine.
    os.umask(0o077)
    # Whoever is in the call comes first, by a media process that may come before all others; what is to be
    # recorded waits in its buffer.
    os.setpriority(os.PRIO_PROCESS, 0, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    # Ctrl-C in a terminal reaches the whole group; the end of the feed is what ends a recorder.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return asyncio.run(_run(arguments.socket, arguments.directory, arguments.patience))


if __name__ == "__main__":
    sys.exit(main())
