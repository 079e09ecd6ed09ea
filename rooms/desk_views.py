"""Projections of what the desks decide beside the floor: answers, sanctions, seals, slides, who leads.

The shapes are those of ``server/signalling/PROTOCOL.md``; ``rooms.views`` puts them where they belong.
"""

from rooms.ids import PesertaId
from rooms.meeting.freeze import Json
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import Pemimpin
from rooms.words import Words

Section = dict[str, Json]


def chair(meeting: Meeting, words: Words) -> Section:
    """Who leads; the name is public, since it is said in the hall."""
    chair = meeting.state.chair
    return {
        "holder": str(chair.holder),
        "nama": None if chair.holder is Pemimpin.PIMPINAN else words.chair or None,
        "since": chair.since,
        "dropped": chair.dropped,
        "until": chair.deadline(),
    }


def seals(meeting: Meeting, words: Words) -> list[Json]:
    """The standing seals, with their reasons: for consoles."""
    return [
        {
            "seal_id": seal_id,
            "from": seal.from_ms,
            "to": seal.to_ms,
            "sealed_at": seal.sealed_at,
            "alasan": words.seals.get(seal_id, ""),
        }
        for seal_id, seal in meeting.state.seals.standing.items()
    ]


def peserta(meeting: Meeting, words: Words, peserta_id: PesertaId) -> Section:
    """One person as their own office sees them."""
    person, name = meeting.presence.peserta[peserta_id], words.name(peserta_id)
    return {
        "peserta_id": peserta_id,
        "seat_id": person.seat_id,
        "nama": name.nama if name else None,
        "jabatan": name.jabatan if name else None,
        "unsur": person.unsur,
        "jenis_kelamin": person.jenis_kelamin,
        "hak": person.hak,
        "waktu_hadir": meeting.attendance.arrived_at(peserta_id, person.seat_id),
        "sanksi": str(person.sanksi or ""),
        "peringatan": person.peringatan,
    }


def peserta_of_consoles(meeting: Meeting, words: Words, shown: Section) -> Section:
    """What ``peserta`` gave, with the reason of the sanction."""
    peserta_id = PesertaId(str(shown["peserta_id"]))
    return shown | {"alasan": words.sanctions.get(peserta_id, "") if shown["sanksi"] else ""}


def slide(meeting: Meeting) -> Json:
    """The page that is seen; None: none."""
    shown = meeting.slides.shown
    if shown is None:
        return None
    return {"deck_id": shown.deck_id, "page": shown.page, "pages": meeting.slides.decks[shown.deck_id]}


def decks(meeting: Meeting, words: Words) -> list[Json]:
    """All slides, with the names of their files: for consoles."""
    return [
        {"deck_id": deck_id, "nama": words.decks.get(deck_id, ""), "pages": pages}
        for deck_id, pages in meeting.slides.decks.items()
    ]
