"""Spreadsheets: typed cells, and no text that a spreadsheet would run."""

import csv
import io
from datetime import datetime

import pytest
from openpyxl import load_workbook

from server.planning.export import COLUMNS, neutral, to_csv, to_xlsx
from server.store.catatan import Catatan
from tests.server.planning.conftest import Desk, note

HOSTILE = ["=1+1", "+62 811", "-5", "@SUM(A1)", '=HYPERLINK("http://x")', "- jalan rusak", " =1"]


def words(msgid: str) -> str:
    return msgid


def column(heading: str) -> int:
    return [c.heading for c in COLUMNS].index(heading)


@pytest.fixture
async def notes(desk: Desk) -> list[Catatan]:
    figures = {"volume": "12,5", "perkiraan_biaya": 250_000_000, "tenggat": "2027-03-15"}
    await desk.take(note(judul="Jembatan", sub_bidang="2.3", **figures))
    desk.clock.advance(1)
    for text in HOSTILE:
        desk.clock.advance(-1)
        await desk.take(note(judul=text, ucapan='Baris satu\nbaris dua, "kutip"'))
    return sorted(await desk.all(), key=lambda found: found.judul != "Jembatan")


async def test_xlsx_has_typed_cells_and_no_formula(notes: list[Catatan]) -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx(notes, words))).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == [c.heading for c in COLUMNS]
    first = rows[1]
    assert first[column("Volume")].value == 12.5
    assert first[column("Perkiraan biaya (Rp)")].value == 250_000_000
    assert first[column("Tenggat")].value == datetime(2027, 3, 15)  # noqa: DTZ001
    assert first[column("Diucapkan pada")].value == datetime(1970, 1, 1, 7, 0, 5)  # noqa: DTZ001
    assert first[column("Sub-bidang")].value == "2.3 Pekerjaan Umum dan Penataan Ruang"
    assert {cell.data_type for row in rows for cell in row} <= {"s", "inlineStr", "n", "d"}
    titles = {row[column("Judul")].value for row in rows[2:]}
    assert titles == {f"'{text.strip()}" for text in HOSTILE}


async def test_csv_opens_as_utf8_and_runs_nothing(notes: list[Catatan]) -> None:
    content = to_csv(notes, words)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == [c.heading for c in COLUMNS]
    assert rows[1][column("Volume")] == "12.5"
    assert rows[1][column("Diucapkan pada")] == "1970-01-01 07:00:05"
    assert rows[2][column("Ucapan")] == 'Baris satu\nbaris dua, "kutip"'
    assert {row[column("Judul")][0] for row in rows[2:]} == {"'"}


def test_nothing_to_export_is_a_table_of_headings() -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx([], words))).active
    assert sheet is not None
    assert sheet.max_row == 1
    assert to_csv([], words).count(b"\r\n") == 1


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "＝1"])
def test_what_would_run_is_neutralised(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Jalan = rusak", "1+1", "a@b", " biasa"])
def test_what_would_not_run_is_left_alone(text: str) -> None:
    assert neutral(text) == text
