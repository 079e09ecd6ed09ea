"""Invitations: sheets whose QR is the office's link, messages, a calendar entry, the code at the door."""

import html
import re
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
import zxingcpp
from icalendar import Calendar
from pypdfium2 import PdfDocument

from server.access import Role
from server.auth.attempts import CODE_HERE
from server.invitations.calendar import ics
from server.invitations.invited import Event, Invitation
from server.invitations.messages import HALL_SOUND, for_all, for_office
from server.invitations.sheets import KEPT_MS, Sheets, joined
from server.kept import SHEETS
from server.papers.press import Press
from tests.support.app import SARONGAN, TEMBOKREJO, House, Visitor, running
from tests.support.clock import VirtualClock
from tests.support.pdf import pages_of, squeezed

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = "<img src=x onerror=alert(1)> #panic() \\ *[Desa]* 🏛️"
EVENT = Event(
    "Musrenbang 2028", date(2027, 1, 15), "08:30", "12:00", "0812-3456-7890", "https://rembug.example", False
)


def invitation(number: int, nama: str = "Sarongan, Kec. Pesanggaran") -> Invitation:
    return Invitation(
        f"k{number}", nama, "Pesanggaran", f"https://rembug.example/m/{number:032d}", "K7MP-3RTX"
    )


def codes_of(pdf: bytes, first: int = 0) -> list[list[str]]:
    """What a telephone's camera reads on each page, from one on."""
    document = PdfDocument(pdf)
    pages = [document[number] for number in range(first, len(document))]
    return [[found.text for found in zxingcpp.read_barcodes(p.render(scale=1.2).to_pil())] for p in pages]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("undangan"), public_url="http://rembug.example") as house:
        yield house


async def fetch(visitor: Visitor, path: str) -> tuple[int, bytes]:
    async with visitor.http.get(f"{visitor.base}{path}", allow_redirects=False) as answer:
        return answer.status, await answer.read()


async def test_every_sheet_has_the_code_of_its_own_office(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    base = f"sesi/{house.room_id}/undangan"
    assert (await fetch(panitia, f"{base}/lembar.pdf"))[0] == 404
    assert (await panitia.request("POST", f"{base}/lembar"))[0] == 303
    await house.app[SHEETS].settled()
    assert (await panitia.request("GET", f"{base}/kemajuan"))[1] == {
        "berjalan": False,
        "semua": 4,
        "jadi": 4,
        "gagal": 0,
    }
    _, pdf = await fetch(panitia, f"{base}/lembar.pdf")
    seats = ["aula", *sorted(k for k in house.tokens if k.startswith("35."))]
    links = [f"http://rembug.example/m/{house.tokens[seat]}" for seat in seats]
    assert codes_of(pdf) == [[link] for link in links]
    _, page = await panitia.request("GET", base)
    shown = [html.unescape(code) for code in re.findall(r'class="code".*?</span>([^<]+)</span>', page)]
    texts = [squeezed(text) for text in pages_of(pdf)]
    for label, code, text in zip(
        ("LEMBAR AULA", "Sarongan", "Tembokrejo", "Kemiren"), shown, texts, strict=True
    ):
        assert squeezed(label) in text
        assert code in text
        assert "Jumat,15Januari2027" in text
    _, single = await fetch(panitia, f"{base}/{SARONGAN}.pdf")
    assert codes_of(single) == [links[1:2]]
    # Another sheet in its place would be noticed.
    assert codes_of(single) != [links[2:3]]
    # The hall's says which source of sound to choose; no office's does.
    _, hall = await fetch(panitia, f"{base}/aula.pdf")
    assert codes_of(hall) == [links[:1]]
    for source, _ in HALL_SOUND:
        assert [squeezed(source) in text for text in texts] == [True, False, False, False]


async def test_a_renewed_link_takes_its_sheet_along(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    base = f"sesi/{house.room_id}"
    await panitia.request("POST", f"{base}/undangan/lembar")
    await house.app[SHEETS].settled()
    old = house.tokens[TEMBOKREJO]
    _, page = await panitia.request("GET", base)
    row = next(row for row in page.split('<li class="link"') if old in row)
    found = re.search(r"/tautan/(\w+)/cabut", row)
    assert found is not None
    assert (await panitia.request("POST", f"{base}/tautan/{found[1]}/baru"))[0] == 303
    assert (await fetch(panitia, f"{base}/undangan/lembar.pdf"))[0] == 404
    _, page = await panitia.request("GET", f"{base}/undangan")
    assert old not in page
    (link,) = codes_of((await fetch(panitia, f"{base}/undangan/{TEMBOKREJO}.pdf"))[1])[0]
    house.tokens[TEMBOKREJO] = link.rpartition("/")[2]
    assert (await house.visit(TEMBOKREJO)).base.path.startswith("/s/")


async def test_the_short_code_lets_its_office_in(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    _, page = await panitia.request("GET", f"sesi/{house.room_id}/undangan")
    found = re.search(rf'data-testid="kode-{SARONGAN}">.*?</span>([^<]+)</span>', page)
    assert found is not None
    stranger = Visitor(house.url, "")
    house.visitors.append(stranger)
    url, headers = house.url / "", {"Origin": stranger.origin}
    typed = found[1].lower().replace("-", " ")
    async with stranger.http.post(
        url, data={"kode": typed}, headers=headers, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        base = answer.headers["Location"]
    office = await house.visit(SARONGAN)
    assert base == office.base.path
    async with stranger.http.get(house.url.join(office.base)) as answer:
        assert "Sarongan, Kec. Pesanggaran" in await answer.text()
    for wrong, status in (("", 422), ("K7MP", 422), ("00000000", 422), ("<b>x</b>", 422)):
        async with stranger.http.post(url, data={"kode": wrong}, headers=headers) as answer:
            text = await answer.text()
            assert (answer.status, "salah-kode" in text) == (status, True)
            assert "<b>x</b>" not in text
    async with stranger.http.post(url, data={"kode": typed}, headers={"Origin": "https://lain.example"}) as a:
        assert a.status == 403


async def test_behind_a_proxy_one_who_guesses_codes_holds_back_himself_alone(tmp_path: Path) -> None:
    """A hostile client behind a proxy, and an office elsewhere that types its code meanwhile."""
    async with running(tmp_path, proxies="127.0.0.1, ::1") as house:
        _, page = await (await house.visit(Role.PANITIA)).request("GET", f"sesi/{house.room_id}/undangan")
        found = re.search(rf'data-testid="kode-{SARONGAN}">.*?</span>([^<]+)</span>', page)
        assert found is not None
        visitor = Visitor(house.url, "")
        house.visitors.append(visitor)

        async def status(client: str, kode: str) -> int:
            headers = {"Origin": visitor.origin, "X-Forwarded-For": client}
            url, typed = house.url / "", {"kode": kode}
            async with visitor.http.post(url, data=typed, headers=headers, allow_redirects=False) as answer:
                return answer.status

        guesses = [await status("198.51.100.1", "00000000") for _ in range(CODE_HERE.at_once + 1)]
        assert guesses == [422] * CODE_HERE.at_once + [429]
        assert await status("198.51.100.1", found[1]) == 429
        assert await status("203.0.113.7", found[1]) == 303


async def test_the_sheets_are_the_panitias_alone(house: House) -> None:
    for role in (Role.OPERATOR, Role.NOTULIS, Role.BANTUAN, SARONGAN, Role.PENINJAU):
        visitor = await house.visit(role)
        for path in ("undangan", "undangan/lembar.pdf", f"undangan/{SARONGAN}.pdf", "undangan/acara.ics"):
            assert (await fetch(visitor, f"sesi/{house.room_id}/{path}"))[0] == 403, (role, path)


async def test_what_people_typed_stands_on_paper_as_they_typed_it() -> None:
    clock = VirtualClock(1_000)
    sheets = Sheets(Press(), clock.now)
    event = Event(HOSTILE * 3, EVENT.tanggal, "", "", "", EVENT.alamat, True)
    pdf = await sheets.one(event, invitation(1, HOSTILE))
    (text,) = pages_of(pdf)
    assert squeezed("<img src=x onerror=alert(1)> #panic() \\ *[Desa]*") in squeezed(text)
    assert "GLADI" in text
    batch = sheets.begin("r", EVENT, [invitation(n) for n in range(22)])
    assert sheets.begin("r", EVENT, []) is batch
    await sheets.settled()
    assert batch.jadi == len(PdfDocument(batch.pdf)) == 22
    assert [one[0][-2:] for one in codes_of(batch.pdf, 19)] == ["19", "20", "21"]
    clock.advance(KEPT_MS + 1)
    assert sheets.of("r") is None


async def test_a_sheet_that_cannot_be_typeset_is_said() -> None:
    sheets = Sheets(Press(time_s=0), VirtualClock(1_000).now)
    batch = sheets.begin("r", EVENT, [invitation(1)])
    await sheets.settled()
    assert (batch.gagal, batch.berjalan, batch.pdf) == (True, False, b"")


async def test_parts_are_joined_in_their_order() -> None:
    sheets = Sheets(Press(), VirtualClock(1_000).now)
    one, two = [await sheets.one(EVENT, invitation(n)) for n in (1, 2)]
    assert codes_of(joined([two, one])) == [[invitation(2).tautan], [invitation(1).tautan]]


async def test_a_message_for_one_has_its_link_and_one_for_all_has_none(house: House) -> None:
    text = for_office(EVENT, invitation(7))
    assert invitation(7).tautan in text
    assert "08.30–12.00 WIB" in text
    assert "0812-3456-7890" in text
    assert "/m/" not in for_all(EVENT)
    assert "K7MP" not in for_all(EVENT)
    panitia = await house.visit(Role.PANITIA)
    _, page = await panitia.request("GET", f"sesi/{house.room_id}/undangan")
    boxes = [html.unescape(box) for box in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)]
    assert ["/m/" in box for box in boxes] == [False, True, True, True]
    for number, box in enumerate(boxes[1:]):
        assert len(re.findall(r"/m/[\w-]{32}", box)) == 1, number


async def test_the_calendar_entry_is_at_the_kabupatens_hour() -> None:
    (entry,) = Calendar.from_ical(ics(EVENT, "r1", 0)).walk("VEVENT")
    begin, end = entry.decoded("dtstart"), entry.decoded("dtend")
    assert isinstance(begin, datetime)
    assert begin.astimezone(ZoneInfo("UTC")).isoformat() == "2027-01-15T01:30:00+00:00"
    assert end - begin == timedelta(hours=3.5)
    raw = ics(EVENT, "r1", 0)
    assert b"DTSTART;TZID=Asia/Jakarta:20270115T083000" in raw
    (zone,) = Calendar.from_ical(raw).walk("STANDARD")
    assert zone.decoded("tzoffsetto") == timedelta(hours=7)
    assert b"/m/" not in raw
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))


async def test_without_hours_it_is_the_whole_day_and_a_name_breaks_no_line() -> None:
    title = "Satu\r\nBEGIN:VEVENT;,\\"
    raw = ics(Event(title, EVENT.tanggal, "", "", "", EVENT.alamat, True), "r1", 0)
    (entry,) = Calendar.from_ical(raw).walk("VEVENT")
    assert entry.decoded("dtstart") == date(2027, 1, 15)
    assert entry.decoded("dtend") == date(2027, 1, 16)
    assert str(entry["summary"]).startswith("GLADI: Satu")


async def test_the_page_hands_the_calendar_out(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    status, body = await fetch(panitia, f"sesi/{house.room_id}/undangan/acara.ics")
    assert status == 200
    (entry,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(entry["summary"]) == "Musrenbang uji"
    assert str(entry["uid"]) == f"{house.room_id}@rembug"
