"""Shared screens in the media plane: what is seen beside one, on a narrow line, how often it comes whole."""

import pytest

from rooms.media.embedded import rtcp
from rooms.media.embedded.forwarder import RECORDED_KEYFRAME_S, RECORDED_SCREEN_S
from rooms.media.embedded.sdp import SendingLine
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind, Slot
from tests.rooms.media.test_layers import LOW, MID, MIDDLE, REPAIRED, RID, LayeredHall, bodies
from tests.rooms.media.test_steering import estimate, loss
from tests.support.forwarder_hall import DELTA, KEYFRAME, OPUS, RTX, VP8, Ear

SCREEN_SSRC = 4500
BOTH = (Slot.SPEAKER, Slot.SCREEN)


class ScreenHall(LayeredHall):
    def __init__(self, settings: MediaSettings) -> None:
        super().__init__(settings)
        self._page = 0

    def office(self, name: str) -> Ear:
        camera = SendingLine("7", Kind.VIDEO, 0, VP8, (), MID, None, RTX, (), ("l", "m"), RID, REPAIRED)
        screen = SendingLine("8", Kind.VIDEO, 1, VP8, (SCREEN_SSRC,), MID)
        return self.enter(name, sending=(SendingLine("6", Kind.AUDIO, 0, OPUS, (4000,), MID), camera, screen))

    def page(self, office: Ear, body: bytes) -> None:
        self._page += 1
        head = rtcp.rtp_header(False, False, VP8, self._page, self._page * 18_000, SCREEN_SSRC)
        self.forwarder.on_rtp(office, head + body, self.now)

    def second(self, office: Ear, *viewers: Ear, page_bytes: int = 100) -> list[dict[bytes, int]]:
        """20 pictures of each size of the camera, 5 of the screen; how many came, by their last byte."""
        for viewer in viewers:
            viewer.rtp.clear()
        for at in range(20):
            for layer, size in ((LOW, 500), (MIDDLE, 2000)):
                self.sends(office, layer, (DELTA if at else KEYFRAME) + bytes(size) + layer)
            if at % 4 == 0:
                self.page(office, (DELTA if at else KEYFRAME) + bytes(page_bytes) + b"s")
            self.now += 0.05
            self.forwarder.tick(self.now)
        self.forwarder.report(self.now)
        ends = [[body[-1:] for body in bodies(viewer)] for viewer in viewers]
        return [{end: found.count(end) for end in (LOW, MIDDLE, b"s")} for found in ends]


@pytest.fixture
def hall(media_settings: MediaSettings) -> ScreenHall:
    return ScreenHall(media_settings)


async def test_beside_a_screen_cameras_come_small_and_large_again_after_it(hall: ScreenHall) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False, slots=BOTH)
    without = hall.enter("without", seat=False)
    hall.stage(speaker="desa", screen="desa")
    hall.second(office, viewer, without)
    seen, other = hall.second(office, viewer, without)
    assert seen == {LOW: 20, MIDDLE: 0, b"s": 5}
    assert other == {LOW: 0, MIDDLE: 20, b"s": 0}
    hall.stage(speaker="desa")
    hall.second(office, viewer)
    assert hall.second(office, viewer) == [{LOW: 0, MIDDLE: 20, b"s": 0}]


async def test_a_narrow_line_gets_the_screen_also_while_a_page_is_turned(hall: ScreenHall) -> None:
    office, viewer = hall.office("desa"), hall.enter("viewer", seat=False, slots=BOTH)
    hall.stage(speaker="desa", screen="desa")
    hall.second(office, viewer)
    # A page of 40 KB in one second is far more than the line carries, which says so.
    hall.second(office, viewer, page_bytes=8_000)
    for bits_per_s in (300_000, 90_000):
        estimate(hall, viewer, bits_per_s)
    loss(hall, viewer)
    for _ in range(4):
        (seen,) = hall.second(office, viewer, page_bytes=8_000)
        assert seen[b"s"] == 5
    assert seen[LOW] == 0
    # Where not even a still page comes through, sound goes before it.
    for bits_per_s in (300_000, 30_000):
        estimate(hall, viewer, bits_per_s)
    loss(hall, viewer)
    hall.second(office, viewer)
    assert hall.second(office, viewer) == [{LOW: 0, MIDDLE: 0, b"s": 0}]


async def test_a_recorded_screen_is_asked_for_whole_less_often_than_a_camera(hall: ScreenHall) -> None:
    office = hall.office("desa")
    member = next(one for one in hall.forwarder.routing.members() if one.peer is office)
    camera, screen = member.publications[1], member.publications[-1]
    asked = {camera: 0, screen: 0}
    for source, ssrc in ((camera, 5001), (screen, SCREEN_SSRC)):
        source.ssrc, source.taps = ssrc, [object()]  # type: ignore[list-item]
        source.ask.came(hall.now)
    for _ in range(round(RECORDED_SCREEN_S / RECORDED_KEYFRAME_S)):
        hall.now += RECORDED_KEYFRAME_S
        hall.forwarder.refresh_recordings(hall.now)
        wanted = hall.watched(office)
        for source in asked:
            if source.ssrc in wanted:
                asked[source] += 1
                source.ask.came(hall.now)
    assert asked == {camera: 6, screen: 1}
