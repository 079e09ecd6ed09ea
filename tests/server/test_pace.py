"""One office that floods is slowed down, keeps what it was promised, and does not hold up the room."""

import uuid
from pathlib import Path

import pytest

from rooms.ids import SeatId
from server.access import Role
from server.auth.guard import LONGEST_WAIT_S
from server.auth.identity import Identity
from server.keys import REQUESTS
from server.pace import Pace, Paces
from server.signalling.socket import MOST_DEVICES, Timing
from tests.support.app import KEMIREN, SARONGAN, running


class Watch:
    """A clock that moves when it is told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_a_burst_goes_at_once_and_the_rest_in_its_time() -> None:
    watch = Watch()
    pace = Pace(per_s=2, burst=3, clock=watch)
    assert [pace.take() for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    watch.now_s += 1.0
    assert pace.take(most_s=0.4) is None, "refused"
    assert pace.take() == 0.5, "what was refused did not count"
    watch.now_s += 3600
    assert [pace.take() for _ in range(4)] == [0, 0, 0, 0.5], "idling saves up no more than a burst"


def test_devices_of_a_seat_share_its_pace_and_others_have_none() -> None:
    paces = Paces(1, 1)
    office = Identity("g", Role.DESA, None, SeatId("desa"), "")
    assert paces.of(office) is paces.of(office)
    assert paces.of(Identity("h", Role.PENINJAU, None, None, "")) is None


async def test_messages_beyond_the_pace_are_read_later_and_none_is_lost(tmp_path: Path) -> None:
    async with running(tmp_path, timing=Timing(messages_per_s=50, messages_at_once=5)) as house:
        office = await house.visit(SARONGAN)
        lines = [await office.connect() for _ in range(2)]
        for _ in range(20):
            for line in lines:
                await line.send(type="ping")
        for line in lines:
            for _ in range(20):
                await line.expect("pong")


async def test_a_flood_waits_behind_its_own_line(tmp_path: Path) -> None:
    # At this pace the rest of the flood would take an hour: whatever the operator is told came before it.
    async with running(tmp_path, timing=Timing(messages_per_s=0.5, messages_at_once=10)) as house:
        operator = (await house.opened()).sockets[0]
        office = await house.visit(SARONGAN)
        line = await office.connect()
        for n in range(2000):
            nama = {"peserta_id": f"p{n}", "seat_id": SARONGAN, "nama": "N"}
            await line.send(type="register_peserta", command_id=str(uuid.uuid4()), **nama)
        await operator.until("peserta", lambda people: len(people) >= 10)
        await operator.command("set_off_record", off_record=True)
        assert len(operator.sections["peserta"]) < 100


async def test_too_many_requests_are_refused_and_other_links_are_not(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, other = await house.visit(SARONGAN), await house.visit(KEMIREN)
        pace = house.app[REQUESTS].of(Identity(office.grant, Role.DESA, None, SeatId(SARONGAN), ""))
        assert pace is not None
        while pace.take(LONGEST_WAIT_S + 60) is not None:
            pass
        status, body = await office.request("GET", "api/v1/catatan")
        assert (status, body["code"]) == (429, "too_fast")
        for visitor in (other, await house.visit(Role.NOTULIS)):
            assert (await visitor.request("GET", "api/v1/catatan"))[0] == 200


async def test_a_seat_has_so_many_devices_and_a_desk_any_number(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, watching = await house.visit(SARONGAN), await house.visit(Role.PENINJAU)
        lines = [await office.connect() for _ in range(MOST_DEVICES)]
        late = await office.connect(hello=False)
        await late.send(type="hello", protocol=1, resume=None)
        assert await late.ended() == 4429
        await lines.pop().close()
        await lines[0].send(type="ping")
        await lines[0].expect("pong")
        for _ in range(MOST_DEVICES + 1):
            await watching.connect()


async def test_a_link_has_so_many_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.store.konsep.MOST_DRAFTS", 3)
    async with running(tmp_path) as house:
        office, other = await house.visit(SARONGAN), await house.visit(KEMIREN)
        for n in range(3):
            assert (await office.request("PUT", f"api/konsep/{n}", json={"judul": "a"}))[0] == 200
        status, body = await office.request("PUT", "api/konsep/3", json={"judul": "a"})
        assert (status, body["code"]) == (409, "too_many")
        assert (await office.request("PUT", "api/konsep/2", json={"judul": "b"}))[0] == 200
        assert (await other.request("PUT", "api/konsep/3", json={"judul": "a"}))[0] == 200
        assert (await office.request("DELETE", "api/konsep/0"))[0] == 204
        assert (await office.request("PUT", "api/konsep/3", json={"judul": "a"}))[0] == 200


async def test_a_draft_is_json_that_browsers_read(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(SARONGAN)
        for number in ("NaN", "Infinity", "-1e999"):
            status, _ = await office.request("PUT", "api/konsep/a", data=f'{{"body": {{"x": {number}}}}}')
            assert status == 400, number


async def test_an_office_adds_so_many_notes_and_the_desk_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.catatan.MOST_OF_AN_OFFICE", 2)
    async with running(tmp_path) as house:
        await house.opened()
        office, notulis = await house.visit(SARONGAN), await house.visit(Role.NOTULIS)
        notes = [
            {
                "id": str(uuid.uuid4()),
                "jenis": "usulan",
                "judul": "Jembatan",
                "instant": {"spoken_at": 1, "seat_id": SARONGAN},
            }
            for _ in range(4)
        ]
        answers = [await office.request("POST", "api/v1/catatan", json=note) for note in notes[:3]]
        assert [status for status, _ in answers] == [201, 201, 409]
        assert answers[2][1]["code"] == "too_many"
        assert (await office.request("POST", "api/v1/catatan", json=notes[1]))[0] == 201, "taken before"
        assert (await notulis.request("POST", "api/v1/catatan", json=notes[3]))[0] == 201
