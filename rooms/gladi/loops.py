"""Loops of picture and sound for synthetic seats: made once at set-up, read into memory, sent as they are.

The whole picture has one hue, in three brightnesses, under white letters: whatever pixel or average a test
looks at, it sees whose loop it is.
"""

import colorsys
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFont

from rooms.gladi.voice import RATE, sound

WIDTH, HEIGHT, FPS = 640, 360, 15
KEYFRAME_EVERY = 2 * FPS
VIDEO_BITS, AUDIO_BITS = 250_000, 32_000
MARGIN = 40
SIZES = (64, 56, 48, 40, 32, 26)
"""Letter heights to try, in pixels."""


def make_loop(path: Path, *, name: str, hue: float, voice_text: str, seconds: float = 12.0) -> None:
    """Write a WebM file (VP8 640x360 at 15 per second, Opus) with a name card and a voice.

    ``hue`` is in degrees. An existing file is replaced, atomically.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with av.open(str(part), "w", format="webm") as container:
        picture = container.add_stream("libvpx", rate=FPS)
        picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        picture.bit_rate, picture.gop_size = VIDEO_BITS, KEYFRAME_EVERY
        picture.codec_context.time_base = Fraction(1, FPS)
        # One thread: several wait for each other by spinning, which a busy machine turns into minutes.
        picture.codec_context.thread_count = 1
        # No hidden or reordered frames: each packet is one picture, shown when it comes.
        picture.options = {
            "deadline": "realtime",
            "cpu-used": "8",
            "lag-in-frames": "0",
            "auto-alt-ref": "0",
            # A coarse keyframe would let the colours jump every other second.
            "qmax": "24",
        }
        voice = container.add_stream("libopus", rate=RATE, layout="stereo")
        voice.bit_rate = AUDIO_BITS
        for index, image in enumerate(_pictures(name, hue, seconds)):
            frame = av.VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
            frame = frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(picture.encode(frame))
        container.mux(picture.encode(None))
        for samples in sound(voice_text, hue, seconds):
            container.mux(voice.encode(samples))
        container.mux(voice.encode(None))
    part.replace(path)


def _pictures(name: str, hue: float, seconds: float) -> Iterator[Image.Image]:
    card = _card(name, hue)
    count = round(seconds * FPS)
    for index in range(count):
        image = card.copy()
        turn = 2 * math.pi * index / count
        x = WIDTH / 2 - (WIDTH / 2 - MARGIN) * math.cos(2 * turn)
        y = HEIGHT * 0.18 + 24 * math.sin(6 * turn)
        ImageDraw.Draw(image).ellipse((x - 22, y - 22, x + 22, y + 22), fill=_colour(hue, 0.95))
        yield image


def _card(name: str, hue: float) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), _colour(hue, 0.7))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, HEIGHT * 0.62, WIDTH, HEIGHT), fill=_colour(hue, 0.4))
    for size in SIZES:
        font = ImageFont.load_default(size)
        lines = _wrapped(draw, font, name)
        if len(lines) * size * 1.25 <= HEIGHT * 0.34:
            break
    draw.multiline_text(
        (WIDTH / 2, HEIGHT * 0.81), "\n".join(lines), fill="white", font=font, anchor="mm", align="center"
    )
    return image


def _wrapped(
    draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str
) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(joined, font=font) <= WIDTH - 2 * MARGIN:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _colour(hue: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, 0.75, value)
    return round(red * 255), round(green * 255), round(blue * 255)


@dataclass(frozen=True, slots=True)
class Loop:
    """The packets of a loop file."""

    pictures: tuple[tuple[bytes, bool], ...]
    """``(VP8 frame, is keyframe)`` at ``FPS`` per second; the first is a keyframe."""
    sounds: tuple[bytes, ...]
    """Opus packets of 20 ms."""

    def keyframe_from(self, index: int) -> int:
        """The first keyframe at or after ``index``, counted round the loop."""
        count = len(self.pictures)
        return next(i % count for i in range(index, index + count) if self.pictures[i % count][1])


def load_loop(path: Path) -> Loop:
    """Raises OSError or av.FFmpegError when the file is not there or no film, ValueError if it is no loop."""
    pictures: list[tuple[bytes, bool]] = []
    sounds: list[bytes] = []
    with av.open(str(path)) as container:
        for packet in container.demux():
            if not packet.size:
                continue
            if packet.stream.type == "video":
                pictures.append((bytes(packet), packet.is_keyframe))
            else:
                sounds.append(bytes(packet))
    if not sounds or not pictures or not pictures[0][1]:
        raise ValueError(f"{path.name} lacks sound, picture or a keyframe at its start")
    return Loop(tuple(pictures), tuple(sounds))
