"""Sealed intervals: what was said then is withdrawn, for replays and notes (R67-R69).

Driven by the chair's and the panitia's word, also after the close; what is done with files and notes is the
server's. Instants are ms since the epoch (UTC), an interval holds its beginning and not its end.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import SealId
from rooms.meeting.commands import SealInterval
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import Event, IntervalSealed, IntervalUnsealed

Span = tuple[int, int]


@dataclass(slots=True)
class Seal:
    from_ms: int
    to_ms: int
    sealed_at: int
    lifted: bool = False


@dataclass(slots=True)
class Seals:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset({IntervalSealed, IntervalUnsealed})
    """The events that move it."""
    seals: dict[SealId, Seal] = field(default_factory=dict)

    @property
    def standing(self) -> dict[SealId, Seal]:
        return {seal_id: seal for seal_id, seal in self.seals.items() if not seal.lifted}

    @property
    def spans(self) -> tuple[Span, ...]:
        """All that is sealed, in order and without overlaps."""
        return merged((seal.from_ms, seal.to_ms) for seal in self.standing.values())

    def seal(self, command: SealInterval, now: int) -> IntervalSealed:
        """R67."""
        if command.seal_id in self.seals:
            raise Refused(Code.DUPLICATE_ID, command.seal_id)
        to_ms = min(command.to_ms, now)
        if not 0 <= command.from_ms < to_ms:
            raise Refused(Code.BAD_VALUE, "an interval of the past")
        return IntervalSealed(command.seal_id, command.from_ms, to_ms, command.alasan)

    def unseal(self, seal_id: SealId) -> list[Event]:
        if seal_id not in self.seals:
            raise Refused(Code.UNKNOWN_SEAL, seal_id)
        return [] if self.seals[seal_id].lifted else [IntervalUnsealed(seal_id)]

    def apply(self, event: Event, at: int) -> None:
        match event:
            case IntervalSealed():
                self.seals[event.seal_id] = Seal(event.from_ms, event.to_ms, at)
            case IntervalUnsealed():
                self.seals[event.seal_id].lifted = True
            case _:
                pass


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same instants in order, each once."""
    result: list[Span] = []
    for begin, end in sorted(spans):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return tuple(result)
