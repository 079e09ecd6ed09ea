"""Notes that may be the same: found by their wording, linked without changing them."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from server.planning import mirip as module
from server.planning.errors import NotFound
from server.planning.mirip import LINKED, Mirip
from server.store import search
from server.store.engine import Connection, Database
from tests.server.planning.conftest import LICIN, PAKIS, Desk, note

BRIDGE = "Perbaikan jembatan gantung Dusun Krajan yang putus"


async def titles(desk: Desk, teks: str, own: str | None = None) -> list[str]:
    found = await Mirip(desk.database).like(teks, own=own)
    return [one.note.judul for one in found]


async def three(desk: Desk) -> None:
    for judul in (BRIDGE, "Posyandu lansia di balai dusun", "Pengaspalan jalan poros menuju pasar desa"):
        await desk.take(note(judul=judul, ucapan=""))


@pytest.mark.parametrize(
    "typed",
    [
        BRIDGE,
        "jembatan gantung krajan putus, mohon perbaikan",
        "Rehab jembatan gantung di dusun krajan",
        "PERBAIKAN JEMBTAN GANTUNG KRAJAN",
        "Jembatan gantung yang putus",
    ],
)
async def test_other_wording_of_one_wish_is_told(desk: Desk, typed: str) -> None:
    await three(desk)
    assert await titles(desk, typed) == [BRIDGE]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "%%% '\"*(",
        "jembatan",
        "Bantuan bibit kopi untuk kelompok tani",
        "Jembatan timbang kendaraan di terminal pasar hewan kabupaten",
        "Sumur bor untuk warga dusun krajan",
    ],
)
async def test_another_wish_is_not(desk: Desk, typed: str) -> None:
    await three(desk)
    assert await titles(desk, typed) == []


async def test_the_same_desa_comes_first_and_the_note_itself_is_not_told(desk: Desk) -> None:
    here = await desk.take(note(judul=BRIDGE, ucapan=""))
    there = await desk.take(
        note(judul=BRIDGE, ucapan="", kode_wilayah=PAKIS, instant={"spoken_at": 1, "seat_id": "pakis"})
    )
    mirip = Mirip(desk.database)
    for kode, first in ((LICIN, here), (PAKIS, there)):
        found = await mirip.like(f"{BRIDGE} lagi", kode_wilayah=kode)
        assert [k.note.id for k in found[:1]] == [first.id]
    assert [k.note.id for k in await mirip.like(BRIDGE, besides={here.id})] == [there.id]
    assert [k.note.id for k in await mirip.like(BRIDGE, own=LICIN)] == [here.id]


async def test_long_texts_are_compared_by_their_beginning_beside_the_loop_and_the_database(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One sign of the last text stands for eighteen letters
    taken = await desk.take(
        note(judul=BRIDGE, ucapan=f"{BRIDGE} {'jembatan ' * 400}", gagasan="\ufdfa" * 4000)
    )
    open_now, compared = 0, []
    read, alike = Database.read, module._alike

    @asynccontextmanager
    async def counted(database: Database) -> AsyncIterator[Connection]:
        nonlocal open_now
        open_now += 1
        async with read(database) as connection:
            yield connection
        open_now -= 1

    def seen(one: str, other: str) -> float:
        compared.append((max(len(one), len(other)), threading.current_thread(), open_now))
        return alike(one, other)

    monkeypatch.setattr(Database, "read", counted)
    monkeypatch.setattr(module, "_alike", seen)
    found = await Mirip(desk.database).like(f"{BRIDGE} {'lagi ' * 700}")
    assert [one.note.id for one in found] == [taken.id]
    assert len(compared) == 3
    for length, thread, connections in compared:
        assert length <= search.COMPARED_SIGNS
        assert thread is not threading.main_thread()
        assert connections == 0


async def test_a_link_leaves_both_notes_and_is_told_in_both_histories(desk: Desk) -> None:
    one, other = await desk.take(note(judul=BRIDGE)), await desk.take(note(judul="Jembatan Krajan"))
    mirip = Mirip(desk.database)
    for _ in range(2):
        await mirip.link(one.id, other.id, by="Meja Notulis", at=7)
        await mirip.link(other.id, one.id, by="Meja Notulis", at=8)
    for note_id, counterpart in ((one.id, other.id), (other.id, one.id)):
        seen = await desk.book.get(note_id)
        assert [(c.at, c.old, c.new) for c in seen.riwayat or () if c.field == LINKED] == [
            (7, "", counterpart)
        ]
        assert [n.id for n in await mirip.linked_with(note_id)] == [counterpart]
        assert seen.version == 1
    await mirip.link(other.id, one.id, by="Panitia", at=9, linked=False)
    assert await mirip.linked_with(one.id) == []
    assert [c.old for c in (await desk.book.get(one.id)).riwayat or () if c.field == LINKED][-1] == other.id
    for wrong in ("tidak-ada", one.id):
        with pytest.raises(NotFound):
            await mirip.link(one.id, wrong, by="N", at=1)
