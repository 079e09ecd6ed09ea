"""Random meetings in which calls are undone (R51, R52): then they stand as if they had never been made."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from rooms.ids import SeatId, TurnId
from rooms.meeting.commands import CallSeat, ConnectSeat, GiveConsent, UndoCall
from rooms.meeting.vocabulary import Consent, TurnState
from tests.properties.desk_machine import DeskMachine
from tests.properties.meeting_machine import LIVE_MOSTLY, OFFICE

_RUNS = (TurnState.BICARA, TurnState.JEDA, TurnState.DISELA)


class UndoMachine(DeskMachine):
    @rule(live=LIVE_MOSTLY)
    def undo(self, live: bool) -> None:
        self.give(UndoCall(self.turn_id(live)))

    @rule(seat_id=OFFICE, after=st.sampled_from([0, 4_000, 10_000, 10_001]))
    def call_by_mistake(self, seat_id: SeatId, after: int) -> None:
        self.give(ConnectSeat(seat_id, True))
        self.give(GiveConsent(seat_id, Consent.DIREKAM))
        before, turn_id = self._standing(), TurnId(self.mint("t"))
        self.give(CallSeat(turn_id, seat_id))
        called = turn_id in self.meeting.turns.turns
        self.time_passes(after)
        changed = not called or self.meeting.turns.live_id != turn_id
        self.give(UndoCall(turn_id))
        if called and not changed:
            undone = self.meeting.turns.turns[turn_id].state is TurnState.DIBATALKAN
            assert undone == (after <= 10_000)
            now = self._standing()
            left = {name: (before[name], now[name]) for name in before if before[name] != now[name]}
            assert not undone or not left, f"left by an undone call: {left}"

    def _standing(self) -> dict[str, object]:
        """All that a call changes."""
        meeting, turn = self.meeting, self.meeting.turns.live
        state, heard = meeting.state, meeting.turns.seats
        return {
            "order": meeting.order(),
            "hands": {r.request_id: (r.state, r.tier, r.since) for r in state.queue.requests.values()},
            "busy": dict(state.queue.busy),
            "passed": list(state.queue.passed),
            "aside": list(state.queue.aside),
            "calls": state.queue.calls,
            "minimum": state.accounts.current,
            "accounts": {seat_id: at for seat_id, at in state.accounts.finish.items() if at},
            "heard": {s: (t.turns, t.last, t.spoken_ms) for s, t in heard.items() if t.last or t.spoken_ms},
            "turn": turn and (turn.turn_id, turn.clock.spent(self.now), turn.state in _RUNS),
        }
