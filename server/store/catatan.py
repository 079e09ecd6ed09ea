"""Notes and usulan, their mentions and their history: rows in, records out.

Queries only; what may be changed by whom and when is decided in ``server.planning``. The functions that write
take the connection of a transaction that somebody else commits, the journal's for a new note.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from rooms.ids import RoomId
from server.store import lampiran, rekap, search
from server.store.engine import Connection
from server.store.lampiran import FOTO, Lampiran
from server.store.tables import catatan, pencarian, penyebutan, riwayat_usulan, rooms, seats, wilayah
from server.store.wilayah import label as place_label

_PARAMETERS = 10_000
"""Databases take some 32,000 in one statement."""
REMARK = "keliru"
"""In the history of a note: what its desa says is wrong with it."""
_KECAMATAN = re.compile(r"\d\d\.\d\d\.\d\d")


@dataclass(frozen=True, slots=True)
class Penyebutan:
    """A mention: the note was spoken of at this moment of this session."""

    id: str
    room_id: str
    turn_id: str | None
    seat_id: str | None
    spoken_at: int
    until_at: int | None
    spoken: bool
    """False for one that was added by hand afterwards."""


@dataclass(frozen=True, slots=True)
class Riwayat:
    """One change of one field."""

    at: int
    by: str
    field: str
    old: str
    new: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Catatan:
    """A note as stored. Texts that nobody filled in are empty, figures None."""

    id: str
    room_id: str
    """The session it was taken in."""
    jenis: str
    tahun_rencana: int
    ucapan: str
    judul: str
    masalah: str
    gagasan: str
    bidang: str
    sub_bidang: str
    kode_wilayah: str
    seat_id: str | None
    dusun: str
    alamat: str
    volume: Decimal | None
    satuan: str
    perkiraan_biaya: int | None
    """Rupiah."""
    sumber_dana: str
    opd_tujuan: str
    jumlah_terdampak: int | None
    pengusul_nama: str
    pengusul_jabatan: str
    kanal: str
    tahap: str
    putusan: str
    penanggung_jawab: str
    tenggat: date | None
    status_tindak_lanjut: str
    version: int
    created_at: int
    created_by: str
    nomor_sipd: str
    realisasi: str
    """What became of an usulan that was taken in (``tahapan.Realisasi``), empty before."""
    diprioritaskan_at: int | None
    """When the pleno told the camat to take it along."""
    diprioritaskan_by: str
    kamus_usulan: str
    """Code of the entry of the kamus that it is like; not always one that is there."""
    urgensi: str
    status_lahan: str
    pola: str
    kontak: str
    """Private: how to reach who asks for it."""
    lat: float | None
    """WGS 84, degrees; with ``lng`` or neither."""
    lng: float | None
    label: str
    """Shown place: the seat's, else the wilayah's."""
    kecamatan: str
    keliru: str = ""
    """What its desa says is wrong with it, as long as that is the last thing that happened to it."""
    foto: tuple[str, ...] = ()
    """Ids of its photos, oldest first."""
    lampiran: tuple[Lampiran, ...] = ()
    """Its other files, oldest first: documents, and photos of what became of it."""
    penyebutan: tuple[Penyebutan, ...] = ()
    """In the order of being spoken."""
    riwayat: tuple[Riwayat, ...] | None = None
    """Oldest first; None in lists."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which notes; an absent condition does not limit."""

    room_id: RoomId | None = None
    """Taken or mentioned in this session."""
    spoken: bool = False
    """Only what was spoken of in ``room_id``, without what merely stands on an office's list."""
    tahun_rencana: int | None = None
    kecamatan: str = ""
    """Code or name."""
    kode_wilayah: str = ""
    jenis: str = ""
    bidang: str = ""
    """``2`` or ``2.3``."""
    tahap: str = ""
    putusan: str = ""
    opd: str = ""
    """The OPD that it is for, however its name is spaced at the ends or capitalised."""
    q: str = ""
    """Words that begin so, all of them, somewhere in the texts (``server.store.search``)."""
    without: frozenset[str] = frozenset()
    """Not these, by id."""
    after: "Cursor | None" = None
    """Only what comes after the page that ended there."""
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, in the order of the list."""

    created_at: int
    id: str


async def insert_catatan(connection: Connection, values: Mapping[str, object]) -> None:
    """``values``: every column of the table but ``kecamatan_kode``, ``volume`` as Decimal."""
    row = _stored(values)
    await connection.execute(insert(catatan), row)
    await search.add(connection, str(row["id"]), row)
    await rekap.change(connection, None, row)


async def update_catatan(connection: Connection, before: "Catatan", values: Mapping[str, object]) -> bool:
    """Change columns of ``before`` and make it the next version; False when it no longer is that one."""
    where = (catatan.c.id == before.id, catatan.c.version == before.version)
    change = _stored(values) | {"version": before.version + 1}
    if not (await connection.execute(update(catatan).where(*where).values(change))).rowcount:
        return False
    was = _stored({name: getattr(before, name) for name in _COLUMNS})
    await search.put(connection, before.id, was | change)
    await rekap.change(connection, was, was | change)
    return True


async def hold(connection: Connection, catatan_id: str) -> None:
    """Nobody else changes the note before this transaction ends (on SQLite nobody could)."""
    note = select(catatan.c.id).where(catatan.c.id == catatan_id)
    await connection.execute(note.with_for_update(key_share=True))


async def add_riwayat(connection: Connection, catatan_id: str, changes: Sequence[Riwayat]) -> None:
    if changes:
        rows = [
            {field.name: getattr(change, field.name) for field in fields(change)} | {"catatan_id": catatan_id}
            for change in changes
        ]
        await connection.execute(insert(riwayat_usulan), rows)


async def touch_rooms(connection: Connection, room_ids: Iterable[str]) -> None:
    """Count up the version by which clients learn that notes of these sessions changed."""
    bumped = {"catatan_version": rooms.c.catatan_version + 1}
    for room_id in sorted(set(room_ids)):  # one order for all, so that two writers cannot deadlock
        await connection.execute(update(rooms).where(rooms.c.room_id == room_id).values(bumped))


async def version(connection: Connection, room_id: RoomId | None) -> int:
    """Grows with every change of a note of this session; of any session for None."""
    query = select(func.coalesce(func.sum(rooms.c.catatan_version), 0))
    if room_id is not None:
        query = query.where(rooms.c.room_id == room_id)
    return int(await connection.scalar(query) or 0)


async def body_hash(connection: Connection, catatan_id: str) -> bytes | None:
    """Of the request that made this note; None when there is no such note."""
    return await connection.scalar(select(catatan.c.body_hash).where(catatan.c.id == catatan_id))


async def one(connection: Connection, catatan_id: str) -> Catatan | None:
    """With its mentions and history."""
    found = await made(connection, catatan_id)
    return None if found is None else found[1]


async def made(connection: Connection, catatan_id: str) -> tuple[bytes, Catatan] | None:
    """The note with its mentions and history, and ``body_hash``: of the request that made it."""
    row = (await connection.execute(_ONE, {"one": catatan_id})).one_or_none()
    if row is None:
        return None
    changes = tuple(
        Riwayat(r.at, r.by, r.field, r.old, r.new, r.note)
        for r in await connection.execute(_HISTORY, {"one": catatan_id})
    )
    remarked = changes and changes[-1].field == REMARK
    remarks = {catatan_id: changes[-1].new} if remarked else {}
    (note,) = await _with_mentions(connection, [_catatan(row)], remarks)
    return row.body_hash, replace(note, riwayat=changes)


async def of_ids(connection: Connection, ids: Sequence[str]) -> list[Catatan]:
    """Those of at most some hundred ids that there are, in their order."""
    found = await connection.execute(_LABELLED.where(catatan.c.id.in_(list(ids))))
    notes = {note.id: note for note in await _completed(connection, [_catatan(r) for r in found])}
    return [notes[one] for one in ids if one in notes]


async def some(connection: Connection, wanted: Filter) -> list[Catatan]:
    """Newest first, with their mentions and open remarks."""
    query, after = _LABELLED.where(*conditions(wanted)), wanted.after
    if wanted.q.strip():
        query, nomor = search.narrowed(connection, query, wanted.q)
        query = query.order_by(nomor.desc())
        if after is not None:
            last = select(pencarian.c.nomor).where(pencarian.c.catatan_id == after.id)
            query = query.where(nomor < last.scalar_subquery())
    else:
        query = query.order_by(catatan.c.created_at.desc(), catatan.c.id.desc())
        if after is not None:
            place = tuple_(catatan.c.created_at, catatan.c.id)
            query = query.where(place < tuple_(literal(after.created_at), literal(after.id)))
    rows = await connection.execute(query.limit(wanted.limit))
    return await _completed(connection, [_catatan(row) for row in rows])


async def these(connection: Connection, ids: Sequence[str]) -> list[Catatan]:
    """Those of these ids, in no order, with their mentions and open remarks."""
    found = []
    for start in range(0, len(ids), _PARAMETERS):
        query = _LABELLED.where(catatan.c.id.in_(ids[start : start + _PARAMETERS]))
        found += [_catatan(row) for row in await connection.execute(query)]
    return await _completed(connection, found)


_SEAT = and_(seats.c.room_id == catatan.c.room_id, seats.c.seat_id == catatan.c.seat_id)
_PLACE = (wilayah.c.jenis.label("wilayah_jenis"), wilayah.c.nama, wilayah.c.kecamatan_nama)
_JOINED = catatan.outerjoin(seats, _SEAT).outerjoin(wilayah, wilayah.c.kode == catatan.c.kode_wilayah)
_LABELLED = select(catatan, seats.c.label, *_PLACE).select_from(_JOINED)
# What every note that is taken asks is put together once: that costs as much as its answer.
_ONE = _LABELLED.where(catatan.c.id == bindparam("one"))
_HISTORY = select(riwayat_usulan).where(riwayat_usulan.c.catatan_id == bindparam("one"))
_HISTORY = _HISTORY.order_by(riwayat_usulan.c.id)
_MENTIONS = select(penyebutan).where(penyebutan.c.catatan_id.in_(bindparam("those", expanding=True)))
_MENTIONS = _MENTIONS.order_by(penyebutan.c.spoken_at, penyebutan.c.id)


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """All that limit a list, but for the words that are searched for."""
    found = of_kind(catatan, wanted)
    if wanted.room_id is not None:
        mentioned = select(penyebutan.c.catatan_id).where(penyebutan.c.room_id == wanted.room_id)
        spoken = catatan.c.id.in_(mentioned)
        found.append(spoken if wanted.spoken else or_(catatan.c.room_id == wanted.room_id, spoken))
    if wanted.kode_wilayah:
        found.append(catatan.c.kode_wilayah == wanted.kode_wilayah)
    if wanted.opd:
        found.append(func.lower(func.trim(catatan.c.opd_tujuan)) == wanted.opd.strip().lower())
    if wanted.without:
        found.append(catatan.c.id.not_in(sorted(wanted.without)))
    return found


def of_kind(table: Table, wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions that notes and their counts have in common."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.tahun_rencana is not None:
        conditions.append(table.c.tahun_rencana == wanted.tahun_rencana)
    if _KECAMATAN.fullmatch(wanted.kecamatan):
        conditions.append(table.c.kecamatan_kode == wanted.kecamatan)
    elif wanted.kecamatan:
        named = func.lower(wilayah.c.kecamatan_nama) == wanted.kecamatan.lower()
        conditions.append(table.c.kecamatan_kode.in_(select(wilayah.c.kecamatan_kode).where(named)))
    if wanted.bidang:
        conditions.append(table.c["sub_bidang" if "." in wanted.bidang else "bidang"] == wanted.bidang)
    for name in ("jenis", "tahap", "putusan"):
        if value := getattr(wanted, name):
            conditions.append(table.c[name] == value)
    return conditions


async def _completed(connection: Connection, notes: list[Catatan]) -> list[Catatan]:
    """With their mentions and files, and what their desa says of them."""
    remarks: dict[str, str] = {}
    ids = [note.id for note in notes]
    for start in range(0, len(ids), _PARAMETERS):
        part = ids[start : start + _PARAMETERS]
        newest = select(func.max(riwayat_usulan.c.id)).where(riwayat_usulan.c.catatan_id.in_(part))
        newest = newest.group_by(riwayat_usulan.c.catatan_id)
        remark = select(riwayat_usulan).where(
            riwayat_usulan.c.id.in_(newest), riwayat_usulan.c.field == REMARK
        )
        remarks |= {row.catatan_id: row.new for row in await connection.execute(remark)}
    return await _with_mentions(connection, notes, remarks)


async def _with_mentions(
    connection: Connection, notes: list[Catatan], remarks: Mapping[str, str]
) -> list[Catatan]:
    """With their mentions and files; ``remarks``: what the desa of some of them says, by id."""
    mentions: dict[str, list[Penyebutan]] = {note.id: [] for note in notes}
    files: dict[str, list[Lampiran]] = {}
    ids = list(mentions)
    for start in range(0, len(ids), _PARAMETERS):
        part = ids[start : start + _PARAMETERS]
        files |= await lampiran.of_notes(connection, part)
        for row in await connection.execute(_MENTIONS, {"those": part}):
            mentions[row.catatan_id].append(
                Penyebutan(
                    row.id, row.room_id, row.turn_id, row.seat_id, row.spoken_at, row.until_at, row.spoken
                )
            )
    return [
        replace(
            note,
            penyebutan=tuple(mentions[note.id]),
            keliru=remarks.get(note.id, ""),
            foto=tuple(one.id for one in files.get(note.id, ()) if one.jenis == FOTO),
            lampiran=tuple(one for one in files.get(note.id, ()) if one.jenis != FOTO),
        )
        for note in notes
    ]


_COLUMNS = frozenset(catatan.c.keys()) & {field.name for field in fields(Catatan)}


def _catatan(row: Row[Any]) -> Catatan:
    values = {name: getattr(row, name) for name in _COLUMNS}
    values["volume"] = None if row.volume is None else Decimal(row.volume)
    label = row.label or ""
    if not label and row.nama:
        label = place_label(row.wilayah_jenis, row.nama, row.kecamatan_nama)
    return Catatan(**values, label=label, kecamatan=row.kecamatan_nama or "")


def _stored(values: Mapping[str, object]) -> dict[str, object]:
    """Decimals are kept as text: SQLite would make floats of them. A place brings its kecamatan."""
    row = {name: format(v, "f") if isinstance(v, Decimal) else v for name, v in values.items()}
    if "kode_wilayah" in row:
        row["kecamatan_kode"] = str(row["kode_wilayah"])[:8]
    return row
