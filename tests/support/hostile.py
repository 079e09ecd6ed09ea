"""What the net may send: real packets of a browser, spoiled in a seeded way, and how much work they make.

``captured/`` holds what Chromium sent to the media process in a call of two: a row is the kind and the bytes
(RTP and RTCP after decryption); ``offer.sdp`` is the office's offer. Work is counted in lines of Python,
which are the same on every machine; time is not.
"""

import random
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

CAPTURED = Path(__file__).with_name("captured")


def captured(kind: str) -> list[bytes]:
    """``kind``: ``stun``, ``dtls``, ``rtp`` or ``rtcp``."""
    rows = (row.split() for row in (CAPTURED / "chromium.txt").read_text().splitlines())
    return [bytes.fromhex(data) for name, data in rows if name == kind]


def captured_offer() -> str:
    """Lines 0 and 1 receive, 2 and 3 send; sound first."""
    return (CAPTURED / "offer.sdp").read_bytes().decode()


def spoiled(chance: random.Random, good: Sequence[bytes], most_bytes: int = 1356) -> Iterator[bytes]:
    """Endlessly: one of ``good`` with a few things wrong, at most ``most_bytes`` long."""
    while True:
        data = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(7):
                case 0:
                    del data[at:]
                case 1:
                    data[at:at] = chance.randbytes(chance.choice((1, 2, 4, 40)))
                case 2:
                    data[at : at + 1] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF))])
                case 3:
                    data[at : at + 2] = struct.pack("!H", chance.choice((0, 1, 3, 0x7FFF, 0xFFFF)))
                case 4:
                    data += chance.choice(good)
                case 5:
                    data[at:] = bytes(data[at : at + 8]) * 200
                case 6 if at < len(data):
                    data[at] ^= 1 << chance.randrange(8)
        yield bytes(data[:most_bytes])


class TooMuchWork(BaseException):
    """No ``Exception``: what is measured may catch those."""


def steps_of(work: Callable[[], object], most: int = 1_000_000) -> int:
    """Lines of Python that ``work`` runs, in all it calls. Raises TooMuchWork beyond ``most``."""
    taken = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal taken
        if event == "line":
            taken += 1
            if taken > most:
                raise TooMuchWork(f"more than {most} steps")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return taken
