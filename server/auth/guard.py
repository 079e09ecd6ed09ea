"""The door of everything under ``/s/{grant}/`` and ``/kerja/``: origin, cookie, revocation, role, so ordered.

Every route goes through ``guarded``; a handler behind it finds who is asking in ``request[IDENTITY]``.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from rooms.ids import RoomId
from server.access import may_call
from server.auth.identity import Identity
from server.auth.tokens import BadToken
from server.keys import ACCOUNT_TOKENS, LOOKUP, PUBLIC_ORIGIN, REQUESTS, SIGNED_IN, TOKENS, Ended
from server.refusals import Refusal

log = logging.getLogger(__name__)

COOKIE = "rembug"
ACCOUNT_COOKIE = "rembug_akun"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

LONGEST_WAIT_S = 3.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

IDENTITY = web.RequestKey("identity", Identity)


def guarded(
    route: str, handler: Handler, when_revoked: Handler | None = None, *, account: bool = False
) -> Handler:
    """The handler of ``route`` for those whom ``server.access`` lets in; the others get a Refusal.

    ``when_revoked`` answers a link that has ended instead of the refusal; ``account``: it is asked who is
    signed in, not by which link.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
        if request.method not in SAFE_METHODS or route == "ws":
            require_own_origin(request)
        identity, ended = (await signed_in(request), "") if account else await who(request)
        if ended:
            if when_revoked is None:
                raise Refusal(403, ended)
            return await when_revoked(request)
        if not may_call(identity.role, route):
            log.info("route refused route=%s role=%s grant=%s", route, identity.role, identity.grant_id)
            raise Refusal(403, "not_your_role" if account else "forbidden")
        await pace(request, identity)
        request[IDENTITY] = identity
        return await handler(request)

    return guard


async def pace(request: web.Request, identity: Identity) -> None:
    """Make an office or a program that asks too fast wait; raises Refusal when it would wait long."""
    pace = request.app[REQUESTS].of(identity)
    wait_s = 0.0 if pace is None else pace.take(LONGEST_WAIT_S)
    if wait_s is None:
        raise Refusal(429, "too_fast")
    if wait_s:
        await asyncio.sleep(wait_s)


async def who(request: web.Request) -> tuple[Identity, Ended]:
    """The link whose cookie came with the request, which must be that of the address, and if it has ended.

    Raises Refusal.
    """
    grant_id = request.match_info["grant"]
    try:
        claims = request.app[TOKENS].read(request.cookies.get(COOKIE, ""))
    except BadToken as error:
        raise Refusal(403, "no_cookie", detail=str(error)) from error
    if claims.grant_id != grant_id:
        raise Refusal(403, "no_cookie", detail="cookie of another link")
    found = await request.app[LOOKUP](grant_id)
    if found is None:
        raise Refusal(403, "no_cookie", detail="no such link")
    return found


async def signed_in(request: web.Request) -> Identity:
    """Who is signed in in this browser. Raises Refusal; who asks for a page is led to sign in."""
    try:
        claims = request.app[ACCOUNT_TOKENS].read(request.cookies.get(ACCOUNT_COOKIE, ""))
        identity = await request.app[SIGNED_IN](claims.grant_id)
    except BadToken:
        identity = None
    if identity is not None:
        return identity
    if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", ""):
        raise web.HTTPSeeOther(f"/masuk?{urlencode({'lanjut': request.path_qs})}")
    raise Refusal(403, "signed_out")


async def still_stands(request: web.Request) -> bool:
    """Whether the link that came in has not ended since; for what takes long to begin."""
    found = await request.app[LOOKUP](request[IDENTITY].grant_id)
    return found is not None and not found[1]


def require_own_origin(request: web.Request) -> None:
    """Refuse what another site's page sends; raises Refusal.

    A form of a page without referrers says ``Origin: null``; then the browser's own word that it comes from
    this site (``Sec-Fetch-Site``, which no page can set) stands in for it.
    """
    origin = request.headers.get("Origin", "")
    if origin in ("", "null") and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return
    parts = urlsplit(origin)
    own = parts.scheme in ("http", "https") and parts.netloc == request.host
    if not own and (not origin or origin != request.app[PUBLIC_ORIGIN]):
        log.info("origin refused origin=%r host=%r path=%s", origin, request.host, request.path)
        raise Refusal(403, "wrong_origin")


def room_of(request: web.Request) -> RoomId:
    """The session of the address (``sesi/{room}/..``, the Panitia's), else that of the link that is asking.

    Raises Refusal for a Panitia without either.
    """
    if "room" in request.match_info:
        return RoomId(request.match_info["room"])
    room_id = request[IDENTITY].room_id
    if room_id is None:
        raise Refusal(409, "no_room")
    return room_id
