"""Lists of usulan that offices bring as CSV, for one office or for all of a session at once.

A line has at least ``judul``; in a list for several offices ``kode_wilayah`` says whose it is. The order of
the file is the order of priority. Ids follow from what a line says, so a file that comes twice is there once.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid5

from server.planning.catatan import parse
from server.planning.errors import FieldErrors
from server.planning.impor import Hasil, Keliru, cell, read
from server.planning.sidang_forms import CONTENT, BarisUbah

_NAMESPACE = UUID("a4c0d2b4-4b58-5d55-9d0e-3f5b8f6b7c11")
_LONG = ("masalah", "gagasan")
_DEGREES = ("lat", "lng")
_WHOLE = ("perkiraan_biaya", "jumlah_terdampak")
_NUMBER = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,15})?")
MOST_LONG = 4_000
"""Signs of masalah and gagasan; the others are as long as any cell."""
KERTAS = ("susulan", "kertas")
"""In the column ``kanal``: entered later from paper."""


@dataclass(frozen=True, slots=True)
class Baris:
    """A line of a list that was brought."""

    seat_id: str
    ubah: BarisUbah

    @property
    def sama(self) -> str:
        """What no two lines of one office have in common."""
        ubah = self.ubah
        return "\n".join((self.seat_id, ubah.judul, ubah.dusun, ubah.alamat)).casefold()

    def id(self, room_id: str) -> str:
        return str(uuid5(_NAMESPACE, f"{room_id}\n{self.sama}"))


def read_lists(text: bytes, offices: Mapping[str, str], words: Callable[[str], str]) -> Hasil[Baris]:
    """``offices``: kode wilayah -> seat; of one office alone lines need no kode. Raises BadFile."""
    (only,) = offices if len(offices) == 1 else ("",)
    needed = ("judul",) if only else ("kode_wilayah", "judul")

    def check(cells: Mapping[str, str]) -> Baris:
        kode = cell(cells, "kode_wilayah", "kode_wilayah", needed=not only) or only
        if kode not in offices:
            raise Keliru(f"kode {kode} bukan kantor {'ini' if only else 'dalam sesi ini'}")
        return Baris(offices[kode], _line(cells, kode, words))

    with TemporaryDirectory() as directory:
        path = Path(directory) / "daftar.csv"
        path.write_bytes(text)
        return read(path, needed, check, lambda baris: baris.sama, told=lambda b: f"usulan “{b.ubah.judul}”")


def _line(cells: Mapping[str, str], kode: str, words: Callable[[str], str]) -> BarisUbah:
    one_line = {name: " ".join(text.split()) for name, text in cells.items()}
    values: dict[str, object] = {"version": 0, "kode_wilayah": kode}
    for name in CONTENT:
        most = {"most": MOST_LONG} if name in _LONG else {}
        text = cell(one_line, name, name, needed=name == "judul", **most)
        if name in _WHOLE:
            values[name] = _whole(name, text)
        elif name in _DEGREES:
            values[name] = _degrees(name, text)
        elif text or name != "volume":
            values[name] = text
    if cell(one_line, "kanal", "kanal", needed=False).lower() in KERTAS:
        values["kanal"] = "susulan"
    try:
        return parse(BarisUbah, values)
    except FieldErrors as error:
        raise Keliru("; ".join(f"{name}: {words(said)}" for name, said in error.fields.items())) from error


def _degrees(name: str, text: str) -> float | None:
    """``-8,2192`` as well as ``-8.2192``. Raises Keliru."""
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Keliru(f"{name} {text} bukan angka; contoh: -8,2192")
    return float(text.replace(",", "."))


def _whole(name: str, text: str) -> int | None:
    """``Rp 1.250.000`` as people write it here. Raises Keliru."""
    bare = text.lower().removeprefix("rp").replace(".", "").replace(" ", "")
    if not bare:
        return None
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 15):
        raise Keliru(f"{name} {text} bukan bilangan bulat")
    return int(bare)
