"""The fake's own levers, on which other tests lean; its contract is tested with the other planes."""

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.plane import (
    Feed,
    MediaEvent,
    MediaPlane,
    Offer,
    PeerConnected,
    PeerLost,
    PeerSpec,
    PlaneRestarted,
    Slot,
    Stage,
    StageApplied,
)
from tests.support.fake_plane import FakePlane

ROOM = RoomId("room")
OFFER = Offer("v=0\r\n", ())
DESA = SeatId("desa")


async def take(plane: MediaPlane, count: int) -> list[MediaEvent]:
    events: list[MediaEvent] = []
    async for event in plane.events():
        events.append(event)
        if len(events) == count:
            break
    return events


async def test_a_held_stage_is_reported_when_released() -> None:
    plane = FakePlane()
    await plane.start()
    plane.hold_stages = True
    stage = Stage({Slot.SPEAKER: Feed(DESA, None, False)})
    await plane.set_stage(ROOM, 1, 4, stage)
    await plane.connect(ROOM, PeerSpec(PeerId("p"), DESA, False), OFFER)
    plane.release_stages()
    assert await take(plane, 2) == [PeerConnected(ROOM, PeerId("p")), StageApplied(ROOM, 1, 4)]
    assert plane.feed(ROOM, Slot.SPEAKER) == Feed(DESA, None, False)


async def test_a_restart_forgets_peers_and_applies_stages_again() -> None:
    plane = FakePlane()
    await plane.start()
    await plane.connect(ROOM, PeerSpec(PeerId("p"), DESA, False), OFFER)
    await plane.set_stage(ROOM, 1, 4, Stage({}))
    before = plane.worker_epoch(ROOM)
    plane.restart()
    assert plane.worker_epoch(ROOM) != before
    assert await take(plane, 4) == [
        PeerConnected(ROOM, PeerId("p")),
        StageApplied(ROOM, 1, 4),
        PlaneRestarted(plane.worker_epoch(ROOM), frozenset({ROOM})),
        StageApplied(ROOM, 1, 4),
    ]
    assert plane.seats(ROOM) == set()


async def test_a_lost_peer_is_reported_once() -> None:
    plane = FakePlane()
    await plane.start()
    await plane.connect(ROOM, PeerSpec(PeerId("p"), DESA, False), OFFER)
    plane.lose_peer(ROOM, PeerId("p"))
    plane.lose_peer(ROOM, PeerId("p"))
    await plane.connect(ROOM, PeerSpec(PeerId("q"), DESA, False), OFFER)
    assert await take(plane, 3) == [
        PeerConnected(ROOM, PeerId("p")),
        PeerLost(ROOM, PeerId("p")),
        PeerConnected(ROOM, PeerId("q")),
    ]
