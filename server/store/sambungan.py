"""What each seat's device last found out about its line at the door: one row a seat, the newest.

Written when a check ends, read by the desks. It is what a browser says of its own line and decides nothing.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import insert, select, update

from rooms.ids import RoomId, SeatId
from server.store.door_tables import sambungan
from server.store.engine import Database


class Path(StrEnum):
    """By which way sound and picture came through."""

    UDP = "udp"
    TCP = "tcp"
    RELAY = "relay"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """None: not found out."""

    checked_at: int
    """ms since the epoch (UTC)."""
    device: str
    """As ``server.api.sambungan.device_of`` names it."""
    path: Path
    down_kbit: int | None
    """kbit/s that came through; no more than were sent."""
    lost: float | None
    """0..1, at the pace of speech."""
    rtt_ms: int | None
    """Of sound and picture; ``wire_ms``: of the WebSocket."""
    wire_ms: int | None


class Checks:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, room_id: RoomId, seat_id: SeatId, check: Check) -> None:
        """Replaces the seat's last. Raises IntegrityError for a seat that is not there."""
        its = (sambungan.c.room_id == room_id, sambungan.c.seat_id == seat_id)
        values = asdict(check)
        async with self._database.write() as connection:
            changed = await connection.execute(update(sambungan).where(*its).values(values))
            if not changed.rowcount:
                await connection.execute(insert(sambungan).values(room_id=room_id, seat_id=seat_id, **values))

    async def of(self, room_id: RoomId) -> dict[SeatId, Check]:
        """Of the seats that have checked."""
        query = select(sambungan).where(sambungan.c.room_id == room_id)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return {
            SeatId(row.seat_id): Check(
                row.checked_at,
                row.device,
                Path(row.path),
                row.down_kbit,
                row.lost,
                row.rtt_ms,
                row.wire_ms,
            )
            for row in rows
        }
