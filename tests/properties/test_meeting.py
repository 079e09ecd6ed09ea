"""The meeting under random commands; and controls: a meeting with a broken rule must be caught."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.errors import Refused
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import TurnState
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.properties.undo_machine import UndoMachine

SETTINGS = settings(
    max_examples=150, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
HUNT = settings(
    SETTINGS,
    max_examples=300,
    stateful_step_count=80,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
)
# Where CI is set hypothesis would look at the same forty again and again.
GLANCE = settings(SETTINGS, max_examples=40, phases=[Phase.generate], derandomize=False, database=None)


def test_random_meetings_keep_every_invariant() -> None:
    run_state_machine_as_test(UndoMachine, settings=SETTINGS)


class TwoOnTheFloor(Meeting):
    """A call does not end the running turn (breaks R20)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return events[-1:] if isinstance(command, c.CallSeat) else events


class ForgetsToRefuse(Meeting):
    """Changes the state before it refuses (breaks R1)."""

    def handle(self, command: c.Command, now_ms: int) -> list[e.Event]:
        try:
            return super().handle(command, now_ms)
        except Refused:
            self.state.queue.comebacks += 1
            raise


class HidesAnEvent(Meeting):
    """A decision's last event is applied but not told (breaks R1: the fold)."""

    def _funnel(self, events: list[e.Event], now: int) -> list[e.Event]:
        told = super()._funnel(events, now)
        return [event for event in told if not isinstance(event, e.BersiapChanged)]


class QueuesTwice(Meeting):
    """The same peserta may ask again (breaks R13)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        if isinstance(command, c.RequestTurn):
            self.queue.busy.clear()
        return super()._decide(command, now)


class CountsHolds(Meeting):
    """The clock runs on while the turn is held (breaks R23)."""

    def apply(self, event: e.Event, at_ms: int) -> None:
        super().apply(event, at_ms)
        turn = self.turns.live
        if isinstance(event, e.TurnHeld) and turn is not None:
            turn.clock.start(at_ms)


class EndsTwice(Meeting):
    """The grace ends a turn that has ended (breaks R20)."""

    def handle_timer(self, now_ms: int) -> list[e.Event]:
        events = super().handle_timer(now_ms)
        return [event for event in events for _ in range(2 if isinstance(event, e.TurnEnded) else 1)]


class KeepsTheFloorWithoutConsent(Meeting):
    """Withdrawn consent leaves the speaker on air (breaks R31)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return events[-1:] if isinstance(command, c.GiveConsent) else events


class PreparesAnybody(Meeting):
    """Bersiap takes who is not there (breaks R18)."""

    def _funnel(self, events: list[e.Event], now: int) -> list[e.Event]:
        told = super()._funnel(events, now)
        anybody = e.BersiapChanged(tuple(dict.fromkeys(p.seat_id for p in self.order()))[:2])
        self.apply(anybody, now)
        return [*told, anybody]


class ForgetsTheInterrupted(Meeting):
    """After an interjection the speaker does not get the floor back (breaks R48)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return events[:1] if isinstance(command, c.EndInterjection) else events


class TwoInBetween(Meeting):
    """Another interjection does not end the one that runs (breaks R44)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return events[-1:] if isinstance(command, c.CallResponder | c.GrantPoint) else events


class CountsInterruptions(Meeting):
    """The speaker's clock runs on while somebody is let in between (breaks R44)."""

    def apply(self, event: e.Event, at_ms: int) -> None:
        super().apply(event, at_ms)
        turn = self.turns.live
        if isinstance(event, e.InterjectionBegan) and turn is not None:
            turn.clock.start(at_ms)


class LosesHands(Meeting):
    """Closing leaves hands waiting (breaks R9)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return [event for event in events if not isinstance(event, e.RequestBecameWritten)]


class SilencesNobody(Meeting):
    """A sanction is noted and has no effect (breaks R65)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return events[:1] if isinstance(command, c.SanctionPeserta) else events


class HearsWhoOnlyListens(Meeting):
    """Who only listens may ask as well (breaks R105)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        if not isinstance(command, c.RequestTurn | c.RaisePoint):
            return super()._decide(command, now)
        person = self.presence.person_of(command.seat_id, command.peserta_id)
        hak, person.hak = person.hak, ""
        try:
            return super()._decide(command, now)
        finally:
            person.hak = hak


class ShowsWhoeverTakesOver(Meeting):
    """A device that nobody has looked at speaks on in the place of another (breaks R103)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        held = e.TurnHeld | e.InterjectionEnded
        return [one for one in events if not (isinstance(command, c.ConnectSeat) and isinstance(one, held))]


class TriagesBesideTheBoard(Meeting):
    """The order does not notice that a hand left it (breaks R60)."""

    def apply(self, event: e.Event, at_ms: int) -> None:
        touch = self._scene.boards.touch
        if isinstance(event, e.RequestTriaged):
            self._scene.boards.touch = lambda event: None  # type: ignore[method-assign]
        super().apply(event, at_ms)
        self._scene.boards.touch = touch  # type: ignore[method-assign]


class LeadsWithoutBeingThere(Meeting):
    """A screen that returns does not stop the grace (breaks R72)."""

    def apply(self, event: e.Event, at_ms: int) -> None:
        grace = self.state.chair.grace
        super().apply(event, at_ms)
        if isinstance(event, e.ChairReturned):
            self.state.chair.grace = grace


class SealsWhatIsToCome(Meeting):
    """An interval reaches into the future (breaks R67)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        later = now + 20_000 if isinstance(command, c.SealInterval) else now
        return super()._decide(command, later)


class KeepsTheMistakenCall(Meeting):
    """An undone call leaves its trace in the order (breaks R51)."""

    def apply(self, event: e.Event, at_ms: int) -> None:
        calls = self.queue.calls
        super().apply(event, at_ms)
        if isinstance(event, e.TurnEnded) and event.outcome is TurnState.DIBATALKAN:
            self.queue.calls = calls


class ForgetsWhoSpoke(Meeting):
    """After an undone call nobody has the floor (breaks R52)."""

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        events = super()._decide(command, now)
        return events[:1] if isinstance(command, c.UndoCall) else events


SABOTAGED = [
    KeepsTheMistakenCall,
    ForgetsWhoSpoke,
    TwoOnTheFloor,
    ForgetsToRefuse,
    HidesAnEvent,
    QueuesTwice,
    CountsHolds,
    EndsTwice,
    KeepsTheFloorWithoutConsent,
    PreparesAnybody,
    LosesHands,
    SilencesNobody,
    HearsWhoOnlyListens,
    ShowsWhoeverTakesOver,
    TriagesBesideTheBoard,
    LeadsWithoutBeingThere,
    SealsWhatIsToCome,
    ForgetsTheInterrupted,
    TwoInBetween,
    CountsInterruptions,
]


@pytest.mark.parametrize("broken", SABOTAGED)
def test_a_broken_rule_is_caught(broken: type[Meeting]) -> None:
    class Sabotaged(UndoMachine):
        make: ClassVar[Callable[[], Meeting]] = staticmethod(lambda: broken(NASKAH_BERGILIR))

    with pytest.raises((AssertionError, KeyError, ValueError)):
        run_state_machine_as_test(Sabotaged, settings=HUNT)


def test_the_machine_reaches_every_way_a_turn_ends_and_every_kind_of_event() -> None:
    """Without this a machine whose commands are all refused would be green."""
    seen: set[type[e.Event]] = set()
    outcomes: set[TurnState] = set()

    class Watching(UndoMachine):
        def take(self, events: list[e.Event]) -> None:
            super().take(events)
            seen.update(type(event) for event in events)
            outcomes.update(event.outcome for event in events if isinstance(event, e.TurnEnded))

    for _ in range(50):  # chance may leave out the rarest event in many
        run_state_machine_as_test(Watching, settings=GLANCE)
        if seen == set(e.Event.__args__) and len(outcomes) == 4:
            break
    assert outcomes == {TurnState.SELESAI, TurnState.DITUNDA, TurnState.PUTUS, TurnState.DIBATALKAN}
    assert seen == set(e.Event.__args__)
