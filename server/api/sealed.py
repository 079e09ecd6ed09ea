"""What of a recording a link may be given: the file itself, or its copy without the sealed seconds (R68).

Copies are made when somebody asks, one at a time, and kept beside the recordings until the seals or the clip
change. A recording is never given where its copy could not be made.
"""

import asyncio
import hashlib
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter

from rooms.journal import Entry
from rooms.meeting.seals import Span
from rooms.recording.manifest import Clip
from rooms.room import Room
from server.refusals import Refusal

FOLDER = "tertutup"
STALE_S = 30
"""How far the copy of a growing clip may stay behind it."""
HEADERS = {"Cache-Control": "private, no-cache"}
"""Asked for again each time: a growing file has another tag, a finished one is answered 304."""
SEALED = web.AppKey("sealed_copies", asyncio.Lock)
"""Held while a copy is made."""

log = logging.getLogger(__name__)


def cut_of(clip: Clip, spans: Sequence[Span]) -> tuple[Span, ...]:
    """What of the clip is sealed, in ms of its file."""
    begin, end = clip.started_at, clip.ended_at
    if begin is None:
        return ()
    return tuple(
        (max(seal[0] - begin, 0), seal[1] - begin)
        for seal in spans
        if seal[1] > begin and (end is None or seal[0] < end)
    )


async def copy_of(lock: asyncio.Lock, directory: Path, clip: Clip, cut: Sequence[Span]) -> Path:
    """The copy of a clip without ``cut``. Raises Refusal when it cannot be made."""
    source = directory / clip.file
    async with lock:
        target = await asyncio.to_thread(_target, source, clip, cut)
        if target.is_file() and (clip.complete or _fresh(source, target)):
            return target
        spans = [f"{begin}-{end}" for begin, end in cut]
        making = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rooms.recording.sealed", str(source), str(target), *spans,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await making.communicate()
        if making.returncode:
            log.error("no sealed copy clip=%s: %s", clip.clip_id, said.decode(errors="replace")[-2000:])
            raise Refusal(503, "unavailable", detail=f"sealed copy of {clip.clip_id}")
        await asyncio.to_thread(_forget_others, target)
        return target


def _target(source: Path, clip: Clip, cut: Sequence[Span]) -> Path:
    """Its name says of which file and which seals it is a copy."""
    size = source.stat().st_size if clip.complete else 0
    name = hashlib.sha256(json.dumps([clip.complete, size, cut]).encode()).hexdigest()[:32]
    folder = source.parent / FOLDER / clip.clip_id
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.webm"


def _fresh(source: Path, target: Path) -> bool:
    return source.stat().st_mtime - target.stat().st_mtime <= STALE_S


def _forget_others(target: Path) -> None:
    for other in target.parent.iterdir():
        if other != target:
            other.unlink(missing_ok=True)


class Watched(web.FileResponse):
    """A file that stops being sent the moment more of it is sealed."""

    def __init__(self, path: Path, room: Room, clip: Clip, cut: Sequence[Span]) -> None:
        super().__init__(path, headers=HEADERS)
        self._room = room
        self._clip = clip
        self._cut = tuple(cut)

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        def look(entries: Sequence[Entry]) -> None:
            now = cut_of(self._clip, self._room.meeting.state.seals.spans)
            if now != self._cut and request.transport is not None:
                # Cancelled before the line is cut, for a file that is being sent waits on that line.
                request.task.cancel()
                request.transport.abort()

        unsubscribe = self._room.subscribe(look)
        try:
            look(())
            return await super().prepare(request)
        finally:
            unsubscribe()
