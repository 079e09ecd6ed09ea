"""Opening a database and handing out its connections, one transaction each.

SQLite: WAL, ``synchronous=FULL``, exactly one writing connection that a transaction holds for itself until
it ends, and read-only readers that see a consistent snapshot. A lock file keeps a second process out: it asks
the server instead. PostgreSQL: the same calls through asyncpg. A transaction is committed when its
``async with`` block ends, so whatever is acknowledged after the block is on the disk.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout
from sqlalchemy import URL, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from server.store import driver

Connection = AsyncConnection
"""What ``write()`` and ``read()`` give; the journal's ``Enlist`` receives one too."""

WRITER_PRAGMAS: tuple[str, ...] = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "secure_delete=ON",  # what is erased under privacy law is overwritten, not only unlinked
)
READER_PRAGMAS: tuple[str, ...] = ("query_only=ON", "wal_autocheckpoint=0", "busy_timeout=5000")
READERS = 4


class DatabaseInUse(RuntimeError):
    """Another process holds this SQLite file."""


class Database:
    """Use ``Database.open``; close it at the end. Safe for any number of tasks of one event loop."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, lock: BaseFileLock | None) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = lock

    @classmethod
    async def open(cls, url: str) -> "Database":
        """``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://user@host/name``.

        Raises DatabaseInUse when another process has the SQLite file, ValueError for any other kind of URL.
        """
        parsed = make_url(url)
        match parsed.get_backend_name():
            case "sqlite" if parsed.database and parsed.database != ":memory:":
                return await cls._open_sqlite(parsed.database)
            case "postgresql":
                return cls._open_postgresql(parsed)
            case _:
                raise ValueError(f"not a database that can be used here: {parsed.render_as_string()}")

    @classmethod
    async def _open_sqlite(cls, file: str) -> "Database":
        path, lock = _claim(file)
        writer = _sqlite_engine(path, mode="rwc", pragmas=WRITER_PRAGMAS, begin="BEGIN IMMEDIATE", size=1)
        reader = _sqlite_engine(path, mode="ro", pragmas=READER_PRAGMAS, begin="BEGIN", size=READERS)
        database = cls(writer, reader, lock)
        try:
            async with database.write():
                pass  # the file and its WAL exist before the first reader opens them
        except BaseException:
            await database.close()
            raise
        return database

    @classmethod
    def _open_postgresql(cls, url: URL) -> "Database":
        writer = create_async_engine(url.set(drivername="postgresql+asyncpg"), pool_pre_ping=True)
        reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return cls(writer, reader, None)

    @property
    def is_sqlite(self) -> bool:
        return self._writer.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """One transaction: committed at the end of the block, rolled back by any exception in it."""
        async with self._writer.begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """A consistent snapshot for reading; writing through it fails."""
        async with self._reader.connect() as connection:
            yield connection

    async def close(self) -> None:
        await self._reader.dispose()
        await self._writer.dispose()
        if self._lock is not None:
            self._lock.release()


def _claim(file: str) -> tuple[Path, BaseFileLock]:
    path = Path(file).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock", thread_local=False)
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise DatabaseInUse(str(path)) from error
    return path, lock


def _sqlite_engine(path: Path, *, mode: str, pragmas: tuple[str, ...], begin: str, size: int) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=f"file:{path}", query={"mode": mode, "uri": "true"})
    connect = partial(driver.connect, f"file:{path}?mode={mode}")
    engine = create_async_engine(url, async_creator=connect, pool_size=size, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = (
            None  # the driver would begin late, at the first INSERT, and never for DDL
        )
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine.sync_engine, "invalidate")
    def _let_go(connection: Any, _record: object, _error: object) -> None:
        # a cancelled task leaves cursors behind, and for their sake a closed connection would keep its lock
        connection.rollback()

    return engine
