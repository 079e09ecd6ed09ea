"""A selection of notes as one archive: spreadsheet, CSV, JSON, the sheet for SIPD, and what they are.

``manifest.json`` says when, by which filters, how many rows of each kind, how many photos and documents
they have (which stay with the server; JSON has their ids), and the SHA-256 of every file, so that whoever
gets them later can tell that they are whole and which list they were. Cells that would run as a formula
are neutralised in every table; JSON has no cells and keeps the words as they are. Everything is written
as it is read: memory does not grow with the list.
"""

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from zipfile import ZIP_DEFLATED, ZipFile

from rooms.meeting.vocabulary import JenisCatatan
from server.planning import shapes
from server.planning.closed import without_contact
from server.planning.export import COLUMNS, WIB, Sheet, Words, plain_cell
from server.planning.sipd import SIPD
from server.store.catatan import Catatan
from server.store.lampiran import FOTO

MANIFEST = "manifest.json"
TABLE, COMMA, JSON_, COPY = "usulan.xlsx", "usulan.csv", "usulan.json", "sipd.xlsx"


class Bundel:
    """Grows by ``add`` in ``folder``, which is its own, until ``close``."""

    def __init__(self, folder: Path, words: Words, filters: Mapping[str, str], *, at: int) -> None:
        """``filters``: as the address says them; ``at``: ms since the epoch."""
        self._folder, self._filters, self._at = folder, dict(filters), at
        self._rows: Counter[str] = Counter()
        self._files: Counter[str] = Counter()
        self._sheet = Sheet(folder / TABLE, words)
        self._copy = Sheet(folder / COPY, words, columns=SIPD)
        self._comma = (folder / COMMA).open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._comma)
        self._writer.writerow([words(column.heading) for column in COLUMNS])
        self._json: TextIO = (folder / JSON_).open("w", encoding="utf-8")
        self._json.write("[")

    def add(self, notes: Iterable[Catatan]) -> None:
        for note in notes:
            self._json.write(",\n" if self._rows else "\n")
            self._json.write(shapes.shown(without_contact(note)).model_dump_json())
            self._writer.writerow([plain_cell(column.value(note, WIB)) for column in COLUMNS])
            self._sheet.add([note])
            if note.jenis == JenisCatatan.USULAN:
                self._copy.add([note])
            self._rows[note.jenis] += 1
            self._files.update([*(FOTO for _ in note.foto), *(one.jenis for one in note.lampiran)])

    def close(self) -> Path:
        """The archive, in the folder."""
        self._json.write("\n]\n")
        self._json.close()
        self._comma.close()
        self._sheet.close()
        self._copy.close()
        names = (TABLE, COMMA, JSON_, COPY)
        (self._folder / MANIFEST).write_text(
            json.dumps(self._manifest(names), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
        )
        archive = self._folder / "usulan.zip"
        with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
            for name in (MANIFEST, *names):
                packed.write(self._folder / name, name)
        return archive

    def _manifest(self, names: Iterable[str]) -> dict[str, object]:
        rows = self._rows.total()
        usulan = self._rows[JenisCatatan.USULAN]
        return {
            "dibuat": datetime.fromtimestamp(self._at / 1000, UTC).isoformat(timespec="seconds"),
            "saringan": self._filters,
            "jumlah": rows,
            "jumlah_menurut_jenis": dict(sorted(self._rows.items())),
            "lampiran_menurut_jenis": dict(sorted(self._files.items())),
            "berkas": [
                {
                    "nama": name,
                    "baris": usulan if name == COPY else rows,
                    "bytes": (self._folder / name).stat().st_size,
                    "sha256": _sha256(self._folder / name),
                }
                for name in names
            ],
        }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
