"""The media plane as the rooms see it: who is connected, who feeds which slot, what is recorded.

A plane is driven by desired state: ``set_stage`` names the whole stage of a room at a journal position, and
a lower position is ignored. It forwards nothing that the stage does not grant, whatever a seat sends.
Nothing here knows why somebody may speak.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rooms.ids import PeerId, RoomId, SeatId, TurnId


class Slot(StrEnum):
    """The fixed receiving slots of every browser; a change of speaker never renegotiates."""

    AULA = "aula"
    SPEAKER = "speaker"
    RESPONDER = "responder"
    SCREEN = "screen"
    PREVIEW_1 = "preview_1"
    """Off-air check of the next office; consoles only."""
    PREVIEW_2 = "preview_2"
    PANEL = "panel"
    """Small pictures for consoles, on several lines: the n-th shows the n-th seat that is watched."""


PANEL_LINES = 25
"""As many of a console's lines may be of its panel: one office of each kecamatan."""


class Kind(StrEnum):
    AUDIO = "audio"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Line:
    """What one m-line of an offer is for, keyed by its mid."""

    mid: str
    kind: Kind
    slot: Slot | None
    """The slot that this line receives; None: this line sends the seat's own microphone or camera."""


class Pictures(StrEnum):
    """How much of the pictures a person wants; sound comes in any case."""

    NONE = "suara"
    SMALL = "hemat"
    """The lowest layer of each."""
    FULL = "biasa"
    """What the line carries."""


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """One browser (or synthetic office) that wants media."""

    peer_id: PeerId
    seat_id: SeatId | None
    """The seat whose sound and picture it may send; None for consoles and viewers, which never publish."""
    previews: bool
    """True for consoles that may receive PREVIEW and PANEL slots."""
    beside: SeatId | None = None
    """The seat in whose room it stands, where it has none of its own: it gets no sound from that room."""
    pictures: Pictures = Pictures.FULL
    recorded_only: bool = False
    """It broadcasts what it gets: nothing that is off the record goes there."""


@dataclass(frozen=True, slots=True)
class Offer:
    sdp: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """Who feeds a slot."""

    seat_id: SeatId
    turn_id: TurnId | None
    record: bool
    """Whether this feed is recorded as one interval of the session."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The whole desired state of a room: slots that are not named are silent."""

    feeds: Mapping[Slot, Feed]
    echo_groups: tuple[frozenset[SeatId], ...] = ()
    """Seats whose devices stand in one hall: none receives the sound of another of its group."""
    panel: tuple[SeatId, ...] = ()
    """Whose pictures consoles may watch small and off-air; never heard, never recorded."""


@dataclass(frozen=True, slots=True)
class Train:
    """Packets that carry nothing, evenly spaced: by those that arrive a browser learns what its line does."""

    packets: int
    lasts_s: float


TRAIN_PACKET_BYTES = 311
"""Of each, with the headers of all layers."""


class OfferRefused(ValueError):
    """A malformed or disallowed offer.

    ``code`` is stable: ``malformed_sdp``, ``too_many_lines``, ``no_codec``, ``bad_line``, ``too_large``,
    ``ssrc_taken``.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


class PlaneLost(ConnectionError):
    """The media process is gone; desired state is sent again once it is back."""


@dataclass(frozen=True, slots=True)
class PeerConnected:
    """DTLS is up; media may flow."""

    room_id: RoomId
    peer_id: PeerId


@dataclass(frozen=True, slots=True)
class PeerLost:
    """The peer closed, or was silent for 30 s."""

    room_id: RoomId
    peer_id: PeerId


@dataclass(frozen=True, slots=True)
class StageApplied:
    """Forwarding and recording now stand at this journal position."""

    room_id: RoomId
    epoch: int
    seq: int


@dataclass(frozen=True, slots=True)
class PlaneRestarted:
    """A new media process with new keys: every client of its rooms rebuilds its connection."""

    worker_epoch: int
    rooms: frozenset[RoomId]


@dataclass(frozen=True, slots=True)
class LayersWanted:
    """Of a picture that comes in several sizes, these are to be sent from now on, the others to rest."""

    room_id: RoomId
    peer_id: PeerId
    mid: str
    layers: tuple[str, ...]
    """By rid, the lowest first; at least one."""


MediaEvent = LayersWanted | PeerConnected | PeerLost | StageApplied | PlaneRestarted


@dataclass(frozen=True, slots=True)
class PeerHealth:
    peer_id: PeerId
    seat_id: SeatId | None
    connected: bool
    audio_packets: int
    """Received from the peer since it connected; likewise video."""
    video_packets: int
    lost_fraction: float
    """Of what the peer receives, from its newest receiver report, 0..1."""
    rtt_ms: float | None
    speaking: bool = False
    """Its microphone was loud within the last second, as its browser says (RFC 6464)."""
    seen: bool = False
    """Pictures of its camera arrive."""
    narrow: bool = False
    """Its line carries sound alone at present."""


JOIN_BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


@dataclass(frozen=True, slots=True)
class ProcessCounts:
    """What a media process does now, and has done since it started; by kind and cause, never by seat."""

    rooms: int
    peers: int
    """Connected; ``seats`` of them may send."""
    seats: int
    received: Mapping[Kind, int]
    """Packets from publishers; ``sent``: to subscribers, resends apart."""
    sent: Mapping[Kind, int]
    sent_bytes: Mapping[Kind, int]
    """Payload alone."""
    dropped: Mapping[str, int]
    mean_loss: float
    """Over the connected peers, 0..1, of what each receives by its newest reports."""
    worst_loss: float
    joins: tuple[int, ...]
    """How many took at most ``JOIN_BUCKETS_S[i]`` from the offer to media, and not less; last: longer."""
    join_seconds: float
    """Of all joins together."""
    recorder_drops: int
    """Frames that the recorder did not take."""
    tasks: int


@dataclass(frozen=True, slots=True)
class ProcessStats:
    """One media process as whoever watches over the server sees it."""

    number: int
    restarts: int
    """How often this server has had to replace it."""
    counts: ProcessCounts | None
    """None: it is gone or does not answer."""


class MediaPlane(Protocol):
    def worker_epoch(self, room_id: RoomId) -> int:
        """Of the media process that has the room: connections made in another epoch are dead."""
        ...

    async def start(self) -> None:
        """Start the media process, or adopt the one that a previous server left running."""
        ...

    async def close(self) -> None:
        """Stop following the media process and end it."""
        ...

    async def abandon(self) -> None:
        """Stop following, but leave the media process running: the next server adopts it, or it soon ends."""
        ...

    async def connect(self, room_id: RoomId, peer: PeerSpec, offer: Offer) -> str:
        """Admit a peer and return the SDP answer. A seat's newer peer replaces the older one.

        Raises OfferRefused, PlaneLost.
        """
        ...

    async def disconnect(self, room_id: RoomId, peer_id: PeerId) -> None: ...

    async def set_pictures(self, room_id: RoomId, peer_id: PeerId, pictures: Pictures) -> None:
        """A connected peer has chosen anew; a peer that is gone is ignored. Raises PlaneLost."""
        ...

    async def set_stage(self, room_id: RoomId, epoch: int, seq: int, stage: Stage) -> None:
        """Make ``stage`` the desired state as of ``(epoch, seq)``; an older position is ignored."""
        ...

    async def watch(self, room_id: RoomId, peer_id: PeerId, seats: tuple[SeatId, ...]) -> None:
        """Which seats a peer's PANEL lines show, in their order; of those only whom the stage's panel names.

        Without effect for a peer that is not there. Raises PlaneLost.
        """
        ...

    async def send_train(self, room_id: RoomId, peer_id: PeerId, train: Train) -> bool:
        """Begin to send a peer ``train``, beside whatever else it gets.

        False: it is not connected or knows no padding, or it or enough others are being sent one.
        Raises PlaneLost.
        """
        ...

    async def close_room(self, room_id: RoomId) -> None:
        """Disconnect everyone and finish the room's recordings."""
        ...

    async def health(self, room_id: RoomId) -> list[PeerHealth]: ...

    async def stats(self) -> list[ProcessStats]: ...

    def events(self) -> AsyncIterator[MediaEvent]:
        """Media events as they happen; one consumer."""
        ...
