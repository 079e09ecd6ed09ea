"""A rehearsal as it is held: a server, and processes of synthetic offices on a good and on a bad line."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from rooms.gladi.hall import loop_file
from rooms.gladi.loops import make_loop
from rooms.gladi.reception import JITTER_PACKETS
from rooms.gladi.rehearsal import CAST, cast, part_of
from rooms.media.embedded.rtcp import MalformedPacket, parse_rtp
from server.rehearse import NOT_READY
from tests.support.app import Socket, Visitor
from tests.support.detour import detour
from tests.support.impaired import Line, impaired, led_through
from tests.support.live import ROOT, LiveServer

OFFICES = ("35.10.01.2001", "35.10.05.2003", "35.10.15.2004", "35.10.18.2001")
MINUTES = "4"
"""Longer than it takes: it is ended by hand, as an operator would, once all has been heard."""
SPOKEN_S = 5.0
FORM = {
    "title": "Gladi bersih",
    "tanggal": "2027-01-14",
    "jenis_sesi": "musrenbang_desa",
    "tahun_rencana": "2028",
    "turn_limit_menit": "3",
    "item_kind": "dialog",
    "item_title": "Dialog",
    "gladi": "ya",
}
BAD = Line(loss=0.3, burst=4)


class Watched:
    """The RTP packets that went down a line, by SSRC: numbers that came through, and numbers that did not."""

    def __init__(self) -> None:
        self.came: dict[int, set[int]] = defaultdict(set)
        self.gone: dict[int, set[int]] = defaultdict(set)

    def seen(self, data: bytes, passed: bool) -> None:
        # SRTP leaves the header readable; RTCP and DTLS have other second and first bytes (RFC 5761, 7983).
        if len(data) < 12 or not 128 <= data[0] < 192 or 192 <= data[1] <= 223:
            return
        try:
            head = parse_rtp(data[:12] if not data[0] & 0x1F else data)
        except MalformedPacket:
            return
        (self.came if passed else self.gone)[head.ssrc].add(head.sequence_number)

    def lost(self) -> int:
        """Between the first and the last that came of each SSRC; a few hundred numbers, none twice round."""
        count = 0
        for ssrc, came in self.came.items():
            base = min(came) if max(came) - min(came) < 0x8000 else min(n for n in came if n > 0x8000)
            first, last = (f(came, key=lambda n: (n - base) & 0xFFFF) for f in (min, max))
            count += sum((n - first) & 0xFFFF < (last - first) & 0xFFFF for n in self.gone[ssrc] - came)
        return count


def keep_loops(directory: Path) -> None:
    """Those of the whole cast, from one short film: making ten seconds of each takes longer than the test."""
    film = directory / "film.webm"
    make_loop(film, name="Gladi", hue=150.0, voice_text="Selamat pagi", seconds=2.0)
    for number in range(len(CAST)):
        for kind in ("aula", "dialog"):
            seat = {"kind": kind, "link": "", "label": "", "seat_id": ""}
            shutil.copy(film, directory / loop_file(cast(number, part_of(number, seat))))


async def prepare(server: LiveServer) -> tuple[str, Visitor]:
    """A gladi with four offices by its form: its gladi link, and an operator who has begun the dialog."""
    panitia = await opened(server, server.panitia_link)
    data = aiohttp.FormData(FORM)
    for kode in OFFICES:
        data.add_field("kursi", f"{kode}:dialog")
    headers = {"Origin": panitia.origin}
    async with panitia.http.post(panitia.base / "sesi" / "baru", data=data, headers=headers) as answer:
        page, room_id = await answer.text(), answer.url.name
    links = re.findall(r'value="(http[^"]*/m/[^"]+)"', page)
    async with panitia.http.post(panitia.base / "sesi" / room_id / "gladi", headers=headers) as answer:
        (link,) = re.findall(r"rembug gladi --link (\S+)", await answer.text())
    await panitia.close()
    operator = await opened(server, links[1])
    socket = await operator.connect()
    await socket.command("open_meeting")
    items = await socket.until("agenda", bool)
    await socket.command("start_item", item_id=items[0]["item_id"])
    return link, operator


async def opened(server: LiveServer, link: str) -> Visitor:
    visitor = Visitor(URL(server.url + "/"), URL(link).name)
    await visitor.open_link()
    return visitor


@dataclass
class Gladi:
    """The command while it runs, as an operator sees it."""

    process: asyncio.subprocess.Process
    report: Path

    async def end(self) -> tuple[int, dict[str, Any], str]:
        """By Ctrl+C; its exit code, its report, what it printed."""
        self.process.send_signal(signal.SIGINT)
        printed, _ = await self.process.communicate()
        return self.process.returncode or 0, json.loads(self.report.read_text()), printed.decode()


@asynccontextmanager
async def gladi(directory: Path, name: str, link: str, *options: str) -> AsyncIterator[Gladi]:
    report = directory / f"{name}.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server", "gladi", "--link", link, "--laporan", str(report),
        "--minutes", MINUTES, "--n", "2", *options, cwd=ROOT,
        env=os.environ | {"REMBUG_DATA_DIR": str(directory)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Gladi(process, report)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def one_is_called(line: Socket) -> str:
    """Once all have media and have asked, the first of them speaks for a while; its seat."""
    await told(line, lambda seats: seats.keys() >= set(OFFICES))
    board = await line.until("board", lambda rows: all(row["request_id"] for row in rows))
    seat_id: str = board[0]["seat_id"]
    await line.command("call_seat", turn_id=str(uuid.uuid4()), seat_id=seat_id)
    turn = await line.until("turn", bool)
    await told(line, lambda seats: seats.get(seat_id, {}).get("seen", False))
    await asyncio.sleep(SPOKEN_S)  # what is said takes its time
    await line.command("end_turn", turn_id=turn["turn_id"])
    return seat_id


async def told(line: Socket, wanted: Callable[[dict[str, dict[str, Any]]], bool]) -> None:
    """Until what the desk was told last of the seats' media is so; it is told what changes."""
    while not any(wanted(message["seats"]) for message in _last(line.passed, "health")):
        line.passed.append(await line.read())


def _last(messages: Sequence[dict[str, Any]], type_: str) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] == type_][-1:]


def total(offices: Sequence[dict[str, float]], figure: str) -> float:
    return sum(office[figure] for office in offices)


async def test_the_report_says_what_was_sent_heard_and_lost(tmp_path: Path) -> None:
    keep_loops_in = tmp_path / "gladi"
    keep_loops_in.mkdir()
    keep_loops(keep_loops_in)
    watched = Watched()
    async with LiveServer(tmp_path) as server:
        link, operator = await prepare(server)
        target = ("127.0.0.1", server.media_port)
        async with (
            impaired(target, up=Line(), down=BAD, seed=11, seen=watched.seen) as port,
            detour(server.url, lambda sdp: led_through(sdp, port)) as bad_way,
            gladi(tmp_path, "baik", link, "--aula") as near_ones,
            gladi(tmp_path, "buruk", link, "--url", bad_way) as far_ones,
        ):
            called = await one_is_called(operator.sockets[0])
            # The hall is there until the others have left.
            bad_code, bad, bad_words = await far_ones.end()
            _, good, good_words = await near_ones.end()
        await operator.close()

    hall, *near = good["offices"]
    far = bad["offices"]
    assert hall["label"] == "Aula"
    assert {office["seat_id"] for office in near + far} == set(OFFICES), "each seat is played once"
    every = [*near, *far]
    assert all(office["joined_s"] is not None and office["joins"] == 1 for office in every)
    assert [office["seat_id"] for office in every if office["turns"]] == [called]
    assert all(office["hands"] >= 1 for office in every)

    # What was sent is what was to be heard: the hall by all, the speaker by all others.
    (speaker,) = (office for office in every if office["seat_id"] == called)
    assert speaker["sent_sound"] > SPOKEN_S * 50 * 0.8
    for office in every:
        sent = hall["sent_sound"] + (0 if office is speaker else speaker["sent_sound"])
        assert SPOKEN_S * 50 * 0.8 < office["sound_packets"] <= sent, office
        assert office["frames"] > 0
    listeners = [office for office in every if office is not speaker]
    assert min(office["sound_packets"] for office in listeners) > SPOKEN_S * 50 * 1.5

    # What the line took is what is told of it; the last few packets may still have been on their way.
    told = total(far, "sound_lost") + total(far, "picture_lost")
    lost = watched.lost()
    assert lost > 200
    assert abs(told - lost) <= 6 * JITTER_PACKETS + lost * 0.05, (told, lost)
    for office in far:
        assert office["lost"] > 0.15
        assert office["verdict"] != "baik"
        assert office["concealed_ms"] > 0
    assert all(office["lost"] < 0.05 for office in near)
    assert total(near, "concealed_ms") < total(far, "concealed_ms") / 4

    assert bad_code == NOT_READY
    assert bad["verdict"] != "baik"
    assert "BELUM SIAP" in bad_words or "PERLU DIPERIKSA" in bad_words
    assert all(office["label"] in good_words for office in near)
    assert "2 dari 2 tersambung" in bad_words
