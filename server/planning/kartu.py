"""Kartu desa: what the chair wants to know of a place before its office speaks. Reading only."""

from dataclasses import dataclass, replace

from rooms.meeting.vocabulary import JenisCatatan
from server.planning.tahapan import Putusan, TindakLanjut
from server.store import catatan as rows
from server.store import sidang, tindak_lanjut
from server.store.catatan import Catatan, Filter
from server.store.engine import Database

MOST = 20
"""Of each list; who looks at a card is looking at people."""
LOOKED_AT = 200
"""Among so many of an office's usulan of this plan are those that it ranks highest."""


@dataclass(frozen=True, slots=True)
class Kartu:
    """Newest first; what is due first, first."""

    usulan: list[Catatan]
    """Of the plan that the session is about: as its office ranks them, then the others."""
    lalu: list[Catatan]
    """Of the plan of the year before, with what became of them."""
    janji: list[Catatan]
    """Directions and complaints about this place that are not done."""


class KartuDesa:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, kode_wilayah: str, tahun_rencana: int) -> Kartu:
        """``kode_wilayah``: of one desa or kelurahan; empty: nothing is about no place."""
        if not kode_wilayah:
            return Kartu([], [], [])
        wanted = Filter(kode_wilayah=kode_wilayah, jenis=JenisCatatan.USULAN, limit=MOST)
        async with self._database.read() as connection:
            before = await rows.some(connection, replace(wanted, tahun_rencana=tahun_rencana - 1))
            now = await rows.some(connection, replace(wanted, tahun_rencana=tahun_rencana, limit=LOOKED_AT))
            now = [note for note in now if note.putusan != Putusan.DIBATALKAN]
            place = await sidang.places(connection, [note.id for note in now])
            promised = await tindak_lanjut.promised(
                connection,
                kecamatan="",
                kode_wilayah=kode_wilayah,
                done=False,
                done_word=TindakLanjut.SELESAI,
                limit=MOST,
            )
        now.sort(key=lambda note: place.get(note.id, LOOKED_AT * MOST))
        return Kartu(now[:MOST], before, promised)
