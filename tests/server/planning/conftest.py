"""A prepared session with its room open, on a real database: what planning works on."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import uuid4

import pytest

from rooms.ids import Actor, CommandId, ItemId, RoomId, SeatId
from rooms.journal import Entry
from rooms.meeting.commands import ConfigureMeeting, OpenMeeting
from rooms.meeting.vocabulary import ItemKind, ItemSpec, SeatKind, SeatSpec
from rooms.room import Room
from server.planning.catatan import CatatanBaru, parse
from server.planning.keputusan import Meja, Siapa
from server.planning.musrenbangcam import Musrenbangcam
from server.planning.notebook import Notebook, Taking
from server.planning.putuskan import Putuskan
from server.planning.tahapan import Pelaku, Peran, Rantai, Tindakan
from server.store.catatan import Catatan, Filter
from server.store.engine import Database
from server.store.grants import Grants, GrantSpec
from server.store.journal import SqlJournal
from server.store.konsep import Drafts
from server.store.sessions import Sessions, SessionSpec
from server.store.wilayah import Wilayah
from tests.support.clock import VirtualClock
from tests.support.database import *  # noqa: F403

ROOM = RoomId("pleno")
NOTULIS = Actor("grant:notulis")
SEATS = (
    SeatSpec(SeatId("aula"), SeatKind.AULA, "Aula"),
    SeatSpec(SeatId("licin"), SeatKind.DIALOG, "Tamansari, Kec. Licin", "35.10.24.2008"),
    SeatSpec(SeatId("pakis"), SeatKind.MENYIMAK, "Kel. Pakis, Kec. Banyuwangi", "35.10.16.1001"),
)


LICIN, PAKIS = "35.10.24.2008", "35.10.16.1001"
DESA, CAMAT = Pelaku(Peran.DESA, LICIN), Pelaku(Peran.CAMAT, "35.10.24")
MITRA, BAPPEDA = Pelaku(Peran.MITRA), Pelaku(Peran.BAPPEDA)


class Desk:
    """The notulis' desk: everything goes through the use cases and the room."""

    def __init__(self, database: Database, room: Room, clock: VirtualClock, grant_id: str) -> None:
        self.database = database
        self.room = room
        self.clock = clock
        self.grant_id = grant_id
        self.book = Notebook(database)
        self.meja = Meja(database, Rantai())
        self.camat_list = Musrenbangcam(database)
        self.drafts = Drafts(database)
        self.journal = SqlJournal(database)

    async def prepare(self, body: dict[str, object], own: str | None = None) -> Taking | Catatan:
        return await self.book.take(
            ROOM,
            parse(CatatanBaru, body),
            by="Meja Notulis",
            grant_id=self.grant_id,
            at=self.clock.now(),
            own=own,
        )

    async def submit(self, body: dict[str, object], taking: Taking) -> list[Entry]:
        return await self.room.submit(
            taking.command, actor=NOTULIS, command_id=CommandId(str(body["id"])), enlist=taking.enlist
        )

    async def take(self, body: dict[str, object]) -> Catatan:
        match await self.prepare(body):
            case Catatan() as known:
                return known
            case Taking() as taking:
                await self.submit(body, taking)
        return await self.book.get(str(body["id"]))

    async def decide(
        self, note: Catatan | str, tindakan: Tindakan, who: Pelaku, *, at: int = 9, **fields: object
    ) -> Catatan:
        """Of the note as it is seen, or as it is now (its id)."""
        seen = await self.book.get(note) if isinstance(note, str) else note
        wanted = parse(Putuskan, {"tindakan": tindakan, **fields})
        siapa = Siapa(f"Nama {who.peran}", who.peran.title(), f"akun:{who.peran}")
        return await self.meja.decide(seen.id, seen.version, wanted, pelaku=who, siapa=siapa, at=at)

    async def all(self) -> list[Catatan]:
        return (await self.book.list(Filter())).items

    async def logged(self) -> int:
        """How many notes the journal knows."""
        entries = await self.journal.read(ROOM, 0)
        return sum(type(entry.event).__name__ == "NoteLogged" for entry in entries)


def note(**fields: object) -> dict[str, object]:
    """What a browser posts for a small usulan from Licin."""
    return {
        "id": str(uuid4()),
        "jenis": "usulan",
        "ucapan": "Jembatan gantung kami rusak, Pak.",
        "instant": {"spoken_at": 5_000, "seat_id": "licin", "turn_id": None},
    } | fields


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    await Wilayah(database).seed()
    agenda = (ItemSpec(ItemId("dialog"), ItemKind.DIALOG, "Dialog"),)
    spec = SessionSpec(
        ROOM, "Musrenbang", date(2026, 1, 15), "musrenbangdes", 2027, SEATS, agenda, (SeatId("licin"),)
    )
    await Sessions(database).create(spec, at=0)
    grant = (await Grants(database).mint(GrantSpec("notulis", "Meja Notulis", ROOM), at=0)).grant
    clock = VirtualClock()
    room = await Room.open(ROOM, SqlJournal(database), clock=clock)
    await room.submit(
        ConfigureMeeting(spec.title, spec.seats, spec.agenda, spec.script),
        actor=NOTULIS,
        command_id=CommandId("configure"),
    )
    await room.submit(OpenMeeting(), actor=NOTULIS, command_id=CommandId("open"))
    try:
        yield Desk(database, room, clock, grant.public_id)
    finally:
        await room.close()
