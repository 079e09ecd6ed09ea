"""Tiers that share the floor out by turns: over kecamatan and then desa, or over all offices alike.

Each order is what would happen if every suggestion were followed: a pick counts as a turn for the picks after
it. So a kecamatan with twenty waiting desa takes one place in each round, like any other.
"""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from rooms.ids import SeatId
from rooms.meeting.vocabulary import Place
from rooms.ordering.board import Board, Reason
from rooms.ordering.tiers import Taken, waiting


def by_kecamatan(board: Board, taken: Taken) -> Iterator[Place]:
    """Round robin over kecamatan, least recently heard first; within it fewest turns first (R16)."""
    hands = waiting(board, taken)
    heard, kecamatan = board.heard, board.kecamatan
    groups: dict[str, list[tuple[int, int, SeatId]]] = {}
    for seat_id, own in hands.items():
        had = heard.get(seat_id)
        entry = (had.turns if had else 0, own[0].arrived, seat_id)
        group = groups.get(kecamatan[seat_id])
        if group is None:
            groups[kecamatan[seat_id]] = [entry]
        else:
            group.append(entry)
    last = board.heard_kecamatan
    clock = max(last.values(), default=0)
    # a kecamatan's head is looked for when its turn comes, so that the first places are cheap
    heads = [(last.get(k, -1), min(group)[1], k) for k, group in groups.items()]
    heapify(heads)
    while heads:
        _, _, name = heappop(heads)
        group = groups[name]
        turns, arrived, seat_id = entry = min(group)
        own = hands[seat_id]
        yield Place(seat_id, own[0].request_id, _reason(turns, len(heads), len(group)))
        taken.requests.add(own[0].request_id)
        own.pop(0)
        group.remove(entry)
        if own:
            group.append((turns + 1, own[0].arrived, seat_id))
        clock += 1
        if group:
            heappush(heads, (clock, arrived, name))


def fewest_turns(board: Board, taken: Taken) -> Iterator[Place]:
    """The office with the fewest turns of all, then by arrival (R38)."""
    hands, heard = waiting(board, taken), board.heard
    offices = [(heard[s].turns if s in heard else 0, own[0].arrived, s) for s, own in hands.items()]
    heapify(offices)
    while offices:
        turns, _, seat_id = heappop(offices)
        own = hands[seat_id]
        reason = Reason.GILIRAN_TERSEDIKIT if offices else Reason.URUTAN_DATANG
        yield Place(seat_id, own[0].request_id, reason if turns else Reason.BELUM_BICARA)
        taken.requests.add(own[0].request_id)
        own.pop(0)
        if own:
            heappush(offices, (turns + 1, own[0].arrived, seat_id))


def _reason(turns: int, other_kecamatan: int, desa: int) -> Reason:
    if turns == 0:
        return Reason.BELUM_BICARA
    if other_kecamatan:
        return Reason.GILIRAN_KECAMATAN
    return Reason.GILIRAN_DESA if desa > 1 else Reason.URUTAN_DATANG
