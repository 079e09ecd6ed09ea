"""Which notes are closed: the same by the database, which a search asks, as by the note itself (R69)."""

from itertools import pairwise
from uuid import uuid4

import pytest

from rooms.ids import CommandId, RoomId, SealId
from rooms.meeting.commands import SealInterval, UnsealInterval
from rooms.meeting.seals import Span
from server.planning import closed
from server.planning.catatan import PenyebutanBaru, parse
from server.planning.daftar import Daftar
from server.store import penyebutan
from server.store.catatan import Filter
from tests.server.planning.conftest import NOTULIS, ROOM, Desk, note

MOMENTS = (1_000, 2_000, 3_000, 4_000)


@pytest.mark.parametrize("most", [1, 200])
async def test_the_database_closes_what_the_note_says_is_closed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(penyebutan, "_INTERVALS", most)
    for begin in MOMENTS:
        await desk.take(note(instant={"spoken_at": begin}))
        for until, spoken in ((begin, True), (begin + 1_500, True), (begin + 1_500, False)):
            kept = await desk.take(note(instant={"spoken_at": 50_000}))
            sent = {"id": str(uuid4()), "spoken_at": begin, "until_at": until, "spoken": spoken}
            await desk.book.mention(kept.id, ROOM, parse(PenyebutanBaru, sent), by="Meja Notulis", at=9)
    daftar = Daftar(desk.database)
    notes = (await desk.book.list(Filter())).items
    edges = sorted(edge for moment in MOMENTS for edge in (moment, moment + 1))
    every: list[tuple[Span, ...]] = [(span,) for span in pairwise(edges)]
    for spans in [*every, ((1_000, 1_001), (3_500, 3_600))]:
        expected = {one.id for one in notes if closed.spoken_in(one, {str(ROOM): spans})}
        assert await daftar.spoken_in({ROOM: spans}) == expected, spans
        left = (await desk.book.list(Filter(q="jembatan", without=frozenset(expected)))).items
        assert {one.id for one in left} == {one.id for one in notes} - expected
        found = await daftar.page(Filter(q="jembatan", without=frozenset(expected)))
        assert (found.total, found.facets["jenis"].get("usulan", 0)) == (len(left), len(left))
    assert await daftar.spoken_in({RoomId("lain"): ((0, 9_000),)}) == frozenset()
    assert await daftar.spoken_in({}) == frozenset()


async def test_what_is_sealed_is_known_without_opening_rooms(desk: Desk) -> None:
    one, other = SealId(str(uuid4())), SealId(str(uuid4()))
    assert await desk.journal.seals() == {}
    for command in (
        SealInterval(one, 100, 200, "Ditarik"),
        SealInterval(other, 150, 300, "Ditarik"),
        UnsealInterval(one),
        UnsealInterval(other),
    ):
        await desk.room.submit(command, actor=NOTULIS, command_id=CommandId(str(uuid4())))
        spans = desk.room.meeting.state.seals.spans
        assert await desk.journal.seals() == ({ROOM: spans} if spans else {})
    assert not spans
