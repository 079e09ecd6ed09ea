"""Two rooms on one journal that loses appends and replies: acknowledged means there, exactly once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rooms.fold import load
from rooms.ids import Actor, CommandId, RoomId, SeatId, TurnId
from rooms.journal import Enlist, Entry
from rooms.meeting.commands import (
    CallSeat,
    Command,
    ConnectSeat,
    DropSeat,
    EndTurn,
    GiveConsent,
    HoldTurn,
    OpenMeeting,
    SetOffRecord,
    StartItem,
)
from rooms.meeting.errors import Refused
from rooms.meeting.events import Event
from rooms.meeting.vocabulary import Consent
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import Follower, Room
from tests.support.clock import VirtualClock
from tests.support.meeting import DIALOG, OFFICES, configure
from tests.support.memory_journal import Lost, MemoryJournal

ROOM, OPERATOR = RoomId("pleno"), Actor("grant:operator")


@dataclass(frozen=True)
class Try:
    """One command given to one of the rooms, perhaps twice, with a fault on the way."""

    room: int
    kind: str
    seat_id: SeatId
    fault: str
    again: bool
    ms: int


TRIES = st.lists(
    st.builds(
        Try,
        st.integers(0, 1),
        st.sampled_from(["call", "call", "call", "end", "hold", "connect", "drop", "record"]),
        st.sampled_from(OFFICES[:3]),
        st.sampled_from(["", "", "reply", "append"]),
        st.booleans(),
        st.sampled_from([0, 5, 31_000]),
    ),
    min_size=5,
    max_size=25,
)


def listener(heard: list[int]) -> Follower:
    return lambda entries: heard.extend(e.seq for e in entries)


class Play:
    def __init__(self, journal: MemoryJournal) -> None:
        self.journal = journal
        self.clock = VirtualClock()
        self.answers: dict[CommandId, list[Entry]] = {}
        self.heard: list[list[int]] = [[], []]

    async def run(self, tries: Sequence[Try]) -> None:
        rooms = [await Room.open(ROOM, self.journal, clock=self.clock, snapshot_every=9) for _ in range(2)]
        for heard, room in zip(self.heard, rooms, strict=True):
            room.subscribe(listener(heard))
        try:
            await self._prepare(rooms[0])
            for number, step in enumerate(tries):
                await self._try(rooms[step.room], CommandId(f"c{number}"), step)
            for room in rooms:
                with pytest.raises(Refused):
                    await room.submit(OpenMeeting(), actor=OPERATOR, command_id=CommandId("look"))
            await self._check(rooms)
        finally:
            for room in rooms:
                await room.close()

    async def _prepare(self, room: Room) -> None:
        commands: list[Command] = [configure()]
        for seat_id in OFFICES:
            commands += [ConnectSeat(seat_id, True), GiveConsent(seat_id, Consent.DIREKAM)]
        for number, command in enumerate([*commands, OpenMeeting(), StartItem(DIALOG)]):
            await room.submit(command, actor=OPERATOR, command_id=CommandId(f"prepare{number}"))

    async def _try(self, room: Room, command_id: CommandId, step: Try) -> None:
        self.journal.lose_replies = int(step.fault == "reply")
        self.journal.lose_appends = int(step.fault == "append")
        command = self._command(room, command_id, step)
        for _ in range(1 + step.again):
            try:
                self.answers[command_id] = await room.submit(command, actor=OPERATOR, command_id=command_id)
            except Lost:
                assert not await MemoryJournal.find(self.journal, ROOM, OPERATOR, command_id)
            except Refused:
                pass
        self.journal.lose_replies = self.journal.lose_appends = 0
        self.clock.advance(step.ms)
        for _ in range(5):
            await asyncio.sleep(0)

    def _command(self, room: Room, command_id: CommandId, step: Try) -> Command:
        live = room.meeting.turns.live_id or TurnId("none")
        match step.kind:
            case "call":
                return CallSeat(TurnId(f"t:{command_id}"), step.seat_id)
            case "end":
                return EndTurn(live)
            case "hold":
                return HoldTurn(live)
            case "connect":
                return ConnectSeat(step.seat_id, True)
            case "drop":
                return DropSeat(step.seat_id)
            case _:
                return SetOffRecord(step.ms == 0)

    async def _check(self, rooms: list[Room]) -> None:
        journal = self.journal.rows[ROOM]
        assert [e.seq for e in journal] == list(range(1, len(journal) + 1))
        for command_id, entries in self.answers.items():
            assert [e for e in journal if e.command_id == command_id] == entries, "acknowledged, not there"
        for command_id in {e.command_id for e in journal}:
            own = [e.seq for e in journal if e.command_id == command_id]
            assert own == list(range(own[0], own[0] + len(own))), "decided twice"
        calls = [e.event for e in journal if type(e.event).__name__ == "TurnCalled"]
        assert len({str(call) for call in calls}) == len(calls), "called twice"
        folded = await load(self.journal, ROOM, NASKAH_BERGILIR)
        for room, heard in zip(rooms, self.heard, strict=True):
            assert room.seq == len(journal)
            assert room.meeting.state == folded.meeting.state
            assert heard == list(range(heard[0], len(journal) + 1)), "followers missed or repeated something"
        live = [t for t in folded.meeting.turns.turns.values() if t.ended_at is None]
        assert len(live) <= 1, "two turns are live"


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(TRIES)
def test_acknowledged_means_there_exactly_once(tries: list[Try]) -> None:
    asyncio.run(Play(MemoryJournal()).run(tries))


class Careless(MemoryJournal):
    """Appends wherever the journal ends, whatever the writer has folded."""

    async def append(
        self,
        room_id: RoomId,
        expected_seq: int,
        events: Sequence[Event],
        *,
        at: int,
        actor: Actor,
        command_id: CommandId,
        enlist: Enlist | None = None,
    ) -> list[Entry]:
        end = len(self.rows.get(room_id, []))
        return await super().append(
            room_id, end, events, at=at, actor=actor, command_id=command_id, enlist=enlist
        )


class Forgetful(MemoryJournal):
    """Does not know which commands it has seen."""

    async def find(self, room_id: RoomId, actor: Actor, command_id: CommandId) -> list[Entry]:
        return []


@pytest.mark.parametrize("broken", [Careless, Forgetful])
def test_a_broken_journal_is_caught(broken: type[MemoryJournal]) -> None:
    @settings(
        max_examples=200, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(TRIES)
    def hunt(tries: list[Try]) -> None:
        asyncio.run(Play(broken()).run(tries))

    with pytest.raises((AssertionError, BaseExceptionGroup)):
        hunt()
