"""What goal-switch counts as a freeze, and whose it says that it was."""

from tests.support.freezes import Came, Shown, stills

EVERY_MS = 50.0


def office(count: int, *, silent_at: int = -1, silent_ms: float = 0.0, late_ms: float = 0.0) -> list[Came]:
    """Frames as the server passes them on; after ``silent_at`` of them a pause, or late."""
    return [
        Came(
            at * EVERY_MS + (silent_ms + late_ms if at > silent_at >= 0 else 0.0),
            round(90 * (at * EVERY_MS + (silent_ms if at > silent_at >= 0 else 0.0))),
        )
        for at in range(count)
    ]


def browser(came: list[Came], *, less: range = range(0)) -> list[Shown]:
    """Shows what comes, but for some that it is not sent."""
    got = [one for at, one in enumerate(came) if at not in less]
    return [Shown(one.came_ms + 10, one.came_ms, number) for number, one in enumerate(got)]


def test_an_even_picture_stands_never_still_and_a_hitch_is_none() -> None:
    came = office(60, silent_at=30, silent_ms=100)
    assert stills(browser(came), came, {}) == []


def test_what_an_office_left_out_is_its_own() -> None:
    came = office(60, silent_at=30, silent_ms=400)
    (still,) = stills(browser(came), came, {})
    assert (still.lasted_ms, still.left_out_ms, still.ours) == (450, 400, False)


def test_what_the_server_held_back_is_ours() -> None:
    came = office(60, silent_at=30, late_ms=400)
    assert [still.ours for still in stills(browser(came), came, {})] == [True]
    # So is what it sent to others and not to this browser, whether or not somebody was called meanwhile.
    came = office(120)
    for called_at in ({}, {2_000.0: 1_990.0}):
        (still,) = stills(browser(came, less=range(30, 90)), came, called_at)
        assert (still.lasted_ms, still.ours) == (3_050, True)


def test_after_a_call_the_wait_is_ours_and_what_was_due_before_it_is_not() -> None:
    came = office(60, silent_at=30, silent_ms=400)
    first = came[31].came_ms
    at_once, late = {first: came[30].came_ms + 1}, {first: came[30].came_ms + 400}
    assert [still.ours for still in stills(browser(came), came, at_once)] == [True]
    assert [still.ours for still in stills(browser(came), came, late)] == [False]
