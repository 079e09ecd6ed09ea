"""Random meetings: every command with plausible and implausible ids, time that jumps, and the invariants.

``MeetingMachine`` is run by test_meeting.py on the real meeting, and on sabotaged ones that it must catch.
"""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from rooms.ids import DeckId, DeviceId, ItemId, NoteId, PesertaId, PointId, RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    AddDeck,
    AddSeats,
    AmendAgenda,
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
    PlaceSeat,
    PostponeTurn,
    RaisePoint,
    ReachSeat,
    RecogniseSeat,
    RegisterPeserta,
    RemoveDeck,
    ReopenRoom,
    ReorderRequests,
    RequestTurn,
    ResumeMeeting,
    SetOffRecord,
    SetScript,
    ShareScreen,
    ShowSlide,
    StartItem,
    StopScreen,
    StopSlides,
    SuspendMeeting,
    WarnTurn,
    WithdrawRequest,
)
from rooms.meeting.vocabulary import (
    Consent,
    Hak,
    ItemKind,
    ItemSpec,
    JenisCatatan,
    MeetingSettings,
    MeetingStatus,
    SeatKind,
    SeatSpec,
    TurnMedia,
    TurnState,
    Urutan,
)
from tests.properties.watched_meeting import WatchedMeeting
from tests.support.meeting import AULA, OFFICES, configure, peserta

FORGOTTEN = (SeatId("licin-8"), SeatId("licin-9"))
"""Offices that are no part of the meeting until they are added."""
SEAT = st.sampled_from([*OFFICES, *FORGOTTEN, AULA, SeatId("nowhere")])
OFFICE = st.sampled_from(OFFICES)
NUMBER = st.integers(1, 2)
DEVICE = st.sampled_from([None, None, DeviceId("laptop"), DeviceId("hp")])
LIVE_MOSTLY = st.sampled_from([True, True, True, False])


class MeetingMachine(WatchedMeeting):
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

    @rule(kept=st.sampled_from(["dialog penutup", "penutup dialog", "dialog", "penutup"]), more=st.booleans())
    def amend(self, kept: str, more: bool) -> None:
        """An agenda that keeps some of its items, whether they have run or not, and may get one more."""
        items = [ItemSpec(ItemId(i), ItemKind(i), f"{i} {self.now}") for i in kept.split()]
        extra = [ItemSpec(ItemId("tambahan"), ItemKind.PAPARAN, "Tambahan")] if more else []
        self.give(AmendAgenda("Musrenbang", (*items, *extra)))

    @rule(seat_id=st.sampled_from(FORGOTTEN), kind=st.sampled_from([SeatKind.DIALOG, SeatKind.MENYIMAK]))
    def add_seat(self, seat_id: SeatId, kind: SeatKind) -> None:
        self.give(AddSeats((SeatSpec(seat_id, kind, "Kantor yang terlupa", "35.10.01.2009"),)))

    @rule(off=st.booleans())
    def off_record(self, off: bool) -> None:
        self.give(SetOffRecord(off))

    @rule(outage=st.sampled_from([-1, 0, 5_000]))
    def reopen(self, outage: int) -> None:
        """The outage has passed since the newest event or longer ago; spoken time does not count it."""
        self.now += max(0, outage)
        self.give(ReopenRoom(self.now - outage))

    # Offices

    @rule(seat_id=SEAT, publishes=st.booleans(), device=DEVICE)
    def connect(self, seat_id: SeatId, publishes: bool, device: DeviceId | None) -> None:
        self.give(ConnectSeat(seat_id, publishes, device))

    @rule(seat_id=SEAT, alat=st.sampled_from([0, 1, 1, 2]), dikenal=st.booleans(), device=DEVICE)
    def recognise(self, seat_id: SeatId, alat: int, dikenal: bool, device: DeviceId | None) -> None:
        self.give(ConnectSeat(seat_id, True, device))
        self.give(RecogniseSeat(seat_id, alat, dikenal))

    @rule(devices=st.permutations([DeviceId("laptop"), DeviceId("hp")]))
    def the_speaker_changes_devices(self, devices: list[DeviceId]) -> None:
        for device in devices:
            self.give(ConnectSeat(self.speaker(), True, device))

    @rule(seat_id=SEAT)
    def drop(self, seat_id: SeatId) -> None:
        self.give(DropSeat(seat_id))

    @rule(seat_id=SEAT, consent=st.sampled_from([*Consent, Consent.DIREKAM, Consent.DIREKAM]))
    def consent(self, seat_id: SeatId, consent: Consent) -> None:
        self.give(GiveConsent(seat_id, consent))

    @rule(seat_id=SEAT, owner=OFFICE, number=NUMBER)
    def register(self, seat_id: SeatId, owner: SeatId, number: int) -> None:
        self.give(RegisterPeserta(peserta(owner, number), seat_id, "Nama"))

    @rule(seat_id=OFFICE, number=NUMBER, hak=st.sampled_from(Hak))
    def somebody_with_a_right_asks(self, seat_id: SeatId, number: int, hak: Hak) -> None:
        person = peserta(seat_id, number)
        self.give(RegisterPeserta(person, seat_id, "Nama", hak=hak))
        self.give(RequestTurn(RequestId(self.mint("r")), seat_id, person, "Topik"))
        self.give(RaisePoint(PointId(self.mint("p")), seat_id, person, "Tata tertib"))

    @rule(seat_id=OFFICE, number=NUMBER)
    def hand(self, seat_id: SeatId, number: int) -> None:
        self.give(RequestTurn(RequestId(self.mint("r")), seat_id, peserta(seat_id, number), "Topik"))

    @rule(seat_id=SEAT, owner=OFFICE)
    def foreign_hand(self, seat_id: SeatId, owner: SeatId) -> None:
        self.give(RequestTurn(self.request_of(owner, 0), seat_id, PesertaId(peserta(owner)), "Topik"))

    @rule(seat_id=SEAT, owner=OFFICE, index=st.integers(0, 3), own=LIVE_MOSTLY)
    def withdraw(self, seat_id: SeatId, owner: SeatId, index: int, own: bool) -> None:
        waiting = self.meeting.queue.waiting.get(owner, [])
        request_id = waiting[-1] if own and waiting else self.request_of(owner, index)
        self.give(WithdrawRequest(owner if own else seat_id, request_id))

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

    @rule(seat_id=SEAT, di_aula=st.booleans())
    def place(self, seat_id: SeatId, di_aula: bool) -> None:
        self.give(PlaceSeat(seat_id, di_aula))

    @rule(seat_id=SEAT, telepon=st.booleans())
    def reach(self, seat_id: SeatId, telepon: bool) -> None:
        self.give(ReachSeat(seat_id, telepon))

    @rule(seat_id=SEAT, shared=st.booleans(), speaks=LIVE_MOSTLY)
    def share(self, seat_id: SeatId, shared: bool, speaks: bool) -> None:
        turn = self.meeting.turns.live
        self.give(ShareScreen(turn.seat_id if turn and speaks else seat_id, shared))

    @rule(seat_id=SEAT)
    def stop_screen(self, seat_id: SeatId) -> None:
        self.give(StopScreen(seat_id))

    @rule(page=st.sampled_from([0, 1, 2, 3]))
    def slides(self, page: int) -> None:
        decks = list(self.meeting.slides.decks)
        self.give(ShowSlide(decks[-1], page) if decks else AddDeck(DeckId(self.mint("d")), 2))

    @rule()
    def remove_deck(self) -> None:
        decks = list(self.meeting.slides.decks)
        self.give(RemoveDeck(decks[0] if decks else DeckId("d-none")))

    @rule()
    def stop_slides(self) -> None:
        self.give(StopSlides())

    @rule(seat_id=SEAT, first=LIVE_MOSTLY)
    def pass_over(self, seat_id: SeatId, first: bool) -> None:
        prepared = self.meeting.presence.bersiap
        self.give(PassOver(prepared[0] if first and prepared else seat_id))

    @rule(seat_id=SEAT, live=LIVE_MOSTLY)
    def note(self, seat_id: SeatId, live: bool) -> None:
        turn_id = self.turn_id(live)
        self.give(LogNote(NoteId(self.mint("n")), JenisCatatan.USULAN, seat_id, turn_id, self.now))
