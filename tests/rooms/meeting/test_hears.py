"""Each part of the state says which events move it; what it says is what its fold matches."""

import ast
import inspect
from types import ModuleType

import pytest

from rooms.meeting import agenda, attendance, chair, interjections, presence, queue, seals, turns


@pytest.mark.parametrize(
    "part",
    [agenda, attendance, chair, interjections, presence, queue, seals, turns],
    ids=lambda part: part.__name__.rpartition(".")[2],
)
def test_no_event_that_the_fold_matches_is_passed_by(part: ModuleType) -> None:
    tree = ast.parse(inspect.getsource(part))
    (fold,) = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "apply")
    (match,) = (node for node in fold.body if isinstance(node, ast.Match))
    patterns = [node for case in match.cases for node in ast.walk(case.pattern)]
    matched = {p.cls.id for p in patterns if isinstance(p, ast.MatchClass) and isinstance(p.cls, ast.Name)}
    assert {event.__name__ for event in part._HEARS} == matched
