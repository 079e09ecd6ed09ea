"""What the media process tells the recorder: a framed, one-way stream over a local socket.

A frame is ``length:u32 kind:u8 body``. The recorder never answers and never slows the sender: the sender
drops frames when the socket is full, and says how many in the next frame it can send.
"""

import json
import struct
from dataclasses import asdict, dataclass
from enum import IntEnum

from pydantic import TypeAdapter

HEADER = struct.Struct("!IB")
RTP_HEAD = struct.Struct("!IBQ")
SR_HEAD = struct.Struct("!IBQQI")
AUDIO, VIDEO = 0, 1


class FrameKind(IntEnum):
    OPEN = 1
    RTP = 2
    SENDER_REPORT = 3
    CLOSE = 4
    CLOSE_ROOM = 5


@dataclass(frozen=True, slots=True)
class OpenClip:
    """A seat starts to feed a recorded slot: one clip, one file with its sound and picture."""

    clip: int
    """Number of the clip within this media process; RTP frames carry it."""
    clip_id: str
    """Unique for ever; names the file."""
    room_id: str
    seat_id: str
    slot: str
    turn_id: str | None
    opened_at: int
    """ms since the epoch (UTC)."""


@dataclass(frozen=True, slots=True)
class Rtp:
    clip: int
    medium: int
    """AUDIO or VIDEO."""
    arrived_at_us: int
    """us since the epoch (UTC), by the media process's clock."""
    packet: bytes
    """The decrypted RTP packet as the publisher sent it (Opus 48 kHz stereo, or VP8)."""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """Ties RTP time to the publisher's clock; used only between the two tracks of one clip."""

    clip: int
    medium: int
    arrived_at_us: int
    ntp: int
    """64-bit NTP timestamp."""
    rtp_time: int


@dataclass(frozen=True, slots=True)
class CloseClip:
    clip: int
    closed_at: int


@dataclass(frozen=True, slots=True)
class CloseRoom:
    room_id: str


FeedFrame = OpenClip | Rtp | SenderReport | CloseClip | CloseRoom

_OPEN, _CLOSE, _CLOSE_ROOM = TypeAdapter(OpenClip), TypeAdapter(CloseClip), TypeAdapter(CloseRoom)


def encode(frame: FeedFrame) -> bytes:
    match frame:
        case Rtp():
            body = RTP_HEAD.pack(frame.clip, frame.medium, frame.arrived_at_us) + frame.packet
            kind = FrameKind.RTP
        case SenderReport():
            body = SR_HEAD.pack(frame.clip, frame.medium, frame.arrived_at_us, frame.ntp, frame.rtp_time)
            kind = FrameKind.SENDER_REPORT
        case OpenClip():
            body, kind = json.dumps(asdict(frame)).encode(), FrameKind.OPEN
        case CloseClip():
            body, kind = json.dumps(asdict(frame)).encode(), FrameKind.CLOSE
        case CloseRoom():
            body, kind = json.dumps(asdict(frame)).encode(), FrameKind.CLOSE_ROOM
    return HEADER.pack(len(body), kind) + body


def decode(kind: int, body: bytes) -> FeedFrame:
    """Raises ValueError or struct.error on a frame that no media process of ours sends."""
    match FrameKind(kind):
        case FrameKind.RTP:
            clip, medium, at = RTP_HEAD.unpack_from(body)
            return Rtp(clip, medium, at, body[RTP_HEAD.size :])
        case FrameKind.SENDER_REPORT:
            return SenderReport(*SR_HEAD.unpack(body))
        case FrameKind.OPEN:
            return _OPEN.validate_json(body, strict=True)
        case FrameKind.CLOSE:
            return _CLOSE.validate_json(body, strict=True)
        case FrameKind.CLOSE_ROOM:
            return _CLOSE_ROOM.validate_json(body, strict=True)
