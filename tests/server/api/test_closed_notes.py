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


async def test_R69_a_server_that_forgets_the_seals_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.notes_access.spoken_in", lambda note, sealed: False)
    async with running(tmp_path) as house:
        inside, _ = await noted(house)
        assert "Rahasia" in await everything(await house.visit(Role.REPLAY), inside)
