"""Packets apart and in order: hostile headers, wraps, holes, duplicates, restarts."""

import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.recording.rtp import MAX_JUMP, REORDER_US, Reorder, RtpPacket, nearest, parse


def packet(seq: int) -> RtpPacket:
    return RtpPacket(ssrc=1, seq=seq & 0xFFFF, timestamp=0, marker=False, payload=seq.to_bytes(4))


def numbers(reorder: Reorder, sequence: list[int], step_us: int = 1_000) -> list[int]:
    out = []
    for turn, seq in enumerate(sequence):
        out += reorder.add(packet(seq), turn * step_us)
    return [int.from_bytes(a.packet.payload) for a in out + reorder.drain()]


def test_header_parts_are_taken_off() -> None:
    plain = bytes.fromhex("80e0 1234 00000001 deadbeef")
    assert parse(plain + b"xyz") == RtpPacket(0xDEADBEEF, 0x1234, 1, True, b"xyz")
    contributing = bytes([0x82]) + plain[1:] + bytes(8)
    assert parse(contributing + b"xyz").payload == b"xyz"
    extended = bytes([0x90]) + plain[1:] + bytes.fromhex("bede0001 10aabbcc")
    assert parse(extended + b"xyz").payload == b"xyz"
    padded = bytes([0xA0]) + plain[1:]
    assert parse(padded + b"xyz\0\0\3").payload == b"xyz"
    assert parse(padded + b"\0\2").payload == b""


@given(st.binary(max_size=64))
def test_rubbish_is_refused_and_nothing_else_is_raised(data: bytes) -> None:
    with suppress(ValueError):
        assert len(parse(data).payload) <= len(data) - 12


@pytest.mark.parametrize(("value", "around", "expected"), [(1, 65_535, 65_537), (65_535, 65_537, 65_535)])
def test_nearest_steps_over_the_wrap(value: int, around: int, expected: int) -> None:
    assert nearest(value, around, 16) == expected


@given(st.integers(0, 65_535), st.randoms(use_true_random=False))
def test_shuffled_and_doubled_packets_come_out_once_and_in_order(start: int, chance: random.Random) -> None:
    sent = list(range(start, start + 60))
    arriving = sorted([*sent[1:], *sent[5:40]], key=lambda seq: seq + chance.uniform(0, 6))
    assert numbers(Reorder(), [start, *arriving]) == sent


def test_a_hole_is_waited_for_one_second_and_then_counted() -> None:
    reorder = Reorder()
    assert [a.index for a in reorder.add(packet(10), 0)] == [10]
    assert reorder.add(packet(12), 1_000) == []
    assert reorder.add(packet(13), REORDER_US) == []
    assert [a.index for a in reorder.add(packet(14), REORDER_US + 1_001)] == [12, 13, 14]
    assert reorder.lost == 1
    assert reorder.add(packet(11), REORDER_US + 2_000) == []


def test_a_stray_number_is_dropped_and_a_restart_is_followed() -> None:
    far = 100 + MAX_JUMP + 10
    assert numbers(Reorder(), [100, 101, far, 102, 103]) == [100, 101, 102, 103]
    assert numbers(Reorder(), [100, 101, far, far + 1, far + 2]) == [100, 101, far + 1, far + 2]
