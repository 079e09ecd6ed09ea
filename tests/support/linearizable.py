"""A checker of histories: is there one order of the operations that explains every answer?

Of its own making, after Wing and Gong's search: an operation may come next when none that still waits had its
answer before it was asked. The meeting core itself, alone and in memory, is the specification.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rooms import codec
from rooms.meeting.commands import Command
from rooms.meeting.errors import Refused
from rooms.meeting.events import Event
from rooms.meeting.meeting import Meeting
from rooms.meeting.state import State
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR

Answer = tuple[str, ...]
"""The events, as text; or one refusal's code."""


@dataclass(frozen=True, slots=True)
class Operation:
    command: Command
    asked_at: float
    answered_at: float
    """On one monotonic clock."""
    answer: Answer


def answer_of(meeting: Meeting, command: Command, now: int) -> Answer:
    """What the specification says; the meeting moves on."""
    try:
        return tuple(map(told, meeting.handle(command, now)))
    except Refused as refusal:
        return (f"refused {refusal.code}",)


def told(event: Event) -> str:
    return f"{codec.type_name(event)} {codec.encode(event).skeleton.decode()}"


def explained(begin: bytes, operations: Sequence[Operation], end: State, now: int) -> bool:
    """Whether some order, from the snapshot ``begin``, gives every answer and ends in ``end``."""
    seen: set[tuple[frozenset[int], bytes]] = set()

    def search(done: frozenset[int], snapshot: bytes) -> bool:
        if (done, snapshot) in seen:
            return False
        seen.add((done, snapshot))
        open_ones = [n for n in range(len(operations)) if n not in done]
        if not open_ones:
            return Meeting.restore(NASKAH_BERGILIR, snapshot).state == end
        first_answer = min(operations[n].answered_at for n in open_ones)
        for n in open_ones:
            operation = operations[n]
            if operation.asked_at > first_answer:
                continue
            meeting = Meeting.restore(NASKAH_BERGILIR, snapshot)
            if answer_of(meeting, operation.command, now) != operation.answer:
                continue
            if search(done | {n}, meeting.snapshot()):
                return True
        return False

    return search(frozenset(), begin)
