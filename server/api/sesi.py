"""Sessions and places for other applications, by ``/api/v1``."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import Field

from rooms.ids import RoomId
from rooms.meeting.vocabulary import MeetingStatus
from server.access import Role
from server.auth.guard import IDENTITY
from server.kept import SESSIONS, WILAYAH
from server.planning.catatan import Formulir, Short
from server.planning.saring import MOST_PER_PAGE, PER_PAGE
from server.planning.shapes import Ms, Shape
from server.refusals import Refusal
from server.store.sessions import SessionSummary
from server.store.wilayah import Desa

T = TypeVar("T")


class Halaman(Formulir):
    dari: Short = Field(default="", description="`next` of the page before")
    batas: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = Field(default=PER_PAGE, description="per page")


class SaringWilayah(Halaman):
    kecamatan: Short = Field(default="", description="code")


class Sesi(Shape):
    room_id: str
    title: str
    tanggal: date
    jenis_sesi: str
    tahun_rencana: int
    status: MeetingStatus
    gladi: bool = Field(description="a rehearsal, whose notes are not kept")
    created_at: Ms


class HalamanSesi(Shape):
    """The newest date first."""

    items: list[Sesi]
    next: str | None


class TempatKecamatan(Shape):
    kode: str
    nama: str


class Tempat(Shape):
    """A desa or a kelurahan."""

    kode: str = Field(description="Kemendagri code")
    jenis: str
    nama: str
    label: str
    kecamatan: TempatKecamatan


class HalamanWilayah(Shape):
    """By code."""

    items: list[Tempat]
    next: str | None


async def find(request: web.Request, query: Halaman) -> HalamanSesi:
    """``GET sesi``: those that this link or key may see."""
    own = request[IDENTITY].room_id
    sessions = [s for s in await request.app[SESSIONS].list() if own is None or s.room_id == own]
    items, further = _part(sessions, lambda session: session.room_id, query)
    return HalamanSesi(items=[Sesi.model_validate(session) for session in items], next=further)


async def one(request: web.Request) -> Sesi:
    """``GET sesi/{room}``."""
    room_id, identity = RoomId(request.match_info["room"]), request[IDENTITY]
    theirs = identity.room_id in (None, room_id) or identity.role is Role.PANITIA
    summary: SessionSummary | None = await request.app[SESSIONS].get(room_id) if theirs else None
    if summary is None:
        raise Refusal(404, "not_found")
    return Sesi.model_validate(summary)


async def places(request: web.Request, query: SaringWilayah) -> HalamanWilayah:
    """``GET wilayah``."""
    desa: list[Desa] = await request.app[WILAYAH].desa(query.kecamatan or None)
    items, further = _part(desa, lambda place: place.kode, query)
    return HalamanWilayah(items=[Tempat.model_validate(place) for place in items], next=further)


def _part(whole: Sequence[T], key: Callable[[T], str], query: Halaman) -> tuple[Sequence[T], str | None]:
    """A page of a list that is short enough to be read whole. Raises Refusal for a page that there is not."""
    start = 0
    if query.dari:
        keys = [key(item) for item in whole]
        if query.dari not in keys:
            raise Refusal(404, "not_found", detail="cursor")
        start = keys.index(query.dari) + 1
    items = whole[start : start + query.batas]
    return items, key(items[-1]) if items and start + query.batas < len(whole) else None
