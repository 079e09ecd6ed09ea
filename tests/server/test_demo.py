"""The demonstration's session: made once, found again, made anew when it cannot be used any more."""

from pathlib import Path

from aiohttp import web
from pydantic import TypeAdapter
from yarl import URL

from rooms.gladi.hall import HallConfig
from rooms.ids import CommandId, RoomId
from rooms.meeting.commands import CloseMeeting, SuspendMeeting
from rooms.meeting.vocabulary import SeatKind
from rooms.room import SYSTEM
from server.app import build_app
from server.demo import FOR_PEOPLE, SCENES, Demonstration
from server.kept import SESSIONS
from server.settings import Settings
from server.signalling.entrance import HALLS
from server.signalling.hall import Hall
from tests.support.app import Visitor, serving, settings_in
from tests.support.fake_plane import FakePlane


def links(text: str) -> list[str]:
    return [word for word in text.split() if "/m/" in word]


async def demonstrated(app: web.Application, settings: Settings) -> tuple[Demonstration, Hall]:
    demonstration = await Demonstration.prepare(app, settings)
    room_id = (await app[SESSIONS].list())[0].room_id
    return demonstration, await app[HALLS].get(room_id)


async def test_the_links_work_and_the_dialog_runs(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    app = build_app(settings, plane=FakePlane())
    async with serving(app) as url:
        demonstration, hall = await demonstrated(app, settings)
        assert hall.room.meeting.agenda.dialog_runs
        seats = hall.room.meeting.agenda.seats.values()
        kecamatan = {s.kode_wilayah[:8] for s in seats if s.kind is not SeatKind.AULA}
        assert len(kecamatan) == len(SCENES) + len(FOR_PEOPLE), "each office is of another kecamatan"
        shown = links(demonstration.text())
        assert len(shown) == 11
        roles = []
        for link in shown:
            visitor = Visitor(url, URL(link).name)
            await visitor.open_link()
            status, _ = await visitor.request("GET", "")
            assert status in (200, 303)
            roles.append(visitor.grant)
            await visitor.close()
        assert len(set(roles)) == 11


async def test_a_later_start_finds_the_session_again_unless_it_was_closed(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    app = build_app(settings, plane=FakePlane())
    async with serving(app):
        first, hall = await demonstrated(app, settings)
        await hall.submit(SuspendMeeting(), SYSTEM, CommandId("s"))
    assert (tmp_path / "peragaan.json").stat().st_mode & 0o777 == 0o600

    app = build_app(settings, plane=FakePlane())
    async with serving(app):
        again, hall = await demonstrated(app, settings)
        assert links(again.text()) == links(first.text())
        assert hall.room.meeting.agenda.dialog_runs
        await hall.submit(CloseMeeting(), SYSTEM, CommandId("c"))
        anew, _ = await demonstrated(app, settings)
        assert not set(links(anew.text())) & set(links(first.text()))
        assert len(await app[SESSIONS].list()) == 2


async def test_a_torn_record_of_the_demonstration_is_no_obstacle(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    (tmp_path / "peragaan.json").write_text('{"room_id": "x"')
    app = build_app(settings, plane=FakePlane())
    async with serving(app):
        demonstration, hall = await demonstrated(app, settings)
        assert hall.room.room_id == RoomId((await app[SESSIONS].list())[0].room_id)
        assert links(demonstration.text())


async def test_the_synthetic_hall_is_told_whom_to_play_and_ends_with_the_server(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    app = build_app(settings, plane=FakePlane())
    async with serving(app):
        demonstration, _ = await demonstrated(app, settings)
        await demonstration.start_hall()
        await demonstration.stop()
        await demonstration.stop()
    file = tmp_path / "gladi.json"
    assert file.stat().st_mode & 0o777 == 0o600
    config = TypeAdapter(HallConfig).validate_json(file.read_bytes())
    assert [part.role for part in config.participants] == ["aula"] + ["desa"] * 6
    assert len({part.hue for part in config.participants}) == 7
    assert all(part.topics for part in config.participants if part.role == "desa")
