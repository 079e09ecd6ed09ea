"""The recorder's process: follows the feed of each media process on a local socket and writes its clips.

A frame that is not understood is counted and dropped; a clip that fails is given up alone. The process ends
when the last connection has ended and all files are finished.
"""

import asyncio
import logging
import struct
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rooms.recording import clip as recording_clip
from rooms.recording.clip import GrowingClip
from rooms.recording.feed import (
    HEADER,
    CloseClip,
    CloseRoom,
    FeedFrame,
    OpenClip,
    Rtp,
    SenderReport,
    decode,
)
from rooms.recording.manifest import Clip
from rooms.recording.salvage import finish_all, recording

log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024
"""bytes; no frame of a media process is near it."""
FIRST_CONNECTION_S = 30.0
"""A parent that died before it connected must not leave an orphan."""
LOG_EVERY = 1000


@dataclass(slots=True)
class Counts:
    frames: int = 0
    garbled: int = 0
    """Frames that could not be read, or that make no sense."""
    failed_clips: int = 0


class Recorder:
    def __init__(self, directory: Path) -> None:
        self.counts = Counts()
        self._directory = directory
        # One file is finished at a time: finishing is disk and CPU, and growing files go first.
        self._finisher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="finish")
        self._connections: set[asyncio.Task[None]] = set()
        self._connected = asyncio.Event()
        self._idle = asyncio.Event()

    async def run(self, socket: Path, patience_s: float = FIRST_CONNECTION_S) -> None:
        """Serve until the last connection has ended. Raises TimeoutError if none comes in ``patience_s``."""
        with recording(self._directory) as orphans, self._finisher:
            self._finisher.submit(finish_all, self._directory, orphans)
            _remove_socket(socket)
            server = await asyncio.start_unix_server(self._connection, path=str(socket))
            try:
                await asyncio.wait_for(self._connected.wait(), patience_s)
                await self._idle.wait()
            finally:
                server.close()
                for task in self._connections:
                    task.cancel()
                await asyncio.gather(*self._connections, return_exceptions=True)
                _remove_socket(socket)
            log.info("end of feed: %s", self.counts)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self._connected.set()
        self._idle.clear()
        feed = _Feed(self._directory, self.counts, self._finish)
        try:
            await feed.follow(reader)
        finally:
            feed.close()
            writer.close()
            self._connections.discard(task)
            if not self._connections:
                self._idle.set()

    def _finish(self, clip: Clip) -> None:
        self._finisher.submit(_complete, self._directory, clip)


class _Feed:
    """One media process's connection with the clips that it numbers."""

    def __init__(self, directory: Path, counts: Counts, finish: Callable[[Clip], None]) -> None:
        self._directory = directory
        self._counts = counts
        self._finish = finish
        self._clips: dict[int, GrowingClip] = {}

    async def follow(self, reader: asyncio.StreamReader) -> None:
        """Take frames until the connection ends."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length, kind = HEADER.unpack(await reader.readexactly(HEADER.size))
                self._counts.frames += 1
                if length > MAX_BODY:
                    self._garbled(f"frame of {length} bytes")
                    await _skip(reader, length)
                    continue
                self._frame(kind, await reader.readexactly(length))

    def close(self) -> None:
        """The connection is gone; what it fed ends here, and nobody said so."""
        for number in list(self._clips):
            self._end(number, now_ms(), interrupted=True)

    def _frame(self, kind: int, body: bytes) -> None:
        try:
            frame = decode(kind, body)
        except (ValueError, struct.error) as error:
            self._garbled(repr(error))
            return
        try:
            self._take(frame)
        except Exception:
            # Whatever it was, it was this clip's: the others go on.
            self._counts.failed_clips += 1
            log.exception("clip given up at %s", type(frame).__name__)
            if isinstance(frame, Rtp | SenderReport):
                self._end(frame.clip, now_ms(), interrupted=True)

    def _take(self, frame: FeedFrame) -> None:
        match frame:
            case Rtp():
                if (clip := self._clips.get(frame.clip)) is not None:
                    clip.packet(frame)
                else:
                    self._garbled(f"no clip {frame.clip}")
            case SenderReport():
                if (clip := self._clips.get(frame.clip)) is not None:
                    clip.report(frame)
                else:
                    self._garbled(f"no clip {frame.clip}")
            case OpenClip():
                self._end(frame.clip, frame.opened_at, interrupted=True)
                self._clips[frame.clip] = GrowingClip(self._directory, frame)
                log.info("clip %s of %s in room %s", frame.clip_id, frame.seat_id, frame.room_id)
            case CloseClip():
                self._end(frame.clip, frame.closed_at, interrupted=False)
            case CloseRoom():
                for number, clip in list(self._clips.items()):
                    if clip.clip.room_id == frame.room_id:
                        self._end(number, now_ms(), interrupted=False)

    def _end(self, number: int, closed_at: int, *, interrupted: bool) -> None:
        clip = self._clips.pop(number, None)
        if clip is None:
            return
        self._counts.garbled += clip.garbled
        try:
            clip.close(closed_at, interrupted)
        except Exception:
            # Its file is cut off like a killed recorder's; finishing it saves what is there.
            self._counts.failed_clips += 1
            log.exception("clip %s did not close", clip.clip.clip_id)
        self._finish(clip.clip)

    def _garbled(self, why: str) -> None:
        self._counts.garbled += 1
        if self._counts.garbled % LOG_EVERY == 1:
            log.warning("frame dropped (%d so far): %s", self._counts.garbled, why)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def _complete(directory: Path, clip: Clip) -> None:
    try:
        done = recording_clip.complete(directory, clip)
        log.info("clip %s finished, %d ms", done.clip_id, done.duration_ms)
    except Exception:
        log.exception("clip %s could not be finished", clip.clip_id)


async def _skip(reader: asyncio.StreamReader, length: int) -> None:
    while length:
        length -= len(await reader.readexactly(min(length, MAX_BODY)))


def _remove_socket(socket: Path) -> None:
    """A recorder leaves its socket behind when it is killed; anything else at that path stays."""
    if socket.is_socket():
        socket.unlink()
