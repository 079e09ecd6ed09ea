"""The kamus usulan: read from CSV, taken over whole, found by what is typed; nothing has to be chosen."""

import threading
from pathlib import Path

import pytest

from server.planning import kamus as module
from server.planning.kamus import find, read_kamus
from server.store import search
from server.store.akun import Accounts, AkunSpec
from server.store.engine import Database
from server.store.kamus import Butir, Kamus
from server.store.wilayah import Taken
from tests.server.planning.conftest import Desk, note

BRIDGE = Butir("K.01", "Pembangunan Jembatan Gantung", "unit", "2.3", "Dinas PU CKPP")
ROAD = Butir("K.02", "Pembangunan Jalan Desa", "meter", "2.3")
CLINIC = Butir("K.10", "Rehabilitasi Gedung Posyandu", "unit", "2.2", "Dinas Kesehatan")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jembatan gantung dusun krajan", BRIDGE),
        ("Jemb", BRIDGE),
        ("posyandu", CLINIC),
        ("pembangunan jalan", ROAD),
        ("k.10", CLINIC),
    ],
)
async def test_the_likeliest_entry_comes_first(database: Database, typed: str, first: Butir) -> None:
    kamus = Kamus(database)
    await kamus.take_over([BRIDGE, ROAD, CLINIC])
    assert (await find(kamus, typed))[0] == first


async def test_what_fits_nothing_finds_nothing(database: Database) -> None:
    kamus = Kamus(database)
    await kamus.take_over([BRIDGE])
    assert [await find(kamus, typed) for typed in ("", "%", "_", "embung", "batan")] == [[]] * 5


async def test_much_that_is_typed_is_compared_by_its_beginning_beside_the_loop(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kamus = Kamus(database)
    await kamus.take_over([BRIDGE, ROAD])
    compared, unlike = [], module._unlike

    def seen(typed: list[str], one: Butir) -> tuple[int, float, str]:
        compared.append((len(typed), threading.current_thread()))
        return unlike(typed, one)

    monkeypatch.setattr(module, "_unlike", seen)
    typed = f"jembatan gantung {' '.join(f'kata{n}' for n in range(500))}"
    assert (await find(kamus, typed))[0] == BRIDGE
    assert compared
    for words, thread in compared:
        assert words <= search.COMPARED_WORDS
        assert thread is not threading.main_thread()


async def test_a_newer_list_takes_the_older_ones_place(database: Database) -> None:
    kamus = Kamus(database)
    assert await kamus.take_over([BRIDGE, CLINIC], trial=True) == Taken(2, 0, 0)
    assert await find(kamus, "jembatan") == []
    await kamus.take_over([BRIDGE, CLINIC])
    changed = Butir("K.01", "Jembatan Gantung Pejalan Kaki", "unit")
    assert await kamus.take_over([changed, ROAD]) == Taken(1, 1, 0)
    assert await find(kamus, "jembatan posyandu jalan") == [changed, ROAD]
    assert await kamus.take_over([BRIDGE, CLINIC, ROAD]) == Taken(0, 2, 1)
    assert {one.kode for one in await find(kamus, "jembatan posyandu jalan")} == {"K.01", "K.02", "K.10"}


async def test_opd_are_those_of_accounts_and_of_the_list(database: Database) -> None:
    await Kamus(database).take_over([BRIDGE, ROAD])
    accounts = Accounts(database)
    for name, opd in (("a", "Dinas Sosial"), ("b", "Dinas PU CKPP")):
        await accounts.create(AkunSpec(f"opd.{name}", name, "", "opd", "", opd), by="uji", at=1)
    assert await Kamus(database).opd() == ["Dinas PU CKPP", "Dinas Sosial"]


async def test_a_note_keeps_its_entry_also_one_that_nobody_knows(desk: Desk) -> None:
    taken = await desk.take(note(kamus_usulan="K.01"))
    other = await desk.take(note(kamus_usulan="tidak ada di daftar"))
    assert (taken.kamus_usulan, other.kamus_usulan) == ("K.01", "tidak ada di daftar")


def test_a_csv_is_read_with_an_error_for_each_wrong_line(tmp_path: Path) -> None:
    path = tmp_path / "kamus.csv"
    path.write_text(
        "kode;nama;satuan;bidang;opd;harga\n"
        "K.01;Pembangunan Jembatan Gantung;unit;2.3;Dinas PU CKPP;1\n"
        "K.01;Ganda;;;;\n;Tanpa kode;;;;\nK 3;Spasi;;;;\nK.04;;;;;\nK.05;Bidang;;9;;\n",
        encoding="utf-8",
    )
    found = read_kamus(path)
    assert found.rows == [BRIDGE]
    assert [(one.baris, one.kata.split(" ")[0]) for one in found.salah] == [
        (3, "kode"),
        (4, "kode"),
        (5, "kode"),
        (6, "nama"),
        (7, "bidang"),
    ]
