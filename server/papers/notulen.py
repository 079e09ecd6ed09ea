"""The minutes of the pleno: who was there, what ran when, who spoke, what was noted, what the chair decided.

Pure. What was sealed or off the record is told by its time only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rooms.meeting.attendance import Quorum
from rooms.meeting.events import (
    ChairHandedOver,
    IntervalSealed,
    IntervalUnsealed,
    MeetingResumed,
    MeetingSuspended,
    PesertaSanctioned,
    PointDismissed,
    QueueSwitched,
    RecordSwitched,
    RequestTriaged,
    SanctionLifted,
)
from rooms.meeting.vocabulary import (
    Hak,
    Jalur,
    JenisCatatan,
    JenisKelamin,
    Kuorum,
    Pemimpin,
    RequestState,
    Sanksi,
    TurnKind,
    TurnMedia,
    TurnState,
    Unsur,
)
from server.papers import said
from server.papers.account import Account, Decided, Speech
from server.papers.said import Note, Sesi
from server.reports.words import HAK, UNSUR

CARA = {
    TurnMedia.PANGGILAN: "daring",
    TurnMedia.LEWAT_TELEPON: "telepon",
    TurnMedia.HADIR_DI_AULA: "di Aula",
}
JENIS_GILIRAN = {TurnKind.GILIRAN: "", TurnKind.INTERUPSI: "Interupsi", TurnKind.TANGGAPAN: "Tanggapan"}
HASIL = {TurnState.SELESAI: "selesai", TurnState.DITUNDA: "ditunda", TurnState.PUTUS: "terputus"}
KELOMPOK = {
    JenisCatatan.USULAN: "Usulan",
    JenisCatatan.KELUHAN: "Keluhan",
    JenisCatatan.PERTANYAAN: "Pertanyaan",
    JenisCatatan.ARAHAN: "Arahan pimpinan",
}
PEMIMPIN = {
    Pemimpin.PIMPINAN: "pimpinan",
    Pemimpin.PROTOKOL: "protokol",
    Pemimpin.PENGGANTI: "pengganti",
}
SANKSI = {
    Sanksi.PERINGATAN: "Peringatan kepada seorang peserta dari",
    Sanksi.LARANG_BICARA: "Larangan bicara bagi seorang peserta dari",
    Sanksi.KELUARKAN: "Seorang peserta dikeluarkan dari rapat:",
}
JALUR = {
    Jalur.BICARA: "Permintaan bicara dikembalikan ke antrean:",
    Jalur.TERTULIS: "Permintaan bicara dialihkan menjadi masukan tertulis:",
    Jalur.LEWAT_CAMAT: "Permintaan bicara diteruskan lewat camat:",
}
KUORUM = {
    Kuorum.TIDAK_DIHITUNG: "kuorum tidak dihitung",
    Kuorum.LEBIH_SETENGAH: "lebih dari setengah",
    Kuorum.DUA_PERTIGA: "dua pertiga",
    Kuorum.SEMUA: "semua",
}
UNSPOKEN = (RequestState.TERTULIS, RequestState.LEWAT_CAMAT)


@dataclass(frozen=True, slots=True)
class Acara:
    acara: str
    mulai: str
    selesai: str
    lama: str


@dataclass(frozen=True, slots=True)
class Bicara:
    nomor: int
    pukul: str
    kantor: str
    pembicara: str
    pokok: str
    lama: str
    cara: str
    hasil: str


@dataclass(frozen=True, slots=True)
class Dicatat:
    pukul: str
    kantor: str
    pembicara: str
    judul: str
    ucapan: str
    tertutup: bool


@dataclass(frozen=True, slots=True)
class Kelompok:
    judul: str
    catatan: tuple[Dicatat, ...]


@dataclass(frozen=True, slots=True)
class Tertulis:
    kantor: str
    nama: str
    pokok: str
    jalur: str
    jawaban: str


@dataclass(frozen=True, slots=True)
class Notulen:
    pokok: tuple[tuple[str, str], ...]
    """Heading facts: (name, value); an empty value is filled in by hand."""
    kehadiran: tuple[tuple[str, str], ...]
    unsur: tuple[tuple[str, str], ...]
    acara: tuple[Acara, ...]
    bicara: tuple[Bicara, ...]
    catatan: tuple[Kelompok, ...]
    keputusan: tuple[tuple[str, str], ...]
    """(at, words)"""
    tertulis: tuple[Tertulis, ...]
    tidak_dimuat: tuple[str, ...]
    """Times of what was sealed or off the record."""


def notulen(account: Account, sesi: Sesi, notes: Sequence[Note], nama: Mapping[str, str]) -> Notulen:
    """``notes``: those spoken of in this session; ``nama``: of the signers, by their kode."""
    agenda = account.meeting.agenda
    return Notulen(
        pokok=(
            ("Hari, tanggal", sesi.hari),
            ("Pukul", _hours(agenda.opened_at, agenda.closed_at)),
            ("Tempat", account.label(agenda.aula)),
            ("Acara", sesi.jenis),
            ("Tahun rencana", str(sesi.tahun)),
            ("Pimpinan rapat", nama.get("pimpinan", "") or _chair(account)),
            ("Notulis", nama.get("notulis", "")),
        ),
        kehadiran=attendance(account),
        unsur=unsur(account.counts.unsur),
        acara=tuple(_agenda(account)),
        bicara=tuple(_speech(account, n, speech) for n, speech in enumerate(account.speeches, 1)),
        catatan=tuple(
            Kelompok(judul, tuple(_note(account, note) for note in notes if note.note.jenis == jenis))
            for jenis, judul in KELOMPOK.items()
        ),
        keputusan=tuple((said.clock(d.at), _decision(account, d)) for d in account.decisions),
        tertulis=tuple(_written(account)),
        tidak_dimuat=tuple(said.spans(account.closed_spans)),
    )


def attendance(account: Account) -> tuple[tuple[str, str], ...]:
    counts, kinds = account.counts, account.counts.jenis_kelamin
    return (
        ("Kantor diundang", str(counts.total.invited)),
        ("Kantor yang hadir", str(counts.total.attended)),
        ("Kuorum saat dibuka", _quorum(account, account.quorum_opened)),
        ("Kuorum saat ditutup", _quorum(account, account.quorum_closed)),
        ("Peserta tercatat hadir", str(counts.total.peserta)),
        ("Laki-laki", str(kinds.get(JenisKelamin.LAKI_LAKI, 0))),
        ("Perempuan", str(kinds.get(JenisKelamin.PEREMPUAN, 0))),
        ("Jenis kelamin tidak disebut", str(kinds.get(JenisKelamin.TIDAK_DISEBUT, 0))),
        *rights(counts.hak),
    )


def rights(counted: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Each right that somebody came with, and how many said nothing of it; none where nobody said any."""
    said_of = tuple((word, str(counted[hak])) for hak, word in HAK.items() if counted.get(hak))
    unsaid = counted.get(Hak.TIDAK_DISEBUT, 0)
    return (*said_of, *((("Hak tidak disebut", str(unsaid)),) if said_of and unsaid else ()))


def unsur(counted: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Every unsur that came, in the order of the list."""
    return tuple((UNSUR[kind], str(counted[kind])) for kind in Unsur if counted.get(kind))


def _chair(account: Account) -> str:
    """Who led at the end, as far as a name was given: the pimpinan's own never is."""
    led = account.meeting.state.chair.holder
    return "" if led is Pemimpin.PIMPINAN else account.fold.words.chair


def _hours(opened_at: int | None, closed_at: int | None) -> str:
    if opened_at is None:
        return ""
    return f"{said.clock(opened_at)}–{said.clock(closed_at) or 'selesai'} WIB"


def _quorum(account: Account, quorum: Quorum | None) -> str:
    if quorum is None:
        return "belum"
    words = f"{quorum.present} dari {quorum.invited} kantor tersambung"
    if not quorum.needed:
        return f"{words}; kuorum tidak dihitung"
    rule = KUORUM[account.meeting.agenda.settings.kuorum]
    return f"{words}; diperlukan {quorum.needed} ({rule}): {'tercapai' if quorum.met else 'tidak tercapai'}"


def _agenda(account: Account) -> list[Acara]:
    agenda = account.meeting.agenda
    begun = {span.item_id for span in agenda.spans}
    ran = [
        Acara(
            agenda.items[span.item_id].title,
            said.clock(span.started_at),
            said.clock(span.ended_at),
            said.length((span.ended_at or account.at) - span.started_at),
        )
        for span in agenda.spans
    ]
    return ran + [
        Acara(item.title, "tidak dilaksanakan", "", "")
        for item_id, item in agenda.items.items()
        if item_id not in begun
    ]


def _speech(account: Account, nomor: int, speech: Speech) -> Bicara:
    pokok = ": ".join(part for part in (JENIS_GILIRAN[speech.kind], speech.topic) if part)
    return Bicara(
        nomor,
        said.clock(speech.started_at),
        account.label(speech.seat_id),
        said.person(account, speech.peserta_id),
        pokok,
        said.length(speech.spoken_ms),
        CARA[speech.turn.media],
        HASIL.get(speech.turn.state, "berlangsung"),
    )


def _note(account: Account, told: Note) -> Dicatat:
    return Dicatat(
        said.clock(told.mention.spoken_at) if told.mention else "",
        told.note.label,
        said.speaker(account, told),
        told.note.judul,
        told.note.ucapan,
        told.closed,
    )


def _decision(account: Account, decided: Decided) -> str:
    office = account.label(decided.seat_id)
    match decided.event:
        case ChairHandedOver(to=to, by_hand=by_hand, nama=nama):
            who = f"{PEMIMPIN[to]}{f' ({nama})' if nama else ''}"
            return (
                f"Pimpinan rapat beralih kepada {who}{'' if by_hand else ' selama pimpinan tidak di tempat'}."
            )
        case MeetingSuspended():
            return "Rapat diskors."
        case MeetingResumed():
            return "Skors dicabut, rapat dilanjutkan."
        case QueueSwitched(open=is_open):
            return "Antrean bicara dibuka kembali." if is_open else "Antrean bicara ditutup."
        case RecordSwitched(off_record=off):
            return "Rapat berlangsung di luar rekaman." if off else "Perekaman dilanjutkan."
        case PesertaSanctioned(jenis=jenis):
            return f"{SANKSI[jenis]} {office}."
        case SanctionLifted():
            return f"Sanksi bagi seorang peserta dari {office} dicabut."
        case PointDismissed():
            return f"Interupsi dari {office} tidak diterima."
        case RequestTriaged(jalur=jalur):
            return f"{JALUR[jalur]} {office}."
        case IntervalSealed(from_ms=begin, to_ms=end):
            return f"Bagian pukul {said.clock(begin)}–{said.clock(end)} ditutup."
        case IntervalUnsealed():
            return "Penutupan sebuah bagian dicabut."


def _written(account: Account) -> list[Tertulis]:
    words = account.fold.words
    return [
        Tertulis(
            account.label(request.seat_id),
            said.person(account, request.peserta_id),
            words.topic(request.request_id) or "",
            "lewat camat" if request.state is RequestState.LEWAT_CAMAT else "tertulis",
            words.answers.get(request.request_id, ""),
        )
        for request in sorted(account.meeting.queue.requests.values(), key=lambda r: r.number)
        if request.state in UNSPOKEN
    ]
