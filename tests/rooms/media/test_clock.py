"""A publisher's RTP time on the server's clock: lips fit, and the publisher's clock may do what it likes."""

import pytest

from rooms.media.embedded.clock import LineClock

SOUND, PICTURE = 48000, 90000


def play(sound: LineClock, picture: LineClock, *, picture_delay_s: float, until_s: float = 20.0) -> None:
    """Both lines captured from 100 s on; sound takes 20 ms to arrive, the picture longer and unsteadily."""
    for step in range(int(until_s * 50)):
        captured = 100 + step / 50
        sound.arrived(round((step / 50) * SOUND) + 7, captured + 0.02 + (step % 3) * 0.004)
        picture.arrived(
            (round((step / 50) * PICTURE) + (1 << 32) - 90) % (1 << 32),
            captured + picture_delay_s + (step % 5) * 0.01,
        )


def ntp(seconds: float) -> int:
    return int(seconds * (1 << 32))


def captured_at(line: LineClock, rtp_offset: int, now: float, companion: LineClock | None = None) -> float:
    """Capture instant (as the publisher began at 100 s) that the line's report at ``now`` claims."""
    at = line.rtp_time(now, companion)
    assert at is not None
    return 100 + ((at - rtp_offset) % (1 << 32)) / line.clock_rate


def test_before_any_packet_nothing_is_known() -> None:
    assert LineClock(SOUND).rtp_time(1.0) is None


def test_sound_follows_its_quickest_packets() -> None:
    sound, picture = LineClock(SOUND), LineClock(PICTURE)
    play(sound, picture, picture_delay_s=0.15)
    assert captured_at(sound, 7, 121.0) == pytest.approx(120.98, abs=0.001)


def test_the_publishers_reports_put_the_picture_to_its_sound() -> None:
    sound, picture = LineClock(SOUND), LineClock(PICTURE)
    play(sound, picture, picture_delay_s=0.15)
    assert captured_at(picture, -90, 121.0, sound) == pytest.approx(120.85, abs=0.001)
    sound.reported(ntp(9_000_000_010.0), 10 * SOUND + 7)
    picture.reported(ntp(9_000_000_012.0), 12 * PICTURE - 90)
    assert captured_at(picture, -90, 121.0, sound) == pytest.approx(120.98, abs=0.001)


def test_a_clock_jump_between_two_reports_is_not_believed() -> None:
    sound, picture = LineClock(SOUND), LineClock(PICTURE)
    play(sound, picture, picture_delay_s=0.15)
    sound.reported(ntp(9_000_000_010.0), 10 * SOUND + 7)
    picture.reported(ntp(9_000_003_612.0), 12 * PICTURE - 90)
    assert captured_at(picture, -90, 121.0, sound) == pytest.approx(120.85, abs=0.001)
