"""An office's own meeting over HTTP: whose it is, what a conflict tells, what the desks see of it."""

import uuid
from pathlib import Path
from typing import Any

import aiohttp

from server.access import Role
from server.keys import NOW
from tests.support.app import KEMIREN, SARONGAN, House, Visitor, running

JUDUL = "Jembatan gantung Dusun Krajan"


async def put(office: Visitor, path: str, **body: Any) -> tuple[int, Any]:
    return await office.request("PUT", f"api/v1/sidang{path}", json=body)


async def line(office: Visitor, **fields: Any) -> dict[str, Any]:
    wanted = {"version": 0, "judul": JUDUL} | fields
    status, kept = await put(office, f"/usulan/{uuid.uuid4()}", **wanted)
    assert status == 200, kept
    return dict(kept)


async def offices(house: House) -> tuple[Visitor, Visitor]:
    return await house.visit(SARONGAN), await house.visit(KEMIREN)


async def test_before_the_session_an_office_has_a_list_and_nobody_else_writes_it(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        mine, other = await offices(house)
        kept = await line(mine, perkiraan_biaya=200_000_000, volume="12,5")
        person = {"version": 0, "nama": "Siti Aminah", "jenis_kelamin": "P", "unsur": "tani", "hak": "suara"}
        assert (await put(mine, f"/hadir/{uuid.uuid4()}", **person))[0] == 200
        assert (await put(mine, "", version=0, tempat="Balai desa", jam_mulai="09:15"))[0] == 200
        status, seen = await mine.request("GET", f"api/v1/sidang?kursi={KEMIREN}")
        assert (status, seen["seat_id"], seen["kelurahan"]) == (200, SARONGAN, False)
        assert [(one["judul"], one["volume"]) for one in seen["usulan"]] == [(JUDUL, "12.5")]
        assert (seen["hadir"][0]["nama"], seen["sidang"]["tempat"]) == ("Siti Aminah", "Balai desa")
        assert seen["hadir"][0]["hak"] == "suara"
        status, refused = await put(mine, f"/hadir/{uuid.uuid4()}", version=0, nama="Budi", hak="veto")
        assert (status, list(refused["fields"])) == (422, ["hak"])
        assert (await other.request("GET", "api/v1/sidang"))[1]["usulan"] == []
        taken = f"/usulan/{kept['id']}"
        status, refused = await put(other, taken, version=0, judul="Milik kami")
        assert (status, refused["code"], "stored" in refused) == (409, "conflict", False)
        notulis = await house.visit(Role.NOTULIS)
        _, seen = await notulis.request("GET", f"api/v1/sidang?kursi={SARONGAN}")
        assert [one["id"] for one in seen["usulan"]] == [kept["id"]]
        assert (await put(notulis, taken, version=1, judul="Lain"))[0] == 403
        for wrong in ({"ucapan": "x"}, {"penanggung_jawab": "x"}, {"judul": ""}, {"perkiraan_biaya": -1}):
            body = {"version": 0, "judul": JUDUL} | wrong
            status, refused = await put(mine, f"/usulan/{uuid.uuid4()}", **body)
            assert (status, list(refused["fields"])) == (422, list(wrong))
        assert (await put(mine, "/usulan/bukan-uuid", version=0, judul=JUDUL))[0] == 404


async def test_the_panitia_brings_lists_for_all(tmp_path: Path) -> None:
    """A line that an office brought first, with the id that follows from its words, is there once."""
    async with running(tmp_path) as house:
        office, other = await offices(house)
        told = f"{SARONGAN}\nirigasi\n\n"
        line_id = uuid.uuid5(uuid.UUID("a4c0d2b4-4b58-5d55-9d0e-3f5b8f6b7c11"), f"{house.room_id}\n{told}")
        assert (await put(office, f"/usulan/{line_id}", version=0, judul="Irigasi"))[0] == 200
        panitia, page = await house.visit(Role.PANITIA), f"sesi/{house.room_id}/sidang"
        for text, told in (
            (f"kode_wilayah;judul\n{KEMIREN};Pasar\n{SARONGAN};Irigasi\n", "2 baris terbaca, 1 usulan baru"),
            (f"kode_wilayah;judul\n{KEMIREN};Embung\n35.10.99.1;Jalan\n", "Baris 3: kode 35.10.99.1 bukan"),
            ("", "Baris judul tidak memuat kolom"),
        ):
            form = aiohttp.FormData()
            form.add_field("berkas", text.encode(), filename="daftar.csv")
            _, html = await panitia.request("POST", page, data=form)
            assert told in html
        _, html = await panitia.request("GET", page)
        assert html.count("1 usulan · 0 hadir") == 2
        _, seen = await other.request("GET", "api/v1/sidang")
        assert [one["judul"] for one in seen["usulan"]] == ["Pasar"]


async def test_a_conflict_tells_what_is_stored_and_what_was_sent(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, _ = await offices(house)
        kept = await line(office)
        path = f"/usulan/{kept['id']}"
        for _ in range(2):
            status, changed = await put(office, path, version=1, judul="Jembatan beton")
            assert (status, changed["version"]) == (200, 2)
        status, refused = await put(office, path, version=1, judul="Jembatan bambu")
        assert (status, refused["code"]) == (409, "conflict")
        assert (refused["stored"]["judul"], refused["stored"]["version"]) == ("Jembatan beton", 2)
        assert refused["sent"]["judul"] == "Jembatan bambu"
        assert (await put(office, "", version=0, selesai=True))[0] == 200
        status, refused = await put(office, path, version=2, judul="Jembatan bambu")
        assert (status, refused["code"]) == (409, "concluded")


async def test_a_line_that_became_another_desas_is_neither_told_nor_changed(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office, _ = await offices(house)
        kept, notulis = await line(office, kontak="0812"), await house.visit(Role.NOTULIS)
        right = {"version": 1, "kode_wilayah": KEMIREN, "kontak": "0899"}
        assert (await notulis.request("PATCH", f"api/v1/catatan/{kept['id']}", json=right))[0] == 200
        _, seen = await office.request("GET", "api/v1/sidang")
        assert (seen["usulan"], seen["urutan"]["ids"], seen["pindah"]) == ([], [], [kept["id"]])
        for fields in ({"judul": "Lain"}, {"judul": JUDUL, "hapus": True}):
            status, refused = await put(office, f"/usulan/{kept['id']}", version=2, **fields)
            assert (status, refused["code"], "stored" in refused) == (409, "moved", False)
            assert "desa lain" in refused["title"]
            assert "0899" not in str(refused)


async def test_a_line_is_seen_at_the_desks_once_it_is_spoken_of(tmp_path: Path) -> None:
    """What stood on the list before stays readable when that interval is sealed; spoken words do not."""
    async with running(tmp_path) as house:
        office, _ = await offices(house)
        kept, unsaid = await line(office), await line(office)
        operator, notulis = await house.opened(), await house.visit(Role.NOTULIS)
        assert (await notulis.request("GET", "api/v1/catatan?disebut=true"))[1]["items"] == []
        at = house.app[NOW]()
        spoken = {"id": str(uuid.uuid4()), "spoken_at": at, "seat_id": SARONGAN, "spoken": True}
        path = f"api/v1/catatan/{kept['id']}"
        assert (await notulis.request("POST", f"{path}/penyebutan", json=spoken))[0] == 201
        status, _ = await notulis.request("PATCH", path, json={"version": 2, "ucapan": "rahasia sekali"})
        assert status == 200
        _, page = await notulis.request("GET", "api/v1/catatan?disebut=true")
        assert [one["id"] for one in page["items"]] == [kept["id"]]
        seal = {"seal_id": str(uuid.uuid4()), "from_ms": at - 1, "to_ms": at + 1, "alasan": "ditarik"}
        await (await operator.connect()).command("seal_interval", **seal)
        _, read = await operator.request("GET", path)
        assert (read["judul"], read["ucapan"]) == (JUDUL, "")
        assert "rahasia" not in str(read)
        # The office itself says so of the next one: as said by itself, whatever seat it names.
        claim = {"id": str(uuid.uuid4()), "spoken_at": at, "seat_id": KEMIREN}
        for _ in range(2):
            status, said = await office.request(
                "POST", f"api/v1/catatan/{unsaid['id']}/penyebutan", json=claim
            )
            assert (status, [(m["seat_id"], m["spoken"]) for m in said["penyebutan"]]) == (
                201,
                [(SARONGAN, True)],
            )
        _, listed = await office.request("GET", "api/v1/sidang")
        assert [one["disebut"] for one in listed["usulan"]] == [1, 1]
        other = await house.visit(KEMIREN)
        status, _ = await other.request("POST", f"{path}/penyebutan", json=spoken)
        assert status == 403


async def test_who_came_to_the_pleno_is_offered_to_their_own_office_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        (line,) = (await house.opened()).sockets
        office, other = await offices(house)
        who = {"nama": "Siti Aminah", "jabatan": "Kepala Desa", "jenis_kelamin": "P", "unsur": "perempuan"}
        await line.command("register_peserta", peserta_id=str(uuid.uuid4()), seat_id=SARONGAN, **who)
        _, seen = await office.request("GET", "api/v1/sidang")
        assert seen["hadir_pleno"] == [], "put down, but the office has not come yet"
        turn = str(uuid.uuid4())
        await line.command("call_seat", turn_id=turn, seat_id=SARONGAN, media="lewat_telepon")
        await line.command("end_turn", turn_id=turn)
        _, seen = await office.request("GET", "api/v1/sidang")
        (offered,) = seen["hadir_pleno"]
        assert ({**offered, "id": ""}, seen["hadir"]) == ({"id": "", **who}, [])
        for _ in range(2):  # two devices of the office take the same person over
            assert (await put(office, f"/hadir/{offered['id']}", version=0, **who))[0] == 200
        _, seen = await office.request("GET", "api/v1/sidang")
        assert [person["nama"] for person in seen["hadir"]] == ["Siti Aminah"]
        _, seen = await other.request("GET", "api/v1/sidang")
        assert seen["hadir_pleno"] == []
