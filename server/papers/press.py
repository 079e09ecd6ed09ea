"""Prints papers: each in a process of its own that ends with it, a few at a time, the event loop free.

A paper that takes too long or too much is given up, and the server never feels it.
"""

import asyncio
import hashlib
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

AT_ONCE = 2
TIME_S = 60
MEMORY_BYTES = 1024 * 1024 * 1024
MOST_SAID = 2_000
"""Of what a failed typesetter said, in signs."""


class PaperFailed(Exception):
    """The paper could not be typeset: a fault of ours, or beyond its bounds."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What the foot of every page says."""

    versi: int
    sidik: str
    """Fingerprint of the data, as ``fingerprint`` makes it."""
    dicetak: str
    """When, in words."""
    sementara: str = ""
    """Why this is not the last word; empty: it may be."""


@dataclass(frozen=True, slots=True)
class Printed:
    pdf: bytes
    pages: int


def fingerprint(paper: object) -> str:
    """SHA-256, in hex, of the data as JSON with sorted keys and without spaces, in UTF-8."""
    text = json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Press:
    def __init__(
        self, *, at_once: int = AT_ONCE, time_s: int = TIME_S, memory_bytes: int = MEMORY_BYTES
    ) -> None:
        self._free = asyncio.Semaphore(at_once)
        self.at_once = at_once
        self._time_s = time_s
        self._memory_bytes = memory_bytes

    async def print(self, template: str, paper: Mapping[str, object], imprint: Imprint, at: int) -> Printed:
        """``template``: a file of ``templates/``; ``paper``: as ``text.as_data`` gives it; ``at``: ms (UTC).

        The same arguments give the same bytes. Raises PaperFailed.
        """
        asked = {
            "template": template,
            "paper": paper,
            "imprint": asdict(imprint),
            "at_s": at // 1000,
            "time_s": self._time_s,
            "memory_bytes": self._memory_bytes,
        }
        async with self._free:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "server.papers.typesetter",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                talk = process.communicate(json.dumps(asked).encode())
                out, said = await asyncio.wait_for(talk, self._time_s)
            except TimeoutError as error:
                raise PaperFailed(f"{template}: not typeset within {self._time_s} s") from error
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        process.kill()
                    await process.wait()
        if process.returncode:
            raise PaperFailed(
                f"{template}: {said.decode(errors='replace')[-MOST_SAID:] or process.returncode}"
            )
        pages, _, pdf = out.partition(b"\n")
        return Printed(pdf, int(pages))
