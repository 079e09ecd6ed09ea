"""What the people at a door saw and heard of their devices, for the Panitia's board (``pages.kesiapan``)."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from server.api.body import read_json
from server.api.sambungan import device_of, hold_back
from server.auth.guard import IDENTITY, room_of
from server.kept import READINESS
from server.keys import NOW
from server.refusals import Refusal
from server.store.kesiapan import Kamera, Kesiapan, Mikrofon, Pengeras, Sambungan


class SeenModel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kamera: Kamera
    mikrofon: Mikrofon
    pengeras: Pengeras
    sambungan: Sambungan


async def keep(request: web.Request) -> web.Response:
    """``PUT api/kesiapan``: 204. A synthetic office (of a gladi) confirms nothing: 403."""
    given = await read_json(request, SeenModel)
    identity = request[IDENTITY]
    if identity.synthetic or identity.seat_id is None:
        raise Refusal(403, "forbidden")
    hold_back(request)
    device = device_of(request.headers.get("User-Agent", ""))
    seen = Kesiapan(request.app[NOW](), device, given.kamera, given.mikrofon, given.pengeras, given.sambungan)
    await request.app[READINESS].keep(room_of(request), identity.seat_id, seen)
    return web.Response(status=204)
