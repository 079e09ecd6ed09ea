"""Hands and script: the requests of every office in its own order, and what remains of the script.

Driven by the offices' commands and by turns that begin and end. Every request is in exactly one state; only
those in ``antre`` stand in an office's order.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from rooms.ids import PesertaId, RequestId, SeatId
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    Event,
    MeetingConfigured,
    ReadyConfirmed,
    RequestAnswered,
    RequestBecameWritten,
    RequestsReordered,
    RequestTriaged,
    RequestWithdrawn,
    ScriptSet,
    SeatConnected,
    SeatPassedOver,
    SeatsAdded,
    TurnCalled,
    TurnEnded,
    TurnRequested,
)
from rooms.meeting.vocabulary import Jalur, RequestState, SeatKind, TurnState
from rooms.ordering.board import Hand, ScriptLine

_TRIAGED = {
    Jalur.BICARA: RequestState.ANTRE,
    Jalur.TERTULIS: RequestState.TERTULIS,
    Jalur.LEWAT_CAMAT: RequestState.LEWAT_CAMAT,
}
_UNSPOKEN = (RequestState.TERTULIS, RequestState.LEWAT_CAMAT)
MOST_WAITING = 20
"""Hands of one seat that wait at a time (R104)."""
MOST_HANDS = 200
"""Hands of one seat in a meeting, whatever became of them (R104)."""


@dataclass(slots=True)
class Request:
    request_id: RequestId
    seat_id: SeatId
    peserta_id: PesertaId
    number: int
    """1, 2, 3 ... in the order of arrival."""
    requested_at: int
    state: RequestState = RequestState.ANTRE
    returned: int = 0
    """Ordinal of the newest loss of its line; 0: it was not lost."""
    postponed: int = 0
    """Ordinal of its newest postponement; 0: it was not postponed."""
    passed: int = 0
    """Ordinal of its way to the tail of the share; 0: it is in its ordinary place (R36)."""
    since: int = 0
    """How many turns had begun when it arrived, or went to the tail of the share."""
    stood: int = 0
    """Its place in its office's order when it last left it, from 0 (R60)."""
    answered_at: int | None = None
    """Instant of its newest written answer."""

    @property
    def tier(self) -> tuple[bool, bool, bool]:
        """Equal for hands in the same tier of the order (R16)."""
        return self.returned > 0, self.postponed > 0, self.passed > 0


@dataclass(slots=True)
class Before:
    """What the newest call, or the newest end of a turn, is about to change (R51, R52)."""

    script: list[ScriptLine] = field(default_factory=list)
    passed: list[SeatId] = field(default_factory=list)
    aside: list[SeatId] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    """Of the hand of a turn that ends: its ``returned``, ``postponed`` and ``passed``."""


@dataclass(slots=True)
class Queue:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            MeetingConfigured,
            ScriptSet,
            SeatsAdded,
            TurnRequested,
            RequestWithdrawn,
            RequestBecameWritten,
            RequestTriaged,
            RequestAnswered,
            RequestsReordered,
            ReadyConfirmed,
            SeatConnected,
            SeatPassedOver,
            TurnCalled,
        }
    )
    """The events that move it."""
    requests: dict[RequestId, Request] = field(default_factory=dict)
    waiting: dict[SeatId, list[RequestId]] = field(default_factory=dict)
    """Each office's own order; offices without a waiting request are not in it."""
    busy: dict[PesertaId, RequestId] = field(default_factory=dict)
    """The one request with which a peserta waits or speaks (R13)."""
    script: list[ScriptLine] = field(default_factory=list)
    """What remains to be called."""
    comebacks: int = 0
    """How often a turn was given back, lost or postponed, or sent to its tail; numbers their order."""
    passed: list[SeatId] = field(default_factory=list)
    """Passed over once since they last spoke, were ready, or raised a hand (R36)."""
    aside: list[SeatId] = field(default_factory=list)
    """Passed over, and not prepared again before another turn has begun or their line is back (R35)."""
    calls: int = 0
    """How many turns have begun and were not undone."""
    before_call: Before = field(default_factory=Before)
    before_end: Before = field(default_factory=Before)

    def get(self, seat_id: SeatId, request_id: RequestId) -> Request:
        """A waiting request of this seat; raises Refused."""
        request = self.known(request_id)
        if request.seat_id != seat_id:
            raise Refused(Code.NOT_YOURS, request_id)
        if request.state is not RequestState.ANTRE:
            raise Refused(Code.WRONG_STATE, request.state)
        return request

    def first(self, seat_id: SeatId) -> Request | None:
        """The office's first waiting hand."""
        order = self.waiting.get(seat_id)
        return self.requests[order[0]] if order else None

    def request(self, request_id: RequestId, peserta_id: PesertaId) -> None:
        """Raises Refused when this peserta or this id already asked (R13)."""
        if request_id in self.requests:
            raise Refused(Code.DUPLICATE_ID, request_id)
        if peserta_id in self.busy:
            raise Refused(Code.ALREADY_QUEUED, peserta_id)

    def need_room(self, seat_id: SeatId) -> None:
        """Raises Refused for one hand more than a seat may raise (R104)."""
        raised = sum(request.seat_id == seat_id for request in self.requests.values())
        if len(self.waiting.get(seat_id, ())) >= MOST_WAITING or raised >= MOST_HANDS:
            raise Refused(Code.TOO_MANY, seat_id)

    def reorder(self, seat_id: SeatId, request_ids: tuple[RequestId, ...]) -> list[Event]:
        """R15."""
        for request_id in request_ids:
            self.get(seat_id, request_id)
        own = self.waiting.get(seat_id, [])
        if sorted(own) != sorted(request_ids):
            raise Refused(Code.BAD_VALUE, "name each waiting request once")
        return [] if own == list(request_ids) else [RequestsReordered(seat_id, request_ids)]

    def triage(self, request_id: RequestId, jalur: Jalur) -> list[Event]:
        """R60."""
        request = self.known(request_id)
        if request.state not in _TRIAGED.values():
            raise Refused(Code.WRONG_STATE, request.state)
        if request.state is _TRIAGED[jalur]:
            return []
        if jalur is Jalur.BICARA and request.peserta_id in self.busy:
            raise Refused(Code.ALREADY_QUEUED, request.peserta_id)
        return [RequestTriaged(request_id, jalur)]

    def answer(self, request_id: RequestId, jawaban: str) -> RequestAnswered:
        """R61."""
        if (state := self.known(request_id).state) not in _UNSPOKEN:
            raise Refused(Code.WRONG_STATE, state)
        return RequestAnswered(request_id, jawaban)

    def known(self, request_id: RequestId) -> Request:
        """Raises Refused(UNKNOWN_REQUEST)."""
        if request_id not in self.requests:
            raise Refused(Code.UNKNOWN_REQUEST, request_id)
        return self.requests[request_id]

    def waiting_of(self, peserta_id: PesertaId) -> RequestId | None:
        """The hand with which this peserta waits."""
        request_id = self.busy.get(peserta_id)
        waits = request_id is not None and self.requests[request_id].state is RequestState.ANTRE
        return request_id if waits else None

    def hands(self, seat_id: SeatId) -> tuple[Hand, ...]:
        """The office's waiting hands in its own order, as policies see them."""
        return tuple(
            Hand(r.request_id, r.number, r.returned, r.postponed, r.since, r.passed)
            for r in map(self.requests.__getitem__, self.waiting.get(seat_id, ()))
        )

    def pass_over(self, seat_id: SeatId, request_id: str) -> SeatPassedOver:
        """R35, R36. ``request_id``: the hand that the office's first place serves, or "" for none."""
        if seat_id not in self.passed:
            return SeatPassedOver(seat_id)
        lost = bool(request_id) and self.requests[RequestId(request_id)].returned > 0
        if not request_id or (not lost and any(line.seat_id == seat_id for line in self.script)):
            return SeatPassedOver(seat_id, True)
        first = self.requests[RequestId(request_id)]
        own = (self.requests[r] for r in self.waiting[seat_id])
        return SeatPassedOver(seat_id, True, tuple(r.request_id for r in own if r.tier == first.tier))

    def apply(self, event: Event, at: int) -> None:
        match event:
            case MeetingConfigured():
                self.script = [ScriptLine(s) for s in event.script]
            case ScriptSet():
                self.script = [ScriptLine(s) for s in event.seat_ids]
            case SeatsAdded():
                self.script += [ScriptLine(s.seat_id) for s in event.seats if s.kind is SeatKind.DIALOG]
            case TurnRequested():
                number = len(self.requests) + 1
                request = Request(event.request_id, event.seat_id, event.peserta_id, number, at)
                request.since = self.calls
                self.requests[event.request_id] = request
                self.waiting.setdefault(event.seat_id, []).append(event.request_id)
                self.busy[event.peserta_id] = event.request_id
                self._answered(event.seat_id)
            case RequestWithdrawn():
                self._leave(event.request_id, RequestState.DITARIK)
            case RequestBecameWritten():
                self._leave(event.request_id, RequestState.TERTULIS)
            case RequestTriaged(request_id, Jalur.BICARA):
                self._come_back(self.requests[request_id])
            case RequestTriaged():
                self._go_unspoken(self.requests[event.request_id], _TRIAGED[event.jalur])
            case RequestAnswered():
                self.requests[event.request_id].answered_at = at
            case RequestsReordered():
                self.waiting[event.seat_id] = list(event.request_ids)
            case ReadyConfirmed() if event.ready:
                self._answered(event.seat_id)
            case SeatConnected() if event.seat_id in self.aside:
                self.aside.remove(event.seat_id)
            case SeatConnected() if event.seat_id in self.before_call.aside:
                self.before_call.aside.remove(event.seat_id)
            case SeatPassedOver():
                self._pass_over(event)
            case TurnCalled():
                before = Before(list(self.script), list(self.passed), list(self.aside))
                self._answered(event.seat_id)
                self.before_call = before
                self.calls += 1
                self.aside.clear()
                self.script = [line for line in self.script if line.seat_id != event.seat_id]
                if event.request_id is not None:
                    self._unqueue(self.requests[event.request_id]).state = RequestState.BICARA
            case _:
                pass

    def after_turn(self, event: TurnEnded, seat_id: SeatId, request_id: RequestId | None) -> None:
        """The end of a turn: its request, or its place on the script, is served or waits again (R27)."""
        served = None if request_id is None else self.requests[request_id]
        marks = [served.returned, served.postponed, served.passed] if served else []
        self.before_end = Before(list(self.script), marks=marks)
        if event.outcome is TurnState.SELESAI:
            if request_id is not None:
                self._leave(request_id, RequestState.TERLAYANI)
            return
        self.comebacks += 1
        lost = event.outcome is TurnState.PUTUS
        if request_id is None:
            if not any(line.seat_id == seat_id for line in self.script):
                line = ScriptLine(seat_id, self.comebacks if lost else 0)
                self.script.insert(0 if lost else len(self.script), line)
            return
        request = self.requests[request_id]
        request.state = RequestState.ANTRE
        request.returned, request.postponed = (self.comebacks, 0) if lost else (0, self.comebacks)
        request.passed = 0
        order = self.waiting.setdefault(seat_id, [])
        order.insert(0 if lost else len(order), request_id)

    def take_back_call(self, request_id: RequestId | None) -> None:
        """R51: script, hand and those passed over stand as before the newest call."""
        before = self.before_call
        self.script, self.passed, self.aside = list(before.script), list(before.passed), list(before.aside)
        self.calls -= 1
        for request in self.requests.values():
            request.since = min(request.since, self.calls)
        if request_id is not None:
            self._come_back(self.requests[request_id])

    def take_back_end(self, outcome: TurnState, request_id: RequestId | None) -> None:
        """R52: the turn that ended last, with this outcome, speaks again."""
        if request_id is None:
            self.script = list(self.before_end.script)
            return
        request = self.requests[request_id]
        if outcome is TurnState.PUTUS:
            self._unqueue(request)
        request.returned, request.postponed, request.passed = self.before_end.marks
        request.state = RequestState.BICARA
        self.busy[request.peserta_id] = request_id

    def _answered(self, seat_id: SeatId) -> None:
        for passed in (self.passed, self.before_call.passed):
            if seat_id in passed:
                passed.remove(seat_id)

    def _pass_over(self, event: SeatPassedOver) -> None:
        """R35, R36."""
        self.aside.append(event.seat_id)
        if not event.to_tail:
            self.passed.append(event.seat_id)
            return
        self._answered(event.seat_id)
        self.comebacks += 1
        for request_id in event.request_ids:
            request = self.requests[request_id]
            if request.returned:
                request.returned = self.comebacks
            elif request.postponed:
                request.postponed = self.comebacks
            else:
                request.passed, request.since = self.comebacks, self.calls
        if not event.request_ids:
            (line,) = (line for line in self.script if line.seat_id == event.seat_id)
            self.script.remove(line)
            self.script.append(replace(line, returned=self.comebacks if line.returned else 0))

    def _leave(self, request_id: RequestId, state: RequestState) -> None:
        request = self._unqueue(self.requests[request_id])
        request.state = state
        del self.busy[request.peserta_id]

    def _go_unspoken(self, request: Request, state: RequestState) -> None:
        if request.state is RequestState.ANTRE:
            self._leave(request.request_id, state)
        request.state = state

    def _come_back(self, request: Request) -> None:
        """To where it stood, with its time of arrival and its tier (R60)."""
        request.state = RequestState.ANTRE
        self.waiting.setdefault(request.seat_id, []).insert(request.stood, request.request_id)
        self.busy[request.peserta_id] = request.request_id

    def _unqueue(self, request: Request) -> Request:
        order = self.waiting.get(request.seat_id, [])
        if request.request_id in order:
            request.stood = order.index(request.request_id)
            order.remove(request.request_id)
            if not order:
                del self.waiting[request.seat_id]
        return request
