"""The page of the fairness report: ``/s/{grant}/keadilan``, and for the Panitia ``sesi/{room}/keadilan``."""

from datetime import datetime

from aiohttp import web

from rooms.fairness.report import Report
from server.api.keadilan import load, sees_reasons
from server.auth.guard import IDENTITY, room_of
from server.kept import SESSIONS
from server.keys import NOW, WORDS
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.pages.session_choices import told
from server.planning.export import WIB
from server.refusals import Refusal
from server.reports import words as w
from server.reports.fairness import Words, reason_word, tables


async def show(request: web.Request) -> web.Response:
    """What people read and print; live while the session runs, the same for ever after it."""
    found = await load(request)
    summary = await request.app[SESSIONS].get(room_of(request))
    if summary is None:
        raise Refusal(404, "not_found")
    words, now, base = request.app[WORDS], request.app[NOW](), base_of(request[IDENTITY])
    panitia = "room" in request.match_info
    return request.app[PAGES].response(
        "keadilan.html",
        boot=await boot(request),
        gladi=summary.gladi,
        kembali=f"{base}sesi/{room_of(request)}" if panitia else base,
        unduh=f"{base}sesi/{room_of(request)}" if panitia else f"{base}api",
        judul=found.title,
        dibuat=datetime.fromtimestamp(now // 1000, WIB).strftime("%d-%m-%Y %H.%M"),
        aturan=[(words(name), words(value)) for name, value in told(found.settings)],
        ringkas=found.measures,
        menunggu_ms=None if found.measures.waiting_since is None else now - found.measures.waiting_since,
        tangan=[(words(word), found.measures.states.get(code, 0)) for code, word in w.HANDS.items()],
        tabel=tables(found, words.gettext),
        panggilan=_overrides(found, words.gettext),
        beralasan=sees_reasons(request),
        selisih=found.worst,
        terlantar=found.starved,
        lama=length,
    )


def _overrides(found: Report, words: Words) -> list[dict[str, object]]:
    return [
        {
            "jam": datetime.fromtimestamp(call.called_at // 1000, WIB).strftime("%H.%M"),
            "dipanggil": call.label,
            "urutan": call.place or None,
            "disarankan": call.suggested_label,
            "sebab": reason_word(call.suggested.reason, call.suggested_label, words),
            "alasan": call.alasan,
        }
        for call in found.calls
        if call.override and call.suggested is not None
    ]


def length(ms: int) -> str:
    """Minutes and seconds, as the screens write them: ``3.05``, ``1.03.05``."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}.{minutes:02d}.{seconds:02d}" if hours else f"{minutes}.{seconds:02d}"
