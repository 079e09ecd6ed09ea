"""Who is there: connections and consent of seats, the people behind them, and who is prepared next.

Driven by the server's word on connections; it decides only what concerns a seat or a peserta alone.
"""

from dataclasses import dataclass, field

from rooms.ids import PesertaId, SeatId
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    BersiapChanged,
    ConsentGiven,
    Event,
    MeetingConfigured,
    PesertaRegistered,
    ReadyConfirmed,
    RoomReopened,
    SeatConnected,
    SeatDropped,
)
from rooms.meeting.vocabulary import Consent


@dataclass(slots=True)
class Standing:
    """One seat as it is now."""

    connected: bool = False
    can_publish: bool = False
    consent: Consent = Consent.BELUM
    ready: bool = False
    """Seen and heard off-air (R19)."""

    @property
    def on_air_refusal(self) -> Code | None:
        """Why this seat cannot speak by call; None: it can (R22)."""
        if not self.connected:
            return Code.SEAT_ABSENT
        if self.consent is not Consent.DIREKAM:
            return Code.NO_CONSENT
        return None if self.can_publish else Code.CANNOT_SPEAK


@dataclass(slots=True)
class Person:
    """A peserta without words: the name is kept beside the machine."""

    seat_id: SeatId
    unsur: str
    jenis_kelamin: str


@dataclass(slots=True)
class Presence:
    seats: dict[SeatId, Standing] = field(default_factory=dict)
    peserta: dict[PesertaId, Person] = field(default_factory=dict)
    bersiap: list[SeatId] = field(default_factory=list)

    def person_of(self, seat_id: SeatId, peserta_id: PesertaId) -> Person:
        """Raises Refused(UNKNOWN_PESERTA) or Refused(NOT_YOURS)."""
        if peserta_id not in self.peserta:
            raise Refused(Code.UNKNOWN_PESERTA, peserta_id)
        if self.peserta[peserta_id].seat_id != seat_id:
            raise Refused(Code.NOT_YOURS, peserta_id)
        return self.peserta[peserta_id]

    def confirm(self, seat_id: SeatId, ready: bool) -> list[Event]:
        """R19."""
        if seat_id not in self.bersiap:
            raise Refused(Code.WRONG_STATE, "not in bersiap")
        return [] if self.seats[seat_id].ready == ready else [ReadyConfirmed(seat_id, ready)]

    def apply(self, event: Event) -> None:
        match event:
            case MeetingConfigured():
                self.seats = {s.seat_id: self.seats.get(s.seat_id, Standing()) for s in event.seats}
                self.peserta = {k: p for k, p in self.peserta.items() if p.seat_id in self.seats}
            case PesertaRegistered():
                self.peserta[event.peserta_id] = Person(event.seat_id, event.unsur, event.jenis_kelamin)
            case ConsentGiven():
                self.seats[event.seat_id].consent = event.consent
            case SeatConnected():
                seat = self.seats[event.seat_id]
                seat.connected, seat.can_publish = True, event.can_publish
            case SeatDropped():
                self._drop(event.seat_id)
            case RoomReopened():
                for seat_id in self.seats:
                    self._drop(seat_id)
            case ReadyConfirmed():
                self.seats[event.seat_id].ready = event.ready
            case BersiapChanged():
                self.bersiap = list(event.seat_ids)
            case _:
                pass

    def _drop(self, seat_id: SeatId) -> None:
        seat = self.seats[seat_id]
        seat.connected = seat.can_publish = seat.ready = False
