"""The long list of notes: all sessions together, page by page, with what can be chosen beside it.

Reading only. Whose words are sealed is seen by whoever shows them.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace

from server.store import catatan as rows
from server.store.catatan import Catatan, Cursor, Filter
from server.store.engine import Database

PER_PAGE = 50
AT_ONCE = 500
"""Of a whole list."""
MOST_COUNTED = 1_000
"""Of what a search finds no more are counted: ``more than a thousand`` says enough."""


@dataclass(frozen=True, slots=True)
class Halaman:
    items: list[Catatan]
    next: Cursor | None
    """Where the following page begins; None: this is the last."""
    total: int
    """How many match; MOST_COUNTED may stand for more."""
    facets: Mapping[str, Mapping[str, int]]
    """Column -> value -> how many match; see ``rows.facets``."""


class Daftar:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, wanted: Filter) -> Halaman:
        async with self._database.read() as connection:
            items = await rows.some(connection, replace(wanted, limit=PER_PAGE + 1))
            facets = await rows.facets(connection, wanted, MOST_COUNTED)
            total = await rows.count(connection, wanted, MOST_COUNTED)
        further = len(items) > PER_PAGE
        items = items[:PER_PAGE]
        end = Cursor(items[-1].created_at, items[-1].id) if further else None
        return Halaman(items, end, total, facets)

    async def all(self, wanted: Filter) -> AsyncIterator[list[Catatan]]:
        """Every note that matches, newest first, some at a time."""
        while True:
            async with self._database.read() as connection:
                items = await rows.some(connection, replace(wanted, limit=AT_ONCE))
            yield items
            if len(items) < AT_ONCE:
                return
            wanted = replace(wanted, after=Cursor(items[-1].created_at, items[-1].id))
