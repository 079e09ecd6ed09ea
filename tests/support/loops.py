"""Real VP8 and Opus for tests, and the RTP packets a publisher would make of them.

Pictures are one colour, sound is one tone, so that a test can tell whose they are after any detour.
"""

import colorsys
import itertools
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
from PIL import Image

from rooms.recording.feed import AUDIO, VIDEO, Rtp

FPS = 15
VIDEO_CLOCK, AUDIO_CLOCK = 90_000, 48_000
OPUS_SAMPLES = 960


@dataclass(frozen=True, slots=True)
class Encoded:
    at_us: int
    """Capture time from the start."""
    data: bytes
    keyframe: bool


def hue_of(image: Image.Image) -> float:
    """Hue in degrees of the middle of the picture."""
    pixel = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return colorsys.rgb_to_hsv(*(channel / 255 for channel in pixel[:3]))[0] * 360


def hue_apart(one: float, other: float) -> float:
    """Degrees between two hues, the short way round."""
    return abs((one - other + 180) % 360 - 180)


def colour_of(hue: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue / 360, 0.8, 0.8)
    return round(red * 255), round(green * 255), round(blue * 255)


def colours(
    hues: Iterable[float], keyframe_every: int = FPS, size: tuple[int, int] = (320, 180)
) -> list[Encoded]:
    """VP8: one picture at 15 per second for each hue."""
    encoder = av.VideoCodecContext.create("libvpx", "w")
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.time_base = Fraction(1, FPS)
    encoder.gop_size = keyframe_every
    encoder.bit_rate = 300_000
    encoder.thread_count = 1
    encoder.options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "auto-alt-ref": "0"}
    packets = []
    for index, hue in enumerate(hues):
        image = Image.new("RGB", size, colour_of(hue))
        frame = av.VideoFrame.from_image(image).reformat(format="yuv420p")  # type: ignore[no-untyped-call]
        frame.pts, frame.time_base = index, encoder.time_base
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [Encoded(i * 1_000_000 // FPS, bytes(p), p.is_keyframe) for i, p in enumerate(packets)]


def tone(seconds: float, hertz: float = 440.0) -> list[Encoded]:
    """Opus: a tone in packets of 20 ms."""
    encoder = av.AudioCodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = AUDIO_CLOCK, "stereo", "s16"
    encoder.bit_rate = 32_000
    packets = []
    for index in range(round(seconds * 50)):
        start = index * OPUS_SAMPLES
        samples = [
            int(12_000 * math.sin(2 * math.pi * hertz * (start + n) / AUDIO_CLOCK))
            for n in range(OPUS_SAMPLES)
        ]
        frame = av.AudioFrame(format="s16", layout="stereo", samples=OPUS_SAMPLES)
        frame.sample_rate = AUDIO_CLOCK
        frame.pts, frame.time_base = start, Fraction(1, AUDIO_CLOCK)
        frame.planes[0].update(struct.pack(f"<{2 * OPUS_SAMPLES}h", *(s for s in samples for _ in (0, 1))))
        packets += encoder.encode(frame)
    return [Encoded(i * 20_000, bytes(p), True) for i, p in enumerate(packets)]


@dataclass(slots=True)
class Publisher:
    """Numbers packets as a sender does; start values near the wrap are the interesting ones."""

    ssrc: int
    seq: int = 65_500
    timestamp: int = 2**32 - 40_000
    mtu: int = 600

    def video(self, frames: Iterable[Encoded]) -> Iterator[tuple[int, bytes]]:
        """``(capture time in us, RTP packet)``; descriptors carry a 15-bit picture id (RFC 7741)."""
        for picture, frame in enumerate(frames):
            parts = [frame.data[i : i + self.mtu] for i in range(0, len(frame.data), self.mtu)]
            for index, part in enumerate(parts):
                descriptor = struct.pack("!BBH", 0x90 if index == 0 else 0x80, 0x80, 0x8000 | picture)
                rtp_time = self.timestamp + frame.at_us * VIDEO_CLOCK // 1_000_000
                yield frame.at_us, self.packet(97, rtp_time, index == len(parts) - 1, descriptor + part)

    def audio(self, packets: Iterable[Encoded]) -> Iterator[tuple[int, bytes]]:
        for sound in packets:
            rtp_time = self.timestamp + sound.at_us * AUDIO_CLOCK // 1_000_000
            yield sound.at_us, self.packet(96, rtp_time, False, sound.data)

    def packet(self, payload_type: int, rtp_time: int, marker: bool, payload: bytes) -> bytes:
        head = struct.pack(
            "!BBHII", 0x80, payload_type | marker << 7, self.seq & 0xFFFF, rtp_time & 0xFFFFFFFF, self.ssrc
        )
        self.seq += 1
        return head + payload


def feed_of(
    clip: int,
    started_us: int,
    video: Iterable[tuple[int, bytes]] = (),
    audio: Iterable[tuple[int, bytes]] = (),
) -> list[Rtp]:
    """The frames a media process would send, by arrival; each packet arrives the moment it is captured."""
    seen = [Rtp(clip, VIDEO, started_us + at, packet) for at, packet in video]
    heard = [Rtp(clip, AUDIO, started_us + at, packet) for at, packet in audio]
    return sorted(itertools.chain(heard, seen), key=lambda frame: frame.arrived_at_us)
