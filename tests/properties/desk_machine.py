"""Random meetings with the desks' decisions beside the floor (R60-R72), and what always holds of them."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from rooms.ids import PesertaId, SealId, SeatId
from rooms.meeting.commands import (
    AnswerWritten,
    ConnectChair,
    DropChair,
    HandOverChair,
    LiftSanction,
    SanctionPeserta,
    SealInterval,
    SetQueue,
    TriageRequest,
    UnsealInterval,
)
from rooms.meeting.vocabulary import Jalur, Pemimpin, RequestState, Sanksi
from tests.properties.interjection_machine import InterjectionMachine
from tests.properties.meeting_machine import LIVE_MOSTLY, NUMBER, OFFICE
from tests.support.meeting import peserta


class DeskMachine(InterjectionMachine):
    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, int] = {}

    @rule(owner=OFFICE, index=st.integers(0, 3), jalur=st.sampled_from(Jalur), back=st.booleans())
    def triage(self, owner: SeatId, index: int, jalur: Jalur, back: bool) -> None:
        request_id = self.request_of(owner, index)
        self.give(TriageRequest(request_id, jalur))
        if back:
            self.give(TriageRequest(request_id, Jalur.BICARA))

    @rule(owner=OFFICE, index=st.integers(0, 3), written=LIVE_MOSTLY)
    def answer(self, owner: SeatId, index: int, written: bool) -> None:
        request_id = self.request_of(owner, index)
        if written:
            self.give(TriageRequest(request_id, Jalur.TERTULIS))
        self.give(AnswerWritten(request_id, "Jawaban"))

    @rule(wanted=st.sampled_from([True, True, False]))
    def set_queue(self, wanted: bool) -> None:
        self.give(SetQueue(wanted))

    @rule(owner=OFFICE, number=NUMBER, jenis=st.sampled_from(Sanksi), lifted=st.booleans())
    def sanction(self, owner: SeatId, number: int, jenis: Sanksi, lifted: bool) -> None:
        self.give(SanctionPeserta(peserta(owner, number), jenis, "Alasan"))
        if lifted:
            self.give(LiftSanction(peserta(owner, number)))

    @precondition(lambda self: self.meeting.turns.live is not None)
    @rule(jenis=st.sampled_from(Sanksi))
    def sanction_the_speaker(self, jenis: Sanksi) -> None:
        turn = self.meeting.turns.live
        assert turn is not None
        self.give(SanctionPeserta(turn.peserta_id or PesertaId("nobody"), jenis))

    @rule(to=st.sampled_from(Pemimpin))
    def hand_over(self, to: Pemimpin) -> None:
        self.give(HandOverChair(to, "Nama"))

    @rule(wait=st.sampled_from([0, 5_000, 15_000]), back=st.booleans())
    def the_chairs_screen_goes(self, wait: int, back: bool) -> None:
        self.give(ConnectChair())
        self.give(DropChair())
        self.time_passes(wait)
        if back:
            self.give(ConnectChair())

    @rule()
    def a_screen_of_the_chair_comes(self) -> None:
        self.give(ConnectChair())

    @rule(start=st.integers(-5_000, 5_000), length=st.integers(-1, 10_000), lifted=st.booleans())
    def seal(self, start: int, length: int, lifted: bool) -> None:
        seal_id = SealId(self.mint("s"))
        self.give(SealInterval(seal_id, self.now + start, self.now + start + length))
        if lifted:
            self.give(UnsealInterval(seal_id))

    @invariant()
    def who_may_not_speak_neither_waits_nor_speaks(self) -> None:
        people, queue, turn = self.meeting.presence.peserta, self.meeting.queue, self.meeting.turns.live
        silenced = {peserta_id for peserta_id, person in people.items() if person.silenced}
        assert not silenced & set(queue.busy)
        assert turn is None or turn.peserta_id not in silenced

    @invariant()
    def only_hands_that_are_not_spoken_were_answered(self) -> None:
        for request in self.meeting.queue.requests.values():
            if request.answered_at is None or request.request_id in self.answers:
                continue
            assert request.state in (RequestState.TERTULIS, RequestState.LEWAT_CAMAT)
            self.answers[request.request_id] = request.answered_at

    @invariant()
    def the_grace_of_the_lead_runs_only_while_it_is_the_pimpinans_without_a_screen(self) -> None:
        chair = self.meeting.state.chair
        assert chair.grace is None or (chair.holder is Pemimpin.PIMPINAN and not chair.present)
        assert not (chair.present and chair.dropped)
        assert not chair.present or chair.by_hand or chair.holder is Pemimpin.PIMPINAN

    @invariant()
    def only_the_past_is_sealed(self) -> None:
        spans = self.meeting.state.seals.spans
        assert all(0 <= begin < end <= self.now for begin, end in spans)
