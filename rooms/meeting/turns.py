"""The floor: the one live turn, its clocks, and the turns that were.

Driven by events and by time as an argument. At most one turn is live (R20), a finished turn never changes,
and the clock of a speaker moves only in ``bicara`` while the meeting is not suspended (R23).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from rooms.ids import ItemId, PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.errors import Code, Refused
from rooms.meeting.events import (
    Event,
    InterjectionBegan,
    MeetingResumed,
    MeetingSuspended,
    RoomReopened,
    TurnCalled,
    TurnContinued,
    TurnEnded,
    TurnExtended,
    TurnHeld,
    TurnLimitReached,
    TurnPaused,
    TurnRestored,
    TurnWarned,
)
from rooms.meeting.vocabulary import TurnMedia, TurnState


class Step(StrEnum):
    """What may happen to a turn."""

    TAHAN = "tahan"
    LANJUT = "lanjut"
    LINE_LOST = "line_lost"
    LINE_BACK = "line_back"
    SELA = "sela"
    KEMBALI = "kembali"
    CUKUP = "cukup"
    TUNDA = "tunda"
    GRACE_OVER = "grace_over"
    BATAL = "batal"
    PULIH = "pulih"
    """The call that ended it was undone."""


TRANSITIONS: Mapping[TurnState, Mapping[Step, TurnState]] = {
    TurnState.BICARA: {
        Step.TAHAN: TurnState.DITAHAN,
        Step.LINE_LOST: TurnState.JEDA,
        Step.SELA: TurnState.DISELA,
        Step.CUKUP: TurnState.SELESAI,
        Step.TUNDA: TurnState.DITUNDA,
        Step.BATAL: TurnState.DIBATALKAN,
    },
    TurnState.DITAHAN: {
        Step.LANJUT: TurnState.BICARA,
        Step.CUKUP: TurnState.SELESAI,
        Step.TUNDA: TurnState.DITUNDA,
    },
    TurnState.JEDA: {
        Step.LINE_BACK: TurnState.BICARA,
        Step.TAHAN: TurnState.DITAHAN,
        Step.SELA: TurnState.DISELA,
        Step.CUKUP: TurnState.SELESAI,
        Step.TUNDA: TurnState.DITUNDA,
        Step.GRACE_OVER: TurnState.PUTUS,
        Step.BATAL: TurnState.DIBATALKAN,
    },
    TurnState.DISELA: {
        Step.KEMBALI: TurnState.BICARA,
        Step.SELA: TurnState.DISELA,
        Step.TAHAN: TurnState.DITAHAN,
        Step.LINE_LOST: TurnState.JEDA,
        Step.CUKUP: TurnState.SELESAI,
        Step.TUNDA: TurnState.DITUNDA,
        Step.GRACE_OVER: TurnState.PUTUS,
    },
    TurnState.SELESAI: {Step.PULIH: TurnState.BICARA},
    TurnState.DITUNDA: {},
    TurnState.PUTUS: {Step.PULIH: TurnState.BICARA},
    TurnState.DIBATALKAN: {},
}
"""Every move a turn can make; what is not here is refused with WRONG_STATE."""
ENDED = frozenset({TurnState.SELESAI, TurnState.DITUNDA, TurnState.PUTUS, TurnState.DIBATALKAN})


@dataclass(slots=True)
class Stopwatch:
    """A span of time that can be stopped and goes on; all in ms."""

    limit_ms: int
    used_ms: int = 0
    since: int | None = None
    """Instant of the start; None while it stands still."""

    def start(self, at: int) -> None:
        if self.since is None:
            self.since = at

    def stop(self, at: int) -> None:
        self.used_ms, self.since = self.spent(at), None

    def spent(self, at: int) -> int:
        return self.used_ms + (0 if self.since is None else max(0, at - self.since))

    @property
    def deadline(self) -> int | None:
        return None if self.since is None else self.since + self.limit_ms - self.used_ms


@dataclass(slots=True)
class Turn:
    turn_id: TurnId
    number: int
    """1, 2, 3 ... among all turns of the meeting."""
    seat_id: SeatId
    kecamatan: str
    request_id: RequestId | None
    peserta_id: PesertaId | None
    item_id: ItemId
    media: TurnMedia
    called_at: int
    clock: Stopwatch
    state: TurnState = TurnState.BICARA
    grace: Stopwatch | None = None
    """Runs in ``jeda`` only."""
    warned: bool = False
    overrun: bool = False
    """The limit was reached and not extended since."""
    held_at: int | None = None
    """Since when the chair holds it; None: it is not held."""
    ended_at: int | None = None
    suggested: SeatId | None = None
    """Who was suggested at the call; another seat than its own: the call was an override (R43)."""
    ends: TurnId | None = None
    """The turn that gave way to its call."""

    @property
    def by_call(self) -> bool:
        return self.media is TurnMedia.PANGGILAN

    def after(self, step: Step) -> TurnState:
        """The state this step leads to; raises Refused(WRONG_STATE)."""
        try:
            return TRANSITIONS[self.state][step]
        except KeyError:
            raise Refused(Code.WRONG_STATE, f"{step} in {self.state}") from None

    def end(self, step: Step, now: int) -> TurnEnded:
        return TurnEnded(self.turn_id, self.after(step), self.clock.spent(now))


@dataclass(slots=True)
class Tally:
    """What a seat or kecamatan has had of the floor, in turns that ended as ``selesai`` (R17)."""

    turns: int = 0
    last: int = 0
    """Number of its newest turn."""
    spoken_ms: int = 0
    """Of all its turns, however they ended."""


@dataclass(slots=True)
class Turns:
    HEARS: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            TurnCalled,
            TurnExtended,
            TurnWarned,
            TurnLimitReached,
            TurnHeld,
            TurnPaused,
            InterjectionBegan,
            TurnContinued,
            TurnEnded,
            TurnRestored,
            MeetingSuspended,
            MeetingResumed,
            RoomReopened,
        }
    )
    """The events that move it."""
    turns: dict[TurnId, Turn] = field(default_factory=dict)
    live_id: TurnId | None = None
    frozen: bool = False
    """The meeting is suspended: no clock moves (R8)."""
    seat_before: int = 0
    """``last`` of the office whose turn ended last, as it was before: for R52."""
    kecamatan_before: int = 0
    """The same of its kecamatan."""
    seats: dict[SeatId, Tally] = field(default_factory=dict)
    kecamatan: dict[str, Tally] = field(default_factory=dict)

    @property
    def live(self) -> Turn | None:
        return None if self.live_id is None else self.turns[self.live_id]

    def get(self, turn_id: TurnId) -> Turn:
        """Raises Refused(UNKNOWN_TURN)."""
        if turn_id not in self.turns:
            raise Refused(Code.UNKNOWN_TURN, turn_id)
        return self.turns[turn_id]

    @property
    def newest(self) -> Turn | None:
        """The turn that began last and was not undone."""
        return next((t for t in reversed(self.turns.values()) if t.state is not TurnState.DIBATALKAN), None)

    def extend(self, turn_id: TurnId, seconds: int) -> TurnExtended:
        """R28."""
        if not 1 <= seconds <= 3600:
            raise Refused(Code.BAD_VALUE, f"{seconds} s")
        return TurnExtended(self._live(turn_id).turn_id, seconds)

    def warn(self, turn_id: TurnId) -> TurnWarned:
        return TurnWarned(self._live(turn_id).turn_id)

    def _live(self, turn_id: TurnId) -> Turn:
        turn = self.get(turn_id)
        if turn.turn_id != self.live_id:
            raise Refused(Code.WRONG_STATE, turn.state)
        return turn

    def deadline(self) -> int | None:
        turn = self.live
        if turn is None:
            return None
        if turn.grace is not None:
            return turn.grace.deadline
        return None if turn.overrun else turn.clock.deadline

    def due(self, now: int) -> list[Event]:
        """R26, R28."""
        turn, deadline = self.live, self.deadline()
        if turn is None or deadline is None or now < deadline:
            return []
        return [TurnLimitReached(turn.turn_id) if turn.grace is None else turn.end(Step.GRACE_OVER, now)]

    def apply(self, event: Event, at: int, kecamatan: str = "") -> None:
        """``kecamatan``: of the seat, for TurnCalled."""
        match event:
            case TurnCalled():
                turn = Turn(
                    event.turn_id, len(self.turns) + 1, event.seat_id, kecamatan, event.request_id,
                    event.peserta_id, event.item_id, event.media, at, Stopwatch(event.limit_s * 1000),
                )  # fmt: skip
                turn.suggested = event.suggested.seat_id if event.suggested else None
                turn.ends = event.ends
                self.turns[event.turn_id], self.live_id = turn, event.turn_id
            case TurnExtended():
                turn = self.turns[event.turn_id]
                turn.clock.limit_ms = max(turn.clock.limit_ms, turn.clock.spent(at)) + event.seconds * 1000
                turn.overrun = False
            case TurnWarned():
                self.turns[event.turn_id].warned = True
            case TurnLimitReached():
                self.turns[event.turn_id].overrun = True
            case TurnHeld():
                turn = self.turns[event.turn_id]
                turn.state, turn.grace, turn.held_at = TurnState.DITAHAN, None, at
            case TurnPaused():
                turn = self.turns[event.turn_id]
                turn.state, turn.grace = TurnState.JEDA, Stopwatch(event.grace_until - at)
            case InterjectionBegan():
                if event.interrupted is None:
                    return
                turn = self.turns[event.interrupted]
                turn.state, turn.grace = TurnState.DISELA, None
            case TurnContinued():
                turn = self.turns[event.turn_id]
                turn.state, turn.grace, turn.held_at = TurnState.BICARA, None, None
            case TurnEnded():
                self._end(event, at)
            case TurnRestored():
                self._restore(self.turns[event.turn_id])
            case MeetingSuspended():
                self.frozen = True
            case MeetingResumed():
                self.frozen = False
            case RoomReopened():
                self._shift(event.outage_ms)
            case _:
                return
        self._run_clocks(at)

    def _run_clocks(self, at: int) -> None:
        """Every clock moves exactly while its state and the meeting say so."""
        turn = self.live
        if turn is None:
            return
        for clock, runs in ((turn.clock, turn.state is TurnState.BICARA), (turn.grace, True)):
            if clock is not None and runs and not self.frozen:
                clock.start(at)
            elif clock is not None:
                clock.stop(at)

    def _shift(self, outage_ms: int) -> None:
        turn = self.live
        for clock in (turn.clock, turn.grace) if turn else ():
            if clock is not None and clock.since is not None:
                clock.since += outage_ms

    def _end(self, event: TurnEnded, at: int) -> None:
        turn = self.turns[event.turn_id]
        turn.clock.stop(at)
        turn.clock.used_ms = event.spoken_ms
        turn.state, turn.grace, turn.held_at = event.outcome, None, None
        turn.ended_at, self.live_id = at, None
        if event.outcome is TurnState.DIBATALKAN:
            return
        seat = self.seats.setdefault(turn.seat_id, Tally())
        kecamatan = self.kecamatan.setdefault(turn.kecamatan, Tally())
        self.seat_before, self.kecamatan_before = seat.last, kecamatan.last
        for tally in (seat, kecamatan):
            tally.spoken_ms += event.spoken_ms
            if event.outcome is TurnState.SELESAI:
                tally.turns += 1
                tally.last = turn.number

    def _restore(self, turn: Turn) -> None:
        """Only ever the turn that ended last (R52)."""
        heard = (
            (self.seats[turn.seat_id], self.seat_before),
            (self.kecamatan[turn.kecamatan], self.kecamatan_before),
        )
        for tally, last in heard:
            tally.spoken_ms -= turn.clock.used_ms
            if turn.state is TurnState.SELESAI:
                tally.turns -= 1
                tally.last = last
        turn.state, turn.ended_at, self.live_id = TurnState.BICARA, None, turn.turn_id
