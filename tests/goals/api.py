"""``make goal-api [N=100]``: the API against its own document, N examples of each operation and kind of data.

Figures: ``failures``, operations that answered with a 5xx, a status that the document lacks or an answer that
does not fit its schema; ``unreached``, operations that never did what they are for; ``asked``, requests.
``SABOTAGE=1`` lets a handler fail on one of its filters and must end with ``ok: false``.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from server.api import sesi
from tests.support.api_house import examined
from tests.support.app import running
from tests.support.goal import report, sabotaged, size


async def main(examples: int, folder: Path) -> int:
    if sabotaged():
        setattr(sesi, "_part", None)  # noqa: B010
    async with running(folder) as house:
        found = await examined(house, examples)
    for name, statuses in found.statuses.items():
        sys.stdout.write(f"{name:32} {dict(sorted(statuses.items()))}\n")
    for failure in found.failures:
        sys.stdout.write(f"{failure}\n")
    figures = {
        "failures": float(len(found.failures)),
        "unreached": float(len(found.unreached)),
        "asked": float(found.asked),
    }
    return report("api", figures, {"failures": 0, "unreached": 0}, compared_with="the document it serves")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="api") as directory:
        sys.exit(asyncio.run(main(size(100), Path(directory))))
