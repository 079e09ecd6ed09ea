"""Captions: read along in all rooms at once, two lines, for a while, kept nowhere."""

from pathlib import Path

from server.access import Role
from server.signalling.takarir import READ_MS, Takarir
from tests.support.app import SARONGAN, running
from tests.support.clock import VirtualClock


async def test_a_line_is_read_in_all_rooms_and_is_kept_nowhere(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        notulis = await (await house.visit(Role.NOTULIS)).connect()
        rooms = [
            await (await house.visit(who)).connect()
            for who in (SARONGAN, Role.AULA, Role.PENINJAU, Role.LAYAR, Role.SIARAN)
        ]
        hall = await house.hall()
        before = hall.room.seq
        for text in (" Selamat pagi ", "<b>Jembatan</b>", "Rusak\u202e sejak Januari"):
            await notulis.send(type="takarir", text=text)
        read = ["<b>Jembatan</b>", "Rusak sejak Januari"]
        for room in rooms:
            assert (await room.expect("takarir"))["lines"] == ["Selamat pagi"]
            await room.expect("takarir", lines=read)
        late = await (await house.visit(Role.PENINJAU)).connect()
        assert (await late.expect("takarir"))["lines"] == read
        assert hall.room.seq == before, "no event"

        await notulis.send(type="takarir", text="x" * 161)
        assert (await notulis.expect("error"))["code"] == "bad_fields"
        await rooms[0].send(type="takarir", text="Saya notulis")
        assert (await rooms[0].expect("error"))["code"] == "forbidden"
        await notulis.send(type="takarir", text="")
        assert (await late.expect("takarir"))["lines"] == []


async def test_what_is_off_the_record_is_not_broadcast(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = await (await house.opened()).connect()
        notulis = await (await house.visit(Role.NOTULIS)).connect()
        office = await (await house.visit(SARONGAN)).connect()
        broadcast = await (await house.visit(Role.SIARAN)).connect()
        await notulis.send(type="takarir", text="Terbuka")
        assert (await broadcast.expect("takarir"))["lines"] == ["Terbuka"]
        await operator.command("set_off_record", off_record=True)
        assert (await broadcast.expect("takarir"))["lines"] == [], "it does not stand over what follows"
        await notulis.send(type="takarir", text="Tertutup")
        await office.expect("takarir", lines=["Tertutup"])
        late = await (await house.visit(Role.SIARAN)).connect()
        await operator.command("set_off_record", off_record=False)
        await office.expect("takarir", lines=[])
        await notulis.send(type="takarir", text="Lagi")
        for one in (broadcast, late):
            await one.expect("takarir", lines=["Lagi"])
            assert not any("Tertutup" in str(message) for message in one.passed)


def test_lines_are_read_for_a_while() -> None:
    clock = VirtualClock()
    captions = Takarir(clock.now)
    assert captions.greeting() == []
    captions.say("Satu")
    clock.advance(READ_MS)
    assert captions.greeting() == ['{"type":"takarir","lines":["Satu"]}']
    clock.advance(1)
    assert captions.greeting() == []
    assert captions.say("Dua") == '{"type":"takarir","lines":["Dua"]}', "the old line is over"
