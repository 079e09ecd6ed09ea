"""A selection as one archive: the same rows in every form, told by a manifest; no cell runs as a formula."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook

from server.planning.bundel import COMMA, COPY, JSON_, MANIFEST, TABLE, Bundel
from server.planning.export import COLUMNS
from server.planning.sipd import SIPD
from server.store import lampiran
from server.store.lampiran import FOTO, RAB, Lampiran
from tests.server.planning.conftest import Desk, note

FORMULAS = ("=1+1", "+62", "-5 m", "@sum", "\t=1", "＝1")


def table(archive: ZipFile, name: str) -> list[tuple[Any, ...]]:
    sheet = load_workbook(io.BytesIO(archive.read(name))).active
    assert sheet is not None
    return list(sheet.values)


async def packed(desk: Desk, folder: Path) -> ZipFile:
    bundel = Bundel(folder, str, {"q": "jembatan"}, at=1_800_000_000_000)
    for one in await desk.all():  # as a long list comes: in parts
        bundel.add([one])
    return ZipFile(bundel.close())


async def test_every_form_has_the_rows_that_the_manifest_tells(desk: Desk, tmp_path: Path) -> None:
    for number in range(3):
        await desk.take(note(judul=f"Jembatan {number}", sub_bidang="2.3", perkiraan_biaya=150_000_000))
    await desk.take(note(jenis="keluhan", ucapan="Air mati"))
    added = (await desk.take(note(judul="Balai dusun", perkiraan_biaya=150_000_000))).id
    async with desk.database.write() as connection:
        for id_, jenis in (("f1", FOTO), ("f2", FOTO), ("r1", RAB)):
            await lampiran.add(connection, Lampiran(id_, added, jenis, f"{id_}.jpg", "", 1, 1, "uji"))
    archive = await packed(desk, tmp_path)
    assert archive.testzip() is None
    manifest = json.loads(archive.read(MANIFEST))
    assert manifest["dibuat"] == "2027-01-15T08:00:00+00:00"
    assert (manifest["saringan"], manifest["jumlah"]) == ({"q": "jembatan"}, 5)
    assert manifest["jumlah_menurut_jenis"] == {"keluhan": 1, "usulan": 4}
    assert manifest["lampiran_menurut_jenis"] == {"foto": 2, "rab": 1}
    for file in manifest["berkas"]:
        content = archive.read(file["nama"])
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    told = {file["nama"]: file["baris"] for file in manifest["berkas"]}
    comma = list(csv.reader(io.StringIO(archive.read(COMMA).decode("utf-8-sig"))))
    as_json = json.loads(archive.read(JSON_))
    assert told == {
        TABLE: len(table(archive, TABLE)) - 1,
        COMMA: len(comma) - 1,
        JSON_: len(as_json),
        COPY: len(table(archive, COPY)) - 1,
    }
    assert [row["id"] for row in as_json] == [row[-1] for row in comma[1:]]
    copy = table(archive, COPY)
    assert copy[0] == tuple(column.heading for column in SIPD)
    assert {row[11] for row in copy[1:]} == {150_000_000}


async def test_nothing_in_a_table_runs_and_json_keeps_the_words(desk: Desk, tmp_path: Path) -> None:
    for words in FORMULAS:
        await desk.take(note(ucapan=words, judul=words, alamat=words, pengusul_nama=words))
    archive = await packed(desk, tmp_path)
    cells = [cell for row in csv.reader(io.StringIO(archive.read(COMMA).decode("utf-8-sig"))) for cell in row]
    for name in (TABLE, COPY):
        cells += [cell for row in table(archive, name) for cell in row if isinstance(cell, str)]
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@＝＋－＠")]
    assert {row["judul"] for row in json.loads(archive.read(JSON_))} == {w.strip() for w in FORMULAS}


async def test_an_empty_selection_is_whole(desk: Desk, tmp_path: Path) -> None:
    archive = await packed(desk, tmp_path)
    assert json.loads(archive.read(JSON_)) == []
    assert len(table(archive, TABLE)[0]) == len(COLUMNS)
    assert json.loads(archive.read(MANIFEST))["jumlah"] == 0
