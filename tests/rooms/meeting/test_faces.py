"""R94-R96: a device that nobody has looked at, one that is not the office's, an office by telephone."""

from rooms.ids import DeviceId, TurnId
from rooms.meeting.commands import (
    CallResponder,
    CallSeat,
    CloseMeeting,
    ConfirmReady,
    ConnectSeat,
    ContinueTurn,
    DropSeat,
    ReachSeat,
    RecogniseSeat,
    ReopenRoom,
    UndoCall,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import (
    InterjectionEnded,
    ReadyConfirmed,
    SeatConnected,
    SeatReached,
    SeatRecognised,
    TurnEnded,
    TurnHeld,
)
from rooms.meeting.presence import MOST_FACES
from rooms.meeting.stage import stage
from rooms.meeting.vocabulary import TurnMedia, TurnState, Wajah
from tests.support.meeting import AULA, GLAGAH_1, LICIN_1, OFFICES, Session, call, session

LAPTOP, PHONE = DeviceId("laptop"), DeviceId("hp")
T1 = TurnId("t1")


def looked_at(device: DeviceId = LAPTOP) -> Session:
    """A dialog that begins with glagah-1, whose device has a name."""
    s = session(script=(GLAGAH_1, LICIN_1))
    s.do(ConnectSeat(GLAGAH_1, True, device))
    return s


def face(s: Session) -> Wajah | None:
    return s.meeting.presence.seats[GLAGAH_1].wajah


def test_R94_who_has_no_name_is_not_looked_at() -> None:
    s = session()
    assert {s.meeting.presence.seats[seat].wajah for seat in OFFICES} == {None}
    assert s.refused(RecogniseSeat(GLAGAH_1, 0, True)) is Code.WRONG_STATE


def test_R94_a_face_is_kept_for_its_device_over_drops_outages_and_other_devices() -> None:
    s = looked_at()
    assert face(s) is Wajah.BELUM
    assert s.do(RecogniseSeat(GLAGAH_1, 1, True)) == [SeatRecognised(GLAGAH_1, LAPTOP, True)]
    assert s.do(RecogniseSeat(GLAGAH_1, 1, True)) == []
    s.do(DropSeat(GLAGAH_1), ConnectSeat(GLAGAH_1, True, LAPTOP), ReopenRoom(s.now))
    s.do(ConnectSeat(GLAGAH_1, True, LAPTOP))
    assert face(s) is Wajah.DIKENAL
    assert s.do(ConnectSeat(GLAGAH_1, True, PHONE))[:1] == [SeatConnected(GLAGAH_1, True, PHONE)]
    assert face(s) is Wajah.BELUM
    s.do(ConnectSeat(GLAGAH_1, True, LAPTOP))
    assert face(s) is Wajah.DIKENAL


def test_R94_a_link_that_comes_with_ever_new_devices_fills_nothing_and_changes_no_face() -> None:
    s = looked_at()
    s.do(RecogniseSeat(GLAGAH_1, 1, True), ConnectSeat(GLAGAH_1, True, PHONE))
    s.do(RecogniseSeat(GLAGAH_1, 2, False))
    for n in range(3, 1_000):
        s.do(ConnectSeat(GLAGAH_1, True, DeviceId(f"lain{n}")))
        assert face(s) is Wajah.BELUM
    seat = s.meeting.presence.seats[GLAGAH_1]
    assert len(seat.faces) == MOST_FACES
    assert list(seat.faces)[:3] == [LAPTOP, PHONE, DeviceId(f"lain{1_000 - MOST_FACES + 2}")]
    assert seat.alat == 999, "a number is given once"
    # One that was forgotten is new again; what desks have said goes last, "no" after "yes".
    s.do(ConnectSeat(GLAGAH_1, True, DeviceId("lain3")))
    assert seat.alat == 1_000
    s.do(ConnectSeat(GLAGAH_1, True, PHONE))
    assert face(s) is Wajah.BUKAN
    for n in range(1_001, 1_001 + MOST_FACES):
        s.do(ConnectSeat(GLAGAH_1, True, DeviceId(f"baru{n}")), RecogniseSeat(GLAGAH_1, n, True))
    assert LAPTOP not in seat.faces
    assert PHONE in seat.faces


def test_R94_what_was_seen_is_said_of_the_device_that_was_seen() -> None:
    """Between the look and the press another device took the seat."""
    s = looked_at()
    s.do(ConnectSeat(GLAGAH_1, True, PHONE))
    assert s.refused(RecogniseSeat(GLAGAH_1, 1, True)) is Code.WRONG_STATE
    s.do(RecogniseSeat(GLAGAH_1, 2, True), DropSeat(GLAGAH_1))
    assert s.refused(RecogniseSeat(GLAGAH_1, 2, False)) is Code.WRONG_STATE
    s.do(CloseMeeting())
    assert s.refused(RecogniseSeat(GLAGAH_1, 2, True)) is Code.WRONG_STATUS


def test_R94_who_is_confirmed_ready_was_seen_and_another_device_is_not_ready() -> None:
    s = looked_at()
    assert s.do(ConfirmReady(GLAGAH_1, True)) == [
        ReadyConfirmed(GLAGAH_1, True),
        SeatRecognised(GLAGAH_1, LAPTOP, True),
    ]
    s.do(ConnectSeat(GLAGAH_1, True, PHONE))
    assert not s.meeting.presence.seats[GLAGAH_1].ready


def test_R94_an_unseen_device_forbids_nothing() -> None:
    s = looked_at()
    assert s.meeting.presence.bersiap[0] == GLAGAH_1
    s.do(call(1, GLAGAH_1))
    assert s.meeting.turns.live is not None
    s.do(RecogniseSeat(GLAGAH_1, 1, True), UndoCall(T1))


def test_R95_a_stranger_is_neither_prepared_nor_called_but_looked_at_again() -> None:
    s = looked_at()
    s.do(RecogniseSeat(GLAGAH_1, 1, False))
    assert GLAGAH_1 not in s.meeting.presence.bersiap
    assert GLAGAH_1 in stage(s.meeting).panel
    assert s.refused(call(1, GLAGAH_1)) is Code.NOT_KNOWN
    s.do(CallSeat(T1, GLAGAH_1, None, TurnMedia.LEWAT_TELEPON))
    s.do(RecogniseSeat(GLAGAH_1, 1, True), call(2, LICIN_1), call(3, GLAGAH_1))
    assert stage(s.meeting).speaker is not None


def test_R95_a_stranger_who_has_the_floor_loses_it_at_once() -> None:
    s = looked_at()
    s.do(call(1, GLAGAH_1))
    events = s.do(RecogniseSeat(GLAGAH_1, 1, False))
    assert isinstance(events[0], TurnEnded)
    assert events[0].outcome is TurnState.SELESAI
    assert stage(s.meeting).speaker is None


def test_R95_a_stranger_who_takes_the_seat_of_a_speaker_ends_the_turn() -> None:
    s = looked_at()
    s.do(RecogniseSeat(GLAGAH_1, 1, False), ConnectSeat(GLAGAH_1, True, PHONE), call(1, GLAGAH_1))
    s.do(ConnectSeat(GLAGAH_1, True, LAPTOP))
    assert s.meeting.turns.live is None


def test_R95_a_stranger_does_not_continue_a_turn_that_waits_for_its_line() -> None:
    s = looked_at()
    s.do(RecogniseSeat(GLAGAH_1, 1, False), ConnectSeat(GLAGAH_1, True, PHONE), call(1, GLAGAH_1))
    s.do(RecogniseSeat(GLAGAH_1, 2, True))
    s.do(DropSeat(GLAGAH_1), ConnectSeat(GLAGAH_1, True, LAPTOP))
    assert [turn.state for turn in s.meeting.turns.turns.values()] == [TurnState.JEDA]
    s.do(ConnectSeat(GLAGAH_1, True, PHONE))
    assert [turn.state for turn in s.meeting.turns.turns.values()] == [TurnState.BICARA]


def test_R103_another_device_that_nobody_has_seen_does_not_speak_in_the_place_of_one() -> None:
    s = looked_at()
    s.do(call(1, GLAGAH_1))
    assert s.do(ConnectSeat(GLAGAH_1, True, PHONE))[:2] == [
        TurnHeld(T1),
        SeatConnected(GLAGAH_1, True, PHONE),
    ]
    assert stage(s.meeting).speaker is None
    assert GLAGAH_1 in stage(s.meeting).panel, "where the desks look at it"
    s.do(ContinueTurn(T1))
    assert stage(s.meeting).speaker is not None
    # The one that was called, and one that was seen, go on by themselves.
    assert s.do(ConnectSeat(GLAGAH_1, True, LAPTOP))[0] == TurnHeld(T1)
    s.do(RecogniseSeat(GLAGAH_1, 1, True), ContinueTurn(T1), RecogniseSeat(GLAGAH_1, 1, True))
    s.do(DropSeat(GLAGAH_1), ConnectSeat(GLAGAH_1, True, LAPTOP))
    assert stage(s.meeting).speaker is not None


def test_R103_nor_when_the_line_was_down_and_no_grace_ends_the_turn() -> None:
    s = looked_at()
    s.do(call(1, GLAGAH_1), DropSeat(GLAGAH_1))
    assert TurnHeld(T1) in s.do(ConnectSeat(GLAGAH_1, True, PHONE))
    assert s.after(3600) == []
    s.do(ContinueTurn(T1))
    assert s.meeting.turns.live is not None


def test_R103_nor_for_who_answers() -> None:
    s = looked_at()
    s.do(ConnectSeat(LICIN_1, True, PHONE), call(1, LICIN_1), CallResponder(TurnId("t2"), GLAGAH_1))
    ended, *_ = s.do(ConnectSeat(GLAGAH_1, True, PHONE))
    assert isinstance(ended, InterjectionEnded)
    assert stage(s.meeting).responder is None
    assert stage(s.meeting).speaker is not None


def test_R96_an_office_by_telephone_keeps_its_place_and_its_line() -> None:
    s = looked_at()
    before = s.meeting.presence.bersiap[:]
    assert s.do(ReachSeat(GLAGAH_1, True)) == [SeatReached(GLAGAH_1, True)]
    assert s.do(ReachSeat(GLAGAH_1, True)) == []
    assert s.meeting.presence.bersiap == before
    s.do(DropSeat(GLAGAH_1))
    assert s.meeting.presence.seats[GLAGAH_1].telepon, "also while its line is down"
    assert s.refused(ReachSeat(AULA, True)) is Code.CANNOT_SPEAK
    s.do(CloseMeeting())
    assert s.refused(ReachSeat(GLAGAH_1, False)) is Code.WRONG_STATUS
