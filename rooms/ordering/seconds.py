"""The seconds-fair tier: start-time fair queueing on floor time, with weights (R40).

Every office has an account: the floor time charged to it, by its weight. The office whose account is lowest
is next; an account below the current minimum is lifted to it, so that who joins late does not take the floor
for as long as it was away. The bound and its proof are in RULES.md.
"""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from rooms.meeting.vocabulary import Place
from rooms.ordering.board import Board, Reason
from rooms.ordering.tiers import Taken, waiting

UNIT = 2520
"""Parts of a millisecond: divisible by every weight, so that charges add up exactly."""
HEAVIEST = 10
"""Weights are 1 to this."""


def charge(spoken_ms: int, weight: int) -> int:
    """What a turn adds to the account of an office of this weight."""
    return spoken_ms * (UNIT // weight)


def seconds_fair(board: Board, taken: Taken) -> Iterator[Place]:
    """The lowest account first, then by arrival; each pick counts as one whole turn for those after it."""
    hands, seconds = waiting(board, taken), board.seconds
    finish, current = seconds.finish, seconds.current
    accounts = [(max(finish.get(s, 0), current), own[0].arrived, s) for s, own in hands.items()]
    heapify(accounts)
    while accounts:
        start, _, seat_id = heappop(accounts)
        own = hands[seat_id]
        reason = Reason.WAKTU_TERSEDIKIT if seat_id in board.heard else Reason.BELUM_BICARA
        yield Place(seat_id, own[0].request_id, reason if accounts else Reason.URUTAN_DATANG)
        taken.requests.add(own[0].request_id)
        own.pop(0)
        if own:
            end = start + charge(seconds.turn_ms, seconds.weights.get(seat_id, 1))
            heappush(accounts, (end, own[0].arrived, seat_id))
