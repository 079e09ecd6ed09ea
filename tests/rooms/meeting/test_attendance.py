"""Attendance and quorum, R80-R83: from joins and from names."""

from dataclasses import replace

import pytest

from rooms.ids import PesertaId, SeatId, TurnId
from rooms.meeting.attendance import Count, Counts, Stay, count
from rooms.meeting.commands import (
    CloseMeeting,
    ConfigureMeeting,
    ConnectSeat,
    DropSeat,
    EndTurn,
    GiveConsent,
    OpenMeeting,
    RegisterPeserta,
    ReopenRoom,
)
from rooms.meeting.errors import Code
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import (
    Consent,
    Hak,
    JenisKelamin,
    Kuorum,
    MeetingSettings,
    SeatKind,
    SeatSpec,
    TurnMedia,
    Unsur,
)
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.support.meeting import (
    AULA,
    GLAGAH_1,
    ITEMS,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    OFFICES,
    SEATS,
    Session,
    call,
    configure,
    peserta,
    session,
)

ANI, BUDI = PesertaId("ani"), PesertaId("budi")


def arrived(s: Session, who: PesertaId, seat_id: SeatId) -> int | None:
    return s.meeting.attendance.arrived_at(who, seat_id)


def counts(s: Session) -> Counts:
    return count(s.meeting.agenda, s.meeting.presence, s.meeting.attendance)


def test_R80_a_seat_attends_from_its_first_connection_and_stays_attended() -> None:
    s = session(opened=False, connected=())
    s.do(ConnectSeat(LICIN_1, True))
    s.after(10)
    s.do(DropSeat(LICIN_1))
    assert s.meeting.attendance.seats == {LICIN_1: Stay(1_000, 11_000)}
    s.after(10)
    s.do(ConnectSeat(LICIN_1, False))
    assert s.meeting.attendance.seats == {LICIN_1: Stay(1_000, None)}
    s.do(OpenMeeting())
    s.after(10)
    s.do(CloseMeeting())
    assert s.meeting.attendance.seats == {LICIN_1: Stay(1_000, 31_000)}
    s.do(DropSeat(LICIN_1))
    assert s.meeting.attendance.seats == {LICIN_1: Stay(1_000, 31_000)}


def test_R80_an_outage_ends_a_stay_where_it_began() -> None:
    s = session(connected=(LICIN_1,))
    s.after(60)
    s.do(ReopenRoom(s.now - 20_000))
    assert s.meeting.attendance.seats == {LICIN_1: Stay(1_000, 41_000)}


def test_R80_an_office_that_was_heard_by_telephone_attends() -> None:
    s = session(connected=(), script=())
    s.do(call(1, KALIPURO_1, TurnMedia.LEWAT_TELEPON))
    assert KALIPURO_1 not in s.meeting.attendance.seats
    s.after(30)
    s.do(EndTurn(TurnId("t1")))
    assert s.meeting.attendance.seats == {KALIPURO_1: Stay(1_000, 31_000)}
    s.do(ConnectSeat(LICIN_1, True), GiveConsent(LICIN_1, Consent.DIREKAM), call(2, LICIN_1))
    s.after(30)
    s.do(EndTurn(TurnId("t2")))
    assert s.meeting.attendance.seats[LICIN_1] == Stay(31_000, None)


def test_R81_a_peserta_comes_with_the_seat_or_when_named_later() -> None:
    s = session(opened=False, connected=())
    s.do(RegisterPeserta(ANI, LICIN_1, "Ani"))
    assert arrived(s, ANI, LICIN_1) is None
    s.after(10)
    s.do(ConnectSeat(LICIN_1, True))
    assert arrived(s, ANI, LICIN_1) == 11_000
    s.after(10)
    s.do(RegisterPeserta(BUDI, LICIN_1, "Budi"))
    s.after(10)
    s.do(RegisterPeserta(BUDI, LICIN_1, "Budi Santoso"))
    assert arrived(s, BUDI, LICIN_1) == 21_000, "a correction does not move the instant"


def test_R82_everybody_is_counted_once_by_place_unsur_sex_and_right() -> None:
    guest = SeatSpec(SeatId("camat"), SeatKind.TAMU, "Camat Licin", "35.10.01")
    s = Session()
    s.do(ConfigureMeeting("Musrenbang", (*SEATS, guest), ITEMS, ()))
    s.do(
        RegisterPeserta(ANI, LICIN_1, "Ani", "", Unsur.TANI, JenisKelamin.PEREMPUAN),
        RegisterPeserta(BUDI, LICIN_2, "Budi", "", Unsur.TANI, JenisKelamin.LAKI_LAKI, Hak.PENINJAU),
        RegisterPeserta(peserta(guest.seat_id), guest.seat_id, "Camat"),
        RegisterPeserta(peserta(AULA), AULA, "Bupati", "", Unsur.TIDAK_DISEBUT, JenisKelamin.PEREMPUAN),
        RegisterPeserta(peserta(GLAGAH_1), GLAGAH_1, "Belum datang", "", Unsur.NELAYAN),
        *(ConnectSeat(seat, True) for seat in (LICIN_1, LICIN_2, guest.seat_id, AULA)),
        DropSeat(LICIN_2),
    )
    assert counts(s) == Counts(
        Count("", invited=6, present=1, attended=2, peserta=4),
        {
            "aula": Count("Aula", peserta=1),
            "35.10.01": Count("Licin-1", invited=2, present=1, attended=2, peserta=3),
            "35.10.02": Count("Glagah-1", invited=2),
            "35.10.03": Count("Kalipuro-1", invited=2),
        },
        {"tani": 2, "": 2},
        {"P": 2, "L": 1, "": 1},
        {"peninjau": 1, "": 3},
    )


@pytest.mark.parametrize(
    ("kuorum", "invited", "needed"),
    [
        (Kuorum.TIDAK_DIHITUNG, 6, 0),
        (Kuorum.LEBIH_SETENGAH, 6, 4),
        (Kuorum.LEBIH_SETENGAH, 5, 3),
        (Kuorum.DUA_PERTIGA, 6, 4),
        (Kuorum.DUA_PERTIGA, 5, 4),
        (Kuorum.DUA_PERTIGA, 3, 2),
        (Kuorum.SEMUA, 6, 6),
    ],
)
def test_R83_how_many_are_needed(kuorum: Kuorum, invited: int, needed: int) -> None:
    s = Session()
    seats = (*SEATS[: invited + 1], SeatSpec(SeatId("tamu"), SeatKind.TAMU, "Tamu"))
    s.do(ConfigureMeeting("Musrenbang", seats, ITEMS, (), MeetingSettings(kuorum=kuorum)))
    s.do(ConnectSeat(SeatId("tamu"), True), ConnectSeat(AULA, True))
    found = s.meeting.quorum
    assert (found.invited, found.needed, found.present, found.met) == (invited, needed, 0, needed == 0)


def test_R83_a_quorum_blocks_the_opening_only_where_it_was_asked_for() -> None:
    shown = session(opened=False, connected=OFFICES[:3])
    assert not shown.meeting.quorum.met
    shown.do(OpenMeeting())

    asked = session(opened=False, connected=OFFICES[:3], settings=MeetingSettings(kuorum_wajib=True))
    assert asked.refused(OpenMeeting()) is Code.NO_QUORUM
    asked.do(ConnectSeat(OFFICES[3], False))
    assert asked.meeting.quorum.met, "who only listens is there too"
    asked.do(OpenMeeting(), DropSeat(OFFICES[3]), DropSeat(OFFICES[2]))
    assert not asked.meeting.quorum.met


def test_attendance_is_kept_in_snapshots_and_for_seats_that_stay() -> None:
    s = session(opened=False)
    s.do(RegisterPeserta(ANI, LICIN_1, "Ani", "", Unsur.TANI, JenisKelamin.PEREMPUAN))
    restored = Meeting.restore(NASKAH_BERGILIR, s.meeting.snapshot())
    assert restored.state == s.meeting.state
    command = configure(script=())
    assert isinstance(command, ConfigureMeeting)
    s.do(replace(command, seats=SEATS[:2]))
    assert list(s.meeting.attendance.seats) == [LICIN_1]
    assert counts(s).total == Count("", invited=1, present=1, attended=1, peserta=1)
