"""Frames from payloads of a real encoder; losses never let a smeared frame through."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.recording.rtp import Arrived, Reorder, RtpPacket, parse
from rooms.recording.vp8 import Assembler, Frame, descriptor_length, size
from tests.support.loops import Encoded, Publisher, colours


@pytest.fixture(scope="module")
def encoded() -> list[Encoded]:
    return colours([200.0, 40.0] * 15, keyframe_every=10)


def assemble(packets: list[bytes]) -> list[Frame]:
    reorder, assembler = Reorder(), Assembler()
    arrived = [a for p in packets for a in reorder.add(parse(p), 0)] + reorder.drain()
    return [frame for one in arrived if (frame := assembler.add(one)) is not None]


def test_every_byte_of_the_encoder_comes_back(encoded: list[Encoded]) -> None:
    packets = [p for _, p in Publisher(ssrc=7, mtu=20).video(encoded)]
    assert len(packets) > 2 * len(encoded)
    frames = assemble(packets)
    assert [(f.data, f.keyframe) for f in frames] == [(e.data, e.keyframe) for e in encoded]
    assert size(frames[0].data) == (320, 180)


@pytest.mark.parametrize("part", [0, 1, -1])
def test_a_lost_packet_costs_exactly_the_frames_up_to_the_next_keyframe(
    encoded: list[Encoded], part: int
) -> None:
    publisher = Publisher(ssrc=7, mtu=20)
    packets = [[p for _, p in publisher.video([frame])] for frame in encoded]
    del packets[13][part]
    frames = assemble([p for frame in packets for p in frame])
    assert [f.data for f in frames] == [e.data for e in [*encoded[:13], *encoded[20:]]]


def test_nothing_is_shown_before_the_first_keyframe(encoded: list[Encoded]) -> None:
    frames = assemble([p for _, p in Publisher(ssrc=7).video(encoded[3:])])
    assert [f.data for f in frames] == [e.data for e in encoded[10:]]


def test_probes_of_padding_break_no_frame(encoded: list[Encoded]) -> None:
    publisher, packets = Publisher(ssrc=7, mtu=50), []
    for frame in encoded[:3]:
        for at_us, packet in publisher.video([frame]):
            probe = publisher.packet(97, publisher.timestamp + at_us * 9 // 100, False, b"\0\0\0\4")
            packets += [packet, bytes([probe[0] | 0x20]) + probe[1:]]
    assert [f.data for f in assemble(packets)] == [e.data for e in encoded[:3]]


@pytest.mark.parametrize(
    ("descriptor", "length"),
    [("10", 1), ("9000", 2), ("908011", 3), ("90808111", 4), ("90f0811101 07", 6), ("902007", 3)],
)
def test_descriptor_lengths(descriptor: str, length: int) -> None:
    assert descriptor_length(bytes.fromhex(descriptor) + b"frame") == length


@given(st.lists(st.binary(max_size=12), max_size=20), st.booleans())
def test_rubbish_payloads_are_refused_and_nothing_else_is_raised(payloads: list[bytes], marker: bool) -> None:
    assembler = Assembler()
    for index, payload in enumerate(payloads):
        with suppress(ValueError):
            assembler.add(Arrived(RtpPacket(1, index, 0, marker, payload), 0, index))
