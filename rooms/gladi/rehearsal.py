"""``rembug gladi``: many synthetic offices in a session's free seats, for a while, and what they got.

It asks the session for seats, prepares a few loops before anybody joins, so that the making disturbs nothing,
and brings the offices in one shortly after the other. How late this process itself answers is measured along:
a machine that cannot keep up would blame the line.
"""

import asyncio
import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from yarl import URL

from rooms.gladi.hall import JOIN_APART_S, loop_for
from rooms.gladi.loops import load_loop
from rooms.gladi.office import AULA, Hands, Part, SyntheticOffice
from rooms.gladi.report import Report, percentile

log = logging.getLogger(__name__)

CAST = (
    (8.0, "Selamat pagi, Bapak dan Ibu. Jalan desa kami rusak dan berlubang."),
    (110.0, "Terima kasih atas waktunya. Saluran irigasi kami perlu diperbaiki."),
    (170.0, "Kami mengusulkan air bersih untuk dusun yang jauh."),
    (225.0, "Jembatan gantung kami sudah lama tidak dapat dilalui."),
)
"""Hue and words of the offices, in turn: few, since the making of each takes seconds."""
HALL = (330.0, "Selamat datang. Ini gladi, latihan sebelum musyawarah.")
TOPICS = ("Jalan desa", "Saluran irigasi", "Air bersih", "Jembatan gantung")
FIRST_HAND_S, AGAIN_S = 2.0, 60.0
MOST_APART_S = 9.0
LAG_TICK_S = 0.05
PROGRESS_EVERY_S = 1.0
PARTING_S = 5.0
CONNECT_S, ASK_S = 15.0, 30.0
SPEAKING = frozenset({"giliran", "interupsi", "tanggapan"})
CODES = {404: "wrong_link", 410: "expired"}


class CannotRehearse(Exception):
    """``code``: ``unreachable``, ``untrusted``, ``wrong_link``, ``expired``, ``not_a_gladi_link``,
    ``not_gladi``, ``closed``, ``no_seats``, ``not_rembug``; ``detail`` is for whoever repairs it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Plan:
    link: URL
    """The gladi link, on the server as this machine reaches it."""
    offices: int
    seconds: float
    loops: Path
    """Directory where loops are kept."""
    aula: bool = False
    """Also the hall, while it is free."""
    trust: ssl.SSLContext | None = None
    """None: what this machine trusts."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a running rehearsal, about once a second."""

    stage: str
    """``loops`` or ``running``."""
    offices: int
    joined: int = 0
    speaking: int = 0
    hands: int = 0
    left_s: float = 0.0


async def rehearse(plan: Plan, tell: Callable[[Progress], None], stop: asyncio.Event) -> Report:
    """Until the time is over, ``stop`` is set or everyone has left. Raises CannotRehearse."""
    title, parts = await _ask(plan)
    tell(Progress("loops", len(parts)))
    films = [
        load_loop(await asyncio.to_thread(loop_for, plan.loops, cast(number, part)))
        for number, part in enumerate(parts)
    ]
    clock = asyncio.get_running_loop().time
    started_at, began, lags = time.time_ns() // 1_000_000, clock(), list[float]()
    lagging = asyncio.create_task(_measure_lag(lags))
    offices: list[SyntheticOffice] = []
    tasks: list[asyncio.Task[None]] = []
    apart = min(MOST_APART_S, plan.seconds / 3 / max(1, len(parts)))
    async with AsyncExitStack() as stack:
        for number, (part, film) in enumerate(zip(parts, films, strict=True)):
            http = await stack.enter_async_context(_browser(plan))
            hands = Hands(FIRST_HAND_S + number * apart, AGAIN_S + number * apart)
            office = SyntheticOffice(http, plan.link.origin(), part, film, hands, listens=True)
            offices.append(office)
            tasks.append(asyncio.create_task(_take_part(office)))
            await asyncio.sleep(JOIN_APART_S)
        while (left_s := began + plan.seconds - clock()) > 0 and not stop.is_set():
            tell(_progress(offices, left_s))
            if all(task.done() for task in tasks):
                break
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(PROGRESS_EVERY_S, left_s))
        await _part_from(offices)
        lagging.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return Report(
        title,
        started_at,
        clock() - began,
        plan.offices,
        tuple(office.report() for office in offices),
        percentile(lags, 0.99) * 1000,
    )


async def _ask(plan: Plan) -> tuple[str, list[Part]]:
    """The session's title and the seats that are to be played."""
    try:
        async with _browser(plan) as http, asyncio.timeout(ASK_S):
            return await _seats(plan, http)
    except aiohttp.ClientConnectorCertificateError as error:
        raise CannotRehearse("untrusted", str(error)) from error
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise CannotRehearse("unreachable", f"{type(error).__name__}: {error}") from error


async def _seats(plan: Plan, http: aiohttp.ClientSession) -> tuple[str, list[Part]]:
    async with http.get(plan.link) as answer:
        if answer.status in CODES:
            raise CannotRehearse(CODES[answer.status])
        found = re.fullmatch(r"(/s/[^/]+/).*", answer.url.path)
        if answer.status != 200 or found is None:
            raise CannotRehearse("not_rembug", f"{answer.status} {answer.url.path}")
        base = answer.url.with_path(found[1])
    body = {"offices": plan.offices, "aula": plan.aula}
    headers = {"Origin": str(base.origin())}
    async with http.post(base / "gladi" / "kursi", json=body, headers=headers) as answer:
        if answer.content_type not in ("application/json", "application/problem+json"):
            raise CannotRehearse("not_rembug", f"{answer.status} {answer.content_type}")
        told: dict[str, Any] = await answer.json(content_type=None)
        if answer.status != 200:
            code = str(told.get("code"))
            raise CannotRehearse("not_a_gladi_link" if code == "forbidden" else code, str(told))
    if not told["seats"]:
        raise CannotRehearse("no_seats")
    return str(told["title"]), [part_of(number, seat) for number, seat in enumerate(told["seats"])]


def part_of(number: int, seat: Mapping[str, Any]) -> Part:
    hall = seat["kind"] == AULA
    hue, voice = HALL if hall else CAST[number % len(CAST)]
    topics = () if hall else (TOPICS[number % len(TOPICS)],)
    role = AULA if hall else "desa"
    return Part(role, seat["link"], seat["label"], hue, voice, topics, seat["seat_id"])


def cast(number: int, part: Part) -> Part:
    """Who is seen and heard: many offices share a loop, so it shows no name of theirs."""
    name = "Aula (gladi)" if part.role == AULA else f"Kantor buatan {number % len(CAST) + 1}"
    return replace(part, name=name)


def _browser(plan: Plan) -> aiohttp.ClientSession:
    """A jar of its own for each, which keeps cookies of plain addresses too."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        connector=aiohttp.TCPConnector(ssl=plan.trust or True),
        timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT_S, sock_connect=CONNECT_S),
    )


async def _take_part(office: SyntheticOffice) -> None:
    try:
        await office.run()
    except Exception:
        # One that stumbles must not take the others along; its report shows what it got until then.
        log.exception("%s stumbled", office.part.name)


async def _part_from(offices: Sequence[SyntheticOffice]) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(PARTING_S):
            await asyncio.gather(*(office.withdraw() for office in offices))


def _progress(offices: Sequence[SyntheticOffice], left_s: float) -> Progress:
    return Progress(
        "running",
        len(offices),
        joined=sum(office.in_call for office in offices),
        speaking=sum(office.state in SPEAKING for office in offices),
        hands=sum(office.asks for office in offices),
        left_s=left_s,
    )


async def _measure_lag(lags: list[float]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due = clock() + LAG_TICK_S
        await asyncio.sleep(LAG_TICK_S)
        lags.append(clock() - due)
