"""The fairness report as people get it: page, JSON and spreadsheets, each for whom it is meant."""

import csv
import io
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from server.access import Role
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, House, Visitor, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

REASON = "=HYPERLINK(ada tamu)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Kemiren's hand waits; Sarongan is called over it with a reason, then the session is closed."""
    async with running(tmp_path_factory.mktemp("adil")) as house:
        operator = (await house.opened()).sockets[0]
        await operator.command("set_script", seat_ids=[])
        for kode, nama, fields in (
            (KEMIREN, "Bu Sri", {"unsur": "perempuan", "jenis_kelamin": "P"}),
            (SARONGAN, "Pak Yon", {"unsur": "nelayan", "jenis_kelamin": "L"}),
        ):
            office = await (await house.visit(kode)).connect()
            person = str(uuid.uuid4())
            await office.command("give_consent", seat_id=kode, consent="direkam")
            await office.send(type="media_state", can_publish=True)
            await office.until("own", lambda own: own["connected"])
            await office.command("register_peserta", peserta_id=person, seat_id=kode, nama=nama, **fields)
            await office.command(
                "request_turn", request_id=str(uuid.uuid4()), seat_id=kode, peserta_id=person, topic="Jalan"
            )
        turn = str(uuid.uuid4())
        await operator.command("call_seat", turn_id=turn, seat_id=SARONGAN, reason=REASON)
        await operator.command("end_turn", turn_id=turn)
        await operator.command("close_meeting")
        yield house


async def page(visitor: Visitor, path: str = "keadilan") -> str:
    status, text = await visitor.request("GET", path)
    assert status == 200, text
    return str(text)


async def test_R87_the_page_says_who_was_suggested_and_consoles_see_the_reason(house: House) -> None:
    for who in (Role.OPERATOR, Role.NOTULIS, Role.REPLAY, KEMIREN):
        text = await page(await house.visit(who))
        assert "Panggilan di luar saran" in text
        assert "Sarongan, Kec. Pesanggaran" in text
        assert "Nelayan" in text
        assert "belum pernah bicara" in text
        assert ("ada tamu" in text) is (who in (Role.OPERATOR, Role.NOTULIS)), who
        assert "Bu Sri" not in text
        assert "Pak Yon" not in text


async def test_R84_the_whole_report_as_json(house: House) -> None:
    status, body = await (await house.visit(KEMIREN)).request("GET", "api/keadilan")
    assert status == 200
    assert (body["total"]["turns"], body["total"]["hands"], body["total"]["unserved"]) == (1, 2, 1)
    assert body["states"] == {"tertulis": 1, "terlayani": 1}
    assert (body["suggested"], body["overrides"]) == (1, 1)
    (call,) = body["calls"]
    assert (call["seat_id"], call["suggested"]["seat_id"], call["override"]) == (SARONGAN, KEMIREN, True)
    assert "alasan" not in call
    desa = {row["key"]: row["turns"] for row in body["groups"]["desa"]}
    assert desa == {"aula": 0, SARONGAN: 1, TEMBOKREJO: 0, KEMIREN: 0}
    _, body = await (await house.visit(Role.OPERATOR)).request("GET", "api/keadilan")
    assert body["calls"][0]["alasan"] == REASON


async def test_the_spreadsheets_have_words_and_run_nothing(house: House) -> None:
    operator = await house.visit(Role.OPERATOR)
    _, text = await operator.request("GET", "api/keadilan.csv")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    found = {(row[0], row[1]): row[2:] for row in rows[1:]}
    assert rows[0][:5] == ["Menurut", "Kelompok", "Peserta hadir", "Tangan", "Giliran"]
    assert found["Unsur masyarakat", "Nelayan"][:4] == ["1", "1", "1", "100.0"]
    assert found["Laki-laki dan perempuan", "Perempuan"][:3] == ["1", "1", "0"]
    assert found["Kecamatan", "Kec. Pesanggaran"][:3] == ["1", "1", "1"]
    assert found["Desa dan kelurahan", "Kemiren, Kec. Glagah"][-1] == "1"
    assert not {row[1] for row in rows} & {"Aula", "L", "P", "nelayan"}

    _, text = await operator.request("GET", "api/panggilan.csv")
    headings, call = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    told = dict(zip(headings, call, strict=True))
    assert told["Dipanggil"] == "Sarongan, Kec. Pesanggaran"
    assert (told["Yang disarankan"], told["Di luar saran"]) == ("Kemiren, Kec. Glagah", "ya")
    assert told["Alasan pimpinan"] == f"'{REASON}"
    _, text = await (await house.visit(KEMIREN)).request("GET", "api/panggilan.csv")
    assert "Alasan pimpinan" not in text


async def test_the_panitia_reads_it_from_the_sessions_page(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    assert f"sesi/{house.room_id}/keadilan" in await page(panitia, f"sesi/{house.room_id}")
    text = await page(panitia, f"sesi/{house.room_id}/keadilan")
    assert f"sesi/{house.room_id}/panggilan.csv" in text
    assert "ada tamu" in text
    for path in ("keadilan.csv", "panggilan.csv"):
        status, _ = await panitia.request("GET", f"sesi/{house.room_id}/{path}")
        assert status == 200
    status, _ = await panitia.request("GET", "sesi/tidak-ada/keadilan")
    assert status == 404


async def test_consoles_have_the_short_form_and_attendance_live(house: House) -> None:
    line = await (await house.visit(Role.OPERATOR)).connect()
    short = await line.until("fairness", lambda found: found["turns"] == 1)
    assert (short["hands"], short["unserved"], short["overrides"]) == (2, 1, 1)
    assert short["heard"] == {"kecamatan": 1, "desa": 1}
    attendance = line.sections["attendance"]
    assert (attendance["invited"], attendance["attended"], attendance["peserta"]) == (3, 2, 2)
    assert {"unsur": "nelayan", "count": 1} in attendance["unsur"]
    person = next(p for p in line.sections["peserta"] if p["nama"] == "Bu Sri")
    assert (person["unsur"], person["jenis_kelamin"]) == ("perempuan", "P")
    assert person["waktu_hadir"] > 0
