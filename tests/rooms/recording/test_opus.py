from contextlib import suppress

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.recording.opus import SILENCE, SILENCE_US, duration_us
from tests.support.loops import tone


def test_length_of_real_packets() -> None:
    assert {duration_us(p.data) for p in tone(0.2)} == {20_000}
    assert duration_us(SILENCE) == SILENCE_US


@pytest.mark.parametrize(
    ("packet", "expected"),
    [("00", 10_000), ("18", 60_000), ("60", 10_000), ("80", 2_500), ("f9", 40_000), ("fb03", 60_000)],
)
def test_length_by_configuration(packet: str, expected: int) -> None:
    assert duration_us(bytes.fromhex(packet)) == expected


def test_silence_decodes_to_silence() -> None:
    decoder = av.AudioCodecContext.create("libopus", "r")
    decoder.layout, decoder.sample_rate = "stereo", 48_000
    frames = [frame for _ in range(5) for frame in decoder.decode(av.Packet(SILENCE))]
    assert sum(frame.samples for frame in frames) == 5 * 960
    assert not any(any(bytes(plane)) for frame in frames for plane in frame.planes)


@given(st.binary(max_size=4))
def test_rubbish_is_refused_and_nothing_else_is_raised(data: bytes) -> None:
    with suppress(ValueError):
        assert 0 < duration_us(data) <= 120_000
