"""The WebSocket's route: from a guarded request to a conversation in the right hall."""

from aiohttp import web

from server.auth.guard import IDENTITY, room_of
from server.keys import NOW, WORDS
from server.signalling.hall import Halls
from server.signalling.socket import Conversation, Timing, turn_away

HALLS = web.AppKey("halls", Halls)
TIMING = web.AppKey("timing", Timing)


async def enter(request: web.Request) -> web.StreamResponse:
    hall = await request.app[HALLS].get(room_of(request))
    app = request.app
    talk = Conversation(request[IDENTITY], hall, app[WORDS], app[NOW], app[TIMING])
    return await talk.run(request)


async def revoked(request: web.Request) -> web.StreamResponse:
    return await turn_away(request, 4403, request.app[WORDS])
