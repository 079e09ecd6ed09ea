"""One note with all that is known of it; of an usulan its whole chain, and the form that decides it.

The form names the version that was seen. What is wrong stands at its field with what was typed; who is second
is told, and shown the usulan as it is now.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from aiohttp import web

from rooms.meeting.vocabulary import JenisCatatan
from server.access import ROUTES, Role
from server.api.notes_access import answered, readable, tell
from server.auth.guard import IDENTITY
from server.i18n import N_
from server.kept import KAMUS, MEJA, MIRIP, MUSRENBANGCAM, SESSIONS
from server.keys import NEW_ID, NOW, WORDS
from server.pages import usulan_words as w
from server.pages.deciders import pelaku_of, require_own, siapa_of
from server.pages.posted import texts
from server.pages.render import PAGES
from server.pages.screens import boot
from server.pages.usulan import moment, row
from server.planning.album import MOST
from server.planning.catatan import parse
from server.planning.errors import FieldErrors, VersionConflict
from server.planning.keputusan import Pandangan
from server.planning.putuskan import CHANGED, SENTENCES, PutuskanSatu
from server.planning.tahapan import Pelaku, Peran, Sebab, Tahap, TidakBoleh, Tindakan, office_may_edit
from server.refusals import Refusal
from server.store.catatan import Catatan
from server.store.keputusan import Keputusan
from server.store.lampiran import FOTO_REALISASI, PHOTOS, RAB, SURAT_PENGANTAR

TOO_EARLY = N_("Desanya masih diberi waktu untuk menjawab sendiri, sampai %(saat)s WIB.")
DONE = N_("Keputusan tersimpan.")
FILES: Mapping[str, str] = {"tersimpan": N_("Berkas tersimpan."), "dihapus": N_("Berkas dihapus.")}
PICTURES, PAPERS = "image/jpeg,image/png", "application/pdf,image/jpeg,image/png"


async def one(request: web.Request) -> web.Response:
    """``GET usulan/{id}``: every field that is filled in, every mention, every decision, every change."""
    return await page(request, 200, notice=DONE if "tersimpan" in request.query else "")


async def decide(request: web.Request) -> web.Response:
    """``POST usulan/{id}/putuskan``: 303, or the page again: 422 at the field, 409, 403."""
    typed, catatan_id = await texts(request), request.match_info["id"]
    form: dict[str, object] = {name: value for name, value in typed.items() if value.strip()}
    if typed.get("version", "").isascii() and typed.get("version", "").isdigit():
        form["version"] = int(typed["version"])
    try:
        wanted = parse(PutuskanSatu, form)
        pelaku, at = await pelaku_of(request), request.app[NOW]()
        with answered():
            require_own(pelaku, (await request.app[MEJA].view(catatan_id, pelaku, at=at)).note)
        try:
            note = await request.app[MEJA].decide(
                catatan_id, wanted.version, wanted, pelaku=pelaku, siapa=siapa_of(request), at=at
            )
        except VersionConflict:
            return await page(request, 409, typed=typed, wrong={"": CHANGED})
        except TidakBoleh as error:
            return await page(request, 409, typed=typed, wrong={"": SENTENCES[error.sebab]}, why=error.sebab)
    except FieldErrors as error:
        # a version that no page of ours sent has no field to stand at
        whole = {"": CHANGED} if "version" in error.fields else {}
        return await page(request, 422, typed=typed, wrong=error.fields | whole)
    await tell(request, note)
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}usulan/{catatan_id}?tersimpan=1#rantai")


async def prioritise(request: web.Request) -> web.Response:
    """``POST usulan/{id}/prioritaskan``: it is on its camat's list; 303."""
    catatan_id = request.match_info["id"]
    try:
        with answered():
            note = await request.app[MUSRENBANGCAM].prioritise(
                catatan_id, siapa=siapa_of(request), at=request.app[NOW]()
            )
    except Refusal as error:
        if not error.fields:
            raise
        return await page(request, 422, wrong={"": next(iter(error.fields.values()))})
    await tell(request, note)
    raise web.HTTPSeeOther(f"{request[IDENTITY].base}usulan/{catatan_id}")


async def page(
    request: web.Request,
    status: int,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    why: Sebab | None = None,
    notice: str = "",
) -> web.Response:
    pelaku, identity = await pelaku_of(request), request[IDENTITY]
    with answered():
        view = await request.app[MEJA].view(request.match_info["id"], pelaku, at=request.app[NOW]())
    require_own(pelaku, view.note)
    note = (await readable(request, [view.note]))[0][0]
    words, base = request.app[WORDS], identity.base
    titles = {str(summary.room_id): summary.title for summary in await request.app[SESSIONS].list()}
    said = {name: words(sentence) for name, sentence in (wrong or {}).items()}
    if why is Sebab.BELUM_WAKTUNYA:
        said[""] = words(TOO_EARLY, saat=moment(view.quiet_until))
    office = identity.role is Role.DESA
    return request.app[PAGES].response(
        "usulan_satu.html",
        status=status,
        boot=await boot(request),
        base=base,
        catatan=row(note, words),
        isian=[(words(heading), value) for heading, value in w.fields(note, words)],
        penyebutan=[
            {
                "kapan": moment(m.spoken_at),
                "sesi": titles.get(m.room_id, ""),
                # an office has no replay of its own
                "putar": "" if office else f"{base}sesi/{m.room_id}/replay#{note.id}",
                "diucapkan": m.spoken,
            }
            for m in note.penyebutan
        ],
        foto=[f"{base}foto/{one}.jpg" for one in note.foto],
        lampiran=[
            kind
            for jenis in (SURAT_PENGANTAR, RAB, FOTO_REALISASI)
            if (kind := _files(request, note, jenis, may_attach(identity.role, view, jenis)))
        ],
        pesan_lampiran=words(FILES.get(request.query.get("berkas", ""), "")),
        sama=[row(other, words) for other in await _same(request, note, pelaku)],
        rantai=[_decision(decision, note, base, words, office=office) for decision in view.decisions],
        pilihan=[(str(one), words(w.TINDAKAN[one])) for one in view.open],
        version=note.version,
        menunggu_sampai=_waits(view, pelaku.peran),
        alasan=[(str(one), words(name)) for one, name in w.ALASAN.items()],
        realisasi=[(str(one), words(name)) for one, name in w.REALISASI.items()],
        opd_tujuan=note.opd_tujuan,
        opd=await request.app[KAMUS].opd(),
        satuan=note.satuan,
        diketik=dict(typed or {}),
        galat=said,
        pesan=words(notice) if notice else "",
        bisa_prioritas=identity.role in ROUTES["usulan_prioritise"] and bool(note.tahap),
        diprioritaskan=note.diprioritaskan_by,
        riwayat=[] if office else _history(note, words),
    )


def may_attach(role: Role, view: Pandangan, jenis: str) -> bool:
    """Whether files of this kind are this one's to add to an usulan it sees, and to remove (T14, T19)."""
    if jenis == FOTO_REALISASI:
        return Tindakan.CATAT_REALISASI in view.open
    if view.note.jenis != JenisCatatan.USULAN:
        return False
    return role is Role.PANITIA or (role is Role.DESA and office_may_edit(view.note.tahap))


def _files(request: web.Request, note: Catatan, jenis: str, allowed: bool) -> dict[str, object]:
    """One kind of files as the page shows it; empty: nothing is there, and nothing to be added."""
    base, words, photos = request[IDENTITY].base, request.app[WORDS], jenis in PHOTOS
    there = [one for one in note.lampiran if one.jenis == jenis]
    if not there and not allowed:
        return {}
    return {
        "jenis": jenis,
        "kata": words(w.LAMPIRAN[jenis]),
        "foto": photos,
        "terima": PICTURES if photos else PAPERS,
        "boleh": allowed,
        # minted here, so that a form that is sent twice adds one file
        "baru": request.app[NEW_ID]() if allowed and len(there) < MOST[jenis] else "",
        "ada": [
            {
                "id": one.id,
                "alamat": f"{base}foto/{one.id}.jpg" if photos else f"{base}lampiran/{one.id}",
                "tipe": one.tipe.upper(),
                "halaman": one.halaman,
                "kapan": moment(one.at),
                "oleh": one.by,
            }
            for one in there
        ],
    }


async def _same(request: web.Request, note: Catatan, pelaku: Pelaku) -> list[Catatan]:
    """What people hold for the same, of that what this reader may open."""
    linked = []
    for other in await request.app[MIRIP].linked_with(note.id):
        with suppress(Refusal):
            require_own(pelaku, other)
            linked.append(other)
    return [one for one, _ in await readable(request, linked)]


def _waits(view: Pandangan, peran: Peran) -> str:
    """Until when a camat waits for the desa; empty when nothing is waited for."""
    of_the_desa = view.note.tahap in (Tahap.CATATAN_LANGSUNG, Tahap.DRAF, Tahap.DESA)
    return moment(view.quiet_until) if peran is Peran.CAMAT and of_the_desa and not view.open else ""


def _decision(
    decision: Keputusan, note: Catatan, base: str, words: Callable[[str], str], *, office: bool
) -> dict[str, object]:
    spoken = next((m.room_id for m in note.penyebutan if m.spoken), None)
    return {
        "kapan": moment(decision.at),
        "nama": decision.nama,
        "jabatan": decision.jabatan,
        "tahap": words(w.TAHAP.get(decision.tahap, decision.tahap)),
        "tindakan": words(w.TINDAKAN.get(decision.tindakan, decision.tindakan)),
        "ke": words(w.TAHAP[decision.ke_tahap]) if decision.ke_tahap != decision.tahap else "",
        "alasan": words(w.ALASAN[decision.alasan]) if decision.alasan in w.ALASAN else "",
        "rekomendasi": decision.rekomendasi,
        "catatan": decision.catatan,
        "volume": w.value("volume", "" if decision.volume is None else format(decision.volume, "f"), words),
        "biaya": w.rupiah(decision.biaya),
        "atas_nama": decision.atas_nama,
        "putar": f"{base}sesi/{spoken}/replay#{note.id}" if spoken and not office else "",
    }


def _history(note: Catatan, words: Callable[[str], str]) -> list[dict[str, str]]:
    return [
        {
            "kapan": moment(change.at),
            "oleh": f"{change.by} ({change.note})" if change.note else change.by,
            "apa": words(w.CHANGES.get(change.field, change.field)),
            "lama": w.value(change.field, change.old, words),
            "baru": w.value(change.field, change.new, words),
        }
        for change in note.riwayat or ()
    ]
