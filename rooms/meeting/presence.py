"""Who is there: connections and consent of seats, the people behind them, and who is prepared next.

Driven by the server's word on connections; it decides only what concerns a seat or a peserta alone.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import PesertaId, SeatId
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    BersiapChanged,
    ConsentGiven,
    Event,
    MeetingConfigured,
    PesertaRegistered,
    PesertaSanctioned,
    ReadyConfirmed,
    RoomReopened,
    SanctionLifted,
    SeatConnected,
    SeatDropped,
    SeatPlaced,
)
from rooms.meeting.vocabulary import Consent, Sanksi

_WEIGHT = tuple(Sanksi)


@dataclass(slots=True)
class Standing:
    """One seat as it is now."""

    connected: bool = False
    can_publish: bool = False
    consent: Consent = Consent.BELUM
    ready: bool = False
    """Seen and heard off-air (R19)."""
    di_aula: bool = False
    """Its device stands in the hall (R89), also while its line is down."""

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
    sanksi: Sanksi | None = None
    peringatan: int = 0
    """How often they were warned since the last lifting."""

    @property
    def silenced(self) -> bool:
        """R65."""
        return self.sanksi in (Sanksi.LARANG_BICARA, Sanksi.KELUARKAN)


@dataclass(slots=True)
class Presence:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            MeetingConfigured,
            PesertaRegistered,
            PesertaSanctioned,
            SanctionLifted,
            ConsentGiven,
            SeatConnected,
            SeatDropped,
            SeatPlaced,
            RoomReopened,
            ReadyConfirmed,
            BersiapChanged,
        }
    )
    """The events that move it."""
    seats: dict[SeatId, Standing] = field(default_factory=dict)
    peserta: dict[PesertaId, Person] = field(default_factory=dict)
    bersiap: list[SeatId] = field(default_factory=list)

    def person_of(self, seat_id: SeatId, peserta_id: PesertaId) -> Person:
        """Raises Refused(UNKNOWN_PESERTA) or Refused(NOT_YOURS)."""
        person = self.person(peserta_id)
        if person.seat_id != seat_id:
            raise Refused(Code.NOT_YOURS, peserta_id)
        return person

    def person(self, peserta_id: PesertaId) -> Person:
        """Raises Refused(UNKNOWN_PESERTA)."""
        if peserta_id not in self.peserta:
            raise Refused(Code.UNKNOWN_PESERTA, peserta_id)
        return self.peserta[peserta_id]

    def may_speak(self, peserta_id: PesertaId) -> None:
        """Raises Refused(SANCTIONED) for somebody whose word was taken (R65)."""
        if self.person(peserta_id).silenced:
            raise Refused(Code.SANCTIONED, peserta_id)

    def sanction(self, peserta_id: PesertaId, jenis: Sanksi, alasan: str) -> list[Event]:
        """R64."""
        standing = self.person(peserta_id).sanksi
        if standing is not None and _WEIGHT.index(jenis) < _WEIGHT.index(standing):
            raise Refused(Code.WRONG_STATE, f"{standing} stands")
        if standing is jenis and jenis is not Sanksi.PERINGATAN:
            return []
        return [PesertaSanctioned(peserta_id, jenis, alasan)]

    def lift(self, peserta_id: PesertaId) -> list[Event]:
        """R66."""
        return [] if self.person(peserta_id).sanksi is None else [SanctionLifted(peserta_id)]

    def confirm(self, seat_id: SeatId, ready: bool) -> list[Event]:
        """R19."""
        if seat_id not in self.bersiap:
            raise Refused(Code.WRONG_STATE, "not in bersiap")
        return [] if self.seats[seat_id].ready == ready else [ReadyConfirmed(seat_id, ready)]

    def apply(self, event: Event, _at: int) -> None:
        match event:
            case MeetingConfigured():
                self.seats = {s.seat_id: self.seats.get(s.seat_id, Standing()) for s in event.seats}
                self.peserta = {k: p for k, p in self.peserta.items() if p.seat_id in self.seats}
            case PesertaRegistered():
                self._register(event)
            case PesertaSanctioned():
                person = self.peserta[event.peserta_id]
                person.sanksi = event.jenis
                person.peringatan += event.jenis is Sanksi.PERINGATAN
            case SanctionLifted():
                person = self.peserta[event.peserta_id]
                person.sanksi, person.peringatan = None, 0
            case ConsentGiven():
                self.seats[event.seat_id].consent = event.consent
            case SeatConnected():
                seat = self.seats[event.seat_id]
                seat.connected, seat.can_publish = True, event.can_publish
            case SeatDropped():
                self._drop(event.seat_id)
            case SeatPlaced():
                self.seats[event.seat_id].di_aula = event.di_aula
            case RoomReopened():
                for seat_id in self.seats:
                    self._drop(seat_id)
            case ReadyConfirmed():
                self.seats[event.seat_id].ready = event.ready
            case BersiapChanged():
                self.bersiap = list(event.seat_ids)
            case _:
                pass

    def _register(self, event: PesertaRegistered) -> None:
        """A corrected record keeps what was noted about its person."""
        person = self.peserta.setdefault(event.peserta_id, Person(event.seat_id, "", ""))
        person.seat_id = event.seat_id
        person.unsur, person.jenis_kelamin = event.unsur, event.jenis_kelamin

    def _drop(self, seat_id: SeatId) -> None:
        seat = self.seats[seat_id]
        seat.connected = seat.can_publish = seat.ready = False
