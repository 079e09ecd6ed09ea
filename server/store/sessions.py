"""Sessions as prepared and listed: title, seats, agenda, script, links and the heartbeat.

What happens in a session is in the journal; ``status`` here is only a copy for lists. A session is made whole
or not at all. A room whose journal is still empty takes its ``ConfigureMeeting`` from here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row, delete, func, insert, select, update

from rooms.ids import ItemId, RoomId, SeatId
from rooms.meeting.vocabulary import ItemKind, ItemSpec, MeetingSettings, MeetingStatus, SeatKind, SeatSpec
from server.store.engine import Connection, Database
from server.store.grants import GrantSpec, Minted, mint_in
from server.store.link_secrets import LinkSecrets
from server.store.tables import agenda_items, rooms, seats

_SETTINGS = TypeAdapter(MeetingSettings)
"""From what was stored as JSON; a session of an older release lacks the newer settings."""


@dataclass(frozen=True, slots=True)
class SessionSpec:
    room_id: RoomId
    title: str
    tanggal: date
    jenis_sesi: str
    tahun_rencana: int
    seats: tuple[SeatSpec, ...]
    agenda: tuple[ItemSpec, ...]
    script: tuple[SeatId, ...]
    """``urutan_panggilan``; each one of ``seats``."""
    settings: MeetingSettings = field(default_factory=MeetingSettings)
    """What its ``ConfigureMeeting`` gives the room."""
    gladi: bool = False
    """A rehearsal: synthetic offices may come, and nothing of it becomes a record of planning."""
    jam_mulai: str = ""
    """``08:30`` by the kabupaten's clock, as ``jam_selesai``; empty: not said."""
    jam_selesai: str = ""
    telepon: str = ""
    """Of the help desk, for the office that does not get in."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    room_id: RoomId
    title: str
    tanggal: date
    jenis_sesi: str
    tahun_rencana: int
    status: MeetingStatus
    created_at: int
    alive_until: int | None
    """Last instant the server is known to have served this room; None before the first heartbeat."""
    gladi: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a session means for planning."""

    tahun_rencana: int
    gladi: bool


class Sessions:
    """``links``: what the secrets of their links follow from (``Grants``)."""

    def __init__(self, database: Database, links: LinkSecrets | None = None) -> None:
        self._database = database
        self._links = links or LinkSecrets()

    async def create(self, spec: SessionSpec, links: Sequence[GrantSpec] = (), *, at: int) -> list[Minted]:
        """Store the session and mint its links (their ``room_id`` is filled in), in their order.

        Raises ValueError when the script names a seat that is not there.
        """
        if unknown := set(spec.script) - {seat.seat_id for seat in spec.seats}:
            raise ValueError(f"not seats of this session: {sorted(unknown)}")
        async with self._database.write() as connection:
            await connection.execute(
                insert(rooms).values(
                    room_id=spec.room_id,
                    title=spec.title,
                    tanggal=spec.tanggal,
                    jenis_sesi=spec.jenis_sesi,
                    tahun_rencana=spec.tahun_rencana,
                    status=MeetingStatus.DISIAPKAN,
                    created_at=at,
                    settings=asdict(spec.settings),
                    gladi=spec.gladi,
                    jam_mulai=spec.jam_mulai,
                    jam_selesai=spec.jam_selesai,
                    telepon=spec.telepon,
                )
            )
            if spec.seats:
                await connection.execute(insert(seats), _seat_rows(spec))
            if spec.agenda:
                await connection.execute(insert(agenda_items), _agenda_rows(spec.room_id, spec.agenda))
            return [
                await mint_in(
                    connection,
                    self._links,
                    GrantSpec(link.role, link.label, spec.room_id, link.seat_id),
                    at=at,
                )
                for link in links
            ]

    async def list(self) -> list[SessionSummary]:
        """Newest date first."""
        query = select(rooms).order_by(rooms.c.tanggal.desc(), rooms.c.created_at.desc())
        async with self._database.read() as connection:
            return [_summary(row) for row in await connection.execute(query)]

    async def get(self, room_id: RoomId) -> SessionSummary | None:
        async with self._database.read() as connection:
            row = (await connection.execute(select(rooms).where(rooms.c.room_id == room_id))).one_or_none()
        return None if row is None else _summary(row)

    async def spec(self, room_id: RoomId) -> SessionSpec | None:
        """The session as it was prepared."""
        seat_query = select(seats).where(seats.c.room_id == room_id).order_by(seats.c.place)
        item_query = (
            select(agenda_items).where(agenda_items.c.room_id == room_id).order_by(agenda_items.c.place)
        )
        async with self._database.read() as connection:
            room = (await connection.execute(select(rooms).where(rooms.c.room_id == room_id))).one_or_none()
            seat_rows = (await connection.execute(seat_query)).all()
            item_rows = (await connection.execute(item_query)).all()
        if room is None:
            return None
        in_script = sorted(
            (row for row in seat_rows if row.script_place is not None), key=lambda r: r.script_place
        )
        return SessionSpec(
            room_id,
            room.title,
            room.tanggal,
            room.jenis_sesi,
            room.tahun_rencana,
            tuple(_seat(row) for row in seat_rows),
            tuple(ItemSpec(ItemId(r.item_id), ItemKind(r.kind), r.title) for r in item_rows),
            tuple(SeatId(row.seat_id) for row in in_script),
            _SETTINGS.validate_python(room.settings or {}),
            room.gladi,
            room.jam_mulai,
            room.jam_selesai,
            room.telepon,
        )

    @staticmethod
    async def change_in(
        connection: Connection, room_id: RoomId, agenda: Sequence[ItemSpec], **values: str | date
    ) -> None:
        """In a transaction of the caller's: another agenda, and of ``rooms`` what is in ``values``."""
        await connection.execute(update(rooms).where(rooms.c.room_id == room_id).values(values))
        await connection.execute(delete(agenda_items).where(agenda_items.c.room_id == room_id))
        await connection.execute(insert(agenda_items), _agenda_rows(room_id, agenda))

    async def add_seats_in(
        self,
        connection: Connection,
        room_id: RoomId,
        those: Sequence[SeatSpec],
        links: Sequence[GrantSpec],
        *,
        at: int,
    ) -> None:
        """In a transaction of the caller's: seats after those that are there, and their links."""
        last = select(func.max(seats.c.place), func.max(seats.c.script_place)).where(
            seats.c.room_id == room_id
        )
        place, script = (-1 if value is None else value for value in (await connection.execute(last)).one())
        dialog = (seat.seat_id for seat in those if seat.kind is SeatKind.DIALOG)
        scripted = {seat_id: script + 1 + number for number, seat_id in enumerate(dialog)}
        rows = [_seat_row(room_id, s, place + 1 + n, scripted.get(s.seat_id)) for n, s in enumerate(those)]
        await connection.execute(insert(seats), rows)
        for link in links:
            await mint_in(connection, self._links, link, at=at)

    async def set_status(self, room_id: RoomId, status: MeetingStatus) -> None:
        async with self._database.write() as connection:
            await connection.execute(update(rooms).where(rooms.c.room_id == room_id).values(status=status))

    async def heartbeat(self, room_ids: Iterable[RoomId], *, at: int) -> None:
        """These rooms are being served at ``at``; after a crash the outage is counted from the last one."""
        query = update(rooms).where(rooms.c.room_id.in_(list(room_ids))).values(alive_until=at)
        async with self._database.write() as connection:
            await connection.execute(query)


async def seat_in(connection: Connection, room_id: str, seat_id: str) -> SeatSpec | None:
    """In a transaction of the caller's."""
    query = select(seats).where(seats.c.room_id == room_id, seats.c.seat_id == seat_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _seat(row)


async def terms_in(connection: Connection, room_id: str) -> Terms | None:
    """In a transaction of the caller's; None when there is no such session."""
    query = select(rooms.c.tahun_rencana, rooms.c.gladi).where(rooms.c.room_id == room_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Terms(row.tahun_rencana, row.gladi)


def _seat_rows(spec: SessionSpec) -> list[dict[str, object]]:
    script = {seat_id: place for place, seat_id in enumerate(spec.script)}
    return [
        _seat_row(spec.room_id, seat, place, script.get(seat.seat_id))
        for place, seat in enumerate(spec.seats)
    ]


def _seat_row(room_id: RoomId, seat: SeatSpec, place: int, script_place: int | None) -> dict[str, object]:
    return {
        "room_id": room_id,
        "seat_id": seat.seat_id,
        "place": place,
        "kind": seat.kind,
        "label": seat.label,
        "kode_wilayah": seat.kode_wilayah,
        "script_place": script_place,
    }


def _agenda_rows(room_id: RoomId, agenda: Sequence[ItemSpec]) -> list[dict[str, object]]:
    return [
        {
            "room_id": room_id,
            "item_id": item.item_id,
            "place": place,
            "kind": item.kind,
            "title": item.title,
        }
        for place, item in enumerate(agenda)
    ]


def _seat(row: Row[Any]) -> SeatSpec:
    return SeatSpec(SeatId(row.seat_id), SeatKind(row.kind), row.label, row.kode_wilayah)


def _summary(row: Row[Any]) -> SessionSummary:
    return SessionSummary(
        RoomId(row.room_id),
        row.title,
        row.tanggal,
        row.jenis_sesi,
        row.tahun_rencana,
        MeetingStatus(row.status),
        row.created_at,
        row.alive_until,
        row.gladi,
    )
