"""Papan kesiapan: what people confirmed at their door, kept over a restart, told in plain words."""

import html
import itertools
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from rooms.ids import RoomId, SeatId
from server.access import Role
from server.invitations.readiness import State, aspects, state_of
from server.kept import READINESS
from server.papers.said import lately
from server.store.kesiapan import Kamera, Kesiapan, Mikrofon, Pengeras, Sambungan
from tests.server.api.test_sambungan import PHONE
from tests.support.app import (
    KEMIREN,
    SARONGAN,
    TEMBOKREJO,
    House,
    Visitor,
    furnish,
    running,
    serving,
    settings_in,
)
from tests.support.fake_plane import FakePlane

GOOD = {"kamera": "menyala", "mikrofon": "terdengar", "pengeras": "terdengar", "sambungan": "baik"}
NOTHING = dict.fromkeys(GOOD, "belum")
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36"


async def tell(visitor: Visitor, agent: str = PHONE, **changes: object) -> int:
    headers = {"User-Agent": agent}
    return (await visitor.request("PUT", "api/kesiapan", json=GOOD | changes, headers=headers))[0]


async def board(house: House, tampil: str = "") -> dict[str, str]:
    """Seat -> the words of its row."""
    panitia = await house.visit(Role.PANITIA)
    _, page = await panitia.request("GET", f"sesi/{house.room_id}/kesiapan?tampil={tampil}")
    rows = re.findall(r'data-testid="siap-([^"]+)">(.*?)</li>', page, re.DOTALL)
    return {seat: " ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for seat, row in rows}


async def test_who_has_tried_who_is_in_trouble_and_who_never_came(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        ready, silent = await house.visit(SARONGAN), await house.visit(TEMBOKREJO)
        assert await tell(ready) == 204
        assert await tell(silent, LAPTOP, pengeras="tidak_terdengar", sambungan="sulit") == 204
        rows = await board(house)
        assert set(rows) == {"aula", SARONGAN, TEMBOKREJO, KEMIREN}
        assert "Siap" in rows[SARONGAN]
        assert "mikrofon terdengar · pengeras suara terdengar · sambungan baik" in rows[SARONGAN]
        assert "Chrome, Android" in rows[SARONGAN]
        assert re.search(r"(hari ini|tadi malam|kemarin) \d\d\.\d\d", rows[SARONGAN])
        assert "Pengingat" not in rows[SARONGAN]
        assert "pengeras suara tidak terdengar · sambungan terlalu lambat" in rows[TEMBOKREJO]
        assert f"/m/{house.tokens[TEMBOKREJO]}" in rows[TEMBOKREJO]
        assert "belum beres: pengeras suara tidak terdengar, sambungan terlalu lambat." in rows[TEMBOKREJO]
        assert "belum mencoba masuk" in rows[KEMIREN]
        assert set(await board(house, "belum")) == {"aula", KEMIREN}
        assert set(await board(house, "bermasalah")) == {TEMBOKREJO}
        assert set(await board(house, "siap")) == {SARONGAN}
        assert set(await board(house, "<b>")) == set(rows)
        panitia = await house.visit(Role.PANITIA)
        _, page = await panitia.request("GET", f"sesi/{house.room_id}/kesiapan")
        found = re.search(r'id="p-semua"[^>]*>(.*?)</textarea>', page, re.DOTALL)
        assert found is not None
        assert "- Tembokrejo, Kec. Muncar\n- Kemiren, Kec. Glagah" in found[1]
        assert "Sarongan" not in found[1]
        assert "/m/" not in found[1]


async def test_what_was_confirmed_survives_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await tell(await house.visit(SARONGAN))
        before = await house.app[READINESS].of(house.room_id)
    from server.app import build_app

    app = build_app(settings_in(tmp_path), plane=FakePlane())
    async with serving(app):
        assert await app[READINESS].of(house.room_id) == before
        assert before[SeatId(SARONGAN)].mikrofon is Mikrofon.TERDENGAR


async def test_what_was_not_tried_again_stays_on_the_same_device_only(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        office = await house.visit(SARONGAN)

        async def kept() -> dict[str, str]:
            seen = (await house.app[READINESS].of(RoomId(house.room_id)))[SeatId(SARONGAN)]
            return {name: str(getattr(seen, name)) for name in GOOD}

        await tell(office)
        await tell(office, **NOTHING | {"kamera": "tidak_ada"})
        assert await kept() == GOOD | {"kamera": "tidak_ada"}
        await tell(office, mikrofon="tidak_ada")
        await tell(office, mikrofon="belum")
        assert (await kept())["mikrofon"] == "belum", "it is there again, and nobody has spoken into it"
        await tell(office, LAPTOP, **NOTHING)
        assert await kept() == NOTHING


async def test_only_a_person_at_a_seats_door_confirms_anything(tmp_path: Path) -> None:
    async with running(tmp_path, gladi=True) as house:
        rehearsal = await house.visit(Role.GLADI)
        _, given = await rehearsal.request("POST", "gladi/kursi", json={"offices": 1, "aula": False})
        synthetic = Visitor(house.url, given["seats"][0]["link"].rpartition("/")[2])
        house.visitors.append(synthetic)
        await synthetic.open_link()
        assert await tell(synthetic) == 403
        assert await house.app[READINESS].of(house.room_id) == {}
        office = await house.visit(SARONGAN)
        for wrong in ({"kamera": "rusak"}, {"sambungan": "<b>"}, {"mikrofon": 1}, {"catatan": "x"}):
            assert await tell(office, **wrong) == 422
        answers = [await tell(office) for _ in range(20)]
        assert set(answers) == {204, 429}, "somebody who tells on and on is held back"
        assert len(await house.app[READINESS].of(house.room_id)) == 1


@pytest.mark.parametrize("hall", [False, True])
def test_every_state_has_plain_words(hall: bool) -> None:
    for values in itertools.product(Kamera, Mikrofon, Pengeras, Sambungan):
        seen = Kesiapan(1, "Chrome, Android", *values)
        told = aspects(seen, hall=hall)
        assert all(words for words, _ in told)
        ready = state_of(seen, hall=hall) is State.SIAP
        assert ready is not any(trouble for _, trouble in told)
    assert state_of(None, hall=hall) is State.BELUM


def test_the_verdicts_are_those_of_the_doors_page() -> None:
    script = Path(__file__).parents[3] / "webclient/static/js/sambungan.js"
    union = re.search(r'@typedef \{("baik".*?)\} Verdict', script.read_text(), re.DOTALL)
    assert union is not None
    assert {*re.findall(r'"(\w+)"', union[1]), "belum"} == set(Sambungan)


async def test_what_was_tried_in_the_rehearsal_counts_until_it_is_tried_anew(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        evening = await furnish(house.app, house.plane, house.url, "Gladi", gladi=True)
        evening.visitors = house.visitors
        assert await tell(await evening.visit(SARONGAN)) == 204
        assert await tell(await evening.visit(Role.AULA), LAPTOP, sambungan="belum") == 204
        rows = await board(house)
        assert re.search(r"gladi (hari ini|tadi malam|kemarin) \d\d\.\d\d", rows[SARONGAN])
        assert "Siap" in rows[SARONGAN]
        assert "Siap" in rows["aula"]
        assert set(await board(house, "belum")) == {TEMBOKREJO, KEMIREN}
        assert "gladi" not in (await board(evening))[SARONGAN], "of a rehearsal itself nothing need be said"
        # What is tried in the session itself is newer.
        assert await tell(await house.visit(SARONGAN), LAPTOP, mikrofon="tidak_ada") == 204
        rows = await board(house)
        assert "gladi" not in rows[SARONGAN]
        assert "mikrofon tidak ditemukan" in rows[SARONGAN]


async def test_a_rehearsal_of_another_month_tells_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        seen = Kesiapan(1, "Chrome", Kamera.MENYALA, Mikrofon.TERDENGAR, Pengeras.TERDENGAR, Sambungan.BAIK)
        evening = await furnish(house.app, house.plane, house.url, "Gladi", gladi=True)
        await house.app[READINESS].keep(evening.room_id, SeatId(SARONGAN), seen)
        day = date(2027, 1, 15)
        found = [await house.app[READINESS].rehearsed(day + timedelta(days=n)) for n in (-1, 0, 14, 15)]
        assert [SARONGAN in those for those in found] == [False, True, True, False]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2027-01-15T08:10", "hari ini 08.10"),
        ("2027-01-14T19:40", "tadi malam 19.40"),
        ("2027-01-14T14:05", "kemarin 14.05"),
        ("2027-01-13T19:40", "13 Januari 2027 19.40 WIB"),
    ],
)
def test_when_it_was_is_said_as_people_say_it(at: str, words: str) -> None:
    ms = [int(datetime.fromisoformat(f"{one}+07:00").timestamp() * 1000) for one in (at, "2027-01-15T09:00")]
    assert lately(*ms) == words
