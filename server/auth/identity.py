"""Who is asking: one personal link that stands, as every part of the server sees it."""

from dataclasses import dataclass

from rooms.ids import Actor, RoomId, SeatId
from server.access import Role


@dataclass(frozen=True, slots=True)
class Identity:
    grant_id: str
    """The link's public id, the ``{grant}`` of its addresses."""
    role: Role
    room_id: RoomId | None
    """None only for a Panitia who has no session yet."""
    seat_id: SeatId | None
    """Set exactly for roles in ``access.SEATED``."""
    label: str
    """What the link is for, e.g. ``Tamansari, Kec. Licin`` or ``Meja Operator``."""
    synthetic: bool = False
    """An office of a rehearsal: it gives its seat up to whoever comes."""

    @property
    def actor(self) -> Actor:
        return Actor(f"grant:{self.grant_id}")
