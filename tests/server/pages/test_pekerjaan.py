"""The pages of those who decide, over HTTP: what waits, one decision, many, the camat's list."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rooms.clock import SystemClock
from server.access import Role
from server.kept import MEJA, NOTEBOOK
from server.planning.putuskan import CHANGED, SENTENCES
from server.planning.tahapan import DAY_MS, Sebab
from tests.server.pages.test_usulan import noted
from tests.support.app import SARONGAN, House, Visitor, running

KECAMATAN, OTHER = SARONGAN[:8], "35.10.24"


class Later(SystemClock):
    """The system's clock, put on."""

    ahead = 0

    def now(self) -> int:
        return super().now() + self.ahead


@pytest.fixture
async def clock() -> Later:
    return Later()


@pytest.fixture
async def house(tmp_path: Path, clock: Later) -> AsyncIterator[House]:
    async with running(tmp_path, clock=clock, tahap_usulan="desa,kecamatan,kabupaten,tapd") as house:
        await (await house.opened()).close()
        yield house


async def decide(
    who: Visitor, catatan_id: str, tindakan: str, version: int = 0, **fields: str
) -> tuple[int, str]:
    """By the form as the page shows it, or of another version."""
    _, page = await who.request("GET", f"usulan/{catatan_id}")
    seen = re.search(r'name="version" value="(\d+)"', str(page))
    typed = {"version": str(version or (seen[1] if seen else "1")), "tindakan": tindakan} | fields
    status, page = await who.request("POST", f"usulan/{catatan_id}/putuskan", data=typed)
    return status, str(page)


async def at_kecamatan(house: House, **fields: Any) -> str:
    catatan_id = await noted(await house.visit(Role.NOTULIS), **fields)
    office = await house.visit(SARONGAN)
    for tindakan in ("konfirmasi", "ajukan", "teruskan"):
        assert (await decide(office, catatan_id, tindakan))[0] == 303
    return catatan_id


async def standing(house: House, catatan_id: str) -> str:
    note = await house.app[NOTEBOOK].get(catatan_id)
    return f"{note.tahap} {note.putusan}"


async def picked(who: Visitor, query: str = "") -> list[str]:
    status, page = await who.request("GET", f"pekerjaan{query}")
    assert status == 200, page
    return re.findall(r'name="pilih" value="([^"]+)"', str(page))


async def test_a_decision_shows_who_when_why_and_plays_its_moment(house: House) -> None:
    catatan_id = await at_kecamatan(house, opd_tujuan="PU")
    camat = await house.account(Role.CAMAT, KECAMATAN, nama="Budi <b>")
    status, _ = await decide(camat, catatan_id, "kembalikan", alasan="alamat_salah", catatan="Dusun mana?")
    assert (status, await standing(house, catatan_id)) == (303, "draf dikembalikan")
    status, page = await camat.request("GET", f"usulan/{catatan_id}")
    assert status == 200
    for words in ("Budi &lt;b&gt;", "Alamatnya salah", "Dusun mana?", "Draf (Revisi)", "Kembalikan ke desa"):
        assert words in page, words
    address = f"sesi/{house.room_id}/replay#{catatan_id}"
    assert page.count(address) == 5
    assert (await camat.request("GET", f"sesi/{house.room_id}/replay"))[0] == 200
    assert (await camat.request("GET", f"sesi/{house.room_id}/api/timeline"))[0] == 200
    # The office sees the chain by its own link, and may go on.
    office = await house.visit(SARONGAN)
    page = (await office.request("GET", f"usulan/{catatan_id}"))[1]
    assert "Dusun mana?" in page
    assert "Riwayat" not in page
    assert (await decide(office, catatan_id, "ajukan"))[0] == 303


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(house: House) -> None:
    catatan_id = await at_kecamatan(house)
    camat = await house.account(Role.CAMAT, KECAMATAN)
    before = await house.app[NOTEBOOK].get(catatan_id)
    for fields, field in (
        ({"tindakan": "tolak"}, "alasan"),
        ({"tindakan": "tolak", "alasan": "bosan"}, "alasan"),
        ({"tindakan": "teruskan", "biaya": "9" * 17}, "biaya"),
        ({"tindakan": "teruskan", "biaya": "-5"}, "biaya"),
        ({"tindakan": "teruskan", "volume": "12,5555"}, "volume"),
        ({"tindakan": "teruskan", "rekomendasi": "x" * 201}, "rekomendasi"),
        ({"tindakan": "catat_sipd"}, "nomor_sipd"),
        ({"tindakan": "catat_sipd", "nomor_sipd": "1", "opd_tujuan": "Dinas Lain"}, "opd_tujuan"),
        ({"tindakan": "terserah"}, "tindakan"),
    ):
        rest = {name: value for name, value in fields.items() if name != "tindakan"}
        status, page = await decide(camat, catatan_id, fields["tindakan"], 0, **rest)
        assert status == 422, (fields, page)
        assert re.search(rf'id="salah-{field}">[^<]+<', page), fields
        assert fields.get("rekomendasi", "") in page
    for tindakan, sebab in (
        ("akomodasi", Sebab.BUKAN_TAHAPNYA),
        ("konfirmasi", Sebab.BUKAN_TAHAPNYA),
        ("batalkan", Sebab.BUKAN_WEWENANG),
    ):
        status, page = await decide(camat, catatan_id, tindakan)
        assert (status, SENTENCES[sebab] in page) == (409, True), tindakan
    status, page = await decide(camat, catatan_id, "teruskan", version=1)
    assert (status, CHANGED in page) == (409, True)
    stranger = await house.account(Role.CAMAT, OTHER)
    status, page = await decide(stranger, catatan_id, "teruskan", version=before.version)
    assert (status, "bukan dari wilayah Anda" in page) == (403, True)
    assert (await camat.request("POST", "usulan/tidak-ada/putuskan", data={"version": "1"}))[0] == 404
    assert (await decide(camat, "tidak-ada", "teruskan"))[0] == 404
    assert await house.app[NOTEBOOK].get(catatan_id) == before


async def test_the_camat_waits_three_days_for_the_desa(house: House, clock: Later) -> None:
    catatan_id = await noted(await house.visit(Role.NOTULIS))
    camat = await house.account(Role.CAMAT, KECAMATAN)
    page = (await camat.request("GET", f"usulan/{catatan_id}"))[1]
    assert "Menunggu desa." in page
    status, page = await decide(camat, catatan_id, "konfirmasi")
    assert (status, "diberi waktu untuk menjawab sendiri, sampai" in page) == (409, True)
    clock.ahead = 3 * DAY_MS
    assert (await decide(camat, catatan_id, "konfirmasi"))[0] == 303
    assert "Atas nama desa" in (await camat.request("GET", f"usulan/{catatan_id}"))[1]


async def test_what_waits_for_whom(house: House) -> None:
    arrived = await at_kecamatan(house)
    fresh = await noted(await house.visit(Role.NOTULIS))
    camat, other = await house.account(Role.CAMAT, KECAMATAN), await house.account(Role.CAMAT, OTHER)
    bappeda, office = await house.account(Role.BAPPEDA), await house.visit(SARONGAN)
    assert [one.partition(".")[0] for one in await picked(camat)] == [arrived]
    assert [one.partition(".")[0] for one in await picked(camat, "?tahap=catatan_langsung")] == [fresh]
    assert [one.partition(".")[0] for one in await picked(office, "?tahap=catatan_langsung")] == [fresh]
    assert await picked(other) == await picked(bappeda) == []
    assert await picked(camat, "?q=gantung") == await picked(camat)
    assert await picked(camat, "?q=tidakada") == []
    assert (await camat.request("GET", "pekerjaan?tahap=tapd"))[0] == 404
    assert (await camat.request("GET", "pekerjaan?x=1"))[0] == 400
    opd = await house.account(Role.OPD, opd="PU")
    assert (await opd.request("GET", "pekerjaan"))[0] == 404  # the order has no forum_pd


async def test_many_are_looked_at_first_and_decided_each_whole(house: House) -> None:
    ids = [await at_kecamatan(house, ucapan=f"Jembatan {n}") for n in range(3)]
    camat = await house.account(Role.CAMAT, KECAMATAN)
    values = await picked(camat)
    assert len(values) == 3
    form = {"tindakan": "teruskan", "alasan": "", "catatan": "Hasil musrenbangcam"}
    status, page = await camat.request("POST", "pekerjaan/pratinjau", data=[*form.items(), *picks(values)])
    assert status == 200
    assert "3 usulan akan diputuskan" in page
    assert {await standing(house, one) for one in ids} == {"kecamatan menunggu"}
    assert (await decide(camat, ids[0], "cadangkan"))[0] == 303
    status, page = await camat.request("POST", "pekerjaan/putuskan", data=[*form.items(), *picks(values)])
    assert (status, "2 usulan tersimpan" in page) == (200, True)
    assert "1 usulan tetap seperti semula" in page
    assert CHANGED in page
    assert [await standing(house, one) for one in ids] == ["kecamatan cadangan", *["kabupaten menunggu"] * 2]
    chain = (await camat.request("GET", f"usulan/{ids[1]}"))[1]
    assert "Hasil musrenbangcam" in chain
    refuse = [("tindakan", "tolak")]
    status, page = await camat.request("POST", "pekerjaan/pratinjau", data=refuse)
    assert (status, "Pilih dahulu usulannya" in page) == (422, True)
    left = picks(await picked(camat))
    status, page = await camat.request("POST", "pekerjaan/pratinjau", data=[*refuse, *left])
    assert (status, "1 usulan tidak ikut" in page, "Pilih alasannya" in page) == (200, True, True)
    for bad in ("x", "a.b", f"{ids[0]}.{'9' * 12}", ".1"):
        data = [("tindakan", "tolak"), ("pilih", bad)]
        assert (await camat.request("POST", "pekerjaan/putuskan", data=data))[0] == 400, bad
    many = [("pilih", f"n{n}.1") for n in range(201)]
    status, page = await camat.request("POST", "pekerjaan/putuskan", data=[("tindakan", "tolak"), *many])
    assert (status, "Paling banyak 200" in page) == (422, True)


def picks(values: list[str]) -> list[tuple[str, str]]:
    return [("pilih", value) for value in values]


async def ranked(who: Visitor, query: str = "?tahun=2028") -> tuple[list[str], dict[str, str]]:
    """Ids in their order, and what the list's forms send along."""
    status, page = await who.request("GET", f"musrenbangcam{query}")
    assert status == 200, page
    hidden = dict(re.findall(r'type="hidden" name="(kecamatan|tahun|version)" value="([^"]+)"', page))
    return re.findall(r'id="u-([^"]+)"', page), hidden


async def test_the_camats_list_is_ranked_by_buttons_up_to_the_line(house: House) -> None:
    first = await at_kecamatan(house, ucapan="Satu", perkiraan_biaya=60_000_000)
    second = await at_kecamatan(house, ucapan="Dua", perkiraan_biaya=50_000_000)
    notulis = await house.visit(Role.NOTULIS)
    third = await noted(notulis, ucapan="Tiga")
    status, body = await notulis.request("POST", f"api/v1/catatan/{third}/prioritas")
    assert (status, body["diprioritaskan_by"]) == (200, "Meja Notulis")
    camat, bappeda = await house.account(Role.CAMAT, KECAMATAN), await house.account(Role.BAPPEDA)
    ids, hidden = await ranked(camat)
    assert ids == [first, second, third]
    assert (await camat.request("POST", f"musrenbangcam/{second}/naik", data=hidden))[0] == 303
    assert (await ranked(camat))[0] == [second, first, third]
    status, page = await camat.request("POST", f"musrenbangcam/{second}/turun", data=hidden)
    assert (status, "baru saja diubah orang lain" in page) == (409, True)
    pagu = (await ranked(bappeda, f"?kecamatan={KECAMATAN}&tahun=2028"))[1]
    for wrong in ("-1", "banyak", "9" * 17):
        status, page = await bappeda.request(
            "POST", "musrenbangcam/pagu", data=pagu | {"pagu_indikatif": wrong}
        )
        assert status == 422, wrong
        assert re.search(r'id="salah-pagu">[^<]+<', page)
    given = pagu | {"pagu_indikatif": "Rp 100.000.000"}
    assert (await bappeda.request("POST", "musrenbangcam/pagu", data=given))[0] == 303
    assert (await bappeda.request("POST", "musrenbangcam/pagu", data=given))[0] == 409
    page = (await camat.request("GET", "musrenbangcam?tahun=2028"))[1]
    line, place = page.index("garis-pagu"), {one: page.index(f'id="u-{one}"') for one in ids}
    assert place[second] < line < place[first] < place[third]
    assert "Rp 100.000.000; sampai di sini Rp 50.000.000" in page
    assert "Dari pleno" in page
    # The list is the camat's own.
    assert (await camat.request("POST", "musrenbangcam/pagu", data=given))[0] == 403
    assert (await bappeda.request("POST", f"musrenbangcam/{second}/naik", data=pagu))[0] == 403
    assert (await camat.request("GET", f"musrenbangcam?kecamatan={OTHER}"))[0] == 403
    other = await house.account(Role.CAMAT, OTHER)
    assert (await other.request("POST", f"musrenbangcam/{second}/naik", data=hidden))[0] == 403
    own = hidden | {"kecamatan": OTHER, "version": "0"}
    assert (await other.request("POST", f"musrenbangcam/{second}/naik", data=own))[0] == 404
    for query in ("?tahun=x", "?tahun=20288", "?kecamatan=99.99.99"):
        assert (await bappeda.request("GET", f"musrenbangcam{query}"))[0] in (400, 404), query


async def test_the_panitia_prioritises_too_but_only_what_has_a_place(house: House) -> None:
    panitia, notulis = await house.visit(Role.PANITIA), await house.visit(Role.NOTULIS)
    placed = await noted(notulis)
    assert (await panitia.request("POST", f"usulan/{placed}/prioritaskan"))[0] == 303
    assert "Diprioritaskan dalam pleno oleh Panitia" in (await panitia.request("GET", f"usulan/{placed}"))[1]
    nowhere = await noted(notulis, instant={"spoken_at": 1})
    status, page = await panitia.request("POST", f"usulan/{nowhere}/prioritaskan")
    assert (status, "Tentukan dahulu desa" in page) == (422, True)
    status, body = await notulis.request("POST", f"api/v1/catatan/{nowhere}/prioritas")
    assert (status, list(body["fields"])) == (422, ["kode_wilayah"])
    arahan = await noted(notulis, jenis="arahan")
    assert (await panitia.request("POST", f"usulan/{arahan}/prioritaskan"))[0] == 409
    assert (await panitia.request("GET", f"usulan/{arahan}"))[0] == 200


async def test_an_office_decides_by_its_link_only_its_own(house: House) -> None:
    catatan_id = await noted(await house.visit(Role.NOTULIS))
    other = await house.visit("35.10.05.2003")
    assert (await other.request("GET", f"usulan/{catatan_id}"))[0] == 403
    assert (await decide(other, catatan_id, "konfirmasi"))[0] == 403
    assert catatan_id not in (await other.request("GET", f"usulan?desa={SARONGAN}"))[1]
    keluhan = await noted(await house.visit(Role.NOTULIS), jenis="keluhan")
    office = await house.visit(SARONGAN)
    assert (await office.request("GET", f"usulan/{keluhan}"))[0] == 403
    page = (await office.request("GET", "usulan?jenis=keluhan"))[1]
    assert (catatan_id in page, keluhan in page) == (True, False)
    assert house.app[MEJA].rantai.wait_days == 3
