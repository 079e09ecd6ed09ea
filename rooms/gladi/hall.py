"""A hall that is alive: the Aula and offices of different kecamatan in one process.

Loops are made when they are missing; everyone joins, a little apart, and stays until the meeting closes.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from yarl import URL

from rooms.gladi.loops import Loop, load_loop, make_loop
from rooms.gladi.office import Hands, Part, SyntheticOffice

log = logging.getLogger(__name__)

LOOP_S = 10.0
JOIN_APART_S = 0.3
FIRST_HAND_S = 6.0
"""Until the first office raises its hand; the others follow ``HANDS_APART_S`` apart."""
HANDS_APART_S = 9.0
AGAIN_S = 75.0
"""Until an office that was heard asks again."""


@dataclass(frozen=True, slots=True)
class HallConfig:
    """What ``python -m rooms.gladi --config FILE`` reads, as JSON."""

    base_url: str
    participants: tuple[Part, ...]
    loops: Path
    """Directory where loops are kept; made when it is missing."""


async def run_hall(base_url: str, participants: Sequence[Part], loops: Path) -> None:
    """Bring everyone in; returns when the last one has left."""
    async with asyncio.TaskGroup() as group:
        askers = 0
        for part in participants:
            # One after the other, so that the first are there while loops of the last are still made.
            film = load_loop(await asyncio.to_thread(loop_for, loops, part))
            hands = Hands(FIRST_HAND_S + askers * HANDS_APART_S, AGAIN_S + askers * HANDS_APART_S)
            askers += bool(part.topics)
            group.create_task(_take_part(URL(base_url), part, film, hands))
            await asyncio.sleep(JOIN_APART_S)
    log.info("everyone has left")


async def _take_part(base_url: URL, part: Part, film: Loop, hands: Hands) -> None:
    # Cookies of 127.0.0.1 too; each participant has a jar of its own, like a browser of its own.
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        try:
            await SyntheticOffice(http, base_url, part, film, hands).run()
        except Exception:
            # One that stumbles must not take the hall along.
            log.exception("%s stumbled", part.name)


def loop_file(part: Part) -> str:
    """The name of the file."""
    words = "\n".join((part.name, f"{part.hue:g}", part.voice, f"{LOOP_S:g}"))
    return f"{hashlib.sha256(words.encode()).hexdigest()[:16]}.webm"


def loop_for(directory: Path, part: Part) -> Path:
    """The loop of a part, made now if it is not there; its file is named after what it shows and says."""
    path = directory / loop_file(part)
    if not path.exists():
        log.info("making the loop of %s", part.name)
        make_loop(path, name=part.name, hue=part.hue, voice_text=part.voice, seconds=LOOP_S)
    return path
