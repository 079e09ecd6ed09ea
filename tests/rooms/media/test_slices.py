"""Sound is forwarded as it comes; pictures wait for their slice of the loop, bounded, and obey the stage."""

import struct
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import pytest

from rooms.media.embedded import forwarder, pacer, rtcp
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Kind
from tests.rooms.media.test_forwarder import DELTA, OPUS, ROOM, VP8, Ear, Hall, packet


class Turns:
    """A loop that comes round when the test says so."""

    def __init__(self) -> None:
        self.waiting: deque[Callable[[], None]] = deque()

    def __call__(self, delay_s: float, work: Callable[[], None]) -> None:
        self.waiting.append(work)

    def come_round(self) -> None:
        for _ in range(len(self.waiting)):
            self.waiting.popleft()()


def payload_types(ear: Ear) -> list[int]:
    return [rtcp.parse_rtp(sent).payload_type for sent in ear.rtp]


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def hall(media_settings: MediaSettings, turns: Turns) -> Hall:
    return Hall(media_settings, turns)


async def test_sound_overtakes_the_pictures_that_wait(hall: Hall, turns: Turns) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in range(3):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number), 1.0)
    hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, 1), 1.0)
    assert payload_types(viewer) == [OPUS]
    while turns.waiting:
        turns.come_round()
    assert payload_types(viewer) == [OPUS, VP8, VP8, VP8]
    numbers = [int.from_bytes(sent[2:4], "big") for sent in viewer.rtp[1:]]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


@pytest.mark.parametrize(
    ("egress_mbit", "slices"), [(0.0, (2, 4, 5)), (1e6, (1, 2, 3, 4, 5))], ids=["no budget", "budget"]
)
async def test_a_slice_ends_and_the_rest_waits_for_the_next(
    media_settings: MediaSettings,
    turns: Turns,
    monkeypatch: pytest.MonkeyPatch,
    egress_mbit: float,
    slices: tuple[int, ...],
) -> None:
    """Some packets go together, but not on a line that has to keep room for sound between them."""
    monkeypatch.setattr(pacer, "VIDEO_SLICE_S", 0.0)
    monkeypatch.setattr(forwarder, "SLICE_PACKETS", 2)
    hall = Hall(replace(media_settings, egress_mbit=egress_mbit), turns)
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in range(5):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number), 1.0)
    assert len(turns.waiting) == 1
    for sent in slices:
        turns.come_round()
        assert len(viewer.rtp) == sent
    assert not turns.waiting


async def test_what_was_revoked_while_it_waited_is_not_sent(hall: Hall, turns: Turns) -> None:
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 1), 1.0)
    hall.stage()
    hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 2, DELTA), 1.0)
    turns.come_round()
    assert viewer.rtp == []
    assert not turns.waiting


Ending = Callable[[Hall, Ear], object]
ENDINGS: dict[str, Ending] = {
    "left": lambda hall, a: hall.forwarder.remove(a),
    "closed": lambda hall, a: hall.forwarder.close_room(ROOM),
    "muted": lambda hall, a: hall.forwarder.mute(),
    "new ssrc": lambda hall, a: hall.forwarder.on_rtp(a, renamed(a), 1.0),
}


def renamed(of: Ear) -> bytes:
    """A packet of the camera under another SSRC, named by its mid."""
    extension = struct.pack("!HH", 0xBEDE, 1) + b"\x40c\0\0"
    return struct.pack("!BBHII", 0x90, VP8, 40000, 9, 31337) + extension + DELTA


@pytest.mark.parametrize("name", ENDINGS)
async def test_nothing_waits_beyond_the_end_of_its_line(hall: Hall, turns: Turns, name: str) -> None:
    """It would go out under the numbers of whoever feeds the lane now."""
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 1), 1.0)
    ENDINGS[name](hall, a)
    while turns.waiting:
        turns.come_round()
    assert viewer.rtp == []


async def test_reports_come_round_to_everyone(hall: Hall) -> None:
    a = hall.enter("a")
    viewers = [hall.enter(f"v{number}", seat=False) for number in range(7)]
    hall.stage(speaker="a")
    hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, 1), 1.0)
    for viewer in viewers:
        viewer.feedback()
    for turn in range(20, 23):
        hall.forwarder.report(2.0, turn, 3)
    assert [len(viewer.feedback()) for viewer in viewers] == [1] * 7
