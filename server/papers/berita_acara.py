"""The berita acara of one office's own meeting, as far as the system knows it; the rest is a line to fill in.

Pure. Desa and kelurahan have forms of their own: a kelurahan has neither BPD nor village funds. The office's
own meeting (``planning.sidang``) says when, where and by whom, who attended, and which usulan comes first;
where it says nothing, the pleno's attendance and the order of speaking stand in. What was not recorded is
left to the pen, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rooms.ids import SeatId
from rooms.meeting.vocabulary import JenisCatatan, JenisKelamin
from server.papers import said
from server.papers.account import Account
from server.papers.daftar import Hadir, Usulan, people, usulan
from server.papers.said import Note, Sesi
from server.plain import one_line
from server.planning.sidang_forms import CARA_WORDS
from server.reports.words import HAK, JENIS_KELAMIN, UNSUR
from server.store import sidang
from server.store.sidang import Pokok
from server.store.wilayah import Desa

NOT_TAKEN = ("ditolak", "dikembalikan", "cadangan", "belum_diakomodir", "dibatalkan")
"""``putusan`` of what stands under KEDUA."""


@dataclass(frozen=True, slots=True)
class BeritaAcara:
    kelurahan: bool
    nama: str
    """Of the desa or kelurahan, without its kind."""
    kecamatan: str
    kode_wilayah: str
    nomor: str
    hari: str
    """Of the office's own meeting; unless it says otherwise, that of the pleno."""
    pukul: str
    tempat: str
    pimpinan: str
    notulis: str
    narasumber: str
    materi: str
    cara: str
    """How it decided, in words."""
    hadir: tuple[tuple[str, str], ...]
    """(L/P, unsur or right, number)"""
    prioritas: tuple[Usulan, ...]
    belum: tuple[Usulan, ...]
    """With the reason as ``keterangan``."""
    lain: tuple[str, ...]
    """Complaints and questions that were noted."""
    lampiran_hadir: tuple[Hadir, ...]


@dataclass(frozen=True, slots=True)
class Rapat:
    """The office's own meeting, as its devices kept it."""

    pokok: Pokok = field(default_factory=Pokok)
    hadir: tuple[sidang.Hadir, ...] = ()
    urutan: tuple[str, ...] = ()
    """Ids of usulan, the first comes first."""


def berita_acara(
    account: Account,
    sesi: Sesi,
    seat_id: SeatId,
    desa: Desa,
    notes: Sequence[Note],
    reasons: Mapping[str, str],
    rapat: Rapat = Rapat(),
) -> BeritaAcara:
    """``notes``: all of this place for the planned year; ``reasons``: id -> why it was decided so."""
    present = _attended(rapat.hadir) or people(account, seat_id)
    proposed = _ranked([told for told in notes if told.note.jenis == JenisCatatan.USULAN], rapat.urutan)
    pokok = rapat.pokok
    taken = [told for told in proposed if told.note.putusan not in NOT_TAKEN]
    left = [told for told in proposed if told.note.putusan in NOT_TAKEN]
    others = [n for n in notes if n.note.jenis in (JenisCatatan.KELUHAN, JenisCatatan.PERTANYAAN)]
    return BeritaAcara(
        kelurahan=desa.jenis == "kelurahan",
        nama=desa.nama,
        kecamatan=desa.kecamatan.nama,
        kode_wilayah=desa.kode,
        nomor=pokok.nomor,
        hari=said.day(pokok.tanggal) if pokok.tanggal else sesi.hari,
        pukul=_hours(pokok),
        tempat=pokok.tempat,
        pimpinan=pokok.pimpinan,
        notulis=pokok.notulis,
        narasumber=pokok.narasumber,
        materi=pokok.materi,
        cara=CARA_WORDS.get(pokok.cara, ""),
        hadir=_counted(present, rapat.hadir),
        prioritas=tuple(usulan(n, told) for n, told in enumerate(taken, 1)),
        belum=tuple(usulan(n, told, _reason(told, reasons)) for n, told in enumerate(left, 1)),
        lain=tuple(told.note.judul or told.note.ucapan for told in others if not told.closed),
        lampiran_hadir=present,
    )


def _ranked(proposed: Sequence[Note], urutan: Sequence[str]) -> list[Note]:
    """The list's order, then what came up beside it; without what the office struck off its own list."""
    place = {catatan_id: at for at, catatan_id in enumerate(urutan)}
    kept = [t for t in proposed if not (t.note.id in place and t.note.putusan == "dibatalkan")]
    return sorted(kept, key=lambda told: place.get(told.note.id, len(place)))


def _attended(hadir: Sequence[sidang.Hadir]) -> tuple[Hadir, ...]:
    """They sign on the paper: hour and sign are left to the pen."""
    present = [person for person in hadir if not person.hapus]
    return tuple(
        Hadir(
            nomor,
            one_line(person.nama),
            person.jenis_kelamin or "–",
            UNSUR[person.unsur] if person.unsur else "–",
            one_line(", ".join(part for part in (person.jabatan, person.asal) if part)),
            "",
            "",
        )
        for nomor, person in enumerate(present, 1)
    )


def _hours(pokok: Pokok) -> str:
    """``09.15–12.00 WIB``"""
    hours = "–".join(hour.replace(":", ".") for hour in (pokok.jam_mulai, pokok.jam_selesai) if hour)
    return f"{hours} WIB" if hours else ""


def _reason(told: Note, reasons: Mapping[str, str]) -> str:
    putusan = told.note.putusan.replace("_", " ")
    reason = reasons.get(told.note.id, "")
    return f"{putusan}: {reason}" if reason else putusan


def _counted(present: Sequence[Hadir], hadir: Sequence[sidang.Hadir]) -> tuple[tuple[str, str], ...]:
    """All, L and P, then every unsur and right among them; without numbers when nobody was put down."""
    by_kind = [
        (JENIS_KELAMIN[kind], sum(person.jenis_kelamin == kind for person in present))
        for kind in (JenisKelamin.LAKI_LAKI, JenisKelamin.PEREMPUAN)
    ]
    by_unsur = [
        (f"Unsur: {word}", sum(person.unsur == word for person in present)) for word in UNSUR.values()
    ]
    by_right = [
        (word, sum(person.hak == hak and not person.hapus for person in hadir)) for hak, word in HAK.items()
    ]
    rows = [("Seluruhnya", len(present)), *by_kind, *(row for row in (*by_unsur, *by_right) if row[1])]
    return tuple((word, str(number) if present else "") for word, number in rows)


def title(desa: Desa) -> str:
    """``Desa Kemiren, Kecamatan Glagah``"""
    kind = "Kelurahan" if desa.jenis == "kelurahan" else "Desa"
    return f"{kind} {desa.nama}, Kecamatan {desa.kecamatan.nama}"
