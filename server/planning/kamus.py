"""Searching the kamus usulan while somebody types, and reading it from the CSV that planners bring.

A hint and no more: an usulan that fits no entry is as good as any other.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rapidfuzz import fuzz

from server.planning.bidang import BIDANG, SUB_BIDANG
from server.planning.impor import Hasil, Keliru, cell, read
from server.store import search
from server.store.kamus import Butir, Kamus

NEEDED = ("kode", "nama")
MOST_TOLD = 8
_KODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]*")


async def find(kamus: Kamus, teks: str) -> list[Butir]:
    """The likeliest first: most of the typed words begin words of it, and it says little else."""
    typed = list(dict.fromkeys(search.beginning(teks)))
    found = await kamus.candidates([word for word in typed if len(word) > 1])
    likeliest = await asyncio.to_thread(sorted, found, key=lambda one: _unlike(typed, one))
    return likeliest[:MOST_TOLD]


def _unlike(typed: Sequence[str], one: Butir) -> tuple[int, float, str]:
    has = search.beginning(f"{one.kode} {one.nama}")
    met = sum(any(word.startswith(begun) for word in has) for begun in typed)
    return -met, -fuzz.token_sort_ratio(" ".join(typed), " ".join(has)), one.kode


def read_kamus(path: Path, progress: Callable[[int], None] = lambda _: None) -> Hasil[Butir]:
    """Columns ``kode`` and ``nama``; ``satuan``, ``bidang`` (``2`` or ``2.3``) and ``opd`` as there are.

    Raises BadFile and OSError.
    """
    return read(path, NEEDED, _entry, lambda one: one.kode, progress)


def _entry(cells: Mapping[str, str]) -> Butir:
    kode = cell(cells, "kode", "kode")
    if not _KODE.fullmatch(kode):
        raise Keliru(f"kode {kode} memuat tanda yang tidak dapat dipakai")
    bidang = cell(cells, "bidang", "bidang", needed=False)
    if bidang and bidang not in BIDANG and bidang not in SUB_BIDANG:
        raise Keliru(f"bidang {bidang} tidak dikenal; contoh: 2 atau 2.3")
    satuan, opd = (cell(cells, name, name, needed=False) for name in ("satuan", "opd"))
    return Butir(kode, cell(cells, "nama", "nama"), satuan, bidang, opd)
