"""The press sheet: figures and what the chair said in public; no villager's name and nobody's complaint.

Pure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rooms.meeting.vocabulary import JenisCatatan, TurnKind
from server.papers import said
from server.papers.account import Account
from server.papers.said import Note, Sesi

MOST_BIDANG = 5


@dataclass(frozen=True, slots=True)
class SiaranPers:
    hari: str
    tempat: str
    angka: tuple[tuple[str, str], ...]
    bidang: tuple[tuple[str, str], ...]
    """The bidang with the most usulan, and how many."""
    arahan: tuple[str, ...]


def siaran_pers(account: Account, sesi: Sesi, notes: Sequence[Note]) -> SiaranPers:
    proposed = [told.note for told in notes if told.note.jenis == JenisCatatan.USULAN]
    turns = [speech for speech in account.speeches if speech.kind is TurnKind.GILIRAN]
    bidang = Counter(said.bidang(note) for note in proposed)
    del bidang[""]
    counts = account.counts
    return SiaranPers(
        sesi.hari,
        account.label(account.meeting.agenda.aula),
        (
            ("Kantor desa dan kelurahan yang hadir", str(counts.total.attended)),
            ("Peserta tercatat", str(counts.total.peserta)),
            ("Kantor yang berdialog", str(len({speech.seat_id for speech in turns}))),
            ("Giliran bicara", str(len(turns))),
            ("Waktu bicara desa dan kelurahan", said.length(sum(s.spoken_ms for s in turns))),
            ("Usulan yang dicatat", str(len(proposed))),
        ),
        tuple((name, str(number)) for name, number in bidang.most_common(MOST_BIDANG)),
        tuple(
            told.note.ucapan
            for told in notes
            if told.note.jenis == JenisCatatan.ARAHAN and told.note.ucapan and not told.closed
        ),
    )
