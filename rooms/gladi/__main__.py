"""``python -m rooms.gladi --config FILE``: a synthetic hall as a process."""

import argparse
import asyncio
import logging
import signal
from pathlib import Path

from pydantic import TypeAdapter

from rooms.gladi.hall import HallConfig, run_hall


async def _run(config: HallConfig) -> None:
    task = asyncio.ensure_future(run_hall(config.base_url, config.participants, config.loops))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m rooms.gladi")
    parser.add_argument("--config", type=Path, required=True)
    config = TypeAdapter(HallConfig).validate_json(parser.parse_args().config.read_bytes())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s gladi %(levelname)s %(message)s")
    # What the media library tells of each candidate pair is nothing for whoever started a demonstration.
    logging.getLogger("aioice").setLevel(logging.WARNING)
    asyncio.run(_run(config))


if __name__ == "__main__":
    main()
