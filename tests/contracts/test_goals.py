"""Goals at a small size: what they count holds in every run; what they time is theirs."""

from tests.support.small import run_goal


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
