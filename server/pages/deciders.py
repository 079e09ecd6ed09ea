"""Who is asking, as the decision chain knows them, and which usulan are theirs to see."""

from dataclasses import replace

from aiohttp import web

from server.access import Role
from server.api.notes_access import NO_PLACE, as_account, own_place, require_in_room
from server.auth.guard import IDENTITY
from server.planning.keputusan import Siapa
from server.planning.tahapan import Pelaku, Peran, concerns
from server.refusals import Refusal
from server.store.catatan import Catatan, Filter


async def pelaku_of(request: web.Request) -> Pelaku:
    """Raises Refusal for a role that decides nothing."""
    identity = request[IDENTITY]
    if (account := as_account(identity)) is not None:
        return account
    if identity.role is Role.DESA:
        return Pelaku(Peran.DESA, await own_place(request) or NO_PLACE)
    if identity.role is Role.PANITIA:
        return Pelaku(Peran.PANITIA)
    raise Refusal(403, "forbidden")


def siapa_of(request: web.Request) -> Siapa:
    identity = request[IDENTITY]
    jabatan = identity.account.jabatan if identity.account else ""
    return Siapa(identity.label, jabatan, identity.actor)


def limited(pelaku: Pelaku, wanted: Filter) -> Filter:
    """The list no further than what is theirs, whatever was asked for."""
    if pelaku.peran is Peran.OPD:
        return replace(wanted, opd=pelaku.opd)
    if pelaku.peran is Peran.DESA:
        return replace(wanted, kode_wilayah=pelaku.wilayah, jenis="usulan")
    return replace(wanted, kecamatan=pelaku.wilayah) if pelaku.wilayah else wanted


async def require_visible(request: web.Request, note: Catatan) -> None:
    """Raises Refusal for a note that this link or account does not see; a replay tells its session's."""
    identity, room_id = request[IDENTITY], request.match_info.get("room")
    if room_id is not None:
        if room_id not in {note.room_id, *(mention.room_id for mention in note.penyebutan)}:
            raise Refusal(404, "not_found", detail="a note of another session")
    elif identity.account is not None and identity.role is not Role.PANITIA:
        require_own(await pelaku_of(request), note)
    else:
        require_in_room(request, note)


def require_own(pelaku: Pelaku, note: Catatan) -> None:
    """Raises Refusal for what is another kecamatan's, desa's or OPD's."""
    theirs = pelaku.peran is Peran.DESA and note.jenis != "usulan"
    if theirs or not concerns(pelaku, note.kode_wilayah, note.opd_tujuan):
        raise Refusal(403, "not_your_place", detail=note.id)
