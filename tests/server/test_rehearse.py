"""``rembug gladi`` on a terminal: what went wrong is said in a sentence, and what was found in a report."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

from rooms.gladi.report import OfficeReport, Report, Verdict
from server.access import Role
from server.auth.certificate import self_signed, server_context
from server.rehearse import CANNOT, Wanted, run
from server.reports import gladi as words
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, House, running
from tests.support.live import free_port

GOOD = OfficeReport(
    "35.10.24.2008", "Tamansari, Kec. Licin", 1.2, 1.5, 1, 0.0, 600.0, 30_000, 300, 200.0, 9_000, 90, 4_500,
    1, 0.3, 2, 1, 3_000, 900, "selesai",
)  # fmt: skip


class Terminal:
    def __init__(self) -> None:
        self.said = ""
        self.complaints: list[str] = []

    def say(self, words: str, end: str = "\n") -> None:
        self.said += words + end

    async def run(self, directory: Path, link: str, **more: object) -> int:
        wanted = Wanted(link, "", 1, 0.01, False, None, directory / "laporan.json", directory / "gladi")
        return await run(replace(wanted, **more), self.say, self.complaints.append)  # type: ignore[arg-type]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path / "rumah", gladi=True) as house:
        yield house


def link(house: House, who: str = Role.GLADI) -> str:
    return str(house.url / "m" / house.tokens[who])


async def refused(tmp_path: Path, address: str, **more: object) -> str:
    terminal = Terminal()
    assert await terminal.run(tmp_path, address, **more) == CANNOT
    assert not (tmp_path / "laporan.json").exists()
    (sentence,) = terminal.complaints
    return sentence


async def test_links_that_cannot_do_it(tmp_path: Path, house: House) -> None:
    for wrong in ("", "m/abc", "ftp://server/m/abc", str(house.url), str(house.url / "m" / "keliru")):
        assert words.REFUSALS["wrong_link"] in await refused(tmp_path, wrong)
    assert words.REFUSALS["not_a_gladi_link"] in await refused(tmp_path, link(house, KEMIREN))
    assert words.REFUSALS["not_a_gladi_link"] in await refused(tmp_path, link(house, Role.OPERATOR))
    # The address of the link may be another than the one that this machine knows.
    elsewhere = f"https://rembug.example/m/{house.tokens[KEMIREN]}"
    assert words.REFUSALS["not_a_gladi_link"] in await refused(tmp_path, elsewhere, url=str(house.url))


async def test_sessions_that_have_no_seat_for_it(tmp_path: Path, house: House) -> None:
    for who in (SARONGAN, TEMBOKREJO, KEMIREN):
        socket = await (await house.visit(who)).connect()
        await socket.send(type="media_state", can_publish=True)
        await socket.until("own", lambda own: own["connected"])
    assert words.REFUSALS["no_seats"] in await refused(tmp_path, link(house))
    await (await house.opened()).sockets[0].command("close_meeting")
    assert words.REFUSALS["closed"] in await refused(tmp_path, link(house))
    async with running(tmp_path / "lain") as real:
        assert words.REFUSALS["not_gladi"] in await refused(tmp_path, link(real))


async def test_servers_that_are_not_there_or_are_something_else(tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}/m/abc"
    assert words.REFUSALS["unreachable"] in await refused(tmp_path, nobody)

    async def hello(request: web.Request) -> web.Response:
        return web.Response(text="Selamat datang")

    cert, key = self_signed(tmp_path, ["127.0.0.1"], datetime.now(UTC))
    for context in (None, server_context(cert, key)):
        other = web.Application()
        other.router.add_get("/{path:.*}", hello)
        runner = web.AppRunner(other)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        address = URL.build(
            scheme="https" if context else "http", host="127.0.0.1", port=runner.addresses[0][1], path="/m/a"
        )
        if context is not None:
            assert words.REFUSALS["untrusted"] in await refused(tmp_path, str(address))
        assert words.REFUSALS["not_rembug"] in await refused(tmp_path, str(address), cacert=cert)
        await runner.cleanup()
    assert "No such file" in await refused(tmp_path, str(address), cacert=tmp_path / "tidak-ada.crt")


def report(*offices: OfficeReport, wanted: int = 2, lag_ms: float = 5.0) -> Report:
    return Report("Gladi bersih", 1_795_000_000_000, 300.0, wanted, offices, lag_ms)


def test_an_office_is_judged_by_its_worst_figure() -> None:
    assert GOOD.verdict is Verdict.BAIK
    for changes, wanted in (
        ({"joined_s": None}, Verdict.BURUK),
        ({"joined_s": 11.0}, Verdict.PERIKSA),
        ({"concealed_ms": 30_000 * 20 * 0.02}, Verdict.PERIKSA),
        ({"concealed_ms": 30_000 * 20 * 0.06}, Verdict.BURUK),
        ({"frozen_s": 40.0}, Verdict.PERIKSA),
        ({"frozen_s": 400.0}, Verdict.BURUK),
        ({"offline_s": 4.0}, Verdict.PERIKSA),
        ({"ended": "putus"}, Verdict.BURUK),
        ({"ended": "diganti"}, Verdict.BAIK),
        ({"sound_lost": 20_000}, Verdict.BAIK),
    ):
        office = replace(GOOD, **changes)
        assert office.verdict is wanted, changes


def test_the_report_names_who_has_to_be_looked_at() -> None:
    bad = replace(GOOD, label="Kemiren, Kec. Glagah", concealed_ms=60_000.0, picture_lost=2_000)
    shown = words.text(report(GOOD, bad))
    assert "BELUM SIAP. Buruk: Kemiren, Kec. Glagah." in shown
    (row,) = [line for line in shown.splitlines() if line.startswith("Kemiren")]
    assert "60000" in row
    assert "10,0 %" in row
    assert row.endswith("buruk")
    (worst,) = [line for line in shown.splitlines() if line.startswith("Terburuk")]
    assert "60000" in worst
    assert words.text(report(GOOD, GOOD)).count("SIAP. Semua 2 kantor") == 1
    assert "yang kursinya bebas 1" in words.text(report(GOOD))
    assert "belum teruji" in words.text(report(replace(GOOD, sound_packets=0, concealed_ms=0.0)))
    assert "tersendat (400 ms" in words.text(report(GOOD, GOOD, lag_ms=400.0))


def test_the_file_has_every_figure_and_what_follows() -> None:
    never = replace(GOOD, joined_s=None, first_sound_s=None)
    told = json.loads(words.as_json(report(GOOD, never)))
    assert (told["verdict"], told["trusted"], told["wanted"]) == ("buruk", True, 2)
    assert [office["verdict"] for office in told["offices"]] == ["baik", "buruk"]
    assert told["offices"][0]["lost"] == pytest.approx(390 / 39_000)
    assert told["spread"]["joined_s"] == {"median": 1.2, "worst": 1.2}
