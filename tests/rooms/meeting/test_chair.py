"""R71, R72: who leads, by hand and as the pimpinan's screens come and go."""

import pytest

from rooms.ids import SeatId, TurnId
from rooms.meeting.commands import (
    CloseMeeting,
    Command,
    ConnectChair,
    DropChair,
    EndTurn,
    HandOverChair,
    HoldTurn,
    ReopenRoom,
    ResumeMeeting,
    SuspendMeeting,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import ChairDropped, ChairHandedOver, ChairReturned, RoomReopened
from rooms.meeting.stage import stage
from rooms.meeting.vocabulary import MeetingSettings, Pemimpin
from tests.support.meeting import LICIN_1, OFFICES, Session, call, session

GRACE = MeetingSettings(grace_s=30)
TO_PROTOKOL = ChairHandedOver(Pemimpin.PROTOKOL, False)
TO_PIMPINAN = ChairHandedOver(Pemimpin.PIMPINAN, False)


def led(connected: tuple[SeatId, ...] = OFFICES) -> Session:
    s = session(settings=GRACE, connected=connected)
    s.do(ConnectChair())
    return s


def holder(s: Session) -> Pemimpin:
    return s.meeting.state.chair.holder


def test_R71_the_lead_is_handed_over_and_back_by_hand() -> None:
    s = led()
    assert s.do(HandOverChair(Pemimpin.PIMPINAN)) == []
    assert s.do(HandOverChair(Pemimpin.PENGGANTI, "Wabup")) == [
        ChairHandedOver(Pemimpin.PENGGANTI, True, "Wabup")
    ]
    assert s.do(HandOverChair(Pemimpin.PENGGANTI, "Sekda")) != []
    s.do(HandOverChair(Pemimpin.PROTOKOL, "Rina"))
    assert s.do(HandOverChair(Pemimpin.PROTOKOL, "Rina")) == []
    s.now += 5_000
    s.do(HandOverChair(Pemimpin.PIMPINAN))
    assert (holder(s), s.meeting.state.chair.since) == (Pemimpin.PIMPINAN, 6_000)


@pytest.mark.parametrize("step", [HandOverChair(Pemimpin.PENGGANTI, "Wabup"), DropChair(), ConnectChair()])
def test_R71_nothing_on_stage_or_on_the_floor_follows(step: Command) -> None:
    s = led()
    s.do(call(1, LICIN_1))
    before = (stage(s.meeting), s.meeting.state.turns, s.meeting.order())
    s.do(step)
    assert (stage(s.meeting), s.meeting.state.turns, s.meeting.order()) == before
    s.do(HoldTurn(TurnId("t1")), EndTurn(TurnId("t1")))


def test_R72_a_lead_without_a_screen_goes_to_the_protokol_after_the_grace_and_back() -> None:
    s = led()
    assert s.do(DropChair()) == [ChairDropped(31_000)]
    assert s.do(DropChair()) == []
    assert s.after(29.999) == []
    assert s.after(0.001) == [TO_PROTOKOL]
    assert s.after(60) == []
    assert s.do(ConnectChair()) == [ChairReturned(), TO_PIMPINAN]
    assert s.do(ConnectChair()) == []
    assert s.meeting.next_deadline() is None


def test_R72_a_screen_that_is_back_in_time_leads_on() -> None:
    s = led()
    s.do(DropChair())
    s.after(29)
    assert s.do(ConnectChair()) == [ChairReturned()]
    assert s.after(60) == []
    assert holder(s) is Pemimpin.PIMPINAN


@pytest.mark.parametrize("to", [Pemimpin.PROTOKOL, Pemimpin.PENGGANTI])
def test_R72_what_was_handed_over_by_hand_stays(to: Pemimpin) -> None:
    s = led()
    s.do(HandOverChair(to, "Rina"))
    assert s.do(DropChair()) == [ChairDropped(None)]
    assert s.after(60) == []
    assert s.do(ConnectChair()) == [ChairReturned()]
    assert holder(s) is to


def test_R72_a_word_during_the_absence_counts_as_by_hand() -> None:
    s = led()
    s.do(DropChair())
    s.do(HandOverChair(Pemimpin.PIMPINAN))
    assert s.after(60) == []
    s.do(HandOverChair(Pemimpin.PROTOKOL))
    assert s.do(ConnectChair()) == [ChairReturned()]
    s.do(HandOverChair(Pemimpin.PIMPINAN))
    assert s.do(DropChair()) != []
    assert s.after(30) == [TO_PROTOKOL]
    assert s.do(HandOverChair(Pemimpin.PROTOKOL)) == [ChairHandedOver(Pemimpin.PROTOKOL, True)]
    assert s.do(ConnectChair()) == [ChairReturned()]


def test_R72_suspending_stops_the_grace() -> None:
    s = led()
    s.do(DropChair())
    s.after(20)
    s.do(SuspendMeeting())
    assert s.after(600) == []
    s.do(ResumeMeeting())
    assert s.after(9.999) == []
    assert s.after(0.001) == [TO_PROTOKOL]


def test_R72_a_drop_while_suspended_counts_from_the_resumption() -> None:
    s = led()
    s.do(SuspendMeeting())
    s.do(DropChair())
    assert s.after(600) == []
    s.do(ResumeMeeting())
    assert s.after(30) == [TO_PROTOKOL]


def test_R72_after_an_outage_every_screen_is_gone_until_it_is_back() -> None:
    s = led(connected=())
    s.now += 100_000
    assert s.do(ReopenRoom(s.now - 100_000)) == [RoomReopened(100_000), ChairDropped(s.now + 30_000)]
    s.after(10)
    s.now += 50_000
    assert s.do(ReopenRoom(s.now - 50_000)) == [RoomReopened(50_000)]
    assert s.after(19.999) == []
    assert s.after(0.001) == [TO_PROTOKOL]


def test_R72_before_the_opening_it_is_noted_and_after_the_close_nothing_is() -> None:
    s = session(opened=False)
    s.do(ConnectChair())
    assert s.do(DropChair()) == [ChairDropped(None)]
    s = led()
    s.do(DropChair(), CloseMeeting())
    assert s.meeting.next_deadline() is None
    assert s.do(ConnectChair(), DropChair()) == []
    assert s.refused(HandOverChair(Pemimpin.PROTOKOL)) is Code.WRONG_STATUS


def test_R72_who_never_had_a_screen_leads_from_the_hall() -> None:
    s = session(settings=GRACE, connected=())
    assert s.do(DropChair()) == []
    assert s.do(ReopenRoom(s.now - 1_000)) == [RoomReopened(1_000)]
    assert s.after(60) == []
