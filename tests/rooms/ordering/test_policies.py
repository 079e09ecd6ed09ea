"""R37-R42: the tiers and what settings make of them, on boards made by hand."""

from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.meeting.vocabulary import MeetingSettings, Urutan
from rooms.ordering.board import Board, Heard, Policy, ScriptLine, Seconds
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.ordering.policies import choose
from rooms.ordering.seconds import HEAVIEST, UNIT, charge
from tests.rooms.ordering.boards import A1, A2, B1, C1, board, boards, hand

ALL = [
    choose(MeetingSettings(urutan=urutan, penuaan=penuaan, beku=beku), NASKAH_BERGILIR)
    for urutan, penuaan, beku in product((None, *Urutan), (0, 3), (0, 1, 2))
]


def order(of: Board, urutan: Urutan | None = None, penuaan: int = 0, beku: int = 0) -> list[tuple[str, str]]:
    policy = choose(MeetingSettings(urutan=urutan, penuaan=penuaan, beku=beku), NASKAH_BERGILIR)
    return [(p.seat_id, str(p.reason)) for p in policy.order(of)]


def test_R37_settings_that_ask_for_nothing_leave_the_rooms_own_order() -> None:
    assert choose(MeetingSettings(), NASKAH_BERGILIR) is NASKAH_BERGILIR


def test_R37_every_order_has_a_name_of_its_own() -> None:
    assert len({policy.name for policy in ALL}) == len(Urutan) * 2 * 3  # None asks for the default share
    asked = choose(MeetingSettings(urutan=Urutan.DETIK_ADIL, penuaan=9, beku=1), NASKAH_BERGILIR)
    assert asked.name == "naskah_detik_adil+beku1+penuaan9/2"


def test_R38_first_come() -> None:
    of = board({A1: [hand(3), hand(1)], B1: [hand(2)]}, heard={A1: Heard(5, 5)})
    assert order(of, Urutan.DATANG) == [(A1, "urutan_datang"), (B1, "urutan_datang"), (A1, "urutan_datang")]


def test_R38_fewest_turns() -> None:
    of = board(
        {A1: [hand(1), hand(4)], A2: [hand(2)], B1: [hand(3)]}, heard={A1: Heard(2, 3), B1: Heard(1, 2)}
    )
    assert order(of, Urutan.TERSEDIKIT) == [
        (A2, "belum_bicara"),
        (B1, "giliran_tersedikit"),
        (A1, "urutan_datang"),
        (A1, "urutan_datang"),
    ]


def test_R40_the_lowest_account_first_and_each_pick_is_charged_by_weight() -> None:
    turn = charge(60_000, 1)
    seconds = Seconds({A1: turn}, 0, 60_000, {B1: 2})
    of = board({A1: [hand(1)], B1: [hand(2), hand(3), hand(4)]}, heard={A1: Heard(1, 1)}, seconds=seconds)
    assert order(of, Urutan.DETIK_ADIL) == [
        (B1, "belum_bicara"),
        (B1, "belum_bicara"),
        (A1, "waktu_tersedikit"),
        (B1, "urutan_datang"),
    ]


def test_R40_who_joins_late_starts_at_the_current_minimum() -> None:
    seconds = Seconds({A1: 700}, 500, 1, {})
    of = board({A1: [hand(2)], C1: [hand(3)], B1: [hand(1)]}, seconds=seconds)
    assert [seat for seat, _ in order(of, Urutan.DETIK_ADIL)] == [B1, C1, A1]


@pytest.mark.parametrize("weight", range(1, HEAVIEST + 1))
def test_R40_charges_are_exact(weight: int) -> None:
    assert charge(7, weight) * weight == 7 * UNIT


def test_R41_an_old_hand_goes_before_the_share() -> None:
    of = board({A1: [hand(1, since=4)], B1: [hand(2, since=9)], C1: [hand(3, since=3)]},
               heard={A1: Heard(9, 9), C1: Heard(1, 1)}, turns=10)  # fmt: skip
    assert order(of, penuaan=6) == [
        (A1, "lama_menunggu"),
        (C1, "lama_menunggu"),
        (B1, "belum_bicara"),
    ]
    assert order(of, penuaan=8)[0] == (B1, "belum_bicara")


def test_R42_the_prepared_offices_keep_the_head() -> None:
    of = board(
        {A1: [hand(1)], C1: [hand(2, returned=1)]}, (ScriptLine(B1), ScriptLine(A2)), prepared=(A2, A1)
    )
    head = [(C1, "terputus"), (A2, "disiapkan")]
    assert order(of, beku=1) == [*head, (B1, "naskah"), (A1, "belum_bicara")]
    assert order(of, beku=2) == [*head, (A1, "disiapkan"), (B1, "naskah")]


@settings(max_examples=200, deadline=None)
@given(policy=st.sampled_from(ALL), of=boards(), count=st.integers(0, 5))
def test_R39_every_hand_and_line_has_exactly_one_place(policy: Policy, of: Board, count: int) -> None:
    places = list(policy.order(of))
    waiting = sorted(h.request_id for hands in of.hands.values() for h in hands)
    assert sorted(p.request_id for p in places if p.request_id) == waiting
    scripted = [line.seat_id for line in of.script]
    assert all(any(p.seat_id == seat_id for p in places) for seat_id in scripted)
    assert sum(not p.request_id for p in places) <= len(scripted)
    assert list(islice(policy.order(of), count)) == places[:count]
