"""Surat pengantar, RAB and photos of what became of an usulan: who adds, fetches and removes them."""

import io
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image
from yarl import URL

from server.access import Role
from server.attachments.checking import MOST_BYTES
from server.kept import ALBUM
from tests.support.api_house import program
from tests.support.app import KEMIREN, PANITIA_IN_SESSION, SARONGAN, House, Visitor, running
from tests.support.photo import WHERE, bomb, jpeg
from tests.support.slides import deck_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

PDF = deck_of((200, 200, 200), (20, 20, 20))
OPD = "Dinas PU"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("lampiran")) as house:
        await house.opened()
        yield house


async def noted(house: House, spoken_at: int = 1_000_000, **fields: Any) -> str:
    notulis = await house.visit(Role.NOTULIS)
    body = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": "Jembatan rusak.",
        "kode_wilayah": KEMIREN,
        "instant": {"spoken_at": spoken_at, "seat_id": KEMIREN, "turn_id": None},
    } | fields
    assert (await notulis.request("POST", "api/v1/catatan", json=body))[0] == 201
    return str(body["id"])


async def attach(
    who: Visitor, note: str, jenis: str, body: bytes, lampiran: str = "", name: str = "berkas"
) -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field(name, io.BytesIO(body), filename="surat")
    path = f"usulan/{note}/lampiran/{jenis}/{lampiran or uuid.uuid4()}"
    return await who.request("POST", path, data=form)


async def fetch(who: Visitor, path: str) -> tuple[int, bytes, str]:
    async with who.http.get(f"{who.base}{path}") as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Disposition", "")


async def files(house: House, note: str) -> list[tuple[str, str, int]]:
    _, told = await (await house.visit(Role.NOTULIS)).request("GET", f"api/v1/catatan/{note}")
    return [(one["jenis"], one["tipe"], one["halaman"]) for one in told["lampiran"]]


async def decide(who: Visitor, note: str, tindakan: str, **more: str) -> None:
    version = re.search(r'name="version" value="(\d+)"', (await who.request("GET", f"usulan/{note}"))[1])
    assert version
    form = {"version": version[1], "tindakan": tindakan} | more
    status, page = await who.request("POST", f"usulan/{note}/putuskan", data=form)
    assert status == 303, page


async def taken_in(house: House, note: str) -> None:
    """Through the whole chain."""
    office, panitia = await house.visit(KEMIREN), await house.visit(Role.PANITIA)
    camat = await house.account(Role.CAMAT, KEMIREN[:8])
    await decide(office, note, "konfirmasi")
    await decide(office, note, "ajukan")
    await decide(office, note, "teruskan")
    await decide(panitia, note, "teruskan")
    await decide(camat, note, "teruskan", opd_tujuan=OPD)
    await decide(panitia, note, "teruskan")
    await decide(panitia, note, "teruskan")
    await decide(panitia, note, "akomodasi")


async def test_an_office_attaches_its_letter_and_its_rab_and_those_who_may_fetch_them(house: House) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    letter, page = str(uuid.uuid4()), (await office.request("GET", f"usulan/{note}"))[1]
    assert re.search(rf'action="[^"]*usulan/{note}/lampiran/rab/[0-9a-f-]{{36}}#berkas"', page)
    assert "lampiran-foto_realisasi" not in page
    for _ in range(2):  # the second as over a bad line
        status, _ = await attach(office, note, "surat_pengantar", PDF, letter)
        assert status == 303
    rab = str(uuid.uuid4())
    assert (await attach(office, note, "rab", jpeg(), rab))[0] == 303
    assert await files(house, note) == [("surat_pengantar", "pdf", 2), ("rab", "jpg", 1)]
    _, page = await office.request("GET", f"usulan/{note}?berkas=tersimpan")
    assert f"lampiran/{letter}" in page
    assert "Berkas tersimpan." in page
    assert not re.search(r"lampiran/rab/[0-9a-f-]{36}#", page), "there is one, and no more are asked for"
    status, body, disposition = await fetch(office, f"lampiran/{letter}")
    assert (status, body) == (200, PDF)
    assert disposition == f'attachment; filename="surat-pengantar-{note[:8]}.pdf"'
    _, body, _ = await fetch(office, f"lampiran/{rab}")
    assert WHERE not in body
    assert not Image.open(io.BytesIO(body)).getexif()
    may = [await house.visit(who) for who in (Role.NOTULIS, PANITIA_IN_SESSION, Role.PANITIA)]
    may.append(await house.account(Role.CAMAT, KEMIREN[:8]))
    may_not = [await house.visit(who) for who in (SARONGAN, Role.OPERATOR, Role.PIMPINAN, Role.REPLAY)]
    may_not.append(await house.account(Role.CAMAT, SARONGAN[:8]))
    may_not.append(await house.account(Role.OPD, opd=OPD))
    assert [(await fetch(who, f"lampiran/{letter}"))[0] for who in may] == [200] * 4
    assert [(await fetch(who, f"lampiran/{letter}"))[0] for who in may_not] == [403] * 6
    _, told = await (await house.visit(Role.OPERATOR)).request("GET", f"api/v1/catatan/{note}")
    assert told["lampiran"] == []
    assert (await fetch(office, f"foto/{letter}.jpg"))[0] == 404


async def test_programs_find_and_fetch_documents(house: House) -> None:
    note, panitia, letter = await noted(house), await house.visit(Role.PANITIA), str(uuid.uuid4())
    assert (await attach(panitia, note, "surat_pengantar", PDF, letter))[0] == 303
    reader = await program(house, ("baca",))
    _, told = await reader.request("GET", f"catatan/{note}")
    assert told["lampiran"] == [{"id": letter, "jenis": "surat_pengantar", "tipe": "pdf", "halaman": 2}]
    url = reader.visitor.base.join(URL(f"lampiran/{letter}"))
    async with reader.visitor.http.get(url, headers={"Authorization": f"Bearer {reader.secret}"}) as got:
        assert (got.status, got.content_type) == (200, "application/octet-stream")
        assert await got.read() == PDF
    assert (await reader.request("GET", f"foto/{letter}"))[0] == 404


@pytest.mark.parametrize(
    ("jenis", "body", "sentence"),
    [
        ("rab", b"PK\x03\x04 xlsx", "Berkas itu bukan PDF, JPEG atau PNG."),
        ("rab", PDF[: len(PDF) // 2], "Berkas itu rusak atau terkunci"),
        ("surat_pengantar", bomb(), "Gambar itu terlalu besar"),
        ("surat_pengantar", b"%PDF-" + bytes(MOST_BYTES), "Berkas itu lebih dari 15 MB."),
        ("surat_pengantar", b"", "Pilih berkasnya dulu."),
    ],
    ids=["kind", "broken", "bomb", "too long", "nothing"],
)
async def test_what_is_no_document_is_refused_at_its_field(
    house: House, jenis: str, body: bytes, sentence: str
) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    status, page = await attach(office, note, jenis, body)
    assert status == 422
    assert sentence in page.partition(f'id="salah-{jenis}"')[2].partition("</p>")[0]
    assert await files(house, note) == []


async def test_a_form_without_its_file_is_refused(house: House) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    path = f"usulan/{note}/lampiran/rab/{uuid.uuid4()}"
    assert (await attach(office, note, "rab", PDF, name="lain"))[0] == 422
    assert (await office.request("POST", path, data={"berkas": "teks"}))[0] == 422
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary="):
        sent = {"data": b"--x\r\nrusak", "headers": {"Content-Type": kind}}
        assert (await office.request("POST", path, **sent))[0] == 422, kind
    for wrong in (path.replace("rab", "foto"), f"usulan/{note}/lampiran/rab/bukan-nomor"):
        assert (await office.request("POST", wrong, data={}))[0] == 404


async def test_there_is_one_of_each_until_it_is_removed_for_good(house: House) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    first, other = str(uuid.uuid4()), await noted(house)
    assert (await attach(office, note, "rab", deck_of((1, 2, 3)), first))[0] == 303
    assert (await attach(office, note, "rab", jpeg()))[0] == 409
    assert (await attach(office, other, "rab", PDF, first))[0] == 409, "an id is one file's"
    path = house.app[ALBUM].files.path((await house.app[ALBUM].get(first)).berkas)
    assert path.exists()
    assert (await office.request("POST", f"usulan/{other}/lampiran/{first}/hapus"))[0] == 404
    stranger = await house.visit(SARONGAN)
    assert (await stranger.request("POST", f"usulan/{note}/lampiran/{first}/hapus"))[0] == 403
    assert (await office.request("POST", f"usulan/{note}/lampiran/{first}/hapus"))[0] == 303
    assert not path.exists()
    assert (await fetch(office, f"lampiran/{first}"))[0] == 404
    assert await files(house, note) == []
    _, told = await (await house.visit(Role.NOTULIS)).request("GET", f"api/v1/catatan/{note}")
    changes = [(c["field"], c["old"], c["new"]) for c in told["riwayat"] if c["field"] == "rab"]
    assert changes == [("rab", "", first), ("rab", first, "")]
    assert (await attach(office, note, "rab", PDF, first))[0] == 303
    assert await files(house, note) == [], "what was removed does not come back"


async def test_whoever_may_not_change_the_usulan_adds_nothing(house: House) -> None:
    note, office, stranger = await noted(house), await house.visit(KEMIREN), await house.visit(SARONGAN)
    camat, panitia = await house.account(Role.CAMAT, KEMIREN[:8]), await house.visit(Role.PANITIA)
    assert [(await attach(who, note, "rab", PDF))[0] for who in (stranger, camat)] == [403, 403]
    assert (await attach(office, await noted(house, jenis="keluhan"), "rab", PDF))[0] == 403
    await decide(office, note, "konfirmasi")
    await decide(office, note, "ajukan")
    assert (await attach(office, note, "rab", PDF))[0] == 403
    assert "lampirkan-rab" not in (await office.request("GET", f"usulan/{note}"))[1]
    assert (await attach(panitia, note, "rab", PDF))[0] == 303
    assert await files(house, note) == [("rab", "pdf", 2)]


async def test_what_was_sealed_has_no_documents(house: House) -> None:
    note, office, letter = await noted(house, 7_000_000), await house.visit(KEMIREN), str(uuid.uuid4())
    assert (await attach(office, note, "surat_pengantar", PDF, letter))[0] == 303
    line = await (await house.visit(Role.OPERATOR)).connect()
    seal = {"seal_id": str(uuid.uuid4()), "from_ms": 6_999_999, "to_ms": 7_000_001, "alasan": "ditarik"}
    await line.command("seal_interval", **seal)
    notulis = await house.visit(Role.NOTULIS)
    assert [(await fetch(who, f"lampiran/{letter}"))[0] for who in (office, notulis)] == [404, 200]


async def test_photos_show_what_became_of_it(house: House) -> None:
    note, panitia = await noted(house), await house.visit(Role.PANITIA)
    opd, office = await house.account(Role.OPD, opd=OPD), await house.visit(KEMIREN)
    assert (await attach(panitia, note, "foto_realisasi", jpeg()))[0] == 403, "nothing came of it yet"
    await taken_in(house, note)
    assert (await attach(office, note, "foto_realisasi", jpeg()))[0] == 403
    assert (await attach(opd, note, "foto_realisasi", PDF))[0] == 422
    done = [str(uuid.uuid4()) for _ in range(3)]
    for one, colour in zip(done, ("teal", "olive", "navy"), strict=True):
        assert (await attach(opd, note, "foto_realisasi", jpeg(colour), one))[0] == 303
    assert (await attach(panitia, note, "foto_realisasi", jpeg()))[0] == 409
    status, body, _ = await fetch(office, f"foto/{done[0]}.jpg")
    assert (status, WHERE in body) == (200, False)
    assert (await fetch(office, f"lampiran/{done[0]}"))[0] == 404
    assert f"foto/{done[2]}.jpg" in (await office.request("GET", f"usulan/{note}"))[1]
    assert (await office.request("POST", f"usulan/{note}/lampiran/{done[0]}/hapus"))[0] == 403
    assert (await panitia.request("POST", f"usulan/{note}/lampiran/{done[0]}/hapus"))[0] == 303
    assert await files(house, note) == [("foto_realisasi", "jpg", 1)] * 2
