"""Synthetic seats on the real media plane: forwarded to a peer that decodes, and recorded by the recorder."""

import asyncio
import colorsys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from rooms.gladi.call import Call
from rooms.gladi.loops import Loop, load_loop, make_loop
from rooms.ids import PeerId, RoomId, SeatId, TurnId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Offer, PeerSpec, Slot, Stage
from rooms.recording.manifest import Clip, clips, locate
from tests.rooms.gladi.conftest import HUE
from tests.rooms.recording.films import watch
from tests.support.loops import hue_apart
from tests.support.media_peer import MediaPeer, Received

ROOM = RoomId("r1")
HALL_HUE = 300.0


@pytest.fixture(scope="module")
def hall_loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    path = tmp_path_factory.mktemp("loops") / "aula.webm"
    make_loop(path, name="Aula", hue=HALL_HUE, voice_text="Selamat pagi", seconds=4.0)
    return load_loop(path)


@pytest.fixture
def settings() -> Iterator[MediaSettings]:
    # Not tmp_path: the path of a Unix socket is short.
    with tempfile.TemporaryDirectory(prefix="gladi") as data_dir:
        yield MediaSettings(Path(data_dir), udp_port=0, bind_address="127.0.0.1", orphan_grace_s=5)


@pytest.fixture
async def plane(settings: MediaSettings) -> AsyncIterator[EmbeddedPlane]:
    embedded = EmbeddedPlane(settings)
    await embedded.start()
    yield embedded
    await embedded.close()


async def joined(plane: EmbeddedPlane, seat: str, loop: Loop) -> Call:
    call = Call(loop, on_lost=lambda: None)

    async def exchange(offer: Offer) -> str:
        return await plane.connect(ROOM, PeerSpec(PeerId(seat), SeatId(seat), False), offer)

    await call.connect(exchange)
    call.switch(True)
    return call


async def until(received: Received, hue: float) -> None:
    """Until a slot shows a hue."""
    async with received.changed:
        await received.changed.wait_for(lambda: received.frames > 0 and hue_apart(_hue(received), hue) < 15)


def _hue(received: Received) -> float:
    red, green, blue = (channel / 255 for channel in received.colour)
    return colorsys.rgb_to_hsv(red, green, blue)[0] * 360


def stage(speaker: str | None) -> Stage:
    feeds = {Slot.AULA: Feed(SeatId("aula"), None, record=True)}
    if speaker is not None:
        feeds[Slot.SPEAKER] = Feed(SeatId(speaker), TurnId(f"turn-{speaker}"), record=True)
    return Stage(feeds)


async def recorded(directory: Path, so_far: Callable[[Clip], bool]) -> list[Clip]:
    """Both clips, once they have come so far."""
    while True:
        found = clips(directory, ROOM)
        if len(found) == 2 and all(map(so_far, found)):
            return found
        await asyncio.sleep(0.05)


async def test_seats_are_seen_heard_and_recorded(
    plane: EmbeddedPlane, settings: MediaSettings, loop: Loop, hall_loop: Loop
) -> None:
    viewer = MediaPeer(plane, ROOM, "viewer", seat=False)
    sound = viewer.audio[Slot.SPEAKER]
    async with asyncio.timeout(120):
        await viewer.join()
        seats = [await joined(plane, "aula", hall_loop), await joined(plane, "desa", loop)]
        await plane.set_stage(ROOM, 1, 1, stage(None))
        await until(viewer.video[Slot.AULA], HALL_HUE)
        called_at = time.time_ns() // 1_000_000
        await plane.set_stage(ROOM, 1, 2, stage("desa"))
        await until(viewer.video[Slot.SPEAKER], HUE)
        # The recorder starts with the plane, as a process of its own; it may come late to a first call.
        await recorded(settings.recordings, lambda clip: clip.started_at is not None)
        await viewer.until_frames(Slot.SPEAKER, 45)
        async with sound.changed:
            await sound.changed.wait_for(lambda: sound.loudness > 300)
        await plane.set_stage(ROOM, 1, 3, stage(None))
        await viewer.until_frames(Slot.AULA, 10)
        await plane.close_room(ROOM)
        found = await recorded(settings.recordings, lambda clip: clip.complete)
    for seat in seats:
        await seat.close()
    await viewer.leave()

    hall, speaker = sorted(found, key=lambda clip: clip.slot)
    assert (hall.seat_id, speaker.seat_id, speaker.turn_id) == ("aula", "desa", "turn-desa")
    for clip, hue in ((hall, HALL_HUE), (speaker, HUE)):
        assert (clip.interrupted, clip.lost_audio, clip.lost_video) == (False, 0, 0)
        film = watch(settings.recordings / clip.file)
        assert film.pictures[0][0] < 1.0, "a keyframe was asked for when the clip began"
        assert all(hue_apart(seen, hue) < 15 for _, seen in film.pictures)
    assert speaker.started_at is not None
    assert speaker.started_at >= called_at
    shown = locate(found, speaker.started_at + 1000, "desa", "turn-desa")
    assert shown == (speaker, 1.0)
    assert locate(found, speaker.started_at + 1500) == (
        hall,
        (speaker.started_at + 1500 - (hall.started_at or 0)) / 1000,
    )
