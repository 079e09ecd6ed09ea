"""Slides come in as a PDF and go out as pages, each to whoever may see it; what is wrong is told."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from rooms.meeting import slides
from server.access import Role
from server.attachments import checking
from server.attachments.checker import MOST_TEXT
from server.keys import SLIDES
from tests.support.app import SARONGAN, Visitor, running
from tests.support.slides import deck_of, deck_saying

RED, BLUE = (200, 30, 30), (30, 30, 200)
XSS = "<img src=x onerror=alert(1)>.pdf"
LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(0123456789abcdef)(0123456789abcdef)]>>\n%%EOF"
)


async def brought(operator: Visitor, body: bytes, nama: str = "Arahan.pdf") -> tuple[int, Any]:
    return await operator.request("POST", "paparan", data=body, params={"nama": nama})


async def picture(visitor: Visitor, path: str) -> Image.Image | None:
    async with visitor.http.get(f"{visitor.base}{path}") as answer:
        if answer.status == 404:
            return None
        assert answer.status == 200
        assert answer.content_type == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "private" in answer.headers["Cache-Control"]
        return Image.open(io.BytesIO(await answer.read()))


async def test_pages_are_seen_by_all_once_they_were_shown_and_again_in_the_replay(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator, office = await house.opened(), await house.visit(SARONGAN)
        late = await (await house.visit(Role.LAYAR)).connect()
        status, deck = await brought(operator, deck_of(RED, BLUE), XSS)
        assert (status, deck["pages"]) == (201, 2)
        line = operator.sockets[0]
        await line.until("decks", lambda decks: decks)
        assert line.sections["decks"] == [{"deck_id": deck["deck_id"], "nama": XSS, "pages": 2}]
        page = f"paparan/{deck['deck_id']}/"
        assert await picture(office, f"{page}2-640.webp") is None, "nobody has seen it yet"
        before = await picture(operator, f"{page}2-640.webp")
        assert before is not None
        await line.command("show_slide", deck_id=deck["deck_id"], page=2)
        shown = {"deck_id": deck["deck_id"], "page": 2, "pages": 2}
        assert await late.until("slides", lambda value: value is not None) == shown
        assert "decks" not in late.sections
        for width, height in ((1280, 720), (640, 360)):
            seen = await picture(office, f"{page}2-{width}.webp")
            assert seen is not None
            assert seen.size == (width, height)
            pixel = seen.convert("RGB").getpixel((9, 9))
            assert isinstance(pixel, tuple)
            assert all(abs(a - b) < 20 for a, b in zip(pixel, BLUE, strict=True))
        for path in (f"{page}1-640.webp", f"{page}3-640.webp", "paparan/lain/1-640.webp"):
            assert await picture(office, path) is None

        await line.command("set_off_record", off_record=True)
        await line.command("show_slide", deck_id=deck["deck_id"], page=1)
        replay, camat = await house.visit(Role.REPLAY), await house.account(Role.CAMAT, SARONGAN[:8])
        hidden, kept_nowhere = (f"{page}1-640.webp", f"sesi/{house.room_id}/{page}1-640.webp"), "no-store"
        async with office.http.get(f"{office.base}{hidden[0]}") as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, kept_nowhere), (
                "while it is there"
            )
        broadcast = await house.visit(Role.SIARAN)
        assert await picture(broadcast, hidden[0]) is None, "nor is it broadcast"
        assert [await picture(replay, hidden[0]), await picture(camat, hidden[1])] == [None, None]
        await line.command("show_slide", deck_id=deck["deck_id"], page=2)
        assert await picture(office, hidden[0]) is None, "it was seen off the record alone"
        await line.command("show_slide", deck_id=deck["deck_id"], page=1)
        await line.command("set_off_record", off_record=False)
        assert await picture(camat, hidden[1]) is not None, "it was still there when the record went on"
        await line.command("stop_slides")
        _, timeline = await operator.request("GET", "api/timeline")
        assert [(span["page"], span["to"] is None) for span in timeline["slides"]] == [(2, False), (1, False)]
        first, second = timeline["slides"]
        assert first["from"] <= first["to"] <= second["from"] <= second["to"], (
            "but for what was off the record"
        )

        panitia = await house.visit(Role.PANITIA)
        assert await picture(panitia, f"sesi/{house.room_id}/{page}1-640.webp") is not None
        await line.command("close_meeting")
        decks = set(house.app[SLIDES].iterdir())
        assert (await brought(operator, b"not even looked at"))[1]["code"] == "closed"
        assert set(house.app[SLIDES].iterdir()) == decks, "what was not taken is not kept"


async def test_what_is_no_deck_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path) as house:
        operator = await house.opened()
        long_page = deck_of(RED, size=(50, 250))
        for body, sentence in (
            (b"", "Pilih berkasnya dulu"),
            (b"PK\x03\x04 pptx", "bukan PDF"),
            (b"%PDF-1.7 rusak", "rusak"),
            (LOCKED, "terkunci"),
            (long_page, "terlalu panjang"),
        ):
            status, told = await brought(operator, body)
            assert status == 422, told
            assert sentence in told["fields"]["berkas"]
        monkeypatch.setattr(checking, "MOST_DECK_BYTES", 100)
        assert "60 MB" in (await brought(operator, deck_of(RED)))[1]["fields"]["berkas"]
        monkeypatch.setattr(slides, "MOST_DECKS", 0)
        assert (await brought(operator, b"not even looked at"))[1]["code"] == "too_many"
        hall = await house.hall()
        assert not hall.room.meeting.slides.decks


async def test_a_deck_goes_but_for_what_was_seen_on_the_record(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator, office = await house.opened(), await house.visit(SARONGAN)
        line = operator.sockets[0]
        _, kept = await brought(operator, deck_of(RED, BLUE, RED))
        _, deck = await brought(operator, deck_of(RED, BLUE, RED))
        path, other = f"paparan/{deck['deck_id']}", f"paparan/{kept['deck_id']}"
        await line.command("show_slide", deck_id=deck["deck_id"], page=2)
        await line.command("set_off_record", off_record=True)
        await line.command("show_slide", deck_id=deck["deck_id"], page=3)
        assert (await operator.request("DELETE", path))[1]["code"] == "on_stage"
        assert (await office.request("DELETE", path))[0] == 403
        await line.command("show_slide", deck_id=kept["deck_id"], page=1)
        await line.command("set_off_record", off_record=False)
        for _ in range(2):
            assert (await operator.request("DELETE", path))[0] == 204
        assert (await operator.request("DELETE", "paparan/lain"))[0] == 404
        await line.until("decks", lambda decks: len(decks) == 1)
        assert {file.name for file in (house.app[SLIDES] / deck["deck_id"]).iterdir()} == {
            *(f"2-{width}.webp" for width in (1280, 640)),
            "2.txt",
        }
        for who in (operator, office):
            assert await picture(who, f"{path}/2-640.webp") is not None
            assert await picture(who, f"{path}/1-640.webp") is None
        assert await picture(operator, f"{other}/3-640.webp") is not None, "another deck notices nothing"
        _, timeline = await operator.request("GET", "api/timeline")
        assert (2, 3) in {(span["page"], span["pages"]) for span in timeline["slides"]}
        refused = await line.give("show_slide", deck_id=deck["deck_id"], page=2)
        assert refused["code"] == "unknown_deck"
        assert (await operator.request("DELETE", other))[0] == 409
        await line.command("stop_slides")
        _, unseen = await brought(operator, deck_of(RED))
        assert (await operator.request("DELETE", f"paparan/{unseen['deck_id']}"))[0] == 204
        assert not (house.app[SLIDES] / unseen["deck_id"]).exists()


async def test_what_stands_on_a_page_is_told_to_who_may_see_it(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator, office = await house.opened(), await house.visit(SARONGAN)
        words = ("Arah kebijakan 2028", "panjang " * 500)
        _, deck = await brought(operator, deck_saying(*words))
        path = f"paparan/{deck['deck_id']}"
        assert (await operator.request("GET", f"{path}/1.txt")) == (200, words[0])
        status, text = await operator.request("GET", f"{path}/2.txt")
        assert (status, len(text)) == (200, MOST_TEXT)
        assert (await office.request("GET", f"{path}/1.txt"))[0] == 404
        await operator.sockets[0].command("show_slide", deck_id=deck["deck_id"], page=1)
        assert (await office.request("GET", f"{path}/1.txt")) == (200, words[0])
        assert (await office.request("GET", f"{path}/2.txt"))[0] == 404
        _, silent = await brought(operator, deck_of(RED))
        assert (await operator.request("GET", f"paparan/{silent['deck_id']}/1.txt")) == (200, "")
