"""The last check of each seat's line."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from rooms.ids import RoomId, SeatId
from rooms.meeting.vocabulary import SeatKind, SeatSpec
from server.store.engine import Database
from server.store.sambungan import Check, Checks, Path
from server.store.sessions import Sessions, SessionSpec

ROOM = RoomId("pleno")
SEATS = tuple(SeatSpec(SeatId(name), SeatKind.DIALOG, name) for name in ("licin", "pakis"))
CHECK = Check(5, "Chrome, Android", Path.TCP, 900, 0.25, 40, None)


async def test_the_newest_check_of_each_seat_is_kept(database: Database) -> None:
    checks = Checks(database)
    spec = SessionSpec(ROOM, "Musrenbang", date(2027, 1, 15), "musrenbangdes", 2028, SEATS, (), ())
    await Sessions(database).create(spec, at=3)
    assert await checks.of(ROOM) == {}
    newer = replace(CHECK, checked_at=9, path=Path.NONE, down_kbit=None, lost=None, wire_ms=7)
    for seat_id, check in (("licin", CHECK), ("pakis", CHECK), ("licin", newer)):
        await checks.keep(ROOM, SeatId(seat_id), check)
    assert await checks.of(ROOM) == {"licin": newer, "pakis": CHECK}
    assert await checks.of(RoomId("other")) == {}
    with pytest.raises(IntegrityError):
        await checks.keep(ROOM, SeatId("unknown"), CHECK)
