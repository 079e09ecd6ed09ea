"""An embedded plane of the test's own: own port, own directory, ended afterwards."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from rooms.media.embedded.mux import Mux
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from tests.support.egress_seats import Room, Rooms, Seat


@pytest.fixture
def media_settings() -> Iterator[MediaSettings]:
    # Not tmp_path: a Unix socket's path is short, and tmp_path carries the test's name.
    data_dir = Path(tempfile.mkdtemp(prefix="media"))
    yield MediaSettings(
        data_dir=data_dir,
        udp_port=0,
        bind_address="127.0.0.1",
        orphan_grace_s=30,
        recorder_module="tests.support.media_recorder",
    )
    shutil.rmtree(data_dir)


@pytest.fixture
async def plane(media_settings: MediaSettings) -> AsyncIterator[EmbeddedPlane]:
    embedded = EmbeddedPlane(media_settings)
    await embedded.start()
    yield embedded
    await embedded.close()


@pytest.fixture
async def rooms() -> AsyncIterator[Rooms]:
    """Makes rooms of so many seats; equal ones have equal keys and numbers."""
    made: list[Room] = []

    def make(size: int, host: str = "127.0.0.1") -> Room:
        mux = Mux()
        mux.open(host, 0)
        made.append((mux, [Seat(mux, number) for number in range(size)]))
        return made[-1]

    yield make
    for mux, seats in made:
        mux.close()
        for seat in seats:
            seat.ear.close()
