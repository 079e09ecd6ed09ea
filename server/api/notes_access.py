"""Which notes a link may see and touch, and how refusals of the planning rules are answered.

An office has its own place's notes, without the follow-up that is internal; desks have those of their
session; the Panitia has all.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from aiohttp import web

from rooms.ids import RoomId
from rooms.meeting.errors import Refused
from rooms.meeting.seals import Span
from rooms.room import RoomClosed
from server.access import Role
from server.auth.guard import IDENTITY, room_of
from server.planning.errors import FieldErrors, GladiSession, IdTaken, NotFound, NotYours, VersionConflict
from server.planning.notebook import REMARK
from server.planning.shapes import catatan_json
from server.planning.tahapan import WrongStage
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.signalling.words import REFUSALS
from server.store.catatan import Catatan

NO_PLACE = "-"
"""Equals no code, so that a guest without a place has no notes of its own."""
INTERNAL: Mapping[str, object] = {"penanggung_jawab": "", "tenggat": None, "status_tindak_lanjut": ""}
"""What an office is told instead of the follow-up."""
WHO_WRITE_DOWN = (Role.NOTULIS, Role.PANITIA)
"""They have the words of sealed intervals too (R69)."""
WORDS = ("ucapan", "judul", "masalah", "gagasan")
"""Empty in a note that was spoken in a sealed interval."""


async def own_place(request: web.Request) -> str | None:
    """The kode wilayah that limits an office; None for everybody else."""
    identity = request[IDENTITY]
    if identity.role is not Role.DESA or identity.seat_id is None:
        return None
    hall = await request.app[HALLS].get(room_of(request))
    seat = hall.room.meeting.agenda.seats.get(identity.seat_id)
    return seat.kode_wilayah or NO_PLACE if seat else NO_PLACE


def require_in_room(request: web.Request, note: Catatan) -> None:
    """A note of another session is not there for anybody but the Panitia. Raises Refusal."""
    identity = request[IDENTITY]
    rooms = {note.room_id, *(mention.room_id for mention in note.penyebutan)}
    if identity.role is not Role.PANITIA and identity.room_id not in rooms:
        raise Refusal(404, "not_found", detail="a note of another session")


async def readable(request: web.Request, notes: Iterable[Catatan]) -> list[tuple[Catatan, bool]]:
    """The notes as this link may read them, and whether the words of each are closed to it (R69)."""
    if request[IDENTITY].role in WHO_WRITE_DOWN:
        return [(note, False) for note in notes]
    sealed: dict[str, tuple[Span, ...]] = {}
    result = []
    for note in notes:
        for mention in note.penyebutan:
            if mention.spoken and mention.room_id not in sealed:
                hall = await request.app[HALLS].get(RoomId(mention.room_id))
                sealed[mention.room_id] = hall.room.meeting.state.seals.spans
        closed = _spoken_in(note, sealed)
        result.append((_without_words(note) if closed else note, closed))
    return result


def _spoken_in(note: Catatan, sealed: Mapping[str, tuple[Span, ...]]) -> bool:
    return any(
        begin <= (mention.until_at or mention.spoken_at) and mention.spoken_at < end
        for mention in note.penyebutan
        if mention.spoken
        for begin, end in sealed[mention.room_id]
    )


def _without_words(note: Catatan) -> Catatan:
    """Nor does its history say what they were."""
    said = (*WORDS, REMARK)
    kept = None if note.riwayat is None else tuple(c for c in note.riwayat if c.field not in said)
    return replace(note, ucapan="", judul="", masalah="", gagasan="", riwayat=kept)


async def shown(request: web.Request, note: Catatan) -> dict[str, object]:
    """*Catatan* as this link may see it."""
    return (await shown_all(request, [note]))[0]


async def shown_all(request: web.Request, notes: Iterable[Catatan]) -> list[dict[str, object]]:
    return [_shape(request, note, closed) for note, closed in await readable(request, notes)]


def _shape(request: web.Request, note: Catatan, closed: bool) -> dict[str, object]:
    shape = catatan_json(note) | {"tertutup": closed}
    if request[IDENTITY].role is Role.DESA:
        shape |= INTERNAL
        shape.pop("riwayat", None)
    return shape


@contextmanager
def answered() -> Iterator[None]:
    """Planning's and the meeting's refusals as those of HTTP."""
    try:
        yield
    except FieldErrors as error:
        raise Refusal(422, "bad_fields", fields=error.fields) from error
    except GladiSession as error:
        raise Refusal(409, "gladi", detail=str(error)) from error
    except NotFound as error:
        raise Refusal(404, "not_found", detail=str(error)) from error
    except NotYours as error:
        raise Refusal(403, "forbidden", detail=f"not its own: {error}") from error
    except (IdTaken, VersionConflict) as error:
        raise Refusal(409, "conflict", detail=str(error)) from error
    except WrongStage as error:
        raise Refusal(409, "wrong_stage", detail=str(error)) from error
    except Refused as error:
        raise Refusal(409, error.code, message=REFUSALS[error.code], detail=error.detail) from error
    except RoomClosed as error:
        raise Refusal(503, "unavailable", detail="the room is closing") from error
