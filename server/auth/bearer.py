"""The door of ``/api/v1`` for other applications: a key in ``Authorization: Bearer`` (RFC 6750).

The Panitia gives it. No cookie opens this door and it sets none, so no other site's page can use it. A key
reads, or reads and writes, in one session or in all, until a date or until it is revoked: that is asked of
the store at every request.
"""

import logging

from aiohttp import web

from server.access import Scope, may_call
from server.auth.address import address_of
from server.auth.guard import IDENTITY, SAFE_METHODS, Handler, pace
from server.auth.identity import Identity
from server.keys import BEARER
from server.refusals import Refusal

log = logging.getLogger(__name__)

MOST_CHARS = 200
_ASK = {"WWW-Authenticate": 'Bearer realm="rembug"'}
_WRONG = {"WWW-Authenticate": 'Bearer realm="rembug", error="invalid_token"'}


def with_key(route: str, handler: Handler) -> Handler:
    """The handler of ``route`` for keys that may use it; the others get a Refusal."""

    async def guard(request: web.Request) -> web.StreamResponse:
        identity = await _holder(request)
        scope = Scope.BACA if request.method in SAFE_METHODS else Scope.TULIS
        if scope not in identity.scopes or not may_call(identity.role, route):
            log.info("key refused route=%s key=%s", route, identity.grant_id)
            headers = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}
            raise Refusal(403, "insufficient_scope", headers=headers)
        await pace(request, identity)
        request[IDENTITY] = identity
        return await handler(request)

    return guard


async def _holder(request: web.Request) -> Identity:
    """Raises Refusal."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret:
        raise Refusal(401, "no_key", headers=_ASK)
    identity = await request.app[BEARER](secret) if len(secret) <= MOST_CHARS else None
    if identity is None:
        log.info("key refused peer=%s", address_of(request))
        raise Refusal(401, "no_key", headers=_WRONG)
    return identity
