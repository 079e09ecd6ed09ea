"""What each client may see: named sections, projected from the meeting and the words beside it.

The shapes are those of ``server/signalling/PROTOCOL.md``. Live, on resume and in replay the same projection
is used. Names and topics of others reach consoles only; the current turn is public: the hall hears it anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from rooms import desk_views
from rooms import floor_views as floor
from rooms.fairness.report import Measures, measure
from rooms.ids import RequestId, SeatId
from rooms.meeting.attendance import count
from rooms.meeting.freeze import Json
from rooms.meeting.meeting import Meeting
from rooms.meeting.queue import Request
from rooms.meeting.stage import StagePlan, sharing_refusal, stage
from rooms.meeting.turns import Tally
from rooms.meeting.vocabulary import MeetingStatus, Place, RequestState, TurnState, Wajah
from rooms.ordering.board import Reason
from rooms.words import Words

WAITING_SHOWN = 10
"""How much of the order everybody sees."""

_OWN_REQUEST = ("request_id", "peserta_id", "nama", "topic", "state", "jawaban", "answered_at")
_OWN_STATE = {TurnState.DITAHAN: "ditahan", TurnState.JEDA: "terputus", TurnState.DISELA: "disela"}

Section = dict[str, Json]
Sections = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Viewer:
    console: bool = False
    """A desk of the chair, the operator, the notulis, the panitia or the help desk."""
    seat_id: SeatId | None = None
    """The seat of an office or of the hall; None: a console or somebody who watches."""


def project(meeting: Meeting, words: Words, viewer: Viewer, stage_seq: int = 0) -> Sections:
    """All sections of this viewer. ``stage_seq``: journal position at which the stage last changed."""
    return Projection(meeting, words, stage_seq).sections(viewer)


def measured(meeting: Meeting) -> Measures:
    """For the section ``fairness``; a turn that runs counts with its seconds at the newest event."""
    return measure(meeting, meeting.state.last_at, people=False)


class Projection:
    """The views of one state; what viewers have in common is made once. Thrown away when the state moves."""

    def __init__(
        self, meeting: Meeting, words: Words, stage_seq: int, measures: Measures | None = None
    ) -> None:
        """``measures``: what the meeting has seen (R84), where that is known already."""
        self._measures = measures or measured(meeting)
        self._meeting = meeting
        self._words = words
        self._stage_seq = stage_seq

    def sections(self, viewer: Viewer) -> Sections:
        if viewer.console:
            return self._console
        result = dict(self._public)
        seat = viewer.seat_id
        if seat is not None and seat in self._meeting.agenda.seats:
            result["own"] = self._own(seat)
            result["peserta"] = [*self._peserta_by_seat.get(seat, [])]
        return result

    @cached_property
    def _common(self) -> Sections:
        return {
            "session": self._session(),
            "agenda": self._agenda(),
            "turn": floor.turn(self._meeting, self._words),
            "interjection": floor.interjection(self._meeting, self._words),
            "slides": desk_views.slide(self._meeting),
            "bersiap": [
                {"seat_id": s, "label": self._label(s), "ready": self._meeting.presence.seats[s].ready}
                for s in self._meeting.presence.bersiap
            ],
        }

    @cached_property
    def _public(self) -> Sections:
        head = self._places[:WAITING_SHOWN]
        waiting: list[Json] = [
            {"place": n, "seat_id": p.seat_id, "label": self._label(p.seat_id), "reason": str(p.reason)}
            for n, p in enumerate(head, 1)
        ]
        seats: list[Json] = [self._seat(seat_id) for seat_id in self._meeting.agenda.seats]
        return self._common | {
            "stage": self._stage(previews=False),
            "waiting": {"count": len(self._places), "places": waiting},
            "seats": seats,
        }

    @cached_property
    def _console(self) -> Sections:
        meeting = self._meeting
        people = [p for of_seat in self._peserta_by_seat.values() for p in of_seat]
        peserta: list[Json] = [desk_views.peserta_of_consoles(meeting, self._words, p) for p in people]
        return self._common | {
            "stage": self._stage(previews=True),
            "board": [self._place(n, p) for n, p in enumerate(self._places, 1)],
            "hands": [self._hand(r) for r in meeting.queue.requests.values()],
            "seats": [self._seat(seat_id) | self._seat_now(seat_id) for seat_id in meeting.agenda.seats],
            "turn": floor.turn_for_desks(meeting, self._words),
            "points": floor.points(meeting, self._words),
            "history": floor.history(meeting, self._words),
            "peserta": peserta,
            "attendance": self._attendance(),
            "fairness": self._fairness(),
            "seals": desk_views.seals(meeting, self._words),
            "decks": desk_views.decks(meeting, self._words),
        }

    # Sections

    def _session(self) -> Section:
        agenda = self._meeting.agenda
        item = agenda.items[agenda.item_id] if agenda.item_id is not None else None
        settings, quorum = agenda.settings, self._meeting.quorum
        return {
            "title": agenda.title,
            "status": str(agenda.status),
            "item_id": agenda.item_id,
            "item_kind": str(item.kind) if item else None,
            "queue_open": agenda.queue_open,
            "off_record": agenda.off_record,
            "quorum": {
                "present": quorum.present,
                "invited": quorum.invited,
                "needed": quorum.needed,
                "met": quorum.met,
                "blocking": settings.kuorum_wajib,
            },
            "chair": desk_views.chair(self._meeting, self._words),
            "settings": {
                "turn_limit_s": settings.turn_limit_s,
                "warn_before_s": settings.warn_before_s,
                "grace_s": settings.grace_s,
                "bersiap": settings.bersiap,
            },
        }

    def _agenda(self) -> list[Json]:
        agenda = self._meeting.agenda
        done = {span.item_id for span in agenda.spans}
        result: list[Json] = []
        for item in agenda.items.values():
            state = "selesai" if item.item_id in done else "belum"
            if item.item_id == agenda.item_id:
                state = "berjalan"
            result.append(
                {"item_id": item.item_id, "kind": str(item.kind), "title": item.title, "state": state}
            )
        return result

    def _stage(self, previews: bool) -> Section:
        plan = self._plan
        shown = [*(plan.previews if previews else ()), None, None]
        return {
            "seq": self._stage_seq,
            "slots": {
                "aula": plan.aula.seat_id if plan.aula else None,
                "speaker": plan.speaker.seat_id if plan.speaker else None,
                "responder": plan.responder.seat_id if plan.responder else None,
                "screen": plan.screen.seat_id if plan.screen else None,
                "preview_1": shown[0],
                "preview_2": shown[1],
            },
        }

    def _place(self, number: int, place: Place) -> Section:
        seat = self._meeting.presence.seats[place.seat_id]
        request = self._meeting.queue.requests.get(RequestId(place.request_id))
        name = self._words.name(request.peserta_id) if request else None
        scripted = request is None or place.reason == Reason.NASKAH
        return {
            "place": number,
            "seat_id": place.seat_id,
            "label": self._label(place.seat_id),
            "request_id": request.request_id if request else None,
            "nama": name.nama if name else None,
            "topic": self._words.topic(request.request_id) if request else None,
            "reason": str(place.reason),
            "connected": seat.connected,
            "can_publish": seat.can_publish,
            "consent": str(seat.consent),
            "ready": seat.ready,
            "telepon": seat.telepon,
            "wajah": str(seat.wajah) if seat.wajah else None,
            "passed": self._passed(place.seat_id),
            "state": "naskah" if scripted else "antre",
        }

    def _hand(self, request: Request) -> Section:
        name = self._words.name(request.peserta_id)
        return {
            "request_id": request.request_id,
            "seat_id": request.seat_id,
            "label": self._label(request.seat_id),
            "peserta_id": request.peserta_id,
            "nama": name.nama if name else None,
            "topic": self._words.topic(request.request_id),
            "state": str(request.state),
            "requested_at": request.requested_at,
            "jawaban": self._words.answers.get(request.request_id),
            "answered_at": request.answered_at,
        }

    def _seat(self, seat_id: SeatId) -> Section:
        seat = self._meeting.agenda.seats[seat_id]
        return {
            "seat_id": seat_id,
            "kind": str(seat.kind),
            "label": seat.label,
            "kode_wilayah": seat.kode_wilayah,
        }

    def _seat_now(self, seat_id: SeatId) -> Section:
        seat = self._meeting.presence.seats[seat_id]
        tally = self._meeting.turns.seats.get(seat_id, Tally())
        return {
            "connected": seat.connected,
            "can_publish": seat.can_publish,
            "consent": str(seat.consent),
            "di_aula": seat.di_aula,
            "telepon": seat.telepon,
            "wajah": str(seat.wajah) if seat.wajah else None,
            "alat": seat.alat,
            "panel": seat_id in self._plan.panel,
            "turns": tally.turns,
            "spoken_ms": tally.spoken_ms,
        }

    def _own(self, seat_id: SeatId) -> Section:
        seat = self._meeting.presence.seats[seat_id]
        place = self._place_of_seat.get(seat_id)
        waiting = self._meeting.queue.waiting.get(seat_id, [])
        past = [r for r in self._requests_by_seat.get(seat_id, []) if r.state is not RequestState.ANTRE]
        own = [*(self._meeting.queue.requests[r] for r in waiting), *past]
        return self._seat(seat_id) | {
            "connected": seat.connected,
            "can_publish": seat.can_publish,
            "consent": str(seat.consent),
            "state": self._own_state(seat_id),
            "held_off": seat.wajah is Wajah.BUKAN,
            "panel": seat_id in self._plan.panel,
            "screen": self._own_screen(seat_id),
            "passed": self._passed(seat_id),
            "undone": floor.was_undone(self._meeting, seat_id),
            "message": floor.own_message(self._meeting, self._words, seat_id),
            "camat_messages": floor.camat_messages(self._meeting, self._words, seat_id),
            "point": floor.own_point(self._meeting, self._words, seat_id),
            "place": place,
            "reason": str(self._places[place - 1].reason) if place else None,
            "requests": [self._own_request(r) for r in own],
        }

    def _own_screen(self, seat_id: SeatId) -> Section:
        """R91-R93."""
        screens = self._meeting.screens
        ended = screens.ended.get(seat_id)
        return {
            "may": sharing_refusal(self._meeting, seat_id) is None,
            "shared": seat_id in screens.shared,
            "ended": str(ended) if ended else None,
        }

    def _own_request(self, request: Request) -> Section:
        hand = self._hand(request)
        kept: Section = {name: hand[name] for name in _OWN_REQUEST}
        return kept | {"place": self._place_of_request.get(request.request_id)}

    def _own_state(self, seat_id: SeatId) -> str:
        turn, between = self._meeting.turns.live, self._meeting.interjections.live
        if between is not None and between.seat_id == seat_id:
            return str(between.kind)
        if turn is not None and turn.seat_id == seat_id:
            return _OWN_STATE.get(turn.state, "giliran")
        if seat_id in self._meeting.presence.bersiap:
            return "bersiap"
        return "menunggu" if seat_id in self._place_of_seat else "menyimak"

    def _attendance(self) -> Section:
        counts = count(self._meeting.agenda, self._meeting.presence, self._meeting.attendance)
        return {
            "invited": counts.total.invited,
            "present": counts.total.present,
            "attended": counts.total.attended,
            "peserta": counts.total.peserta,
            "kecamatan": [
                {
                    "kode": kode,
                    "label": one.label,
                    "invited": one.invited,
                    "present": one.present,
                    "attended": one.attended,
                    "peserta": one.peserta,
                }
                for kode, one in counts.kecamatan.items()
            ],
            "unsur": [{"unsur": name, "count": number} for name, number in counts.unsur.items()],
            "jenis_kelamin": [
                {"jenis_kelamin": name, "count": number} for name, number in counts.jenis_kelamin.items()
            ],
            "hak": [{"hak": name, "count": number} for name, number in counts.hak.items()],
        }

    def _fairness(self) -> Section:
        """The short form (R84)."""
        found, waits, heard = self._measures, self._measures.total.waits, self._measures.groups
        return {
            "turns": found.total.turns,
            "spoken_ms": found.total.spoken_ms,
            "hands": found.total.hands,
            "unserved": found.total.unserved,
            "waiting_since": found.waiting_since,
            "waits": {
                "count": waits.count,
                "median_ms": waits.median_ms,
                "p90_ms": waits.p90_ms,
                "longest_ms": waits.longest_ms,
            },
            "suggested": found.suggested,
            "overrides": found.overrides,
            "heard": {
                name: sum(row.turns > 0 for row in heard[name].values()) for name in ("kecamatan", "desa")
            },
            "jenis_kelamin": [
                {
                    "jenis_kelamin": row.key,
                    "turns": row.turns,
                    "spoken_ms": row.spoken_ms,
                }
                for row in heard["jenis_kelamin"].values()
            ],
        }

    # What several sections look up

    def _passed(self, seat_id: SeatId) -> int:
        return int(seat_id in self._meeting.queue.passed)

    def _label(self, seat_id: SeatId) -> str:
        return self._meeting.agenda.seats[seat_id].label

    @cached_property
    def _plan(self) -> StagePlan:
        return stage(self._meeting)

    @cached_property
    def _places(self) -> tuple[Place, ...]:
        """Empty once the meeting is closed: nobody is next any more."""
        closed = self._meeting.agenda.status is MeetingStatus.DITUTUP
        return () if closed else self._meeting.order()

    @cached_property
    def _place_of_seat(self) -> dict[str, int]:
        return _first(self._places, lambda p: p.seat_id)

    @cached_property
    def _place_of_request(self) -> dict[str, int]:
        return _first(self._places, lambda p: p.request_id)

    @cached_property
    def _requests_by_seat(self) -> dict[SeatId, list[Request]]:
        result: dict[SeatId, list[Request]] = {}
        for request in self._meeting.queue.requests.values():
            result.setdefault(request.seat_id, []).append(request)
        return result

    @cached_property
    def _peserta_by_seat(self) -> dict[SeatId, list[Section]]:
        result: dict[SeatId, list[Section]] = {}
        for peserta_id, person in self._meeting.presence.peserta.items():
            shown = desk_views.peserta(self._meeting, self._words, peserta_id)
            result.setdefault(person.seat_id, []).append(shown)
        return result


def _first(places: tuple[Place, ...], key: Callable[[Place], str]) -> dict[str, int]:
    """Key -> its first place, counted from 1."""
    result: dict[str, int] = {}
    for number, place in enumerate(places, 1):
        result.setdefault(key(place), number)
    return result
