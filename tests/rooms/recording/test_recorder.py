"""The real process: several rooms at once, rubbish on its socket, the end of its feed, sudden death."""

import json
import random
import socket
import time
from pathlib import Path

import pytest

from rooms.recording.__main__ import NOBODY_CAME
from rooms.recording.feed import (
    HEADER,
    CloseClip,
    CloseRoom,
    FrameKind,
    OpenClip,
    Rtp,
    encode,
)
from rooms.recording.manifest import clips
from rooms.recording.salvage import salvage, unfinished
from tests.rooms.recording.conftest import RunningRecorder, StartRecorder, send
from tests.rooms.recording.films import last_seconds, watch
from tests.support.loops import Publisher, colours, feed_of, hue_apart, tone

START_MS = 1_800_000_000_000
SECONDS = 4
HUES = (220.0, 30.0, 120.0)
LOSS_S = 0.25
UNFLUSHED = """
from rooms.recording import webm
webm.GROWING = {}
from rooms.recording.__main__ import main
main()
"""


def opening(clip: int, room_id: str = "r1", slot: str = "speaker") -> OpenClip:
    return OpenClip(clip, f"clip-{clip}", room_id, f"seat-{clip}", slot, f"t{clip}", START_MS + clip)


def film_of(clip: int, hue: float) -> list[Rtp]:
    """Four seconds of a colour and a tone as the frames of clip number ``clip``."""
    video = list(Publisher(100 + clip, mtu=60).video(colours([hue] * 15 * SECONDS)))
    audio = list(Publisher(200 + clip).audio(tone(SECONDS)))
    return feed_of(clip, (START_MS + clip) * 1000, video, audio)


def braid(*films: list[Rtp]) -> list[Rtp]:
    return sorted((f for film in films for f in film), key=lambda frame: frame.arrived_at_us)


def test_clips_of_several_rooms_are_kept_apart(start_recorder: StartRecorder, tmp_path: Path) -> None:
    recorder = start_recorder()
    with recorder.connect() as connection:
        send(connection, opening(1, "r1", "aula"), opening(2, "r1"), opening(3, "r2"))
        send(connection, *braid(*(film_of(number, hue) for number, hue in enumerate(HUES, 1))))
        send(connection, CloseClip(2, START_MS + 5000), CloseRoom("r1"), CloseClip(3, START_MS + 6000))
    assert recorder.wait() == 0, recorder.log()
    found = clips(tmp_path, "r1") + clips(tmp_path, "r2")
    assert [c.clip_id for c in found] == ["clip-1", "clip-2", "clip-3"]
    for clip, hue in zip(found, HUES, strict=True):
        assert clip.complete
        assert not clip.interrupted
        assert (clip.lost_audio, clip.lost_video, clip.dropped_frames) == (0, 0, 0)
        film = watch(tmp_path / clip.file)
        assert len(film.pictures) == 15 * SECONDS
        assert all(hue_apart(seen, hue) < 15 for _, seen in film.pictures)
        assert film.loudness(0.2, 3.8) > 0.2
    assert not recorder.socket_path.exists()


def test_a_feed_that_ends_without_goodbye_is_saved_and_marked(
    start_recorder: StartRecorder, tmp_path: Path
) -> None:
    recorder = start_recorder()
    with recorder.connect() as connection:
        send(connection, opening(1), *film_of(1, HUES[0]))
    assert recorder.wait() == 0
    (clip,) = clips(tmp_path, "r1")
    assert clip.complete
    assert clip.interrupted
    assert len(watch(tmp_path / clip.file).pictures) == 15 * SECONDS


def test_rubbish_is_counted_and_the_clip_goes_on(start_recorder: StartRecorder, tmp_path: Path) -> None:
    chance = random.Random(11)
    rubbish = [
        HEADER.pack(3, 99) + b"abc",
        HEADER.pack(2, FrameKind.RTP) + b"ab",
        HEADER.pack(0, FrameKind.SENDER_REPORT),
        HEADER.pack(5, FrameKind.OPEN) + b"{]}[\xff",
        HEADER.pack(1_000_000, FrameKind.RTP) + chance.randbytes(1_000_000),
        encode(Rtp(77, 0, 0, b"no such clip")),
        encode(CloseClip(77, 0)),
        encode(opening(8, room_id="../../escaped")),
        encode(opening(9)).replace(b'"t9"', b"[{}]"),
        HEADER.pack(2, FrameKind.CLOSE) + b"[]",
    ]
    recorder = start_recorder()
    with recorder.connect() as connection:
        send(connection, opening(1))
        for number, frame in enumerate(film_of(1, HUES[0])):
            connection.sendall(rubbish[number % len(rubbish)])
            send(connection, frame)
        send(connection, CloseClip(1, START_MS + 5000))
    assert recorder.wait() == 0, recorder.log()
    (clip,) = clips(tmp_path, "r1")
    assert clip.complete
    assert len(watch(tmp_path / clip.file).pictures) == 15 * SECONDS
    assert [path.name for path in tmp_path.iterdir()] == ["r1"]


def test_a_clip_that_fails_does_not_end_the_others(start_recorder: StartRecorder, tmp_path: Path) -> None:
    (tmp_path / "r2").write_text("a file where a room's directory should be")
    recorder = start_recorder()
    with recorder.connect() as connection:
        send(connection, opening(1), opening(2, "r2"), opening(3))
        send(connection, *braid(*(film_of(number, hue) for number, hue in enumerate(HUES, 1))))
        send(connection, CloseRoom("r1"))
    assert recorder.wait() == 0
    assert [len(watch(tmp_path / c.file).pictures) for c in clips(tmp_path, "r1")] == [15 * SECONDS] * 2


def kill_in_mid_clip(recorder: RunningRecorder, path: Path) -> float:
    """Feed a clip, kill the recorder when the file has all that it will hold; returns how far it reaches."""
    frames = film_of(1, HUES[0])
    with recorder.connect() as connection:
        send(connection, opening(1), *frames)
        deadline = time.monotonic() + 5
        while (reach := last_seconds(path)) < SECONDS - LOSS_S and time.monotonic() < deadline:
            time.sleep(0.05)
        recorder.kill()
    return reach


def test_kill_9_in_mid_clip_loses_a_quarter_of_a_second_and_salvage_makes_it_play(
    start_recorder: StartRecorder, tmp_path: Path
) -> None:
    path = tmp_path / "r1" / "clip-1.webm"
    assert kill_in_mid_clip(start_recorder(), path) >= SECONDS - LOSS_S
    (torn,) = clips(tmp_path, "r1")
    assert not torn.complete
    assert torn.started_at == START_MS + 1
    assert torn.closed_at is None

    (clip,) = salvage(tmp_path)
    assert clips(tmp_path, "r1") == [clip]
    assert clip.complete
    assert clip.interrupted
    assert clip.started_at == START_MS + 1
    assert SECONDS - LOSS_S <= clip.duration_ms / 1000 <= SECONDS
    assert clip.closed_at == clip.started_at + clip.duration_ms
    film = watch(path)
    assert film.duration_s is not None
    assert abs(film.duration_s - clip.duration_ms / 1000) < 0.1
    assert len(film.pictures) >= 15 * (SECONDS - LOSS_S)
    assert all(hue_apart(hue, HUES[0]) < 15 for _, hue in film.pictures)
    assert film.loudness(0.2, 3.5) > 0.2
    assert salvage(tmp_path) == []


def test_control_without_flushing_the_loss_is_seen(start_recorder: StartRecorder, tmp_path: Path) -> None:
    reach = kill_in_mid_clip(start_recorder(UNFLUSHED), tmp_path / "r1" / "clip-1.webm")
    assert reach < SECONDS - LOSS_S


def test_a_file_torn_at_any_byte_is_salvaged(start_recorder: StartRecorder, tmp_path: Path) -> None:
    path = tmp_path / "r1" / "clip-1.webm"
    kill_in_mid_clip(start_recorder(), path)
    whole = path.read_bytes()
    manifest_path = path.with_suffix(".json")
    torn_manifest = manifest_path.read_bytes()
    reaches = []
    for size in [*range(0, 1200, 97), *range(1200, len(whole), 4999), len(whole)]:
        path.write_bytes(whole[:size])
        manifest_path.write_bytes(torn_manifest)
        (clip,) = salvage(tmp_path)
        assert clip.complete
        reaches.append(clip.duration_ms)
        if clip.started_at is not None:
            watch(path)
    assert reaches == sorted(reaches)
    assert reaches[0] == 0
    assert reaches[-1] > 3700


def test_a_new_recorder_finishes_what_the_killed_one_left(
    start_recorder: StartRecorder, tmp_path: Path
) -> None:
    kill_in_mid_clip(start_recorder(), tmp_path / "r1" / "clip-1.webm")
    (tmp_path / "r1" / "broken.json").write_text("{")
    recorder = start_recorder()
    with recorder.connect() as connection:
        send(connection, opening(2), *film_of(2, HUES[1]), CloseClip(2, START_MS + 5000))
    assert recorder.wait() == 0, recorder.log()
    assert [(c.complete, c.interrupted) for c in clips(tmp_path, "r1")] == [(True, True), (True, False)]


def test_salvage_keeps_away_from_a_living_recorder(start_recorder: StartRecorder, tmp_path: Path) -> None:
    recorder = start_recorder()
    with recorder.connect() as connection:
        frames = film_of(1, HUES[0])
        send(connection, opening(1), *frames[:100])
        while not unfinished(tmp_path):
            time.sleep(0.02)
        assert salvage(tmp_path) == []
        send(connection, *frames[100:], CloseClip(1, START_MS + 5000))
    assert recorder.wait() == 0
    (clip,) = clips(tmp_path, "r1")
    assert not clip.interrupted
    assert len(watch(tmp_path / clip.file).pictures) == 15 * SECONDS


def test_manifests_never_show_half(start_recorder: StartRecorder, tmp_path: Path) -> None:
    recorder = start_recorder()
    with recorder.connect() as connection:
        send(connection, *(opening(number) for number in range(1, 30)))
        while len(unfinished(tmp_path)) < 29:
            for path in tmp_path.glob("*/*.json"):
                json.loads(path.read_bytes())
        send(connection, CloseRoom("r1"))
    assert recorder.wait() == 0
    assert all(c.complete and not c.interrupted for c in clips(tmp_path, "r1"))


@pytest.mark.parametrize("goodbyes", [1, 3])
def test_it_ends_with_its_last_connection(start_recorder: StartRecorder, goodbyes: int) -> None:
    recorder = start_recorder()
    connections: list[socket.socket] = [recorder.connect() for _ in range(goodbyes)]
    for connection in connections:
        assert recorder.process.poll() is None
        connection.close()
    assert recorder.wait() == 0


def test_a_recorder_that_nobody_connects_to_says_so_in_a_line(start_recorder: StartRecorder) -> None:
    recorder = start_recorder(None, "--patience", "0.2")
    assert recorder.wait() == NOBODY_CAME
    assert "no media process within 0.2 s" in recorder.log()
    assert "Traceback" not in recorder.log()
    assert not recorder.socket_path.exists()
