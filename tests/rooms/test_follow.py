"""The stage follower: desired state to the plane, applied positions back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from rooms.clock import SystemClock
from rooms.follow import RETRY_MS, StageFollower, plane_stage
from rooms.ids import Actor, CommandId, RoomId, TurnId
from rooms.media.plane import Feed, PlaneLost, Slot, Stage, StageApplied
from rooms.meeting.commands import (
    Command,
    ConnectSeat,
    EndTurn,
    GiveConsent,
    OpenMeeting,
    StartItem,
    WarnTurn,
)
from rooms.meeting.stage import Shown, StagePlan
from rooms.meeting.vocabulary import Consent
from rooms.room import Room
from tests.support.clock import VirtualClock, until
from tests.support.fake_plane import FakePlane
from tests.support.meeting import AULA, DIALOG, GLAGAH_1, LICIN_1, LICIN_2, call, configure
from tests.support.memory_journal import MemoryJournal

ROOM = RoomId("pleno")


class ShyPlane(FakePlane):
    """Refuses so many stages, as a plane without its media process may."""

    refusals = 0

    async def set_stage(self, room_id: RoomId, epoch: int, seq: int, stage: Stage) -> None:
        if self.refusals:
            self.refusals -= 1
            raise PlaneLost("gone")
        await super().set_stage(room_id, epoch, seq, stage)


class Scene:
    """A room on a plane, with a follower between them and somebody who passes the plane's events on."""

    def __init__(self, room: Room, clock: VirtualClock) -> None:
        self.room = room
        self.clock = clock
        self.plane = ShyPlane()
        self.applied: list[tuple[int, int]] = []
        self.follower = StageFollower(room, self.plane, lambda e, s: self.applied.append((e, s)), clock=clock)
        self._count = 0
        self._pump = asyncio.create_task(self._pass_on())

    async def _pass_on(self) -> None:
        async for event in self.plane.events():
            if isinstance(event, StageApplied):
                self.follower.applied(event)

    async def do(self, *commands: Command) -> None:
        for command in commands:
            self._count += 1
            await self.room.submit(command, actor=Actor("op"), command_id=CommandId(str(self._count)))

    async def settle(self) -> None:
        """Until the plane has reported the room's newest stage."""
        await until(lambda: self.follower.position == (1, self.room.plan_seq))

    async def close(self) -> None:
        await self.follower.close()
        self._pump.cancel()
        await asyncio.wait([self._pump])
        await self.room.close()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = VirtualClock()
    made = Scene(await Room.open(ROOM, MemoryJournal(), clock=clock), clock)
    await made.plane.start()
    await made.do(configure())
    for seat_id in (LICIN_1, GLAGAH_1):
        await made.do(ConnectSeat(seat_id, True), GiveConsent(seat_id, Consent.DIREKAM))
    await made.do(OpenMeeting(), StartItem(DIALOG))
    yield made
    await made.close()


def test_the_stage_in_the_planes_words() -> None:
    plan = StagePlan(
        Shown(AULA, None, True),
        Shown(LICIN_1, TurnId("t"), False),
        Shown(LICIN_2, TurnId("u"), True),
        Shown(LICIN_1, TurnId("t"), True),
        (GLAGAH_1,),
    )
    assert plane_stage(plan).feeds == {
        Slot.AULA: Feed(AULA, None, True),
        Slot.SPEAKER: Feed(LICIN_1, TurnId("t"), False),
        Slot.RESPONDER: Feed(LICIN_2, TurnId("u"), True),
        Slot.SCREEN: Feed(LICIN_1, TurnId("t"), True),
        Slot.PREVIEW_1: Feed(GLAGAH_1, None, False),
    }
    assert plane_stage(StagePlan()) == Stage({})
    together = frozenset({AULA, LICIN_1})
    assert plane_stage(StagePlan(di_aula=together)) == Stage({}, (together,))


async def test_the_plane_gets_the_stage_as_it_is_and_as_it_changes(scene: Scene) -> None:
    scene.follower.start()
    await scene.settle()
    assert scene.plane.rooms[ROOM].stage == plane_stage(scene.room.plan)
    await scene.do(call(1, LICIN_1))
    await scene.settle()
    assert scene.plane.rooms[ROOM].stage.feeds[Slot.SPEAKER] == Feed(LICIN_1, TurnId("t1"), True)
    assert scene.applied[-1] == (1, scene.room.stage_seq)


async def test_what_does_not_change_the_stage_is_not_sent(scene: Scene) -> None:
    scene.follower.start()
    await scene.do(call(1, LICIN_1))
    await scene.settle()
    sent = len(scene.plane.rooms[ROOM].history)
    await scene.do(WarnTurn(TurnId("t1")))
    await scene.do(EndTurn(TurnId("t1")))
    await scene.settle()
    assert len(scene.plane.rooms[ROOM].history) == sent + 1


async def test_applied_is_said_only_when_the_plane_has_said_so(scene: Scene) -> None:
    scene.plane.hold_stages = True
    scene.follower.start()
    await until(lambda: ROOM in scene.plane.rooms)
    assert scene.applied == []
    scene.plane.release_stages()
    await scene.settle()
    newest = scene.applied[-1]
    scene.follower.applied(StageApplied(ROOM, 1, newest[1] - 1))
    scene.follower.applied(StageApplied(RoomId("another"), 9, 999))
    assert scene.follower.position == newest == scene.applied[-1]


async def test_a_plane_that_was_gone_gets_the_newest_stage(scene: Scene) -> None:
    scene.plane.refusals = 1
    scene.follower.start()
    await until(lambda: bool(scene.clock.alarms))
    await scene.do(call(1, LICIN_1))
    scene.clock.advance(RETRY_MS)
    await scene.settle()
    assert Slot.SPEAKER in scene.plane.rooms[ROOM].stage.feeds


async def test_a_plane_that_was_started_anew_gets_the_stage_again(scene: Scene) -> None:
    scene.follower.start()
    await scene.settle()
    scene.plane.restart()
    scene.follower.resend()
    assert scene.follower.position is None
    await scene.settle()
    assert scene.plane.rooms[ROOM].stage == plane_stage(scene.room.plan)


async def test_the_system_clock_sleeps_until_an_instant() -> None:
    clock = SystemClock()
    at = clock.now() + 20
    while clock.now() < at:
        await clock.sleep_until(at)
    assert clock.now() >= at
