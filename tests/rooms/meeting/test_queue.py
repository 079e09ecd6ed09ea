"""R12-R19: hands, an office's own order, the suggested order as the meeting feeds it, bersiap."""

import pytest

from rooms.ids import PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    CloseMeeting,
    ConfirmReady,
    ConnectSeat,
    DropSeat,
    EndTurn,
    GiveConsent,
    OpenMeeting,
    RegisterPeserta,
    ReopenRoom,
    ReorderRequests,
    RequestTurn,
    ResumeMeeting,
    StartItem,
    SuspendMeeting,
    TriageRequest,
    WithdrawRequest,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import BersiapChanged, PesertaRegistered, ReadyConfirmed, TurnRequested
from rooms.meeting.presence import MOST_PESERTA
from rooms.meeting.queue import MOST_HANDS, MOST_WAITING
from rooms.meeting.vocabulary import Consent, Jalur, MeetingSettings, RequestState
from tests.support.meeting import (
    AULA,
    DIALOG,
    GLAGAH_1,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    PENUTUP,
    call,
    peserta,
    session,
)


def ask(seat_id: SeatId, number: int = 1, request: str = "r") -> RequestTurn:
    return RequestTurn(RequestId(request), seat_id, peserta(seat_id, number), "Jalan")


def test_R12_hands_only_while_open_and_in_a_dialog() -> None:
    s = session(opened=False)
    s.do(RegisterPeserta(peserta(LICIN_1), LICIN_1, "Ani"))
    assert s.refused(ask(LICIN_1)) is Code.WRONG_STATUS
    s.do(OpenMeeting())
    assert s.refused(ask(LICIN_1)) is Code.QUEUE_CLOSED
    s.do(StartItem(PENUTUP))
    assert s.refused(ask(LICIN_1)) is Code.QUEUE_CLOSED
    s.do(StartItem(DIALOG))
    assert s.do(ask(LICIN_1)) == [TurnRequested(RequestId("r"), LICIN_1, peserta(LICIN_1), "Jalan")]
    s.do(StartItem(PENUTUP))
    assert s.meeting.queue.waiting == {LICIN_1: [RequestId("r")]}
    s.do(CloseMeeting())
    assert s.refused(ask(LICIN_1, request="r2")) is Code.WRONG_STATUS


def test_R13_one_request_per_peserta_and_several_per_office() -> None:
    s = session(connected=())
    s.hand(LICIN_1)
    assert s.refused(ask(LICIN_1)) is Code.ALREADY_QUEUED
    s.hand(LICIN_1, 2)
    assert len(s.meeting.queue.waiting[LICIN_1]) == 2


def test_R13_who_speaks_does_not_ask_and_may_again_afterwards() -> None:
    s = session()
    s.hand(LICIN_2)
    s.do(call(1, LICIN_2))
    assert s.refused(ask(LICIN_2)) is Code.ALREADY_QUEUED
    s.do(EndTurn(TurnId("t1")), ask(LICIN_2))


def test_R13_unknown_and_foreign_ids_are_refused() -> None:
    s = session()
    hand = s.hand(LICIN_1)
    s.do(RegisterPeserta(peserta(LICIN_2), LICIN_2, "Budi"))
    assert s.refused(RequestTurn(hand, LICIN_2, peserta(LICIN_2), "")) is Code.DUPLICATE_ID
    assert s.refused(RequestTurn(RequestId("x"), LICIN_1, peserta(LICIN_2), "")) is Code.NOT_YOURS
    assert s.refused(RequestTurn(RequestId("x"), LICIN_1, PesertaId("?"), "")) is Code.UNKNOWN_PESERTA
    assert s.refused(ask(SeatId("nowhere"))) is Code.UNKNOWN_SEAT


def test_R104_a_seat_has_so_many_waiting_hands_and_another_has_its_own() -> None:
    s = session(script=())
    hands = [s.hand(LICIN_1, number) for number in range(MOST_WAITING)]
    s.do(RegisterPeserta(peserta(LICIN_1, MOST_WAITING), LICIN_1, "Ani"))
    late = ask(LICIN_1, MOST_WAITING)
    assert s.refused(late) is Code.TOO_MANY
    assert s.refused(ask(LICIN_1)) is Code.ALREADY_QUEUED
    s.hand(LICIN_2)
    s.do(TriageRequest(hands[5], Jalur.TERTULIS), late)
    # What comes back is no new hand, however many wait.
    s.do(TriageRequest(hands[5], Jalur.BICARA))
    assert len(s.meeting.queue.waiting[LICIN_1]) == MOST_WAITING + 1


def test_R104_a_seat_raises_so_many_hands_in_a_meeting_whatever_became_of_them() -> None:
    s = session()
    for _ in range(MOST_HANDS):
        s.do(WithdrawRequest(LICIN_1, s.hand(LICIN_1)))
    assert s.refused(ask(LICIN_1)) is Code.TOO_MANY
    s.hand(LICIN_2)


def test_R104_a_seat_has_so_many_people_whose_records_can_be_corrected() -> None:
    s = session(opened=False)
    for number in range(MOST_PESERTA):
        s.do(RegisterPeserta(peserta(AULA, number), AULA, "Nama"))
    assert s.refused(RegisterPeserta(PesertaId("late"), AULA, "Nama")) is Code.TOO_MANY
    s.do(RegisterPeserta(peserta(AULA), AULA, "Nama lain"), RegisterPeserta(PesertaId("late"), LICIN_1, "N"))


def test_R104_a_journal_from_before_the_limits_is_folded_whole() -> None:
    folded = session()
    for number in range(MOST_PESERTA + 1):
        person = peserta(LICIN_1, number)
        folded.meeting.apply(PesertaRegistered(person, LICIN_1, "Nama"), folded.now)
        folded.meeting.apply(TurnRequested(RequestId(person), LICIN_1, person, "Topik"), folded.now)
    assert len(folded.meeting.queue.waiting[LICIN_1]) == MOST_PESERTA + 1
    folded.do(WithdrawRequest(LICIN_1, RequestId(peserta(LICIN_1))))


def test_R14_the_hall_and_unrecorded_seats_raise_no_hand() -> None:
    s = session()
    s.do(RegisterPeserta(peserta(AULA), AULA, "Bupati"), RegisterPeserta(peserta(LICIN_1), LICIN_1, "Ani"))
    assert s.refused(ask(AULA)) is Code.CANNOT_SPEAK
    s.do(GiveConsent(LICIN_1, Consent.TANPA_REKAMAN))
    assert s.refused(ask(LICIN_1)) is Code.NO_CONSENT


def test_R15_an_office_withdraws_only_its_own_waiting_requests() -> None:
    s = session()
    hand = s.hand(LICIN_1)
    assert s.refused(WithdrawRequest(GLAGAH_1, hand)) is Code.NOT_YOURS
    assert s.refused(WithdrawRequest(LICIN_1, RequestId("?"))) is Code.UNKNOWN_REQUEST
    s.do(WithdrawRequest(LICIN_1, hand))
    assert s.meeting.queue.requests[hand].state is RequestState.DITARIK
    assert s.refused(WithdrawRequest(LICIN_1, hand)) is Code.WRONG_STATE
    s.do(ask(LICIN_1, request="again"), call(1, LICIN_1))
    assert s.refused(WithdrawRequest(LICIN_1, RequestId("again"))) is Code.WRONG_STATE


def test_R15_a_new_order_names_exactly_the_waiting_ones() -> None:
    s = session()
    one, two, three = s.hand(LICIN_1), s.hand(LICIN_1, 2), s.hand(LICIN_1, 3)
    other = s.hand(GLAGAH_1)
    for wrong in ((one, two), (one, two, three, three), (one, one, two), ()):
        assert s.refused(ReorderRequests(LICIN_1, wrong)) is Code.BAD_VALUE
    assert s.refused(ReorderRequests(LICIN_1, (one, two, other))) is Code.NOT_YOURS
    s.do(ReorderRequests(LICIN_1, (three, one, two)))
    assert s.meeting.queue.waiting[LICIN_1] == [three, one, two]
    assert s.do(ReorderRequests(LICIN_1, (three, one, two))) == []
    s.do(call(1, LICIN_1))
    assert s.meeting.turns.turns[TurnId("t1")].request_id == three


def test_R17_the_live_turn_counts_and_a_postponed_one_does_not() -> None:
    s = session(script=())
    s.hand(LICIN_1), s.hand(LICIN_1, 2), s.hand(LICIN_2)
    assert s.order() == [
        (LICIN_1, "belum_bicara"), (LICIN_2, "belum_bicara"), (LICIN_1, "urutan_datang")
    ]  # fmt: skip
    s.do(call(1, LICIN_1))
    assert s.order() == [(LICIN_2, "belum_bicara"), (LICIN_1, "urutan_datang")]


def test_R17_an_absent_seat_keeps_its_place() -> None:
    s = session(connected=())
    assert [seat_id for seat_id, _ in s.order()] == [LICIN_1, GLAGAH_1, KALIPURO_1]


def test_R18_bersiap_are_the_first_that_could_go_on_air() -> None:
    s = session(connected=(GLAGAH_1, KALIPURO_1))
    assert s.meeting.presence.bersiap == [GLAGAH_1, KALIPURO_1]
    assert s.do(ConnectSeat(LICIN_1, True))[1:] == [], "connected, but has not consented"
    assert BersiapChanged((LICIN_1, GLAGAH_1)) in s.do(GiveConsent(LICIN_1, Consent.DIREKAM))
    assert BersiapChanged((GLAGAH_1, KALIPURO_1)) in s.do(ConnectSeat(LICIN_1, False))
    assert BersiapChanged((GLAGAH_1,)) in s.do(DropSeat(KALIPURO_1))


def test_R18_bersiap_moves_with_the_call_and_leaves_out_who_speaks() -> None:
    s = session()
    assert BersiapChanged((GLAGAH_1, KALIPURO_1)) in s.do(call(1, LICIN_1))
    s.hand(LICIN_1), s.hand(LICIN_1, 2)
    s.do(call(2, GLAGAH_1), call(3, KALIPURO_1))
    assert s.meeting.presence.bersiap == [LICIN_1], "one office, however many hands"
    s.do(call(4, LICIN_1))
    assert s.meeting.presence.bersiap == []


def test_R18_bersiap_is_empty_outside_an_open_dialog() -> None:
    s = session()
    assert BersiapChanged(()) in s.do(SuspendMeeting())
    assert BersiapChanged((LICIN_1, GLAGAH_1)) in s.do(ResumeMeeting())
    assert BersiapChanged(()) in s.do(StartItem(PENUTUP))
    assert BersiapChanged((LICIN_1, GLAGAH_1)) in s.do(StartItem(DIALOG))
    assert BersiapChanged(()) in s.do(CloseMeeting())


@pytest.mark.parametrize("count", [0, 1])
def test_R18_the_settings_say_how_many(count: int) -> None:
    s = session(settings=MeetingSettings(bersiap=count))
    assert s.meeting.presence.bersiap == [LICIN_1][:count]


def test_R19_ready_is_confirmed_for_who_is_in_bersiap_and_undone_by_a_drop() -> None:
    s = session()
    assert s.refused(ConfirmReady(LICIN_2, True)) is Code.WRONG_STATE
    assert s.refused(ConfirmReady(SeatId("nowhere"), True)) is Code.UNKNOWN_SEAT
    assert s.do(ConfirmReady(LICIN_1, True)) == [ReadyConfirmed(LICIN_1, True)]
    assert s.do(ConfirmReady(LICIN_1, True)) == []
    s.do(DropSeat(LICIN_1), ConnectSeat(LICIN_1, True))
    assert not s.meeting.presence.seats[LICIN_1].ready
    s.do(ConfirmReady(LICIN_1, True), ReopenRoom(s.now - 5), ConnectSeat(LICIN_1, True))
    assert not s.meeting.presence.seats[LICIN_1].ready
