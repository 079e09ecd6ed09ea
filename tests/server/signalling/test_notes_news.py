"""That notes changed: told at once, then in steps, and only when there is news."""

import asyncio
import uuid
from pathlib import Path

import pytest

from server.kept import NOTEBOOK
from server.signalling import notes_news
from server.signalling.notes_news import NotesNews
from tests.support.app import KEMIREN, SARONGAN, running


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> tuple[NotesNews, list[int]]:
    """What is told when; a pause is one turn of the loop."""
    monkeypatch.setattr(notes_news, "PAUSE_S", 0)
    versions: list[int] = []
    return NotesNews(versions.append), versions


async def pause() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_the_first_change_is_told_at_once_and_of_the_rest_the_newest(
    told: tuple[NotesNews, list[int]],
) -> None:
    news, versions = told
    for version in (7, 8, 10, 9):
        news.changed(version)
    assert versions == [7]
    await pause()
    assert versions == [7, 10]
    news.changed(10)
    news.changed(9)
    await pause()
    assert versions == [7, 10], "no news"
    news.changed(11)
    assert versions == [7, 10, 11], "at once, after a quiet while"


async def test_after_the_close_nothing_is_told(told: tuple[NotesNews, list[int]]) -> None:
    news, versions = told
    news.changed(1)
    news.changed(2)
    news.close()
    await pause()
    assert versions == [1]


async def test_a_patch_that_changes_nothing_is_told_to_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        office, other = await house.visit(SARONGAN), await house.visit(KEMIREN)
        line = await other.connect()
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "usulan",
            "ucapan": "Jembatan rusak.",
            "instant": {"spoken_at": 1, "seat_id": SARONGAN, "turn_id": None},
        }
        status, taken = await office.request("POST", "api/v1/catatan", json=note)
        assert status == 201, taken
        at = f"api/v1/catatan/{note['id']}"
        seen = (await line.expect("catatan"))["version"]
        for _ in range(5):
            same = {"version": taken["version"], "judul": taken["judul"]}
            assert (await office.request("PATCH", at, json=same))[0] == 200
            assert (await office.request("DELETE", f"api/catatan/{note['id']}/foto/{uuid.uuid4()}"))[0] == 200
        assert await house.app[NOTEBOOK].version(house.room_id) == seen
        changed = {"version": taken["version"], "judul": "Jembatan Rajegwesi"}
        assert (await office.request("PATCH", at, json=changed))[0] == 200
        # Between the two there was none: the next message is of the change.
        assert (await line.expect("catatan"))["version"] == seen + 1
