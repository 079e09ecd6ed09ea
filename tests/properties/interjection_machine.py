"""Random meetings in which somebody comes in between (R44-R49), and what always holds of it."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from rooms.ids import PointId, SeatId, TurnId
from rooms.meeting.commands import (
    CallResponder,
    ConnectSeat,
    DismissPoint,
    DropSeat,
    EndInterjection,
    GiveConsent,
    GrantPoint,
    RaisePoint,
    RegisterPeserta,
    WithdrawPoint,
)
from rooms.meeting.vocabulary import Consent, TurnMedia, TurnState
from tests.properties.meeting_machine import LIVE_MOSTLY, OFFICE, SEAT, MeetingMachine
from tests.support.meeting import AULA, OFFICES, peserta


class InterjectionMachine(MeetingMachine):
    def point_of(self, seat_id: SeatId) -> PointId:
        points = self.meeting.interjections
        return next(
            (p.point_id for p in (points.of_seat(seat_id), *points.points.values()) if p), PointId("?")
        )

    @rule(seat_id=SEAT, owner=OFFICE, own=LIVE_MOSTLY, again=st.sampled_from([False, False, False, True]))
    def raise_point(self, seat_id: SeatId, owner: SeatId, own: bool, again: bool) -> None:
        point_id = self.point_of(seat_id) if again else PointId(self.mint("p"))
        self.give(RaisePoint(point_id, seat_id, peserta(seat_id if own else owner), "Tata tertib"))

    @rule(seat_id=SEAT, owner=OFFICE, own=LIVE_MOSTLY)
    def withdraw_point(self, seat_id: SeatId, owner: SeatId, own: bool) -> None:
        if not self.meeting.interjections.points:
            self.raise_point(owner, owner, True, False)
        self.give(WithdrawPoint(owner if own else seat_id, self.point_of(owner)))

    @rule(seat_id=SEAT)
    def dismiss_point(self, seat_id: SeatId) -> None:
        self.give(DismissPoint(self.point_of(seat_id)))

    @rule(seat_id=OFFICE, fresh=LIVE_MOSTLY)
    def grant_point(self, seat_id: SeatId, fresh: bool) -> None:
        if not self.meeting.interjections.points:
            self.raise_point(seat_id, seat_id, True, False)
        turn_id = TurnId(self.mint("t")) if fresh else self.turn_id(True)
        self.give(GrantPoint(turn_id, self.point_of(seat_id)))

    @rule(
        seat_id=SEAT,
        media=st.sampled_from([*TurnMedia, TurnMedia.PANGGILAN]),
        owner=SEAT,
        named=st.booleans(),
    )
    def respond(self, seat_id: SeatId, media: TurnMedia, owner: SeatId, named: bool) -> None:
        if seat_id == AULA:
            self.give(RegisterPeserta(peserta(AULA), AULA, "Kepala Dinas"))
        person = peserta(seat_id if named else owner) if named or owner != seat_id else None
        self.give(CallResponder(TurnId(self.mint("t")), seat_id, person, media))

    @rule(seats=st.permutations(OFFICES), after=st.sampled_from([0, 3_000]), ends=LIVE_MOSTLY)
    def somebody_answers(self, seats: list[SeatId], after: int, ends: bool) -> None:
        """Who may; twice in a row, since the first is no reason to refuse the second."""
        if self.meeting.turns.live is None:
            self.call_somebody(seats[0])
        for seat_id in seats[1:3]:
            self.give(ConnectSeat(seat_id, True))
            self.give(GiveConsent(seat_id, Consent.DIREKAM))
            self.give(CallResponder(TurnId(self.mint("t")), seat_id))
            self.time_passes(after)
        if ends and self.meeting.interjections.live_id is not None:
            self.give(EndInterjection(self.meeting.interjections.live_id))

    @rule(after=st.sampled_from([0, 3_000]))
    def the_interjector_drops(self, after: int) -> None:
        self.time_passes(after)
        between = self.meeting.interjections.live
        if between is not None:
            self.give(DropSeat(between.seat_id))

    @rule(live=LIVE_MOSTLY, after=st.sampled_from([0, 3_000]))
    def end_interjection(self, live: bool, after: int) -> None:
        self.time_passes(after)
        running = self.meeting.interjections.live_id
        self.give(EndInterjection(running if live and running is not None else self.turn_id(True)))

    @invariant()
    def at_most_one_interjection_and_its_speaker_waits(self) -> None:
        between, turn = self.meeting.interjections, self.meeting.turns.live
        live = [t.turn_id for t in between.turns.values() if t.ended_at is None]
        assert live == ([] if between.live_id is None else [between.live_id])
        interrupted = between.live.interrupted if between.live else None
        disela = turn.turn_id if turn and turn.state is TurnState.DISELA else None
        assert interrupted == disela, "who is interrupted waits, and nobody else"
        if between.live is not None and turn is not None:
            assert turn.state in (TurnState.DISELA, TurnState.DITAHAN)
            assert turn.clock.since is None
