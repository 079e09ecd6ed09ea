"""The fairness report of a session: the whole as JSON, its tables as CSV.

Told from the journal each time it is asked for. Under a link of the session, and under the Panitia's own
link for any session; the chair's reasons for an override go to consoles only (R87).
"""

import asyncio

from aiohttp import web

from rooms.fairness.report import Called, Report, Row, report
from rooms.journal import decisions
from server.access import CONSOLES
from server.auth.guard import IDENTITY, room_of
from server.kept import JOURNAL
from server.keys import NOW, WORDS
from server.planning.export import WIB
from server.refusals import Refusal
from server.reports.fairness import calls_csv, groups_csv


def sees_reasons(request: web.Request) -> bool:
    return request[IDENTITY].role in CONSOLES


async def load(request: web.Request) -> Report:
    """Raises Refusal for a session that is not there."""
    entries = await request.app[JOURNAL].read(room_of(request), 0)
    if not entries:
        raise Refusal(404, "not_found")
    # A long meeting takes long enough to fold to be felt by a call.
    return await asyncio.to_thread(report, decisions(entries), request.app[NOW]())


async def show(request: web.Request) -> web.Response:
    """``GET api/keadilan``."""
    found, internal = await load(request), sees_reasons(request)
    measures, settings = found.measures, found.settings
    return web.json_response(
        {
            "title": found.title,
            "order": {"urutan": settings.urutan, "penuaan": settings.penuaan, "beku": settings.beku},
            "total": _row(measures.total),
            "groups": {name: [_row(row) for row in rows.values()] for name, rows in measures.groups.items()},
            "states": measures.states,
            "waiting_since": measures.waiting_since,
            "suggested": measures.suggested,
            "overrides": measures.overrides,
            "calls": [_call(call, internal) for call in found.calls],
            "worst": found.worst,
            "starved": found.starved,
        }
    )


async def export(request: web.Request) -> web.Response:
    """``GET api/keadilan.csv``: every row of every group."""
    found = await load(request)
    return _file(request, "keadilan", groups_csv(found, request.app[WORDS].gettext))


async def export_calls(request: web.Request) -> web.Response:
    """``GET api/panggilan.csv``: every call with what was suggested."""
    found = await load(request)
    body = calls_csv(found, request.app[WORDS].gettext, WIB, internal=sees_reasons(request))
    return _file(request, "panggilan", body)


def _file(request: web.Request, name: str, body: bytes) -> web.Response:
    # The id of a session is the server's own: it has no character that would need quoting.
    disposition = f'attachment; filename="{name}-{room_of(request)}.csv"'
    return web.Response(body=body, content_type="text/csv", headers={"Content-Disposition": disposition})


def _row(row: Row) -> dict[str, object]:
    waits = row.waits
    return {
        "key": row.key,
        "label": row.label,
        "peserta": row.peserta,
        "hands": row.hands,
        "turns": row.turns,
        "spoken_ms": row.spoken_ms,
        "unserved": row.unserved,
        "waits": {
            "count": waits.count,
            "median_ms": waits.median_ms,
            "p90_ms": waits.p90_ms,
            "longest_ms": waits.longest_ms,
        },
    }


def _call(call: Called, internal: bool) -> dict[str, object]:
    shape: dict[str, object] = {
        "turn_id": call.turn_id,
        "called_at": call.called_at,
        "seat_id": call.seat_id,
        "label": call.label,
        "place": call.place or None,
        "reason": call.reason or None,
        "suggested": None,
        "override": call.override,
        "policy": call.policy,
    }
    if call.suggested is not None:
        shape["suggested"] = {
            "seat_id": call.suggested.seat_id,
            "label": call.suggested_label,
            "reason": call.suggested.reason,
        }
    return shape | {"alasan": call.alasan} if internal else shape
