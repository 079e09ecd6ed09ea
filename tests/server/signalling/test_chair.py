"""R72 on the wire: the lead follows the pimpinan's screens, and a restart counts them anew."""

import asyncio
import time
from pathlib import Path
from typing import Any

from rooms.meeting.commands import ConnectChair, DropChair
from server.access import Role
from server.app import build_app
from server.auth.identity import Identity
from server.signalling.chair import ChairScreens
from server.signalling.client import Client
from tests.support.app import Visitor, running, serving, settings_in
from tests.support.clock import VirtualClock
from tests.support.fake_plane import FakePlane


def clock() -> VirtualClock:
    return VirtualClock(time.time_ns() // 1_000_000)


def chair(holder: str, dropped: bool) -> Any:
    def holds(session: Any) -> bool:
        return (session["chair"]["holder"], session["chair"]["dropped"]) == (holder, dropped)

    return holds


async def test_the_lead_goes_when_the_last_screen_went_and_comes_back_with_the_first(tmp_path: Path) -> None:
    at = clock()
    async with running(tmp_path, clock=at) as house:
        operator = (await house.opened()).sockets[0]
        tablet = await house.visit(Role.PIMPINAN)
        first, second = await tablet.connect(), await tablet.connect()
        await first.close()
        await second.send(type="ping")
        await second.expect("pong")
        assert chair("pimpinan", False)(second.sections["session"])
        await second.close()
        seen = await operator.until("session", chair("pimpinan", True))
        assert seen["chair"]["until"] == at.now() + 30_000
        stage = operator.sections["stage"]
        at.advance(30_000)
        await operator.until("session", chair("protokol", True))
        await tablet.connect()
        await operator.until("session", chair("pimpinan", False))
        assert operator.sections["stage"] == stage


async def test_after_a_restart_the_grace_runs_for_a_screen_that_stays_away(tmp_path: Path) -> None:
    at = clock()
    async with running(tmp_path, clock=at) as house:
        await house.opened()
        room, known = (await house.hall()).room, asyncio.Event()
        room.subscribe(lambda entries: known.set() if room.meeting.state.chair.present else None)
        await (await house.visit(Role.PIMPINAN)).connect()
        await known.wait()
        token = house.tokens[Role.OPERATOR]
    again = build_app(settings_in(tmp_path), plane=FakePlane(), clock=at)
    async with serving(again) as url:
        visitor = Visitor(url, token)
        await visitor.open_link()
        line = await visitor.connect()
        await line.until("session", chair("pimpinan", True))
        at.advance(30_000)
        await line.until("session", chair("protokol", True))
        await visitor.close()


async def test_only_the_pimpinans_screens_count_and_a_quick_return_is_told_as_it_is() -> None:
    told: list[ConnectChair | DropChair] = []
    heard = asyncio.Event()

    async def tell(command: ConnectChair | DropChair) -> None:
        told.append(command)
        heard.set()

    screens = ChairScreens(tell)
    task = asyncio.create_task(screens.follow())

    def client(role: Role) -> Client:
        return Client(Identity("link", role, None, None, ""), lambda client: None)

    async def next_told() -> ConnectChair | DropChair:
        await heard.wait()
        heard.clear()
        return told[-1]

    assert await next_told() == DropChair()
    operator, tablet = client(Role.OPERATOR), client(Role.PIMPINAN)
    screens.join(operator)
    screens.join(tablet)
    assert await next_told() == ConnectChair()
    screens.leave(tablet)
    screens.join(tablet)
    screens.leave(operator)
    assert await next_told() == ConnectChair()
    screens.leave(tablet)
    assert await next_told() == DropChair()
    assert len(told) == 4
    task.cancel()
