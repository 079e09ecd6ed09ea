""" "Pekerjaan saya": what waits for whoever is asking, by tahap, and many decisions at once, looked at first.

Plain forms. What was picked travels with the version that was seen, so that nothing is decided unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from server.api.notes_access import readable, searched, tell
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import DAFTAR, MEJA
from server.keys import NOW, WORDS
from server.pages import usulan_words as w
from server.pages.deciders import limited, pelaku_of, siapa_of
from server.pages.posted import lists
from server.pages.render import PAGES
from server.pages.screens import boot
from server.pages.usulan import asked_of, filter_of, row
from server.planning.catatan import parse
from server.planning.errors import FieldErrors
from server.planning.keputusan import Nasib
from server.planning.putuskan import Putuskan
from server.planning.tahapan import Keadaan, Pelaku, Putusan, Rantai, Tahap, Tindakan, waiting
from server.refusals import Refusal
from server.store.catatan import Filter

MOST_AT_ONCE = 200
FORM = ("tindakan", "alasan", "catatan", "opd_tujuan", "rekomendasi")
"""What a bulk decision has besides what was picked."""
_ONE_BY_ONE = frozenset({Tindakan.CATAT_SIPD, Tindakan.CATAT_REALISASI})
NOTHING_PICKED = N_("Pilih dahulu usulannya.")
TOO_MANY = N_("Paling banyak 200 usulan sekaligus.")


@dataclass(frozen=True, slots=True)
class Tumpukan:
    """What waits in one tahap with one putusan."""

    tahap: Tahap
    putusan: Putusan
    number: int


async def show(request: web.Request) -> web.Response:
    """``GET pekerjaan``: the piles, and the chosen one's usulan, fifty to a page."""
    asked = asked_of(request)
    pelaku, words = await pelaku_of(request), request.app[WORDS]
    piles = await _piles(request, pelaku)
    chosen = _chosen(piles, asked)
    wanted = limited(pelaku, filter_of(asked | {"tahap": chosen.tahap, "putusan": chosen.putusan}))
    page = await request.app[DAFTAR].page(await searched(request, wanted))
    here = {"tahap": str(chosen.tahap), "putusan": str(chosen.putusan)}
    kept = here | {name: asked[name] for name in ("q",) if name in asked}
    further = kept | ({"dari": f"{page.next.created_at}.{page.next.id}"} if page.next else {})
    told = [note for note, closed in await readable(request, page.items) if not (closed and wanted.q)]
    actions = _bulk_actions(request.app[MEJA].rantai, pelaku, chosen)
    return request.app[PAGES].response(
        "pekerjaan.html",
        boot=await boot(request),
        base=request[IDENTITY].base,
        tumpukan=[
            {
                "kata": w.standing_of(pile.tahap, pile.putusan, words),
                "jumlah": pile.number,
                "alamat": f"?{urlencode({'tahap': pile.tahap, 'putusan': pile.putusan})}",
                "dipilih": pile is chosen,
            }
            for pile in piles
            if pile.number or pile.putusan is Putusan.MENUNGGU or pile is chosen
        ],
        kepala=w.standing_of(chosen.tahap, chosen.putusan, words),
        menunggu_desa=pelaku.peran == "camat" and chosen.tahap not in (Tahap.KECAMATAN,),
        hari=request.app[MEJA].rantai.wait_days,
        disini=here,
        q=asked.get("q", ""),
        usulan=[row(note, words) | {"pilih": f"{note.id}.{note.version}"} for note in told],
        tindakan=[(str(one), words(w.TINDAKAN[one])) for one in actions],
        alasan=[(str(one), words(name)) for one, name in w.ALASAN.items()],
        lanjut=f"?{urlencode(further)}" if page.next else "",
        awal=f"?{urlencode(kept)}" if "dari" in asked else "",
    )


async def preview(request: web.Request) -> web.Response:
    """``POST pekerjaan/pratinjau``: which would go, which not and why; nothing is written."""
    posted = await lists(request)
    form, picked = _typed(posted), _picked(posted)
    wanted, wrong = _read(form)
    if not picked or len(picked) > MOST_AT_ONCE:
        wrong = {"pilih": NOTHING_PICKED if not picked else TOO_MANY}
    fates: list[Nasib] = []
    if wanted is not None and not wrong:
        fates = await request.app[MEJA].preview(
            picked, wanted, pelaku=await pelaku_of(request), at=request.app[NOW]()
        )
    return await _fates(request, form, wrong, fates, done=False)


async def decide(request: web.Request) -> web.Response:
    """``POST pekerjaan/putuskan``: each goes whole or not at all; what did not is said."""
    posted = await lists(request)
    form, picked = _typed(posted), _picked(posted)
    wanted, wrong = _read(form)
    if wanted is None or not picked or len(picked) > MOST_AT_ONCE:
        wrong = wrong or {"pilih": NOTHING_PICKED if not picked else TOO_MANY}
        return await _fates(request, form, wrong, [], done=False)
    fates = await request.app[MEJA].decide_all(
        picked,
        wanted,
        pelaku=await pelaku_of(request),
        siapa=siapa_of(request),
        at=request.app[NOW](),
    )
    for fate in fates:
        if fate.note is not None and not fate.why_not:
            await tell(request, fate.note)
    return await _fates(request, form, {}, fates, done=True)


async def _piles(request: web.Request, pelaku: Pelaku) -> list[Tumpukan]:
    tahap = waiting(pelaku, request.app[MEJA].rantai.order)
    kinds = [
        (one, putusan)
        for one in tahap
        for putusan in (Putusan.MENUNGGU, Putusan.CADANGAN, Putusan.DIKEMBALIKAN)
        if putusan is Putusan.MENUNGGU or (putusan is Putusan.DIKEMBALIKAN) is (one is Tahap.DRAF)
        if putusan is not Putusan.CADANGAN or one is not Tahap.CATATAN_LANGSUNG
    ]
    filters = [limited(pelaku, Filter(tahap=one, putusan=putusan)) for one, putusan in kinds]
    numbers = await request.app[DAFTAR].numbers(filters)
    return [Tumpukan(*kind, number) for kind, number in zip(kinds, numbers, strict=True)]


def _chosen(piles: list[Tumpukan], asked: Mapping[str, str]) -> Tumpukan:
    """What was asked for; else what waits nearest to one's own tier. Raises Refusal."""
    if "tahap" in asked:
        kind = (asked["tahap"], asked.get("putusan", Putusan.MENUNGGU))
        found = [pile for pile in piles if (pile.tahap, pile.putusan) == kind]
        if not found:
            raise Refusal(404, "not_found", detail=f"no pile {kind}")
        return found[0]
    if not piles:
        raise Refusal(404, "not_found", detail="no tier of theirs")
    waits = [pile for pile in piles if pile.number and pile.putusan is Putusan.MENUNGGU]
    return (waits or [pile for pile in piles if pile.number] or piles)[-1]


def _bulk_actions(rantai: Rantai, pelaku: Pelaku, pile: Tumpukan) -> list[Tindakan]:
    """What may be done to a pile; whether it may be done to each of it, the preview says."""
    now = Keadaan(pile.tahap, pile.putusan, f"{pelaku.wilayah}.0"[:13], pelaku.opd, 0)
    if pelaku.peran == "desa":
        now = Keadaan(pile.tahap, pile.putusan, pelaku.wilayah, "", 0)
    open_to = rantai.open_to(now, pelaku, at=2**62)
    return [one for one in open_to if one not in _ONE_BY_ONE]


def _typed(posted: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: posted[name][-1] for name in FORM if name in posted}


def _picked(posted: Mapping[str, list[str]]) -> list[tuple[str, int]]:
    """Each once. Raises Refusal for what no page of ours has."""
    picked: dict[str, int] = {}
    for value in posted.get("pilih", []):
        catatan_id, _, version = value.rpartition(".")
        if not catatan_id or not (version.isascii() and version.isdigit()) or len(version) > 9:
            raise Refusal(400, "bad_request", detail="a choice of no page")
        picked[catatan_id] = int(version)
    return list(picked.items())


def _read(form: Mapping[str, str]) -> tuple[Putuskan | None, dict[str, str]]:
    try:
        return parse(Putuskan, dict(form)), {}
    except FieldErrors as error:
        return None, error.fields


async def _fates(
    request: web.Request, form: Mapping[str, str], wrong: Mapping[str, str], fates: list[Nasib], *, done: bool
) -> web.Response:
    words = request.app[WORDS]
    notes = [fate.note for fate in fates if fate.note is not None]
    told = {note.id: note for note, _ in await readable(request, notes)}
    rows = [
        {
            "pilih": f"{fate.catatan_id}.{fate.version}",
            "sebab": words(fate.why_not) if fate.why_not else "",
            "usulan": row(told[fate.note.id], words) if fate.note is not None else None,
        }
        for fate in fates
    ]
    return request.app[PAGES].response(
        "pratinjau.html",
        status=422 if wrong else 200,
        boot=await boot(request),
        base=request[IDENTITY].base,
        kata=words(w.TINDAKAN[form["tindakan"]]) if form.get("tindakan") in w.TINDAKAN else "",
        alasan=words(w.ALASAN[form["alasan"]]) if form.get("alasan") in w.ALASAN else "",
        isian=dict(form),
        galat=[words(sentence) for sentence in wrong.values()],
        jalan=[one for one in rows if not one["sebab"]],
        tidak=[one for one in rows if one["sebab"]],
        selesai=done,
    )
