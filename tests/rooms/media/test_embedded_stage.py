"""The stage on the embedded plane, seen and heard by real peers through a real media process."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, PeerConnected, PeerLost, Slot, Stage
from tests.support.media_peer import MediaPeer

ROOM = RoomId("hall")
RED, GREEN, BLUE = (200, 40, 40), (40, 200, 40), (40, 40, 200)


def stage(**feeds: str) -> Stage:
    return Stage({Slot(slot): Feed(SeatId(seat), None, False) for slot, seat in feeds.items()})


@pytest.fixture
async def peers(plane: EmbeddedPlane) -> AsyncIterator[dict[str, MediaPeer]]:
    joined = {
        "aula": MediaPeer(plane, ROOM, "aula", colour=RED, hz=400),
        "desa_a": MediaPeer(plane, ROOM, "desa_a", colour=GREEN, hz=700),
        "desa_b": MediaPeer(plane, ROOM, "desa_b", colour=BLUE, hz=1000),
        "viewer": MediaPeer(plane, ROOM, "viewer", seat=False),
    }
    async with asyncio.timeout(240):
        await asyncio.gather(*(peer.join() for peer in joined.values()))
    yield joined
    await asyncio.gather(*(peer.leave() for peer in joined.values()))


async def test_a_peer_that_leaves_or_falls_silent_is_lost(media_settings: MediaSettings) -> None:
    plane = EmbeddedPlane(replace(media_settings, silence_s=2))
    await plane.start()
    events = plane.events()
    async with asyncio.timeout(240):
        leaving = MediaPeer(plane, ROOM, "leaving")
        await leaving.join()
        assert await anext(events) == PeerConnected(ROOM, PeerId("leaving"))
        await leaving.leave()
        assert await anext(events) == PeerLost(ROOM, PeerId("leaving"))
        silent = MediaPeer(plane, ROOM, "silent")
        await plane.connect(ROOM, silent.spec, await silent.offer())
        assert await anext(events) == PeerLost(ROOM, PeerId("silent"))
        await silent.leave()
        assert await plane.health(ROOM) == []
    await plane.close()


async def test_the_stage_decides_who_is_seen_and_heard(
    plane: EmbeddedPlane, peers: dict[str, MediaPeer]
) -> None:
    viewer = peers["viewer"]
    async with asyncio.timeout(240):
        await plane.set_stage(ROOM, 1, 1, stage(aula="aula", speaker="desa_a"))
        await viewer.until_shows(Slot.AULA, RED)
        await viewer.until_sounds(Slot.AULA, 400)
        await viewer.until_shows(Slot.SPEAKER, GREEN)
        await viewer.until_sounds(Slot.SPEAKER, 700)

        await plane.set_stage(ROOM, 1, 2, stage(aula="aula", speaker="desa_b"))
        await viewer.until_shows(Slot.SPEAKER, BLUE)
        await viewer.until_sounds(Slot.SPEAKER, 1000)

        await plane.set_stage(ROOM, 1, 3, stage(aula="desa_a"))
        await viewer.until_shows(Slot.AULA, GREEN)
        await viewer.until_sounds(Slot.AULA, 700)


async def test_R89_devices_of_one_hall_see_and_do_not_hear_each_other(
    plane: EmbeddedPlane, peers: dict[str, MediaPeer]
) -> None:
    """The control is the same stage without the group: then the hall hears what it said."""
    desk = MediaPeer(plane, ROOM, "desk", seat=False)
    desk.spec = replace(desk.spec, beside=SeatId("aula"))
    hall, office, viewer = peers["aula"], peers["desa_a"], peers["viewer"]
    apart = stage(aula="aula", speaker="desa_a")
    together = replace(apart, echo_groups=(frozenset({SeatId("aula"), SeatId("desa_a")}),))

    def heard() -> list[int]:
        slots = ((hall, Slot.SPEAKER), (office, Slot.AULA), (desk, Slot.SPEAKER), (desk, Slot.AULA))
        return [peer.audio[slot].frames for peer, slot in slots]

    async with asyncio.timeout(240):
        await desk.join()
        await plane.set_stage(ROOM, 1, 1, together)
        await asyncio.gather(
            viewer.until_sounds(Slot.AULA, 400),
            viewer.until_sounds(Slot.SPEAKER, 700),
            peers["desa_b"].until_sounds(Slot.SPEAKER, 700),
            hall.until_shows(Slot.SPEAKER, GREEN),
            office.until_shows(Slot.AULA, RED),
            desk.until_shows(Slot.AULA, RED),
        )
        assert heard() == [0, 0, 0, 0]
        await plane.set_stage(ROOM, 1, 2, apart)
        await asyncio.gather(
            hall.until_sounds(Slot.SPEAKER, 700),
            office.until_sounds(Slot.AULA, 400),
            desk.until_sounds(Slot.SPEAKER, 700),
        )
        assert desk.audio[Slot.AULA].frames == 0, "it stands beside the hall's own microphone"
        await plane.set_stage(ROOM, 1, 3, together)
        await hall.until_frames(Slot.SPEAKER, 15)  # what was on its way is played out
        before = heard()
        await asyncio.gather(hall.until_frames(Slot.SPEAKER, 15), desk.until_frames(Slot.AULA, 15))
        assert heard() == before
    await desk.leave()
