"""How many calls each link of a room has, so that no link, lost or shared, takes the server for itself.

Driven by offers and by what the media plane reports; knows ids only. A call counts from its offer until the
plane says that it is gone, so one that never connected counts too, for as long as the plane keeps it.
"""

from rooms.ids import PeerId

MOST_OF_A_LINK = 16
"""Of a seat's or a desk's link: its devices and tabs."""
MOST_OF_A_SHARED_LINK = 256
"""Of one that is given to all who watch."""


class Calls:
    def __init__(self) -> None:
        self._of: dict[str, set[PeerId]] = {}
        """By link."""

    def begin(self, grant_id: str, peer_id: PeerId, most: int) -> bool:
        """False: the link has ``most`` others already. A call that is built anew counts once."""
        calls = self._of.setdefault(grant_id, set())
        if peer_id not in calls and len(calls) >= most:
            return False
        calls.add(peer_id)
        return True

    def ended(self, peer_id: PeerId) -> None:
        grant_id = grant_of(peer_id)
        calls = self._of.get(grant_id)
        if calls is not None:
            calls.discard(peer_id)
            if not calls:
                del self._of[grant_id]

    def found(self, peer_id: PeerId) -> None:
        """The plane has it, whoever let it in: this server, or the one before."""
        self._of.setdefault(grant_of(peer_id), set()).add(peer_id)

    def all_ended(self) -> None:
        self._of.clear()


def peer_of(grant_id: str, name: str) -> PeerId:
    """The call that a link's browser calls ``name``."""
    return PeerId(f"{grant_id}.{name}")


def grant_of(peer_id: PeerId) -> str:
    return peer_id.partition(".")[0]
