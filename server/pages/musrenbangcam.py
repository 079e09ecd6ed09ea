"""The camat's list for musrenbangcam, ranked by buttons that need no script, with the line of the pagu.

A camat has their own kecamatan's; Bappeda and Panitia look at any and enter the pagu. Every form names the
list's version: who is second is shown the list as it is now.
"""

from aiohttp import web

from server.access import Role
from server.api.notes_access import readable
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import MUSRENBANGCAM, WILAYAH
from server.keys import WORDS
from server.pages.deciders import pelaku_of
from server.pages.posted import texts
from server.pages.render import PAGES
from server.pages.screens import boot
from server.pages.sesi import today
from server.pages.usulan import row
from server.pages.usulan_words import rupiah
from server.planning.catatan import parse
from server.planning.errors import FieldErrors, ListChanged, NotFound
from server.planning.putuskan import Pagu
from server.refusals import Refusal
from server.store.musrenbangcam import Which

CHANGED = N_("Daftar ini baru saja diubah orang lain. Inilah keadaannya sekarang; ulangi bila masih perlu.")
WHO_ENTER_PAGU = (Role.BAPPEDA, Role.PANITIA)


async def show(request: web.Request) -> web.Response:
    """``GET musrenbangcam``: ``kecamatan`` (of those who have all), ``tahun``."""
    return await _page(request, await _which(request, dict(request.query)), 200)


async def move(request: web.Request) -> web.Response:
    """``POST musrenbangcam/{id}/{arah:naik|turun}``: 303, or 409 with the list as it is now."""
    typed, catatan_id = await texts(request), request.match_info["id"]
    which = await _which(request, typed)
    up = request.match_info["arah"] == "naik"
    try:
        await request.app[MUSRENBANGCAM].move(which, catatan_id, up=up, version=_version(typed))
    except ListChanged:
        return await _page(request, which, 409, CHANGED)
    except NotFound as error:
        raise Refusal(404, "not_found", detail=str(error)) from error
    raise web.HTTPSeeOther(f"{_address(request, which)}#u-{catatan_id}")


async def set_pagu(request: web.Request) -> web.Response:
    """``POST musrenbangcam/pagu``: 303, 422 with the sentence at the field, 409."""
    typed = await texts(request)
    which = await _which(request, typed)
    if request[IDENTITY].role not in WHO_ENTER_PAGU:
        raise Refusal(403, "not_your_role")
    given = typed.get("pagu_indikatif", "").strip()
    try:
        pagu = parse(Pagu, {"pagu_indikatif": given} if given else {})
        await request.app[MUSRENBANGCAM].set_pagu(which, pagu, version=_version(typed))
    except FieldErrors as error:
        said = error.fields["pagu_indikatif"]
        return await _page(request, which, 422, wrong=said, typed=given)
    except ListChanged:
        return await _page(request, which, 409, CHANGED)
    raise web.HTTPSeeOther(_address(request, which))


async def _which(request: web.Request, asked: dict[str, str]) -> Which:
    """Raises Refusal."""
    pelaku = await pelaku_of(request)
    kecamatan = [one.kode for one in await request.app[WILAYAH].kecamatan()]
    kode = pelaku.wilayah or asked.get("kecamatan", "") or next(iter(kecamatan), "")
    if kode not in kecamatan or (pelaku.wilayah and asked.get("kecamatan", kode) != kode):
        raise Refusal(403 if pelaku.wilayah else 404, "not_your_place" if pelaku.wilayah else "not_found")
    tahun = asked.get("tahun", "")
    if tahun and not (tahun.isascii() and tahun.isdigit() and len(tahun) == 4):
        raise Refusal(400, "bad_request", detail="tahun")
    if tahun:
        return Which(int(tahun), kode)
    years = await request.app[MUSRENBANGCAM].years(kode)
    return Which(years[0] if years else today(request.app).year + 1, kode)


def _version(typed: dict[str, str]) -> int:
    """Raises Refusal."""
    version = typed.get("version", "")
    if not (version.isascii() and version.isdigit()) or len(version) > 9:
        raise Refusal(400, "bad_request", detail="version")
    return int(version)


def _address(request: web.Request, which: Which) -> str:
    base = request[IDENTITY].base
    return f"{base}musrenbangcam?kecamatan={which.kecamatan_kode}&tahun={which.tahun_rencana}"


async def _page(
    request: web.Request, which: Which, status: int, notice: str = "", *, wrong: str = "", typed: str = ""
) -> web.Response:
    words, app = request.app[WORDS], request.app
    shown = await app[MUSRENBANGCAM].show(which)
    notes = [one.note for one in shown.ranked] + shown.out
    told = {note.id: row(note, words) for note, _ in await readable(request, notes)}
    kecamatan = {one.kode: one.nama for one in await app[WILAYAH].kecamatan()}
    pagu = shown.head.pagu_indikatif
    line = next((n for n, one in enumerate(shown.ranked) if not one.within), len(shown.ranked))
    return app[PAGES].response(
        "musrenbangcam.html",
        status=status,
        boot=await boot(request),
        base=request[IDENTITY].base,
        kecamatan=kecamatan[which.kecamatan_kode],
        kode=which.kecamatan_kode,
        semua=[] if (await pelaku_of(request)).wilayah else list(kecamatan.items()),
        tahun=which.tahun_rencana,
        tahun_lain=[
            y for y in await app[MUSRENBANGCAM].years(which.kecamatan_kode) if y != which.tahun_rencana
        ],
        version=shown.head.version,
        pagu=rupiah(pagu),
        pagu_diketik=typed or ("" if pagu is None else rupiah(pagu)),
        boleh_pagu=request[IDENTITY].role in WHO_ENTER_PAGU,
        boleh_urut=request[IDENTITY].role == Role.CAMAT,
        garis=line if pagu is not None else -1,
        terpakai=rupiah(shown.ranked[line - 1].sum if line else 0),
        jumlah=rupiah(shown.ranked[-1].sum if shown.ranked else 0),
        daftar=[
            told[one.note.id] | {"biaya": rupiah(one.biaya), "pleno": one.note.diprioritaskan_at is not None}
            for one in shown.ranked
        ],
        keluar=[told[note.id] for note in shown.out],
        pesan=words(notice) if notice else "",
        galat=words(wrong) if wrong else "",
    )
