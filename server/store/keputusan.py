"""Decisions about usulan: rows in, records out, in the transaction that changes the usulan."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import and_, func, insert, select

from server.store.engine import Connection
from server.store.tables import catatan, keputusan


@dataclass(frozen=True, slots=True)
class Keputusan:
    """One decision as it was made; texts that were not given are empty, figures None."""

    version: int
    """Of the usulan, which it made."""
    at: int
    actor: str
    nama: str
    jabatan: str
    peran: str
    tahap: str
    """Where it was made."""
    tindakan: str
    putusan: str
    ke_tahap: str
    alasan: str
    rekomendasi: str
    catatan: str
    volume: Decimal | None
    biaya: int | None
    """Rupiah."""
    atas_nama: bool


async def add(connection: Connection, catatan_id: str, decision: Keputusan) -> None:
    values = asdict(decision) | {"catatan_id": catatan_id}
    values["volume"] = None if decision.volume is None else format(decision.volume, "f")
    await connection.execute(insert(keputusan).values(values))


async def of(connection: Connection, catatan_id: str) -> list[Keputusan]:
    """Oldest first."""
    query = select(keputusan).where(keputusan.c.catatan_id == catatan_id).order_by(keputusan.c.version)
    names = [name for name in Keputusan.__dataclass_fields__ if name != "volume"]
    return [
        Keputusan(
            **{name: getattr(row, name) for name in names},
            volume=None if row.volume is None else Decimal(row.volume),
        )
        for row in await connection.execute(query)
    ]


async def desa_since(connection: Connection, catatan_id: str) -> int:
    """When something was last decided otherwise than *atas nama*; at first when it was noted (T18)."""
    own = and_(keputusan.c.catatan_id == catatan_id, keputusan.c.atas_nama.is_(False))
    query = select(func.coalesce(func.max(keputusan.c.at), catatan.c.created_at)).select_from(
        catatan.outerjoin(keputusan, own)
    )
    found = await connection.scalar(
        query.where(catatan.c.id == catatan_id).group_by(catatan.c.id, catatan.c.created_at)
    )
    return int(found or 0)


async def biaya_of(connection: Connection, catatan_ids: Iterable[str]) -> dict[str, int]:
    """What was recommended last for each; only of those for which something was."""
    columns = (keputusan.c.catatan_id, keputusan.c.biaya)
    query = select(*columns).where(keputusan.c.catatan_id.in_(list(catatan_ids)))
    query = query.where(keputusan.c.biaya.is_not(None)).order_by(keputusan.c.version)
    return {row.catatan_id: row.biaya for row in await connection.execute(query)}


async def alasan_of(connection: Connection, catatan_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The reason that was given last for each, its code and the remark; only of those that have one."""
    columns = (keputusan.c.catatan_id, keputusan.c.alasan, keputusan.c.catatan)
    query = select(*columns).where(keputusan.c.catatan_id.in_(list(catatan_ids)), keputusan.c.alasan != "")
    rows = await connection.execute(query.order_by(keputusan.c.version))
    return {row.catatan_id: (row.alasan, row.catatan) for row in rows}
