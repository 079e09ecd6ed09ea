"""Who is there: connections and consent of seats, the people behind them, and who is prepared next.

Driven by the server's word on connections; it decides only what concerns a seat or a peserta alone.
"""

from dataclasses import dataclass, field
from typing import ClassVar

from rooms.ids import DeviceId, PesertaId, SeatId
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
    SeatReached,
    SeatRecognised,
    SeatsAdded,
)
from rooms.meeting.vocabulary import Consent, Hak, Sanksi, Wajah

_WEIGHT = tuple(Sanksi)
MOST_PESERTA = 300
"""Registered behind one seat (R104)."""
MOST_FACES = 50
"""Devices of a seat that are remembered (R94)."""
_FORGOTTEN_FIRST = (Wajah.BELUM, Wajah.DIKENAL, Wajah.BUKAN)


@dataclass(slots=True)
class Face:
    """One device of a seat that is looked at (R94)."""

    nomor: int
    """From 1, in the order of first connections; the number of a forgotten device is given to no other."""
    wajah: Wajah = Wajah.BELUM


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
    telepon: bool = False
    """It is reached by telephone (R96)."""
    device: DeviceId | None = None
    """The one that it has, or had last."""
    faces: dict[DeviceId, Face] = field(default_factory=dict)
    """Of its devices that are looked at, in the order of their first connection, with the present one."""
    numbered: int = 0
    """How many devices it ever had to be looked at."""

    @property
    def wajah(self) -> Wajah | None:
        """None: nobody needs to look (R94)."""
        return self.wajah_of(self.device)

    def wajah_of(self, device: DeviceId | None) -> Wajah | None:
        """None: not looked at, or not remembered."""
        face = self.faces.get(device) if device else None
        return face.wajah if face else None

    @property
    def alat(self) -> int:
        """The number of its device; 0: nobody needs to look."""
        return self.faces[self.device].nomor if self.device in self.faces else 0

    def meet(self, device: DeviceId) -> None:
        """R94: a new one is numbered; of too many the oldest that nobody has looked at is forgotten."""
        if device in self.faces:
            return
        self.numbered += 1
        if len(self.faces) >= MOST_FACES:
            known = list(self.faces)
            del self.faces[min(known, key=lambda one: _FORGOTTEN_FIRST.index(self.faces[one].wajah))]
        self.faces[device] = Face(self.numbered)

    @property
    def on_air_refusal(self) -> Code | None:
        """Why this seat cannot speak by call; None: it can (R22, R95)."""
        if not self.connected:
            return Code.SEAT_ABSENT
        if self.wajah is Wajah.BUKAN:
            return Code.NOT_KNOWN
        if self.consent is not Consent.DIREKAM:
            return Code.NO_CONSENT
        return None if self.can_publish else Code.CANNOT_SPEAK


@dataclass(slots=True)
class Person:
    """A peserta without words: the name is kept beside the machine."""

    seat_id: SeatId
    unsur: str
    jenis_kelamin: str
    hak: str
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
            SeatsAdded,
            PesertaRegistered,
            PesertaSanctioned,
            SanctionLifted,
            ConsentGiven,
            SeatConnected,
            SeatDropped,
            SeatPlaced,
            SeatReached,
            SeatRecognised,
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

    def need_room(self, seat_id: SeatId) -> None:
        """Raises Refused for one peserta more than a seat may have (R104)."""
        if sum(person.seat_id == seat_id for person in self.peserta.values()) >= MOST_PESERTA:
            raise Refused(Code.TOO_MANY, seat_id)

    def may_speak(self, peserta_id: PesertaId) -> None:
        """Raises Refused(SANCTIONED) for somebody whose word was taken (R65)."""
        if self.person(peserta_id).silenced:
            raise Refused(Code.SANCTIONED, peserta_id)

    def may_ask(self, peserta_id: PesertaId) -> None:
        """Raises Refused(OBSERVER) for a peninjau (R105), else as ``may_speak`` does."""
        self.may_speak(peserta_id)
        if self.person(peserta_id).hak == Hak.PENINJAU:
            raise Refused(Code.OBSERVER, peserta_id)

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
        """R19, R94."""
        if seat_id not in self.bersiap:
            raise Refused(Code.WRONG_STATE, "not in bersiap")
        seat = self.seats[seat_id]
        if seat.ready == ready:
            return []
        confirmed = ReadyConfirmed(seat_id, ready)
        if ready and seat.device is not None and seat.wajah is Wajah.BELUM:
            return [confirmed, SeatRecognised(seat_id, seat.device, True)]
        return [confirmed]

    def apply(self, event: Event, _at: int) -> None:
        match event:
            case MeetingConfigured():
                self.seats = {s.seat_id: self.seats.get(s.seat_id, Standing()) for s in event.seats}
                self.peserta = {k: p for k, p in self.peserta.items() if p.seat_id in self.seats}
            case SeatsAdded():
                self.seats |= {s.seat_id: Standing() for s in event.seats}
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
                seat.ready = seat.ready and seat.device == event.device
                seat.connected, seat.can_publish, seat.device = True, event.can_publish, event.device
                if event.device is not None:
                    seat.meet(event.device)
            case SeatDropped():
                self._drop(event.seat_id)
            case SeatPlaced():
                self.seats[event.seat_id].di_aula = event.di_aula
            case SeatReached():
                self.seats[event.seat_id].telepon = event.telepon
            case SeatRecognised():
                face = self.seats[event.seat_id].faces[event.device]
                face.wajah = Wajah.DIKENAL if event.dikenal else Wajah.BUKAN
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
        person = self.peserta.setdefault(event.peserta_id, Person(event.seat_id, "", "", ""))
        person.seat_id = event.seat_id
        person.unsur, person.jenis_kelamin, person.hak = event.unsur, event.jenis_kelamin, event.hak

    def _drop(self, seat_id: SeatId) -> None:
        seat = self.seats[seat_id]
        seat.connected = seat.can_publish = seat.ready = False
