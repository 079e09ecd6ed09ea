"""One clip from packets to a finished file, with everything that a network does to packets."""

import random
from collections.abc import Iterable
from pathlib import Path

import av
import pytest

from rooms.recording import manifest, opus
from rooms.recording.clip import GrowingClip, complete
from rooms.recording.feed import AUDIO, OpenClip, Rtp, SenderReport
from rooms.recording.manifest import Clip
from tests.rooms.recording.films import Film, watch
from tests.support.loops import Encoded, Publisher, colours, feed_of, hue_apart, tone

START_US = 1_800_000_000_000_000
START_MS = START_US // 1000
BLUE, ORANGE = 220.0, 30.0


def opening(clip_id: str = "c1", room_id: str = "r1") -> OpenClip:
    return OpenClip(1, clip_id, room_id, "35.10.01.2001", "speaker", "t1", START_MS)


def record(
    directory: Path, frames: Iterable[Rtp | SenderReport], closed_at: int = START_MS + 4000
) -> tuple[Clip, Film]:
    growing = GrowingClip(directory, opening())
    for frame in frames:
        growing.packet(frame) if isinstance(frame, Rtp) else growing.report(frame)
    growing.close(closed_at, interrupted=False)
    clip = complete(directory, growing.clip)
    assert manifest.clips(directory, "r1") == [clip]
    return clip, watch(directory / clip.file)


def two_colours(publisher: Publisher, mtu: int = 40) -> list[Rtp]:
    """Four seconds: two blue, two orange, a tone all along."""
    publisher.mtu = mtu
    video = list(publisher.video(colours([BLUE] * 30 + [ORANGE] * 30)))
    audio = list(Publisher(ssrc=publisher.ssrc + 1).audio(tone(4.0)))
    return feed_of(1, START_US, video, audio)


def test_a_whole_clip(tmp_path: Path) -> None:
    clip, film = record(tmp_path, two_colours(Publisher(1)))
    assert clip.complete
    assert not clip.interrupted
    assert (clip.started_at, clip.closed_at) == (START_MS, START_MS + 4000)
    assert (clip.keyframes, clip.lost_audio, clip.lost_video, clip.dropped_frames) == (4, 0, 0, 0)
    assert abs(clip.duration_ms - 4000) <= 20
    assert film.duration_s is not None
    assert abs(film.duration_s - 4.0) < 0.1
    assert len(film.pictures) == 60
    assert hue_apart(film.hue_at(1.0), BLUE) < 15
    assert hue_apart(film.hue_at(3.0), ORANGE) < 15
    assert film.loudness(0.2, 3.8) > 0.2
    assert not list(tmp_path.glob("**/*.part"))


def test_shuffled_and_doubled_packets_make_the_same_film(tmp_path: Path) -> None:
    chance = random.Random(5)
    frames = two_colours(Publisher(1))
    first, rest = frames[:3], frames[3:]
    rest += chance.sample(rest, 100)
    rest.sort(key=lambda frame: frame.arrived_at_us + chance.uniform(0, 150_000))
    clip, film = record(tmp_path, [*first, *rest])
    assert (clip.lost_audio, clip.lost_video, clip.dropped_frames) == (0, 0, 0)
    assert len(film.pictures) == 60
    assert hue_apart(film.hue_at(1.9), BLUE) < 15


def test_after_a_loss_the_picture_waits_for_a_keyframe_and_the_sound_goes_on(tmp_path: Path) -> None:
    frames = two_colours(Publisher(1))
    lost = [f for f in frames if 2_300_000 <= f.arrived_at_us - START_US < 2_400_000]
    clip, film = record(tmp_path, [f for f in frames if f not in lost])
    assert clip.lost_audio == sum(f.medium == AUDIO for f in lost)
    assert clip.lost_video == sum(f.medium != AUDIO for f in lost)
    shown = [at for at, _ in film.pictures]
    assert not [at for at in shown if 2.3 <= at < 2.99]
    assert [at for at in shown if 2.99 <= at < 4]
    assert all(min(hue_apart(hue, BLUE), hue_apart(hue, ORANGE)) < 15 for _, hue in film.pictures)
    assert film.loudness(2.5, 3.0) > 0.2


def longest_step_ms(film: Film) -> int:
    return max(round((b - a) * 1000) for (a, _), (b, _) in zip(film.sounds, film.sounds[1:], strict=False))


def a_pause_in_the_sound() -> list[Rtp]:
    video = list(Publisher(1).video(colours([BLUE] * 60)))
    sounds = [s for s in tone(4.0) if not 1_000_000 <= s.at_us < 2_500_000]
    return feed_of(1, START_US, video, Publisher(2).audio(sounds))


def test_the_sound_track_has_no_holes(tmp_path: Path) -> None:
    """A player would run picture and sound apart over a hole."""
    clip, film = record(tmp_path, a_pause_in_the_sound())
    assert longest_step_ms(film) <= 21
    assert film.loudness(1.2, 2.4) < 0.01
    assert film.loudness(2.6, 3.9) > 0.2
    assert clip.lost_audio == 0


def test_control_without_silence_the_hole_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GrowingClip, "_fill_sound", lambda *_: None)
    _, film = record(tmp_path, a_pause_in_the_sound())
    assert longest_step_ms(film) > 1000


def test_the_picture_starts_at_its_first_keyframe_and_the_sound_before_it(tmp_path: Path) -> None:
    video = list(Publisher(1).video(colours([BLUE] * 60)[5:]))
    _, film = record(tmp_path, feed_of(1, START_US, video, Publisher(2).audio(tone(4.0))))
    assert film.sounds[0][0] < 0.02
    assert film.pictures[0][0] == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("medium", ["audio", "video"])
def test_a_clip_of_one_medium_plays(tmp_path: Path, medium: str) -> None:
    video = list(Publisher(1).video(colours([BLUE] * 30))) if medium == "video" else []
    audio = list(Publisher(2).audio(tone(2.0))) if medium == "audio" else []
    clip, film = record(tmp_path, feed_of(1, START_US, video, audio))
    assert abs(clip.duration_ms - 2000) < 100
    assert bool(film.pictures) == (medium == "video")


def test_a_clip_of_nothing_is_complete_and_holds_nothing(tmp_path: Path) -> None:
    growing = GrowingClip(tmp_path, opening())
    growing.close(START_MS + 10, interrupted=False)
    clip = complete(tmp_path, growing.clip)
    assert (clip.complete, clip.started_at, clip.duration_ms) == (True, None, 0)
    assert complete(tmp_path, clip) == clip


def test_a_publisher_that_joins_anew_goes_on_in_the_same_clip(tmp_path: Path) -> None:
    before = feed_of(1, START_US, Publisher(1).video(colours([BLUE] * 15)), Publisher(2).audio(tone(1.0)))
    again_us = START_US + 2_000_000
    after = feed_of(
        1,
        again_us,
        Publisher(3, seq=9, timestamp=77).video(colours([ORANGE] * 15)),
        Publisher(4, seq=3, timestamp=9).audio(tone(1.0)),
    )
    clip, film = record(tmp_path, before + after)
    assert abs(clip.duration_ms - 3000) <= 40
    assert hue_apart(film.hue_at(2.5), ORANGE) < 15
    assert film.pictures[15][0] == pytest.approx(2.0, abs=0.01)


def test_sender_reports_bring_picture_and_sound_together(tmp_path: Path) -> None:
    delay_us = 200_000
    video = list(Publisher(1, timestamp=0).video(colours([BLUE] * 30 + [ORANGE] * 30)))
    audio = list(Publisher(2, timestamp=0).audio(tone(4.0)))
    frames = feed_of(1, START_US, [(at + delay_us, packet) for at, packet in video], audio)
    second = 1 << 32
    reports = [SenderReport(1, 0, 0, 9 * second, 0), SenderReport(1, 1, 0, 9 * second, 0)]
    _, late = record(tmp_path / "without", frames)
    _, film = record(tmp_path / "with", [*frames[:40], *reports, *frames[40:]])
    assert late.pictures[30][0] == pytest.approx(2.2, abs=0.02)
    assert film.pictures[30][0] == pytest.approx(2.0, abs=0.02)


def test_a_resized_picture_is_announced_at_its_largest(tmp_path: Path) -> None:
    publisher = Publisher(1)
    small, large = colours([BLUE] * 15, size=(320, 180)), colours([BLUE] * 15, size=(1280, 720))
    video = list(publisher.video(small)) + [
        (at + 1_000_000, packet)
        for at, packet in Publisher(1, publisher.seq, publisher.timestamp + 90_000).video(large)
    ]
    clip, _ = record(tmp_path, feed_of(1, START_US, video))
    with av.open(str(tmp_path / clip.file)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (1280, 720)


def test_garbled_packets_are_counted_and_harm_nothing(tmp_path: Path) -> None:
    chance = random.Random(6)
    frames = two_colours(Publisher(1))
    growing = GrowingClip(tmp_path, opening())
    for frame in frames:
        growing.packet(frame)
        growing.packet(Rtp(1, chance.randrange(3), frame.arrived_at_us, chance.randbytes(8)))
    growing.close(START_MS + 4000, interrupted=False)
    assert growing.garbled == len(frames)
    assert len(watch(tmp_path / complete(tmp_path, growing.clip).file).pictures) == 60


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/etc", ".hidden", "a\0b", "x" * 200, "a\n"])
def test_ids_that_would_leave_the_directory_are_refused(tmp_path: Path, name: str) -> None:
    directory = tmp_path / "recordings"
    for opened in (opening(clip_id=name), opening(room_id=name)):
        with pytest.raises(ValueError, match="cannot name a file"):
            GrowingClip(directory, opened)
    assert not list(tmp_path.iterdir())


def test_a_recording_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    clip, _ = record(tmp_path, two_colours(Publisher(1)))
    before = (tmp_path / clip.file).read_bytes()
    with pytest.raises(FileExistsError):
        GrowingClip(tmp_path, opening())
    assert (tmp_path / clip.file).read_bytes() == before
    assert manifest.clips(tmp_path, "r1") == [clip]


def apart_s(film: Film) -> float:
    """By how much the picture turns orange before the sound falls silent; 0 as it was sent."""
    silent = next(at for at, loud in film.sounds if at > 0.5 and loud < 0.05)
    return silent - film.pictures[30][0]


def turning_orange_and_silent() -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    """Both happen after two seconds."""
    video = list(Publisher(1).video(colours([BLUE] * 30 + [ORANGE] * 30)))
    sounds = [s if s.at_us < 2_000_000 else Encoded(s.at_us, opus.SILENCE, True) for s in tone(4.0)]
    return video, list(Publisher(2).audio(sounds))


def test_a_late_beginning_does_not_pull_sound_and_picture_apart(tmp_path: Path) -> None:
    video, audio = turning_orange_and_silent()
    late = [(max(at, 300_000), packet) for at, packet in audio]
    clip, film = record(tmp_path, feed_of(1, START_US, video, late))
    assert abs(apart_s(film)) < 0.12
    assert clip.started_at is not None
    assert abs(clip.started_at - START_MS) <= 300


def test_a_stall_in_the_middle_does_not_pull_sound_and_picture_apart(tmp_path: Path) -> None:
    video, audio = turning_orange_and_silent()
    stalled = [(1_400_000 if 600_000 <= at < 1_400_000 else at, packet) for at, packet in audio]
    _, film = record(tmp_path, feed_of(1, START_US, video, stalled))
    assert abs(apart_s(film)) < 0.05
    assert longest_step_ms(film) <= 21


def test_control_sound_that_is_pushed_on_is_seen_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.recording.clip.OVERLAP_US", 10**9)
    video, audio = turning_orange_and_silent()
    late = [(max(at, 300_000), packet) for at, packet in audio]
    _, film = record(tmp_path, feed_of(1, START_US, video, late))
    assert abs(apart_s(film)) > 0.12
