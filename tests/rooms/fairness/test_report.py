"""The fairness report, R84-R88: small meetings counted by hand, and totals that equal the journal's."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rooms.fairness.bound import Onlooker
from rooms.fairness.report import GROUPS, STILL, Measures, Report, Row, Waits, measure, report
from rooms.ids import DeviceId, RequestId, TurnId
from rooms.meeting import events as e
from rooms.meeting.commands import (
    CallSeat,
    CloseMeeting,
    Command,
    ConnectSeat,
    DropSeat,
    EndTurn,
    PostponeTurn,
    RecogniseSeat,
    RegisterPeserta,
    RequestTurn,
    WithdrawRequest,
)
from rooms.meeting.errors import Refused
from rooms.meeting.vocabulary import JenisKelamin, MeetingSettings, Unsur, Urutan
from rooms.views import measured
from tests.goals.floor import Play, Tally
from tests.support.meeting import (
    AULA,
    GLAGAH_1,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    OFFICES,
    Session,
    call,
    peserta,
    session,
)


def told(s: Session) -> Report:
    """Each event of the log as a decision of its own, but for calls that end another turn."""
    decisions: list[tuple[int, list[e.Event]]] = []
    for event, at in s.log:
        gives_way = isinstance(event, e.TurnCalled) and isinstance(decisions[-1][1][-1], e.TurnEnded)
        if gives_way and decisions[-1][0] == at:
            decisions[-1][1].append(event)
        else:
            decisions.append((at, [event]))
    return report(decisions, s.now)


def by_hand() -> Session:
    """Ani (tani, P) of Licin 1 speaks 60 s, Kalipuro 1 is called over the others, then Budi (L) speaks."""
    s = session(script=())
    s.do(RegisterPeserta(peserta(LICIN_1), LICIN_1, "Ani", "", Unsur.TANI, JenisKelamin.PEREMPUAN))
    s.do(RegisterPeserta(peserta(LICIN_2), LICIN_2, "Budi", "", Unsur.TIDAK_DISEBUT, JenisKelamin.LAKI_LAKI))
    s.do(RegisterPeserta(peserta(GLAGAH_1), GLAGAH_1, "Citra"))
    for seat_id in (LICIN_1, LICIN_2, GLAGAH_1):
        s.do(RequestTurn(RequestId(seat_id), seat_id, peserta(seat_id), "Topik"))
        s.after(10)
    s.do(call(1, LICIN_1))
    s.after(60)
    s.do(EndTurn(TurnId("t1")))
    s.do(CallSeat(TurnId("t2"), KALIPURO_1, reason="tamu menunggu"))
    s.after(20)
    s.do(call(3, LICIN_2))
    s.after(40)
    s.do(WithdrawRequest(GLAGAH_1, RequestId(GLAGAH_1)))
    return s


def rows(found: Measures, group: str) -> dict[str, tuple[int, int, int, int, int]]:
    """Key -> people, hands, turns, seconds, not heard; rows that had nothing are left out."""
    every = {
        key: (row.peserta, row.hands, row.turns, row.spoken_ms // 1000, row.unserved)
        for key, row in found.groups[group].items()
    }
    return {key: row for key, row in every.items() if any(row)}


def test_R84_a_small_meeting_counted_by_hand() -> None:
    found = told(by_hand()).measures
    assert rows(found, "desa") == {
        LICIN_1: (1, 1, 1, 60, 0),
        LICIN_2: (1, 1, 1, 40, 0),
        GLAGAH_1: (1, 1, 0, 0, 1),
        KALIPURO_1: (0, 0, 1, 20, 0),
    }
    assert rows(found, "kecamatan") == {
        "35.10.01": (2, 2, 2, 100, 0),
        "35.10.02": (1, 1, 0, 0, 1),
        "35.10.03": (0, 0, 1, 20, 0),
    }
    assert rows(found, "jenis_kelamin") == {
        "P": (1, 1, 1, 60, 0),
        "L": (1, 1, 1, 40, 0),
        "": (1, 1, 1, 20, 1),
    }
    assert rows(found, "unsur") == {"tani": (1, 1, 1, 60, 0), "": (2, 2, 2, 60, 1)}
    total = found.total
    assert (total.peserta, total.hands, total.turns, total.spoken_ms, total.unserved) == (3, 3, 3, 120_000, 1)
    assert found.states == {"terlayani": 1, "bicara": 1, "ditarik": 1}


def test_R84_places_that_had_nothing_have_a_row() -> None:
    assert set(told(by_hand()).measures.groups["desa"]) == {AULA, *OFFICES}


def test_R84_a_turn_that_runs_counts_with_its_seconds_so_far() -> None:
    s = by_hand()
    assert measure(s.meeting, s.now + 5_000).total.spoken_ms == 125_000


def test_R85_waiting_is_from_the_hand_to_its_first_turn() -> None:
    s = by_hand()
    found = told(s).measures
    # Licin 1 went up at 0 and was called at 30 s; Licin 2 at 10 s, called at 30 + 60 + 20 s.
    assert found.total.waited == [30_000, 100_000]
    assert found.total.waits == Waits(2, 30_000, 100_000, 100_000)
    assert found.waiting_since is None
    s.do(PostponeTurn(TurnId("t3")))
    s.after(30)
    s.do(call(4, LICIN_2))
    assert told(s).measures.total.waited == [30_000, 100_000], "its second turn is no second wait"
    s.hand(GLAGAH_1)
    assert told(s).measures.waiting_since == s.now


@pytest.mark.parametrize(
    ("waited", "expected"),
    [
        ([], Waits()),
        ([7], Waits(1, 7, 7, 7)),
        ([4, 1, 3, 2], Waits(4, 2, 4, 4)),
        (list(range(1, 21)), Waits(20, 10, 18, 20)),
    ],
)
def test_R85_percentiles_are_by_nearest_rank(waited: list[int], expected: Waits) -> None:
    assert Row("", waited=waited).waits == expected


def test_R86_hands_that_were_not_heard() -> None:
    s = by_hand()
    s.hand(GLAGAH_1)
    assert told(s).measures.total.unserved == 1, "who waits may still be heard"
    s.do(CloseMeeting())
    found = told(s).measures
    assert found.states == {"terlayani": 2, "ditarik": 1, "tertulis": 1}
    assert found.total.unserved == 2


def test_R87_a_call_is_told_with_what_was_suggested() -> None:
    found = told(by_hand())
    assert [(c.seat_id, c.override, c.place, c.alasan) for c in found.calls] == [
        (LICIN_1, False, 1, ""),
        (KALIPURO_1, True, 0, "tamu menunggu"),
        (LICIN_2, True, 2, ""),
    ]
    assert (found.calls[1].suggested_label, found.calls[2].reason) == ("Glagah-1", "belum_bicara")
    assert (found.measures.suggested, found.measures.overrides) == (3, 2)


def test_R88_the_bound_is_told_where_something_was_promised() -> None:
    plain = told(by_hand())
    assert (plain.worst, plain.starved) == (None, None)
    s = session(script=(), settings=MeetingSettings(urutan=Urutan.DETIK_ADIL, penuaan=5))
    for number in (1, 2):
        s.hand(LICIN_1, number), s.hand(GLAGAH_1, number)
    s.do(call(1, LICIN_1))
    s.after(30)
    s.do(call(2, GLAGAH_1))
    s.after(30)
    s.do(EndTurn(TurnId("t2")))
    found = told(s)
    # After the first turn the lead had gone from 0 to 30 s, and the bound stood at 30 s + 0.
    assert (found.worst, found.starved) == (1.0, 0)


def test_R88_the_onlooker_lets_go_of_hands_that_went() -> None:
    s = session(script=(), settings=MeetingSettings(urutan=Urutan.DETIK_ADIL, penuaan=1))
    first = s.hand(KALIPURO_1)
    for seat_id in (LICIN_1, GLAGAH_1):
        s.hand(seat_id), s.hand(seat_id, 2)
    s.do(WithdrawRequest(KALIPURO_1, first))
    for number, seat_id in enumerate((LICIN_1, GLAGAH_1, LICIN_1, GLAGAH_1), 1):
        s.do(call(number, seat_id))
        s.after(10)
    assert told(s).starved == 0


@pytest.mark.parametrize("seed", [0, 1])
def test_totals_equal_the_journals(seed: int) -> None:
    """Against sums over the raw events, in meetings of 217 offices with drops and overrides."""
    play = Play(seed, Tally())
    play.run()
    found = report([(at, [event]) for event, at in play.log], play.now).measures
    check_totals(found, [event for event, _ in play.log])


def check_totals(found: Measures, events: list[e.Event]) -> None:
    ended = [event for event in events if isinstance(event, e.TurnEnded)]
    called = [event for event in events if isinstance(event, e.TurnCalled)]
    hands = [event for event in events if isinstance(event, e.TurnRequested)]
    away = [event for event in events if isinstance(event, e.RequestWithdrawn | e.RequestBecameWritten)]
    seats = Counter(event.seat_id for event in called)
    for rows in (*(found.groups[name].values() for name in GROUPS), [found.total]):
        assert sum(row.turns for row in rows) == len(called)
        assert sum(row.spoken_ms for row in rows) == sum(event.spoken_ms for event in ended)
        assert sum(row.hands for row in rows) == len(hands) == sum(found.states.values())
        assert sum(row.unserved for row in rows) == len(away)
        assert sum(len(row.waited) for row in rows) == len({c.request_id for c in called if c.request_id})
    assert {key: row.turns for key, row in found.groups["desa"].items() if row.turns} == seats
    suggested = [c for c in called if c.suggested is not None]
    assert found.suggested == len(suggested)
    assert found.overrides == sum(
        c.suggested is not None and c.suggested.seat_id != c.seat_id for c in called
    )


@st.composite
def steps(draw: st.DrawFn) -> list[Command | int]:
    """Commands that may be refused, and pauses in seconds."""
    seat, number = st.sampled_from(OFFICES), st.integers(1, 3)
    turn = st.integers(1, 12).map(lambda n: TurnId(f"t{n}"))
    hand = st.builds(
        lambda s, n, r: RequestTurn(RequestId(f"r{r}"), s, peserta(s, n), ""),
        seat,
        number,
        st.integers(1, 12),
    )
    given = st.one_of(
        hand,
        hand,
        st.builds(call, st.integers(1, 12), seat),
        st.builds(call, st.integers(1, 12), seat),
        st.builds(EndTurn, turn),
        st.builds(PostponeTurn, turn),
        st.builds(WithdrawRequest, seat, st.integers(1, 12).map(lambda n: RequestId(f"r{n}"))),
        st.builds(DropSeat, seat),
        st.builds(ConnectSeat, seat, st.just(True), st.sampled_from([None, DeviceId("laptop")])),
        st.builds(RecogniseSeat, seat, st.just(1), st.booleans()),
        st.integers(1, 40),
    )
    return draw(st.lists(given, max_size=40))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps(), urutan=st.sampled_from(Urutan))
def test_whatever_happens_the_report_adds_up(steps: list[Command | int], urutan: Urutan) -> None:
    s = session(script=(), settings=MeetingSettings(urutan=urutan))
    for seat_id in OFFICES:
        for number in (1, 2, 3):
            s.do(RegisterPeserta(peserta(seat_id, number), seat_id, "Nama"))
    kept = measured(s.meeting)
    for step in steps:
        events: list[e.Event] = []
        if isinstance(step, int):
            events = s.after(step)
        else:
            try:
                events = s.do(step)
            except Refused:
                continue
        if not all(isinstance(event, STILL) for event in events):
            kept = measured(s.meeting)
    now = s.meeting.state.last_at
    found = measured(s.meeting)
    assert measure_without_time(found) == measure_without_time(kept), "kept while only presence moved"
    s.do(CloseMeeting())
    assert s.now >= now
    check_totals(told(s).measures, [event for event, _ in s.log])


def measure_without_time(found: Measures) -> object:
    return {
        name: {key: (row.turns, row.hands, row.unserved, tuple(row.waited)) for key, row in rows.items()}
        for name, rows in found.groups.items()
    }, found.states


def test_a_report_that_forgets_a_turn_is_noticed() -> None:
    play = by_hand()
    play.do(CloseMeeting())
    found = told(play).measures
    found.groups["desa"][LICIN_1].turns -= 1
    with pytest.raises(AssertionError):
        check_totals(found, [event for event, _ in play.log])


def test_an_onlooker_starts_with_nothing() -> None:
    assert (Onlooker().worst, Onlooker().starved) == (0.0, 0)
