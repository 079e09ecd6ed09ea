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
    async with asyncio.timeout(20):
        await asyncio.gather(*(peer.join() for peer in joined.values()))
    yield joined
    await asyncio.gather(*(peer.leave() for peer in joined.values()))


async def test_a_peer_that_leaves_or_falls_silent_is_lost(media_settings: MediaSettings) -> None:
    plane = EmbeddedPlane(replace(media_settings, silence_s=2))
    await plane.start()
    events = plane.events()
    async with asyncio.timeout(40):
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
    async with asyncio.timeout(30):
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
