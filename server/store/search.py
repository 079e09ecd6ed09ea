"""Words looked for, and notes as they are looked through: the same letters on both sides, in both databases.

A search is for words that begin so, all of them, anywhere in a note's texts: ``jemb gant`` finds
``Jembatan gantung``. Case, accents and punctuation do not count.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    column,
    false,
    func,
    insert,
    literal_column,
    table,
    text,
    update,
)

from server.store.engine import Connection
from server.store.tables import catatan, pencarian

TEXTS = ("ucapan", "judul", "masalah", "gagasan", "dusun", "alamat", "pengusul_nama", "opd_tujuan")
"""The columns of a note that are searched."""
MOST_WORDS = 12
"""What comes after them in a search does not count."""
_WORD = re.compile(r"[^\W_]+")
_CARI = table("cari", column("rowid"))
_TEKS: ColumnElement[Any] = func.to_tsvector(text("'simple'"), pencarian.c.teks)

NewestFirst = ColumnElement[Any]
"""Grows with each note that was taken."""


def words(asked: str) -> list[str]:
    """Its words, without case and accents."""
    plain = unicodedata.normalize("NFKD", asked.casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


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


async def put(connection: Connection, catatan_id: str, note: Mapping[str, object]) -> None:
    """``note``: its texts by column."""
    changed = await connection.execute(
        update(pencarian).where(pencarian.c.catatan_id == catatan_id).values(teks=searchable(note))
    )
    if not changed.rowcount:
        await connection.execute(insert(pencarian).values(catatan_id=catatan_id, teks=searchable(note)))
