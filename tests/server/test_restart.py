"""``kill -9`` of the real server in mid-turn: what was acknowledged is there, once, and goes on."""

import asyncio
import re
import resource
import time
import uuid
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yarl import URL

from rooms.media.embedded.settings import MediaSettings
from rooms.media.embedded.supervision import lock_is_free
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, Socket, Visitor
from tests.support.live import LiveServer

KIND = {KEMIREN: "dialog", SARONGAN: "dialog", TEMBOKREJO: "menyimak"}
LINKS = (
    "pimpinan",
    "operator",
    "notulis",
    "bantuan",
    "peninjau",
    "replay",
    "aula",
    SARONGAN,
    KEMIREN,
    TEMBOKREJO,
)
"""In the order of the session's page."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass
class Town:
    """A session on a live server."""

    server: LiveServer
    tokens: dict[str, str]
    visitors: list[Visitor]

    async def visit(self, who: str) -> Visitor:
        visitor = Visitor(URL(self.server.url), self.tokens[who])
        self.visitors.append(visitor)
        await visitor.open_link()
        return visitor

    async def leave(self) -> None:
        for visitor in self.visitors:
            await visitor.close()
        self.visitors.clear()


async def found(server: LiveServer, panitia_link: str) -> Town:
    """Make a session by the form."""
    panitia = Visitor(URL(server.url), panitia_link.strip().rsplit("/", 1)[1])
    town = Town(server, {}, [panitia])
    await panitia.open_link()
    form = {
        "title": "Musrenbang yang terputus",
        "tanggal": "2027-02-10",
        "jenis_sesi": "musrenbang_desa",
        "tahun_rencana": "2028",
        "turn_limit_menit": "10",
        "item_kind": "dialog",
        "item_title": "Dialog",
    }
    fields = [*form.items(), *(("kursi", f"{kode}:{kind}") for kode, kind in KIND.items())]
    async with panitia.http.post(
        panitia.base / "sesi" / "baru", data=fields, headers={"Origin": panitia.origin}
    ) as answer:
        links = re.findall(r'value="(http[^"]*/m/[^"]+)"', await answer.text())
    town.tokens = dict(zip(LINKS, (link.rsplit("/", 1)[1] for link in links), strict=True))
    return town


async def hands_up(office: Socket, names: list[str]) -> None:
    await office.command("give_consent", consent="direkam")
    for name in names:
        peserta_id = str(uuid.uuid4())
        await office.command("register_peserta", peserta_id=peserta_id, nama=name)
        await office.command(
            "request_turn", request_id=str(uuid.uuid4()), peserta_id=peserta_id, topic=f"Usul {name}"
        )


def order(socket: Socket) -> list[tuple[Any, Any, Any]]:
    return [(p["seat_id"], p["request_id"], p["reason"]) for p in socket.sections["board"]]


async def test_a_killed_server_comes_back_with_everything_that_was_acknowledged(tmp_path: Path) -> None:
    server = LiveServer(tmp_path)
    server.data_dir.mkdir(parents=True)
    link = await server.rembug("panitia")
    await server.start()
    town = await found(server, link)
    try:
        operator = await (await town.visit("operator")).connect()
        await operator.command("open_meeting")
        item = (await operator.until("agenda", bool))[0]["item_id"]
        await operator.command("start_item", item_id=item)
        office = await town.visit(KEMIREN)
        line = await office.connect()
        await hands_up(line, ["Siti", "Budi"])
        await hands_up(await (await town.visit(TEMBOKREJO)).connect(), ["Made", "Ayu"])
        turn_id = str(uuid.uuid4())
        await operator.command("call_seat", turn_id=turn_id, seat_id=SARONGAN, media="lewat_telepon")
        turn = await operator.until("turn", lambda turn: turn is not None)

        notulis = await town.visit("notulis")
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "keluhan",
            "ucapan": "Listrik sering padam.",
            "instant": {"spoken_at": turn["running_since"], "seat_id": SARONGAN, "turn_id": turn_id},
        }
        assert (await notulis.request("POST", "api/v1/catatan", json=note))[0] == 201
        draft = {"ucapan": "belum seles"}
        assert (await notulis.request("PUT", "api/konsep/k1", json=draft))[0] == 200
        await operator.until("hands", lambda hands: len(hands) == 4)
        await operator.send(type="ping")
        await operator.expect("pong")
        last_ack = await operator.give("set_off_record", command_id="terakhir", off_record=True)
        before_order, before = order(operator), operator.position

        # A burst whose outcome nobody knows: the server dies while it decides.
        burst = {f"p{n}": f"Warga {n}" for n in range(40)}
        for peserta_id, nama in burst.items():
            await line.send(
                type="register_peserta",
                command_id=f"c-{peserta_id}",
                peserta_id=peserta_id,
                nama=nama,
                seat_id="",
            )
        await line.expect("ack", command_id="c-p5")
        await server.kill()
        killed = now_ms()
        acked = {m["command_id"]: m["seq"] for m in line.passed if m["type"] == "ack"}
        await town.leave()

        starting = now_ms()
        await server.start()
        operator = await (await town.visit("operator")).connect(before)
        turn_after = await operator.until("turn", lambda turn: turn is not None)
        await operator.until("hands", lambda hands: len(hands) == 4)
        await operator.until("board", bool)
        assert order(operator) == before_order
        assert operator.sections["session"]["off_record"] is True
        assert (turn_after["turn_id"], turn_after["state"]) == (turn_id, "bicara")
        moved = turn_after["limit_at"] - turn["limit_at"]
        assert starting - killed <= moved, "the speaker pays for the time that the server was away"
        assert await operator.give("set_off_record", command_id="terakhir", off_record=True) == last_ack

        line = await (await town.visit(KEMIREN)).connect()
        seqs = {}
        for peserta_id, nama in burst.items():
            answer = await line.give(
                "register_peserta", command_id=f"c-{peserta_id}", peserta_id=peserta_id, nama=nama
            )
            assert answer["type"] == "ack"
            seqs[f"c-{peserta_id}"] = answer["seq"]
        assert acked.items() <= seqs.items()
        people = await line.until("peserta", lambda people: len(people) == 2 + len(burst))
        assert sorted(p["peserta_id"] for p in people if p["peserta_id"] in burst) == sorted(burst)

        notulis = await town.visit("notulis")
        listed = (await notulis.request("GET", "api/v1/catatan"))[1]["items"]
        assert [(n["id"], n["ucapan"]) for n in listed] == [(note["id"], note["ucapan"])]
        assert (await notulis.request("POST", "api/v1/catatan", json=note))[0] == 201
        assert (await notulis.request("GET", "api/v1/catatan"))[1]["total"] == 1
        assert (await notulis.request("GET", "api/konsep/k1"))[1]["body"] == draft
        timeline = (await notulis.request("GET", "api/timeline"))[1]
        assert [t["turn_id"] for t in timeline["turns"]] == [turn_id]
        (first, second) = timeline["turns"][0]["intervals"]
        assert first["to"] <= starting  # give or take the moment between two looks at the clock
        assert second["from"] >= starting
        assert second["to"] is None
        assert moved == second["from"] - first["to"]
    finally:
        await town.leave()
        await server.stop()


async def test_a_server_that_is_asked_to_stop_says_so(tmp_path: Path) -> None:
    server = LiveServer(tmp_path)
    server.data_dir.mkdir(parents=True)
    link = await server.rembug("panitia")
    await server.start()
    town = await found(server, link)
    try:
        office = await (await town.visit(KEMIREN)).connect()
        await office.send(type="media_state", can_publish=True)
        await office.until("own", lambda own: own["connected"])
        stopping = asyncio.create_task(server.stop())
        assert await office.ended() == 1012
        await stopping
    finally:
        await town.leave()
        await server.stop()


async def test_a_restart_leaves_the_call_of_a_running_meeting_alone(tmp_path: Path) -> None:
    server = LiveServer(tmp_path)
    server.data_dir.mkdir(parents=True)
    link = await server.rembug("panitia")
    await server.start()
    town = await found(server, link)
    try:
        await (await town.visit("operator")).connect()
        await town.leave()
        await server.stop_to_restart()
        assert lock_is_free(MediaSettings(server.data_dir)), "nobody meets: nothing has to go on"

        await server.start()
        operator = await (await town.visit("operator")).connect()
        await operator.command("open_meeting")
        before = operator.welcome["worker_epoch"]
        await town.leave()
        await server.stop_to_restart()
        assert not lock_is_free(MediaSettings(server.data_dir))
        await server.start()
        operator = await (await town.visit("operator")).connect()
        assert operator.welcome["worker_epoch"] == before
        await town.leave()
        await server.stop()
        assert lock_is_free(MediaSettings(server.data_dir)), "stopped for good"
    finally:
        await town.leave()
        await server.stop()


async def test_more_may_come_in_than_a_program_may_usually_have_open(tmp_path: Path) -> None:
    server = LiveServer(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # The server starts with what the shell of a small system gives it.
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        await server.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        async with AsyncExitStack() as held:
            for port in (server.port, server.media_port):
                for _ in range(250):
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                    held.callback(writer.close)
            async with asyncio.timeout(60):  # it would hang rather than refuse
                assert await server.answers()
    finally:
        await server.stop()
