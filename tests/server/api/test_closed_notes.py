"""R69: words that were spoken in a sealed interval are read by the notulis and the Panitia alone."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from server.access import READERS, Role
from tests.support.app import KEMIREN, PANITIA_IN_SESSION, House, Visitor, running

SPOKEN_AT = 1_000_000
WHO = {Role.PANITIA: PANITIA_IN_SESSION, Role.DESA: KEMIREN}
MAY_READ = {Role.NOTULIS, Role.PANITIA}


def note(spoken_at: int, ucapan: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": ucapan,
        "judul": f"Judul {ucapan}",
        "kode_wilayah": KEMIREN,
        "instant": {"spoken_at": spoken_at, "seat_id": KEMIREN, "turn_id": None},
    }


async def noted(house: House) -> tuple[str, str]:
    """A note of the sealed seconds, changed once, and one besides; their ids."""
    operator = (await house.opened()).sockets[0]
    notulis = await house.visit(Role.NOTULIS)
    inside, outside = note(SPOKEN_AT, "Rahasia"), note(SPOKEN_AT + 10_000, "Jembatan")
    for body in (inside, outside):
        assert (await notulis.request("POST", "api/v1/catatan", json=body))[0] == 201
    change = {"version": 1, "masalah": "Rahasia juga"}
    assert (await notulis.request("PATCH", f"api/v1/catatan/{inside['id']}", json=change))[0] == 200
    await operator.command(
        "seal_interval",
        seal_id=str(uuid.uuid4()),
        from_ms=SPOKEN_AT - 1_000,
        to_ms=SPOKEN_AT + 1_000,
        alasan="Ditarik",
    )
    return str(inside["id"]), str(outside["id"])


async def everything(visitor: Visitor, note_id: str) -> str:
    """All that tells of notes, as one text."""
    paths = ("api/v1/catatan", f"api/v1/catatan/{note_id}", "api/catatan.csv", "api/timeline")
    return "".join([str((await visitor.request("GET", path))[1]) for path in paths])


@pytest.mark.parametrize("role", sorted(READERS))
async def test_R69_words_are_closed_to_all_but_who_wrote_them_down(tmp_path: Path, role: Role) -> None:
    async with running(tmp_path) as house:
        inside, outside = await noted(house)
        visitor = await house.visit(WHO.get(role, role))
        seen = await everything(visitor, inside)
        assert ("Rahasia" in seen) is (role in MAY_READ)
        assert "Jembatan" in seen
        _, listed = await visitor.request("GET", "api/v1/catatan")
        closed = {item["id"]: item["tertutup"] for item in listed["items"]}
        assert closed == {inside: role not in MAY_READ, outside: False}
        _, found = await visitor.request("GET", "api/v1/catatan?q=rahasia")
        assert found["total"] == len(found["items"]) == int(role in MAY_READ)


@pytest.mark.parametrize("who", [Role.DESA, Role.OPERATOR, Role.CAMAT, Role.NOTULIS])
async def test_R69_closed_words_are_not_spelt_out_by_counting(tmp_path: Path, who: Role) -> None:
    """A word of closed notes, its beginning, and a word that nobody said look the same to them."""
    async with running(tmp_path) as house:
        inside, _ = await noted(house)
        account = who is Role.CAMAT
        visitor = await house.account(who, KEMIREN[:8]) if account else await house.visit(WHO.get(who, who))
        seen = []
        for word in ("rahasia", "rahas", "takterucap"):
            answers = []
            for rest in ("", "&batas=1", "&dari=0.x", f"&dari=1.{inside}", "&jenis=usulan"):
                status, page = await visitor.request("GET", f"api/v1/catatan?q={word}{rest}")
                assert status == 200
                answers.append((len(page["items"]), page["next"], page["total"], page["lebih"]))
            if who in (Role.DESA, Role.CAMAT):
                for path in (f"usulan?q={word}", f"pekerjaan?tahap=catatan_langsung&q={word}"):
                    status, text = await visitor.request("GET", path)
                    assert status == 200
                    answers.append(text.partition("<main")[2].partition("</main>")[0].replace(word, ""))
            seen.append(answers)
        assert (seen[0] == seen[1] == seen[2]) is (who not in MAY_READ)
        _, found = await visitor.request("GET", "api/v1/catatan?q=jemb")
        assert (len(found["items"]), found["total"]) == (1, 1)


async def test_R69_what_is_unsealed_is_found_again(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        notulis, seal_id = await house.visit(Role.NOTULIS), str(uuid.uuid4())
        assert (await notulis.request("POST", "api/v1/catatan", json=note(SPOKEN_AT, "Rahasia")))[0] == 201
        office, totals = await house.visit(KEMIREN), []
        seal = {"seal_id": seal_id, "from_ms": SPOKEN_AT, "to_ms": SPOKEN_AT + 1, "alasan": "Ditarik"}
        for command, fields in (("seal_interval", seal), ("unseal_interval", {"seal_id": seal_id})):
            await operator.command(command, **fields)
            totals.append((await office.request("GET", "api/v1/catatan?q=rahasia"))[1]["total"])
        assert totals == [0, 1]


async def test_R69_a_server_that_forgets_the_seals_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.notes_access.spoken_in", lambda note, sealed: False)
    async with running(tmp_path) as house:
        inside, _ = await noted(house)
        assert "Rahasia" in await everything(await house.visit(Role.REPLAY), inside)
