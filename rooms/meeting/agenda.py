"""What a meeting is and where it stands: seats, agenda items, status, the record switch.

Driven by commands before they reach the floor; it knows nothing of hands and turns.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import ItemId, SeatId
from rooms.meeting.commands import AddSeats, AmendAgenda, ConfigureMeeting
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    AgendaAmended,
    Event,
    ItemStarted,
    MeetingClosed,
    MeetingConfigured,
    MeetingOpened,
    MeetingResumed,
    MeetingSuspended,
    QueueSwitched,
    RecordSwitched,
    SeatsAdded,
)
from rooms.meeting.vocabulary import ItemKind, ItemSpec, MeetingSettings, MeetingStatus, SeatKind, SeatSpec
from rooms.ordering.seconds import HEAVIEST

OPEN = (MeetingStatus.BERLANGSUNG,)
RUNNING = (MeetingStatus.BERLANGSUNG, MeetingStatus.DISKORS)
NOT_CLOSED = (MeetingStatus.DISIAPKAN, *RUNNING)
BEGUN = (*RUNNING, MeetingStatus.DITUTUP)

KECAMATAN_CHARS = 8
"""``PP.KK.CC`` of a Kemendagri code."""


@dataclass(slots=True)
class Span:
    """One time that an agenda item ran."""

    item_id: ItemId
    started_at: int
    ended_at: int | None = None


@dataclass(slots=True)
class Agenda:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            MeetingConfigured,
            AgendaAmended,
            SeatsAdded,
            MeetingOpened,
            ItemStarted,
            MeetingSuspended,
            MeetingResumed,
            MeetingClosed,
            QueueSwitched,
            RecordSwitched,
        }
    )
    """The events that move it."""
    title: str = ""
    status: MeetingStatus = MeetingStatus.DISIAPKAN
    seats: dict[SeatId, SeatSpec] = field(default_factory=dict)
    items: dict[ItemId, ItemSpec] = field(default_factory=dict)
    settings: MeetingSettings = field(default_factory=MeetingSettings)
    item_id: ItemId | None = None
    spans: list[Span] = field(default_factory=list)
    off_record: bool = False
    queue_shut: bool = False
    """The chair takes no more hands for the running item (R63)."""
    opened_at: int | None = None
    closed_at: int | None = None

    @property
    def aula(self) -> SeatId:
        """The hall's seat; the meeting must be configured."""
        return next(s.seat_id for s in self.seats.values() if s.kind is SeatKind.AULA)

    @property
    def dialog_runs(self) -> bool:
        """Whether the meeting is open and the running item is a dialog."""
        if self.status is not MeetingStatus.BERLANGSUNG or self.item_id is None:
            return False
        return self.items[self.item_id].kind is ItemKind.DIALOG

    @property
    def queue_open(self) -> bool:
        return self.dialog_runs and not self.queue_shut

    def set_queue(self, wanted: bool) -> list[Event]:
        """R63."""
        self.need(*OPEN)
        if not self.dialog_runs:
            raise Refused(Code.QUEUE_CLOSED)
        return [] if wanted == self.queue_open else [QueueSwitched(wanted)]

    def kecamatan(self, seat_id: SeatId) -> str:
        """The group of a seat; a seat without a place is a group of its own."""
        return self.seats[seat_id].kode_wilayah[:KECAMATAN_CHARS] or seat_id

    def need(self, *statuses: MeetingStatus) -> None:
        """Raises Refused(WRONG_STATUS) unless the meeting has one of these."""
        if self.status not in statuses:
            raise Refused(Code.WRONG_STATUS, self.status)

    def seat(self, seat_id: SeatId) -> SeatSpec:
        """Raises Refused(UNKNOWN_SEAT)."""
        if seat_id not in self.seats:
            raise Refused(Code.UNKNOWN_SEAT, seat_id)
        return self.seats[seat_id]

    def speaking_seat(self, seat_id: SeatId) -> SeatSpec:
        """A seat that may hold a turn of its own; the hall does not (R14, R21)."""
        seat = self.seat(seat_id)
        if seat.kind is SeatKind.AULA:
            raise Refused(Code.CANNOT_SPEAK, "the hall")
        return seat

    def configure(self, command: ConfigureMeeting) -> MeetingConfigured:
        """R5."""
        self.need(MeetingStatus.DISIAPKAN)
        seats = {s.seat_id: s for s in command.seats}
        if len(seats) < len(command.seats) or len({i.item_id for i in command.agenda}) < len(command.agenda):
            raise Refused(Code.DUPLICATE_ID)
        if sum(s.kind is SeatKind.AULA for s in command.seats) != 1:
            raise Refused(Code.BAD_VALUE, "exactly one hall")
        check_weights(command.seats)
        check_settings(command.settings)
        check_script(command.script, seats)
        return MeetingConfigured(
            command.title, command.seats, command.agenda, command.script, command.settings
        )

    def amend(self, command: AmendAgenda) -> list[Event]:
        """R100."""
        self.need(*NOT_CLOSED)
        if not self.seats:
            raise Refused(Code.WRONG_STATUS, "not configured")
        wanted = {item.item_id: item for item in command.agenda}
        if len(wanted) < len(command.agenda):
            raise Refused(Code.DUPLICATE_ID)
        if not wanted:
            raise Refused(Code.BAD_VALUE, "an agenda without items")
        for item_id in {span.item_id for span in self.spans}:
            if item_id not in wanted or wanted[item_id].kind != self.items[item_id].kind:
                raise Refused(Code.WRONG_STATE, f"{item_id} has run")
        same = (command.title, command.agenda) == (self.title, tuple(self.items.values()))
        return [] if same else [AgendaAmended(command.title, command.agenda)]

    def add(self, command: AddSeats) -> list[Event]:
        """R101."""
        self.need(*NOT_CLOSED)
        if not self.seats:
            raise Refused(Code.WRONG_STATUS, "not configured")
        wanted = {seat.seat_id for seat in command.seats}
        if len(wanted) < len(command.seats) or wanted & set(self.seats):
            raise Refused(Code.DUPLICATE_ID)
        if not wanted or any(seat.kind is SeatKind.AULA for seat in command.seats):
            raise Refused(Code.BAD_VALUE, "one hall, and at least one office")
        check_weights(command.seats)
        return [SeatsAdded(command.seats)]

    def start(self, item_id: ItemId) -> ItemStarted:
        """R7."""
        self.need(*OPEN)
        if item_id not in self.items:
            raise Refused(Code.UNKNOWN_ITEM, item_id)
        if item_id == self.item_id:
            raise Refused(Code.WRONG_STATE, "already running")
        return ItemStarted(item_id)

    def open(self) -> MeetingOpened:
        """R6."""
        self.need(MeetingStatus.DISIAPKAN)
        if not self.seats:
            raise Refused(Code.WRONG_STATUS, "not configured")
        return MeetingOpened()

    def apply(self, event: Event, at: int) -> None:
        match event:
            case MeetingConfigured():
                self.title, self.settings = event.title, event.settings
                self.seats = {s.seat_id: s for s in event.seats}
                self.items = {i.item_id: i for i in event.agenda}
            case AgendaAmended():
                self.title, self.items = event.title, {i.item_id: i for i in event.agenda}
            case SeatsAdded():
                self.seats |= {s.seat_id: s for s in event.seats}
            case MeetingOpened():
                self.status, self.opened_at = MeetingStatus.BERLANGSUNG, at
            case ItemStarted():
                self._end_span(at)
                self.item_id, self.queue_shut = event.item_id, False
                self.spans.append(Span(event.item_id, at))
            case MeetingSuspended():
                self.status = MeetingStatus.DISKORS
            case MeetingResumed():
                self.status = MeetingStatus.BERLANGSUNG
            case MeetingClosed():
                self._end_span(at)
                self.status, self.item_id, self.closed_at = MeetingStatus.DITUTUP, None, at
            case QueueSwitched():
                self.queue_shut = not event.open
            case RecordSwitched():
                self.off_record = event.off_record
            case _:
                pass

    def _end_span(self, at: int) -> None:
        if self.spans and self.spans[-1].ended_at is None:
            self.spans[-1].ended_at = at


def check_script(script: tuple[SeatId, ...], seats: dict[SeatId, SeatSpec]) -> None:
    """Raises Refused for unknown or repeated seats and for the hall (R5, R10)."""
    for seat_id in script:
        if seat_id not in seats:
            raise Refused(Code.UNKNOWN_SEAT, seat_id)
        if seats[seat_id].kind is SeatKind.AULA:
            raise Refused(Code.BAD_VALUE, "the hall is not called")
    if len(set(script)) < len(script):
        raise Refused(Code.BAD_VALUE, "a seat stands twice on the script")


def check_weights(seats: tuple[SeatSpec, ...]) -> None:
    """Raises Refused(BAD_VALUE) for one outside its range (R5)."""
    if not all(1 <= seat.bobot <= HEAVIEST for seat in seats):
        raise Refused(Code.BAD_VALUE, "bobot")


def check_settings(settings: MeetingSettings) -> None:
    """Raises Refused(BAD_VALUE) for a value outside its range (R5)."""
    ranges = (
        (settings.turn_limit_s, 10, 3600),
        (settings.warn_before_s, 0, settings.turn_limit_s),
        (settings.grace_s, 0, 600),
        (settings.bersiap, 0, 4),
        (settings.penuaan, 0, 10_000),
        (settings.beku, 0, min(2, settings.bersiap)),
    )
    if not all(low <= value <= high for value, low, high in ranges):
        raise Refused(Code.BAD_VALUE, "settings")
