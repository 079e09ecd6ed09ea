"""The form "Buat sesi", checked field by field: what was typed in, a session or sentences out.

Pure: no request, no rows. Every wrong field gets its own sentence and what was typed is given back unchanged.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rooms.ids import ItemId, RoomId, SeatId
from rooms.meeting.agenda import KECAMATAN_CHARS
from rooms.meeting.vocabulary import ItemKind, ItemSpec, MeetingSettings, SeatKind, SeatSpec
from server.i18n import N_
from server.pages.session_choices import USUAL, settings_of

JENIS_SESI: Mapping[str, str] = {
    "musrenbang_desa": N_("Musrenbang desa/kelurahan"),
    "musrenbang_kecamatan": N_("Musrenbang kecamatan"),
    "forum_perangkat_daerah": N_("Forum perangkat daerah"),
    "musrenbang_kabupaten": N_("Musrenbang kabupaten"),
}
AULA = SeatId("aula")
KECAMATAN = ", Kec. "
"""What stands between a desa and its kecamatan in a label."""
MOST_ITEMS = 40
MOST_TITLE = 200
INVITED = (SeatKind.DIALOG, SeatKind.MENYIMAK, SeatKind.TAMU)

Fields = Mapping[str, Sequence[str]]
"""A posted form: name -> its values in order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A session that can be made."""

    room_id: RoomId
    title: str
    tanggal: date
    jenis_sesi: str
    tahun_rencana: int
    seats: tuple[SeatSpec, ...]
    """The hall first."""
    agenda: tuple[ItemSpec, ...]
    script: tuple[SeatId, ...]
    settings: MeetingSettings
    gladi: bool = False
    """A rehearsal, which keeps no notes."""


@dataclass(slots=True)
class Typed:
    """The form as it is shown: typed values and the sentence beside each wrong field."""

    title: str = ""
    tanggal: str = ""
    jenis_sesi: str = "musrenbang_desa"
    tahun_rencana: str = ""
    turn_limit_menit: str = "3"
    aturan: dict[str, str] = field(default_factory=lambda: dict(USUAL))
    """Order and quorum: the fields of ``session_choices.USUAL``."""
    agenda: list[dict[str, str]] = field(default_factory=list)
    kursi: dict[str, str] = field(default_factory=dict)
    camat: bool = False
    """A seat for the camat of every kecamatan that takes part."""
    gladi: bool = False
    naskah: list[str] = field(default_factory=list)
    galat: dict[str, str] = field(default_factory=dict)


def blank(today: date) -> Typed:
    """A new form: next year's plan and the usual course of a day."""
    items = [
        (ItemKind.SEREMONI, "Pembukaan"),
        (ItemKind.PAPARAN, "Arahan Bupati"),
        (ItemKind.DIALOG, "Dialog dengan desa"),
        (ItemKind.PENUTUP, "Penutup"),
    ]
    return Typed(
        tanggal=today.isoformat(),
        tahun_rencana=str(today.year + 1),
        agenda=[{"kind": kind, "title": title} for kind, title in items],
    )


def typed(fields: Fields) -> Typed:
    """What was posted, as it is shown again."""

    def one(name: str) -> str:
        values = fields.get(name, ())
        return values[0].strip() if values else ""

    pairs = zip(fields.get("item_kind", ()), fields.get("item_title", ()), strict=False)
    chosen = (value.partition(":") for value in fields.get("kursi", ()) if value)
    return Typed(
        title=one("title"),
        tanggal=one("tanggal"),
        jenis_sesi=one("jenis_sesi"),
        tahun_rencana=one("tahun_rencana"),
        turn_limit_menit=one("turn_limit_menit"),
        aturan={name: one(name) or usual for name, usual in USUAL.items()},
        agenda=[{"kind": kind, "title": title.strip()} for kind, title in pairs if title.strip()],
        kursi={kode: kind for kode, _, kind in chosen},
        camat=one("camat") == "ya",
        gladi=one("gladi") == "ya",
        naskah=list(fields.get("naskah", ())),
    )


def check(form: Typed, labels: Mapping[str, str], new_id: Callable[[], str]) -> Wanted | None:
    """The session that the form asks for; None when ``form.galat`` says what is wrong.

    ``labels``: code of every known desa -> its shown name. ``new_id`` mints ids of the room and its items.
    """
    form.galat.clear()
    title = _title(form)
    tanggal = _date(form)
    tahun = _number(form, "tahun_rencana", form.tahun_rencana, 2020, 2100)
    minutes = _number(form, "turn_limit_menit", form.turn_limit_menit, 1, 60)
    if form.jenis_sesi not in JENIS_SESI:
        form.galat["jenis_sesi"] = N_("Pilih salah satu dari daftar.")
    settings = settings_of(form.aturan, turn_limit_s=minutes * 60, galat=form.galat)
    agenda = _agenda(form, new_id)
    seats = _seats(form, labels)
    script = _script(form, seats)
    if form.galat or tanggal is None or settings is None:
        return None
    return Wanted(
        room_id=RoomId(new_id()),
        title=title,
        tanggal=tanggal,
        jenis_sesi=form.jenis_sesi,
        tahun_rencana=tahun,
        seats=(SeatSpec(AULA, SeatKind.AULA, "Aula"), *seats),
        agenda=agenda,
        script=script,
        settings=settings,
        gladi=form.gladi,
    )


def _title(form: Typed) -> str:
    if not form.title:
        form.galat["title"] = N_("Isi nama sesi.")
    elif len(form.title) > MOST_TITLE or not form.title.isprintable():
        form.galat["title"] = N_("Nama sesi paling banyak 200 huruf dalam satu baris.")
    return form.title


def _date(form: Typed) -> date | None:
    try:
        return date.fromisoformat(form.tanggal)
    except ValueError:
        form.galat["tanggal"] = N_("Isi tanggal yang benar; contoh: 2027-01-15.")
        return None


def _number(form: Typed, name: str, text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= most:
        return int(text)
    form.galat[name] = {
        "tahun_rencana": N_("Isi tahun dengan empat angka, antara 2020 dan 2100."),
        "turn_limit_menit": N_("Isi lamanya dalam menit, dari 1 sampai 60."),
    }[name]
    return 0


def _agenda(form: Typed, new_id: Callable[[], str]) -> tuple[ItemSpec, ...]:
    kinds = {kind.value for kind in ItemKind}
    if not form.agenda:
        form.galat["agenda"] = N_("Isi paling sedikit satu acara.")
    elif len(form.agenda) > MOST_ITEMS:
        form.galat["agenda"] = N_("Paling banyak 40 acara.")
    elif any(item["kind"] not in kinds for item in form.agenda):
        form.galat["agenda"] = N_("Jenis acara tidak dikenal.")
    elif any(len(item["title"]) > MOST_TITLE or not item["title"].isprintable() for item in form.agenda):
        form.galat["agenda"] = N_("Judul acara paling banyak 200 huruf dalam satu baris.")
    elif all(item["kind"] != ItemKind.DIALOG for item in form.agenda):
        form.galat["agenda"] = N_("Perlu paling sedikit satu acara dialog; di situ antrean bicara dibuka.")
    if "agenda" in form.galat:
        return ()
    return tuple(ItemSpec(ItemId(new_id()), ItemKind(i["kind"]), i["title"]) for i in form.agenda)


def _seats(form: Typed, labels: Mapping[str, str]) -> tuple[SeatSpec, ...]:
    kinds = {kind.value for kind in INVITED}
    if not form.kursi:
        form.galat["kursi"] = N_("Pilih paling sedikit satu desa atau kelurahan.")
    elif any(kode not in labels or kind not in kinds for kode, kind in form.kursi.items()):
        form.galat["kursi"] = N_("Ada desa atau perannya yang tidak dikenal; pilih lagi dari daftar.")
    if "kursi" in form.galat:
        return ()
    offices = [SeatSpec(SeatId(k), SeatKind(kind), labels[k], k) for k, kind in sorted(form.kursi.items())]
    return (*offices, *(_camats(offices) if form.camat else ()))


def _camats(offices: Sequence[SeatSpec]) -> list[SeatSpec]:
    """One for each kecamatan, bound to its code: who answers for it and reads what is written to it (R50)."""
    names = {seat.kode_wilayah[:KECAMATAN_CHARS]: seat.label.rpartition(KECAMATAN)[2] for seat in offices}
    return [SeatSpec(SeatId(kode), SeatKind.TAMU, f"Camat {nama}", kode) for kode, nama in names.items()]


def _script(form: Typed, seats: Sequence[SeatSpec]) -> tuple[SeatId, ...]:
    dialog = [seat.seat_id for seat in seats if seat.kind is SeatKind.DIALOG]
    if not form.naskah:
        return tuple(dialog)
    if len(set(form.naskah)) != len(form.naskah):
        form.galat["naskah"] = N_("Satu desa tertulis dua kali dalam naskah.")
    elif not set(form.naskah) <= {str(seat.seat_id) for seat in seats}:
        form.galat["naskah"] = N_("Naskah menyebut desa yang tidak ikut sesi ini.")
    return tuple(SeatId(kode) for kode in form.naskah)
