"""Photos on notes: sent as they are by a browser, shown to those who may read the note's words."""

import asyncio
import re
from pathlib import Path
from typing import Annotated

from aiohttp import web
from pydantic import Field

from server.api.notes_access import answered, own_place, readable, shown, tell
from server.api.uploads import spooled, uploading
from server.attachments.checking import MOST_BYTES, OF_PHOTOS, Unfit, check
from server.auth.guard import IDENTITY
from server.kept import ALBUM, NOTEBOOK
from server.keys import NOW
from server.pages.deciders import require_visible
from server.planning.album import TooManyFiles
from server.planning.catatan import Formulir
from server.refusals import Refusal
from server.store.catatan import Catatan
from server.store.lampiran import FOTO, PHOTOS, Lampiran

_ID = re.compile(r"[0-9a-f-]{36}")
HEADERS = {"Cache-Control": "private, no-cache", "Content-Type": "image/jpeg"}
"""Asked for again each time, since the moment it was spoken at may have been sealed since."""


async def add(request: web.Request) -> web.Response:
    """``PUT api/catatan/{id}/foto/{foto}``: the photo's bytes; 201 with the note, also when sent again."""
    identity, own, foto_id = request[IDENTITY], await own_place(request), request.match_info["foto"]
    if not _ID.fullmatch(foto_id):
        raise Refusal(404, "not_found")
    album = request.app[ALBUM]
    with answered():
        note = await _note(request, request.match_info["id"], own)
        try:
            async with uploading(request):
                if await album.expects(note.id, foto_id, FOTO, own=own):
                    async with spooled(request, MOST_BYTES) as file:
                        photo = await check(file, "photo")
                    by, at = identity.label, request.app[NOW]()
                    await album.add(note.id, foto_id, FOTO, photo, own=own, by=by, at=at)
        except TooManyFiles as error:
            raise Refusal(409, "too_many", detail=f"photos of {note.id}") from error
        except Unfit as error:
            raise Refusal(422, "bad_fields", fields={"foto": OF_PHOTOS[error.code]}) from error
        return await _told(request, note.id, own, 201)


async def remove(request: web.Request) -> web.Response:
    """``DELETE api/catatan/{id}/foto/{foto}``: for good; 200 with the note, also when it was not there."""
    own = await own_place(request)
    with answered():
        note = await _note(request, request.match_info["id"], own)
        by, at = request[IDENTITY].label, request.app[NOW]()
        # Documents, and photos of what became of it, are removed where those do it who may.
        await request.app[ALBUM].remove(note.id, request.match_info["foto"], FOTO, own=own, by=by, at=at)
        return await _told(request, note.id, own, 200)


async def show(request: web.Request) -> web.StreamResponse:
    """``GET foto/{foto}.jpg``, ``?kecil=1`` for the small one; whose words are closed has none (R69)."""
    with answered():
        path = await _file(request, small="kecil" in request.query)
    return web.FileResponse(path, headers=HEADERS)


class Ukuran(Formulir):
    """How large a picture is wanted."""

    kecil: Annotated[bool, Field(description="the small one")] = False


async def data(request: web.Request, query: Ukuran) -> bytes:
    """``GET foto/{foto}`` of the API: the same for programs."""
    path = await _file(request, small=query.kecil)
    return await asyncio.to_thread(path.read_bytes)


async def _file(request: web.Request, *, small: bool) -> Path:
    """Raises Refusal and what ``answered`` answers."""
    found = await for_reader(request, request.match_info["foto"])
    if found.jenis not in PHOTOS:
        raise Refusal(404, "not_found", detail="a document")
    return request.app[ALBUM].files.path(found.kecil if small else found.berkas)


async def for_reader(request: web.Request, lampiran_id: str) -> Lampiran:
    """A file of a note, if it is for this reader. Raises Refusal and what ``answered`` answers."""
    found = await request.app[ALBUM].get(lampiran_id)
    note = await _note(request, found.catatan_id, await own_place(request))
    told = (await readable(request, [note]))[0][0]
    if found.id not in (*told.foto, *(one.id for one in told.lampiran)):
        raise Refusal(404, "not_found", detail=f"not this reader's, or the words of {note.id} are closed")
    return found


async def _note(request: web.Request, catatan_id: str, own: str | None) -> Catatan:
    note = await request.app[NOTEBOOK].get(catatan_id, own=own)
    await require_visible(request, note)
    return note


async def _told(request: web.Request, catatan_id: str, own: str | None, status: int) -> web.Response:
    note = await request.app[NOTEBOOK].get(catatan_id, own=own)
    await tell(request, note)
    answer = await shown(request, note)
    return web.Response(text=answer.model_dump_json(), status=status, content_type="application/json")
