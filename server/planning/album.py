"""Files of notes: photos, and of usulan their surat pengantar, their RAB and photos of what became of them.

Each was checked, and pictures encoded anew, before it comes here. A file's id is minted before it is sent, so
that one sent again over a bad line is there once. A removed file is gone from the disk before that is said;
its row says who removed it.
"""

import asyncio
from collections.abc import Mapping

from server.attachments.checking import Checked
from server.attachments.files import Files
from server.planning import tahapan
from server.planning.errors import IdTaken, NotFound, NotYours
from server.store import catatan as rows
from server.store import lampiran
from server.store.catatan import Catatan, Riwayat
from server.store.engine import Connection, Database
from server.store.lampiran import FOTO, FOTO_REALISASI, RAB, SURAT_PENGANTAR, Lampiran

MOST: Mapping[str, int] = {FOTO: 3, SURAT_PENGANTAR: 1, RAB: 1, FOTO_REALISASI: 3}
"""Kind -> how many a note may have. Its history calls them so, with the id of what came or went."""


class TooManyFiles(Exception):
    """The note has as many of this kind as it may have."""


class Album:
    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self.files = files
        # Two records may have one file, so none is kept while another goes.
        self._one_at_a_time = asyncio.Lock()

    async def get(self, lampiran_id: str) -> Lampiran:
        """One that is there. Raises NotFound."""
        async with self._database.read() as connection:
            found = await lampiran.get(connection, lampiran_id)
        if found is None or not found.berkas:
            raise NotFound(lampiran_id)
        return found

    async def expects(self, catatan_id: str, lampiran_id: str, jenis: str, *, own: str | None) -> bool:
        """Whether this file may be added to the note; False: it was added before.

        ``own``: the place of an office. Raises IdTaken, NotFound, NotYours, WrongStage, TooManyFiles.
        """
        async with self._database.read() as connection:
            note = await _note(connection, catatan_id)
            return await _expects(connection, note, lampiran_id, jenis, own)

    async def add(
        self,
        catatan_id: str,
        lampiran_id: str,
        jenis: str,
        checked: Checked,
        *,
        own: str | None,
        by: str,
        at: int,
    ) -> None:
        """``checked``: what ``check`` gives. The same again changes nothing. Raises what ``expects`` does."""
        async with self._one_at_a_time:
            # Again: sending it took as long as its line is slow, and the note may have gone on meanwhile.
            if not await self.expects(catatan_id, lampiran_id, jenis, own=own):
                return
            whole, *small = [await self.files.put(part, f".{checked.suffix}") for part in checked.parts]
            one = Lampiran(lampiran_id, catatan_id, jenis, whole, "".join(small), checked.pages, at, by)
            async with self._database.write() as connection:
                await rows.hold(connection, catatan_id)
                note = await _note(connection, catatan_id)
                if not await _expects(connection, note, lampiran_id, jenis, own):
                    return
                await lampiran.add(connection, one)
                await rows.add_riwayat(connection, note.id, [Riwayat(at, by, jenis, "", lampiran_id)])
                await rows.touch_rooms(connection, _rooms(note))

    async def remove(
        self, catatan_id: str, lampiran_id: str, jenis: str, *, own: str | None, by: str, at: int
    ) -> None:
        """This file of the note, if it is of this kind; for good. Raises NotFound, NotYours, WrongStage."""
        async with self._one_at_a_time, self._database.write() as connection:
            await rows.hold(connection, catatan_id)
            note = await _note(connection, catatan_id)
            _check_office(note, jenis, own)
            has = (await lampiran.of_notes(connection, [note.id])).get(note.id, [])
            going = [one for one in has if (one.id, one.jenis) == (lampiran_id, jenis)]
            if not going:
                return
            unused = await lampiran.remove(connection, [one.id for one in going], by=by, at=at)
            told = [Riwayat(at, by, one.jenis, one.id, "") for one in going]
            await rows.add_riwayat(connection, note.id, told)
            await rows.touch_rooms(connection, _rooms(note))
            # Before the commit: what is said to be gone is gone, whatever ends this process in between.
            await self.files.remove(unused)


async def _note(connection: Connection, catatan_id: str) -> Catatan:
    note = await rows.one(connection, catatan_id)
    if note is None:
        raise NotFound(catatan_id)
    return note


async def _expects(
    connection: Connection, note: Catatan, lampiran_id: str, jenis: str, own: str | None
) -> bool:
    known = await lampiran.get(connection, lampiran_id)
    if known is not None:
        if (known.catatan_id, known.jenis) != (note.id, jenis):
            raise IdTaken(lampiran_id)
        return False
    _check_office(note, jenis, own)
    if jenis != FOTO and note.jenis != "usulan":
        raise tahapan.WrongStage(f"{jenis} of a {note.jenis}")
    has = (await lampiran.of_notes(connection, [note.id])).get(note.id, [])
    if sum(one.jenis == jenis for one in has) >= MOST[jenis]:
        raise TooManyFiles(f"{jenis} of {note.id}")
    return True


def _check_office(note: Catatan, jenis: str, own: str | None) -> None:
    """An office adds to its usulan what it may still change of it; what became of it others tell."""
    if own is None:
        return
    if note.kode_wilayah != own or note.jenis != "usulan" or jenis == FOTO_REALISASI:
        raise NotYours(note.id)
    if not tahapan.office_may_edit(note.tahap):
        raise tahapan.WrongStage(f"the office's {note.id} in {note.tahap}")


def _rooms(note: Catatan) -> set[str]:
    return {note.room_id, *(mention.room_id for mention in note.penyebutan)}
