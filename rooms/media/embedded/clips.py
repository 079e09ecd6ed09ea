"""Which clips are open: one for each recorded feed whose seat is there.

A clip follows one peer in one slot for one turn. It opens when the stage grants the feed (or when the seat
arrives), and closes when the feed or the peer ends; a stage that still names the same feed changes nothing.
When the recorder comes back, open clips begin anew. Driven by ``forwarder``; writes to a sink, never waits.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from rooms.ids import RoomId
from rooms.media.plane import Feed, Slot
from rooms.recording.feed import CloseClip, CloseRoom, FeedFrame, OpenClip

Sink = Callable[[FeedFrame], bool]
"""False: the frame was dropped."""


@dataclass(slots=True)
class Clip:
    number: int
    room_id: RoomId
    slot: Slot
    feed: Feed
    carrier: object
    """The peer whose packets fill it; compared by identity."""
    opened_at: int
    picture: object | None = None
    """What its picture is taken from; compared by identity."""
    announced: bool = False
    """The recorder was told of it."""


class ClipBook:
    """Clips by room and slot; numbers are unique within this process."""

    def __init__(self, sink: Sink, wall_ms: Callable[[], int]) -> None:
        self._sink = sink
        self._wall_ms = wall_ms
        self._clips: dict[tuple[RoomId, Slot], Clip] = {}
        self._last_number = 0

    def stand(
        self, room_id: RoomId, slot: Slot, feed: Feed | None, carrier: object | None, granted_at: int
    ) -> tuple[Clip | None, bool]:
        """Make the clip of a slot what it should be now: ``(clip, whether it was opened just now)``.

        ``carrier``: the peer behind the feed's seat, None while it is away. ``granted_at``: ms, when the
        stage first named this feed; a clip that has to be opened later than that (its seat came back) opens
        now.
        """
        key = (room_id, slot)
        clip = self._clips.get(key)
        wanted = feed if feed is not None and feed.record and carrier is not None else None
        if clip is not None:
            if clip.carrier is carrier and clip.feed == wanted:
                return clip, False
            self._close(key)
        if wanted is None:
            return None, False
        clip = Clip(self._number(), room_id, slot, wanted, carrier, granted_at)
        self._clips[key] = clip
        self._announce(clip)
        return clip, True

    def close_room(self, room_id: RoomId) -> None:
        for key in [key for key in self._clips if key[0] == room_id]:
            self._close(key)
        self._sink(CloseRoom(room_id))

    def close_all(self) -> None:
        for key in list(self._clips):
            self._close(key)

    def reopen(self) -> None:
        """The recorder is new: it is told of every clip; what an older one had begun starts again."""
        now = self._wall_ms()
        for clip in self._clips.values():
            if clip.announced:
                clip.number, clip.opened_at, clip.announced = self._number(), now, False
            self._announce(clip)

    def _announce(self, clip: Clip) -> None:
        clip.announced = self._sink(
            OpenClip(
                clip=clip.number,
                clip_id=f"{clip.opened_at}-{secrets.token_hex(8)}",
                room_id=clip.room_id,
                seat_id=clip.feed.seat_id,
                slot=clip.slot,
                turn_id=clip.feed.turn_id,
                opened_at=clip.opened_at,
            )
        )

    def _close(self, key: tuple[RoomId, Slot]) -> None:
        clip = self._clips.pop(key)
        if clip.announced:
            self._sink(CloseClip(clip.number, self._wall_ms()))

    def _number(self) -> int:
        self._last_number += 1
        return self._last_number
