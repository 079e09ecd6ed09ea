"""The tiers that policies are made of: each yields the places that are its own and leaves the rest.

A tier is a generator over a board. What an earlier tier has placed is in ``taken`` and is not placed again;
within an office the office's own order decides which hand a place serves. Nothing is kept between two calls.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rooms.ids import SeatId
from rooms.meeting.vocabulary import Place
from rooms.ordering.board import Board, Hand, Order, Reason


@dataclass(slots=True)
class Taken:
    """What has a place already."""

    requests: set[str] = field(default_factory=set)
    lines: set[SeatId] = field(default_factory=set)

    def first_hand(self, board: Board, seat_id: SeatId) -> str:
        """Take the office's next hand; "" when it has none left."""
        for hand in board.hands.get(seat_id, ()):
            if hand.request_id not in self.requests and not hand.returned:
                self.requests.add(hand.request_id)
                return hand.request_id
        return ""


Tier = Callable[[Board, Taken], Iterator[Place]]


def compose(*tiers: Tier) -> Order:
    """The order in which each tier comes after all places of those before it."""

    def order(board: Board) -> Iterator[Place]:
        taken = Taken()
        for tier in tiers:
            yield from tier(board, taken)

    return order


def lost(board: Board, taken: Taken) -> Iterator[Place]:
    """Who lost the floor to a dropped line, in the order of the losses."""
    found = [(line.returned, line.seat_id, "") for line in board.script if line.returned]
    found += [
        (h.returned, s, str(h.request_id)) for s, hands in board.hands.items() for h in hands if h.returned
    ]
    for _, seat_id, request_id in sorted(found):
        taken.requests.add(request_id)
        yield Place(seat_id, request_id or taken.first_hand(board, seat_id), Reason.TERPUTUS)


def frozen(count: int) -> Tier:
    """The first ``count`` offices in bersiap stay in front, whoever came meanwhile (R42)."""

    def tier(board: Board, taken: Taken) -> Iterator[Place]:
        scripted = {line.seat_id for line in board.script if not line.returned}
        for seat_id in board.prepared[:count]:
            request_id = taken.first_hand(board, seat_id)
            if request_id or seat_id in scripted:
                taken.lines.add(seat_id)
                yield Place(seat_id, request_id, Reason.DISIAPKAN)

    return tier


def script(board: Board, taken: Taken) -> Iterator[Place]:
    """The protokol's script; a line serves the first hand of its office."""
    for line in board.script:
        if not line.returned and line.seat_id not in taken.lines:
            yield Place(line.seat_id, taken.first_hand(board, line.seat_id), Reason.NASKAH)


def aged(turns: int) -> Tier:
    """Hands that have seen ``turns`` turns begin, oldest first (R41)."""

    def tier(board: Board, taken: Taken) -> Iterator[Place]:
        ready = [
            (hand.arrived, seat_id)
            for seat_id, hands in board.hands.items()
            for hand in hands
            if board.turns - hand.since >= turns and hand.shares and hand.request_id not in taken.requests
        ]
        for _, seat_id in sorted(ready):
            hands = (h for h in board.hands[seat_id] if h.shares)
            yield Place(seat_id, _first(hands, taken), Reason.LAMA_MENUNGGU)

    return tier


def first_come(board: Board, taken: Taken) -> Iterator[Place]:
    """Offices in the order in which their hands went up."""
    arrivals = [
        (hand.arrived, seat_id)
        for seat_id, hands in board.hands.items()
        for hand in hands
        if hand.fresh and hand.request_id not in taken.requests
    ]
    for _, seat_id in sorted(arrivals):
        hands = (h for h in board.hands[seat_id] if h.fresh)
        yield Place(seat_id, _first(hands, taken), Reason.URUTAN_DATANG)


def passed_over(board: Board, taken: Taken) -> Iterator[Place]:
    """Who did not answer twice in a row, in that order (R36)."""
    found = [
        (hand.passed, seat_id, place, hand.request_id)
        for seat_id, hands in board.hands.items()
        for place, hand in enumerate(hands)
        if hand.passed and hand.request_id not in taken.requests
    ]
    for _, seat_id, _, request_id in sorted(found):
        taken.requests.add(request_id)
        yield Place(seat_id, request_id, Reason.DILEWATI)


def postponed(board: Board, taken: Taken) -> Iterator[Place]:
    """Who was postponed by the chair, in that order."""
    found = [
        (hand.postponed, seat_id, hand.request_id)
        for seat_id, hands in board.hands.items()
        for hand in hands
        if hand.postponed and hand.request_id not in taken.requests
    ]
    for _, seat_id, request_id in sorted(found):
        taken.requests.add(request_id)
        yield Place(seat_id, request_id, Reason.DITUNDA)


def _first(hands: Iterator[Hand], taken: Taken) -> str:
    """Take the first of these hands that has no place yet."""
    request_id = next(h.request_id for h in hands if h.request_id not in taken.requests)
    taken.requests.add(request_id)
    return request_id


def waiting(board: Board, taken: Taken) -> dict[SeatId, list[Hand]]:
    """The hands in their ordinary place that have none yet, by office."""
    requests = taken.requests
    result: dict[SeatId, list[Hand]] = {}
    for seat_id, hands in board.hands.items():
        fresh = [h for h in hands if h.request_id not in requests and h.fresh]
        if fresh:
            result[seat_id] = fresh
    return result
