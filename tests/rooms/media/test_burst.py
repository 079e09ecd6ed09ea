"""A line shows how much it carries before anything fills it."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from math import inf
from time import monotonic, sleep

import pytest
from playwright.async_api import Page

from rooms.ids import RoomId, SeatId
from rooms.media.embedded import ice, mux
from rooms.media.embedded.burst import CHECK_BYTES, CHECKS, Burst
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.plane import Feed, Kind, Slot, Stage
from tests.rooms.media.test_hostile_datagrams import HERE, THERE, Guest, Wire, where
from tests.support import media_page
from tests.support.impaired import Line, impaired, led_through

ROOM, SPEAKER = RoomId("hall"), "desa"
NARROW = Line(bits_per_s=32_000, queue_s=1.0, delay_s=0.02)
"""No keyframe is through within a second, and answers to a burst are read together by none but who slept."""


def test_answers_that_come_apart_tell_how_much_is_carried_at_least() -> None:
    burst = Burst([b"a", b"b", b"c"])
    assert burst.answered(b"a", 10.0) is None
    assert burst.answered(b"b", 10.01) is None
    assert burst.answered(b"c", 10.05) == pytest.approx(2 * (CHECK_BYTES + 28) * 8 / 0.05)
    assert burst.answered(b"c", 10.06) is None
    together = Burst([b"a", b"b"])
    together.answered(b"a", 1.0)
    assert together.answered(b"b", 1.0) == inf


@pytest.mark.parametrize("order", [b"ac", b"bac", b"acb", b"aabc", b"cba"])
def test_a_burst_of_which_something_is_lost_or_out_of_turn_tells_nothing(order: bytes) -> None:
    burst = Burst([b"a", b"b", b"c"])
    assert [burst.answered(bytes([one]), 0.1 * at) for at, one in enumerate(order)] == [None] * len(order)


def test_a_burst_is_answered_by_its_peer_alone_and_is_one_round_trip() -> None:
    wire, guest, other = Wire(), Guest("a"), Guest("b")
    for one, source in ((guest, HERE), (other, THERE)):
        wire.add(one)
        wire.on_datagram(one.check(), source, 1.0)
    before = len(wire.sent)
    wire.ask_capacity(guest, 2.0)
    asked = [data for data, to in wire.sent[before:] if to == HERE]
    assert [len(data) for data in asked] == [CHECK_BYTES] * CHECKS
    for data in asked:
        wire.on_datagram(guest.answer(data, HERE), THERE, 2.0)
        wire.on_datagram(ice.success(data, HERE, "a guess"), HERE, 2.0)
    assert guest.bearer.carries_bits_per_s is None
    for at, data in enumerate(asked):
        wire.on_datagram(guest.answer(data, HERE), HERE, 2.1 + 0.05 * at)
    assert guest.bearer.carries_bits_per_s == pytest.approx((CHECKS - 1) * (CHECK_BYTES + 28) * 8 / 0.1)
    assert guest.bearer.round_trip_s == pytest.approx(0.1)
    assert wire.dropped == {"unasked_stun": CHECKS, "unverified_stun": CHECKS}
    for number in range(100):
        wire.ask_capacity(guest, 4.0 + number)
    assert len(guest.bearer.asked) <= 16


APART_S = 0.3
"""Longer than a busy machine stands still between two reads, which would look like a narrow way."""


async def soon(condition: Callable[[], bool]) -> None:
    """What the kernel has yet to deliver has no event here."""
    for _ in range(6000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to hold")


def answer_apart(guest: Guest, peer: socket.socket, server: ice.Address) -> None:
    """Each check's answer a while after the one before, by the thread that was to read them."""
    for _ in range(CHECKS):
        sleep(APART_S)
        peer.sendto(guest.answer(peer.recv(2048), server), server)


@pytest.mark.parametrize("stamped", [True, pytest.param(False, id="control")])
async def test_a_loop_that_slept_reads_when_the_answers_came(
    stamped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A narrow way's answers all wait in the socket before the first is read."""
    if not stamped:
        monkeypatch.setattr(mux, "arrived_at", lambda opened, now: now)
    guest, wire = Guest("a"), Mux()
    here = "127.0.0.1", wire.open("127.0.0.1", 0)
    wire.add(guest)
    with closing(wire), closing(socket.socket(type=socket.SOCK_DGRAM)) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.sendto(guest.check(), here)
        await soon(lambda: where(guest) is not None)
        peer.recv(2048)
        wire.ask_capacity(guest, monotonic())
        answer_apart(guest, peer, here)
        await soon(lambda: guest.bearer.carries_bits_per_s is not None)
    assert guest.bearer.carries_bits_per_s is not None
    assert (guest.bearer.carries_bits_per_s < 2 * CHECK_BYTES * 8 / APART_S) == stamped


async def test_chromium_answers_and_a_narrow_line_is_kept_for_sound_from_the_first(
    plane: EmbeddedPlane,
) -> None:
    """A relay or a browser that slept answers a burst at once, as a wide line does: one of three may."""
    target = ("127.0.0.1", plane.udp_port)
    async with (
        impaired(target, up=replace(NARROW, bits_per_s=0.0), down=NARROW, seed=7) as port,
        media_page.media_origin(
            plane, lambda name, answer: led_through(answer, port) if name.startswith("narrow") else answer
        ) as origin,
        media_page.chromium() as browser,
        asyncio.timeout(240),
    ):

        async def watches(name: str) -> Page:
            viewer = await media_page.join(browser, origin, ROOM, name, seated=False, slots=(Slot.SPEAKER,))
            return viewer[0]

        office, _ = await media_page.join(browser, origin, ROOM, SPEAKER, seated=True, slots=())
        await office.evaluate("() => speak(120, 500)")
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId(SPEAKER), None, False)}))
        wide = await watches("wide")
        await media_page.until_frames(wide, Slot.SPEAKER, 20)
        came = []
        for number in range(3):
            narrow = await watches(f"narrow{number}")
            await media_page.until(
                narrow,
                "(slot) => stats(slot, 'audio').then((now) => now.packetsReceived > 50)",
                str(Slot.SPEAKER),
            )
            seen = await media_page.stats(narrow, Slot.SPEAKER, Kind.VIDEO)
            came.append(seen.get("packetsReceived", 0))
            await narrow.close()
            if not came[-1]:
                break
        seen = await media_page.stats(wide, Slot.SPEAKER, Kind.VIDEO)
    assert seen["packetsReceived"] > 0, "the control"
    assert 0 in came
