"""A room: commands into the meeting, its events into the journal, committed entries to the followers.

Driven by one task that takes one job at a time, instead of locks. Decisions are taken on a
copy that is ahead of the committed state while the journal writes, so nothing is acknowledged or shown before
it is committed. A command whose commit is of unknown outcome is looked up, never decided twice; when the
journal has moved on, the tail is read, the copy made anew and the command decided again.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rooms.clock import Clock, SystemClock
from rooms.fairness.report import STILL, Measures
from rooms.fold import VERSION, Fold, load
from rooms.ids import Actor, CommandId, RoomId
from rooms.journal import Enlist, Entry, Journal, JournalConflict
from rooms.meeting.agenda import RUNNING
from rooms.meeting.commands import Command, RegisterPeserta, ReopenRoom
from rooms.meeting.errors import Refused
from rooms.meeting.events import Event
from rooms.meeting.meeting import Meeting
from rooms.meeting.stage import StagePlan, stage
from rooms.meeting.vocabulary import MeetingStatus
from rooms.ordering.board import Policy
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.views import Projection, Sections, Viewer, measured
from rooms.words import Name, Words

SYSTEM = Actor("system")
SNAPSHOT_EVERY = 500
"""Entries between two snapshots."""
TIMER_RETRY_MS = 1_000
"""Pause before a timer whose decision could not be written is tried again."""

Follower = Callable[[Sequence[Entry]], None]
"""Told after a commit, in the room's task: it must return at once and not wait for anything."""

log = logging.getLogger(__name__)


class RoomClosed(Exception):
    """The room takes no more commands; nothing was decided."""


@dataclass(frozen=True, slots=True)
class _Job:
    command: Command | None
    """None: time has passed."""
    actor: Actor
    command_id: CommandId
    enlist: Enlist | None
    done: asyncio.Future[list[Entry]] | None
    """Where the answer goes; None: nobody waits for it."""


class Room:
    """One room in this process; made by ``open``, ended by ``close``."""

    def __init__(self, room_id: RoomId, journal: Journal, policy: Policy, clock: Clock, every: int) -> None:
        self.room_id = room_id
        self.epoch = 0
        self.stage_seq = 0
        """Position at which what is on stage last changed."""
        self.plan_seq = 0
        """Position at which anything of the plan last changed, also what no screen waits for."""
        self._journal = journal
        self._policy = policy
        self._clock = clock
        self._snapshot_every = every
        self._snapshot_seq = 0
        self._fold = Fold(Meeting(policy), Words())
        """What is committed, as far as this room has read."""
        self._ahead: Meeting | None = None
        """Equal to the committed meeting, and decides; None: it went ahead of a commit that did not come."""
        self._plan = StagePlan()
        self._projection: Projection | None = None
        self._measures: Measures | None = None
        """Of the newest turn or hand: kept while only presence moves."""
        self._followers: list[Follower] = []
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._closing = False
        self._timer: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None

    @classmethod
    async def open(
        cls,
        room_id: RoomId,
        journal: Journal,
        *,
        policy: Policy = NASKAH_BERGILIR,
        clock: Clock | None = None,
        alive_until: int = 0,
        snapshot_every: int = SNAPSHOT_EVERY,
    ) -> "Room":
        """Bring a room to life from snapshot and tail; an empty journal is a room to be configured.

        ``alive_until`` (ms): the last instant at which a server is known to have run this room, 0 if that is
        unknown; the newest entry counts too. Deadlines move by the time since then (R33).
        """
        room = cls(room_id, journal, policy, clock or SystemClock(), snapshot_every)
        room.epoch = await journal.epoch(room_id)
        room._fold = await load(journal, room_id, policy)
        room._snapshot_seq = room.seq
        room._refresh()
        await room._reopen(alive_until)
        room._arm()
        room._task = asyncio.create_task(room._run(), name=f"room {room_id}")
        return room

    @property
    def meeting(self) -> Meeting:
        """For reading only."""
        return self._fold.meeting

    @property
    def words(self) -> Words:
        """For reading only."""
        return self._fold.words

    @property
    def seq(self) -> int:
        """The newest committed entry in ``meeting``."""
        return self._fold.seq

    @property
    def plan(self) -> StagePlan:
        """What the media plane should do since ``plan_seq``."""
        return self._plan

    async def submit(
        self, command: Command, *, actor: Actor, command_id: CommandId, enlist: Enlist | None = None
    ) -> list[Entry]:
        """Decide, write and return the committed entries; empty when nothing had to change.

        The same actor and command id again give the same entries. Raises Refused, RoomClosed, and whatever
        ``enlist`` or the journal raise; then nothing was written. A cancelled caller's command may still be
        carried out: repeat it with its id to learn.
        """
        if self._closing:
            raise RoomClosed(self.room_id)
        done: asyncio.Future[list[Entry]] = asyncio.get_running_loop().create_future()
        self._jobs.put_nowait(_Job(command, actor, command_id, enlist, done))
        return await done

    def subscribe(self, follower: Follower) -> Callable[[], None]:
        """Tell ``follower`` every committed entry from now on, in order; returns the unsubscription."""
        self._followers.append(follower)

        def unsubscribe() -> None:
            if follower in self._followers:
                self._followers.remove(follower)

        return unsubscribe

    def view(self, viewer: Viewer) -> Sections:
        """What this viewer may see at ``seq``."""
        if self._projection is None:
            if self._measures is None:
                self._measures = measured(self.meeting)
            self._projection = Projection(self.meeting, self.words, self.stage_seq, self._measures)
        return self._projection.sections(viewer)

    async def close(self) -> None:
        """Finish the commands that were submitted, save a snapshot and stop."""
        if self._closing or self._task is None:
            return
        self._closing = True
        self._jobs.put_nowait(None)
        await self._task
        if self._timer is not None:
            self._timer.cancel()
        if self.seq > self._snapshot_seq:
            await self._save_snapshot()

    # The task

    async def _run(self) -> None:
        while (job := await self._jobs.get()) is not None:
            retry_at = 0
            try:
                entries = await self._process(job)
            except Exception as error:
                if job.done is None:
                    log.exception("room %s: the timer's decision was not written", self.room_id)
                    retry_at = self._clock.now() + TIMER_RETRY_MS
                elif not job.done.done():
                    job.done.set_exception(error)
            else:
                if job.done is not None and not job.done.done():
                    job.done.set_result(entries)
            self._arm(not_before=retry_at)

    async def _process(self, job: _Job) -> list[Entry]:
        while True:
            earlier = await self._journal.find(self.room_id, job.actor, job.command_id)
            if self._ahead is None or (earlier and earlier[-1].seq > self.seq):
                self._ahead = await self._catch_up()
            if earlier:
                return earlier
            ahead, now = self._ahead, self._clock.now()
            try:
                events = self._decide(ahead, job.command, now)
            except Refused:
                if await self._moved_on():
                    continue
                raise
            if not events and job.enlist is None:
                if await self._moved_on():
                    continue
                return []
            self._ahead = None
            try:
                entries = await self._journal.append(
                    self.room_id,
                    self.seq,
                    events,
                    at=max(now, ahead.state.last_at),
                    actor=job.actor,
                    command_id=job.command_id,
                    enlist=job.enlist,
                )
            except JournalConflict:
                continue
            except Exception:
                if await self._journal.find(self.room_id, job.actor, job.command_id):
                    continue
                raise
            await self._committed(entries)
            self._ahead = ahead
            return entries

    def _decide(self, ahead: Meeting, command: Command | None, now: int) -> list[Event]:
        if command is None:
            return ahead.handle_timer(now)
        return [] if self._stands(command) else ahead.handle(command, now)

    def _stands(self, command: Command) -> bool:
        """R11: whether this very record is kept; the meeting cannot tell, for it looks at no names (R4)."""
        if not isinstance(command, RegisterPeserta) or self.meeting.agenda.status is MeetingStatus.DITUTUP:
            return False
        person = self.meeting.presence.peserta.get(command.peserta_id)
        if person is None or self.words.name(command.peserta_id) != Name(command.nama, command.jabatan):
            return False
        kept = (person.seat_id, person.unsur, person.jenis_kelamin, person.hak)
        return kept == (command.seat_id, command.unsur, command.jenis_kelamin, command.hak)

    async def _catch_up(self) -> Meeting:
        """Take in what others wrote, or what was written when no reply came; a new copy to decide on."""
        self.epoch = await self._journal.epoch(self.room_id)
        await self._committed(await self._journal.read(self.room_id, self.seq))
        return Meeting.restore(self._policy, self.meeting.snapshot())

    async def _moved_on(self) -> bool:
        """Whether others wrote meanwhile: what writes nothing is decided on the newest state too."""
        tail = await self._journal.read(self.room_id, self.seq)
        if tail:
            self._ahead = None
        return bool(tail)

    async def _committed(self, entries: list[Entry]) -> None:
        if not entries:
            return
        self._fold.apply(entries)
        if not all(isinstance(entry.event, STILL) for entry in entries):
            self._measures = None
        self._refresh()
        for follower in list(self._followers):
            try:
                follower(entries)
            except Exception:
                log.exception("room %s: a follower failed", self.room_id)
        if self.seq - self._snapshot_seq >= self._snapshot_every:
            await self._save_snapshot()

    async def _reopen(self, alive_until: int) -> None:
        """R33; before the timer is armed, so that no deadline passes during the outage."""
        agenda, presence = self.meeting.agenda, self.meeting.presence
        there = any(seat.connected for seat in presence.seats.values())
        if agenda.status in RUNNING or (there and agenda.status is not MeetingStatus.DITUTUP):
            command = ReopenRoom(max(alive_until, self.meeting.state.last_at))
            await self._process(_Job(command, SYSTEM, CommandId(f"reopen:{self.seq}"), None, None))

    def _refresh(self) -> None:
        self._projection = None
        plan = stage(self.meeting)
        if plan != self._plan:
            if plan.on_stage != self._plan.on_stage:
                self.stage_seq = self.seq
            self._plan, self.plan_seq = plan, self.seq

    async def _save_snapshot(self) -> None:
        """A room lives on without it, so a failure is told and no more."""
        try:
            await self._journal.save_snapshot(self.room_id, self.seq, VERSION, self._fold.snapshot())
            self._snapshot_seq = self.seq
        except Exception:
            log.exception("room %s: no snapshot at %d", self.room_id, self.seq)

    # The timer

    def _arm(self, not_before: int = 0) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self.meeting.next_deadline()
        if deadline is not None and not self._closing:
            self._timer = asyncio.create_task(self._tick(max(deadline, not_before)))

    async def _tick(self, at: int) -> None:
        await self._clock.sleep_until(at)
        self._jobs.put_nowait(_Job(None, SYSTEM, CommandId(f"timer:{self.seq}"), None, None))
