"""VP8 frames out of RTP payloads (RFC 7741): descriptors off, packets joined, broken frames left out.

Fed in sequence. After a break nothing comes out until the next keyframe, because every frame between
would decode to smear.
"""

from dataclasses import dataclass

from rooms.recording.rtp import Arrived

START_CODE = b"\x9d\x01\x2a"


@dataclass(frozen=True, slots=True)
class Frame:
    timestamp: int
    """RTP time, 32 bits at 90 kHz."""
    at_us: int
    """Arrival of the frame's first packet."""
    data: bytes
    keyframe: bool


def descriptor_length(payload: bytes) -> int:
    """Length of the payload descriptor (RFC 7741 4.2) in bytes; ValueError when it is cut off."""
    length = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            raise ValueError("descriptor cut off")
        extension = payload[1]
        length = 2
        if extension & 0x80:
            if len(payload) < 3:
                raise ValueError("descriptor cut off")
            length += 2 if payload[2] & 0x80 else 1
        length += bool(extension & 0x40) + bool(extension & 0x30)
    if len(payload) <= length:
        raise ValueError("descriptor without a frame behind it")
    return length


def is_keyframe(data: bytes) -> bool:
    """RFC 6386 9.1: the inverse key bit, then the start code."""
    return len(data) >= 10 and not data[0] & 1 and data[3:6] == START_CODE


def size(keyframe: bytes) -> tuple[int, int]:
    """Width and height in pixels, of a keyframe."""
    return int.from_bytes(keyframe[6:8], "little") & 0x3FFF, int.from_bytes(keyframe[8:10], "little") & 0x3FFF


class Assembler:
    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._first: Arrived | None = None
        self._expected: int | None = None
        self._want_keyframe = True
        self.dropped = 0
        """Frames begun and not handed on."""

    def add(self, arrived: Arrived) -> Frame | None:
        """The frame that this packet completes. Raises ValueError on a payload that is not VP8."""
        if arrived.index != self._expected and self._expected is not None:
            self._break()
        self._expected = arrived.index + 1
        payload = arrived.packet.payload
        if not payload:  # a probe for bandwidth: padding only
            return None
        try:
            body = payload[descriptor_length(payload) :]
        except ValueError:
            self._break()
            raise
        if payload[0] & 0x17 == 0x10:  # S, and partition 0: a frame begins
            if self._first is not None:
                self._break()
            self._first, self._parts = arrived, [body]
        elif self._first is None or arrived.packet.timestamp != self._first.packet.timestamp:
            self._break()
            return None
        else:
            self._parts.append(body)
        return self._complete() if arrived.packet.marker else None

    def _complete(self) -> Frame | None:
        assert self._first is not None
        data = b"".join(self._parts)
        frame = Frame(self._first.packet.timestamp, self._first.at_us, data, is_keyframe(data))
        self._first, self._parts = None, []
        if self._want_keyframe and not frame.keyframe:
            self.dropped += 1
            return None
        self._want_keyframe = False
        return frame

    def _break(self) -> None:
        if self._first is not None:
            self.dropped += 1
        self._first, self._parts = None, []
        self._want_keyframe = True
