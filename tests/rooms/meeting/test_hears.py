"""Each part of the state says which events move it; what it says is what its fold matches."""

import ast
import inspect
import textwrap

import pytest

from rooms.meeting.agenda import Agenda
from rooms.meeting.attendance import Attendance
from rooms.meeting.chair import Chair
from rooms.meeting.interjections import Interjections
from rooms.meeting.presence import Presence
from rooms.meeting.queue import Queue
from rooms.meeting.seals import Seals
from rooms.meeting.turns import Turns

PARTS = (Agenda, Attendance, Chair, Interjections, Presence, Queue, Seals, Turns)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_no_event_that_the_fold_matches_is_passed_by(part: type) -> None:
    (fold,) = ast.parse(textwrap.dedent(inspect.getsource(vars(part)["apply"]))).body
    assert isinstance(fold, ast.FunctionDef)
    (match,) = (node for node in fold.body if isinstance(node, ast.Match))
    patterns = [node for case in match.cases for node in ast.walk(case.pattern)]
    matched = {p.cls.id for p in patterns if isinstance(p, ast.MatchClass) and isinstance(p.cls, ast.Name)}
    assert {event.__name__ for event in vars(part)["HEARS"]} == matched
