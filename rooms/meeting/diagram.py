"""The turn's transitions as a Mermaid diagram, from the table that decides them.

``python -m rooms.meeting.diagram`` writes it into RULES.md between its markers; with ``--check`` it only says
whether what stands there is fresh.
"""

import sys
from pathlib import Path

from rooms.meeting.turns import ENDED, TRANSITIONS
from rooms.meeting.vocabulary import TurnState

RULES = Path(__file__).with_name("RULES.md")
_BEGIN, _END = "<!-- transitions -->\n", "<!-- end of transitions -->\n"


def diagram() -> str:
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {TurnState.BICARA}: panggil"]
    for state, steps in TRANSITIONS.items():
        lines += [f"    {state} --> {after}: {step}" for step, after in steps.items()]
        lines += [f"    {state} --> [*]"] if state in ENDED else []
    return "\n".join([*lines, "```", ""])


def renewed(rules: str) -> str:
    """The text with the diagram of today's table; raises ValueError when a marker is missing."""
    before, rest = rules.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}{diagram()}{_END}{after}"


if __name__ == "__main__":
    written = RULES.read_text(encoding="utf-8")
    if "--check" not in sys.argv:
        RULES.write_text(renewed(written), encoding="utf-8")
    elif renewed(written) != written:
        sys.exit("RULES.md shows other transitions than the table: python -m rooms.meeting.diagram")
