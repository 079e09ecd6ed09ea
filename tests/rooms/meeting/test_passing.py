"""R35, R36: an office in bersiap that does not answer."""

import pytest

from rooms.ids import SeatId, TurnId
from rooms.meeting.commands import (
    ConfirmReady,
    ConnectSeat,
    DropSeat,
    EndTurn,
    PassOver,
    PostponeTurn,
    SuspendMeeting,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import BersiapChanged, SeatPassedOver
from rooms.meeting.vocabulary import MeetingSettings, Urutan
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


def pass_twice(s: Session, seat_id: SeatId) -> None:
    """Passed over, and again after a turn without a hand of somebody who waits for none."""
    s.do(PassOver(seat_id))
    turn = len(s.meeting.turns.turns)
    s.do(call(turn, LICIN_2), EndTurn(TurnId(f"t{turn}")))
    s.do(PassOver(seat_id))


def test_R35_the_next_is_prepared_at_once_and_the_place_is_kept() -> None:
    s = session()
    before = s.order()
    assert s.meeting.presence.bersiap == [LICIN_1, GLAGAH_1]
    assert s.do(PassOver(LICIN_1)) == [SeatPassedOver(LICIN_1), BersiapChanged((GLAGAH_1, KALIPURO_1))]
    assert s.order() == before


def test_R35_it_is_prepared_again_once_another_turn_has_begun() -> None:
    s = session()
    s.do(PassOver(LICIN_1), call(1, GLAGAH_1))
    assert s.meeting.presence.bersiap == [LICIN_1, KALIPURO_1]


def test_R35_or_once_its_line_is_back() -> None:
    s = session()
    s.do(PassOver(LICIN_1), DropSeat(LICIN_1), ConnectSeat(LICIN_1, True))
    assert s.meeting.presence.bersiap == [LICIN_1, GLAGAH_1]


def test_R35_only_an_office_in_bersiap_is_passed_over_and_only_while_open() -> None:
    s = session()
    assert s.refused(PassOver(KALIPURO_1)) is Code.WRONG_STATE
    assert s.refused(PassOver(SeatId("nowhere"))) is Code.UNKNOWN_SEAT
    s.do(PassOver(LICIN_1))
    assert s.refused(PassOver(LICIN_1)) is Code.WRONG_STATE
    s.do(SuspendMeeting())
    assert s.refused(PassOver(GLAGAH_1)) is Code.WRONG_STATUS


def test_R35_a_call_of_the_next_one_is_no_override() -> None:
    s = session()
    s.do(PassOver(LICIN_1))
    (called, *_) = s.do(call(1, GLAGAH_1))
    assert called.suggested.seat_id == GLAGAH_1  # type: ignore[union-attr]
    assert s.meeting.turns.live is not None


def test_R36_the_second_time_a_line_of_the_script_goes_to_its_end() -> None:
    s = session()
    pass_twice(s, LICIN_1)
    assert s.order() == [(GLAGAH_1, "naskah"), (KALIPURO_1, "naskah"), (LICIN_1, "naskah")]
    assert s.meeting.queue.passed == []


@pytest.mark.parametrize("urutan", [None, *Urutan])
def test_R36_the_second_time_hands_go_behind_the_share(urutan: Urutan | None) -> None:
    s = session(script=(), settings=MeetingSettings(urutan=urutan))
    s.hand(GLAGAH_2)
    s.hand(GLAGAH_2, 2)
    s.hand(KALIPURO_1)
    s.hand(LICIN_1)
    pass_twice(s, GLAGAH_2)
    assert [seat for seat, _ in s.order()] == [KALIPURO_1, LICIN_1, GLAGAH_2, GLAGAH_2]
    assert [reason for _, reason in s.order()][2:] == ["dilewati", "dilewati"]
    s.hand(GLAGAH_1)
    assert [seat for seat, _ in s.order()][3:] == [GLAGAH_2, GLAGAH_2]


def test_R36_a_hand_at_the_tail_ages_anew() -> None:
    s = session(script=(), settings=MeetingSettings(urutan=Urutan.DATANG, penuaan=2))
    s.hand(GLAGAH_2)
    s.hand(KALIPURO_1)
    pass_twice(s, GLAGAH_2)
    s.do(call(7, LICIN_2))
    assert s.order() == [(KALIPURO_1, "lama_menunggu"), (GLAGAH_2, "dilewati")]
    s.do(call(8, LICIN_1))
    assert s.order() == [(GLAGAH_2, "lama_menunggu"), (KALIPURO_1, "lama_menunggu")]


def test_R36_a_lost_turn_goes_behind_the_other_lost_ones() -> None:
    s = session()
    for number, seat_id in enumerate((LICIN_1, GLAGAH_1)):
        s.do(call(number, seat_id), DropSeat(seat_id))
        s.after(30)
        s.do(ConnectSeat(seat_id, True))
    assert s.order()[:2] == [(LICIN_1, "terputus"), (GLAGAH_1, "terputus")]
    pass_twice(s, LICIN_1)
    assert s.order()[:2] == [(GLAGAH_1, "terputus"), (LICIN_1, "terputus")]


def test_R36_a_postponed_hand_goes_behind_the_other_postponed_ones() -> None:
    s = session(script=())
    for number, seat_id in enumerate((LICIN_1, GLAGAH_1)):
        s.hand(seat_id)
        s.do(call(number, seat_id), PostponeTurn(TurnId(f"t{number}")))
    pass_twice(s, LICIN_1)
    assert s.order() == [(GLAGAH_1, "ditunda"), (LICIN_1, "ditunda")]


def test_R36_who_was_ready_or_raised_a_hand_or_spoke_meanwhile_begins_anew() -> None:
    s = session()
    s.do(PassOver(LICIN_1), call(1, LICIN_2), ConfirmReady(LICIN_1, True))
    assert s.do(PassOver(LICIN_1))[0] == SeatPassedOver(LICIN_1)
    s.do(call(2, GLAGAH_2))
    s.hand(LICIN_1)
    assert s.do(PassOver(LICIN_1))[0] == SeatPassedOver(LICIN_1)
    s.do(call(3, LICIN_1), EndTurn(TurnId("t3")))
    assert s.meeting.queue.passed == []
