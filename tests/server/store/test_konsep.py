"""Drafts: the newest state of every open form, seen by its own link only."""

import json

import pytest
from sqlalchemy.exc import IntegrityError

from server.store.engine import Database
from server.store.erasure import forget_drafts
from server.store.grants import Grants, GrantSpec
from server.store.konsep import MOST_BYTES, Drafts, TooMany


async def test_a_draft_is_kept_replaced_listed_and_thrown_away(database: Database) -> None:
    grants, drafts = Grants(database), Drafts(database)
    mine = (await grants.mint(GrantSpec("notulis", "A"), at=1)).grant.public_id
    other = (await grants.mint(GrantSpec("notulis", "B"), at=1)).grant.public_id
    body = {"ucapan": "Jemb\u0000 \ud800 🌉", "instant": {"spoken_at": 1}, "volume": None}
    await drafts.put(mine, "k1", {"ucapan": "J"}, at=1)
    await drafts.put(mine, "k1", body, at=3)
    await drafts.put(mine, "k2", {}, at=2)
    await drafts.put(other, "k1", {"x": 1}, at=9)
    kept = await drafts.get(mine, "k1")
    assert kept is not None
    assert (kept.body, kept.updated_at) == (body, 3)
    assert [draft.id for draft in await drafts.list(mine)] == ["k1", "k2"]
    await drafts.delete(mine, "k1")
    await drafts.delete(mine, "k1")
    assert await drafts.get(mine, "k1") is None
    assert await drafts.get(other, "k1") is not None


async def test_a_draft_belongs_to_a_link(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await Drafts(database).put("nobody", "k1", {}, at=1)


NOTE = "8f0c1d6e-5a4b-4c3d-9e2f-1a0b9c8d7e6f"


async def test_drafts_that_name_an_erased_note_go_whatever_their_shape(database: Database) -> None:
    drafts = Drafts(database)
    mine = (await Grants(database).mint(GrantSpec("notulis", "A"), at=1)).grant.public_id
    gone: tuple[dict[str, object], ...] = (
        {"draft": {"edits": {"id": NOTE}}},
        {"draft": {"edits": NOTE}},
        {"draft": [{"lain": [NOTE]}]},
        {NOTE: None},
    )
    stay: tuple[dict[str, object], ...] = (
        {"draft": "x"},
        {"draft": None},
        {"draft": {"edits": ["x"]}},
        {"edits": [1]},
        {"draft": {"edits": {"id": NOTE[:-1]}}},
        {},
    )
    for number, body in enumerate((*gone, *stay)):
        await drafts.put(mine, f"k{number}", body, at=number)
    await drafts.put(mine, NOTE, {"draft": 7}, at=1)
    async with database.write() as connection:
        await forget_drafts(connection, ["%", "tidak-ada", NOTE])
    assert [json.loads(draft.body) for draft in reversed(await drafts.list(mine))] == list(stay)


async def test_all_drafts_of_a_link_have_a_bound_and_what_was_kept_stays(database: Database) -> None:
    grants, drafts = Grants(database), Drafts(database)
    mine = (await grants.mint(GrantSpec("notulis", "A"), at=1)).grant.public_id
    other = (await grants.mint(GrantSpec("notulis", "B"), at=1)).grant.public_id
    full = {"draft": "a" * (MOST_BYTES // 16 - 64)}
    for number in range(16):
        await drafts.put(mine, f"k{number}", full, at=number)
    longer = {"draft": "b" * (MOST_BYTES // 16 + 1024)}
    for konsep_id in ("k3", "baru"):
        with pytest.raises(TooMany):
            await drafts.put(mine, konsep_id, longer, at=99)
    assert [json.loads(draft.body) for draft in await drafts.list(mine)] == [full] * 16
    await drafts.put(other, "k3", longer, at=99)
    await drafts.delete(mine, "k0")
    await drafts.put(mine, "k3", longer, at=99)


async def test_a_link_has_so_many_drafts_and_no_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.store.konsep.MOST_DRAFTS", 2)
    drafts = Drafts(database)
    mine = (await Grants(database).mint(GrantSpec("notulis", "A"), at=1)).grant.public_id
    for konsep_id in ("k1", "k2", "k2"):
        await drafts.put(mine, konsep_id, {}, at=1)
    with pytest.raises(TooMany):
        await drafts.put(mine, "k3", {}, at=1)
    assert await drafts.get(mine, "k3") is None
