"""The revisions and the metadata say the same, and running them twice is harmless."""

import asyncio

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text

from rooms.ids import RoomId
from rooms.meeting.vocabulary import MeetingSettings
from server.planning.notebook import Notebook
from server.store.catatan import Filter
from server.store.engine import Database
from server.store.migrations import migrate
from server.store.sessions import Sessions
from server.store.tables import metadata

V0_1_0 = "0002"
"""The revision of the release of this name."""
OLD_ROOM = (
    "INSERT INTO rooms (room_id, title, tanggal, jenis_sesi, tahun_rencana, status, created_at)"
    " VALUES ('pleno', 'Musrenbang', '2026-01-15', 'musrenbangdes', 2027, 'disiapkan', 0)"
)
OLD_SEAT = (
    "INSERT INTO seats (room_id, seat_id, place, kind, label, kode_wilayah)"
    " VALUES ('pleno', 'aula', 0, 'aula', 'Aula', '')"
)


OF_ONE_DATABASE = ("cari", "ix_pencarian_teks")
"""Search indexes that metadata cannot say for both databases."""
OLD_NOTE = (
    "INSERT INTO catatan (id, room_id, body_hash, jenis, tahun_rencana, kode_wilayah, ucapan, judul, masalah,"
    " gagasan, bidang, sub_bidang, dusun, alamat, satuan, sumber_dana, opd_tujuan, pengusul_nama,"
    " pengusul_jabatan, kanal, tahap, putusan, penanggung_jawab, status_tindak_lanjut, version, created_at,"
    " created_by) VALUES ('n1', 'pleno', :digest, 'usulan', 2027, '35.10.24.2008', 'Jembatan gantung rusak',"
    " '', '', '', '2', '2.3', '', '', '', '', '', '', '', 'langsung', 'draf', 'menunggu', '', '', 1, 5, 'N')"
)


OLD_MENTION = (
    "INSERT INTO penyebutan (id, catatan_id, room_id, turn_id, seat_id, spoken_at, until_at, spoken,"
    " created_at, created_by) VALUES ('m1', 'n1', 'pleno', NULL, 'aula', 4, NULL, :said, 5, 'N')"
)
OLD_CHANGE = (
    'INSERT INTO riwayat_usulan (catatan_id, at, "by", field, old, new, note)'
    " VALUES ('n1', 5, 'N', 'judul', '', 'Jembatan', '')"
)
OLD_PHOTO = (
    'INSERT INTO foto (id, catatan_id, berkas, kecil, "by", dihapus_by, at)'
    " VALUES ('f1', 'n1', 'a.jpg', 'b.jpg', 'N', '', 6)"
)


def in_metadata(_item: object, name: str | None, *_: object) -> bool:
    return name is None or not name.startswith(OF_ONE_DATABASE)


async def differences(database: Database, expected: MetaData) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True, "include_object": in_metadata}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), expected))

    async with database.write() as connection:
        return await connection.run_sync(compare)


async def test_migrations_and_metadata_agree(database: Database) -> None:
    assert await differences(database, metadata) == []


async def test_a_table_that_no_revision_makes_would_be_noticed(database: Database) -> None:
    more = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        copy = table.to_metadata(more)
        if table.name == "seats":
            copy.c.label.nullable = True
    assert len(await differences(database, more)) == 1


async def test_what_v0_1_0_stored_is_kept(empty_database_url: str) -> None:
    database = await Database.open(empty_database_url)
    try:
        await migrate(database, V0_1_0)
        async with database.write() as connection:
            await connection.execute(text(OLD_ROOM))
            await connection.execute(text(OLD_SEAT))
            await connection.execute(text(OLD_NOTE), {"digest": b"digest"})
            await connection.execute(text(OLD_MENTION), {"said": True})
            await connection.execute(text(OLD_CHANGE))
        await migrate(database, "0014")
        async with database.write() as connection:
            await connection.execute(text(OLD_PHOTO))
        await migrate(database)
        spec = await Sessions(database).spec(RoomId("pleno"))
        notes = await Notebook(database).list(Filter(q="jembatan"))
        whole = await Notebook(database).get("n1")
        kept = await Notebook(database).list(Filter(kecamatan="35.10.24"))
    finally:
        await database.close()
    assert spec is not None
    assert (spec.title, [seat.label for seat in spec.seats]) == ("Musrenbang", ["Aula"])
    assert spec.settings == MeetingSettings()
    assert [note.id for note in notes.items] == [note.id for note in kept.items] == ["n1"]
    assert (notes.total, kept.total) == (1, 1)
    assert [(mention.seat_id, mention.spoken_at, mention.spoken) for mention in whole.penyebutan] == [
        ("aula", 4, True)
    ]
    assert [(change.field, change.new) for change in whole.riwayat or ()] == [("judul", "Jembatan")]
    assert (notes.items[0].foto, notes.items[0].lampiran) == (("f1",), ())


async def test_migrating_again_changes_nothing(database: Database) -> None:
    await asyncio.gather(migrate(database), migrate(database))
    assert await differences(database, metadata) == []
