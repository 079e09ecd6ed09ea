"""A broadcast in the media process: it gets what is recorded, and nothing of what is off the record."""

from dataclasses import replace

from rooms.ids import SeatId
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Kind, Slot, Stage
from tests.support.forwarder_hall import ROOM, Hall, packet


def test_what_is_off_the_record_is_not_broadcast(media_settings: MediaSettings) -> None:
    hall = Hall(media_settings)
    office, viewer, broadcast = hall.enter("a"), hall.enter("v", seat=False), hall.enter("b", seat=False)
    broadcast.spec = replace(broadcast.spec, recorded_only=True)
    for seq, recorded in enumerate((True, False, True), 1):
        feeds = {Slot.SPEAKER: Feed(SeatId("a"), None, recorded)}
        hall.forwarder.routing.set_stage(ROOM, (1, seq), Stage(feeds), 0)
        for kind in Kind:
            hall.forwarder.on_rtp(office, packet(office, kind, seq), 1.0)
    assert (len(viewer.rtp), len(broadcast.rtp)) == (6, 4), (
        "sound and picture of the second stage are missing"
    )
