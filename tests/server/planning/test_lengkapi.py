"""What an office adds to an usulan: urgency, land, pola, place, contact; checked, with history, exported."""

import csv
import hashlib
import io
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from server.planning.bundel import JSON_, Bundel
from server.planning.catatan import LATER, CatatanBaru, parse
from server.planning.errors import FieldErrors, IdTaken
from server.planning.export import to_csv
from server.planning.impor_usulan import read_lists
from server.planning.notebook import _digest
from server.store.catatan import Catatan
from tests.server.planning.conftest import LICIN, Desk, note

FILLED: dict[str, object] = {
    "urgensi": "mendesak",
    "status_lahan": "hibah",
    "pola": "swakelola",
    "lat": -8.2192004,
    "lng": 114.3691,
    "kontak": "0812 0000 1111",
}


def words(msgid: str) -> str:
    return msgid


async def test_they_are_kept_and_every_change_of_them_has_its_line_of_history(desk: Desk) -> None:
    taken = await desk.take(note(**FILLED))
    assert {name: getattr(taken, name) for name in FILLED} == FILLED | {"lat": -8.2192}
    change = {"version": 1, "lat": -8.5, "lng": 114.0, "pola": "", "kontak": "0813"}
    changed = await desk.book.change(taken.id, change, by="N", at=9)
    assert (changed.lat, changed.lng, changed.pola, changed.urgensi) == (-8.5, 114.0, "", "mendesak")
    told = {(line.field, line.old, line.new) for line in changed.riwayat or ()}
    assert told >= {
        ("lat", "-8.219200", "-8.500000"),
        ("pola", "swakelola", ""),
        ("kontak", "0812 0000 1111", "0813"),
    }
    with pytest.raises(FieldErrors) as caught:
        await desk.book.change(taken.id, {"version": 2, "lat": None}, by="N", at=9)
    assert list(caught.value.fields) == ["lat"]


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"urgensi": "besok"}, "urgensi", "Pilih"),
        ({"status_lahan": "x"}, "status_lahan", "Pilih"),
        ({"pola": 1}, "pola", ""),
        ({"lat": 90.1, "lng": 0}, "lat", "antara -90 dan 90"),
        ({"lat": 0, "lng": -180.1}, "lng", "antara -180 dan 180"),
        ({"lat": "-8,2", "lng": 114}, "lat", "angka"),
        ({"lat": float("nan"), "lng": 114}, "lat", "angka"),
        ({"lat": -8.2}, "lng", "keduanya"),
        ({"lng": 114}, "lat", "keduanya"),
        ({"kontak": "1" * 201}, "kontak", "200"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(sent: dict[str, object], field: str, said: str) -> None:
    with pytest.raises(FieldErrors) as caught:
        parse(CatatanBaru, note(**sent))
    assert list(caught.value.fields) == [field]
    assert said in caught.value.fields[field]


def test_the_ends_of_the_world_are_in_it() -> None:
    edge = parse(CatatanBaru, note(lat=-90, lng=180))
    assert (edge.lat, edge.lng) == (-90, 180)
    assert str(parse(CatatanBaru, note(lat=-0.0, lng=0)).lat) == "0.0"


async def test_what_an_older_release_took_is_the_same_when_it_is_repeated(desk: Desk) -> None:
    """Its digest had none of these fields; filled in, they count."""
    body = note()
    older = parse(CatatanBaru, body).model_dump(mode="json", exclude={"konsep_id", *LATER})
    digest = hashlib.sha256(json.dumps(older, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    assert _digest(parse(CatatanBaru, body)) == digest
    taken = await desk.take(body)
    assert await desk.take(body) == taken
    for name, value in FILLED.items():
        more = {"lat": 1, "lng": 2} if name in ("lat", "lng") else {name: value}
        with pytest.raises(IdTaken):
            await desk.take(body | more)


async def test_exports_have_them_but_for_the_contact(desk: Desk, tmp_path: Path) -> None:
    await desk.take(note(**FILLED))
    notes = await desk.all()
    changed = await desk.book.change(notes[0].id, {"version": 1, "kontak": "0813 222"}, by="N", at=9)
    (row,) = csv.DictReader(io.StringIO(to_csv([changed], words).decode("utf-8-sig")))
    assert [row[name] for name in ("Urgensi", "Status lahan", "Pola pelaksanaan", "Lintang", "Bujur")] == [
        "mendesak",
        "hibah",
        "swakelola",
        "-8.2192",
        "114.3691",
    ]
    bundle = Bundel(tmp_path, words, {}, at=1)
    bundle.add([changed])
    with ZipFile(bundle.close()) as packed:
        assert json.loads(packed.read(JSON_))[0]["lat"] == -8.2192
        told = str({name: packed.read(name) for name in packed.namelist()}) + str(row)
    assert "0812" not in told
    assert "0813" not in told


def test_a_list_brings_them() -> None:
    heading = "judul;urgensi;status_lahan;pola;lat;lng;kontak"
    lines = (
        "Jalan;mendesak;desa;penyedia;-8,2;114.3;0812",
        "Embung;;;;;;",
        "Pasar;besok;;;;;",
        "Air;;;;-8,2;;",
        "Gapura;;;;8 derajat;1;",
    )
    found = read_lists("\n".join((heading, *lines)).encode(), {LICIN: "licin"}, words)
    assert [(b.ubah.urgensi, b.ubah.pola, b.ubah.lat, b.ubah.lng, b.ubah.kontak) for b in found.rows] == [
        ("mendesak", "penyedia", -8.2, 114.3, "0812"),
        ("", "", None, None, ""),
    ]
    wrong = [(one.baris, one.kata.split(" ")[0]) for one in found.salah]
    assert wrong == [(4, "urgensi:"), (5, "lng:"), (6, "lat")]


def test_every_later_field_is_one_of_a_note() -> None:
    assert set(LATER) <= {*CatatanBaru.model_fields} & {*Catatan.__dataclass_fields__}
