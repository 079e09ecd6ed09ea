"""The two media servers of `goal-hall` behind one face: our own worker, and Janus from Debian."""

import asyncio
import contextlib
import itertools
import json
import os
import secrets
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from rooms.ids import PeerId, RoomId, SeatId, TurnId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import HANDSHAKE_SHARE, MediaSettings
from rooms.media.plane import Feed, Kind, Line, Offer, PeerSpec, Slot, Stage
from tests.support.media_load import OPUS, VP8, Camera, Ear, offer_of, ssrcs_of

ROOM = RoomId("hall")
SLOTS = (Slot.AULA, Slot.SPEAKER)
UNUSED_PLUGINS = (
    "audiobridge duktape echotest lua nosip recordplay sip textroom videocall videoroom voicemail"
)
UNUSED_TRANSPORTS = "http mqtt nanomsg pfunix rabbitmq"
Out = Callable[[str, bytes], None]


class Hall(Protocol):
    @property
    def pid(self) -> int:
        """Of the process that forwards."""
        ...

    @property
    def cameras(self) -> Sequence[Camera]: ...

    @property
    def send(self) -> Sequence[Out]:
        """The way into the server, for each camera."""
        ...

    async def join(self, ear: Ear) -> None:
        """Connect a receiver of both cameras' sound and picture."""
        ...

    async def begin(self) -> None:
        """From now on what is sent is forwarded."""
        ...

    async def drops(self) -> dict[str, int]: ...


class OwnHall:
    def __init__(self, plane: EmbeddedPlane) -> None:
        self.plane = plane
        self.pid = plane.worker_pid
        self.offices = [Ear() for _ in SLOTS]
        self.cameras = [Camera(at) for at in range(len(SLOTS))]
        self.send: list[Out] = [
            lambda kind, packet, office=office: office.send_rtp(packet)  # type: ignore[misc]
            for office in self.offices
        ]
        self._names = itertools.count()

    async def seat(self) -> None:
        for at, office in enumerate(self.offices):
            audio, video = ssrcs_of(at)
            lines = [("m", "audio", audio), ("c", "video", video)]
            offer = Offer(offer_of(office, lines), (Line("m", Kind.AUDIO, None), Line("c", Kind.VIDEO, None)))
            spec = PeerSpec(PeerId(f"office{at}"), SeatId(f"office{at}"), False)
            await office.connect(await self.plane.connect(ROOM, spec, offer))

    async def join(self, ear: Ear) -> None:
        lines = [(f"{slot}-{kind}", kind, slot) for slot in SLOTS for kind in Kind]
        offer = Offer(
            offer_of(ear, [(mid, kind, None) for mid, kind, _ in lines]),
            tuple(Line(mid, kind, slot) for mid, kind, slot in lines),
        )
        spec = PeerSpec(PeerId(f"ear{next(self._names)}"), None, False)
        await ear.connect(await self.plane.connect(ROOM, spec, offer))

    async def begin(self) -> None:
        feeds = {
            slot: Feed(SeatId(f"office{at}"), TurnId(f"turn{at}"), True) for at, slot in enumerate(SLOTS)
        }
        await self.plane.set_stage(ROOM, 1, 1, Stage(feeds))
        # Requests are answered in their order, so the stage stands when this one is.
        await self.plane.health(ROOM)

    async def drops(self) -> dict[str, int]:
        return await self.plane.dropped()

    async def close(self) -> None:
        for office in self.offices:
            await office.close()


@asynccontextmanager
async def own_hall(handshake_share: float = HANDSHAKE_SHARE) -> AsyncIterator[OwnHall]:
    """Our media process with the real recorder, on a port and in a directory of its own."""
    folder = Path(tempfile.mkdtemp(prefix="hall"))
    settings = MediaSettings(
        data_dir=folder, udp_port=0, bind_address="127.0.0.1", handshake_share=handshake_share
    )
    plane = EmbeddedPlane(settings)
    try:
        await plane.start()
        hall = OwnHall(plane)
        await hall.seat()
        yield hall
        await hall.close()
    finally:
        await plane.close()
        shutil.rmtree(folder)


class JanusHall:
    """Janus with one mountpoint of the streaming plugin, and a handle for each receiver."""

    def __init__(self, pid: int, rtp: Sequence[dict[str, int]], api: "JanusApi") -> None:
        self.pid = pid
        self.cameras = [Camera(at) for at in range(len(SLOTS))]
        self._out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.send = [self._to(ports) for ports in rtp]
        self._api = api

    def _to(self, ports: dict[str, int]) -> Out:
        return lambda kind, packet: (self._out.sendto(packet, ("127.0.0.1", ports[kind])), None)[1]

    async def join(self, ear: Ear) -> None:
        handle = (await self._api.ask("attach", plugin="janus.plugin.streaming"))["data"]["id"]
        event = await self._api.ask("message", handle, body={"request": "watch", "id": 1})
        offer = event["jsep"]["sdp"]
        answer = self._answer(ear, offer)
        connecting = asyncio.ensure_future(
            self._api.ask(
                "message", handle, body={"request": "start"}, jsep={"type": "answer", "sdp": answer}
            )
        )
        await ear.connect(offer)
        await connecting

    @staticmethod
    def _answer(ear: Ear, offer: str) -> str:
        kinds = [section.split()[0] for section in offer.split("\r\nm=")[1:]]
        mids = [row.removeprefix("a=mid:") for row in offer.splitlines() if row.startswith("a=mid:")]
        made = offer_of(ear, [(mid, kind, None) for mid, kind in zip(mids, kinds, strict=True)])
        return made.replace("a=setup:actpass", "a=setup:active")

    async def begin(self) -> None:
        """It forwards from the start."""

    async def drops(self) -> dict[str, int]:
        return {}

    def close(self) -> None:
        self._out.close()


class JanusApi:
    """One session over its WebSocket."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws
        self._session: int | None = None
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def begin(self) -> None:
        self._session = (await self.ask("create"))["data"]["id"]

    async def ask(self, verb: str, handle: int | None = None, **fields: Any) -> dict[str, Any]:
        """The final answer of a request; an acknowledgement alone is not one."""
        transaction = secrets.token_hex(6)
        request: dict[str, Any] = {"janus": verb, "transaction": transaction, **fields}
        if self._session is not None:
            request["session_id"] = self._session
        if handle is not None:
            request["handle_id"] = handle
        waiting = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        await self._ws.send_json(request)
        async with asyncio.timeout(20):
            answer: dict[str, Any] = await waiting
        if answer["janus"] == "error" or "error" in answer.get("plugindata", {}).get("data", {}):
            raise RuntimeError(json.dumps(answer))
        return answer

    async def keep(self) -> None:
        """Hand out answers until the connection ends."""
        async for message in self._ws:
            answer = message.json()
            waiting = self._waiting.get(answer.get("transaction", ""))
            if waiting is not None and answer["janus"] != "ack" and not waiting.done():
                waiting.set_result(answer)

    async def keep_alive(self) -> None:
        while True:
            await asyncio.sleep(20)
            await self._ws.send_json(
                {"janus": "keepalive", "session_id": self._session, "transaction": secrets.token_hex(6)}
            )


@asynccontextmanager
async def janus_hall() -> AsyncIterator[JanusHall]:
    folder = Path(tempfile.mkdtemp(prefix="janus"))
    api_port, *rtp_ports = _free_ports(5)
    rtp = [{"audio": rtp_ports[0], "video": rtp_ports[1]}, {"audio": rtp_ports[2], "video": rtp_ports[3]}]
    _configure(folder, api_port, rtp)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "janus", "--configs-folder", str(folder), stdout=log, stderr=log
        )
    try:
        async with aiohttp.ClientSession() as http:
            for _ in range(100):
                with contextlib.suppress(aiohttp.ClientError):
                    ws = await http.ws_connect(
                        f"http://127.0.0.1:{api_port}/", protocols=["janus-protocol"], max_msg_size=0
                    )
                    break
                await asyncio.sleep(0.1)
            else:
                raise RuntimeError((folder / "log").read_text()[-2000:])
            api = JanusApi(ws)
            tasks = [asyncio.ensure_future(api.keep())]
            await api.begin()
            tasks.append(asyncio.ensure_future(api.keep_alive()))
            hall = JanusHall(process.pid, rtp, api)
            yield hall
            hall.close()
            for task in tasks:
                task.cancel()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        shutil.rmtree(folder)


def _free_ports(count: int) -> list[int]:
    held = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _names(plugins: str) -> str:
    return ",".join(f"libjanus_{plugin}.so" for plugin in plugins.split())


def _configure(folder: Path, api_port: int, rtp: Sequence[dict[str, int]]) -> None:
    """Files of their own, so that nothing of the machine's installation is used or changed."""
    (folder / "janus.jcfg").write_text(
        f"""general: {{ debug_level = 2; event_loops = {os.cpu_count()}; }}
media: {{ ipv6 = false; }}
nat: {{ nice_debug = false; ice_lite = true; }}
plugins: {{ disable = "{_names(UNUSED_PLUGINS)}"; }}
transports: {{ disable = "{_names(UNUSED_TRANSPORTS)}"; }}
"""
    )
    (folder / "janus.transport.websockets.jcfg").write_text(
        f"""general: {{ json = "plain"; ws = true; ws_port = {api_port}; ws_ip = "127.0.0.1"; }}"""
    )
    media = ",\n".join(
        f"""{{ type = "{kind}"; mid = "{kind[0]}{at}"; label = "{kind[0]}{at}"; port = {ports[kind]};"""
        f""" pt = {OPUS if kind == "audio" else VP8}; codec = "{"opus" if kind == "audio" else "vp8"}"; }}"""
        for at, ports in enumerate(rtp)
        for kind in ("audio", "video")
    )
    (folder / "janus.plugin.streaming.jcfg").write_text(
        f"""hall: {{ type = "rtp"; id = 1; description = "hall"; media = ({media}); }}"""
    )
