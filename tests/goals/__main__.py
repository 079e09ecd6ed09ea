"""``python -m tests.goals NAME``: runs a goal and sees to it that its last line is JSON, whatever happens.

A goal that raises, is killed, or is told to end (SIGTERM, as by ``timeout``) prints no line of its own; then
this process does, with ``ok: false`` and the reason. Nothing of a goal runs in here.
"""

import asyncio
import json
import signal
import sys
from typing import BinaryIO

PATIENCE_S = 5.0
"""For a goal that was told to end; who sent SIGTERM may soon send SIGKILL."""


async def run(name: str) -> int:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    goal = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.goals.{name}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert goal.stdout is not None
    assert goal.stderr is not None
    printed = asyncio.create_task(last_of(goal.stdout, sys.stdout.buffer))
    said = asyncio.create_task(last_of(goal.stderr, sys.stderr.buffer))
    told, done = asyncio.create_task(ended.wait()), asyncio.create_task(goal.wait())
    await asyncio.wait((told, done), return_when=asyncio.FIRST_COMPLETED)
    if goal.returncode is None:
        # As by Ctrl-C: what it has begun it ends.
        goal.send_signal(signal.SIGINT)
        await asyncio.wait((done,), timeout=PATIENCE_S)
        if goal.returncode is None:
            goal.kill()
    status = await done
    # What a goal has left behind may hold the pipes open.
    await asyncio.wait((printed, said), timeout=1.0)
    if printed.done() and is_report(printed.result()):
        return status
    reason = "ended by SIGTERM" if ended.is_set() else ended_by(status)
    if said.done() and said.result():
        reason += ": " + said.result().decode(errors="replace")
    sys.stdout.write(json.dumps({"goal": name, "ok": False, "reason": reason}) + "\n")
    return status or 1


async def last_of(stream: asyncio.StreamReader, to: BinaryIO) -> bytes:
    """The last line that is not empty; all go through as they come."""
    last = b""
    while line := await stream.readline():
        to.write(line)
        to.flush()
        last = line.strip() or last
    return last


def is_report(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line)["ok"], bool)
    except (ValueError, TypeError, LookupError):
        return False


def ended_by(status: int) -> str:
    return f"ended by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


if __name__ == "__main__":
    sys.exit(asyncio.run(run(sys.argv[1])))
