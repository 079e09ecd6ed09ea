"""Forms: every wrong field is named with an Indonesian sentence, what is right is taken as it was meant."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from rooms.meeting.vocabulary import JenisCatatan
from server.planning.bidang import BIDANG, SUB_BIDANG, bidang_of
from server.planning.catatan import CatatanBaru, PenyebutanBaru, parse
from server.planning.errors import FieldErrors
from tests.server.planning.conftest import note


def errors(**fields: object) -> dict[str, str]:
    with pytest.raises(FieldErrors) as caught:
        parse(CatatanBaru, note(**fields))
    return caught.value.fields


def test_a_note_needs_no_more_than_its_kind_its_moment_and_words() -> None:
    baru = parse(CatatanBaru, note())
    assert (baru.jenis, baru.kanal, baru.volume) == (JenisCatatan.USULAN, "langsung", None)


def test_figures_and_dates_are_read_as_people_here_write_them() -> None:
    baru = parse(CatatanBaru, note(volume=" 12,5", perkiraan_biaya=250_000_000, tenggat="2027-03-15"))
    assert (baru.volume, baru.perkiraan_biaya, baru.tenggat) == (
        Decimal("12.5"),
        250_000_000,
        date(2027, 3, 15),
    )


def test_texts_keep_their_lines_and_lose_only_outer_space() -> None:
    assert parse(CatatanBaru, note(ucapan="  satu\r\ndua\t tiga ")).ucapan == "satu\ndua\t tiga"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("jenis", "cerita", "Pilih salah satu dari daftar."),
        ("jenis", None, "Pilih salah satu dari daftar."),
        ("ucapan", " \n ", "Tulis apa yang diucapkan, atau judulnya."),
        ("ucapan", "a" * 4001, "Paling banyak 4.000 huruf."),
        ("ucapan", "a\x00b", "Ada huruf yang tidak dapat disimpan."),
        ("ucapan", "a\ud800b", "Ada huruf yang tidak dapat disimpan."),
        ("ucapan", 7, "Isian ini tidak dapat dibaca."),
        ("judul", "a" * 201, "Paling banyak 200 huruf."),
        ("bidang", "9", "Pilih salah satu dari daftar."),
        ("sub_bidang", "2.9", "Pilih salah satu dari daftar."),
        ("sumber_dana", "utang", "Pilih salah satu dari daftar."),
        ("kanal", "mimpi", "Pilih salah satu dari daftar."),
        ("kode_wilayah", "35.10", "Kode wilayah ini tidak benar."),
        ("volume", "dua", "Isi dengan angka, misalnya 12,5."),
        ("volume", "NaN", "Isi dengan angka, misalnya 12,5."),
        ("volume", "-1", "Tidak boleh kurang dari nol."),
        ("volume", "1,2345", "Paling banyak tiga angka di belakang koma."),
        ("volume", "9" * 16, "Angka ini terlalu besar."),
        ("perkiraan_biaya", "1.000", "Isi dengan bilangan bulat, tanpa titik atau koma."),
        ("perkiraan_biaya", 1.5, "Isi dengan bilangan bulat, tanpa titik atau koma."),
        ("perkiraan_biaya", -1, "Tidak boleh kurang dari nol."),
        ("perkiraan_biaya", 10**16, "Angka ini terlalu besar."),
        ("jumlah_terdampak", True, "Isi dengan bilangan bulat, tanpa titik atau koma."),
        ("tenggat", "15-03-2027", "Tanggal ini tidak benar; contoh: 2027-03-15."),
        ("tenggat", "2027-02-30", "Tanggal ini tidak benar; contoh: 2027-03-15."),
        ("tenggat", 1_800_000_000, "Tanggal ini tidak benar; contoh: 2027-03-15."),
        ("warna", "merah", "Isian ini tidak dikenal."),
        ("id", "bukan-uuid", "Nomor pengenal ini tidak benar; muat ulang halaman."),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object, sentence: str) -> None:
    assert errors(**{field: value}) == {field: sentence}


def test_all_wrong_fields_are_named_at_once() -> None:
    assert set(errors(bidang="9", volume="x", jenis="y")) == {"bidang", "volume", "jenis"}


def test_a_wrong_moment_is_named_inside_it() -> None:
    assert errors(instant={"spoken_at": -1}) == {"instant.spoken_at": "Tidak boleh kurang dari nol."}
    assert errors(instant=None).keys() == {"instant"}


def test_a_fraction_of_a_millisecond_is_no_reason_to_refuse() -> None:
    assert parse(CatatanBaru, note(instant={"spoken_at": 1_768_438_800_000.5})).instant.spoken_at % 10 == 0
    wrong = errors(instant={"spoken_at": float("inf")})
    assert wrong == {"instant.spoken_at": "Isi dengan bilangan bulat, tanpa titik atau koma."}


@pytest.mark.parametrize("body", [None, [], "x", 3])
def test_what_is_no_object_is_an_error_of_the_whole_form(body: object) -> None:
    with pytest.raises(FieldErrors) as caught:
        parse(CatatanBaru, body)
    assert caught.value.fields == {"": "Isian ini tidak dapat dibaca."}


def test_a_sub_bidang_belongs_to_its_bidang() -> None:
    assert errors(bidang="3", sub_bidang="2.3").keys() == {"sub_bidang"}
    assert parse(CatatanBaru, note(bidang="2", sub_bidang="2.3")).sub_bidang == "2.3"


def test_a_kelurahan_has_no_village_funds() -> None:
    assert errors(kode_wilayah="35.10.16.1001", sumber_dana="dd").keys() == {"sumber_dana"}
    assert parse(CatatanBaru, note(kode_wilayah="35.10.24.2008", sumber_dana="dd")).sumber_dana == "dd"


def test_a_mention_does_not_end_before_it_begins() -> None:
    with pytest.raises(FieldErrors) as caught:
        parse(PenyebutanBaru, {"id": str(uuid4()), "spoken_at": 5, "until_at": 4})
    assert caught.value.fields.keys() == {"until_at"}


def test_the_catalogue_is_whole() -> None:
    assert list(BIDANG) == ["1", "2", "3", "4", "5"]
    counts = [sum(bidang_of(sub) == kode for sub in SUB_BIDANG) for kode in BIDANG]
    assert counts == [5, 8, 4, 7, 3]
