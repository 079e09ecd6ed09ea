"""R34: what is on stage."""

from rooms.ids import TurnId
from rooms.meeting.commands import (
    CloseMeeting,
    Command,
    ConnectSeat,
    ContinueTurn,
    DropSeat,
    EndTurn,
    GiveConsent,
    HoldTurn,
    OpenMeeting,
    PlaceSeat,
    ReopenRoom,
    ResumeMeeting,
    SetOffRecord,
    StartItem,
    SuspendMeeting,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import SeatPlaced
from rooms.meeting.meeting import Meeting
from rooms.meeting.stage import Shown, StagePlan, stage
from rooms.meeting.vocabulary import Consent, TurnMedia
from tests.support.meeting import AULA, DIALOG, GLAGAH_1, KALIPURO_1, LICIN_1, call, session

T1 = TurnId("t1")
HALL = Shown(AULA, None, True)


def test_R34_the_hall_is_on_stage_from_opening_to_close() -> None:
    s = session(opened=False)
    assert stage(Meeting(s.meeting.policy)) == StagePlan()
    assert stage(s.meeting) == StagePlan()
    s.do(OpenMeeting())
    assert stage(s.meeting).on_stage == StagePlan(HALL)
    s.do(SuspendMeeting())
    assert stage(s.meeting).on_stage == StagePlan(HALL)
    s.do(CloseMeeting())
    assert stage(s.meeting) == StagePlan()


def test_R34_the_speaker_has_the_slot_only_while_speaking() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    speaker = Shown(LICIN_1, T1, True)
    assert stage(s.meeting).on_stage == StagePlan(HALL, speaker, previews=(GLAGAH_1, KALIPURO_1))
    steps: list[tuple[Command, Shown | None]] = [
        (HoldTurn(T1), None),
        (ContinueTurn(T1), speaker),
        (DropSeat(LICIN_1), None),
        (ConnectSeat(LICIN_1, True), speaker),
        (SuspendMeeting(), None),
        (ResumeMeeting(), speaker),
        (EndTurn(T1), None),
    ]
    for command, shown in steps:
        s.do(command)
        assert stage(s.meeting).speaker == shown, command


def test_R34_a_turn_through_the_hall_takes_no_slot() -> None:
    s = session()
    for number, media in enumerate((TurnMedia.LEWAT_TELEPON, TurnMedia.HADIR_DI_AULA)):
        s.do(call(number, (LICIN_1, GLAGAH_1)[number], media))
        assert stage(s.meeting).speaker is None


def test_R34_off_record_stops_the_recording_and_not_the_stage() -> None:
    s = session()
    s.do(call(1, LICIN_1), SetOffRecord(True))
    plan = stage(s.meeting)
    assert (plan.aula, plan.speaker) == (Shown(AULA, None, False), Shown(LICIN_1, T1, False))
    s.do(SetOffRecord(False))
    assert stage(s.meeting).aula == HALL


def test_R89_devices_in_the_hall_are_named_with_the_halls_own() -> None:
    s = session()
    assert stage(s.meeting).di_aula == frozenset()
    assert s.do(PlaceSeat(LICIN_1, True)) == [SeatPlaced(LICIN_1, True)]
    assert s.do(PlaceSeat(LICIN_1, True)) == []
    assert s.refused(PlaceSeat(AULA, True)) is Code.BAD_VALUE
    s.do(call(1, LICIN_1), DropSeat(LICIN_1), ReopenRoom(s.now - 5))
    assert stage(s.meeting).di_aula == {AULA, LICIN_1}
    s.do(ConnectSeat(LICIN_1, True), PlaceSeat(LICIN_1, False))
    assert stage(s.meeting).di_aula == frozenset()
    assert stage(s.meeting).speaker == Shown(LICIN_1, T1, True)
    s.do(CloseMeeting())
    assert s.refused(PlaceSeat(LICIN_1, True)) is Code.WRONG_STATUS


def test_R90_consoles_may_watch_who_is_on_the_script_or_next_and_could_go_on_air() -> None:
    s = session(opened=False)
    assert stage(s.meeting).panel == ()
    s.do(OpenMeeting())
    assert stage(s.meeting).panel == (LICIN_1, GLAGAH_1, KALIPURO_1)
    s.do(DropSeat(GLAGAH_1), ConnectSeat(KALIPURO_1, False))
    assert stage(s.meeting).panel == (LICIN_1,)
    s.do(ConnectSeat(GLAGAH_1, True), GiveConsent(LICIN_1, Consent.TANPA_REKAMAN))
    assert stage(s.meeting).panel == (GLAGAH_1,)
    s.do(CloseMeeting())
    assert stage(s.meeting).panel == ()


def test_R34_previews_are_those_in_bersiap() -> None:
    s = session(opened=False)
    s.do(OpenMeeting())
    assert stage(s.meeting).previews == ()
    s.do(StartItem(DIALOG))
    assert stage(s.meeting).previews == (LICIN_1, GLAGAH_1)
