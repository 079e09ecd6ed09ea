"""The way in and the role's screen: ``/``, ``/m/{token}``, ``/s/{grant}/``, ``/s/{grant}/replay``.

The secret of a personal link is exchanged once for a cookie that belongs to this link's addresses only, so
one browser may hold several roles in several tabs.
"""

import logging
from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import web

from server.access import Role
from server.auth.guard import COOKIE, IDENTITY, room_of
from server.auth.identity import Identity
from server.auth.tokens import LIFE_S
from server.kept import SESSIONS
from server.keys import EXCHANGE, RELAY, SECURE, SESSION, TOKENS, WORDS
from server.pages.render import PAGES
from server.refusals import Refusal

log = logging.getLogger(__name__)

SCREENS: Mapping[Role, str] = {
    Role.PIMPINAN: "pimpinan.html",
    Role.OPERATOR: "operator.html",
    Role.BANTUAN: "operator.html",
    Role.NOTULIS: "notulis.html",
    Role.AULA: "aula.html",
    Role.DESA: "desa.html",
    Role.PENINJAU: "peninjau.html",
    Role.REPLAY: "replay.html",
    Role.GLADI: "gladi.html",
}
"""The Panitia starts from the list of sessions instead."""


async def door(request: web.Request) -> web.Response:
    """``/``: what this is, for somebody without a link."""
    return request.app[PAGES].response("pintu.html")


async def with_slash(request: web.Request) -> web.Response:
    """``/s/{grant}``: 308 to the same place as everybody else has it, with the slash."""
    return web.Response(
        status=308, headers={"Location": f"/s/{quote(request.match_info['grant'], safe='')}/"}
    )


async def exchange(request: web.Request) -> web.Response:
    """``/m/{token}``: 303 to the link's screen with its cookie; a page that says so when it is not valid."""
    identity = await request.app[EXCHANGE](request.match_info["token"])
    if identity is None:
        log.info("link refused peer=%s", request.remote)
        raise Refusal(404, "no_such_link")
    base = base_of(identity)
    response = web.Response(status=303, headers={"Location": base})
    response.set_cookie(
        COOKIE,
        request.app[TOKENS].mint(identity.grant_id),
        max_age=LIFE_S,
        path=base.rstrip("/"),
        httponly=True,
        # Lax, not Strict: a link opened from a chat is a navigation from another site, and the redirect
        # after it must already carry the cookie.
        samesite="Lax",
        secure=request.app[SECURE],
    )
    return response


async def screen(request: web.Request) -> web.Response:
    """``/s/{grant}/``: the role's screen."""
    identity = request[IDENTITY]
    if identity.role not in SCREENS:
        raise web.HTTPSeeOther(f"{base_of(identity)}sesi")
    return request.app[PAGES].response(SCREENS[identity.role], boot=await boot(request))


async def replay(request: web.Request) -> web.Response:
    """``/s/{grant}/replay``, and for the Panitia ``sesi/{room}/replay``."""
    room_id = room_of(request)
    summary = await request.app[SESSIONS].get(room_id)
    if summary is None:
        raise Refusal(404, "not_found")
    session = {"room_id": room_id, "title": summary.title, "gladi": summary.gladi, "base": base_in(request)}
    return request.app[PAGES].response("replay.html", boot=await boot(request) | session)


async def boot(request: web.Request) -> dict[str, object]:
    """What a page's script is told."""
    identity = request[IDENTITY]
    title, gladi = await request.app[SESSION](identity)
    return {
        "grant": identity.grant_id,
        "role": identity.role,
        "seat_id": identity.seat_id,
        "room_id": identity.room_id,
        "title": title,
        "gladi": gladi,
        "label": identity.label,
        "nama": "",
        "base": base_of(identity),
        "ice_servers": request.app[RELAY](identity.grant_id),
        "catalogue": dict(request.app[WORDS].catalogue),
    }


def base_of(identity: Identity) -> str:
    return f"/s/{identity.grant_id}/"


def base_in(request: web.Request) -> str:
    """What the addresses of a page begin with: for the Panitia with the session of the page's own address."""
    room_id = request.match_info.get("room")
    return base_of(request[IDENTITY]) + (f"sesi/{room_id}/" if room_id else "")
