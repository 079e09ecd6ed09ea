"""Files that are added to an usulan on its page, and removed there.

Surat pengantar and RAB by the Panitia and, while it may change what it asks for, by its office; photos of
what became of it by who records that.
"""

import re

from aiohttp import web

from server.api.notes_access import answered, own_place, tell
from server.api.uploads import spooled, uploading
from server.attachments.checking import MOST_BYTES, OF_PHOTOS, REASONS, Unfit, check
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import ALBUM, MEJA, NOTEBOOK
from server.keys import NOW
from server.pages.deciders import pelaku_of, require_own, siapa_of
from server.pages.usulan_satu import may_attach, page
from server.planning.album import TooManyFiles
from server.refusals import Refusal
from server.store.catatan import Catatan
from server.store.lampiran import FOTO, FOTO_REALISASI

_ID = re.compile(r"[0-9a-f-]{36}")
FULL = N_("Berkasnya sudah ada. Hapus yang lama dulu bila hendak menggantinya.")


async def add(request: web.Request) -> web.Response:
    """``POST usulan/{id}/lampiran/{jenis}/{lampiran}``: ``berkas`` of a form; 303, or the page: 422, 409."""
    jenis, lampiran_id = request.match_info["jenis"], request.match_info["lampiran"]
    if not _ID.fullmatch(lampiran_id):
        raise Refusal(404, "not_found")
    note, own, album = await _note(request, jenis), await own_place(request), request.app[ALBUM]
    photo = jenis == FOTO_REALISASI
    try:
        with answered():
            async with uploading(request):
                if await album.expects(note.id, lampiran_id, jenis, own=own):
                    async with spooled(request, MOST_BYTES, "berkas") as file:
                        checked = await check(file, "photo" if photo else "scan")
                    await _note(request, jenis)  # sending took a while: it may have been decided meanwhile
                    by, at = siapa_of(request).words, request.app[NOW]()
                    await album.add(note.id, lampiran_id, jenis, checked, own=own, by=by, at=at)
    except TooManyFiles:
        return await page(request, 409, wrong={jenis: FULL})
    except Unfit as error:
        return await page(request, 422, wrong={jenis: (OF_PHOTOS if photo else REASONS)[error.code]})
    return await _back(request, note, "tersimpan")


async def remove(request: web.Request) -> web.Response:
    """``POST usulan/{id}/lampiran/{lampiran}/hapus``: for good; 303."""
    with answered():
        found = await request.app[ALBUM].get(request.match_info["lampiran"])
    if found.jenis == FOTO or found.catatan_id != request.match_info["id"]:
        raise Refusal(404, "not_found")
    note, own = await _note(request, found.jenis), await own_place(request)
    with answered():
        by, at = siapa_of(request).words, request.app[NOW]()
        await request.app[ALBUM].remove(note.id, found.id, found.jenis, own=own, by=by, at=at)
    return await _back(request, note, "dihapus")


async def _note(request: web.Request, jenis: str) -> Catatan:
    """The usulan, if files of this kind are this one's to add. Raises Refusal."""
    pelaku = await pelaku_of(request)
    with answered():
        view = await request.app[MEJA].view(request.match_info["id"], pelaku, at=request.app[NOW]())
    require_own(pelaku, view.note)
    if not may_attach(request[IDENTITY].role, view, jenis):
        raise Refusal(403, "forbidden", detail=f"{jenis} of {view.note.id}")
    return view.note


async def _back(request: web.Request, note: Catatan, what: str) -> web.Response:
    with answered():
        await tell(request, await request.app[NOTEBOOK].get(note.id))
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}usulan/{note.id}?berkas={what}#berkas")
