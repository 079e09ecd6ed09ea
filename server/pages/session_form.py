"""The form "Buat sesi", checked field by field: what was typed in, a session or sentences out.

Pure: no request, no rows. Every wrong field gets its own sentence and what was typed is given back unchanged.
"""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from rooms.ids import ItemId, RoomId, SeatId
from rooms.meeting.agenda import KECAMATAN_CHARS
from rooms.meeting.vocabulary import ItemKind, ItemSpec, MeetingSettings, SeatKind, SeatSpec
from server.i18n import N_
from server.pages.session_choices import USUAL, chosen, settings_of
from server.pages.session_templates import TEMPLATES
from server.store.sessions import SessionSpec

JENIS_SESI: Mapping[str, str] = {jenis: template.nama for jenis, template in TEMPLATES.items()}
AULA = SeatId("aula")
KECAMATAN = ", Kec. "
"""What stands between a desa and its kecamatan in a label."""
MOST_ITEMS = 40
MOST_TITLE = 200
TELEPHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,38}[0-9]")
GLADI_TITLE = "Gladi: "
INVITED = (SeatKind.DIALOG, SeatKind.MENYIMAK, SeatKind.TAMU)

Fields = Mapping[str, Sequence[str]]
"""A posted form: name -> its values in order."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What may be said anew of a session that was made, also while it runs."""

    title: str
    tanggal: date
    agenda: tuple[ItemSpec, ...]
    jam_mulai: str
    jam_selesai: str
    telepon: str
    seats: tuple[SeatSpec, ...]
    """Offices that come along, and their camats where the session invites camats."""


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
    jam_mulai: str = ""
    jam_selesai: str = ""
    telepon: str = ""
    """As ``SessionSpec`` has them."""


@dataclass(slots=True)
class Typed:
    """The form as it is shown: typed values and the sentence beside each wrong field."""

    title: str = ""
    tanggal: str = ""
    jenis_sesi: str = "musrenbang_desa"
    tahun_rencana: str = ""
    turn_limit_menit: str = "3"
    jam_mulai: str = ""
    jam_selesai: str = ""
    telepon: str = ""
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
    form = Typed(tanggal=today.isoformat(), tahun_rencana=str(today.year + 1))
    begin_as(form, next(iter(TEMPLATES)))
    return form


def begin_as(form: Typed, jenis: str) -> None:
    """What this kind of session usually has, in place of what stands there; all else stays as it was typed.

    Raises KeyError for a kind that there is not.
    """
    template = TEMPLATES[jenis]
    form.jenis_sesi = jenis
    form.turn_limit_menit = str(template.turn_limit_menit)
    form.aturan = template.rules
    form.agenda = [{"kind": kind, "title": title} for kind, title in template.acara]
    form.camat = template.camat


def editing(spec: SessionSpec, agenda: Sequence[ItemSpec]) -> Typed:
    """The form "Ubah sesi"; ``agenda``: as the meeting has it now."""
    return Typed(
        title=spec.title,
        tanggal=spec.tanggal.isoformat(),
        jam_mulai=spec.jam_mulai,
        jam_selesai=spec.jam_selesai,
        telepon=spec.telepon,
        agenda=[{"id": item.item_id, "kind": item.kind, "title": item.title} for item in agenda],
    )


def check_change(
    form: Typed,
    known: Set[ItemId],
    run: Mapping[ItemId, ItemKind],
    new_id: Callable[[], str],
    seats: Set[SeatId] = frozenset(),
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Changed | None:
    """What the form "Ubah sesi" asks for; None when ``form.galat`` says what is wrong.

    ``known``: the items that there are; ``run``: those that have run, which stay and keep their kind (R100);
    ``seats``: those that there are; ``labels``: as for ``check``.
    """
    form.galat.clear()
    title, tanggal, telepon = _title(form), _date(form), _telephone(form)
    mulai, selesai = _hours(form)
    agenda = _agenda(form, new_id, known)
    kinds = {item.item_id: item.kind for item in agenda}
    if agenda and any(kinds.get(item_id) != kind for item_id, kind in run.items()):
        form.galat["agenda"] = N_("Acara yang sudah berjalan tidak dapat dihapus atau diganti jenisnya.")
    elif len(kinds) < len(agenda):
        form.galat["agenda"] = N_("Satu acara tertulis dua kali; muat ulang halaman ini.")
    offices = _offices(form, labels) if form.kursi else ()
    if any(seat.seat_id in seats for seat in offices):
        form.galat["kursi"] = N_("Ada kantor yang sudah ikut sesi ini; muat ulang halaman ini.")
    with_camat = any(len(seat_id) == KECAMATAN_CHARS for seat_id in seats)
    camats = [camat for camat in _camats(offices) if camat.seat_id not in seats] if with_camat else []
    if form.galat or tanggal is None:
        return None
    return Changed(title, tanggal, agenda, mulai, selesai, telepon, (*offices, *camats))


def spec_of(wanted: Wanted) -> SessionSpec:
    """As it is stored."""
    return SessionSpec(
        wanted.room_id,
        wanted.title,
        wanted.tanggal,
        wanted.jenis_sesi,
        wanted.tahun_rencana,
        wanted.seats,
        wanted.agenda,
        wanted.script,
        wanted.settings,
        wanted.gladi,
        wanted.jam_mulai,
        wanted.jam_selesai,
        wanted.telepon,
    )


def copied(of: SessionSpec, today: date, *, gladi: bool) -> Typed:
    """The form as it was filled in for another session: held again, or rehearsed the evening before.

    Held again in a later year it is about as many years later, on a day that is to be said; a rehearsal is
    about the same year. People and links are no part of it.
    """
    later = 0 if gladi else max(0, today.year - of.tanggal.year)
    return Typed(
        title=(GLADI_TITLE + of.title)[:MOST_TITLE] if gladi and not of.gladi else of.title,
        tanggal=today.isoformat() if gladi else "",
        jenis_sesi=of.jenis_sesi,
        tahun_rencana=str(of.tahun_rencana + later),
        turn_limit_menit=str(max(1, of.settings.turn_limit_s // 60)),
        jam_mulai=of.jam_mulai,
        jam_selesai=of.jam_selesai,
        telepon=of.telepon,
        aturan=chosen(of.settings),
        agenda=[{"kind": item.kind, "title": item.title} for item in of.agenda],
        kursi={seat.kode_wilayah: seat.kind for seat in of.seats if len(seat.kode_wilayah) > KECAMATAN_CHARS},
        camat=any(len(seat.kode_wilayah) == KECAMATAN_CHARS for seat in of.seats),
        gladi=gladi,
        naskah=list(of.script),
    )


def typed(fields: Fields) -> Typed:
    """What was posted, as it is shown again."""

    def one(name: str) -> str:
        values = fields.get(name, ())
        return values[0].strip() if values else ""

    pairs = zip(fields.get("item_kind", ()), fields.get("item_title", ()), strict=False)
    ids = dict(enumerate(fields.get("item_id", ())))
    chosen = (value.partition(":") for value in fields.get("kursi", ()) if value)
    return Typed(
        title=one("title"),
        tanggal=one("tanggal"),
        jenis_sesi=one("jenis_sesi"),
        tahun_rencana=one("tahun_rencana"),
        turn_limit_menit=one("turn_limit_menit"),
        jam_mulai=one("jam_mulai"),
        jam_selesai=one("jam_selesai"),
        telepon=one("telepon"),
        aturan={name: one(name) or usual for name, usual in USUAL.items()},
        agenda=[
            {"id": ids.get(place, ""), "kind": kind, "title": title.strip()}
            for place, (kind, title) in enumerate(pairs)
            if title.strip()
        ],
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
    mulai, selesai = _hours(form)
    telepon = _telephone(form)
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
        jam_mulai=mulai,
        jam_selesai=selesai,
        telepon=telepon,
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


def _hours(form: Typed) -> tuple[str, str]:
    """From when to when, each ``08:30`` or empty."""
    hours: list[str] = []
    for name, text in (("jam_mulai", form.jam_mulai), ("jam_selesai", form.jam_selesai)):
        try:
            hours.append(datetime.strptime(text.replace(".", ":"), "%H:%M").strftime("%H:%M") if text else "")  # noqa: DTZ007
        except ValueError:
            form.galat[name] = N_("Isi jam dari 00.00 sampai 23.59; contoh: 08.30.")
            hours.append("")
    mulai, selesai = hours
    if "jam_mulai" not in form.galat and "jam_selesai" not in form.galat and selesai and selesai <= mulai:
        form.galat["jam_selesai"] = N_("Jam selesai harus sesudah jam mulai, pada hari yang sama.")
    elif selesai and not form.jam_mulai:
        form.galat["jam_mulai"] = N_("Isi juga jam mulainya.")
    return mulai, selesai


def _telephone(form: Typed) -> str:
    if form.telepon and not TELEPHONE.fullmatch(form.telepon):
        form.galat["telepon"] = N_("Isi nomor telepon dengan angka; contoh: 0812-3456-7890.")
    return form.telepon


def _number(form: Typed, name: str, text: str, least: int, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= most:
        return int(text)
    form.galat[name] = {
        "tahun_rencana": N_("Isi tahun dengan empat angka, antara 2020 dan 2100."),
        "turn_limit_menit": N_("Isi lamanya dalam menit, dari 1 sampai 60."),
    }[name]
    return 0


def _agenda(form: Typed, new_id: Callable[[], str], known: Set[ItemId] = frozenset()) -> tuple[ItemSpec, ...]:
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
    return tuple(
        ItemSpec(
            ItemId(item["id"]) if item.get("id") in known else ItemId(new_id()),
            ItemKind(item["kind"]),
            item["title"],
        )
        for item in form.agenda
    )


def _seats(form: Typed, labels: Mapping[str, str]) -> tuple[SeatSpec, ...]:
    if not form.kursi:
        form.galat["kursi"] = N_("Pilih paling sedikit satu desa atau kelurahan.")
        return ()
    offices = _offices(form, labels)
    return (*offices, *(_camats(offices) if form.camat else ()))


def _offices(form: Typed, labels: Mapping[str, str]) -> tuple[SeatSpec, ...]:
    kinds = {kind.value for kind in INVITED}
    if any(kode not in labels or kind not in kinds for kode, kind in form.kursi.items()):
        form.galat["kursi"] = N_("Ada desa atau perannya yang tidak dikenal; pilih lagi dari daftar.")
        return ()
    return tuple(SeatSpec(SeatId(k), SeatKind(kind), labels[k], k) for k, kind in sorted(form.kursi.items()))


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
