"""Seats for the synthetic offices of a gladi: the one thing that a gladi link opens.

Each seat is handed out as a personal link of its own, so that a synthetic office comes in by the same doors
as a browser. Those links end with the gladi link, and whoever comes as a person takes the seat over.
"""

import logging
from collections.abc import Mapping

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from rooms.ids import RoomId
from rooms.meeting.vocabulary import MeetingStatus, SeatKind, SeatSpec
from server.access import Role
from server.api.body import read_json
from server.auth.guard import IDENTITY, room_of
from server.kept import GRANTS, SESSIONS
from server.keys import NOW
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.store.grants import Grant, GrantSpec

log = logging.getLogger(__name__)

MOST_OFFICES = 1000
ORDER = (SeatKind.DIALOG, SeatKind.MENYIMAK, SeatKind.TAMU)
"""Who is played first."""


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    offices: int = Field(ge=0, le=MOST_OFFICES)
    """At most so many."""
    aula: bool = False
    """Also the hall, while no device has its seat."""


async def seats(request: web.Request) -> web.Response:
    """``POST gladi/kursi`` with ``{offices, aula}``: links of seats that nobody has taken.

    Seats that another gladi process was given last come last, so that two of them share the session.
    """
    room_id = room_of(request)
    wanted = await read_json(request, Wanted)
    summary, spec = await request.app[SESSIONS].get(room_id), await request.app[SESSIONS].spec(room_id)
    if summary is None or spec is None:
        raise Refusal(404, "not_found")
    if not summary.gladi:
        raise Refusal(409, "not_gladi")
    hall = await request.app[HALLS].get(room_id)
    if hall.room.meeting.agenda.status is MeetingStatus.DITUTUP:
        raise Refusal(409, "closed")
    grants = await request.app[GRANTS].of_room(room_id)
    taken = hall.devices.taken
    free = [seat for seat in _in_order(spec.seats, grants) if seat.seat_id not in taken]
    given = free[: wanted.offices]
    if wanted.aula:
        given = [s for s in spec.seats if s.kind is SeatKind.AULA and s.seat_id not in taken] + given
    minted = await request.app[GRANTS].mint_all(
        [_spec(request, room_id, seat, grants) for seat in given], at=request.app[NOW]()
    )
    log.info("gladi seats room=%s wanted=%d given=%d", room_id, wanted.offices, len(given))
    return web.json_response(
        {
            "title": summary.title,
            "invited": sum(seat.kind is not SeatKind.AULA for seat in spec.seats),
            "taken": len(taken),
            "seats": [
                {
                    "seat_id": seat.seat_id,
                    "kind": seat.kind,
                    "label": seat.label,
                    "link": f"/m/{one.token}",
                }
                for seat, one in zip(given, minted, strict=True)
            ],
        }
    )


def _in_order(every: tuple[SeatSpec, ...], grants: list[Grant]) -> list[SeatSpec]:
    given_at: Mapping[str | None, int] = {g.seat_id: g.created_at for g in grants if g.made_by is not None}
    offices = [seat for seat in every if seat.kind in ORDER]
    return sorted(offices, key=lambda seat: (given_at.get(seat.seat_id, 0), ORDER.index(seat.kind)))


def _spec(request: web.Request, room_id: RoomId, seat: SeatSpec, grants: list[Grant]) -> GrantSpec:
    link = request[IDENTITY].grant_id
    role = Role.AULA if seat.kind is SeatKind.AULA else Role.DESA
    until = next(grant.expires_at for grant in grants if grant.public_id == link)
    return GrantSpec(role, seat.label, room_id, seat.seat_id, expires_at=until, made_by=link)
