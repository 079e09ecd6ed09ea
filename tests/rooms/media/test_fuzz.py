"""Seeded fuzzing of everything that reads bytes from outside: no exception escapes, and work has a bound.

Each target takes bytes as the media process gets them and keeps its state from one input to the next, as a
hostile peer would. Bounds are in steps (lines of Python): an input of the largest datagram may take some
milliseconds, never more.
"""

import contextlib
import random
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.ids import PeerId, SeatId
from rooms.media.embedded import ice, red, rtcp, sdp
from rooms.media.embedded.members import Publication
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.slots import Budget
from rooms.media.embedded.tcp import LARGEST_FRAME_BYTES, Deframer
from rooms.media.plane import Kind, Line, Offer, OfferRefused, PeerSpec, Slot
from tests.rooms.media.test_hostile_datagrams import HERE, THERE, Guest, Wire
from tests.support.forwarder_hall import ROOM, Ear, Hall, packet
from tests.support.hostile import TooMuchWork, captured, captured_offer, spoiled, steps_of

SEED = 20261122
INPUTS = 800
LARGEST_DATAGRAM = 1356
LINES = (
    Line("0", Kind.AUDIO, Slot.SPEAKER),
    Line("1", Kind.VIDEO, Slot.SPEAKER),
    Line("2", Kind.AUDIO, None),
    Line("3", Kind.VIDEO, None),
)
DESA = PeerSpec(PeerId("p"), SeatId("desa"), False)
ENDPOINT = sdp.Endpoint(("127.0.0.1",), 7882, "AB:CD")

SOUND = (b"\xbf", b"\x3f", b"\x6f", b"\xef")
"""Second bytes of captured sound: RED and Opus, with a mark and without."""

Target = Callable[[bytes], None]


def stun_target() -> Target:
    """The mux with one peer at its address and one that has not come yet."""
    wire, there, coming = Wire(), Guest("aaaa"), Guest("bbbb")
    wire.add(there)
    wire.add(coming)
    wire.on_datagram(there.check(), HERE, 0.0)
    now = 1.0

    def take(data: bytes) -> None:
        nonlocal now
        now += 0.001
        wire.on_datagram(data, THERE, now)
        wire.on_datagram(data, HERE, now)
        assert there.bearer.address == HERE
        assert len(wire._checks) <= 8
        wire.sent.clear()
        there.got.clear()

    return take


def hall_target(settings: MediaSettings, kind: str) -> Target:
    """An office that sends and hears, after many changes of who speaks; what comes from it is spoiled."""
    hall = Hall(settings)
    office, *others = (hall.enter(name, red=True, rtx=True) for name in ("desa", "aula", "camat"))
    for turn in range(12):
        speaker = others[turn % 2]
        hall.stage(speaker=speaker.spec.peer_id)
        for number in range(3):
            hall.forwarder.on_rtp(speaker, packet(speaker, Kind.AUDIO, 3 * turn + number), 1.0)
    if kind == "rtp":
        hall.stage(speaker="desa")
    heard = office.terms.receiving[0].ssrc
    now = 1.0

    def take(data: bytes) -> None:
        nonlocal now
        now += 0.02
        if kind == "rtp":
            publication = publications_of(hall, office)[data[1:2] not in SOUND]
            number = publication.ring.highest + 1 if round(now * 50) % 4 else None
            hall.forwarder.on_rtp(office, _under(data, publication.ssrc, number), now)
        else:
            hall.forwarder.on_rtcp(office, data, now)
            hall.forwarder.on_rtcp(office, data[:8] + struct.pack("!I", heard) + data[12:], now)
        hall.forwarder.tick(now)
        for publication in publications_of(hall, office):
            assert len(publication.gaps._missing) <= publication.gaps.most
        for other in (office, *others):
            assert all(len(sent) <= LARGEST_DATAGRAM + 8 for sent in other.rtp + other.rtcp)
            other.rtp.clear()
            other.rtcp.clear()

    return take


def publications_of(hall: Hall, office: Ear) -> list[Publication]:
    return hall.forwarder.routing._rooms[ROOM].members[office.spec.peer_id].publications


def _under(data: bytes, ssrc: int | None, number: int | None) -> bytes:
    """A captured packet as if it were of a line of ours, and the next one if it is given a number."""
    if len(data) < 12 or ssrc is None:
        return data
    numbered = data[2:4] if number is None else struct.pack("!H", number & 0xFFFF)
    return data[:2] + numbered + data[4:8] + struct.pack("!I", ssrc) + data[12:]


def sdp_target(data: bytes) -> None:
    with contextlib.suppress(OfferRefused):
        sdp.negotiate(DESA, Offer(data.decode(errors="replace"), LINES), ENDPOINT)


def red_target(data: bytes) -> None:
    with contextlib.suppress(rtcp.MalformedPacket):
        earlier, body = red.unwrap(data, 111)
        assert sum(len(block) for _, block in earlier) + len(body) <= len(data)


def framing_target() -> Target:
    deframer = Deframer()

    def take(data: bytes) -> None:
        nonlocal deframer
        try:
            assert all(len(frame) <= LARGEST_FRAME_BYTES for frame in deframer.feed(data))
        except ValueError:
            deframer = Deframer()
        assert len(deframer._held) < LARGEST_FRAME_BYTES + 2

    return take


def authentic_stun() -> list[bytes]:
    """Checks and answers under the passwords of the target's guests, beside the captured ones."""
    made = [
        guest.check(nominate=nominate)
        for guest in (Guest("aaaa"), Guest("bbbb"))
        for nominate in (False, True)
    ]
    return [*captured("stun"), *made, *(ice.check("a", "b", "their secret")[1] for _ in range(2))]


def rtcp_of_all_kinds() -> list[bytes]:
    feedback = rtcp.nack(1, 9, [65534, 65535, 0, 40]) + rtcp.keyframe_request(1, 9)
    return [*captured("rtcp"), feedback + rtcp.bandwidth_estimate(1, 1_500_000, [9, 11])]


def framed() -> list[bytes]:
    packets = captured("stun") + captured("dtls") + captured("rtp")
    return [b"".join(struct.pack("!H", len(one)) + one for one in packets[at : at + 3]) for at in range(9)]


def targets(settings: MediaSettings) -> dict[str, tuple[Target, list[bytes], int, int]]:
    """By name: the target, good inputs, the largest input, and most steps for one."""
    wrapped = red.wrap(111, b"now" * 20, [(1920, b"before" * 9), (960, b"last" * 9)])
    return {
        "stun": (stun_target(), authentic_stun(), 2048, 9_000),
        "rtp": (hall_target(settings, "rtp"), captured("rtp"), LARGEST_DATAGRAM, 3_000),
        "rtcp": (hall_target(settings, "rtcp"), rtcp_of_all_kinds(), LARGEST_DATAGRAM, 80_000),
        "sdp": (sdp_target, [captured_offer().encode()], 64_000, 250_000),
        "red": (red_target, [wrapped], LARGEST_DATAGRAM, 500),
        "framing": (framing_target(), framed(), 16 * 1024, 70_000),
    }


NAMES = ("stun", "rtp", "rtcp", "sdp", "red", "framing")


@pytest.mark.parametrize("name", NAMES)
def test_spoiled_packets_of_a_browser_do_no_harm(name: str, media_settings: MediaSettings) -> None:
    take, good, largest, most = targets(media_settings)[name]
    for one in good:
        take(one)
    inputs = spoiled(random.Random(f"{SEED} {name}"), good, largest)
    for _ in range(INPUTS):
        data = next(inputs)
        steps_of(lambda: take(data), most)  # noqa: B023 -- called at once


@given(data=st.binary(max_size=LARGEST_DATAGRAM))
@example(data=b"")
def test_any_bytes_do_no_harm(
    data: bytes, everything: dict[str, tuple[Target, list[bytes], int, int]]
) -> None:
    for take, _, _, most in everything.values():
        steps_of(lambda: take(data), most)  # noqa: B023 -- called at once


@pytest.fixture(scope="module")
def everything() -> dict[str, tuple[Target, list[bytes], int, int]]:
    return targets(MediaSettings(Path("unused")))


def nack_of_everything() -> bytes:
    items = b"".join(struct.pack("!HH", 17 * at, 0xFFFF) for at in range(336))
    return struct.pack("!BBHII", 0x81, rtcp.RTPFB, 2 + 336, 1, 9) + items


def offer_with(rows: str) -> bytes:
    """The captured one with more rows in its first m-line."""
    head, mid, tail = captured_offer().partition("a=mid:0\r\n")
    return (head + mid + rows + tail).encode()


WORST = {
    "every packet is missing": ("rtcp", nack_of_everything()),
    "many packets in one": ("rtcp", b"\x80\xc9\x00\x00" * 339),
    "many reports in one": (
        "rtcp",
        b"\x9f\xc9\x00\xbb" + bytes(4 * 0xBB) + b"\x97\xc9\x00\x8b" + bytes(4 * 0x8B),
    ),
    "many keyframes wanted": ("rtcp", b"\x84\xce\x01\x50" + bytes(4 * 0x150)),
    "many blocks": ("rtp", bytes([0x80, 63]) + bytes(10) + b"\xef\x00\x04\x01" * 336),
    "many elements": ("rtp", bytes([0x90, 96]) + bytes(10) + b"\xbe\xde\x01\x4f" + b"\x30\x01" * 670),
    "all padding": ("rtp", bytes([0xA0, 111]) + bytes(10) + b"\xff" * 255),
    "many attributes": (
        "stun",
        struct.pack("!HHI12s", 1, 2028, 0x2112A442, bytes(12)) + b"\x00\x99\0\0" * 507,
    ),
    "many frames": ("framing", bytes(16 * 1024)),
    "many sources": ("sdp", offer_with("".join(f"a=ssrc:{at} x:y\r\n" for at in range(3500)))),
    "feedback for all": (
        "sdp",
        offer_with("a=rtpmap:99 x/1\r\n" * 1500 + "a=rtcp-fb:* x\r\n" * 1500),
    ),
    "as much feedback as is taken": (
        "sdp",
        offer_with("a=rtpmap:99 x/1\r\n" * 130 + "a=rtcp-fb:* x\r\n" * 130),
    ),
    "lines of other alphabets": ("sdp", offer_with("\u2028m=audio 9 X 111" * 3000)),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_input_is_bounded_work(name: str, media_settings: MediaSettings) -> None:
    target, data = WORST[name]
    take, _, largest, most = targets(media_settings)[target]
    assert len(data) <= largest
    for _ in range(5):
        steps_of(lambda: take(data), most)


def test_the_measure_notices_work_without_a_bound(
    media_settings: MediaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sdp, "MOST_STEPS", 10**9)
    for name in ("many sources", "feedback for all"):
        with pytest.raises(TooMuchWork):
            test_the_worst_input_is_bounded_work(name, media_settings)
    monkeypatch.setattr(Budget, "spend", lambda budget, now: True)
    with pytest.raises(TooMuchWork):
        test_the_worst_input_is_bounded_work("every packet is missing", media_settings)


def test_a_publisher_that_counts_as_it_likes_is_asked_for_little(media_settings: MediaSettings) -> None:
    hall = Hall(media_settings)
    office = hall.enter("desa")
    source, _ = publications_of(hall, office)
    for turn in range(150):
        hall.forwarder.on_rtp(office, packet(office, Kind.AUDIO, turn * 100), 1.0)
    assert len(source.gaps._missing) == source.gaps.most
    # Nobody hears it: nothing is asked for, and nothing will be once it is on stage.
    hall.forwarder.tick(2.0)
    assert not source.gaps._missing
    assert not any(isinstance(item, rtcp.Nack) for item in office.feedback())
    assert hall.forwarder.dropped["not_granted"] == 150


def test_handshake_records_are_budgeted_for_each_peer(media_settings: MediaSettings) -> None:
    guest = Hall(media_settings).enter("desa")
    for _ in range(1000):
        guest.on_dtls(captured("dtls")[0])
    # A hundred at once (and what comes back while they are sent), and no more of them than may wait.
    dropped = guest._mux.dropped
    assert dropped["dtls_budget"] > 800
    assert 0 < dropped["dtls_full"] < 200
