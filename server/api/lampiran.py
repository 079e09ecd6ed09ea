"""Documents of usulan (surat pengantar, RAB): handed out as files, never shown in a page."""

import asyncio

from aiohttp import web

from server.api.foto import for_reader
from server.api.notes_access import answered
from server.kept import ALBUM
from server.refusals import Refusal
from server.store.lampiran import PHOTOS, Lampiran

OCTETS = "application/octet-stream"


async def show(request: web.Request) -> web.StreamResponse:
    """``GET lampiran/{lampiran}``: asked for again each time, since the words may have been sealed since."""
    with answered():
        found = await _document(request)
    name = f"{found.jenis.replace('_', '-')}-{found.catatan_id[:8]}.{found.tipe}"
    headers = {
        "Cache-Control": "private, no-cache",
        "Content-Type": OCTETS,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return web.FileResponse(request.app[ALBUM].files.path(found.berkas), headers=headers)


async def data(request: web.Request) -> bytes:
    """``GET lampiran/{lampiran}`` of the API: the same for programs."""
    found = await _document(request)
    return await asyncio.to_thread(request.app[ALBUM].files.path(found.berkas).read_bytes)


async def _document(request: web.Request) -> Lampiran:
    """Raises Refusal and what ``answered`` answers."""
    found = await for_reader(request, request.match_info["lampiran"])
    if found.jenis in PHOTOS:
        raise Refusal(404, "not_found", detail="a photo")
    return found
