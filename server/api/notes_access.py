"""Which notes a link may see and touch, and how refusals of the planning rules are answered.

An office has its own place's notes, without the follow-up that is internal; desks have those of their
session; the Panitia has all.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from aiohttp import web

from rooms.ids import RoomId
from rooms.meeting.errors import Refused
from rooms.meeting.seals import Span
from rooms.room import RoomClosed
from server.access import DECIDING, Role
from server.auth.guard import IDENTITY, room_of
from server.auth.identity import Identity
from server.kept import DAFTAR, JOURNAL, NOTEBOOK
from server.planning import shapes
from server.planning.closed import (
    spoken_in,
    without_contact,
    without_documents,
    without_internal,
    without_words,
)
from server.planning.errors import FieldErrors, GladiSession, IdTaken, NotFound, NotYours, VersionConflict
from server.planning.putuskan import SENTENCES
from server.planning.tahapan import Pelaku, Peran, Sebab, TidakBoleh, WrongStage, concerns
from server.refusals import Refusal
from server.signalling.entrance import HALLS
from server.signalling.words import REFUSALS
from server.store.catatan import Catatan, Filter

NO_PLACE = "-"
"""Equals no code, so that a guest without a place has no notes of its own."""
WHO_WRITE_DOWN = (Role.NOTULIS, Role.PANITIA)
"""They have the words of sealed intervals too, the notulis in sessions of its own (R69)."""
WHO_MAY_CALL = DECIDING | {Role.DESA, Role.NOTULIS, Role.PANITIA}
"""They have the private ``kontak`` of what concerns them: an office of its own notes, an account by T16."""
WHO_HAVE_DOCUMENTS = WHO_MAY_CALL | {Role.APLIKASI}
"""They have surat pengantar and RAB, in the same way; keys are given to planning's own applications."""


async def own_place(request: web.Request) -> str | None:
    """The kode wilayah that limits an office; None for everybody else."""
    identity = request[IDENTITY]
    if identity.role is not Role.DESA or identity.seat_id is None:
        return None
    hall = await request.app[HALLS].get(room_of(request))
    seat = hall.room.meeting.agenda.seats.get(identity.seat_id)
    return seat.kode_wilayah or NO_PLACE if seat else NO_PLACE


def session_of(request: web.Request, asked: str | None) -> RoomId | None:
    """The session of the address, else the one ``asked`` for, else that of link or key; None: all of them.

    Raises Refusal for another's.
    """
    identity = request[IDENTITY]
    if "room" in request.match_info:
        return room_of(request)
    if asked is None:
        return identity.room_id
    if identity.role is not Role.PANITIA and identity.room_id not in (None, asked):
        raise Refusal(404, "not_found", detail="another session")
    return RoomId(asked)


def rooms_of(note: Catatan) -> set[str]:
    """The sessions that it was taken or spoken of in."""
    return {note.room_id, *(mention.room_id for mention in note.penyebutan)}


def require_in_room(request: web.Request, note: Catatan) -> None:
    """A note of another session is not there but for the Panitia and keys for all of them. Raises Refusal."""
    identity = request[IDENTITY]
    everywhere = identity.role is Role.PANITIA or (
        identity.role is Role.APLIKASI and identity.room_id is None
    )
    if not everywhere and identity.room_id not in rooms_of(note):
        raise Refusal(404, "not_found", detail="a note of another session")


async def readable(request: web.Request, notes: Iterable[Catatan]) -> list[tuple[Catatan, bool]]:
    """The notes as this link may read them, and whether the words of each are closed to it (R69)."""
    identity, concerned = request[IDENTITY], await _concerned(request)
    role = identity.role
    sealed: dict[str, tuple[Span, ...]] = {}
    result = []
    for note in notes:
        # What may be the same lies in other sessions, too; there a notulis is a reader like others
        here = role is not Role.NOTULIS or identity.room_id in rooms_of(note)
        its_own = here and concerned(note)
        if role not in WHO_MAY_CALL or not its_own:
            note = without_contact(note)
        if role not in WHO_HAVE_DOCUMENTS or not its_own:
            note = without_documents(note)
        if role in WHO_WRITE_DOWN and here:
            result.append((note, False))
            continue
        for mention in note.penyebutan:
            if mention.spoken and mention.room_id not in sealed:
                hall = await request.app[HALLS].get(RoomId(mention.room_id))
                sealed[mention.room_id] = hall.room.meeting.state.seals.spans
        closed = spoken_in(note, sealed)
        result.append((without_words(note) if closed else note, closed))
    return result


async def closed_ids(request: web.Request) -> frozenset[str]:
    """The notes whose words are closed to this reader, of all sessions (R69)."""
    if request[IDENTITY].role in WHO_WRITE_DOWN:
        return frozenset()
    return await request.app[DAFTAR].spoken_in(await request.app[JOURNAL].seals())


async def searched(request: web.Request, wanted: Filter) -> Filter:
    """Closed words are not found by looking for them, neither on a page nor by how many there are (R69)."""
    return replace(wanted, without=await closed_ids(request)) if wanted.q.strip() else wanted


def as_account(identity: Identity) -> Pelaku | None:
    """Who is signed in, as the decision chain knows them; None for a link and a key."""
    account = identity.account
    return Pelaku(Peran(identity.role), account.wilayah, account.opd) if account else None


async def _concerned(request: web.Request) -> Callable[[Catatan], bool]:
    """Whether a note is one of those that this one sees more of: an account reads whole sessions, too."""
    pelaku, own = as_account(request[IDENTITY]), await own_place(request)
    if pelaku is not None:
        return lambda note: concerns(pelaku, note.kode_wilayah, note.opd_tujuan)
    return lambda note: own in (None, note.kode_wilayah)


async def shown(request: web.Request, note: Catatan) -> shapes.Catatan:
    """*Catatan* as this link may see it."""
    return (await shown_all(request, [note]))[0]


async def shown_all(request: web.Request, notes: Iterable[Catatan]) -> list[shapes.Catatan]:
    return [shapes.shown(note, closed=closed) for note, closed in await told(request, notes)]


async def told(request: web.Request, notes: Iterable[Catatan]) -> list[tuple[Catatan, bool]]:
    """As ``readable``; without what an office is not told besides: who follows its notes up."""
    office = request[IDENTITY].role is Role.DESA
    return [
        (without_internal(note) if office else note, closed)
        for note, closed in await readable(request, notes)
    ]


@contextmanager
def answered() -> Iterator[None]:
    """Planning's and the meeting's refusals as those of HTTP."""
    try:
        yield
    except FieldErrors as error:
        raise Refusal(422, "bad_fields", fields=error.fields) from error
    except GladiSession as error:
        raise Refusal(409, "gladi", detail=str(error)) from error
    except NotFound as error:
        raise Refusal(404, "not_found", detail=str(error)) from error
    except NotYours as error:
        raise Refusal(403, "forbidden", detail=f"not its own: {error}") from error
    except (IdTaken, VersionConflict) as error:
        raise Refusal(409, "conflict", detail=str(error)) from error
    except TidakBoleh as error:
        forbidden = error.sebab in (Sebab.BUKAN_WILAYAH, Sebab.BUKAN_OPD, Sebab.BUKAN_WEWENANG)
        status, code = (403, "forbidden") if forbidden else (409, "wrong_stage")
        raise Refusal(status, code, message=SENTENCES[error.sebab], detail=str(error)) from error
    except WrongStage as error:
        raise Refusal(409, "wrong_stage", detail=str(error)) from error
    except Refused as error:
        raise Refusal(409, error.code, message=REFUSALS[error.code], detail=error.detail) from error
    except RoomClosed as error:
        raise Refusal(503, "unavailable", detail="the room is closing") from error


async def tell(request: web.Request, note: Catatan) -> None:
    """Everyone in the rooms that the note belongs to learns that notes changed, if any did."""
    for room_id in rooms_of(note):
        hall = request.app[HALLS].open_now.get(RoomId(room_id))
        if hall is not None:
            hall.notes_changed(await request.app[NOTEBOOK].version(hall.room.room_id))
