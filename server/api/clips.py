"""Recordings as files with byte ranges, also one that is still growing."""

import asyncio
from pathlib import Path

from aiohttp import web

from rooms.ids import RoomId, TurnId
from rooms.meeting.vocabulary import TurnState
from rooms.recording.manifest import Clip, checked, clips, load
from server.access import Role
from server.api.sealed import HEADERS, SEALED, Watched, copy_of, cut_of
from server.auth.guard import IDENTITY, room_of
from server.keys import RECORDINGS
from server.refusals import Refusal
from server.signalling.entrance import HALLS


async def play(request: web.Request) -> web.StreamResponse:
    """``GET clips/{clip_id}.webm``: a recording of the link's own room, without what is sealed (R68)."""
    directory, room_id = request.app[RECORDINGS], room_of(request)
    clip = await asyncio.to_thread(_clip, directory, room_id, request.match_info["clip_id"])
    if clip is None:
        raise Refusal(404, "not_found")
    room = (await request.app[HALLS].get(room_id)).room
    turn = room.meeting.turns.turns.get(TurnId(clip.turn_id or ""))
    if turn is not None and turn.state is TurnState.DIBATALKAN and not plays_undone(request):
        raise Refusal(404, "not_found")
    if request[IDENTITY].role is Role.PANITIA:
        return web.FileResponse(directory / clip.file, headers=HEADERS)
    while True:
        path, cut = directory / clip.file, cut_of(clip, room.meeting.state.seals.spans)
        if cut:
            path = await copy_of(request.app[SEALED], directory, clip, cut)
        if cut == cut_of(clip, room.meeting.state.seals.spans):
            return Watched(path, room, clip, cut)


def plays_undone(request: web.Request) -> bool:
    """Whether this link is shown what was recorded of a call that was undone (R53)."""
    return request[IDENTITY].role in (Role.NOTULIS, Role.PANITIA)


async def of_room(directory: Path, room_id: RoomId) -> list[Clip]:
    """The room's recordings that have begun, oldest first."""
    found = await asyncio.to_thread(clips, directory, room_id)
    return [clip for clip in found if clip.started_at is not None]


def _clip(directory: Path, room_id: str, clip_id: str) -> Clip | None:
    """None for a name that is no clip of this room; ids that could leave the directory are none."""
    try:
        manifest = directory / checked(room_id) / f"{checked(clip_id)}.json"
    except ValueError:
        return None
    clip = load(manifest) if manifest.is_file() else None
    if clip is None or clip.room_id != room_id:
        return None
    return clip if (directory / clip.file).is_file() else None
