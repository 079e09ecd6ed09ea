"""A goal at a small size, as the test suite runs it."""

import asyncio
import json
import os
import sys
from typing import Any


async def run_goal(name: str, size: int, *, sabotage: bool = False) -> dict[str, Any]:
    """Its last line."""
    environment = os.environ | {"N": str(size), "SABOTAGE": "1" if sabotage else ""}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"tests.goals.{name}", env=environment, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    line: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return line
