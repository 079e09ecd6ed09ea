"""``make goal-floor [N=200]``: N seeded meetings in virtual time, each of 217 offices, 400 hands, 200 turns.

A tenth of the turns sees a line drop, another is interrupted by who answers; a twentieth is an override, and
before as many an office is passed over. Figures: ``violations`` (a broken invariant or a fold that differs),
``starved`` hands and ``unfairness_over_bound`` (both as RULES.md defines them, told by the events alone),
``commands_per_s`` of CPU on one core from the first hand to the close, ``meetings``.
``SABOTAGE=1`` replaces the order by one that favours a few kecamatan and must end with ``ok: false``.
"""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from rooms.fairness.bound import Onlooker
from rooms.ids import ItemId, PesertaId, RequestId, SeatId, TurnId
from rooms.meeting import commands as c
from rooms.meeting import events as e
from rooms.meeting.decisions.scene import Scene
from rooms.meeting.errors import Refused
from rooms.meeting.meeting import Meeting
from rooms.meeting.stage import stage
from rooms.meeting.vocabulary import (
    Consent,
    ItemKind,
    ItemSpec,
    MeetingSettings,
    Place,
    RequestState,
    SeatKind,
    SeatSpec,
    TurnState,
    Urutan,
)
from rooms.ordering.board import Board, Policy
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from tests.support.goal import report, sabotaged, size

OFFICES = 217
KECAMATAN = 25
HANDS = 400
TURNS = 200
AGEING = 100
CHECKED_EVERY = 8
"""Turns between two looks at the whole board."""
DIALOG = ItemId("dialog")


def _favour(board: Board) -> Iterator[Place]:
    """The newest hand of the lowest code first: the order that a friend of one kecamatan would make."""
    hands = [(board.kecamatan[s], -h.arrived, s, h) for s, own in board.hands.items() for h in own]
    for _, _, seat_id, hand in sorted(hands, key=lambda entry: entry[:2]):
        yield Place(seat_id, hand.request_id, "waktu_tersedikit")


class Biased(Meeting):
    """Says that it is fair, and is not."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self._scene = BiasedScene(self.state, policy)


class BiasedScene(Scene):
    @property
    def policy(self) -> Policy:
        return Policy(super().policy.name, _favour)


@dataclass
class Tally:
    violations: int = 0
    starved: int = 0
    unfairness: float = 0.0
    commands: int = 0
    seconds: float = 0.0


class Play:
    """One meeting; everything that happens in it follows from its seed."""

    def __init__(self, seed: int, tally: Tally) -> None:
        self.random = random.Random(seed)
        self.tally = tally
        self.now = 1_000
        self.log: list[tuple[e.Event, int]] = []
        shares = list(Urutan)
        self.settings = MeetingSettings(
            turn_limit_s=120,
            urutan=Urutan.DETIK_ADIL if seed % 2 == 0 else shares[seed // 2 % len(shares)],
            penuaan=AGEING,
        )
        self.meeting = (Biased if sabotaged() else Meeting)(NASKAH_BERGILIR)
        self.seats = tuple(
            SeatSpec(
                SeatId(f"s{n}"), SeatKind.MENYIMAK, f"Desa {n}",
                f"35.10.{n % KECAMATAN:02d}.{2000 + n}", self.random.choice((1, 1, 1, 2, 3)),
            )
            for n in range(OFFICES)
        )  # fmt: skip
        self.fairness = Onlooker()
        self.raised = 0

    def give(self, command: c.Command) -> bool:
        """Whether it was accepted."""
        self.tally.commands += 1
        start = time.process_time()
        try:
            events = self.meeting.handle(command, self.now)
        except Refused:
            events = None
        self.tally.seconds += time.process_time() - start
        self._take(events or [])
        return events is not None

    def wait(self, ms: int) -> None:
        until = self.now + ms
        while (deadline := self.meeting.next_deadline()) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            events = self.meeting.handle_timer(self.now)
            if not events:
                self.tally.violations += 1
                break
            self._take(events)
        self.now = until

    def _take(self, events: list[e.Event]) -> None:
        self.log += [(event, self.now) for event in events]
        self.fairness.see(events)

    def run(self) -> None:
        before = self.tally.commands, self.tally.seconds
        self._open()
        self.tally.commands, self.tally.seconds = before
        for _ in range(HANDS // 2):
            self._raise()
        turns = 0
        while turns < TURNS or self.raised < HANDS:
            turns += self._turn(turns)
            for _ in range(self.random.choice((0, 1, 1, 2))):
                self._raise()
            if turns % CHECKED_EVERY == 0:
                self._check()
        self.tally.starved += self.fairness.starved
        self.tally.unfairness = max(self.tally.unfairness, self.fairness.worst)
        self.give(c.CloseMeeting())
        self._check_the_end()

    def _open(self) -> None:
        hall = SeatSpec(SeatId("aula"), SeatKind.AULA, "Aula")
        item = ItemSpec(DIALOG, ItemKind.DIALOG, "Dialog")
        script = tuple(s.seat_id for s in self.random.sample(self.seats, KECAMATAN))
        self.give(c.ConfigureMeeting("Pleno", (hall, *self.seats), (item,), script, self.settings))
        for seat in self.seats:
            self.give(c.ConnectSeat(seat.seat_id, True))
            self.give(c.GiveConsent(seat.seat_id, Consent.DIREKAM))
            for number in range(3):
                self.give(c.RegisterPeserta(PesertaId(f"{seat.seat_id}/{number}"), seat.seat_id, "Nama"))
        self.give(c.OpenMeeting())
        self.give(c.StartItem(DIALOG))

    def _raise(self) -> None:
        seat_id = self.random.choice(self.seats).seat_id
        person = PesertaId(f"{seat_id}/{self.random.randrange(3)}")
        accepted = self.give(c.RequestTurn(RequestId(f"r{self.raised}"), seat_id, person, "Topik"))
        self.raised += accepted

    def _turn(self, number: int) -> int:
        """One turn from the call to its end; the number of turns that began."""
        chance, turn_id = self.random, TurnId(f"t{number}")
        prepared = self.meeting.presence.bersiap
        if not prepared:
            self.wait(1_000)
            self._raise()
            return 0
        if chance.random() < 0.05 and self.give(c.PassOver(prepared[0])):
            prepared = self.meeting.presence.bersiap
            if not prepared:
                return 0
        seat_id = chance.choice(self.seats).seat_id if chance.random() < 0.05 else prepared[0]
        self.give(c.ConfirmReady(prepared[0], True))
        if not self.give(c.CallSeat(turn_id, seat_id)):
            return 0
        drops = chance.random() < 0.1
        self.wait(chance.randrange(5_000, 90_000))
        if drops:
            self.give(c.DropSeat(seat_id))
            self.wait(chance.choice((5_000, 10_000, 40_000)))
            self.give(c.ConnectSeat(seat_id, True))
        if chance.random() < 0.1:
            self.give(c.ExtendTurn(turn_id, 60))
        if chance.random() < 0.1:
            self.give(c.HoldTurn(turn_id))
            self.wait(10_000)
            self.give(c.ContinueTurn(turn_id))
        if chance.random() < 0.1:
            between = TurnId(f"{turn_id}/tanggapan")
            self.give(c.CallResponder(between, chance.choice(self.seats).seat_id))
            self.wait(20_000)
            self.give(c.EndInterjection(between))
        self.wait(chance.randrange(0, 90_000))
        if chance.random() < 0.8:
            self.give(c.EndTurn(turn_id) if chance.random() < 0.95 else c.PostponeTurn(turn_id))
        return 1

    def _check(self) -> None:
        meeting = self.meeting
        live = [t for t in meeting.turns.turns.values() if t.ended_at is None]
        speaker = stage(meeting).speaker
        good = len(live) <= 1 and (speaker is None or [speaker.turn_id] == [t.turn_id for t in live])
        places = [p.request_id for p in meeting.order() if p.request_id]
        waiting = [r.request_id for r in meeting.queue.requests.values() if r.state is RequestState.ANTRE]
        good = good and sorted(places) == sorted(waiting)
        self.tally.violations += not good

    def _check_the_end(self) -> None:
        folded = Meeting(NASKAH_BERGILIR)
        for event, at in self.log:
            folded.apply(event, at)
        told = [event for event, _ in self.log]
        ends = [event.turn_id for event in told if isinstance(event, e.TurnEnded)]
        between = [event.turn_id for event in told if isinstance(event, e.InterjectionEnded)]
        good = folded.state == self.meeting.state and not self.meeting.queue.waiting
        good = good and sorted(ends) == sorted(self.meeting.turns.turns)
        good = good and sorted(between) == sorted(self.meeting.interjections.turns)
        good = good and all(t.state in (TurnState.SELESAI, TurnState.DITUNDA, TurnState.PUTUS)
                            for t in self.meeting.turns.turns.values())  # fmt: skip
        self.tally.violations += not good


def run(meetings: int) -> int:
    tally = Tally()
    for seed in range(meetings):
        Play(seed, tally).run()
    figures = {
        "violations": float(tally.violations),
        "starved": float(tally.starved),
        "unfairness_over_bound": tally.unfairness,
        "commands_per_s": tally.commands / tally.seconds,
        "meetings": float(meetings),
    }
    at_most = {"violations": 0.0, "starved": 0.0, "unfairness_over_bound": 1.0}
    return report(
        "floor", figures, at_most, at_least={"commands_per_s": 5_000.0},
        compared_with=f"the bounds of RULES.md; {OFFICES} offices, {HANDS} hands, {TURNS} turns each",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(run(size(200)))
