"""The use cases around a note: take, change, mention, remark, list. What is decided is in ``keputusan``.

A new note is not written here: ``take`` prepares its rows and the command, the caller submits both to the
room, and one transaction holds record, history, mention and journal entry. Everything else is one transaction
of its own. Whatever returns has been committed. Who may do it by role is decided before; that an office
touches only the notes of its own place is decided here: by ``own``, its kode wilayah (None: any place).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

from rooms.ids import NoteId, RoomId, SeatId, TurnId
from rooms.journal import Enlist
from rooms.meeting.commands import LogNote
from rooms.meeting.vocabulary import JenisCatatan
from server.i18n import N_
from server.planning import tahapan
from server.planning.bidang import bidang_of
from server.planning.catatan import (
    LATER,
    CatatanBaru,
    CatatanUbah,
    Isi,
    PenyebutanBaru,
    check_office_changes,
    parse,
)
from server.planning.changes import apply, differing
from server.planning.errors import FieldErrors, GladiSession, IdTaken, NotFound, NotYours, VersionConflict
from server.store import catatan as rows
from server.store import jumlah, konsep, penyebutan, sessions, wilayah
from server.store.catatan import REMARK, Catatan, Filter, Penyebutan, Riwayat
from server.store.engine import Connection, Database

_CONTENT = tuple(Isi.model_fields)
_CHANGEABLE = (*_CONTENT, "status_tindak_lanjut")

EXAMINED = "diperiksa"
"""In the history of a note: somebody at the desks has looked at what its desa says is wrong."""


@dataclass(frozen=True, slots=True)
class Taking:
    """A note that waits for the room: ``submit(command, command_id=note id, enlist=enlist)``."""

    command: LogNote
    enlist: Enlist


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Catatan]
    total: int
    """How many match, whatever the limit."""
    version: int
    """Grows with every change of the session's notes."""


class Notebook:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(
        self,
        room_id: RoomId,
        baru: CatatanBaru,
        *,
        by: str,
        grant_id: str,
        at: int,
        own: str | None = None,
    ) -> Taking | Catatan:
        """The prepared note, or the note itself when this very request was taken before.

        ``by``: who writes, as history shows it; ``grant_id``: whose draft it replaces. A note without a place
        gets that of its seat. Raises GladiSession, FieldErrors, NotFound (the session), NotYours, and IdTaken
        when the id stands for another body; the latter also from ``enlist``.
        """
        catatan_id, digest = str(baru.id), _digest(baru)
        async with self._database.read() as connection:
            if (known := await rows.made(connection, catatan_id)) is not None:
                if known[0] != digest:
                    raise IdTaken(catatan_id)
                return _limited(known[1], own)
            tahun = await self._check_places(connection, room_id, baru.kode_wilayah, baru.instant.seat_id)
            kode = baru.kode_wilayah or await _place_of(connection, room_id, baru.instant.seat_id)
        if own is not None and kode != own:
            raise NotYours(kode)
        values = content_of(baru) | tahapan.entry(baru.jenis)
        values |= {
            "kode_wilayah": kode,
            "id": catatan_id,
            "room_id": room_id,
            "body_hash": digest,
            "tahun_rencana": tahun,
            "seat_id": baru.instant.seat_id,
            "kanal": baru.kanal,
            "version": 1,
            "created_at": at,
            "created_by": by,
        }
        moment = baru.instant
        mention = Penyebutan(
            str(uuid4()), room_id, moment.turn_id, moment.seat_id, moment.spoken_at, None, spoken=True
        )

        async def enlist(connection: object) -> None:
            assert isinstance(connection, Connection)
            if await rows.body_hash(connection, catatan_id) is not None:
                raise IdTaken(catatan_id)
            await rows.insert_catatan(connection, values)
            await penyebutan.add(connection, catatan_id, mention, by=by, at=at)
            await rows.add_riwayat(connection, catatan_id, [Riwayat(at, by, "dibuat", "", baru.jenis)])
            if baru.konsep_id is not None:
                await konsep.delete_in(connection, grant_id, baru.konsep_id)
            await rows.touch_rooms(connection, [room_id])

        return Taking(_log_note(baru), enlist)

    async def taken(self, baru: CatatanBaru) -> Catatan:
        """The note as it stands after ``submit``, which tells a repeated id only from the journal.

        Raises IdTaken when the id went to another body, or to something that is no note.
        """
        async with self._database.read() as connection:
            found = await rows.made(connection, str(baru.id))
        if found is None or found[0] != _digest(baru):
            raise IdTaken(str(baru.id))
        return found[1]

    async def change(
        self, catatan_id: str, body: Mapping[str, object], *, by: str, at: int, own: str | None = None
    ) -> Catatan:
        """PATCH: ``body`` is decoded JSON with ``version`` and the fields that change.

        Of another version, what already stands so is answered with the note, and changes nothing.
        Raises FieldErrors, VersionConflict, WrongStage, NotFound, NotYours.
        """
        async with self._database.write() as connection:
            before = await _mine(connection, catatan_id, own)
            if own is not None:
                if before.jenis != JenisCatatan.USULAN:
                    raise NotYours(f"{catatan_id}: what a desk wrote down as {before.jenis}")
                if not tahapan.office_may_edit(before.tahap):
                    raise tahapan.WrongStage(f"the office's {catatan_id} in {before.tahap}")
                check_office_changes(before.kanal, body)
            ubah = parse(CatatanUbah, _with_kept(before, body))
            after = content_of(ubah) | {"status_tindak_lanjut": ubah.status_tindak_lanjut}
            if ubah.version != before.version:
                if ubah.jenis == before.jenis and not differing(before, after):
                    return before  # sent again, since the answer was lost
                raise VersionConflict(before)
            if own is not None and ubah.kode_wilayah != before.kode_wilayah:
                raise NotYours(catatan_id)
            await self._check_places(connection, RoomId(before.room_id), ubah.kode_wilayah, None)
            if ubah.jenis != before.jenis:
                after |= tahapan.reclassify(ubah.jenis, before.tahap)
            elif bool(ubah.status_tindak_lanjut) != (ubah.jenis in tahapan.FOLLOWED_UP):
                raise FieldErrors(
                    {"status_tindak_lanjut": N_("Hanya keluhan dan arahan yang ditindaklanjuti.")}
                )
            await apply(connection, before, after, by=by, at=at)
            return await _existing(connection, catatan_id)

    async def mention(
        self, catatan_id: str, room_id: RoomId, sebut: PenyebutanBaru, *, by: str, at: int
    ) -> Catatan:
        """Add a mention in ``room_id``, or move the one of that id to another turn, seat or instant.

        When the note was kept under the moved mention's seat, it follows to the new seat and its desa. The
        same request again changes nothing. Raises GladiSession, NotFound, FieldErrors, IdTaken (the id is
        another note's), VersionConflict (somebody changed the note in the same instant).
        """
        async with self._database.write() as connection:
            note = await _mine(connection, catatan_id, None)
            await self._check_places(connection, room_id, "", sebut.seat_id)
            old = next((m for m in note.penyebutan if m.id == str(sebut.id)), None)
            if old is None and await penyebutan.exists(connection, str(sebut.id)):
                raise IdTaken(str(sebut.id))
            new = Penyebutan(
                str(sebut.id),
                room_id,
                sebut.turn_id,
                sebut.seat_id,
                sebut.spoken_at,
                sebut.until_at,
                spoken=sebut.spoken if old is None else old.spoken,
            )
            if new == old:
                return note
            await penyebutan.put(connection, catatan_id, new, by=by, at=at)
            change = Riwayat(at, by, "penyebutan", _words(old), _words(new))
            await rows.add_riwayat(connection, catatan_id, [change])
            follows: dict[str, object] = {}
            if old is not None and new.seat_id and (note.room_id, note.seat_id) == (old.room_id, old.seat_id):
                follows = {"room_id": room_id, "seat_id": new.seat_id}
                if kode := await _place_of(connection, room_id, new.seat_id):
                    follows["kode_wilayah"] = kode
            await apply(connection, note, follows, by=by, at=at, also=room_id)
            return await _existing(connection, catatan_id)

    async def remark(self, catatan_id: str, isi: str, *, own: str, by: str, at: int) -> Catatan:
        """What the desa ``own`` says is wrong stands in the note's history; the note itself stays as it is.

        The same words again, as over a bad line, are kept once. Raises NotFound, NotYours.
        """
        async with self._database.write() as connection:
            note = await _mine(connection, catatan_id, own)
            last = (note.riwayat or ())[-1:]
            if [(change.field, change.new) for change in last] == [(REMARK, isi)]:
                return note
            await rows.add_riwayat(connection, catatan_id, [Riwayat(at, by, REMARK, "", isi)])
            await rows.touch_rooms(connection, {note.room_id, *(m.room_id for m in note.penyebutan)})
            return await _existing(connection, catatan_id)

    async def examined(self, catatan_id: str, *, by: str, at: int) -> Catatan:
        """The open remark of its desa has been looked at; without one nothing changes. Raises NotFound."""
        async with self._database.write() as connection:
            note = await _existing(connection, catatan_id)
            if not note.keliru:
                return note
            await rows.add_riwayat(connection, catatan_id, [Riwayat(at, by, EXAMINED, "", note.keliru)])
            await rows.touch_rooms(connection, {note.room_id, *(m.room_id for m in note.penyebutan)})
            return await _existing(connection, catatan_id)

    async def get(self, catatan_id: str, *, own: str | None = None) -> Catatan:
        """With its history. Raises NotFound, NotYours."""
        async with self._database.read() as connection:
            return await _mine(connection, catatan_id, own)

    async def number_of(self, room_id: RoomId, seat_id: str) -> int:
        """How many notes are kept under this seat."""
        async with self._database.read() as connection:
            return await jumlah.number_of(connection, room_id, seat_id)

    async def version(self, room_id: RoomId) -> int:
        """Grows with every change of the session's notes."""
        async with self._database.read() as connection:
            return await rows.version(connection, room_id)

    async def list(self, wanted: Filter) -> Page:
        async with self._database.read() as connection:
            return Page(
                await rows.some(connection, wanted),
                await jumlah.count(connection, wanted),
                await rows.version(connection, wanted.room_id),
            )

    @staticmethod
    async def _check_places(
        connection: Connection, room_id: RoomId, kode_wilayah: str, seat_id: str | None
    ) -> int:
        """The session's tahun_rencana.

        Raises NotFound and GladiSession for the session, FieldErrors for the places.
        """
        terms = await sessions.terms_in(connection, room_id)
        if terms is None:
            raise NotFound(room_id)
        if terms.gladi:
            raise GladiSession(room_id)
        wrong: dict[str, str] = {}
        if kode_wilayah and not await wilayah.exists_in(connection, kode_wilayah):
            wrong["kode_wilayah"] = N_("Kode wilayah ini tidak terdaftar.")
        if seat_id and await sessions.seat_in(connection, room_id, seat_id) is None:
            wrong["seat_id"] = N_("Kursi itu tidak ada dalam sesi ini.")
        if wrong:
            raise FieldErrors(wrong)
        return terms.tahun_rencana


def _log_note(baru: CatatanBaru) -> LogNote:
    moment = baru.instant
    return LogNote(
        NoteId(str(baru.id)),
        baru.jenis,
        None if moment.seat_id is None else SeatId(moment.seat_id),
        None if moment.turn_id is None else TurnId(moment.turn_id),
        moment.spoken_at,
    )


def content_of(isi: Isi) -> dict[str, object]:
    """The columns that a checked form fills."""
    values: dict[str, object] = {name: getattr(isi, name) for name in _CONTENT}
    if isi.sub_bidang and not isi.bidang:
        values["bidang"] = bidang_of(isi.sub_bidang)
    return values


def _with_kept(before: Catatan, body: Mapping[str, object]) -> dict[str, object]:
    """The whole form: what was sent over what is there. Bidang and sub-bidang follow each other."""
    kept: dict[str, object] = {name: getattr(before, name) for name in _CHANGEABLE}
    if "bidang" in body and body["bidang"] != bidang_of(before.sub_bidang):
        kept["sub_bidang"] = ""
    if body.get("sub_bidang"):
        kept["bidang"] = ""
    return kept | dict(body)


async def _place_of(connection: Connection, room_id: str, seat_id: str | None) -> str:
    seat = None if seat_id is None else await sessions.seat_in(connection, room_id, seat_id)
    return "" if seat is None else seat.kode_wilayah


def _digest(baru: CatatanBaru) -> bytes:
    """Of the checked form; the draft is not part of what was said.

    A field that older releases did not know counts only once it is filled in: what was sent to one of them
    and is repeated to this one is the same.
    """
    left_out = {"konsep_id"} | {name for name, empty in LATER.items() if getattr(baru, name) == empty}
    return hashlib.sha256(baru.model_dump_json(exclude=left_out).encode()).digest()


async def _mine(connection: Connection, catatan_id: str, own: str | None) -> Catatan:
    note = await rows.one(connection, catatan_id)
    if note is None:
        raise NotFound(catatan_id)
    return _limited(note, own)


def _limited(note: Catatan, own: str | None) -> Catatan:
    """Raises NotYours."""
    if own is not None and note.kode_wilayah != own:
        raise NotYours(note.id)
    return note


async def _existing(connection: Connection, catatan_id: str) -> Catatan:
    return await _mine(connection, catatan_id, None)


def _words(mention: Penyebutan | None) -> str:
    """A mention as history keeps it: session, seat, turn and interval."""
    if mention is None:
        return ""
    parts = (mention.room_id, mention.seat_id, mention.turn_id, mention.spoken_at, mention.until_at)
    return " ".join("-" if part is None else str(part) for part in parts)
