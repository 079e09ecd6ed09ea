"""Signing in and out of an account, its password by a one-time link, "Masuk di perangkat lain".

A wrong name and a wrong password are answered alike, after the same time; how often somebody may try is said
by ``server.auth.attempts``.
"""

import logging
import secrets
from datetime import datetime

from aiohttp import web

from server.auth.address import address_of
from server.auth.guard import ACCOUNT_COOKIE, IDENTITY, require_own_origin
from server.auth.identity import DESK
from server.auth.passwords import LEAST_CHARS, MOST_CHARS, TooBusy
from server.auth.tokens import LIFE_S, BadToken
from server.i18n import N_
from server.kept import ACCOUNTS
from server.keys import ACCOUNT_TOKENS, ATTEMPTS, BROWSER_TOKENS, NOW, PASSWORDS, SECURE, WORDS
from server.pages.posted import texts
from server.pages.render import PAGES
from server.pages.screens import boot
from server.planning.export import WIB
from server.refusals import Refusal
from server.store.akun import Akun

log = logging.getLogger(__name__)

KNOWN_COOKIE = "rembug_kenal"
KNOWN_LIFE_S = 180 * 24 * 3600
MOST_NAME = 100

WRONG = N_("Nama masuk atau kata sandi tidak cocok.")
TOO_OFTEN = N_("Terlalu banyak percobaan. Tunggu beberapa menit, lalu coba lagi.")
BUSY = N_("Server sedang melayani banyak orang. Coba lagi sebentar.")
TOO_SHORT = N_("Paling sedikit 10 huruf atau angka; beberapa kata yang mudah diingat lebih baik.")
TOO_LONG = N_("Paling banyak 200 huruf.")
UNLIKE = N_("Kedua isian tidak sama.")


async def with_slash(_: web.Request) -> web.Response:
    """``/kerja``: 308 to ``/kerja/``."""
    return web.Response(status=308, headers={"Location": DESK})


async def form(request: web.Request) -> web.Response:
    """``GET /masuk``."""
    return _form(request, "", _lead(request.query.get("lanjut", "")))


async def enter(request: web.Request) -> web.Response:
    """``POST /masuk``: 303 to the desk, or the form again: 422, 429, 503."""
    require_own_origin(request)
    typed = await texts(request)
    name, password = typed.get("masuk", "").strip().lower(), typed.get("sandi", "")
    lead, app = _lead(typed.get("lanjut", "")), request.app
    if len(name) > MOST_NAME or len(password) > MOST_CHARS:
        return _form(request, "", lead, 422, WRONG)
    found = await app[ACCOUNTS].named(name)
    known = _known(request, found[0] if found else None)
    if not app[ATTEMPTS].may(name, address_of(request), known):
        log.info("signing in held back peer=%s", address_of(request))
        return _form(request, name, lead, 429, TOO_OFTEN)
    try:
        right = await app[PASSWORDS].matches(found[1] if found else None, password)
    except TooBusy:
        return _form(request, name, lead, 503, BUSY)
    if found is None or not right:
        log.info("signing in refused peer=%s", address_of(request))
        return _form(request, name, lead, 422, WRONG)
    return await _welcome(request, found[0], lead)


async def password_form(request: web.Request) -> web.Response:
    """``GET /masuk/sandi/{token}``."""
    found = await _of_link(request)
    return _password_form(request, found, 200, {})


async def set_password(request: web.Request) -> web.Response:
    """``POST /masuk/sandi/{token}``: sets it once, signs everybody else out, signs in."""
    require_own_origin(request)
    found, typed = await _of_link(request), await texts(request)
    password, wrong = typed.get("sandi", ""), {}
    if len(password) < LEAST_CHARS:
        wrong["sandi"] = TOO_SHORT
    elif len(password) > MOST_CHARS:
        wrong["sandi"] = TOO_LONG
    elif typed.get("ulangi", "") != password:
        wrong["ulangi"] = UNLIKE
    if wrong:
        return _password_form(request, found, 422, wrong)
    try:
        sandi = await request.app[PASSWORDS].hash(password)
    except TooBusy:
        return _password_form(request, found, 503, {"sandi": BUSY})
    token, at = request.match_info["token"], request.app[NOW]()
    if await request.app[ACCOUNTS].set_password(token, sandi, at=at) is None:
        raise Refusal(404, "no_such_link")
    log.info("password set account=%s", found.id)
    return await _welcome(request, found, DESK)


async def desk(request: web.Request) -> web.Response:
    """``GET /kerja/``."""
    raise web.HTTPSeeOther(f"{DESK}pekerjaan")


async def browsers(request: web.Request) -> web.Response:
    """``GET perangkat``: where this account is signed in."""
    identity, at = request[IDENTITY], request.app[NOW]()
    assert identity.account is not None, "server.routes: only of an account"
    return request.app[PAGES].response(
        "perangkat.html",
        boot=await boot(request),
        base=identity.base,
        perangkat=[
            {
                "id": one.id,
                "nama": one.perangkat,
                "sejak": _moment(one.created_at),
                "terakhir": _moment(one.seen_at),
                "ini": one.id == identity.account.browser,
            }
            for one in await request.app[ACCOUNTS].browsers(identity.grant_id, at=at)
        ],
    )


async def end(request: web.Request) -> web.Response:
    """``POST perangkat/{browser}/keluar``: that browser is signed out."""
    account, browser = request[IDENTITY].grant_id, request.match_info["browser"]
    if not await request.app[ACCOUNTS].sign_out(account, browser, at=request.app[NOW]()):
        raise Refusal(404, "not_found")
    raise web.HTTPSeeOther(f"{DESK}perangkat")


async def leave(request: web.Request) -> web.Response:
    """``POST keluar``."""
    identity = request[IDENTITY]
    assert identity.account is not None, "server.routes: only of an account"
    await request.app[ACCOUNTS].sign_out(identity.grant_id, identity.account.browser, at=request.app[NOW]())
    response = web.Response(status=303, headers={"Location": "/masuk"})
    response.del_cookie(ACCOUNT_COOKIE, path=DESK.rstrip("/"))
    return response


async def _welcome(request: web.Request, akun: Akun, lead: str) -> web.Response:
    """Signed in: 303 with this browser's cookies."""
    app, at = request.app, request.app[NOW]()
    browser = await app[ACCOUNTS].sign_in(akun.id, device_of(request.headers.get("User-Agent", "")), at=at)
    log.info("signed in account=%s", akun.id)
    response = web.Response(status=303, headers={"Location": lead})
    cookies = (
        (ACCOUNT_COOKIE, app[ACCOUNT_TOKENS].mint(browser), LIFE_S, DESK.rstrip("/")),
        (KNOWN_COOKIE, app[BROWSER_TOKENS].mint(akun.id, KNOWN_LIFE_S), KNOWN_LIFE_S, "/masuk"),
    )
    for name, value, life_s, path in cookies:
        response.set_cookie(
            name, value, max_age=life_s, path=path, httponly=True, samesite="Lax", secure=app[SECURE]
        )
    return response


async def _of_link(request: web.Request) -> Akun:
    found = await request.app[ACCOUNTS].of_link(request.match_info["token"], at=request.app[NOW]())
    if found is None:
        raise Refusal(404, "no_such_link")
    return found


def _known(request: web.Request, akun: Akun | None) -> str:
    """The id of a browser that has signed in to this account before, or empty."""
    if akun is None:
        return ""
    try:
        claims = request.app[BROWSER_TOKENS].read(request.cookies.get(KNOWN_COOKIE, ""))
    except BadToken:
        return ""
    return claims.jti if secrets.compare_digest(claims.grant_id, akun.id) else ""


def _lead(asked: str) -> str:
    """An address of the desk, wherever somebody would like to be led."""
    fine = asked.startswith(DESK) and asked.isascii() and asked.isprintable() and "\\" not in asked
    return asked if fine and len(asked) < 1000 else DESK


def _form(request: web.Request, name: str, lead: str, status: int = 200, wrong: str = "") -> web.Response:
    said = request.app[WORDS](wrong) if wrong else ""
    return request.app[PAGES].response("masuk.html", status=status, masuk=name, lanjut=lead, galat=said)


def _password_form(request: web.Request, akun: Akun, status: int, wrong: dict[str, str]) -> web.Response:
    said = {field: request.app[WORDS](sentence) for field, sentence in wrong.items()}
    return request.app[PAGES].response("sandi.html", status=status, akun=akun.spec, galat=said)


def device_of(user_agent: str) -> str:
    """``Chrome, Android``: enough to know one's own browsers by."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    found = [next((name for sign, name in known if sign in user_agent), "") for known in (browsers, systems)]
    return ", ".join(name for name in found if name)


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, WIB).strftime("%d-%m-%Y %H.%M")
