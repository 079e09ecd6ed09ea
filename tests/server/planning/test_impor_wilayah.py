"""Lists of wilayah as people bring them: taken over whole, or refused with the line that is wrong."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from server.planning import impor
from server.planning.impor import BadFile
from server.planning.impor_wilayah import read_wilayah
from server.store.engine import Database
from server.store.wilayah import BANYUWANGI, Taken, Wilayah
from tests.support.database import *  # noqa: F403

HEAD = "kode,jenis,nama,kecamatan_kode,kecamatan_nama"
GOOD = "35.14.01.2001,desa,Kepulungan,35.14.01,Gempol"


def written(folder: Path, *lines: str, head: str = HEAD, encoding: str = "utf-8") -> Path:
    path = folder / "wilayah.csv"
    path.write_bytes("\n".join((head, *lines)).encode(encoding))
    return path


def told(path: Path) -> list[tuple[int, str]]:
    return [(wrong.baris, wrong.kata) for wrong in read_wilayah(path).salah]


async def test_a_kabupatens_list_is_taken_over_and_again_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    wilayah = Wilayah(database)
    listed = read_wilayah(BANYUWANGI)
    assert listed.salah == []
    assert await wilayah.take_over(listed.rows, trial=True) == Taken(217, 0, 0)
    assert await wilayah.desa() == []
    assert await wilayah.take_over(listed.rows) == Taken(217, 0, 0)
    renamed = read_wilayah(written(tmp_path, "35.10.03.2002,desa,Sumbersari,35.10.03,Gambiran"))
    assert await wilayah.take_over(renamed.rows) == Taken(0, 1, 0)
    assert await wilayah.take_over(listed.rows) == Taken(0, 1, 216)
    assert len(await wilayah.desa()) == 217


def test_a_spreadsheets_own_csv_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '35.14.01.1002;"Kota; Lama";Gempol;lain',
        "",
        ";;;",
        "35.14.02.3001;Adat;Prigen;",
        head="KODE; Nama ;Kecamatan_Nama;luas",
        encoding="utf-8-sig",
    )
    found = read_wilayah(path)
    assert found.salah == []
    assert [(d.kode, d.jenis, d.nama, d.kecamatan.kode) for d in found.rows] == [
        ("35.14.01.1002", "kelurahan", "Kota; Lama", "35.14.01"),
        ("35.14.02.3001", "desa", "Adat", "35.14.02"),
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("3514012001,desa,X,35.14.01,Gempol", "bukan kode Kemendagri"),
        ("３５.14.01.2001,desa,X,35.14.01,Gempol", "bukan kode Kemendagri"),
        ("35.14.01,desa,X,35.14.01,Gempol", "bukan kode Kemendagri"),
        ("35.14.01.9001,desa,X,35.14.01,Gempol", "bukan kode desa"),
        ("35.14.00.2001,desa,X,35.14.00,Gempol", "bukan kode desa"),
        ("35.14.01.1001,desa,X,35.14.01,Gempol", "tidak cocok"),
        ("35.14.01.2002,desa,X,35.14.02,Gempol", "tidak cocok"),
        ("35.14.01.2002,desa,X,35.14.01,Gempel", "bernama Gempol"),
        ("35.14.01.2001,desa,X,35.14.01,Gempol", "sudah ada di baris 2"),
        ("35.14.01.2002,desa,,35.14.01,Gempol", "nama kosong"),
        ("35.14.01.2002,desa", "nama kosong"),
        (f"35.14.01.2002,desa,{'X' * 201},35.14.01,Gempol", "lebih dari 200"),
        ("35.14.01.2002,desa,X\x00,35.14.01,Gempol", "tidak dapat disimpan"),
        ('35.14.01.2002,desa,"X\nY",35.14.01,Gempol', "satu baris"),
        ("35.14.01.2002,desa,Karang,rejo,35.14.01,Gempol", "lebih banyak"),
    ],
)
def test_a_wrong_line_is_told_by_its_number(tmp_path: Path, line: str, word: str) -> None:
    ((number, words),) = told(written(tmp_path, GOOD, line, "35.14.01.2009,desa,Z,35.14.01,Gempol"))
    assert (number, word in words) == (3, True), words


def test_lines_are_counted_as_the_file_has_them(tmp_path: Path) -> None:
    path = written(tmp_path, "", '35.14.01.2001,desa,"A\n\nB",35.14.01,Gempol', "x,desa,X,,Gempol")
    assert [line for line, _ in told(path)] == [3, 6]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "kolom"),
        (b"kode;nama\n1;2", "kecamatan_nama"),
        (b"kode,nama,nama,kecamatan_nama\n", "nama sendiri"),
        (b"PK\x03\x04\xff\xfe\x00", "UTF-8"),
        ("kode,nama,kecamatan_nama\n35.14.01.2001,Désa,X".encode("latin-1"), "UTF-8"),
        (b'kode,nama,kecamatan_nama\n35.14.01.2001,"Desa,X\n', "tanda kutip"),
        (b'kode,nama,kecamatan_nama\n35.14.01.2001,"' + b"a" * 200_000 + b'",X\n', "tanda kutip"),
    ],
)
def test_what_is_no_such_file_is_refused_whole(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=word):
        read_wilayah(path)


def test_a_large_file_tells_how_far_it_is_and_a_larger_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"35.14.{n // 900 + 1:02}.{2000 + n % 900},X{n},K{n // 900}" for n in range(2_500)]
    path = written(tmp_path, *lines, head="kode,nama,kecamatan_nama")
    steps: list[int] = []
    assert len(read_wilayah(path, steps.append).rows) == 2_500
    assert steps == [1_000, 2_000]
    monkeypatch.setattr(impor, "MOST_BYTES", 1_000)
    with pytest.raises(BadFile, match="lebih dari"):
        read_wilayah(path)


def rembug(folder: Path, *words: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "server", *words, "--data-dir", str(folder / "var")],
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_nothing_is_half_written_from_the_terminal(tmp_path: Path) -> None:
    good = written(tmp_path, GOOD)
    assert rembug(tmp_path, "wilayah", "impor", str(good), "--coba")[:2] == (
        0,
        "1 baru, 0 berubah, 0 tetap. Hanya dicoba: tidak ada yang disimpan.\n",
    )
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{HEAD}\n{GOOD}\nx,desa,X,35.14.01,Gempol\n", encoding="utf-8")
    status, _, complaint = rembug(tmp_path, "wilayah", "impor", str(wrong))
    assert (status, "baris 3: kode x" in complaint, "tidak ada yang disimpan" in complaint) == (1, True, True)
    with sqlite3.connect(tmp_path / "var" / "rembug.db") as kept:
        assert kept.execute("SELECT count(*) FROM wilayah").fetchone() == (0,)
    assert rembug(tmp_path, "wilayah", "impor", str(good))[1].endswith("Tersimpan.\n")
    with sqlite3.connect(tmp_path / "var" / "rembug.db") as kept:
        assert kept.execute("SELECT nama FROM wilayah").fetchall() == [("Kepulungan",)]
