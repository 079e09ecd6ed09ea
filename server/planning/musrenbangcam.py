"""The camat's list for musrenbangcam: what the pleno prioritised and what has come to the kecamatan, ranked.

The line of the pagu indikatif is drawn where the costs, added up in the list's order, first go beyond it.
"""

from dataclasses import dataclass

from rooms.meeting.vocabulary import JenisCatatan
from server.i18n import N_
from server.planning.changes import apply
from server.planning.errors import FieldErrors, ListChanged, NotFound
from server.planning.keputusan import Siapa, list_of
from server.planning.putuskan import Pagu
from server.planning.tahapan import Putusan, WrongStage
from server.store import catatan as rows
from server.store import keputusan, musrenbangcam
from server.store.catatan import Catatan
from server.store.engine import Connection, Database
from server.store.musrenbangcam import Head, Which

OUT = frozenset({Putusan.DITOLAK, Putusan.DIBATALKAN})
"""What is shown below the list and counts no more."""
NO_PLACE = N_("Tentukan dahulu desa atau kelurahan asal usulan ini.")


@dataclass(frozen=True, slots=True)
class Baris:
    """One place of the list."""

    note: Catatan
    biaya: int | None
    """What was recommended last, else what the desa reckoned; rupiah."""
    sum: int
    """With all before it."""
    within: bool
    """Before the line; always, while there is no pagu."""


@dataclass(frozen=True, slots=True)
class Daftar:
    head: Head
    ranked: list[Baris]
    out: list[Catatan]


class Musrenbangcam:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def prioritise(self, catatan_id: str, *, siapa: Siapa, at: int) -> Catatan:
        """The pleno tells the camat to take this usulan along; the same again changes nothing.

        Raises NotFound, WrongStage (not an usulan), FieldErrors (it has no place), VersionConflict.
        """
        async with self._database.write() as connection:
            note = await _existing(connection, catatan_id)
            if note.jenis != JenisCatatan.USULAN:
                raise WrongStage(f"a {note.jenis} is on no camat's list")
            if not note.kode_wilayah:
                raise FieldErrors({"kode_wilayah": NO_PLACE})
            if note.diprioritaskan_at is None:
                marked = {"diprioritaskan_at": at, "diprioritaskan_by": siapa.words}
                await apply(connection, note, marked, by=siapa.words, at=at)
                await musrenbangcam.enter(connection, list_of(note), catatan_id, at=at)
            return await _existing(connection, catatan_id)

    async def show(self, which: Which) -> Daftar:
        async with self._database.read() as connection:
            head = await musrenbangcam.head(connection, which)
            ids = await musrenbangcam.members(connection, which)
            notes = {note.id: note for note in await rows.these(connection, ids)}
            costs = await keputusan.biaya_of(connection, ids)
        listed = [notes[catatan_id] for catatan_id in ids]
        ranked, total, within = [], 0, True
        for note in listed:
            if note.putusan in OUT:
                continue
            biaya = costs.get(note.id, note.perkiraan_biaya)
            total += biaya or 0
            within = within and (head.pagu_indikatif is None or total <= head.pagu_indikatif)
            ranked.append(Baris(note, biaya, total, within))
        return Daftar(head, ranked, [note for note in listed if note.putusan in OUT])

    async def move(self, which: Which, catatan_id: str, *, up: bool, version: int) -> None:
        """One place up or down among those that count; at either end nothing moves.

        Raises ListChanged when the list no longer is the ``version`` that was seen, NotFound for an usulan
        that is not on it.
        """
        async with self._database.write() as connection:
            if not await musrenbangcam.claim(connection, which, version):
                raise ListChanged(f"{which.kecamatan_kode} {which.tahun_rencana}")
            ids = await musrenbangcam.members(connection, which)
            counted = [n.id for n in await rows.these(connection, ids) if n.putusan not in OUT]
            order = [one for one in ids if one in set(counted)]
            if catatan_id not in order:
                raise NotFound(catatan_id)
            here = order.index(catatan_id)
            there = min(max(here + (-1 if up else 1), 0), len(order) - 1)
            first, second = ids.index(order[here]), ids.index(order[there])
            ids[first], ids[second] = ids[second], ids[first]
            await musrenbangcam.arrange(connection, ids)

    async def set_pagu(self, which: Which, wanted: Pagu, *, version: int) -> None:
        """Raises ListChanged."""
        async with self._database.write() as connection:
            if not await musrenbangcam.claim(connection, which, version):
                raise ListChanged(f"{which.kecamatan_kode} {which.tahun_rencana}")
            await musrenbangcam.set_pagu(connection, which, wanted.pagu_indikatif)

    async def years(self, kecamatan_kode: str) -> list[int]:
        """The tahun_rencana that have a list, newest first."""
        async with self._database.read() as connection:
            return await musrenbangcam.years(connection, kecamatan_kode)


async def _existing(connection: Connection, catatan_id: str) -> Catatan:
    note = await rows.one(connection, catatan_id)
    if note is None:
        raise NotFound(catatan_id)
    return note
