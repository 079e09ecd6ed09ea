"""The check of a seat's line at the door: its trains of padding, its result, and the desks that read it.

A browser asks for a train on a call of its own that only listens, counts what arrives, and says what it
found. Paced by seat here and bounded in the media process, so that no office makes load with it.
"""

from dataclasses import asdict
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from rooms.media.plane import TRAIN_PACKET_BYTES, PlaneLost, Train
from server.api.body import read_json
from server.auth.guard import IDENTITY, room_of
from server.kept import CHECKS
from server.keys import NOW, PLANE
from server.pace import Paces
from server.refusals import Refusal
from server.signalling import wire
from server.signalling.calls import peer_of
from server.signalling.entrance import HALLS
from server.store.sambungan import Check, Path

CHECKING: web.AppKey[Paces] = web.AppKey("checking", Paces)
CHECKS_PER_S, CHECKS_AT_ONCE = 0.2, 12
"""Trains and results of one seat: a check takes three of them."""
TRAINS = {"sound": Train(100, 2.0), "pictures": Train(600, 1.0)}
"""50 packets a second as sound has them, for loss; some 1.5 Mbit/s, for what a line carries."""

_STRICT = ConfigDict(extra="forbid", strict=True)
Ms = Annotated[int, Field(ge=0, le=600_000)]


class TrainModel(BaseModel):
    model_config = _STRICT
    like: Literal["sound", "pictures"]


class CheckModel(BaseModel):
    model_config = _STRICT
    path: Path = Field(strict=False)
    down_kbit: int | None = Field(ge=0, le=1_000_000)
    lost: float | None = Field(ge=0, le=1)
    rtt_ms: Ms | None
    wire_ms: Ms | None


async def send_train(request: web.Request) -> web.Response:
    """``POST media/{peer_id}/train``: 200 with what comes now; 429 when there is no room for it, 503."""
    given = await read_json(request, TrainModel)
    hold_back(request)
    train = TRAINS[given.like]
    peer_id = peer_of(request[IDENTITY].grant_id, request.match_info["peer_id"])
    try:
        begun = await request.app[PLANE].send_train(room_of(request), peer_id, train)
    except PlaneLost as lost:
        raise Refusal(503, "media_down", detail=str(lost)) from lost
    if not begun:
        raise Refusal(429, "busy", detail=f"train for {peer_id}")
    lasts_ms = round(1000 * train.lasts_s)
    return web.json_response(
        {"packets": train.packets, "packet_bytes": TRAIN_PACKET_BYTES, "lasts_ms": lasts_ms}
    )


async def keep(request: web.Request) -> web.Response:
    """``PUT api/sambungan``: what this seat's device found out; 204. The desks are told at once."""
    given = await read_json(request, CheckModel)
    hold_back(request)
    room_id, seat_id = room_of(request), request[IDENTITY].seat_id
    assert seat_id is not None, "only seated roles check a line; server.access"
    device = device_of(request.headers.get("User-Agent", ""))
    check = Check(request.app[NOW](), device, **given.model_dump())
    await request.app[CHECKS].keep(room_id, seat_id, check)
    hall = await request.app[HALLS].get(room_id)
    hall.audience.tell_consoles(wire.dump("sambungan", seats={seat_id: asdict(check)}))
    return web.Response(status=204)


async def find(request: web.Request) -> web.Response:
    """``GET api/sambungan``: the last check of each seat that has made one."""
    checks = await request.app[CHECKS].of(room_of(request))
    return web.json_response({"seats": {seat_id: asdict(check) for seat_id, check in checks.items()}})


def hold_back(request: web.Request) -> None:
    """Raises Refusal for a seat that checks on and on."""
    pace = request.app[CHECKING].of(request[IDENTITY])
    if pace is not None and pace.take(0) is None:
        raise Refusal(429, "too_fast")


_BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
}
_BROWSERS |= {"CriOS": "Chrome", "FxiOS": "Firefox", "Safari": "Safari"}
_SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"}
_SYSTEMS |= {"CrOS": "Chromebook", "Mac OS": "Mac", "Linux": "Linux"}


def device_of(agent: str) -> str:
    """``Chrome, Android`` of a browser's ``User-Agent``; empty when it says nothing that is known.

    They all name others that they want to be taken for, so the first that fits counts.
    """
    known = (
        next((word for mark, word in words.items() if mark in agent), "") for words in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(word for word in known if word)
