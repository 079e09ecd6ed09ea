"""The board that a policy sees, kept event by event: only what an event touches is made anew.

Driven by the meeting after each event is folded. It holds no state of its own: a board made at once from a
restored state equals the one that was kept, and a property test says so.
"""

from collections.abc import Iterator
from typing import ClassVar

from rooms.ids import SeatId
from rooms.meeting import events as e
from rooms.meeting.state import State
from rooms.meeting.vocabulary import Place, TurnState
from rooms.ordering.board import Board, Hand, Heard, Policy, Seconds
from rooms.ordering.seconds import charge

_QUEUE = (
    e.TurnRequested,
    e.RequestWithdrawn,
    e.RequestBecameWritten,
    e.RequestTriaged,
    e.RequestsReordered,
    e.SeatPassedOver,
    e.TurnCalled,
    e.TurnEnded,
    e.TurnRestored,
)
"""Events that change the hands of one office."""


class Boards:
    HEARS: ClassVar[frozenset[type[e.Event]]] = frozenset(
        {*_QUEUE, e.MeetingConfigured, e.SeatsAdded, e.ScriptSet, e.TurnExtended, e.BersiapChanged}
    )
    """All that the order depends on; nothing else moves it."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._hands: dict[SeatId, tuple[Hand, ...]] = {}
        self._heard: dict[SeatId, Heard] = {}
        self._heard_kecamatan: dict[str, int] = {}
        self._kecamatan: dict[SeatId, str] = {}
        self._weights: dict[SeatId, int] = {}
        self._configured = False
        self._stale: set[SeatId] = {*state.queue.waiting, *state.turns.seats}
        """Offices whose hands or turns have changed since they were last looked at."""
        if state.turns.live is not None:
            self._stale.add(state.turns.live.seat_id)
        self._head: list[Place] = []
        self._rest: Iterator[Place] | None = None

    def board(self) -> Board:
        """What the policy sees; the live turn counts as a turn (R17). Holds until the next event."""
        self._refresh()
        state = self._state
        turn, accounts, finish = state.turns.live, state.accounts, state.accounts.finish
        if turn is not None:
            weight = self._weights[turn.seat_id]
            # With its limit, also beyond it: the order must not move when a clock stops, nor by a call that
            # is undone. What was really spoken is charged when the turn ends.
            expected = charge(turn.clock.limit_ms, weight)
            finish = finish | {turn.seat_id: accounts.start(turn.seat_id) + expected}
        turn_ms = state.agenda.settings.turn_limit_s * 1000
        return Board(
            tuple(state.queue.script),
            self._hands,
            self._kecamatan,
            self._heard,
            self._heard_kecamatan,
            state.queue.calls,
            Seconds(finish, accounts.current, turn_ms, self._weights),
            tuple(state.presence.bersiap),
        )

    def places(self, policy: Policy) -> Iterator[Place]:
        """The suggested order from its head; what was asked for once is not worked out again."""
        if self._rest is None:
            self._head, self._rest = [], policy.order(self.board())
        yield from self._head
        for place in self._rest:
            self._head.append(place)
            yield place

    def touch(self, event: e.Event) -> None:
        """Take in an event that was just folded; what it changed is looked at when somebody asks."""
        kind = type(event)
        if kind is e.BersiapChanged and not self._state.agenda.settings.beku:
            return
        self._rest = None
        if isinstance(event, _QUEUE):
            self._stale.add(self._seat_of(event))
            if isinstance(event, e.TurnEnded) and event.outcome is TurnState.DIBATALKAN:
                self._stale |= set(self._state.queue.waiting)  # a hand raised since counts one call less
        elif kind in (e.MeetingConfigured, e.SeatsAdded):
            self._configured = False

    def _refresh(self) -> None:
        if not self._configured:
            agenda = self._state.agenda
            self._kecamatan = {seat_id: agenda.kecamatan(seat_id) for seat_id in agenda.seats}
            self._weights = {seat_id: seat.bobot for seat_id, seat in agenda.seats.items()}
            self._configured = True
        for seat_id in self._stale:
            hands = self._state.queue.hands(seat_id)
            if hands:
                self._hands[seat_id] = hands
            else:
                self._hands.pop(seat_id, None)
            self._hear(seat_id, self._kecamatan[seat_id])
        self._stale.clear()

    def _seat_of(self, event: e.Event) -> SeatId:
        match event:
            case e.TurnRequested() | e.RequestsReordered() | e.SeatPassedOver() | e.TurnCalled():
                return event.seat_id
            case e.RequestWithdrawn() | e.RequestBecameWritten() | e.RequestTriaged():
                return self._state.queue.requests[event.request_id].seat_id
            case e.TurnEnded() | e.TurnRestored():
                return self._state.turns.turns[event.turn_id].seat_id
            case _:
                raise TypeError(f"not of one office: {type(event)!r}")

    def _hear(self, seat_id: SeatId, kecamatan: str) -> None:
        turns, live = self._state.turns, self._state.turns.live
        tally, group = turns.seats.get(seat_id), turns.kecamatan.get(kecamatan)
        if live is not None and live.seat_id == seat_id:
            self._heard[seat_id] = Heard((tally.turns if tally else 0) + 1, live.number)
        elif tally is not None and tally.turns:
            self._heard[seat_id] = Heard(tally.turns, tally.last)
        else:
            self._heard.pop(seat_id, None)
        if live is not None and live.kecamatan == kecamatan:
            self._heard_kecamatan[kecamatan] = live.number
        elif group is not None and group.turns:
            self._heard_kecamatan[kecamatan] = group.last
        else:
            self._heard_kecamatan.pop(kecamatan, None)
