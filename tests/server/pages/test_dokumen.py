"""The papers of a session as the Panitia gets them: drafted after the close, by version, all as one batch."""

import asyncio
import io
import itertools
import uuid
import zipfile
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import FormData
from PIL import Image

from server.access import Role
from server.attachments.files import Files
from server.kept import WORKSHOP
from server.papers.making import BeingMade, Workshop
from server.papers.press import Press
from server.store.engine import Database
from server.store.paper_tables import papers
from server.store.papers import GAGAL, JADI, MENUNGGU
from tests.support.app import KEMIREN, PATIENCE_S, SARONGAN, TEMBOKREJO, House, Visitor, running
from tests.support.pdf import pages_of, squeezed, text_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER = itertools.count(1_900_000_000_000)
OFFICES = (SARONGAN, TEMBOKREJO, KEMIREN)
TOPIC, SAID = "Jembatan #panic() Rajegwesi", "Dermaga kami rusak, Pak."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Sarongan spoke by telephone, one usulan was noted, and the session was closed."""
    async with running(tmp_path_factory.mktemp("dokumen")) as house:
        operator = (await house.opened()).sockets[0]
        person, turn = str(uuid.uuid4()), str(uuid.uuid4())
        await operator.command("register_peserta", peserta_id=person, seat_id=SARONGAN, nama="Bu Sri")
        await operator.command(
            "request_turn", request_id=str(uuid.uuid4()), seat_id=SARONGAN, peserta_id=person, topic=TOPIC
        )
        await operator.command("call_seat", turn_id=turn, seat_id=SARONGAN, media="lewat_telepon")
        await note(house, SARONGAN, SAID)
        await operator.command("end_turn", turn_id=turn)
        await operator.command("close_meeting")
        yield house


async def note(house: House, seat_id: str, ucapan: str) -> None:
    notulis = await house.visit(Role.NOTULIS)
    body = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": ucapan,
        "instant": {"seat_id": seat_id, "spoken_at": (await house.hall()).room.meeting.state.last_at},
    }
    status, answer = await notulis.request("POST", "api/v1/catatan", json=body)
    assert status == 201, answer


async def drafted(house: House) -> Workshop:
    """The workshop, once everything that the close set going is made."""
    workshop = house.app[WORKSHOP]
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if await workshop.papers.batches(house.room_id):
                await workshop.settled()
                return workshop
            await asyncio.sleep(0.05)  # the server looks once a second


async def fetch(visitor: Visitor, path: str) -> bytes:
    async with visitor.http.get(f"{visitor.base}{path}") as answer:
        assert answer.status == 200, await answer.text()
        assert "attachment" in answer.headers["Content-Disposition"]
        return await answer.read()


async def test_the_drafts_are_there_after_the_close_without_anybody_asking(house: House) -> None:
    await drafted(house)
    panitia = await house.visit(Role.PANITIA)
    status, page = await panitia.request("GET", f"sesi/{house.room_id}/dokumen")
    assert status == 200
    assert page.count("Versi 1") == 4
    assert "0 dari 3 kantor sudah ada" in page
    notulen = text_of(await fetch(panitia, f"sesi/{house.room_id}/dokumen/notulen/-/1.pdf"))
    for words in (TOPIC, SAID, "Bu Sri", "Sarongan, Kec. Pesanggaran", "telepon, selesai"):
        assert squeezed(words) in notulen
    assert "SEMENTARA" not in notulen


async def test_all_berita_acara_in_one_batch_and_one_zip(house: House) -> None:
    workshop = await drafted(house)
    panitia = await house.visit(Role.PANITIA)
    status, _ = await panitia.request("GET", f"sesi/{house.room_id}/dokumen/berita_acara.zip")
    assert status == 404
    status, _ = await panitia.request("POST", f"sesi/{house.room_id}/dokumen/berita_acara")
    assert status == 303
    status, now = await panitia.request("GET", f"sesi/{house.room_id}/dokumen/kemajuan")
    assert (status, now["semua"]) == (200, 3)
    await workshop.settled()
    _, now = await panitia.request("GET", f"sesi/{house.room_id}/dokumen/kemajuan")
    assert now == {"berjalan": False, "semua": 3, "jadi": 3, "gagal": 0}
    packed = zipfile.ZipFile(
        io.BytesIO(await fetch(panitia, f"sesi/{house.room_id}/dokumen/berita_acara.zip"))
    )
    assert packed.testzip() is None
    assert sorted(packed.namelist()) == [
        "berita_acara-Kemiren-Kec.-Glagah-35.10.15.2004-v1.pdf",
        "berita_acara-Sarongan-Kec.-Pesanggaran-35.10.01.2001-v1.pdf",
        "berita_acara-Tembokrejo-Kec.-Muncar-35.10.05.2003-v1.pdf",
    ]
    texts = {name: text_of(packed.read(name)) for name in packed.namelist()}
    assert [name for name, text in texts.items() if squeezed(SAID) in text] == [sorted(texts)[1]]


async def test_a_new_version_only_when_something_changed_and_old_ones_stay(house: House) -> None:
    workshop = await drafted(house)
    panitia = await house.visit(Role.PANITIA)
    which, address = ("daftar_usulan", ""), f"sesi/{house.room_id}/dokumen/daftar_usulan/-"
    before = await fetch(panitia, f"{address}/1.pdf")
    for _ in range(2):
        assert (await panitia.request("POST", address))[0] == 303
        await workshop.settled()
    assert [paper.version for paper in await workshop.papers.versions(house.room_id, which)] == [1]
    await note(house, KEMIREN, "Balai budaya Osing")
    await panitia.request("POST", address)
    await workshop.settled()
    assert [paper.version for paper in await workshop.papers.versions(house.room_id, which)] == [2, 1]
    assert squeezed("Balai budaya Osing") in text_of(await fetch(panitia, f"{address}/2.pdf"))
    assert await fetch(panitia, f"{address}/1.pdf") == before
    _, page = await panitia.request("GET", address)
    assert page.index("Versi 2") < page.index("Versi 1")


async def test_words_put_differently_stand_in_the_next_version_with_their_history(house: House) -> None:
    workshop = await drafted(house)
    panitia = await house.visit(Role.PANITIA)
    address = f"sesi/{house.room_id}/dokumen/siaran_pers"
    status, page = await panitia.request("GET", f"{address}/kata")
    assert (status, "Paragraf pertama" in page) == (200, True)
    form = {"kata.pengantar": "Banyuwangi #let <b> {judul}", "versi.kata.pengantar": "0"}
    assert (await panitia.request("POST", f"{address}/kata", data=form))[0] == 303
    await panitia.request("POST", f"{address}/-")
    await workshop.settled()
    which = ("siaran_pers", "")
    newest = (await workshop.papers.newest(house.room_id))[which]
    body = await fetch(panitia, f"{address}/-/{newest.version}.pdf")
    assert squeezed("Banyuwangi #let <b> Musrenbang uji") in text_of(body)
    again = form | {"kata.pengantar": "Oleh yang lain"}
    assert (await panitia.request("POST", f"{address}/kata", data=again))[0] == 409
    again["versi.kata.pengantar"] = "1"
    assert (await panitia.request("POST", f"{address}/kata", data=again))[0] == 303
    _, page = await panitia.request("GET", f"{address}/kata")
    assert page.rindex("Oleh yang lain") < page.rindex("Banyuwangi #let &lt;b&gt;")
    kept = await workshop.entries.history(house.room_id, which)
    assert [(entry.name, entry.version) for entry in kept] == [("kata.pengantar", 2), ("kata.pengantar", 1)]


@pytest.mark.parametrize("text", ["x" * 4001, "a\x00b", "a\u2028b"])
async def test_words_that_cannot_be_kept_are_refused_and_nothing_is_written(house: House, text: str) -> None:
    panitia, which = await house.visit(Role.PANITIA), ("notulen", "")
    form = {"kata.penutup": "Demikian.", "kata.pembuka": text}
    status, _ = await panitia.request("POST", f"sesi/{house.room_id}/dokumen/notulen/kata", data=form)
    assert status == 422
    assert await house.app[WORKSHOP].entries.current(house.room_id, which) == {}


async def test_signers_have_a_name_on_the_paper_and_a_state_beside_it(house: House) -> None:
    workshop = await drafted(house)
    panitia = await house.visit(Role.PANITIA)
    address = f"sesi/{house.room_id}/dokumen/berita_acara/{TEMBOKREJO}"
    form = {"nama.kepala_desa": "Suparman", "ttd.kepala_desa": "tangan", "nama.lurah": "bukan di desa"}
    assert (await panitia.request("POST", f"{address}/tanda-tangan", data=form))[0] == 303
    _, page = await panitia.request("GET", address)
    assert "Kepala Desa: Suparman" in page
    assert "Kepala Desa: Sudah, dengan tangan" in page
    await panitia.request("POST", address)
    await workshop.settled()
    which = ("berita_acara", TEMBOKREJO)
    newest = (await workshop.papers.newest(house.room_id))[which]
    assert "Suparman" in text_of(await fetch(panitia, f"{address}/{newest.version}.pdf"))
    assert set(await workshop.entries.current(house.room_id, which)) == {
        "nama.kepala_desa",
        "ttd.kepala_desa",
    }
    wrong = {"ttd.ketua_bpd": "mungkin"}
    assert (await panitia.request("POST", f"{address}/tanda-tangan", data=wrong))[0] == 422


def picture(kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "white").save(file, kind, **options)
    return file.getvalue()


async def attach(visitor: Visitor, address: str, body: bytes) -> tuple[int, Any]:
    form = FormData()
    form.add_field("berkas", io.BytesIO(body), filename="x.pdf", content_type="application/pdf")
    return await visitor.request("POST", f"{address}/pindaian", data=form)


async def test_scans_of_what_was_signed_are_attached_and_handed_out(house: House) -> None:
    workshop = await drafted(house)
    panitia, which = await house.visit(Role.PANITIA), ("notulen", "")
    address = f"sesi/{house.room_id}/dokumen/notulen/-"
    paper = await fetch(panitia, f"{address}/1.pdf")
    secret = Image.Exif()
    secret[0x010E] = "rahasia"
    for body in (paper, picture("PNG"), picture("JPEG", exif=secret)):
        assert (await attach(panitia, address, body))[0] == 303
    newest, _, first = await workshop.scans.of(house.room_id, which)
    assert (first.pages, first.berkas[-4:], newest.berkas[-4:]) == (
        len(pages_of(paper)),
        ".pdf",
        ".jpg",
    )
    assert await fetch(panitia, f"{address}/pindaian/{first.id}") == paper
    assert b"rahasia" not in await fetch(panitia, f"{address}/pindaian/{newest.id}")
    other = f"sesi/{house.room_id}/dokumen/daftar_hadir/-/pindaian/{first.id}"
    assert (await panitia.request("GET", other))[0] == 404


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Pilih berkasnya dulu."),
        (b"<html>%PDF-1.7", "bukan PDF, JPEG atau PNG"),
        (b"%PDF-1.7\nrusak", "rusak atau terkunci"),
        (picture("PNG")[:60], "rusak atau terkunci"),
        (picture("PNG", (20_000, 5_000)), "Gambar itu terlalu besar"),
        (b"%PDF-" + bytes(15 * 1024 * 1024), "lebih dari 15 MB"),
    ],
    ids=["none", "kind", "pdf", "png", "bomb", "size"],
)
async def test_what_is_no_scan_is_refused_with_the_reason(house: House, body: bytes, sentence: str) -> None:
    workshop, panitia = await drafted(house), await house.visit(Role.PANITIA)
    status, page = await attach(panitia, f"sesi/{house.room_id}/dokumen/daftar_usulan/-", body)
    assert (status, sentence in page) == (422, True), page
    assert await workshop.scans.of(house.room_id, ("daftar_usulan", "")) == []


async def test_a_message_for_each_desa_and_each_camat(house: House) -> None:
    await drafted(house)
    panitia = await house.visit(Role.PANITIA)
    status, page = await panitia.request("GET", f"sesi/{house.room_id}/dokumen/ringkasan")
    assert status == 200
    camat, desa = (
        unescape(page.split(f'id="p-{who}"')[1].split("</textarea>")[0])
        for who in ("Camat Pesanggaran", "Sarongan, Kec. Pesanggaran")
    )
    assert "Kecamatan Pesanggaran" in camat.splitlines()
    assert "- Sarongan: 1" in camat.splitlines()
    assert f"1. {SAID} (menunggu)" in desa.splitlines()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "dokumen/notulen/-/99.pdf"),
        ("GET", "dokumen/surat_sakti/-"),
        ("GET", "dokumen/notulen/35.10.15.2004"),
        ("GET", "dokumen/berita_acara/-"),
        ("GET", "dokumen/berita_acara/aula"),
        ("POST", "dokumen/berita_acara/35.10.99.9999"),
        ("POST", "dokumen/notulen"),
        ("GET", "dokumen/notulen.zip"),
    ],
)
async def test_what_is_no_paper_of_this_session_is_not_there(house: House, method: str, path: str) -> None:
    status, page = await (await house.visit(Role.PANITIA)).request(method, f"sesi/{house.room_id}/{path}")
    assert status == 404
    assert "tidak ada" in page


async def test_a_rehearsal_leaves_no_papers(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        panitia = await house.visit(Role.PANITIA)
        status, page = await panitia.request("POST", f"sesi/{house.room_id}/dokumen/notulen/-")
        assert (status, "gladi" in page) == (409, True)


async def test_a_paper_of_a_session_that_runs_says_so(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        panitia = await house.visit(Role.PANITIA)
        await panitia.request("POST", f"sesi/{house.room_id}/dokumen/notulen/-")
        await house.app[WORKSHOP].settled()
        body = await fetch(panitia, f"sesi/{house.room_id}/dokumen/notulen/-/1.pdf")
        assert squeezed("SEMENTARA: sesi belum ditutup") in text_of(body)


async def test_what_was_cut_short_goes_on_and_nothing_is_made_twice(house: House, tmp_path: Path) -> None:
    """One that ends in the middle and another that takes over, on one database."""
    await drafted(house)
    first, second = shop(house, tmp_path, Press(at_once=1)), shop(house, tmp_path, Press())
    wanted = [("berita_acara", seat) for seat in OFFICES] + [("siaran_pers", ""), ("notulen", "")]
    await forget(house)
    batch = await first.begin(house.room_id, wanted, by="uji")
    with pytest.raises(BeingMade):
        await first.begin(house.room_id, wanted[:1], by="lain")
    done: set[tuple[str, str]] = set()
    while len(done) < 2:
        await asyncio.sleep(0)
        now = next(b for b in await first.papers.unfinished() if b.id == batch.id)
        done = {which for which, state in now.states.items() if state == JADI}
    await first.close()
    kept = written(tmp_path)
    (left,) = await first.papers.unfinished()
    assert 0 < left.number(MENUNGGU) < len(wanted)
    await second.resume()
    await second.settled()
    assert await second.papers.unfinished() == []
    newest = await second.papers.newest(house.room_id)
    assert {newest[which].version for which in wanted} == {1}
    assert kept.items() <= written(tmp_path).items()


async def test_what_cannot_be_printed_is_marked_and_can_be_tried_again(house: House, tmp_path: Path) -> None:
    await drafted(house)
    broken, sound = (
        shop(house, tmp_path, Press(memory_bytes=64 * 1024 * 1024)),
        shop(house, tmp_path, Press()),
    )
    await forget(house)
    wanted = [("siaran_pers", ""), ("daftar_hadir", "")]
    batch = await broken.begin(house.room_id, wanted, by="uji")
    await broken.settled()
    found = next(b for b in await broken.papers.batches(house.room_id) if b.id == batch.id)
    assert set(found.states.values()) == {GAGAL}
    _, page = await (await house.visit(Role.PANITIA)).request("GET", f"sesi/{house.room_id}/dokumen")
    assert "2 dokumen gagal dibuat" in page
    await sound.begin(house.room_id, wanted, by="uji")
    await sound.settled()
    assert set(await sound.papers.newest(house.room_id)) == set(wanted)


def written(folder: Path) -> dict[Path, int]:
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*.pdf")}


def shop(house: House, folder: Path, press: Press) -> Workshop:
    return Workshop(database(house), Files(folder), press, lambda: next(LATER), lambda: str(uuid.uuid4()))


def database(house: House) -> Database:
    return house.app[WORKSHOP].database


async def forget(house: House) -> None:
    """As if nothing had been made yet."""
    async with database(house).write() as connection:
        await connection.execute(papers.delete())
