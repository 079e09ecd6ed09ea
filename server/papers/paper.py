"""One paper as data: what the template prints and what its fingerprint is taken of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from server.papers.kinds import KINDS, Jenis, signers
from server.papers.said import Sesi
from server.papers.text import as_data

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Penanda:
    jabatan: str
    nama: str
    """Empty: filled in by hand."""


@dataclass(frozen=True, slots=True)
class Kop:
    judul: str
    sesi: str
    hari: str
    tahun: str


def paper(
    jenis: Jenis,
    sesi: Sesi,
    isi: object,
    *,
    kata: Mapping[str, str],
    nama: Mapping[str, str],
    kantor: str = "",
    kelurahan: bool = False,
) -> Data:
    """``isi``: the paper's own dataclass; ``kata``: edited paragraphs by name, the others are the usual ones;
    ``nama``: of signers, by their kode."""
    kind = KINDS[jenis]
    words = {
        name: filled(kata.get(name, paragraph.usual), sesi, kantor)
        for name, paragraph in kind.paragraphs.items()
    }
    data = {
        "jenis": jenis.value,
        "bentuk": kind.bentuk,
        "kop": Kop(kind.judul, sesi.judul, sesi.hari, str(sesi.tahun)),
        "kata": words,
        "penanda": [Penanda(s.jabatan, nama.get(s.kode, "")) for s in signers(jenis, kelurahan=kelurahan)],
        "isi": isi,
    }
    return cast(Data, as_data(data))


def filled(text: str, sesi: Sesi, kantor: str) -> str:
    """Other braces stay as they were typed."""
    known = {"{tahun}": str(sesi.tahun), "{judul}": sesi.judul, "{tanggal}": sesi.hari, "{kantor}": kantor}
    for name, value in known.items():
        text = text.replace(name, value)
    return text
