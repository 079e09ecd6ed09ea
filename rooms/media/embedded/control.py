"""What web process and media process say to each other over the local socket, and its framing.

A frame is ``length:u32`` and that many bytes of JSON. The server sends Calls; the worker answers those that
want an answer by Reply with the same id, and tells of its own accord what Happened or was Applied. The order
of frames is the order of effects.
"""

import asyncio
import hashlib
import json
import struct
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded.sdp import Terms
from rooms.media.embedded.settings import SETTINGS, MediaSettings
from rooms.media.plane import PeerHealth, PeerSpec, Pictures, ProcessCounts, Stage, Train

_LENGTH = struct.Struct("!I")
LARGEST_FRAME_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Hello:
    """First call of every connection; the newest connection is the one that counts."""

    op: Literal["hello"] = "hello"


@dataclass(frozen=True, slots=True)
class Admit:
    room_id: RoomId
    peer: PeerSpec
    terms: Terms
    op: Literal["admit"] = "admit"


@dataclass(frozen=True, slots=True)
class Dismiss:
    room_id: RoomId
    peer_id: PeerId
    op: Literal["dismiss"] = "dismiss"


@dataclass(frozen=True, slots=True)
class SetPictures:
    room_id: RoomId
    peer_id: PeerId
    pictures: Pictures
    op: Literal["set_pictures"] = "set_pictures"


@dataclass(frozen=True, slots=True)
class SetStage:
    room_id: RoomId
    epoch: int
    seq: int
    stage: Stage
    granted_at: int
    """ms since the epoch (UTC), when the server learned it."""
    op: Literal["set_stage"] = "set_stage"


@dataclass(frozen=True, slots=True)
class Watch:
    room_id: RoomId
    peer_id: PeerId
    seats: tuple[SeatId, ...]
    op: Literal["watch"] = "watch"


@dataclass(frozen=True, slots=True)
class SendTrain:
    room_id: RoomId
    peer_id: PeerId
    train: Train
    op: Literal["send_train"] = "send_train"


@dataclass(frozen=True, slots=True)
class CloseRoom:
    room_id: RoomId
    op: Literal["close_room"] = "close_room"


@dataclass(frozen=True, slots=True)
class AskHealth:
    room_id: RoomId
    op: Literal["ask_health"] = "ask_health"


@dataclass(frozen=True, slots=True)
class AskDrops:
    op: Literal["ask_drops"] = "ask_drops"


@dataclass(frozen=True, slots=True)
class AskCounts:
    op: Literal["ask_counts"] = "ask_counts"


@dataclass(frozen=True, slots=True)
class Ping:
    op: Literal["ping"] = "ping"


@dataclass(frozen=True, slots=True)
class End:
    op: Literal["end"] = "end"


Request = (
    Hello
    | Admit
    | Dismiss
    | SetPictures
    | SetStage
    | Watch
    | SendTrain
    | CloseRoom
    | AskHealth
    | AskDrops
    | AskCounts
    | Ping
    | End
)


@dataclass(frozen=True, slots=True)
class Call:
    id: int
    request: Annotated[Request, Field(discriminator="op")]


@dataclass(frozen=True, slots=True)
class Welcome:
    worker_epoch: int
    pid: int
    port: int
    fingerprint: str
    configuration: str
    """See ``configuration_of``."""
    rooms: tuple[RoomId, ...]
    """Those that it has."""
    connected: tuple[tuple[RoomId, PeerId], ...]
    op: Literal["welcome"] = "welcome"


@dataclass(frozen=True, slots=True)
class Done:
    op: Literal["done"] = "done"


@dataclass(frozen=True, slots=True)
class Refused:
    """Of an Admit; the media process is as it was."""

    code: str
    """As of OfferRefused."""
    op: Literal["refused"] = "refused"


@dataclass(frozen=True, slots=True)
class TrainReport:
    started: bool
    op: Literal["train"] = "train"


@dataclass(frozen=True, slots=True)
class HealthReport:
    peers: tuple[PeerHealth, ...]
    op: Literal["health"] = "health"


@dataclass(frozen=True, slots=True)
class DropReport:
    dropped: dict[str, int]
    """By cause, since the worker started."""
    op: Literal["drops"] = "drops"


@dataclass(frozen=True, slots=True)
class CountReport:
    counts: ProcessCounts
    op: Literal["counts"] = "counts"


Answer = Welcome | Done | Refused | TrainReport | HealthReport | DropReport | CountReport


@dataclass(frozen=True, slots=True)
class Reply:
    id: int
    answer: Annotated[Answer, Field(discriminator="op")]
    op: Literal["reply"] = "reply"


@dataclass(frozen=True, slots=True)
class Happened:
    what: Literal["connected", "lost"]
    room_id: RoomId
    peer_id: PeerId
    op: Literal["happened"] = "happened"


@dataclass(frozen=True, slots=True)
class Applied:
    room_id: RoomId
    epoch: int
    seq: int
    op: Literal["applied"] = "applied"


@dataclass(frozen=True, slots=True)
class Wanted:
    room_id: RoomId
    peer_id: PeerId
    mid: str
    layers: tuple[str, ...]
    op: Literal["wanted"] = "wanted"


Notice = Reply | Happened | Applied | Wanted

CALL: TypeAdapter[Call] = TypeAdapter(Call)
NOTICE: TypeAdapter[Notice] = TypeAdapter(Annotated[Notice, Field(discriminator="op")])


def configuration_of(settings: MediaSettings) -> str:
    """Digest of what a running worker cannot change, its language with the server included.

    A server that would say something else adopts no such worker.
    """
    said = SETTINGS.dump_json(settings)
    for language in (CALL, NOTICE):
        said += json.dumps(language.json_schema(), sort_keys=True).encode()
    return hashlib.sha256(said).hexdigest()


def frame(body: bytes) -> bytes:
    return _LENGTH.pack(len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next frame's body; None at the end of the stream. Raises ValueError when it is too large."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > LARGEST_FRAME_BYTES:
            raise ValueError(f"a frame of {length} bytes")
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
