"""Petugas Bantuan: messages with offices, and a new link for one that lost its own.

Both sides keep sending one message until it is answered, under its own id. An office reads and writes its own
messages only.
"""

import logging
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from rooms.ids import SeatId
from server.access import ROUTES, Role
from server.api.body import read_json
from server.auth.guard import IDENTITY, room_of
from server.kept import BANTUAN, GRANTS
from server.keys import NOW
from server.pages.sesi import end_link, link_url
from server.plain import plain
from server.refusals import Refusal
from server.signalling import wire
from server.signalling.entrance import HALLS
from server.store.bantuan import Conflict, Pesan, TooMany, UnknownSeat

log = logging.getLogger(__name__)

MOST_TEXT = 1000
_STRICT = ConfigDict(extra="forbid", strict=True)
Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MOST_TEXT, strip_whitespace=True),
    AfterValidator(plain),
]


class PesanModel(BaseModel):
    model_config = _STRICT
    id: UUID = Field(strict=False)
    teks: Text
    seat_id: str = Field(default="", max_length=64)
    """For desks: whom it is for; an office writes about itself."""


class SeatModel(BaseModel):
    model_config = _STRICT
    seat_id: str = Field(max_length=64)


async def find(request: web.Request) -> web.Response:
    """``GET api/bantuan``: an office's own messages; for the desks those of all offices."""
    kept = await request.app[BANTUAN].of(room_of(request), request[IDENTITY].seat_id)
    return web.json_response({"items": [asdict(pesan) for pesan in kept]})


async def send(request: web.Request) -> web.Response:
    """``POST api/bantuan``: 201, and 200 for one that is there already; told to the other side at once."""
    given = await read_json(request, PesanModel)
    room_id, own = room_of(request), request[IDENTITY].seat_id
    pesan = Pesan(str(given.id), own or SeatId(given.seat_id), own is None, given.teks, request.app[NOW]())
    try:
        kept, new = await request.app[BANTUAN].keep(room_id, pesan)
    except UnknownSeat as error:
        raise Refusal(404, "not_found") from error
    except Conflict as error:
        raise Refusal(409, "conflict") from error
    except TooMany as error:
        raise Refusal(409, "too_many", detail=f"messages of {pesan.seat_id}") from error
    if new:
        hall = await request.app[HALLS].get(room_id)
        text = wire.dump("bantuan", pesan=asdict(kept))
        for client in hall.audience.clients:
            who = client.identity
            if who.seat_id == kept.seat_id or (who.seat_id is None and who.role in ROUTES["bantuan_list"]):
                client.tell(text)
    return web.json_response(asdict(kept), status=201 if new else 200)


async def renew(request: web.Request) -> web.Response:
    """``POST api/bantuan/tautan``: a new link of an office, ``{url}``; whoever uses an old one is let go."""
    seat_id = (await read_json(request, SeatModel)).seat_id
    grants = request.app[GRANTS]
    # Neither the hall's, on whose link the meeting hangs, nor those of synthetic offices in a rehearsal.
    of_office = (
        g for g in await grants.of_room(room_of(request)) if g.role == Role.DESA and g.made_by is None
    )
    old = [g for g in of_office if g.seat_id == seat_id and not g.revoked]
    if not old:
        raise Refusal(404, "not_found")
    made = await grants.mint(old[0].spec, at=request.app[NOW]())
    for grant in old:
        await end_link(request, grant)
    log.info("link renewed seat=%s by=%s", seat_id, request[IDENTITY].grant_id)
    return web.json_response({"url": link_url(request, made)}, status=201)
