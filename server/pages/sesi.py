"""The Panitia's pages: the sessions, the form "Buat sesi", a session's personal links.

Whoever holds a link is that role. The Panitia sees each of them for as long as it stands; a link can be
renewed, which ends the old one.
"""

import logging
from datetime import date, datetime, timedelta, timezone
from typing import Any

from aiohttp import web
from babel.dates import format_date, format_datetime

from rooms.ids import CommandId, RoomId, SeatId
from rooms.meeting.commands import ConfigureMeeting
from rooms.meeting.vocabulary import MeetingStatus, SeatKind, SeatSpec
from rooms.room import SYSTEM
from server.access import SHOWING, Role
from server.auth.guard import IDENTITY
from server.kept import GRANTS, SESSIONS, SHEETS, WILAYAH
from server.keys import NEW_ID, NOW, PLANE, PUBLIC_URL, WORDS
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.pages.session_choices import CHOICES, told
from server.pages.session_form import (
    JENIS_SESI,
    Typed,
    Wanted,
    begin_as,
    blank,
    check,
    copied,
    spec_of,
    typed,
)
from server.pages.session_templates import TEMPLATES
from server.refusals import Refusal
from server.signalling.client import Bye
from server.signalling.entrance import HALLS
from server.signalling.media import disconnect_link
from server.store.grants import Grant, GrantSpec, Minted
from server.store.sessions import SessionSpec, SessionSummary
from server.store.wilayah import Desa

log = logging.getLogger(__name__)

ZONE = timezone(timedelta(hours=7), "WIB")
"""Banyuwangi's clock."""
MOST_OLD = 6
"""Sessions that are offered for copying in the form; any other can be copied from its own page."""
GLADI_HOURS = 24
"""How long a link for ``rembug gladi`` opens."""
DESKS = (
    *(Role.PIMPINAN, Role.OPERATOR, Role.NOTULIS, Role.BANTUAN, Role.PENINJAU),
    *(Role.LAYAR, Role.SIARAN, Role.REPLAY),
)
"""Roles without a seat that every session gets one link for; the Panitia has its own."""
DESK_LABELS = {
    Role.PIMPINAN: "Layar Pimpinan",
    Role.OPERATOR: "Meja Operator",
    Role.NOTULIS: "Meja Notulis",
    Role.BANTUAN: "Petugas Bantuan",
    Role.PENINJAU: "Peninjau",
    Role.LAYAR: "Layar Aula",
    Role.SIARAN: "Layar siaran",
    Role.REPLAY: "Putar ulang",
}


async def find(request: web.Request) -> web.Response:
    """``GET sesi``: all sessions, newest first."""
    shown = []
    for summary in await request.app[SESSIONS].list():
        spec = await request.app[SESSIONS].spec(summary.room_id)
        kinds = [seat.kind for seat in spec.seats] if spec else []
        shown.append(
            _shown(request, summary)
            | {"dialog": kinds.count(SeatKind.DIALOG), "menyimak": kinds.count(SeatKind.MENYIMAK)}
        )
    return await _page(request, "sesi_daftar.html", sesi=shown)


async def form(request: web.Request) -> web.Response:
    """``GET sesi/baru``; ``?salin={room}`` fills it in as for that session, ``&gladi=ya`` to rehearse it."""
    other = request.query.get("salin")
    if other is None:
        return await _form(request, blank(today(request.app)), 200)
    spec = await request.app[SESSIONS].spec(RoomId(other))
    if spec is None:
        raise Refusal(404, "not_found")
    gladi = spec.gladi or request.query.get("gladi") == "ya"
    return await _form(request, copied(spec, today(request.app), gladi=gladi), 200, asal=spec.title)


async def create(request: web.Request) -> web.Response:
    """``POST sesi/baru``: 303 to the new session, or the form again with what is wrong (422).

    ``?templat={jenis}``: the form again with what this kind of session usually has; ``?periksa``: only what
    is wrong, as JSON ``{galat: {field: sentence}}``. Nothing is made then.
    """
    posted = await request.post()
    fields: dict[str, list[str]] = {}
    for name, value in posted.items():
        if not isinstance(value, str) or "\x00" in value:
            raise Refusal(400, "bad_request", detail="not text")
        fields.setdefault(name, []).append(value)
    filled = typed(fields)
    if (begin := request.query.get("templat")) is not None:
        if begin not in TEMPLATES:
            raise Refusal(404, "not_found")
        begin_as(filled, begin)
        return await _form(request, filled, 200, chosen=True)
    labels = {desa.kode: desa.label for desa in await request.app[WILAYAH].desa()}
    wanted = check(filled, labels, request.app[NEW_ID])
    if "periksa" in request.query:
        words = request.app[WORDS]
        return web.json_response({"galat": {name: words(text) for name, text in filled.galat.items()}})
    if wanted is None:
        return await _form(request, filled, 422)
    await make_session(request.app, wanted)
    log.info("session made room=%s by=%s", wanted.room_id, request[IDENTITY].grant_id)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}sesi/{wanted.room_id}")


async def make_session(app: web.Application, wanted: Wanted) -> list[Minted]:
    """Store a session with a link for each desk and each seat, and configure its room."""
    spec = spec_of(wanted)
    links = [
        GrantSpec(role, label, seat_id=SeatId(key) if kind else None)
        for key, role, label, kind in _places(spec)
    ]
    minted = await app[SESSIONS].create(spec, links, at=app[NOW]())
    hall = await app[HALLS].get(wanted.room_id)
    configure = ConfigureMeeting(wanted.title, wanted.seats, wanted.agenda, wanted.script, wanted.settings)
    await hall.submit(configure, SYSTEM, CommandId("configure:form"))
    return minted


async def one(request: web.Request) -> web.Response:
    """``GET sesi/{room}``: the session and its links."""
    room_id = RoomId(request.match_info["room"])
    summary, spec = await request.app[SESSIONS].get(room_id), await request.app[SESSIONS].spec(room_id)
    if summary is None or spec is None:
        raise Refusal(404, "not_found")
    hall = await request.app[HALLS].get(room_id)
    kinds = {seat.seat_id: seat.kind for seat in spec.seats}
    order: list[str] = [*DESKS, *(seat.seat_id for seat in _by_kind(spec))]
    grants = [g for g in await request.app[GRANTS].of_room(room_id) if g.made_by is None]
    secrets = await request.app[GRANTS].secrets_of(grants, at=request.app[NOW]())
    links = sorted(
        (g for g in grants if (g.seat_id or g.role) in order),
        key=lambda g: (order.index(g.seat_id or g.role), g.created_at),
    )
    settings, words = hall.room.meeting.agenda.settings, request.app[WORDS]
    shown = _shown(request, summary) | {
        "turn_limit_menit": settings.turn_limit_s // 60,
        "aturan": [(words(name), words(value)) for name, value in told(settings)],
        "jam": " – ".join(jam.replace(":", ".") for jam in (spec.jam_mulai, spec.jam_selesai) if jam),
        "telepon": spec.telepon,
        "agenda": [
            {"kind": item.kind, "title": item.title} for item in hall.room.meeting.agenda.items.values()
        ],
    }
    tautan: list[dict[str, object]] = [
        {
            "grant": grant.public_id,
            "kunci": grant.seat_id or grant.role,
            "role": grant.role,
            "label": grant.label,
            "kind": kinds[grant.seat_id] if grant.seat_id else "",
            "url": link_url(request, secrets.get(grant.public_id)),
            "dicabut": grant.revoked,
        }
        for grant in links
    ]
    standing = {g.seat_id or g.role for g in grants if not g.revoked}
    tautan += [
        {"grant": "", "kunci": key, "role": role, "label": label, "kind": kind, "url": None, "dicabut": False}
        for key, role, label, kind in _places(spec)
        if key not in standing
    ]
    tautan.sort(key=lambda one: order.index(str(one["kunci"])))
    gladi = [
        _rehearsal(request, grant, secrets.get(grant.public_id))
        for grant in reversed(grants)
        if grant.role == Role.GLADI
    ]
    return await _page(
        request, "sesi.html", sesi=shown, tautan=tautan, gladi=summary.gladi, tautan_gladi=gladi
    )


async def complete(request: web.Request) -> web.Response:
    """``POST sesi/{room}/tautan``: a link for the place ``untuk`` (role of a desk, id of a seat) without one.

    303 back to the session. Links that stand are not touched.
    """
    room_id = RoomId(request.match_info["room"])
    spec, wanted = await request.app[SESSIONS].spec(room_id), (await request.post()).get("untuk")
    place = next((one for one in _places(spec) if one[0] == wanted), None) if spec else None
    if place is None:
        raise Refusal(404, "not_found")
    key, role, label, kind = place
    minted = await request.app[GRANTS].mint_missing(
        GrantSpec(role, label, room_id, SeatId(key) if kind else None), at=request.app[NOW]()
    )
    if minted:
        request.app[SHEETS].forget(room_id)
        log.info("link made grant=%s by=%s", minted.grant.public_id, request[IDENTITY].grant_id)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}sesi/{room_id}")


def _places(spec: SessionSpec) -> list[tuple[str, Role, str, str]]:
    """What a session has links for: role of a desk or id of a seat, role, label, kind of the seat or ""."""
    return [
        *((role, role, DESK_LABELS[role], "") for role in DESKS),
        *(
            (seat.seat_id, Role.AULA if seat.kind is SeatKind.AULA else Role.DESA, seat.label, seat.kind)
            for seat in spec.seats
        ),
    ]


async def renew(request: web.Request) -> web.Response:
    """``POST sesi/{room}/tautan/{other}/baru``: a new secret for the same place; the old link ends."""
    old = await _link(request)
    grants = request.app[GRANTS]
    await grants.mint(old.spec, at=request.app[NOW]())
    await end_link(request, old)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}sesi/{old.room_id}")


async def revoke(request: web.Request) -> web.Response:
    """``POST sesi/{room}/tautan/{other}/cabut``: 303 back to the session."""
    link = await _link(request)
    await end_link(request, link)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}sesi/{link.room_id}")


async def rehearse(request: web.Request) -> web.Response:
    """``POST sesi/{room}/gladi``: a link for ``rembug gladi``, which ends by itself: 303 to the session."""
    room_id, now = RoomId(request.match_info["room"]), request.app[NOW]()
    summary = await request.app[SESSIONS].get(room_id)
    if summary is None:
        raise Refusal(404, "not_found")
    if not summary.gladi:
        raise Refusal(409, "not_gladi")
    spec = GrantSpec(Role.GLADI, "Gladi", room_id, expires_at=now + GLADI_HOURS * 3_600_000)
    await request.app[GRANTS].mint(spec, at=now)
    log.info("gladi link made room=%s by=%s", room_id, request[IDENTITY].grant_id)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}sesi/{room_id}#gladi")


def _rehearsal(request: web.Request, grant: Grant, secret: Minted | None) -> dict[str, object]:
    now, until = request.app[NOW](), datetime.fromtimestamp((grant.expires_at or 0) / 1000, ZONE)
    return {
        "grant": grant.public_id,
        "url": link_url(request, secret),
        "sampai": format_datetime(until, "d MMMM y HH.mm", locale=request.app[WORDS].language),
        "berakhir": grant.revoked or grant.expired(now),
    }


async def end_link(request: web.Request, link: Grant) -> None:
    """Revoke, close its sockets, cut its calls."""
    await request.app[GRANTS].revoke(link.public_id, at=request.app[NOW]())
    if link.room_id is not None:
        request.app[SHEETS].forget(link.room_id)
        made = [g for g in await request.app[GRANTS].of_room(link.room_id) if g.made_by == link.public_id]
        for grant in (link, *made):
            request.app[HALLS].let_go(grant.public_id, Bye(4403, ""))
            await disconnect_link(request.app[PLANE], link.room_id, grant.public_id)
    log.info("link revoked grant=%s by=%s", link.public_id, request[IDENTITY].grant_id)


async def _link(request: web.Request) -> Grant:
    grant = await request.app[GRANTS].get(request.match_info["other"])
    if grant is None or grant.room_id is None or grant.room_id != request.match_info["room"]:
        raise Refusal(404, "not_found")
    return grant


def link_url(request: web.Request, secret: Minted | None) -> str | None:
    if secret is None:
        return None
    way = "layar" if secret.grant.role in SHOWING else "m"
    return f"{request.app[PUBLIC_URL]}/{way}/{secret.token}"


async def _form(
    request: web.Request, filled: Typed, status: int, *, asal: str = "", chosen: bool = False
) -> web.Response:
    """``asal``: the title of the session that it was filled in from; ``chosen``: its kind was chosen."""
    words = request.app[WORDS]
    return await _page(
        request,
        "sesi_baru.html",
        status=status,
        wilayah=districts(await request.app[WILAYAH].desa()),
        jenis_sesi=[(value, words(name)) for value, name in JENIS_SESI.items()],
        templat=[(jenis, words(one.nama), words(one.baris)) for jenis, one in TEMPLATES.items()],
        lama=[_shown(request, one) for one in await request.app[SESSIONS].list() if not one.gladi][:MOST_OLD],
        pilihan={
            name: [(value, words(choice.word), words(choice.line)) for value, choice in choices.items()]
            for name, choices in CHOICES.items()
        },
        isian=filled,
        asal=asal,
        langkah=2 if asal or chosen or filled.title else 1,
        galat={name: words(sentence) for name, sentence in filled.galat.items()},
    )


async def _page(request: web.Request, template: str, *, status: int = 200, **values: object) -> web.Response:
    base = base_of(request[IDENTITY])
    return request.app[PAGES].response(template, status=status, boot=await boot(request), base=base, **values)


def _shown(request: web.Request, summary: SessionSummary) -> dict[str, object]:
    hall = request.app[HALLS].open_now.get(summary.room_id)
    status: MeetingStatus = summary.status if hall is None else hall.room.meeting.agenda.status
    words = request.app[WORDS]
    return {
        "room_id": summary.room_id,
        "title": summary.title,
        "tanggal": format_date(summary.tanggal, "d MMMM y", locale=words.language),
        "jenis_sesi": words(JENIS_SESI.get(summary.jenis_sesi, summary.jenis_sesi)),
        "tahun_rencana": summary.tahun_rencana,
        "status": status,
        "gladi": summary.gladi,
    }


def districts(desa: list[Desa]) -> list[dict[str, Any]]:
    """Every desa under its kecamatan, in code order."""
    found: dict[str, dict[str, Any]] = {}
    places: dict[str, list[dict[str, str]]] = {}
    for d in desa:
        kode = d.kecamatan.kode
        places.setdefault(kode, []).append({"kode": d.kode, "nama": d.nama, "jenis": d.jenis})
        found[kode] = {"kode": kode, "nama": d.kecamatan.nama, "desa": places[kode]}
    return list(found.values())


def _by_kind(spec: SessionSpec) -> list[SeatSpec]:
    """The hall, then those in dialogue, those who listen, guests; each in the session's order."""
    order = [SeatKind.AULA, SeatKind.DIALOG, SeatKind.MENYIMAK, SeatKind.TAMU]
    return sorted(spec.seats, key=lambda seat: order.index(seat.kind))


def today(app: web.Application) -> date:
    return datetime.fromtimestamp(app[NOW]() / 1000, ZONE).date()
