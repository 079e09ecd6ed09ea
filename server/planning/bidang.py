"""The catalogue of bidang and sub-bidang, read once from ``server/data/bidang.csv``.

Codes are ``2`` and ``2.3``; a sub-bidang belongs to the bidang before its point.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

_FILE = Path(__file__).parent.parent / "data" / "bidang.csv"


def _load() -> dict[str, str]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["kode"]: row["nama"] for row in csv.DictReader(file)}


_ALL = _load()
BIDANG: Mapping[str, str] = {kode: nama for kode, nama in _ALL.items() if "." not in kode}
"""Code to name, in order."""
SUB_BIDANG: Mapping[str, str] = {kode: nama for kode, nama in _ALL.items() if "." in kode}


def bidang_of(sub_bidang: str) -> str:
    """``2.3`` -> ``2``"""
    return sub_bidang.partition(".")[0]
