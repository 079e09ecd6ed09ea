"""The Panitia's page "Papan kesiapan": who has tried camera, microphone, loudspeaker and line, who has not.

Of a session and its rehearsal what was tried last counts, and is said to be of the rehearsal.

Its reminders hold the offices' links, so it is the Panitia's alone.
"""

from collections import Counter
from dataclasses import dataclass

from aiohttp import web

from rooms.meeting.vocabulary import SeatKind, SeatSpec
from server.auth.guard import IDENTITY
from server.invitations.invited import Invitation
from server.invitations.messages import reminder, reminder_for_all
from server.invitations.readiness import State, aspects, state_of, why
from server.kept import READINESS
from server.keys import NOW, WORDS
from server.pages.dokumen import session_in
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.pages.undangan import invited_in
from server.papers import said
from server.store.kesiapan import Kesiapan

KINDS = (SeatKind.AULA, SeatKind.DIALOG, SeatKind.MENYIMAK, SeatKind.TAMU)
ALL = ""


@dataclass(frozen=True, slots=True)
class Row:
    kursi: str
    nama: str
    jenis: str
    """Of seat."""
    keadaan: State
    kapan: str
    gladi: bool
    """It was tried in a rehearsal."""
    perangkat: str
    hal: list[tuple[str, bool]]
    """Words of what was tried, and whether it is a trouble."""
    pesan: str
    """A reminder to copy; empty for who is ready."""


async def show(request: web.Request) -> web.Response:
    """``GET sesi/{room}/kesiapan?tampil=belum|bermasalah|siap``."""
    summary, spec = await session_in(request)
    words = request.app[WORDS]
    seen = await request.app[READINESS].of(summary.room_id)
    rehearsed = {} if summary.gladi else await request.app[READINESS].rehearsed(summary.tanggal)
    now = request.app[NOW]()
    event, those, _ = await invited_in(request)
    invitations = {one.kursi: one for one in those}

    def row(seat: SeatSpec) -> Row:
        own, before = seen.get(seat.seat_id), rehearsed.get(seat.seat_id)
        # What was tried last counts, be it in the rehearsal of the evening before.
        in_gladi = before is not None and (own is None or own.checked_at < before.checked_at)
        found, hall = before if in_gladi else own, seat.kind is SeatKind.AULA
        state, invitation = state_of(found, hall=hall), invitations.get(str(seat.seat_id))
        return Row(
            str(seat.seat_id),
            seat.label,
            seat.kind,
            state,
            said.lately(found.checked_at, now) if found else "",
            in_gladi,
            found.device if found else "",
            [(words(word), trouble) for word, trouble in aspects(found, hall=hall)] if found else [],
            _message(found, state, invitation),
        )

    def _message(found: Kesiapan | None, state: State, invitation: Invitation | None) -> str:
        return "" if state is State.SIAP or not invitation else reminder(event, invitation, why(found))

    order = sorted(spec.seats, key=lambda seat: (seat.kind is not SeatKind.AULA, seat.kode_wilayah))
    rows = [row(seat) for seat in order if seat.kind in KINDS]
    wanted = request.query.get("tampil", ALL)
    if wanted not in (ALL, *State):
        wanted = ALL
    missing = [one.nama for one in rows if one.pesan]
    return request.app[PAGES].response(
        "kesiapan.html",
        boot=await boot(request),
        sesi=summary,
        kembali=f"{base_of(request[IDENTITY])}sesi/{summary.room_id}",
        alamat=f"{base_of(request[IDENTITY])}sesi/{summary.room_id}/kesiapan",
        jumlah=Counter(one.keadaan for one in rows),
        semua=len(rows),
        tampil=wanted,
        baris=[one for one in rows if wanted in (ALL, one.keadaan)],
        pengingat=reminder_for_all(event, missing) if missing else "",
    )
