"""Pages as a browser gets them: screens, the Panitia's forms, errors, headers, static files."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from yarl import URL

from rooms.ids import RoomId
from rooms.meeting.vocabulary import Urutan
from server.access import Role
from server.kept import SESSIONS
from server.pages.screens import SCREENS
from server.signalling.entrance import HALLS
from server.static import STATIC
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, Visitor, running

FORM = {
    "title": "Musrenbang <b>uji</b>",
    "tanggal": "2027-02-10",
    "jenis_sesi": "musrenbang_desa",
    "tahun_rencana": "2028",
    "turn_limit_menit": "3",
    "item_kind": "dialog",
    "item_title": "Dialog",
    "urutan": "detik_adil",
    "kuorum": "semua",
    "kursi": f"{KEMIREN}:dialog",
}


@pytest.mark.parametrize("role", SCREENS)
async def test_each_role_gets_its_screen_with_what_its_script_needs(tmp_path: Path, role: Role) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(KEMIREN if role is Role.DESA else role)
        status, page = await visitor.request("GET", "")
        assert status == 200
        found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        boot = json.loads(found[1])
        assert boot["role"] == role
        assert boot["base"] == f"/s/{visitor.grant}/"
        assert (boot["room_id"], boot["title"]) == (house.room_id, "Musrenbang uji")
        assert boot["seat_id"] == {Role.DESA: KEMIREN, Role.AULA: "aula"}.get(role)


async def test_answers_carry_the_security_headers(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(Role.OPERATOR)
        async with visitor.http.get(house.url / "static/css/base.css") as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert answer.headers["Cache-Control"] == "no-cache"
        for path in ("/", f"/s/{visitor.grant}/", "/healthz", "/tidak-ada", "/static/tidak-ada"):
            async with visitor.http.get(house.url.join(house.url / path[1:])) as answer:
                policy = answer.headers["Content-Security-Policy"]
                (scripts,) = re.findall(r"script-src ([^;]+);", policy)
                nonces = set(re.findall(r'nonce="([^"]+)"', await answer.text()))
                if path.startswith("/s/"):
                    assert scripts == f"'nonce-{nonces.pop()}'"
                assert not nonces
                assert "self" not in scripts
                assert "unsafe" not in policy
                assert f"wss://127.0.0.1:{house.url.port}" in policy
                assert "frame-ancestors 'none'" in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "camera=(self)" in answer.headers["Permissions-Policy"]
                assert answer.headers["Cache-Control"] == "no-store"


async def test_static_files_are_small_and_kept_while_they_stay_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(Role.OPERATOR)
        url = house.url / "static/css/base.css"
        async with visitor.http.get(url, headers={"Accept-Encoding": "identity"}) as answer:
            tag, plain = answer.headers["ETag"], await answer.read()
            assert "Content-Encoding" not in answer.headers
        for encoding in ("br", "gzip"):
            async with visitor.http.get(url, headers={"Accept-Encoding": f"x, {encoding};q=0.5"}) as answer:
                assert answer.headers["Content-Encoding"] == encoding
                assert int(answer.headers["Content-Length"]) < len(plain)
                assert await answer.read() == plain
        async with visitor.http.get(url, headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304
        kept = house.url.join(URL(house.app[STATIC].url("css/base.css")))
        async with visitor.http.get(kept) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert not {"ETag", "Server"} & set(answer.headers)
            assert await answer.read() == plain
        for path in ("%2e%2e/templates/base.html", "alt/css/base.css", "css"):
            async with visitor.http.get(URL(f"{house.url}static/{path}", encoded=True)) as answer:
                assert answer.status == 404


async def test_a_page_asks_for_all_its_scripts_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        static = house.app[STATIC]
        visitor = await house.visit(Role.OPERATOR)
        _, page = await visitor.request("GET", "")
        asked = re.findall(
            r'(?:rel="modulepreload" fetchpriority="low" href|type="module" src)="([^"]+)"', page
        )
        assert asked[-1] == static.url("js/desk/operator.js")
        assert len(asked) > 20
        for one in asked:
            async with visitor.http.get(house.url.join(URL(one))) as answer:
                for other in re.findall(r'(?:from|import) ?"(\.[^"]+)"', await answer.text()):
                    assert URL(one).join(URL(other)).path in asked


async def test_what_is_not_there_has_a_page_or_a_code(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(Role.OPERATOR)
        async with visitor.http.get(house.url / "tidak" / "ada") as answer:
            assert answer.status == 404
            assert "Yang Anda cari tidak ada." in await answer.text()
        status, body = await visitor.request("GET", "api/tidak-ada")
        assert (status, body["code"], body["title"]) == (404, "not_found", "Yang Anda cari tidak ada.")
        async with visitor.http.post(house.url / "healthz") as answer:
            assert answer.status == 405
            assert (await answer.json())["code"] == "bad_request"


async def test_the_panitia_makes_a_session_and_sees_its_links(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        status, form = await panitia.request("GET", "sesi/baru")
        assert status == 200
        assert "Tamansari" in form
        async with panitia.http.post(
            panitia.base / "sesi" / "baru",
            data=FORM,
            headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        ) as answer:
            assert answer.status == 200
            page = await answer.text()
            room_id = answer.url.name
        assert "Musrenbang &lt;b&gt;uji&lt;/b&gt;" in page
        assert "Waktu bicara seimbang" in page
        prepared = await house.app[SESSIONS].spec(RoomId(room_id))
        hall = await house.app[HALLS].get(RoomId(room_id))
        assert prepared is not None
        assert prepared.settings == hall.room.meeting.agenda.settings
        assert prepared.settings.urutan is Urutan.DETIK_ADIL
        links = re.findall(r'value="(http[^"]*/m/[^"]+)"', page)
        assert len(links) == 8
        _, again = await panitia.request("GET", f"sesi/baru?salin={room_id}")
        assert "Disalin dari" in again
        assert 'value="Musrenbang &lt;b&gt;uji&lt;/b&gt;"' in again
        assert 'value="detik_adil" checked' in again
        _, gladi = await panitia.request("GET", f"sesi/baru?salin={room_id}&gladi=ya")
        assert 'name="gladi" value="ya" checked' in gladi
        assert (await panitia.request("GET", "sesi/baru?salin=tidak-ada"))[0] == 404
        status, listed = await panitia.request("GET", "sesi")
        assert listed.count('class="session-card"') == 2
        assert "10 Februari 2027" in listed

        # Two sessions at once: one is opened, the other is not.
        tokens = [link.rsplit("/", 1)[1] for link in links]
        operator = Visitor(house.url, tokens[1])
        house.visitors.append(operator)
        await operator.open_link()
        line = await operator.connect()
        assert line.welcome["role"] == "operator"
        assert line.welcome["room_id"] == room_id
        await line.command("open_meeting")
        elsewhere = await (await house.visit(Role.OPERATOR)).connect()
        assert (await elsewhere.until("session", bool))["status"] == "disiapkan"

        # A renewed link works, the old one ends.
        status, _ = await panitia.request("POST", f"sesi/{room_id}/tautan/{operator.grant}/baru")
        assert status == 303
        assert await line.ended() == 4403
        status, page = await panitia.request("GET", f"sesi/{room_id}")
        assert "Sudah dicabut" in page
        newer = set(re.findall(r'value="(http[^"]*/m/[^"]+)"', page)) - set(links)
        assert len(newer) == 1


async def test_a_form_with_faults_comes_back_as_it_was_typed(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        wrong = FORM | {"tanggal": "besok", "turn_limit_menit": "seratus", "title": '"><script>'}
        status, page = await panitia.request("POST", "sesi/baru", data=wrong)
        assert status == 422
        page = unescape(page)
        assert "Isi tanggal yang benar" in page
        assert "Isi lamanya dalam menit" in page
        assert 'value="besok"' in page
        assert 'value="seratus"' in page
        assert f'<option value="{KEMIREN}:dialog" selected>' in page
        assert len(await house.app[SESSIONS].list()) == 1


async def test_a_panitia_page_of_no_session_is_not_found(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        assert (await panitia.request("GET", "sesi/tidak-ada"))[0] == 404
        assert (await panitia.request("POST", f"sesi/{house.room_id}/tautan/tidak-ada/cabut"))[0] == 404
        office = await house.visit(SARONGAN)
        assert (await panitia.request("POST", f"sesi/lain/tautan/{office.grant}/cabut"))[0] == 404
        assert (await office.request("GET", "api/v1/catatan"))[0] == 200
        assert TEMBOKREJO in house.tokens


async def test_a_link_without_its_slash_leads_to_the_same_screen(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        visitor = await house.visit(Role.PENINJAU)
        async with visitor.http.get(str(visitor.base).rstrip("/")) as answer:
            assert answer.status == 200
            assert str(answer.url).endswith("/")
            assert 'id="boot"' in await answer.text()
