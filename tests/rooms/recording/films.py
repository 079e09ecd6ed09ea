"""A finished or cut-off recording as a test sees it: every frame decoded."""

from dataclasses import dataclass, field
from pathlib import Path

import av

from tests.support.loops import hue_of


@dataclass(slots=True)
class Film:
    duration_s: float | None
    pictures: list[tuple[float, float]] = field(default_factory=list)
    """``(seconds, hue in degrees)``."""
    sounds: list[tuple[float, float]] = field(default_factory=list)
    """``(seconds, loudest sample 0..1)``."""

    def hue_at(self, seconds: float) -> float:
        return [hue for at, hue in self.pictures if at <= seconds][-1]

    def loudness(self, start_s: float, end_s: float) -> float:
        return max(loud for at, loud in self.sounds if start_s <= at < end_s)


def watch(path: Path) -> Film:
    """Raises av.FFmpegError when anything in the file does not decode."""
    with av.open(str(path)) as container:
        film = Film(None if container.duration is None else container.duration / 1_000_000)
        for packet in container.demux():
            for frame in packet.decode():
                assert isinstance(frame, av.VideoFrame | av.AudioFrame)
                assert frame.time is not None
                if isinstance(frame, av.VideoFrame):
                    film.pictures.append((frame.time, hue_of(frame.to_image())))  # type: ignore[no-untyped-call]
                else:
                    samples = memoryview(bytes(frame.planes[0])).cast("f")
                    film.sounds.append((frame.time, max(map(abs, samples))))
        return film


def last_seconds(path: Path) -> float:
    """How far the packets of a growing file reach that are on disk by now; -1 before the first."""
    try:
        with av.open(str(path)) as container:
            times = [p.pts * p.time_base for p in container.demux() if p.pts is not None and p.size]
    except (av.FFmpegError, FileNotFoundError):
        return -1.0
    return float(max(times, default=-1))
