"""Sound is forwarded as it comes; pictures wait for their slice of the loop, bounded, and obey the stage."""

import struct
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from rooms.media.embedded import forwarder, pacer, rtcp
from rooms.media.embedded.egress import Sent
from rooms.media.embedded.members import Publication
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.slots import SourcePacket
from rooms.media.plane import Kind, Slot
from tests.support.forwarder_hall import DELTA, OPUS, ROOM, VP8, Ear, Hall, packet


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


@pytest.mark.parametrize("egress_mbit", [0.0, 1e6])
async def test_a_slice_ends_and_the_rest_waits_for_the_next(
    media_settings: MediaSettings, turns: Turns, monkeypatch: pytest.MonkeyPatch, egress_mbit: float
) -> None:
    monkeypatch.setattr(pacer, "VIDEO_SLICE_S", 0.0)
    hall = Hall(replace(media_settings, egress_mbit=egress_mbit), turns)
    a, viewer = hall.enter("a"), hall.enter("viewer", seat=False)
    hall.stage(speaker="a")
    for number in range(5):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number), 1.0)
    for sent in range(1, 6):
        turns.come_round()
        assert len(payload_types(viewer)) == sent
    while turns.waiting:
        turns.come_round()
    assert len(viewer.rtp) == 5


async def test_sound_has_a_turn_between_two_parts_of_a_picture(
    hall: Hall, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyframe goes to some receivers after the others; what comes meanwhile does not wait for the last."""
    monkeypatch.setattr(pacer, "VIDEO_SLICE_S", 0.0)
    a = hall.enter("a")
    viewers = [hall.enter(f"v{number}", seat=False) for number in range(3)]
    hall.stage(speaker="a")

    def in_parts(
        source: Publication, packets: Sequence[SourcePacket], now: float, most: int
    ) -> Iterator[Sent]:
        for viewer in source.routes:
            for one in packets:
                viewer.peer.send_rtp(one.body)
            yield Sent(len(packets))

    monkeypatch.setattr(hall.forwarder.egress, "in_parts", in_parts)
    for number in range(2):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, number), 1.0)
    turns.come_round()
    assert [len(viewer.rtp) for viewer in viewers] == [2, 0, 0]
    hall.forwarder.on_rtp(a, packet(a, Kind.AUDIO, 1), 1.0)
    assert [len(viewer.rtp) for viewer in viewers] == [3, 1, 1]
    # It is in nobody's way, and waits for its turn.
    hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 2), 1.0)
    turns.come_round()
    assert [len(viewer.rtp) for viewer in viewers] == [3, 3, 1]
    while turns.waiting:
        turns.come_round()
    assert [len(viewer.rtp) for viewer in viewers] == [4, 4, 4]


async def test_many_who_get_their_first_packets_are_told_of_time_in_slices_and_once(
    hall: Hall, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder, "REPORTS_TOGETHER", 2)
    a = hall.enter("a")
    viewers = [hall.enter(f"v{number}", seat=False) for number in range(3)]
    hall.stage(speaker="a")
    hall.forwarder.on_rtcp(a, rtcp.sender_report(a.terms.sending[0].ssrcs[0], 77 << 32, 5, 1, 1), 1.0)
    for kind in (Kind.VIDEO, Kind.AUDIO):
        hall.forwarder.on_rtp(a, packet(a, kind, 1), 1.0)
    assert [len(viewer.rtp) for viewer in viewers] == [1, 1, 1]
    told: list[list[int]] = [[] for _ in viewers]
    while turns.waiting:
        turns.come_round()
        for number, viewer in enumerate(viewers):
            told[number].append(sum(isinstance(item, rtcp.SenderReport) for item in viewer.feedback()))
    assert [sum(one) for one in told] == [2, 2, 2], "of sound and of picture"
    assert max(sum(column) for column in zip(*told, strict=True)) == 2 * forwarder.REPORTS_TOGETHER


async def test_pictures_of_two_that_come_mixed_go_together_and_in_their_order(
    hall: Hall, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = hall.enter("a"), hall.enter("b")
    viewer = hall.enter("viewer", seat=False, slots=(Slot.SPEAKER, Slot.AULA))
    hall.stage(speaker="a", aula="b")
    runs: list[list[int]] = []
    in_parts = hall.forwarder.egress.in_parts

    def noted(source: Publication, packets: Sequence[SourcePacket], now: float, most: int) -> Iterator[Sent]:
        runs.append([packet.index & 0xFFFF for packet in packets])
        return in_parts(source, packets, now, most)

    monkeypatch.setattr(hall.forwarder.egress, "in_parts", noted)
    for number in range(3):
        hall.forwarder.on_rtp(a, packet(a, Kind.VIDEO, 1 + number), 1.0)
        hall.forwarder.on_rtp(b, packet(b, Kind.VIDEO, 11 + number), 1.0)
    while turns.waiting:
        turns.come_round()
    assert runs == [[1, 2, 3], [11, 12, 13]]
    assert len(viewer.rtp) == 6


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
    "left": lambda hall, a: hall.forwarder.routing.remove(a),
    "closed": lambda hall, a: hall.forwarder.routing.close_room(ROOM),
    "muted": lambda hall, a: hall.forwarder.routing.mute(),
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
