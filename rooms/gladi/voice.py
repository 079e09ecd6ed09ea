"""What a synthetic office says: speech where a synthesizer is installed, tones where none is."""

import io
import itertools
import logging
import math
import shutil
import struct
import subprocess
from collections.abc import Iterator
from fractions import Fraction

import av

log = logging.getLogger(__name__)

RATE = 48_000
FRAME_SAMPLES = 960
"""20 ms, the packets that browsers send."""
SYNTHESIZER = "espeak-ng"
SYNTHESIS_S = 20.0
BREATH = 40
"""Frames of silence after each time."""
TONE_S, PAUSE_S = 0.35, 0.15


def sound(text: str, hue: float, seconds: float) -> list[av.AudioFrame]:
    """``seconds`` of ``text`` spoken in Indonesian over and over; 48 kHz stereo frames of 20 ms.

    Without a synthesizer it is a melody of tones that differs from hue to hue, and the log says so.
    """
    frames = _spoken(text)
    if frames is None:
        log.warning("%s not found: %r is played as tones", SYNTHESIZER, text)
        frames = _melody(hue, seconds)
    phrase = [bytes(frame.planes[0])[: 4 * FRAME_SAMPLES] for frame in frames]
    phrase += [bytes(4 * FRAME_SAMPLES)] * BREATH
    wanted = round(seconds * RATE / FRAME_SAMPLES)
    frames = [_frame(data) for data in itertools.islice(itertools.cycle(phrase), wanted)]
    for index, frame in enumerate(frames):
        frame.pts = index * FRAME_SAMPLES
        frame.time_base = Fraction(1, RATE)
    return frames


def _spoken(text: str) -> list[av.AudioFrame] | None:
    program = shutil.which(SYNTHESIZER)
    if program is None:
        return None
    try:
        wave = subprocess.run(
            [program, "-v", "id", "-s", "140", "--stdout", "--", text],
            capture_output=True,
            check=True,
            timeout=SYNTHESIS_S,
        ).stdout
        with av.open(io.BytesIO(wave), "r") as container:
            resampler = av.AudioResampler("s16", "stereo", RATE, FRAME_SAMPLES)
            frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
            frames += resampler.resample(None)
    except (OSError, subprocess.SubprocessError, av.FFmpegError) as error:
        log.warning("%s failed: %s", SYNTHESIZER, error)
        return None
    # The last frame may be short, and an encoder takes none after a short one.
    return [frame for frame in frames if frame.samples == FRAME_SAMPLES]


def _melody(hue: float, seconds: float) -> list[av.AudioFrame]:
    samples = _notes(hue)
    return [
        _frame(
            b"".join(
                struct.pack("<hh", value, value) for value in (next(samples) for _ in range(FRAME_SAMPLES))
            )
        )
        for _ in range(round(seconds * RATE / FRAME_SAMPLES))
    ]


def _notes(hue: float) -> Iterator[int]:
    """Samples of an endless five-note pattern whose key and order depend on the hue."""
    base, step = 180.0 + hue / 2, 1 + round(hue) % 4
    for note in range(2**31):
        hertz = base * 2 ** ((0, 2, 4, 7, 9)[note * step % 5] / 12)
        for n in range(round(TONE_S * RATE)):
            fade = min(n, round(TONE_S * RATE) - n, 960) / 960
            yield int(9_000 * fade * math.sin(2 * math.pi * hertz * n / RATE))
        yield from (0 for _ in range(round(PAUSE_S * RATE)))


def _frame(data: bytes) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="stereo", samples=FRAME_SAMPLES)
    frame.sample_rate = RATE
    frame.planes[0].update(data)
    return frame
