"""The page "Sidang desa", its service worker, which opens it again offline, and the Panitia's look at all."""

from typing import Any

from aiohttp import web

from rooms.meeting.vocabulary import SeatKind, SeatSpec
from server.api.sidang import seat_of
from server.api.sidang import take_over as taken_over
from server.auth.guard import IDENTITY, room_of
from server.kept import SESSIONS, SIDANG
from server.keys import WORDS
from server.pages.render import PAGES
from server.pages.screens import boot
from server.planning.sidang_forms import CONTENT
from server.refusals import Refusal
from server.static import sent

OFFICES = (SeatKind.DIALOG, SeatKind.MENYIMAK)


async def show(request: web.Request) -> web.Response:
    """``sidang/``. Raises Refusal for a seat of no desa or kelurahan."""
    _, seat = await seat_of(request)
    # What is kept on the device has no credentials in it.
    shell = await boot(request) | {"ice_servers": []}
    kode = seat.kode_wilayah
    return request.app[PAGES].response("sidang.html", boot=shell, kode=kode, kelurahan=kode[9:10] == "1")


async def worker(request: web.Request) -> web.Response:
    """``sidang/luring.js``: its own address is what it may answer for."""
    return sent(request, "js/sidang/luring.js", "no-cache")


async def of_session(request: web.Request) -> web.Response:
    """``GET sesi/{room}/sidang``: how far each office is, and a form that brings their lists."""
    return await _overview(request, 200)


async def take_over(request: web.Request) -> web.Response:
    """``POST sesi/{room}/sidang``: lists of the session's offices, as ``berkas`` of a form."""
    berkas = (await request.post()).get("berkas")
    body = berkas.file.read() if isinstance(berkas, web.FileField) else b""
    offices = {seat.kode_wilayah: seat.seat_id for seat in await _offices(request)}
    try:
        taken = await taken_over(request, body, offices)
    except Refusal as refusal:
        said = request.app[WORDS](refusal.message)
        return await _overview(request, refusal.status, galat=said, salah=refusal.more.get("salah", []))
    return await _overview(request, 200, diambil=taken)


async def _overview(request: web.Request, status: int, **more: Any) -> web.Response:
    room_id = room_of(request)
    summary = await request.app[SESSIONS].get(room_id)
    if summary is None:
        raise Refusal(404, "not_found")
    known = await request.app[SIDANG].of_session(room_id)
    kantor = [
        {"label": seat.label, "kode": seat.kode_wilayah, "ringkas": known.get(seat.seat_id)}
        for seat in await _offices(request)
    ]
    values = {"galat": "", "salah": [], "diambil": None} | more
    return request.app[PAGES].response(
        "sidang_sesi.html",
        status=status,
        boot=await boot(request),
        base=request[IDENTITY].base,
        sesi={"room_id": room_id, "title": summary.title},
        kantor=kantor,
        kolom=CONTENT,
        **values,
    )


async def _offices(request: web.Request) -> list[SeatSpec]:
    """Of desa and kelurahan. Raises Refusal."""
    spec = await request.app[SESSIONS].spec(room_of(request))
    if spec is None:
        raise Refusal(404, "not_found")
    return [seat for seat in spec.seats if seat.kode_wilayah and seat.kind in OFFICES]
