"""R60-R63: the ways of a hand besides a turn, written answers, the queue of an item."""

import pytest

from rooms.ids import RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    AnswerWritten,
    CloseMeeting,
    EndTurn,
    PostponeTurn,
    RegisterPeserta,
    RequestTurn,
    ResumeMeeting,
    SetQueue,
    StartItem,
    SuspendMeeting,
    TriageRequest,
    WithdrawRequest,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import QueueSwitched, RequestAnswered, RequestTriaged
from rooms.meeting.vocabulary import Jalur, RequestState
from tests.support.meeting import DIALOG, GLAGAH_2, LICIN_2, PENUTUP, Session, call, peserta, session

UNSPOKEN = [Jalur.TERTULIS, Jalur.LEWAT_CAMAT]


def state(s: Session, request_id: RequestId) -> RequestState:
    return s.meeting.queue.requests[request_id].state


def waiting(s: Session, seat_id: SeatId) -> list[RequestId]:
    return list(s.meeting.queue.waiting.get(seat_id, []))


@pytest.mark.parametrize("jalur", UNSPOKEN)
def test_R60_a_triaged_hand_leaves_the_queue(jalur: Jalur) -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    assert s.do(TriageRequest(hand, jalur))[0] == RequestTriaged(hand, jalur)
    assert state(s, hand).value == jalur.value
    assert s.order() == []
    assert s.do(TriageRequest(hand, jalur)) == []
    s.do(RequestTurn(RequestId("another"), LICIN_2, peserta(LICIN_2), "Lain"))


def test_R60_a_hand_that_left_the_queue_may_go_another_way() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    s.do(TriageRequest(hand, Jalur.TERTULIS))
    assert s.do(TriageRequest(hand, Jalur.LEWAT_CAMAT)) == [RequestTriaged(hand, Jalur.LEWAT_CAMAT)]
    assert state(s, hand) is RequestState.LEWAT_CAMAT


@pytest.mark.parametrize("jalur", UNSPOKEN)
def test_R60_bicara_puts_it_back_where_it_stood(jalur: Jalur) -> None:
    s = session(script=())
    hands = [s.hand(LICIN_2, number) for number in (1, 2, 3)]
    s.hand(GLAGAH_2)
    before = (s.order(), s.meeting.board())
    s.now += 5_000
    s.do(TriageRequest(hands[1], jalur), TriageRequest(hands[1], Jalur.BICARA))
    assert waiting(s, LICIN_2) == hands
    assert (s.order(), s.meeting.board()) == before
    assert s.meeting.queue.requests[hands[1]].requested_at == 1_000
    assert s.do(TriageRequest(hands[1], Jalur.BICARA)) == []


def test_R60_a_postponed_hand_comes_back_as_a_postponed_one() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    s.do(call(1, LICIN_2), PostponeTurn(TurnId("t1")))
    before = s.order()
    s.do(TriageRequest(hand, Jalur.TERTULIS), TriageRequest(hand, Jalur.BICARA))
    assert s.order() == before == [(LICIN_2, "ditunda")]


def test_R60_the_place_is_not_beyond_those_who_are_left() -> None:
    s = session(script=())
    hands = [s.hand(LICIN_2, number) for number in (1, 2)]
    s.do(TriageRequest(hands[1], Jalur.TERTULIS), WithdrawRequest(LICIN_2, hands[0]))
    s.do(TriageRequest(hands[1], Jalur.BICARA))
    assert waiting(s, LICIN_2) == [hands[1]]


def test_R60_who_speaks_was_served_or_withdrew_is_not_triaged() -> None:
    s = session(script=())
    hand, gone = s.hand(LICIN_2), s.hand(GLAGAH_2)
    s.do(WithdrawRequest(GLAGAH_2, gone), call(1, LICIN_2))
    assert s.refused(TriageRequest(hand, Jalur.TERTULIS)) is Code.WRONG_STATE
    assert s.refused(TriageRequest(gone, Jalur.BICARA)) is Code.WRONG_STATE
    s.do(EndTurn(TurnId("t1")))
    assert s.refused(TriageRequest(hand, Jalur.LEWAT_CAMAT)) is Code.WRONG_STATE
    assert s.refused(TriageRequest(RequestId("none"), Jalur.BICARA)) is Code.UNKNOWN_REQUEST


def test_R60_nobody_waits_twice() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    s.do(TriageRequest(hand, Jalur.TERTULIS))
    s.do(RequestTurn(RequestId("another"), LICIN_2, peserta(LICIN_2), "Lain"))
    assert s.refused(TriageRequest(hand, Jalur.BICARA)) is Code.ALREADY_QUEUED


def test_R60_hands_are_triaged_while_suspended_and_not_after_the_close() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    s.do(SuspendMeeting(), TriageRequest(hand, Jalur.LEWAT_CAMAT), ResumeMeeting(), CloseMeeting())
    assert state(s, hand) is RequestState.LEWAT_CAMAT
    assert s.refused(TriageRequest(hand, Jalur.TERTULIS)) is Code.WRONG_STATUS


def test_R61_a_written_answer_may_be_given_and_corrected_after_the_close() -> None:
    s = session(script=())
    hand, camat = s.hand(LICIN_2), s.hand(GLAGAH_2)
    assert s.refused(AnswerWritten(hand, "Belum")) is Code.WRONG_STATE
    s.do(TriageRequest(camat, Jalur.LEWAT_CAMAT), AnswerWritten(camat, "Camat meninjau."), CloseMeeting())
    s.now += 60_000
    assert s.do(AnswerWritten(hand, "Tahun depan")) == [RequestAnswered(hand, "Tahun depan")]
    assert s.do(AnswerWritten(hand, "Tahun ini")) == [RequestAnswered(hand, "Tahun ini")]
    assert s.meeting.queue.requests[hand].answered_at == s.now
    assert state(s, hand) is RequestState.TERTULIS
    assert s.refused(AnswerWritten(RequestId("none"), "?")) is Code.UNKNOWN_REQUEST


def test_R61_nothing_is_answered_before_the_opening() -> None:
    assert session(opened=False).refused(AnswerWritten(RequestId("r"), "?")) is Code.WRONG_STATUS


def test_R63_a_closed_queue_takes_no_hand_and_keeps_those_that_wait() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    assert s.do(SetQueue(False)) == [QueueSwitched(False)]
    assert s.do(SetQueue(False)) == []
    s.do(RegisterPeserta(peserta(GLAGAH_2), GLAGAH_2, "Nama"))
    late = RequestTurn(RequestId("late"), GLAGAH_2, peserta(GLAGAH_2), "Terlambat")
    assert s.refused(late) is Code.QUEUE_CLOSED
    assert waiting(s, LICIN_2) == [hand]
    s.do(call(1, LICIN_2), SetQueue(True), late)


def test_R63_starting_an_item_opens_its_queue() -> None:
    s = session()
    s.do(SetQueue(False), StartItem(PENUTUP))
    assert s.refused(SetQueue(True)) is Code.QUEUE_CLOSED
    s.do(StartItem(DIALOG))
    s.hand(LICIN_2)
    s.do(SuspendMeeting())
    assert s.refused(SetQueue(False)) is Code.WRONG_STATUS
