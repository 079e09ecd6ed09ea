"""Who is invited to what: a session and each office with its link, for sheets, messages and calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from rooms.meeting.vocabulary import SeatKind, SeatSpec
from server.store.grants import Grant, Minted
from server.store.link_secrets import shown_code
from server.store.sessions import SessionSpec

INVITED = (SeatKind.DIALOG, SeatKind.MENYIMAK, SeatKind.TAMU)
"""Nobody writes to the hall: its device is set up by the Panitia itself, from a sheet."""


@dataclass(frozen=True, slots=True)
class Event:
    """The session as it is announced."""

    judul: str
    tanggal: date
    jam_mulai: str
    jam_selesai: str
    telepon: str
    alamat: str
    """Where the server is found, without a slash at the end."""
    gladi: bool

    @property
    def hari(self) -> str:
        """``Jumat, 15 Januari 2027``"""
        return format_date(self.tanggal, "EEEE, d MMMM y", locale="id")

    @property
    def pukul(self) -> str:
        """``08.30–12.00 WIB``; empty when it was not said."""
        hours = [hour.replace(":", ".") for hour in (self.jam_mulai, self.jam_selesai) if hour]
        return f"{'–'.join(hours)} WIB" if hours else ""

    @property
    def situs(self) -> str:
        """The address as somebody types it."""
        return self.alamat.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Invitation:
    kursi: str
    nama: str
    """``Sarongan, Kec. Pesanggaran``"""
    kecamatan: str
    tautan: str
    """Secret, like ``kode``. Empty: the link was made by an earlier release, and cannot be shown again."""
    kode: str
    """``K7MP-3RTX``"""
    aula: bool = False
    """The hall's own device, whose sheet has other steps."""


def event_of(spec: SessionSpec, alamat: str) -> Event:
    return Event(spec.title, spec.tanggal, spec.jam_mulai, spec.jam_selesai, spec.telepon, alamat, spec.gladi)


def invitations(
    spec: SessionSpec, grants: Sequence[Grant], secrets: Mapping[str, Minted], alamat: str
) -> list[Invitation]:
    """One for each office whose link stands, by kecamatan; ``grants``: all of the session, oldest first."""
    offices = (seat for seat in spec.seats if seat.kind in INVITED)
    return _of(sorted(offices, key=lambda seat: seat.kode_wilayah), grants, secrets, alamat)


def of_hall(
    spec: SessionSpec, grants: Sequence[Grant], secrets: Mapping[str, Minted], alamat: str
) -> Invitation | None:
    """The hall's, of the same; None while its link does not stand."""
    found = _of([seat for seat in spec.seats if seat.kind is SeatKind.AULA], grants, secrets, alamat)
    return found[0] if found else None


def _of(
    seats: Sequence[SeatSpec], grants: Sequence[Grant], secrets: Mapping[str, Minted], alamat: str
) -> list[Invitation]:
    newest = {g.seat_id: g for g in grants if not g.revoked and g.made_by is None and g.seat_id}
    found = []
    for seat in seats:
        grant = newest.get(seat.seat_id)
        if grant is None:
            continue
        secret = secrets.get(grant.public_id)
        found.append(
            Invitation(
                str(seat.seat_id),
                seat.label,
                seat.label.rpartition(", Kec. ")[2].removeprefix("Camat "),
                f"{alamat}/m/{secret.token}" if secret else "",
                shown_code(secret.code) if secret and secret.code else "",
                seat.kind is SeatKind.AULA,
            )
        )
    return found
