"""A goal at a small size, as the test suite runs it."""

import asyncio
import json
import os
import sys
from typing import Any


async def run_goal(name: str, size: object, *, sabotage: bool = False) -> dict[str, Any]:
    """Its last line."""
    return await last_line(await start_goal(name, size, sabotage=sabotage))


async def start_goal(name: str, size: object, *, sabotage: bool = False) -> asyncio.subprocess.Process:
    environment = os.environ | {"N": str(size), "SABOTAGE": "1" if sabotage else ""}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.goals", name, env=environment, stdout=asyncio.subprocess.PIPE
    )


async def last_line(goal: asyncio.subprocess.Process) -> dict[str, Any]:
    printed, _ = await goal.communicate()
    line: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return line
