"""What every goal prints at its end: one line of JSON."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def size(default: int) -> int:
    """``N=..`` of the command line."""
    return int(os.environ.get("N") or default)


def sabotaged() -> bool:
    """``SABOTAGE=1``: run with the thing broken that the goal is there to notice."""
    return os.environ.get("SABOTAGE", "") not in ("", "0")


@contextmanager
def broken(folder: Path, code: str) -> Iterator[None]:
    """When sabotaged, every Python that is started meanwhile runs ``code`` first, out of ``folder``."""
    if not sabotaged():
        yield
        return
    before = os.environ.get("PYTHONPATH", "")
    (folder / "sitecustomize.py").write_text(code)
    os.environ["PYTHONPATH"] = os.pathsep.join((str(folder), before))
    try:
        yield
    finally:
        os.environ["PYTHONPATH"] = before


def report(
    goal: str,
    figures: Mapping[str, float],
    targets: Mapping[str, float],
    *,
    at_least: Mapping[str, float] | None = None,
    compared_with: str,
) -> int:
    """Print the line and return the exit status: 0 when no figure is above its target, or below its least."""
    floors = at_least or {}
    ok = all(figures[name] <= bound for name, bound in targets.items())
    ok = ok and all(figures[name] >= bound for name, bound in floors.items())
    line = {
        "goal": goal,
        "ok": ok,
        "figures": {name: round(value, 3) for name, value in figures.items()},
        "targets": {**targets, **floors},
        "compared_with": compared_with,
    }
    print(json.dumps(line))
    return 0 if ok else 1
