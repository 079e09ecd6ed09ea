"""The manifest of a session's clips: a JSON file beside each WebM file, and the search for an instant.

Written by the recorder, read by anyone; a reader never sees half a manifest. A clip that is still growing
has no ``closed_at`` and is not ``complete``.
"""

import dataclasses
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from rooms.media.plane import Slot
from rooms.recording.feed import OpenClip

log = logging.getLogger(__name__)

EDGE_MS = 3_000
"""A note is often begun just before its speaker's clip, or ended just after: that near, the clip fits."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")


@dataclass(frozen=True, slots=True)
class Clip:
    clip_id: str
    room_id: str
    seat_id: str
    slot: str
    turn_id: str | None
    opened_at: int
    """ms since the epoch (UTC), like all instants here."""
    file: str
    """Path of the WebM file from the recordings' directory; it plays nothing while ``started_at`` is None."""
    started_at: int | None = None
    """The instant that is the file's time 0; None until something was recorded."""
    closed_at: int | None = None
    duration_ms: int = 0
    """Known once ``complete``."""
    complete: bool = False
    """The file has its index and duration and no longer changes."""
    interrupted: bool = False
    """Nobody said that the clip ended; it holds what was saved until then."""
    keyframes: int = 0
    lost_audio: int = 0
    """Packets that never came; likewise ``lost_video``."""
    lost_video: int = 0
    dropped_frames: int = 0
    """Pictures left out since a part of them or of one before was lost."""

    @property
    def ended_at(self) -> int | None:
        """Instant of the file's end; None while it grows."""
        if self.started_at is None:
            return self.opened_at
        return self.started_at + self.duration_ms if self.complete else self.closed_at


_ADAPTER = TypeAdapter(Clip)


def opened(clip: OpenClip) -> Clip:
    """The manifest of a clip that begins. Raises ValueError when its ids cannot name a file."""
    room_id, clip_id = checked(clip.room_id), checked(clip.clip_id)
    return Clip(
        clip_id=clip_id,
        room_id=room_id,
        seat_id=clip.seat_id,
        slot=clip.slot,
        turn_id=clip.turn_id,
        opened_at=clip.opened_at,
        file=f"{room_id}/{clip_id}.webm",
    )


def checked(name: str) -> str:
    """``name`` if it can be one component of a path and nothing else; otherwise ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"cannot name a file: {name!r}")
    return name


def path_of(directory: Path, clip: Clip) -> Path:
    """Where the clip's manifest lies."""
    return (directory / clip.file).with_suffix(".json")


def dump(clip: Clip) -> bytes:
    return json.dumps(dataclasses.asdict(clip), indent=1).encode()


def load(path: Path) -> Clip | None:
    """The manifest at ``path``; None, and a line in the log, when it is not one."""
    try:
        clip = _ADAPTER.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        log.warning("manifest %s unreadable: %s", path.name, error)
        return None
    if clip.file != f"{path.parent.name}/{path.stem}.webm":
        log.warning("manifest %s speaks of another file", path.name)
        return None
    return clip


def clips(directory: Path, room_id: str) -> list[Clip]:
    """All clips of a room, oldest first. Raises ValueError for an id that cannot be a room's."""
    found = (load(path) for path in (directory / checked(room_id)).glob("*.json"))
    return sorted((c for c in found if c is not None), key=lambda c: (c.opened_at, c.clip_id))


def locate(
    clips: Sequence[Clip], instant_ms: int, seat_id: str | None = None, turn_id: str | None = None
) -> tuple[Clip, float] | None:
    """The clip that shows an instant best, and how many seconds into it the instant lies.

    First choice is the clip of the turn, then one of the seat, then the hall's, then any. A clip of the turn
    or seat may begin or end up to ``EDGE_MS`` away from the instant; its nearest moment is given then.
    """
    best: tuple[tuple[int, int, int], Clip, float] | None = None
    for clip in clips:
        if clip.started_at is None:
            continue
        end = clip.ended_at
        off = max(clip.started_at - instant_ms, 0 if end is None else instant_ms - end, 0)
        wanted = _preference(clip, seat_id, turn_id)
        if off > (EDGE_MS if wanted < 2 else 0):
            continue
        inside = instant_ms if end is None else min(instant_ms, end)
        offset_s = max(inside - clip.started_at, 0) / 1000
        rank = (wanted, off, -clip.started_at)
        if best is None or rank < best[0]:
            best = rank, clip, offset_s
    return None if best is None else best[1:]


def _preference(clip: Clip, seat_id: str | None, turn_id: str | None) -> int:
    if turn_id is not None and clip.turn_id == turn_id and clip.slot in (Slot.SPEAKER, Slot.RESPONDER):
        return 0
    if seat_id is not None and clip.seat_id == seat_id:
        return 1
    return 2 if clip.slot == Slot.AULA else 3
