"""R20-R28, R31, R33: the floor and its clocks."""

import pytest

from rooms.ids import RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    CallSeat,
    Command,
    ConnectSeat,
    ContinueTurn,
    DropSeat,
    EndTurn,
    ExtendTurn,
    GiveConsent,
    HoldTurn,
    OpenMeeting,
    PostponeTurn,
    ReopenRoom,
    StartItem,
    SuspendMeeting,
    WarnTurn,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import (
    RoomReopened,
    SeatConnected,
    SeatDropped,
    TurnCalled,
    TurnContinued,
    TurnEnded,
    TurnLimitReached,
    TurnPaused,
)
from rooms.meeting.turns import ENDED, TRANSITIONS, Step
from rooms.meeting.vocabulary import Consent, Place, RequestState, TurnMedia, TurnState
from tests.support.meeting import (
    AULA,
    DIALOG,
    GLAGAH_1,
    GLAGAH_2,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    OFFICES,
    PENUTUP,
    SCRIPT,
    call,
    session,
)

T1, T2 = TurnId("t1"), TurnId("t2")


def test_R20_ended_states_lead_nowhere_but_back_and_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(TurnState)
    for state in ENDED:
        assert set(TRANSITIONS[state]) <= {Step.PULIH}


def test_R21_a_call_is_live_at_once_and_ends_the_running_turn_in_the_same_decision() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 42_000
    ended, called, *_ = s.do(call(2, KALIPURO_1))
    assert ended == TurnEnded(T1, TurnState.SELESAI, 42_000)
    assert isinstance(called, TurnCalled)
    assert s.meeting.turns.live_id == T2
    assert s.meeting.turns.turns[T2].state is TurnState.BICARA


def test_R21_any_seat_may_be_called_without_a_hand_but_the_hall() -> None:
    s = session()
    s.do(call(1, GLAGAH_2))
    assert s.meeting.turns.turns[T1].request_id is None
    assert s.refused(call(2, AULA)) is Code.CANNOT_SPEAK
    assert s.refused(call(2, SeatId("nowhere"))) is Code.UNKNOWN_SEAT
    assert s.refused(call(1, LICIN_1)) is Code.DUPLICATE_ID
    assert s.refused(call(2, GLAGAH_2)) is Code.WRONG_STATE


def test_R21_no_call_outside_an_open_dialog() -> None:
    s = session(opened=False)
    assert s.refused(call(1, LICIN_1)) is Code.WRONG_STATUS
    s.do(OpenMeeting())
    assert s.refused(call(1, LICIN_1)) is Code.QUEUE_CLOSED
    s.do(StartItem(PENUTUP))
    assert s.refused(call(1, LICIN_1)) is Code.QUEUE_CLOSED


def test_R21_the_first_waiting_hand_is_served_or_the_one_that_is_named() -> None:
    s = session()
    one, two, other = s.hand(LICIN_2), s.hand(LICIN_2, 2), s.hand(GLAGAH_2)
    s.do(call(1, LICIN_2))
    assert s.meeting.turns.turns[T1].request_id == one
    assert s.meeting.queue.requests[one].state is RequestState.BICARA
    s.do(EndTurn(T1), CallSeat(T2, LICIN_2, two))
    assert s.meeting.turns.turns[T2].request_id == two
    assert s.meeting.queue.requests[one].state is RequestState.TERLAYANI
    t3 = TurnId("t3")
    assert s.refused(CallSeat(t3, GLAGAH_1, other)) is Code.NOT_YOURS
    assert s.refused(CallSeat(t3, LICIN_2, one)) is Code.WRONG_STATE
    assert s.refused(CallSeat(t3, LICIN_2, RequestId("?"))) is Code.UNKNOWN_REQUEST


def test_R21_the_called_seat_leaves_the_script_and_the_order_is_kept_with_the_call() -> None:
    s = session()
    hand = s.hand(LICIN_2)
    called = s.do(call(1, GLAGAH_1))[0]
    assert isinstance(called, TurnCalled)
    assert called.policy == "naskah_bergilir/2"
    assert called.shown == (
        Place(LICIN_1, "", "naskah"),
        Place(GLAGAH_1, "", "naskah"),
        Place(KALIPURO_1, "", "naskah"),
        Place(LICIN_2, hand, "belum_bicara"),
    )
    assert [line.seat_id for line in s.meeting.queue.script] == [LICIN_1, KALIPURO_1]


def test_R22_a_turn_by_call_needs_presence_consent_and_a_microphone() -> None:
    s = session(connected=())
    assert s.refused(call(1, LICIN_1)) is Code.SEAT_ABSENT
    s.do(ConnectSeat(LICIN_1, False))
    assert s.refused(call(1, LICIN_1)) is Code.NO_CONSENT
    s.do(GiveConsent(LICIN_1, Consent.TANPA_REKAMAN))
    assert s.refused(call(1, LICIN_1)) is Code.NO_CONSENT
    s.do(GiveConsent(LICIN_1, Consent.DIREKAM))
    assert s.refused(call(1, LICIN_1)) is Code.CANNOT_SPEAK
    s.do(ConnectSeat(LICIN_1, True), call(1, LICIN_1))


@pytest.mark.parametrize("media", [TurnMedia.LEWAT_TELEPON, TurnMedia.HADIR_DI_AULA])
def test_R22_turns_through_the_hall_need_no_connection(media: TurnMedia) -> None:
    s = session(connected=())
    s.do(call(1, LICIN_1, media))
    s.do(ConnectSeat(LICIN_1, True), DropSeat(LICIN_1))
    assert s.meeting.turns.turns[T1].state is TurnState.BICARA, "its line is not its microphone"
    s.do(GiveConsent(LICIN_2, Consent.TANPA_REKAMAN))
    assert s.refused(call(2, LICIN_2, media)) is Code.NO_CONSENT


def test_R23_spoken_time_is_exact_over_holds_drops_and_suspension() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 1_001
    s.do(HoldTurn(T1))
    s.now += 50_000
    s.do(ContinueTurn(T1))
    s.now += 2_002
    s.do(DropSeat(LICIN_1))
    s.now += 20_000
    s.do(ConnectSeat(LICIN_1, True))
    s.now += 3_003
    s.do(SuspendMeeting())
    s.now += 70_000
    assert s.meeting.turns.turns[T1].clock.used_ms == 6_006


def test_R24_who_gives_way_with_the_line_down_was_cut_off() -> None:
    s = session()
    hand = s.hand(LICIN_2)
    s.do(call(1, LICIN_2), DropSeat(LICIN_2))
    assert s.do(call(2, LICIN_1))[0] == TurnEnded(T1, TurnState.PUTUS, 0)
    assert s.meeting.queue.requests[hand].state is RequestState.ANTRE
    assert s.order()[0] == (LICIN_2, "terputus")


def test_R24_cukup_ends_as_selesai_in_every_live_state() -> None:
    for before in ([], [HoldTurn(T1)], [DropSeat(LICIN_1)]):
        s = session()
        s.do(call(1, LICIN_1), *before)
        assert s.do(EndTurn(T1))[0] == TurnEnded(T1, TurnState.SELESAI, 0)
        assert s.refused(EndTurn(T1)) is Code.WRONG_STATE


def test_R25_tahan_keeps_the_turn_and_its_remaining_time() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 60_000
    s.do(HoldTurn(T1))
    assert s.meeting.next_deadline() is None
    assert s.refused(HoldTurn(T1)) is Code.WRONG_STATE
    s.now += 500_000
    s.do(ContinueTurn(T1))
    assert s.meeting.next_deadline() == s.now + 120_000
    assert s.refused(ContinueTurn(T1)) is Code.WRONG_STATE


def test_R25_a_held_turn_goes_on_only_with_a_line_that_carries_it() -> None:
    s = session()
    s.do(call(1, LICIN_1), HoldTurn(T1), DropSeat(LICIN_1))
    assert s.refused(ContinueTurn(T1)) is Code.SEAT_ABSENT
    s.do(ConnectSeat(LICIN_1, False))
    assert s.refused(ContinueTurn(T1)) is Code.CANNOT_SPEAK
    s.do(ConnectSeat(LICIN_1, True), ContinueTurn(T1))


def test_R25_who_is_held_while_its_line_is_down_is_waited_for_no_longer() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 60_000
    s.do(DropSeat(LICIN_1))
    s.now += 10_000
    s.do(HoldTurn(T1))
    assert s.after(3600) == []
    assert s.refused(ContinueTurn(T1)) is Code.SEAT_ABSENT
    assert s.do(ConnectSeat(LICIN_1, True)) == [SeatConnected(LICIN_1, True)]
    s.do(ContinueTurn(T1))
    assert s.meeting.next_deadline() == s.now + 120_000


def test_R26_a_dropped_speaker_keeps_the_floor_for_the_grace_and_goes_on() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 10_000
    dropped, paused, *_ = s.do(DropSeat(LICIN_1))
    assert (dropped, paused) == (SeatDropped(LICIN_1), TurnPaused(T1, s.now + 30_000))
    assert s.refused(ContinueTurn(T1)) is Code.WRONG_STATE
    assert s.after(29.999) == []
    assert s.do(ConnectSeat(LICIN_1, False)) == [SeatConnected(LICIN_1, False)]
    assert s.do(ConnectSeat(LICIN_1, True)) == [SeatConnected(LICIN_1, True), TurnContinued(T1)]
    assert s.meeting.next_deadline() == s.now + 170_000


def test_R26_after_the_grace_the_turn_is_cut_off() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 10_000
    s.do(DropSeat(LICIN_1))
    assert s.after(30)[0] == TurnEnded(T1, TurnState.PUTUS, 10_000)
    assert s.after(30) == []


def test_R26_a_held_turn_and_other_seats_are_not_touched_by_a_drop() -> None:
    s = session()
    s.do(call(1, LICIN_1), HoldTurn(T1))
    assert TurnPaused not in [type(e) for e in s.do(DropSeat(LICIN_1), DropSeat(GLAGAH_1))]
    assert s.after(3600) == []


def test_R27_a_lost_request_comes_back_first_and_a_postponed_one_last() -> None:
    s = session()
    one, two = s.hand(LICIN_2), s.hand(LICIN_2, 2)
    s.do(call(1, LICIN_2), DropSeat(LICIN_2))
    s.after(30)
    assert s.meeting.queue.waiting[LICIN_2] == [one, two]
    assert s.order()[0] == (LICIN_2, "terputus")
    s.do(ConnectSeat(LICIN_2, True), call(2, LICIN_2), PostponeTurn(T2))
    assert s.meeting.queue.waiting[LICIN_2] == [two, one]
    assert s.order()[-2:] == [(LICIN_2, "belum_bicara"), (LICIN_2, "ditunda")]
    assert s.meeting.queue.requests[one].state is RequestState.ANTRE


def test_R27_a_turn_without_a_request_goes_back_on_the_script() -> None:
    s = session()
    s.do(call(1, LICIN_1), PostponeTurn(T1))
    assert [seat_id for seat_id, _ in s.order()] == [GLAGAH_1, KALIPURO_1, LICIN_1]
    s.do(call(2, GLAGAH_1), DropSeat(GLAGAH_1))
    s.after(30)
    assert s.order() == [(GLAGAH_1, "terputus"), (KALIPURO_1, "naskah"), (LICIN_1, "naskah")]


def test_R28_the_limit_is_said_once_and_nobody_is_interrupted() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    assert s.meeting.next_deadline() == s.now + 180_000
    assert s.after(179.999) == []
    assert s.after(0.001) == [TurnLimitReached(T1)]
    assert s.meeting.next_deadline() is None
    assert s.after(600) == []
    assert s.meeting.turns.turns[T1].state is TurnState.BICARA


def test_R28_an_extension_counts_from_the_limit_or_from_now_when_that_is_past() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    began = s.now
    s.do(ExtendTurn(T1, 60))
    assert s.meeting.next_deadline() == began + 240_000
    s.after(300)
    s.do(ExtendTurn(T1, 60))
    assert s.meeting.next_deadline() == s.now + 60_000
    assert s.after(60) == [TurnLimitReached(T1)]
    for seconds in (0, -5, 3601):
        assert s.refused(ExtendTurn(T1, seconds)) is Code.BAD_VALUE


@pytest.mark.parametrize(
    "command",
    [ExtendTurn(T1, 60), WarnTurn(T1), HoldTurn(T1), ContinueTurn(T1), EndTurn(T1), PostponeTurn(T1)],
)
def test_R20_an_ended_or_unknown_turn_takes_no_command(command: Command) -> None:
    s = session()
    assert s.refused(command) is Code.UNKNOWN_TURN
    s.do(call(1, LICIN_1), EndTurn(T1))
    assert s.refused(command) is Code.WRONG_STATE


def test_R31_who_withdraws_consent_on_the_floor_loses_it_at_once() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 3_000
    events = s.do(GiveConsent(LICIN_1, Consent.TANPA_REKAMAN))
    assert events[0] == TurnEnded(T1, TurnState.SELESAI, 3_000)
    assert s.refused(GiveConsent(LICIN_1, Consent.BELUM)) is Code.BAD_VALUE


def test_R33_an_outage_moves_the_clock_and_the_speaker_is_waited_for() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 20_000
    s.now += 300_000
    reopened, paused, *_ = s.do(ReopenRoom(s.now - 300_000))
    assert (reopened, paused) == (RoomReopened(300_000), TurnPaused(T1, s.now + 30_000))
    assert not any(seat.connected for seat in s.meeting.presence.seats.values())
    assert s.meeting.turns.turns[T1].clock.used_ms == 20_000
    s.do(ConnectSeat(LICIN_1, True))
    assert s.meeting.next_deadline() == s.now + 160_000


def test_R33_a_running_grace_and_a_turn_through_the_hall_move_too() -> None:
    s = session()
    s.do(call(1, LICIN_1), DropSeat(LICIN_1))
    s.now += 310_000
    s.do(ReopenRoom(s.now - 300_000))
    assert s.meeting.next_deadline() == s.now + 20_000
    s = session()
    s.do(call(1, LICIN_1, TurnMedia.LEWAT_TELEPON))
    s.now += 310_000
    s.do(ReopenRoom(s.now - 300_000))
    assert s.meeting.next_deadline() == s.now + 170_000
    assert s.refused(ReopenRoom(-1)) is Code.BAD_VALUE


def test_R33_the_place_of_everybody_is_kept() -> None:
    s = session()
    hands = [s.hand(seat_id) for seat_id in OFFICES if seat_id not in SCRIPT]
    before = s.meeting.order()
    s.do(ReopenRoom(s.now - 1))
    assert s.meeting.order() == before
    assert len(hands) == 3


def test_R12_waiting_hands_are_there_when_the_dialog_returns() -> None:
    s = session(script=())
    s.hand(LICIN_2)
    s.do(StartItem(PENUTUP))
    s.do(StartItem(DIALOG))
    assert s.order() == [(LICIN_2, "belum_bicara")]
    s.do(call(1, LICIN_2))
