"""Fake cameras and microphones for Chromium: a file each of one hue and one tone.

Chromium's built-in fake devices all look alike; a hue and a tone of its own let a test say whose picture and
sound arrived. The files are made on the spot and are small.
"""

import colorsys
import math
import struct
import wave
from pathlib import Path

WIDTH, HEIGHT, FPS, FRAMES = 320, 240, 10, 20
RATE = 48_000


def write_camera(path: Path, hue: float) -> Path:
    """A Y4M clip of a plain ``hue`` (0..360 degrees) with a bar that moves, so that motion is visible."""
    y, u, v = _bt601(*colorsys.hsv_to_rgb(hue / 360, 0.85, 0.8))
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        chroma = bytes([u]) * (WIDTH * HEIGHT // 4) + bytes([v]) * (WIDTH * HEIGHT // 4)
        for frame in range(FRAMES):
            left = frame * (WIDTH - 16) // FRAMES
            row = bytearray([y]) * WIDTH
            row[left : left + 16] = bytes([min(y + 40, 235)]) * 16
            out.write(b"FRAME\n" + bytes(row) * HEIGHT + chroma)
    return path


def write_microphone(path: Path, hertz: float) -> Path:
    """Two seconds of a tone in syllables; a steady one would pass for noise and be suppressed."""
    seconds, syllable_s, voiced = 2, 0.25, 0.6
    samples = bytearray()
    for n in range(RATE * seconds):
        part = (n / RATE % syllable_s) / syllable_s / voiced
        loud = math.sin(math.pi * part) if part < 1 else 0.0
        samples += struct.pack("<h", int(16_000 * loud * math.sin(2 * math.pi * hertz * n / RATE)))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(samples))
    return path


def write_steady(path: Path, hertz: float) -> Path:
    """Two seconds of a tone that never changes, as of an organ: noise, to what suppresses noise."""
    tone = [int(16_000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(2 * RATE)]
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{len(tone)}h", *tone))
    return path


def hue_of(red: float, green: float, blue: float) -> float:
    """Hue in degrees of an average colour (0..255 each)."""
    return colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0] * 360


def hue_distance(one: float, other: float) -> float:
    """Degrees between two hues, 0..180."""
    apart = abs(one - other) % 360
    return min(apart, 360 - apart)


def _bt601(red: float, green: float, blue: float) -> tuple[int, int, int]:
    """Limited-range BT.601 luma and chroma of an RGB colour (0..1 each)."""
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    cb = (blue - luma) * 0.564
    cr = (red - luma) * 0.713
    return round(16 + 219 * luma), round(128 + 224 * cb), round(128 + 224 * cr)
