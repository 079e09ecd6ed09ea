"""The fairness report (R84-R88): who waited how long, who had how much of the floor, what was passed over.

Pure. ``measure`` counts a state, live or at the end; ``report`` tells a whole journal, decision by decision,
and adds what only events know: what was suggested at each call, and how near the order came to its bound.
Everything is counts of places and groups; no name of a person is ever in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rooms.fairness.bound import Onlooker, without_undone
from rooms.ids import PesertaId, SeatId, TurnId
from rooms.meeting import events as e
from rooms.meeting.meeting import Meeting
from rooms.meeting.turns import Turn
from rooms.meeting.vocabulary import (
    JenisKelamin,
    MeetingSettings,
    Place,
    RequestState,
    TurnState,
    Urutan,
)
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR

GROUPS = ("kecamatan", "desa", "jenis_kelamin", "unsur")
OPEN_STATES = (RequestState.ANTRE, RequestState.BICARA, RequestState.TERLAYANI)
"""A hand in any other state was not heard."""


STILL = (
    e.SeatConnected,
    e.SeatDropped,
    e.SeatPlaced,
    e.SeatReached,
    e.SeatRecognised,
    e.ScreenShared,
    e.ScreenStopped,
    e.DeckAdded,
    e.DeckRemoved,
    e.SlideShown,
    e.SlidesStopped,
    e.ConsentGiven,
    e.BersiapChanged,
    e.ReadyConfirmed,
    e.NoteLogged,
    e.RecordSwitched,
    e.ScriptSet,
)
"""Events after which ``measure`` without ``people`` finds the same again."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Of hands that were called: from going up to the first turn, in ms (R85). All 0 without any."""

    count: int = 0
    median_ms: int = 0
    p90_ms: int = 0
    longest_ms: int = 0


@dataclass(slots=True)
class Row:
    """What a group has had."""

    key: str
    """Of a place: its kecamatan or seat; else L, P, an unsur, or "" for what was not said."""
    label: str = ""
    """Of places; the words of other keys belong to the screens."""
    peserta: int = 0
    """People who have come (R81)."""
    hands: int = 0
    turns: int = 0
    spoken_ms: int = 0
    unserved: int = 0
    waited: list[int] = field(default_factory=list)
    """ms that each hand that was called has waited, in the order of the calls."""

    @property
    def waits(self) -> Waits:
        ordered = sorted(self.waited)
        if not ordered:
            return Waits()
        return Waits(len(ordered), _rank(ordered, 50), _rank(ordered, 90), ordered[-1])


@dataclass(frozen=True, slots=True)
class Measures:
    """Every row of a group once; each group adds up to ``total`` (R84)."""

    total: Row
    groups: dict[str, dict[str, Row]]
    """Name in GROUPS -> key -> row; places in the order of the seats, also those that had nothing."""
    states: dict[str, int]
    """Hands by what became of them."""
    waiting_since: int | None
    """When the hand that waits longest went up; None while none waits."""
    suggested: int
    """Calls at which an office could have been suggested."""
    overrides: int
    """Of these, calls of another office (R43)."""


@dataclass(frozen=True, slots=True)
class Called:
    """One call, as it stood to the order that was shown."""

    turn_id: TurnId
    called_at: int
    seat_id: SeatId
    label: str
    place: int
    """Of the called office in the head of the order as it was shown; 0: not among it."""
    reason: str
    """Stable code of that place; "" without one."""
    suggested: Place | None
    suggested_label: str
    override: bool
    policy: str
    alasan: str
    """The chair's words, internal; "" without any or after an erasure."""


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    hall: SeatId
    settings: MeetingSettings
    measures: Measures
    calls: tuple[Called, ...]
    worst: float | None
    """Largest unfairness / bound of R40; None where the order is not seconds-fair."""
    starved: int | None
    """Hands that were starved; None where the meeting asks for no ageing."""


def measure(meeting: Meeting, now: int, *, people: bool = True) -> Measures:
    """What the meeting has seen by ``now`` (ms); a turn that runs counts with its seconds so far.

    Without ``people`` nobody is counted as ``peserta``, which spares a live view most of the work.
    """
    tables = _Tables(meeting)
    if people:
        tables.count_people(meeting)
    called: set[str] = set()
    suggested = overrides = 0
    for turn in _begun(meeting):
        asked = meeting.queue.requests[turn.request_id] if turn.request_id is not None else None
        for row in tables.of(turn.seat_id, turn.peserta_id):
            row.turns += 1
            row.spoken_ms += turn.clock.spent(now)
            if asked is not None and asked.request_id not in called:
                row.waited.append(turn.called_at - asked.requested_at)
        if asked is not None:
            called.add(asked.request_id)
        suggested += turn.suggested is not None
        overrides += turn.suggested not in (None, turn.seat_id)
    states: dict[str, int] = {}
    since: int | None = None
    for request in meeting.queue.requests.values():
        states[request.state] = states.get(request.state, 0) + 1
        if request.state is RequestState.ANTRE:
            since = request.requested_at if since is None else min(since, request.requested_at)
        for row in tables.of(request.seat_id, request.peserta_id):
            row.hands += 1
            row.unserved += request.state not in OPEN_STATES
    return Measures(tables.total, tables.groups, states, since, suggested, overrides)


def _begun(meeting: Meeting) -> list[Turn]:
    """Turns in the order of their calls; a call that was undone was none (R51)."""
    return [turn for turn in meeting.turns.turns.values() if turn.state is not TurnState.DIBATALKAN]


def report(decisions: Iterable[tuple[int, Sequence[e.Event]]], now: int) -> Report:
    """The report of a whole journal: of each decision its instant (ms) and its events, from the first on."""
    meeting, onlooker = Meeting(NASKAH_BERGILIR), Onlooker()
    calls: dict[TurnId, e.TurnCalled] = {}
    journal = [(at, tuple(events)) for at, events in decisions]
    for _, events in without_undone(journal):
        onlooker.see(events)
    for at, events in journal:
        for event in events:
            meeting.apply(event, at)
            if isinstance(event, e.TurnCalled):
                calls[event.turn_id] = event
    settings = meeting.agenda.settings
    return Report(
        meeting.agenda.title,
        meeting.agenda.aula,
        settings,
        measure(meeting, now),
        tuple(_called(meeting, calls[turn.turn_id]) for turn in _begun(meeting)),
        onlooker.worst if settings.urutan is Urutan.DETIK_ADIL else None,
        onlooker.starved if settings.penuaan else None,
    )


def _called(meeting: Meeting, event: e.TurnCalled) -> Called:
    seats, suggested = meeting.agenda.seats, event.suggested
    stood = next((n for n, p in enumerate(event.shown, 1) if p.seat_id == event.seat_id), 0)
    return Called(
        event.turn_id,
        meeting.turns.turns[event.turn_id].called_at,
        event.seat_id,
        seats[event.seat_id].label,
        stood,
        event.shown[stood - 1].reason if stood else "",
        suggested,
        seats[suggested.seat_id].label if suggested else "",
        suggested is not None and suggested.seat_id != event.seat_id,
        event.policy,
        event.reason,
    )


class _Tables:
    """Rows by group, found by seat and person."""

    def __init__(self, meeting: Meeting) -> None:
        agenda, self._people = meeting.agenda, meeting.presence.peserta
        self.total = Row("")
        self.groups: dict[str, dict[str, Row]] = {name: {} for name in GROUPS}
        self._of_seat: dict[SeatId, tuple[Row, Row]] = {}
        for seat in agenda.seats.values():
            kode = agenda.kecamatan(seat.seat_id)
            place = self._row("kecamatan", kode, seat.label.rpartition(", ")[2])
            self._of_seat[seat.seat_id] = (place, self._row("desa", seat.seat_id, seat.label))
        for sex in JenisKelamin:
            self._row("jenis_kelamin", sex)

    def count_people(self, meeting: Meeting) -> None:
        for peserta_id, person in self._people.items():
            if meeting.attendance.arrived_at(peserta_id, person.seat_id) is not None:
                for row in self.of(person.seat_id, peserta_id):
                    row.peserta += 1

    def of(self, seat_id: SeatId, peserta_id: PesertaId | None) -> tuple[Row, ...]:
        """The row of each group that this person of this seat belongs to, and the total."""
        person = self._people.get(peserta_id) if peserta_id is not None else None
        unsur, sex = (person.unsur, person.jenis_kelamin) if person else ("", "")
        return (
            self.total,
            *self._of_seat[seat_id],
            self._row("jenis_kelamin", sex),
            self._row("unsur", unsur),
        )

    def _row(self, group: str, key: str, label: str = "") -> Row:
        rows = self.groups[group]
        if key not in rows:
            rows[key] = Row(key, label)
        return rows[key]


def _rank(ordered: Sequence[int], percent: int) -> int:
    """Nearest rank: the smallest value that at least ``percent`` of 100 do not exceed."""
    return ordered[-(-len(ordered) * percent // 100) - 1]
