"""A line of so many Mbit/s: sound at once, pictures in their turn, and what is too late left out whole."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from rooms.media.embedded import pacer, rtcp
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, Ear, Hall, packet

MBIT = 10.0
RECEIVERS = 20
BODY = 1000
STEP_S = 0.02


class Loop:
    """Time that passes when the test says so, and what was put off until then."""

    def __init__(self) -> None:
        self.now = 100.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def clock(self) -> float:
        return self.now

    def defer(self, delay_s: float, work: Callable[[], None]) -> None:
        heapq.heappush(self._due, (self.now + delay_s, next(self._order), work))

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while self._due and self._due[0][0] <= end:
            at, _, work = heapq.heappop(self._due)
            self.now = max(self.now, at)
            work()
        self.now = end


class Narrow(Hall):
    """A hall behind a line of MBIT, whose ears note when what reached them."""

    def __init__(self, settings: MediaSettings, mbit: float = MBIT) -> None:
        self.loop = Loop()
        super().__init__(replace(settings, egress_mbit=mbit), self.loop.defer, self.loop.clock)
        self.office = self.enter("a")
        self.ears = [self.enter(f"v{number}", seat=False, rtx=True) for number in range(RECEIVERS)]
        self.stage(speaker="a")
        self.sent: list[tuple[float, int]] = []
        """``(s, bytes)`` on the line, all ears together."""
        for ear in self.ears:
            self._listen(ear)
        self.said = self.shown = 0
        self.office.feedback()

    def _listen(self, ear: Ear) -> None:
        keep = ear.send_rtp

        def send_rtp(data: bytes) -> None:
            self.sent.append((self.loop.now, len(data) + 44))
            keep(data)

        ear.send_rtp = send_rtp  # type: ignore[method-assign, assignment]

    def say(self) -> None:
        self.said += 1
        self.forwarder.on_rtp(
            self.office, packet(self.office, Kind.AUDIO, self.said, b"w" * 90), self.loop.now
        )

    def show(self, *, keyframe: bool = False) -> None:
        self.shown += 1
        payload = (KEYFRAME if keyframe else DELTA).ljust(BODY, b"p")
        self.forwarder.on_rtp(
            self.office, packet(self.office, Kind.VIDEO, self.shown, payload), self.loop.now
        )

    def show_keyframe(self) -> None:
        for part in range(20):
            self.show(keyframe=part == 0)


def pictures(ear: Ear) -> list[bytes]:
    return [sent for sent in ear.rtp if rtcp.parse_rtp(sent).payload_type != OPUS]


def keep_to_the_line(hall: Narrow) -> None:
    """Raises AssertionError when any 100 ms carry more than the line does, one fan-out granted."""
    allowed = MBIT * 1e6 / 8 * (0.1 + pacer.CREDIT_S) + RECEIVERS * (BODY + 56)
    carried = 0
    oldest = 0
    for at, size in hall.sent:
        carried += size
        while hall.sent[oldest][0] <= at - 0.1:
            carried -= hall.sent[oldest][1]
            oldest += 1
        assert carried <= allowed


def a_keyframe_amid_speech(hall: Narrow) -> None:
    hall.show_keyframe()
    for turn in range(1, 31):
        hall.say()
        for ear in hall.ears:
            # At once, whatever waits.
            assert sum(rtcp.parse_rtp(sent).payload_type == OPUS for sent in ear.rtp) == turn
        hall.loop.advance(STEP_S)


async def test_a_keyframe_is_spread_over_the_line_and_sound_overtakes_it(
    media_settings: MediaSettings,
) -> None:
    hall = Narrow(media_settings)
    a_keyframe_amid_speech(hall)
    keep_to_the_line(hall)
    assert all(len(pictures(ear)) == 20 for ear in hall.ears)
    assert not hall.forwarder.dropped


async def test_a_burst_that_is_not_spread_is_caught(media_settings: MediaSettings) -> None:
    hall = Narrow(media_settings, mbit=0.0)
    a_keyframe_amid_speech(hall)
    with pytest.raises(AssertionError):
        keep_to_the_line(hall)


async def test_what_the_line_cannot_carry_is_left_out_whole_and_sound_never(
    media_settings: MediaSettings,
) -> None:
    hall = Narrow(media_settings)
    # Twice what the line carries, for 20 s, with a keyframe when one is asked for.
    asked = 0
    for _ in range(1000):
        wanted = any(isinstance(item, rtcp.KeyframeRequest) for item in hall.office.feedback())
        asked += wanted
        for part in range(3):
            hall.show(keyframe=wanted and part == 0)
        hall.say()
        hall.loop.advance(STEP_S)
        hall.forwarder.tick(hall.loop.now)
    hall.loop.advance(pacer.LONGEST_WAIT_S)
    keep_to_the_line(hall)
    assert set(hall.forwarder.dropped) == {"video_late"}
    for ear in hall.ears:
        heads = [rtcp.parse_rtp(sent) for sent in pictures(ear)]
        # Frozen, not broken: no gap that anybody would ask for again.
        assert [head.sequence_number for head in heads] == [
            (heads[0].sequence_number + at) & 0xFFFF for at in range(len(heads))
        ]
        assert sum(rtcp.parse_rtp(sent).payload_type == OPUS for sent in ear.rtp) == hall.said
        assert len(heads) > hall.shown / 4
        assert sum(rtcp.is_vp8_keyframe(sent, 12) for sent in pictures(ear)) > 1
    # Asked for when there was room, and not for every packet that was left out.
    assert 2 <= asked <= 40


@pytest.mark.parametrize(("most", "longest_s"), [(50, 1e9), (10**9, 0.2)])
async def test_the_queue_is_bounded_in_number_and_in_time(
    media_settings: MediaSettings, monkeypatch: pytest.MonkeyPatch, most: int, longest_s: float
) -> None:
    monkeypatch.setattr(pacer, "MOST_VIDEO_WAITING", most)
    monkeypatch.setattr(pacer, "LONGEST_WAIT_S", longest_s)
    hall = Narrow(media_settings)
    hall.show_keyframe()
    for _ in range(100):
        hall.show()
        hall.loop.advance(0.01)
    assert hall.forwarder.dropped["video_late"] > 0
    assert hall.shown - hall.forwarder.dropped["video_late"] - len(pictures(hall.ears[0])) <= most
    hall.show(keyframe=True)
    hall.loop.advance(2.0)
    # The next keyframe brings the picture back.
    assert rtcp.is_vp8_keyframe(pictures(hall.ears[0])[-1], 12)


async def test_a_newer_keyframe_that_waits_replaces_what_is_late(
    media_settings: MediaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacer, "MOST_VIDEO_WAITING", 30)
    hall = Narrow(media_settings)
    hall.show_keyframe()
    hall.show_keyframe()
    hall.loop.advance(2.0)
    assert hall.forwarder.dropped == {"video_late": 20}
    assert [rtcp.is_vp8_keyframe(sent, 12) for sent in pictures(hall.ears[0])] == [True] + [False] * 19
    assert not hall.office.feedback()


async def test_nothing_is_sent_again_while_the_line_is_behind(media_settings: MediaSettings) -> None:
    hall = Narrow(media_settings)
    hall.show(keyframe=True)
    hall.loop.advance(1.0)
    ear = hall.ears[0]
    line = ear.terms.receiving[1]
    lost = rtcp.nack(9, line.ssrc, [int.from_bytes(pictures(ear)[0][2:4], "big")])
    hall.forwarder.on_rtcp(ear, lost, hall.loop.now)
    assert len(pictures(ear)) == 2
    hall.loop.advance(1.0)
    for _ in range(100):
        hall.say()
    hall.forwarder.on_rtcp(ear, lost, hall.loop.now)
    assert len(pictures(ear)) == 2
    assert hall.forwarder.dropped == {"resend_late": 1}


async def test_sound_beyond_the_line_delays_pictures_only_so_long(media_settings: MediaSettings) -> None:
    hall = Narrow(media_settings)
    for _ in range(2000):
        hall.say()
    hall.show(keyframe=True)
    hall.loop.advance(pacer.DEBT_S)
    assert len(pictures(hall.ears[0])) == 1


async def test_publishers_are_told_what_the_line_leaves_for_each_picture(
    media_settings: MediaSettings,
) -> None:
    hall = Narrow(media_settings)

    def allowed() -> int:
        hall.office.feedback()
        hall.forwarder.report(hall.loop.now)
        (estimate,) = [i for i in hall.office.feedback() if isinstance(i, rtcp.BandwidthEstimate)]
        return estimate.bits_per_s

    alone = allowed()
    assert abs(alone / (0.9 * MBIT * 1e6 / RECEIVERS) - 1) < 0.01
    for _ in range(60):
        hall.say()
        hall.loop.advance(STEP_S)
    # 50 packets/s of 90 and 56 bytes to each.
    assert abs((alone - allowed()) / (0.9 * 50 * 146 * 8) - 1) < 0.02
    hall.stage()
    assert abs(allowed() / media_settings.video_bits_per_s - 1) < 0.01
