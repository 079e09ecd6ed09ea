"""What a socket does with what it should not be sent, and with clients that do not listen."""

import asyncio
import json
import socket as sockets
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from rooms.ids import Actor, CommandId, PeerId, PesertaId, RequestId, SeatId
from rooms.meeting.commands import RegisterPeserta, RequestTurn
from server.access import Role
from server.signalling.socket import MOST_WRONG, Timing
from tests.support.app import KEMIREN, SARONGAN, House, Visitor, running

BIG = "x" * (64 * 1024)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed"),
        ("bukan json", "malformed"),
        ("[1,2]", "malformed"),
        ('{"tipe": "ping"}', "malformed"),
        ('{"type": 7}', "malformed"),
        ("[" * 30_000, "malformed"),
        ('{"type": "terbang"}', "unknown_type"),
        ('{"type": "hello", "protocol": 1, "resume": null}', "unknown_type"),
        ('{"type": "open_meeting"}', "bad_fields"),
        ('{"type": "open_meeting", "command_id": "a", "lain": 1}', "bad_fields"),
        ('{"type": "extend_turn", "command_id": "a", "turn_id": "t", "seconds": "60"}', "bad_fields"),
        ('{"type": "extend_turn", "command_id": "a", "turn_id": "t", "seconds": 1e400}', "bad_fields"),
        ('{"type": "start_item", "command_id": "a", "item_id": "\\u0000"}', "bad_fields"),
        ('{"type": "start_item", "command_id": "a", "item_id": "\\ud800"}', "bad_fields"),
        ('{"type": "ping", "pad": "' + BIG + '"}', "too_large"),
    ],
)
async def test_what_cannot_be_read_gets_a_code_and_the_connection_lives(
    tmp_path: Path, text: str, code: str
) -> None:
    async with running(tmp_path) as house:
        before = (await house.hall()).room.seq
        line = await (await house.visit(Role.OPERATOR)).connect()
        await line.raw.send_str(text)
        error = await line.expect("error")
        assert error["code"] == code
        assert error["message"].endswith((".", "halaman."))
        await line.send(type="ping")
        await line.expect("pong")
        assert (await house.hall()).room.seq == before


async def test_binary_is_not_spoken(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        line = await (await house.visit(Role.OPERATOR)).connect()
        await line.raw.send_bytes(b"{}")
        assert (await line.expect("error"))["code"] == "malformed"


async def test_ten_unreadable_messages_in_a_row_close_the_connection(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        line = await (await house.visit(Role.OPERATOR)).connect()
        for _ in range(MOST_WRONG - 1):
            await line.raw.send_str("?")
        await line.send(type="ping")
        for _ in range(MOST_WRONG - 1):
            await line.raw.send_str("?")
        await line.send(type="ping")
        await line.expect("pong")
        await line.expect("pong")
        for _ in range(MOST_WRONG):
            await line.raw.send_str("?")
        assert await line.ended() == 4400
        assert [m["code"] for m in line.passed if m["type"] == "bye"] == [4400]
        assert len([m for m in line.passed if m["type"] == "error"]) == 3 * MOST_WRONG - 2


@pytest.mark.parametrize(
    "first",
    [
        '{"type": "ping"}',
        "?",
        '{"type": "hello", "protocol": 2, "resume": null}',
        '{"type": "hello", "protocol": 1, "resume": {"epoch": 1}}',
        '{"type": "hello", "protocol": 1, "resume": null, "lain": 1}',
    ],
)
async def test_a_conversation_begins_with_hello(tmp_path: Path, first: str) -> None:
    async with running(tmp_path) as house:
        line = await (await house.visit(Role.OPERATOR)).connect(hello=False)
        await line.raw.send_str(first)
        assert await line.ended() == 4401
        assert [m["type"] for m in line.passed] == ["bye"]


async def test_silence_is_no_hello(tmp_path: Path) -> None:
    async with running(tmp_path, timing=Timing(hello_s=0.05)) as house:
        line = await (await house.visit(Role.OPERATOR)).connect(hello=False)
        assert await line.ended() == 4401


@pytest.mark.parametrize("origin", ["https://lain.example", "null", "http://localhost:1"])
async def test_a_page_of_another_origin_gets_no_socket(tmp_path: Path, origin: str) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(Role.OPERATOR)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await visitor.connect(origin=origin)
        assert refused.value.status == 403


async def test_the_public_origin_behind_a_proxy_is_its_own(tmp_path: Path) -> None:
    async with running(tmp_path, public_url="http://rembug.example:9000") as house:
        visitor = await house.visit(Role.OPERATOR)
        await visitor.connect(origin="http://rembug.example:9000")


async def test_a_screen_resumes_with_what_changed_since(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        office = await house.visit(SARONGAN)
        line = await office.connect()
        await line.until("session", lambda session: session["queue_open"])
        position = line.position
        await line.close()

        same = await office.connect(position)
        await same.send(type="ping")
        await same.expect("pong")
        assert [m for m in same.passed if m["type"] == "view"] == []
        await same.close()

        await operator.command("set_off_record", off_record=True)
        late = await office.connect(position)
        view = await late.expect("view")
        assert set(view["sections"]) == {"session", "stage"}
        assert view["sections"]["session"]["off_record"] is True

        assert position is not None
        for foreign in ({"epoch": 9, "seq": position["seq"]}, {"epoch": 1, "seq": 10_000}, None):
            whole = await (await house.visit(SARONGAN)).connect(foreign)
            view = await whole.expect("view")
            assert {"session", "agenda", "stage", "turn", "seats", "own"} <= set(view["sections"])


async def test_what_was_applied_is_told_to_whoever_comes_later(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        first = (await house.opened()).sockets[0]
        stage = await first.until("stage", lambda stage: stage["slots"]["aula"] is not None)
        await first.until_applied(stage["seq"])
        late = await (await house.visit(Role.PENINJAU)).connect()
        assert (await late.expect("applied"))["seq"] == stage["seq"]


async def test_a_new_media_process_is_told_to_everyone(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        first = (await house.opened()).sockets[0]
        other = await (await house.visit(Role.PENINJAU)).connect()
        house.plane.restart()
        for line in (first, other):
            assert (await line.expect("media"))["worker_epoch"] == house.plane.worker_epoch(house.room_id)


async def deaf(house: House, visitor: Visitor) -> sockets.socket:
    """A WebSocket that says hello and then never reads again; its receive buffer is as small as it can be."""
    cookies = visitor.http.cookie_jar.filter_cookies(visitor.base)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    raw = sockets.socket()
    raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, ("127.0.0.1", house.url.port))
    request = (
        f"GET {visitor.base.path}ws HTTP/1.1\r\nHost: 127.0.0.1:{house.url.port}\r\n"
        f"Origin: {visitor.origin}\r\n"
        f"Cookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await loop.sock_sendall(raw, request.encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += await loop.sock_recv(raw, 512)
    assert answer.startswith(b"HTTP/1.1 101")
    hello = json.dumps({"type": "hello", "protocol": 1, "resume": None}).encode()
    masked = bytes(byte ^ 7 for byte in hello)
    await loop.sock_sendall(raw, bytes([0x81, 0x80 | len(hello)]) + b"\x07" * 4 + masked)
    assert await loop.sock_recv(raw, 16), "welcomed"
    return raw


async def test_who_answers_no_ping_is_let_go_and_who_answers_stays(tmp_path: Path) -> None:
    async with running(tmp_path, timing=Timing(heartbeat_s=4.0)) as house:
        alive = asyncio.create_task((await (await house.visit(Role.OPERATOR)).connect()).ended())
        raw = await deaf(house, await house.visit(Role.NOTULIS))
        try:
            while await asyncio.get_running_loop().sock_recv(raw, 65_536):
                """Reads on, as the tests above do not; pings are among it."""
            assert not alive.done()
        finally:
            raw.close()
            alive.cancel()


async def test_a_client_that_does_not_read_is_let_go_and_delays_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One seat makes the view large here, which R104 is there to prevent.
    for limit in ("presence.MOST_PESERTA", "queue.MOST_WAITING", "queue.MOST_HANDS"):
        monkeypatch.setattr(f"rooms.meeting.{limit}", 2000)
    async with running(tmp_path, timing=Timing(stall_s=0.3)) as house:
        operator = (await house.opened()).sockets[0]
        hall = await house.hall()
        office = await house.visit(KEMIREN)
        line = await office.connect()
        raw = await deaf(house, await house.visit(Role.NOTULIS))
        try:
            # Long topics make a console's view large; the deaf one's buffers fill within some commands.
            topic = "Perbaikan jalan " * 100
            seat, actor = SeatId(KEMIREN), Actor("uji")
            await line.command("give_consent", consent="direkam")
            number = 0
            while len(hall.audience.clients) == 3:
                for _ in range(10):
                    number += 1
                    peserta = PesertaId(f"p{number}")
                    register = RegisterPeserta(peserta, seat, "n" * 100)
                    await hall.submit(register, actor, CommandId(f"nama {number}"))
                    hand = RequestTurn(RequestId(f"r{number}"), seat, peserta, topic)
                    await hall.submit(hand, actor, CommandId(f"tangan {number}"))
                hands: Any = await operator.until("hands", lambda h, n=number: len(h) == n)
                assert hands[-1]["request_id"] == f"r{number}"
            assert number < 2000
        finally:
            raw.close()
        assert {c.identity.role for c in hall.audience.clients} == {Role.OPERATOR, Role.DESA}


async def test_a_revoked_link_is_closed_everywhere_and_stays_out(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        office = await house.visit(KEMIREN)
        line, companion = await office.connect(), await office.connect()
        other = await (await house.visit(SARONGAN)).connect()
        sdp = "v=0\r\nm=audio 9 X 0\r\na=mid:0\r\n"
        offer = {"peer_id": "kamera", "sdp": sdp, "lines": [{"mid": "0", "kind": "audio", "slot": None}]}
        assert (await office.request("POST", "media/offer", json=offer))[0] == 200
        assert set(house.plane.rooms[house.room_id].peers) == {PeerId(f"{office.grant}.kamera")}

        status, _ = await panitia.request("POST", f"sesi/{house.room_id}/tautan/{office.grant}/cabut")
        assert status == 303
        assert await line.ended() == 4403
        assert await companion.ended() == 4403
        assert house.plane.rooms[house.room_id].peers == {}
        status, refused = await office.request("GET", "api/v1/catatan")
        assert (status, refused["code"], refused["title"]) == (403, "revoked", "Tautan ini sudah dicabut.")
        again = await office.connect(hello=False)
        assert await again.ended() == 4403
        await other.send(type="ping")
        await other.expect("pong")


async def test_a_link_revoked_between_door_and_hello_stays_out(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia, office = await house.visit(Role.PANITIA), await house.visit(KEMIREN)
        line = await office.connect(hello=False)
        await panitia.request("POST", f"sesi/{house.room_id}/tautan/{office.grant}/cabut")
        await line.send(type="hello", protocol=1, resume=None)
        assert await line.ended() == 4403
        assert not [m for m in line.passed if m["type"] == "view"]
        assert not (await house.hall()).audience.clients
