"""Erasure under privacy law: the private columns of notes and papers are emptied, their rows stay as proof.

The functions take the connection of the caller's transaction. On SQLite what is emptied is overwritten
(``secure_delete``); PostgreSQL overwrites it with its next vacuum, backups lose it when they expire.
"""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Text, and_, cast, delete, func, insert, or_, select, text, update

from server.store import catatan as rows
from server.store import search
from server.store.catatan import REMARK, Catatan, Riwayat
from server.store.door_tables import pesan_bantuan
from server.store.engine import Connection
from server.store.paper_entries import PINDAIAN
from server.store.paper_tables import paper_batches, paper_entries, paper_items, paper_scans, papers
from server.store.papers import MENUNGGU, Which
from server.store.sidang_tables import sidang, sidang_hadir
from server.store.tables import catatan, journal, konsep, riwayat_usulan, seats, snapshots

ERASED = "(dihapus)"
"""The title of a note whose words were erased."""
ERASURE = "dihapus"
"""In the history of a note: that it was, by whom and why."""
PERSON = ("pengusul_nama", "pengusul_jabatan", "kontak")
WORDS = ("judul", "ucapan", "masalah", "gagasan", "dusun", "alamat", *PERSON)
_PLACE = ("lat", "lng")
_TOLD = (*WORDS, *_PLACE, REMARK, "diperiksa")
"""Fields whose history says what they were."""


async def empty_note(
    connection: Connection, note: Catatan, columns: Collection[str], *, by: str, why: str, at: int
) -> None:
    """Its ``columns`` and what its history said of them; the words of the whole note take its title along."""
    values: dict[str, object] = dict.fromkeys(columns, "")
    told = tuple(columns)
    if "judul" in columns:
        # The digest of what was sent would let whoever guesses the words find out.
        values |= {"judul": ERASED, "body_hash": b"", **dict.fromkeys(_PLACE)}
        told = _TOLD
    await connection.execute(
        update(catatan).where(catatan.c.id == note.id).values(values | {"version": catatan.c.version + 1})
    )
    texts = {name: values.get(name, getattr(note, name)) for name in search.TEXTS}
    await search.put(connection, note.id, texts)
    of_them = (riwayat_usulan.c.catatan_id == note.id, riwayat_usulan.c.field.in_(told))
    await connection.execute(update(riwayat_usulan).where(*of_them).values(old="", new=""))
    await rows.add_riwayat(connection, note.id, [Riwayat(at, by, ERASURE, "", ", ".join(columns), why)])
    await rows.touch_rooms(connection, {note.room_id, *(mention.room_id for mention in note.penyebutan)})


async def forget_drafts(connection: Connection, ids: Collection[str]) -> None:
    """Drafts of these notes, and whatever names one of them: of which shape a draft is, its link decides."""
    for note_id in ids:
        named = cast(konsep.c.body, Text).contains(json.dumps(note_id), autoescape=True)
        await connection.execute(delete(konsep).where(or_(konsep.c.id == note_id, named)))


async def forget_messages(connection: Connection, room_id: str, nama: str) -> int:
    """What was written with Petugas Bantuan and names this person: how many messages lost their words."""
    its = pesan_bantuan.c.room_id == room_id
    named = [
        row.id
        for row in await connection.execute(select(pesan_bantuan.c.id, pesan_bantuan.c.teks).where(its))
        if nama.strip().lower() in row.teks.lower()
    ]
    await connection.execute(update(pesan_bantuan).where(pesan_bantuan.c.id.in_(named)).values(teks=ERASED))
    return len(named)


async def forget_index(connection: Connection) -> None:
    """SQLite's search index keeps words that are no longer there until it is made anew."""
    if connection.dialect.name == "sqlite":
        await connection.execute(text("INSERT INTO cari(cari) VALUES ('rebuild')"))


async def named_by(connection: Connection, room_id: str, nama: str) -> list[str]:
    """Ids of the notes taken in this session that name this person as who asks."""
    same = func.lower(func.trim(catatan.c.pengusul_nama)) == nama.strip().lower()
    found = await connection.execute(select(catatan.c.id).where(catatan.c.room_id == room_id, same))
    return list(found.scalars())


async def forget_entries(connection: Connection, room_id: str, seqs: Sequence[int]) -> None:
    """The private parts of these entries of a journal, whose chain still verifies; snapshots repeat them."""
    where = (journal.c.room_id == room_id, journal.c.seq.in_(seqs))
    await connection.execute(update(journal).where(*where).values(private=None, salt=None))
    await connection.execute(delete(snapshots).where(snapshots.c.room_id == room_id))


async def forget_signer(connection: Connection, room_id: str, nama: str) -> None:
    """The name where the Panitia put it into a paper of the session."""
    same = func.lower(func.trim(paper_entries.c.text)) == nama.strip().lower()
    await connection.execute(
        update(paper_entries).where(paper_entries.c.room_id == room_id, same).values(text="")
    )


async def forget_attendance(connection: Connection, room_id: str, nama: str) -> int:
    """The person at the offices' own meetings beside this session; how many rows said so."""
    wanted = nama.strip().lower()
    empty = dict.fromkeys(("nama", "jabatan", "asal"), "") | {"version": sidang_hadir.c.version + 1}
    there = (sidang_hadir.c.room_id == room_id, func.lower(func.trim(sidang_hadir.c.nama)) == wanted)
    found = (await connection.execute(update(sidang_hadir).where(*there).values(empty))).rowcount
    for name in ("pimpinan", "notulis", "narasumber"):
        leads = (sidang.c.room_id == room_id, func.lower(func.trim(sidang.c[name])) == wanted)
        found += (await connection.execute(update(sidang).where(*leads).values({name: ""}))).rowcount
    return int(found)


async def papers_of_note(connection: Connection, note: Catatan) -> list[tuple[str, Which]]:
    """Session and paper of everything printed that may tell of it: its sessions', and its desa's anywhere."""
    rooms = {note.room_id, *(mention.room_id for mention in note.penyebutan)}
    its_desa = and_(seats.c.room_id == papers.c.room_id, seats.c.seat_id == papers.c.seat_id)
    query = select(papers.c.room_id, papers.c.jenis, papers.c.seat_id).outerjoin(seats, its_desa)
    told = or_(papers.c.room_id.in_(rooms), seats.c.kode_wilayah == (note.kode_wilayah or None))
    found = await connection.execute(query.where(told).distinct().order_by(*query.selected_columns))
    return [(row.room_id, (row.jenis, row.seat_id)) for row in found]


async def papers_of_session(connection: Connection, room_id: str) -> list[tuple[str, Which]]:
    query = select(papers.c.jenis, papers.c.seat_id).where(papers.c.room_id == room_id).distinct()
    return [(room_id, (row.jenis, row.seat_id)) for row in await connection.execute(query)]


async def withdraw(connection: Connection, room_id: str, which: Which) -> set[str]:
    """Every version of a paper loses its file; the names of the files that nothing else is."""
    its = _paper(papers.c, room_id, which)
    names = set((await connection.execute(select(papers.c.berkas).where(*its))).scalars()) - {""}
    await connection.execute(update(papers).where(*its).values(berkas="", size_bytes=0))
    return await _unused(connection, names)


async def _unused(connection: Connection, names: set[str]) -> set[str]:
    """Those of the files that no version of a paper and no scan is any more."""
    for column in (papers.c.berkas, paper_scans.c.berkas):
        names -= set((await connection.execute(select(column).where(column.in_(names)))).scalars())
    return names


async def scans_of(connection: Connection, room_id: str, which: Which) -> list[str]:
    """Ids of what was signed and scanned of a paper and is still there."""
    there = (*_paper(paper_scans.c, room_id, which), paper_scans.c.berkas != "")
    query = select(paper_scans.c.id).where(*there).order_by(paper_scans.c.at, paper_scans.c.id)
    return list((await connection.execute(query)).scalars())


async def drop_scan(
    connection: Connection, scan_id: str, *, by: str, why: str, at: int
) -> tuple[str, Which, set[str]] | None:
    """The scan loses its file, which the history of its paper tells.

    Session, paper, and the names of the files that nothing else is; None where there is no such scan.
    """
    here = (paper_scans.c.id == scan_id, paper_scans.c.berkas != "")
    row = (await connection.execute(select(paper_scans).where(*here))).one_or_none()
    if row is None:
        return None
    await connection.execute(
        update(paper_scans).where(paper_scans.c.id == scan_id).values(berkas="", size_bytes=0)
    )
    entry = {"name": f"{PINDAIAN}{scan_id}", "version": 1, "text": why, "at": at, "by": by}
    paper = {"room_id": row.room_id, "jenis": row.jenis, "seat_id": row.seat_id}
    await connection.execute(insert(paper_entries), paper | entry)
    return row.room_id, (row.jenis, row.seat_id), await _unused(connection, {row.berkas})


async def make_again(
    connection: Connection, batch_id: str, room_id: str, which: Sequence[Which], *, by: str, at: int
) -> None:
    """A batch that the server makes when it goes on (``Workshop.resume``)."""
    batch = {"id": batch_id, "room_id": room_id, "created_at": at, "created_by": by}
    await connection.execute(insert(paper_batches).values(batch))
    items = [{"batch_id": batch_id, "jenis": j, "seat_id": s, "state": MENUNGGU} for j, s in which]
    await connection.execute(insert(paper_items), items)


def _paper(columns: object, room_id: str, which: Which) -> tuple[ColumnElement[bool], ...]:
    wanted = {"room_id": room_id, "jenis": which[0], "seat_id": which[1]}
    return tuple(getattr(columns, name) == value for name, value in wanted.items())
