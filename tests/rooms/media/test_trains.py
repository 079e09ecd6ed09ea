"""Trains of padding: what is asked for goes out evenly beside everything else, a few at once and no more."""

from dataclasses import replace

import pytest

from rooms.ids import PeerId
from rooms.media.embedded import rtcp
from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.trains import MOST_AT_ONCE, MOST_PACKETS, PADDING
from rooms.media.plane import TRAIN_PACKET_BYTES, Kind, Train
from tests.rooms.media.test_pacer import Loop
from tests.support.forwarder_hall import ROOM, RTX, Ear, Hall, packet

TRAIN = Train(100, 2.0)


class Station(Hall):
    def __init__(self, settings: MediaSettings) -> None:
        self.loop = Loop()
        super().__init__(settings, self.loop.defer, self.loop.clock)

    def starts(self, ear: Ear, train: Train = TRAIN) -> bool:
        member = self.forwarder.routing.find(ROOM, PeerId(ear.spec.peer_id))
        assert member is not None
        return self.forwarder.trains.start(member, train, self.loop.now)

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * 20)):
            self.loop.advance(0.05)
            self.forwarder.tick(self.loop.now)


@pytest.fixture
def station(media_settings: MediaSettings) -> Station:
    return Station(media_settings)


def padding(ear: Ear) -> list[rtcp.RtpHead]:
    heads = [rtcp.parse_rtp(one) for one in ear.rtp]
    return [head for head in heads if head.payload_type == RTX]


async def test_a_train_goes_out_evenly_to_its_last_packet_and_is_not_begun_twice(station: Station) -> None:
    ear, other = (station.enter(name, seat=False, rtx=True) for name in ("a", "b"))
    assert station.starts(ear)
    assert not station.starts(ear)
    for seconds in range(1, 3):
        station.run(1.0)
        assert abs(len(padding(ear)) - 50 * seconds) <= 3
    station.run(1.0)
    heads = padding(ear)
    assert len(heads) == TRAIN.packets
    numbers = [head.sequence_number for head in heads]
    assert numbers == [(numbers[0] + at) % 65536 for at in range(TRAIN.packets)]
    assert all(one.endswith(PADDING) for one in ear.rtp)
    # IP, UDP and the authentication tag of AES-GCM come on top.
    assert {len(one) + 20 + 8 + 16 for one in ear.rtp} == {TRAIN_PACKET_BYTES}
    assert other.rtp == []
    assert station.starts(ear), "the next one"


async def test_few_run_at_once_and_one_that_leaves_or_fails_makes_room(station: Station) -> None:
    ears = [station.enter(f"v{number}", seat=False, rtx=True) for number in range(MOST_AT_ONCE + 3)]
    assert [station.starts(ear) for ear in ears] == [True] * MOST_AT_ONCE + [False] * 3
    station.run(0.1)
    ears[0].connected = False
    ears[1].broken = True
    station.run(0.1)
    assert [station.starts(ear) for ear in ears[-2:]] == [True, False]
    before = len(ears[0].rtp)
    station.run(3.0)
    assert len(ears[0].rtp) == before
    assert station.forwarder.dropped["send_error"] > 0
    assert len(padding(ears[2])) == TRAIN.packets
    assert all(station.starts(ear) for ear in ears[-2:])


async def test_who_takes_no_padding_or_wants_too_much_gets_none(station: Station) -> None:
    plain, ear = station.enter("plain", seat=False), station.enter("ear", seat=False, rtx=True)
    assert not station.starts(plain)
    assert not station.starts(ear, replace(TRAIN, packets=MOST_PACKETS + 1))
    ear.connected = False
    assert not station.starts(ear)


async def test_sound_goes_on_beside_trains_on_a_line_that_they_fill(media_settings: MediaSettings) -> None:
    """The server's own line counts them, so that pictures make room."""
    station = Station(replace(media_settings, egress_mbit=2.0))
    office = station.enter("a")
    ears = [station.enter(f"v{number}", seat=False, rtx=True) for number in range(2)]
    station.stage(speaker="a")
    for ear in ears:
        assert station.starts(ear, Train(600, 1.0))
    for number in range(50):
        station.loop.advance(0.02)
        station.forwarder.on_rtp(office, packet(office, Kind.AUDIO, number, b"opus"), station.loop.now)
        station.forwarder.on_rtp(office, packet(office, Kind.VIDEO, number), station.loop.now)
        station.forwarder.tick(station.loop.now)
    for ear in ears:
        assert sum(one.endswith(b"opus") for one in ear.rtp) == 50
        assert sum(one.endswith(b"key") for one in ear.rtp) < 50
