"""Lists that offices bring: lines become usulan of the right office, and every wrong line is told."""

from server.planning.impor import Hasil
from server.planning.impor_usulan import Baris, read_lists

KANTOR = {"35.10.24.2008": "licin", "35.10.16.1001": "pakis"}
ONE = {"35.10.24.2008": "licin"}


def read(text: str, offices: dict[str, str] = KANTOR) -> Hasil[Baris]:
    return read_lists(text.encode(), offices, lambda words: words)


def test_a_list_for_several_offices_keeps_the_order_of_the_file() -> None:
    result = read(
        "kode_wilayah;judul;volume;satuan;perkiraan_biaya;kanal;catatan kami\n"
        "35.10.24.2008;Jembatan gantung;12,5;meter;Rp 1.250.000;;x\n"
        "35.10.16.1001;Taman bermain;;;;susulan;\n"
        "35.10.24.2008;Irigasi;;;;;\n"
    )
    assert result.salah == []
    assert [(row.seat_id, row.ubah.judul) for row in result.rows] == [
        ("licin", "Jembatan gantung"),
        ("pakis", "Taman bermain"),
        ("licin", "Irigasi"),
    ]
    first, second, _ = (row.ubah for row in result.rows)
    assert (str(first.volume), first.perkiraan_biaya, second.kanal) == ("12.5", 1_250_000, "susulan")
    again = read("judul,kode_wilayah\nJEMBATAN  gantung,35.10.24.2008\n")
    assert again.rows[0].id("pleno") == result.rows[0].id("pleno") != result.rows[0].id("lain")


def test_an_office_needs_no_code_and_brings_nobody_elses() -> None:
    assert read("judul,masalah\nPasar," + "a" * 4000 + "\n", ONE).rows[0].seat_id == "licin"
    (wrong,) = read("judul,kode_wilayah\nPasar,35.10.16.1001\n", ONE).salah
    assert (wrong.baris, "bukan kantor ini" in wrong.kata) == (2, True)


def test_every_wrong_line_is_told_with_its_number() -> None:
    result = read(
        "kode_wilayah,judul,perkiraan_biaya,bidang,sumber_dana,volume\n"
        "35.10.24.2008,,,,,\n"
        "35.10.99.2008,Jalan,,,,\n"
        "35.10.24.2008,Jalan,seratus,,,\n"
        "35.10.24.2008,Jalan,,9,,\n"
        "35.10.16.1001,Jalan,,,dd,\n"
        "35.10.24.2008,Jalan,,,,banyak\n"
        "35.10.24.2008,Jalan,,,,\n"
        "35.10.24.2008, jalan ,,,,\n"
    )
    assert [one.baris for one in result.salah] == [2, 3, 4, 5, 6, 7, 9]
    parts = ("judul kosong", "dalam sesi ini", "bilangan", "bidang", "Kelurahan", "volume", "baris 8")
    assert [one.kata for one, part in zip(result.salah, parts, strict=True) if part not in one.kata] == []
