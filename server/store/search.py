"""Words looked for, and notes as they are looked through: the same letters on both sides, in both databases.

A search is for words that begin so, all of them, anywhere in a note's texts: ``jemb gant`` finds
``Jembatan gantung``. Case, accents and punctuation do not count.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    column,
    false,
    func,
    insert,
    literal_column,
    select,
    table,
    text,
    update,
)

from server.store.engine import Connection
from server.store.tables import catatan, pencarian

TEXTS = ("ucapan", "judul", "masalah", "gagasan", "dusun", "alamat", "pengusul_nama", "opd_tujuan")
"""The columns of a note that are searched."""
_RAREST = 3
_MANY = 500
MOST_WORDS = 12
"""What comes after them in a search does not count."""
COMPARED_SIGNS = 300
COMPARED_WORDS = 40
"""Of a text that is compared with another: comparing takes the square of the length, and what is the same
shows itself in the beginning."""
_WORD = re.compile(r"[^\W_]+")
_CARI = table("cari", column("rowid"))
_TEKS: ColumnElement[Any] = func.to_tsvector(text("'simple'"), pencarian.c.teks)

NewestFirst = ColumnElement[Any]
"""Grows with each note that was taken."""


def words(asked: str) -> list[str]:
    """Its words, without case and accents."""
    plain = unicodedata.normalize("NFKD", asked.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def beginning(text: str) -> list[str]:
    """The words of a text's beginning, as ``words`` gives them, to compare it with another."""
    # Cut again, since one sign can become many (NFKD)
    return " ".join(words(text[:COMPARED_SIGNS])[:COMPARED_WORDS])[:COMPARED_SIGNS].split()


def searchable(note: Mapping[str, object]) -> str:
    """The words of a note's texts."""
    return " ".join(word for name in TEXTS for word in words(str(note[name])))


def narrowed(connection: Connection, query: Select[Any], asked: str) -> tuple[Select[Any], NewestFirst]:
    """A query of ``catatan`` that finds only notes with all the words, and what orders it quickly.

    ``asked`` is not empty. A search without a letter or a figure (``%``) finds nothing.
    """
    query = query.join(pencarian, pencarian.c.catatan_id == catatan.c.id)
    wanted = words(asked)[:MOST_WORDS]
    if not wanted:
        return query.where(false()), pencarian.c.nomor
    if connection.dialect.name == "sqlite":
        match = " ".join(f'"{word}"*' for word in wanted)
        found = query.join(_CARI, _CARI.c.rowid == pencarian.c.nomor)
        return found.where(literal_column("cari").op("MATCH")(match)), _CARI.c.rowid
    asks = func.to_tsquery("simple", " & ".join(f"{word}:*" for word in wanted))
    return query.where(_TEKS.op("@@")(asks)), pencarian.c.nomor


async def candidates(
    connection: Connection, wanted: Sequence[str], most: int, own: str | None = None
) -> list[Row[Any]]:
    """Id, place and how the texts begin, of ``most`` notes with one of the rarest of the words, newest first.

    A word that every eighth note has tells little and costs most, so it is asked for only when no rarer one
    is there. ``wanted`` are as ``words`` gives them; ``own``: only notes of this place.
    """
    rarest = await _rarest(connection, wanted[:MOST_WORDS])
    if not rarest:
        return []
    found = _with_any(connection, rarest)
    texts = (catatan.c.judul, catatan.c.ucapan, catatan.c.gagasan)
    begin = [func.substr(one, 1, COMPARED_SIGNS).label(one.name) for one in texts]
    query = select(catatan.c.id, catatan.c.kode_wilayah, *begin).join(
        pencarian, pencarian.c.catatan_id == catatan.c.id
    )
    if own is None:
        found = found.order_by(text("nomor DESC")).limit(most)
    else:
        query = query.where(catatan.c.kode_wilayah == own)
    query = query.where(pencarian.c.nomor.in_(found)).order_by(pencarian.c.nomor.desc()).limit(most)
    return list(await connection.execute(query))


async def _rarest(connection: Connection, wanted: Sequence[str]) -> list[str]:
    """Those of the words that the fewest notes have; of words that many have none counts as rarer."""
    each = [_with_any(connection, [word]).limit(_MANY).subquery() for word in wanted]
    numbers = [select(func.count()).select_from(some).scalar_subquery() for some in each]
    counted = (await connection.execute(select(*numbers))).one()
    there = [(number, word) for number, word in zip(counted, wanted, strict=True) if number]
    return [word for _, word in sorted(there)[:_RAREST]]


def _with_any(connection: Connection, some: Sequence[str]) -> Select[Any]:
    """``nomor`` of the notes that have one of the words, by the index alone."""
    if connection.dialect.name == "sqlite":
        match = " OR ".join(f'"{word}"' for word in some)
        return select(_CARI.c.rowid.label("nomor")).where(literal_column("cari").op("MATCH")(match))
    return select(pencarian.c.nomor).where(_TEKS.op("@@")(func.to_tsquery("simple", " | ".join(some))))


async def put(connection: Connection, catatan_id: str, note: Mapping[str, object]) -> None:
    """``note``: its texts by column."""
    changed = await connection.execute(
        update(pencarian).where(pencarian.c.catatan_id == catatan_id).values(teks=searchable(note))
    )
    if not changed.rowcount:
        await add(connection, catatan_id, note)


async def add(connection: Connection, catatan_id: str, note: Mapping[str, object]) -> None:
    """The texts of a note that is new."""
    row = {"catatan_id": catatan_id, "teks": searchable(note)}
    await connection.execute(insert(pencarian), row)
