"""``rembug hapus``: what people ask to be erased is gone from tables, files and papers; the proof stays."""

import threading
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import typer

from rooms.ids import RoomId
from server.access import Role
from server.cli_data import catatan, orang, pindaian
from server.kept import ALBUM, JOURNAL, WORKSHOP
from server.papers.making import Workshop
from server.store import engine
from server.store import erasure as store
from tests.support.app import KEMIREN, SARONGAN, House, running
from tests.support.pdf import squeezed, text_of
from tests.support.photo import jpeg
from tests.support.slides import deck_of

SAID, NAME, TOPIC, KEPT = (
    "Gudang es Wagino terbakar",
    "Bu Sri Lestari",
    "Utang keluarga",
    "Balai budaya Osing",
)
PHONE = "0812 9999 0000"
PAPERS = (("notulen", ""), ("daftar_usulan", ""), ("daftar_hadir", ""), ("berita_acara", SARONGAN))


async def noted(house: House, kode: str, ucapan: str, **more: Any) -> str:
    notulis, id_ = await house.visit(Role.NOTULIS), str(uuid.uuid4())
    at = (await house.hall()).room.meeting.state.last_at
    body = {"id": id_, "jenis": "usulan", "ucapan": ucapan, "instant": {"seat_id": kode, "spoken_at": at}}
    assert (await notulis.request("POST", "api/v1/catatan", json=body | more))[0] == 201
    return id_


async def held(house: House) -> tuple[str, str]:
    """A meeting with a person who spoke, a note with photo and history, one besides; papers of it all."""
    operator = (await house.opened()).sockets[0]
    person, turn = str(uuid.uuid4()), str(uuid.uuid4())
    await operator.command("register_peserta", peserta_id=person, seat_id=SARONGAN, nama=NAME)
    asked = {"request_id": str(uuid.uuid4()), "seat_id": SARONGAN, "peserta_id": person, "topic": TOPIC}
    await operator.command("request_turn", **asked)
    await operator.command("call_seat", turn_id=turn, seat_id=SARONGAN, media="lewat_telepon")
    reached = {"kontak": f"{NAME}, {PHONE}", "lat": -8.712345, "lng": 114.0}
    note = await noted(house, SARONGAN, SAID, pengusul_nama=NAME, **reached)
    await noted(house, KEMIREN, KEPT)
    office = await house.visit(SARONGAN)
    present = {"version": 0, "nama": NAME, "jenis_kelamin": "P", "jabatan": "Ketua PKK"}
    assert (await office.request("PUT", f"api/v1/sidang/hadir/{uuid.uuid4()}", json=present))[0] == 200
    assert (await office.request("PUT", "api/v1/sidang", json={"version": 0, "pimpinan": NAME}))[0] == 200
    asked_for_help = {"id": str(uuid.uuid4()), "teks": f"Mikrofon {NAME} mati"}
    assert (await office.request("POST", "api/bantuan", json=asked_for_help))[0] == 201
    notulis = await house.visit(Role.NOTULIS)
    change = {"version": 1, "judul": SAID}
    assert (await notulis.request("PATCH", f"api/v1/catatan/{note}", json=change))[0] == 200
    draft = {"draft": {"edits": {"id": note}, "typed": {"ucapan": SAID}}}
    assert (await notulis.request("PUT", "api/konsep/k", json={"body": draft}))[0] == 200
    status, _ = await notulis.request("PUT", f"api/catatan/{note}/foto/{uuid.uuid4()}", data=jpeg())
    assert status == 201
    # Whatever shape a link's drafts have, they keep nobody from erasing, and those that name the note go
    shapes = ({"draft": "x"}, {"draft": {"edits": [1]}}, {"draft": [[{"lain": {"nomor": note}}, SAID]]})
    for number, shape in enumerate(shapes):
        assert (await office.request("PUT", f"api/konsep/{number}", json=shape))[0] == 200
    rab = aiohttp.FormData()
    rab.add_field("berkas", deck_of((9, 9, 9)), filename="rab.pdf")
    status, _ = await office.request("POST", f"usulan/{note}/lampiran/rab/{uuid.uuid4()}", data=rab)
    assert status == 303
    await operator.command("end_turn", turn_id=turn)
    await operator.command("close_meeting")
    workshop = house.app[WORKSHOP]
    await workshop.begin(house.room_id, PAPERS, by="uji")
    await workshop.settled()
    return str(house.room_id), note


async def told(workshop: Workshop, room_id: str, which: Sequence[tuple[str, str]] = PAPERS) -> str:
    """The text of the newest version of each paper."""
    newest = await workshop.papers.newest(room_id)
    return "".join(text_of(workshop.files.path(newest[one].berkas).read_bytes()) for one in which)


def files_in(directory: Path, *folders: str) -> set[Path]:
    return {file for folder in folders for file in (directory / folder).rglob("*") if file.is_file()}


def database_bytes(directory: Path) -> bytes:
    return b"".join(file.read_bytes() for file in directory.glob("rembug.db*"))


def stored(words: str) -> tuple[bytes, ...]:
    """As tables have them, and as the index has the rarest of them."""
    return words.encode(), words.split()[2].lower().encode()


async def erased(directory: Path) -> tuple[str, str, set[Path]]:
    """A meeting is held, the server stops, its note is erased: session, note, and files before that."""
    async with running(directory) as house:
        room_id, note = await held(house)
        text = await told(house.app[WORKSHOP], room_id)
        assert all(squeezed(words) in text for words in (SAID, NAME, TOPIC, KEPT))
    return room_id, note, files_in(directory, "papers", "foto")


def in_a_thread(command: Any, *words: str, **options: Any) -> None:
    """Commands of the terminal have an event loop of their own."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            command(*words, **options)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


async def test_a_notes_words_go_from_tables_photos_and_papers(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    room_id, note, before = await erased(tmp_path)
    for command, words in ((catatan, ["tidak-ada"]), (orang, [room_id, "Tidak Ada"])):
        with pytest.raises(typer.Exit):
            in_a_thread(command, *words, alasan="x", data_dir=tmp_path)
        assert "tidak ditemukan" in capfd.readouterr().err
    assert all(file.exists() for file in before)
    assert SAID.encode() in database_bytes(tmp_path)
    assert PHONE.encode() in database_bytes(tmp_path)
    in_a_thread(catatan, note, alasan="Surat 12/2027", data_dir=tmp_path)
    assert not any(words in database_bytes(tmp_path) for words in (*stored(SAID), PHONE.encode()))
    assert not any(file.exists() for file in before)
    async with running(tmp_path) as house:
        workshop = house.app[WORKSHOP]
        await workshop.settled()
        text = await told(workshop, room_id)
        assert squeezed(SAID) not in text
        assert squeezed(KEPT) in text
        newest = await workshop.papers.newest(room_id)
        assert {newest[which].version for which in PAPERS} == {2}
        panitia = await house.visit(Role.PANITIA)
        address = f"sesi/{room_id}/dokumen/daftar_usulan/-"
        assert (await panitia.request("GET", f"{address}/1.pdf"))[0] == 410
        assert "Dihapus atas permintaan" in (await panitia.request("GET", address))[1]
        _, shown = await panitia.request("GET", f"api/v1/catatan/{note}")
        assert (shown["judul"], shown["ucapan"], shown["foto"], shown["lampiran"]) == (
            "(dihapus)",
            "",
            [],
            [],
        )
        proof = shown["riwayat"][-1]
        assert (proof["field"], proof["by"], proof["note"]) == ("dihapus", "rembug hapus", "Surat 12/2027")
        assert (await panitia.request("GET", "api/v1/catatan?q=wagino"))[1]["items"] == []
        assert await house.app[JOURNAL].verify(RoomId(room_id))
        assert list(house.app[ALBUM].files.path("x").parent.parent.rglob("*.*")) == []


async def test_a_person_goes_from_journal_notes_and_papers_and_the_chain_still_verifies(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    room_id, note, before = await erased(tmp_path)
    in_a_thread(orang, room_id, NAME.upper(), alasan="Surat 13/2027", data_dir=tmp_path)
    assert f"usulan/{note}" in capfd.readouterr().out, "its RAB may name the person"
    content = database_bytes(tmp_path)
    assert not any(words.encode() in content for words in (NAME, TOPIC, "Lestari", "lestari"))
    assert SAID.encode() in content
    assert not any(file.exists() for file in before if "papers" in file.parts)
    async with running(tmp_path) as house:
        workshop = house.app[WORKSHOP]
        await workshop.settled()
        text = await told(workshop, room_id)
        assert squeezed(SAID) in text
        assert not any(squeezed(words) in text for words in (NAME, TOPIC))
        assert await house.app[JOURNAL].verify(RoomId(room_id))


@pytest.mark.parametrize("gone", ["index", "pages"])
async def test_words_that_are_only_unlinked_are_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    """The sabotaged control: the index as it was, or SQLite's usual way of deleting."""

    async def nothing(_: object) -> None:
        return

    if gone == "index":
        monkeypatch.setattr(store, "forget_index", nothing)
    else:
        monkeypatch.setattr(engine, "WRITER_PRAGMAS", (*engine.WRITER_PRAGMAS, "secure_delete=OFF"))
    _, note, _ = await erased(tmp_path)
    in_a_thread(catatan, note, alasan="x", data_dir=tmp_path)
    assert any(words in database_bytes(tmp_path) for words in stored(SAID))


async def test_a_signed_scan_goes_by_its_number_and_what_was_left_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    signed = (f"dokumen/berita_acara/{SARONGAN}", f"dokumen/berita_acara/{KEMIREN}")
    async with running(tmp_path) as house:
        room_id, note = await held(house)
        panitia = await house.visit(Role.PANITIA)
        for address in signed:
            form = aiohttp.FormData()
            form.add_field("berkas", jpeg(), filename="ttd.jpg")
            status, _ = await panitia.request("POST", f"sesi/{room_id}/{address}/pindaian", data=form)
            assert status == 303
    in_a_thread(catatan, note, alasan="Surat 14/2027", data_dir=tmp_path)
    out = capfd.readouterr().out
    assert "Cadangan" in out
    assert "Rekaman" in out
    (command,) = [line for line in out.splitlines() if f"berita_acara {SARONGAN}" in line]
    scan_id, scans = command.split()[3], files_in(tmp_path, "papers")
    in_a_thread(pindaian, scan_id, alasan="Surat 15/2027", data_dir=tmp_path)
    with pytest.raises(typer.Exit):
        in_a_thread(pindaian, scan_id, alasan="Surat 15/2027", data_dir=tmp_path)
    assert files_in(tmp_path, "papers") == scans, "both offices attached the same picture: one file"
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        (mine, others) = [f"sesi/{room_id}/{address}" for address in signed]
        _, page = await panitia.request("GET", mine)
        assert "Pindaian dihapus: Surat 15/2027" in page
        assert f"pindaian/{scan_id}" not in page
        assert (await panitia.request("GET", f"{mine}/pindaian/{scan_id}"))[0] == 410
        other_id = (await panitia.request("GET", others))[1].partition("/pindaian/")[2].partition('"')[0]
    in_a_thread(pindaian, other_id, alasan="Surat 16/2027", data_dir=tmp_path)
    assert len(scans - files_in(tmp_path, "papers")) == 1
