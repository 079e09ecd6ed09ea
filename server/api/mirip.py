"""Notes that may be the same: hints while somebody types, and links that people make."""

from aiohttp import web
from pydantic import Field

from server.access import Role
from server.api.notes_access import closed_ids, own_place, readable, require_in_room, shown
from server.auth.guard import IDENTITY
from server.kept import MIRIP, NOTEBOOK
from server.keys import NOW
from server.planning.catatan import Formulir, Id, Long, Short
from server.planning.shapes import Catatan, DaftarMirip, Kemungkinan


class Ketikan(Formulir):
    teks: Long = Field(description="what is typed: title or words; how it begins is what counts")
    kode_wilayah: Short = Field(default="", description="the desa that it is about")
    kecuali: Id | None = Field(default=None, description="id of the note that is being changed")


class Tautan(Formulir):
    lain: Id = Field(description="id of the other note")
    sama: bool = Field(default=True, description="false: they are not the same after all")


async def find(request: web.Request, query: Ketikan) -> DaftarMirip:
    """``GET mirip``: an office is told of its own place, a key of one session of that session."""
    identity = request[IDENTITY]
    likely = await request.app[MIRIP].like(
        query.teks,
        kode_wilayah=query.kode_wilayah,
        own=await own_place(request),
        besides=await closed_ids(request) | {query.kecuali or ""},
    )
    if identity.role is Role.APLIKASI and identity.room_id is not None:
        likely = [one for one in likely if one.note.room_id == identity.room_id]
    open_ = {note.id for note, closed in await readable(request, [one.note for one in likely]) if not closed}
    return DaftarMirip(
        items=[
            Kemungkinan(
                id=one.note.id,
                jenis=one.note.jenis,
                judul=one.note.judul,
                ucapan=one.note.ucapan,
                label=one.note.label,
                tahun_rencana=one.note.tahun_rencana,
                tahap=one.note.tahap,
                skor=round(one.skor),
            )
            for one in likely
            if one.note.id in open_
        ]
    )


async def link(request: web.Request, body: Tautan) -> Catatan:
    """``POST catatan/{id}/tautan``: linked or parted, neither is changed otherwise.

    A notulis links notes of its session with those of any; a key of one session only within that.
    """
    notebook, identity = request.app[NOTEBOOK], request[IDENTITY]
    require_in_room(request, await notebook.get(request.match_info["id"]))
    other = await notebook.get(body.lain)
    if identity.role is not Role.NOTULIS:
        require_in_room(request, other)
    linked = await request.app[MIRIP].link(
        request.match_info["id"], body.lain, by=identity.label, at=request.app[NOW](), linked=body.sama
    )
    return await shown(request, linked)
