"""R91-R93: shared screens."""

import pytest

from rooms.ids import TurnId
from rooms.meeting.commands import (
    CallResponder,
    CloseMeeting,
    Command,
    ConnectSeat,
    ContinueTurn,
    DropSeat,
    EndTurn,
    HoldTurn,
    OpenMeeting,
    ReopenRoom,
    SetOffRecord,
    ShareScreen,
    StopScreen,
    SuspendMeeting,
    UndoCall,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import ScreenShared, ScreenStopped
from rooms.meeting.stage import Shown, stage
from rooms.meeting.vocabulary import ScreenEnd
from tests.support.meeting import AULA, GLAGAH_1, LICIN_1, LICIN_2, Session, call, session

T1 = TurnId("t1")
SHARE_HALL, SHARE_LICIN = ShareScreen(AULA, True), ShareScreen(LICIN_1, True)


def with_hall() -> Session:
    s = session()
    s.do(ConnectSeat(AULA, True))
    return s


def test_R91_the_hall_shares_from_opening_to_close() -> None:
    s = session(opened=False)
    s.do(ConnectSeat(AULA, True))
    assert s.refused(SHARE_HALL) is Code.WRONG_STATUS
    s.do(OpenMeeting())
    assert s.do(SHARE_HALL) == [ScreenShared(AULA)]
    assert s.do(SHARE_HALL) == []
    s.do(SuspendMeeting())
    assert stage(s.meeting).screen == Shown(AULA, None, True)
    assert ScreenStopped(AULA, ScreenEnd.TURUN) in s.do(CloseMeeting())
    assert stage(s.meeting).screen is None
    assert s.refused(SHARE_HALL) is Code.WRONG_STATUS


def test_R91_an_office_shares_only_while_it_is_on_stage_by_call() -> None:
    s = with_hall()
    assert s.refused(SHARE_LICIN) is Code.WRONG_STATE
    s.do(call(1, LICIN_1))
    assert s.do(SHARE_LICIN) == [ScreenShared(LICIN_1)]
    assert stage(s.meeting).screen == Shown(LICIN_1, T1, True)
    assert s.refused(ShareScreen(LICIN_2, True)) is Code.WRONG_STATE
    s.do(DropSeat(LICIN_2))
    assert s.refused(ShareScreen(LICIN_2, True)) is Code.SEAT_ABSENT


def test_R92_a_guest_is_seen_before_the_hall_and_the_hall_again_afterwards() -> None:
    s = with_hall()
    s.do(SHARE_HALL, call(1, LICIN_1), SHARE_LICIN)
    assert stage(s.meeting).screen == Shown(LICIN_1, T1, True)
    s.do(SetOffRecord(True))
    assert stage(s.meeting).screen == Shown(LICIN_1, T1, False)
    s.do(ShareScreen(LICIN_1, False))
    assert stage(s.meeting).screen == Shown(AULA, None, False)


def test_R92_the_newest_guest_ends_the_share_of_the_other() -> None:
    s = with_hall()
    s.do(SHARE_HALL, call(1, LICIN_1), SHARE_LICIN, CallResponder(TurnId("t2"), LICIN_2))
    answer = s.do(ShareScreen(LICIN_2, True))
    assert answer == [ScreenStopped(LICIN_1, ScreenEnd.DIGANTI), ScreenShared(LICIN_2)]
    assert stage(s.meeting).screen == Shown(LICIN_2, TurnId("t2"), True)
    assert s.do(SHARE_LICIN) == [ScreenStopped(LICIN_2, ScreenEnd.DIGANTI), ScreenShared(LICIN_1)]
    assert s.meeting.screens.shared == [AULA, LICIN_1]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (ShareScreen(LICIN_1, False), ScreenEnd.SENDIRI),
        (StopScreen(LICIN_1), ScreenEnd.DIHENTIKAN),
        (HoldTurn(T1), ScreenEnd.TURUN),
        (EndTurn(T1), ScreenEnd.TURUN),
        (call(2, GLAGAH_1), ScreenEnd.TURUN),
        (SuspendMeeting(), ScreenEnd.TURUN),
        (DropSeat(LICIN_1), ScreenEnd.PUTUS),
        (ReopenRoom(0), ScreenEnd.PUTUS),
    ],
)
def test_R93_a_share_ends_with_what_it_rested_on(command: Command, why: ScreenEnd) -> None:
    s = with_hall()
    s.do(call(1, LICIN_1), SHARE_LICIN)
    assert ScreenStopped(LICIN_1, why) in s.do(command)
    assert stage(s.meeting).screen is None
    assert s.meeting.screens.ended == {LICIN_1: why}
    assert s.meeting.screens.shared == []


def test_R93_it_never_comes_back_by_itself() -> None:
    s = with_hall()
    s.do(call(1, LICIN_1), SHARE_LICIN, HoldTurn(T1), ContinueTurn(T1))
    assert stage(s.meeting).screen is None
    s.do(SHARE_LICIN, call(2, GLAGAH_1), UndoCall(TurnId("t2")))
    assert stage(s.meeting).screen is None
    assert s.do(SHARE_LICIN) == [ScreenShared(LICIN_1)]
    assert s.meeting.screens.ended == {}


def test_R93_who_does_not_share_has_nothing_to_end() -> None:
    s = with_hall()
    assert s.do(StopScreen(AULA), ShareScreen(AULA, False)) == []
