"""The Panitia's page "Dokumen" of a session: its papers, their versions, the batch of all berita acara.

Papers are made in the background; the page can be left and come back to. ``-`` in an address stands for the
whole session instead of an office.
"""

from collections.abc import Mapping

from aiohttp import web

from rooms.ids import RoomId
from rooms.meeting.vocabulary import MeetingStatus
from server.auth.guard import IDENTITY
from server.i18n import N_, Words
from server.kept import SESSIONS, WILAYAH, WORKSHOP
from server.keys import WORDS
from server.pages.render import PAGES
from server.pages.screens import base_of, boot
from server.papers import said
from server.papers.bundle import Part, zipped
from server.papers.entries import KATA, NAMA, TTD, TTD_WORDS, Ttd
from server.papers.kinds import JABATAN, KINDS, OF_THE_SESSION, WHOLE, Jenis, signers
from server.papers.making import BeingMade, GladiPapers
from server.papers.sources import OFFICES, NoSession
from server.plain import file_part
from server.refusals import Refusal
from server.store.paper_entries import PINDAIAN, Entry
from server.store.papers import GAGAL, JADI, Batch, Paper, Which
from server.store.sessions import SessionSpec, SessionSummary
from server.store.wilayah import Desa

SCAN_GONE = N_("Pindaian dihapus")
_WHOLE = "-"


async def show(request: web.Request) -> web.Response:
    """``GET sesi/{room}/dokumen``."""
    summary, spec = await session_in(request)
    workshop, words = request.app[WORKSHOP], request.app[WORDS]
    if summary.status is MeetingStatus.DITUTUP:
        await workshop.draft(summary.room_id)
    newest = await workshop.papers.newest(summary.room_id)
    batches = await workshop.papers.batches(summary.room_id)
    districts: dict[str, list[dict[str, object]]] = {}
    for seat_id, desa in (await offices_in(request, spec)).items():
        row = _row(_short(desa), (str(Jenis.BERITA_ACARA), seat_id), newest, batches)
        districts.setdefault(desa.kecamatan.nama, []).append(row)
    made = sum(bool(row["versi"]) for rows in districts.values() for row in rows)
    return request.app[PAGES].response(
        "dokumen.html",
        boot=await boot(request),
        sesi=summary,
        alamat=address_in(request),
        kembali=f"{base_of(request[IDENTITY])}sesi/{summary.room_id}",
        utama=[_row(words(KINDS[j].judul), (str(j), WHOLE), newest, batches) for j in OF_THE_SESSION],
        kecamatan=sorted(districts.items()),
        jumlah=sum(map(len, districts.values())),
        jadi=made,
        kemajuan=_progress(batches),
    )


async def progress(request: web.Request) -> web.Response:
    """``GET sesi/{room}/dokumen/kemajuan``: how far the newest batch is, as JSON."""
    summary, _ = await session_in(request)
    return web.json_response(_progress(await request.app[WORKSHOP].papers.batches(summary.room_id)))


async def make_all(request: web.Request) -> web.Response:
    """``POST sesi/{room}/dokumen/{jenis}``: a berita acara for every office; 303 back to the page."""
    summary, spec = await session_in(request)
    if kind_in(request) is not Jenis.BERITA_ACARA:
        raise Refusal(404, "not_found")
    wanted = [(str(Jenis.BERITA_ACARA), seat_id) for seat_id in await offices_in(request, spec)]
    await _begin(request, summary.room_id, wanted)
    raise web.HTTPSeeOther(address_in(request))


async def one(request: web.Request) -> web.Response:
    """``GET sesi/{room}/dokumen/{jenis}/{kursi}``: the versions of one paper."""
    summary, spec = await session_in(request)
    which = await which_in(request, spec)
    workshop, words = request.app[WORKSHOP], request.app[WORDS]
    versions = await workshop.papers.versions(summary.room_id, which)
    batches = await workshop.papers.batches(summary.room_id)
    return request.app[PAGES].response(
        "dokumen_satu.html",
        boot=await boot(request),
        sesi=summary,
        kembali=address_in(request),
        alamat=f"{address_in(request)}/{which[0]}/{which[1] or _WHOLE}",
        judul=words(KINDS[Jenis(which[0])].judul),
        kantor=await place_in(request, spec, which),
        versi=[_version(paper) for paper in versions],
        keadaan=_state(which, batches),
        penanda=await _signers(request, spec, which),
        pilihan=[(str(kode), words(word)) for kode, word in TTD_WORDS.items()],
        riwayat=[
            (said.moment(entry.at), entry.by, _entry_word(entry, words))
            for entry in await workshop.entries.history(summary.room_id, which)
            if not entry.name.startswith(KATA)
        ],
        pindaian=[
            (scan.id, said.moment(scan.at), scan.by, scan.pages, -(-scan.size_bytes // 1024))
            for scan in await workshop.scans.of(summary.room_id, which)
        ],
        berkata=bool(KINDS[Jenis(which[0])].paragraphs),
        kemajuan=_progress(batches),
    )


async def _signers(request: web.Request, spec: SessionSpec, which: Which) -> list[dict[str, object]]:
    entries = await request.app[WORKSHOP].entries.current(request.match_info["room"], which)

    def field(name: str) -> dict[str, object]:
        entry = entries.get(name)
        return {"nama": name, "isi": entry.text if entry else "", "versi": entry.version if entry else 0}

    return [
        {
            "jabatan": request.app[WORDS](signer.jabatan),
            "orang": field(NAMA + signer.kode),
            "ttd": field(TTD + signer.kode),
        }
        for signer in signers(Jenis(which[0]), kelurahan=await is_kelurahan(request, spec, which))
    ]


async def is_kelurahan(request: web.Request, spec: SessionSpec, which: Which) -> bool:
    return bool(which[1]) and (await offices_in(request, spec))[which[1]].jenis == "kelurahan"


def _entry_word(entry: Entry, words: Words) -> str:
    """``Kepala Desa: Suparman``, ``Kepala Desa: Sudah, dengan tangan``."""
    if entry.name.startswith(PINDAIAN):
        return f"{words(SCAN_GONE)}: {entry.text}"
    kode = entry.name.partition(".")[2]
    jabatan = words(JABATAN.get(kode, kode))
    text = words(TTD_WORDS[Ttd(entry.text)]) if entry.name.startswith(TTD) else entry.text
    return f"{jabatan}: {text or '–'}"


async def make(request: web.Request) -> web.Response:
    """``POST sesi/{room}/dokumen/{jenis}/{kursi}``: a new version of one paper; 303 to its page."""
    summary, spec = await session_in(request)
    which = await which_in(request, spec)
    await _begin(request, summary.room_id, [which])
    raise web.HTTPSeeOther(f"{address_in(request)}/{which[0]}/{which[1] or _WHOLE}")


async def pdf(request: web.Request) -> web.StreamResponse:
    """``GET sesi/{room}/dokumen/{jenis}/{kursi}/{versi}.pdf``."""
    summary, spec = await session_in(request)
    which = await which_in(request, spec)
    papers = request.app[WORKSHOP].papers
    paper = await papers.get(summary.room_id, which, int(request.match_info["versi"]))
    if paper is None:
        raise Refusal(404, "not_found")
    if not paper.berkas:
        raise Refusal(410, "erased")
    name = file_name(paper, await place_in(request, spec, which))
    return web.FileResponse(
        request.app[WORKSHOP].files.path(paper.berkas),
        headers={
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


async def bundle(request: web.Request) -> web.StreamResponse:
    """``GET sesi/{room}/dokumen/{jenis}.zip``: the newest version of every office's, sent as it is packed."""
    summary, spec = await session_in(request)
    jenis, workshop = kind_in(request), request.app[WORKSHOP]
    newest = await workshop.papers.newest(summary.room_id)
    parts = [
        Part(file_name(paper, desa.label), workshop.files.path(paper.berkas), paper.created_at)
        for seat_id, desa in (await offices_in(request, spec)).items()
        if (paper := newest.get((str(jenis), seat_id))) is not None and paper.berkas
    ]
    if not parts:
        raise Refusal(404, "not_found")
    disposition = f'attachment; filename="{jenis}-{summary.room_id}.zip"'
    answer = web.StreamResponse(
        headers={"Content-Type": "application/zip", "Content-Disposition": disposition}
    )
    await answer.prepare(request)
    async for chunk in zipped(parts):
        await answer.write(chunk)
    await answer.write_eof()
    return answer


def file_name(paper: Paper, place: str) -> str:
    """``berita_acara-Kemiren-Kec.-Glagah-35.10.15.2004-v2.pdf``: of plain letters, and no two the same."""
    parts = (paper.jenis, place, paper.seat_id, f"v{paper.version}")
    return "-".join(file_part(part) for part in parts if part) + ".pdf"


async def session_in(request: web.Request) -> tuple[SessionSummary, SessionSpec]:
    room_id = RoomId(request.match_info["room"])
    sessions = request.app[SESSIONS]
    summary, spec = await sessions.get(room_id), await sessions.spec(room_id)
    if summary is None or spec is None:
        raise Refusal(404, "not_found")
    return summary, spec


async def offices_in(request: web.Request, spec: SessionSpec) -> dict[str, Desa]:
    """Seat -> its place, by kode wilayah."""
    places = {desa.kode: desa for desa in await request.app[WILAYAH].desa()}
    seats = [seat for seat in spec.seats if seat.kind in OFFICES and seat.kode_wilayah in places]
    return {str(s.seat_id): places[s.kode_wilayah] for s in sorted(seats, key=lambda s: s.kode_wilayah)}


def kind_in(request: web.Request) -> Jenis:
    try:
        return Jenis(request.match_info["jenis"])
    except ValueError as error:
        raise Refusal(404, "not_found") from error


async def which_in(request: web.Request, spec: SessionSpec) -> Which:
    jenis, seat_id = kind_in(request), request.match_info["kursi"]
    if jenis is Jenis.BERITA_ACARA and seat_id in await offices_in(request, spec):
        return str(jenis), seat_id
    if jenis is not Jenis.BERITA_ACARA and seat_id == _WHOLE:
        return str(jenis), WHOLE
    raise Refusal(404, "not_found")


async def place_in(request: web.Request, spec: SessionSpec, which: Which) -> str:
    return (await offices_in(request, spec))[which[1]].label if which[1] else ""


async def _begin(request: web.Request, room_id: RoomId, wanted: list[Which]) -> None:
    workshop = request.app[WORKSHOP]
    try:
        await workshop.sources(room_id)
        await workshop.begin(room_id, wanted, by=request[IDENTITY].label)
    except NoSession as error:
        raise Refusal(404, "not_found") from error
    except GladiPapers as error:
        raise Refusal(409, "gladi") from error
    except BeingMade as error:
        raise Refusal(409, "being_made") from error


def address_in(request: web.Request) -> str:
    return f"{base_of(request[IDENTITY])}sesi/{request.match_info['room']}/dokumen"


def _short(desa: Desa) -> str:
    return f"{'Kel. ' if desa.jenis == 'kelurahan' else ''}{desa.nama}"


def _row(nama: str, which: Which, newest: Mapping[Which, Paper], batches: list[Batch]) -> dict[str, object]:
    paper = newest.get(which)
    return {
        "nama": nama,
        "kode": f"{which[0]}/{which[1] or _WHOLE}",
        "keadaan": _state(which, batches),
        "versi": _version(paper) if paper else None,
    }


def _version(paper: Paper) -> dict[str, object]:
    return {
        "nomor": paper.version,
        "kapan": said.moment(paper.created_at),
        "oleh": paper.created_by,
        "halaman": paper.pages,
        "kb": max(1, paper.size_bytes // 1024),
        "sementara": paper.sementara,
        "sidik": paper.sidik[:16],
        "dihapus": not paper.berkas,
    }


def _state(which: Which, batches: list[Batch]) -> str:
    """Of the newest batch that had it: ``menunggu``, ``jadi``, ``gagal``; empty when it was in none."""
    return next((batch.states[which] for batch in reversed(batches) if which in batch.states), "")


def _progress(batches: list[Batch]) -> dict[str, object]:
    newest = next((b for b in batches if b.finished_at is None), batches[-1] if batches else None)
    return {
        "berjalan": newest is not None and newest.finished_at is None,
        "semua": len(newest.states) if newest else 0,
        "jadi": newest.number(JADI) if newest else 0,
        "gagal": newest.number(GAGAL) if newest else 0,
    }
