"""An office's own meeting: two devices of one office, answers that were lost, each line one usulan."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from server.planning.catatan import PenyebutanBaru, parse
from server.planning.errors import (
    IdTaken,
    NotFound,
    SidangBerubah,
    SidangPindah,
    SidangSelesai,
    VersionConflict,
)
from server.planning.kartu import KartuDesa
from server.planning.keputusan import Siapa
from server.planning.sidang import Penulis, SidangDesa
from server.planning.sidang_forms import BarisUbah, HadirUbah, PokokUbah, UrutanUbah
from server.planning.tahapan import Tindakan, WrongStage
from server.store.catatan import Catatan
from server.store.sidang import Which
from tests.server.planning.conftest import DESA, LICIN, PAKIS, ROOM, Desk, note

KANTOR = Which(ROOM, "licin")
OTHER = Which(ROOM, "pakis")
PENULIS = Penulis(Siapa("Tamansari", "", "grant:licin"), 7_000)


@pytest.fixture
def sidang(desk: Desk) -> SidangDesa:
    return SidangDesa(desk.database, desk.meja)


async def line(sidang: SidangDesa, line_id: str, *, which: Which = KANTOR, **fields: object) -> Catatan:
    wanted = {"version": 0, "judul": "Jembatan gantung"} | fields
    return await sidang.set_line(which, line_id, parse(BarisUbah, wanted), PENULIS)


async def rank(sidang: SidangDesa, version: int, *ids: str) -> tuple[str, ...]:
    wanted = parse(UrutanUbah, {"version": version, "ids": list(ids)})
    return (await sidang.rank(KANTOR, wanted, PENULIS)).ids


def new_id() -> str:
    return str(uuid4())


async def test_a_line_is_an_usulan_of_the_office_that_the_journal_does_not_know(
    desk: Desk, sidang: SidangDesa
) -> None:
    line_id = new_id()
    kept = await line(sidang, line_id, volume="12,5", perkiraan_biaya=2_000_000, kanal="susulan")
    assert (kept.tahap, kept.putusan, kept.kanal) == ("draf", "menunggu", "susulan")
    assert (kept.kode_wilayah, kept.tahun_rencana, kept.penyebutan) == (LICIN, 2027, ())
    assert kept.riwayat is not None
    assert [(r.field, r.by) for r in kept.riwayat] == [("dibuat", "Tamansari")]
    assert [one.id for one in await desk.all()] == [line_id]
    assert await desk.logged() == 0


async def test_the_same_again_is_answered_like_the_first_time(sidang: SidangDesa) -> None:
    line_id, person = new_id(), new_id()
    for _ in range(2):
        assert (await line(sidang, line_id)).version == 1
    for _ in range(2):
        assert (await line(sidang, line_id, version=1, judul="Jembatan beton")).version == 2
    hadir = parse(HadirUbah, {"version": 0, "nama": "Siti", "jenis_kelamin": "P", "unsur": "tani"})
    pokok = parse(PokokUbah, {"version": 0, "tempat": "Balai desa", "tanggal": "2027-01-15"})
    for _ in range(2):
        assert (await sidang.set_hadir(KANTOR, person, hadir, PENULIS)).version == 1
        assert (await sidang.set_pokok(KANTOR, pokok, PENULIS)).version == 1
        assert await rank(sidang, 0, line_id) == (line_id,)
    isi = await sidang.show(KANTOR)
    assert [len(isi.hadir), len(isi.usulan), isi.urutan.version] == [1, 1, 0]


async def test_two_devices_at_once_make_one_line(sidang: SidangDesa) -> None:
    line_id = new_id()
    await asyncio.gather(*(line(sidang, line_id) for _ in range(4)))
    assert [one.version for one in (await sidang.show(KANTOR)).usulan] == [1]


async def test_other_words_over_another_version_are_a_conflict_that_tells_what_is_stored(
    sidang: SidangDesa,
) -> None:
    line_id, person = new_id(), new_id()
    await line(sidang, line_id)
    await line(sidang, line_id, version=1, judul="Jembatan beton")
    with pytest.raises(VersionConflict) as stale:
        await line(sidang, line_id, version=1, judul="Jembatan bambu")
    assert (stale.value.current.judul, stale.value.current.version) == ("Jembatan beton", 2)
    for nama, version in (("Siti", 0), ("Siti Aminah", 1)):
        ubah = parse(HadirUbah, {"version": version, "nama": nama})
        await sidang.set_hadir(KANTOR, person, ubah, PENULIS)
    with pytest.raises(SidangBerubah):
        await sidang.set_hadir(KANTOR, person, parse(HadirUbah, {"version": 1, "nama": "Sita"}), PENULIS)
    await sidang.set_pokok(KANTOR, parse(PokokUbah, {"version": 0, "tempat": "Balai"}), PENULIS)
    with pytest.raises(SidangBerubah):
        await sidang.set_pokok(KANTOR, parse(PokokUbah, {"version": 0, "tempat": "Sekolah"}), PENULIS)
    isi = await sidang.show(KANTOR)
    assert [isi.usulan[0].judul, isi.hadir[0].nama, isi.pokok.tempat] == [
        "Jembatan beton",
        "Siti Aminah",
        "Balai",
    ]


async def test_ranking_names_the_version_of_the_order_and_new_lines_come_last(
    desk: Desk, sidang: SidangDesa
) -> None:
    first, second, third = [new_id() for _ in range(3)]
    await line(sidang, first)
    await line(sidang, second)
    assert await rank(sidang, 0, second, first) == (second, first)
    await line(sidang, third)
    assert await rank(sidang, 1, first, second) == (first, second, third)
    with pytest.raises(SidangBerubah):
        await rank(sidang, 1, third, second, first)
    with pytest.raises(NotFound):
        await rank(sidang, 2, new_id())
    assert (await sidang.show(KANTOR)).urutan.version == 2
    await line(sidang, second, version=1, hapus=True)
    await desk.take(note(judul="Baru di pleno"))
    card = await KartuDesa(desk.database).of(LICIN, 2027)
    assert [one.id for one in card.usulan[:2]] == [first, third]
    assert [one.judul for one in card.usulan[2:]] == ["Baru di pleno"]


async def test_struck_off_and_put_back_by_the_chain_with_history(desk: Desk, sidang: SidangDesa) -> None:
    line_id = new_id()
    await line(sidang, line_id)
    for _ in range(2):
        gone = await line(sidang, line_id, version=1, hapus=True)
        assert (gone.putusan, gone.version) == ("dibatalkan", 2)
    back = await line(sidang, line_id, version=2, judul="Jembatan beton")
    assert (back.putusan, back.judul) == ("menunggu", "Jembatan beton")
    submitted = await desk.decide(line_id, Tindakan.AJUKAN, DESA)
    for fields in ({"judul": "Lain"}, {"judul": "Jembatan beton", "hapus": True}):
        with pytest.raises(VersionConflict):
            await line(sidang, line_id, version=back.version, **fields)
        with pytest.raises(WrongStage):
            await line(sidang, line_id, version=submitted.version, **fields)
    assert await desk.book.get(line_id) == submitted
    withdrawn = await desk.decide(line_id, Tindakan.BATALKAN, DESA)
    with pytest.raises(VersionConflict):
        await line(sidang, line_id, version=submitted.version, judul="Jembatan beton")
    again = await line(sidang, line_id, version=withdrawn.version, judul="Jembatan beton")
    assert (again.tahap, again.putusan) == ("desa", "menunggu")


async def test_T23_what_was_put_right_to_another_desa_leaves_the_list(desk: Desk, sidang: SidangDesa) -> None:
    moved, stays = new_id(), new_id()
    for one in (moved, stays):
        await line(sidang, one, kontak="0812")
    away = await desk.book.change(
        moved, {"version": 1, "kode_wilayah": PAKIS, "kontak": "0899"}, by="N", at=8_000
    )
    isi = await sidang.show(KANTOR)
    assert [[one.id for one in isi.usulan], list(isi.urutan.ids), isi.pindah] == [[stays], [stays], [moved]]
    for fields in ({"judul": "Milik kami"}, {"hapus": True}, {}):
        for version in (0, 1, away.version):
            with pytest.raises(SidangPindah):
                await line(sidang, moved, version=version, **fields)
    with pytest.raises(IdTaken):
        await line(sidang, moved, which=OTHER)
    assert await desk.book.get(moved) == away
    # The order of a device that was offline; what has left is passed over.
    third = new_id()
    await line(sidang, third)
    assert await rank(sidang, 0, moved, third, stays) == (third, stays)
    assert (await sidang.of_session(ROOM))["licin"].usulan == 2
    for judul in ("Pasar", "Talud"):
        await line(sidang, new_id(), which=OTHER, judul=judul)
    card = await KartuDesa(desk.database).of(PAKIS, 2027)
    assert [one.judul for one in card.usulan] == ["Pasar", "Talud", "Jembatan gantung"]
    # Put right again, it is back.
    await desk.book.change(moved, {"version": away.version, "kode_wilayah": LICIN}, by="N", at=8_000)
    isi = await sidang.show(KANTOR)
    assert ({one.id for one in isi.usulan}, isi.pindah) == ({moved, stays, third}, [])


async def test_T23_a_line_that_moves_while_it_is_struck_off_is_not_told(
    desk: Desk, sidang: SidangDesa, monkeypatch: pytest.MonkeyPatch
) -> None:
    line_id, decide = new_id(), desk.meja.decide
    await line(sidang, line_id)

    async def late(*given: Any, **more: Any) -> Catatan:
        await desk.book.change(line_id, {"version": 1, "kode_wilayah": PAKIS}, by="N", at=8_000)
        return await decide(*given, **more)

    monkeypatch.setattr(desk.meja, "decide", late)
    with pytest.raises(SidangPindah):
        await line(sidang, line_id, version=1, hapus=True)
    assert (await desk.book.get(line_id)).putusan == "menunggu"


async def test_what_has_ended_changes_only_after_it_was_opened_again(sidang: SidangDesa) -> None:
    line_id = new_id()
    await line(sidang, line_id)
    ended = parse(PokokUbah, {"version": 0, "tempat": "Balai", "selesai": True})
    assert (await sidang.set_pokok(KANTOR, ended, PENULIS)).selesai_at == 7_000
    with pytest.raises(SidangSelesai):
        await line(sidang, new_id())
    with pytest.raises(SidangSelesai):
        await line(sidang, line_id, version=1, hapus=True)
    with pytest.raises(SidangSelesai):
        await sidang.set_hadir(KANTOR, new_id(), parse(HadirUbah, {"version": 0, "nama": "S"}), PENULIS)
    assert (await line(sidang, line_id)).version == 1, "what says the same as before is no change"
    again = parse(PokokUbah, {"version": 1, "tempat": "Balai"})
    assert (await sidang.set_pokok(KANTOR, again, PENULIS)).selesai_at is None
    await line(sidang, new_id())


async def test_another_office_and_another_note_are_out_of_reach(desk: Desk, sidang: SidangDesa) -> None:
    line_id, spoken = new_id(), note()
    await line(sidang, line_id)
    await desk.take(spoken)
    for stranger in (line_id, str(spoken["id"])):
        with pytest.raises(IdTaken):
            await line(sidang, stranger, which=OTHER, judul="Milik kami")
    with pytest.raises(NotFound):
        await line(sidang, new_id(), which=Which(ROOM, "aula"))
    assert [one.judul for one in (await sidang.show(KANTOR)).usulan] == ["Jembatan gantung"]
    assert (await sidang.show(OTHER)).usulan == []


async def test_a_list_that_is_brought_twice_is_there_once_and_keeps_what_was_written(
    sidang: SidangDesa,
) -> None:
    ids = [new_id(), new_id()]
    brought = {"licin": [(one, parse(BarisUbah, {"version": 0, "judul": "Irigasi"})) for one in ids]}
    assert await sidang.take_over(ROOM, brought, PENULIS) == 2
    await line(sidang, ids[0], version=1, judul="Irigasi tersier")
    assert await sidang.take_over(ROOM, brought, PENULIS) == 0
    isi = await sidang.show(KANTOR)
    assert [one.judul for one in isi.usulan] == ["Irigasi tersier", "Irigasi"]
    with pytest.raises(NotFound):
        await sidang.take_over(ROOM, {"aula": brought["licin"], "pakis": brought["licin"]}, PENULIS)
    assert (await sidang.show(OTHER)).usulan == []


async def test_spoken_of_in_the_pleno_it_stays_the_same_usulan(desk: Desk, sidang: SidangDesa) -> None:
    line_id = new_id()
    await line(sidang, line_id)
    spoken = parse(PenyebutanBaru, {"id": new_id(), "spoken_at": 9_000, "seat_id": "licin"})
    await desk.book.mention(line_id, ROOM, spoken, by="N", at=9_500)
    assert [len(one.penyebutan) for one in (await sidang.show(KANTOR)).usulan] == [1]
    assert len(await desk.all()) == 1
