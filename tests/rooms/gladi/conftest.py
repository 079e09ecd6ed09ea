from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rooms.gladi.loops import Loop, load_loop, make_loop
from tests.rooms.gladi.stage import Stage

HUE = 150.0


@pytest.fixture(scope="session")
def loop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loop of four seconds in hue ``HUE``."""
    path = tmp_path_factory.mktemp("loops") / "desa.webm"
    make_loop(path, name="Desa", hue=HUE, voice_text="Selamat pagi", seconds=4.0)
    return path


@pytest.fixture
def loop(loop_file: Path) -> Loop:
    return load_loop(loop_file)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage().open() as stage:
        yield stage
