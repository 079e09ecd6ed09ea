"""Notes whose words are closed because they were spoken in an interval that is (R69)."""

from collections.abc import Mapping
from dataclasses import replace

from rooms.meeting.seals import Span
from server.planning.notebook import EXAMINED
from server.planning.sidang_forms import LIST
from server.store.catatan import REMARK, Catatan
from server.store.lampiran import PHOTOS

WORDS = ("ucapan", "judul", "masalah", "gagasan")
"""Empty in a note that is closed."""


def stood_before(note: Catatan) -> bool:
    """Whether it stood on its office's list before it was spoken of: then only ``ucapan`` was spoken."""
    moments = [mention.spoken_at for mention in note.penyebutan if mention.spoken]
    return note.kanal in LIST and bool(moments) and note.created_at < min(moments)


def spoken_in(note: Catatan, spans: Mapping[str, tuple[Span, ...]]) -> bool:
    """Whether a moment at which it was spoken of lies in one of the intervals of its session.

    Raises KeyError for a session whose intervals are not given.
    """
    return any(
        begin <= (mention.until_at or mention.spoken_at) and mention.spoken_at < end
        for mention in note.penyebutan
        if mention.spoken
        for begin, end in spans[mention.room_id]
    )


def without_contact(note: Catatan) -> Catatan:
    """Nor does its history say how to reach whoever asks for it."""
    kept = None if note.riwayat is None else tuple(c for c in note.riwayat if c.field != "kontak")
    return replace(note, kontak="", riwayat=kept)


def without_documents(note: Catatan) -> Catatan:
    """Surat pengantar and RAB name people and figures; what is a photo stays."""
    return replace(note, lampiran=tuple(one for one in note.lampiran if one.jenis in PHOTOS))


def without_internal(note: Catatan) -> Catatan:
    """Nor its history, which tells of the same: who follows it up, until when, and how far that is."""
    return replace(note, penanggung_jawab="", tenggat=None, status_tindak_lanjut="", riwayat=None)


def without_words(note: Catatan) -> Catatan:
    """Nor are there photos and other files, nor does its history say what they were."""
    if stood_before(note):
        kept = None if note.riwayat is None else tuple(c for c in note.riwayat if c.field != "ucapan")
        return replace(note, ucapan="", riwayat=kept)
    said = (*WORDS, REMARK, EXAMINED)
    kept = None if note.riwayat is None else tuple(c for c in note.riwayat if c.field not in said)
    return replace(
        note, ucapan="", judul="", masalah="", gagasan="", keliru="", foto=(), lampiran=(), riwayat=kept
    )
