"""Everything that folding a journal yields, and its bytes.

It holds no rules: the parts fold their own events, and ``rooms.meeting.meeting`` decides.
"""

import json
from dataclasses import dataclass, field

from rooms.ids import NoteId
from rooms.meeting.accounts import Accounts
from rooms.meeting.agenda import Agenda
from rooms.meeting.attendance import Attendance
from rooms.meeting.chair import Chair
from rooms.meeting.freeze import freeze, thaw
from rooms.meeting.interjections import Interjections
from rooms.meeting.presence import Presence
from rooms.meeting.queue import Queue
from rooms.meeting.screens import Screens
from rooms.meeting.seals import Seals
from rooms.meeting.slides import Slides
from rooms.meeting.turns import Turns
from rooms.meeting.undo import LastCall

FOLD_VERSION = 18
"""Of the state that folding yields; a snapshot of another version is not used."""


class SnapshotUnreadable(ValueError):
    """Bytes that are no snapshot of this fold version."""


@dataclass(slots=True)
class State:
    """Equal journals give equal states."""

    agenda: Agenda = field(default_factory=Agenda)
    presence: Presence = field(default_factory=Presence)
    attendance: Attendance = field(default_factory=Attendance)
    queue: Queue = field(default_factory=Queue)
    turns: Turns = field(default_factory=Turns)
    interjections: Interjections = field(default_factory=Interjections)
    last_call: LastCall = field(default_factory=LastCall)
    accounts: Accounts = field(default_factory=Accounts)
    chair: Chair = field(default_factory=Chair)
    seals: Seals = field(default_factory=Seals)
    screens: Screens = field(default_factory=Screens)
    slides: Slides = field(default_factory=Slides)
    notes: dict[NoteId, int] = field(default_factory=dict)
    """Instant that each note is about."""
    last_at: int = 0
    """Instant of the newest event."""

    def snapshot(self) -> bytes:
        """``restored`` gives an equal state."""
        return json.dumps({"fold_version": FOLD_VERSION, "state": freeze(self)}).encode()


def restored(snapshot: bytes) -> State:
    """Raises SnapshotUnreadable."""
    try:
        value = json.loads(snapshot)
        if value["fold_version"] != FOLD_VERSION:
            raise SnapshotUnreadable(f"fold version {value['fold_version']}")
        return thaw(State, value["state"])
    except (KeyError, TypeError, ValueError) as error:
        raise SnapshotUnreadable(str(error)) from error
