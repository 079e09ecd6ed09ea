"""What happened in a meeting: past-tense frozen dataclasses; folding them gives the state.

Fields made by ``private()`` hold names, topics and other words of people. The journal keeps them apart
so that they can be erased; the core never decides by them.
"""

from dataclasses import dataclass, field

from rooms.ids import (
    DeckId,
    DeviceId,
    ItemId,
    NoteId,
    PesertaId,
    PointId,
    RequestId,
    SealId,
    SeatId,
    TurnId,
)
from rooms.meeting.vocabulary import (
    Consent,
    ItemSpec,
    Jalur,
    JenisCatatan,
    MeetingSettings,
    Pemimpin,
    Place,
    Sanksi,
    ScreenEnd,
    SeatSpec,
    TurnKind,
    TurnMedia,
    TurnState,
)


def private() -> str:
    """A text field that is stored erasably; ``""`` after erasure."""
    result: str = field(default="", metadata={"private": True})
    return result


@dataclass(frozen=True, slots=True)
class MeetingConfigured:
    title: str
    seats: tuple[SeatSpec, ...]
    agenda: tuple[ItemSpec, ...]
    script: tuple[SeatId, ...]
    settings: MeetingSettings


@dataclass(frozen=True, slots=True)
class AgendaAmended:
    title: str
    agenda: tuple[ItemSpec, ...]


@dataclass(frozen=True, slots=True)
class SeatsAdded:
    """Those in dialogue come last on the script."""

    seats: tuple[SeatSpec, ...]


@dataclass(frozen=True, slots=True)
class PesertaRegistered:
    peserta_id: PesertaId
    seat_id: SeatId
    unsur: str = ""
    jenis_kelamin: str = ""
    nama: str = private()
    jabatan: str = private()
    hak: str = ""


@dataclass(frozen=True, slots=True)
class MeetingOpened:
    pass


@dataclass(frozen=True, slots=True)
class ItemStarted:
    item_id: ItemId


@dataclass(frozen=True, slots=True)
class MeetingSuspended:
    pass


@dataclass(frozen=True, slots=True)
class MeetingResumed:
    pass


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    pass


@dataclass(frozen=True, slots=True)
class ScriptSet:
    seat_ids: tuple[SeatId, ...]


@dataclass(frozen=True, slots=True)
class TurnRequested:
    request_id: RequestId
    seat_id: SeatId
    peserta_id: PesertaId
    topic: str = private()


@dataclass(frozen=True, slots=True)
class RequestWithdrawn:
    request_id: RequestId


@dataclass(frozen=True, slots=True)
class RequestsReordered:
    seat_id: SeatId
    request_ids: tuple[RequestId, ...]


@dataclass(frozen=True, slots=True)
class RequestBecameWritten:
    """Not served by the close, or its peserta may not speak: stays as a written submission."""

    request_id: RequestId


@dataclass(frozen=True, slots=True)
class RequestTriaged:
    request_id: RequestId
    jalur: Jalur


@dataclass(frozen=True, slots=True)
class RequestAnswered:
    request_id: RequestId
    jawaban: str = private()


@dataclass(frozen=True, slots=True)
class QueueSwitched:
    open: bool


@dataclass(frozen=True, slots=True)
class PesertaSanctioned:
    peserta_id: PesertaId
    jenis: Sanksi
    alasan: str = private()


@dataclass(frozen=True, slots=True)
class SanctionLifted:
    peserta_id: PesertaId


@dataclass(frozen=True, slots=True)
class ChairHandedOver:
    to: Pemimpin
    by_hand: bool
    """False: it followed the pimpinan's screens (R72)."""
    nama: str = private()


@dataclass(frozen=True, slots=True)
class ChairDropped:
    """The pimpinan has no screen; a lead that is theirs goes to the protokol at ``grace_until`` (ms)."""

    grace_until: int | None


@dataclass(frozen=True, slots=True)
class ChairReturned:
    """A screen of the pimpinan is there."""


@dataclass(frozen=True, slots=True)
class IntervalSealed:
    seal_id: SealId
    from_ms: int
    to_ms: int
    alasan: str = private()


@dataclass(frozen=True, slots=True)
class IntervalUnsealed:
    seal_id: SealId


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    seat_id: SeatId
    consent: Consent


@dataclass(frozen=True, slots=True)
class BersiapChanged:
    """The offices prepared next, in order."""

    seat_ids: tuple[SeatId, ...]


@dataclass(frozen=True, slots=True)
class ReadyConfirmed:
    seat_id: SeatId
    ready: bool


@dataclass(frozen=True, slots=True)
class SeatPassedOver:
    """An office in bersiap did not answer; the second time in a row it goes to the tail of its tier."""

    seat_id: SeatId
    to_tail: bool = False
    request_ids: tuple[RequestId, ...] = ()
    """The hands that go to the tail; none: the office's line of the script does."""


@dataclass(frozen=True, slots=True)
class TurnCalled:
    turn_id: TurnId
    seat_id: SeatId
    request_id: RequestId | None
    peserta_id: PesertaId | None
    item_id: ItemId
    media: TurnMedia
    limit_s: int
    policy: str
    """Name and version of the ordering that made ``shown``."""
    shown: tuple[Place, ...]
    """The head of the suggested order as people saw it at this call."""
    reason: str = private()
    suggested: Place | None = None
    """The first place whose office could be called; a call of another office passed it over (R43)."""
    ends: TurnId | None = None
    """The turn that gave way to this one in the same decision (R24); None: nobody had the floor."""


@dataclass(frozen=True, slots=True)
class TurnExtended:
    turn_id: TurnId
    seconds: int


@dataclass(frozen=True, slots=True)
class TurnWarned:
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class TurnLimitReached:
    """The clock ran out; the speaker is not interrupted."""

    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class TurnHeld:
    turn_id: TurnId
    message: str = private()


@dataclass(frozen=True, slots=True)
class TurnPaused:
    """The speaker's line dropped; the grace runs until ``grace_until`` (ms)."""

    turn_id: TurnId
    grace_until: int


@dataclass(frozen=True, slots=True)
class TurnContinued:
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class TurnEnded:
    turn_id: TurnId
    outcome: TurnState
    """SELESAI, DITUNDA, PUTUS or DIBATALKAN."""
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class TurnRestored:
    """The turn that an undone call had ended goes on (R52)."""

    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class PointRaised:
    point_id: PointId
    seat_id: SeatId
    peserta_id: PesertaId
    reason: str = private()


@dataclass(frozen=True, slots=True)
class PointWithdrawn:
    point_id: PointId


@dataclass(frozen=True, slots=True)
class PointDismissed:
    point_id: PointId


@dataclass(frozen=True, slots=True)
class InterjectionBegan:
    """Somebody was let in between; the ``interrupted`` turn is ``disela``."""

    turn_id: TurnId
    kind: TurnKind
    seat_id: SeatId
    peserta_id: PesertaId | None
    point_id: PointId | None
    """The point of order that was granted."""
    media: TurnMedia
    interrupted: TurnId | None


@dataclass(frozen=True, slots=True)
class InterjectionEnded:
    turn_id: TurnId
    outcome: TurnState
    """SELESAI or PUTUS."""
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class RecordSwitched:
    off_record: bool


@dataclass(frozen=True, slots=True)
class SeatConnected:
    seat_id: SeatId
    can_publish: bool
    device: DeviceId | None = None


@dataclass(frozen=True, slots=True)
class SeatDropped:
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class SeatPlaced:
    """Where the device of a seat stands: in the hall, or in a room of its own."""

    seat_id: SeatId
    di_aula: bool


@dataclass(frozen=True, slots=True)
class SeatReached:
    """How an office is reached: by telephone, or by its own device."""

    seat_id: SeatId
    telepon: bool


@dataclass(frozen=True, slots=True)
class SeatRecognised:
    """A desk has looked at who is at a device of the seat."""

    seat_id: SeatId
    device: DeviceId
    dikenal: bool


@dataclass(frozen=True, slots=True)
class ScreenShared:
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class ScreenStopped:
    seat_id: SeatId
    why: ScreenEnd


@dataclass(frozen=True, slots=True)
class DeckAdded:
    """Slides are there, as pages from 1 on."""

    deck_id: DeckId
    pages: int
    nama: str = private()


@dataclass(frozen=True, slots=True)
class DeckRemoved:
    deck_id: DeckId


@dataclass(frozen=True, slots=True)
class SlideShown:
    deck_id: DeckId
    page: int


@dataclass(frozen=True, slots=True)
class SlidesStopped:
    pass


@dataclass(frozen=True, slots=True)
class NoteLogged:
    note_id: NoteId
    jenis: JenisCatatan
    seat_id: SeatId | None
    turn_id: TurnId | None
    spoken_at: int


@dataclass(frozen=True, slots=True)
class RoomReopened:
    outage_ms: int


Event = (
    MeetingConfigured
    | AgendaAmended
    | SeatsAdded
    | PesertaRegistered
    | MeetingOpened
    | ItemStarted
    | MeetingSuspended
    | MeetingResumed
    | MeetingClosed
    | ScriptSet
    | TurnRequested
    | RequestWithdrawn
    | RequestsReordered
    | RequestBecameWritten
    | RequestTriaged
    | RequestAnswered
    | QueueSwitched
    | PesertaSanctioned
    | SanctionLifted
    | ChairHandedOver
    | ChairDropped
    | ChairReturned
    | IntervalSealed
    | IntervalUnsealed
    | ConsentGiven
    | BersiapChanged
    | ReadyConfirmed
    | SeatPassedOver
    | TurnCalled
    | TurnExtended
    | TurnWarned
    | TurnLimitReached
    | TurnHeld
    | TurnPaused
    | TurnContinued
    | TurnEnded
    | TurnRestored
    | PointRaised
    | PointWithdrawn
    | PointDismissed
    | InterjectionBegan
    | InterjectionEnded
    | RecordSwitched
    | SeatConnected
    | SeatDropped
    | SeatPlaced
    | SeatReached
    | SeatRecognised
    | ScreenShared
    | ScreenStopped
    | DeckAdded
    | DeckRemoved
    | SlideShown
    | SlidesStopped
    | NoteLogged
    | RoomReopened
)
