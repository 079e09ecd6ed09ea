"""The kartu desa: what the chair sees of a place before its office speaks, and nothing that is closed."""

import asyncio
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path
from typing import Any

from server.access import Role
from tests.server.api.test_catatan import desks, taken
from tests.server.api.test_closed_notes import SPOKEN_AT
from tests.support.app import KEMIREN, PATIENCE_S, SARONGAN, running


async def rewritten(data: Path, note: dict[str, Any], **values: Any) -> None:
    """As other days and other people have left it."""

    def write() -> None:
        with closing(sqlite3.connect(data / "rembug.db", timeout=PATIENCE_S)) as database, database:
            places = ", ".join(f"{name} = ?" for name in values)
            database.execute(f"UPDATE catatan SET {places} WHERE id = ?", (*values.values(), note["id"]))

    # The server of this process may be in a transaction, and cannot end it while its loop stands.
    await asyncio.to_thread(write)


async def test_the_chair_sees_lists_outcomes_and_open_promises_of_one_place(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        notulis, _ = await desks(house)
        chair = await house.visit(Role.PIMPINAN)
        now = await taken(notulis, judul="Jembatan gantung", perkiraan_biaya=250_000_000)
        before = await taken(notulis, judul="Irigasi")
        await rewritten(
            tmp_path,
            before,
            tahun_rencana=now["tahun_rencana"] - 1,
            tahap="selesai",
            putusan="diakomodir",
            realisasi="dikerjakan",
        )
        late = await taken(
            notulis, jenis="keluhan", judul="Air keruh", tenggat="2020-01-31", penanggung_jawab="PDAM"
        )
        done = await taken(notulis, jenis="arahan", judul="Sudah beres")
        await rewritten(tmp_path, done, status_tindak_lanjut="selesai")
        await taken(
            notulis,
            judul="Desa lain",
            kode_wilayah=KEMIREN,
            instant={"spoken_at": 1_800_000_000_000, "seat_id": KEMIREN, "turn_id": None},
        )
        status, kartu = await chair.request("GET", f"api/kartu/{SARONGAN}")
        assert status == 200
        assert [(one["judul"], one["perkiraan_biaya"]) for one in kartu["usulan"]] == [
            ("Jembatan gantung", 250_000_000)
        ]
        assert [(one["judul"], one["putusan"], one["realisasi"]) for one in kartu["lalu"]] == [
            ("Irigasi", "diakomodir", "dikerjakan")
        ]
        assert [(one["id"], one["terlambat"], one["penanggung_jawab"]) for one in kartu["janji"]] == [
            (late["id"], True, "PDAM")
        ]
        assert kartu["tahun_rencana"] == now["tahun_rencana"]


async def test_who_sits_there_is_named_and_a_seat_without_a_place_has_no_lists(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        _, office = await desks(house)
        operator = await house.visit(Role.OPERATOR)
        socket = await office.connect()
        await socket.command(
            "register_peserta", peserta_id=str(uuid.uuid4()), nama="Suwarno", jabatan="Kepala Desa"
        )
        _, kartu = await operator.request("GET", f"api/kartu/{SARONGAN}")
        assert kartu["peserta"] == [{"nama": "Suwarno", "jabatan": "Kepala Desa"}]
        _, hall = await operator.request("GET", "api/kartu/aula")
        assert (hall["usulan"], hall["lalu"], hall["janji"]) == ([], [], [])
        assert (await operator.request("GET", "api/kartu/tidak-ada"))[0] == 404
        assert (await office.request("GET", f"api/kartu/{SARONGAN}"))[0] == 403


async def test_what_is_sealed_stands_on_no_card(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        notulis, chair = await house.visit(Role.NOTULIS), await house.visit(Role.PIMPINAN)
        spoken = {"spoken_at": SPOKEN_AT, "seat_id": SARONGAN, "turn_id": None}
        await taken(notulis, judul="Rahasia", instant=spoken)
        _, kartu = await chair.request("GET", f"api/kartu/{SARONGAN}")
        assert [one["judul"] for one in kartu["usulan"]] == ["Rahasia"]
        await operator.command(
            "seal_interval",
            seal_id=str(uuid.uuid4()),
            from_ms=SPOKEN_AT - 1_000,
            to_ms=SPOKEN_AT + 1_000,
            alasan="Ditarik",
        )
        _, kartu = await chair.request("GET", f"api/kartu/{SARONGAN}")
        assert kartu["usulan"] == []
