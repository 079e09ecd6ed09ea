"""Who is asking: a personal link or another application's key that stands, or somebody who is signed in."""

from dataclasses import dataclass

from rooms.ids import Actor, RoomId, SeatId
from server.access import Role

DESK = "/kerja/"
"""Where those with an account work."""


@dataclass(frozen=True, slots=True)
class Identity:
    grant_id: str
    """The link's public id, the ``{grant}`` of its addresses; the id of a key."""
    role: Role
    room_id: RoomId | None
    """None only for a Panitia, or a key, of all sessions."""
    seat_id: SeatId | None
    """Set exactly for roles in ``access.SEATED``."""
    label: str
    """What the link is for, e.g. ``Tamansari, Kec. Licin`` or ``Meja Operator``."""
    synthetic: bool = False
    """An office of a rehearsal: it gives its seat up to whoever comes."""
    scopes: frozenset[str] = frozenset()
    """What a key of another application may do (``access.Scope``); empty for links."""

    account: "Account | None" = None
    """Set for who is signed in with an account; ``grant_id`` is the account's then."""

    @property
    def actor(self) -> Actor:
        return Actor(f"{'akun' if self.account else 'grant'}:{self.grant_id}")

    @property
    def base(self) -> str:
        """What this one's addresses begin with."""
        return DESK if self.account else f"/s/{self.grant_id}/"


@dataclass(frozen=True, slots=True)
class Account:
    jabatan: str
    wilayah: str
    """Code of a kecamatan; empty: the whole kabupaten."""
    opd: str
    browser: str
    """Id of this signing in."""
