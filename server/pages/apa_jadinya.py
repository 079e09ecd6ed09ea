""" "Apa jadinya": every direction and complaint, who sees to it and until when; the longest overdue first.

Internal: the Panitia and Bappeda keep it, a camat reads what concerns the kecamatan. Each can be heard.
"""

from collections.abc import Mapping
from datetime import date

from aiohttp import web
from babel.dates import format_date

from server.access import ROUTES
from server.api.notes_access import answered, readable, tell
from server.auth.guard import IDENTITY
from server.kept import DAFTAR, NOTEBOOK
from server.keys import NOW, WORDS
from server.pages import usulan_words as w
from server.pages.deciders import pelaku_of, siapa_of
from server.pages.posted import texts
from server.pages.render import PAGES
from server.pages.screens import boot
from server.pages.sesi import today
from server.pages.usulan import row
from server.planning.errors import FieldErrors, VersionConflict
from server.planning.putuskan import CHANGED
from server.planning.saring import due_text, read_due
from server.planning.tahapan import TindakLanjut
from server.refusals import Refusal
from server.store.catatan import Catatan

FIELDS = ("penanggung_jawab", "tenggat", "status_tindak_lanjut")


async def show(request: web.Request) -> web.Response:
    """``GET apa-jadinya``: ``selesai`` shows what is done, ``dari`` begins after a page."""
    return await _page(request, 200)


async def change(request: web.Request) -> web.Response:
    """``POST apa-jadinya/{id}``: 303, or the list again: 422 at the field, 409."""
    typed, catatan_id = await texts(request), request.match_info["id"]
    version = typed.get("version", "")
    body: dict[str, object] = {name: typed.get(name, "").strip() for name in FIELDS}
    body["tenggat"] = body["tenggat"] or None
    body["version"] = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    with answered():
        note = await request.app[NOTEBOOK].get(catatan_id)
    if not note.status_tindak_lanjut:
        raise Refusal(409, "wrong_stage", detail=f"{note.jenis} {catatan_id}")
    try:
        note = await request.app[NOTEBOOK].change(
            catatan_id, body, by=siapa_of(request).words, at=request.app[NOW]()
        )
    except FieldErrors as error:
        return await _page(request, 422, wrong={catatan_id: error.fields}, typed=typed)
    except VersionConflict:
        return await _page(request, 409, wrong={catatan_id: {"": CHANGED}}, typed=typed)
    await tell(request, note)
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}apa-jadinya#u-{catatan_id}")


async def _page(
    request: web.Request,
    status: int,
    *,
    wrong: Mapping[str, Mapping[str, str]] | None = None,
    typed: Mapping[str, str] | None = None,
) -> web.Response:
    pelaku, words = await pelaku_of(request), request.app[WORDS]
    begins, done = request.query.get("dari", ""), "selesai" in request.query
    try:
        after = read_due(begins) if begins else None
    except ValueError as error:
        raise Refusal(400, "bad_request", detail="dari") from error
    notes, further = await request.app[DAFTAR].promised(pelaku.wilayah, done=done, after=after)
    told = [note for note, _ in await readable(request, notes)]
    return request.app[PAGES].response(
        "apa_jadinya.html",
        status=status,
        boot=await boot(request),
        base=request[IDENTITY].base,
        selesai=done,
        boleh=request[IDENTITY].role in ROUTES["apa_jadinya_change"],
        status_kata=[(str(one), words(name)) for one, name in w.TINDAK_LANJUT.items()],
        janji=[
            _promise(request, note, (wrong or {}).get(note.id, {}), (typed or {}) if wrong else {})
            for note in told
        ],
        lanjut=due_text(further) or "",
    )


def _promise(
    request: web.Request, note: Catatan, wrong: Mapping[str, str], typed: Mapping[str, str]
) -> dict[str, object]:
    words, base = request.app[WORDS], request[IDENTITY].base
    spoken = next((m.room_id for m in note.penyebutan if m.spoken), None)
    kept = {
        "penanggung_jawab": note.penanggung_jawab,
        "tenggat": "" if note.tenggat is None else note.tenggat.isoformat(),
        "status_tindak_lanjut": note.status_tindak_lanjut,
    }
    return row(note, words) | {
        "tenggat": "" if note.tenggat is None else _day(note.tenggat, words.language),
        "terlambat": _overdue(note, today(request.app)),
        "penanggung_jawab": note.penanggung_jawab,
        "status": words(w.TINDAK_LANJUT[note.status_tindak_lanjut]),
        "putar": f"{base}sesi/{spoken}/replay#{note.id}" if spoken else "",
        "version": note.version,
        "isian": {name: typed.get(name, kept[name]) for name in kept} if wrong else kept,
        "galat": {name: words(sentence) for name, sentence in wrong.items()},
    }


def _overdue(note: Catatan, today: date) -> bool:
    return (
        note.tenggat is not None
        and note.tenggat < today
        and note.status_tindak_lanjut != TindakLanjut.SELESAI
    )


def _day(day: date, language: str) -> str:
    return format_date(day, "d MMMM y", locale=language)
