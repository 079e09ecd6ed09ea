"""Passwords are argon2id, away from the loop, and only so many at once."""

import asyncio

import pytest

from server.auth import passwords
from server.auth.passwords import Passwords, TooBusy


@pytest.fixture
def kept() -> Passwords:
    return Passwords()


async def test_only_the_right_one_matches(kept: Passwords) -> None:
    sandi = await kept.hash("empat kata yang panjang")
    assert sandi.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "kata" not in sandi
    assert sandi != await kept.hash("empat kata yang panjang")
    assert await kept.matches(sandi, "empat kata yang panjang")
    for wrong in ("", "Empat kata yang panjang", "empat kata yang panjang "):
        assert not await kept.matches(sandi, wrong)
    assert not await kept.matches("bukan hash", "x")
    kept.close()


async def test_nobody_has_no_password_and_costs_the_same_work(
    kept: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    def verify(kept: str, _: str) -> bool:
        verified.append(kept)
        return True

    monkeypatch.setattr(passwords, "_verify", verify)
    assert not await kept.matches(None, "nobody's")
    assert [one.partition(",t=2")[0] for one in verified] == ["$argon2id$v=19$m=19456"]
    kept.close()


async def test_more_than_enough_at_once_are_told_to_wait(kept: Passwords) -> None:
    most = passwords.AT_ONCE + passwords.MOST_WAITING
    done = await asyncio.gather(*(kept.hash("x" * 10) for _ in range(most + 5)), return_exceptions=True)
    assert sum(isinstance(one, TooBusy) for one in done) == 5
    assert sum(isinstance(one, str) for one in done) == most
    assert await kept.hash("x" * 10)
    kept.close()
