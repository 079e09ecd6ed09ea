"""RULES.md shows the transitions that the table has."""

from rooms.meeting.diagram import RULES, diagram, renewed
from rooms.meeting.turns import ENDED, TRANSITIONS


def test_the_diagram_in_the_rules_is_fresh() -> None:
    rules = RULES.read_text(encoding="utf-8")
    assert renewed(rules) == rules
    assert renewed(rules.replace("bicara --> jeda", "bicara --> selesai")) == rules


def test_R20_it_has_every_move_of_the_table() -> None:
    arrows = sum(len(steps) for steps in TRANSITIONS.values())
    assert diagram().count("-->") == 1 + arrows + len(ENDED)
