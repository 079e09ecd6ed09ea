"""A summary for each desa and each camat, as a message that is pasted into a chat. Pure."""

from collections import Counter
from collections.abc import Sequence

from rooms.ids import SeatId
from rooms.meeting.vocabulary import JenisCatatan, TurnKind
from server.papers import said
from server.papers.account import Account
from server.papers.daftar import PUTUSAN
from server.papers.said import Note, Sesi
from server.store.wilayah import Desa

MOST_LINES = 15
"""Of one kind; a message that is too long is not read."""


def of_desa(account: Account, sesi: Sesi, seat_id: SeatId, desa: Desa, notes: Sequence[Note]) -> str:
    """``notes``: those spoken of in this session about this desa."""
    turns = [s for s in account.speeches if s.seat_id == seat_id and s.kind is TurnKind.GILIRAN]
    spoken = said.length(sum(turn.spoken_ms for turn in turns))
    lines = [_bold(f"{sesi.judul}"), f"{desa.label}", sesi.hari, ""]
    lines.append(
        f"Giliran bicara: {len(turns)} ({spoken} menit)" if turns else "Belum mendapat giliran bicara."
    )
    lines += _list("Usulan", [n for n in notes if n.note.jenis == JenisCatatan.USULAN], decided=True)
    lines += _list("Arahan pimpinan", [n for n in notes if n.note.jenis == JenisCatatan.ARAHAN])
    lines += _list("Pertanyaan", [n for n in notes if n.note.jenis == JenisCatatan.PERTANYAAN])
    return "\n".join(lines)


def of_camat(
    account: Account, sesi: Sesi, kecamatan: str, offices: dict[SeatId, Desa], notes: Sequence[Note]
) -> str:
    """``offices`` and ``notes``: those of this kecamatan."""
    came = [desa for seat_id, desa in offices.items() if seat_id in account.meeting.attendance.seats]
    proposed = Counter(n.note.kode_wilayah for n in notes if n.note.jenis == JenisCatatan.USULAN)
    lines = [_bold(sesi.judul), f"Kecamatan {kecamatan}", sesi.hari, ""]
    lines.append(f"Hadir {len(came)} dari {len(offices)} desa/kelurahan.")
    lines += ["", _bold(f"Usulan ({proposed.total()})")]
    lines += [f"- {d.label.partition(',')[0]}: {proposed[d.kode]}" for d in offices.values()]
    urgent = [n for n in notes if n.note.diprioritaskan_at is not None]
    lines += _list("Diprioritaskan pimpinan", urgent)
    lines += _list("Arahan pimpinan", [n for n in notes if n.note.jenis == JenisCatatan.ARAHAN])
    return "\n".join(lines)


def _list(heading: str, notes: Sequence[Note], *, decided: bool = False) -> list[str]:
    if not notes:
        return []
    lines = ["", _bold(f"{heading} ({len(notes)})")]
    for number, told in enumerate(notes[:MOST_LINES], 1):
        lines.append(f"{number}. {_line(told)}{_state(told) if decided else ''}")
    return lines + ([f"... dan {len(notes) - MOST_LINES} lainnya"] if len(notes) > MOST_LINES else [])


def _line(told: Note) -> str:
    """On one line, so that no word of a note looks like a line of ours."""
    note = told.note
    return "(tidak dimuat)" if told.closed else " ".join((note.judul or note.ucapan).split())


def _state(told: Note) -> str:
    word = PUTUSAN.get(told.note.putusan, told.note.putusan)
    return f" ({word})" if word else ""


def _bold(text: str) -> str:
    return f"*{' '.join(text.replace('*', ' ').split())}*"
