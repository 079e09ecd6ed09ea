"""What an onlooker who reads only the events can say about fairness: the measures of RULES.md (R40, R41).

Driven by the events of one decision after another. It knows nothing of accounts or tiers: it adds up
seconds on the floor, turns, and who waited meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rooms.ids import DeviceId, RequestId, SeatId, TurnId
from rooms.meeting import events as e
from rooms.meeting.vocabulary import Consent, Jalur, MeetingSettings, SeatKind, TurnState, Urutan

SHARE = ("belum_bicara", "waktu_tersedikit", "urutan_datang")
"""Reasons of the seconds-fair tier."""
EXACT = 2520
"""Divisible by every weight, so that nothing is rounded."""
UNFORESEEN = ("terputus", "disiapkan")
"""Turns that stood nowhere when a hand went up."""


@dataclass
class Wait:
    """One hand in its ordinary place."""

    seat_id: SeatId
    allowed: int
    """How many turns may begin before it is starved."""
    seen: int = 0


@dataclass
class Office:
    weight: int
    connected: bool = False
    consents: bool = False
    device: DeviceId | None = None
    strangers: set[DeviceId] = field(default_factory=set)
    """Devices that are held off the stage."""
    aside: bool = False
    """Passed over, and no other turn has begun since."""
    hands: dict[RequestId, None] = field(default_factory=dict)
    """Waiting, in their ordinary place."""
    spoken: int = 0
    """Time on the floor by weight, in ms / EXACT."""
    charged: int = 0
    """Of that, what was charged since its newest suggested turn began."""
    most: int = 0
    """M / w: the most that ``charged`` has been."""

    @property
    def able(self) -> bool:
        return self.connected and self.consents and not self.aside and self.device not in self.strangers


class Onlooker:
    """Fed with whole meetings, from their configuration on."""

    def __init__(self) -> None:
        self.starved = 0
        """Hands that were; a statement only where the meeting asks for ageing (R41)."""
        self.worst = 0.0
        """Largest unfairness / bound between two offices; only for the seconds-fair order."""
        self._settings = MeetingSettings()
        self._offices: dict[SeatId, Office] = {}
        self._waits: dict[RequestId, Wait] = {}
        self._turns: dict[TurnId, tuple[SeatId, RequestId | None]] = {}
        self._passed: set[RequestId] = set()
        """Hands at the tail of the share."""
        self._seat_of: dict[RequestId, SeatId] = {}
        self._elsewhere: set[RequestId] = set()
        """Hands that were lost, postponed or sent to the tail: they come back to that tier."""
        self._script = 0
        self._gave_way: SeatId | None = None
        """Whose turn ended in this decision."""
        self._leads: dict[SeatId, dict[SeatId, tuple[int, int]]] = {}
        """Lowest and highest lead of the first over the second while both wait, in this interval."""

    def see(self, events: Sequence[e.Event]) -> None:
        """The events of one decision."""
        self._gave_way = None
        for event in events:
            self._see(event)

    def _see(self, event: e.Event) -> None:
        match event:
            case e.MeetingConfigured():
                self._configured(event)
            case e.SeatsAdded():
                self._script += sum(seat.kind is SeatKind.DIALOG for seat in event.seats)
                self._offices |= {seat.seat_id: Office(seat.bobot) for seat in event.seats}
            case e.ScriptSet():
                self._script = len(event.seat_ids)
            case e.SeatConnected():
                self._offices[event.seat_id].connected = event.can_publish
                self._offices[event.seat_id].device = event.device
                self._offices[event.seat_id].aside = False
                self._leave_unless_waiting(event.seat_id)
            case e.SeatRecognised():
                strangers = self._offices[event.seat_id].strangers
                (strangers.discard if event.dikenal else strangers.add)(event.device)
                self._leave_unless_waiting(event.seat_id)
            case e.SeatDropped():
                self._offices[event.seat_id].connected = False
                self._leave_unless_waiting(event.seat_id)
            case e.RoomReopened():
                for seat_id, office in self._offices.items():
                    office.connected = False
                    self._leave_unless_waiting(seat_id)
            case e.ConsentGiven():
                self._offices[event.seat_id].consents = event.consent is Consent.DIREKAM
                self._leave_unless_waiting(event.seat_id)
            case e.TurnRequested():
                allowed = self._settings.penuaan + len(self._waits) + len(self._passed) + self._script
                self._waits[event.request_id] = Wait(event.seat_id, allowed)
                self._offices[event.seat_id].hands[event.request_id] = None
                self._seat_of[event.request_id] = event.seat_id
            case e.RequestTriaged(request_id, Jalur.BICARA):
                self._put_back(request_id)
            case e.RequestTriaged():
                self._gone(event.request_id)
            case e.RequestWithdrawn() | e.RequestBecameWritten():
                self._gone(event.request_id)
            case e.SeatPassedOver():
                self._passed_over(event)
            case e.TurnCalled():
                self._called(event)
            case e.TurnEnded():
                self._ended(event)
            case _:
                pass

    def _configured(self, event: e.MeetingConfigured) -> None:
        self._settings, self._script = event.settings, len(event.script)
        known = self._offices
        self._offices = {s.seat_id: known.get(s.seat_id, Office(s.bobot)) for s in event.seats}
        for seat in event.seats:
            self._offices[seat.seat_id].weight = seat.bobot

    def _gone(self, request_id: RequestId) -> None:
        """A hand waits no longer, without a turn."""
        self._waits.pop(request_id, None)
        self._passed.discard(request_id)
        for seat_id, office in self._offices.items():
            if request_id in office.hands:
                del office.hands[request_id]
                self._leave_unless_waiting(seat_id)

    def _put_back(self, request_id: RequestId) -> None:
        """The chair took it back into the queue (R60): before later ones, and not counted itself."""
        for wait in self._waits.values():
            wait.allowed += 1
        if request_id not in self._elsewhere:
            self._offices[self._seat_of[request_id]].hands[request_id] = None

    def _passed_over(self, event: e.SeatPassedOver) -> None:
        """It could not be called; hands at the tail are in their ordinary place no more."""
        office = self._offices[event.seat_id]
        office.aside = True
        for request_id in event.request_ids:
            if request_id in office.hands:
                self._passed.add(request_id)
                self._elsewhere.add(request_id)
                self._waits.pop(request_id, None)
                del office.hands[request_id]
        self._leave_unless_waiting(event.seat_id)

    def _called(self, event: e.TurnCalled) -> None:
        suggested, office = event.suggested, self._offices[event.seat_id]
        followed = suggested is not None and suggested.seat_id == event.seat_id
        if event.request_id is not None:
            self._waits.pop(event.request_id, None)
            self._passed.discard(event.request_id)
            self._elsewhere.add(event.request_id)
            office.hands.pop(event.request_id, None)
        if followed and suggested is not None and suggested.reason not in UNFORESEEN:
            self._one_more_turn()
        displaced = self._gave_way is not None and bool(self._offices[self._gave_way].hands)
        if followed and suggested is not None and suggested.reason in SHARE and not displaced:
            office.charged = 0
        else:
            self._leads.clear()
        self._leave_unless_waiting(event.seat_id)
        self._turns[event.turn_id] = (event.seat_id, event.request_id)
        for other in self._offices.values():
            other.aside = False

    def _one_more_turn(self) -> None:
        """A suggestion was followed: everybody who could have been called instead has waited for it."""
        for request_id, wait in list(self._waits.items()):
            if self._offices[wait.seat_id].able and wait.seat_id != self._gave_way:
                wait.seen += 1
                if wait.seen > wait.allowed:
                    self.starved += 1
                    del self._waits[request_id]

    def _ended(self, event: e.TurnEnded) -> None:
        seat_id, request_id = self._turns[event.turn_id]
        office = self._offices[seat_id]
        had = event.spoken_ms * EXACT // office.weight
        before = office.spoken
        office.spoken += had
        office.charged += had
        office.most = max(office.most, office.charged)
        self._gave_way = seat_id
        if event.outcome is TurnState.DITUNDA and request_id is None:
            for wait in self._waits.values():
                wait.allowed += 1  # it stands on the script again
        if self._settings.urutan is Urutan.DETIK_ADIL and office.able and office.hands:
            self._compare(seat_id, before)

    def _compare(self, seat_id: SeatId, before: int) -> None:
        """The seat waits on after a turn: its lead over each office that waits too."""
        office = self._offices[seat_id]
        mine = self._leads.setdefault(seat_id, {})
        for other_id, other in self._offices.items():
            if other_id == seat_id or not other.able or not other.hands:
                continue
            theirs = self._leads.setdefault(other_id, {})
            low, high = mine.get(other_id, (before - other.spoken, before - other.spoken))
            lead = office.spoken - other.spoken
            low, high = min(low, lead), max(high, lead)
            mine[other_id], theirs[seat_id] = (low, high), (-high, -low)
            bound = office.most + other.most
            self.worst = max(self.worst, (high - low) / bound if bound else 0.0)

    def _leave_unless_waiting(self, seat_id: SeatId) -> None:
        """The intervals of an office end where it waits no longer."""
        office = self._offices[seat_id]
        if office.able and office.hands:
            return
        for other_id in self._leads.pop(seat_id, {}):
            self._leads[other_id].pop(seat_id, None)


def without_undone(decisions: Iterable[tuple[int, Sequence[e.Event]]]) -> list[tuple[int, Sequence[e.Event]]]:
    """A journal as if the calls that were undone had never been made (R51): each instant with its events.

    A turn that such a call ended, and that went on, has not ended there.
    """
    result: list[tuple[int, Sequence[e.Event]]] = []
    undone, restored = set[TurnId](), set[TurnId]()
    for at, events in reversed(list(decisions)):
        kept: list[e.Event] = []
        for event in reversed(events):
            match event:
                case e.TurnRestored():
                    restored.add(event.turn_id)
                case e.TurnEnded(outcome=TurnState.DIBATALKAN):
                    undone.add(event.turn_id)
                case e.TurnEnded() if event.turn_id in restored:
                    restored.remove(event.turn_id)
                case e.TurnCalled() if event.turn_id in undone:
                    pass
                case _:
                    kept.append(event)
        result.append((at, kept[::-1]))
    return result[::-1]
