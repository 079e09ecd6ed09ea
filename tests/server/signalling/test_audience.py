"""Views: what viewers share is serialised once, each screen gets what it lacks, and nothing twice."""

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rooms.ids import SeatId
from rooms.views import Viewer
from server.access import Role
from server.auth.identity import Identity
from server.signalling import wire
from server.signalling.audience import Audience
from server.signalling.client import MOST_WAITING, Client


class FakeRoom:
    """A room whose sections are set by hand."""

    def __init__(self) -> None:
        self.epoch, self.seq = 1, 1
        self.shared: dict[str, object] = {"turn": None}
        self.own: dict[str, object] = {}
        self.asked: list[Viewer] = []

    def view(self, viewer: Viewer) -> Mapping[str, object]:
        self.asked.append(viewer)
        own = {} if viewer.seat_id is None else {"own": self.own.get(viewer.seat_id)}
        return self.shared | own

    def move(self, **sections: object) -> None:
        self.shared = self.shared | sections
        self.seq += 1


def screen(audience: Audience, role: Role = Role.PENINJAU, seat: str | None = None) -> Client:
    seat_id = None if seat is None else SeatId(seat)
    return Client(Identity(f"g-{role}-{seat}", role, None, seat_id, ""), audience.next_view)


def view(audience: Audience, client: Client) -> dict[str, Any] | None:
    text = audience.next_view(client)
    return None if text is None else json.loads(text)


def test_a_section_is_sent_when_it_differs_and_only_then() -> None:
    room = FakeRoom()
    audience = Audience(room, lambda: 7)
    client = screen(audience)
    audience.join(client, None)
    assert view(audience, client) == {
        "type": "view", "epoch": 1, "seq": 1, "now": 7, "sections": {"turn": None}
    }  # fmt: skip
    assert view(audience, client) is None
    room.move()
    assert view(audience, client) is None
    room.move(turn={"state": "bicara"})
    assert view(audience, client) == {
        "type": "view", "epoch": 1, "seq": 3, "now": 7, "sections": {"turn": {"state": "bicara"}}
    }  # fmt: skip


def test_viewers_of_one_kind_are_projected_once_per_position() -> None:
    room = FakeRoom()
    audience = Audience(room, lambda: 7)
    clients = [screen(audience) for _ in range(50)] + [screen(audience, Role.OPERATOR) for _ in range(3)]
    offices = [screen(audience, Role.DESA, f"s{n}") for n in range(20)]
    for client in (*clients, *offices):
        audience.join(client, None)
        assert view(audience, client) is not None
    assert len(room.asked) == 2 + 20
    dumped: list[object] = []
    original = wire.dump_value

    def counted(value: object) -> str:
        dumped.append(value)
        return original(value)

    wire.dump_value = counted
    try:
        room.move(turn=["x"])
        for client in (*clients, *offices):
            assert view(audience, client) is not None
    finally:
        wire.dump_value = original
    assert dumped.count(["x"]) == 1


Move = tuple[str, int, bool, bool]
"""A section, its new value, whether the leaver still looks, whether somebody else looks."""


def after_resume(
    audience_type: type[Audience], moves: list[Move]
) -> tuple[dict[str, Any], dict[str, object]]:
    """What a screen that left and resumed has in the end, and what the room shows."""
    room = FakeRoom()
    audience = audience_type(room, lambda: 7)
    other, leaver = screen(audience), screen(audience)
    audience.join(leaver, None)
    has: dict[str, Any] = {}
    position: wire.Resume | None = None
    there = True
    for name, value, stays, watched in moves:
        room.move(**{name: value})
        there = there and stays
        if there and (shown := view(audience, leaver)) is not None:
            has |= shown["sections"]
            position = wire.Resume(shown["epoch"], shown["seq"])
        if watched:
            view(audience, other)
    audience.leave(leaver)
    back = screen(audience)
    audience.join(back, position)
    shown = view(audience, back)
    return has | ({} if shown is None else shown["sections"]), room.shared


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.booleans(), st.booleans()), max_size=12)
)
def test_wherever_a_screen_left_it_resumes_to_what_the_room_shows(moves: list[Move]) -> None:
    has, shown = after_resume(Audience, moves)
    assert has == shown


def test_an_audience_that_trusts_the_position_too_much_is_caught() -> None:
    class Trusting(Audience):
        def join(self, client: Client, resume: wire.Resume | None) -> None:
            super().join(client, resume)
            if resume is not None:
                client.sent = dict(self._current(Viewer()).texts)

    has, shown = after_resume(Trusting, [("a", 1, True, False), ("a", 2, False, False)])
    assert has != shown


def test_another_epoch_is_shown_whole() -> None:
    room = FakeRoom()
    audience = Audience(room, lambda: 7)
    first = screen(audience)
    audience.join(first, None)
    view(audience, first)
    room.epoch = 2
    back = screen(audience)
    audience.join(back, wire.Resume(1, room.seq))
    shown = view(audience, back)
    assert shown is not None
    assert shown["epoch"] == 2


def test_too_many_waiting_messages_let_a_client_go() -> None:
    room = FakeRoom()
    audience = Audience(room, lambda: 7)
    slow, other = screen(audience), screen(audience)
    audience.join(slow, None)
    audience.join(other, None)
    for _ in range(MOST_WAITING):
        slow.tell("x")
    assert not slow.gone.is_set()
    slow.tell("x")
    assert slow.gone.is_set()
    assert (slow.bye and slow.bye.code, other.bye) == (4408, None)
