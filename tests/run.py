"""``python -m tests.run``: the static checks and every test, side by side, and what came of them at the end.

What browsers do and wait for, and what the media plane and the servers do and wait for, have a process each;
what only computes runs at a low priority in the moments that those leave free, so that the whole takes little
longer than the browsers do. Firefox encodes with the processor and speaks in real time: it comes when only
the low ones are left.

A browser that encodes and decodes in real time beside all this can meet a machine that stands still for
seconds. So a few failed tests of browsers and of media are tried once more, alone, when everything else is
over. What then passes is not red, but stands in the last lines with its first reason: it is a fault to be
mended, of the test or of the product. What computes, or keeps records, passes at once or not at all.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BROWSERS = "tests/e2e"
FIREFOX = "tests/e2e/test_firefox.py"
COMPUTING = {
    "meeting": (
        "tests/contracts",
        "tests/properties",
        "tests/webclient",
        "tests/rooms/meeting",
        "tests/rooms/ordering",
        "tests/rooms/fairness",
        "tests/rooms/on_sql",
    ),
    "asking": ("tests/server/api", "tests/server/auth", "tests/server/matrix", "tests/server/signalling"),
    "keeping": ("tests/server/pages", "tests/server/papers", "tests/server/planning", "tests/server/store"),
}
TRIED_AGAIN = 3
"""Failed tests of one part at most; more of them are no accident."""
FOLLOWED_S = 0.5
WIDE = "160"
"""Columns, so that a reason stands on its line whole."""
LOW = 10
"""Niceness of what computes: there a second's work may take a minute, hence its longer ``--timeout``."""


@dataclass
class Part:
    """One process: static checks, or a pytest of its own.

    ``aside``: at a low priority. ``again``: how many failed tests may be tried once more."""

    name: str
    command: Sequence[str]
    told: Path
    aside: bool = False
    again: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """What it says is kept in a file, so that parts do not mix."""
        nice = ["nice", "-n", str(LOW)] if self.aside else []
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*nice, *self.command],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, "COLUMNS": WIDE},
            )

    def end(self) -> None:
        """Prints what it said and says, until it is over."""
        with self.output.open("rb") as output:
            over = False
            while not over:
                over = self.process.poll() is not None
                sys.stdout.buffer.write(output.read())
                sys.stdout.flush()
                if not over:
                    time.sleep(FOLLOWED_S)

    @property
    def output(self) -> Path:
        return self.told / f"{self.name}.txt"

    @property
    def text(self) -> str:
        return self.output.read_text(errors="replace")

    @property
    def failed(self) -> bool:
        return self.process.returncode != 0

    @property
    def reasons(self) -> list[str]:
        """The lines of pytest's summary that name what failed and why."""
        return [line for line in self.text.splitlines() if re.match(r"(FAILED|ERROR) ", line)]

    def failures(self) -> list[str]:
        """Names of the tests that failed, as pytest keeps them for its ``--last-failed``."""
        kept = cache(self.told, self.name) / "v" / "cache" / "lastfailed"
        # 1: tests ran and some failed. Anything else is an interruption or an error of pytest's own.
        return sorted(json.loads(kept.read_text())) if self.process.returncode == 1 and kept.exists() else []


def cache(told: Path, name: str) -> Path:
    return told / f"{name}.cache"


def pytest(told: Path, name: str, *arguments: str) -> list[str]:
    """Each part with a memory of its own of what failed."""
    return [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache(told, name)}", *arguments]


def tried_again(part: Part) -> Part | None:
    """Those failed tests once more, alone; None where that is no answer."""
    failures = part.failures()
    if not 0 < len(failures) <= part.again:
        return None
    name = f"{part.name}-again"
    second = Part(name, pytest(part.told, name, *failures), part.told)
    second.start()
    second.end()
    return second


def verdict(parts: Iterable[Part]) -> bool:
    """Tries again what may be, prints the last lines, and says whether all is well."""
    well = True
    lines = ["", "What came of it:"]
    for part in parts:
        last = part.text.rstrip().rpartition("\n")[2].strip("= ") if part.text.strip() else "said nothing"
        lines.append(
            f"  {part.name}: {last}" if part.failed or part.name != "check" else "  check: nothing found"
        )
        if not part.failed:
            continue
        second = tried_again(part)
        lines += [f"    {reason}" for reason in part.reasons]
        if second is None:
            well = False
        elif second.failed:
            well = False
            lines += ["    failed again, alone:", *(f"    {reason}" for reason in second.reasons)]
        else:
            lines.append("    PASSED ALONE, hence not red; a fault to be mended all the same.")
    print("\n".join(lines), flush=True)
    return well


def main(told: Path) -> bool:
    computing = [
        Part(name, pytest(told, name, "--timeout", "1200", *folders), told, aside=True)
        for name, folders in COMPUTING.items()
    ]
    elsewhere = [
        f"--ignore={folder}" for folder in (BROWSERS, *(one for some in COMPUTING.values() for one in some))
    ]
    check = Part("check", ["make", "--no-print-directory", "check"], told, aside=True)
    media = Part("media", pytest(told, "media", *elsewhere), told, again=TRIED_AGAIN)
    browsers = Part(
        "browsers", pytest(told, "browsers", BROWSERS, f"--ignore={FIREFOX}"), told, again=TRIED_AGAIN
    )
    firefox = Part("firefox", pytest(told, "firefox", FIREFOX), told, again=1)
    for part in (check, *computing, media, browsers):
        part.start()
    browsers.end()
    media.end()
    firefox.start()
    firefox.end()
    for part in (check, *computing):
        part.end()
    return verdict((check, *computing, media, browsers, firefox))


if __name__ == "__main__":
    os.chdir(Path(__file__).parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if main(Path(folder)) else 1)
