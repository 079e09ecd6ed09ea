"""The fairness report as tables: names in words, shares worked out, ready for a page or a spreadsheet.

Pure. The figures are those of ``rooms.fairness``; nothing is counted here.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from rooms.fairness.report import GROUPS, Report, Row
from server.i18n import N_
from server.planning.export import neutral
from server.reports import words as w

Words = Callable[[str], str]
"""msgid -> text in the reader's language."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a group with its share of the whole."""

    name: str
    row: Row
    turns_percent: float
    spoken_percent: float


@dataclass(frozen=True, slots=True)
class Table:
    group: str
    heading: str
    lines: list[Line]
    """Who had a hand up or a turn, most floor time first."""
    silent: list[str]
    """The others, by name."""


def tables(report: Report, words: Words) -> list[Table]:
    """One for each group; the hall is in them only if it was called."""
    made = []
    for group in GROUPS:
        every = [_line(report, group, row, words) for row in _rows(report, group)]
        heard = [line for line in every if line.row.hands or line.row.turns]
        heard.sort(key=lambda line: (-line.row.spoken_ms, -line.row.turns, -line.row.hands))
        silent = [line.name for line in every if line not in heard]
        made.append(Table(group, words(w.GROUPS[group]), heard, silent))
    return made


def _rows(report: Report, group: str) -> Iterator[Row]:
    for key, row in report.measures.groups[group].items():
        if key != report.hall or row.hands or row.turns:
            yield row


def _line(report: Report, group: str, row: Row, words: Words) -> Line:
    total = report.measures.total
    return Line(
        name_of(group, row, words),
        row,
        100 * row.turns / total.turns if total.turns else 0.0,
        100 * row.spoken_ms / total.spoken_ms if total.spoken_ms else 0.0,
    )


def name_of(group: str, row: Row, words: Words) -> str:
    """What a row is called; a word of an older journal that is not known is shown as it is."""
    if group == "jenis_kelamin":
        return words(w.JENIS_KELAMIN[row.key]) if row.key in w.JENIS_KELAMIN else row.key
    if group == "unsur":
        return words(w.UNSUR[row.key]) if row.key in w.UNSUR else row.key
    return row.label


def reason_word(code: str, label: str, words: Words) -> str:
    """Why a place stood where it stood; the turn of a kecamatan names it."""
    if code == "giliran_kecamatan" and ", " in label:
        return words(N_("giliran %(kecamatan)s")) % {"kecamatan": label.rpartition(", ")[2]}
    return words(w.REASONS[code]) if code in w.REASONS else ""


def groups_csv(report: Report, words: Words) -> bytes:
    """Every row of every group, also those that had nothing."""
    headings = (
        N_("Menurut"),
        N_("Kelompok"),
        N_("Peserta hadir"),
        N_("Tangan"),
        N_("Giliran"),
        N_("Bagian giliran (%)"),
        N_("Waktu bicara (detik)"),
        N_("Bagian waktu (%)"),
        N_("Menunggu, nilai tengah (detik)"),
        N_("Menunggu, terlama (detik)"),
        N_("Tidak terlayani"),
    )
    lines = [(group, _line(report, group, row, words)) for group in GROUPS for row in _rows(report, group)]
    return _csv(
        [words(heading) for heading in headings],
        (
            [
                words(w.GROUPS[group]),
                line.name,
                line.row.peserta,
                line.row.hands,
                line.row.turns,
                f"{line.turns_percent:.1f}",
                line.row.spoken_ms // 1000,
                f"{line.spoken_percent:.1f}",
                line.row.waits.median_ms // 1000,
                line.row.waits.longest_ms // 1000,
                line.row.unserved,
            ]
            for group, line in lines
        ),
    )


def calls_csv(report: Report, words: Words, zone: timezone, *, internal: bool) -> bytes:
    """Every call with what was suggested. ``internal``: with the chair's own reasons (R87)."""
    headings = [
        N_("Jam"),
        N_("Dipanggil"),
        N_("Urutan saat itu"),
        N_("Yang disarankan"),
        N_("Alasan saran"),
        N_("Di luar saran"),
    ]
    if internal:
        headings.append(N_("Alasan pimpinan"))
    rows = (
        [
            datetime.fromtimestamp(call.called_at // 1000, zone).strftime("%Y-%m-%d %H:%M:%S"),
            call.label,
            call.place or "",
            call.suggested_label,
            reason_word(call.suggested.reason, call.suggested_label, words) if call.suggested else "",
            words(N_("ya")) if call.override else words(N_("tidak")),
            *([call.alasan] if internal else []),
        ]
        for call in report.calls
    )
    return _csv([words(heading) for heading in headings], rows)


def _csv(headings: list[str], rows: Iterator[list[str | int]]) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to see that it is UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headings)
    for row in rows:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")
