"""The same port over TCP: framing, bounds, who may stay; and a browser that can reach us in no other way."""

import asyncio
import random
import socket
import struct
from collections.abc import AsyncIterator

import pytest
from aioice import stun
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Page

from rooms.ids import RoomId, SeatId
from rooms.media.embedded import tcp
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.tcp import Deframer, is_stream
from rooms.media.plane import Feed, Kind, Slot, Stage
from tests.rooms.media.test_hostile_datagrams import Guest
from tests.support import media_page

ROOM = RoomId("hall")


def framed(*packets: bytes) -> bytes:
    return b"".join(struct.pack("!H", len(packet)) + packet for packet in packets)


@given(st.lists(st.binary(max_size=300), max_size=20), st.randoms(use_true_random=False))
def test_frames_come_out_however_the_bytes_come_in(packets: list[bytes], chance: random.Random) -> None:
    data, deframer, found = framed(*packets), Deframer(), list[bytes]()
    while data:
        cut = chance.randint(1, 400)
        found += deframer.feed(data[:cut])
        data = data[cut:]
    assert found == packets


@given(st.lists(st.binary(max_size=5000), max_size=10))
def test_hostile_bytes_are_refused_or_held_within_bounds(pieces: list[bytes]) -> None:
    deframer = Deframer()
    for piece in pieces:
        try:
            found = deframer.feed(piece)
        except ValueError:
            return
        assert all(len(frame) <= tcp.LARGEST_FRAME_BYTES for frame in found)
        assert len(deframer._held) < tcp.LARGEST_FRAME_BYTES + 2


@pytest.fixture
async def mux() -> AsyncIterator[Mux]:
    made = Mux()
    yield made
    made.close()


async def test_a_connection_is_a_peers_address_once_it_was_checked(mux: Mux) -> None:
    port = mux.open("127.0.0.1", 0)
    guest = Guest("aaaa")
    mux.add(guest)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(framed(b"\x80" * 20, guest.check()))
    (length,) = struct.unpack("!H", await reader.readexactly(2))
    answer = stun.parse_message(await reader.readexactly(length))
    assert answer.check_message_integrity(guest.bearer.local_password.encode())
    assert answer.attributes["XOR-MAPPED-ADDRESS"] == writer.get_extra_info("sockname")[:2]
    assert guest.bearer.address is not None
    assert is_stream(guest.bearer.address)
    assert mux.dropped == {"stranger": 1}
    mux.send(b"sound", guest.bearer.address)
    assert await reader.readexactly(7) == framed(b"sound")
    mux.remove(guest)
    assert await reader.read() == b""
    writer.close()


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
async def test_one_port_hears_both_versions_and_names_each_peer_as_it_knows_itself(mux: Mux) -> None:
    port = mux.open("::", 0)
    loop = asyncio.get_running_loop()
    for number, host in enumerate(("127.0.0.1", "::1")):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        over_udp, over_tcp = Guest(f"udp{number}"), Guest(f"tcp{number}")
        mux.add(over_udp)
        mux.add(over_tcp)
        with socket.socket(family, socket.SOCK_DGRAM) as out:
            out.setblocking(False)
            out.connect((host, port))
            await loop.sock_sendall(out, over_udp.check())
            answer = stun.parse_message(await loop.sock_recv(out, 2048))
            assert answer.attributes["XOR-MAPPED-ADDRESS"] == out.getsockname()[:2]
            assert over_udp.bearer.address is not None
            mux.send(b"sound", over_udp.bearer.address)
            assert await loop.sock_recv(out, 2048) == b"sound"
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(framed(over_tcp.check()))
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        answer = stun.parse_message(await reader.readexactly(length))
        assert answer.attributes["XOR-MAPPED-ADDRESS"] == writer.get_extra_info("sockname")[:2]
        writer.close()
    assert not mux.dropped


async def test_a_lost_connection_is_no_address(mux: Mux) -> None:
    port = mux.open("127.0.0.1", 0)
    guest = Guest("aaaa")
    mux.add(guest)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(framed(guest.check()))
    await reader.readexactly(2)
    left = guest.bearer.address
    assert left is not None
    (stream,) = mux._streams._streams.values()
    stream.close()
    assert guest.bearer.address is None
    mux.send(b"sound", left)
    assert mux.dropped == {"send_failed": 1}
    writer.close()


async def test_a_slow_line_loses_pictures_first(mux: Mux) -> None:
    port = mux.open("127.0.0.1", 0)
    guest = Guest("aaaa")
    mux.add(guest)
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(("127.0.0.1", port))
        slow.setblocking(False)
        await asyncio.get_running_loop().sock_sendall(slow, framed(guest.check()))
        await asyncio.get_running_loop().sock_recv(slow, 2)
        assert guest.bearer.address is not None
        for _ in range(10_000):
            mux.send_picture(b"p" * 1000, guest.bearer.address)
        assert mux.dropped["stream_full_picture"] > 0
        mux.send(b"s" * 100, guest.bearer.address)
        assert mux.dropped["stream_full"] == 0
        for _ in range(10_000):
            mux.send(b"s" * 100, guest.bearer.address)
        assert mux.dropped["stream_full"] > 0
        (stream,) = mux._streams._streams.values()
        assert len(stream._waiting) < tcp.SOUND_WAITS_BYTES + 2000


async def test_strangers_are_bounded_and_broken_frames_end_a_connection(
    mux: Mux, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp, "STRANGERS", 3)
    port = mux.open("127.0.0.1", 0)
    guest = Guest("aaaa")
    mux.add(guest)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(framed(guest.check()))
    await reader.readexactly(2)
    strangers = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
    for theirs, _ in strangers[:2]:
        assert await theirs.read() == b""
    strangers[4][1].write(b"\xff\xff")
    assert await strangers[4][0].read() == b""
    assert mux.dropped["broken_frame"] == 1
    assert guest.bearer.address is not None
    for _, ours in [*strangers, (reader, writer)]:
        ours.close()


async def test_a_browser_without_udp_sees_and_hears_and_goes_over_to_it_where_it_comes_through(
    plane: EmbeddedPlane,
) -> None:
    kept: dict[str, list[str]] = {}

    def without_udp(name: str, answer: str) -> str:
        """As where a network lets none through: of the answer's addresses only those over TCP are left."""
        rows = answer.split("\r\n")
        kept[name] = [row for row in rows if row.startswith("a=candidate:") and " udp " in row]
        return "\r\n".join(row for row in rows if row not in kept[name])

    async with (
        media_page.media_origin(plane, without_udp) as origin,
        media_page.chromium() as browser,
        asyncio.timeout(240),
    ):
        green, _ = await media_page.join(browser, origin, ROOM, "desa", seated=True, slots=())
        await green.evaluate("() => speak(120, 500)")
        page, _ = await media_page.join(browser, origin, ROOM, "viewer", seated=False, slots=[Slot.SPEAKER])
        await plane.set_stage(ROOM, 1, 1, Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)}))
        await media_page.until_hue(page, Slot.SPEAKER, 120)
        await media_page.until(
            page,
            "(slot) => stats(slot, 'audio').then((now) => now.totalAudioEnergy > 0)",
            str(Slot.SPEAKER),
        )
        assert (await media_page.stats(page, Slot.SPEAKER, Kind.VIDEO))["packetsLost"] == 0
        # What comes by the new way: to an office reports, to a viewer the picture, too.
        for one, name, packets in ((green, "desa", 5), (page, "viewer", 100)):
            assert await protocol(one) == "tcp"
            for row in kept[name]:
                await one.evaluate(
                    "(candidate) => state.pc.addIceCandidate({ candidate, sdpMLineIndex: 0 })",
                    row.removeprefix("a="),
                )
            await media_page.until(
                one,
                """async ([wanted, packets]) => {
                  const report = [...(await state.pc.getStats()).values()];
                  const { selectedCandidatePairId: id } = report.find((one) => one.type === 'transport');
                  const pair = report.find((one) => one.id === id);
                  const ours = report.find((one) => one.id === pair.remoteCandidateId);
                  return ours.protocol === wanted && pair.packetsReceived > packets;
                }""",
                ["udp", packets],
            )
            await media_page.until_frames(page, Slot.SPEAKER, 20)


async def protocol(page: Page) -> str:
    """By which the browser sends."""
    found: str = await page.evaluate(
        """async () => {
          const report = [...(await state.pc.getStats()).values()];
          const pair = report.find((one) => one.type === 'candidate-pair' && one.nominated);
          return report.find((one) => one.id === pair.remoteCandidateId).protocol;
        }"""
    )
    return found
