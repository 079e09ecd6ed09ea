"""``rembug gladi`` on a terminal: from what was typed to a report, or a sentence why there is none."""

import asyncio
import signal
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from yarl import URL

from rooms.gladi.rehearsal import CannotRehearse, Plan, Progress, rehearse
from rooms.gladi.report import Report, Verdict
from server.planning.export import WIB
from server.reports import gladi as words

EVERY_S = 10.0
"""How often the state is told where no terminal rewrites its line."""
ENDS = (signal.SIGINT, signal.SIGTERM)
GOOD, CANNOT, NOT_READY = 0, 1, 3
"""What the command ends with: a rehearsal that went well, none at all, one that found something."""


@dataclass(frozen=True, slots=True)
class Wanted:
    link: str
    url: str
    offices: int
    minutes: float
    aula: bool
    cacert: Path | None
    laporan: Path | None
    loops: Path


class Say(Protocol):
    def __call__(self, words: str, end: str = "\n") -> None: ...


async def run(wanted: Wanted, say: Say, complain: Callable[[str], None]) -> int:
    """The command's exit code. Ctrl-C ends the rehearsal early, with its report."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in ENDS:
        loop.add_signal_handler(number, stop.set)
    try:
        plan = _plan(wanted)
        report = await rehearse(plan, _Line(say).tell, stop)
        say("\n" + words.text(report))
        file = wanted.laporan or Path(f"gladi-{datetime.now(WIB):%Y%m%d-%H%M%S}.json")
        file.write_text(words.as_json(report), encoding="utf-8")
        say(f"Laporan lengkap: {file}")
    except CannotRehearse as error:
        complain(words.REFUSALS.get(error.code, error.code) + (f" ({error.detail})" if error.detail else ""))
        return CANNOT
    except OSError as error:
        complain(str(error))
        return CANNOT
    finally:
        for number in ENDS:
            loop.remove_signal_handler(number)
    return _code(report)


def _code(report: Report) -> int:
    return GOOD if report.verdict is Verdict.BAIK else NOT_READY


def _plan(wanted: Wanted) -> Plan:
    """Raises CannotRehearse, OSError (the certificate)."""
    link, server = URL(wanted.link), URL(wanted.url)
    if server.absolute:
        link = server.origin().join(link.relative() if link.absolute else link)
    if not link.absolute or link.scheme not in ("http", "https") or not link.path.startswith("/m/"):
        raise CannotRehearse("wrong_link", wanted.link)
    trust = ssl.create_default_context(cafile=wanted.cacert) if wanted.cacert is not None else None
    return Plan(link, wanted.offices, wanted.minutes * 60, wanted.loops, wanted.aula, trust)


class _Line:
    """The state: one line that is written over in a terminal, a line now and then in a file."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._terminal = sys.stdout.isatty()
        self._said_at = -EVERY_S

    def tell(self, progress: Progress) -> None:
        now = asyncio.get_running_loop().time()
        if self._terminal:
            self._say("\r\033[K" + words.line(progress), end="")
        elif now - self._said_at >= EVERY_S:
            self._said_at = now
            self._say(words.line(progress))
