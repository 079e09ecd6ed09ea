"""The long list of all that was proposed, complained of, asked and directed, in every session.

Plain pages: a search, what can be chosen beside it with its numbers, one page after the other, and the whole
selection as a file. Every address can be kept and passed on.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from server.api.notes_access import readable, searched
from server.auth.guard import IDENTITY
from server.kept import DAFTAR, WILAYAH
from server.keys import NOW, WORDS
from server.pages import usulan_words as w
from server.pages.deciders import limited, pelaku_of
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.planning.bundel import Bundel
from server.planning.daftar import MOST_COUNTED, Halaman
from server.planning.export import WIB, Sheet
from server.refusals import Refusal
from server.store.catatan import Catatan, Cursor, Filter

LONGEST_QUERY = 200
_CHOSEN = ("tahun", "kecamatan", "jenis", "bidang", "tahap", "putusan", "desa")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that the list can be narrowed to, or freed from when it is chosen."""

    word: str
    number: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    heading: str
    choices: list[Choice]


async def find(request: web.Request) -> web.Response:
    """``GET usulan``: newest first, fifty to a page."""
    asked = asked_of(request)
    pelaku = await pelaku_of(request)
    wanted = limited(pelaku, filter_of(asked))
    page = await request.app[DAFTAR].page(await searched(request, wanted))
    words, base = request.app[WORDS], base_of(request[IDENTITY])
    further = {k: v for k, v in asked.items() if k != "dari"}
    if page.next is not None:
        further["dari"] = f"{page.next.created_at}.{page.next.id}"
    return request.app[PAGES].response(
        "usulan_daftar.html",
        boot=await boot(request),
        base=base,
        q=asked.get("q", ""),
        tersaring={k: v for k, v in asked.items() if k in _CHOSEN},
        facet=_facets(page, asked, {} if pelaku.wilayah else await _kecamatan(request), words),
        jumlah=page.total,
        lebih=bool(wanted.q.strip()) and page.total == MOST_COUNTED,
        catatan=[row(note, words) for note in await _told(request, page.items, wanted)],
        lanjut=f"?{urlencode(further)}" if page.next else "",
        awal=f"?{urlencode({k: v for k, v in asked.items() if k != 'dari'})}" if "dari" in asked else "",
        unduh=urlencode({k: v for k, v in asked.items() if k != "dari"}),
    )


async def export(request: web.Request) -> web.StreamResponse:
    """``GET usulan.xlsx``: all that the selection has, written as it is read."""
    wanted, words = limited(await pelaku_of(request), filter_of(asked_of(request))), request.app[WORDS]
    with tempfile.TemporaryDirectory(prefix="rembug-") as folder:
        path = Path(folder) / "usulan.xlsx"
        sheet = Sheet(path, words.gettext)
        async for part in request.app[DAFTAR].all(await searched(request, wanted)):
            await asyncio.to_thread(sheet.add, await _told(request, part, wanted))
        await asyncio.to_thread(sheet.close)
        return await _sent(request, path, _XLSX)


async def bundle(request: web.Request) -> web.StreamResponse:
    """``GET usulan.zip``: the same in every form, with what it is and how to tell that it is whole."""
    asked, words = asked_of(request), request.app[WORDS]
    wanted = limited(await pelaku_of(request), filter_of(asked))
    with tempfile.TemporaryDirectory(prefix="rembug-") as folder:
        whole = Bundel(Path(folder), words.gettext, asked, at=request.app[NOW]())
        async for part in request.app[DAFTAR].all(await searched(request, wanted)):
            await asyncio.to_thread(whole.add, await _told(request, part, wanted))
        return await _sent(request, await asyncio.to_thread(whole.close), "application/zip")


async def _sent(request: web.Request, path: Path, content_type: str) -> web.StreamResponse:
    """A file that is gone afterwards, piece by piece."""
    disposition = f'attachment; filename="{path.name}"'
    answer = web.StreamResponse(headers={"Content-Disposition": disposition, "Content-Type": content_type})
    answer.content_length = (await asyncio.to_thread(path.stat)).st_size
    await answer.prepare(request)
    with path.open("rb") as file:
        while block := await asyncio.to_thread(file.read, 2**16):
            await answer.write(block)
    await answer.write_eof()
    return answer


async def _told(request: web.Request, notes: list[Catatan], wanted: Filter) -> list[Catatan]:
    """As this one may read them; a search does not tell what sealed words were."""
    by_words = bool(wanted.q.strip())
    return [note for note, closed in await readable(request, notes) if not (closed and by_words)]


def asked_of(request: web.Request) -> dict[str, str]:
    """The address's filters that are filled in. Raises Refusal."""
    asked = {name: value.strip() for name, value in request.query.items() if value.strip()}
    if unknown := set(asked) - {*_CHOSEN, "q", "dari"}:
        raise Refusal(400, "bad_request", detail=f"filters {sorted(unknown)}")
    if any("\x00" in value or len(value) > LONGEST_QUERY for value in asked.values()):
        raise Refusal(400, "bad_request", detail="filter value")
    return asked


def filter_of(asked: Mapping[str, str]) -> Filter:
    """Raises Refusal."""
    try:
        tahun = int(asked["tahun"]) if "tahun" in asked else None
        after = None
        if "dari" in asked:
            at, _, note_id = asked["dari"].partition(".")
            after = Cursor(int(at), note_id)
    except ValueError as error:
        raise Refusal(400, "bad_request", detail=str(error)) from error
    if (tahun or 0) >= 2**31 or (after and after.created_at >= 2**63):
        raise Refusal(400, "bad_request", detail="a number beyond all")
    return Filter(
        tahun_rencana=tahun,
        kecamatan=asked.get("kecamatan", ""),
        kode_wilayah=asked.get("desa", ""),
        jenis=asked.get("jenis", ""),
        bidang=asked.get("bidang", ""),
        tahap=asked.get("tahap", ""),
        putusan=asked.get("putusan", ""),
        q=asked.get("q", ""),
        after=after,
    )


async def _kecamatan(request: web.Request) -> dict[str, str]:
    """Code -> name."""
    return {kecamatan.kode: kecamatan.nama for kecamatan in await request.app[WILAYAH].kecamatan()}


def _facets(
    page: Halaman, asked: Mapping[str, str], kecamatan: Mapping[str, str], words: Callable[[str], str]
) -> list[Facet]:
    names: tuple[tuple[str, str, str, Mapping[str, str]], ...] = (
        ("jenis", "jenis", w.JENIS_HEADING, w.JENIS),
        ("kecamatan", "kecamatan_kode", w.KECAMATAN_HEADING, kecamatan),
        ("bidang", "bidang", w.BIDANG_HEADING, w.BIDANG_NAMES),
        ("tahap", "tahap", w.TAHAP_HEADING, w.TAHAP),
        ("tahun", "tahun_rencana", w.TAHUN_HEADING, {}),
    )
    made = []
    for name, column, heading, known in names:
        counts = page.facets[column]
        if name == "kecamatan" and not known:
            continue
        choices = [
            _choice(name, value, words(known.get(value, value)), number, asked)
            for value, number in sorted(counts.items(), key=lambda item: _place(item[0], known))
            if value
        ]
        if choices:
            made.append(Facet(words(heading), choices))
    return made


def _place(value: str, known: Mapping[str, str]) -> tuple[int, str]:
    """As the words' own order has it; what is unknown comes last."""
    keys = list(known)
    return (keys.index(value) if value in known else len(keys), value)


def _choice(name: str, value: str, word: str, number: int, asked: Mapping[str, str]) -> Choice:
    chosen = asked.get(name) == value
    rest = {k: v for k, v in asked.items() if k not in (name, "dari")}
    return Choice(word, number, f"?{urlencode(rest if chosen else rest | {name: value})}", chosen)


def row(note: Catatan, words: Callable[[str], str]) -> dict[str, object]:
    """A note as lists show it."""
    return {
        "id": note.id,
        "jenis": note.jenis,
        "jenis_kata": words(w.JENIS.get(note.jenis, note.jenis)),
        "judul": note.judul or note.ucapan,
        "ucapan": note.ucapan if note.judul else "",
        "tempat": note.label or words(w.NO_PLACE),
        "tahap": w.standing(note, words),
        "tahun": note.tahun_rencana,
        "kapan": moment(note.created_at),
    }


def moment(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, WIB).strftime("%d-%m-%Y %H.%M")
