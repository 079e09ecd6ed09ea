"""The Panitia's long list of all that was proposed, complained of, asked and directed, in every session.

Plain pages: a search, what can be chosen beside it with its numbers, one page after the other, each note with
its history, and the whole selection as a file. Every address can be kept and passed on.
"""

import asyncio
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from server.api.notes_access import answered
from server.auth.guard import IDENTITY
from server.kept import DAFTAR, NOTEBOOK, SESSIONS, WILAYAH
from server.keys import WORDS
from server.pages import usulan_words as w
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
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
    asked = _asked(request)
    wanted = _filter(asked)
    page = await request.app[DAFTAR].page(wanted)
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
        facet=_facets(page, asked, await _kecamatan(request), words),
        jumlah=page.total,
        lebih=bool(wanted.q.strip()) and page.total == MOST_COUNTED,
        catatan=[_row(note, words) for note in page.items],
        lanjut=f"?{urlencode(further)}" if page.next else "",
        awal=f"?{urlencode({k: v for k, v in asked.items() if k != 'dari'})}" if "dari" in asked else "",
        unduh=urlencode({k: v for k, v in asked.items() if k != "dari"}),
    )


async def one(request: web.Request) -> web.Response:
    """``GET usulan/{id}``: every field that is filled in, every mention, every change."""
    with answered():
        note = await request.app[NOTEBOOK].get(request.match_info["id"])
    words, base = request.app[WORDS], base_of(request[IDENTITY])
    titles = {str(summary.room_id): summary.title for summary in await request.app[SESSIONS].list()}
    return request.app[PAGES].response(
        "usulan_satu.html",
        boot=await boot(request),
        base=base,
        catatan=_row(note, words),
        isian=[(words(heading), value) for heading, value in w.fields(note, words)],
        penyebutan=[
            {
                "kapan": _moment(m.spoken_at),
                "sesi": titles.get(m.room_id, ""),
                "putar": f"{base}sesi/{m.room_id}/replay#{note.id}",
                "diucapkan": m.spoken,
            }
            for m in note.penyebutan
        ],
        riwayat=[
            {
                "kapan": _moment(change.at),
                "oleh": change.by,
                "apa": words(w.CHANGES.get(change.field, change.field)),
                "lama": w.value(change.field, change.old, words),
                "baru": w.value(change.field, change.new, words),
            }
            for change in note.riwayat or ()
        ],
    )


async def export(request: web.Request) -> web.StreamResponse:
    """``GET usulan.xlsx``: all that the selection has, written as it is read."""
    wanted, words = _filter(_asked(request)), request.app[WORDS]
    with tempfile.TemporaryDirectory(prefix="rembug-") as folder:
        path = Path(folder) / "usulan.xlsx"
        sheet = Sheet(path, words.gettext)
        async for part in request.app[DAFTAR].all(wanted):
            await asyncio.to_thread(sheet.add, part)
        await asyncio.to_thread(sheet.close)
        headers = {"Content-Disposition": 'attachment; filename="usulan.xlsx"', "Content-Type": _XLSX}
        answer = web.StreamResponse(headers=headers)
        answer.content_length = path.stat().st_size
        await answer.prepare(request)
        with path.open("rb") as file:
            while block := await asyncio.to_thread(file.read, 2**16):
                await answer.write(block)
        await answer.write_eof()
    return answer


def _asked(request: web.Request) -> dict[str, str]:
    """The address's filters that are filled in. Raises Refusal."""
    asked = {name: value.strip() for name, value in request.query.items() if value.strip()}
    if unknown := set(asked) - {*_CHOSEN, "q", "dari"}:
        raise Refusal(400, "bad_request", detail=f"filters {sorted(unknown)}")
    if any("\x00" in value or len(value) > LONGEST_QUERY for value in asked.values()):
        raise Refusal(400, "bad_request", detail="filter value")
    return asked


def _filter(asked: Mapping[str, str]) -> Filter:
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


def _row(note: Catatan, words: Callable[[str], str]) -> dict[str, object]:
    return {
        "id": note.id,
        "jenis": note.jenis,
        "jenis_kata": words(w.JENIS.get(note.jenis, note.jenis)),
        "judul": note.judul or note.ucapan,
        "ucapan": note.ucapan if note.judul else "",
        "tempat": note.label or words(w.NO_PLACE),
        "tahap": words(w.TAHAP[note.tahap]) if note.tahap in w.TAHAP else "",
        "tahun": note.tahun_rencana,
        "kapan": _moment(note.created_at),
    }


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms // 1000, WIB).strftime("%d-%m-%Y %H.%M")
