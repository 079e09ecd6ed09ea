"""The check of a line at the door: its trains, its result for the desks, how fast a seat may repeat it."""

import time
from pathlib import Path

import pytest

from server.access import Role
from server.api.sambungan import CHECKS_AT_ONCE, TRAINS, device_of
from tests.server.signalling.test_media import offer
from tests.support.app import KEMIREN, PANITIA_IN_SESSION, SARONGAN, Visitor, furnish, running
from tests.support.clock import VirtualClock

FOUND = {"path": "udp", "down_kbit": 900, "lost": 0.02, "rtt_ms": 40, "wire_ms": 55}
PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


async def train(visitor: Visitor, peer_id: str = "p1", like: str = "sound") -> tuple[int, str]:
    status, body = await visitor.request("POST", f"media/{peer_id}/train", json={"like": like})
    return status, body.get("code", "")


async def keep(visitor: Visitor, **changes: object) -> tuple[int, list[str]]:
    headers = {"User-Agent": PHONE}
    status, body = await visitor.request("PUT", "api/sambungan", json=FOUND | changes, headers=headers)
    return status, sorted(body["fields"]) if status == 422 else []


async def test_a_seat_gets_trains_on_its_own_calls_only(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        assert await train(office) == (429, "busy"), "before there is a call"
        assert (await office.request("POST", "media/offer", json=offer()))[0] == 200
        assert await train(other) == (429, "busy"), "of another link"
        status, told = await office.request("POST", "media/p1/train", json={"like": "sound"})
        sound = TRAINS["sound"]
        assert (status, told["packets"], told["lasts_ms"]) == (200, sound.packets, 1000 * sound.lasts_s)
        assert list(house.plane.rooms[house.room_id].trains.values()) == [sound]
        assert await train(office) == (429, "busy"), "one at a time"
        assert (await train(office, like="everything"))[0] == 422
        house.plane.lost = True
        assert await train(office) == (503, "media_down")


async def test_who_checks_on_and_on_is_held_back(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        answers = [await train(office) for _ in range(CHECKS_AT_ONCE + 1)]
        assert answers == [(429, "busy")] * CHECKS_AT_ONCE + [(429, "too_fast")]
        assert (await keep(office))[0] == 429
        assert (await keep(other))[0] == 204, "no other seat's trouble"


async def test_the_newest_result_of_a_seat_is_kept_and_told_to_the_desks(tmp_path: Path) -> None:
    clock = VirtualClock(time.time_ns() // 1_000_000)
    async with running(tmp_path, clock=clock) as house:
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        desk = await (await house.visit(Role.BANTUAN)).connect()
        beside = await other.connect()
        assert (await keep(office, path="none", down_kbit=None, lost=None))[0] == 204
        assert (await keep(office))[0] == 204
        assert (await keep(other, rtt_ms=None))[0] == 204
        told = [await desk.expect("sambungan") for _ in range(3)]
        kept = FOUND | {"checked_at": clock.now(), "device": "Chrome, Android"}
        assert told[1]["seats"] == {KEMIREN: kept}
        wanted = {KEMIREN: kept, SARONGAN: kept | {"rtt_ms": None}}
        for who in (Role.BANTUAN, Role.OPERATOR, PANITIA_IN_SESSION):
            status, body = await (await house.visit(who)).request("GET", "api/sambungan")
            assert (status, body["seats"]) == (200, wanted)
        # Offices hear nothing of each other's lines.
        await beside.send(type="ping")
        await beside.expect("pong")
        assert all(message["type"] != "sambungan" for message in beside.passed)
        elsewhere = await furnish(house.app, house.plane, house.url, "Sesi lain")
        house.visitors.append(operator := await elsewhere.visit(Role.OPERATOR))
        assert (await operator.request("GET", "api/sambungan"))[1] == {"seats": {}}


async def test_a_result_that_no_check_finds_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        for wrong in (
            {"path": "kabel"},
            {"lost": 1.5},
            {"down_kbit": -1},
            {"down_kbit": "900"},
            {"rtt_ms": 10**9},
            {"wire_ms": 1.5},
        ):
            assert await keep(office, **wrong) == (422, list(wrong))
        assert (await keep(office, verdict="baik"))[0] == 422
        assert (await office.request("PUT", "api/sambungan", json={"path": "udp"}))[0] == 422
        assert (await keep(office))[0] == 204


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0", "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18 like Mac OS X) Version/18 Safari/604.1", "Safari, iPhone"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_device_is_told_by_browser_and_system(agent: str, device: str) -> None:
    assert device_of(agent) == device
