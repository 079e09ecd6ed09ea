"""What the hall's projector shows beside the stage: the usulan that was noted last."""

from aiohttp import web

from rooms.meeting.vocabulary import JenisCatatan
from server.api.notes_access import readable
from server.auth.guard import room_of
from server.kept import NOTEBOOK
from server.store.catatan import Filter

LOOKED_AT = 10
"""Newest notes among which there is one that may be read; older ones are news to nobody."""


async def newest(request: web.Request) -> web.Response:
    """``GET api/layar/usulan``: ``{"usulan": {"judul", "label"} | null}``,
    no words of a sealed interval (R69)."""
    wanted = Filter(room_id=room_of(request), spoken=True, jenis=JenisCatatan.USULAN, limit=LOOKED_AT)
    notes = (await request.app[NOTEBOOK].list(wanted)).items
    open_ones = [note for note, closed in await readable(request, notes) if not closed]
    shown = next((note for note in open_ones if note.putusan != "dibatalkan"), None)
    return web.json_response(
        {"usulan": None if shown is None else {"judul": shown.judul or shown.ucapan, "label": shown.label}}
    )
