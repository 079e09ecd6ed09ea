"""Sidang desa: each office's own meeting beside the pleno, as its devices write it, often offline for hours.

What a device sends is what a record is to be, with the version it saw. The same again, as over a bad line, is
answered like the first time, whatever the version; another content over another version is a conflict that
tells what is stored. A line of the list is an usulan like every other (``catatan``, without a mention until
it is spoken of): there is no second record of it. The pleno's journal knows nothing of this meeting.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rooms.ids import RoomId
from rooms.meeting.vocabulary import SeatSpec
from server.planning import tahapan
from server.planning.catatan import LATER
from server.planning.changes import apply
from server.planning.errors import (
    GladiSession,
    IdTaken,
    NotFound,
    SidangBerubah,
    SidangPindah,
    SidangSelesai,
    VersionConflict,
)
from server.planning.keputusan import Meja, Siapa
from server.planning.notebook import content_of
from server.planning.putuskan import Putuskan
from server.planning.sidang_forms import (
    CONTENT,
    MOST_LINES,
    MOST_PEOPLE,
    BarisUbah,
    HadirUbah,
    PokokUbah,
    UrutanUbah,
)
from server.planning.tahapan import Pelaku, Peran, Putusan, Tindakan
from server.store import catatan as rows
from server.store import sessions
from server.store import sidang as store
from server.store.catatan import Catatan, Riwayat
from server.store.engine import Connection, Database
from server.store.sidang import Hadir, Pokok, Ringkas, Urutan, Which


class TooMany(Exception):
    """More people or lines than one meeting has."""


@dataclass(frozen=True, slots=True)
class Isi:
    """A meeting, whole."""

    pokok: Pokok
    hadir: list[Hadir]
    urutan: Urutan
    usulan: list[Catatan]
    """In the list's order."""
    pindah: list[str]
    """Ids of what a desk put right to another desa: it is of this list no longer, nor told to this office."""


@dataclass(frozen=True, slots=True)
class Penulis:
    """Who writes for the office, as history shows it, and when (ms)."""

    siapa: Siapa
    at: int

    @property
    def by(self) -> str:
        return self.siapa.words


class SidangDesa:
    def __init__(self, database: Database, meja: Meja) -> None:
        self._database = database
        self._meja = meja

    async def show(self, which: Which) -> Isi:
        async with self._database.read() as connection:
            urutan = await store.urutan(connection, which)
            return Isi(
                await store.pokok(connection, which),
                await store.hadir(connection, which),
                urutan,
                await rows.of_ids(connection, urutan.ids),
                sorted(await store.moved(connection, which)),
            )

    async def of_session(self, room_id: RoomId) -> dict[str, Ringkas]:
        """Seat -> its meeting in figures, of those that have begun."""
        async with self._database.read() as connection:
            return await store.of_room(connection, room_id)

    async def set_pokok(self, which: Which, ubah: PokokUbah, penulis: Penulis) -> Pokok:
        """Raises SidangBerubah, SidangSelesai (it was over and stays so), GladiSession."""
        async with self._database.write() as connection:
            await self._hold(connection, which, penulis)
            now = await store.pokok(connection, which)
            wanted = ubah.model_dump(exclude={"version", "selesai"})
            other = {name: value for name, value in wanted.items() if getattr(now, name) != value}
            if not other and (now.selesai_at is not None) == ubah.selesai:
                return now
            if ubah.version != now.version:
                raise SidangBerubah(now)
            if now.selesai_at is not None and ubah.selesai:
                raise SidangSelesai(which.seat_id)
            ended = (now.selesai_at or penulis.at) if ubah.selesai else None
            await store.set_pokok(connection, which, other | {"selesai_at": ended})
            return await store.pokok(connection, which)

    async def set_hadir(self, which: Which, person_id: str, ubah: HadirUbah, penulis: Penulis) -> Hadir:
        """Put somebody down, correct or strike out.

        Raises SidangBerubah, SidangSelesai, NotFound, IdTaken, TooMany, GladiSession.
        """
        wanted = Hadir(person_id, **ubah.model_dump(exclude={"version"}), version=ubah.version + 1)
        async with self._database.write() as connection:
            await self._hold(connection, which, penulis)
            known = await store.one_hadir(connection, person_id)
            if known is not None and known[0] != which:
                raise IdTaken(person_id)
            now = None if known is None else known[1]
            if now is not None and replace(now, version=wanted.version) == wanted:
                return now
            if now is None and ubah.version:
                raise NotFound(person_id)
            if now is not None and now.version != ubah.version:
                raise SidangBerubah(now)
            await _open(connection, which)
            if now is None and len(await store.hadir(connection, which)) >= MOST_PEOPLE:
                raise TooMany(which.seat_id)
            await store.put_hadir(connection, which, wanted, new=now is None, by=penulis.by, at=penulis.at)
            return wanted

    async def set_line(self, which: Which, line_id: str, ubah: BarisUbah, penulis: Penulis) -> Catatan:
        """Write a line of the list: new, changed, withdrawn or back again.

        Raises VersionConflict, SidangSelesai, WrongStage and TidakBoleh (it was submitted), SidangPindah,
        IdTaken, NotFound, TooMany, GladiSession.
        """
        async with self._database.write() as connection:
            seat = await self._hold(connection, which, penulis)
            listed = (await store.urutan(connection, which)).ids
            note = await rows.one(connection, line_id)
            if note is None:
                if ubah.version:
                    raise NotFound(line_id)
                await _open(connection, which)
                if len(listed) >= MOST_LINES:
                    raise TooMany(which.seat_id)
                await self._enter(connection, which, seat, [(line_id, ubah)], penulis)
            elif line_id in await store.moved(connection, which):
                raise SidangPindah(line_id)
            elif line_id not in listed:
                raise IdTaken(line_id)
            else:
                await _write_line(connection, which, note, ubah, penulis)
            note = await rows.one(connection, line_id)
        assert note is not None
        withdrawn = note.putusan == Putusan.DIBATALKAN
        if withdrawn == ubah.hapus:
            return note
        tindakan = Tindakan.BATALKAN if ubah.hapus else Tindakan.BUKA_LAGI
        try:
            return await self._meja.decide(
                line_id,
                note.version,
                Putuskan(tindakan=tindakan),
                pelaku=Pelaku(Peran.DESA, seat.kode_wilayah),
                siapa=penulis.siapa,
                at=penulis.at,
            )
        except VersionConflict as error:
            if error.current.kode_wilayah != seat.kode_wilayah:
                raise SidangPindah(line_id) from error  # in between; what it says now is not this office's
            raise

    async def rank(self, which: Which, ubah: UrutanUbah, penulis: Penulis) -> Urutan:
        """Raises SidangBerubah, SidangSelesai, NotFound for what is not on the list."""
        ids = [str(one) for one in ubah.ids]
        async with self._database.write() as connection:
            await self._hold(connection, which, penulis)
            now = await store.urutan(connection, which)
            moved = await store.moved(connection, which)
            if unknown := set(ids) - set(now.ids) - moved:
                raise NotFound(", ".join(sorted(unknown)))
            # A device that was offline still names what has left the list.
            ids = [one for one in ids if one not in moved]
            wanted = (*dict.fromkeys(ids), *(one for one in now.ids if one not in ids))
            if wanted == now.ids:
                return now
            if ubah.version != now.version:
                raise SidangBerubah(now)
            await _open(connection, which)
            await store.arrange(connection, which, wanted)
            return await store.urutan(connection, which)

    async def take_over(
        self, room_id: RoomId, lines: Mapping[str, Sequence[tuple[str, BarisUbah]]], penulis: Penulis
    ) -> int:
        """Lists that were brought: seat -> ids and lines, all or none; how many of them are new.

        What came before keeps what was written into it since. Raises NotFound, SidangSelesai, TooMany,
        GladiSession.
        """
        new = 0
        async with self._database.write() as connection:
            for seat_id, brought in sorted(lines.items()):
                which = Which(room_id, seat_id)
                seat = await self._hold(connection, which, penulis)
                listed = (await store.urutan(connection, which)).ids
                fresh = [one for one in brought if await rows.body_hash(connection, one[0]) is None]
                if fresh:
                    await _open(connection, which)
                if len(listed) + len(fresh) > MOST_LINES:
                    raise TooMany(seat_id)
                await self._enter(connection, which, seat, fresh, penulis)
                new += len(fresh)
        return new

    async def _hold(self, connection: Connection, which: Which, penulis: Penulis) -> SeatSpec:
        """The office. Raises NotFound for a seat that is of no desa or kelurahan, GladiSession."""
        seat = await sessions.seat_in(connection, which.room_id, which.seat_id)
        terms = await sessions.terms_in(connection, which.room_id)
        if seat is None or not seat.kode_wilayah or terms is None:
            raise NotFound(which.seat_id)
        if terms.gladi:
            raise GladiSession(which.room_id)
        await store.hold(connection, which, by=penulis.by, at=penulis.at)
        return seat

    async def _enter(
        self,
        connection: Connection,
        which: Which,
        seat: SeatSpec,
        lines: Sequence[tuple[str, BarisUbah]],
        penulis: Penulis,
    ) -> None:
        terms = await sessions.terms_in(connection, which.room_id)
        assert terms is not None, "the meeting is held, so its session is there"
        for line_id, ubah in lines:
            values = content_of(ubah) | tahapan.entry_of_list()
            values |= {
                "id": line_id,
                "room_id": which.room_id,
                "seat_id": which.seat_id,
                "kode_wilayah": seat.kode_wilayah,
                "tahun_rencana": terms.tahun_rencana,
                "kanal": ubah.kanal,
                "body_hash": hashlib.sha256(ubah.model_dump_json().encode()).digest(),
                "version": 1,
                "created_at": penulis.at,
                "created_by": penulis.by,
            }
            await rows.insert_catatan(connection, values)
            made = Riwayat(penulis.at, penulis.by, "dibuat", "", ubah.jenis)
            await rows.add_riwayat(connection, line_id, [made])
        await store.enter(connection, which, [line_id for line_id, _ in lines])
        if lines:
            await rows.touch_rooms(connection, [which.room_id])


async def _open(connection: Connection, which: Which) -> None:
    """Raises SidangSelesai."""
    if (await store.pokok(connection, which)).selesai_at is not None:
        raise SidangSelesai(which.seat_id)


async def _write_line(
    connection: Connection, which: Which, note: Catatan, ubah: BarisUbah, penulis: Penulis
) -> None:
    wanted = content_of(ubah)
    # A page that was kept for being offline may be older than some fields: it empties none of those.
    said = [name for name in CONTENT if name not in LATER or name in ubah.model_fields_set]
    other = {name: wanted[name] for name in said if wanted[name] != getattr(note, name)}
    moves = (note.putusan == Putusan.DIBATALKAN) != ubah.hapus
    if not other and not moves:
        return
    await _open(connection, which)
    if note.version != ubah.version:
        raise VersionConflict(note)
    # Withdrawing, too: a device that learns of another version sends its wish again by itself.
    if (other or ubah.hapus) and not tahapan.office_may_edit(note.tahap):
        raise tahapan.WrongStage(f"the office's {note.id} in {note.tahap}")
    if other:
        await apply(connection, note, other, by=penulis.by, at=penulis.at)
