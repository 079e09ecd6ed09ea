"""The whole matrix of role x state x command: every cell asked through the gate of the socket.

A cell that the table calls illegal must be answered with exactly its code and change nothing: not the
journal, the folded state, the state that decides next, the words or any view. A legal one must happen.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from rooms.fold import Fold
from rooms.ids import CommandId
from rooms.journal import Entry
from rooms.meeting import commands as c
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import Event
from rooms.meeting.freeze import freeze
from rooms.meeting.meeting import Meeting
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.room import SYSTEM, Room
from rooms.views import Projection, Sections, Viewer
from rooms.words import Words
from server import access
from server.access import Role
from server.auth.identity import Identity
from server.i18n import Words as Screen
from server.signalling import wire
from server.signalling.hall import Hall
from server.signalling.socket import Conversation
from tests.server.matrix.cells import Row
from tests.server.matrix.states import FEW_PESERTA, FEW_WAITING, ROOM, State, reach, room_in
from tests.server.matrix.table import ROLES, ROWS, SERVER
from tests.support.fake_plane import FakePlane
from tests.support.meeting import AULA, LICIN_1, OFFICES

OWN_SEAT = {Role.DESA: LICIN_1, Role.AULA: AULA}
VIEWERS = (Viewer(console=True), Viewer(), *(Viewer(seat_id=s) for s in (AULA, *OFFICES)))
COMMANDS: tuple[type[c.Command], ...] = get_args(c.Command)


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.meeting.presence.MOST_PESERTA", FEW_PESERTA)
    monkeypatch.setattr("rooms.meeting.queue.MOST_WAITING", FEW_WAITING)


class Ear:
    """The sending half of a socket: keeps what is sent."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []

    async def send_str(self, data: str) -> None:
        self.heard.append(json.loads(data))


def answer_in(row: Row, state: State) -> str:
    """What the table says for this cell; it must say exactly one thing."""
    answers = [answer for answer, states in row.cells.items() if state in states.split()]
    assert len(answers) == 1, f"{row.command} has {answers or 'no answer'} in the state {state!r}"
    return answers[0]


def as_sent_by(role: Role | None, row: Row) -> Row:
    """The row of what the meeting gets: an office acts for its own seat, whatever it sends."""
    seat_id = None if role is None else OWN_SEAT.get(role)
    if seat_id is None or not hasattr(row.command, "seat_id"):
        return row
    given: Any = row.command
    command = dataclasses.replace(given, seat_id=seat_id)
    for other in ROWS:
        if other.command == command:
            return other
    raise AssertionError(f"rows_*.py: add a row for {command}, which is what {row.command} is from {role}")


def may_give(role: Role | None, command: c.Command) -> bool:
    given_by = ROLES[type(command)].split()
    return (SERVER if role is None else role) in given_by


def message_of(command: c.Command, command_id: str) -> str:
    fields = freeze(command)
    assert isinstance(fields, dict)
    fields.pop("settings", None)
    return json.dumps(fields | {"type": wire.type_of(type(command)), "command_id": command_id})


@dataclass
class Before:
    """All that an illegal cell must leave as it is."""

    rows: list[Entry]
    fold: Fold


class Floor:
    """One meeting in one state, and who speaks to it."""

    def __init__(self, rows: list[Entry], now: int) -> None:
        self._rows = rows
        self._now = now
        self._asked = 0
        self.before = Before(list(rows), self.folded(rows))
        self._shown: tuple[int, list[Sections]] | None = None
        """Position of the stage, and what the viewers see there."""

    async def begin(self) -> None:
        self.room, self.journal = await room_in(self._rows, self._now)
        self._hall = Hall(self.room, FakePlane(), lambda: self._now, str)

    async def end(self) -> None:
        await self.room.close()

    @staticmethod
    def folded(rows: list[Entry]) -> Fold:
        fold = Fold(Meeting(NASKAH_BERGILIR), Words())
        fold.apply(rows)
        return fold

    async def ask(self, role: Role | None, command: c.Command) -> str:
        """``ack`` or the code of the refusal."""
        self._asked += 1
        command_id = f"c{self._asked}"
        if role is None:
            try:
                await self._hall.submit(command, SYSTEM, CommandId(command_id))
            except Refused as refusal:
                return str(refusal.code)
            return "ack"
        identity = Identity(f"link-{role}", role, ROOM, OWN_SEAT.get(role), str(role))
        conversation = Conversation(identity, self._hall, Screen("id", {}), lambda: self._now, _stands, None)
        ear = Ear()
        await conversation._answer(message_of(command, command_id))
        await conversation._client.flush(ear)
        (told,) = ear.heard
        assert told["command_id"] == command_id
        return str(told["code"]) if told["type"] == "error" else str(told["type"])

    def unchanged(self) -> list[str]:
        """What an illegal cell has changed."""
        wrong = []
        if self.journal.rows[ROOM] != self.before.rows:
            wrong.append("the journal")
        ahead = self.room._ahead
        if self.room.seq:
            if self.room.meeting.state != self.before.fold.meeting.state:
                wrong.append("the folded state")
            if self.room.words != self.before.fold.words:
                wrong.append("the words")
        if ahead is not None and ahead.state != self.before.fold.meeting.state:
            wrong.append("the state that decides next")
        return wrong

    def views_unchanged(self) -> bool:
        """Whether everybody still sees what they saw."""
        if not self.room.seq:  # it has not read its journal yet: nothing was asked of it
            return True
        if self._shown is None or self._shown[0] != self.room.stage_seq:
            projection = Projection(self.before.fold.meeting, self.before.fold.words, self.room.stage_seq)
            self._shown = self.room.stage_seq, [projection.sections(viewer) for viewer in VIEWERS]
        return [self.room.view(viewer) for viewer in VIEWERS] == self._shown[1]

    def happened(self) -> bool:
        """Whether something was added to the journal, and shows."""
        rows = self.journal.rows[ROOM]
        if len(rows) <= len(self.before.rows):
            return False
        fold, before = self.folded(rows), self.before.fold
        same = fold.meeting.state == before.meeting.state and fold.words == before.words
        return not same and fold.meeting.state == self.room.meeting.state


async def _stands() -> bool:
    return True


async def check(state: State, *, only: type[c.Command] | None = None) -> tuple[list[str], Counter[str]]:
    """Every cell of one state (of one command): what is wrong, and how many cells had which answer."""
    rows, now = await reach(state)
    wrong: list[str] = []
    counts: Counter[str] = Counter()
    floor = Floor(rows, now)
    await floor.begin()
    for role, row in _cells(only):
        legal = may_give(role, row.command)
        expected = answer_in(as_sent_by(role, row), state) if legal else "forbidden"
        if expected == "ok" and not floor.views_unchanged():
            wrong.append(f"{state}: an illegal cell before {row.command} changes a view")
        answer = await floor.ask(role, row.command)
        counts[expected] += 1
        cell = f"{role or SERVER}, {state}: {row.command}"
        if answer != ("ack" if expected in ("ok", "same") else expected):
            wrong.append(f"{cell} is answered {answer}, not {expected}")
        elif expected == "ok" and not floor.happened():
            wrong.append(f"{cell} is accepted, and nothing happens")
        elif expected != "ok" and (changed := floor.unchanged()):
            wrong.append(f"{cell} ({expected}) changes {', '.join(changed)}")
        if expected == "ok" or len(floor.journal.rows[ROOM]) > len(rows):
            await floor.end()
            await floor.begin()
    if not floor.views_unchanged():
        wrong.append(f"{state}: one of the last illegal cells changes a view")
    await floor.end()
    return wrong, counts


def _cells(only: type[c.Command] | None) -> Iterator[tuple[Role | None, Row]]:
    for row in ROWS:
        if only is not None and type(row.command) is not only:
            continue
        for role in Role:
            yield role, row
        if ROLES[type(row.command)] == SERVER:
            yield None, row


def test_every_command_has_its_rows() -> None:
    for command in COMMANDS:
        name = command.__name__
        assert command in ROLES, (
            f"{name} is new: say in table.py who may give it (ROLES), and add rows for plausible and for "
            f"wrong arguments (rows_*.py): what it is answered in each of the states of states.py; add a "
            f"state there if it brings one"
        )
        rows = [row for row in ROWS if type(row.command) is command]
        assert rows, f"{name} has no row (rows_*.py): say what it is answered in each state of states.py"
        for row in rows:
            for state in State:
                answer_in(row, state)
        assert any("ok" in row.cells for row in rows), f"{name} is legal nowhere in the table"


def test_every_row_speaks_of_states_and_codes_that_there_are() -> None:
    codes = {*map(str, Code), "ok", "same"}
    for row in ROWS:
        assert set(row.cells) <= codes, row
        assert {state for states in row.cells.values() for state in states.split()} <= set(State), row


@pytest.mark.parametrize("state", State)
async def test_every_cell_is_answered_as_the_table_says(state: State) -> None:
    wrong, counts = await check(state)
    assert not wrong, f"{len(wrong)} cells, the first: " + "\n".join(wrong[:20])
    assert counts["forbidden"] > 100
    assert counts["ok"] + counts["same"] > 0


# Controls: what is broken must be noticed


class WarnsWhileSuspended(Meeting):
    """Forgets to ask whether the meeting is open (R8)."""

    def handle(self, command: c.Command, now_ms: int) -> list[Event]:
        try:
            return super().handle(command, now_ms)
        except Refused:
            if isinstance(command, c.WarnTurn):
                return []
            raise


class ChangesBeforeItRefuses(Meeting):
    """Breaks R1."""

    def handle(self, command: c.Command, now_ms: int) -> list[Event]:
        try:
            return super().handle(command, now_ms)
        except Refused:
            self.state.queue.comebacks += 1
            raise


async def test_a_view_that_changes_by_itself_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def restless(self: Room, viewer: Viewer) -> Sections:
        told = Projection(self.meeting, self.words, self.stage_seq).sections(viewer)
        return told | {"session": len(told)} if viewer.console else told

    monkeypatch.setattr(Room, "view", restless)
    wrong, _ = await check(State.BICARA, only=c.EndTurn)
    assert wrong
    assert all("changes a view" in cell for cell in wrong)


@pytest.mark.parametrize("broken", [WarnsWhileSuspended, ChangesBeforeItRefuses])
async def test_a_check_that_is_forgotten_is_caught(
    broken: type[Meeting], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.room.Meeting", broken)
    wrong, _ = await check(State.SKORS, only=c.WarnTurn)
    assert wrong


@pytest.mark.parametrize("command", [c.WarnTurn, c.ConnectSeat])
async def test_one_role_too_many_is_caught(command: type[c.Command], monkeypatch: pytest.MonkeyPatch) -> None:
    name = wire.type_of(command)
    table = dict(access.MESSAGES) | {name: access.MESSAGES[name] | {Role.NOTULIS}}
    monkeypatch.setattr(access, "MESSAGES", table)
    wrong, _ = await check(State.BICARA, only=command)
    assert wrong
    assert all("notulis" in cell for cell in wrong)


async def test_one_role_too_few_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(access.MESSAGES) | {"end_turn": access.MESSAGES["end_turn"] - {Role.PIMPINAN}}
    monkeypatch.setattr(access, "MESSAGES", table)
    wrong, _ = await check(State.BICARA, only=c.EndTurn)
    assert wrong
    assert all("pimpinan" in cell and "EndTurn" in cell for cell in wrong)
