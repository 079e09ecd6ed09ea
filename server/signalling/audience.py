"""Everyone who is connected to one room, and which sections of the view each of them lacks.

Driven by the room (something was committed) and by sockets (somebody came or went). What viewers have in
common is projected and serialised once per journal position, an office's ``own`` once per seat; sections
are compared as the text that would be sent. Nothing here waits for a socket.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rooms.views import Viewer
from server.access import CONSOLES
from server.auth.identity import Identity
from server.signalling import wire
from server.signalling.client import Bye, Client


class Shown(Protocol):
    """What an audience needs of a room; ``rooms.room.Room`` has it."""

    @property
    def epoch(self) -> int: ...

    @property
    def seq(self) -> int: ...

    def view(self, viewer: Viewer) -> Mapping[str, object]:
        """The viewer's sections at ``seq``; what viewers have in common is the same object for all."""
        ...


@dataclass(slots=True)
class _Seen:
    """What one kind of viewer sees, and since when."""

    at: tuple[int, int] = (-1, -1)
    """``(epoch, seq)`` it was projected at."""
    texts: dict[str, str] = field(default_factory=dict)
    changed_at: dict[str, int] = field(default_factory=dict)
    """Section -> the first position known to show this value."""


def viewer_of(identity: Identity) -> Viewer:
    return Viewer(console=identity.role in CONSOLES, seat_id=identity.seat_id)


class Audience:
    """``now`` gives ms since the epoch (UTC)."""

    def __init__(self, room: Shown, now: Callable[[], int]) -> None:
        self._room = room
        self._now = now
        self._clients: set[Client] = set()
        self._seen: dict[Viewer, _Seen] = {}
        self._at = (-1, -1)
        self._dumped: dict[int, tuple[object, str]] = {}
        """id of a section's value -> the value (which keeps its id taken) and its text, at ``_at``."""

    @property
    def clients(self) -> frozenset[Client]:
        return frozenset(self._clients)

    def devices_of(self, grant_id: str) -> int:
        return sum(client.identity.grant_id == grant_id for client in self._clients)

    def join(self, client: Client, resume: wire.Resume | None) -> None:
        """From now on the client is told; what ``resume`` says that it has is not sent again."""
        if resume is not None and resume.epoch == self._room.epoch and resume.seq <= self._room.seq:
            seen = self._current(viewer_of(client.identity))
            client.sent = {n: text for n, text in seen.texts.items() if seen.changed_at[n] <= resume.seq}
        self._clients.add(client)
        client.view_changed()

    def leave(self, client: Client) -> None:
        self._clients.discard(client)

    def room_changed(self) -> None:
        """Something was committed: everybody's view may differ."""
        for client in self._clients:
            client.view_changed()

    def tell_all(self, text: str, to: Callable[[Identity], bool] = lambda _: True) -> None:
        for client in self._clients:
            if to(client.identity):
                client.tell(text)

    def tell_consoles(self, text: str) -> None:
        for client in self.consoles:
            client.tell(text)

    def tell_link(self, grant_id: str, text: str) -> None:
        """All devices of one personal link."""
        for client in self._clients:
            if client.identity.grant_id == grant_id:
                client.tell(text)

    @property
    def consoles(self) -> list[Client]:
        return [client for client in self._clients if client.identity.role in CONSOLES]

    def let_go(self, bye: Bye, grant_id: str | None = None) -> None:
        """All clients, or those of one personal link."""
        for client in self._clients:
            if grant_id is None or client.identity.grant_id == grant_id:
                client.let_go(bye)

    def next_view(self, client: Client) -> str | None:
        """The sections that differ from what the client has, as a message; they count as sent."""
        seen = self._current(viewer_of(client.identity))
        lacking = {name: text for name, text in seen.texts.items() if client.sent.get(name) != text}
        if not lacking:
            return None
        client.sent.update(lacking)
        epoch, seq = seen.at
        return wire.dump_view(epoch, seq, self._now(), lacking)

    def _current(self, viewer: Viewer) -> _Seen:
        seen = self._seen.setdefault(viewer, _Seen())
        at = (self._room.epoch, self._room.seq)
        if self._at != at:
            self._at = at
            self._dumped.clear()
        if seen.at != at:
            for name, value in self._room.view(viewer).items():
                text = self._text(value)
                if seen.at[0] != at[0] or seen.texts.get(name) != text:
                    seen.texts[name] = text
                    seen.changed_at[name] = at[1]
            seen.at = at
        return seen

    def _text(self, value: object) -> str:
        known = self._dumped.get(id(value))
        if known is None:
            known = self._dumped[id(value)] = (value, wire.dump_value(value))
        return known[1]
