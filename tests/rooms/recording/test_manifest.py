"""The search for an instant, and manifests that are not to be trusted."""

import dataclasses
from pathlib import Path

import pytest

from rooms.recording.manifest import Clip, clips, dump, locate

T = 1_800_000_000_000


def clip(clip_id: str, start_s: float, length_s: float | None, slot: str = "speaker", turn: str = "") -> Clip:
    started = T + int(start_s * 1000)
    return Clip(
        clip_id=clip_id,
        room_id="r1",
        seat_id="aula" if slot == "aula" else f"seat-{turn}",
        slot=slot,
        turn_id=turn or None,
        opened_at=started,
        file=f"r1/{clip_id}.webm",
        started_at=started,
        closed_at=None if length_s is None else started + int(length_s * 1000),
        duration_ms=0 if length_s is None else int(length_s * 1000),
        complete=length_s is not None,
    )


AULA = clip("aula", 0, 600, "aula")
FIRST = clip("first", 100, 60, turn="t1")
HELD = clip("held", 200, 30, turn="t1")
SECOND = clip("second", 300, None, turn="t2")
CLIPS = [AULA, FIRST, HELD, SECOND]


@pytest.mark.parametrize(
    ("at_s", "seat", "turn", "expected", "offset"),
    [
        (120, "seat-t1", "t1", FIRST, 20.0),
        (210, "seat-t1", "t1", HELD, 10.0),
        (210, "seat-t1", None, HELD, 10.0),
        (98, "seat-t1", "t1", FIRST, 0.0),
        (162, "seat-t1", "t1", FIRST, 60.0),
        (180, "seat-t1", "t1", AULA, 180.0),
        (120, None, None, AULA, 120.0),
        (120, "seat-t2", "t2", AULA, 120.0),
        (4000, "seat-t2", "t2", SECOND, 3700.0),
        (50, "aula", None, AULA, 50.0),
    ],
)
def test_the_clip_that_shows_an_instant_best(
    at_s: float, seat: str | None, turn: str | None, expected: Clip, offset: float
) -> None:
    assert locate(CLIPS, T + int(at_s * 1000), seat, turn) == (expected, offset)
    assert locate(CLIPS[::-1], T + int(at_s * 1000), seat, turn) == (expected, offset)


def test_an_instant_that_nobody_recorded() -> None:
    assert locate(CLIPS, T - 10_000) is None
    assert locate([], T) is None
    assert locate([dataclasses.replace(AULA, started_at=None)], T) is None
    assert locate([AULA, FIRST], T + 700_000, "seat-t1", "t1") is None


def test_a_speaker_is_found_when_the_hall_was_not_recorded() -> None:
    assert locate([FIRST], T + 120_000) == (FIRST, 20.0)


def test_manifests_that_lie_are_left_out(tmp_path: Path) -> None:
    room = tmp_path / "r1"
    room.mkdir()
    (room / "first.json").write_bytes(dump(FIRST))
    (room / "elsewhere.json").write_bytes(dump(dataclasses.replace(AULA, file="../../etc/passwd")))
    (room / "other.json").write_bytes(dump(AULA))
    (room / "list.json").write_text("[]")
    (room / "bytes.json").write_bytes(b"\xff\xfe")
    assert clips(tmp_path, "r1") == [FIRST]
    assert clips(tmp_path, "nothing-here") == []
    with pytest.raises(ValueError, match="cannot name a file"):
        clips(tmp_path, "../r1")
