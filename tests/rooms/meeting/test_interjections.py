"""R44-R49: points of order and responders."""

import pytest

from rooms.ids import NoteId, PointId, SeatId, TurnId
from rooms.meeting.commands import (
    CallResponder,
    CloseMeeting,
    Command,
    ConnectSeat,
    ContinueTurn,
    DismissPoint,
    DropSeat,
    EndInterjection,
    EndTurn,
    GiveConsent,
    GrantPoint,
    HoldTurn,
    LogNote,
    PostponeTurn,
    RaisePoint,
    RegisterPeserta,
    ReopenRoom,
    ResumeMeeting,
    SanctionPeserta,
    StartItem,
    SuspendMeeting,
    WithdrawPoint,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import (
    InterjectionBegan,
    InterjectionEnded,
    PointDismissed,
    TurnContinued,
    TurnEnded,
    TurnHeld,
    TurnPaused,
)
from rooms.meeting.stage import stage
from rooms.meeting.vocabulary import Consent, JenisCatatan, Sanksi, TurnKind, TurnMedia, TurnState
from tests.support.meeting import (
    AULA,
    GLAGAH_1,
    GLAGAH_2,
    KALIPURO_1,
    KALIPURO_2,
    LICIN_1,
    LICIN_2,
    PENUTUP,
    Session,
    call,
    peserta,
    session,
)

T1, SELA, SELA_2 = TurnId("t1"), TurnId("sela"), TurnId("sela-2")
POINT = PointId("p")


def raised(s: Session, seat_id: SeatId = GLAGAH_1, point: PointId = POINT) -> RaisePoint:
    person = peserta(seat_id)
    s.do(RegisterPeserta(person, seat_id, "Nama"))
    return RaisePoint(point, seat_id, person, "Tata tertib")


def speaking() -> Session:
    """Licin 1 has spoken 10 s of its turn."""
    s = session()
    s.do(call(1, LICIN_1))
    s.after(10)
    return s


def interrupted() -> Session:
    s = speaking()
    s.do(raised(s), GrantPoint(SELA, POINT))
    return s


def answered(seat_id: SeatId = GLAGAH_2) -> Session:
    s = speaking()
    s.do(CallResponder(SELA, seat_id))
    return s


def live(s: Session) -> tuple[TurnState, int]:
    turn = s.meeting.turns.live
    assert turn is not None
    return turn.state, turn.clock.spent(s.now)


def on_stage(s: Session) -> tuple[SeatId | None, SeatId | None]:
    plan = stage(s.meeting)
    return (
        plan.speaker.seat_id if plan.speaker else None,
        plan.responder.seat_id if plan.responder else None,
    )


def test_R44_the_speakers_clock_stands_and_goes_on() -> None:
    s = interrupted()
    assert live(s) == (TurnState.DISELA, 10_000)
    assert s.meeting.next_deadline() is None
    assert s.after(500) == []
    assert live(s) == (TurnState.DISELA, 10_000)
    assert s.do(EndInterjection(SELA)) == [
        InterjectionEnded(SELA, TurnState.SELESAI, 500_000),
        TurnContinued(T1),
    ]
    s.after(5)
    assert live(s) == (TurnState.BICARA, 15_000)


def test_R44_an_interjection_counts_nowhere_in_the_order() -> None:
    s = interrupted()
    before, board = s.order(), s.meeting.board()
    s.after(60)
    s.do(EndInterjection(SELA))
    assert (s.order(), s.meeting.board().seconds, s.meeting.board().heard) == (
        before,
        board.seconds,
        board.heard,
    )


def test_R45_who_may_raise_a_point() -> None:
    s = session()
    point = raised(s)
    s.do(StartItem(PENUTUP), point)
    assert s.refused(RaisePoint(PointId("q"), GLAGAH_1, peserta(GLAGAH_1))) is Code.ALREADY_QUEUED
    assert s.refused(raised(s, LICIN_1)) is Code.DUPLICATE_ID
    assert s.refused(RaisePoint(PointId("q"), AULA, peserta(GLAGAH_1))) is Code.CANNOT_SPEAK
    assert s.refused(RaisePoint(PointId("q"), LICIN_1, peserta(GLAGAH_1))) is Code.NOT_YOURS
    s.do(GiveConsent(LICIN_2, Consent.TANPA_REKAMAN))
    assert s.refused(raised(s, LICIN_2, PointId("q"))) is Code.NO_CONSENT
    other = raised(s, LICIN_1, PointId("q"))
    s.do(SuspendMeeting())
    assert s.refused(other) is Code.WRONG_STATUS
    assert s.refused(GrantPoint(SELA, POINT)) is Code.WRONG_STATUS


def test_R45_a_point_is_withdrawn_dismissed_or_gone_with_the_close() -> None:
    s = session()
    s.do(raised(s))
    assert s.refused(WithdrawPoint(LICIN_1, POINT)) is Code.NOT_YOURS
    s.do(WithdrawPoint(GLAGAH_1, POINT))
    assert s.refused(DismissPoint(POINT)) is Code.UNKNOWN_POINT
    s.do(raised(s), DismissPoint(POINT), raised(s))
    s.do(CloseMeeting())
    assert s.meeting.interjections.points == {}


def test_R46_the_interrupter_is_on_stage_alone() -> None:
    s = interrupted()
    assert on_stage(s) == (GLAGAH_1, None)
    s.do(EndInterjection(SELA))
    assert on_stage(s) == (LICIN_1, None)


def test_R46_a_point_may_be_granted_when_nobody_speaks() -> None:
    s = session()
    s.do(raised(s), GrantPoint(SELA, POINT))
    assert on_stage(s) == (GLAGAH_1, None)
    assert s.do(EndInterjection(SELA)) == [InterjectionEnded(SELA, TurnState.SELESAI, 0)]


def test_R46_what_a_grant_needs() -> None:
    s = session()
    s.do(raised(s), call(1, GLAGAH_1))
    assert s.refused(GrantPoint(SELA, POINT)) is Code.WRONG_STATE
    assert s.refused(GrantPoint(T1, POINT)) is Code.DUPLICATE_ID
    assert s.refused(GrantPoint(SELA, PointId("?"))) is Code.UNKNOWN_POINT
    s.do(EndTurn(T1), DropSeat(GLAGAH_1))
    assert s.refused(GrantPoint(SELA, POINT)) is Code.SEAT_ABSENT


def test_R46_a_held_turn_stays_held_and_is_given_back_by_lanjut() -> None:
    s = speaking()
    s.do(raised(s), HoldTurn(T1), GrantPoint(SELA, POINT))
    assert live(s)[0] is TurnState.DITAHAN
    assert s.do(ContinueTurn(T1)) == [InterjectionEnded(SELA, TurnState.SELESAI, 0), TurnContinued(T1)]


def test_R46_a_lost_speaker_may_be_interrupted_and_is_waited_for_afterwards() -> None:
    s = speaking()
    s.do(raised(s), DropSeat(LICIN_1), GrantPoint(SELA, POINT))
    assert s.after(100) == []
    assert s.do(EndInterjection(SELA))[1] == TurnPaused(T1, s.now + 30_000)


def test_R47_a_responder_is_beside_the_speaker() -> None:
    s = answered()
    assert live(s)[0] is TurnState.DISELA
    assert on_stage(s) == (LICIN_1, GLAGAH_2)
    shown = stage(s.meeting).responder
    assert shown is not None
    assert (shown.turn_id, shown.record) == (SELA, True)
    s.do(SuspendMeeting())
    assert on_stage(s) == (None, None)


def test_R47_who_answers_in_the_hall_is_named_and_leaves_the_stage_as_it_is() -> None:
    s = speaking()
    s.do(RegisterPeserta(peserta(AULA), AULA, "Kepala Dinas", "Kepala Dinas PU"))
    hall = TurnMedia.HADIR_DI_AULA
    assert s.refused(CallResponder(SELA, AULA, None, hall)) is Code.BAD_VALUE
    assert s.refused(CallResponder(SELA, AULA, peserta(AULA))) is Code.BAD_VALUE
    assert s.refused(CallResponder(SELA, AULA, peserta(GLAGAH_1), hall)) is Code.UNKNOWN_PESERTA
    s.do(CallResponder(SELA, AULA, peserta(AULA), hall))
    assert on_stage(s) == (LICIN_1, None)
    assert live(s)[0] is TurnState.DISELA


def test_R47_a_responder_answers_a_speaker() -> None:
    s = session()
    assert s.refused(CallResponder(SELA, GLAGAH_2)) is Code.WRONG_STATE
    s.do(call(1, LICIN_1))
    assert s.refused(CallResponder(SELA, LICIN_1)) is Code.WRONG_STATE
    assert s.refused(CallResponder(T1, GLAGAH_2)) is Code.DUPLICATE_ID
    assert s.refused(CallResponder(SELA, SeatId("nowhere"))) is Code.UNKNOWN_SEAT
    s.do(DropSeat(GLAGAH_2))
    assert s.refused(CallResponder(SELA, GLAGAH_2)) is Code.SEAT_ABSENT
    s.do(CallResponder(SELA, GLAGAH_2, None, TurnMedia.LEWAT_TELEPON))
    assert on_stage(s) == (LICIN_1, None)


def test_R48_a_lost_line_of_the_interjector_gives_the_floor_back() -> None:
    for s, seat_id in ((interrupted(), GLAGAH_1), (answered(), GLAGAH_2)):
        s.after(3)
        _, ended, back = s.do(DropSeat(seat_id))[:3]
        assert (ended, back) == (InterjectionEnded(SELA, TurnState.PUTUS, 3_000), TurnContinued(T1))


def test_R48_so_does_a_withdrawn_consent() -> None:
    s = answered()
    ended, back = s.do(GiveConsent(GLAGAH_2, Consent.TANPA_REKAMAN))[:2]
    assert (ended, back) == (InterjectionEnded(SELA, TurnState.SELESAI, 0), TurnContinued(T1))


def test_R48_a_lost_speaker_is_waited_for_once_the_interjection_is_over() -> None:
    s = answered()
    s.do(DropSeat(LICIN_1))
    assert live(s)[0] is TurnState.DISELA
    assert on_stage(s) == (None, GLAGAH_2)
    assert s.do(EndInterjection(SELA)) == [
        InterjectionEnded(SELA, TurnState.SELESAI, 0),
        TurnPaused(T1, s.now + 30_000),
    ]
    assert s.do(ConnectSeat(LICIN_1, True))[1] == TurnContinued(T1)


def test_R48_only_the_interjection_that_runs_is_ended() -> None:
    s = interrupted()
    assert s.refused(EndInterjection(T1)) is Code.UNKNOWN_TURN
    s.do(EndInterjection(SELA))
    assert s.refused(EndInterjection(SELA)) is Code.WRONG_STATE


MOVES: list[tuple[Command, object]] = [
    (call(2, KALIPURO_1), TurnEnded(T1, TurnState.SELESAI, 10_000)),
    (HoldTurn(T1), TurnHeld(T1)),
    (EndTurn(T1), TurnEnded(T1, TurnState.SELESAI, 10_000)),
    (PostponeTurn(T1), TurnEnded(T1, TurnState.DITUNDA, 10_000)),
    (StartItem(PENUTUP), TurnEnded(T1, TurnState.SELESAI, 10_000)),
    (CloseMeeting(), TurnEnded(T1, TurnState.SELESAI, 10_000)),
    (GiveConsent(LICIN_1, Consent.TANPA_REKAMAN), TurnEnded(T1, TurnState.SELESAI, 10_000)),
    (
        CallResponder(SELA_2, KALIPURO_2),
        InterjectionBegan(SELA_2, TurnKind.TANGGAPAN, KALIPURO_2, None, None, TurnMedia.PANGGILAN, T1),
    ),
]


@pytest.mark.parametrize(("command", "second"), MOVES, ids=lambda value: type(value).__name__)
def test_R49_what_moves_the_floor_ends_the_interjection_first(command: Command, second: object) -> None:
    s = answered()
    s.after(4)
    assert s.do(command)[:2] == [InterjectionEnded(SELA, TurnState.SELESAI, 4_000), second]


def test_R49_a_speaker_whose_line_is_down_has_not_finished() -> None:
    s = session()
    request = s.hand(LICIN_1)
    s.do(call(1, LICIN_1), CallResponder(SELA, GLAGAH_2), DropSeat(LICIN_1))
    events = s.do(CloseMeeting())
    assert events[1] == TurnEnded(T1, TurnState.PUTUS, 0)
    assert s.meeting.queue.requests[request].state == "tertulis"


def test_R49_suspending_stops_its_clock() -> None:
    s = answered()
    s.after(2)
    s.do(SuspendMeeting())
    s.after(100)
    s.do(ResumeMeeting())
    s.after(3)
    assert s.do(EndInterjection(SELA))[0] == InterjectionEnded(SELA, TurnState.SELESAI, 5_000)


def test_R49_an_outage_ends_one_by_call_when_the_server_went_away() -> None:
    s = answered()
    s.after(62)
    assert s.do(ReopenRoom(s.now - 60_000))[1:3] == [
        InterjectionEnded(SELA, TurnState.PUTUS, 2_000),
        TurnPaused(T1, s.now + 30_000),
    ]


def test_R49_an_outage_leaves_one_in_the_hall() -> None:
    s = speaking()
    s.do(RegisterPeserta(peserta(AULA), AULA, "Kepala Dinas"))
    s.do(CallResponder(SELA, AULA, peserta(AULA), TurnMedia.HADIR_DI_AULA))
    s.after(62)
    s.do(ReopenRoom(s.now - 60_000))
    assert s.do(EndInterjection(SELA)) == [
        InterjectionEnded(SELA, TurnState.SELESAI, 2_000),
        TurnPaused(T1, s.now + 30_000),
    ]


def test_R32_notes_bind_to_interjections() -> None:
    s = answered()
    s.do(LogNote(NoteId("n"), JenisCatatan.ARAHAN, LICIN_1, SELA, s.now))
    assert s.refused(LogNote(NoteId("m"), JenisCatatan.ARAHAN, LICIN_1, SELA_2, s.now)) is Code.UNKNOWN_TURN


def test_R65_a_sanction_ends_an_interjection_and_dismisses_points() -> None:
    s = interrupted()
    again = RaisePoint(PointId("q"), GLAGAH_1, peserta(GLAGAH_1))
    s.do(again)
    sanction = SanctionPeserta(peserta(GLAGAH_1), Sanksi.LARANG_BICARA, "Berteriak")
    assert s.do(sanction)[1:4] == [
        PointDismissed(PointId("q")),
        InterjectionEnded(SELA, TurnState.SELESAI, 0),
        TurnContinued(T1),
    ]
    assert s.refused(again) is Code.SANCTIONED
    assert s.refused(CallResponder(SELA_2, GLAGAH_1, peserta(GLAGAH_1))) is Code.SANCTIONED
