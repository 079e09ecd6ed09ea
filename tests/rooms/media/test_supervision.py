"""The media process outlives its server, is adopted, replaced or ended; never an orphan on the port."""

import asyncio
import os
import signal
import sys
from dataclasses import replace

import pytest

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import client, supervision
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings, of_worker
from rooms.media.embedded.supervision import WorkerFailed, lock_is_free
from rooms.media.plane import (
    Feed,
    MediaEvent,
    PeerConnected,
    PlaneLost,
    PlaneRestarted,
    Slot,
    Stage,
    StageApplied,
)
from tests.support.media_peer import MediaPeer
from tests.support.media_server import kill, start_server

ROOM = RoomId("hall")
RED = (200, 40, 40)


def speaking(seat: str) -> Stage:
    return Stage({Slot.SPEAKER: Feed(SeatId(seat), None, False)})


async def take(plane: EmbeddedPlane, count: int) -> list[MediaEvent]:
    events = plane.events()
    return [await anext(events) for _ in range(count)]


async def until_free(settings: MediaSettings) -> None:
    while True:
        if lock_is_free(settings):
            return
        await asyncio.sleep(0.05)


async def test_a_restarted_server_adopts_the_worker(media_settings: MediaSettings) -> None:
    async with asyncio.timeout(120):
        server, epoch, pid = await start_server(media_settings)
        await kill(server)
        plane = EmbeddedPlane(media_settings)
        await plane.start()
        assert (plane.worker_epoch(ROOM), plane.worker_pid) == (epoch, pid)
        await plane.close()
        await until_free(media_settings)


async def test_picture_goes_on_while_another_server_takes_over(media_settings: MediaSettings) -> None:
    async with asyncio.timeout(120):
        server, _, _ = await start_server(media_settings)
        await kill(server)
        first = EmbeddedPlane(media_settings)
        await first.start()
        office = MediaPeer(first, ROOM, "desa", colour=RED)
        viewer = MediaPeer(first, ROOM, "viewer", seat=False)
        await asyncio.gather(office.join(), viewer.join())
        await first.set_stage(ROOM, 1, 5, speaking("desa"))
        await viewer.until_shows(Slot.SPEAKER, RED)

        await first.abandon()
        second = EmbeddedPlane(media_settings)
        await second.start()
        assert second.worker_epoch(ROOM) == first.worker_epoch(ROOM)
        connected = await take(second, 2)
        assert set(connected) == {PeerConnected(ROOM, PeerId("desa")), PeerConnected(ROOM, PeerId("viewer"))}
        await second.set_stage(ROOM, 1, 4, Stage({}))
        await second.set_stage(ROOM, 1, 5, speaking("desa"))
        assert await take(second, 1) == [StageApplied(ROOM, 1, 5)]
        await viewer.until_frames(Slot.SPEAKER, 10)
        await asyncio.gather(office.leave(), viewer.leave())
        await second.close()


async def test_without_a_server_the_worker_ends_and_frees_the_port(media_settings: MediaSettings) -> None:
    settings = replace(media_settings, orphan_grace_s=1)
    async with asyncio.timeout(120):
        server, _, _ = await start_server(settings)
        await kill(server)
        await until_free(settings)
        assert not settings.control_socket.exists()


async def test_a_killed_worker_is_replaced_and_told_the_stage(
    plane: EmbeddedPlane, media_settings: MediaSettings
) -> None:
    async with asyncio.timeout(120):
        await plane.set_stage(ROOM, 1, 5, speaking("desa"))
        assert await take(plane, 1) == [StageApplied(ROOM, 1, 5)]
        before = plane.worker_epoch(ROOM)
        os.kill(plane.worker_pid, signal.SIGKILL)
        restarted, applied = await take(plane, 2)
        assert restarted == PlaneRestarted(plane.worker_epoch(ROOM), frozenset({ROOM}))
        assert plane.worker_epoch(ROOM) != before
        assert applied == StageApplied(ROOM, 1, 5)
        office = MediaPeer(plane, ROOM, "desa", colour=RED)
        viewer = MediaPeer(plane, ROOM, "viewer", seat=False)
        await asyncio.gather(office.join(), viewer.join())
        await viewer.until_shows(Slot.SPEAKER, RED)
        await asyncio.gather(office.leave(), viewer.leave())


async def test_ending_something_needs_no_living_worker(plane: EmbeddedPlane) -> None:
    async with asyncio.timeout(120):
        pid = plane.worker_pid
        os.kill(pid, signal.SIGKILL)
        await plane.disconnect(ROOM, PeerId("desa"))
        await plane.close_room(ROOM)
        assert await take(plane, 1) == [PlaneRestarted(plane.worker_epoch(ROOM), frozenset())]
        assert await plane.health(ROOM) == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits less for a worker that is stopped and will not answer anyhow.

    One that is merely slow is then adopted again, and nothing restarts.
    """
    monkeypatch.setattr(client, "WATCH_S", 0.5)
    monkeypatch.setattr(client, "ANSWER_TIMEOUT_S", 1.0)
    monkeypatch.setattr(supervision, "_HELLO_TIMEOUT_S", 1.0)
    monkeypatch.setattr(supervision, "_ADOPTION_TIMEOUT_S", 1.0)
    monkeypatch.setattr(supervision, "_KILL_TIMEOUT_S", 1.0)


@pytest.mark.usefixtures("impatient")
async def test_a_frozen_worker_is_ended_and_replaced(media_settings: MediaSettings) -> None:
    async with asyncio.timeout(180):
        server, epoch, pid = await start_server(media_settings)
        await kill(server)
        os.kill(pid, signal.SIGSTOP)
        plane = EmbeddedPlane(media_settings)
        await plane.start()
        assert plane.worker_epoch(ROOM) != epoch
        assert plane.worker_pid != pid
        await plane.close()


@pytest.mark.usefixtures("impatient")
async def test_a_worker_that_hangs_is_noticed_and_replaced(plane: EmbeddedPlane) -> None:
    await plane.set_stage(ROOM, 1, 5, speaking("desa"))
    assert await take(plane, 1) == [StageApplied(ROOM, 1, 5)]
    os.kill(plane.worker_pid, signal.SIGSTOP)
    async with asyncio.timeout(180):
        events = await take(plane, 1)
        while not isinstance(events[-1], PlaneRestarted):
            events += await take(plane, 1)
    assert events[-1] == PlaneRestarted(plane.worker_epoch(ROOM), frozenset({ROOM}))


async def test_other_settings_need_another_worker(media_settings: MediaSettings) -> None:
    async with asyncio.timeout(120):
        server, epoch, _ = await start_server(media_settings)
        await kill(server)
        plane = EmbeddedPlane(replace(media_settings, video_bits_per_s=400_000))
        await plane.start()
        assert plane.worker_epoch(ROOM) != epoch
        await plane.close()


async def test_a_taken_port_and_a_foreign_lock_are_said_plainly(
    plane: EmbeddedPlane, media_settings: MediaSettings
) -> None:
    other = media_settings.data_dir / "b"
    two = replace(media_settings, data_dir=other, udp_port=plane.udp_port - 1, workers=2)
    taken = EmbeddedPlane(two)
    with pytest.raises(WorkerFailed, match="cannot be bound"):
        await taken.start()
    assert all(lock_is_free(of_worker(two, number)) for number in range(2)), "when one fails none stays"
    with pytest.raises(PlaneLost):
        await taken.health(ROOM)
    too_long = EmbeddedPlane(replace(media_settings, data_dir=media_settings.data_dir / ("x" * 100)))
    with pytest.raises(WorkerFailed, match="too long"):
        await too_long.start()


NICEST = """
import contextlib, os
with contextlib.suppress(OSError):
    os.setpriority(os.PRIO_PROCESS, 0, -10)
print(os.getpriority(os.PRIO_PROCESS, 0))
"""


async def test_the_media_process_comes_before_all_others_where_it_may(plane: EmbeddedPlane) -> None:
    asked = await asyncio.create_subprocess_exec(sys.executable, "-c", NICEST, stdout=asyncio.subprocess.PIPE)
    allowed = int((await asked.communicate())[0])
    assert os.getpriority(os.PRIO_PROCESS, plane.worker_pid) == allowed
    assert os.getpriority(os.PRIO_PROCESS, 0) >= allowed, "whoever started it stays as it was"
