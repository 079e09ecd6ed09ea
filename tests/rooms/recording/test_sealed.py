"""R68: a copy of a real clip holds no packet of the sealed seconds, and all the others where they were."""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from rooms.recording import opus, sealed
from rooms.recording.sealed import Span, copy_without
from rooms.recording.webm import packets
from tests.rooms.recording.films import watch
from tests.support.film import film
from tests.support.leaks import leaked, payloads

START_MS = 1_800_000_000_000
SPANS: list[list[Span]] = [
    [(5_000, 7_500)],
    [(0, 3_000)],
    [(12_000, 90_000)],
    [(2_010, 2_030), (6_000, 6_500), (15_000, 15_500)],
    [(0, 90_000)],
]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("film")
    return directory / film(directory, "r1", START_MS).file


@pytest.mark.parametrize("spans", SPANS, ids=str)
def test_R68_a_copy_holds_nothing_of_the_sealed_seconds(
    original: Path, tmp_path: Path, spans: list[Span]
) -> None:
    copy = tmp_path / "copy.webm"
    copy_without(original, copy, spans)
    assert leaked(original, copy.read_bytes(), spans) == []
    before, after = payloads(original), payloads(copy)
    kept = [p for p in before if p in after]
    assert all(p.data == opus.SILENCE for p in after if p not in before)
    for begin, end in spans:
        assert not [p for p in kept if begin <= p.at_ms < end and p.data != opus.SILENCE]
    sounds = [p.at_ms for p in after if p.kind == "audio"]
    assert max(b - a for a, b in pairwise(sounds)) <= 41, "a hole in the sound"
    film = watch(copy)
    assert film.duration_s == pytest.approx(16, abs=0.1)


def test_R68_everything_else_stays_at_its_instant(original: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.webm"
    copy_without(original, copy, [(5_000, 7_500)])
    before, after = set(payloads(original)), set(payloads(copy))
    gone = before - after
    assert {p.kind for p in gone} == {"audio", "video"}
    assert all(4_960 <= p.at_ms < 8_000 for p in gone), "the next keyframe is at 8 s"
    film, whole = watch(copy), watch(original)
    assert film.loudness(5.1, 7.4) < 0.01 < film.loudness(8.5, 9.5)
    assert film.hue_at(8.5) == whole.hue_at(8.5)
    assert film.pictures[0] == whole.pictures[0]


def test_R68_a_growing_file_has_a_copy_as_far_as_it_goes(original: Path, tmp_path: Path) -> None:
    cut, copy = tmp_path / "cut.webm", tmp_path / "copy.webm"
    cut.write_bytes(original.read_bytes()[: original.stat().st_size * 3 // 4])
    copy_without(cut, copy, [(5_000, 7_500)])
    assert leaked(original, copy.read_bytes(), [(5_000, 7_500)]) == []
    assert max(p.at_ms for p in payloads(copy)) > 8_000


def test_a_copy_that_forgets_the_pictures_made_of_sealed_ones_is_noticed(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.recording.sealed.vp8", SimpleNamespace(is_keyframe=lambda data: True))
    copy = tmp_path / "copy.webm"
    sealed.copy_without(original, copy, [(5_000, 7_500)])
    assert leaked(original, copy.read_bytes(), [(5_000, 7_500)]) != []


def test_an_original_is_noticed(original: Path) -> None:
    for spans in SPANS:
        assert leaked(original, original.read_bytes(), spans) != []
    assert list(packets(original))
