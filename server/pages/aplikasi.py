"""The Panitia's page of keys for other applications: who reads or writes by ``/api/v1``, and until when.

The secret of a key is shown once, on the page that answers the form.
"""

import logging
from datetime import datetime

from aiohttp import web
from babel.dates import format_datetime
from pydantic import Field

from server.access import Scope
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import KEYS, SESSIONS
from server.keys import NOW, PUBLIC_URL, WORDS
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.pages.sesi import ZONE
from server.planning.catatan import Formulir, Short, parse
from server.planning.errors import FieldErrors
from server.refusals import Refusal
from server.store.kunci import Kunci, Minted

log = logging.getLogger(__name__)

DAY_MS = 24 * 3_600_000
DAYS = {"30": N_("30 hari"), "180": N_("6 bulan"), "365": N_("1 tahun"), "730": N_("2 tahun")}
BOLEH = {
    "baca": (N_("Membaca"), (Scope.BACA,)),
    "tulis": (N_("Membaca dan mencatat"), (Scope.BACA, Scope.TULIS)),
}


class Isian(Formulir):
    nama: Short = Field(min_length=1)
    boleh: str = "baca"
    hari: str = "365"
    sesi: Short = ""


async def show(request: web.Request) -> web.Response:
    """``GET aplikasi``."""
    return await _page(request)


async def make(request: web.Request) -> web.Response:
    """``POST aplikasi``: the page with the new secret, or with what is wrong (422)."""
    posted = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        filled = parse(Isian, posted)
    except FieldErrors as error:
        return await _page(request, typed=posted, wrong=error.fields, status=422)
    sessions = {str(summary.room_id): summary.room_id for summary in await request.app[SESSIONS].list()}
    if filled.boleh not in BOLEH or filled.hari not in DAYS or filled.sesi not in ("", *sessions):
        raise Refusal(400, "bad_request", detail="not of the form")
    now = request.app[NOW]()
    minted = await request.app[KEYS].mint(
        filled.nama,
        BOLEH[filled.boleh][1],
        sessions.get(filled.sesi),
        expires_at=now + int(filled.hari) * DAY_MS,
        by=request[IDENTITY].grant_id,
        at=now,
    )
    log.info("key made key=%s by=%s", minted.kunci.id, request[IDENTITY].grant_id)
    return await _page(request, minted=minted)


async def revoke(request: web.Request) -> web.Response:
    """``POST aplikasi/{other}/cabut``: 303 back to the page."""
    if not await request.app[KEYS].revoke(request.match_info["other"], at=request.app[NOW]()):
        raise Refusal(404, "not_found")
    log.info("key revoked key=%s by=%s", request.match_info["other"], request[IDENTITY].grant_id)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}aplikasi")


async def _page(
    request: web.Request,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
    minted: Minted | None = None,
    status: int = 200,
) -> web.Response:
    words = request.app[WORDS]
    titles = {str(summary.room_id): summary.title for summary in await request.app[SESSIONS].list()}
    return request.app[PAGES].response(
        "aplikasi.html",
        status=status,
        boot=await boot(request),
        base=base_of(request[IDENTITY]),
        alamat=f"{request.app[PUBLIC_URL]}/api/v1/",
        kunci=[_row(request, key, titles) for key in await request.app[KEYS].list()],
        baru=None if minted is None else {"nama": minted.kunci.label, "rahasia": minted.secret},
        sesi=list(titles.items()),
        boleh=[(value, words(word)) for value, (word, _) in BOLEH.items()],
        hari=[(value, words(word)) for value, word in DAYS.items()],
        isian={"nama": "", "boleh": "baca", "hari": "365", "sesi": ""} | (typed or {}),
        galat={name: words(sentence) for name, sentence in (wrong or {}).items()},
    )


def _row(request: web.Request, key: Kunci, titles: dict[str, str]) -> dict[str, object]:
    words = request.app[WORDS]
    return {
        "id": key.id,
        "nama": key.label,
        "boleh": words(BOLEH["tulis" if Scope.TULIS in key.scopes else "baca"][0]),
        "sesi": titles.get(key.room_id, "") if key.room_id else "",
        "sampai": _moment(key.expires_at, words.language),
        "dipakai": _moment(key.last_used_at, words.language),
        "berlaku": key.stands(request.app[NOW]()),
        "dicabut": key.revoked_at is not None,
    }


def _moment(ms: int | None, language: str) -> str:
    if ms is None:
        return ""
    return format_datetime(datetime.fromtimestamp(ms / 1000, ZONE), "d MMMM y HH.mm", locale=language)
