"""What the people at each seat's door last saw and heard of their own devices: one row a seat, the newest.

It is what they confirmed themselves and decides nothing; the Panitia reads it before the day.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, update

from rooms.ids import RoomId, SeatId
from server.store.door_tables import kesiapan
from server.store.engine import Database
from server.store.tables import rooms


class Kamera(StrEnum):
    MENYALA = "menyala"
    TIDAK_ADA = "tidak_ada"
    TIDAK_DIPAKAI = "tidak_dipakai"
    """They attend without being recorded, as for the microphone."""
    BELUM = "belum"


class Mikrofon(StrEnum):
    TERDENGAR = "terdengar"
    """Somebody spoke and the level moved."""
    TIDAK_ADA = "tidak_ada"
    TIDAK_DIPAKAI = "tidak_dipakai"
    BELUM = "belum"


class Pengeras(StrEnum):
    TERDENGAR = "terdengar"
    """They said so of the tone."""
    TIDAK_TERDENGAR = "tidak_terdengar"
    BELUM = "belum"


class Sambungan(StrEnum):
    """The verdicts of ``webclient/static/js/sambungan.js``."""

    BAIK = "baik"
    TERSAMBUNG = "tersambung"
    MEMUTAR = "memutar"
    JAUH = "jauh"
    HEMAT = "hemat"
    SUARA = "suara"
    PUTUS = "putus"
    SULIT = "sulit"
    BUNTU = "buntu"
    BELUM = "belum"


@dataclass(frozen=True, slots=True)
class Kesiapan:
    checked_at: int
    """ms since the epoch (UTC)."""
    device: str
    """As ``server.api.sambungan.device_of`` names it."""
    kamera: Kamera
    mikrofon: Mikrofon
    pengeras: Pengeras
    sambungan: Sambungan


class Readiness:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, room_id: RoomId, seat_id: SeatId, seen: Kesiapan) -> None:
        """In place of the seat's last; what was not tried this time stays, as long as it is the same device.

        Raises IntegrityError for a seat that is not there.
        """
        its = (kesiapan.c.room_id == room_id, kesiapan.c.seat_id == seat_id)
        async with self._database.write() as connection:
            row = (await connection.execute(select(kesiapan).where(*its))).one_or_none()
            if row is None:
                values = {"room_id": room_id, "seat_id": seat_id} | asdict(seen)
                await connection.execute(insert(kesiapan).values(values))
                return
            if row.device == seen.device:
                seen = _filled(seen, _kesiapan(row))
            await connection.execute(update(kesiapan).where(*its).values(asdict(seen)))

    async def rehearsed(self, until: date) -> dict[SeatId, Kesiapan]:
        """The newest of each place in rehearsals of the two weeks up to this day.

        A place is the same seat id in a session and its rehearsal: ``aula``, or the code of an office.
        """
        days = (rooms.c.tanggal >= until - timedelta(days=14), rooms.c.tanggal <= until)
        query = select(kesiapan).join(rooms, rooms.c.room_id == kesiapan.c.room_id)
        query = query.where(rooms.c.gladi, *days).order_by(kesiapan.c.checked_at)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {SeatId(row.seat_id): _kesiapan(row) for row in rows}

    async def of(self, room_id: RoomId) -> dict[SeatId, Kesiapan]:
        """Of the seats that somebody has tried."""
        query = select(kesiapan).where(kesiapan.c.room_id == room_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {SeatId(row.seat_id): _kesiapan(row) for row in rows}


def _filled(seen: Kesiapan, before: Kesiapan) -> Kesiapan:
    if seen.kamera is Kamera.BELUM:
        seen = replace(seen, kamera=before.kamera)
    # A microphone that is there, and that nobody spoke into this time.
    if seen.mikrofon is Mikrofon.BELUM and before.mikrofon is Mikrofon.TERDENGAR:
        seen = replace(seen, mikrofon=before.mikrofon)
    if seen.pengeras is Pengeras.BELUM:
        seen = replace(seen, pengeras=before.pengeras)
    if seen.sambungan is Sambungan.BELUM:
        seen = replace(seen, sambungan=before.sambungan)
    return seen


def _kesiapan(row: Row[Any]) -> Kesiapan:
    return Kesiapan(
        row.checked_at,
        row.device,
        Kamera(row.kamera),
        Mikrofon(row.mikrofon),
        Pengeras(row.pengeras),
        Sambungan(row.sambungan),
    )
