"""A kabupaten's list of desa and kelurahan by Kemendagri code, as people bring it.

``PP.KK.CC.DDDD``: the first figure of ``DDDD`` is 1 for a kelurahan, 2 for a desa, 3 for a desa adat
(Permendagri 72/2019). ``jenis`` and ``kecamatan_kode`` follow from the code; where the file has them they
must agree.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from server.planning.impor import Hasil, Keliru, cell, read
from server.store.wilayah import Desa, Kecamatan

NEEDED = ("kode", "nama", "kecamatan_nama")
_KODE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
_JENIS = {"1": "kelurahan", "2": "desa", "3": "desa"}


def read_wilayah(path: Path, progress: Callable[[int], None] = lambda _: None) -> Hasil[Desa]:
    """Raises BadFile and OSError."""
    names: dict[str, str] = {}

    def check(cells: Mapping[str, str]) -> Desa:
        desa = _desa(cells)
        known = names.setdefault(desa.kecamatan.kode, desa.kecamatan.nama)
        if known != desa.kecamatan.nama:
            told = "kecamatan {} bernama {} di baris sebelumnya"
            raise Keliru(told.format(desa.kecamatan.kode, known))
        return desa

    return read(path, NEEDED, check, lambda desa: desa.kode, progress)


def _desa(cells: Mapping[str, str]) -> Desa:
    kode = cell(cells, "kode", "kode")
    if not _KODE.fullmatch(kode):
        raise Keliru(f"kode {kode} bukan kode Kemendagri; contoh: 35.10.01.2001")
    jenis = _JENIS.get(kode[9])
    if jenis is None or kode.startswith("00") or kode[3:5] == "00" or kode[6:8] == "00":
        raise Keliru(f"kode {kode} bukan kode desa atau kelurahan")
    given = cell(cells, "jenis", "jenis", needed=False).lower()
    if given not in ("", jenis, "desa adat" if kode[9] == "3" else jenis):
        raise Keliru(f"jenis {given} tidak cocok dengan kode {kode}, yang berarti {jenis}")
    kecamatan = cell(cells, "kecamatan_kode", "kecamatan_kode", needed=False) or kode[:8]
    if kecamatan != kode[:8]:
        raise Keliru(f"kecamatan {kecamatan} tidak cocok dengan kode {kode}")
    nama = cell(cells, "nama", "nama")
    return Desa(kode, jenis, nama, Kecamatan(kecamatan, cell(cells, "kecamatan_nama", "kecamatan_nama")))
