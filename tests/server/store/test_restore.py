"""A backup is put back whole or not at all, and what is known of another is not taken for it."""

import os
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from rooms.ids import SeatId
from server.access import Role
from server.kept import ACCOUNTS, GRANTS, KEYS, SESSIONS
from server.keys import NOW
from server.restored import UNKNOWN, of_ended
from server.signalling.entrance import HALLS
from server.store.akun import Accounts, AkunSpec
from server.store.engine import Database, DatabaseInUse
from server.store.grants import Grants, GrantSpec
from server.store.kunci import Keys
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
    before = (await restore(file, backup, at_s=AT_S)).before
    assert before is not None
    assert await epochs(before) == {1}, "nothing of what stood there is lost"
    assert await epochs(file) == {AT_S}
    await restore(file, backup, at_s=AT_S + 60)
    assert await epochs(file) == {AT_S + 60}, "the same backup once more is another history"

    async with running(tmp_path) as house:
        assert len(await house.app[SESSIONS].list()) == known + 1, "with the one that this test's start makes"
        room = (await house.app[HALLS].get(room_id)).room
        assert later is not None
        assert (room.epoch, room.seq < later["seq"]) == (AT_S + 60, True)
        assert room.meeting.presence.seats[SeatId(KEMIREN)].consent == "direkam"


@pytest.mark.parametrize("whole_bytes", [0, 20_000], ids=["no database", "cut off"])
async def test_a_database_that_cannot_be_opened_is_kept_beside_the_backup_that_takes_its_place(
    tmp_path: Path, whole_bytes: int
) -> None:
    file, house_of = tmp_path / "rembug.db", tmp_path / "rumah"
    house_of.mkdir()
    async with running(house_of) as house:
        await hold_a_meeting(house)
        backup = backup_of(house_of / "rembug.db", tmp_path / "cadangan.db")
    broken = backup.read_bytes()[:whole_bytes] or b"terhapus " * 1000
    file.write_bytes(broken)
    (tmp_path / "rusak.db").write_bytes(broken)
    with pytest.raises(BadBackup):
        await restore(file, tmp_path / "rusak.db", at_s=AT_S)
    assert file.read_bytes() == broken, "a bad backup changes nothing here either"
    done = await restore(file, backup, at_s=AT_S)
    assert done.before == tmp_path / f"rembug.db.{AT_S}"
    assert done.before.read_bytes() == broken
    assert await epochs(file) == {AT_S}
    assert not [name for name in os.listdir(tmp_path) if CHECKED in name]


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


@dataclass(frozen=True, slots=True)
class Opening:
    """What opens something in a backup."""

    link: str
    key: str
    password_link: str
    browser: str
    at: int


async def end_much_after(house: House, file: Path, backup: Path) -> Opening:
    """A backup, and what is ended after it."""
    accounts, at = house.app[ACCOUNTS], house.app[NOW]()
    dewi, first = await accounts.create(AkunSpec("dewi", "Dewi", "", Role.BAPPEDA), by="uji", at=at)
    agus, _ = await accounts.create(AkunSpec("agus", "Agus", "", Role.BAPPEDA), by="uji", at=at)
    await accounts.set_password(first, "lama", at=at + 1)
    browser = await accounts.sign_in(dewi.id, "Chrome", at=at + 1)
    link = await house.app[GRANTS].mint(GrantSpec(Role.NOTULIS, "Notulis lama", house.room_id), at=at)
    key = await house.app[KEYS].mint("Aplikasi lama", [], None, expires_at=2**53, by="uji", at=at)
    password_link = await accounts.link(dewi.id, by="uji", at=at + 2)
    assert password_link is not None
    operator = await (await house.opened()).connect()
    backup_of(file, backup)

    await house.app[GRANTS].revoke(link.grant.public_id, at=at + 3)
    await house.app[KEYS].revoke(key.kunci.id, at=at + 3)
    await accounts.close(agus.id, at=at + 3)
    await accounts.set_password(password_link, "baru", at=at + 3)
    seal = {"seal_id": str(uuid.uuid4()), "from_ms": 1_000, "to_ms": 3_000, "alasan": "ditarik"}
    await operator.command("seal_interval", **seal)
    return Opening(link.token, key.secret, password_link, browser, at + 4)


async def opens(file: Path, these: Opening) -> tuple[set[str], str | None]:
    """Which of them open, and the password of Dewi."""
    database = await Database.open(f"sqlite:///{file}")
    accounts = Accounts(database)
    found = {
        "link": await Grants(database).exchange(these.link, at=these.at),
        "key": await Keys(database).of(these.key, at=these.at),
        "password_link": await accounts.of_link(these.password_link, at=these.at),
        "browser": await accounts.signed_in(these.browser, at=these.at),
        "agus": await accounts.named("agus"),
    }
    dewi = await accounts.named("dewi")
    await database.close()
    return {name for name, one in found.items() if one is not None}, dewi[1] if dewi else None


async def test_what_was_ended_since_stays_ended_unless_it_is_wanted_as_it_was(tmp_path: Path) -> None:
    file, backup = tmp_path / "rembug.db", tmp_path / "cadangan.db"
    async with running(tmp_path) as house:
        these = await end_much_after(house, file, backup)
        title = next(one.title for one in await house.app[SESSIONS].list() if one.room_id == house.room_id)
    done = await restore(file, backup, at_s=AT_S)
    assert await opens(file, these) == (set(), "baru")
    ends = ["- tautan: Notulis lama", "- kunci aplikasi: Aplikasi lama", "- akun: agus"]
    ends.append("- kata sandi yang sebelumnya: dewi")
    seal = f"- {title}: 01-01-1970 07.00.01 sampai 07.00.03 WIB"
    told = of_ended(done.ended, reopened=False)
    assert (told[0].endswith("tetap berakhir:"), told[1:5], told[6:]) == (True, ends, [seal])

    assert done.before is not None
    done = await restore(file, done.before, at_s=AT_S + 1)
    assert "tetap berakhir" not in str(of_ended(done.ended, reopened=False))
    done = await restore(file, backup, at_s=AT_S + 2, reopen=True)
    everything = {"link", "key", "password_link", "browser", "agus"}
    assert await opens(file, these) == (everything, "lama")
    told = of_ended(done.ended, reopened=True)
    assert (told[0].endswith("terbuka lagi:"), told[1:5]) == (True, ends)
    # The wrong backup first, then the right one: an older password does not come back by that.
    assert done.before is not None
    done = await restore(file, done.before, at_s=AT_S + 3)
    assert await opens(file, these) == (set(), "baru")
    assert of_ended(done.ended, reopened=False) == []


@pytest.mark.parametrize("there", ["nothing", "another history", "tables of another release"])
async def test_where_nothing_can_be_compared_the_backup_is_taken_and_it_is_said(
    tmp_path: Path, there: str
) -> None:
    backup, other = tmp_path / "cadangan.db", tmp_path / "lain"
    async with running(tmp_path) as house:
        these = await end_much_after(house, tmp_path / "rembug.db", backup)
    file = other / "rembug.db"
    if there == "another history":
        async with running(other):
            pass
    elif there == "tables of another release":
        other.mkdir()
        with closing(sqlite3.connect(file)) as old:
            old.execute("CREATE TABLE grants (public_id)")
    done = await restore(file, backup, at_s=AT_S)
    assert (done.before is None) is (there == "nothing")
    assert of_ended(done.ended, reopened=False) == [UNKNOWN]
    opened, password = await opens(file, these)
    assert ("link" in opened, password) == (True, "lama")
