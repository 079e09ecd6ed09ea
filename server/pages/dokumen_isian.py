"""What the Panitia adds to papers: paragraphs put differently, signers, scans of what was signed."""

from collections.abc import Mapping

from aiohttp import web

from server.api.uploads import spooled, uploading
from server.attachments.checking import MOST_BYTES, REASONS, Unfit, check
from server.auth.guard import IDENTITY
from server.kept import WORKSHOP
from server.keys import NEW_ID, NOW, WORDS
from server.pages.dokumen import address_in, is_kelurahan, kind_in, session_in, which_in
from server.pages.render import PAGES
from server.pages.screens import boot
from server.papers import said
from server.papers.entries import KATA, BadEntry, signers_of, typed, words_of
from server.papers.kinds import KINDS, WHOLE, Jenis
from server.refusals import Refusal
from server.store.paper_entries import EntryChanged
from server.store.paper_scans import Scan
from server.store.papers import Which
from server.store.sessions import SessionSpec, SessionSummary


async def words(request: web.Request) -> web.Response:
    """``GET sesi/{room}/dokumen/{jenis}/kata``: the paragraphs of this kind of paper, and what they were."""
    summary, _ = await session_in(request)
    jenis, say, entries = kind_in(request), request.app[WORDS], request.app[WORKSHOP].entries
    which = (str(jenis), WHOLE)
    current = await entries.current(summary.room_id, which)
    labels = {KATA + name: say(p.label) for name, p in KINDS[jenis].paragraphs.items()}
    return request.app[PAGES].response(
        "dokumen_kata.html",
        boot=await boot(request),
        sesi=summary,
        kembali=address_in(request),
        judul=say(KINDS[jenis].judul),
        kalimat=[
            {
                "nama": KATA + name,
                "label": say(paragraph.label),
                "isi": current[KATA + name].text if KATA + name in current else paragraph.usual,
                "versi": current[KATA + name].version if KATA + name in current else 0,
            }
            for name, paragraph in KINDS[jenis].paragraphs.items()
        ],
        riwayat=[
            (said.moment(entry.at), entry.by, labels[entry.name], entry.text)
            for entry in await entries.history(summary.room_id, which)
            if entry.name in labels
        ],
    )


async def reword(request: web.Request) -> web.Response:
    """``POST sesi/{room}/dokumen/{jenis}/kata``: 303 back to the form; 409 when somebody was quicker."""
    await _held_in(request)
    jenis = kind_in(request)
    await _enter(request, (str(jenis), WHOLE), words_of(jenis))
    raise web.HTTPSeeOther(f"{address_in(request)}/{jenis}/kata")


async def sign(request: web.Request) -> web.Response:
    """``POST sesi/{room}/dokumen/{jenis}/{kursi}/tanda-tangan``: 303 back to the paper."""
    _, spec = await _held_in(request)
    which = await which_in(request, spec)
    usual = signers_of(Jenis(which[0]), kelurahan=await is_kelurahan(request, spec, which))
    await _enter(request, which, usual)
    raise web.HTTPSeeOther(f"{address_in(request)}/{which[0]}/{request.match_info['kursi']}")


async def attach(request: web.Request) -> web.Response:
    """``POST sesi/{room}/dokumen/{jenis}/{kursi}/pindaian``: a scan, as ``berkas`` of a form; 303 back."""
    summary, spec = await _held_in(request)
    which, workshop = await which_in(request, spec), request.app[WORKSHOP]
    try:
        async with uploading(request), spooled(request, MOST_BYTES, "berkas") as file:
            checked = await check(file, "scan")
    except Unfit as error:
        raise Refusal(422, "bad_fields", message=REASONS[error.code], detail=error.code) from error
    (body,) = checked.parts
    name = await workshop.files.put(body, f".{checked.suffix}")
    size, at, by = len(body), request.app[NOW](), request[IDENTITY].label
    id_ = request.app[NEW_ID]()
    await workshop.scans.add(Scan(id_, summary.room_id, *which, name, checked.pages, size, at, by))
    raise web.HTTPSeeOther(f"{address_in(request)}/{which[0]}/{request.match_info['kursi']}")


async def scan(request: web.Request) -> web.StreamResponse:
    """``GET sesi/{room}/dokumen/{jenis}/{kursi}/pindaian/{id}``: handed out, never shown in the page."""
    summary, spec = await session_in(request)
    which, workshop = await which_in(request, spec), request.app[WORKSHOP]
    wanted = request.match_info["id"]
    found = next((s for s in await workshop.scans.of(summary.room_id, which) if s.id == wanted), None)
    if found is None:
        raise Refusal(404, "not_found")
    if not found.berkas:
        raise Refusal(410, "erased")
    suffix = found.berkas.rpartition(".")[2]
    disposition = f'attachment; filename="pindaian-{found.jenis}-{found.seat_id or "sesi"}.{suffix}"'
    return web.FileResponse(
        workshop.files.path(found.berkas),
        headers={"Content-Type": "application/octet-stream", "Content-Disposition": disposition},
    )


async def _held_in(request: web.Request) -> tuple[SessionSummary, SessionSpec]:
    """A rehearsal leaves no papers, nor what would stand in them. Raises Refusal."""
    summary, spec = await session_in(request)
    if summary.gladi:
        raise Refusal(409, "gladi")
    return summary, spec


async def _enter(request: web.Request, which: Which, usual: Mapping[str, str]) -> None:
    """Raises Refusal; then nothing was written."""
    posted = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    try:
        changes = typed(posted, usual)
        await request.app[WORKSHOP].entries.change(
            request.match_info["room"], which, changes, by=request[IDENTITY].label, at=request.app[NOW]()
        )
    except BadEntry as error:
        raise Refusal(422, "bad_fields", message=error.sentence) from error
    except EntryChanged as error:
        raise Refusal(409, "conflict", detail=str(error)) from error
