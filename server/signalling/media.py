"""A browser's way into the media plane: one offer, one answer, and leaving.

The plane decides whether an offer is acceptable; what a link may send at all follows from its role.
"""

import logging
from collections import Counter
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from rooms.ids import RoomId, SeatId
from rooms.media.plane import (
    PANEL_LINES,
    Kind,
    Line,
    MediaPlane,
    Offer,
    OfferRefused,
    PeerSpec,
    Pictures,
    PlaneLost,
    Slot,
)
from rooms.meeting.vocabulary import SeatKind
from server.access import CONSOLES, SHOWING, Role
from server.api.body import read_json
from server.auth.guard import IDENTITY, room_of, still_stands
from server.keys import PLANE
from server.refusals import MESSAGES, Refusal
from server.signalling.calls import MOST_OF_A_LINK, MOST_OF_A_SHARED_LINK, grant_of, peer_of
from server.signalling.entrance import HALLS

log = logging.getLogger(__name__)

OFFERS: web.AppKey[Counter[str]] = web.AppKey("offers")
"""How many offers there were, by what became of them."""

_STRICT = ConfigDict(extra="forbid", strict=True)


class LineModel(BaseModel):
    model_config = _STRICT
    mid: str = Field(min_length=1, max_length=16)
    kind: Kind
    slot: Slot | None


class OfferModel(BaseModel):
    model_config = _STRICT
    peer_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    sdp: str = Field(min_length=1)
    lines: list[LineModel] = Field(max_length=64)
    in_hall: bool = False
    """A console's loudspeaker stands in the hall: it is not to play what is said there."""
    mode: Pictures = Pictures.FULL


async def offer(request: web.Request) -> web.Response:
    """``POST media/offer``: 200 with the answer, 422 for an offer that cannot be taken, 503 without media."""
    identity, room_id = request[IDENTITY], room_of(request)
    given = await read_json(request, OfferModel)
    lines = tuple(Line(line.mid, line.kind, line.slot) for line in given.lines)
    # Who only listens, as at the door, takes no seat: the seat's device goes on undisturbed.
    seat_id = identity.seat_id if any(line.slot is None for line in lines) else None
    beside = None if seat_id else await _beside(request, given.in_hall)
    own_id = peer_of(identity.grant_id, given.peer_id)
    # A link that only shows takes sound nowhere but into a broadcast, whatever its page says.
    heard = identity.role in SHOWING and any(line.kind is Kind.AUDIO for line in lines)
    only = identity.role is Role.SIARAN or heard
    peer = PeerSpec(own_id, seat_id, identity.role in CONSOLES, beside, given.mode, only)
    plane, outcomes = request.app[PLANE], request.app[OFFERS]
    calls = (await request.app[HALLS].get(room_id)).calls
    most = MOST_OF_A_SHARED_LINK if identity.role is Role.PENINJAU else MOST_OF_A_LINK
    if not calls.begin(identity.grant_id, peer.peer_id, most):
        outcomes["link_full"] += 1
        raise Refusal(429, "link_full", detail=f"grant={identity.grant_id}")
    try:
        answer = await plane.connect(room_id, peer, Offer(given.sdp, lines))
    except OfferRefused as refused:
        # Also if the browser has an older call of this name: one more is let in then, and no more.
        calls.ended(peer.peer_id)
        code = refused.code if refused.code in MESSAGES else "malformed_sdp"
        outcomes[code] += 1
        raise Refusal(422, code, detail=str(refused)) from refused
    except PlaneLost as lost:
        calls.ended(peer.peer_id)
        outcomes["media_down"] += 1
        raise Refusal(503, "media_down", detail=str(lost)) from lost
    outcomes["answered"] += 1
    if not await still_stands(request):
        # Revoked while the offer was on its way, so its calls were cut before this one was there.
        await disconnect_link(plane, room_id, identity.grant_id)
        raise Refusal(403, "revoked")
    # The end of an older call of this name, which it replaced, may have been reported meanwhile.
    calls.found(peer.peer_id)
    return web.json_response({"sdp": answer, "worker_epoch": plane.worker_epoch(room_id)})


async def _beside(request: web.Request, in_hall: bool) -> SeatId | None:
    """The seat in whose room a device stands that only listens."""
    identity = request[IDENTITY]
    if identity.seat_id is not None or not in_hall:
        return identity.seat_id
    hall = await request.app[HALLS].get(room_of(request))
    seats = hall.room.meeting.agenda.seats.values()
    return next((seat.seat_id for seat in seats if seat.kind is SeatKind.AULA), None)


class WatchModel(BaseModel):
    model_config = _STRICT
    seats: list[Annotated[str, Field(max_length=64)]] = Field(max_length=PANEL_LINES)


async def watch(request: web.Request) -> web.Response:
    """``PUT media/{peer_id}/panel``: which seats this console's panel shows, line by line; 204, 503."""
    given = await read_json(request, WatchModel)
    peer_id = peer_of(request[IDENTITY].grant_id, request.match_info["peer_id"])
    seats = tuple(SeatId(seat_id) for seat_id in given.seats)
    try:
        await request.app[PLANE].watch(room_of(request), peer_id, seats)
    except PlaneLost as lost:
        raise Refusal(503, "media_down", detail=str(lost)) from lost
    return web.Response(status=204)


async def leave(request: web.Request) -> web.Response:
    """``DELETE media/{peer_id}``: 204, also when it was not in the call."""
    peer_id = peer_of(request[IDENTITY].grant_id, request.match_info["peer_id"])
    try:
        await request.app[PLANE].disconnect(room_of(request), peer_id)
    except PlaneLost:
        log.info("peer gone with the media process peer=%s", peer_id)
    return web.Response(status=204)


async def disconnect_link(plane: MediaPlane, room_id: RoomId, grant_id: str) -> None:
    """Cut every call of a revoked link."""
    try:
        for peer in await plane.health(room_id):
            if grant_of(peer.peer_id) == grant_id:
                await plane.disconnect(room_id, peer.peer_id)
    except PlaneLost:
        log.info("calls of a revoked link ended with the media process grant=%s", grant_id)
