"""Floor time charged to offices, for the seconds-fair order (R40).

Driven by calls and by the ends of turns, whatever the policy is, so that a meeting's accounts are the same
whoever folds it. Units are those of ``rooms.ordering.seconds``.
"""

from dataclasses import dataclass, field

from rooms.ids import SeatId
from rooms.ordering.seconds import charge


@dataclass(slots=True)
class Accounts:
    finish: dict[SeatId, int] = field(default_factory=dict)
    current: int = 0
    """The account at which the newest followed suggestion of this order started; never sinks."""
    current_before: int = 0
    """``current`` before the newest call."""
    finish_before: int = 0
    """The account of the seat that was charged last, before that charge."""

    def start(self, seat_id: SeatId) -> int:
        """Where a turn of this seat would start."""
        return max(self.finish.get(seat_id, 0), self.current)

    def follow(self, seat_id: SeatId, gave_way: SeatId | None) -> None:
        """A suggestion was followed; not a lower account than that of the seat that gave way and waits on."""
        start = self.start(seat_id)
        if gave_way is None or start <= self.start(gave_way):
            self.current = start

    def call(self) -> None:
        """A turn begins, whether or not a suggestion was followed."""
        self.current_before = self.current

    def take_back_call(self) -> None:
        """R51."""
        self.current = self.current_before

    def take_back_charge(self, seat_id: SeatId) -> None:
        """R52; of the seat that was charged last."""
        self.finish[seat_id] = self.finish_before

    def charge(self, seat_id: SeatId, spoken_ms: int, weight: int) -> None:
        self.finish_before = self.finish.get(seat_id, 0)
        self.finish[seat_id] = self.start(seat_id) + charge(spoken_ms, weight)
