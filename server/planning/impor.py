"""Lists that people bring as CSV: read line by line, checked whole, then taken over whole or not at all.

A file may have commas or semicolons (as an Indonesian spreadsheet writes), a byte order mark and more columns
than are asked for. Everything that is wrong is told with its line number, as the file counts them.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from server.plain import plain

MOST_BYTES = 64 * 2**20
MOST_CHARS = 200
"""Of one cell that is kept."""
MOST_ERRORS = 1_000
"""More are only counted."""
STEP = 1_000
"""Lines between two words of progress."""

_BEYOND = ""
"""Stands for cells without a heading."""

Row = TypeVar("Row")
Check = Callable[[Mapping[str, str]], Row]
"""The cells of a line, by heading -> what is kept of it. Raises Keliru."""


class BadFile(Exception):
    """Nothing of this file can be read; says why, in Indonesian."""


class Keliru(Exception):
    """What is wrong with a line, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Salah:
    baris: int
    kata: str


@dataclass(slots=True)
class Hasil(Generic[Row]):
    rows: list[Row] = field(default_factory=list)
    salah: list[Salah] = field(default_factory=list)
    banyak_salah: int = 0


def read(
    path: Path,
    needed: Sequence[str],
    check: Check[Row],
    key: Callable[[Row], str],
    progress: Callable[[int], None] = lambda _: None,
    *,
    told: Callable[[Row], str] | None = None,
) -> Hasil[Row]:
    """Every line checked; ``key`` of a row may come only once, ``told`` is its name for people.

    Raises BadFile and OSError.
    """
    result: Hasil[Row] = Hasil()
    first: dict[str, int] = {}
    for number, (line, cells) in enumerate(_lines(path, needed), start=1):
        try:
            if _BEYOND in cells:
                raise Keliru("isiannya lebih banyak daripada kolomnya; beri tanda kutip bila ada koma")
            row = check(cells)
            if (before := first.setdefault(key(row), line)) != line:
                name = told(row) if told else f"kode {key(row)}"
                raise Keliru(f"{name} sudah ada di baris {before}")
            result.rows.append(row)
        except Keliru as error:
            result.banyak_salah += 1
            if len(result.salah) < MOST_ERRORS:
                result.salah.append(Salah(line, str(error)))
        if number % STEP == 0:
            progress(number)
    return result


def cell(
    cells: Mapping[str, str], name: str, words: str, *, needed: bool = True, most: int = MOST_CHARS
) -> str:
    """The text of a cell, as it may be kept. Raises Keliru."""
    text = cells.get(name, "")
    if not text and needed:
        raise Keliru(f"{words} kosong")
    if len(text) > most:
        raise Keliru(f"{words} lebih dari {most} huruf")
    try:
        kept = plain(text)
    except ValueError as error:
        raise Keliru(f"{words} memuat huruf yang tidak dapat disimpan") from error
    if not kept.isprintable():
        raise Keliru(f"{words} harus dalam satu baris")
    return kept


def _lines(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number of the file -> stripped cells by heading; empty lines are passed over. Raises BadFile."""
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(f"Berkas ini lebih dari {MOST_BYTES // 2**20} MB.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heading = file.readline()
            delimiter = ";" if heading.count(";") > heading.count(",") else ","
            names = [name.strip().lower() for name in next(csv.reader([heading], delimiter=delimiter), [])]
            if len(set(names)) < len(names) or "" in names:
                raise BadFile("Setiap kolom di baris judul perlu nama sendiri.")
            if missing := [name for name in needed if name not in names]:
                raise BadFile("Baris judul tidak memuat kolom: {}.".format(", ".join(missing)))
            rows = csv.reader(file, delimiter=delimiter, strict=True)
            line = 2
            for cells in rows:
                texts = [text.strip() for text in cells]
                if any(texts):
                    beyond = {_BEYOND: "ada"} if any(texts[len(names) :]) else {}
                    yield line, dict(zip(names, texts, strict=False)) | beyond
                line = rows.line_num + 2
    except UnicodeDecodeError as error:
        raise BadFile("Berkas ini bukan teks UTF-8; simpan ulang sebagai CSV UTF-8.") from error
    except csv.Error as error:
        raise BadFile("Berkas ini bukan CSV yang utuh; periksa tanda kutipnya.") from error
