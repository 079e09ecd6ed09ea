"""Journals of every release: still read, still verified, still folded to the same meeting."""

from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import insert

from rooms.fairness.report import report
from rooms.fold import load
from rooms.ids import NoteId, TurnId
from rooms.journal import decisions
from rooms.meeting.events import Event, PesertaRegistered, TurnRequested
from rooms.meeting.vocabulary import MeetingStatus, RequestState, TurnState
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from server.store.chain import BrokenChain
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.tables import journal as table
from tests.contracts.golden_journal import ERASED, FOLDER, ROOM, START, held, read

FILES = sorted(FOLDER.glob("*.jsonl"))
HEARD = {"journal-v0.1.0": (4, 3, 2), "journal-v0.2.0": (4, 4, 3)}
"""Turns, hands, and hands that were not served."""


async def stored(database: Database, rows: list[dict[str, object]]) -> SqlJournal:
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
    return SqlJournal(database)


def test_there_is_one_of_every_release() -> None:
    assert {FOLDER / "journal-v0.1.0.jsonl", FOLDER / "journal-v0.2.0.jsonl"} <= set(FILES)


async def test_the_next_release_will_have_every_event() -> None:
    """A new event is added to the meeting of ``golden_journal`` with it, and not missed at the release."""
    reached, _ = await held()
    assert set(get_args(Event)) - reached == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_it_verifies_and_one_changed_byte_does_not(database: Database, file: Path) -> None:
    rows = read(file)
    head = await (await stored(database, rows)).verify(ROOM)
    assert head == rows[-1]["hash"]
    async with database.write() as connection:
        await connection.execute(table.update().where(table.c.seq == 5).values(skeleton=b"{}"))
    with pytest.raises(BrokenChain):
        await SqlJournal(database).verify(ROOM)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_its_words_are_read_and_the_erased_ones_are_gone(database: Database, file: Path) -> None:
    entries = await (await stored(database, read(file))).read(ROOM, 0)
    names = [e.event.nama for e in entries if isinstance(e.event, PesertaRegistered)]
    topics = [e.event.topic for e in entries if isinstance(e.event, TurnRequested)]
    assert names[:3] == ["", "Siti", "Siti"]
    assert topics[:3] == ["Jembatan gantung"] * 3
    assert ERASED not in repr(entries)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_it_folds_to_the_meeting_that_was_held(sqlite_database: Database, file: Path) -> None:
    fold = await load(await stored(sqlite_database, read(file)), ROOM, NASKAH_BERGILIR)
    meeting = fold.meeting
    assert meeting.agenda.status is MeetingStatus.DITUTUP
    assert meeting.agenda.opened_at == START + 14_000
    turns = {turn_id: turn.state for turn_id, turn in meeting.turns.turns.items()}
    assert (
        turns.items()
        >= {
            TurnId("t1"): TurnState.SELESAI,
            TurnId("t2"): TurnState.PUTUS,
            TurnId("t3"): TurnState.DITUNDA,
            TurnId("t4"): TurnState.SELESAI,
        }.items()
    )
    states = [request.state for request in meeting.queue.requests.values()][:3]
    assert states == [RequestState.TERTULIS, RequestState.TERLAYANI, RequestState.DITARIK]
    assert set(meeting.state.notes) == {NoteId("n1")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_its_fairness_is_still_told(sqlite_database: Database, file: Path) -> None:
    entries = await (await stored(sqlite_database, read(file))).read(ROOM, 0)
    found = report(decisions(entries), entries[-1].at)
    total = found.measures.total
    assert (total.turns, total.hands, total.unserved) == HEARD[file.stem]
    assert found.measures.groups["unsur"]["perempuan"].hands == 3
    if file.stem == "journal-v0.1.0":
        assert (found.measures.suggested, found.worst, found.starved) == (0, None, None), "not kept by then"
    else:
        assert found.measures.suggested > 0
