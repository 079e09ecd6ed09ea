"""Notes over HTTP: list, take, change, mention, confirm, export. The rules are in ``server.planning``.

Each handler but the export is an operation of ``/api/v1`` (``server.api.v1``), for links and for keys alike.
"""

import asyncio
from contextlib import suppress

from aiohttp import web

from rooms.ids import CommandId
from rooms.meeting.vocabulary import JenisCatatan
from server.access import Role
from server.api.notes_access import (
    own_place,
    searched,
    session_of,
    shown,
    shown_all,
    tell,
    told,
)
from server.api.operations import query_of
from server.auth.guard import IDENTITY, room_of
from server.kept import DAFTAR, MEJA, MUSRENBANGCAM, NOTEBOOK
from server.keys import NOW, WORDS
from server.pages.deciders import limited, pelaku_of, require_visible
from server.planning.catatan import (
    CatatanBaru,
    Formulir,
    Id,
    Keterangan,
    PenyebutanBaru,
    Ubahan,
    check_chair_takes,
    check_office_takes,
    parse,
)
from server.planning.errors import IdTaken, NotFound, NotYours, VersionConflict
from server.planning.export import to_csv, to_xlsx
from server.planning.keputusan import Siapa
from server.planning.putuskan import Putuskan
from server.planning.saring import Saring, cursor_text
from server.planning.shapes import Catatan as Shown
from server.planning.shapes import HalamanCatatan
from server.planning.tahapan import Pelaku, Peran, Tahap, Tindakan
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.store.catatan import REMARK, Catatan

MOST_OF_AN_OFFICE = 500
"""Notes under one seat of a session, whoever wrote them, beyond which the office itself adds none."""
MOST_MENTIONS = 50
"""Of one usulan, beyond which its office itself adds none."""
MOST_REMARKS = 20
"""What a desa may say to be wrong with one note."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DiSesi(Formulir):
    """Which session; a link or a key that belongs to one may leave it out."""

    sesi: Id | None = None


async def find(request: web.Request, query: Saring) -> HalamanCatatan:
    """``GET catatan``: newest first, by the filters of the query."""
    wanted = query.filter(session_of(request, query.sesi), await own_place(request))
    if request[IDENTITY].account is not None and "room" not in request.match_info:
        wanted = limited(await pelaku_of(request), wanted)
    page = await request.app[DAFTAR].part(await searched(request, wanted), query.batas)
    items = await shown_all(request, page.items)
    if query.q:  # what was sealed since
        items = [item for item in items if not item.tertutup]
    return HalamanCatatan(
        items=items,
        next=cursor_text(page.next),
        total=page.total,
        lebih=page.lebih,
        version=page.version,
    )


async def one(request: web.Request) -> Shown:
    """``GET catatan/{id}``: with its history."""
    return await shown(request, await _note(request))


async def take(request: web.Request, query: DiSesi, body: CatatanBaru) -> Shown:
    """``POST catatan``: 201 once record, history and journal event are committed together."""
    identity, own = request[IDENTITY], await own_place(request)
    room_id = session_of(request, query.sesi)
    if room_id is None:
        raise Refusal(409, "no_room")
    sent = body.model_dump(exclude_unset=True)
    if own is not None:
        check_office_takes(sent)
        sent |= {
            "kode_wilayah": own if "." in own else "",
            "instant": sent["instant"] | {"seat_id": identity.seat_id},
        }
        body = parse(CatatanBaru, sent)
    if identity.role is Role.PIMPINAN:
        check_chair_takes(sent)
    hall, notebook = await request.app[HALLS].get(room_id), request.app[NOTEBOOK]
    try:
        taking = await notebook.take(
            room_id, body, by=identity.label, grant_id=identity.grant_id, at=request.app[NOW]()
        )
        if not isinstance(taking, Catatan):
            if own is not None:
                await _check_number(request, identity.seat_id)
            await hall.submit(taking.command, identity.actor, CommandId(str(body.id)), taking.enlist)
            taking = await notebook.taken(body)
            await tell(request, taking)
    except IdTaken as error:
        raise await _conflict(request, str(body.id), body) from error
    return await shown(request, taking)


async def change(request: web.Request, body: Ubahan) -> Shown:  # type: ignore[valid-type]
    """``PATCH catatan/{id}``: some fields of the ``version`` that the sender saw; 409 for another."""
    note = await _note(request)
    sent = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
    if request[IDENTITY].role is Role.APLIKASI and not sent.get("kontak"):
        sent.pop("kontak", None)  # it was told none, so that it says none takes nothing away
    try:
        note = await request.app[NOTEBOOK].change(
            note.id, sent, by=request[IDENTITY].label, at=request.app[NOW](), own=await own_place(request)
        )
    except VersionConflict as error:
        raise await _conflict(request, note.id, body) from error
    await tell(request, note)
    return await shown(request, note)


async def mention(request: web.Request, query: DiSesi, body: PenyebutanBaru) -> Shown:
    """``POST catatan/{id}/penyebutan``: 201."""
    note = await _note(request)
    room_id = session_of(request, query.sesi)
    if room_id is None:
        raise Refusal(409, "no_room")
    if request[IDENTITY].role is Role.DESA:
        if any(mention.id == str(body.id) for mention in note.penyebutan):
            return await shown(request, note)
        body = _said_by_office(request, note, body)
    note = await request.app[NOTEBOOK].mention(
        note.id, room_id, body, by=request[IDENTITY].label, at=request.app[NOW]()
    )
    await tell(request, note)
    return await shown(request, note)


def _said_by_office(request: web.Request, note: Catatan, body: PenyebutanBaru) -> PenyebutanBaru:
    """An office says that its usulan is being spoken of by itself; it moves no mention. Raises Refusal."""
    if note.jenis != JenisCatatan.USULAN:
        raise Refusal(403, "forbidden", detail=f"an office links its usulan, no {note.jenis}")
    if len(note.penyebutan) >= MOST_MENTIONS:
        raise Refusal(409, "too_many", detail=f"mentions of {note.id}")
    return body.model_copy(update={"seat_id": request[IDENTITY].seat_id, "spoken": True})


async def confirm(request: web.Request) -> Shown:
    """``POST catatan/{id}/konfirmasi``: the desa stands by its usulan."""
    note, own, identity = await _note(request), await own_place(request), request[IDENTITY]
    assert own is not None, "only offices confirm; server.access"
    if note.tahap != Tahap.DRAF:  # again, as over a bad line, changes nothing
        note = await request.app[MEJA].decide(
            note.id,
            note.version,
            Putuskan(tindakan=Tindakan.KONFIRMASI),
            pelaku=Pelaku(Peran.DESA, own),
            siapa=Siapa(identity.label, "", identity.actor),
            at=request.app[NOW](),
        )
        await tell(request, note)
    return await shown(request, note)


async def prioritise(request: web.Request) -> Shown:
    """``POST catatan/{id}/prioritas``: the pleno tells the camat to take this usulan along."""
    note, identity = await _note(request), request[IDENTITY]
    note = await request.app[MUSRENBANGCAM].prioritise(
        note.id, siapa=Siapa(identity.label, "", identity.actor), at=request.app[NOW]()
    )
    await tell(request, note)
    return await shown(request, note)


async def remark(request: web.Request, body: Keterangan) -> Shown:
    """``POST catatan/{id}/keliru``: the desa says what is wrong with a note about it: 201."""
    note, own = await _note(request), await own_place(request)
    assert own is not None, "only offices remark; server.access"
    if sum(change.field == REMARK for change in note.riwayat or ()) >= MOST_REMARKS:
        raise Refusal(409, "too_many", detail=f"remarks on {note.id}")
    note = await request.app[NOTEBOOK].remark(
        note.id, body.isi, own=own, by=request[IDENTITY].label, at=request.app[NOW]()
    )
    await tell(request, note)
    return await shown(request, note)


async def examined(request: web.Request) -> Shown:
    """``POST catatan/{id}/diperiksa``: what its desa says is wrong has been looked at."""
    note = await _note(request)
    note = await request.app[NOTEBOOK].examined(note.id, by=request[IDENTITY].label, at=request.app[NOW]())
    await tell(request, note)
    return await shown(request, note)


async def export(request: web.Request) -> web.Response:
    """``GET api/catatan.csv`` and ``.xlsx``: the filtered list as a file."""
    kind = request.match_info["kind"]
    query = query_of(request, Saring)
    wanted = query.filter(room_of(request), await own_place(request))
    page = await request.app[NOTEBOOK].list(await searched(request, wanted))
    notes = [n for n, closed in await told(request, page.items) if not (closed and query.q)]
    if kind == "csv":
        body, content_type = to_csv(notes, request.app[WORDS].gettext), "text/csv"
    else:
        # Hundreds of rows of a workbook take long enough to be felt by a call.
        body = await asyncio.to_thread(to_xlsx, notes, request.app[WORDS].gettext)
        content_type = _XLSX
    disposition = f'attachment; filename="catatan-{room_of(request)}.{kind}"'
    return web.Response(body=body, content_type=content_type, headers={"Content-Disposition": disposition})


async def _note(request: web.Request) -> Catatan:
    """The note of the address, if this link may see it. Raises Refusal."""
    note = await request.app[NOTEBOOK].get(request.match_info["id"], own=await own_place(request))
    await require_visible(request, note)
    return note


async def _conflict(request: web.Request, catatan_id: str, sent: Formulir) -> Refusal:
    """Both versions, so that they can be merged; only the sent one where the other is not this reader's."""
    more: dict[str, object] = {"sent": sent.model_dump(mode="json", exclude_unset=True)}
    with suppress(NotFound, NotYours, Refusal):
        note = await request.app[NOTEBOOK].get(catatan_id, own=await own_place(request))
        await require_visible(request, note)
        more["stored"] = await shown(request, note)
    return Refusal(409, "conflict", more=more, detail=catatan_id)


async def _check_number(request: web.Request, seat_id: str | None) -> None:
    """Raises Refusal for one more note than an office may have in a session."""
    if await request.app[NOTEBOOK].number_of(room_of(request), seat_id or "") >= MOST_OF_AN_OFFICE:
        raise Refusal(409, "too_many", detail=f"notes of {seat_id}")
