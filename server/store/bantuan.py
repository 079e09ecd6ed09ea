"""Messages between an office and Petugas Bantuan: kept, so that a dropped line or a restart loses none.

Ids are the sender's: the same message sent again over a bad line is there once. Written by both sides,
read by the office they are about and by the desks that help.
"""

from dataclasses import dataclass

from sqlalchemy import Row, func, insert, select

from rooms.ids import RoomId, SeatId
from server.store.door_tables import pesan_bantuan
from server.store.engine import Connection, Database
from server.store.tables import seats

MOST_MESSAGES = 200
"""Of one seat; whoever needs more speaks by telephone."""


@dataclass(frozen=True, slots=True)
class Pesan:
    id: str
    seat_id: SeatId
    dari_petugas: bool
    teks: str
    at: int
    """ms since the epoch (UTC)."""


class TooMany(Exception):
    """This seat has MOST_MESSAGES messages."""


class UnknownSeat(Exception):
    """No such seat in this session."""


class Conflict(Exception):
    """The id is taken by another message."""


class Bantuan:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, room_id: RoomId, pesan: Pesan) -> tuple[Pesan, bool]:
        """The message as it is kept, and whether it is new. Raises TooMany, Conflict, UnknownSeat."""
        async with self._database.write() as connection:
            row = (
                await connection.execute(select(pesan_bantuan).where(pesan_bantuan.c.id == pesan.id))
            ).first()
            if row is not None:
                known = _pesan(row)
                same = (known.seat_id, known.dari_petugas, known.teks) == (
                    pesan.seat_id,
                    pesan.dari_petugas,
                    pesan.teks,
                )
                if not same or row.room_id != room_id:
                    raise Conflict(pesan.id)
                return known, False
            its = (seats.c.room_id == room_id, seats.c.seat_id == pesan.seat_id)
            if await connection.scalar(select(seats.c.place).where(*its)) is None:
                raise UnknownSeat(pesan.seat_id)
            if await _count(connection, room_id, pesan.seat_id) >= MOST_MESSAGES:
                raise TooMany(pesan.seat_id)
            await connection.execute(
                insert(pesan_bantuan).values(
                    id=pesan.id,
                    room_id=room_id,
                    seat_id=pesan.seat_id,
                    dari_petugas=pesan.dari_petugas,
                    teks=pesan.teks,
                    at=pesan.at,
                )
            )
        return pesan, True

    async def of(self, room_id: RoomId, seat_id: SeatId | None = None) -> list[Pesan]:
        """Of a seat, or of all; oldest first."""
        query = select(pesan_bantuan).where(pesan_bantuan.c.room_id == room_id)
        if seat_id is not None:
            query = query.where(pesan_bantuan.c.seat_id == seat_id)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(pesan_bantuan.c.at, pesan_bantuan.c.id))
            return [_pesan(row) for row in rows]


async def _count(connection: Connection, room_id: RoomId, seat_id: SeatId) -> int:
    its = (pesan_bantuan.c.room_id == room_id, pesan_bantuan.c.seat_id == seat_id)
    found = await connection.scalar(select(func.count()).select_from(pesan_bantuan).where(*its))
    return found or 0


def _pesan(row: Row[tuple[object, ...]]) -> Pesan:
    return Pesan(row.id, SeatId(row.seat_id), row.dari_petugas, row.teks, row.at)
