"""How to reach whoever asks for an usulan is private: its desa, the notulis, the Panitia and who decides."""

import io
import uuid
from pathlib import Path

import aiohttp

from server.access import READERS, Role
from server.planning.sidang_forms import CONTENT
from tests.server.api.test_closed_notes import WHO, everything, note
from tests.support.api_house import program
from tests.support.app import KEMIREN, SARONGAN, running
from tests.support.photo import jpeg

KONTAK = "0812 3456 7890"


async def test_only_whom_it_concerns_is_told_the_contact(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        notulis = await house.visit(Role.NOTULIS)
        body = note(1_000_000, "Jembatan") | {
            "kontak": KONTAK,
            "urgensi": "mendesak",
            "lat": -8.2,
            "lng": 114,
        }
        path = f"api/v1/catatan/{body['id']}"
        assert (await notulis.request("POST", "api/v1/catatan", json=body))[1]["kontak"] == KONTAK
        assert (await notulis.request("PATCH", path, json={"version": 1, "pola": "penyedia"}))[0] == 200
        told = {}
        for role in sorted(READERS):
            visitor = await house.visit(WHO.get(role, role))
            lists = [str((await visitor.request("GET", one))[1]) for one in ("api/v1/catatan", path)]
            told[role] = [KONTAK in text for text in lists]
            assert "penyedia" in lists[0], role
            # neither a replay nor an export ever
            assert KONTAK not in str((await visitor.request("GET", "api/timeline"))[1]), role
            assert KONTAK not in str((await visitor.request("GET", "api/catatan.csv"))[1]), role
        knows = {Role.NOTULIS, Role.PANITIA, Role.DESA}
        assert told == {role: [role in knows] * 2 for role in READERS}
        camat = await house.account(Role.CAMAT, KEMIREN[:8])
        assert KONTAK in str((await camat.request("GET", f"usulan/{body['id']}"))[1])
        other_application = await program(house)
        status, seen = await other_application.request("GET", f"catatan/{body['id']}")
        assert (status, seen["kontak"], seen["pola"]) == (200, "", "penyedia")
        change = {"version": seen["version"], "judul": "Jembatan gantung", "kontak": seen["kontak"]}
        assert (await other_application.request("PATCH", f"catatan/{body['id']}", json=change))[0] == 200
        assert (await notulis.request("GET", path))[1]["kontak"] == KONTAK
        other = await house.visit(SARONGAN)
        assert KONTAK not in await everything(other, body["id"])


async def test_a_page_from_before_these_fields_takes_none_of_them_away(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(KEMIREN)
        line = f"api/v1/sidang/usulan/{uuid.uuid4()}"
        filled = {
            "version": 0,
            "judul": "Jalan",
            "kontak": KONTAK,
            "lat": -8.2,
            "lng": 114.3,
            "pola": "penyedia",
        }
        status, kept = await office.request("PUT", line, json=filled)
        assert (status, {name: kept[name] for name in filled if name in CONTENT}) == (
            200,
            {name: value for name, value in filled.items() if name in CONTENT},
        )
        older = {"version": kept["version"], "judul": "Jalan desa", "dusun": "Krajan"}
        _, kept = await office.request("PUT", line, json=older)
        assert (kept["judul"], kept["kontak"], kept["lat"], kept["pola"]) == (
            "Jalan desa",
            KONTAK,
            -8.2,
            "penyedia",
        )
        newer = older | {"version": kept["version"], "kontak": "", "lat": None, "lng": None}
        _, kept = await office.request("PUT", line, json=newer)
        assert (kept["kontak"], kept["lat"], kept["pola"]) == ("", None, "penyedia")


async def test_an_account_that_reads_a_session_has_the_contact_of_what_concerns_it_alone(
    tmp_path: Path,
) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        notulis = await house.visit(Role.NOTULIS)
        body = note(1_000_000, "Jembatan") | {"kontak": KONTAK, "opd_tujuan": "Dinas PU"}
        assert (await notulis.request("POST", "api/v1/catatan", json=body))[0] == 201
        office, rab = await house.visit(KEMIREN), str(uuid.uuid4())
        form = aiohttp.FormData()
        form.add_field("berkas", io.BytesIO(jpeg()), filename="rab")
        path = f"usulan/{body['id']}/lampiran/rab/{rab}"
        assert (await office.request("POST", path, data=form))[0] == 303
        told = {}
        for name, account in {
            "its camat": await house.account(Role.CAMAT, KEMIREN[:8]),
            "its OPD": await house.account(Role.OPD, opd="dinas  PU"),
            "Bappeda": await house.account(Role.BAPPEDA),
            "Panitia": await house.account(Role.PANITIA),
            "another camat": await house.account(Role.CAMAT, SARONGAN[:8]),
            "another OPD": await house.account(Role.OPD, opd="Dinas Sosial"),
        }.items():
            session = f"sesi/{house.room_id}/"
            status, listed = await account.request("GET", f"{session}api/v1/catatan")
            assert (status, listed["items"][0]["ucapan"]) == (200, "Jembatan")
            assert KONTAK not in str((await account.request("GET", f"{session}api/timeline"))[1]), name
            told[name] = (KONTAK in str(listed), rab in str(listed))
        concerned = ("its camat", "its OPD", "Bappeda", "Panitia")
        assert told == {name: (name in concerned, name in concerned) for name in told}
