"""One media device per seat: who has it, who takes it, what the meeting is told."""

import asyncio
import uuid
from pathlib import Path
from typing import Any

import pytest

from rooms.ids import SeatId
from rooms.meeting.commands import ConnectSeat, DropSeat
from server.access import Role
from server.auth.identity import Identity
from server.signalling.client import Client
from server.signalling.seats import SeatDevices
from tests.support.app import KEMIREN, running


async def test_a_companion_changes_nothing_and_the_device_makes_the_seat_present(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        device, companion = await office.connect(), await office.connect()
        await companion.until("own", lambda own: own["connected"] is False)
        await device.send(type="media_state", can_publish=False)
        await companion.until("own", lambda own: own["connected"] and not own["can_publish"])
        await device.send(type="media_state", can_publish=True)
        await companion.until("own", lambda own: own["can_publish"])
        await companion.close()
        await device.send(type="ping")
        await device.expect("pong")
        assert device.sections["own"]["connected"] is True
        await device.close()
        console = await (await house.visit(Role.OPERATOR)).connect()
        await console.until("seats", lambda seats: not any(s["connected"] for s in seats))


async def test_the_desks_read_what_the_seats_device_shows_and_nothing_of_companions(tmp_path: Path) -> None:
    page = {"gambar": "suara", "mikrofon": "mati", "kamera": "tanpa", "suara": "tertahan", "tampak": True}
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        device, companion = await office.connect(), await office.connect()
        desk = await (await house.visit(Role.BANTUAN)).connect()
        await device.send(type="media_state", can_publish=True)
        await device.until("own", lambda own: own["connected"])
        await companion.send(type="page_state", **page | {"gambar": "hemat"})
        await companion.send(type="ping")
        await companion.expect("pong")
        await device.send(type="page_state", **page)
        assert (await desk.expect("halaman"))["seats"] == {KEMIREN: page}
        later = await (await house.visit(Role.OPERATOR)).connect()
        assert (await later.expect("halaman"))["seats"] == {KEMIREN: page}
        await device.send(type="page_state", **page | {"suara": "keras"})
        assert (await device.expect("error"))["code"] == "bad_fields"


async def test_a_second_device_asks_and_then_takes_the_seat_without_a_drop(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        old, new = await office.connect(), await office.connect()
        await old.send(type="media_state", can_publish=True)
        await old.until("own", lambda own: own["connected"])
        await new.send(type="media_state", can_publish=True)
        assert (await new.expect("error"))["code"] == "seat_taken"
        assert (await old.expect("takeover"))["peer"] == "asks"

        before = (await house.hall()).room.seq
        await new.send(type="take_seat")
        assert await old.ended() == 4409
        await new.send(type="media_state", can_publish=True)
        await new.send(type="ping")
        await new.expect("pong")
        assert new.sections["own"]["connected"] is True
        assert (await house.hall()).room.seq == before, "a takeover is no drop"
        await new.close()
        console = await (await house.visit(Role.OPERATOR)).connect()
        await console.until("seats", lambda seats: not any(s["connected"] for s in seats))


async def test_a_speaker_whose_device_goes_pauses_and_continues_when_it_is_back(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        office = await house.visit(KEMIREN)
        line = await office.connect()
        await line.command("give_consent", consent="direkam")
        await line.send(type="media_state", can_publish=True)
        await line.until("own", lambda own: own["connected"])
        await operator.command("call_seat", turn_id=str(uuid.uuid4()), seat_id=KEMIREN)
        await line.close()
        await operator.until("turn", lambda turn: turn is not None and turn["state"] == "jeda")
        assert operator.sections["stage"]["slots"]["speaker"] is None
        line = await office.connect(line.position)
        await line.send(type="media_state", can_publish=True)
        await operator.until("turn", lambda turn: turn["state"] == "bicara")
        await operator.until("stage", lambda stage: stage["slots"]["speaker"] == KEMIREN)


async def test_consoles_have_no_seat_to_take(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        console = await (await house.visit(Role.OPERATOR)).connect()
        for message in ({"type": "take_seat"}, {"type": "media_state", "can_publish": True}):
            await console.send(**message)
            assert (await console.expect("error"))["code"] == "forbidden"


def client(seat: str) -> Client:
    return Client(Identity("g", Role.DESA, None, SeatId(seat), ""), lambda _: None)


async def test_the_meeting_hears_the_newest_state_even_when_it_could_not_be_written_at_first() -> None:
    told: list[Any] = []
    heard = asyncio.Event()

    async def tell(command: ConnectSeat | DropSeat) -> None:
        told.append(command)
        if len(told) == 1:
            raise RuntimeError("the journal is away")
        heard.set()

    devices = SeatDevices(tell, retry_s=0)
    device = client("a")
    assert devices.claim(device, True)
    assert not devices.claim(client("a"), True)
    devices.release(client("a"))
    following = asyncio.create_task(devices.follow())
    await heard.wait()
    devices.release(device)
    heard.clear()
    await heard.wait()
    assert told == [ConnectSeat(SeatId("a"), True)] * 2 + [DropSeat(SeatId("a"))]
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following


async def test_a_device_that_changes_its_mind_all_the_time_waits_once_and_delays_nobody() -> None:
    told: list[Any] = []
    heard = asyncio.Event()

    async def tell(command: ConnectSeat | DropSeat) -> None:
        told.append(command)
        if command.seat_id == "b":
            heard.set()

    devices = SeatDevices(tell)
    restless = client("a")
    for n in range(1000):
        devices.claim(restless, n % 2 == 0)
    devices.claim(client("b"), True)
    following = asyncio.create_task(devices.follow())
    await heard.wait()
    assert told == [ConnectSeat(SeatId("a"), False), ConnectSeat(SeatId("b"), True)]
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following
