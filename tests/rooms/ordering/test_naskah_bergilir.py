"""R16, R17: the order on its own, from boards made by hand."""

from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from rooms.meeting.vocabulary import Place
from rooms.ordering.board import Board, Heard, ScriptLine
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.rooms.ordering.boards import A1, A2, B1, B2, C1, board, boards, hand

FRESH = {"belum_bicara", "giliran_kecamatan", "giliran_desa", "urutan_datang"}


def order(of: Board) -> list[tuple[str, str, str]]:
    return [(p.seat_id, p.request_id, str(p.reason)) for p in NASKAH_BERGILIR.order(of)]


def test_R16_an_empty_board_has_no_order() -> None:
    assert order(board({})) == []


def test_R16_tiers_follow_one_another() -> None:
    of = board(
        {A1: [hand(1, postponed=1)], B1: [hand(2)], C1: [hand(3, returned=2)]},
        (ScriptLine(A2), ScriptLine(B2, returned=1)),
    )
    assert order(of) == [
        (B2, "", "terputus"),
        (C1, "r3", "terputus"),
        (A2, "", "naskah"),
        (B1, "r2", "belum_bicara"),
        (A1, "r1", "ditunda"),
    ]


def test_R16_kecamatan_take_turns_however_many_desa_wait() -> None:
    of = board({A1: [hand(1), hand(2)], A2: [hand(3)], B1: [hand(4), hand(5)]})
    assert [seat_id for seat_id, _, _ in order(of)] == [A1, B1, A2, B1, A1]


def test_R16_the_kecamatan_heard_least_recently_is_next() -> None:
    of = board(
        {A1: [hand(1)], B1: [hand(2)], C1: [hand(3)]},
        heard={A1: Heard(1, 3), B1: Heard(5, 1), C1: Heard(1, 2)},
    )
    assert order(of) == [
        (B1, "r2", "giliran_kecamatan"),
        (C1, "r3", "giliran_kecamatan"),
        (A1, "r1", "urutan_datang"),
    ]


def test_R16_within_a_kecamatan_the_desa_with_fewest_turns_then_arrival() -> None:
    of = board({A1: [hand(1)], A2: [hand(2)]}, heard={A1: Heard(2, 2), A2: Heard(1, 1)})
    assert order(of) == [(A2, "r2", "giliran_desa"), (A1, "r1", "urutan_datang")]
    of = board({A2: [hand(1)], A1: [hand(2)]})
    assert [seat_id for seat_id, _, _ in order(of)] == [A2, A1]


def test_R16_the_offices_own_order_decides_among_its_hands() -> None:
    of = board({A1: [hand(5), hand(1)]})
    assert [request_id for _, request_id, _ in order(of)] == ["r5", "r1"]


def test_R16_the_script_serves_the_first_hand_of_its_office() -> None:
    of = board({A1: [hand(1), hand(2)]}, (ScriptLine(A1),))
    assert order(of) == [(A1, "r1", "naskah"), (A1, "r2", "belum_bicara")]


def test_R16_a_lost_hand_is_not_taken_by_the_script() -> None:
    of = board({A1: [hand(1, returned=1), hand(2)]}, (ScriptLine(A1),))
    assert order(of) == [(A1, "r1", "terputus"), (A1, "r2", "naskah")]


@given(boards())
def test_R16_every_hand_and_script_line_has_exactly_one_place(of: Board) -> None:
    places = list(NASKAH_BERGILIR.order(of))
    waiting = sorted(h.request_id for hands in of.hands.values() for h in hands)
    assert sorted(p.request_id for p in places if p.request_id) == waiting
    for line in of.script:
        assert any(p.seat_id == line.seat_id for p in places)
    assert len(places) <= len(waiting) + len(of.script)


@given(boards(), st.integers(0, 5))
def test_R16_the_head_of_the_order_does_not_depend_on_how_much_is_asked(of: Board, count: int) -> None:
    whole: list[Place] = list(NASKAH_BERGILIR.order(of))
    assert list(islice(NASKAH_BERGILIR.order(of), count)) == whole[:count]


@given(boards())
def test_R16_no_kecamatan_waits_for_more_than_one_turn_of_each_other(of: Board) -> None:
    """Round robin: between two places of a kecamatan no other takes two while this one has a hand up."""
    fresh = [p for p in NASKAH_BERGILIR.order(of) if p.reason in FRESH]
    for group in {p.seat_id[0] for p in fresh}:
        mine = [n for n, p in enumerate(fresh) if p.seat_id[0] == group]
        for start, end in pairwise(mine):
            between = [p.seat_id[0] for p in fresh[start + 1 : end]]
            assert len(set(between)) == len(between)
