"""Strangers and liars on the one port: counted, dropped, and nobody's call is hurt."""

import asyncio
import random
import socket
import struct
from collections.abc import Iterator

import pytest
from aioice import stun

from rooms.ids import RoomId, SeatId
from rooms.media.embedded import ice
from rooms.media.embedded.mux import Bearer, Mux
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.plane import Feed, Slot, Stage
from tests.support.media_peer import MediaPeer

ROOM = RoomId("hall")
RED = (200, 40, 40)
HERE, THERE, ELSEWHERE = ("10.0.0.1", 1), ("10.0.0.2", 2), ("10.0.0.3", 3)


class Wire(Mux):
    """A mux whose socket is a list."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[bytes, ice.Address]] = []

    def send(self, data: bytes, address: ice.Address) -> None:
        self.sent.append((data, address))


class Guest:
    """A peer as the mux sees one."""

    def __init__(self, name: str) -> None:
        self.bearer = Bearer(name, "our secret", "their" + name, "their secret")
        self.got: list[bytes] = []

    def on_dtls(self, data: bytes) -> None:
        self.got.append(data)

    def on_srtp(self, data: bytes, now: float) -> None:
        self.got.append(data)

    def check(self, *, nominate: bool = True, password: str = "our secret") -> bytes:
        attributes: dict[str, object] = {"USERNAME": f"{self.bearer.local_ufrag}:x", "PRIORITY": 1}
        if nominate:
            attributes["USE-CANDIDATE"] = None
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes=attributes)
        request.add_message_integrity(password.encode())
        return bytes(request)

    def answer(self, request: bytes, source: ice.Address) -> bytes:
        assert ice.authentic(request, "their secret")
        return ice.success(request, source, "their secret")


def where(guest: Guest) -> ice.Address | None:
    return guest.bearer.address


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_a_peer_is_sent_to_its_first_address_until_it_has_named_one(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    for source in (HERE, THERE):
        wire.on_datagram(guest.check(nominate=False), source, 1.0)
        wire.on_datagram(b"\x16hello", source, 1.0)
        assert where(guest) == HERE
    wire.on_datagram(guest.check(), THERE, 1.1)
    assert where(guest) == THERE
    wire.on_datagram(guest.check(nominate=False), ELSEWHERE, 1.2)
    assert where(guest) == THERE
    assert guest.got == [b"\x16hello"] * 2
    assert all(ice.sort_of(data) is ice.Sort.RESPONSE for data, _ in wire.sent)


def test_a_peer_is_heard_wherever_it_has_shown_itself_while_it_moves(wire: Wire) -> None:
    guest, stranger = Guest("a"), Guest("b")
    wire.add(guest)
    wire.add(stranger)
    wire.on_datagram(guest.check(), HERE, 1.0)
    wire.on_datagram(guest.check(), THERE, 2.0)
    ours, _ = wire.sent[-1]
    for source in (HERE, THERE):
        wire.on_datagram(b"\x80before", source, 2.1)
    wire.on_datagram(guest.answer(ours, THERE), THERE, 2.2)
    for source in (HERE, THERE):
        wire.on_datagram(b"\x80after", source, 2.3)
    assert guest.got == [b"\x80before", b"\x80before", b"\x80after", b"\x80after"]
    # Where it is not sent to any more, another one may be.
    wire.on_datagram(stranger.check(), HERE, 3.0)
    wire.on_datagram(b"\x80mine", HERE, 3.1)
    assert (where(guest), where(stranger), stranger.got) == (THERE, HERE, [b"\x80mine"])
    wire.on_datagram(guest.check(), HERE, 3.2)
    wire.on_datagram(b"\x80mine", HERE, 3.3)
    assert len(stranger.got) == 2
    assert not wire.dropped


def test_places_of_a_peer_are_bounded_and_go_with_it(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    wire.on_datagram(guest.check(), HERE, 1.0)
    for port in range(50):
        wire.on_datagram(guest.check(nominate=False), ("10.0.0.9", port), 1.0 + port)
    assert len(wire._by_address) == len(guest.bearer.places) == 8
    wire.on_datagram(b"\x80media", HERE, 60.0)
    assert guest.got == [b"\x80media"]
    wire.remove(guest)
    assert not wire._by_address


def test_a_captured_check_opens_no_door(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    captured = [guest.check(), guest.check(nominate=False)]
    for check in captured:
        wire.on_datagram(check, HERE, 1.0)
        wire.on_datagram(check, THERE, 1.1)
    wire.on_datagram(b"\x80junk", THERE, 1.2)
    assert (where(guest), guest.got) == (HERE, [])
    assert wire.dropped == {"stranger": 1}


def test_a_move_waits_for_the_answer_to_our_own_check(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    wire.on_datagram(guest.check(), HERE, 1.0)
    wire.on_datagram(guest.check(), THERE, 2.0)
    assert guest.bearer.address == HERE
    ours, to = wire.sent[-1]
    assert to == THERE
    # Not from elsewhere, not forged, not twice; then it counts.
    wire.on_datagram(guest.answer(ours, THERE), ELSEWHERE, 2.1)
    forged = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=ours[8:20])
    forged.add_message_integrity(b"a guess")
    wire.on_datagram(bytes(forged), THERE, 2.1)
    assert guest.bearer.address == HERE
    wire.on_datagram(guest.answer(ours, THERE), THERE, 2.2)
    assert guest.bearer.address == THERE
    assert wire.dropped == {"unasked_stun": 1, "unverified_stun": 1}


def test_a_round_trip_is_measured_by_who_answers_our_own_check(wire: Wire) -> None:
    guest, other = Guest("a"), Guest("b")
    for one, source in ((guest, HERE), (other, THERE)):
        wire.add(one)
        wire.on_datagram(one.check(), source, 1.0)
    asked: list[bytes] = []
    for now in (2.0, 2.2):
        wire.ask_round_trip(guest, now)
        asked.append(wire.sent[-1][0])
    forged = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, transaction_id=asked[0][8:20])
    forged.add_message_integrity(b"a guess")
    wire.on_datagram(bytes(forged), HERE, 2.3)
    wire.on_datagram(guest.answer(asked[0], HERE), THERE, 2.3)
    assert guest.bearer.round_trip_s is None
    assert wire.dropped == {"unverified_stun": 1, "unasked_stun": 1}
    # The first one still counts: it is the slow one that tells.
    for request, now, took in ((asked[0], 2.7, 0.7), (asked[1], 2.8, 0.6)):
        wire.on_datagram(guest.answer(request, HERE), HERE, now)
        assert guest.bearer.round_trip_s == pytest.approx(took)
    wire.on_datagram(guest.answer(asked[1], HERE), HERE, 2.9)
    assert wire.dropped["unasked_stun"] == 2
    assert (where(guest), where(other), wire.moves) == (HERE, THERE, 0)
    for number in range(100):
        wire.ask_round_trip(guest, 3.0 + number)
    assert len(guest.bearer.asked) <= 16


def test_an_answer_that_comes_too_late_moves_nobody(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    wire.on_datagram(guest.check(), HERE, 1.0)
    wire.on_datagram(guest.check(), THERE, 2.0)
    ours, _ = wire.sent[-1]
    wire.on_datagram(guest.answer(ours, THERE), THERE, 60.0)
    assert guest.bearer.address == HERE


def test_an_insider_cannot_take_anothers_address(wire: Wire) -> None:
    honest, liar = Guest("a"), Guest("b")
    wire.add(honest)
    wire.add(liar)
    wire.on_datagram(honest.check(), HERE, 1.0)
    # The liar spoofs the honest one's address; the check goes there, and it is not the liar who answers.
    for attempt in range(20):
        wire.on_datagram(liar.check(), HERE, 1.0 + attempt / 100)
    assert (honest.bearer.address, liar.bearer.address) == (HERE, None)
    wire.on_datagram(b"\x80media", HERE, 2.0)
    assert honest.got == [b"\x80media"]
    assert liar.got == []
    assert wire.dropped["check_budget"] == 16


def test_who_proves_an_address_takes_it_over(wire: Wire) -> None:
    old, new = Guest("a"), Guest("b")
    wire.add(old)
    wire.add(new)
    wire.on_datagram(old.check(), HERE, 1.0)
    wire.on_datagram(new.check(), HERE, 2.0)
    ours, _ = wire.sent[-1]
    wire.on_datagram(new.answer(ours, HERE), HERE, 2.1)
    assert (old.bearer.address, new.bearer.address) == (None, HERE)
    wire.remove(old)
    wire.on_datagram(b"\x80media", HERE, 3.0)
    assert new.got == [b"\x80media"]
    wire.remove(new)
    wire.on_datagram(b"\x80media", HERE, 3.0)
    wire.on_datagram(new.check(), HERE, 3.0)
    assert wire.dropped == {"stranger": 1, "unknown_ufrag": 1}


def test_checks_are_budgeted_for_each_user_name(wire: Wire) -> None:
    greedy, modest = Guest("a"), Guest("b")
    wire.add(greedy)
    wire.add(modest)
    for _ in range(1000):
        wire.on_datagram(greedy.check(nominate=False), HERE, 1.0)
    wire.on_datagram(modest.check(), THERE, 1.0)
    assert modest.bearer.address == THERE
    assert wire.dropped == {"stun_budget": 900}


def test_who_only_knows_a_user_name_cannot_use_its_budget_up(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    for _ in range(1000):
        wire.on_datagram(guest.check(password="a guess"), HERE, 1.0)
    wire.on_datagram(guest.check(), HERE, 1.0)
    assert guest.bearer.address == HERE
    assert wire.dropped == {"unverified_stun": 1000}


def test_replayed_checks_are_answered_as_often_as_a_client_repeats_one(wire: Wire) -> None:
    guest = Guest("a")
    wire.add(guest)
    captured = guest.check()
    for _ in range(1000):
        wire.on_datagram(captured, HERE, 1.0)
    assert len(wire.sent) == 8
    wire.on_datagram(guest.check(nominate=False), HERE, 1.0)
    assert len(wire.sent) == 9
    assert wire.dropped == {"replayed_stun": 992}
    for _ in range(1000):
        guest.bearer.answered.again(guest.check()[8:20], HERE)
    assert len(guest.bearer.answered._times) == 256


def hostile(chance: random.Random) -> Iterator[bytes]:
    """A seeded stream of what the net may send."""
    while True:
        body = chance.randbytes(chance.randrange(0, 300))
        yield body
        yield b""
        yield bytes([chance.choice((0, 1, 22, 64, 128, 144, 200))]) + body
        aligned = body[: len(body) // 4 * 4]
        kind = chance.choice((0x0001, 0x0101, 0x0011, 0x0111))
        yield struct.pack("!HHI12s", kind, len(aligned), stun.COOKIE, chance.randbytes(12)) + aligned
        short = struct.pack("!HH", chance.choice((0x06, 0x08, 0x20, 0x24, 0x8028)), chance.randrange(0, 400))
        yield struct.pack("!HHI12s", kind, 4, stun.COOKIE, bytes(12)) + short


async def test_a_flood_of_hostile_datagrams_hurts_no_call(plane: EmbeddedPlane) -> None:
    office = MediaPeer(plane, ROOM, "desa", colour=RED)
    viewer = MediaPeer(plane, ROOM, "viewer", seat=False)
    async with asyncio.timeout(60):
        await asyncio.gather(office.join(), viewer.join())
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)}))
        await viewer.until_shows(Slot.SPEAKER, RED)
        attacks = hostile(random.Random(20261122))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.setblocking(False)
            for _ in range(40):
                for _ in range(100):
                    await asyncio.get_running_loop().sock_sendto(
                        stranger, next(attacks), ("127.0.0.1", plane.udp_port)
                    )
                await asyncio.sleep(0.01)
        await viewer.until_frames(Slot.SPEAKER, 10)
        dropped = await plane.dropped()
        assert {"empty", "stranger", "broken_stun", "unknown_ufrag", "unasked_stun"} <= set(dropped)
        assert "error" not in dropped
        assert all(peer.connected for peer in await plane.health(ROOM))
        await asyncio.gather(office.leave(), viewer.leave())
