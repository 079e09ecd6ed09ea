"""The way in and the role's screen: ``/``, ``/m/{token}``, ``/s/{grant}/``, ``/s/{grant}/replay``.

The secret of a personal link, or an office's short code, is exchanged once for a cookie that belongs to this
link's addresses only, so one browser may hold several roles in several tabs.
"""

import logging
from collections.abc import Mapping
from urllib.parse import quote

import segno
from aiohttp import web
from markupsafe import Markup

from server.access import Role
from server.auth.address import address_of
from server.auth.guard import COOKIE, IDENTITY, require_own_origin, room_of
from server.auth.identity import Identity
from server.auth.tokens import LIFE_S
from server.i18n import N_
from server.kept import SESSIONS
from server.keys import ATTEMPTS, EXCHANGE, EXCHANGE_CODE, PUBLIC_URL, RELAY, SECURE, SESSION, TOKENS, WORDS
from server.pages.posted import texts
from server.pages.render import PAGES
from server.refusals import Refusal
from server.store.link_secrets import typed_code

log = logging.getLogger(__name__)

MOST_CODE = 40
NO_CODE = N_("Kode terdiri dari delapan huruf dan angka, seperti K7MP-3RTX; periksa lagi lembar undangan.")
WRONG_CODE = N_("Kode itu tidak dikenal, sudah diganti, atau sesinya sudah ditutup. Hubungi petugas bantuan.")
TOO_OFTEN = N_("Terlalu banyak percobaan. Tunggu beberapa menit, atau pindai kode QR pada lembar undangan.")

SCREENS: Mapping[Role, str] = {
    Role.PIMPINAN: "pimpinan.html",
    Role.OPERATOR: "operator.html",
    Role.BANTUAN: "operator.html",
    Role.NOTULIS: "notulis.html",
    Role.AULA: "aula.html",
    Role.DESA: "desa.html",
    Role.PENINJAU: "peninjau.html",
    Role.LAYAR: "layar.html",
    Role.SIARAN: "siaran.html",
    Role.REPLAY: "replay.html",
    Role.GLADI: "gladi.html",
}
"""The Panitia starts from the list of sessions instead."""


async def door(request: web.Request) -> web.Response:
    """``/``: what this is, for somebody without a link; an office types its short code here."""
    return _door(request, "", 200, "")


def _door(request: web.Request, typed: str, status: int, wrong: str) -> web.Response:
    galat = request.app[WORDS](wrong) if wrong else ""
    return request.app[PAGES].response("pintu.html", status=status, kode=typed, galat=galat)


async def enter_code(request: web.Request) -> web.Response:
    """``POST /``: 303 to the office's screen with its cookie; the page again when the code opens nothing."""
    require_own_origin(request)
    typed = (await texts(request)).get("kode", "").strip()[:MOST_CODE]
    address = address_of(request)
    code = typed_code(typed)
    if code is None:
        return _door(request, typed, 422, NO_CODE)
    attempt = request.app[ATTEMPTS].code(address)
    if attempt is None:
        log.info("code held back peer=%s", address)
        return _door(request, typed, 429, TOO_OFTEN)
    identity = await request.app[EXCHANGE_CODE](code)
    if identity is None:
        log.info("code refused peer=%s", address)
        return _door(request, typed, 422, WRONG_CODE)
    attempt.right()
    return _let_in(request, identity)


async def with_slash(request: web.Request) -> web.Response:
    """``/s/{grant}``: 308 to the same place as everybody else has it, with the slash."""
    return web.Response(
        status=308, headers={"Location": f"/s/{quote(request.match_info['grant'], safe='')}/"}
    )


async def exchange(request: web.Request) -> web.Response:
    """``/m/{token}``, and for screens that only show ``/layar/{token}``: 303 to the link's screen with its
    cookie; a page that says so when it is not valid."""
    return _let_in(request, await _identified(request))


async def _identified(request: web.Request) -> Identity:
    identity = await request.app[EXCHANGE](request.match_info["token"])
    if identity is None:
        log.info("link refused peer=%s", address_of(request))
        raise Refusal(404, "no_such_link")
    return identity


def _let_in(request: web.Request, identity: Identity) -> web.Response:
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
    pages, told = request.app[PAGES], await boot(request)
    if identity.role is Role.LAYAR:
        return pages.response(SCREENS[identity.role], boot=told, kode_qr=_front_door(request))
    return pages.response(SCREENS[identity.role], boot=told)


async def components(request: web.Request) -> web.Response:
    """``komponen``: every component in every state, for whoever draws a page."""
    return request.app[PAGES].response("komponen.html", boot=await boot(request), base=base_in(request))


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


def _front_door(request: web.Request) -> dict[str, object]:
    """Where everybody may go, as people read it and as a QR code for their telephones."""
    url = request.app[PUBLIC_URL]
    drawn = segno.make(f"{url}/", error="m", micro=False)
    svg = drawn.svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return {"alamat": url.partition("://")[2], "gambar": Markup(svg)}


def base_of(identity: Identity) -> str:
    return identity.base


def base_in(request: web.Request) -> str:
    """What the addresses of a page begin with: for the Panitia with the session of the page's own address."""
    room_id = request.match_info.get("room")
    return base_of(request[IDENTITY]) + (f"sesi/{room_id}/" if room_id else "")
