"""Photos on notes: taken in as pictures alone, shown to who may read the note, gone when removed."""

import asyncio
import io
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from PIL import Image
from yarl import URL

from server.access import Role
from server.attachments.checker import PHOTO_PX, SMALL_PX
from server.attachments.checking import MOST_BYTES
from server.kept import ALBUM
from server.planning.album import MOST
from server.store.lampiran import FOTO
from tests.support.api_house import program
from tests.support.app import KEMIREN, PANITIA_IN_SESSION, SARONGAN, House, Visitor, furnish, running
from tests.support.photo import WHERE, bomb, jpeg

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("foto")) as house:
        await house.opened()
        yield house


async def noted(house: House, kode: str = KEMIREN, spoken_at: int = 1_000_000) -> str:
    """The id of a usulan of this desa that the notulis took."""
    notulis = await house.visit(Role.NOTULIS)
    body = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": "Jembatan rusak.",
        "kode_wilayah": kode,
        "instant": {"spoken_at": spoken_at, "seat_id": kode, "turn_id": None},
    }
    assert (await notulis.request("POST", "api/v1/catatan", json=body))[0] == 201
    return str(body["id"])


async def put(visitor: Visitor, note: str, body: bytes, foto: str = "") -> tuple[int, Any]:
    return await visitor.request(
        "PUT", f"api/catatan/{note}/foto/{foto or uuid.uuid4()}", data=io.BytesIO(body)
    )


async def fetch(visitor: Visitor, path: str) -> tuple[int, bytes]:
    async with visitor.http.get(f"{visitor.base}{path}") as answer:
        return answer.status, await answer.read()


async def test_a_photo_is_kept_upright_and_small_and_says_nothing_of_where_it_was_taken(house: House) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    assert WHERE in jpeg()
    foto = str(uuid.uuid4())
    for _ in range(2):  # the second as over a bad line
        status, answer = await put(office, note, jpeg(), foto)
        assert (status, answer["foto"]) == (201, [foto])
    for query, most in (("", PHOTO_PX), ("?kecil=1", SMALL_PX)):
        status, kept = await fetch(office, f"foto/{foto}.jpg{query}")
        assert status == 200
        assert WHERE not in kept
        picture = Image.open(io.BytesIO(kept))
        assert (picture.format, max(picture.size)) == ("JPEG", most)
        assert picture.height > picture.width
        assert not picture.getexif()
    notulis = await house.visit(Role.NOTULIS)
    _, told = await notulis.request("GET", f"api/v1/catatan/{note}")
    assert [(c["field"], c["new"]) for c in told["riwayat"]][-1] == ("foto", foto)
    camat = await house.account(Role.CAMAT, KEMIREN[:8])
    _, page = await camat.request("GET", f"usulan/{note}")
    assert f"/kerja/foto/{foto}.jpg" in page


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"%PDF-1.7 bukan foto", "Berkas itu bukan foto JPEG atau PNG."),
        (b"", "Pilih fotonya dulu."),
        (jpeg()[:3000], "Foto itu rusak; ambil lagi lalu coba lagi."),
        (bomb(), "Foto itu terlalu besar; ambil dengan ukuran lebih kecil."),
        (b"\xff\xd8\xff" + bytes(MOST_BYTES), "Foto itu lebih dari 15 MB."),
    ],
    ids=["no photo", "nothing", "cut off", "bomb", "too long"],
)
async def test_what_is_no_photo_is_refused_with_the_reason(house: House, body: bytes, sentence: str) -> None:
    note, notulis = await noted(house), await house.visit(Role.NOTULIS)
    status, answer = await put(notulis, note, body)
    assert (status, answer["fields"]) == (422, {"foto": sentence})
    assert (await notulis.request("GET", f"api/v1/catatan/{note}"))[1]["foto"] == []


async def test_a_note_has_three_photos_at_most_and_an_id_is_one_photos(house: House) -> None:
    note, notulis = await noted(house), await house.visit(Role.NOTULIS)
    first = str(uuid.uuid4())
    for number in range(MOST[FOTO]):
        assert (await put(notulis, note, jpeg("teal", (40, 20)), "" if number else first))[0] == 201
    assert (await put(notulis, note, jpeg()))[1]["code"] == "too_many"
    assert (await put(notulis, await noted(house), jpeg(), first))[1]["code"] == "conflict"


async def test_a_removed_photo_is_gone_from_the_disk_unless_it_is_anothers_too(house: House) -> None:
    one, other, notulis = await noted(house), await noted(house), await house.visit(Role.NOTULIS)
    a, b, body = str(uuid.uuid4()), str(uuid.uuid4()), jpeg("olive", (50, 30))
    await put(notulis, one, body, a)
    await put(notulis, other, body, b)
    album = house.app[ALBUM]
    files = [album.files.path(name) for name in ((await album.get(a)).berkas, (await album.get(a)).kecil)]
    assert (await notulis.request("DELETE", f"api/catatan/{one}/foto/{a}"))[1]["foto"] == []
    assert (await fetch(notulis, f"foto/{a}.jpg"))[0] == 404
    assert (await fetch(notulis, f"foto/{b}.jpg"))[0] == 200
    for _ in range(2):
        assert (await notulis.request("DELETE", f"api/catatan/{other}/foto/{b}"))[0] == 200
    assert not any(file.exists() for file in files)
    assert (await put(notulis, other, body, b))[1]["foto"] == []  # what was removed does not come back


async def test_whoever_may_not_read_the_note_sees_no_photo_of_it(house: House) -> None:
    note, notulis = await noted(house, spoken_at=5_000_000), await house.visit(Role.NOTULIS)
    foto = str(uuid.uuid4())
    await put(notulis, note, jpeg("teal", (40, 20)), foto)
    address = f"foto/{foto}.jpg"
    own, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
    camat = await house.account(Role.CAMAT, KEMIREN[:8])
    elsewhere = await house.account(Role.CAMAT, SARONGAN[:8])
    replay = f"sesi/{house.room_id}/foto/{foto}.jpg"
    assert [(await fetch(who, address))[0] for who in (own, notulis, camat, other, elsewhere)] == [
        200, 200, 200, 403, 403,
    ]  # fmt: skip
    assert (await fetch(elsewhere, replay))[
        0
    ] == 200  # in the replay of the session everybody's notes are told
    assert (await fetch(camat, f"sesi/lain/foto/{foto}.jpg"))[0] == 404
    assert (await put(other, note, jpeg()))[0] == 403
    operator = await house.visit(Role.OPERATOR)
    seal = {"seal_id": str(uuid.uuid4()), "from_ms": 4_999_000, "to_ms": 5_001_000, "alasan": "Ditarik"}
    await (await operator.connect()).command("seal_interval", **seal)
    assert [(await fetch(who, address))[0] for who in (own, operator, camat, notulis)] == [404, 404, 404, 200]
    assert (await fetch(await house.visit(PANITIA_IN_SESSION), address))[0] == 200
    _, listed = await own.request("GET", f"api/v1/catatan/{note}")
    assert listed["tertutup"]
    assert listed["foto"] == []


async def test_an_office_adds_no_photo_to_what_it_has_submitted(house: House) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    await office.request("POST", f"api/v1/catatan/{note}/konfirmasi")
    _, page = await office.request("GET", f"api/v1/catatan/{note}")
    form = {"version": str(page["version"]), "tindakan": "ajukan"}
    status, _ = await office.request("POST", f"usulan/{note}/putuskan", data=form)
    assert status == 303
    assert (await put(office, note, jpeg()))[1]["code"] == "wrong_stage"


async def test_what_is_submitted_while_a_photo_is_on_its_way_stays_as_it_was_submitted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, office = await noted(house), await house.visit(KEMIREN)
    album, body, begun = house.app[ALBUM], jpeg("maroon", (60, 40)), asyncio.Event()
    allowed = album.expects

    async def expects(*args: Any, **options: Any) -> bool:
        answer = await allowed(*args, **options)
        begun.set()
        return answer

    async def slowly() -> AsyncIterator[bytes]:
        yield body[:100]
        await begun.wait()
        await office.request("POST", f"api/v1/catatan/{note}/konfirmasi")
        _, page = await office.request("GET", f"api/v1/catatan/{note}")
        form = {"version": str(page["version"]), "tindakan": "ajukan"}
        assert (await office.request("POST", f"usulan/{note}/putuskan", data=form))[0] == 303
        yield body[100:]

    monkeypatch.setattr(album, "expects", expects)
    kept = sorted(album.files.path("x" * 64).parent.parent.rglob("*.jpg"))
    status, answer = await office.request("PUT", f"api/catatan/{note}/foto/{uuid.uuid4()}", data=slowly())
    assert (status, answer["code"]) == (409, "wrong_stage")
    assert (await office.request("GET", f"api/v1/catatan/{note}"))[1]["foto"] == []
    assert sorted(album.files.path("x" * 64).parent.parent.rglob("*.jpg")) == kept


async def test_the_address_of_photos_removes_no_document(house: House) -> None:
    note, panitia, letter = await noted(house), await house.visit(Role.PANITIA), str(uuid.uuid4())
    form = aiohttp.FormData()
    form.add_field("berkas", io.BytesIO(jpeg()), filename="surat")
    path = f"usulan/{note}/lampiran/surat_pengantar/{letter}"
    assert (await panitia.request("POST", path, data=form))[0] == 303
    for who in (Role.NOTULIS, Role.PANITIA, KEMIREN):
        visitor = await house.visit(who)
        status, told = await visitor.request("DELETE", f"api/catatan/{note}/foto/{letter}")
        assert (status, [one["id"] for one in told["lampiran"]]) == (200, [letter]), who
    assert (await fetch(panitia, f"lampiran/{letter}"))[0] == 200


async def test_programs_fetch_photos_within_their_session_while_the_words_are_open(house: House) -> None:
    note_id, foto_id = await noted(house, spoken_at=3_000_000), str(uuid.uuid4())
    notulis = await house.visit(Role.NOTULIS)
    status, _ = await notulis.request("PUT", f"api/catatan/{note_id}/foto/{foto_id}", data=jpeg())
    assert status == 201
    reader = await program(house, ("baca",))
    seen = []
    for path in (f"foto/{foto_id}", f"foto/{foto_id}?kecil=true"):
        url = reader.visitor.base.join(URL(path))
        async with reader.visitor.http.get(url, headers={"Authorization": f"Bearer {reader.secret}"}) as got:
            assert (got.status, got.content_type) == (200, "image/jpeg")
            seen.append(Image.open(io.BytesIO(await got.read())).size)
    assert seen[1] < seen[0]
    writer_only = await program(house, ("tulis",))
    assert (await writer_only.request("GET", f"foto/{foto_id}"))[0] == 403
    other = await furnish(house.app, house.plane, house.url, "Sesi lain")
    house.visitors += other.visitors
    elsewhere = await program(house, ("baca",), room_id=other.room_id)
    for asker, path in ((elsewhere, f"foto/{foto_id}"), (reader, f"foto/{uuid.uuid4()}")):
        assert (await asker.request("GET", path))[0] == 404
    assert (await reader.request("GET", f"foto/{foto_id}?besar=1"))[0] == 422
    line = await (await house.visit(Role.OPERATOR)).connect()
    seal = {"seal_id": str(uuid.uuid4()), "from_ms": 2_999_999, "to_ms": 3_000_001, "alasan": "ditarik"}
    await line.command("seal_interval", **seal)
    assert (await reader.request("GET", f"foto/{foto_id}"))[0] == 404
