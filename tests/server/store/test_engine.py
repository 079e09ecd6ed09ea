"""One transaction at a time, whole or not at all, and one process per SQLite file."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL, StaticPool, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from server.store import engine
from server.store.engine import Connection, Database, DatabaseInUse
from server.store.migrations import migrate
from server.store.tables import konsep, wilayah

LICIN = {"jenis": "desa", "nama": "Tamansari", "kecamatan_kode": "35.10.23", "kecamatan_nama": "Licin"}


async def put(connection: Connection, kode: str) -> None:
    await connection.execute(insert(wilayah).values(kode=kode, **LICIN))


async def count(database: Database) -> int:
    async with database.read() as connection:
        return await connection.scalar(select(func.count()).select_from(wilayah)) or 0


async def test_a_block_that_ends_is_committed_and_one_that_raises_is_not(database: Database) -> None:
    async with database.write() as connection:
        await put(connection, "1")

    async def halfway() -> None:
        async with database.write() as connection:
            await put(connection, "2")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        await halfway()
    assert await count(database) == 1


async def interleave(database: Database) -> tuple[set[str], set[str]]:
    """Twenty transactions at once, every other one given up: those that ended well, those that are there."""

    async def one(kode: int) -> None:
        async with database.write() as connection:
            await put(connection, str(kode))
            await asyncio.sleep(0)
            if kode % 2:
                raise RuntimeError("given up")

    done = await asyncio.gather(*(one(kode) for kode in range(20)), return_exceptions=True)
    async with database.read() as connection:
        there = (await connection.scalars(select(wilayah.c.kode))).all()
    return {str(kode) for kode, result in enumerate(done) if result is None}, set(there)


async def test_a_rollback_takes_nothing_of_another_transaction(database: Database) -> None:
    acknowledged, there = await interleave(database)
    assert acknowledged == there == {str(kode) for kode in range(0, 20, 2)}


async def test_one_connection_shared_by_all_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sabotaged control: transactions that do not have the writing connection to themselves."""

    def shared(url: URL, **_options: object) -> AsyncEngine:
        return create_async_engine(url, poolclass=StaticPool)

    monkeypatch.setattr(engine, "create_async_engine", shared)
    database = await Database.open(f"sqlite:///{tmp_path}/rembug.db")
    try:
        await migrate(database)
        acknowledged, there = await interleave(database)
    finally:
        await database.close()
    assert acknowledged != there


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.write() as connection:
            await put(connection, "1")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as connection:
        await put(connection, "2")
    assert await count(database) == 1


async def test_a_reader_sees_one_instant_and_cannot_write(database: Database) -> None:
    async with database.read() as reader:
        before = await reader.scalar(select(func.count()).select_from(wilayah))
        async with database.write() as writer:
            await put(writer, "1")
        assert await reader.scalar(select(func.count()).select_from(wilayah)) == before == 0
        with pytest.raises(DBAPIError):
            await put(reader, "2")
    assert await count(database) == 1


async def test_foreign_keys_hold(database: Database) -> None:
    row = {"grant_id": "nobody", "id": "1", "body": {}, "updated_at": 0}
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await connection.execute(insert(konsep).values(row))


async def test_sqlite_is_set_to_keep_what_it_acknowledges(sqlite_database: Database) -> None:
    async with sqlite_database.write() as connection:
        settings = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


async def test_a_second_process_is_kept_out_of_the_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/rembug.db"
    script = (
        "import asyncio, sys\n"
        "from server.store.engine import Database, DatabaseInUse\n"
        "try:\n"
        "    asyncio.run(Database.open(sys.argv[1]))\n"
        "except DatabaseInUse:\n"
        "    sys.exit(3)\n"
    )
    database = await Database.open(url)
    try:
        with pytest.raises(DatabaseInUse):
            await Database.open(url)
        other = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", script, url], check=False)
        assert other.returncode == 3
    finally:
        await database.close()
    await (await Database.open(url)).close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
async def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="not a database"):
        await Database.open(url)
