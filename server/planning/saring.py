"""What of the long list an address asks for: filters, where a page begins and how long it is."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from rooms.ids import RoomId
from rooms.meeting.vocabulary import JenisCatatan
from server.planning.catatan import Formulir, Id, Short
from server.store.catatan import Cursor, Filter
from server.store.tindak_lanjut import Due

PER_PAGE = 50
MOST_PER_PAGE = 2000
_LAST_INSTANT = 2**63 - 1


def cursor_text(cursor: Cursor | None) -> str | None:
    """As it stands in addresses; only ``read_cursor`` looks into it."""
    return None if cursor is None else f"{cursor.created_at}.{cursor.id}"


def read_cursor(text: str) -> Cursor:
    """Raises ValueError."""
    at, point, note_id = text.partition(".")
    if not (point and at.isascii() and at.isdigit() and int(at) <= _LAST_INSTANT):
        raise ValueError(text)
    return Cursor(int(at), note_id)


def due_text(due: Due | None) -> str | None:
    """As it stands in addresses; only ``read_due`` looks into it."""
    return None if due is None else f"{due.tenggat.isoformat()}.{due.created_at}.{due.id}"


def read_due(text: str) -> Due:
    """Raises ValueError."""
    day, _, rest = text.partition(".")
    cursor = read_cursor(rest)
    return Due(date.fromisoformat(day), cursor.created_at, cursor.id)


def _read_by(read: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        if text:
            try:
                read(text)
            except ValueError as error:
                raise PydanticCustomError("not_listed", "no cursor") from error
        return text

    return AfterValidator(check)


class SaringJanji(Formulir):
    """Of what was promised and complained of."""

    sesi: Id | None = Field(default=None, description="room_id: taken in this session")
    kecamatan: Short = Field(default="", description="code")
    selesai: bool = Field(default=False, description="what is done, instead of what is not")
    dari: Annotated[str, StringConstraints(max_length=200), _read_by(read_due)] = Field(
        default="", description="`next` of the page before"
    )
    batas: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = Field(default=PER_PAGE, description="per page")


class Saring(Formulir):
    """Filters; one that is left out or empty does not limit."""

    sesi: Id | None = Field(default=None, description="room_id: taken or mentioned in this session")
    disebut: bool = Field(default=False, description="only what was spoken of in the session")
    tahun_rencana: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    kecamatan: Short = Field(default="", description="code or name")
    kode_wilayah: Short = Field(default="", description="of a desa or kelurahan")
    jenis: JenisCatatan | None = None
    bidang: Short = Field(default="", description="`2` or `2.3`")
    tahap: Short = ""
    putusan: Short = ""
    q: Short = Field(default="", description="words that begin so, all of them, anywhere in the texts")
    dari: Annotated[str, StringConstraints(max_length=200), _read_by(read_cursor)] = Field(
        default="", description="`next` of the page before"
    )
    batas: Annotated[int, Field(ge=1, le=MOST_PER_PAGE)] = Field(default=PER_PAGE, description="per page")

    def filter(self, room_id: RoomId | None, kode_wilayah: str | None) -> Filter:
        """Within ``room_id`` (None: every session) and, for an office, its own place."""
        return Filter(
            room_id=room_id,
            spoken=self.disebut,
            tahun_rencana=self.tahun_rencana,
            kecamatan=self.kecamatan,
            kode_wilayah=self.kode_wilayah if kode_wilayah is None else kode_wilayah,
            jenis=self.jenis or "",
            bidang=self.bidang,
            tahap=self.tahap,
            putusan=self.putusan,
            q=self.q,
            after=read_cursor(self.dari) if self.dari else None,
        )
