"""Decisions as they are kept, on both databases: whole or not at all, and never over somebody else's."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from server.planning.catatan import parse
from server.planning.errors import FieldErrors, ListChanged, NotFound, VersionConflict
from server.planning.keputusan import Meja, Siapa
from server.planning.putuskan import CHANGED, OPD_STAYS, SENTENCES, Pagu, Putuskan
from server.planning.tahapan import (
    DAY_MS,
    Pelaku,
    Peran,
    Putusan,
    Rantai,
    Sebab,
    Tahap,
    TidakBoleh,
    Tindakan,
    WrongStage,
)
from server.store import keputusan as decisions
from server.store import rekap
from server.store.catatan import Catatan, Filter
from server.store.musrenbangcam import Which
from server.store.tables import catatan, riwayat_usulan
from server.store.tables import keputusan as keputusan_table
from server.store.tables import rekap as rekap_table
from tests.server.planning.conftest import BAPPEDA, CAMAT, DESA, LICIN, MITRA, PAKIS, Desk, note

LIST = Which(2027, "35.10.24")


async def at_kecamatan(desk: Desk, **fields: object) -> Catatan:
    taken = await desk.take(note(**fields))
    for who, what in (
        (DESA, Tindakan.KONFIRMASI),
        (DESA, Tindakan.AJUKAN),
        (DESA, Tindakan.TERUSKAN),
        (MITRA, Tindakan.TERUSKAN),
    ):
        taken = await desk.decide(taken, what, who)
    assert taken.tahap == Tahap.KECAMATAN
    return taken


async def counted(desk: Desk) -> None:
    """What is counted is what there is."""
    async with desk.database.read() as connection:
        kept = await rekap.by(connection, "tahap", [])
        column = catatan.c.tahap
        there = await connection.execute(select(column, func.count()).group_by(column))
        assert kept == {row[0]: row[1] for row in there}
        rows = select(func.min(rekap_table.c.jumlah))
        assert int(await connection.scalar(rows) or 0) >= 0


async def written(desk: Desk) -> tuple[int, int]:
    async with desk.database.read() as connection:
        history = await connection.scalar(select(func.count()).select_from(riwayat_usulan))
        made = await connection.scalar(select(func.count()).select_from(keputusan_table))
    return int(history or 0), int(made or 0)


async def test_T20_a_decision_is_kept_with_all_that_belongs_to_it(desk: Desk) -> None:
    seen = await at_kecamatan(desk, opd_tujuan="Dinas PU")
    before = (await desk.book.list(Filter())).version
    done = await desk.decide(
        seen,
        Tindakan.TERUSKAN,
        CAMAT,
        at=77,
        rekomendasi="Layak",
        volume="12,5",
        biaya="Rp 1.250.000",
        catatan="Sudah ditinjau.",
    )
    assert (done.tahap, done.putusan, done.version) == (Tahap.FORUM_PD, Putusan.MENUNGGU, seen.version + 1)
    assert (await desk.book.list(Filter())).version > before
    last = (await desk.meja.view(seen.id, CAMAT, at=78)).decisions[-1]
    assert (last.nama, last.jabatan, last.peran, last.at) == ("Nama camat", "Camat", "camat", 77)
    assert (last.tahap, last.tindakan, last.putusan) == ("kecamatan", "teruskan", "diteruskan")
    assert (last.ke_tahap, last.rekomendasi, last.catatan) == ("forum_pd", "Layak", "Sudah ditinjau.")
    assert (format(last.volume or 0, "f"), last.biaya, last.atas_nama) == ("12.5", 1_250_000, False)
    assert done.riwayat is not None
    change = done.riwayat[-1]
    assert (change.field, change.old, change.new, change.by) == (
        "tahap",
        "kecamatan",
        "forum_pd",
        "Nama camat, Camat",
    )
    await counted(desk)


async def test_its_desa_confirms_once_and_no_other(desk: Desk) -> None:
    taken = await desk.take(note())
    with pytest.raises(TidakBoleh) as refused:
        await desk.decide(taken, Tindakan.KONFIRMASI, Pelaku(Peran.DESA, PAKIS))
    assert refused.value.sebab is Sebab.BUKAN_WILAYAH
    confirmed = await desk.decide(taken, Tindakan.KONFIRMASI, DESA)
    assert (confirmed.tahap, confirmed.version) == (Tahap.DRAF, 2)
    with pytest.raises(TidakBoleh):
        await desk.decide(confirmed, Tindakan.KONFIRMASI, DESA)
    with pytest.raises(WrongStage):
        await desk.decide(await desk.take(note(jenis="arahan")), Tindakan.KONFIRMASI, DESA)
    with pytest.raises(NotFound):
        await desk.meja.view("tidak-ada", DESA, at=1)


async def test_T18_the_camat_goes_on_after_three_days_marked(desk: Desk) -> None:
    taken = await desk.take(note())
    late = taken.created_at + 3 * DAY_MS
    with pytest.raises(TidakBoleh):
        await desk.decide(taken, Tindakan.KONFIRMASI, CAMAT, at=late - 1)
    confirmed = await desk.decide(taken, Tindakan.KONFIRMASI, CAMAT, at=late)
    submitted = await desk.decide(confirmed, Tindakan.AJUKAN, CAMAT, at=late + 1)
    view = await desk.meja.view(taken.id, CAMAT, at=late + 2)
    assert [decision.atas_nama for decision in view.decisions] == [True, True]
    assert confirmed.riwayat is not None
    assert confirmed.riwayat[-1].note == "atas nama"
    # What the desa does itself begins the days anew.
    withdrawn = await desk.decide(submitted, Tindakan.BATALKAN, DESA, at=late + 5)
    again = await desk.decide(withdrawn, Tindakan.BUKA_LAGI, DESA, at=late + 6)
    with pytest.raises(TidakBoleh) as refused:
        await desk.decide(again, Tindakan.TERUSKAN, CAMAT, at=late + 5 + 3 * DAY_MS)
    assert refused.value.sebab is Sebab.BELUM_WAKTUNYA
    await desk.decide(again, Tindakan.TERUSKAN, CAMAT, at=late + 6 + 3 * DAY_MS)


async def test_T20_of_two_deciders_one_is_told(desk: Desk) -> None:
    seen = await at_kecamatan(desk, opd_tujuan="Dinas PU")
    both = [
        desk.decide(seen, Tindakan.TERUSKAN, CAMAT),
        desk.decide(seen, Tindakan.TOLAK, CAMAT, alasan="duplikat"),
    ]
    done = await asyncio.gather(*both, return_exceptions=True)
    won = [one for one in done if isinstance(one, Catatan)]
    lost = [one for one in done if isinstance(one, VersionConflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert (lost[0].current.tahap, lost[0].current.putusan) == (won[0].tahap, won[0].putusan)
    view = await desk.meja.view(seen.id, CAMAT, at=9)
    assert len(view.decisions) == 5
    await counted(desk)


async def test_what_is_refused_writes_nothing(desk: Desk) -> None:
    seen = await at_kecamatan(desk)
    before = await written(desk)
    refusals: list[tuple[Tindakan, Pelaku, dict[str, Any], str]] = [
        (Tindakan.TERUSKAN, CAMAT, {}, "opd_tujuan"),
        (Tindakan.TOLAK, CAMAT, {}, "alasan"),
        (Tindakan.TOLAK, CAMAT, {"alasan": "bosan"}, "alasan"),
        (Tindakan.TERUSKAN, CAMAT, {"biaya": -1}, "biaya"),
        (Tindakan.TERUSKAN, CAMAT, {"biaya": 10**15 + 1}, "biaya"),
        (Tindakan.TERUSKAN, CAMAT, {"biaya": "banyak"}, "biaya"),
        (Tindakan.TERUSKAN, CAMAT, {"volume": "1e99"}, "volume"),
        (Tindakan.TERUSKAN, CAMAT, {"volume": "-1"}, "volume"),
        (Tindakan.TERUSKAN, CAMAT, {"catatan": "x" * 4001}, "catatan"),
        (Tindakan.TERUSKAN, CAMAT, {"rekomendasi": "\x00"}, "rekomendasi"),
        (Tindakan.CATAT_SIPD, CAMAT, {}, "nomor_sipd"),
    ]
    for what, who, fields, field in refusals:
        with pytest.raises(FieldErrors) as wrong:
            await desk.decide(seen, what, who, **fields)
        assert list(wrong.value.fields) == [field]
    for what, who in (
        (Tindakan.TERUSKAN, Pelaku(Peran.CAMAT, "35.10.16")),
        (Tindakan.AKOMODASI, BAPPEDA),
        (Tindakan.KONFIRMASI, DESA),
        (Tindakan.TERUSKAN, MITRA),
    ):
        with pytest.raises(TidakBoleh):
            await desk.decide(seen, what, who, opd_tujuan="Dinas PU")
    with pytest.raises(VersionConflict):
        await desk.meja.decide(
            seen.id,
            seen.version - 1,
            Putuskan(tindakan=Tindakan.TERUSKAN, opd_tujuan="Dinas PU"),
            pelaku=CAMAT,
            siapa=Siapa("A", "B", "akun:a"),
            at=9,
        )
    assert await written(desk) == before
    assert await desk.book.get(seen.id) == seen


async def test_a_fault_in_mid_decision_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, before = await at_kecamatan(desk), await written(desk)

    async def fails(*_: object) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(decisions, "add", fails)
    with pytest.raises(RuntimeError):
        await desk.decide(seen, Tindakan.CADANGKAN, CAMAT)
    monkeypatch.undo()
    assert await written(desk) == before
    assert await desk.book.get(seen.id) == seen
    await counted(desk)


async def test_the_whole_way_to_what_became_of_it(desk: Desk) -> None:
    done = await at_kecamatan(desk)
    opd = Pelaku(Peran.OPD, opd="dinas pu")
    done = await desk.decide(done, Tindakan.TERUSKAN, CAMAT, opd_tujuan="Dinas PU")
    assert done.opd_tujuan == "Dinas PU"
    done = await desk.decide(done, Tindakan.CADANGKAN, opd)
    done = await desk.decide(done, Tindakan.TERUSKAN, opd)
    done = await desk.decide(done, Tindakan.TERUSKAN, BAPPEDA)
    done = await desk.decide(done, Tindakan.CATAT_SIPD, BAPPEDA, nomor_sipd="SIPD-77")
    done = await desk.decide(done, Tindakan.AKOMODASI, BAPPEDA)
    assert (done.tahap, done.putusan, done.nomor_sipd) == (Tahap.SELESAI, Putusan.DIAKOMODIR, "SIPD-77")
    done = await desk.decide(done, Tindakan.CATAT_REALISASI, opd, realisasi="dikerjakan")
    assert done.realisasi == "dikerjakan"
    await counted(desk)


async def test_T24_an_opd_is_named_only_where_the_usulan_goes_on_its_way(desk: Desk) -> None:
    pu, other = Pelaku(Peran.OPD, opd="Dinas PU"), "Dinas Lain"
    seen = await at_kecamatan(desk, opd_tujuan="Dinas PU")
    sipd = {"nomor_sipd": "1", "opd_tujuan": other}
    realisasi = {"realisasi": "dikerjakan", "opd_tujuan": other}

    async def refused(who: Pelaku, what: Tindakan, **fields: Any) -> None:
        with pytest.raises(FieldErrors) as wrong:
            await desk.decide(seen, what, who, **fields)
        assert list(wrong.value.fields) == ["opd_tujuan"]
        assert await desk.book.get(seen.id) == seen

    seen = await desk.decide(seen, Tindakan.TERUSKAN, CAMAT)
    await refused(CAMAT, Tindakan.CATAT_SIPD, **sipd)
    await refused(MITRA, Tindakan.CATAT_SIPD, **sipd)
    await refused(pu, Tindakan.CADANGKAN, opd_tujuan=other)
    await refused(pu, Tindakan.TOLAK, alasan="salah_opd", opd_tujuan=other)
    fates = await desk.meja.preview(
        [(seen.id, seen.version)], parse(Putuskan, {"tindakan": "catat_sipd", **sipd}), pelaku=CAMAT, at=9
    )
    assert [fate.why_not for fate in fates] == [OPD_STAYS]
    # What stands, as a form shows it and sends it back, and nothing at all are no other one.
    seen = await desk.decide(seen, Tindakan.CATAT_SIPD, CAMAT, nomor_sipd="1", opd_tujuan="dinas  pu")
    assert (seen.nomor_sipd, seen.opd_tujuan) == ("1", "Dinas PU")
    seen = await desk.decide(seen, Tindakan.TERUSKAN, pu, opd_tujuan=other)
    assert seen.opd_tujuan == other
    await refused(CAMAT, Tindakan.CATAT_SIPD, **(sipd | {"opd_tujuan": "Dinas PU"}))
    back = await desk.decide(seen, Tindakan.KEMBALIKAN, BAPPEDA, alasan="salah_opd", opd_tujuan="Dinas PU")
    assert back.opd_tujuan == "Dinas PU"
    seen = await desk.decide(back, Tindakan.AJUKAN, DESA, opd_tujuan=other)
    assert seen.opd_tujuan == other
    for who in (DESA, MITRA, CAMAT, Pelaku(Peran.OPD, opd=other), BAPPEDA):
        seen = await desk.decide(seen, Tindakan.TERUSKAN, who)
    seen = await desk.decide(seen, Tindakan.AKOMODASI, BAPPEDA)
    await refused(Pelaku(Peran.OPD, opd=other), Tindakan.CATAT_REALISASI, **(realisasi | {"opd_tujuan": "X"}))


async def test_T9_a_return_is_a_draft_again_that_the_desa_edits(desk: Desk) -> None:
    seen = await at_kecamatan(desk)
    with pytest.raises(WrongStage):
        await desk.book.change(seen.id, {"version": seen.version, "judul": "x"}, by="L", at=9, own=LICIN)
    back = await desk.decide(seen, Tindakan.KEMBALIKAN, CAMAT, alasan="alamat_salah", catatan="Dusun mana?")
    assert (back.tahap, back.putusan) == (Tahap.DRAF, Putusan.DIKEMBALIKAN)
    edited = await desk.book.change(
        back.id, {"version": back.version, "alamat": "Jl. Ijen"}, by="L", at=9, own=LICIN
    )
    assert (await desk.decide(edited, Tindakan.AJUKAN, DESA)).tahap == Tahap.DESA


async def test_T21_many_at_once_each_goes_or_says_why(desk: Desk) -> None:
    goes = await at_kecamatan(desk, opd_tujuan="Dinas PU")
    no_opd = await at_kecamatan(desk)
    elsewhere = await desk.take(note(kode_wilayah=PAKIS))
    stale = await at_kecamatan(desk, opd_tujuan="Dinas PU")
    await desk.book.change(stale.id, {"version": stale.version, "judul": "Baru"}, by="P", at=9)
    which = [(one.id, one.version) for one in (goes, no_opd, elsewhere, stale)] + [("tidak-ada", 1)]
    wanted = parse(Putuskan, {"tindakan": "teruskan"})
    before = await written(desk)
    fates = await desk.meja.preview(which, wanted, pelaku=CAMAT, at=9)
    told = [fate.why_not for fate in fates]
    assert told[0] == ""
    assert told[2:4] == [SENTENCES[Sebab.BUKAN_WILAYAH], CHANGED]
    assert all(told[1:])
    assert await written(desk) == before
    siapa = Siapa("Camat", "Camat Licin", "akun:c")
    done = await desk.meja.decide_all(which, wanted, pelaku=CAMAT, siapa=siapa, at=9)
    assert [fate.why_not for fate in done] == told
    assert (await desk.book.get(goes.id)).tahap == Tahap.FORUM_PD
    assert (await desk.book.get(stale.id)).tahap == Tahap.KECAMATAN
    assert (await written(desk))[1] == before[1] + 1


async def ranks(desk: Desk) -> list[str]:
    return [row.note.ucapan for row in (await desk.camat_list.show(LIST)).ranked]


async def test_T22_the_camats_list_has_what_came_and_what_the_pleno_prioritised(desk: Desk) -> None:
    siapa = Siapa("Bupati", "", "grant:p")
    first = await at_kecamatan(desk, ucapan="A", perkiraan_biaya=60)
    fresh = await desk.take(note(ucapan="B", perkiraan_biaya=50))
    marked = await desk.camat_list.prioritise(fresh.id, siapa=siapa, at=70)
    assert (marked.diprioritaskan_at, marked.diprioritaskan_by) == (70, "Bupati")
    assert await desk.camat_list.prioritise(fresh.id, siapa=siapa, at=80) == marked
    await at_kecamatan(desk, ucapan="C")
    assert await ranks(desk) == ["A", "B", "C"]
    shown = await desk.camat_list.show(LIST)
    await desk.camat_list.move(LIST, fresh.id, up=True, version=shown.head.version)
    assert await ranks(desk) == ["B", "A", "C"]
    with pytest.raises(ListChanged):
        await desk.camat_list.move(LIST, fresh.id, up=False, version=shown.head.version)
    version = (await desk.camat_list.show(LIST)).head.version
    await desk.camat_list.set_pagu(LIST, parse(Pagu, {"pagu_indikatif": "Rp 100"}), version=version)
    shown = await desk.camat_list.show(LIST)
    assert [(row.biaya, row.sum, row.within) for row in shown.ranked] == [
        (50, 50, True),
        (60, 110, False),
        (None, 110, False),
    ]
    await desk.decide(first.id, Tindakan.TOLAK, CAMAT, alasan="lain")
    shown = await desk.camat_list.show(LIST)
    assert [row.note.ucapan for row in shown.ranked] == ["B", "C"]
    assert [one.ucapan for one in shown.out] == ["A"]
    # One that does not count is stepped over.
    await desk.camat_list.move(LIST, fresh.id, up=False, version=shown.head.version)
    assert await ranks(desk) == ["C", "B"]
    with pytest.raises(NotFound):
        await desk.camat_list.move(LIST, first.id, up=True, version=shown.head.version + 1)
    for body in (note(jenis="arahan"), note(instant={"spoken_at": 1})):
        with pytest.raises((WrongStage, FieldErrors)):
            await desk.camat_list.prioritise((await desk.take(body)).id, siapa=siapa, at=9)


async def test_T22_two_who_move_at_once_do_not_mix(desk: Desk) -> None:
    notes = [await at_kecamatan(desk, ucapan=str(n)) for n in range(4)]
    version = (await desk.camat_list.show(LIST)).head.version
    moves = [desk.camat_list.move(LIST, one.id, up=True, version=version) for one in notes[1:]]
    done = await asyncio.gather(*moves, return_exceptions=True)
    assert sum(isinstance(one, ListChanged) for one in done) == 2
    assert sorted(await ranks(desk)) == ["0", "1", "2", "3"]
    entered = [at_kecamatan(desk, ucapan=f"baru {n}") for n in range(3)]
    await asyncio.gather(*entered)
    assert len(await ranks(desk)) == 7


async def test_another_order_of_tiers(desk: Desk) -> None:
    meja = Meja(desk.database, Rantai((Tahap.KECAMATAN, Tahap.TAPD), wait_days=0))
    taken = await desk.take(note())
    siapa = Siapa("C", "", "akun:c")
    for who, what in (
        (CAMAT, Tindakan.KONFIRMASI),
        (CAMAT, Tindakan.AJUKAN),
        (CAMAT, Tindakan.TERUSKAN),
        (BAPPEDA, Tindakan.AKOMODASI),
    ):
        wanted = Putuskan(tindakan=what)
        taken = await meja.decide(
            taken.id, taken.version, wanted, pelaku=who, siapa=siapa, at=taken.created_at
        )
    assert (taken.tahap, taken.putusan) == (Tahap.SELESAI, Putusan.DIAKOMODIR)
