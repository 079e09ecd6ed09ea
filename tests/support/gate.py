"""The whole server at its gate: personal links, HTTP, the media process, real DTLS and SRTP; no browser."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from rooms.media.embedded import rtcp
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from server.app import build_app
from server.kept import WILAYAH
from tests.support.app import PATIENCE_S, PATIENT, House, Socket, Visitor, furnish, serving, settings_in
from tests.support.fake_plane import FakePlane
from tests.support.media_load import OPUS, Ear, offer_of

Told = TypeVar("Told")
Lines = list[tuple[str, str, int | None]]


@asynccontextmanager
async def gate(**media: Any) -> AsyncIterator[tuple[House, EmbeddedPlane]]:
    """The whole server with a media process of its own; ``media``: other than usual MediaSettings."""
    # Not tmp_path: a Unix socket's path is short.
    directory = Path(tempfile.mkdtemp(prefix="gate"))
    plane = EmbeddedPlane(MediaSettings(directory, udp_port=0, bind_address="127.0.0.1", **media))
    app = build_app(settings_in(directory), plane=plane, timing=PATIENT)
    async with serving(app) as url:
        await app[WILAYAH].seed()
        house = await furnish(app, FakePlane(), url)
        try:
            yield house, plane
        finally:
            for visitor in house.visitors:
                await visitor.close()
    shutil.rmtree(directory)


def body(ear: Ear, lines: Lines, slot: str | None = None, **changes: Any) -> dict[str, Any]:
    """``slot``: of every line that does not send."""
    named = [{"mid": mid, "kind": kind, "slot": slot if ssrc is None else None} for mid, kind, ssrc in lines]
    return {"peer_id": "p1", "sdp": offer_of(ear, lines), "lines": named} | changes


async def join(visitor: Visitor, ear: Ear, lines: Lines, slot: str | None = None, **changes: Any) -> None:
    status, answer = await visitor.request("POST", "media/offer", json=body(ear, lines, slot, **changes))
    assert status == 200, answer
    await ear.connect(answer["sdp"])


async def until(asked: Callable[[], Awaitable[Told]], wanted: Callable[[Told], bool]) -> Told:
    """Ask the media process, which has no event for what it counts, until it says what is wanted."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            told = await asked()
            if wanted(told):
                return told
            await asyncio.sleep(0.02)


def sound(ssrc: int, number: int, payload: bytes) -> bytes:
    return rtcp.rtp_header(False, False, OPUS, number, number * 960, ssrc) + payload


async def hear(ear: Ear) -> bytes:
    """The next packet's payload, on a line that has sound alone."""
    return (await hear_packet(ear))[12:]


async def hear_packet(ear: Ear) -> bytes:
    while True:
        data = await asyncio.get_running_loop().sock_recv(ear.socket, 2048)
        if len(data) > 12 and data[0] >> 6 == 2 and not 192 <= data[1] <= 223:
            return ear.inbound.unprotect(data)


async def call(operator: Socket, seat_id: str) -> str:
    turn_id = str(uuid.uuid4())
    await operator.until_applied(await operator.command("call_seat", turn_id=turn_id, seat_id=seat_id))
    return turn_id
