"""``/healthz``: whether this server can serve, for whoever watches over it."""

from aiohttp import web

from rooms.ids import RoomId
from server.kept import SESSIONS
from server.signalling.entrance import HALLS


async def healthz(request: web.Request) -> web.Response:
    """200 once the database answers and the application is up."""
    await request.app[SESSIONS].get(RoomId("healthz"))
    rooms = request.app[HALLS].open_now
    return web.json_response(
        {
            "status": "ok",
            "rooms": len(rooms),
            "clients": sum(len(hall.audience.clients) for hall in rooms.values()),
        }
    )
