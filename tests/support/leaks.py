"""What of a clip's sealed seconds stands in the bytes that somebody was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rooms.recording import opus, vp8
from rooms.recording.webm import packets


@dataclass(frozen=True, slots=True)
class Payload:
    kind: str
    at_ms: int
    data: bytes


def payloads(path: Path) -> list[Payload]:
    """Every packet of a file."""
    return [
        Payload(p.stream.type, round(float((p.pts or 0) * p.time_base) * 1000), bytes(p))
        for p in packets(path)
    ]


def leaked(original: Path, given: bytes, spans: Sequence[tuple[int, int]]) -> list[Payload]:
    """Packets of the sealed seconds, and pictures made of them, whose bytes are anywhere in ``given``.

    A packet whose very bytes also stand outside the seals (a steady tone repeats itself) proves nothing.
    """
    withdrawn: set[Payload] = set()
    free: set[Payload] = set()
    broken = False
    for packet in payloads(original):
        length_ms = opus.duration_us(packet.data) / 1000 if packet.kind == "audio" else 1
        inside = any(begin < packet.at_ms + length_ms and packet.at_ms < end for begin, end in spans)
        if packet.kind == "video":
            broken = inside or (broken and not vp8.is_keyframe(packet.data))
            inside = broken
        (withdrawn if inside else free).add(packet)
    elsewhere = {packet.data for packet in free}
    telling = [packet for packet in withdrawn if packet.data not in elsewhere]
    assert telling, "nothing by which a leak could be seen"
    return [packet for packet in telling if packet.data in given]
