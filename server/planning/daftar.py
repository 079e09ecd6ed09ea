"""The long list of notes: all sessions together, page by page, with what can be chosen beside it.

Reading only. Whose words are sealed is seen by whoever shows them, and left out by whoever searches.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rooms.ids import RoomId
from rooms.meeting.seals import Span
from server.planning.tahapan import TindakLanjut
from server.store import catatan as rows
from server.store import jumlah, penyebutan, tindak_lanjut
from server.store.catatan import Catatan, Cursor, Filter
from server.store.engine import Connection, Database
from server.store.tindak_lanjut import Due, due_of

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
    """Column -> value -> how many match; see ``jumlah.facets``."""


@dataclass(frozen=True, slots=True)
class Bagian:
    """A page without what can be chosen beside it."""

    items: list[Catatan]
    next: Cursor | None
    total: int
    lebih: bool
    """There are more than ``total``."""
    version: int
    """Of the session, or of all sessions together; grows with every change of their notes."""


class Daftar:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def part(self, wanted: Filter, number: int) -> Bagian:
        """``number`` of them; within a session all that match are counted."""
        most = MOST_COUNTED if wanted.room_id is None else None
        async with self._database.read() as connection:
            items, end = await _page(connection, wanted, number)
            total = await jumlah.count(connection, wanted, most)
            version = await rows.version(connection, wanted.room_id)
        return Bagian(items, end, total, total == most and end is not None, version)

    async def page(self, wanted: Filter) -> Halaman:
        async with self._database.read() as connection:
            items, end = await _page(connection, wanted, PER_PAGE)
            facets = await jumlah.facets(connection, wanted, MOST_COUNTED)
            total = await jumlah.count(connection, wanted, MOST_COUNTED)
        return Halaman(items, end, total, facets)

    async def numbers(self, wanted: Sequence[Filter]) -> list[int]:
        """How many match each; MOST_COUNTED may stand for more."""
        async with self._database.read() as connection:
            return [await jumlah.count(connection, one, MOST_COUNTED) for one in wanted]

    async def spoken_in(self, spans: Mapping[RoomId, Sequence[Span]]) -> frozenset[str]:
        """Ids of the notes that were spoken in one of these intervals of their sessions."""
        async with self._database.read() as connection:
            return await penyebutan.spoken_in(connection, spans)

    async def promised(
        self,
        kecamatan: str,
        *,
        done: bool,
        after: Due | None = None,
        room_id: RoomId | None = None,
        number: int = PER_PAGE,
    ) -> tuple[list[Catatan], Due | None]:
        """Directions and complaints, the longest overdue first; and where the following page begins."""
        async with self._database.read() as connection:
            items = await tindak_lanjut.promised(
                connection,
                kecamatan=kecamatan,
                done=done,
                done_word=TindakLanjut.SELESAI,
                room_id=room_id,
                limit=number + 1,
                after=after,
            )
        further, items = len(items) > number, items[:number]
        return items, due_of(items[-1]) if further else None

    async def all(self, wanted: Filter) -> AsyncIterator[list[Catatan]]:
        """Every note that matches, newest first, some at a time."""
        while True:
            async with self._database.read() as connection:
                items = await rows.some(connection, replace(wanted, limit=AT_ONCE))
            yield items
            if len(items) < AT_ONCE:
                return
            wanted = replace(wanted, after=Cursor(items[-1].created_at, items[-1].id))


async def _page(connection: Connection, wanted: Filter, number: int) -> tuple[list[Catatan], Cursor | None]:
    """``number`` of the notes, and where those after them begin."""
    items = await rows.some(connection, replace(wanted, limit=number + 1))
    further, items = len(items) > number, items[:number]
    return items, Cursor(items[-1].created_at, items[-1].id) if further else None
