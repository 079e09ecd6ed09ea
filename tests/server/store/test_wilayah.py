"""The list of Banyuwangi: whole, keyed on codes, told apart where names repeat."""

import hashlib
from pathlib import Path

from server.store.engine import Database
from server.store.wilayah import BANYUWANGI, Wilayah


def test_the_list_is_the_one_its_source_note_describes() -> None:
    digest = hashlib.sha256(BANYUWANGI.read_bytes()).hexdigest()
    assert digest in (BANYUWANGI.parent / "README.md").read_text(encoding="utf-8")


async def test_seeding_is_repeatable_and_corrects_names(database: Database, tmp_path: Path) -> None:
    wilayah = Wilayah(database)
    older = tmp_path / "older.csv"
    text = BANYUWANGI.read_text(encoding="utf-8").replace("Sumberasri", "Sumbersari")
    older.write_text(text, encoding="utf-8")
    await wilayah.seed(older)
    for _ in range(2):
        await wilayah.seed()
    assert (len(await wilayah.desa()), len(await wilayah.kecamatan())) == (217, 25)
    renamed = await wilayah.get("35.10.03.2002")
    assert renamed is not None
    assert renamed.nama == "Sumberasri"


async def test_places_of_one_name_are_told_apart(sqlite_database: Database) -> None:
    wilayah = Wilayah(sqlite_database)
    await wilayah.seed()
    labels = [desa.label for desa in await wilayah.desa() if desa.nama in ("Tamansari", "Karangrejo")]
    assert labels == [
        "Kel. Karangrejo, Kec. Banyuwangi",
        "Tamansari, Kec. Tegalsari",
        "Tamansari, Kec. Licin",
        "Karangrejo, Kec. Blimbingsari",
    ]
    all_labels = [desa.label for desa in await wilayah.desa()]
    assert len(set(all_labels)) == 217


async def test_desa_of_a_kecamatan(sqlite_database: Database) -> None:
    wilayah = Wilayah(sqlite_database)
    await wilayah.seed()
    licin = await wilayah.desa("35.10.24")
    assert {desa.kecamatan.nama for desa in licin} == {"Licin"}
    assert await wilayah.get("35.10.99.2001") is None
