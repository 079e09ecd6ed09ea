"""Goals at a small size: what they count holds in every run; what they time is theirs."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from tests.support.small import last_line, run_goal, start_goal


async def test_a_few_meetings_are_fair() -> None:
    figures = (await run_goal("floor", 3))["figures"]
    assert (figures["violations"], figures["starved"]) == (0, 0)
    assert figures["unfairness_over_bound"] <= 1


async def test_a_biased_order_is_noticed() -> None:
    assert (await run_goal("floor", 2, sabotage=True))["ok"] is False


async def test_opening_reads_no_more_after_a_longer_history() -> None:
    figures = (await run_goal("fold", 3_000))["figures"]
    assert figures["rows_read"] == 300


async def test_each_submission_is_kept_once_over_a_bad_line() -> None:
    assert (await run_goal("once", 40))["ok"] is True
    assert (await run_goal("once", 40, sabotage=True))["ok"] is False


async def test_a_goal_that_raises_ends_with_its_line() -> None:
    line = await run_goal("floor", "no number")
    assert (line["goal"], line["ok"]) == ("floor", False)
    assert "ValueError" in line["reason"]


@pytest.mark.parametrize("killed", [True, False])
async def test_a_goal_that_is_ended_from_outside_ends_with_its_line(killed: bool) -> None:
    goal = await start_goal("floor", 10**6)
    for _ in range(6000):
        if children_of(goal.pid):
            break
        await asyncio.sleep(0.01)
    if killed:
        os.kill(children_of(goal.pid)[0], signal.SIGKILL)
    else:
        goal.send_signal(signal.SIGTERM)
    line = await last_line(goal)
    assert (line["goal"], line["ok"]) == ("floor", False)
    assert line["reason"].startswith("ended by SIGKILL" if killed else "ended by SIGTERM")
    assert goal.returncode != 0


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
