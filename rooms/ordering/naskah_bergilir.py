"""The default policy (R16): dropped speakers, the script, then hands by turns of kecamatan and desa.

The hands' order is what would happen if every suggestion were followed: each pick counts as a turn for the
picks after it. So a kecamatan with twenty waiting desa takes one place in each round, like any other.
"""

from collections import deque
from collections.abc import Iterator

from rooms.ids import SeatId
from rooms.meeting.vocabulary import Place
from rooms.ordering.board import Board, Hand, Policy, Reason


def _order(board: Board) -> Iterator[Place]:
    taken: set[str] = set()

    def first_hand(seat_id: SeatId) -> str:
        for hand in board.hands.get(seat_id, ()):
            if hand.request_id not in taken and not hand.returned:
                taken.add(hand.request_id)
                return hand.request_id
        return ""

    lost = [(line.returned, line.seat_id, "") for line in board.script if line.returned]
    lost += [
        (h.returned, s, str(h.request_id)) for s, hands in board.hands.items() for h in hands if h.returned
    ]
    for _, seat_id, request_id in sorted(lost):
        taken.add(request_id)
        yield Place(seat_id, request_id or first_hand(seat_id), Reason.TERPUTUS)
    for line in board.script:
        if not line.returned:
            yield Place(line.seat_id, first_hand(line.seat_id), Reason.NASKAH)
    yield from _by_turns(board, taken)
    postponed = [
        (hand.postponed, seat_id, hand.request_id)
        for seat_id, hands in board.hands.items()
        for hand in hands
        if hand.postponed and hand.request_id not in taken
    ]
    for _, seat_id, request_id in sorted(postponed):
        yield Place(seat_id, request_id, Reason.DITUNDA)


def _by_turns(board: Board, taken: set[str]) -> Iterator[Place]:
    groups: dict[str, dict[SeatId, deque[Hand]]] = {}
    for seat_id, hands in board.hands.items():
        fresh = deque(h for h in hands if not h.postponed and h.request_id not in taken)
        if fresh:
            groups.setdefault(board.kecamatan[seat_id], {})[seat_id] = fresh
    turns = {seat_id: heard.turns for seat_id, heard in board.heard.items()}
    last = dict(board.heard_kecamatan)
    clock = max(last.values(), default=0)

    def desa(group: dict[SeatId, deque[Hand]]) -> SeatId:
        return min(group, key=lambda seat_id: (turns.get(seat_id, 0), group[seat_id][0].arrived))

    heads = {kecamatan: desa(group) for kecamatan, group in groups.items()}
    while heads:
        kecamatan = min(heads, key=lambda k: (last.get(k, -1), groups[k][heads[k]][0].arrived))
        group, seat_id = groups[kecamatan], heads[kecamatan]
        yield Place(seat_id, group[seat_id][0].request_id, _reason(turns.get(seat_id, 0), heads, group))
        group[seat_id].popleft()
        if not group[seat_id]:
            del group[seat_id]
        clock += 1
        turns[seat_id], last[kecamatan] = turns.get(seat_id, 0) + 1, clock
        if group:
            heads[kecamatan] = desa(group)
        else:
            del heads[kecamatan]


def _reason(turns: int, waiting_kecamatan: dict[str, SeatId], group: dict[SeatId, deque[Hand]]) -> Reason:
    if turns == 0:
        return Reason.BELUM_BICARA
    if len(waiting_kecamatan) > 1:
        return Reason.GILIRAN_KECAMATAN
    return Reason.GILIRAN_DESA if len(group) > 1 else Reason.URUTAN_DATANG


NASKAH_BERGILIR = Policy("naskah_bergilir/1", _order)
