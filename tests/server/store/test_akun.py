"""Accounts on both databases: a name once, a link once, browsers that can be signed out."""

import asyncio

import pytest

from server.store.akun import LINK_MS, SEEN_EVERY_MS, SESSION_MS, Accounts, Akun, AkunSpec, NameTaken
from server.store.engine import Database

SPEC = AkunSpec("camat.licin", "Budi", "Camat Licin", "camat", "35.10.24")


async def made(accounts: Accounts) -> Akun:
    akun, token = await accounts.create(SPEC, by="Panitia", at=0)
    assert await accounts.set_password(token, "hash", at=1) is not None
    return akun


async def test_a_name_is_had_once(database: Database) -> None:
    accounts = Accounts(database)
    both = [accounts.create(SPEC, by="P", at=0) for _ in range(2)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(one, NameTaken) for one in done) == 1
    assert [akun.spec for akun in await accounts.all()] == [SPEC]
    with pytest.raises(NameTaken):
        await accounts.create(SPEC, by="P", at=0)


async def test_a_link_sets_a_password_once_and_for_a_while(database: Database) -> None:
    accounts = Accounts(database)
    akun, first = await accounts.create(SPEC, by="P", at=0)
    assert await accounts.named("camat.licin") == (akun, None)
    second = await accounts.link(akun.id, by="P", at=5)
    assert second is not None
    assert await accounts.of_link(first, at=6) is None
    assert await accounts.of_link(second, at=5 + LINK_MS) is None
    assert await accounts.of_link("tidak", at=6) is None
    at_once = [accounts.set_password(second, f"hash{n}", at=6) for n in range(2)]
    done = await asyncio.gather(*at_once)
    assert sum(one is not None for one in done) == 1
    found = await accounts.named("camat.licin")
    assert found is not None
    assert found[1] in ("hash0", "hash1")
    assert await accounts.set_password(second, "lain", at=7) is None
    assert await accounts.link("tidak", by="P", at=1) is None


async def test_browsers_are_listed_and_signed_out(database: Database) -> None:
    accounts = Accounts(database)
    akun = await made(accounts)
    here = await accounts.sign_in(akun.id, "Chrome, Windows", at=10)
    there = await accounts.sign_in(akun.id, "Firefox, Linux", at=20)
    assert [one.id for one in await accounts.browsers(akun.id, at=20)] == [there, here]
    assert (await accounts.signed_in(here, at=10 + SEEN_EVERY_MS)) is not None
    browsers = await accounts.browsers(akun.id, at=20)
    assert [(one.id, one.seen_at) for one in browsers] == [(here, 10 + SEEN_EVERY_MS), (there, 20)]
    assert not await accounts.sign_out("orang lain", there, at=30)
    assert await accounts.sign_out(akun.id, there, at=30)
    assert not await accounts.sign_out(akun.id, there, at=30)
    assert await accounts.signed_in(there, at=31) is None
    assert await accounts.signed_in(here, at=10 + SESSION_MS) is None
    assert await accounts.signed_in("tidak", at=1) is None


async def test_a_new_password_and_a_closed_account_sign_everybody_out(database: Database) -> None:
    accounts = Accounts(database)
    akun = await made(accounts)
    browser = await accounts.sign_in(akun.id, "", at=10)
    token = await accounts.link(akun.id, by="P", at=11)
    assert await accounts.signed_in(browser, at=12) is not None
    assert await accounts.set_password(token or "", "hash2", at=13) is not None
    assert await accounts.signed_in(browser, at=14) is None
    browser, open_link = (
        await accounts.sign_in(akun.id, "", at=15),
        await accounts.link(akun.id, by="P", at=15),
    )
    assert await accounts.close(akun.id, at=16)
    assert not await accounts.close(akun.id, at=16)
    assert await accounts.signed_in(browser, at=17) is None
    assert await accounts.named("camat.licin") is None
    assert await accounts.of_link(open_link or "", at=17) is None
    assert await accounts.set_password(open_link or "", "x", at=17) is None
    assert await accounts.reopen(akun.id)
    found = await accounts.named("camat.licin")
    assert found is not None
    assert found[1] is None
