"""R64-R66: sanctions name a peserta and silence nobody else."""

import pytest

from rooms.ids import PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    CloseMeeting,
    DropSeat,
    LiftSanction,
    RegisterPeserta,
    RequestTurn,
    SanctionPeserta,
    SuspendMeeting,
    TriageRequest,
)
from rooms.meeting.errors import Code
from rooms.meeting.events import (
    BersiapChanged,
    PesertaSanctioned,
    RequestBecameWritten,
    SanctionLifted,
    TurnEnded,
)
from rooms.meeting.vocabulary import Jalur, RequestState, Sanksi, TurnState
from tests.support.meeting import LICIN_2, call, peserta, session

SILENCING = [Sanksi.LARANG_BICARA, Sanksi.KELUARKAN]
ANI = peserta(LICIN_2)


def sanction(jenis: Sanksi, peserta_id: PesertaId = ANI) -> SanctionPeserta:
    return SanctionPeserta(peserta_id, jenis, "Memotong pembicara")


def ask(request: str, peserta_id: PesertaId, seat_id: SeatId = LICIN_2) -> RequestTurn:
    return RequestTurn(RequestId(request), seat_id, peserta_id, "Topik")


def test_R64_a_warning_is_counted_and_takes_nothing() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    expected = [PesertaSanctioned(ANI, Sanksi.PERINGATAN, "Memotong pembicara")]
    assert s.do(sanction(Sanksi.PERINGATAN)) == expected
    assert s.do(sanction(Sanksi.PERINGATAN)) == expected
    assert s.meeting.presence.peserta[ANI].peringatan == 2
    assert s.meeting.queue.waiting == {LICIN_2: [hand]}


def test_R64_sanctions_grow_and_a_lighter_one_needs_the_lifting_first() -> None:
    s = session()
    s.do(RegisterPeserta(ANI, LICIN_2, "Ani"), sanction(Sanksi.LARANG_BICARA))
    assert s.do(sanction(Sanksi.LARANG_BICARA)) == []
    s.do(sanction(Sanksi.KELUARKAN))
    for lighter in (Sanksi.PERINGATAN, Sanksi.LARANG_BICARA):
        assert s.refused(sanction(lighter)) is Code.WRONG_STATE
    assert s.do(LiftSanction(ANI)) == [SanctionLifted(ANI)]
    s.do(sanction(Sanksi.PERINGATAN))


def test_R64_the_record_keeps_its_sanction_when_it_is_corrected() -> None:
    s = session()
    s.do(RegisterPeserta(ANI, LICIN_2, "Ani"), sanction(Sanksi.KELUARKAN))
    s.do(RegisterPeserta(ANI, LICIN_2, "Ani S."))
    assert s.refused(ask("r", ANI)) is Code.SANCTIONED


@pytest.mark.parametrize("jenis", SILENCING)
def test_R65_a_silenced_peserta_raises_no_hand_and_is_not_put_back(jenis: Sanksi) -> None:
    s = session(script=())
    hand, other = s.hand(LICIN_2), s.hand(LICIN_2, 2)
    events = s.do(sanction(jenis))
    assert RequestBecameWritten(hand) in events
    assert s.meeting.queue.waiting == {LICIN_2: [other]}
    assert s.refused(ask("again", ANI)) is Code.SANCTIONED
    assert s.refused(TriageRequest(hand, Jalur.BICARA)) is Code.SANCTIONED
    s.do(call(1, LICIN_2))
    assert s.meeting.turns.turns[TurnId("t1")].peserta_id == peserta(LICIN_2, 2)


@pytest.mark.parametrize("jenis", SILENCING)
@pytest.mark.parametrize("dropped", [False, True])
def test_R65_who_speaks_has_finished_and_the_seat_is_untouched(jenis: Sanksi, dropped: bool) -> None:
    s = session(script=())
    hand, other = s.hand(LICIN_2), s.hand(LICIN_2, 2)
    s.do(call(1, LICIN_2))
    s.now += 4_000
    if dropped:
        s.do(DropSeat(LICIN_2))
    events = s.do(sanction(jenis))
    assert TurnEnded(TurnId("t1"), TurnState.SELESAI, 4_000) in events
    assert s.meeting.queue.requests[hand].state is RequestState.TERLAYANI
    assert s.meeting.queue.requests[other].state is RequestState.ANTRE
    assert s.meeting.presence.seats[LICIN_2].connected is not dropped


def test_R65_a_turn_of_another_peserta_of_the_seat_goes_on() -> None:
    s = session(script=())
    s.hand(LICIN_2, 2)
    hand = s.hand(LICIN_2)
    s.do(call(1, LICIN_2))
    events = [e for e in s.do(sanction(Sanksi.KELUARKAN)) if not isinstance(e, BersiapChanged)]
    assert events == [
        PesertaSanctioned(ANI, Sanksi.KELUARKAN, "Memotong pembicara"),
        RequestBecameWritten(hand),
    ]
    live = s.meeting.turns.live
    assert live is not None
    assert live.state is TurnState.BICARA


def test_R66_lifting_gives_the_word_back_and_clears_the_warnings() -> None:
    s = session(script=())
    hand = s.hand(LICIN_2)
    s.do(sanction(Sanksi.PERINGATAN), sanction(Sanksi.LARANG_BICARA), LiftSanction(ANI))
    assert s.do(LiftSanction(ANI)) == []
    assert s.meeting.presence.peserta[ANI].peringatan == 0
    assert s.meeting.queue.requests[hand].state is RequestState.TERTULIS
    s.do(TriageRequest(hand, Jalur.BICARA))
    assert s.meeting.queue.waiting == {LICIN_2: [hand]}


def test_R64_it_is_for_known_people_until_the_close() -> None:
    s = session()
    for command in (sanction(Sanksi.PERINGATAN, PesertaId("none")), LiftSanction(PesertaId("none"))):
        assert s.refused(command) is Code.UNKNOWN_PESERTA
    s.hand(LICIN_2)
    s.do(SuspendMeeting(), sanction(Sanksi.KELUARKAN), CloseMeeting())
    assert s.refused(LiftSanction(ANI)) is Code.WRONG_STATUS
    assert s.refused(sanction(Sanksi.KELUARKAN)) is Code.WRONG_STATUS
