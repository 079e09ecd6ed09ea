"""WebM files: growing ones that survive ``kill -9``, and the seekable ones made of them afterwards.

Packets go in as they are; no codec runs. A growing file always has a VP8 and an Opus track.
"""

import errno
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from rooms.recording import opus, vp8
from rooms.recording.feed import AUDIO, VIDEO

log = logging.getLogger(__name__)

GROWING = {"flush_packets": "1", "cluster_time_limit": "150", "max_interleave_delta": "100000"}
"""Blocks reach the file when their cluster ends, so clusters are short (ms); a packet waits for the other
track no longer than max_interleave_delta (us). Together that is what a killed process can lose."""
FINISHED = {"cues_to_front": "1"}
"""The index lies where a player looks first, so that a seek over HTTP costs one request less."""
NOMINAL = (640, 360)
"""Size in a growing file's head, written before the first picture is known; finishing corrects it."""
MS = Fraction(1, 1000)


class GrowingFile:
    """A new file that takes packets. Raises FileExistsError rather than touch a file that is there."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb", buffering=0)
        self._container = av.open(self._file, "w", format="webm", options=dict(GROWING))
        sound = self._container.add_stream("libopus", rate=opus.CLOCK, layout="stereo")
        width, height = NOMINAL
        picture = self._container.add_mux_stream("vp8", width=width, height=height, time_base=MS)
        self._streams: dict[int, Stream] = {AUDIO: sound, VIDEO: picture}
        self._last_ms = {AUDIO: -1, VIDEO: -1}
        self._container.start_encoding()

    def write(self, medium: int, at_ms: int, data: bytes, keyframe: bool) -> None:
        """``at_ms`` from the file's start; the container demands that it rises within a track."""
        at_ms = max(at_ms, self._last_ms[medium] + 1)
        self._last_ms[medium] = at_ms
        packet = av.Packet(data)
        packet.stream = self._streams[medium]
        packet.time_base = MS
        packet.pts = packet.dts = at_ms
        packet.is_keyframe = keyframe
        self._container.mux_one(packet)

    def close(self) -> None:
        try:
            self._container.close()
        finally:
            self._file.close()


@dataclass(frozen=True, slots=True)
class Contents:
    duration_ms: int
    sounds: bool
    keyframes: int
    width: int
    height: int
    """Of the largest keyframe; 0 x 0 without one."""


def survey(path: Path) -> Contents:
    """What a file holds, whole or cut off anywhere; all zero when it is not even a file's head."""
    end_ms, sounds, sizes = 0, False, []
    for packet in packets(path):
        length_ms = 0
        if packet.stream.type == "audio":
            sounds = True
            length_ms = opus.SILENCE_US // 1000
        elif packet.is_keyframe and vp8.is_keyframe(data := bytes(packet)):
            sizes.append(vp8.size(data))
        end_ms = max(end_ms, round(_at(packet) * 1000) + length_ms)
    width, height = max(sizes, key=lambda s: s[0] * s[1], default=(0, 0))
    return Contents(end_ms, sounds, len(sizes), width, height)


def finish(path: Path) -> Contents:
    """Replace a file, whole or cut off, by one with index and duration; atomic. An empty one is left alone.

    Raises OSError or av.FFmpegError when the disk refuses; the file is then as it was.
    """
    contents = survey(path)
    if not contents.duration_ms:
        return contents
    part = path.with_suffix(".part")
    # By its name and not as an open file: to move the index to the front the container reads it again.
    with av.open(str(part), "w", format="webm", options=dict(FINISHED)) as output:
        tracks = tracks_of(output, contents)
        for packet in packets(path):
            if (track := tracks.get(packet.stream.type)) is not None:
                packet.stream = track
                output.mux_one(packet)
    sync(part)
    part.replace(path)
    sync(path.parent)
    return contents


def tracks_of(output: OutputContainer, contents: Contents) -> dict[str, Stream]:
    """The tracks of a finished file, by the type of their packets; none for what it does not hold."""
    tracks: dict[str, Stream] = {}
    if contents.sounds:
        tracks["audio"] = output.add_stream("libopus", rate=opus.CLOCK, layout="stereo")
    if contents.keyframes:
        tracks["video"] = output.add_mux_stream(
            "vp8", width=contents.width, height=contents.height, time_base=MS
        )
    return tracks


def packets(path: Path) -> "Iterator[Packet[Stream]]":
    """All packets up to where the file breaks off; none when it has no readable head."""
    try:
        with av.open(str(path)) as container:
            for packet in container.demux():
                if packet.pts is not None and packet.size:
                    yield packet
    except (av.error.InvalidDataError, av.error.EOFError, av.error.OSError) as error:
        # Only what a cut-off file gives; a disk or a memory that refuses must not look like an empty clip.
        if isinstance(error, av.error.OSError) and error.errno != errno.EIO:
            raise
        log.warning("%s ends here: %s", path.name, error)


def _at(packet: "Packet[Stream]") -> float:
    """Presentation time in seconds."""
    assert packet.pts is not None
    return float(packet.pts * packet.time_base)


def write_atomically(path: Path, data: bytes) -> None:
    """Whoever reads ``path`` sees the old bytes or the new ones, also after a power cut."""
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """What was written to a file, or into a directory, survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
