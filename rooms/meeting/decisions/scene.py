"""What decisions look at: the parts of the state, and the order that is suggested for them.

It is only read. Whoever decides returns events; the meeting's funnel applies them.
"""

from collections.abc import Iterator

from rooms.ids import SeatId
from rooms.meeting.agenda import Agenda
from rooms.meeting.boards import Boards
from rooms.meeting.interjections import Interjections
from rooms.meeting.presence import Presence
from rooms.meeting.queue import Queue
from rooms.meeting.screens import Screens
from rooms.meeting.slides import Slides
from rooms.meeting.state import State
from rooms.meeting.turns import Turns
from rooms.meeting.vocabulary import Place
from rooms.ordering.board import Policy
from rooms.ordering.policies import choose


class Scene:
    def __init__(self, state: State, policy: Policy) -> None:
        """``policy``: the order of a meeting whose settings ask for none (R37)."""
        self.state = state
        self.boards = Boards(state)
        self._default = policy

    @property
    def agenda(self) -> Agenda:
        return self.state.agenda

    @property
    def presence(self) -> Presence:
        return self.state.presence

    @property
    def queue(self) -> Queue:
        return self.state.queue

    @property
    def turns(self) -> Turns:
        return self.state.turns

    @property
    def interjections(self) -> Interjections:
        return self.state.interjections

    @property
    def screens(self) -> Screens:
        return self.state.screens

    @property
    def slides(self) -> Slides:
        return self.state.slides

    @property
    def policy(self) -> Policy:
        return choose(self.agenda.settings, self._default)

    def places(self) -> Iterator[Place]:
        """The suggested order from its head (R16)."""
        return self.boards.places(self.policy)

    def callable(self) -> Iterator[Place]:
        """The places whose offices could be called now, in order (R18, R35, R43)."""
        live = self.turns.live
        for place in self.places():
            on_floor = live is not None and live.seat_id == place.seat_id
            if on_floor or place.seat_id in self.queue.aside:
                continue
            if self.presence.seats[place.seat_id].on_air_refusal is None:
                yield place

    def bersiap(self) -> tuple[SeatId, ...]:
        """R18."""
        wanted = self.agenda.settings.bersiap if self.agenda.dialog_runs else 0
        chosen: dict[SeatId, None] = {}
        for place in self.callable() if wanted else ():
            chosen[place.seat_id] = None
            if len(chosen) == wanted:
                break
        return tuple(chosen)
