"""Where RTP time stands on the server's clock."""

from rooms.recording.clock import ClipClock
from rooms.recording.feed import AUDIO, VIDEO

START = 1_800_000_000_000_000
NTP_SECOND = 1 << 32


def test_both_tracks_stand_by_their_arrival_until_reports_come() -> None:
    clock = ClipClock()
    assert clock.place(AUDIO, 2**32 - 480, START) == START
    assert clock.place(AUDIO, 480, START + 27_000) == START + 20_000, (
        "jitter of arrival is not jitter of sound"
    )
    assert clock.place(VIDEO, 77, START + 150_000) == START + 150_000


def test_reports_pull_the_picture_to_its_sound() -> None:
    clock = ClipClock()
    clock.place(AUDIO, 0, START)
    # The picture took 120 ms longer to be made and sent than the sound.
    assert clock.place(VIDEO, 5_000, START + 120_000) == START + 120_000
    clock.report(AUDIO, 50 * NTP_SECOND, 48_000)
    assert clock.place(VIDEO, 5_000 + 9_000, START + 220_000) == START + 220_000, "one report says nothing"
    clock.report(VIDEO, 51 * NTP_SECOND, 5_000 + 2 * 90_000)
    assert clock.place(VIDEO, 5_000 + 18_000, START + 320_000) == START + 200_000


def test_a_report_without_sense_is_not_believed() -> None:
    clock = ClipClock()
    clock.place(AUDIO, 0, START)
    clock.report(AUDIO, 50 * NTP_SECOND, 0)
    clock.report(VIDEO, 99 * NTP_SECOND, 0)
    assert clock.place(VIDEO, 0, START) == START


def test_a_publisher_whose_clock_stood_still_is_placed_by_arrival_again() -> None:
    clock = ClipClock()
    clock.place(AUDIO, 0, START)
    assert clock.place(AUDIO, 960, START + 40_000_000) == START + 40_000_000
    assert clock.place(AUDIO, 1920, START + 40_020_000) == START + 40_020_000


def test_nothing_is_placed_after_its_arrival() -> None:
    clock = ClipClock()
    clock.place(AUDIO, 0, START)
    assert clock.place(AUDIO, 480_000, START + 1_000_000) == START + 1_000_000


def test_a_burst_after_a_stalled_network_keeps_its_line() -> None:
    clock = ClipClock()
    clock.place(AUDIO, 0, START)
    for packet in range(1, 100):
        arrived = max(START + 1_500_000, START + packet * 20_000)
        assert clock.place(AUDIO, packet * 960, arrived) == START + packet * 20_000


def test_drift_over_hours_is_followed() -> None:
    clock = ClipClock()
    late = 0
    for second in range(3 * 3600):
        arrived = START + second * 1_000_000
        # This sound card counts 47,995 samples in a second of the server: 1.1 s in three hours.
        late = arrived - clock.place(AUDIO, second * 47_995 & 0xFFFFFFFF, arrived)
        assert late < 400_000
    assert late >= 0
