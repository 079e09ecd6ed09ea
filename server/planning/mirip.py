"""Notes that may be the same as what somebody types: across desa, sessions and earlier years.

A hint and no more: nothing is refused or merged because of it. The rarest of the typed words find candidates
by the search index, and RapidFuzz compares how those begin, in a thread. Two notes that people hold for the
same are linked: both stay as they are, and both histories say who linked or parted them.
"""

import asyncio
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from server.planning.errors import NotFound
from server.store import catatan as rows
from server.store import search
from server.store import tautan as links
from server.store.catatan import Catatan, Riwayat
from server.store.engine import Database

LEAST_WORDS = 2
"""Fewer say too little to compare."""
CANDIDATES = 300
MOST_TOLD = 5
LIKELY = 68.0
"""Of 100; found by looking at pairs of notes: other wording of one wish lies above it, other wishes below."""
SAME_PLACE = 8.0
"""What the same desa adds."""
LINKED = "mungkin_sama"
"""In the history of both."""


@dataclass(frozen=True, slots=True)
class Kemungkinan:
    note: Catatan
    skor: float
    """0 to 100."""


class Mirip:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def like(
        self, teks: str, *, kode_wilayah: str = "", own: str | None = None, besides: Set[str] = frozenset()
    ) -> list[Kemungkinan]:
        """The likeliest first, none below LIKELY.

        ``kode_wilayah``: of what is typed; ``own``: only notes of this place; ``besides``: not these notes.
        """
        words = list(dict.fromkeys(search.beginning(teks)))
        if len(words) < LEAST_WORDS:
            return []
        async with self._database.read() as connection:
            found = await search.candidates(connection, words, CANDIDATES, own)
        judged = await asyncio.to_thread(_judged, words, kode_wilayah, found)
        likely = [one for one, skor in judged.items() if skor >= LIKELY and one not in besides]
        likely.sort(key=lambda note_id: -judged[note_id])  # of equal ones the newest stays first
        async with self._database.read() as connection:
            notes = await rows.of_ids(connection, likely[:MOST_TOLD])
        return [Kemungkinan(note, judged[note.id]) for note in notes]

    async def link(self, one_id: str, other_id: str, *, by: str, at: int, linked: bool = True) -> Catatan:
        """Link the two, or part them (``linked`` False); again changes nothing. Raises NotFound."""
        async with self._database.write() as connection:
            pair = [await rows.one(connection, note_id) for note_id in (one_id, other_id)]
            one, other = pair
            if one is None or other is None or one_id == other_id:
                raise NotFound(f"{one_id} and {other_id}")
            if await links.put(connection, one_id, other_id, by=by, at=at, linked=linked):
                for note, counterpart in ((one, other_id), (other, one_id)):
                    old, new = ("", counterpart) if linked else (counterpart, "")
                    await rows.add_riwayat(connection, note.id, [Riwayat(at, by, LINKED, old, new)])
                await rows.touch_rooms(connection, {one.room_id, other.room_id})
            changed = await rows.one(connection, one_id)
            assert changed is not None, "notes are never deleted"
            return changed

    async def linked_with(self, note_id: str) -> list[Catatan]:
        async with self._database.read() as connection:
            return await rows.of_ids(connection, await links.of(connection, note_id))


def _judged(words: Sequence[str], kode_wilayah: str, found: Sequence[Any]) -> dict[str, float]:
    """The score of each candidate's row by its id, in the order given."""
    return {
        one.id: _score(words, (one.judul, one.ucapan, one.gagasan), one.kode_wilayah == kode_wilayah)
        for one in found
    }


def _score(words: Sequence[str], texts: Sequence[str], same_place: bool) -> float:
    """How alike the wording is: of the title, of what was said or of what was asked for, the most."""
    typed = " ".join(words)
    compared = [" ".join(search.beginning(text)) for text in texts if text]
    likeness = max((_alike(typed, text) for text in compared), default=0.0)
    return min(100.0, likeness + (SAME_PLACE if same_place else 0.0))


def _alike(one: str, other: str) -> float:
    """The words that both have count fully, those that only the longer has a little."""
    return 0.6 * fuzz.token_set_ratio(one, other) + 0.4 * fuzz.token_sort_ratio(one, other)
