"""Sound that carries its last packets along: made for seats that lose, taken apart for those that do not."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.media.embedded import red, rtcp
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind
from tests.support.forwarder_hall import OPUS, RED, ROOM, Ear, Hall, packet

blocks = st.lists(st.tuples(st.integers(0, 20000), st.binary(max_size=1100)), max_size=5)


@given(st.binary(max_size=1343), blocks)
@example(b"x" * 1343, [(960, b"y")])
@example(b"x" * 1000, [(1920, b"y" * 300), (960, b"z" * 300)])
def test_what_is_put_together_comes_apart_and_fits_a_datagram(
    body: bytes, earlier: list[tuple[int, bytes]]
) -> None:
    ordered = sorted(dict(earlier).items(), reverse=True)
    payload = red.wrap(OPUS, body, ordered)
    assert 12 + len(payload) <= 1356
    found, own = red.unwrap(payload, OPUS)
    assert own == body
    usable = [(offset, block) for offset, block in ordered if 0 < offset < 16384 and 0 < len(block) < 1024]
    # The newest of them: what had no room is the oldest.
    assert found == usable[len(usable) - len(found) :]
    if len(found) < len(usable):
        assert len(payload) + 4 + len(usable[-len(found) - 1][1]) > red.MOST_BYTES


@given(st.binary(max_size=60))
@example(b"")
@example(bytes([0x80 | OPUS]))
@example(bytes([0x80 | OPUS, 0, 0, 9, OPUS]))
@example(bytes([0x80 | OPUS, 0, 4, 9, OPUS, 1]))
@example(bytes([0x80 | OPUS, 0, 4, 0] * 40 + [OPUS]))
def test_hostile_redundancy_is_malformed_at_worst(data: bytes) -> None:
    for payload in (data, bytes([0x80 | OPUS]) + data, bytes([OPUS]) + data):
        with contextlib.suppress(rtcp.MalformedPacket):
            earlier, body = red.unwrap(payload, OPUS)
            assert sum(len(block) for _, block in earlier) + len(body) < len(payload)


def test_protection_rises_at_once_and_falls_when_it_was_calm() -> None:
    protection = red.Protection()
    # Nothing is known of the line yet.
    assert protection.depth == 2
    depths = []
    for now, lost in ((0, 0.0), (1, 0.02), (2, 0.2), (3, 0.0), (21, 0.0), (23, 0.0), (30, 0.1), (51, 0.0)):
        protection.heard(lost, float(now))
        depths.append(protection.depth)
    assert depths == [0, 1, 3, 3, 3, 2, 2, 1]


@pytest.fixture
def hall(media_settings: MediaSettings) -> Hall:
    return Hall(media_settings)


def say(hall: Hall, of: Ear, number: int) -> None:
    hall.forwarder.on_rtp(of, packet(of, Kind.AUDIO, number, b"word %d" % number), number / 50)


def words(sent: bytes) -> list[bytes]:
    """All that one packet says, oldest first."""
    if rtcp.parse_rtp(sent).payload_type == OPUS:
        return [sent[12:]]
    earlier, body = red.unwrap(sent[12:], OPUS)
    return [*(block for _, block in earlier), body]


async def test_only_a_seat_that_loses_gets_redundancy_by_its_loss(hall: Hall) -> None:
    a = hall.enter("a")
    lossy, well = (hall.enter(name, seat=False, red=True) for name in ("lossy", "well"))
    plain = hall.enter("plain", seat=False)
    hall.stage(speaker="a")
    said = [0]

    def next_words(loss: float) -> dict[str, list[bytes]]:
        for ear in (lossy, plain):
            ear.loses(hall, loss, said[0] / 50)
        well.loses(hall, 0.0, said[0] / 50)
        say(hall, a, said[0])
        said[0] += 1
        return {ear.spec.peer_id: words(ear.rtp[-1]) for ear in (lossy, well, plain)}

    for _ in range(3):
        assert set(map(len, next_words(0.0).values())) == {1}
    for loss, depth in ((0.02, 1), (0.08, 2), (0.2, 3)):
        heard = next_words(loss)
        newest = said[0] - 1
        assert heard["lossy"] == [b"word %d" % number for number in range(newest - depth, newest + 1)]
        assert heard["well"] == heard["plain"] == [b"word %d" % newest]
    assert rtcp.parse_rtp(lossy.rtp[-1]).payload_type == RED
    numbers = [int.from_bytes(sent[2:4], "big") for sent in lossy.rtp]
    assert numbers == list(range(numbers[0], numbers[0] + 6))


async def test_a_seat_is_protected_until_it_reports_that_all_is_well(hall: Hall) -> None:
    a, ear = hall.enter("a"), hall.enter("ear", seat=False, red=True)
    hall.stage(speaker="a")
    for number in range(3):
        say(hall, a, number)
    ear.loses(hall, 0.0, 1.0)
    say(hall, a, 3)
    assert [len(words(sent)) for sent in ear.rtp] == [1, 2, 3, 1]


async def test_none_goes_along_where_that_is_switched_off(media_settings: MediaSettings) -> None:
    hall = Hall(replace(media_settings, deepest_red=0))
    a, lossy = hall.enter("a"), hall.enter("lossy", seat=False, red=True)
    hall.stage(speaker="a")
    lossy.loses(hall, 0.3, 0.0)
    for number in range(5):
        say(hall, a, number)
    assert {len(words(sent)) for sent in lossy.rtp} == {1}


async def test_nothing_that_was_said_before_the_floor_was_given_goes_along(hall: Hall) -> None:
    a, b, lossy = hall.enter("a"), hall.enter("b"), hall.enter("lossy", seat=False, red=True)
    hall.stage(speaker="b")
    say(hall, b, 1)
    lossy.loses(hall, 0.3, 1.0)
    for number in range(10):
        say(hall, a, number)
    hall.stage(speaker="a")
    for number in range(10, 13):
        say(hall, a, number)
    assert [len(words(sent)) for sent in lossy.rtp[1:]] == [1, 2, 3]
    assert words(lossy.rtp[-1])[0] == b"word 10"


async def test_a_resend_carries_the_very_same_redundancy(hall: Hall) -> None:
    a, lossy = hall.enter("a"), hall.enter("lossy", seat=False, red=True)
    hall.stage(speaker="a")
    say(hall, a, 0)
    lossy.loses(hall, 0.08, 0.0)
    say(hall, a, 2)
    sent = list(lossy.rtp)
    say(hall, a, 1)
    lossy.loses(hall, 0.3, 0.1)
    ssrc = lossy.terms.receiving[0].ssrc
    hall.forwarder.on_rtcp(lossy, rtcp.nack(9, ssrc, [int.from_bytes(sent[1][2:4], "big")]), 2.0)
    assert words(sent[1]) == [b"word 0", b"word 2"]
    assert lossy.rtp[-1] == sent[1]


def with_earlier(of: Ear, number: int, count: int) -> bytes:
    """As a browser sends it that prefers redundancy."""
    earlier = [(distance * 3000, b"word %d" % (number - distance)) for distance in range(count, 0, -1)]
    payload = red.wrap(OPUS, b"word %d" % number, earlier)
    return packet(of, Kind.AUDIO, number, payload, payload_type=RED)


async def test_a_publishers_redundancy_stands_in_for_what_it_lost(hall: Hall) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in (0, 1, 4, 5, 7, 6):
        hall.forwarder.on_rtp(a, with_earlier(a, number, 2), number / 50)
    assert [words(sent) for sent in viewer.rtp] == [[b"word %d" % number] for number in range(8)]
    heads = [rtcp.parse_rtp(sent) for sent in viewer.rtp]
    assert [head.sequence_number - heads[0].sequence_number for head in heads] == list(range(8))
    assert [head.timestamp - heads[0].timestamp for head in heads] == [3000 * number for number in range(8)]
    # It had been filled in before it came.
    assert hall.forwarder.dropped == {"repeated": 1}


async def test_broken_redundancy_is_dropped_and_counted(hall: Hall) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, 1, b"\x80\0\0\1junk", payload_type=RED), 1.0)
    # A block of another codec, and one that claims to be as old as its packet.
    hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, 2, red.wrap(9, b"x", [(1, b"y")]), payload_type=RED), 1.0)
    same_age = bytes([0x80 | OPUS, 0, 0, 1, OPUS]) + b"xy"
    hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, 3, same_age, payload_type=RED), 1.0)
    assert viewer.rtp == []
    assert hall.forwarder.dropped == {"malformed_red": 3}
    assert hall.forwarder.routing.health(ROOM)[0].audio_packets == 0


async def test_a_full_packet_takes_none_along_rather_than_not_leave(hall: Hall) -> None:
    a, lossy = hall.enter("a"), hall.enter("lossy", seat=False, red=True)
    hall.stage(speaker="a")
    say(hall, a, 0)
    lossy.loses(hall, 0.3, 0.0)
    for number, size in ((1, 1200), (2, 1340), (3, 100)):
        hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, number, b"x" * size), 1.0)
    assert all(len(sent) <= 1356 for sent in lossy.rtp)
    assert [len(words(sent)) for sent in lossy.rtp] == [1, 2, 1, 2]
