"""What may be asked of a meeting: imperative frozen dataclasses, decided by ``Meeting.handle``.

Ids of new things are minted by the caller. Who may give which command is the server's role table;
the core checks only what the meeting itself forbids.
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
    Hak,
    ItemSpec,
    Jalur,
    JenisCatatan,
    JenisKelamin,
    MeetingSettings,
    Pemimpin,
    Sanksi,
    SeatSpec,
    TurnMedia,
    Unsur,
)

# Setting up and running the agenda


@dataclass(frozen=True, slots=True)
class ConfigureMeeting:
    """Lay down seats, agenda and script; allowed again until the meeting is opened."""

    title: str
    seats: tuple[SeatSpec, ...]
    agenda: tuple[ItemSpec, ...]
    script: tuple[SeatId, ...]
    """``urutan_panggilan``: the order the protokol prepared."""
    settings: MeetingSettings = field(default_factory=MeetingSettings)


@dataclass(frozen=True, slots=True)
class AmendAgenda:
    """Another title, another list of items, also while the meeting runs."""

    title: str
    agenda: tuple[ItemSpec, ...]


@dataclass(frozen=True, slots=True)
class AddSeats:
    """Offices that were forgotten, also while the meeting runs."""

    seats: tuple[SeatSpec, ...]


@dataclass(frozen=True, slots=True)
class RegisterPeserta:
    """Name a person behind a seat; the same id again corrects the record."""

    peserta_id: PesertaId
    seat_id: SeatId
    nama: str
    jabatan: str = ""
    unsur: Unsur = Unsur.TIDAK_DISEBUT
    jenis_kelamin: JenisKelamin = JenisKelamin.TIDAK_DISEBUT
    hak: Hak = Hak.TIDAK_DISEBUT


@dataclass(frozen=True, slots=True)
class OpenMeeting:
    pass


@dataclass(frozen=True, slots=True)
class StartItem:
    item_id: ItemId


@dataclass(frozen=True, slots=True)
class SuspendMeeting:
    pass


@dataclass(frozen=True, slots=True)
class ResumeMeeting:
    pass


@dataclass(frozen=True, slots=True)
class CloseMeeting:
    pass


@dataclass(frozen=True, slots=True)
class SetScript:
    seat_ids: tuple[SeatId, ...]


# An office's own queue


@dataclass(frozen=True, slots=True)
class RequestTurn:
    request_id: RequestId
    seat_id: SeatId
    peserta_id: PesertaId
    topic: str


@dataclass(frozen=True, slots=True)
class WithdrawRequest:
    seat_id: SeatId
    request_id: RequestId


@dataclass(frozen=True, slots=True)
class ReorderRequests:
    seat_id: SeatId
    request_ids: tuple[RequestId, ...]
    """All of the office's waiting requests, in the wished order."""


@dataclass(frozen=True, slots=True)
class GiveConsent:
    seat_id: SeatId
    consent: Consent


# What becomes of a hand besides a turn, and order among people


@dataclass(frozen=True, slots=True)
class TriageRequest:
    request_id: RequestId
    jalur: Jalur


@dataclass(frozen=True, slots=True)
class AnswerWritten:
    """Answer a hand that will not be spoken; again corrects the answer."""

    request_id: RequestId
    jawaban: str


@dataclass(frozen=True, slots=True)
class SetQueue:
    """Whether the running dialog item takes hands."""

    open: bool


@dataclass(frozen=True, slots=True)
class SanctionPeserta:
    peserta_id: PesertaId
    jenis: Sanksi
    alasan: str = ""


@dataclass(frozen=True, slots=True)
class LiftSanction:
    peserta_id: PesertaId


@dataclass(frozen=True, slots=True)
class HandOverChair:
    to: Pemimpin
    nama: str = ""
    """Of who leads instead."""


@dataclass(frozen=True, slots=True)
class PlaceSeat:
    """A seat's device stands in the hall, or no longer: devices of one hall do not hear each other."""

    seat_id: SeatId
    di_aula: bool


@dataclass(frozen=True, slots=True)
class ReachSeat:
    """An office is reached by telephone when its turn comes, or by its own device again."""

    seat_id: SeatId
    telepon: bool


@dataclass(frozen=True, slots=True)
class RecogniseSeat:
    """A desk has looked at who is at the seat's device: this office, or somebody else."""

    seat_id: SeatId
    alat: int
    """Which device was looked at: the seat's first is 1."""
    dikenal: bool


@dataclass(frozen=True, slots=True)
class ShareScreen:
    """A seat on stage shows its screen beside itself, or no longer."""

    seat_id: SeatId
    shared: bool


@dataclass(frozen=True, slots=True)
class StopScreen:
    """The desk takes a shared screen off."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class AddDeck:
    """Slides have come and are pages now; given by the server, which has made them."""

    deck_id: DeckId
    pages: int
    nama: str = ""


@dataclass(frozen=True, slots=True)
class RemoveDeck:
    """These slides are not to be shown any more; given by the server, which has their pages."""

    deck_id: DeckId


@dataclass(frozen=True, slots=True)
class ShowSlide:
    """This page takes the place of a shared screen."""

    deck_id: DeckId
    page: int
    """From 1."""


@dataclass(frozen=True, slots=True)
class StopSlides:
    """No page is seen any more."""


@dataclass(frozen=True, slots=True)
class SealInterval:
    """Withdraw what was said from ``from_ms`` to ``to_ms`` (instants, ms since the epoch, UTC)."""

    seal_id: SealId
    from_ms: int
    to_ms: int
    alasan: str = ""


@dataclass(frozen=True, slots=True)
class UnsealInterval:
    seal_id: SealId


# The floor


@dataclass(frozen=True, slots=True)
class ConfirmReady:
    """The operator saw and heard an office off-air."""

    seat_id: SeatId
    ready: bool


@dataclass(frozen=True, slots=True)
class PassOver:
    """An office in bersiap does not answer: the next is prepared instead."""

    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class CallSeat:
    """Panggil: the seat is live at once. A turn that is running ends first (as Cukup)."""

    turn_id: TurnId
    seat_id: SeatId
    request_id: RequestId | None = None
    """None: the office's first waiting hand if it has one, otherwise called without a hand."""
    media: TurnMedia = TurnMedia.PANGGILAN
    reason: str = ""
    """Why the suggestion was passed over; optional and internal."""


@dataclass(frozen=True, slots=True)
class UndoCall:
    """Batalkan: the call was a mistake (R51)."""

    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class ExtendTurn:
    turn_id: TurnId
    seconds: int


@dataclass(frozen=True, slots=True)
class WarnTurn:
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class HoldTurn:
    turn_id: TurnId
    message: str = ""
    """Private words to the held office and its camat."""


@dataclass(frozen=True, slots=True)
class ContinueTurn:
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class EndTurn:
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class PostponeTurn:
    turn_id: TurnId


@dataclass(frozen=True, slots=True)
class SetOffRecord:
    """Off record by the chair's choice: recorders stop, everyone sees it."""

    off_record: bool


# What comes in between


@dataclass(frozen=True, slots=True)
class RaisePoint:
    """An office asks to come in between; the chair decides."""

    point_id: PointId
    seat_id: SeatId
    peserta_id: PesertaId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawPoint:
    seat_id: SeatId
    point_id: PointId


@dataclass(frozen=True, slots=True)
class DismissPoint:
    point_id: PointId


@dataclass(frozen=True, slots=True)
class GrantPoint:
    """Who raised it is live at once and alone; a speaker is interrupted."""

    turn_id: TurnId
    point_id: PointId


@dataclass(frozen=True, slots=True)
class CallResponder:
    """Bring somebody in who answers the speaker; both are on stage."""

    turn_id: TurnId
    seat_id: SeatId
    """The hall's for a named person who sits there (``hadir_di_aula``)."""
    peserta_id: PesertaId | None = None
    media: TurnMedia = TurnMedia.PANGGILAN


@dataclass(frozen=True, slots=True)
class EndInterjection:
    turn_id: TurnId


# Presence and records: given by the server, not by people


@dataclass(frozen=True, slots=True)
class ConnectSeat:
    seat_id: SeatId
    can_publish: bool
    """False for an office without camera and microphone permission: it listens only."""
    device: DeviceId | None = None
    """Which of the seat's browsers; None: nobody needs to look at it (R94)."""


@dataclass(frozen=True, slots=True)
class DropSeat:
    seat_id: SeatId


@dataclass(frozen=True, slots=True)
class ConnectChair:
    """A screen of the pimpinan is there."""


@dataclass(frozen=True, slots=True)
class DropChair:
    """The last screen of the pimpinan has gone."""


@dataclass(frozen=True, slots=True)
class LogNote:
    """Bind a catatan to the meeting; its words live in the planning tables, in the same transaction."""

    note_id: NoteId
    jenis: JenisCatatan
    seat_id: SeatId | None
    turn_id: TurnId | None
    spoken_at: int
    """Instant the note is about, in ms since the epoch (UTC)."""


@dataclass(frozen=True, slots=True)
class ReopenRoom:
    """The server was away until now: every running deadline moves by that much."""

    away_since: int
    """In ms since the epoch (UTC)."""


AgendaCommand = (
    ConfigureMeeting
    | AmendAgenda
    | AddSeats
    | OpenMeeting
    | StartItem
    | SuspendMeeting
    | ResumeMeeting
    | CloseMeeting
    | SetScript
    | SetOffRecord
)
QueueCommand = RequestTurn | WithdrawRequest | ReorderRequests
FloorCommand = (
    ConfirmReady
    | PassOver
    | CallSeat
    | UndoCall
    | ExtendTurn
    | WarnTurn
    | HoldTurn
    | ContinueTurn
    | EndTurn
    | PostponeTurn
)
DeskCommand = (
    TriageRequest
    | AnswerWritten
    | SetQueue
    | SanctionPeserta
    | LiftSanction
    | HandOverChair
    | PlaceSeat
    | ReachSeat
    | RecogniseSeat
    | ShareScreen
    | StopScreen
    | AddDeck
    | RemoveDeck
    | ShowSlide
    | StopSlides
    | ConnectChair
    | DropChair
    | SealInterval
    | UnsealInterval
)
InterjectionCommand = RaisePoint | WithdrawPoint | DismissPoint | GrantPoint | CallResponder | EndInterjection
PresenceCommand = RegisterPeserta | GiveConsent | ConnectSeat | DropSeat | LogNote | ReopenRoom

Command = AgendaCommand | QueueCommand | FloorCommand | InterjectionCommand | DeskCommand | PresenceCommand
