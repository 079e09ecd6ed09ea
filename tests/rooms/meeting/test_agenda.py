"""R1-R11: setting up, opening, items, suspension, close, script."""

from dataclasses import replace

import pytest

from rooms.ids import ItemId, NoteId, PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    AddSeats,
    AmendAgenda,
    CloseMeeting,
    Command,
    ConfigureMeeting,
    ConnectSeat,
    DropSeat,
    EndTurn,
    ExtendTurn,
    GiveConsent,
    LogNote,
    OpenMeeting,
    RegisterPeserta,
    RequestTurn,
    ResumeMeeting,
    SetOffRecord,
    SetScript,
    StartItem,
    SuspendMeeting,
    WithdrawRequest,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import (
    AgendaAmended,
    ItemStarted,
    MeetingClosed,
    MeetingOpened,
    PesertaRegistered,
    RequestBecameWritten,
    SeatConnected,
    SeatsAdded,
    TurnEnded,
)
from rooms.meeting.vocabulary import (
    Consent,
    ItemKind,
    ItemSpec,
    JenisCatatan,
    JenisKelamin,
    MeetingSettings,
    MeetingStatus,
    RequestState,
    SeatKind,
    SeatSpec,
    TurnState,
    Unsur,
)
from tests.support.meeting import (
    AULA,
    DIALOG,
    GLAGAH_1,
    ITEMS,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    PENUTUP,
    SCRIPT,
    SEATS,
    Session,
    call,
    configure,
    peserta,
    session,
)


def test_R2_time_never_runs_backwards() -> None:
    s = session()
    s.now = 50_000
    s.do(call(1, LICIN_1))
    s.now = 20_000
    s.do(EndTurn(TurnId("t1")))
    assert s.meeting.turns.turns[TurnId("t1")].ended_at == 50_000


def test_R3_what_already_is_yields_no_event() -> None:
    s = session()
    assert s.do(ConnectSeat(LICIN_1, True)) == []
    assert s.do(GiveConsent(LICIN_1, Consent.DIREKAM)) == []
    assert s.do(SetOffRecord(False)) == []
    s.do(DropSeat(LICIN_1))
    assert s.do(DropSeat(LICIN_1)) == []


BASE = ConfigureMeeting("Musrenbang", SEATS, ITEMS, SCRIPT)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(BASE, seats=SEATS[1:]), Code.BAD_VALUE),
        (replace(BASE, seats=(*SEATS, SeatSpec(SeatId("aula-2"), SeatKind.AULA, "Aula 2"))), Code.BAD_VALUE),
        (replace(BASE, seats=(*SEATS, SEATS[1])), Code.DUPLICATE_ID),
        (replace(BASE, agenda=(*ITEMS, ITEMS[0])), Code.DUPLICATE_ID),
        (replace(BASE, script=(SeatId("nowhere"),)), Code.UNKNOWN_SEAT),
        (replace(BASE, script=(AULA,)), Code.BAD_VALUE),
        (replace(BASE, script=(LICIN_1, LICIN_1)), Code.BAD_VALUE),
        (replace(BASE, settings=MeetingSettings(turn_limit_s=9)), Code.BAD_VALUE),
        (replace(BASE, settings=MeetingSettings(turn_limit_s=3601)), Code.BAD_VALUE),
        (replace(BASE, settings=MeetingSettings(warn_before_s=181)), Code.BAD_VALUE),
        (replace(BASE, settings=MeetingSettings(grace_s=-1)), Code.BAD_VALUE),
        (replace(BASE, settings=MeetingSettings(bersiap=5)), Code.BAD_VALUE),
        (replace(BASE, settings=MeetingSettings(bersiap=4, beku=3)), Code.BAD_VALUE),
    ],
)
def test_R5_a_configuration_that_does_not_hold_is_refused(wrong: Command, code: Code) -> None:
    assert Session().refused(wrong) is code


def test_R5_configuring_again_keeps_who_stays() -> None:
    s = session(opened=False)
    s.do(
        RegisterPeserta(peserta(LICIN_1), LICIN_1, "Ani"), RegisterPeserta(peserta(LICIN_2), LICIN_2, "Budi")
    )
    s.do(replace(BASE, seats=SEATS[:2], script=()))
    assert s.meeting.presence.seats[LICIN_1].connected
    assert list(s.meeting.presence.peserta) == [peserta(LICIN_1)]
    s.do(configure())
    assert not s.meeting.presence.seats[LICIN_2].connected


def test_R5_an_opened_meeting_is_not_configured() -> None:
    assert session().refused(configure()) is Code.WRONG_STATUS


def test_R6_only_a_configured_meeting_opens_and_only_once() -> None:
    assert Session().refused(OpenMeeting()) is Code.WRONG_STATUS
    s = session(opened=False)
    assert s.do(OpenMeeting()) == [MeetingOpened()]
    assert s.meeting.agenda.item_id is None
    assert s.refused(OpenMeeting()) is Code.WRONG_STATUS


def test_R6_suspending_resuming_and_closing_need_their_state() -> None:
    s = session(opened=False)
    commands: list[Command] = [SuspendMeeting(), ResumeMeeting(), CloseMeeting(), StartItem(DIALOG)]
    for command in commands:
        assert s.refused(command) is Code.WRONG_STATUS
    s.do(OpenMeeting())
    assert s.refused(ResumeMeeting()) is Code.WRONG_STATUS
    s.do(SuspendMeeting())
    assert s.refused(SuspendMeeting()) is Code.WRONG_STATUS
    assert s.refused(StartItem(DIALOG)) is Code.WRONG_STATUS
    s.do(CloseMeeting())
    for command in (*commands, OpenMeeting()):
        assert s.refused(command) is Code.WRONG_STATUS
    assert s.meeting.agenda.status is MeetingStatus.DITUTUP


def test_R100_the_agenda_changes_under_way_and_nobody_on_the_floor_notices() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    before = s.meeting.next_deadline()
    more = ItemSpec(ItemId("doa"), ItemKind.SEREMONI, "Doa bersama")
    renamed = tuple(replace(item, title=f"{item.title} baru") for item in ITEMS)
    (event,) = s.do(AmendAgenda("Nama baru", (more, *renamed)))
    assert event == AgendaAmended("Nama baru", (more, *renamed))
    agenda = s.meeting.agenda
    assert (agenda.title, [*agenda.items]) == ("Nama baru", [ItemId("doa"), *(i.item_id for i in ITEMS)])
    assert (agenda.item_id, s.meeting.turns.live is not None) == (DIALOG, True)
    assert s.meeting.next_deadline() == before
    assert s.do(AmendAgenda("Nama baru", (more, *renamed))) == [], "R3"
    s.do(StartItem(more.item_id))
    assert s.meeting.agenda.item_id == more.item_id


def test_R100_what_has_run_stays_as_it_was() -> None:
    s = session()
    dialog = next(item for item in ITEMS if item.item_id == DIALOG)
    rest = tuple(item for item in ITEMS if item.item_id != DIALOG)
    other = replace(dialog, kind=ItemKind.PAPARAN)
    assert s.refused(AmendAgenda("x", rest)) is Code.WRONG_STATE
    assert s.refused(AmendAgenda("x", (*rest, other))) is Code.WRONG_STATE
    assert s.refused(AmendAgenda("x", ())) is Code.BAD_VALUE
    assert s.refused(AmendAgenda("x", (dialog, dialog))) is Code.DUPLICATE_ID
    s.do(AmendAgenda("x", (dialog,)), CloseMeeting())
    assert s.refused(AmendAgenda("y", (dialog,))) is Code.WRONG_STATUS
    assert Session().refused(AmendAgenda("y", (dialog,))) is Code.WRONG_STATUS
    before = session(opened=False)
    before.do(AmendAgenda("x", (*rest, other)))


def test_R101_an_office_that_was_forgotten_comes_last_and_nobody_notices() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    before = (s.meeting.next_deadline(), s.meeting.turns.live, tuple(s.meeting.order()))
    late = SeatSpec(SeatId("licin-9"), SeatKind.DIALOG, "Licin sembilan", "35.10.01.2009")
    quiet = replace(late, seat_id=SeatId("licin-8"), kind=SeatKind.MENYIMAK)
    needed = s.meeting.quorum.needed
    assert s.do(AddSeats((late, quiet))) == [SeatsAdded((late, quiet))]
    deadline, live, order = before
    assert (s.meeting.next_deadline(), s.meeting.turns.live) == (deadline, live)
    assert [place.seat_id for place in s.meeting.order()] == [*(p.seat_id for p in order), late.seat_id]
    assert s.meeting.quorum.invited == len(SEATS) - 1 + 2
    assert s.meeting.quorum.needed >= needed
    # It is there like any other: it comes in, is called, speaks.
    s.do(ConnectSeat(late.seat_id, True), GiveConsent(late.seat_id, Consent.DIREKAM))
    s.do(DropSeat(GLAGAH_1))
    assert late.seat_id in s.meeting.presence.bersiap
    s.do(call(2, late.seat_id))
    assert s.meeting.turns.live is not None
    assert s.meeting.turns.live.seat_id == late.seat_id


def test_R101_what_is_there_is_not_added_again() -> None:
    s = session()
    late = SeatSpec(SeatId("licin-9"), SeatKind.MENYIMAK, "Licin sembilan")
    assert s.refused(AddSeats((late, SEATS[1]))) is Code.DUPLICATE_ID
    assert s.refused(AddSeats((late, late))) is Code.DUPLICATE_ID
    assert s.refused(AddSeats((replace(late, kind=SeatKind.AULA),))) is Code.BAD_VALUE
    assert s.refused(AddSeats((replace(late, bobot=0),))) is Code.BAD_VALUE
    assert s.refused(AddSeats(())) is Code.BAD_VALUE
    assert Session().refused(AddSeats((late,))) is Code.WRONG_STATUS
    s.do(CloseMeeting())
    assert s.refused(AddSeats((late,))) is Code.WRONG_STATUS


def test_R7_items_run_in_any_order_and_again() -> None:
    s = session()
    assert s.refused(StartItem(DIALOG)) is Code.WRONG_STATE
    assert s.refused(StartItem(ItemId("nothing"))) is Code.UNKNOWN_ITEM
    s.do(StartItem(PENUTUP), StartItem(DIALOG))
    assert [span.item_id for span in s.meeting.agenda.spans] == [DIALOG, PENUTUP, DIALOG]
    assert [span.ended_at is None for span in s.meeting.agenda.spans] == [False, False, True]


def test_R7_another_item_ends_the_turn_first() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 5_000
    ended, started, *_ = s.do(StartItem(PENUTUP))
    assert ended == TurnEnded(TurnId("t1"), TurnState.SELESAI, 5_000)
    assert started == ItemStarted(PENUTUP)


def test_R8_while_suspended_the_floor_stands_still_but_hands_may_be_withdrawn() -> None:
    s = session()
    hand = s.hand(LICIN_2)
    s.do(call(1, LICIN_1), SuspendMeeting())
    assert s.refused(call(2, GLAGAH_1)) is Code.WRONG_STATUS
    assert s.refused(EndTurn(TurnId("t1"))) is Code.WRONG_STATUS
    assert s.refused(ExtendTurn(TurnId("t1"), 60)) is Code.WRONG_STATUS
    s.do(RegisterPeserta(peserta(GLAGAH_1), GLAGAH_1, "Citra"))
    asks = RequestTurn(RequestId("r"), GLAGAH_1, peserta(GLAGAH_1), "")
    assert s.refused(asks) is Code.WRONG_STATUS
    s.do(WithdrawRequest(LICIN_2, hand))


def test_R8_no_clock_runs_while_suspended() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    s.now += 10_000
    s.do(SuspendMeeting())
    assert s.meeting.next_deadline() is None
    assert s.after(3600) == []
    s.do(ResumeMeeting())
    assert s.meeting.next_deadline() == s.now + 170_000
    s.now += 1_000
    assert s.do(EndTurn(TurnId("t1")))[0] == TurnEnded(TurnId("t1"), TurnState.SELESAI, 11_000)


@pytest.mark.parametrize("dropped_first", [True, False])
def test_R8_the_grace_of_a_dropped_speaker_stands_still_too(dropped_first: bool) -> None:
    s = session()
    s.do(call(1, LICIN_1))
    if dropped_first:
        s.do(DropSeat(LICIN_1))
        s.now += 10_000
        s.do(SuspendMeeting())
    else:
        s.do(SuspendMeeting(), DropSeat(LICIN_1))
    assert s.after(3600) == []
    s.do(ResumeMeeting())
    assert s.meeting.next_deadline() == s.now + (20_000 if dropped_first else 30_000)


def test_R8_a_speaker_that_returns_while_suspended_goes_on_at_the_resumption() -> None:
    s = session()
    s.do(call(1, LICIN_1), DropSeat(LICIN_1), SuspendMeeting(), ConnectSeat(LICIN_1, True))
    s.after(100)
    s.do(ResumeMeeting())
    s.now += 7_000
    assert s.do(EndTurn(TurnId("t1")))[0] == TurnEnded(TurnId("t1"), TurnState.SELESAI, 7_000)


def test_R9_closing_ends_the_turn_and_makes_waiting_hands_written() -> None:
    s = session()
    hands = [s.hand(LICIN_2), s.hand(GLAGAH_1), s.hand(GLAGAH_1, 2)]
    s.do(call(1, GLAGAH_1))
    events = s.do(CloseMeeting())
    assert isinstance(events[0], TurnEnded)
    assert {e.request_id for e in events if isinstance(e, RequestBecameWritten)} == {hands[0], hands[2]}
    assert MeetingClosed() in events
    states = [s.meeting.queue.requests[h].state for h in hands]
    assert states == [RequestState.TERTULIS, RequestState.TERLAYANI, RequestState.TERTULIS]
    assert s.meeting.next_deadline() is None


def test_R9_a_speaker_whose_line_is_down_at_the_close_becomes_written() -> None:
    s = session()
    hand = s.hand(LICIN_2)
    s.do(call(1, LICIN_2), DropSeat(LICIN_2), CloseMeeting())
    assert s.meeting.turns.turns[TurnId("t1")].state is TurnState.PUTUS
    assert s.meeting.queue.requests[hand].state is RequestState.TERTULIS
    assert s.meeting.queue.waiting == {}


def test_R10_the_script_may_be_replaced_until_the_close() -> None:
    s = session()
    s.do(call(1, LICIN_1), EndTurn(TurnId("t1")), SetScript((KALIPURO_1, LICIN_1)))
    assert s.order() == [(KALIPURO_1, "naskah"), (LICIN_1, "naskah")]
    assert s.refused(SetScript((AULA,))) is Code.BAD_VALUE
    assert s.refused(SetScript((SeatId("nowhere"),))) is Code.UNKNOWN_SEAT
    assert s.refused(SetScript((LICIN_1, LICIN_1))) is Code.BAD_VALUE
    s.do(CloseMeeting())
    assert s.refused(SetScript(())) is Code.WRONG_STATUS


def test_R11_a_peserta_is_corrected_by_the_same_id() -> None:
    s = session()
    ani = PesertaId("ani")
    s.do(RegisterPeserta(ani, LICIN_1, "Ani"))
    corrected = RegisterPeserta(
        ani, LICIN_1, "Ani Rahayu", "Kepala Desa", Unsur.PEREMPUAN, JenisKelamin.PEREMPUAN
    )
    assert s.do(corrected) == [PesertaRegistered(ani, LICIN_1, "perempuan", "P", "Ani Rahayu", "Kepala Desa")]
    assert s.refused(RegisterPeserta(ani, SeatId("nowhere"), "Ani")) is Code.UNKNOWN_SEAT
    s.do(CloseMeeting())
    assert s.refused(corrected) is Code.WRONG_STATUS


def test_R11_a_peserta_stays_behind_its_seat() -> None:
    s = session()
    moved = RegisterPeserta(PesertaId("ani"), LICIN_2, "Budi")
    s.do(RegisterPeserta(PesertaId("ani"), LICIN_1, "Ani"))
    assert s.refused(moved) is Code.NOT_YOURS
    assert s.meeting.presence.peserta[PesertaId("ani")].seat_id == LICIN_1


def test_R29_off_record_is_switched_while_running() -> None:
    s = session(opened=False)
    assert s.refused(SetOffRecord(True)) is Code.WRONG_STATUS
    s.do(OpenMeeting(), SetOffRecord(True), SuspendMeeting(), SetOffRecord(False), CloseMeeting())
    assert s.refused(SetOffRecord(True)) is Code.WRONG_STATUS


def test_R30_connections_leave_no_trace_after_the_close() -> None:
    s = session(opened=False, connected=())
    assert s.do(ConnectSeat(LICIN_1, True)) == [SeatConnected(LICIN_1, True)]
    s.do(OpenMeeting(), CloseMeeting())
    assert s.do(DropSeat(LICIN_1)) == []
    assert s.do(ConnectSeat(LICIN_2, True)) == []


def test_R32_notes_bind_from_the_opening_on_and_after_the_close() -> None:
    s = session(opened=False)

    def note(number: int, seat_id: SeatId | None = None, turn_id: TurnId | None = None) -> Command:
        return LogNote(NoteId(f"n{number}"), JenisCatatan.USULAN, seat_id, turn_id, 5)

    assert s.refused(note(1)) is Code.WRONG_STATUS
    s.do(OpenMeeting(), StartItem(DIALOG), note(1), call(1, LICIN_1), note(2, GLAGAH_1, TurnId("t1")))
    assert s.refused(note(3, SeatId("nowhere"))) is Code.UNKNOWN_SEAT
    assert s.refused(note(3, None, TurnId("t9"))) is Code.UNKNOWN_TURN
    assert s.refused(note(2)) is Code.DUPLICATE_ID
    s.do(CloseMeeting(), note(3, LICIN_1, TurnId("t1")))
    assert list(s.meeting.state.notes) == ["n1", "n2", "n3"]
