"""Random meetings: every command with plausible and implausible ids, time that jumps, and the invariants.

``MeetingMachine`` is run by test_meeting.py on the real meeting, and on sabotaged ones that it must catch.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rooms import codec
from rooms.fairness.report import report
from rooms.ids import ItemId, NoteId, PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.attendance import count
from rooms.meeting.commands import (
    CallSeat,
    CloseMeeting,
    Command,
    ConfirmReady,
    ConnectSeat,
    ContinueTurn,
    DropSeat,
    EndTurn,
    ExtendTurn,
    GiveConsent,
    HoldTurn,
    LogNote,
    OpenMeeting,
    PassOver,
    PostponeTurn,
    RegisterPeserta,
    ReopenRoom,
    ReorderRequests,
    RequestTurn,
    ResumeMeeting,
    SetOffRecord,
    SetScript,
    StartItem,
    SuspendMeeting,
    WarnTurn,
    WithdrawRequest,
)
from rooms.meeting.errors import Refused
from rooms.meeting.events import (
    Event,
    InterjectionBegan,
    InterjectionEnded,
    TurnCalled,
    TurnEnded,
    TurnLimitReached,
    TurnRestored,
)
from rooms.meeting.meeting import Meeting
from rooms.meeting.stage import stage
from rooms.meeting.vocabulary import (
    Consent,
    ItemKind,
    JenisCatatan,
    MeetingSettings,
    MeetingStatus,
    RequestState,
    TurnMedia,
    TurnState,
    Urutan,
)
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.support.meeting import AULA, OFFICES, configure, peserta

LIVE = {TurnState.BICARA, TurnState.DITAHAN, TurnState.JEDA, TurnState.DISELA}
SEAT = st.sampled_from([*OFFICES, AULA, SeatId("nowhere")])
OFFICE = st.sampled_from(OFFICES)
NUMBER = st.integers(1, 2)
LIVE_MOSTLY = st.sampled_from([True, True, True, False])


class MeetingMachine(RuleBasedStateMachine):
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
        self.minted = 0

    def give(self, command: Command) -> None:
        try:
            events = self.meeting.handle(command, self.now)
        except Refused:
            assert self.meeting.state == self.twin.state, f"refused, but changed: {command}"
        else:
            self.take(events)

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

    @initialize(
        opened=LIVE_MOSTLY,
        urutan=st.sampled_from([None, *Urutan]),
        penuaan=st.sampled_from([0, 2]),
        beku=st.integers(0, 2),
        insists=st.booleans(),
    )
    def begin(self, opened: bool, urutan: Urutan | None, penuaan: int, beku: int, insists: bool) -> None:
        given = MeetingSettings(
            turn_limit_s=20, warn_before_s=5, grace_s=15, urutan=urutan, penuaan=penuaan, beku=beku,
            kuorum_wajib=insists,
        )  # fmt: skip
        self.give(configure(settings=given))
        for seat_id in OFFICES:
            for number in (1, 2):
                self.give(RegisterPeserta(peserta(seat_id, number), seat_id, "Nama"))
        if opened:
            for seat_id in OFFICES[:5]:
                self.give(ConnectSeat(seat_id, True))
                self.give(GiveConsent(seat_id, Consent.DIREKAM))
            self.give(OpenMeeting())
            self.give(StartItem(ItemId(ItemKind.DIALOG)))
            for seat_id in (*OFFICES[1:4], OFFICES[1]):
                self.hand(seat_id, 1 + len(self.meeting.queue.waiting.get(seat_id, [])))

    # Time, as the room keeps it: the timer is asked at its deadline, not somewhere after it.

    @rule(ms=st.sampled_from([1, 999, 5_000, 14_999, 20_000, 60_000]))
    def wait(self, ms: int) -> None:
        self.time_passes(ms)

    def time_passes(self, ms: int) -> None:
        until = self.now + ms
        for _ in range(10):
            deadline = self.meeting.next_deadline()
            if deadline is None or deadline > until:
                break
            self.elapse(max(deadline, self.now))
            events = self.meeting.handle_timer(self.now)
            assert events, "a deadline that brings nothing"
            self.take(events)
        else:
            raise AssertionError("the timer never rests")
        self.elapse(until)
        assert self.meeting.handle_timer(self.now) == []

    def elapse(self, at: int) -> None:
        turn = self.meeting.turns.live
        open_now = self.meeting.agenda.status is MeetingStatus.BERLANGSUNG
        if turn is not None and turn.state is TurnState.BICARA and open_now:
            self.spoken[turn.turn_id] += at - self.now
        between = self.meeting.interjections.live
        if between is not None and open_now:
            self.spoken[between.turn_id] += at - self.now
        self.now = at

    # The agenda

    @rule(item=st.sampled_from(["dialog", "penutup", "nothing"]))
    def start_item(self, item: str) -> None:
        self.give(StartItem(ItemId(item)))
        if item == "penutup":
            self.give(StartItem(ItemId(ItemKind.DIALOG)))

    @rule(command=st.sampled_from([OpenMeeting(), SuspendMeeting(), ResumeMeeting(), ResumeMeeting()]))
    def switch(self, command: Command) -> None:
        self.give(command)

    @precondition(lambda self: len(self.log) > 60)
    @rule()
    def close(self) -> None:
        self.give(CloseMeeting())

    @rule(seats=st.lists(SEAT, max_size=4))
    def set_script(self, seats: list[SeatId]) -> None:
        self.give(SetScript(tuple(seats)))

    @rule(off=st.booleans())
    def off_record(self, off: bool) -> None:
        self.give(SetOffRecord(off))

    @rule(outage=st.sampled_from([-1, 0, 5_000]))
    def reopen(self, outage: int) -> None:
        """The outage has passed since the newest event or longer ago; spoken time does not count it."""
        self.now += max(0, outage)
        self.give(ReopenRoom(outage))

    # Offices

    @rule(seat_id=SEAT, publishes=st.booleans())
    def connect(self, seat_id: SeatId, publishes: bool) -> None:
        self.give(ConnectSeat(seat_id, publishes))

    @rule(seat_id=SEAT)
    def drop(self, seat_id: SeatId) -> None:
        self.give(DropSeat(seat_id))

    @rule(seat_id=SEAT, consent=st.sampled_from([*Consent, Consent.DIREKAM, Consent.DIREKAM]))
    def consent(self, seat_id: SeatId, consent: Consent) -> None:
        self.give(GiveConsent(seat_id, consent))

    @rule(seat_id=SEAT, owner=OFFICE, number=NUMBER)
    def register(self, seat_id: SeatId, owner: SeatId, number: int) -> None:
        self.give(RegisterPeserta(peserta(owner, number), seat_id, "Nama"))

    @rule(seat_id=OFFICE, number=NUMBER)
    def hand(self, seat_id: SeatId, number: int) -> None:
        self.give(RequestTurn(RequestId(self.mint("r")), seat_id, peserta(seat_id, number), "Topik"))

    @rule(seat_id=SEAT, owner=OFFICE)
    def foreign_hand(self, seat_id: SeatId, owner: SeatId) -> None:
        self.give(RequestTurn(self.request_of(owner, 0), seat_id, PesertaId(peserta(owner)), "Topik"))

    @rule(seat_id=SEAT, owner=OFFICE, index=st.integers(0, 3))
    def withdraw(self, seat_id: SeatId, owner: SeatId, index: int) -> None:
        self.give(WithdrawRequest(seat_id, self.request_of(owner, index)))

    @rule(seat_id=st.sampled_from(OFFICES[1:3]), turned=LIVE_MOSTLY, twice=st.booleans())
    def reorder(self, seat_id: SeatId, turned: bool, twice: bool) -> None:
        own = list(self.meeting.queue.waiting.get(seat_id, []))
        order = own[::-1] if turned else own
        self.give(ReorderRequests(seat_id, tuple(order + order[:1] if twice else order)))

    # The floor

    @rule(seat_id=OFFICE)
    def call_somebody(self, seat_id: SeatId) -> None:
        self.give(ResumeMeeting())
        self.give(ConnectSeat(seat_id, True))
        self.give(GiveConsent(seat_id, Consent.DIREKAM))
        self.give(CallSeat(TurnId(self.mint("t")), seat_id))

    @rule(wait=st.sampled_from([0, 5_000, 15_000, 15_000]))
    def the_line_drops(self, wait: int) -> None:
        self.give(DropSeat(self.speaker()))
        self.time_passes(wait)

    @rule()
    def the_line_returns(self) -> None:
        self.give(ConnectSeat(self.speaker(), True))

    @rule(consent=st.sampled_from(Consent))
    def the_speaker_thinks_again(self, consent: Consent) -> None:
        if self.meeting.turns.live is None:
            self.call_somebody(OFFICES[1])
        self.give(GiveConsent(self.speaker(), consent))

    @rule(live=LIVE_MOSTLY)
    def hold(self, live: bool) -> None:
        self.give(HoldTurn(self.turn_id(live)))

    @rule(live=LIVE_MOSTLY)
    def go_on(self, live: bool) -> None:
        self.give(ContinueTurn(self.turn_id(live)))

    @rule(seat_id=SEAT, media=st.sampled_from([*TurnMedia, TurnMedia.PANGGILAN, TurnMedia.PANGGILAN]))
    def call(self, seat_id: SeatId, media: TurnMedia) -> None:
        self.give(CallSeat(TurnId(self.mint("t")), seat_id, None, media))

    @rule(seat_id=OFFICE, owner=OFFICE, index=st.integers(0, 3), again=st.booleans())
    def call_request(self, seat_id: SeatId, owner: SeatId, index: int, again: bool) -> None:
        turn_id = self.turn_id(live=True) if again else TurnId(self.mint("t"))
        self.give(CallSeat(turn_id, seat_id, self.request_of(owner, index)))

    @rule(live=LIVE_MOSTLY)
    def end(self, live: bool) -> None:
        self.give(EndTurn(self.turn_id(live)))

    @rule(live=LIVE_MOSTLY)
    def postpone(self, live: bool) -> None:
        self.give(PostponeTurn(self.turn_id(live)))

    @rule(live=LIVE_MOSTLY)
    def warn(self, live: bool) -> None:
        self.give(WarnTurn(self.turn_id(live)))

    @rule(live=LIVE_MOSTLY, seconds=st.sampled_from([-1, 0, 30, 3600, 9999]))
    def extend(self, live: bool, seconds: int) -> None:
        self.give(ExtendTurn(self.turn_id(live), seconds))

    @rule(seat_id=SEAT, ready=st.booleans())
    def ready(self, seat_id: SeatId, ready: bool) -> None:
        self.give(ConfirmReady(seat_id, ready))

    @rule(seat_id=SEAT, first=LIVE_MOSTLY)
    def pass_over(self, seat_id: SeatId, first: bool) -> None:
        prepared = self.meeting.presence.bersiap
        self.give(PassOver(prepared[0] if first and prepared else seat_id))

    @rule(seat_id=SEAT, live=LIVE_MOSTLY)
    def note(self, seat_id: SeatId, live: bool) -> None:
        turn_id = self.turn_id(live)
        self.give(LogNote(NoteId(self.mint("n")), JenisCatatan.USULAN, seat_id, turn_id, self.now))

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
        assert people == sum(counts.jenis_kelamin.values())
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
