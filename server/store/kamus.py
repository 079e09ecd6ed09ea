"""The kamus usulan of a kabupaten: what may be asked for, as its planners put it; rows in, records out.

A list is taken over whole. What an earlier list had and the newer one has not is offered no longer; it stays,
since usulan name it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import insert, or_, select, union, update

from server.store.engine import Database
from server.store.search import words
from server.store.tables import akun, kamus
from server.store.wilayah import Taken

MOST_WORDS = 12
CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Butir:
    """One entry."""

    kode: str
    nama: str
    satuan: str = ""
    bidang: str = ""
    """``2`` or ``2.3``; empty: it belongs to none."""
    opd: str = ""
    """The OPD that such usulan go to."""


class Kamus:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def take_over(self, entries: Iterable[Butir], *, trial: bool = False) -> Taken:
        """All of them or none, in place of the list before. ``trial``: only say what would be."""
        listed = {one.kode: _row(one) for one in entries}
        async with self._database.write() as connection:
            known = {row.kode: dict(row._mapping) for row in await connection.execute(select(kamus))}
            new = [row for kode, row in listed.items() if kode not in known]
            other = [row for kode, row in listed.items() if kode in known and known[kode] != row]
            if not trial:
                await connection.execute(update(kamus).values(ditawarkan=False))
                if new:
                    await connection.execute(insert(kamus), new)
                for kode, row in listed.items():
                    if kode in known:
                        await connection.execute(update(kamus).where(kamus.c.kode == kode).values(row))
        return Taken(len(new), len(other), len(listed) - len(new) - len(other))

    async def candidates(self, wanted: Sequence[str]) -> list[Butir]:
        """At most CANDIDATES offered entries with a word that begins like one of ``wanted``, or so coded."""
        begins = [kamus.c.teks.contains(f" {word}", autoescape=True) for word in wanted[:MOST_WORDS]]
        if not begins:
            return []
        query = select(kamus).where(kamus.c.ditawarkan, or_(*begins))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(kamus.c.kode).limit(CANDIDATES))
            return [
                Butir(**{name: getattr(row, name) for name in Butir.__dataclass_fields__}) for row in rows
            ]

    async def opd(self) -> list[str]:
        """Every OPD that has an account or stands in the list, by name."""
        names = union(
            select(akun.c.opd).where(akun.c.opd != "", akun.c.ended_at.is_(None)),
            select(kamus.c.opd).where(kamus.c.opd != "", kamus.c.ditawarkan),
        )
        async with self._database.read() as connection:
            return sorted((await connection.execute(names)).scalars(), key=str.casefold)


def _row(one: Butir) -> dict[str, object]:
    text = "".join(f" {word}" for word in words(f"{one.kode} {one.nama}"))
    return asdict(one) | {"teks": text, "ditawarkan": True}
