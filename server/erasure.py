"""Erasing what people may ask to be erased under privacy law: the words of a note, or a person of a session.

One transaction empties tables and journal; files of notes and of printed papers that may hold the words go
before it commits, so that nothing is called erased that is still there. What stays says that something was
there, who erased it and why: rows, history, the journal's chain, each paper's number and fingerprint. Papers
are made again, without the words, when the server starts. For a server that stands still (``rembug hapus``),
since rooms that run hold words of theirs in memory. Scans of signed papers go one by one, by their number,
since people decide about an archive. Recordings are not touched: their seconds are sealed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rooms.ids import PesertaId, RequestId, RoomId
from rooms.journal import Entry
from rooms.meeting.events import (
    PesertaRegistered,
    PesertaSanctioned,
    PointRaised,
    RequestAnswered,
    TurnRequested,
)
from server.attachments.files import Files
from server.planning.errors import NotFound
from server.store import catatan as rows
from server.store import erasure as store
from server.store import lampiran
from server.store.catatan import Catatan
from server.store.engine import Connection, Database
from server.store.erasure import PERSON, WORDS
from server.store.journal import SqlJournal
from server.store.lampiran import PHOTOS
from server.store.papers import Which


@dataclass(frozen=True, slots=True)
class Erased:
    catatan: int
    """Notes that were emptied, in whole or in part."""
    jurnal: int
    """Entries of the journal that lost their words."""
    sidang: int
    """Rows of offices' own meetings."""
    berkas: int
    """Photos and documents of the note."""
    dokumen: int
    """Papers that are made again."""
    pindaian: tuple["Pindaian", ...]
    """Signed and scanned papers that may hold the words, not touched."""
    surat: tuple[str, ...] = ()
    """Notes whose surat pengantar or RAB may hold the name, not touched."""


@dataclass(frozen=True, slots=True)
class Pindaian:
    id: str
    room_id: str
    jenis: str
    seat_id: str
    """Empty for a paper of the whole session."""


class Eraser:
    def __init__(
        self, database: Database, photos: Files, papers: Files, new_id: Callable[[], str], *, by: str
    ) -> None:
        self._database = database
        self._photos = photos
        self._papers = papers
        self._new_id = new_id
        self._by = by

    async def note(self, catatan_id: str, *, why: str, at: int) -> Erased:
        """Its words, photos, documents and drafts. Raises NotFound."""
        async with self._database.write() as connection:
            note = await rows.one(connection, catatan_id)
            if note is None:
                raise NotFound(catatan_id)
            await store.empty_note(connection, note, WORDS, by=self._by, why=why, at=at)
            await store.forget_drafts(connection, [catatan_id])
            await store.forget_index(connection)
            files = [*note.foto, *(one.id for one in note.lampiran)]
            unused = await lampiran.remove(connection, files, by=self._by, at=at)
            await self._photos.remove(unused)
            withdrawn = await store.papers_of_note(connection, note)
            scans = await self._withdraw(connection, withdrawn, at)
        return Erased(1, 0, 0, len(files), len(withdrawn), tuple(scans))

    async def person(self, room_id: RoomId, nama: str, *, why: str, at: int) -> Erased:
        """Whoever has this name in the session: jabatan, topics, reasons; the name in notes, own meetings and
        messages with Petugas Bantuan.

        Raises NotFound.
        """
        seqs = about(await SqlJournal(self._database).read(room_id, 0), nama)
        async with self._database.write() as connection:
            notes = await rows.of_ids(connection, await store.named_by(connection, room_id, nama))
            attended = await store.forget_attendance(connection, room_id, nama)
            written = await store.forget_messages(connection, room_id, nama)
            if not seqs and not notes and not attended and not written:
                raise NotFound(nama)
            await store.forget_entries(connection, room_id, seqs)
            await store.forget_signer(connection, room_id, nama)
            for note in notes:
                await store.empty_note(connection, note, PERSON, by=self._by, why=why, at=at)
            await store.forget_drafts(connection, [note.id for note in notes])
            await store.forget_index(connection)
            withdrawn = await self._told_of(connection, room_id, notes)
            scans = await self._withdraw(connection, withdrawn, at)
        letters = tuple(note.id for note in notes if any(one.jenis not in PHOTOS for one in note.lampiran))
        return Erased(len(notes), len(seqs), attended, 0, len(withdrawn), tuple(scans), letters)

    async def scan(self, scan_id: str, *, why: str, at: int) -> Pindaian:
        """What was signed and scanned, for good; the history of its paper tells. Raises NotFound."""
        async with self._database.write() as connection:
            dropped = await store.drop_scan(connection, scan_id, by=self._by, why=why, at=at)
            if dropped is None:
                raise NotFound(scan_id)
            room_id, which, unused = dropped
            await self._papers.remove(unused)
        return Pindaian(scan_id, room_id, *which)

    async def _told_of(
        self, connection: Connection, room_id: RoomId, notes: Sequence[Catatan]
    ) -> list[tuple[str, Which]]:
        found = set(await store.papers_of_session(connection, room_id))
        for note in notes:
            found.update(await store.papers_of_note(connection, note))
        return sorted(found)

    async def _withdraw(
        self, connection: Connection, told: Sequence[tuple[str, Which]], at: int
    ) -> list[Pindaian]:
        """The scans that there are of these papers."""
        unused: set[str] = set()
        scans = []
        for room_id, of_room in groupby(told, lambda one: one[0]):
            papers = [which for _, which in of_room]
            for which in papers:
                unused |= await store.withdraw(connection, room_id, which)
                ids = await store.scans_of(connection, room_id, which)
                scans += [Pindaian(one, room_id, *which) for one in ids]
            await store.make_again(connection, self._new_id(), room_id, papers, by=self._by, at=at)
        await self._papers.remove(unused)
        return scans


def about(entries: Sequence[Entry], nama: str) -> list[int]:
    """``seq`` of every entry whose private part is of somebody with this name, however it is capitalised."""
    people: set[PesertaId] = set()
    requests: set[RequestId] = set()
    found = []
    for entry in entries:
        match entry.event:
            case PesertaRegistered(peserta_id=who, nama=name):
                # A record that was corrected since was this person's before, too.
                if name.strip().casefold() == nama.strip().casefold():
                    people.add(who)
                theirs = who in people
            case TurnRequested(peserta_id=who, request_id=request):
                theirs = who in people
                if theirs:
                    requests.add(request)
            case PesertaSanctioned(peserta_id=who) | PointRaised(peserta_id=who):
                theirs = who in people
            case RequestAnswered(request_id=request):
                theirs = request in requests
            case _:
                theirs = False
        if theirs:
            found.append(entry.seq)
    return found
