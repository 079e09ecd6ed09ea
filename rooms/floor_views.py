"""The sections about the floor: whose turn it is, who comes in between, and the turns that were.

Pure projections, put together with the others by ``rooms.views``.
"""

from rooms.ids import PesertaId, SeatId
from rooms.meeting.agenda import KECAMATAN_CHARS
from rooms.meeting.freeze import Json
from rooms.meeting.interjections import Interjection
from rooms.meeting.meeting import Meeting
from rooms.meeting.turns import Turn
from rooms.meeting.vocabulary import SeatKind, TurnKind, TurnState
from rooms.words import Words

Section = dict[str, Json]


def turn(meeting: Meeting, words: Words) -> Section | None:
    """The live turn; its speaker's name and topic are public, for they are spoken in the hall."""
    live = meeting.turns.live
    if live is None:
        return None
    who = _who(meeting, words, live.seat_id, live.peserta_id, jabatan=True)
    return {"turn_id": live.turn_id} | who | {
        "topic": words.topic(live.request_id),
        "state": str(live.state),
        "media": str(live.media),
        "limit_s": live.clock.limit_ms // 1000,
        "spoken_ms": live.clock.used_ms,
        "running_since": live.clock.since,
        "limit_at": live.clock.deadline,
        "warned": live.warned,
        "overrun": live.overrun,
        "grace_until": live.grace.deadline if live.grace else None,
    }  # fmt: skip


def turn_for_desks(meeting: Meeting, words: Words) -> Section | None:
    """The live turn with the message of Tahan (R50) and the last instant for an undo (R51)."""
    shown, held = turn(meeting, words), _message(meeting, words)
    if shown is None:
        return None
    until = meeting.state.last_call.until(meeting.turns)
    return shown | {"message": held["text"] if held else None, "undo_until": until}


def was_undone(meeting: Meeting, seat_id: SeatId) -> bool:
    """Whether the newest call was this office's and was undone (R51)."""
    newest = next(reversed(meeting.turns.turns.values()), None)
    return newest is not None and newest.seat_id == seat_id and newest.state is TurnState.DIBATALKAN


def own_message(meeting: Meeting, words: Words, seat_id: SeatId) -> Section | None:
    """What the chair wrote to this office when it held its turn, as long as it is held (R50)."""
    live = meeting.turns.live
    return _message(meeting, words) if live is not None and live.seat_id == seat_id else None


def camat_messages(meeting: Meeting, words: Words, seat_id: SeatId) -> list[Json]:
    """The same for the camat: a tamu whose place is the kecamatan of the held office (R50)."""
    live, seat, held = meeting.turns.live, meeting.agenda.seats[seat_id], _message(meeting, words)
    if live is None or held is None or seat.kind is not SeatKind.TAMU or live.seat_id == seat_id:
        return []
    if len(seat.kode_wilayah) != KECAMATAN_CHARS or seat.kode_wilayah != live.kecamatan:
        return []
    label = meeting.agenda.seats[live.seat_id].label
    return [held | {"seat_id": live.seat_id, "label": label}]


def _message(meeting: Meeting, words: Words) -> Section | None:
    live = meeting.turns.live
    text = words.messages.get(live.turn_id, "") if live is not None else ""
    return {"text": text, "at": live.held_at} if live is not None and live.held_at and text else None


def interjection(meeting: Meeting, words: Words) -> Section | None:
    live = meeting.interjections.live
    if live is None:
        return None
    who = _who(meeting, words, live.seat_id, live.peserta_id, jabatan=True)
    return {"turn_id": live.turn_id, "kind": str(live.kind)} | who | {
        "reason": words.point(live.point_id),
        "media": str(live.media),
        "interrupted": live.interrupted,
        "state": str(live.state),
        "spoken_ms": live.clock.used_ms,
        "running_since": live.clock.since,
    }  # fmt: skip


def points(meeting: Meeting, words: Words) -> list[Json]:
    """Points of order that wait, oldest first."""
    return [
        {"point_id": point.point_id}
        | _who(meeting, words, point.seat_id, point.peserta_id)
        | {"reason": words.point(point.point_id), "raised_at": point.raised_at}
        for point in meeting.interjections.points.values()
    ]


def own_point(meeting: Meeting, words: Words, seat_id: SeatId) -> Section | None:
    point = meeting.interjections.of_seat(seat_id)
    return None if point is None else {"point_id": point.point_id, "reason": words.point(point.point_id)}


def history(meeting: Meeting, words: Words) -> list[Json]:
    """Turns and what came in between, in the order in which they began."""
    rows: list[tuple[int, Json]] = [
        (t.called_at, _past(meeting, words, t, TurnKind.GILIRAN, words.topic(t.request_id), t.called_at))
        for t in meeting.turns.turns.values()
    ]
    rows += [
        (t.began_at, _past(meeting, words, t, t.kind, words.point(t.point_id), t.began_at))
        for t in meeting.interjections.turns.values()
    ]
    return [row for _, row in sorted(rows, key=lambda entry: entry[0])]


def _past(
    meeting: Meeting, words: Words, of: Turn | Interjection, kind: TurnKind, topic: str | None, began: int
) -> Section:
    return {"turn_id": of.turn_id, "kind": str(kind)} | _who(meeting, words, of.seat_id, of.peserta_id) | {
        "topic": topic,
        "started_at": began,
        "ended_at": of.ended_at,
        "outcome": str(of.state) if of.ended_at is not None else None,
        "spoken_ms": of.clock.used_ms,
    }  # fmt: skip


def _who(
    meeting: Meeting, words: Words, seat_id: SeatId, peserta_id: PesertaId | None, *, jabatan: bool = False
) -> Section:
    name = words.name(peserta_id)
    who: Section = {
        "seat_id": seat_id,
        "label": meeting.agenda.seats[seat_id].label,
        "nama": name.nama if name else None,
    }
    return who | ({"jabatan": name.jabatan if name else None} if jabatan else {})
