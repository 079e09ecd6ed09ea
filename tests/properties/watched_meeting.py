"""A meeting that random machines act on, what they have seen of it, and what always holds."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar, TypeGuard

from hypothesis.stateful import RuleBasedStateMachine, invariant

from rooms import codec
from rooms.fairness.report import report
from rooms.ids import DeviceId, PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.attendance import count
from rooms.meeting.commands import (
    CloseMeeting,
    Command,
    ConnectSeat,
)
from rooms.meeting.errors import Refused
from rooms.meeting.events import (
    Event,
    InterjectionBegan,
    InterjectionEnded,
    PesertaRegistered,
    PointRaised,
    TurnCalled,
    TurnEnded,
    TurnLimitReached,
    TurnRequested,
    TurnRestored,
)
from rooms.meeting.meeting import Meeting
from rooms.meeting.stage import stage
from rooms.meeting.vocabulary import (
    Consent,
    Hak,
    MeetingStatus,
    RequestState,
    TurnState,
    Wajah,
)
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.support.meeting import AULA, OFFICES

LIVE = {TurnState.BICARA, TurnState.DITAHAN, TurnState.JEDA, TurnState.DISELA}


def _connects(command: Command) -> TypeGuard[ConnectSeat]:
    return isinstance(command, ConnectSeat)


class WatchedMeeting(RuleBasedStateMachine):
    make: ClassVar[Callable[[], Meeting]] = staticmethod(lambda: Meeting(NASKAH_BERGILIR))

    def __init__(self) -> None:
        super().__init__()
        self.meeting = type(self).make()
        self.now = 1_000
        self.twin = Meeting(NASKAH_BERGILIR)
        """Folds what the meeting has told and sees nothing else."""
        self.log: list[tuple[Event, int]] = []
        self.calls: Counter[TurnId] = Counter()
        self.ends: Counter[TurnId] = Counter()
        self.spoken: Counter[TurnId] = Counter()
        self.limits: Counter[TurnId] = Counter()
        self.rights: dict[PesertaId, str] = {}
        self.minted = 0

    def give(self, command: Command) -> None:
        seats = self.meeting.presence.seats
        device = seats[command.seat_id].device if _connects(command) and command.seat_id in seats else None
        try:
            events = self.meeting.handle(command, self.now)
        except Refused:
            assert self.meeting.state == self.twin.state, f"refused, but changed: {command}"
        else:
            self.take(events)
            if _connects(command):
                self.another_device_comes_on_air_by_a_decision_only(command, device)

    def another_device_comes_on_air_by_a_decision_only(
        self, command: ConnectSeat, before: DeviceId | None
    ) -> None:
        """R103."""
        seat = self.meeting.presence.seats[command.seat_id]
        if before in (None, command.device) or command.device is None or seat.wajah is Wajah.DIKENAL:
            return
        shown = stage(self.meeting)
        assert command.seat_id not in [one.seat_id for one in (shown.speaker, shown.responder) if one]

    def take(self, events: list[Event]) -> None:
        for event in events:
            stored = codec.decode(codec.encode(event))
            self.log.append((stored, self.now))
            self.twin.apply(stored, self.now)
            if isinstance(event, TurnCalled | InterjectionBegan):
                self.calls[event.turn_id] += 1
            elif isinstance(event, TurnEnded | InterjectionEnded):
                self.ends[event.turn_id] += 1
                assert event.spoken_ms == self.spoken[event.turn_id], "spoken_ms is not the time in bicara"
            elif isinstance(event, TurnRestored):
                self.ends[event.turn_id] -= 1
            elif isinstance(event, TurnLimitReached):
                self.limits[event.turn_id] += 1
            elif isinstance(event, PesertaRegistered):
                self.rights[event.peserta_id] = event.hak
            elif isinstance(event, TurnRequested | PointRaised):
                assert self.rights[event.peserta_id] != Hak.PENINJAU, "R105"

    def turn_id(self, live: bool) -> TurnId:
        """The live turn, or else the oldest, which has mostly ended."""
        if live and self.meeting.turns.live_id is not None:
            return self.meeting.turns.live_id
        return next(iter(self.calls), TurnId("t0"))

    def speaker(self) -> SeatId:
        turn = self.meeting.turns.live
        return OFFICES[0] if turn is None else turn.seat_id

    def request_of(self, seat_id: SeatId, index: int) -> RequestId:
        own = [r.request_id for r in self.meeting.queue.requests.values() if r.seat_id == seat_id]
        return own[index % len(own)] if own else RequestId("r0")

    def mint(self, letter: str) -> str:
        self.minted += 1
        return f"{letter}{self.minted}"

    # What always holds

    @invariant()
    def at_most_one_turn_is_live(self) -> None:
        live = [t.turn_id for t in self.meeting.turns.turns.values() if t.state in LIVE]
        assert live == ([] if self.meeting.turns.live_id is None else [self.meeting.turns.live_id])
        plan, between = stage(self.meeting), self.meeting.interjections.live_id
        assert plan.speaker is None or plan.speaker.turn_id in (*live, between)
        assert plan.responder is None or (
            plan.responder.turn_id == between and plan.responder != plan.speaker
        )

    @invariant()
    def every_turn_ends_exactly_once(self) -> None:
        assert all(count == 1 for count in self.calls.values())
        for turn_id in self.calls:
            turn = self.meeting.turns.turns.get(turn_id) or self.meeting.interjections.turns[turn_id]
            ended = turn.state not in LIVE
            assert self.ends[turn_id] == int(ended), f"{turn_id} ended {self.ends[turn_id]} times"
        if self.meeting.agenda.status is MeetingStatus.DITUTUP:
            assert self.meeting.turns.live is None
            assert self.meeting.interjections.live is None
            assert not self.meeting.queue.waiting

    @invariant()
    def nobody_is_queued_twice(self) -> None:
        queue = self.meeting.queue
        order = [r for own in queue.waiting.values() for r in own]
        waiting = [r for r in queue.requests.values() if r.state is RequestState.ANTRE]
        assert sorted(order) == sorted(r.request_id for r in waiting)
        busy = [
            r.peserta_id
            for r in queue.requests.values()
            if r.state in (RequestState.ANTRE, RequestState.BICARA)
        ]
        assert len(set(busy)) == len(busy)
        assert set(queue.busy) == set(busy)
        places = [p.request_id for p in self.meeting.order() if p.request_id]
        assert sorted(places) == sorted(order)

    @invariant()
    def everybody_is_counted_once(self) -> None:
        """R80-R82."""
        meeting = self.meeting
        counts = count(meeting.agenda, meeting.presence, meeting.attendance)
        came = [
            meeting.attendance.arrived_at(peserta_id, person.seat_id)
            for peserta_id, person in meeting.presence.peserta.items()
        ]
        people = len([at for at in came if at is not None])
        assert counts.total.peserta == people == sum(counts.unsur.values())
        assert people == sum(counts.jenis_kelamin.values()) == sum(counts.hak.values())
        for part in ("invited", "present", "attended", "peserta"):
            assert getattr(counts.total, part) == sum(getattr(c, part) for c in counts.kecamatan.values())
        assert counts.total.present <= counts.total.attended <= counts.total.invited
        assert counts.total.present == meeting.quorum.present

    @invariant()
    def only_who_may_is_on_air_or_prepared(self) -> None:
        presence, plan = self.meeting.presence, stage(self.meeting)
        on_air = [shown.seat_id for shown in (plan.speaker, plan.responder) if shown]
        for seat_id in (*plan.previews, *on_air):
            assert presence.seats[seat_id].connected
            assert presence.seats[seat_id].consent is Consent.DIREKAM
        assert AULA not in (*plan.previews, *on_air)
        assert len(set(plan.previews)) == len(plan.previews)
        assert len(set(on_air)) == len(on_air)
        turn = self.meeting.turns.live
        assert turn is None or turn.seat_id not in plan.previews

    @invariant()
    def only_who_is_there_and_on_stage_shares_a_screen(self) -> None:
        """R91-R93, R99."""
        plan, shared = stage(self.meeting), self.meeting.screens.shared
        on_stage = [shown.seat_id for shown in (plan.aula, plan.speaker, plan.responder) if shown]
        assert len(shared) <= 2
        assert set(shared) <= set(on_stage)
        assert all(self.meeting.presence.seats[seat_id].connected for seat_id in shared)
        if self.meeting.slides.shown is not None:
            assert plan.screen is None
        else:
            assert plan.screen.seat_id in shared if plan.screen else not shared

    @invariant()
    def who_was_passed_over_is_not_prepared(self) -> None:
        assert not set(self.meeting.queue.aside) & set(self.meeting.presence.bersiap)

    @invariant()
    def the_board_that_was_kept_is_the_board_of_the_state(self) -> None:
        assert self.meeting.board() == Meeting(NASKAH_BERGILIR, self.meeting.state).board()
        assert self.meeting.order() == Meeting(NASKAH_BERGILIR, self.meeting.state).order()

    @invariant()
    def what_was_told_is_all_that_happened(self) -> None:
        assert self.meeting.state == self.twin.state

    def teardown(self) -> None:
        self.a_snapshot_restores_the_live_state()
        self.give(CloseMeeting())
        self.every_turn_ends_exactly_once()
        self.folding_the_journal_gives_the_live_state()
        self.erased_words_change_nothing()
        self.the_report_adds_up()

    def folding_the_journal_gives_the_live_state(self) -> None:
        folded = Meeting(NASKAH_BERGILIR)
        for event, at in self.log:
            folded.apply(event, at)
        assert folded.state == self.meeting.state

    def the_report_adds_up(self) -> None:
        """R84, whatever happened; the onlooker understands every event."""
        found = report([(at, [event]) for event, at in self.log], self.now).measures
        every, total = self.meeting.turns.turns.values(), found.total
        turns = [turn for turn in every if turn.state is not TurnState.DIBATALKAN]
        assert (total.turns, total.hands) == (len(turns), len(self.meeting.queue.requests))
        assert total.spoken_ms == sum(turn.clock.spent(self.now) for turn in turns)
        for rows in found.groups.values():
            for part in ("peserta", "hands", "turns", "spoken_ms", "unserved"):
                assert sum(getattr(row, part) for row in rows.values()) == getattr(total, part)

    def erased_words_change_nothing(self) -> None:
        """R4."""
        folded = Meeting(NASKAH_BERGILIR)
        for event, at in self.log:
            stored = codec.encode(event)
            folded.apply(codec.decode(replace(stored, private=None)), at)
        assert folded.state == self.meeting.state

    def a_snapshot_restores_the_live_state(self) -> None:
        restored = Meeting.restore(NASKAH_BERGILIR, self.meeting.snapshot())
        assert restored.state == self.meeting.state
        assert restored.next_deadline() == self.meeting.next_deadline()
        assert restored.order() == self.meeting.order()
