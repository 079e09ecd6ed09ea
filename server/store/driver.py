"""SQLite's driver as this server needs it: a statement goes to the connection's thread and back once.

aiosqlite asks its thread for a cursor, for the statement, for the rows and for the cursor's end one after the
other, and every crossing costs the event loop about as much as the statement itself. Here one crossing does
all four. The only place that relies on aiosqlite's private ``_execute``, ``_conn`` and ``_thread``.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import aiosqlite


class Connection(aiosqlite.Connection):
    """What SQLAlchemy's dialect expects of aiosqlite, with cursors of our own."""

    def cursor(self) -> Any:
        return _Cursor(self)


class _Cursor:
    """The rows are all here when the statement has run, so this is for results that fit into memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "_Cursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._in_thread("execute", sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        await self._in_thread("executemany", sql, parameters)

    async def _in_thread(self, kind: str, sql: str, parameters: Sequence[Any]) -> None:
        await self._connection._execute(self._run, kind, sql, parameters)  # type: ignore[no-untyped-call]

    def _run(self, kind: str, sql: str, parameters: Sequence[Any]) -> None:
        """In the connection's thread."""
        cursor = self._connection._conn.cursor()
        try:
            getattr(cursor, kind)(sql, parameters)
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


async def connect(address: str) -> Connection:
    """``address``: SQLite's, ``file:/path?mode=ro``."""

    def connector() -> sqlite3.Connection:
        # Only its own thread uses it; the collector may end it from another.
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    connection = Connection(connector, 64)
    connection._thread.daemon = True
    await connection
    return connection
