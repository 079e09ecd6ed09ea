"""Which notes a link may see and touch, and how refusals of the planning rules are answered.

An office has its own place's notes, without the follow-up that is internal; desks have those of their
session; the Panitia has all.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from aiohttp import web

from rooms.meeting.errors import Refused
from rooms.room import RoomClosed
from server.access import Role
from server.auth.guard import IDENTITY, room_of
from server.planning.errors import FieldErrors, IdTaken, NotFound, NotYours, VersionConflict
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


def shown(request: web.Request, note: Catatan) -> dict[str, object]:
    shape = catatan_json(note)
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
