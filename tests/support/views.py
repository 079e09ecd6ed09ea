"""What a test reads in the sections of a view."""

from rooms.meeting.freeze import Json
from rooms.views import Sections, Viewer, project
from rooms.words import Words
from tests.support.meeting import (
    AULA,
    LICIN_2,
    Session,
)

CONSOLE, WATCHER = Viewer(console=True), Viewer()
EVERYBODY = [CONSOLE, WATCHER, Viewer(seat_id=AULA), Viewer(seat_id=LICIN_2)]


def words_of(s: Session) -> Words:
    words = Words()
    for event, _ in s.log:
        words.apply(event)
    return words


def view(s: Session, viewer: Viewer, stage_seq: int = 7) -> Sections:
    return project(s.meeting, words_of(s), viewer, stage_seq)


def obj(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def rows(value: Json) -> list[dict[str, Json]]:
    assert isinstance(value, list)
    return [obj(v) for v in value]
