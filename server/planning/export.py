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

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from server.i18n import N_
from server.planning.bidang import BIDANG, SUB_BIDANG
from server.store.catatan import Catatan

WIB = timezone(timedelta(hours=7), "WIB")
"""Fixed, since a small server may come without a time zone database."""

Cell = str | int | Decimal | date | datetime | None
Words = Callable[[str], str]
"""msgid -> text in the reader's language."""


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: int
    value: Callable[[Catatan, timezone], Cell]


def _named(names: Mapping[str, str], kode: str) -> str:
    return f"{kode} {names[kode]}" if kode else ""


def _instant(ms: int | None, zone: timezone) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms // 1000, zone).replace(tzinfo=None)


def _first_spoken(note: Catatan) -> int | None:
    return note.penyebutan[0].spoken_at if note.penyebutan else None


COLUMNS: tuple[_Column, ...] = (
    _Column(N_("Jenis"), 11, lambda n, _: n.jenis),
    _Column(N_("Tahun rencana"), 8, lambda n, _: n.tahun_rencana),
    _Column(N_("Kecamatan"), 16, lambda n, _: n.kecamatan),
    _Column(N_("Desa/Kelurahan"), 28, lambda n, _: n.label),
    _Column(N_("Kode wilayah"), 14, lambda n, _: n.kode_wilayah),
    _Column(N_("Judul"), 36, lambda n, _: n.judul),
    _Column(N_("Ucapan"), 60, lambda n, _: n.ucapan),
    _Column(N_("Masalah"), 36, lambda n, _: n.masalah),
    _Column(N_("Gagasan"), 36, lambda n, _: n.gagasan),
    _Column(N_("Bidang"), 28, lambda n, _: _named(BIDANG, n.bidang)),
    _Column(N_("Sub-bidang"), 28, lambda n, _: _named(SUB_BIDANG, n.sub_bidang)),
    _Column(N_("Dusun"), 16, lambda n, _: n.dusun),
    _Column(N_("Alamat"), 24, lambda n, _: n.alamat),
    _Column(N_("Volume"), 10, lambda n, _: n.volume),
    _Column(N_("Satuan"), 10, lambda n, _: n.satuan),
    _Column(N_("Perkiraan biaya (Rp)"), 18, lambda n, _: n.perkiraan_biaya),
    _Column(N_("Sumber dana"), 16, lambda n, _: n.sumber_dana),
    _Column(N_("OPD tujuan"), 20, lambda n, _: n.opd_tujuan),
    _Column(N_("Jumlah terdampak"), 10, lambda n, _: n.jumlah_terdampak),
    _Column(N_("Pengusul"), 22, lambda n, _: n.pengusul_nama),
    _Column(N_("Jabatan pengusul"), 18, lambda n, _: n.pengusul_jabatan),
    _Column(N_("Kanal"), 12, lambda n, _: n.kanal),
    _Column(N_("Tahap"), 16, lambda n, _: n.tahap),
    _Column(N_("Putusan"), 12, lambda n, _: n.putusan),
    _Column(N_("Penanggung jawab"), 20, lambda n, _: n.penanggung_jawab),
    _Column(N_("Tenggat"), 11, lambda n, _: n.tenggat),
    _Column(N_("Status tindak lanjut"), 14, lambda n, _: n.status_tindak_lanjut),
    _Column(N_("Diucapkan pada"), 18, lambda n, zone: _instant(_first_spoken(n), zone)),
    _Column(N_("Dicatat pada"), 18, lambda n, zone: _instant(n.created_at, zone)),
    _Column(N_("Nomor catatan"), 36, lambda n, _: n.id),
)


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
        writer.writerow([_plain(column.value(note, zone)) for column in COLUMNS])
    return file.getvalue().encode("utf-8-sig")


def to_xlsx(notes: Iterable[Catatan], words: Words, zone: timezone = WIB) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(words(N_("Catatan")))
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(COLUMNS):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, words(column.heading), bold)
        row = 0
        for row, note in enumerate(notes, start=1):
            for place, column in enumerate(COLUMNS):
                _write(sheet, row, place, column.value(note, zone), day, moment)
        sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
    return file.getvalue()


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


def _plain(value: Cell) -> str:
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
