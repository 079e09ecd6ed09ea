"""The session as intervals: agenda, turns with the times they were spoken, clips, notes.

Made by folding the room's journal; what was shown then is what is told now.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from aiohttp import web

from rooms.fold import Fold
from rooms.ids import RoomId, TurnId
from rooms.journal import Entry
from rooms.meeting.events import MeetingClosed, RecordSwitched, SlideShown, SlidesStopped
from rooms.meeting.interjections import Interjection
from rooms.meeting.turns import Turn
from rooms.meeting.vocabulary import TurnKind, TurnState
from rooms.recording.manifest import Clip
from rooms.spoken import Intervals, replayed
from server.api import clips
from server.api.notes_access import own_place, shown_all
from server.auth.guard import room_of
from server.kept import JOURNAL, NOTEBOOK, SESSIONS, WILAYAH
from server.keys import NOW, RECORDINGS
from server.pages.screens import base_in
from server.planning.closed import without_contact
from server.refusals import Refusal
from server.store.catatan import Filter


async def show(request: web.Request) -> web.Response:
    """``GET api/timeline``."""
    app, room_id = request.app, room_of(request)
    summary = await app[SESSIONS].get(room_id)
    if summary is None:
        raise Refusal(404, "not_found")
    entries = await app[JOURNAL].read(room_id, 0)
    fold, intervals = replayed(entries)
    districts = {kecamatan.kode: kecamatan.nama for kecamatan in await app[WILAYAH].kecamatan()}
    undone = {t.turn_id: t.ends for t in fold.meeting.turns.turns.values() if t.state is TurnState.DIBATALKAN}
    hidden = () if clips.plays_undone(request) else undone
    notes = await app[NOTEBOOK].list(
        Filter(room_id=room_id, spoken=True, kode_wilayah=await own_place(request) or "")
    )
    base = base_in(request)
    return web.json_response(
        {
            "room": _room(fold, room_id, summary.tanggal, app[NOW]()),
            "agenda": _agenda(fold),
            "turns": [t for t in turns_of(fold, intervals, districts) if t["turn_id"] not in hidden],
            "clips": [
                _clip(clip, base)
                for clip in await clips.of_room(app[RECORDINGS], room_id)
                if clip.turn_id not in hidden
            ],
            "slides": [
                slide | {"pages": fold.meeting.slides.pages(slide["deck_id"])} for slide in slides_of(entries)
            ],
            "seals": [
                {"seal_id": seal_id, "from": seal.from_ms, "to": seal.to_ms}
                for seal_id, seal in fold.meeting.state.seals.standing.items()
            ],
            "notes": [
                _settled(note.model_dump(mode="json"), undone)
                for note in await shown_all(request, map(without_contact, notes.items))
            ],
            "seats": [
                {
                    "seat_id": seat.seat_id,
                    "kind": seat.kind,
                    "label": seat.label,
                    "kode_wilayah": seat.kode_wilayah,
                    "kecamatan": districts.get(seat.kode_wilayah[:8], ""),
                }
                for seat in fold.meeting.agenda.seats.values()
            ],
        }
    )


def _settled(note: dict[str, Any], undone: Mapping[TurnId, TurnId | None]) -> dict[str, Any]:
    """A mention in an undone turn belongs to the turn that went on, or to none (R53)."""
    mentions = [
        mention | {"turn_id": undone.get(mention["turn_id"], mention["turn_id"])}
        for mention in note["penyebutan"]
    ]
    return note | {"penyebutan": mentions}


def _room(fold: Fold, room_id: RoomId, tanggal: date, now: int) -> dict[str, object]:
    agenda = fold.meeting.agenda
    return {
        "room_id": room_id,
        "title": agenda.title,
        "tanggal": tanggal.isoformat(),
        "status": agenda.status,
        "opened_at": agenda.opened_at,
        "closed_at": agenda.closed_at,
        "now": now,
    }


def _agenda(fold: Fold) -> list[dict[str, object]]:
    """One per time that an item ran, and one for each that has not."""
    agenda = fold.meeting.agenda
    ran = [(span.item_id, span.started_at, span.ended_at) for span in agenda.spans]
    begun = {span.item_id for span in agenda.spans}
    return [
        {
            "item_id": item_id,
            "kind": agenda.items[item_id].kind,
            "title": agenda.items[item_id].title,
            "started_at": started_at,
            "ended_at": ended_at,
        }
        for item_id, started_at, ended_at in [
            *ran,
            *((item_id, None, None) for item_id in agenda.items if item_id not in begun),
        ]
    ]


def turns_of(fold: Fold, intervals: Intervals, districts: Mapping[str, str]) -> list[dict[str, object]]:
    """In the order in which they began; what came in between is of a kind of its own."""
    meeting, words, shown_turns = fold.meeting, fold.words, list[dict[str, object]]()
    begun: list[tuple[int, TurnKind, str | None, Turn | Interjection]] = [
        *(
            (t.called_at, TurnKind.GILIRAN, words.topic(t.request_id), t)
            for t in meeting.turns.turns.values()
        ),
        *((t.began_at, t.kind, words.point(t.point_id), t) for t in meeting.interjections.turns.values()),
    ]
    for started_at, kind, topic, turn in sorted(begun, key=lambda entry: entry[0]):
        seat = fold.meeting.agenda.seats[turn.seat_id]
        name = fold.words.name(turn.peserta_id)
        shown_turns.append(
            {
                "turn_id": turn.turn_id,
                "kind": kind,
                "seat_id": turn.seat_id,
                "label": seat.label,
                "kecamatan": districts.get(seat.kode_wilayah[:8], ""),
                "nama": name.nama if name else "",
                "topic": topic or "",
                "media": turn.media,
                "started_at": started_at,
                "ended_at": turn.ended_at,
                "outcome": turn.state if turn.ended_at is not None else None,
                "intervals": [{"from": a, "to": b} for a, b in intervals.get(turn.turn_id, [])],
            }
        )
    return shown_turns


def slides_of(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Which page was seen from when to when, but for what was off the record (R99); ``to``: None, still."""
    spans = list[dict[str, Any]]()
    shown: SlideShown | None = None
    recorded = True
    for entry in entries:
        match entry.event:
            case SlideShown():
                shown = entry.event
            case SlidesStopped() | MeetingClosed():
                shown = None
            case RecordSwitched():
                recorded = not entry.event.off_record
            case _:
                continue
        if spans and spans[-1]["to"] is None:
            spans[-1]["to"] = entry.at
        if shown is not None and recorded:
            spans.append({"deck_id": shown.deck_id, "page": shown.page, "from": entry.at, "to": None})
    return spans


def _clip(clip: Clip, base: str) -> dict[str, object]:
    duration_ms: int | None = clip.duration_ms if clip.complete else None
    if not clip.complete and clip.closed_at is not None and clip.started_at is not None:
        duration_ms = clip.closed_at - clip.started_at
    return {
        "clip_id": clip.clip_id,
        "seat_id": clip.seat_id,
        "slot": clip.slot,
        "turn_id": clip.turn_id,
        "started_at": clip.started_at,
        "duration_ms": duration_ms,
        "complete": clip.complete,
        "url": f"{base}clips/{clip.clip_id}.webm",
    }
