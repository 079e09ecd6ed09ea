"""How papers write instants, lengths, money and names; and what several papers tell alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date

from rooms.ids import PesertaId, TurnId
from rooms.meeting.seals import Span
from rooms.meeting.vocabulary import JenisCatatan
from server.papers.account import Account
from server.planning.bidang import BIDANG, SUB_BIDANG
from server.planning.closed import stood_before, without_words
from server.planning.export import WIB
from server.store.catatan import Catatan, Penyebutan

EVENING = 18
"""The hour from which it is night."""
ERASED = "–"
"""A name or words that are not there (any more)."""


def clock(ms: int | None) -> str:
    """``09.15``"""
    return "" if ms is None else datetime.fromtimestamp(ms // 1000, WIB).strftime("%H.%M")


def moment(ms: int) -> str:
    """``22 November 2026 17.05 WIB``"""
    when = datetime.fromtimestamp(ms // 1000, WIB)
    return f"{format_date(when, 'd MMMM y', locale='id')} {when:%H.%M} WIB"


def lately(ms: int, now: int) -> str:
    """``hari ini 08.10``, ``tadi malam 19.40``, ``kemarin 14.05``; longer ago as ``moment`` says it."""
    when, today = (datetime.fromtimestamp(at // 1000, WIB) for at in (ms, now))
    days = (today.date() - when.date()).days
    if days not in (0, 1):
        return moment(ms)
    word = "hari ini" if not days else "tadi malam" if when.hour >= EVENING else "kemarin"
    return f"{word} {when:%H.%M}"


def day(when: date) -> str:
    """``Jumat, 15 Januari 2027``"""
    return format_date(when, "EEEE, d MMMM y", locale="id")


def length(ms: int) -> str:
    """Minutes and seconds, ``3.05``; ``1.03.05`` from an hour on."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}.{minutes:02d}.{seconds:02d}" if hours else f"{minutes}.{seconds:02d}"


def number(value: int | Decimal) -> str:
    """``1.250.000``, ``12,5``"""
    whole, _, part = format(value, "f").partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    grouped = f"{int(digits or 0):,}".replace(",", ".")
    part = part.rstrip("0")
    return f"{sign}{grouped}{',' + part if part else ''}"


def rupiah(value: int | None) -> str:
    return "" if value is None else f"Rp {number(value)}"


def many(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{number(value)} {unit}".strip()


def bidang(note: Catatan) -> str:
    return SUB_BIDANG.get(note.sub_bidang) or BIDANG.get(note.bidang) or ""


def person(account: Account, peserta_id: PesertaId | None) -> str:
    """``Siti Aminah (Kepala Dusun)``; empty for nobody."""
    name = account.fold.words.name(peserta_id)
    if name is None:
        return ""
    return f"{name.nama or ERASED}{f' ({name.jabatan})' if name.jabatan else ''}"


@dataclass(frozen=True, slots=True)
class Sesi:
    """The session as its papers introduce it."""

    judul: str
    tanggal: date
    jenis: str
    """Of session, in words."""
    tahun: int

    @property
    def hari(self) -> str:
        return day(self.tanggal)


@dataclass(frozen=True, slots=True)
class Note:
    """A note as a paper may tell it."""

    note: Catatan
    mention: Penyebutan | None
    """When it was spoken of first in this session."""
    closed: bool
    """Its words are withheld: spoken in an interval that is sealed or off the record."""


def readable(notes: Iterable[Catatan], room_id: str, closed: Sequence[str]) -> list[Note]:
    """In the order of being spoken; ``closed``: ids of notes whose words are withheld."""
    told = []
    for note in notes:
        mention = next((m for m in note.penyebutan if m.room_id == room_id), None)
        shut = note.id in closed
        told.append(Note(without_words(note) if shut else note, mention, shut and not stood_before(note)))
    return sorted(told, key=lambda n: (n.mention.spoken_at if n.mention else n.note.created_at, n.note.id))


def speaker(account: Account, told: Note) -> str:
    """Who said it: who is named in the note, else who had the floor."""
    note = told.note
    if note.pengusul_nama:
        return f"{note.pengusul_nama}{f' ({note.pengusul_jabatan})' if note.pengusul_jabatan else ''}"
    if note.jenis == JenisCatatan.ARAHAN or told.mention is None:
        return ""
    turn_id = TurnId(told.mention.turn_id or "")
    settled = account.undone.get(turn_id, turn_id)
    return next(
        (person(account, speech.peserta_id) for speech in account.speeches if speech.turn_id == settled), ""
    )


def place(note: Catatan) -> str:
    """Where it is wanted, below the desa."""
    return ", ".join(part for part in (note.dusun and f"Dusun {_bare(note.dusun)}", note.alamat) if part)


def _bare(dusun: str) -> str:
    return dusun[6:] if dusun.lower().startswith("dusun ") else dusun


def spans(intervals: Iterable[Span]) -> list[str]:
    return [f"{clock(begin)}–{clock(end)}" for begin, end in intervals]
