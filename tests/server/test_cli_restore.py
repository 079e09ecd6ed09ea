"""``rembug restore`` on another machine: whether printed codes still fit is said."""

import asyncio
import shutil
from pathlib import Path

import pytest

from server.cli import restore_
from server.restored import UNKNOWN
from tests.support.app import running

FOREIGN = "kode pendek kantor tidak cocok dengan rahasia server"


async def furnished(directory: Path) -> None:
    async with running(directory):
        pass


@pytest.mark.parametrize("secret", ["none", "another", "its own"])
def test_codes_of_another_secret_are_said_to_open_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], secret: str
) -> None:
    old, new = tmp_path / "lama", tmp_path / "baru"
    asyncio.run(furnished(old))
    new.mkdir()
    if secret == "another":
        (new / "secret").write_bytes(b"x" * 48)
        (new / "secret").chmod(0o600)
    elif secret == "its own":
        shutil.copy(old / "secret", new / "secret")
    restore_(old / "rembug.db", apa_adanya=False, data_dir=new)
    said = capfd.readouterr().out
    assert "Dipulihkan dari" in said
    assert UNKNOWN in said
    assert (FOREIGN in said) is (secret != "its own")
    assert (new / "secret").exists() is (secret != "none"), "none is made by looking"
