"""Notes over HTTP: list, take, change, mention, confirm, export. The rules are in ``server.planning``."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from rooms.ids import CommandId, RoomId
from server.access import Role
from server.api.notes_access import answered, own_place, readable, require_in_room, shown, shown_all
from server.auth.guard import IDENTITY, room_of
from server.kept import NOTEBOOK
from server.keys import NOW, WORDS
from server.planning.catatan import (
    CatatanBaru,
    Keterangan,
    PenyebutanBaru,
    check_chair_takes,
    check_office_takes,
    parse,
)
from server.planning.export import to_csv, to_xlsx
from server.planning.notebook import REMARK
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.store.catatan import Catatan, Filter

FILTERS = ("kecamatan", "kode_wilayah", "jenis", "bidang", "q")
MOST_LISTED = 2000
MOST_OF_AN_OFFICE = 500
"""Notes under one seat of a session, whoever wrote them, beyond which the office itself adds none."""
MOST_REMARKS = 20
"""What a desa may say to be wrong with one note."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def find(request: web.Request) -> web.Response:
    """``GET api/catatan``: newest first, by the filters of the query."""
    page = await request.app[NOTEBOOK].list(await _filter(request, MOST_LISTED))
    items = await shown_all(request, page.items)
    if request.query.get("q", "").strip():
        # Who may not read the words does not find out by searching for them either.
        items = [item for item in items if not item["tertutup"]]
    total = page.total - len(page.items) + len(items)
    return web.json_response({"items": items, "total": total, "version": page.version})


async def one(request: web.Request) -> web.Response:
    """``GET api/catatan/{id}``: with its history."""
    return web.json_response(await shown(request, await _note(request)))


async def take(request: web.Request) -> web.Response:
    """``POST api/catatan``: 201 once record, history and journal event are committed together."""
    identity, room_id, own = request[IDENTITY], room_of(request), await own_place(request)
    body = await _body(request)
    if own is not None:
        instant = body.get("instant")
        moment = instant | {"seat_id": identity.seat_id} if isinstance(instant, dict) else instant
        body |= {"kode_wilayah": own if "." in own else "", "instant": moment}
    hall = await request.app[HALLS].get(room_id)
    with answered():
        if own is not None:
            check_office_takes(body)
        if identity.role is Role.PIMPINAN:
            check_chair_takes(body)
        new = parse(CatatanBaru, body)
        taking = await request.app[NOTEBOOK].take(
            room_id, new, by=identity.label, grant_id=identity.grant_id, at=request.app[NOW]()
        )
        if not isinstance(taking, Catatan):
            if own is not None:
                await _check_number(request, identity.seat_id)
            await hall.submit(taking.command, identity.actor, CommandId(str(new.id)), taking.enlist)
        note = await request.app[NOTEBOOK].taken(new)
    await _tell(request, note)
    return web.json_response(await shown(request, note), status=201)


async def change(request: web.Request) -> web.Response:
    """``PATCH api/catatan/{id}``: some fields of the ``version`` that the sender saw; 409 for another."""
    await _note(request)
    own, body = await own_place(request), await _body(request)
    with answered():
        note = await request.app[NOTEBOOK].change(
            request.match_info["id"], body, by=request[IDENTITY].label, at=request.app[NOW](), own=own
        )
    await _tell(request, note)
    return web.json_response(await shown(request, note))


async def mention(request: web.Request) -> web.Response:
    """``POST api/catatan/{id}/penyebutan``: 201."""
    await _note(request)
    body = await _body(request)
    with answered():
        note = await request.app[NOTEBOOK].mention(
            request.match_info["id"],
            room_of(request),
            parse(PenyebutanBaru, body),
            by=request[IDENTITY].label,
            at=request.app[NOW](),
        )
    await _tell(request, note)
    return web.json_response(await shown(request, note), status=201)


async def confirm(request: web.Request) -> web.Response:
    """``POST api/catatan/{id}/konfirmasi``: the desa stands by its usulan."""
    await _note(request)
    own = await own_place(request)
    assert own is not None, "only offices confirm; server.access"
    with answered():
        note = await request.app[NOTEBOOK].confirm(
            request.match_info["id"], own=own, by=request[IDENTITY].label, at=request.app[NOW]()
        )
    await _tell(request, note)
    return web.json_response(await shown(request, note))


async def remark(request: web.Request) -> web.Response:
    """``POST api/catatan/{id}/keliru``: the desa says what is wrong with a note about it: 201."""
    note, own, body = await _note(request), await own_place(request), await _body(request)
    assert own is not None, "only offices remark; server.access"
    with answered():
        isi = parse(Keterangan, body).isi
        if sum(change.field == REMARK for change in note.riwayat or ()) >= MOST_REMARKS:
            raise Refusal(409, "too_many", detail=f"remarks on {note.id}")
        note = await request.app[NOTEBOOK].remark(
            note.id, isi, own=own, by=request[IDENTITY].label, at=request.app[NOW]()
        )
    await _tell(request, note)
    return web.json_response(await shown(request, note), status=201)


async def export(request: web.Request) -> web.Response:
    """``GET api/catatan.csv`` and ``.xlsx``: the filtered list as a file."""
    kind = request.match_info["kind"]
    page = await request.app[NOTEBOOK].list(await _filter(request, None))
    searched = bool(request.query.get("q", "").strip())
    notes = [n for n, closed in await readable(request, page.items) if not (closed and searched)]
    if kind == "csv":
        body, content_type = to_csv(notes, request.app[WORDS].gettext), "text/csv"
    else:
        # Hundreds of rows of a workbook take long enough to be felt by a call.
        body = await asyncio.to_thread(to_xlsx, notes, request.app[WORDS].gettext)
        content_type = _XLSX
    disposition = f'attachment; filename="catatan-{room_of(request)}.{kind}"'
    return web.Response(body=body, content_type=content_type, headers={"Content-Disposition": disposition})


async def _filter(request: web.Request, limit: int | None) -> Filter:
    """Raises Refusal for a filter that does not exist."""
    given = {name: value.strip() for name, value in request.query.items()}
    if unknown := set(given) - set(FILTERS):
        raise Refusal(400, "bad_request", detail=f"filters {sorted(unknown)}")
    if any("\x00" in value or len(value) > 200 for value in given.values()):
        raise Refusal(400, "bad_request", detail="filter value")
    own = await own_place(request)
    if own is not None:
        given["kode_wilayah"] = own
    return Filter(
        room_id=room_of(request),
        kecamatan=given.get("kecamatan", ""),
        kode_wilayah=given.get("kode_wilayah", ""),
        jenis=given.get("jenis", ""),
        bidang=given.get("bidang", ""),
        q=given.get("q", ""),
        limit=limit,
    )


async def _note(request: web.Request) -> Catatan:
    """The note of the address, if this link may see it. Raises Refusal."""
    with answered():
        note = await request.app[NOTEBOOK].get(request.match_info["id"], own=await own_place(request))
    require_in_room(request, note)
    return note


async def _body(request: web.Request) -> dict[str, Any]:
    """Raises Refusal for what is no JSON object."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "bad_request", detail=type(error).__name__) from error
    if not isinstance(body, Mapping):
        raise Refusal(400, "bad_request", detail="not an object")
    return dict(body)


async def _check_number(request: web.Request, seat_id: str | None) -> None:
    """Raises Refusal for one more note than an office may have in a session."""
    if await request.app[NOTEBOOK].number_of(room_of(request), seat_id or "") >= MOST_OF_AN_OFFICE:
        raise Refusal(409, "too_many", detail=f"notes of {seat_id}")


async def _tell(request: web.Request, note: Catatan) -> None:
    """Everyone in the rooms that the note belongs to learns that notes changed."""
    for room_id in {note.room_id, *(mention.room_id for mention in note.penyebutan)}:
        hall = request.app[HALLS].open_now.get(RoomId(room_id))
        if hall is not None:
            hall.notes_changed(await request.app[NOTEBOOK].version(hall.room.room_id))
