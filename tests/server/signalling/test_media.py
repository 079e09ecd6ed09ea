"""A browser's way into the call: what is offered on behalf of whom, and what is refused how."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from rooms.ids import PeerId, RoomId
from rooms.media.plane import Kind, Offer, OfferRefused, PeerSpec, Pictures, Slot
from server.access import Role
from server.signalling.calls import MOST_OF_A_LINK
from server.signalling.media import OFFERS
from tests.support.app import KEMIREN, SARONGAN, running
from tests.support.fake_plane import FAKE_ANSWER, FakePlane

SDP = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\n"
RECEIVE = [{"mid": "0", "kind": "audio", "slot": "aula"}]
SEND = [*RECEIVE, {"mid": "1", "kind": "video", "slot": None}]


def offer(**changes: Any) -> dict[str, Any]:
    return {"peer_id": "p1", "sdp": SDP, "lines": RECEIVE} | changes


async def test_an_office_sends_as_its_seat_and_a_console_receives_previews(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, console = await house.visit(KEMIREN), await house.visit(Role.OPERATOR)
        viewer = await house.visit(Role.PENINJAU)
        status, answer = await office.request("POST", "media/offer", json=offer(lines=SEND))
        assert (status, answer) == (
            200,
            {"sdp": FAKE_ANSWER, "worker_epoch": house.plane.worker_epoch(house.room_id)},
        )
        for visitor in (console, viewer):
            assert (await visitor.request("POST", "media/offer", json=offer()))[0] == 200
        peers = set(house.plane.rooms[house.room_id].peers.values())
        assert {(p.seat_id, p.previews) for p in peers} == {(KEMIREN, False), (None, True), (None, False)}
        kept = house.plane.rooms[house.room_id].offers[next(p.peer_id for p in peers if p.seat_id)]
        assert [(line.kind, line.slot) for line in kept.lines] == [
            (Kind.AUDIO, Slot.AULA),
            (Kind.VIDEO, None),
        ]


async def test_who_only_listens_stands_beside_its_seat_and_a_desk_where_it_says(tmp_path: Path) -> None:
    """R89; only consoles may say it."""
    async with running(tmp_path) as house:
        office, console = await house.visit(KEMIREN), await house.visit(Role.OPERATOR)
        for visitor, peer, in_hall in (
            (office, "door", True),
            (console, "desk", True),
            (console, "room", False),
        ):
            status, _ = await visitor.request(
                "POST", "media/offer", json=offer(peer_id=peer, in_hall=in_hall)
            )
            assert status == 200
        peers = house.plane.rooms[house.room_id].peers.values()
        assert {(str(p.peer_id).split(".")[1], p.seat_id, p.beside) for p in peers} == {
            ("door", None, KEMIREN),
            ("desk", None, "aula"),
            ("room", None, None),
        }


async def test_what_is_broadcast_is_what_is_recorded_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        broadcast, screen = await house.visit(Role.SIARAN), await house.visit(Role.LAYAR)
        seen = [{"mid": "1", "kind": "video", "slot": "aula"}]
        for who, peer, lines in (
            (broadcast, "siaran", RECEIVE),
            (broadcast, "silent", seen),
            (screen, "layar", seen),
            (screen, "loud", RECEIVE),
        ):
            asked = offer(peer_id=peer, lines=lines)
            assert (await who.request("POST", "media/offer", json=asked))[0] == 200
        peers = house.plane.rooms[house.room_id].peers.values()
        # A screen's sound goes nowhere but into a broadcast, whatever link was opened for it.
        assert {(str(p.peer_id).split(".")[1], p.recorded_only) for p in peers} == {
            ("siaran", True),
            ("silent", True),
            ("layar", False),
            ("loud", True),
        }


async def test_a_browser_is_told_when_its_line_has_room_for_sound_alone_and_so_are_the_desks(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as house:
        office, other, desk = [await house.visit(who) for who in (KEMIREN, SARONGAN, Role.OPERATOR)]
        line, stranger = await office.connect(), await other.connect()
        assert (await office.request("POST", "media/offer", json=offer(lines=SEND)))[0] == 200
        (peer_id,) = house.plane.rooms[house.room_id].peers
        await line.send(type="media_mode", peer_id="p1", mode="biasa")
        house.plane.narrow.add(peer_id)
        told = {"type": "line", "peer_id": "p1", "narrow": True}
        assert await line.expect("line") == told
        # A line that was away hears it again.
        again = await office.connect()
        await again.send(type="media_mode", peer_id="p1", mode="biasa")
        assert await again.expect("line") == told
        health = await (await desk.connect()).expect("health")
        assert [seat["narrow"] for seat in health["seats"].values()] == [True]
        house.plane.narrow.clear()
        assert await again.expect("line") == told | {"narrow": False}
        await stranger.send(type="ping")
        await stranger.expect("pong")
        assert "line" not in [message["type"] for message in stranger.passed]


async def test_who_shares_a_link_is_told_of_the_own_line_only(tmp_path: Path) -> None:
    """And so not what another is called in the call."""
    async with running(tmp_path) as house:
        viewer, desk = await house.visit(Role.PENINJAU), await house.visit(Role.OPERATOR)
        line, console = await viewer.connect(), await desk.connect()
        office = await house.visit(KEMIREN)
        own = await viewer.connect()
        assert (await viewer.request("POST", "media/offer", json=offer()))[0] == 200
        await own.send(type="media_mode", peer_id="p1", mode="biasa")
        await own.send(type="ping")
        await own.expect("pong")
        assert (await office.request("POST", "media/offer", json=offer(lines=SEND)))[0] == 200
        house.plane.narrow |= set(house.plane.rooms[house.room_id].peers)
        # Once the desk knows of the office, everybody has been told what there is to tell.
        await console.expect("health")
        again = await viewer.connect()
        for socket in (line, again):
            await socket.send(type="ping")
            await socket.expect("pong")
            assert "line" not in [message["type"] for message in socket.passed]
        assert await own.expect("line") == {"type": "line", "peer_id": "p1", "narrow": True}


async def test_a_browser_is_told_which_sizes_are_wanted_and_tells_how_much_it_takes(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        line, stranger = await office.connect(), await other.connect()
        assert (await office.request("POST", "media/offer", json=offer(lines=SEND, mode="hemat")))[0] == 200
        peers = house.plane.rooms[house.room_id].peers
        (peer_id,) = peers
        assert peers[peer_id].pictures is Pictures.SMALL
        house.plane.want_layers(house.room_id, peer_id, "1", ("l",))
        wanted = {"type": "layers", "peer_id": "p1", "mid": "1", "layers": ["l"]}
        assert await line.expect("layers") == wanted
        # A line that was away hears it again.
        again = await office.connect()
        assert await again.expect("layers") == wanted
        for socket, chosen in ((stranger, Pictures.SMALL), (line, Pictures.NONE)):
            await socket.send(type="media_mode", peer_id="p1", mode="suara")
            await socket.send(type="ping")
            await socket.expect("pong")
            assert peers[peer_id].pictures is chosen


async def test_a_link_cannot_touch_the_call_of_another(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        assert (await office.request("POST", "media/offer", json=offer(lines=SEND)))[0] == 200
        assert (await other.request("DELETE", "media/p1"))[0] == 204
        assert house.plane.seats(house.room_id) == {KEMIREN}
        assert (await office.request("DELETE", "media/p1"))[0] == 204
        assert (await office.request("DELETE", "media/p1"))[0] == 204
        assert house.plane.seats(house.room_id) == set()


async def test_a_link_has_so_many_calls_and_one_that_ends_makes_room(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        desk, other = await house.visit(Role.OPERATOR), await house.visit(Role.NOTULIS)

        async def offers(name: str) -> int:
            status, answer = await desk.request("POST", "media/offer", json=offer(peer_id=name))
            assert status == 200 or answer["code"] == "link_full"
            return int(status)

        async def let_in(name: str) -> None:
            """Once the plane's word has come through."""
            for _ in range(500):
                if await offers(name) == 200:
                    return
                await asyncio.sleep(0.01)
            raise AssertionError(name)

        assert {await offers(f"p{at}") for at in range(MOST_OF_A_LINK)} == {200}
        assert await offers("one-more") == 429
        assert await offers("p3") == 200, "built anew"
        assert (await other.request("POST", "media/offer", json=offer()))[0] == 200, "no other link's trouble"
        house.plane.lose_peer(house.room_id, PeerId(f"{desk.grant}.p5"))
        await let_in("one-more")
        assert await offers("two-more") == 429
        # A refused offer takes no place.
        house.plane.lose_peer(house.room_id, PeerId(f"{desk.grant}.p7"))
        await let_in("bad")
        house.plane.lose_peer(house.room_id, PeerId(f"{desk.grant}.bad"))
        house.plane.refuse_offers = OfferRefused("no_codec")
        assert (await desk.request("POST", "media/offer", json=offer(peer_id="bad")))[0] in (422, 429)
        house.plane.refuse_offers = None
        assert await offers("two-more") == 200
        assert await offers("three-more") == 429
        # A new media process has none of them.
        house.plane.restart()
        await let_in("three-more")
        assert house.app[OFFERS]["link_full"] >= 3


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("malformed_sdp", "malformed_sdp"),
        ("too_many_lines", "too_many_lines"),
        ("no_codec", "no_codec"),
        ("bad_line", "bad_line"),
        ("too_large", "too_large"),
        ("ssrc_taken", "ssrc_taken"),
        ("kode_baru", "malformed_sdp"),
    ],
)
async def test_an_offer_that_the_plane_refuses_is_422_with_its_reason(
    tmp_path: Path, code: str, said: str
) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        house.plane.refuse_offers = OfferRefused(code)
        status, refused = await office.request("POST", "media/offer", json=offer())
        assert (status, refused["code"]) == (422, said)
        assert refused["title"]


async def test_a_console_that_offers_to_send_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        console = await house.visit(Role.OPERATOR)
        status, refused = await console.request("POST", "media/offer", json=offer(lines=SEND))
        assert (status, refused["code"]) == (422, "bad_line")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "sdp"),
        (offer(peer_id="../x"), 422, "peer_id"),
        (offer(lines=[{"mid": "0", "kind": "smell", "slot": None}]), 422, "lines.0.kind"),
        (offer(lines=[{"mid": "0", "kind": "audio", "slot": "istana"}]), 422, "lines.0.slot"),
        (offer(lain=1), 422, "lain"),
        (offer(lines=RECEIVE * 65), 422, "lines"),
        ([], 400, ""),
        (offer(sdp="v=0" + "x" * 600_000), 413, ""),
    ],
)
async def test_a_body_that_is_no_offer_names_what_is_wrong(
    tmp_path: Path, body: Any, status: int, field: str
) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        got, refused = await office.request("POST", "media/offer", json=body)
        assert got == status, refused
        assert not field or field in refused["fields"]


async def test_without_a_media_process_an_offer_may_be_tried_again(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        house.plane.lost = True
        status, refused = await office.request("POST", "media/offer", json=offer())
        assert (status, refused["code"]) == (503, "media_down")
        assert (await office.request("DELETE", "media/p1"))[0] == 204
        house.plane.restart()
        assert (await office.request("POST", "media/offer", json=offer()))[0] == 200


class SlowPlane(FakePlane):
    """Takes its time to admit a peer."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.go_on = asyncio.Event(), asyncio.Event()

    async def connect(self, room_id: RoomId, peer: PeerSpec, offer: Offer) -> str:
        self.asked.set()
        await self.go_on.wait()
        return await super().connect(room_id, peer, offer)


async def test_a_link_revoked_while_it_calls_is_in_no_call(tmp_path: Path) -> None:
    plane = SlowPlane()
    async with running(tmp_path, plane=plane) as house:
        panitia, office = await house.visit(Role.PANITIA), await house.visit(SARONGAN)
        call = asyncio.create_task(office.request("POST", "media/offer", json=offer()))
        await plane.asked.wait()
        await panitia.request("POST", f"sesi/{house.room_id}/tautan/{office.grant}/cabut")
        plane.go_on.set()
        status, body = await call
        assert (status, body["code"]) == (403, "revoked")
        assert plane.rooms[house.room_id].peers == {}
