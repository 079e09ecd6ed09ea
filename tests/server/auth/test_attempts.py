"""Guessing is slow, and nobody is locked out by somebody else."""

import pytest

from server.auth import attempts
from server.auth.attempts import CODE, CODE_FIRST, CODE_HERE, KNOWN, NAME, NAME_HERE, Attempts


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def allowed(at: Attempts, times: int, name: str, address: str, known: str = "") -> int:
    return sum(at.may(name, address, known) for _ in range(times))


def test_one_who_guesses_from_one_place_is_soon_held_back_and_not_for_ever() -> None:
    clock = Clock()
    at = Attempts(clock)
    assert allowed(at, 50, "camat", "1.1.1.1") == NAME_HERE.at_once
    clock.now += NAME_HERE.every_s * 2
    assert allowed(at, 50, "camat", "1.1.1.1") == 2


def test_the_owners_browser_is_not_held_back_by_strangers() -> None:
    at = Attempts(Clock())
    strangers = [f"10.0.{n // 250}.{n % 250}" for n in range(200)]
    assert sum(allowed(at, 10, "camat", address) for address in strangers) == NAME.at_once
    assert not at.may("camat", "2.2.2.2", "")
    assert allowed(at, 50, "camat", "2.2.2.2", "browser") == KNOWN.at_once
    assert at.may("bupati", "2.2.2.2", "")


def test_what_is_refused_for_one_name_does_not_use_up_an_offices_address() -> None:
    at = Attempts(Clock())
    allowed(at, 1_000, "camat", "1.1.1.1")
    assert at.may("sekcam", "1.1.1.1", "")


def test_a_neighbour_of_the_same_ipv6_line_is_no_other_address() -> None:
    at = Attempts(Clock())
    assert sum(at.may("camat", f"2001:db8::{n:x}", "") for n in range(50)) == NAME_HERE.at_once
    assert at.may("camat", "2001:db8:0:1::1", "")


def wrong(at: Attempts, address: str, times: int = 1) -> int:
    """How many of so many wrong codes were looked at."""
    return sum(at.code(address) is not None for _ in range(times))


def right(at: Attempts, address: str) -> bool:
    attempt = at.code(address)
    if attempt is not None:
        attempt.right()
    return attempt is not None


def strangers(at: Attempts) -> int:
    """What 400 networks of as many regions get looked at, each as much as it may."""
    looked_at = 0
    for n in range(400):
        while at.code(f"{n % 90 + 10}.{n // 90}.0.1") is not None:
            looked_at += 1
    return looked_at


def test_wrong_codes_are_few_for_each_network_and_right_ones_do_not_count() -> None:
    at = Attempts(Clock())
    assert all(right(at, "1.1.1.1") for _ in range(200))
    assert wrong(at, "1.1.1.1", 21) == CODE_HERE.at_once
    assert not right(at, "1.1.1.1")
    assert right(at, "1.1.1.2")
    # A neighbour of the same /64 is the same line.
    assert sum(wrong(at, f"2001:db8::{n:x}") for n in range(1, 22)) == CODE_HERE.at_once
    assert right(at, "2001:db8:0:1::1")


@pytest.fixture
def besieged(monkeypatch: pytest.MonkeyPatch) -> tuple[Attempts, Clock]:
    """Strangers have guessed all that they may; an office had come in before from 203.0.113.7."""
    monkeypatch.setattr(attempts, "token_bytes", bytes)
    clock = Clock()
    at = Attempts(clock)
    assert right(at, "203.0.113.7")
    assert strangers(at) == CODE.at_once + 350 * CODE_FIRST[0].at_once, (
        "50 networks have used up what all share"
    )
    return at, clock


def test_wrong_codes_from_everywhere_have_a_bound(besieged: tuple[Attempts, Clock]) -> None:
    at, clock = besieged
    assert strangers(at) == 0
    clock.now += 600
    # 30 networks take what all share; the other 20 of those that had it before have their first ones left.
    assert strangers(at) == 600 / CODE.every_s + 20 * CODE_FIRST[0].at_once


def test_offices_come_in_while_strangers_guess(besieged: tuple[Attempts, Clock]) -> None:
    at, _ = besieged
    assert all(right(at, "203.0.113.7") for _ in range(100)), "who was right before"
    assert wrong(at, "203.0.113.7", 50) == CODE_HERE.at_once, "and who is there may not guess the more"
    assert right(at, "198.51.100.1"), "who comes for the first time"
    assert right(at, "2001:db8::1")
    assert wrong(at, "192.0.2.1", 50) == CODE_FIRST[0].at_once, "not more than a few slips"


def test_whoever_guesses_holds_back_the_own_neighbourhood_only(besieged: tuple[Attempts, Clock]) -> None:
    at, _ = besieged
    tried = sum(wrong(at, f"2001:db8:7:{n:x}::1", 3) for n in range(200))
    assert tried == CODE_FIRST[1].at_once, "a /48 is 65,536 lines, and one of somebody's"
    assert right(at, "2001:db8:8::1")
    more = sum(wrong(at, f"2001:db8:{n:x}::1", 3) for n in range(0x100, 0x180))
    assert more == CODE_FIRST[2].at_once - CODE_FIRST[1].at_once
    assert right(at, "2001:db9::1")


def test_nobody_is_rid_of_a_pace_by_wearing_out_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "token_bytes", bytes)
    at = Attempts(Clock())
    wrong(at, "1.1.1.1", 30)
    allowed(at, 10, "camat", "1.1.1.1")
    for n in range(12_000):
        at.may(f"nama{n}", f"10.{n % 250}.{n // 250}.1", "")
    assert wrong(at, "1.1.1.1") == 0
    assert not at.may("camat", "1.1.1.1", "")


def test_the_networks_of_right_codes_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_KNOWN", 50)
    at = Attempts(Clock())
    assert all(right(at, f"10.0.0.{n}") for n in range(100))
    assert list(at._right_before) == [f"a0000{n:02x}/32" for n in range(50, 100)]
