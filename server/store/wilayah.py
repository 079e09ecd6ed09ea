"""Desa, kelurahan and kecamatan by Kemendagri code.

Names are not unique, so everything is keyed on the code and shown as ``Tamansari, Kec. Licin``.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select, update

from server.store.engine import Connection, Database
from server.store.tables import wilayah

BANYUWANGI = Path(__file__).parent.parent / "data" / "wilayah" / "banyuwangi.csv"
_COLUMNS = ("kode", "jenis", "nama", "kecamatan_kode", "kecamatan_nama")


@dataclass(frozen=True, slots=True)
class Kecamatan:
    kode: str
    """``PP.KK.CC``"""
    nama: str


@dataclass(frozen=True, slots=True)
class Desa:
    """A desa or a kelurahan."""

    kode: str
    """``PP.KK.CC.DDDD``"""
    jenis: str
    """``desa`` or ``kelurahan``"""
    nama: str
    kecamatan: Kecamatan

    @property
    def label(self) -> str:
        return label(self.jenis, self.nama, self.kecamatan.nama)


def label(jenis: str, nama: str, kecamatan: str) -> str:
    """``Tamansari, Kec. Licin``, ``Kel. Pakis, Kec. Banyuwangi``."""
    return f"{'Kel. ' if jenis == 'kelurahan' else ''}{nama}, Kec. {kecamatan}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a list changes."""

    new: int
    changed: int
    same: int


class Wilayah:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def seed(self, path: Path = BANYUWANGI) -> None:
        """Take over the list that comes along; a code that is there already gets the list's names."""
        with path.open(encoding="utf-8", newline="") as file:
            await self.take_over(
                Desa(kode, jenis, nama, Kecamatan(kecamatan_kode, kecamatan_nama))
                for kode, jenis, nama, kecamatan_kode, kecamatan_nama in _cells(file)
            )

    async def take_over(self, desa: Iterable[Desa], *, trial: bool = False) -> Taken:
        """All of them or none; what is there and not among them stays. ``trial``: only say what would be."""
        listed = {one.kode: _row(one) for one in desa}
        async with self._database.write() as connection:
            known = {row.kode: dict(row._mapping) for row in await connection.execute(select(wilayah))}
            new = [row for kode, row in listed.items() if kode not in known]
            other = [row for kode, row in listed.items() if kode in known and known[kode] != row]
            if not trial:
                if new:
                    await connection.execute(insert(wilayah), new)
                for row in other:
                    await connection.execute(update(wilayah).where(wilayah.c.kode == row["kode"]).values(row))
        return Taken(len(new), len(other), len(listed) - len(new) - len(other))

    async def kecamatan(self) -> list[Kecamatan]:
        columns = (wilayah.c.kecamatan_kode, wilayah.c.kecamatan_nama)
        query = select(*columns).distinct().order_by(wilayah.c.kecamatan_kode)
        async with self._database.read() as connection:
            return [
                Kecamatan(row.kecamatan_kode, row.kecamatan_nama) for row in await connection.execute(query)
            ]

    async def desa(self, kecamatan_kode: str | None = None) -> list[Desa]:
        """Those of one kecamatan, or all, by code."""
        query = select(wilayah).order_by(wilayah.c.kode)
        if kecamatan_kode is not None:
            query = query.where(wilayah.c.kecamatan_kode == kecamatan_kode)
        async with self._database.read() as connection:
            return [_desa(row) for row in await connection.execute(query)]

    async def get(self, kode: str) -> Desa | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(wilayah).where(wilayah.c.kode == kode))).one_or_none()
        return None if row is None else _desa(row)


def _cells(file: Iterable[str]) -> Iterator[list[str]]:
    for row in csv.DictReader(file):
        yield [row[column] for column in _COLUMNS]


async def exists_in(connection: Connection, kode: str) -> bool:
    return await connection.scalar(select(wilayah.c.kode).where(wilayah.c.kode == kode)) is not None


def _row(desa: Desa) -> dict[str, str]:
    values = (desa.kode, desa.jenis, desa.nama, desa.kecamatan.kode, desa.kecamatan.nama)
    return dict(zip(_COLUMNS, values, strict=True))


def _desa(row: Row[Any]) -> Desa:
    return Desa(row.kode, row.jenis, row.nama, Kecamatan(row.kecamatan_kode, row.kecamatan_nama))
