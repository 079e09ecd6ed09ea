"""The API for other applications: its keys, its pages of results, its conflicts, its document."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from server.access import Role
from server.api import sesi
from server.api.document import document
from server.api.v1 import OPERATIONS
from server.auth.guard import COOKIE
from server.kept import KEYS
from server.keys import NOW
from server.refusals import Refusal
from tests.support.api_house import HOUR_MS, Program, examined, note, program
from tests.support.app import KEMIREN, SARONGAN, House, Visitor, furnish, running


async def opened(house: House) -> Program:
    """A program that may write everywhere, in a session that runs."""
    await house.opened()
    return await program(house)


async def test_only_a_key_that_stands_opens(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        good, late = await program(house), await program(house, hours=-1)
        panitia = await house.visit(Role.PANITIA)
        assert (await good.request("GET", "sesi"))[0] == 200
        cookie = panitia.http.cookie_jar.filter_cookies(panitia.base)[COOKIE].value
        for headers in (
            {},
            {"Authorization": "Bearer "},
            {"Authorization": f"Basic {good.secret}"},
            {"Authorization": f"Bearer {good.secret}x"},
            {"Authorization": f"Bearer {'a' * 5000}"},
            {"Authorization": f"Bearer {late.secret}"},
            {"Authorization": f"Bearer {house.tokens[Role.PANITIA]}"},
            {"Authorization": f"Bearer {cookie}"},
            {"Cookie": f"{COOKIE}={cookie}"},
        ):
            async with good.visitor.http.get(good.visitor.base / "sesi", headers=headers) as answer:
                assert (answer.status, (await answer.json(content_type=None))["code"]) == (401, "no_key")
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                assert answer.content_type == "application/problem+json"
        async with good.visitor.http.get(house.url / "m" / good.secret, allow_redirects=False) as answer:
            assert answer.status == 404
        assert await house.app[KEYS].revoke(good.key_id, at=house.app[NOW]())
        assert (await good.request("GET", "sesi"))[0] == 401


async def test_a_key_does_what_it_was_given_for(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        reader = await program(house, ("baca",))
        status, refused = await reader.request("POST", f"catatan?sesi={house.room_id}", json=note())
        assert (status, refused["code"]) == (403, "insufficient_scope")
        assert (await reader.request("GET", "catatan"))[1]["items"] == []
        other = await furnish(house.app, house.plane, house.url, "Sesi lain")
        await (await other.opened()).close()
        house.visitors += other.visitors
        writer = await program(house)
        status, kept = await writer.request("POST", f"catatan?sesi={other.room_id}", json=note())
        assert (status, kept["room_id"]) == (201, other.room_id)
        assert (await writer.request("POST", "catatan", json=note()))[1]["code"] == "no_room"
        here = await program(house, room_id=house.room_id)
        assert (await here.request("GET", f"catatan/{kept['id']}"))[0] == 404
        assert (await here.request("GET", f"catatan?sesi={other.room_id}"))[0] == 404
        assert (await here.request("GET", f"sesi/{other.room_id}"))[0] == 404
        assert [s["room_id"] for s in (await here.request("GET", "sesi"))[1]["items"]] == [house.room_id]
        status, mine = await here.request("POST", "catatan", json=note())
        assert (status, mine["riwayat"][0]["by"]) == (201, "Aplikasi uji")


async def test_a_repeated_or_stale_request_is_answered_with_both_versions(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        writer = await opened(house)
        body, path = note(), f"catatan?sesi={house.room_id}"
        first = await writer.request("POST", path, json=body)
        assert first == await writer.request("POST", path, json=body)
        status, refused = await writer.request("POST", path, json=body | {"ucapan": "Lain"})
        assert (status, refused["code"], refused["type"]) == (409, "conflict", "/api/v1/#conflict")
        assert (refused["stored"]["ucapan"], refused["sent"]["ucapan"]) == (body["ucapan"], "Lain")
        one = f"catatan/{body['id']}"
        status, changed = await writer.request("PATCH", one, json={"version": 1, "dusun": "Krajan"})
        assert (status, changed["version"]) == (200, 2)
        status, refused = await writer.request("PATCH", one, json={"version": 1, "judul": "Jembatan"})
        assert (status, refused["code"]) == (409, "conflict")
        assert (refused["stored"]["version"], refused["stored"]["dusun"]) == (2, "Krajan")
        assert refused["sent"] == {"version": 1, "judul": "Jembatan"}
        office = await house.visit(KEMIREN)
        status, refused = await office.request(
            "POST", "api/v1/catatan", json=body | {"ucapan": "Tebakan", "kode_wilayah": SARONGAN}
        )
        assert (status, "stored" in refused) == (409, False), "another office's words stay its own"


async def test_pages_follow_one_another_whatever_is_added_meanwhile(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        writer = await opened(house)
        path = f"catatan?sesi={house.room_id}"
        ids = [
            (await writer.request("POST", path, json=note(ucapan=f"Jalan {n}")))[1]["id"] for n in range(5)
        ]
        for query in ("", "&q=jalan"):
            seen: list[str] = []
            dari = ""
            while True:
                _, page = await writer.request("GET", f"catatan?batas=2&dari={dari}{query}")
                seen += [item["id"] for item in page["items"]]
                await writer.request("POST", path, json=note(ucapan="Jalan yang menyusul"))
                if page["next"] is None:
                    break
                dari = page["next"]
            assert seen[-5:] == ids[::-1]
            assert len(seen) == len(set(seen))
        for wrong in ("batas=0", "batas=2001", "dari=x", "jenis=zzz", "tahun_rencana=dua", "lain=1"):
            status, refused = await writer.request("GET", f"catatan?{wrong}")
            assert (status, list(refused["fields"])) == (422, [wrong.split("=")[0]])
        seen, dari = [], ""
        while len(seen) < 300:
            _, page = await writer.request("GET", f"wilayah?batas=100&dari={dari}")
            seen += [place["kode"] for place in page["items"]]
            if (dari := page["next"]) is None:
                break
        assert (len(seen), seen) == (217, sorted(seen))


async def test_sealed_words_are_not_given_to_programs(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        writer = await opened(house)
        operator = await house.visit(Role.OPERATOR)
        at = house.app[NOW]()
        body = note(ucapan="rahasia sekali", instant={"spoken_at": at - 500})
        assert (await writer.request("POST", f"catatan?sesi={house.room_id}", json=body))[0] == 201
        line = await operator.connect()
        seal = {"seal_id": str(uuid.uuid4()), "from_ms": at - 1000, "to_ms": at, "alasan": "ditarik"}
        await line.command("seal_interval", **seal)
        _, page = await writer.request("GET", "catatan")
        assert [(item["tertutup"], item["ucapan"]) for item in page["items"]] == [(True, "")]
        _, found = await writer.request("GET", "catatan?q=rahasia")
        assert found["items"] == []


async def test_the_panitia_gives_and_takes_back_a_key(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        form = {"nama": "SIPD <b>Dinas PU</b>", "boleh": "baca", "hari": "30", "sesi": ""}
        status, page = await panitia.request("POST", "aplikasi", data=form)
        secret = page.partition('value="rembug_')[2].partition('"')[0]
        assert (status, len(secret) > 40, "<b>Dinas" in page) == (200, True, False)
        (key,) = await house.app[KEYS].list()
        assert key.scopes == {"baca"}
        assert key.expires_at - key.created_at == 30 * 24 * HOUR_MS
        asker = await program(house)
        asker.secret = f"rembug_{secret}"
        assert (await asker.request("GET", "sesi"))[0] == 200
        _, page = await panitia.request("GET", "aplikasi")
        assert (secret in page, "terakhir dipakai" in page) == (False, True)
        assert (await panitia.request("POST", f"aplikasi/{key.id}/cabut"))[0] == 303
        assert (await asker.request("GET", "sesi"))[0] == 401
        assert (await panitia.request("POST", f"aplikasi/{key.id}/cabut"))[0] == 404
        assert (await panitia.request("POST", "aplikasi", data=form | {"nama": " "}))[0] == 422
        assert (await panitia.request("POST", "aplikasi", data=form | {"sesi": "lain"}))[0] == 400


async def test_the_document_is_open_and_so_is_its_page(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        asker = await program(house)
        async with asker.visitor.http.get(house.url / "api/v1/openapi.json") as answer:
            shown = await answer.json()
        assert (shown["openapi"], shown) == ("3.1.0", document())
        assert set(shown["paths"]["/catatan"]) == {"get", "post"}
        assert "konfirmasi" not in str(shown["paths"]), "what only an office does"
        status, page = await asker.visitor.request("GET", "")
        assert status == 200
        for words in ('id="conflict"', 'id="CatatanBaru"', "PATCH /api/v1/catatan/{id}", "sub_bidang"):
            assert words in page, words


async def test_the_server_does_what_the_document_says(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        found = await examined(house, 2)
    assert found.failures == []
    assert found.unreached == []
    assert len(found.statuses) == sum(len(methods) for methods in document()["paths"].values())


async def test_what_is_not_as_the_document_says_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ""

    async def otherwise(*_: object, **__: object) -> Any:
        if broken == "a fault":
            raise ZeroDivisionError
        if broken == "an undocumented status":
            raise Refusal(410, "expired")
        return sesi.HalamanWilayah.model_construct(items=[], lain=None)

    places = next(operation for operation in OPERATIONS if operation.name == "daftar_wilayah")
    monkeypatch.setitem(places.__dict__, "models", places.models)
    monkeypatch.setitem(places.__dict__, "handler", otherwise)
    async with running(tmp_path) as house:
        for broken in ("a fault", "an undocumented status", "an answer that lacks a field"):
            found = await examined(house, 1, only="GET /wilayah")
            assert [failure.partition(":")[0] for failure in found.failures] == ["GET /wilayah"], broken


async def test_promises_come_in_the_order_in_which_they_are_due(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        writer = await opened(house)
        days = {"kelak": None, "lusa": "2027-03-05", "terlambat": "2027-01-05", "besok": "2027-03-04"}
        for words, day in days.items():
            body = note(jenis="arahan", ucapan=words, tenggat=day, kode_wilayah=KEMIREN)
            assert (await writer.request("POST", f"catatan?sesi={house.room_id}", json=body))[0] == 201
        await writer.request("POST", f"catatan?sesi={house.room_id}", json=note())
        seen, dari = [], ""
        while True:
            _, page = await writer.request("GET", f"tindak-lanjut?batas=1&dari={dari}")
            seen += [item["ucapan"] for item in page["items"]]
            if (dari := page["next"]) is None:
                break
        assert seen == ["terlambat", "besok", "lusa", "kelak"]
        assert (await writer.request("GET", "tindak-lanjut?selesai=true"))[1]["items"] == []
        _, refused = await writer.request("GET", "tindak-lanjut?dari=2027-01-05.x.y")
        assert list(refused["fields"]) == ["dari"]


async def test_who_has_an_account_reads_what_concerns_them(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        writer = await opened(house)
        ids = {}
        for kode in (KEMIREN, SARONGAN):
            body = note(kode_wilayah=kode, jenis="keluhan")
            status, taken = await writer.request("POST", f"catatan?sesi={house.room_id}", json=body)
            assert status == 201
            ids[kode] = taken["id"]
        camat = await house.account(Role.CAMAT, KEMIREN[:8])
        bappeda = await house.account(Role.BAPPEDA)
        for path in ("catatan", f"catatan?kecamatan={SARONGAN[:8]}", "tindak-lanjut"):
            _, listed = await camat.request("GET", f"api/v1/{path}")
            assert [item["id"] for item in listed["items"]] == [ids[KEMIREN]]
            _, listed = await bappeda.request("GET", f"api/v1/{path}")
            assert ids[SARONGAN] in [item["id"] for item in listed["items"]]
        assert (await camat.request("GET", f"api/v1/catatan/{ids[KEMIREN]}"))[0] == 200
        assert (await camat.request("GET", f"api/v1/catatan/{ids[SARONGAN]}"))[0] == 403
        assert (await camat.request("POST", "api/v1/catatan", json=note()))[0] in (404, 405)
        stranger = Visitor(house.url, "")
        stranger.base = house.url / "kerja/"
        assert (await stranger.request("GET", "api/v1/catatan"))[1]["code"] == "signed_out"
        await stranger.close()
