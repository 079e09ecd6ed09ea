"""Loops as files: what they show, what they say, and that both differ from seat to seat."""

import colorsys
import logging
import math
import shutil
from pathlib import Path

import av
import pytest
from PIL import Image

from rooms.gladi.loops import FPS, KEYFRAME_EVERY, load_loop, make_loop
from rooms.gladi.voice import BREATH, RATE, SYNTHESIZER, sound
from tests.support.loops import hue_apart

SECONDS = 4.0


def pictures(path: Path) -> list[Image.Image]:
    with av.open(str(path)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]  # type: ignore[no-untyped-call]


def average_hue(image: Image.Image) -> float:
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0] * 360


def loudest(frames: list[av.AudioFrame]) -> int:
    return max(abs(sample) for f in frames for sample in memoryview(bytes(f.planes[0])[:3840]).cast("h"))


def pitch(frames: list[av.AudioFrame], hertz: float) -> float:
    """Energy of one frequency (Goertzel) per sample."""
    samples = [s for f in frames for s in memoryview(bytes(f.planes[0])[:3840]).cast("h")[::2]]
    before = last = 0.0
    factor = 2 * math.cos(2 * math.pi * hertz / RATE)
    for sample in samples:
        before, last = last, sample + factor * last - before
    return (before**2 + last**2 - factor * before * last) / len(samples)


@pytest.mark.parametrize("hue", [0.0, 150.0, 280.0])
def test_a_loop_is_what_browsers_send(tmp_path: Path, hue: float) -> None:
    path = tmp_path / "loops" / "desa.webm"
    make_loop(path, name="Tamansari, Kec. Licin", hue=hue, voice_text="Selamat pagi", seconds=SECONDS)
    with av.open(str(path)) as container:
        (picture,), (speech,) = container.streams.video, container.streams.audio
        assert picture.codec_context.name == "vp8"
        assert (picture.width, picture.height) == (640, 360)
        assert (speech.codec_context.name, speech.rate, speech.channels) == ("opus", 48_000, 2)
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(SECONDS, abs=0.1)
    seen = pictures(path)
    assert len(seen) == SECONDS * FPS
    assert all(hue_apart(average_hue(image), hue) < 8 for image in seen)
    assert len({image.tobytes() for image in seen}) == len(seen), "something moves"
    loop = load_loop(path)
    assert [i for i, (_, key) in enumerate(loop.pictures) if key] == list(range(0, len(seen), KEYFRAME_EVERY))
    assert len(loop.sounds) * 0.02 == pytest.approx(SECONDS, abs=0.05)
    assert sum(len(data) for data, _ in loop.pictures) * 8 / SECONDS < 400_000
    assert loop.keyframe_from(0) == 0
    assert loop.keyframe_from(1) == KEYFRAME_EVERY
    assert loop.keyframe_from(len(seen) - 1) == 0


def test_control_another_hue_is_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "desa.webm"
    make_loop(path, name="Glagah", hue=40.0, voice_text="", seconds=1.0)
    assert not any(hue_apart(average_hue(image), 150.0) < 60 for image in pictures(path))


def test_a_long_name_stays_within_the_card(tmp_path: Path) -> None:
    path = tmp_path / "long.webm"
    name = "Perwakilan Organisasi Perangkat Daerah dan Undangan, Kabupaten Banyuwangi, Provinsi Jawa Timur"
    make_loop(path, name=name, hue=40.0, voice_text="", seconds=0.2)
    image = pictures(path)[0]
    edges = [image.getpixel((x, y)) for x in (8, 631) for y in range(230, 358, 2)]
    assert not [pixel for pixel in edges if isinstance(pixel, tuple) and min(pixel[:3]) > 150]


@pytest.mark.skipif(shutil.which(SYNTHESIZER) is None, reason="espeak-ng is not installed")
def test_words_are_spoken_again_and_again_with_a_breath_between() -> None:
    frames = sound("Selamat pagi", 0.0, 5.0)
    assert len(frames) == 250
    assert loudest(frames[:60]) > 3_000
    assert loudest(frames[190:]) > 3_000
    assert [loudest([frame]) for frame in frames].count(0) >= BREATH


def test_without_a_synthesizer_there_are_tones_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with caplog.at_level(logging.WARNING):
        low, high = sound("Halo", 0.0, 2.0), sound("Halo", 300.0, 2.0)
    assert "espeak-ng not found" in caplog.text
    assert len(low) == len(high) == 100
    assert pitch(low[:15], 180.0) > 100 * pitch(high[:15], 180.0)
    assert pitch(high[:15], 330.0) > 100 * pitch(low[:15], 330.0)


@pytest.mark.parametrize("content", [b"", b"not a film"])
def test_what_is_no_film_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.webm"
    path.write_bytes(content)
    with pytest.raises((ValueError, av.FFmpegError)):
        load_loop(path)
