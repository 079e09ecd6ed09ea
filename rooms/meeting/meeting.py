"""The meeting: composes agenda, presence, queue and turns, and holds the rules that cross them (RULES.md).

Driven by ``handle`` and ``handle_timer`` with the time as an argument, or by ``apply`` when a journal is
folded; all three end in the same fold. It never reads a clock, mints an id, or changes before it refuses.
"""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import assert_never

from rooms.ids import RequestId, SeatId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.agenda import BEGUN, NOT_CLOSED, OPEN, RUNNING, Agenda, check_script
from rooms.meeting.boards import Boards
from rooms.meeting.errors import Code, Refused
from rooms.meeting.presence import Presence
from rooms.meeting.queue import Queue, Request
from rooms.meeting.state import State, restored
from rooms.meeting.turns import Step, Turn, Turns
from rooms.meeting.vocabulary import Consent, MeetingStatus, Place, TurnMedia, TurnState
from rooms.ordering.board import Board, Policy, Reason
from rooms.ordering.policies import choose

SHOWN = 10
"""How many places of the suggested order are kept with a call."""
_FAIR = (Reason.BELUM_BICARA, Reason.WAKTU_TERSEDIKIT, Reason.URUTAN_DATANG)
"""Reasons of the seconds-fair tier."""


class Meeting:
    """One meeting. ``handle`` and ``handle_timer`` return the events they have applied."""

    def __init__(self, policy: Policy, state: State | None = None) -> None:
        """``policy``: the order of a meeting whose settings ask for none (R37)."""
        self.state = state or State()
        self._default = policy
        self._boards = Boards(self.state)

    @property
    def agenda(self) -> Agenda:
        return self.state.agenda

    @property
    def presence(self) -> Presence:
        return self.state.presence

    @property
    def queue(self) -> Queue:
        return self.state.queue

    @property
    def turns(self) -> Turns:
        return self.state.turns

    @property
    def policy(self) -> Policy:
        return choose(self.agenda.settings, self._default)

    # In and out

    def handle(self, command: c.Command, now_ms: int) -> list[e.Event]:
        """Decide and apply; raises Refused, and then nothing has changed (R1)."""
        now = max(now_ms, self.state.last_at)
        return self._funnel(self._decide(command, now), now)

    def next_deadline(self) -> int | None:
        """When ``handle_timer`` will have something to say, in ms; None: never as things stand."""
        return self.turns.deadline()

    def handle_timer(self, now_ms: int) -> list[e.Event]:
        """What the passing of time brings; nothing due: no event."""
        now = max(now_ms, self.state.last_at)
        return self._funnel(self.turns.due(now), now)

    def apply(self, event: e.Event, at_ms: int) -> None:
        """Fold one event; asks no questions (R1)."""
        self.state.last_at = max(at_ms, self.state.last_at)
        match event:
            case e.TurnEnded():
                turn = self.turns.turns[event.turn_id]
                self.queue.after_turn(event, turn.seat_id, turn.request_id)
                weight = self.agenda.seats[turn.seat_id].bobot
                self.state.accounts.charge(turn.seat_id, event.spoken_ms, weight)
            case e.TurnCalled():
                self._follow(event)
            case e.NoteLogged():
                self.state.notes[event.note_id] = event.spoken_at
            case _:
                pass
        self.agenda.apply(event, at_ms)
        self.presence.apply(event)
        self.queue.apply(event, at_ms)
        kecamatan = self.agenda.kecamatan(event.seat_id) if isinstance(event, e.TurnCalled) else ""
        self.turns.apply(event, at_ms, kecamatan)
        self._boards.touch(event)

    def _follow(self, event: e.TurnCalled) -> None:
        """R40: a suggestion of the seconds-fair order that was followed moves the current minimum."""
        suggested, turns = event.suggested, self.turns.turns
        if suggested is None or suggested.seat_id != event.seat_id or suggested.reason not in _FAIR:
            return
        before = turns[next(reversed(turns))].seat_id if turns else None
        waits = before in self.queue.waiting and self.presence.seats[before].on_air_refusal is None
        self.state.accounts.follow(event.seat_id, before if waits else None)

    def snapshot(self) -> bytes:
        """The state as bytes; ``restore`` gives an equal meeting."""
        return self.state.snapshot()

    @classmethod
    def restore(cls, policy: Policy, snapshot: bytes) -> "Meeting":
        """Raises SnapshotUnreadable."""
        return cls(policy, restored(snapshot))

    # The suggested order

    def order(self) -> tuple[Place, ...]:
        """The whole suggested order with its reasons (R16)."""
        return tuple(self._boards.places(self.policy))

    def board(self) -> Board:
        """What the policy sees; it holds until the next event."""
        return self._boards.board()

    def _callable(self) -> Iterator[Place]:
        """The places whose offices could be called now, in order (R18, R43)."""
        live = self.turns.live
        for place in self._boards.places(self.policy):
            on_floor = live is not None and live.seat_id == place.seat_id
            if not on_floor and self.presence.seats[place.seat_id].on_air_refusal is None:
                yield place

    def _bersiap(self) -> tuple[SeatId, ...]:
        """R18."""
        wanted = self.agenda.settings.bersiap if self.agenda.dialog_runs else 0
        chosen: dict[SeatId, None] = {}
        for place in self._callable() if wanted else ():
            chosen[place.seat_id] = None
            if len(chosen) == wanted:
                break
        return tuple(chosen)

    # The funnel

    def _funnel(self, events: list[e.Event], now: int) -> list[e.Event]:
        """Every event of this meeting goes through here; what follows from any of them is added (R18)."""
        for event in events:
            self.apply(event, now)
        bersiap = self._bersiap() if events else ()
        if events and bersiap != tuple(self.presence.bersiap):
            changed = e.BersiapChanged(bersiap)
            self.apply(changed, now)
            events.append(changed)
        return events

    def _decide(self, command: c.Command, now: int) -> list[e.Event]:
        match command:
            case c.ConfigureMeeting():
                return [self.agenda.configure(command)]
            case c.RegisterPeserta():
                return self._register(command)
            case c.OpenMeeting():
                return [self.agenda.open()]
            case c.StartItem():
                started = self.agenda.start(command.item_id)
                return [*self._clear_floor(now), started]
            case c.SuspendMeeting():
                self.agenda.need(*OPEN)
                return [e.MeetingSuspended()]
            case c.ResumeMeeting():
                self.agenda.need(MeetingStatus.DISKORS)
                return [e.MeetingResumed()]
            case c.CloseMeeting():
                return self._close(now)
            case c.SetScript():
                self.agenda.need(*NOT_CLOSED)
                check_script(command.seat_ids, self.agenda.seats)
                return [e.ScriptSet(command.seat_ids)]
            case c.RequestTurn():
                return self._request(command)
            case c.WithdrawRequest():
                self.agenda.need(*RUNNING)
                self.agenda.seat(command.seat_id)
                return [e.RequestWithdrawn(self.queue.get(command.seat_id, command.request_id).request_id)]
            case c.ReorderRequests():
                self.agenda.need(*RUNNING)
                self.agenda.seat(command.seat_id)
                return self.queue.reorder(command.seat_id, command.request_ids)
            case c.GiveConsent():
                return self._consent(command, now)
            case c.ConnectSeat():
                return self._connect(command)
            case c.DropSeat():
                return self._drop(command, now)
            case c.LogNote():
                return self._note(command)
            case c.ReopenRoom():
                return self._reopen(command, now)
            case c.SetOffRecord():
                self.agenda.need(*RUNNING)
                same = command.off_record == self.agenda.off_record
                return [] if same else [e.RecordSwitched(command.off_record)]
            case _:
                self.agenda.need(*OPEN)
                return self._on_floor(command, now)

    def _on_floor(
        self,
        command: c.ConfirmReady
        | c.CallSeat
        | c.ExtendTurn
        | c.WarnTurn
        | c.HoldTurn
        | c.ContinueTurn
        | c.EndTurn
        | c.PostponeTurn,
        now: int,
    ) -> list[e.Event]:
        """Decisions of the chair; none is taken unless the meeting is open (R8)."""
        match command:
            case c.ConfirmReady():
                self.agenda.seat(command.seat_id)
                return self.presence.confirm(command.seat_id, command.ready)
            case c.CallSeat():
                return self._call(command, now)
            case c.ExtendTurn():
                return [self.turns.extend(command.turn_id, command.seconds)]
            case c.WarnTurn():
                return [self.turns.warn(command.turn_id)]
            case c.HoldTurn():
                self.turns.get(command.turn_id).after(Step.TAHAN)
                return [e.TurnHeld(command.turn_id)]
            case c.ContinueTurn():
                return self._continue(self.turns.get(command.turn_id))
            case c.EndTurn():
                return [self.turns.get(command.turn_id).end(Step.CUKUP, now)]
            case c.PostponeTurn():
                return [self.turns.get(command.turn_id).end(Step.TUNDA, now)]
            case _:
                assert_never(command)

    # Rules that cross the parts

    def _register(self, command: c.RegisterPeserta) -> list[e.Event]:
        """R11."""
        self.agenda.need(*NOT_CLOSED)
        self.agenda.seat(command.seat_id)
        known = self.presence.peserta.get(command.peserta_id)
        if known and known.seat_id != command.seat_id and command.peserta_id in self.queue.busy:
            raise Refused(Code.WRONG_STATE, "waits or speaks for another seat")
        return [e.PesertaRegistered(**asdict(command))]

    def _clear_floor(self, now: int) -> list[e.Event]:
        turn = self.turns.live
        return [] if turn is None else [turn.give_way(now)]

    def _close(self, now: int) -> list[e.Event]:
        """R9."""
        self.agenda.need(*RUNNING)
        ended = self._clear_floor(now)
        waiting: list[RequestId] = [r for order in self.queue.waiting.values() for r in order]
        turn = self.turns.live
        if turn and turn.request_id and turn.state is TurnState.JEDA:
            waiting.append(turn.request_id)
        return [*ended, *map(e.RequestBecameWritten, waiting), e.MeetingClosed()]

    def _request(self, command: c.RequestTurn) -> list[e.Event]:
        """R12-R14."""
        self.agenda.need(*OPEN)
        if not self.agenda.dialog_runs:
            raise Refused(Code.QUEUE_CLOSED)
        self.agenda.speaking_seat(command.seat_id)
        self.presence.person_of(command.seat_id, command.peserta_id)
        self.queue.request(command.request_id, command.peserta_id)
        if self.presence.seats[command.seat_id].consent is Consent.TANPA_REKAMAN:
            raise Refused(Code.NO_CONSENT, command.seat_id)
        return [e.TurnRequested(**asdict(command))]

    def _call(self, command: c.CallSeat, now: int) -> list[e.Event]:
        """R21, R22."""
        self.agenda.need(*OPEN)
        if not self.agenda.dialog_runs or self.agenda.item_id is None:
            raise Refused(Code.QUEUE_CLOSED)
        self.agenda.speaking_seat(command.seat_id)
        if command.turn_id in self.turns.turns:
            raise Refused(Code.DUPLICATE_ID, command.turn_id)
        request = self._request_to_serve(command)
        live = self.turns.live
        if live is not None and live.seat_id == command.seat_id:
            raise Refused(Code.WRONG_STATE, "has the floor")
        self._check_on_air(command.seat_id, command.media)
        called = e.TurnCalled(
            turn_id=command.turn_id,
            seat_id=command.seat_id,
            request_id=request.request_id if request else None,
            peserta_id=request.peserta_id if request else None,
            item_id=self.agenda.item_id,
            media=command.media,
            limit_s=self.agenda.settings.turn_limit_s,
            policy=self.policy.name,
            shown=tuple(islice(self._boards.places(self.policy), SHOWN)),
            reason=command.reason,
            suggested=next(self._callable(), None),
        )
        return [*self._clear_floor(now), called]

    def _request_to_serve(self, command: c.CallSeat) -> Request | None:
        if command.request_id is None:
            return self.queue.first(command.seat_id)
        return self.queue.get(command.seat_id, command.request_id)

    def _check_on_air(self, seat_id: SeatId, media: TurnMedia) -> None:
        seat = self.presence.seats[seat_id]
        refusal = seat.on_air_refusal if media is TurnMedia.PANGGILAN else None
        if refusal is None and seat.consent is Consent.TANPA_REKAMAN:
            refusal = Code.NO_CONSENT
        if refusal is not None:
            raise Refused(refusal, seat_id)

    def _continue(self, turn: Turn) -> list[e.Event]:
        """R25."""
        turn.after(Step.LANJUT)
        self._check_on_air(turn.seat_id, turn.media)
        return [e.TurnContinued(turn.turn_id)]

    def _speaker_by_call(self, seat_id: SeatId) -> Turn | None:
        turn = self.turns.live
        return turn if turn and turn.seat_id == seat_id and turn.by_call else None

    def _consent(self, command: c.GiveConsent, now: int) -> list[e.Event]:
        """R31."""
        self.agenda.need(*NOT_CLOSED)
        self.agenda.seat(command.seat_id)
        if command.consent is Consent.BELUM:
            raise Refused(Code.BAD_VALUE, command.consent)
        if self.presence.seats[command.seat_id].consent is command.consent:
            return []
        turn = self._speaker_by_call(command.seat_id)
        leaves = [turn.give_way(now)] if turn and command.consent is Consent.TANPA_REKAMAN else []
        return [*leaves, e.ConsentGiven(command.seat_id, command.consent)]

    def _connect(self, command: c.ConnectSeat) -> list[e.Event]:
        """R26, R30."""
        self.agenda.seat(command.seat_id)
        seat = self.presence.seats[command.seat_id]
        same = seat.connected and seat.can_publish == command.can_publish
        if same or self.agenda.status is MeetingStatus.DITUTUP:
            return []
        connected = e.SeatConnected(command.seat_id, command.can_publish)
        turn = self._speaker_by_call(command.seat_id)
        if turn and turn.state is TurnState.JEDA and command.can_publish:
            turn.after(Step.LINE_BACK)
            return [connected, e.TurnContinued(turn.turn_id)]
        return [connected]

    def _drop(self, command: c.DropSeat, now: int) -> list[e.Event]:
        """R26, R30."""
        self.agenda.seat(command.seat_id)
        if not self.presence.seats[command.seat_id].connected or self.agenda.status is MeetingStatus.DITUTUP:
            return []
        return [e.SeatDropped(command.seat_id), *self._pause(self._speaker_by_call(command.seat_id), now)]

    def _pause(self, turn: Turn | None, now: int) -> list[e.Event]:
        if turn is None or turn.state is not TurnState.BICARA:
            return []
        turn.after(Step.LINE_LOST)
        return [e.TurnPaused(turn.turn_id, now + self.agenda.settings.grace_s * 1000)]

    def _reopen(self, command: c.ReopenRoom, now: int) -> list[e.Event]:
        """R33."""
        self.agenda.need(*NOT_CLOSED)
        if command.outage_ms < 0:
            raise Refused(Code.BAD_VALUE, "outage_ms")
        turn = self.turns.live
        return [e.RoomReopened(command.outage_ms), *self._pause(turn if turn and turn.by_call else None, now)]

    def _note(self, command: c.LogNote) -> list[e.Event]:
        """R32."""
        self.agenda.need(*BEGUN)
        if command.note_id in self.state.notes:
            raise Refused(Code.DUPLICATE_ID, command.note_id)
        if command.seat_id is not None:
            self.agenda.seat(command.seat_id)
        if command.turn_id is not None:
            self.turns.get(command.turn_id)
        return [e.NoteLogged(**asdict(command))]
