"""What may be the same is found and linked across sessions, and no other session's notes are read by it."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from server.access import Role
from server.planning.mirip import LINKED
from tests.server.api.test_closed_notes import SPOKEN_AT, note
from tests.support.api_house import program
from tests.support.app import House, Visitor, furnish, running

KONTAK = "0812 3456 7890"
SEALED, OPEN = "Tanah bengkok dijual lurah", "Jembatan gantung dusun krajan putus"


async def two_sessions(house: House) -> tuple[House, dict[str, str]]:
    """Another session on the same server, with a note of sealed seconds; ids of notes by what they are."""
    await house.opened()
    other = await furnish(house.app, house.plane, house.url, "Sesi lain")
    other.visitors = house.visitors
    operator = await (await other.visit(Role.OPERATOR)).connect()
    await operator.command("open_meeting")
    ids = {}
    for name, where, moment, words in (
        ("mine", house, SPOKEN_AT, "Listrik balai desa"),
        ("sealed", other, SPOKEN_AT, SEALED),
        ("open", other, SPOKEN_AT + 10_000, OPEN),
    ):
        body = note(moment, words) | {"judul": words, "kontak": KONTAK}
        ids[name] = body["id"]
        notulis = await where.visit(Role.NOTULIS)
        assert (await notulis.request("POST", "api/v1/catatan", json=body))[0] == 201
    sealed = {"from_ms": SPOKEN_AT - 1_000, "to_ms": SPOKEN_AT + 1_000, "alasan": "Ditarik"}
    await operator.command("seal_interval", seal_id=str(uuid.uuid4()), **sealed)
    return other, ids


async def likely(visitor: Visitor, teks: str) -> list[Any]:
    status, found = await visitor.request("GET", "api/v1/mirip", params={"teks": teks})
    assert status == 200
    return list(found["items"])


async def links(visitor: Visitor, note_id: str) -> list[Any]:
    _, told = await visitor.request("GET", f"api/v1/catatan/{note_id}")
    return [change["new"] for change in told["riwayat"] if change["field"] == LINKED]


async def test_R69_a_notulis_is_told_the_open_words_of_other_sessions_in_short(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        other, ids = await two_sessions(house)
        mine, theirs = await house.visit(Role.NOTULIS), await other.visit(Role.NOTULIS)
        (told,) = await likely(mine, OPEN)
        assert (told["id"], told["ucapan"]) == (ids["open"], OPEN)
        assert "kontak" not in told
        assert "riwayat" not in told
        assert await likely(mine, SEALED) == []
        assert [one["id"] for one in await likely(theirs, SEALED)] == [ids["sealed"]]


@pytest.mark.parametrize("same", [False, True])
async def test_a_notulis_links_from_notes_of_its_own_session(tmp_path: Path, same: bool) -> None:
    async with running(tmp_path) as house:
        _, ids = await two_sessions(house)
        notulis, panitia = await house.visit(Role.NOTULIS), await house.visit(Role.PANITIA)
        for foreign in (ids["sealed"], ids["open"]):
            link = {"lain": ids["mine"], "sama": same}
            answer = await notulis.request("POST", f"api/v1/catatan/{foreign}/tautan", json=link)
            assert (answer[0], answer[1]["code"]) == (404, "not_found")
            assert await links(panitia, foreign) == []
        link = {"lain": ids["open"], "sama": same}
        status, told = await notulis.request("POST", f"api/v1/catatan/{ids['mine']}/tautan", json=link)
        assert (status, told["id"], told["kontak"]) == (200, ids["mine"], KONTAK)
        assert OPEN not in str(told)
        assert await links(panitia, ids["open"]) == [ids["mine"]] * same
        everywhere = f"api/v1/catatan/{ids['open']}/tautan"
        assert (await panitia.request("POST", everywhere, json={"lain": ids["mine"]}))[0] == 200


async def test_a_key_of_one_session_links_within_it(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        _, ids = await two_sessions(house)
        key = await program(house, room_id=house.room_id)
        for one, lain in ((ids["mine"], ids["open"]), (ids["open"], ids["mine"])):
            assert (await key.request("POST", f"catatan/{one}/tautan", json={"lain": lain}))[0] == 404
