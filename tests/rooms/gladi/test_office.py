"""A synthetic seat at a server that speaks the protocol: joining, hands, the floor, losses and ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import av
import pytest
from yarl import URL

from rooms.gladi import office as office_module
from rooms.gladi.loops import Loop
from rooms.gladi.office import Hands, Part, SyntheticOffice
from tests.rooms.gladi.conftest import HUE
from tests.rooms.gladi.stage import TOKEN, Stage
from tests.support.loops import hue_apart, hue_of

TOPICS = ("Jembatan gantung", "Air bersih")
LIMIT_S = 60.0


@asynccontextmanager
async def seat(
    stage: Stage, loop: Loop, role: str = "desa", topics: tuple[str, ...] = TOPICS
) -> AsyncIterator[tuple[SyntheticOffice, "asyncio.Task[None]"]]:
    part = Part(role, f"/m/{TOKEN}", "Tamansari, Kec. Licin", HUE, "Selamat pagi", topics)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        office = SyntheticOffice(http, URL(stage.base_url), part, loop, Hands(first_s=0.01, again_s=0.02))
        running = asyncio.create_task(office.run())
        try:
            yield office, running
        finally:
            running.cancel()
            await asyncio.wait([running])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while True:
            if true():
                return
            await asyncio.sleep(0.01)


async def ends(running: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(LIMIT_S):
        await running


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_module, "RETRY_S", (0.01, 0.05))
    monkeypatch.setattr(office_module, "NEW_WORKER_S", (0.0, 0.05))


async def test_a_seat_joins_consents_and_brings_its_media(stage: Stage, loop: Loop) -> None:
    async with seat(stage, loop) as (office, _):
        consent = await stage.hears("give_consent")
        assert (consent["seat_id"], consent["consent"]) == ("kursi-1", "direkam")
        await until(lambda: office.in_call)
        assert stage.hellos == [{"type": "hello", "protocol": 1, "resume": None}]
        assert len(stage.peers) == 1


async def test_hands_go_up_when_the_queue_opens_one_at_a_time(stage: Stage, loop: Loop) -> None:
    async with seat(stage, loop):
        await stage.hears("give_consent")
        await stage.show(session={"queue_open": True})
        person = await stage.hears("register_peserta")
        first = await stage.hears("request_turn")
        assert (first["topic"], first["peserta_id"]) == (TOPICS[0], person["peserta_id"])
        stage.sections["peserta"] = [{"peserta_id": person["peserta_id"], "seat_id": "kursi-1"}]
        waiting = {"request_id": first["request_id"], "state": "antre"}
        await stage.send({"type": "view", **stage._view(["peserta"])})
        await stage.show(own={"requests": [waiting]})
        await stage.show(own={"requests": [{**waiting, "state": "terlayani"}]})
        second = await stage.hears("request_turn")
        assert second["topic"] == TOPICS[1]
        assert second["peserta_id"] == person["peserta_id"], "the person it knows, not another one"
        assert second["request_id"] != first["request_id"]


async def test_a_refused_hand_is_no_end(stage: Stage, loop: Loop) -> None:
    stage.refuse["request_turn"] = "queue_closed"
    async with seat(stage, loop):
        await stage.show(session={"queue_open": True})
        assert (await stage.hears("request_turn"))["topic"] == TOPICS[0]
        assert (await stage.hears("request_turn"))["topic"] == TOPICS[1]


@pytest.mark.parametrize("state", ["bersiap", "giliran", "disela", "interupsi", "tanggapan"])
async def test_an_office_sends_only_when_it_is_prepared_or_let_on_stage(
    stage: Stage, loop: Loop, state: str
) -> None:
    async with seat(stage, loop) as (office, _):
        await until(lambda: office.in_call)
        track = stage.tracks.get_nowait()
        while track.kind != "video":
            track = stage.tracks.get_nowait()
        arriving = asyncio.ensure_future(track.recv())
        done, _ = await asyncio.wait([arriving], timeout=0.5)
        assert not done
        await stage.show(own={"state": state})
        frame = await asyncio.wait_for(arriving, LIMIT_S)
        assert isinstance(frame, av.VideoFrame)
        assert hue_apart(hue_of(frame.to_image()), HUE) < 15  # type: ignore[no-untyped-call]


async def test_the_hall_sends_always_and_never_asks(stage: Stage, loop: Loop) -> None:
    async with seat(stage, loop, role="aula") as (office, _):
        await stage.show(session={"queue_open": True})
        await until(lambda: office.in_call)
        await asyncio.wait_for((await stage.tracks.get()).recv(), LIMIT_S)
        await stage.hears("media_state")
        assert not [m for m in list(stage.said._queue) if m["type"] == "request_turn"]  # type: ignore[attr-defined]


async def test_it_resumes_after_a_lost_socket_and_keeps_its_media(stage: Stage, loop: Loop) -> None:
    async with seat(stage, loop) as (office, _):
        await until(lambda: office.in_call)
        await stage.show(own={"state": "menunggu"})
        await until(lambda: office.state == "menunggu")
        await stage.hang_up()
        await until(lambda: len(stage.hellos) == 2)
        assert stage.hellos[1]["resume"] == {"epoch": 1, "seq": 1}
        await stage.hears("media_state")
        await stage.hears("media_state")
        assert len(stage.peers) == 1
        assert office.in_call


async def test_a_new_media_process_gets_a_new_connection(stage: Stage, loop: Loop) -> None:
    async with seat(stage, loop) as (office, _):
        await until(lambda: office.in_call)
        stage.worker_epoch = 2
        stage.refuse_offers = 2
        await stage.send({"type": "media", "worker_epoch": 2})
        await until(lambda: len(stage.peers) == 2 and office.in_call)


async def test_lost_media_come_back(stage: Stage, loop: Loop) -> None:
    async with seat(stage, loop, role="aula") as (office, _):
        await until(lambda: office.in_call)
        peer = next(iter(stage.peers.values()))
        # A peer that closes before its own side is up has no way to say goodbye.
        await until(lambda: peer.connectionState == "connected")
        await peer.close()
        await until(lambda: len(stage.peers) == 2 and office.in_call)


async def _closes(stage: Stage) -> None:
    await stage.show(session={"status": "ditutup"})


async def _takes_over(stage: Stage) -> None:
    await stage.hang_up(4409)


async def _revokes(stage: Stage) -> None:
    stage.revoked = True
    await stage.hang_up()


async def _seats_another(stage: Stage) -> None:
    await stage.send({"type": "error", "command_id": None, "code": "seat_taken", "message": ""})


@pytest.mark.parametrize("end", [_closes, _takes_over, _revokes, _seats_another])
async def test_it_leaves_by_itself(stage: Stage, loop: Loop, end: Callable[[Stage], Awaitable[None]]) -> None:
    async with seat(stage, loop) as (office, running):
        await until(lambda: office.in_call)
        await end(stage)
        await ends(running)
        assert not office.in_call


async def test_it_gives_up_when_there_is_no_server(
    stage: Stage, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_module, "GIVE_UP_S", 0.3)
    stage.base_url = "http://127.0.0.1:9"
    async with seat(stage, loop) as (_, running):
        await ends(running)


async def test_a_quiet_meeting_is_no_absence(
    stage: Stage, loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_module, "GIVE_UP_S", 1.0)
    async with seat(stage, loop) as (office, running):
        await until(lambda: office.in_call)
        await asyncio.sleep(1.5)  # the quiet itself
        await stage.hang_up()
        await until(lambda: len(stage.hellos) == 2 or running.done())
        assert not running.done()


async def test_a_seat_that_is_taken_keeps_its_media(stage: Stage, loop: Loop) -> None:
    stage.refuse["media_state"] = "seat_taken"
    async with seat(stage, loop) as (_, running):
        await ends(running)
    assert not stage.peers
