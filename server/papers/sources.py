"""What the papers of one session are made of, read from journal and tables, and each paper's data out of it.

Read once for as many papers as are made together: a long journal is folded once for 217 berita acara.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from rooms.ids import RoomId, SeatId
from rooms.meeting.seals import Span
from rooms.meeting.vocabulary import MeetingStatus, SeatKind
from server.pages.session_form import JENIS_SESI
from server.pages.usulan_words import ALASAN
from server.papers import said
from server.papers.account import Account, account
from server.papers.berita_acara import Rapat, berita_acara, title
from server.papers.daftar import daftar_hadir, daftar_usulan
from server.papers.entries import KATA, NAMA, told
from server.papers.kinds import OF_THE_SESSION, WHOLE, Jenis
from server.papers.notulen import notulen
from server.papers.paper import Data, paper
from server.papers.said import Note, Sesi
from server.papers.siaran_pers import siaran_pers
from server.planning.closed import spoken_in
from server.store import catatan as rows
from server.store import keputusan, sidang
from server.store.catatan import Catatan, Filter
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.paper_entries import PaperEntries
from server.store.papers import Which
from server.store.sessions import Sessions
from server.store.wilayah import Desa, Wilayah

OFFICES = (SeatKind.DIALOG, SeatKind.MENYIMAK)


class NoSession(Exception):
    """There is no such session, or nothing of it is journalled."""


@dataclass
class Sources:
    """Of one session, as it was when it was read."""

    database: Database
    room_id: RoomId
    sesi: Sesi
    gladi: bool
    account: Account
    desa: dict[SeatId, Desa]
    """Seat of an office -> its place; the session's order."""
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    """Session -> the intervals whose words no paper tells."""

    @classmethod
    async def read(cls, database: Database, room_id: RoomId) -> "Sources":
        """Raises NoSession."""
        summary = await Sessions(database).get(room_id)
        entries = await SqlJournal(database).read(room_id, 0)
        if summary is None or not entries:
            raise NoSession(room_id)
        # A long meeting takes long enough to fold to be felt by a call.
        held = await asyncio.to_thread(account, entries)
        places = {desa.kode: desa for desa in await Wilayah(database).desa()}
        offices = {
            seat.seat_id: places[seat.kode_wilayah]
            for seat in held.meeting.agenda.seats.values()
            if seat.kind in OFFICES and seat.kode_wilayah in places
        }
        jenis = JENIS_SESI.get(summary.jenis_sesi, summary.jenis_sesi)
        sesi = Sesi(summary.title, summary.tanggal, jenis, summary.tahun_rencana)
        return cls(database, room_id, sesi, summary.gladi, held, offices, {room_id: held.closed_spans})

    @property
    def closed(self) -> bool:
        """Whether the session is."""
        return self.account.meeting.agenda.status is MeetingStatus.DITUTUP

    def all(self) -> list[Which]:
        """Every paper that this session can have."""
        whole = [(str(jenis), WHOLE) for jenis in OF_THE_SESSION]
        return [*whole, *((str(Jenis.BERITA_ACARA), str(seat_id)) for seat_id in self.desa)]

    async def data(self, which: Which) -> Data:
        """Raises KeyError for a paper that this session cannot have."""
        jenis, seat_id = Jenis(which[0]), SeatId(which[1])
        if jenis is Jenis.BERITA_ACARA:
            return await self._berita_acara(seat_id)
        notes = await self.spoken_of()
        kata, names = await self._entered(which)
        match jenis:
            case Jenis.NOTULEN:
                isi: object = notulen(self.account, self.sesi, notes, names)
            case Jenis.DAFTAR_HADIR:
                isi = daftar_hadir(self.account)
            case Jenis.DAFTAR_USULAN:
                isi = daftar_usulan(notes)
            case Jenis.SIARAN_PERS:
                isi = siaran_pers(self.account, self.sesi, notes)
        return paper(jenis, self.sesi, isi, kata=kata, nama=names)

    async def spoken_of(self) -> list[Note]:
        """The notes of this session, in the order of being spoken."""
        return [note for note in await self._notes(Filter(room_id=self.room_id)) if note.mention]

    async def _berita_acara(self, seat_id: SeatId) -> Data:
        desa = self.desa[seat_id]
        notes = await self._notes(Filter(kode_wilayah=desa.kode, tahun_rencana=self.sesi.tahun))
        async with self.database.read() as connection:
            given = await keputusan.alasan_of(connection, [note.note.id for note in notes])
            which = sidang.Which(self.room_id, seat_id)
            rapat = Rapat(
                await sidang.pokok(connection, which),
                tuple(await sidang.hadir(connection, which)),
                (await sidang.urutan(connection, which)).ids,
            )
        reasons = {id_: _reason(*reason) for id_, reason in given.items()}
        isi = berita_acara(self.account, self.sesi, seat_id, desa, notes, reasons, rapat)
        kelurahan = desa.jenis == "kelurahan"
        kata, names = await self._entered((Jenis.BERITA_ACARA, seat_id))
        return paper(
            Jenis.BERITA_ACARA,
            self.sesi,
            isi,
            kata=kata,
            nama=names,
            kantor=title(desa),
            kelurahan=kelurahan,
        )

    async def _entered(self, which: Which) -> tuple[dict[str, str], dict[str, str]]:
        """Edited paragraphs of papers of this kind; names of this one's signers."""
        entries = PaperEntries(self.database)
        words = await entries.current(self.room_id, (which[0], WHOLE))
        return told(words, KATA), told(await entries.current(self.room_id, which), NAMA)

    async def _notes(self, wanted: Filter) -> list[Note]:
        async with self.database.read() as connection:
            notes = await rows.some(connection, wanted)
        await self._read_spans(notes)
        closed = [note.id for note in notes if spoken_in(note, self.spans)]
        return said.readable(notes, self.room_id, closed)

    async def _read_spans(self, notes: Sequence[Catatan]) -> None:
        """Notes may have been spoken of in other sessions too."""
        rooms = {mention.room_id for note in notes for mention in note.penyebutan if mention.spoken}
        for room_id in sorted(rooms - set(self.spans)):
            entries = await SqlJournal(self.database).read(RoomId(room_id), 0)
            self.spans[room_id] = (await asyncio.to_thread(account, entries)).closed_spans


def _reason(kode: str, remark: str) -> str:
    word = ALASAN.get(kode, kode)
    return f"{word} ({remark})" if remark else word
