"""The two lists: who attended, and what was proposed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rooms.ids import SeatId
from rooms.meeting.vocabulary import JenisCatatan, SeatKind, Unsur
from server.papers import said
from server.papers.account import Account
from server.papers.notulen import attendance, unsur
from server.papers.said import Note
from server.reports.words import HAK, UNSUR
from server.store.catatan import Catatan


@dataclass(frozen=True, slots=True)
class Hadir:
    nomor: int
    nama: str
    jenis_kelamin: str
    unsur: str
    jabatan: str
    pukul: str
    tanda: str
    """How the person was there."""


@dataclass(frozen=True, slots=True)
class Rombongan:
    """The people of one office, or of the hall."""

    asal: str
    hadir: tuple[Hadir, ...]


@dataclass(frozen=True, slots=True)
class DaftarHadir:
    kehadiran: tuple[tuple[str, str], ...]
    unsur: tuple[tuple[str, str], ...]
    rombongan: tuple[Rombongan, ...]
    """Those with at least one person, in the order of the session's seats."""
    tanpa_nama: tuple[str, ...]
    """Offices that attended without a name put down."""
    tidak_hadir: tuple[str, ...]
    """Offices that never came."""


def daftar_hadir(account: Account) -> DaftarHadir:
    seats = account.meeting.agenda.seats.values()
    groups = tuple(Rombongan(seat.label, people(account, seat.seat_id)) for seat in seats)
    named = {group.asal for group in groups if group.hadir}
    came = {seat.label for seat in seats if seat.seat_id in account.meeting.attendance.seats}
    offices = [seat.label for seat in seats if seat.kind is not SeatKind.AULA]
    return DaftarHadir(
        attendance(account),
        unsur(account.counts.unsur),
        tuple(group for group in groups if group.hadir),
        tuple(label for label in offices if label in came and label not in named),
        tuple(label for label in offices if label not in came),
    )


def people(account: Account, seat_id: SeatId) -> tuple[Hadir, ...]:
    """Who came behind this seat, by the time of coming."""
    meeting, hall = account.meeting, account.meeting.agenda.aula
    standing = meeting.presence.seats[seat_id]
    came = []
    for peserta_id, person in meeting.presence.peserta.items():
        at = meeting.attendance.arrived_at(peserta_id, seat_id) if person.seat_id == seat_id else None
        if at is not None:
            came.append((at, peserta_id, person))
    where = "di Aula" if seat_id == hall or standing.di_aula else "daring"
    return tuple(
        Hadir(
            nomor,
            account.fold.words.names[peserta_id].nama or said.ERASED,
            person.jenis_kelamin or "–",
            UNSUR[person.unsur] if person.unsur in UNSUR and person.unsur != Unsur.TIDAK_DISEBUT else "–",
            "; ".join(
                part for part in (account.fold.words.names[peserta_id].jabatan, right(person.hak)) if part
            ),
            said.clock(at),
            where,
        )
        for nomor, (at, peserta_id, person) in enumerate(sorted(came, key=lambda it: (it[0], it[1])), 1)
    )


def right(hak: str) -> str:
    """In small letters, for behind a jabatan; empty when nothing was said."""
    return HAK[hak].lower() if hak in HAK else ""


@dataclass(frozen=True, slots=True)
class Usulan:
    nomor: int
    usulan: str
    """Its title, else what was said."""
    masalah: str
    bidang: str
    lokasi: str
    volume: str
    biaya: str
    keterangan: str
    tertutup: bool


@dataclass(frozen=True, slots=True)
class DesaUsulan:
    desa: str
    usulan: tuple[Usulan, ...]


@dataclass(frozen=True, slots=True)
class DaftarUsulan:
    jumlah: int
    biaya: str
    """Of those that have one, together."""
    desa: tuple[DesaUsulan, ...]
    """By kode wilayah; usulan without a place come last."""


def daftar_usulan(notes: Sequence[Note]) -> DaftarUsulan:
    wanted = [told for told in notes if told.note.jenis == JenisCatatan.USULAN]
    places: dict[tuple[str, str], list[Note]] = {}
    for told in wanted:
        places.setdefault((told.note.kode_wilayah or "~", told.note.label), []).append(told)
    costs = [told.note.perkiraan_biaya for told in wanted if told.note.perkiraan_biaya is not None]
    return DaftarUsulan(
        len(wanted),
        said.rupiah(sum(costs)) if costs else "",
        tuple(
            DesaUsulan(label or "Tanpa wilayah", tuple(usulan(n, told) for n, told in enumerate(some, 1)))
            for (_, label), some in sorted(places.items())
        ),
    )


def usulan(nomor: int, told: Note, keterangan: str = "") -> Usulan:
    note = told.note
    return Usulan(
        nomor,
        "" if told.closed else note.judul or note.gagasan or note.ucapan,
        note.masalah,
        said.bidang(note),
        said.place(note),
        said.many(note.volume, note.satuan),
        said.rupiah(note.perkiraan_biaya),
        keterangan or state(note),
        told.closed,
    )


TAHAP = {
    "catatan_langsung": "catatan langsung",
    "draf": "draf",
    "desa": "desa",
    "mitra_bappeda": "mitra Bappeda",
    "kecamatan": "kecamatan",
    "forum_pd": "forum perangkat daerah",
    "kabupaten": "kabupaten",
    "tapd": "TAPD",
    "selesai": "selesai",
}
PUTUSAN = {
    "menunggu": "menunggu",
    "diteruskan": "diteruskan",
    "ditolak": "ditolak",
    "dikembalikan": "dikembalikan",
    "cadangan": "cadangan",
    "dibatalkan": "dibatalkan",
    "diakomodir": "diakomodir",
    "belum_diakomodir": "belum diakomodir",
}


def state(note: Catatan) -> str:
    """``kecamatan, menunggu``; a word that is not known is printed as it is."""
    parts = (TAHAP.get(note.tahap, note.tahap), PUTUSAN.get(note.putusan, note.putusan))
    return ", ".join(part for part in parts if part)
