"""The Panitia's page "Undangan": sheets to print, messages to paste, the calendar entry of a session.

Whoever holds a sheet or a message for an office is that office, so all of this is the Panitia's alone.
"""

from itertools import groupby

from aiohttp import web

from rooms.ids import RoomId
from server.auth.guard import IDENTITY
from server.invitations.calendar import ics
from server.invitations.invited import Event, Invitation, event_of, invitations, of_hall
from server.invitations.messages import for_all, for_office
from server.invitations.sheets import Batch
from server.kept import GRANTS, SHEETS
from server.keys import NOW, PUBLIC_URL
from server.pages.dokumen import session_in
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.papers.press import PaperFailed
from server.plain import file_part
from server.refusals import Refusal


async def show(request: web.Request) -> web.Response:
    """``GET sesi/{room}/undangan``."""
    summary, _ = await session_in(request)
    event, those, hall = await invited_in(request)
    batch = request.app[SHEETS].of(summary.room_id)
    return request.app[PAGES].response(
        "undangan.html",
        boot=await boot(request),
        sesi=summary,
        acara=event,
        kembali=f"{base_of(request[IDENTITY])}sesi/{summary.room_id}",
        alamat=_address(request),
        semua=for_all(event),
        kecamatan=[
            (name, [(one, for_office(event, one) if one.tautan else "") for one in offices])
            for name, offices in groupby(those, key=lambda one: one.kecamatan)
        ],
        aula=hall,
        jumlah=len(those),
        tertutup=sum(not one.tautan for one in those),
        kemajuan=_progress(batch),
        siap=batch is not None and bool(batch.pdf),
    )


async def make(request: web.Request) -> web.Response:
    """``POST sesi/{room}/undangan/lembar``: a sheet for the hall and every office; 303 to the page."""
    summary, _ = await session_in(request)
    event, those, hall = await invited_in(request)
    open_ones = [one for one in (hall, *those) if one and one.tautan]
    if not open_ones:
        raise Refusal(409, "no_links")
    request.app[SHEETS].begin(summary.room_id, event, open_ones)
    raise web.HTTPSeeOther(_address(request))


async def progress(request: web.Request) -> web.Response:
    """``GET sesi/{room}/undangan/kemajuan``: how far that is, as JSON."""
    summary, _ = await session_in(request)
    return web.json_response(_progress(request.app[SHEETS].of(summary.room_id)))


async def pdf(request: web.Request) -> web.Response:
    """``GET sesi/{room}/undangan/lembar.pdf``: all sheets, once they are made."""
    summary, spec = await session_in(request)
    batch = request.app[SHEETS].of(summary.room_id)
    if batch is None or not batch.pdf:
        raise Refusal(404, "not_found")
    return _file(batch.pdf, "application/pdf", f"undangan-{file_part(spec.title)}.pdf")


async def one(request: web.Request) -> web.Response:
    """``GET sesi/{room}/undangan/{kursi}.pdf``: the sheet of one office, or of the hall."""
    await session_in(request)
    event, those, hall = await invited_in(request)
    invitation = next(
        (i for i in (hall, *those) if i and i.kursi == request.match_info["kursi"] and i.tautan), None
    )
    if invitation is None:
        raise Refusal(404, "not_found")
    try:
        sheet = await request.app[SHEETS].one(event, invitation)
    except PaperFailed as error:
        raise Refusal(500, "unavailable", detail=str(error)) from error
    return _file(sheet, "application/pdf", f"undangan-{file_part(invitation.nama)}-{invitation.kursi}.pdf")


async def calendar(request: web.Request) -> web.Response:
    """``GET sesi/{room}/undangan/acara.ics``."""
    summary, spec = await session_in(request)
    event = event_of(spec, request.app[PUBLIC_URL])
    entry = ics(event, summary.room_id, request.app[NOW]())
    return _file(entry, "text/calendar", f"{file_part(spec.title)}.ics", charset="utf-8")


async def invited_in(request: web.Request) -> tuple[Event, list[Invitation], Invitation | None]:
    """The session as it is announced, the offices, the hall."""
    _, spec = await session_in(request)
    grants = await request.app[GRANTS].of_room(RoomId(spec.room_id))
    secrets = await request.app[GRANTS].secrets_of(grants, at=request.app[NOW]())
    url = request.app[PUBLIC_URL]
    told = (spec, grants, secrets, url)
    return event_of(spec, url), invitations(*told), of_hall(*told)


def _progress(batch: Batch | None) -> dict[str, object]:
    return {
        "berjalan": batch is not None and batch.berjalan,
        "semua": batch.semua if batch else 0,
        "jadi": batch.jadi if batch else 0,
        "gagal": (batch.semua - batch.jadi) if batch and batch.gagal else 0,
    }


def _address(request: web.Request) -> str:
    return f"{base_of(request[IDENTITY])}sesi/{request.match_info['room']}/undangan"


def _file(body: bytes, content_type: str, name: str, *, charset: str | None = None) -> web.Response:
    disposition = f'attachment; filename="{name}"'
    return web.Response(
        body=body,
        content_type=content_type,
        charset=charset,
        headers={"Content-Disposition": disposition},
    )
