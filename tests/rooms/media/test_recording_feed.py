"""What the recorder is fed: clips as the stage grants them, with the publishers' packets."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from time import time

from rooms.ids import RoomId, SeatId, TurnId
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Slot, Stage
from rooms.recording.feed import (
    AUDIO,
    VIDEO,
    CloseClip,
    CloseRoom,
    FeedFrame,
    OpenClip,
    Rtp,
    SenderReport,
)
from tests.support.media_peer import MediaPeer
from tests.support.media_recorder import frames

ROOM = RoomId("hall")


def turn(seat: str, turn_id: str, *, record: bool = True) -> Stage:
    return Stage({Slot.SPEAKER: Feed(SeatId(seat), TurnId(turn_id), record)})


def captured(settings: MediaSettings) -> list[list[FeedFrame]]:
    """The frames of each connection, oldest recorder first."""
    files = sorted(settings.recordings.glob("*.feed"), key=lambda path: path.stat().st_ctime_ns)
    return [list(frames(path)) for path in files]


async def until(
    settings: MediaSettings, true: Callable[[list[FeedFrame]], bool], captures: int = 1
) -> list[FeedFrame]:
    """Wait until there are so many captures and the newest satisfies ``true``."""
    async with asyncio.timeout(240):
        while True:
            found = captured(settings)
            if len(found) >= captures and true(found[-1]):
                return found[-1]
            await asyncio.sleep(0.05)


def media_of(found: list[FeedFrame], clip: int, medium: int) -> list[Rtp]:
    return [
        frame for frame in found if isinstance(frame, Rtp) and (frame.clip, frame.medium) == (clip, medium)
    ]


def reported(found: list[FeedFrame]) -> bool:
    """Publishers tell the time of their packets about once a second."""
    return any(isinstance(frame, SenderReport) for frame in found)


def opened(found: list[FeedFrame]) -> list[OpenClip]:
    return [frame for frame in found if isinstance(frame, OpenClip)]


async def test_a_turn_is_one_clip_with_its_packets(
    plane: EmbeddedPlane, media_settings: MediaSettings
) -> None:
    a, b = MediaPeer(plane, ROOM, "desa_a"), MediaPeer(plane, ROOM, "desa_b")
    async with asyncio.timeout(240):
        await asyncio.gather(a.join(), b.join())
        before = int(time() * 1000)
        await plane.set_stage(ROOM, 1, 1, turn("desa_a", "t1"))
        await until(media_settings, lambda found: len(found) > 60 and reported(found))
        # The same feed in a newer stage is the same clip.
        await plane.set_stage(ROOM, 1, 2, turn("desa_a", "t1"))
        await plane.set_stage(ROOM, 1, 3, turn("desa_b", "t2"))
        await until(
            media_settings, lambda found: len(opened(found)) == 2 and len(media_of(found, 2, VIDEO)) > 5
        )
        await plane.set_stage(ROOM, 1, 4, turn("desa_b", "t2", record=False))
        await plane.close_room(ROOM)
    found = await until(media_settings, lambda found: CloseRoom(ROOM) in found)
    first, second = opened(found)
    assert (first.seat_id, first.turn_id, first.slot, first.room_id) == ("desa_a", "t1", "speaker", ROOM)
    assert (second.seat_id, second.turn_id) == ("desa_b", "t2")
    assert before <= first.opened_at <= second.opened_at
    assert first.clip_id != second.clip_id
    for clip in (first, second):
        (close,) = [frame for frame in found if isinstance(frame, CloseClip) and frame.clip == clip.clip]
        start, end = found.index(clip), found.index(close)
        inside = [at for at, frame in enumerate(found) if isinstance(frame, Rtp) and frame.clip == clip.clip]
        assert start < min(inside)
        assert max(inside) < end
        for medium in (AUDIO, VIDEO):
            packets = [frame.packet for frame in media_of(found, clip.clip, medium)]
            numbers = [int.from_bytes(packet[2:4], "big") for packet in packets]
            assert len(packets) > 5
            assert {(number - numbers[0]) % 65536 for number in numbers} == set(range(len(numbers)))
    assert reported(found)
    await asyncio.gather(a.leave(), b.leave())


async def test_a_killed_recorder_is_replaced_and_the_clip_begins_again(
    plane: EmbeddedPlane, media_settings: MediaSettings
) -> None:
    office = MediaPeer(plane, ROOM, "desa")
    async with asyncio.timeout(240):
        await office.join()
        await plane.set_stage(ROOM, 1, 1, turn("desa", "t1"))
        await until(media_settings, lambda found: len(found) > 20)
        os.kill(recorder_of(plane.worker_pid), signal.SIGKILL)
        found = await until(media_settings, lambda found: len(found) > 20, captures=2)
    ((first,), (again,)) = (opened(capture) for capture in captured(media_settings))
    assert (again.turn_id, again.seat_id) == (first.turn_id, first.seat_id)
    assert again.clip_id != first.clip_id
    assert again.opened_at > first.opened_at
    assert found[0] == again
    await office.leave()


def recorder_of(worker: int) -> int:
    """The process id of the worker's child."""
    children = Path(f"/proc/{worker}/task/{worker}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


class Sink:
    def __init__(self) -> None:
        self.frames: list[FeedFrame] = []
        self.there = True

    def take(self, frame: FeedFrame) -> bool:
        if self.there:
            self.frames.append(frame)
        return self.there


def test_a_clip_waits_for_its_seat_and_follows_it() -> None:
    sink, book_time = Sink(), [1000]
    book = ClipBook(sink.take, lambda: book_time[0])
    feed, device, newer = Feed(SeatId("desa"), TurnId("t"), True), object(), object()
    assert book.stand(ROOM, Slot.SPEAKER, feed, None, 900) == (None, False)
    clip, fresh = book.stand(ROOM, Slot.SPEAKER, feed, device, 900)
    assert fresh
    assert book.stand(ROOM, Slot.SPEAKER, feed, device, 950) == (clip, False)
    book_time[0] = 2000
    replaced, fresh = book.stand(ROOM, Slot.SPEAKER, feed, newer, 2000)
    assert fresh
    assert book.stand(ROOM, Slot.SPEAKER, None, None, 0) == (None, False)
    first, closed, second, last = sink.frames
    assert isinstance(first, OpenClip)
    assert isinstance(second, OpenClip)
    assert (first.opened_at, second.opened_at) == (900, 2000)
    assert closed == CloseClip(first.clip, 2000)
    assert last == CloseClip(second.clip, 2000)
    assert replaced is not None


def test_a_clip_granted_before_the_recorder_was_there_keeps_its_instant() -> None:
    sink = Sink()
    sink.there = False
    book = ClipBook(sink.take, lambda: 5000)
    book.stand(ROOM, Slot.AULA, Feed(SeatId("aula"), None, True), object(), 1000)
    sink.there = True
    book.reopen()
    book.reopen()
    first, second = sink.frames
    assert isinstance(first, OpenClip)
    assert isinstance(second, OpenClip)
    assert (first.opened_at, second.opened_at) == (1000, 5000)
    assert first.clip != second.clip
