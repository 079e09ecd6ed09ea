"""A recorder that keeps the frames of each connection as they came.

Stands in for rooms.recording where a test is about what the media process feeds.
"""

import argparse
import asyncio
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from rooms.recording import feed

FIRST_CONNECTION_S = 30.0


def frames(path: Path) -> Iterator[feed.FeedFrame]:
    """What a finished or growing capture holds so far."""
    data = path.read_bytes()
    at = 0
    while at + feed.HEADER.size <= len(data):
        length, kind = feed.HEADER.unpack_from(data, at)
        at += feed.HEADER.size
        if at + length > len(data):
            return
        yield feed.decode(kind, data[at : at + length])
        at += length


async def serve(socket_path: Path, directory: Path) -> None:
    numbers = itertools.count()
    begun, done = asyncio.Event(), asyncio.Event()

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun.set()
        with (directory / f"{os.getpid()}-{next(numbers)}.feed").open("wb", buffering=0) as file:
            while data := await reader.read(65536):
                file.write(data)
        writer.close()
        done.set()

    server = await asyncio.start_unix_server(keep, str(socket_path))
    # A media process that was killed before it connected leaves nobody to wait for.
    await asyncio.wait_for(begun.wait(), FIRST_CONNECTION_S)
    await done.wait()
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.socket, arguments.directory))


if __name__ == "__main__":
    main()
