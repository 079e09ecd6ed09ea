"""R67: which intervals are sealed; what is done with them is tested at the server."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.ids import SealId
from rooms.meeting.commands import CloseMeeting, SealInterval, UnsealInterval
from rooms.meeting.errors import Code
from rooms.meeting.events import IntervalSealed, IntervalUnsealed
from rooms.meeting.seals import Span, merged
from tests.support.meeting import session

ONE, TWO = SealId("one"), SealId("two")


def seal(seal_id: SealId, from_ms: int, to_ms: int) -> SealInterval:
    return SealInterval(seal_id, from_ms, to_ms, "Ditarik pembicara")


def test_R67_seals_overlap_and_each_is_lifted_by_itself() -> None:
    s = session()
    s.now = 100_000
    assert s.do(seal(ONE, 10_000, 20_000)) == [IntervalSealed(ONE, 10_000, 20_000, "Ditarik pembicara")]
    s.do(CloseMeeting(), seal(TWO, 15_000, 30_000))
    assert s.meeting.state.seals.spans == ((10_000, 30_000),)
    assert s.do(UnsealInterval(ONE)) == [IntervalUnsealed(ONE)]
    assert s.do(UnsealInterval(ONE)) == []
    assert s.meeting.state.seals.spans == ((15_000, 30_000),)
    assert s.refused(seal(ONE, 10_000, 20_000)) is Code.DUPLICATE_ID
    assert s.refused(UnsealInterval(SealId("none"))) is Code.UNKNOWN_SEAL


def test_R67_an_end_that_lies_ahead_is_now() -> None:
    s = session()
    s.now = 100_000
    s.do(seal(ONE, 90_000, 100_500))
    assert s.meeting.state.seals.spans == ((90_000, 100_000),)


@pytest.mark.parametrize("span", [(5, 5), (6, 5), (-1, 5), (100_000, 200_000)])
def test_R67_what_is_no_interval_of_the_past_is_refused(span: Span) -> None:
    s = session()
    s.now = 100_000
    assert s.refused(seal(ONE, *span)) is Code.BAD_VALUE


def test_R67_nothing_is_sealed_before_the_opening() -> None:
    s = session(opened=False)
    assert s.refused(seal(ONE, 1, 2)) is Code.WRONG_STATUS
    assert s.refused(UnsealInterval(ONE)) is Code.WRONG_STATUS


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)).map(lambda s: (s[0], s[0] + s[1]))))
def test_R67_merging_keeps_every_instant(spans: list[Span]) -> None:
    result = merged(spans)
    assert {i for a, b in result for i in range(a, b)} == {i for a, b in spans for i in range(a, b)}
    assert all(left[1] < right[0] for left, right in pairwise(result))
