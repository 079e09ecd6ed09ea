"""What a receiver's line carries decides what it is sent: less, nothing, and more again after a probe."""

import pytest

from rooms.media.embedded import rtcp
from rooms.media.embedded.adaptation import BURSTS
from rooms.media.embedded.members import health_of
from rooms.media.embedded.sdp import SendingLine
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind, Slot
from tests.rooms.media.test_layers import LOW, MID, MIDDLE, REPAIRED, RID, SSRC, LayeredHall, bodies
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, ROOM, RTX, VP8, Ear


@pytest.fixture
def hall(media_settings: MediaSettings) -> LayeredHall:
    return LayeredHall(media_settings)


def estimate(hall: LayeredHall, viewer: Ear, bits_per_s: int) -> None:
    ssrcs = [line.ssrc for line in viewer.terms.receiving]
    hall.forwarder.on_rtcp(viewer, rtcp.bandwidth_estimate(9, bits_per_s, ssrcs), hall.now)


def loss(hall: LayeredHall, viewer: Ear) -> None:
    """A quarter of all pictures."""
    member = hall.forwarder.routing.find(ROOM, viewer.spec.peer_id)
    assert member is not None
    for ssrc, one in member.lanes.items():
        block = rtcp.ReportBlock(ssrc, 0.25, 0, one.lane.next_sequence - 1, 0, 0, 0)
        if one.kind is Kind.VIDEO:
            hall.forwarder.on_rtcp(viewer, rtcp.receiver_report(9, [block]), hall.now)


async def test_a_line_that_is_overrun_gets_less_then_nothing_and_more_again_after_a_probe(
    hall: LayeredHall,
) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False, rtx=True)
    other = hall.enter("other", seat=False)
    hall.stage(speaker="desa")
    sound = 0

    def second() -> dict[bytes, int]:
        """20 packets of each size and of sound; what arrives, by its last byte (that of padding is 255)."""
        nonlocal sound
        for one in (viewer, other):
            one.rtp.clear()
        for at in range(20):
            for layer, size in ((LOW, 750), (MIDDLE, 2500)):
                body = (DELTA if at else KEYFRAME) + bytes(size) + layer
                hall.sends(office, layer, body)
            sound += 1
            packet = rtcp.rtp_header(False, False, OPUS, sound, sound * 960, 4000) + b"opus"
            hall.forwarder.on_rtp(office, packet, hall.now)
            hall.now += 0.05
            hall.forwarder.tick(hall.now)
        hall.forwarder.report(hall.now)
        ends = [body[-1:] for body in bodies(viewer)]
        return {end: ends.count(end) for end in (LOW, MIDDLE, b"s", b"\xff")}

    assert second()[MIDDLE] == 20
    for bits_per_s in (900_000, 200_000):
        estimate(hall, viewer, bits_per_s)
    second()
    smaller = second()
    assert (smaller[LOW], smaller[MIDDLE]) == (20, 0)
    # By itself it may be the receiver's machine; with loss it is its line.
    estimate(hall, viewer, 40_000)
    second()
    assert second()[LOW] == 20
    loss(hall, viewer)
    estimate(hall, viewer, 35_000)
    second()
    paused = second()
    assert (paused[LOW], paused[MIDDLE]) == (0, 0)
    seen = {LOW: 0, MIDDLE: 0, b"\xff": 0}
    for _ in range(30):
        now = second()
        seen = {end: seen[end] + now[end] for end in seen}
        assert now[b"s"] == 20
        assert len([body for body in bodies(other) if body[-1:] == MIDDLE]) == 20
    assert 0 < seen[LOW] < 20 * 30
    assert seen[MIDDLE] > 0
    assert seen[b"\xff"] > 100
    assert second()[MIDDLE] == 20


async def test_a_picture_in_one_size_that_was_stopped_is_probed_for_with_what_it_takes(
    hall: LayeredHall,
) -> None:
    camera = SendingLine("8", Kind.VIDEO, 0, VP8, (SSRC[LOW],), MID)
    office, viewer = hall.enter("desa", sending=(camera,)), hall.enter("viewer", seat=False, rtx=True)
    hall.stage(speaker="desa")
    padding: list[int] = []

    def seconds(count: int) -> int:
        """100 kbit/s; how many of the last second's 20 packets arrive."""
        for _ in range(count):
            viewer.rtp.clear()
            for at in range(20):
                hall.sends(office, LOW, (DELTA if at else KEYFRAME) + bytes(620) + LOW)
                hall.now += 0.05
                hall.forwarder.tick(hall.now)
            hall.forwarder.report(hall.now)
            ends = [body[-1:] for body in bodies(viewer)]
            padding.append(ends.count(b"\xff"))
        return ends.count(LOW)

    seconds(5)
    for bits_per_s in (150_000, 40_000):
        estimate(hall, viewer, bits_per_s)
    loss(hall, viewer)
    seconds(1)
    assert seconds(1) == 0
    assert seconds(30) == 20
    assert 100_000 < max(padding) * 255 * 8 < 200_000


async def test_a_line_is_measured_when_it_is_new_and_when_it_has_become_another(hall: LayeredHall) -> None:
    viewer = hall.enter("viewer", seat=False)

    def seconds(count: int, carries: float | None) -> int:
        """So many bursts in that time; each shows the same."""
        before = viewer.bursts
        for _ in range(20 * count):
            seen, hall.now = viewer.bursts, hall.now + 0.05
            hall.forwarder.tick(hall.now)
            if viewer.bursts > seen:
                viewer.bearer.carries_bits_per_s = carries
        return viewer.bursts - before

    assert seconds(30, 10e6) == 0, "long connected"
    viewer.connected_at = hall.now
    assert seconds(3, 10e6) == 1, "it is wide: that is enough"
    for carries, bursts in ((None, BURSTS), (100_000, BURSTS), (10e6, 1)):
        viewer.bearer.moved_at = hall.now
        assert seconds(10, carries) == bursts
    viewer.connected = False
    viewer.bearer.moved_at = hall.now
    assert seconds(10, None) == 0, "not before it is there"


@pytest.mark.parametrize(("carries", "seen"), [(10e6, 3), (160_000, 1), (80_000, 0)])
async def test_what_a_line_showed_is_shared_out_when_pictures_come_on_stage(
    hall: LayeredHall, carries: float, seen: int
) -> None:
    """Each slot by itself would have had its smallest."""
    slots = (Slot.AULA, Slot.SPEAKER, Slot.RESPONDER)
    offices = [hall.office(name) for name in "abc"]
    viewer = hall.enter("viewer", seat=False, slots=slots)
    member = hall.forwarder.routing.find(ROOM, viewer.spec.peer_id)
    assert member is not None
    viewer.bearer.carries_bits_per_s = carries
    # Long before there is anything to see, and with nothing else to be told.
    for _ in range(20 * 30):
        hall.now += 0.05
        hall.forwarder.tick(hall.now)
        if viewer.bursts:
            viewer.bursts, viewer.bearer.carries_bits_per_s = 0, carries
    hall.stage(aula="a", speaker="b", responder="c")
    hall.forwarder.tick(hall.now)
    assert len({one.slot for one in member.subscriptions if one.kind is Kind.VIDEO and one.source}) == seen
    assert health_of(member, hall.now).narrow == (seen == 0)
    assert len(offices) == 3


async def test_what_a_report_says_of_long_ago_is_not_taken_for_now(hall: LayeredHall) -> None:
    viewer = hall.enter("viewer", seat=False)
    member = hall.forwarder.routing.find(ROOM, viewer.spec.peer_id)
    assert member is not None
    wall = (rtcp.ntp_from_unix(0.0) >> 16) & 0xFFFFFFFF

    def reported(rtt_s: float, since_s: float) -> bool:
        """Whether packets seem to wait, once a round trip was told by a sender report of so long ago."""
        delay = round(since_s * 65536)
        block = rtcp.ReportBlock(
            next(iter(member.lanes)), 0, 0, 9, 0, wall - delay - round(rtt_s * 65536), delay
        )
        hall.now += 1
        hall.forwarder.on_rtcp(viewer, rtcp.receiver_report(9, [block]), hall.now)
        return member.share.waits

    assert not reported(0.05, 0.5)
    assert not reported(0.5, 5.0)
    assert reported(0.5, 0.4)


async def test_a_picture_in_one_size_is_asked_for_as_most_lines_carry_it(hall: LayeredHall) -> None:
    camera = SendingLine("8", Kind.VIDEO, 0, VP8, (SSRC[LOW],), MID)
    office = hall.enter("desa", sending=(camera,))
    viewers = [hall.enter(f"viewer{at}", seat=False) for at in range(3)]
    hall.stage(speaker="desa")

    def asked() -> float:
        """Of the publisher, after a second of 800 kbit/s."""
        for at in range(20):
            hall.sends(office, LOW, (DELTA if at else KEYFRAME) + bytes(5000) + LOW)
            hall.now += 0.05
            hall.forwarder.tick(hall.now)
        office.feedback()
        hall.forwarder.report(hall.now)
        return next(i.bits_per_s for i in office.feedback() if isinstance(i, rtcp.BandwidthEstimate))

    free = asked()
    assert asked() == free > 2_000_000
    for bits_per_s in (900_000, 400_000):
        estimate(hall, viewers[0], bits_per_s)
    assert asked() == free, "one of three is left out"
    for bits_per_s in (900_000, 300_000):
        estimate(hall, viewers[1], bits_per_s)
    # Two of three are limited: what the better of them carries is what most carry.
    assert asked() == pytest.approx(400_000, rel=0.1)
    estimate(hall, viewers[0], 100_000)
    lower = asked()
    assert lower == pytest.approx(300_000, rel=0.1)
    hall.stage(speaker="nobody")
    later = [asked() for _ in range(100)]
    assert lower < later[20] < later[-1] < free


async def test_a_desk_that_looks_at_who_is_next_asks_nothing_of_them(hall: LayeredHall) -> None:
    camera = SendingLine("8", Kind.VIDEO, 0, VP8, (SSRC[LOW],), MID)
    office = hall.enter("desa", sending=(camera,))
    desk = hall.enter("desk", seat=False, slots=(Slot.PREVIEW_1,))
    hall.stage(preview_1="desa")
    asked = []
    for _ in range(3):
        for at in range(20):
            hall.sends(office, LOW, (DELTA if at else KEYFRAME) + bytes(5000) + LOW)
            hall.now += 0.05
            hall.forwarder.tick(hall.now)
        for bits_per_s in (900_000, 300_000):
            estimate(hall, desk, bits_per_s)
        office.feedback()
        hall.forwarder.report(hall.now)
        asked += [i.bits_per_s for i in office.feedback() if isinstance(i, rtcp.BandwidthEstimate)]
    assert min(asked) > 2_000_000


async def test_a_screen_beside_a_camera_in_sizes_leaves_that_its_room(hall: LayeredHall) -> None:
    lines = (
        SendingLine("7", Kind.VIDEO, 0, VP8, (), MID, None, RTX, (), ("l", "m"), RID, REPAIRED),
        SendingLine("8", Kind.VIDEO, 1, VP8, (4001,), None),
    )
    office, viewer = hall.enter("desa", sending=lines), hall.enter("viewer", seat=False, slots=(Slot.SCREEN,))
    hall.stage(screen="desa")
    for layer in (LOW, MIDDLE):
        hall.sends(office, layer, KEYFRAME)
    for number in range(20):
        packet = rtcp.rtp_header(False, True, VP8, number, number * 4500, 4001) + KEYFRAME + bytes(4000)
        hall.forwarder.on_rtp(office, packet, hall.now)
    hall.now += 1
    hall.forwarder.report(hall.now)
    for bits_per_s in (900_000, 250_000):
        estimate(hall, viewer, bits_per_s)
    office.feedback()
    hall.forwarder.report(hall.now)
    (asked,) = [i.bits_per_s for i in office.feedback() if isinstance(i, rtcp.BandwidthEstimate)]
    assert asked == pytest.approx(250_000 + 1.1 * (120_000 + 450_000), rel=0.02)
