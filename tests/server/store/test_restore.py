"""A backup is put back whole or not at all, and what is known of another is not taken for it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from rooms.ids import SeatId
from server.kept import SESSIONS
from server.signalling.entrance import HALLS
from server.store.engine import Database, DatabaseInUse
from server.store.restore import CHECKED, BadBackup, restore
from tests.support.app import KEMIREN, House, running

AT_S = 1_900_000_000


def backup_of(file: Path, to: Path) -> Path:
    """As an operator makes one, while the server runs."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
    return to


async def hold_a_meeting(house: House) -> dict[str, int] | None:
    await house.opened()
    line = await (await house.visit(KEMIREN)).connect()
    await line.command("give_consent", consent="direkam")
    await line.until("own", lambda own: own["consent"] == "direkam")
    return line.position


async def epochs(file: Path) -> set[int]:
    database = await Database.open(f"sqlite:///{file}")
    async with database.read() as connection:
        found = set(await connection.scalars(text("SELECT epoch FROM rooms")))
    await database.close()
    return found


async def test_what_was_backed_up_is_back_in_a_new_epoch(tmp_path: Path) -> None:
    file = tmp_path / "rembug.db"
    async with running(tmp_path) as house:
        room_id = house.room_id
        await hold_a_meeting(house)
        backup = backup_of(file, tmp_path / "cadangan.db")
        known = len(await house.app[SESSIONS].list())
        line = await (await house.visit(KEMIREN)).connect()
        for number in range(5):
            await line.command("register_peserta", peserta_id=f"p{number}", nama="Siti")
        later = line.position
        with pytest.raises(DatabaseInUse):
            await restore(file, backup, at_s=AT_S)
    before = await restore(file, backup, at_s=AT_S)
    assert before is not None
    assert await epochs(before) == {1}, "nothing of what stood there is lost"
    assert await epochs(file) == {AT_S}
    assert await restore(file, backup, at_s=AT_S + 60) is not None
    assert await epochs(file) == {AT_S + 60}, "the same backup once more is another history"

    async with running(tmp_path) as house:
        assert len(await house.app[SESSIONS].list()) == known + 1, "with the one that this test's start makes"
        room = (await house.app[HALLS].get(room_id)).room
        assert later is not None
        assert (room.epoch, room.seq < later["seq"]) == (AT_S + 60, True)
        assert room.meeting.presence.seats[SeatId(KEMIREN)].consent == "direkam"


@pytest.mark.parametrize("kind", ["missing", "nonsense", "another database", "a changed row"])
async def test_a_bad_backup_changes_nothing(tmp_path: Path, kind: str) -> None:
    file, bad = tmp_path / "rembug.db", tmp_path / "cadangan.db"
    async with running(tmp_path) as house:
        await hold_a_meeting(house)
    if kind == "nonsense":
        bad.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    elif kind == "another database":
        with closing(sqlite3.connect(bad)) as other:
            other.execute("CREATE TABLE usulan (id)")
    elif kind == "a changed row":
        with closing(sqlite3.connect(backup_of(file, bad))) as forged, forged:
            forged.execute("UPDATE journal SET skeleton = skeleton || X'20' WHERE seq = 2")
    dump = list(sqlite3.connect(file).iterdump())
    with pytest.raises(BadBackup):
        await restore(file, bad, at_s=AT_S)
    assert list(sqlite3.connect(file).iterdump()) == dump
    assert not {name for name in os.listdir(tmp_path) if CHECKED in name}
