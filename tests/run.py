"""``python -m tests.run``: the static checks and every test, side by side, and what came of them at the end.

What browsers do and wait for, and what the media plane does and waits for, have a process each; what
computes, and what serves and keeps records, runs at a low priority in the moments that those leave free, so
that the whole takes little longer than the browsers do. Firefox encodes with the processor and speaks in real
time: it comes when only the low ones are left.

A browser that encodes and decodes in real time beside all this can meet a machine that stands still for
seconds. So a few failed tests of browsers and of media are tried once more, alone, when everything else is
over. What then passes is not red, but stands in the last lines with its first reason: it is a fault to be
mended, of the test or of the product. What computes, serves or keeps records passes at once or not at all.
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
MEDIA = ("tests/rooms/media", "tests/rooms/gladi")
LOW = {
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
"""The folders of each part at a low priority; what stands nowhere here is in one more, ``rest``."""
NICE = 10
"""Of those: a second's work may take a minute there, hence their longer ``--timeout``."""
TRIED_AGAIN = 3
"""Failed tests of one part at most; more of them are no accident."""
FOLLOWED_S = 0.5
WIDE = "160"
"""Columns, so that a reason stands on its line whole."""
CLOSING = re.compile(r"=+ (.+) in [0-9.]+s.* =+")
"""Pytest's last line."""
LEAK = "PytestUnraisable"
"""What another test left behind: alone, the one that noticed it passes."""


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
        nice = ["nice", "-n", str(NICE)] if self.aside else []
        # Options from outside could end a part early, and what never ran has not failed.
        own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*nice, *self.command],
                stdout=output,
                stderr=subprocess.STDOUT,
                env=own | {"COLUMNS": WIDE},
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
    def closing(self) -> str:
        """``1 failed, 61 passed``: of a pytest that came to its end and then said no more; else empty."""
        last = CLOSING.fullmatch(self.text.rstrip().rpartition("\n")[2])
        return last[1] if last else ""

    @property
    def reasons(self) -> list[str]:
        """The lines of pytest's summary that name what failed and why."""
        _, found, summary = self.text.rpartition(" short test summary info ")
        return [line for line in summary.splitlines() if found and re.match(r"(FAILED|ERROR) ", line)]

    def failures(self) -> list[str]:
        """Names of the tests that failed, as pytest keeps them for its ``--last-failed``; none where anything
        else went wrong too."""
        kept = cache(self.told, self.name) / "v" / "cache" / "lastfailed"
        if not kept.exists() or LEAK in "".join(self.reasons):
            return []
        names = sorted(json.loads(kept.read_text()))
        return names if re.match(rf"{len(names)} failed\b(?!.*\berror)", self.closing) else []

    def passed_all(self, tests: int) -> bool:
        """So many, and none left out."""
        return not self.failed and self.closing == f"{tests} passed"


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
        lines.append(f"  {part.name}: {part.closing or ('FAILED' if part.failed else 'nothing found')}")
        if not part.failed:
            continue
        lines += [f"    {reason}" for reason in part.reasons]
        second = tried_again(part)
        if second is not None and second.passed_all(len(part.failures())):
            lines.append("    PASSED ALONE, hence not red; a fault to be mended all the same.")
            continue
        well = False
        if second is not None:
            lines += [f"    alone: {second.closing}", *(f"    {reason}" for reason in second.reasons)]
    print("\n".join(lines), flush=True)
    return well


def main(told: Path) -> bool:
    listed = (BROWSERS, *MEDIA, *(folder for some in LOW.values() for folder in some))
    rest = ("tests", *(f"--ignore={folder}" for folder in listed))
    low = [
        Part(name, pytest(told, name, "--timeout", "1200", *which), told, aside=True)
        for name, which in (LOW | {"rest": rest}).items()
    ]
    check = Part("check", ["make", "--no-print-directory", "check"], told, aside=True)
    media = Part("media", pytest(told, "media", *MEDIA), told, again=TRIED_AGAIN)
    but_firefox = (BROWSERS, f"--ignore={FIREFOX}")
    browsers = Part("browsers", pytest(told, "browsers", *but_firefox), told, again=TRIED_AGAIN)
    firefox = Part("firefox", pytest(told, "firefox", FIREFOX), told, again=1)
    for part in (check, *low, media, browsers):
        part.start()
    browsers.end()
    media.end()
    firefox.start()
    firefox.end()
    for part in (check, *low):
        part.end()
    return verdict((check, *low, media, browsers, firefox))


if __name__ == "__main__":
    os.chdir(Path(__file__).parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(0 if main(Path(folder)) else 1)
