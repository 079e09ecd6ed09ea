"""Notes as a spreadsheet: CSV and XLSX with the same columns, one row per note.

Figures, dates and instants are typed cells. A text that would run as a formula gets an apostrophe
in front, in both, since one is often saved as the other. Instants are shown in the zone that is given.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.i18n import N_
from server.planning.bidang import BIDANG, SUB_BIDANG
from server.store.catatan import Catatan

WIB = timezone(timedelta(hours=7), "WIB")
"""Fixed, since a small server may come without a time zone database."""

Cell = str | int | float | Decimal | date | datetime | None
Words = Callable[[str], str]
"""msgid -> text in the reader's language."""


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    """Of Catatan; empty for what is found out."""
    heading: str
    width: int
    value: Callable[[Catatan, timezone], Cell]


def _named(names: Mapping[str, str], kode: str) -> str:
    return f"{kode} {names[kode]}" if kode else ""


def _instant(ms: int | None, zone: timezone) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms // 1000, zone).replace(tzinfo=None)


def _first_spoken(note: Catatan) -> int | None:
    return note.penyebutan[0].spoken_at if note.penyebutan else None


COLUMNS: tuple[Column, ...] = (
    Column("jenis", N_("Jenis"), 11, lambda n, _: n.jenis),
    Column("tahun_rencana", N_("Tahun rencana"), 8, lambda n, _: n.tahun_rencana),
    Column("kecamatan", N_("Kecamatan"), 16, lambda n, _: n.kecamatan),
    Column("label", N_("Desa/Kelurahan"), 28, lambda n, _: n.label),
    Column("kode_wilayah", N_("Kode wilayah"), 14, lambda n, _: n.kode_wilayah),
    Column("judul", N_("Judul"), 36, lambda n, _: n.judul),
    Column("ucapan", N_("Ucapan"), 60, lambda n, _: n.ucapan),
    Column("masalah", N_("Masalah"), 36, lambda n, _: n.masalah),
    Column("gagasan", N_("Gagasan"), 36, lambda n, _: n.gagasan),
    Column("bidang", N_("Bidang"), 28, lambda n, _: _named(BIDANG, n.bidang)),
    Column("sub_bidang", N_("Sub-bidang"), 28, lambda n, _: _named(SUB_BIDANG, n.sub_bidang)),
    Column("kamus_usulan", N_("Kamus usulan"), 14, lambda n, _: n.kamus_usulan),
    Column("dusun", N_("Dusun"), 16, lambda n, _: n.dusun),
    Column("alamat", N_("Alamat"), 24, lambda n, _: n.alamat),
    Column("lat", N_("Lintang"), 12, lambda n, _: n.lat),
    Column("lng", N_("Bujur"), 12, lambda n, _: n.lng),
    Column("status_lahan", N_("Status lahan"), 14, lambda n, _: n.status_lahan),
    Column("urgensi", N_("Urgensi"), 14, lambda n, _: n.urgensi),
    Column("volume", N_("Volume"), 10, lambda n, _: n.volume),
    Column("satuan", N_("Satuan"), 10, lambda n, _: n.satuan),
    Column("perkiraan_biaya", N_("Perkiraan biaya (Rp)"), 18, lambda n, _: n.perkiraan_biaya),
    Column("sumber_dana", N_("Sumber dana"), 16, lambda n, _: n.sumber_dana),
    Column("pola", N_("Pola pelaksanaan"), 14, lambda n, _: n.pola),
    Column("opd_tujuan", N_("OPD tujuan"), 20, lambda n, _: n.opd_tujuan),
    Column("jumlah_terdampak", N_("Jumlah terdampak"), 10, lambda n, _: n.jumlah_terdampak),
    Column("pengusul_nama", N_("Pengusul"), 22, lambda n, _: n.pengusul_nama),
    Column("pengusul_jabatan", N_("Jabatan pengusul"), 18, lambda n, _: n.pengusul_jabatan),
    Column("kanal", N_("Kanal"), 12, lambda n, _: n.kanal),
    Column("tahap", N_("Tahap"), 16, lambda n, _: n.tahap),
    Column("putusan", N_("Putusan"), 12, lambda n, _: n.putusan),
    Column("nomor_sipd", N_("Nomor SIPD"), 14, lambda n, _: n.nomor_sipd),
    Column("realisasi", N_("Realisasi"), 12, lambda n, _: n.realisasi),
    Column("penanggung_jawab", N_("Penanggung jawab"), 20, lambda n, _: n.penanggung_jawab),
    Column("tenggat", N_("Tenggat"), 11, lambda n, _: n.tenggat),
    Column("status_tindak_lanjut", N_("Status tindak lanjut"), 14, lambda n, _: n.status_tindak_lanjut),
    Column("", N_("Diucapkan pada"), 18, lambda n, zone: _instant(_first_spoken(n), zone)),
    Column("created_at", N_("Dicatat pada"), 18, lambda n, zone: _instant(n.created_at, zone)),
    Column("id", N_("Nomor catatan"), 36, lambda n, _: n.id),
)
"""``kontak`` is private and stands in no export."""


def neutral(text: str) -> str:
    """The text, never a formula: an apostrophe before ``= + - @``, a tab or a line break."""
    starts = text.lstrip()[:1]
    return f"'{text}" if (starts and starts in "=+-@＝＋－＠") or text[:1] in ("\t", "\r", "\n") else text


def to_csv(notes: Iterable[Catatan], words: Words, zone: timezone = WIB) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([words(column.heading) for column in COLUMNS])
    for note in notes:
        writer.writerow([plain_cell(column.value(note, zone)) for column in COLUMNS])
    return file.getvalue().encode("utf-8-sig")


def to_xlsx(notes: Iterable[Catatan], words: Words, zone: timezone = WIB) -> bytes:
    file = io.BytesIO()
    sheet = Sheet(file, words, zone)
    sheet.add(notes)
    sheet.close()
    return file.getvalue()


class Sheet:
    """A workbook that grows by ``add``, whatever its length in the same memory, until ``close``."""

    def __init__(
        self,
        file: BinaryIO | Path,
        words: Words,
        zone: timezone = WIB,
        columns: tuple[Column, ...] = COLUMNS,
    ) -> None:
        self._columns = columns
        self._book = Workbook(file, {"constant_memory": True})
        self._sheet = self._book.add_worksheet(words(N_("Catatan")))
        self._zone = zone
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._row = 0
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, column.width)
            self._sheet.write_string(0, place, words(column.heading), bold)

    def add(self, notes: Iterable[Catatan]) -> None:
        for note in notes:
            self._row += 1
            for place, column in enumerate(self._columns):
                value = column.value(note, self._zone)
                _write(self._sheet, self._row, place, value, self._day, self._moment)

    def close(self) -> None:
        self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)
        self._book.close()


def _write(sheet: Worksheet, row: int, place: int, value: Cell, day: object, moment: object) -> None:
    match value:
        case None | "":
            pass
        case str():
            sheet.write_string(row, place, neutral(value))
        case datetime():
            sheet.write_datetime(row, place, value, moment)
        case date():
            sheet.write_datetime(row, place, value, day)
        case _:
            sheet.write_number(row, place, value)


def plain_cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case str():
            return neutral(value)
        case datetime():
            return value.isoformat(" ")
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)
