"""An embedded plane of the test's own: own port, own directory, ended afterwards."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings


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
