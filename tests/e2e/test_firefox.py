"""An office at Debian's Firefox ESR, everybody else at Chromium: join, call, switch, replay.

Firefox offers no candidates of loopback, so all of it runs in a network namespace of the test's own.
"""

import shutil
from pathlib import Path

import pytest

from tests.support.network import run_in_network


async def test_an_office_at_firefox_takes_part_and_sees_the_replay(tmp_path: Path) -> None:
    if shutil.which("firefox-esr") is None:
        pytest.skip("no Firefox here: sudo apt-get install -y firefox-esr")
    assert await run_in_network("tests.support.firefox_scene", str(tmp_path)) == 0
