"""R51, R52: a call that was a mistake."""

import pytest

from rooms.fairness.report import report
from rooms.ids import TurnId
from rooms.meeting.commands import (
    CallResponder,
    Command,
    ConfirmReady,
    ConnectSeat,
    DropSeat,
    EndTurn,
    HoldTurn,
    PassOver,
    PlaceSeat,
    PostponeTurn,
    ReopenRoom,
    SetScript,
    ShareScreen,
    SuspendMeeting,
    UndoCall,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import TurnEnded, TurnHeld, TurnPaused, TurnRestored
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import MeetingSettings, RequestState, TurnMedia, TurnState, Urutan
from tests.support.meeting import (
    GLAGAH_1,
    GLAGAH_2,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    Session,
    call,
    session,
)

T1, T2 = TurnId("t1"), TurnId("t2")


def told(s: Session, command: Command) -> list[object]:
    """The events, without who is prepared."""
    return [event for event in s.do(command) if type(event).__name__ != "BersiapChanged"]


def test_R51_hand_script_and_order_stand_as_before() -> None:
    s = session(settings=MeetingSettings(urutan=Urutan.DETIK_ADIL))
    hand = s.hand(LICIN_1)
    s.hand(LICIN_1, 2)
    s.hand(GLAGAH_2)
    order, script = s.order(), list(s.meeting.queue.script)
    s.do(call(1, LICIN_1))
    s.after(9)
    assert told(s, UndoCall(T1)) == [TurnEnded(T1, TurnState.DIBATALKAN, 9_000)]
    assert (s.order(), s.meeting.queue.script) == (order, script)
    assert s.meeting.queue.requests[hand].state is RequestState.ANTRE
    assert s.meeting.turns.live is None
    assert not s.meeting.turns.seats
    assert not s.meeting.state.accounts.finish


def test_R51_a_hand_that_was_raised_since_has_waited_for_one_call_less() -> None:
    s = session(settings=MeetingSettings(urutan=Urutan.DETIK_ADIL))
    s.hand(LICIN_1)
    s.do(call(1, LICIN_1))
    s.hand(GLAGAH_2)
    s.order()
    s.do(UndoCall(T1))
    assert s.meeting.board() == Meeting(s.meeting.policy, s.meeting.state).board()


def test_R51_ten_seconds_and_no_longer() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.after(10.001)
    assert s.refused(UndoCall(T1)) is Code.TOO_LATE
    s.do(call(2, GLAGAH_1))
    s.after(10)
    s.do(UndoCall(T2))


def test_R51_R33_an_outage_moves_the_ten_seconds() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.after(4)
    s.after(60)
    s.do(ReopenRoom(s.now - 60_000))
    s.after(6.001)
    assert s.refused(UndoCall(T1)) is Code.TOO_LATE
    s.do(ConnectSeat(GLAGAH_1, True))
    s.do(call(2, GLAGAH_1))
    s.after(64)
    s.do(ReopenRoom(s.now - 60_000))
    s.after(6)
    s.do(UndoCall(T2))


@pytest.mark.parametrize(
    "built",
    [
        HoldTurn(T1),
        EndTurn(T1),
        PostponeTurn(T1),
        SetScript((GLAGAH_2,)),
        CallResponder(TurnId("t9"), GLAGAH_2, None, TurnMedia.PANGGILAN),
        PassOver(GLAGAH_1),
    ],
)
def test_R51_not_when_something_was_built_on_it(built: Command) -> None:
    s = session()
    s.do(call(1, LICIN_1), built)
    assert s.refused(UndoCall(T1)) is Code.WRONG_STATE


def test_R51_comings_and_goings_do_no_harm() -> None:
    s = session()
    s.do(
        call(1, LICIN_1),
        DropSeat(LICIN_1),
        ConnectSeat(LICIN_1, True),
        ConfirmReady(GLAGAH_1, True),
        PlaceSeat(LICIN_1, True),
        ShareScreen(LICIN_1, True),
    )
    s.hand(KALIPURO_1)
    s.do(UndoCall(T1))
    assert s.order()[0][0] == LICIN_1


def test_R51_only_while_open_and_only_the_newest_call() -> None:
    s = session()
    assert s.refused(UndoCall(T1)) is Code.UNKNOWN_TURN
    s.do(call(1, LICIN_1), call(2, GLAGAH_1))
    assert s.refused(UndoCall(T1)) is Code.WRONG_STATE
    s.do(UndoCall(T2))
    assert s.refused(UndoCall(T2)) is Code.WRONG_STATE
    assert s.refused(UndoCall(T1)) is Code.WRONG_STATE
    s.do(call(3, GLAGAH_1), SuspendMeeting())
    assert s.refused(UndoCall(TurnId("t3"))) is Code.WRONG_STATUS


def test_R51_a_passed_over_office_is_aside_again() -> None:
    s = session()
    s.do(PassOver(LICIN_1), call(1, KALIPURO_1), UndoCall(T1))
    assert LICIN_1 not in s.meeting.presence.bersiap
    s.do(call(2, LICIN_1), UndoCall(T2))
    assert (s.meeting.queue.passed, s.meeting.queue.aside) == ([LICIN_1], [LICIN_1])


def test_R52_who_spoke_goes_on_with_the_time_it_had() -> None:
    s = session()
    hand = s.hand(LICIN_1)
    s.do(call(1, LICIN_1))
    s.after(60)
    s.do(call(2, GLAGAH_1))
    s.after(5)
    ended = TurnEnded(T2, TurnState.DIBATALKAN, 5_000)
    assert told(s, UndoCall(T2)) == [ended, TurnRestored(T1)]
    s.after(30)
    assert s.do(EndTurn(T1))[0] == TurnEnded(T1, TurnState.SELESAI, 90_000)
    assert s.meeting.queue.requests[hand].state is RequestState.TERLAYANI
    tally = s.meeting.turns.seats[LICIN_1]
    assert (tally.turns, tally.spoken_ms) == (1, 90_000)
    assert GLAGAH_1 not in s.meeting.turns.seats


def test_R51_the_order_stands_though_the_speaker_was_over_the_limit() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    before = s.meeting.board().seconds
    s.after(400)
    s.do(call(2, GLAGAH_1), UndoCall(T2), HoldTurn(T1))
    assert s.meeting.board().seconds == before


def test_R52_held_again_or_waited_for() -> None:
    s = session()
    s.do(call(1, LICIN_1), HoldTurn(T1), call(2, GLAGAH_1))
    assert told(s, UndoCall(T2))[1:] == [TurnRestored(T1), TurnHeld(T1)]
    s = session()
    s.do(call(1, LICIN_1), call(2, GLAGAH_1), DropSeat(LICIN_1))
    assert told(s, UndoCall(T2))[1:] == [TurnRestored(T1), TurnPaused(T1, s.now + 30_000)]


def test_R52_who_was_lost_speaks_again_once_its_line_is_back() -> None:
    s = session()
    hand = s.hand(LICIN_2)
    s.do(call(1, LICIN_2), DropSeat(LICIN_2), call(2, GLAGAH_1), ConnectSeat(LICIN_2, True))
    assert s.order()[0] == (LICIN_2, "terputus")
    s.do(UndoCall(T2))
    assert s.meeting.turns.live is s.meeting.turns.turns[T1]
    assert s.meeting.queue.requests[hand].returned == 0
    assert LICIN_2 not in s.meeting.queue.waiting


def test_R52_not_when_its_speaker_asked_again() -> None:
    s = session()
    s.hand(LICIN_1)
    s.do(call(1, LICIN_1), call(2, GLAGAH_1))
    s.hand(LICIN_1)
    assert s.refused(UndoCall(T2)) is Code.WRONG_STATE


def test_R51_the_report_knows_one_turn() -> None:
    s = session()
    s.hand(LICIN_1)
    s.do(call(1, LICIN_1))
    s.after(60)
    s.do(call(2, GLAGAH_1))
    s.after(5)
    s.do(UndoCall(T2), EndTurn(T1))
    found = report([(at, [event]) for event, at in s.log], s.now)
    assert (found.measures.total.turns, found.measures.total.spoken_ms) == (1, 60_000)
    assert [called.turn_id for called in found.calls] == [T1]
