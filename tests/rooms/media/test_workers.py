"""Several media processes: every room is in one of them, and the end of one is no trouble of the others."""

import asyncio
import os
import signal
from dataclasses import replace

from rooms.ids import RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings, of_worker
from rooms.media.embedded.supervision import lock_is_free
from rooms.media.plane import Feed, MediaEvent, PeerConnected, PlaneRestarted, Slot, Stage, StageApplied
from tests.support.media_peer import MediaPeer
from tests.support.media_server import kill, start_server

HURT, SPARED = RoomId("hurt"), RoomId("spared")
RED = (200, 40, 40)
SPEAKING = Stage({Slot.SPEAKER: Feed(SeatId("desa"), None, False)})


async def next_of(plane: EmbeddedPlane, kind: type[MediaEvent]) -> tuple[MediaEvent, list[MediaEvent]]:
    """The next event of a kind, and those that came before it."""
    before: list[MediaEvent] = []
    async for event in plane.events():
        if isinstance(event, kind):
            return event, before
        before.append(event)
    raise AssertionError


async def test_one_worker_s_end_spares_the_rooms_of_the_others(media_settings: MediaSettings) -> None:
    settings = replace(media_settings, workers=2)
    async with asyncio.timeout(180):
        server, *_ = await start_server(settings)
        await kill(server)
        plane = EmbeddedPlane(settings)
        await plane.start()
        for room_id in (HURT, SPARED):
            await plane.set_stage(room_id, 1, 1, SPEAKING)
        hurt, spared = plane.worker_of(HURT), plane.worker_of(SPARED)
        assert hurt is not spared
        assert hurt.welcome.port != spared.welcome.port
        office = MediaPeer(plane, SPARED, "desa", colour=RED)
        viewer = MediaPeer(plane, SPARED, "viewer", seat=False)
        await asyncio.gather(office.join(), viewer.join())
        await viewer.until_shows(Slot.SPEAKER, RED)
        assert plane.worker_of(RoomId("third")) is hurt, "where nobody is"

        # Another server takes over, with every room where it was.
        await plane.abandon()
        heir = EmbeddedPlane(settings)
        await heir.start()
        assert (heir.worker_epoch(HURT), heir.worker_epoch(SPARED)) == (hurt.epoch, spared.epoch)
        await heir.set_stage(HURT, 1, 1, SPEAKING)
        await viewer.until_frames(Slot.SPEAKER, 10)

        hurt, spared = heir.worker_of(HURT), heir.worker_of(SPARED)
        os.kill(hurt.welcome.pid, signal.SIGKILL)
        restarted, before = await next_of(heir, PlaneRestarted)
        assert restarted == PlaneRestarted(hurt.epoch, frozenset({HURT}))
        assert {type(event) for event in before} <= {StageApplied, PeerConnected}, "nobody was lost"
        assert await next_of(heir, StageApplied) == (StageApplied(HURT, 1, 1), [])
        await viewer.until_frames(Slot.SPEAKER, 10)
        assert (hurt.restarts, spared.restarts) == (1, 0)
        await asyncio.gather(office.leave(), viewer.leave())
        await heir.close()
    assert all(lock_is_free(of_worker(settings, number)) for number in range(2))


def test_each_worker_has_a_port_and_its_share_of_the_line(media_settings: MediaSettings) -> None:
    settings = replace(media_settings, workers=4, udp_port=7000, egress_mbit=100.0)
    told = [of_worker(settings, number) for number in range(4)]
    assert [one.udp_port for one in told] == [7000, 7001, 7002, 7003]
    assert [one.egress_mbit for one in told] == [25.0] * 4
    assert len({(one.control_socket, one.lock_file) for one in told}) == 4
    assert len({one.recordings for one in told}) == 1
    assert (told[0].control_socket.name, told[0].lock_file.name) == ("media.sock", "media.lock")
