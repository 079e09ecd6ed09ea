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

    def start(self, seat_id: SeatId) -> int:
        """Where a turn of this seat would start."""
        return max(self.finish.get(seat_id, 0), self.current)

    def follow(self, seat_id: SeatId, gave_way: SeatId | None) -> None:
        """A suggestion was followed; not a lower account than that of the seat that gave way and waits on."""
        start = self.start(seat_id)
        if gave_way is None or start <= self.start(gave_way):
            self.current = start

    def charge(self, seat_id: SeatId, spoken_ms: int, weight: int) -> None:
        self.finish[seat_id] = self.start(seat_id) + charge(spoken_ms, weight)
