"""Boards made by hand and by Hypothesis; a seat's kecamatan is its first letter."""

from collections.abc import Mapping

from hypothesis import strategies as st

from rooms.ids import RequestId, SeatId
from rooms.ordering.board import Board, Hand, Heard, ScriptLine, Seconds

A1, A2, B1, B2, C1 = (SeatId(s) for s in ("a1", "a2", "b1", "b2", "c1"))


def board(
    hands: Mapping[SeatId, list[Hand]],
    script: tuple[ScriptLine, ...] = (),
    heard: Mapping[SeatId, Heard] | None = None,
    *,
    turns: int = 0,
    seconds: Seconds | None = None,
    prepared: tuple[SeatId, ...] = (),
) -> Board:
    kecamatan: dict[str, int] = {}
    for seat_id, had in (heard or {}).items():
        kecamatan[seat_id[0]] = max(kecamatan.get(seat_id[0], 0), had.last)
    groups = {seat_id: seat_id[0] for seat_id in hands}
    held = {s: tuple(h) for s, h in hands.items()}
    return Board(script, held, groups, heard or {}, kecamatan, turns, seconds or Seconds(), prepared)


def hand(arrived: int, returned: int = 0, postponed: int = 0, *, since: int = 0) -> Hand:
    return Hand(RequestId(f"r{arrived}"), arrived, returned, postponed, since)


@st.composite
def boards(draw: st.DrawFn) -> Board:
    seats = [SeatId(f"{k}{n}") for k in "abc" for n in range(3)]
    arrivals = draw(st.permutations(range(1, 16)))
    hands: dict[SeatId, list[Hand]] = {}
    for arrived in arrivals[: draw(st.integers(0, 15))]:
        mark = draw(st.sampled_from(["", "", "returned", "postponed"]))
        made = hand(
            arrived,
            arrived if mark == "returned" else 0,
            arrived if mark == "postponed" else 0,
            since=draw(st.integers(0, 9)),
        )
        hands.setdefault(draw(st.sampled_from(seats)), []).append(made)
    script = [ScriptLine(s, draw(st.sampled_from([0, 20]))) for s in draw(st.sets(st.sampled_from(seats)))]
    heard = {
        s: Heard(draw(st.integers(1, 4)), n) for n, s in enumerate(draw(st.sets(st.sampled_from(seats))), 1)
    }
    finish = {s: draw(st.integers(0, 9)) for s in draw(st.sets(st.sampled_from(seats)))}
    weights = {s: draw(st.integers(1, 10)) for s in seats}
    seconds = Seconds(finish, draw(st.integers(0, 5)), 180_000, weights)
    prepared = tuple(draw(st.lists(st.sampled_from(seats), max_size=2, unique=True)))
    return board(hands, tuple(script), heard, turns=9, seconds=seconds, prepared=prepared)
