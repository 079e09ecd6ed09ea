"""Files of notes (photos, surat pengantar, RAB): rows in, records out, on the connection of the caller's
transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, insert, or_, select, update

from server.store.engine import Connection
from server.store.tables import lampiran

FOTO, SURAT_PENGANTAR, RAB, FOTO_REALISASI = "foto", "surat_pengantar", "rab", "foto_realisasi"
"""Kinds; the last shows what became of an usulan."""
PHOTOS = frozenset({FOTO, FOTO_REALISASI})
"""Kinds that are pictures to be shown; the others are documents to be handed out."""

_OF_NOTES = (
    select(lampiran)
    .where(lampiran.c.catatan_id.in_(bindparam("those", expanding=True)), lampiran.c.dihapus_at.is_(None))
    .order_by(lampiran.c.at, lampiran.c.id)
)


@dataclass(frozen=True, slots=True)
class Lampiran:
    id: str
    catatan_id: str
    jenis: str
    berkas: str
    """Name of its file, which ends in what kind it is; empty: it was removed."""
    kecil: str
    """Name of the small one's file; documents have none."""
    halaman: int
    at: int
    by: str

    @property
    def tipe(self) -> str:
        """``jpg``, ``pdf`` or ``png``."""
        return self.berkas.rpartition(".")[2]


async def add(connection: Connection, one: Lampiran) -> None:
    await connection.execute(insert(lampiran).values(asdict(one) | {"dihapus_by": ""}))


async def get(connection: Connection, lampiran_id: str) -> Lampiran | None:
    """Also one that was removed."""
    row = (await connection.execute(select(lampiran).where(lampiran.c.id == lampiran_id))).one_or_none()
    return None if row is None else Lampiran(**{name: getattr(row, name) for name in _FIELDS})


async def of_notes(connection: Connection, catatan_ids: Sequence[str]) -> dict[str, list[Lampiran]]:
    """Note -> its files, oldest first, without those that were removed."""
    found: dict[str, list[Lampiran]] = {}
    for row in await connection.execute(_OF_NOTES, {"those": list(catatan_ids)}):
        one = Lampiran(**{name: getattr(row, name) for name in _FIELDS})
        found.setdefault(one.catatan_id, []).append(one)
    return found


async def remove(connection: Connection, ids: Iterable[str], *, by: str, at: int) -> set[str]:
    """The rows stay and say who removed them; the names of the files that nothing else has any more."""
    names: set[str] = set()
    for lampiran_id in ids:
        one = await get(connection, lampiran_id)
        if one is None or not one.berkas:
            continue
        names |= {one.berkas, one.kecil} - {""}
        gone = {"berkas": "", "kecil": "", "dihapus_at": at, "dihapus_by": by}
        await connection.execute(update(lampiran).where(lampiran.c.id == lampiran_id).values(gone))
    columns = (lampiran.c.berkas, lampiran.c.kecil)
    still = select(*columns).where(or_(*(column.in_(names) for column in columns)))
    return names - {name for row in await connection.execute(still) for name in row}


_FIELDS = tuple(Lampiran.__dataclass_fields__)
