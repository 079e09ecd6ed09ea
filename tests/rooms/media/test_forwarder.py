"""The way of a packet through a room: who gets it, under which number, and what is said back."""

import struct
from collections.abc import Callable

import pytest

from rooms.media.embedded import rtcp
from rooms.media.embedded.sdp import OWN_SSRC, SendingLine
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind, Slot
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, VP8, Ear, Hall, packet


@pytest.fixture
def hall(media_settings: MediaSettings) -> Hall:
    return Hall(media_settings)


@pytest.fixture
def send(hall: Hall) -> Callable[..., None]:
    def send(
        of: Ear, kind: Kind, sequence: int, payload: bytes = KEYFRAME, now: float = 1.0, **changes: int
    ) -> None:
        hall.forwarder.on_rtp(of, packet(of, kind, sequence, payload, **changes), now)

    return send


Send = Callable[..., None]


async def test_only_the_stage_lets_a_seat_through(hall: Hall, send: Send) -> None:
    a, b, viewer = hall.enter("a"), hall.enter("b"), hall.enter("viewer", seat=False)
    send(a, Kind.AUDIO, 1)
    assert viewer.rtp == []
    hall.stage(speaker="a")
    send(a, Kind.AUDIO, 2)
    send(b, Kind.AUDIO, 1)
    assert (len(viewer.rtp), len(b.rtp), len(a.rtp)) == (1, 1, 0)
    hall.stage()
    send(a, Kind.AUDIO, 3)
    assert len(viewer.rtp) == 1
    hall.stage(speaker="b")
    send(a, Kind.AUDIO, 4)
    assert len(viewer.rtp) == 1
    hall.forwarder.routing.mute()
    send(b, Kind.AUDIO, 2)
    assert len(viewer.rtp) == 1


async def test_who_comes_late_sees_the_stage_and_a_speaker_who_comes_late_is_seen(
    hall: Hall, send: Send
) -> None:
    hall.stage(speaker="a")
    early = hall.enter("early", seat=False)
    a = hall.enter("a")
    assert rtcp.KeyframeRequest(a.terms.sending[1].ssrcs[0]) in a.feedback()
    send(a, Kind.VIDEO, 1)
    late = hall.enter("b")
    send(a, Kind.VIDEO, 2)
    assert (len(early.rtp), len(late.rtp), a.rtp) == (2, 1, [])


async def test_a_switch_asks_the_next_speaker_for_a_keyframe_at_once(hall: Hall, send: Send) -> None:
    a, b = hall.enter("a"), hall.enter("b")
    viewers = [hall.enter(f"v{number}", seat=False) for number in range(5)]
    hall.stage(speaker="a")
    assert a.feedback() == [rtcp.KeyframeRequest(a.terms.sending[1].ssrcs[0])]
    send(a, Kind.VIDEO, 1, DELTA)
    assert all(viewer.rtp == [] for viewer in viewers)
    send(a, Kind.VIDEO, 2)
    assert all(len(viewer.rtp) == 1 for viewer in viewers)
    hall.stage(speaker="b")
    asked = [item for item in b.feedback() if isinstance(item, rtcp.KeyframeRequest)]
    assert asked == [rtcp.KeyframeRequest(b.terms.sending[1].ssrcs[0])]
    send(a, Kind.VIDEO, 3)
    send(b, Kind.VIDEO, 900, DELTA)
    assert all(len(viewer.rtp) == 1 for viewer in viewers)
    send(b, Kind.VIDEO, 901)
    for viewer in viewers:
        first, second = (struct.unpack_from("!HI", sent, 2) for sent in viewer.rtp)
        assert second[0] == first[0] + 1


async def test_keyframe_requests_of_many_are_one_request(hall: Hall, send: Send) -> None:
    a = hall.enter("a")
    viewers = [hall.enter(f"v{number}", seat=False) for number in range(20)]
    hall.stage(speaker="a")
    send(a, Kind.VIDEO, 1)
    a.feedback()
    for viewer in viewers:
        request = rtcp.keyframe_request(9, viewer.terms.receiving[1].ssrc)
        hall.forwarder.on_rtcp(viewer, request, 1e9)
    assert len(a.feedback()) == 1
    hall.forwarder.tick(1e9 + 0.1)
    assert a.feedback() == []
    hall.forwarder.tick(1e9 + 0.4)
    assert len(a.feedback()) == 1
    send(a, Kind.VIDEO, 2)
    hall.forwarder.tick(1e9 + 9)
    assert a.feedback() == []


async def test_one_seat_cannot_make_the_speaker_send_nothing_but_keyframes(hall: Hall, send: Send) -> None:
    a, viewer, greedy = hall.enter("a"), hall.enter("viewer", seat=False), hall.enter("greedy", seat=False)
    hall.stage(speaker="a")
    asked = 0
    for at in range(1, 1000):
        now = 1e9 + at / 10
        send(a, Kind.VIDEO, at)
        a.feedback()
        request = rtcp.keyframe_request(9, greedy.terms.receiving[1].ssrc)
        for _ in range(10):
            hall.forwarder.on_rtcp(greedy, request, now)
        asked += len(a.feedback())
    assert asked <= 100 * 2 + 10
    send(a, Kind.VIDEO, 1000)
    hall.forwarder.on_rtcp(viewer, rtcp.keyframe_request(9, viewer.terms.receiving[1].ssrc), 1e9 + 101)
    assert rtcp.KeyframeRequest(a.terms.sending[1].ssrcs[0]) in a.feedback()


async def test_a_nack_brings_the_very_same_bytes(hall: Hall, send: Send) -> None:
    a, b, viewer = hall.enter("a"), hall.enter("b"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in range(1, 6):
        send(a, Kind.VIDEO, number, KEYFRAME + b"%d" % number)
    hall.stage(speaker="b")
    for number in range(500, 503):
        send(b, Kind.VIDEO, number, KEYFRAME + b"%d" % number)
    sent = list(viewer.rtp)
    numbers = [int.from_bytes(one[2:4], "big") for one in sent]
    ssrc = viewer.terms.receiving[1].ssrc
    hall.forwarder.on_rtcp(viewer, rtcp.nack(9, ssrc, numbers), 2.0)
    assert viewer.rtp == sent + sent
    hall.forwarder.on_rtcp(viewer, rtcp.nack(9, ssrc, [numbers[0] - 5 & 0xFFFF]), 2.0)
    hall.forwarder.on_rtcp(viewer, rtcp.nack(9, 4242, numbers), 2.0)
    assert viewer.rtp == sent + sent
    assert hall.forwarder.dropped["nack_too_late"] == 1


async def test_loss_on_the_way_in_is_asked_for_again(hall: Hall, send: Send) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    send(a, Kind.VIDEO, 1)
    send(a, Kind.VIDEO, 4, DELTA)
    a.feedback()
    hall.forwarder.tick(1.05)
    assert a.feedback() == [rtcp.Nack(a.terms.sending[1].ssrcs[0], (2, 3))]
    send(a, Kind.VIDEO, 3, DELTA)
    send(a, Kind.VIDEO, 2, DELTA)
    first = int.from_bytes(viewer.rtp[0][2:4], "big")
    assert [int.from_bytes(one[2:4], "big") - first for one in viewer.rtp] == [0, 3, 2, 1]


async def test_pictures_go_on_without_the_numbers_of_their_publisher(hall: Hall) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    numbered = b"\x90\xe0\x85\x05\x07\x40"
    hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 1, numbered + KEYFRAME[1:]), 1.0)
    assert [one[12:] for one in viewer.rtp] == [b"\x10" + KEYFRAME[1:]]


async def test_publishers_are_told_of_loss_and_bandwidth(
    hall: Hall, send: Send, media_settings: MediaSettings
) -> None:
    a, _ = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in range(10):
        send(a, Kind.AUDIO, number)
        send(a, Kind.VIDEO, number)
    a.feedback()
    hall.forwarder.report(2.0)
    sound, picture, bandwidth = a.feedback()
    assert isinstance(sound, rtcp.ReceptionReport)
    assert isinstance(picture, rtcp.ReceptionReport)
    assert 0.05 <= sound.lost_fraction <= 0.10
    assert picture.lost_fraction == 0
    assert isinstance(bandwidth, rtcp.BandwidthEstimate)
    assert abs(bandwidth.bits_per_s - media_settings.video_bits_per_s) < 1000


async def test_sound_on_the_stage_is_told_what_its_worst_receiver_loses(
    hall: Hall, send: Send, media_settings: MediaSettings
) -> None:
    a, viewer, other = hall.enter("a"), hall.enter("viewer", seat=False), hall.enter("other", seat=False)
    hall.stage(speaker="a")

    def shown(of: Hall) -> float:
        send(a, Kind.AUDIO, len(viewer.rtp))
        a.feedback()
        of.forwarder.report(2.0)
        report = a.feedback()[0]
        assert isinstance(report, rtcp.ReceptionReport)
        return report.lost_fraction

    other.loses(hall, 0.0, 1.5)
    assert abs(shown(hall) - media_settings.shown_audio_loss) < 0.01
    viewer.loses(hall, 0.15, 1.6)
    assert abs(shown(hall) - 0.15) < 0.01
    viewer.loses(hall, 0.7, 1.7)
    assert abs(shown(hall) - 0.2) < 0.01
    hall.stage()
    assert shown(hall) == 0


async def test_sender_reports_carry_our_clock_and_one_name(hall: Hall, send: Send) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    wild = rtcp.sender_report(a.terms.sending[1].ssrcs[0], 77 << 32, 5, 1, 1)
    send(a, Kind.AUDIO, 1)
    send(a, Kind.VIDEO, 1)
    hall.forwarder.on_rtcp(a, wild, 1.0)
    reports = [item for item in viewer.feedback() if isinstance(item, rtcp.SenderReport)]
    assert {item.ssrc for item in reports} == {line.ssrc for line in viewer.terms.receiving}
    hall.forwarder.report(1.5)
    again = [item for item in viewer.feedback() if isinstance(item, rtcp.SenderReport)]
    assert {item.ntp for item in again} == {rtcp.ntp_from_unix(0.0)}
    before = {item.ssrc: item for item in reports}
    for late in again:
        early = before[late.ssrc]
        rate = 48000 if early.ssrc == viewer.terms.receiving[0].ssrc else 90000
        assert abs((late.rtp_time - early.rtp_time) % (1 << 32) - rate / 2) < 5


async def test_one_seats_failure_never_ends_the_fan_out(hall: Hall, send: Send) -> None:
    a, broken, viewer = hall.enter("a"), hall.enter("broken", seat=False), hall.enter("viewer", seat=False)
    broken.broken = True
    hall.stage(speaker="a")
    send(a, Kind.AUDIO, 1)
    assert len(viewer.rtp) == 1
    assert hall.forwarder.dropped["send_error"] == 1


async def test_what_cannot_be_bound_is_dropped_and_counted(hall: Hall, send: Send) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    send(a, Kind.AUDIO, 1, ssrc=999999)
    send(a, Kind.AUDIO, 1, payload_type=VP8)
    hall.forwarder.on_rtp(viewer, packet(a, Kind.AUDIO, 1), 1.0)
    hall.forwarder.on_rtp(a, b"\x80junk", 1.0)
    hall.forwarder.on_rtcp(a, b"\x80\xc8\xff\xff", 1.0)
    send(a, Kind.AUDIO, 7)
    send(a, Kind.AUDIO, 7)
    assert len(viewer.rtp) == 1
    assert hall.forwarder.dropped == {
        "unbound": 2,
        "foreign_payload": 1,
        "malformed_rtp": 1,
        "malformed_rtcp": 1,
        "repeated": 1,
    }


async def test_a_new_ssrc_on_a_line_is_bound_by_mid_and_goes_on(hall: Hall, send: Send) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    send(a, Kind.VIDEO, 1)
    head = struct.pack("!BBHII", 0x90, VP8, 40000, 9, 31337) + struct.pack("!HH", 0xBEDE, 1) + b"\x40c\0\0"
    hall.forwarder.on_rtp(a, head + KEYFRAME, 2.0)
    assert len(viewer.rtp) == 2
    first, second = (int.from_bytes(one[2:4], "big") for one in viewer.rtp)
    assert second == first + 1
    assert rtcp.parse_rtp(viewer.rtp[1]).extension is None
    assert a.feedback()[-1] == rtcp.KeyframeRequest(31337)
    assert OWN_SSRC not in {line.ssrc for line in viewer.terms.receiving}


async def test_a_screen_is_the_second_picture_and_sound_is_not_doubled(hall: Hall, send: Send) -> None:
    lines = [
        SendingLine(f"{kind}{n}", kind, n, payload_type, (7000 + 10 * n + payload_type,), None)
        for n in (0, 1)
        for kind, payload_type in ((Kind.AUDIO, OPUS), (Kind.VIDEO, VP8))
    ]
    a, only_camera = hall.enter("a", sending=tuple(lines)), hall.enter("b")
    viewer = hall.enter("viewer", seat=False, slots=(Slot.SPEAKER, Slot.SCREEN))

    sequence = 0

    def shown() -> set[int]:
        """The viewer's lines that got something, when both seats sent on all of theirs."""
        nonlocal sequence
        sequence += 1
        viewer.rtp.clear()
        for of in (a, only_camera):
            for line in of.terms.sending:
                head = rtcp.rtp_header(
                    False, False, line.payload_type, sequence, sequence * 3000, line.ssrcs[0]
                )
                hall.forwarder.on_rtp(of, head + KEYFRAME, 1.0)
        return {rtcp.parse_rtp(sent).ssrc for sent in viewer.rtp}

    sound, picture, screens_sound, screen = (line.ssrc for line in viewer.terms.receiving)
    hall.stage(speaker="a")
    assert shown() == {sound, picture}
    hall.stage(speaker="a", screen="a")
    assert shown() == {sound, picture, screen}
    # A device that has no second picture shows no first one in its place.
    hall.stage(speaker="a", screen="b")
    assert shown() == {sound, picture}
    assert screens_sound not in shown()
