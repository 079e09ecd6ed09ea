"""Freezing and thawing: equal values back, and nothing that is not state."""

from dataclasses import dataclass

import pytest

from rooms.ids import SeatId
from rooms.meeting.freeze import freeze, thaw
from rooms.meeting.meeting import Meeting
from rooms.meeting.state import SnapshotUnreadable
from rooms.meeting.vocabulary import SeatKind
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.support.meeting import LICIN_1, LICIN_2, call, session


@dataclass(frozen=True)
class Inner:
    kind: SeatKind
    maybe: int | None


@dataclass
class Outer:
    by_seat: dict[SeatId, list[Inner]]
    many: tuple[Inner, ...]
    flag: bool


@pytest.mark.parametrize(
    "value",
    [
        Outer({}, (), False),
        Outer({SeatId("a"): [Inner(SeatKind.AULA, None)]}, (Inner(SeatKind.TAMU, 5),), True),
    ],
)
def test_what_is_frozen_thaws_to_an_equal_value(value: Outer) -> None:
    assert thaw(Outer, freeze(value)) == value


def test_what_is_not_state_is_not_frozen() -> None:
    with pytest.raises(TypeError, match="not state"):
        freeze({"a": object()})


def test_a_snapshot_restores_an_equal_meeting() -> None:
    s = session()
    s.hand(LICIN_2)
    s.do(call(1, LICIN_1))
    restored = Meeting.restore(NASKAH_BERGILIR, s.meeting.snapshot())
    assert restored.state == s.meeting.state
    assert restored.order() == s.meeting.order()
    assert restored.next_deadline() == s.meeting.next_deadline()


@pytest.mark.parametrize("snapshot", [b"", b"[]", b"{}", b'{"fold_version": 999, "state": {}}', b"\xff"])
def test_what_is_no_snapshot_is_refused(snapshot: bytes) -> None:
    with pytest.raises(SnapshotUnreadable):
        Meeting.restore(NASKAH_BERGILIR, snapshot)
