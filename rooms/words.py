"""The words beside the machine: names, topics, answers and reasons, folded from the private parts of events.

The meeting never looks at them; views and replay do. After an erasure the words are empty, and whoever erases
also drops the room's snapshots, since these hold words too.
"""

import json
from dataclasses import dataclass, field

from rooms.ids import DeckId, PesertaId, PointId, RequestId, SealId, TurnId
from rooms.meeting.events import (
    ChairHandedOver,
    DeckAdded,
    DeckRemoved,
    Event,
    IntervalSealed,
    PesertaRegistered,
    PesertaSanctioned,
    PointRaised,
    RequestAnswered,
    TurnHeld,
    TurnRequested,
)
from rooms.meeting.freeze import freeze, thaw


@dataclass(slots=True)
class Name:
    nama: str = ""
    jabatan: str = ""


@dataclass(slots=True)
class Words:
    names: dict[PesertaId, Name] = field(default_factory=dict)
    topics: dict[RequestId, str] = field(default_factory=dict)
    answers: dict[RequestId, str] = field(default_factory=dict)
    """The newest written answer of each request that has one."""
    sanctions: dict[PesertaId, str] = field(default_factory=dict)
    """Why each newest sanction was given."""
    seals: dict[SealId, str] = field(default_factory=dict)
    """Why each interval was sealed."""
    chair: str = ""
    """Name of who leads since the last hand-over."""
    messages: dict[TurnId, str] = field(default_factory=dict)
    """What was said in private to the office of a turn when it was held last."""
    points: dict[PointId, str] = field(default_factory=dict)
    """Reasons of points of order."""
    decks: dict[DeckId, str] = field(default_factory=dict)
    """Names of the files that slides came in."""

    def apply(self, event: Event) -> None:
        match event:
            case PesertaRegistered():
                self.names[event.peserta_id] = Name(event.nama, event.jabatan)
            case TurnRequested():
                self.topics[event.request_id] = event.topic
            case RequestAnswered():
                self.answers[event.request_id] = event.jawaban
            case PesertaSanctioned():
                self.sanctions[event.peserta_id] = event.alasan
            case IntervalSealed():
                self.seals[event.seal_id] = event.alasan
            case ChairHandedOver():
                self.chair = event.nama
            case TurnHeld():
                self.messages[event.turn_id] = event.message
            case DeckAdded():
                self.decks[event.deck_id] = event.nama
            case DeckRemoved():
                self.decks.pop(event.deck_id, None)
            case PointRaised():
                self.points[event.point_id] = event.reason
            case _:
                pass

    def name(self, peserta_id: PesertaId | None) -> Name | None:
        """None for nobody; an empty name for somebody whose words were erased."""
        return None if peserta_id is None else self.names.get(peserta_id, Name())

    def topic(self, request_id: RequestId | None) -> str | None:
        return None if request_id is None else self.topics.get(request_id, "")

    def point(self, point_id: PointId | None) -> str | None:
        return None if point_id is None else self.points.get(point_id, "")

    def snapshot(self) -> bytes:
        return json.dumps(freeze(self), ensure_ascii=False).encode()

    @classmethod
    def restore(cls, snapshot: bytes) -> "Words":
        """Raises ValueError, TypeError or KeyError for bytes that are no snapshot of words."""
        return thaw(cls, json.loads(snapshot))
