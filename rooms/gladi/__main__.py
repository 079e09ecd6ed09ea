"""``python -m rooms.gladi --config FILE``: a synthetic hall as a process."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from pydantic import TypeAdapter

from rooms.gladi.hall import HallConfig, run_hall


async def _run(config: HallConfig, attached: bool) -> None:
    task = asyncio.ensure_future(run_hall(config.base_url, config.participants, config.loops))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    if attached:
        # Nothing is ever written to it: readable means closed, also when the parent was killed.
        loop.add_reader(sys.stdin.fileno(), task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m rooms.gladi")
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--attached", action="store_true", help="end when the standard input is closed")
    given = parser.parse_args()
    config = TypeAdapter(HallConfig).validate_json(given.config.read_bytes())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s gladi %(levelname)s %(message)s")
    # What the media library tells of each candidate pair is nothing for whoever started a demonstration.
    logging.getLogger("aioice").setLevel(logging.WARNING)
    asyncio.run(_run(config, given.attached))


if __name__ == "__main__":
    main()
