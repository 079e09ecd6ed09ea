"""The meeting: one funnel for every event, and the dispatch of commands to the decisions of each area.

Driven by ``handle`` and ``handle_timer`` with the time as an argument, or by ``apply`` when a journal is
folded; all three end in the same fold. It never reads a clock, mints an id, or changes before it refuses.
The rules (RULES.md) are decided in ``rooms.meeting.decisions``.
"""

from collections.abc import Callable
from typing import assert_never

from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import Agenda
from rooms.meeting.attendance import Attendance, Quorum, quorum
from rooms.meeting.boards import Boards
from rooms.meeting.chair import Chair
from rooms.meeting.decisions import agenda, desk, floor, interjections, presence, queue, screens
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.interjections import Interjections
from rooms.meeting.presence import Presence
from rooms.meeting.queue import Queue
from rooms.meeting.screens import Screens
from rooms.meeting.seals import Seals
from rooms.meeting.slides import Slides
from rooms.meeting.state import State, restored
from rooms.meeting.turns import Turns
from rooms.meeting.undo import LastCall
from rooms.meeting.vocabulary import Place, TurnState
from rooms.ordering.board import Board, Policy, Reason

HEARD = (TurnState.SELESAI, TurnState.DITUNDA, TurnState.PUTUS)
"""Ends of turns that took place."""
_FAIR = (Reason.BELUM_BICARA, Reason.WAKTU_TERSEDIKIT, Reason.URUTAN_DATANG)
"""Reasons of the seconds-fair tier."""
_CROSSING = frozenset({e.TurnCalled, e.TurnEnded, e.TurnRestored, e.NoteLogged})
"""Events that no part can fold alone: ``Meeting._cross`` says what they move beside it."""

_Fold = Callable[[e.Event, int], None]


class Meeting:
    """One meeting. ``handle`` and ``handle_timer`` return the events they have applied."""

    def __init__(self, policy: Policy, state: State | None = None) -> None:
        """``policy``: the order of a meeting whose settings ask for none (R37)."""
        self.state = state or State()
        self._scene = Scene(self.state, policy)
        self._folds: dict[type[e.Event], tuple[_Fold, ...]] = {}

    @property
    def agenda(self) -> Agenda:
        return self.state.agenda

    @property
    def presence(self) -> Presence:
        return self.state.presence

    @property
    def attendance(self) -> Attendance:
        return self.state.attendance

    @property
    def quorum(self) -> Quorum:
        return quorum(self.agenda, self.presence)

    @property
    def queue(self) -> Queue:
        return self.state.queue

    @property
    def turns(self) -> Turns:
        return self.state.turns

    @property
    def interjections(self) -> Interjections:
        return self.state.interjections

    @property
    def screens(self) -> Screens:
        return self.state.screens

    @property
    def slides(self) -> Slides:
        return self.state.slides

    @property
    def policy(self) -> Policy:
        return self._scene.policy

    # In and out

    def handle(self, command: c.Command, now_ms: int) -> list[e.Event]:
        """Decide and apply; raises Refused, and then nothing has changed (R1)."""
        now = max(now_ms, self.state.last_at)
        return self._funnel(self._decide(command, now), now)

    def next_deadline(self) -> int | None:
        """When ``handle_timer`` will have something to say, in ms; None: never as things stand."""
        deadlines = (self.turns.deadline(), self.state.chair.deadline())
        return min((at for at in deadlines if at is not None), default=None)

    def handle_timer(self, now_ms: int) -> list[e.Event]:
        """What the passing of time brings; nothing due: no event."""
        now = max(now_ms, self.state.last_at)
        return self._funnel([*self.turns.due(now), *self.state.chair.due(now)], now)

    def apply(self, event: e.Event, at_ms: int) -> None:
        """Fold one event; asks no questions (R1)."""
        self.state.last_at = max(at_ms, self.state.last_at)
        for fold in self._folds.get(type(event)) or self._folds_of(type(event)):
            fold(event, at_ms)

    def _folds_of(self, kind: type[e.Event]) -> tuple[_Fold, ...]:
        """The parts that such events move, in this order: who looks at another's state comes before it."""
        state = self.state
        parts: tuple[tuple[frozenset[type[e.Event]], _Fold], ...] = (
            (LastCall.HEARS, self._remember_call),
            (_CROSSING, self._cross),
            (Agenda.HEARS, state.agenda.apply),
            (Presence.HEARS, state.presence.apply),
            (Attendance.HEARS, state.attendance.apply),
            (Chair.HEARS, state.chair.apply),
            (Seals.HEARS, state.seals.apply),
            (Screens.HEARS, state.screens.apply),
            (Slides.HEARS, state.slides.apply),
            (Queue.HEARS, state.queue.apply),
            (Turns.HEARS, self._turn),
            (Interjections.HEARS, state.interjections.apply),
            (Boards.HEARS, self._touch_boards),
        )
        self._folds[kind] = tuple(fold for heard, fold in parts if kind in heard)
        return self._folds[kind]

    def _remember_call(self, event: e.Event, _at_ms: int) -> None:
        self.state.last_call.apply(event, self.state.turns, self.state.presence.bersiap)

    def _turn(self, event: e.Event, at_ms: int) -> None:
        kecamatan = self.agenda.kecamatan(event.seat_id) if isinstance(event, e.TurnCalled) else ""
        self.turns.apply(event, at_ms, kecamatan)

    def _touch_boards(self, event: e.Event, _at_ms: int) -> None:
        self._scene.boards.touch(event)

    def _cross(self, event: e.Event, at_ms: int) -> None:
        """What an event moves in more than one part, before the parts fold it themselves."""
        match event:
            case e.TurnEnded(outcome=TurnState.DIBATALKAN):
                self.queue.take_back_call(self.turns.turns[event.turn_id].request_id)
                self.state.accounts.take_back_call()
                self.presence.bersiap = list(self.state.last_call.bersiap)
            case e.TurnRestored():
                turn = self.turns.turns[event.turn_id]
                self.queue.take_back_end(turn.state, turn.request_id)
                self.state.accounts.take_back_charge(turn.seat_id)
            case e.TurnEnded():
                turn = self.turns.turns[event.turn_id]
                self.queue.after_turn(event, turn.seat_id, turn.request_id)
                weight = self.agenda.seats[turn.seat_id].bobot
                self.state.accounts.charge(turn.seat_id, event.spoken_ms, weight)
                if not turn.by_call and event.outcome in HEARD:
                    self.attendance.heard(turn.seat_id, turn.called_at, at_ms)
            case e.TurnCalled():
                self._follow(event)
            case e.NoteLogged():
                self.state.notes[event.note_id] = event.spoken_at
            case _:
                pass

    def _follow(self, event: e.TurnCalled) -> None:
        """R40: a suggestion of the seconds-fair order that was followed moves the current minimum."""
        self.state.accounts.call()
        suggested = event.suggested
        if suggested is None or suggested.seat_id != event.seat_id or suggested.reason not in _FAIR:
            return
        newest = self.turns.newest
        before = newest.seat_id if newest else None
        waits = before in self.queue.waiting and self.presence.seats[before].on_air_refusal is None
        self.state.accounts.follow(event.seat_id, before if waits else None)

    def snapshot(self) -> bytes:
        """The state as bytes; ``restore`` gives an equal meeting."""
        return self.state.snapshot()

    @classmethod
    def restore(cls, policy: Policy, snapshot: bytes) -> "Meeting":
        """Raises SnapshotUnreadable."""
        return cls(policy, restored(snapshot))

    # The suggested order

    def order(self) -> tuple[Place, ...]:
        """The whole suggested order with its reasons (R16)."""
        return tuple(self._scene.places())

    def board(self) -> Board:
        """What the policy sees; it holds until the next event."""
        return self._scene.boards.board()

    # The funnel

    def _funnel(self, events: list[e.Event], now: int) -> list[e.Event]:
        """Every event of this meeting goes through here; what follows from any is added (R18, R93)."""
        for event in events:
            self.apply(event, now)
        for stopped in screens.left(self._scene) if events else ():
            self.apply(stopped, now)
            events.append(stopped)
        bersiap = self._scene.bersiap() if events else ()
        if events and bersiap != tuple(self.presence.bersiap):
            changed = e.BersiapChanged(bersiap)
            self.apply(changed, now)
            events.append(changed)
        return events

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        if isinstance(command, c.FloorCommand):
            return floor.decide(self._scene, command, now)
        if isinstance(command, c.QueueCommand):
            return queue.decide(self._scene, command)
        if isinstance(command, c.DeskCommand):
            return desk.decide(self._scene, command, now)
        if isinstance(command, c.InterjectionCommand):
            return interjections.decide(self._scene, command, now)
        if isinstance(command, c.PresenceCommand):
            return presence.decide(self._scene, command, now)
        if isinstance(command, c.AgendaCommand):
            return agenda.decide(self._scene, command, now)
        assert_never(command)
