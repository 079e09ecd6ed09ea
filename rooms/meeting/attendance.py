"""Who attends: when each seat was there, when each peserta came, whether enough offices are there (R80-R83).

Driven by joins, by turns without media and by names that are registered. It is counted and shown; only the
opening of a meeting whose settings say so asks for the quorum.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import PesertaId, SeatId
from rooms.meeting.agenda import Agenda
from rooms.meeting.events import (
    Event,
    MeetingClosed,
    MeetingConfigured,
    PesertaRegistered,
    RoomReopened,
    SeatConnected,
    SeatDropped,
)
from rooms.meeting.presence import Presence
from rooms.meeting.vocabulary import Kuorum, SeatKind

INVITED = (SeatKind.DIALOG, SeatKind.MENYIMAK)
"""Kinds of seats that are offices; the hall is the host, and guests make no quorum."""


@dataclass(slots=True)
class Stay:
    """Of one seat."""

    first_at: int
    last_at: int | None = None
    """None while it is connected."""


@dataclass(slots=True)
class Attendance:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {MeetingConfigured, PesertaRegistered, SeatConnected, SeatDropped, RoomReopened, MeetingClosed}
    )
    """The events that move it."""
    seats: dict[SeatId, Stay] = field(default_factory=dict)
    """Seats that have attended (R80)."""
    registered: dict[PesertaId, int] = field(default_factory=dict)
    """When each name was first put down."""

    def arrived_at(self, peserta_id: PesertaId, seat_id: SeatId) -> int | None:
        """R81: when this person came; None while their seat has not attended."""
        stay = self.seats.get(seat_id)
        return None if stay is None else max(stay.first_at, self.registered[peserta_id])

    def heard(self, seat_id: SeatId, since: int, until: int) -> None:
        """A turn without media took place: the office attends by it (R80)."""
        stay = self.seats.setdefault(seat_id, Stay(since, until))
        stay.first_at = min(stay.first_at, since)
        if stay.last_at is not None:
            stay.last_at = max(stay.last_at, until)

    def apply(self, event: Event, at: int) -> None:
        match event:
            case MeetingConfigured():
                known = {seat.seat_id for seat in event.seats}
                self.seats = {seat_id: stay for seat_id, stay in self.seats.items() if seat_id in known}
            case PesertaRegistered():
                self.registered.setdefault(event.peserta_id, at)
            case SeatConnected():
                self.seats.setdefault(event.seat_id, Stay(at)).last_at = None
            case SeatDropped():
                self.seats[event.seat_id].last_at = at
            case RoomReopened():
                self._everybody_left(at - event.outage_ms)
            case MeetingClosed():
                self._everybody_left(at)
            case _:
                pass

    def _everybody_left(self, at: int) -> None:
        for stay in self.seats.values():
            if stay.last_at is None:
                stay.last_at = max(at, stay.first_at)


@dataclass(frozen=True, slots=True)
class Quorum:
    present: int
    """Invited offices that are connected now."""
    invited: int
    needed: int
    """0: nobody asks for one."""

    @property
    def met(self) -> bool:
        return self.present >= self.needed


def quorum(agenda: Agenda, presence: Presence) -> Quorum:
    """R83."""
    offices = [seat.seat_id for seat in agenda.seats.values() if seat.kind in INVITED]
    present = sum(presence.seats[seat_id].connected for seat_id in offices)
    return Quorum(present, len(offices), _needed(agenda.settings.kuorum, len(offices)))


def _needed(kuorum: Kuorum, invited: int) -> int:
    match kuorum:
        case Kuorum.TIDAK_DIHITUNG:
            return 0
        case Kuorum.LEBIH_SETENGAH:
            return invited // 2 + 1 if invited else 0
        case Kuorum.DUA_PERTIGA:
            return -(-2 * invited // 3)
        case Kuorum.SEMUA:
            return invited


@dataclass(slots=True)
class Count:
    """Of one kecamatan, or of the whole meeting."""

    label: str
    invited: int = 0
    present: int = 0
    """Invited offices that are connected now."""
    attended: int = 0
    """Invited offices that have been there (R80)."""
    peserta: int = 0
    """People who have come (R81), whatever the kind of their seat."""


@dataclass(frozen=True, slots=True)
class Counts:
    total: Count
    kecamatan: dict[str, Count]
    """By group of seats, in the order of the seats."""
    unsur: dict[str, int]
    jenis_kelamin: dict[str, int]
    hak: dict[str, int]
    """People who have come, by what they said of themselves; "" for those who did not."""


def count(agenda: Agenda, presence: Presence, attendance: Attendance) -> Counts:
    """Everybody once in ``total``, in a kecamatan, in an unsur, as L, P or neither, and in a right."""
    counts = Counts(Count(""), {}, {}, {}, {})
    for seat in agenda.seats.values():
        name = agenda.kecamatan(seat.seat_id)
        place = counts.kecamatan.setdefault(name, Count(seat.label.rpartition(", ")[2]))
        if seat.kind in INVITED:
            for one in (counts.total, place):
                one.invited += 1
                one.present += presence.seats[seat.seat_id].connected
                one.attended += seat.seat_id in attendance.seats
    for peserta_id, person in presence.peserta.items():
        if attendance.arrived_at(peserta_id, person.seat_id) is not None:
            counts.total.peserta += 1
            counts.kecamatan[agenda.kecamatan(person.seat_id)].peserta += 1
            counts.unsur[person.unsur] = counts.unsur.get(person.unsur, 0) + 1
            known = counts.jenis_kelamin.get(person.jenis_kelamin, 0)
            counts.jenis_kelamin[person.jenis_kelamin] = known + 1
            counts.hak[person.hak] = counts.hak.get(person.hak, 0) + 1
    return counts
