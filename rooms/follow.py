"""Brings the media plane to what the meeting wants on stage, and knows how far it has come.

Driven by the room's commits with a position of its own; only the newest stage matters, so a slow plane skips
what is past. It says "applied" only for what the plane has reported.
"""

import asyncio
import logging
from collections.abc import Callable

from rooms.clock import Clock, SystemClock
from rooms.media.plane import Feed, MediaPlane, Slot, Stage, StageApplied
from rooms.meeting.stage import StagePlan
from rooms.room import Room

RETRY_MS = 500
"""Pause before a stage is sent again to a plane that was gone."""
PREVIEWS = (Slot.PREVIEW_1, Slot.PREVIEW_2)

Applied = Callable[[int, int], None]
"""Told ``(epoch, seq)`` when forwarding and recording stand at a newer position."""

log = logging.getLogger(__name__)


def plane_stage(plan: StagePlan) -> Stage:
    """The meeting's stage in the plane's words."""
    feeds: dict[Slot, Feed] = {}
    stage = {
        Slot.AULA: plan.aula,
        Slot.SPEAKER: plan.speaker,
        Slot.RESPONDER: plan.responder,
        Slot.SCREEN: plan.screen,
    }
    for slot, shown in stage.items():
        if shown is not None:
            feeds[slot] = Feed(shown.seat_id, shown.turn_id, shown.record)
    for slot, seat_id in zip(PREVIEWS, plan.previews, strict=False):
        feeds[slot] = Feed(seat_id, None, False)
    return Stage(feeds, (plan.di_aula,) if plan.di_aula else (), plan.panel)


class StageFollower:
    """One per room. Whoever consumes the plane's events passes them on by ``applied`` and ``resend``."""

    def __init__(
        self, room: Room, plane: MediaPlane, on_applied: Applied, *, clock: Clock | None = None
    ) -> None:
        self._room = room
        self._plane = plane
        self._on_applied = on_applied
        self._clock = clock or SystemClock()
        self._wanted = asyncio.Event()
        self._generation = 0
        """One more each time the plane has forgotten everything."""
        self._sent: tuple[int, int, int] | None = None
        self._position: tuple[int, int] | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def position(self) -> tuple[int, int] | None:
        """``(epoch, seq)`` of the stage that was last reported as applied; None: nothing yet."""
        return self._position

    def start(self) -> None:
        """Send the stage as it is now, and each one that follows."""
        self._unsubscribe = self._room.subscribe(lambda entries: self._wanted.set())
        self._wanted.set()
        self._task = asyncio.create_task(self._run(), name=f"stage of {self._room.room_id}")

    async def close(self) -> None:
        if self._unsubscribe is None or self._task is None:
            return
        self._unsubscribe()
        self._task.cancel()
        await asyncio.wait([self._task])

    def applied(self, event: StageApplied) -> None:
        """The plane's word; positions never go back."""
        position = (event.epoch, event.seq)
        if event.room_id == self._room.room_id and (self._position is None or position > self._position):
            self._position = position
            self._on_applied(*position)

    def resend(self) -> None:
        """The plane was started anew and has forgotten the stage; what was applied holds no more."""
        self._generation += 1
        self._position = None
        self._wanted.set()

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            epoch, seq = self._room.epoch, self._room.plan_seq
            wanted = (self._generation, epoch, seq)
            if wanted == self._sent:
                continue
            try:
                await self._plane.set_stage(self._room.room_id, epoch, seq, plane_stage(self._room.plan))
                self._sent = wanted
            except Exception as error:
                log.warning("room %s: stage %d not set: %r", self._room.room_id, seq, error)
                await self._clock.sleep_until(self._clock.now() + RETRY_MS)
                self._wanted.set()
