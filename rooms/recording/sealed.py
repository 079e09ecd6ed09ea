"""Copies of clips without what was sealed (R68): remuxed, no codec runs, every other packet at its instant.

``python -m rooms.recording.sealed SOURCE TARGET FROM-TO ...`` makes one, in a process of its own with low
priority: a hall's clip of hours must not be felt by the meeting that goes on. Times are ms of the file.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import av

from rooms.recording import opus, vp8
from rooms.recording.webm import FINISHED, MS, packets, survey, sync, tracks_of

if TYPE_CHECKING:
    from av.packet import Packet
    from av.stream import Stream

Span = tuple[int, int]
"""``[from, to)`` in ms of the file; spans are in order and do not overlap."""
POLITE = 10
"""Niceness of the process."""


def copy_without(source: Path, target: Path, spans: Sequence[Span]) -> None:
    """Write ``target`` anew, atomically. Raises OSError or av.FFmpegError; then there is no new target."""
    contents = survey(source)
    part = target.with_suffix(".part")
    with av.open(str(part), "w", format="webm", options=dict(FINISHED)) as output:
        tracks = tracks_of(output, contents)
        for kind, packet in unsealed(packets(source), spans):
            if (track := tracks.get(kind)) is not None:
                packet.stream = track
                output.mux_one(packet)
    sync(part)
    part.replace(target)
    sync(target.parent)


def unsealed(
    source: "Iterator[Packet[Stream]]", spans: Sequence[Span]
) -> "Iterator[tuple[str, Packet[Stream]]]":
    """What may be given, with its type: silence where sound was sealed, since players run picture and sound
    apart over a hole; no picture from a seal's beginning to the first keyframe after its end."""
    whole, silent_to_us = True, 0
    for packet in source:
        assert packet.pts is not None
        kind, at_us = packet.stream.type, round(float(packet.pts * packet.time_base) * 1_000_000)
        if kind == "video":
            sealed = _overlaps(spans, at_us, at_us + 1)
            whole = not sealed and (whole or vp8.is_keyframe(bytes(packet)))
            if whole:
                yield kind, packet
            continue
        end_us = at_us + opus.duration_us(bytes(packet))
        if not _overlaps(spans, at_us, end_us):
            yield kind, packet
            continue
        silent_to_us = max(silent_to_us, at_us)
        while silent_to_us < end_us:
            yield kind, _silence(silent_to_us)
            silent_to_us += opus.SILENCE_US


def _overlaps(spans: Sequence[Span], from_us: int, to_us: int) -> bool:
    return any(begin * 1000 < to_us and from_us < end * 1000 for begin, end in spans)


def _silence(at_us: int) -> "Packet[Stream]":
    packet: Packet[Stream] = av.Packet(opus.SILENCE)
    packet.time_base = MS
    packet.pts = packet.dts = at_us // 1000
    packet.is_keyframe = True
    return packet


def _span(text: str) -> Span:
    begin, end = text.split("-")
    return int(begin), int(end)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("spans", type=_span, nargs="+")
    given = parser.parse_args()
    os.nice(POLITE)
    copy_without(given.source, given.target, given.spans)


if __name__ == "__main__":
    main()
