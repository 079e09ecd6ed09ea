"""A power cut at every acknowledgement: what was acknowledged is on the disk.

The writer's system calls are traced, and the files rebuilt as a power cut would leave them: all that was
synced, and of the rest nothing, or a random part. Weaker settings must lose entries, or this test is blind.
"""

import asyncio
import random
import shutil
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.contracts.durable_writer import APPENDS, EVENTS_EACH, WORDS_BYTES
from tests.support import disk
from tests.support.disk import Disk

SEED = 20260115


async def lost(tmp_path: Path, synchronous: str) -> list[str]:
    """What was missing or broken after cutting the power at each acknowledgement."""
    if reason := disk.missing(tmp_path):
        pytest.skip(reason)
    folder, trace = tmp_path / "data", tmp_path / "trace"
    folder.mkdir()
    command = [
        sys.executable,
        "-m",
        "tests.contracts.durable_writer",
        f"sqlite:///{folder}/rembug.db",
        synchronous,
    ]
    await asyncio.to_thread(disk.trace, command, trace)
    chance = random.Random(SEED)
    found: list[str] = []
    seen = Disk(folder)
    acknowledged: list[int] = []
    for number, said in enumerate(seen.replay(trace)):
        acknowledged.append(int(said))
        for kind, survives in (("nothing", lambda: False), ("part", lambda: chance.random() < 0.5)):
            after = tmp_path / f"after-{number}-{kind}"
            seen.cut_power(after, survives)
            if problem := examine(after / "rembug.db", acknowledged[-1]):
                found.append(f"seq {acknowledged[-1]}, {kind} unsynced survived: {problem}")
            shutil.rmtree(after)
    if synchronous == "FULL":  # so checkpoints were among what was cut
        assert seen.synced_bytes("rembug.db") > EVENTS_EACH * WORDS_BYTES
    assert acknowledged == [EVENTS_EACH * number for number in range(1, APPENDS + 1)]
    return found


def examine(file: Path, acknowledged: int) -> str | None:
    try:
        connection = sqlite3.connect(file)
        try:
            seqs = [seq for (seq,) in connection.execute("SELECT seq FROM journal ORDER BY seq")]
            (check,) = connection.execute("PRAGMA quick_check").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        return str(error)
    if check != "ok":
        return str(check)
    return None if seqs[:acknowledged] == list(range(1, acknowledged + 1)) else f"has {len(seqs)} entries"


async def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    assert await lost(tmp_path, "FULL") == []


@pytest.mark.parametrize("synchronous", ["OFF", "NORMAL"])
async def test_weaker_settings_are_caught(tmp_path: Path, synchronous: str) -> None:
    assert await lost(tmp_path, synchronous) != []
