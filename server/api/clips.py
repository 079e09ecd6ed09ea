"""Recordings as files with byte ranges, also one that is still growing."""

import asyncio
from pathlib import Path

from aiohttp import web

from rooms.ids import RoomId
from rooms.recording.manifest import Clip, checked, clips, load
from server.auth.guard import room_of
from server.keys import RECORDINGS
from server.refusals import Refusal


async def play(request: web.Request) -> web.StreamResponse:
    """``GET clips/{clip_id}.webm``: a recording of the link's own room."""
    path = await asyncio.to_thread(
        _file, request.app[RECORDINGS], room_of(request), request.match_info["clip_id"]
    )
    if path is None:
        raise Refusal(404, "not_found")
    # Asked for again each time: a growing file has another tag, a finished one is answered 304.
    return web.FileResponse(path, headers={"Cache-Control": "private, no-cache"})


async def of_room(directory: Path, room_id: RoomId) -> list[Clip]:
    """The room's recordings that have begun, oldest first."""
    found = await asyncio.to_thread(clips, directory, room_id)
    return [clip for clip in found if clip.started_at is not None]


def _file(directory: Path, room_id: str, clip_id: str) -> Path | None:
    """None for a name that is no clip of this room; ids that could leave the directory are none."""
    try:
        manifest = directory / checked(room_id) / f"{checked(clip_id)}.json"
    except ValueError:
        return None
    clip = load(manifest) if manifest.is_file() else None
    if clip is None or clip.room_id != room_id:
        return None
    path = directory / clip.file
    return path if path.is_file() else None
