"""Slides over HTTP: a PDF comes in and becomes pages; these go out, each to whoever may see it."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from rooms.ids import CommandId, DeckId
from rooms.meeting.commands import AddDeck, RemoveDeck
from rooms.meeting.errors import Refused
from rooms.meeting.slides import Slide
from rooms.meeting.vocabulary import MeetingStatus
from server.access import CONSOLES, PRESENT, Role
from server.api.timeline import slides_of
from server.api.uploads import spooled, uploading
from server.attachments.checking import MOST_DECK_BYTES, OF_DECKS, Unfit, check_deck
from server.auth.guard import IDENTITY, room_of
from server.kept import JOURNAL
from server.keys import NEW_ID, SLIDES
from server.plain import plain
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.slides import drop, keep, leave, page_path, text_path

MOST_NAME = 120
FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
FOR_NOW = {"Cache-Control": "no-store"}
"""What is shown off the record stays nowhere."""


async def add(request: web.Request) -> web.Response:
    """``POST paparan?nama=``: the bytes of a PDF; 201 ``{"deck_id", "pages"}`` once the meeting has it.

    422 with ``fields.berkas``, 409 ``too_many`` or ``closed``.
    """
    identity, hall = request[IDENTITY], await request.app[HALLS].get(room_of(request))
    nama, meeting = _name(request.query.get("nama", "")), hall.room.meeting
    # Asked before minutes of work, and again by the meeting, which others may have filled or closed since.
    if meeting.agenda.status is MeetingStatus.DITUTUP:
        raise Refusal(409, "closed")
    if meeting.slides.full:
        raise Refusal(409, "too_many")
    try:
        async with uploading(request), spooled(request, MOST_DECK_BYTES) as file:
            made = await check_deck(file)
    except Unfit as error:
        raise Refusal(422, "bad_fields", fields={"berkas": OF_DECKS[error.code]}) from error
    deck_id = DeckId(request.app[NEW_ID]())
    await keep(request.app[SLIDES], deck_id, made.parts)
    try:
        await hall.submit(AddDeck(deck_id, made.pages, nama), identity.actor, CommandId(deck_id))
    except Refused as refused:
        await drop(request.app[SLIDES], deck_id)
        code = "closed" if refused.code == "wrong_status" else "too_many"
        raise Refusal(409, code, detail=str(refused)) from refused
    return web.json_response({"deck_id": deck_id, "pages": made.pages}, status=201)


async def remove(request: web.Request) -> web.Response:
    """``DELETE paparan/{deck}``: 204, also once more; only the pages that the replay shows stay on the disk.

    404 for a deck that never was, 409 ``on_stage`` while a page of it is seen (R102), or ``closed``.
    """
    room_id, deck_id = room_of(request), DeckId(request.match_info["deck"])
    hall = await request.app[HALLS].get(room_id)
    if not hall.room.meeting.slides.pages(deck_id):
        raise Refusal(404, "not_found")
    command_id = CommandId(request.app[NEW_ID]())
    try:
        await hall.submit(RemoveDeck(deck_id), request[IDENTITY].actor, command_id)
    except Refused as refused:
        code = "closed" if refused.code == "wrong_status" else "on_stage"
        raise Refusal(409, code, detail=str(refused)) from refused
    spans = slides_of(await request.app[JOURNAL].read(room_id, 0))
    await leave(request.app[SLIDES], deck_id, {span["page"] for span in spans if span["deck_id"] == deck_id})
    return web.Response(status=204)


async def page(request: web.Request) -> web.StreamResponse:
    """``GET paparan/{deck}/{halaman}-{lebar}.webp``: 404 for a page that is not theirs to see (R99)."""
    deck_id, number, kept = await _may_see(request)
    path = page_path(request.app[SLIDES], deck_id, number, int(request.match_info["lebar"]))
    return _file(path, kept, "image/webp")


async def text(request: web.Request) -> web.StreamResponse:
    """``GET paparan/{deck}/{halaman}.txt``: what can be read on a page, to whom ``page`` shows it."""
    deck_id, number, kept = await _may_see(request)
    return _file(text_path(request.app[SLIDES], deck_id, number), kept, "text/plain; charset=utf-8")


async def _may_see(request: web.Request) -> tuple[DeckId, int, Mapping[str, str]]:
    """Deck, page, and how long what is given may be kept. Raises Refusal."""
    slides = (await request.app[HALLS].get(room_of(request))).room.meeting.slides
    deck_id, number = DeckId(request.match_info["deck"]), int(request.match_info["halaman"])
    known, role = 1 <= number <= slides.pages(deck_id), request[IDENTITY].role
    for_good = role in CONSOLES or slides.was_seen(deck_id, number)
    # Off the record it may be seen in the hall, and by nobody who watches a broadcast.
    present = role in PRESENT and not (role is Role.SIARAN and slides.off_record)
    for_now = present and slides.shown == Slide(deck_id, number)
    if not known or not (for_good or for_now):
        raise Refusal(404, "not_found")
    return deck_id, number, FOR_GOOD if for_good else FOR_NOW


def _file(path: Path, kept: Mapping[str, str], kind: str) -> web.StreamResponse:
    if not path.is_file():
        raise Refusal(404, "not_found")
    return web.FileResponse(path, headers={**kept, "Content-Type": kind})


def _name(typed: str) -> str:
    """Of a file, as it may stand on a screen."""
    try:
        return plain(typed.strip()[:MOST_NAME])
    except ValueError:
        return ""
