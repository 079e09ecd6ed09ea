"""The Panitia's page "Ubah sesi": name, day, hours, telephone, agenda, more offices, also while it runs.

The meeting decides whether the agenda may become that (R100) and takes offices that were forgotten (R101);
what is only announced, and their links, are written with it, in one transaction. Other offices and links, the
order and the quorum's kind are not touched, and whoever speaks notices nothing.
"""

import logging
from typing import cast

from aiohttp import web

from rooms.ids import CommandId, RoomId, SeatId
from rooms.meeting.commands import AddSeats, AmendAgenda
from rooms.meeting.errors import Refused
from rooms.meeting.vocabulary import ItemKind, MeetingStatus
from server.access import Role
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import SESSIONS, SHEETS, WILAYAH
from server.keys import NEW_ID, NOW, WORDS
from server.pages.dokumen import session_in
from server.pages.posted import lists
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.pages.sesi import districts
from server.pages.session_form import Typed, check_change, editing, typed
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.store.engine import Connection
from server.store.grants import GrantSpec

log = logging.getLogger(__name__)

OTHERWISE = N_("Rapatnya baru saja berubah; muat ulang halaman ini lalu ulangi.")


async def form(request: web.Request) -> web.Response:
    """``GET sesi/{room}/ubah``."""
    _, spec = await session_in(request)
    hall = await request.app[HALLS].get(spec.room_id)
    agenda = list(hall.room.meeting.agenda.items.values())
    return await _form(request, editing(spec, agenda), 200)


async def change(request: web.Request) -> web.Response:
    """``POST sesi/{room}/ubah``: 303 to the session, or the form again with what is wrong (422), 409."""
    _, spec = await session_in(request)
    hall = await request.app[HALLS].get(spec.room_id)
    agenda = hall.room.meeting.agenda
    filled = typed(await lists(request))
    run = {span.item_id: agenda.items[span.item_id].kind for span in agenda.spans}
    labels = {desa.kode: desa.label for desa in await request.app[WILAYAH].desa()}
    seats = frozenset(agenda.seats)
    changed = check_change(filled, frozenset(agenda.items), run, request.app[NEW_ID], seats, labels)
    if changed is None:
        return await _form(request, filled, 422)

    async def announce(connection: object) -> None:
        await request.app[SESSIONS].change_in(
            cast(Connection, connection),
            spec.room_id,
            changed.agenda,
            title=changed.title,
            tanggal=changed.tanggal,
            jam_mulai=changed.jam_mulai,
            jam_selesai=changed.jam_selesai,
            telepon=changed.telepon,
        )

    async def seat(connection: object) -> None:
        links = [GrantSpec(Role.DESA, seat.label, spec.room_id, seat.seat_id) for seat in changed.seats]
        await request.app[SESSIONS].add_seats_in(
            cast(Connection, connection), spec.room_id, changed.seats, links, at=request.app[NOW]()
        )

    command_id = CommandId(f"ubah:{request.app[NEW_ID]()}")
    try:
        # The offices first: should they be refused, nothing has been changed.
        if changed.seats:
            add = AddSeats(changed.seats)
            await hall.submit(add, request[IDENTITY].actor, CommandId(f"{command_id}:kursi"), seat)
        amend = AmendAgenda(changed.title, changed.agenda)
        await hall.submit(amend, request[IDENTITY].actor, command_id, announce)
    except Refused as refused:
        if hall.room.meeting.agenda.status is MeetingStatus.DITUTUP:
            raise Refusal(409, "closed") from refused
        filled.galat["kursi" if refused.code == "duplicate_id" else "agenda"] = OTHERWISE
        return await _form(request, filled, 409)
    # Sheets that were printed before say the old hour.
    request.app[SHEETS].forget(spec.room_id)
    log.info("session changed room=%s by=%s", spec.room_id, request[IDENTITY].grant_id)
    raise web.HTTPSeeOther(f"{base_of(request[IDENTITY])}sesi/{spec.room_id}")


async def _form(request: web.Request, filled: Typed, status: int) -> web.Response:
    summary, _ = await session_in(request)
    hall = await request.app[HALLS].get(RoomId(summary.room_id))
    agenda, words = hall.room.meeting.agenda, request.app[WORDS]
    if agenda.status is MeetingStatus.DITUTUP:
        raise Refusal(409, "closed")
    return request.app[PAGES].response(
        "sesi_ubah.html",
        status=status,
        boot=await boot(request),
        sesi=summary,
        kembali=f"{base_of(request[IDENTITY])}sesi/{summary.room_id}",
        alamat=f"{base_of(request[IDENTITY])}sesi/{summary.room_id}/ubah",
        isian=filled,
        wilayah=[
            kecamatan | {"desa": rest}
            for kecamatan in districts(await request.app[WILAYAH].desa())
            if (rest := [desa for desa in kecamatan["desa"] if SeatId(desa["kode"]) not in agenda.seats])
        ],
        berjalan=agenda.status is not MeetingStatus.DISIAPKAN,
        sudah={str(span.item_id) for span in agenda.spans},
        jenis=[str(kind) for kind in ItemKind],
        galat={name: words(sentence) for name, sentence in filled.galat.items()},
    )
