"""The WebSocket's route: from a guarded request to a conversation in the right hall."""

from collections import Counter
from functools import partial

from aiohttp import web

from server.auth.guard import IDENTITY, room_of, still_stands
from server.keys import NOW, WORDS
from server.pace import Paces
from server.signalling.hall import Halls
from server.signalling.socket import Conversation, Timing, turn_away

HALLS = web.AppKey("halls", Halls)
MESSAGES = web.AppKey("messages", Paces)
"""How fast a seat's link may send messages."""
CLOSED: web.AppKey[Counter[int]] = web.AppKey("closed")
"""How many lines have ended, by the code of their end."""
TIMING = web.AppKey("timing", Timing)


async def enter(request: web.Request) -> web.StreamResponse:
    hall = await request.app[HALLS].get(room_of(request))
    app = request.app
    identity, stands = request[IDENTITY], partial(still_stands, request)
    talk = Conversation(identity, hall, app[WORDS], app[NOW], stands, app[MESSAGES].of(identity), app[TIMING])
    try:
        return await talk.run(request)
    finally:
        app[CLOSED][talk.closed_with] += 1


async def revoked(request: web.Request) -> web.StreamResponse:
    return await turn_away(request, 4403, request.app[WORDS])
