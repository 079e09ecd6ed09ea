"""The role table against the running server: every route and every message, with every role.

What the table allows is answered by the handler (whatever it says), what it forbids by ``forbidden``; and
who is not that link at all never reaches the table.
"""

import json
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any, get_args

import aiohttp
import pytest
import pytest_asyncio
from yarl import URL

from rooms.meeting import commands
from rooms.meeting.vocabulary import ItemKind
from server import access, routes
from server.access import MESSAGES, ROUTES, Role
from server.auth.guard import COOKIE
from server.auth.tokens import Tokens
from server.keys import TOKENS
from server.signalling.wire import COMMANDS
from tests.support.app import (
    KEMIREN,
    PANITIA_IN_SESSION,
    SARONGAN,
    TEMBOKREJO,
    House,
    Socket,
    Visitor,
    furnish,
    running,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTE = "0b9b7a52-6d50-4c8e-9d7f-1f6f1d2c3b4a"
BODY: Mapping[str, Any] = {"json": {}}
BODIES: Mapping[str, Mapping[str, Any]] = {
    "media_offer": BODY,
    "media_panel": BODY,
    "media_train": BODY,
    "sambungan_keep": BODY,
    "kesiapan_keep": BODY,
    "bantuan_send": BODY,
    "bantuan_link": BODY,
    "catatan_take": BODY,
    "catatan_link": BODY,
    "aplikasi_make": {"data": {"nama": ""}},
    "catatan_change": BODY,
    "catatan_mention": BODY,
    "catatan_confirm": BODY,
    "catatan_remark": BODY,
    "catatan_examined": BODY,
    "sidang_pokok": BODY,
    "sidang_hadir": BODY,
    "sidang_usulan": BODY,
    "sidang_urutan": BODY,
    "sidang_impor": BODY,
    "konsep_save": BODY,
    "foto_add": {"data": b"x"},
    "paparan_add": {"data": b"x"},
    "sesi_create": {"data": {"title": ""}},
    "gladi_seats": BODY,
}
PLACES = {
    "{peer_id}": "p",
    "{clip_id}": "c",
    "{foto}": NOTE,
    "{lampiran}": NOTE,
    "{jenis:surat_pengantar|rab|foto_realisasi}": "rab",
    "{seat}": "aula",
    "{id}": NOTE,
    "{kind:csv|xlsx}": "csv",
    "{deck}": "d",
    r"{halaman:\d{1,3}}": "1",
    "{lebar:1280|640}": "640",
    "{room}": "tidak-ada",
    "{jenis}": "notulen",
    "{kursi}": "-",
    r"{versi:\d{1,6}}": "1",
    "{other}": "tidak-ada",
    "{akun}": "tidak-ada",
    "{arah:naik|turun}": "naik",
    "{browser}": "tidak-ada",
}
SAMPLES: Mapping[str, Any] = {
    "seat_id": SARONGAN,
    "seat_ids": [SARONGAN],
    "seats": [{"seat_id": "aula", "kind": "aula", "label": "Aula", "kode_wilayah": ""}],
    "agenda": [{"item_id": "a", "kind": "dialog", "title": "Dialog"}],
    "script": [],
    "request_ids": [],
    "consent": "direkam",
    "ready": True,
    "alat": 1,
    "dikenal": True,
    "telepon": True,
    "off_record": False,
    "can_publish": True,
    "jenis": "usulan",
    "jenis_kelamin": "L",
    "hak": "bicara",
    "unsur": "tani",
    "seconds": 60,
    "spoken_at": 1,
    "away_since": 1,
    "jalur": "tertulis",
    "open": True,
    "to": "protokol",
    "di_aula": True,
    "shared": True,
    "from_ms": 1,
    "to_ms": 2,
    "page": 1,
    "pages": 1,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("akses")) as house:
        yield house


async def visitor_as(house: House, role: Role) -> Visitor:
    return await house.visit({Role.DESA: KEMIREN, Role.PANITIA: PANITIA_IN_SESSION}.get(role, role))


def path_of(template: str) -> str:
    for name, value in PLACES.items():
        template = template.replace(name, value)
    assert "{" not in template, f"no sample for {template}"
    return template


async def call(visitor: Visitor, route: tuple[str, str, str, Any], **options: Any) -> tuple[int, Any]:
    method, template, name, _ = route
    return await visitor.request(method, path_of(template), **{**BODIES.get(name, {}), **options})


async def test_every_route_and_message_is_in_the_table_and_nothing_else() -> None:
    assert {name for _, _, name, _ in (*routes.UNDER_A_LINK, *routes.SIGNED_IN)} == set(ROUTES)
    assert set(MESSAGES) == set(COMMANDS) | {
        "ping",
        "media_state",
        "media_mode",
        "page_state",
        "take_seat",
        "takarir",
    }
    assert len(COMMANDS) == len(get_args(commands.Command))


async def test_what_is_not_in_the_table_is_for_nobody() -> None:
    assert not access.may_call(Role.PANITIA, "belum_ada")
    assert not access.may_send(Role.PIMPINAN, "belum_ada")


@pytest.mark.parametrize("role", sorted(access.EVERYONE))
@pytest.mark.parametrize("route", routes.UNDER_A_LINK, ids=lambda route: route[2])
async def test_routes_open_for_exactly_the_roles_of_the_table(
    house: House, route: tuple[str, str, str, Any], role: Role
) -> None:
    if route[2] == "ws":
        await _test_socket_opens(house, role)
        return
    status, body = await call(await visitor_as(house, role), route)
    assert status < 500, body
    code = body.get("code", "") if isinstance(body, dict) else ""
    forbidden = status == 403 and (code == "forbidden" or "Tautan ini tidak berwenang" in str(body))
    assert forbidden is (role not in ROUTES[route[2]]), (status, body)


async def _test_socket_opens(house: House, role: Role) -> None:
    visitor = await visitor_as(house, role)
    if role not in ROUTES["ws"]:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await visitor.connect()
        assert refused.value.status == 403
        return
    assert (await visitor.connect()).welcome["role"] == role


async def test_the_panitia_of_the_kabupaten_is_in_no_room(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await panitia.connect()
    assert refused.value.status == 409
    assert (await panitia.request("GET", "api/timeline"))[1]["code"] == "no_room"
    assert (await panitia.request("GET", ""))[0] == 303


@pytest.mark.parametrize("role", sorted(access.PRESENT))
async def test_messages_are_taken_from_exactly_the_roles_of_the_table(house: House, role: Role) -> None:
    visitor = await visitor_as(house, role)
    socket = await visitor.connect()
    for name in MESSAGES:
        if name == "close_meeting":
            continue  # asked last, below: nothing is decided after it
        await _test_message(socket, role, name)
    await socket.close()


async def _test_message(socket: Socket, role: Role, name: str) -> None:
    message = {"type": name} | fields_of(name)
    await socket.raw.send_str(json.dumps(message))
    await socket.send(type="ping")
    answers: list[dict[str, Any]] = []
    while [a["type"] for a in answers].count("pong") < (2 if name == "ping" else 1):
        answers.append(await socket.read())
    errors = [a["code"] for a in answers if a["type"] == "error"]
    assert not set(errors) & {"malformed", "bad_fields", "unknown_type", "internal"}, (name, errors)
    assert ("forbidden" in errors) is (role not in MESSAGES[name]), (name, answers)


def fields_of(name: str) -> dict[str, Any]:
    """A message of this type that can be read, whatever the meeting then says to it."""
    if name in ("ping", "take_seat"):
        return {}
    if name == "media_state":
        return {"can_publish": True}
    if name == "page_state":
        return {"gambar": "biasa", "mikrofon": "nyala", "kamera": "mati", "suara": "terbuka", "tampak": True}
    if name == "takarir":
        return {"text": "Selamat pagi"}
    if name == "media_mode":
        return {"peer_id": "p1", "mode": "hemat"}
    wanted = COMMANDS[name].__dataclass_fields__
    fields = {
        f: SAMPLES.get(f, str(uuid.uuid4())) for f in wanted if f not in ("settings", "media", "reason")
    }
    if name == "sanction_peserta":
        fields["jenis"] = "peringatan"
    return fields | {"command_id": str(uuid.uuid4())}


async def test_nobody_but_the_server_gives_the_servers_commands(house: House) -> None:
    socket = await (await house.visit(Role.PIMPINAN)).connect()
    for name in (
        "configure_meeting",
        "amend_agenda",
        "connect_seat",
        "drop_seat",
        "connect_chair",
        "drop_chair",
        "log_note",
        "reopen_room",
        "add_deck",
        "remove_deck",
        "add_seats",
    ):
        answer = await socket.give(name, **{k: v for k, v in fields_of(name).items() if k != "command_id"})
        assert answer["code"] == "forbidden"


@pytest.mark.parametrize("route", routes.UNDER_A_LINK, ids=lambda route: route[2])
async def test_without_the_links_own_cookie_nothing_opens(
    house: House, route: tuple[str, str, str, Any]
) -> None:
    right = await house.visit(Role.OPERATOR)
    other_house = await furnish(house.app, house.plane, house.url, "Sesi lain")
    stranger = Visitor(house.url, "tidak-ada")
    house.visitors.append(stranger)
    stranger.base = right.base
    tokens = house.app[TOKENS]
    elsewhere = Visitor(house.url, other_house.tokens[Role.OPERATOR])
    house.visitors.append(elsewhere)
    await elsewhere.open_link()
    own_cookie = tokens.mint(elsewhere.grant)
    forged = Tokens(b"x" * 48, lambda: 1e10).mint(right.grant)
    expired = tokens.mint(right.grant, life_s=-10)
    for cookie in ("", "bukan.token.jwt", own_cookie, forged, expired, tokens.mint("tidak-ada")):
        headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
        status, body = await call(stranger, route, headers=headers)
        code = (
            body["code"] if isinstance(body, dict) else "tautan" if "Tautan ini tidak berlaku" in body else ""
        )
        assert (status, code) in ((403, "no_cookie"), (403, "tautan")), (cookie, body)


@pytest.mark.parametrize(
    "route", [r for r in routes.UNDER_A_LINK if r[0] != "GET"], ids=lambda route: route[2]
)
async def test_another_sites_page_changes_nothing(house: House, route: tuple[str, str, str, Any]) -> None:
    role = min(ROUTES[route[2]] & access.EVERYONE)
    visitor = await visitor_as(house, role)
    for headers in (
        {"Origin": "https://lain.example"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://127.0.0.1:{(house.url.port or 0) + 1}"},
        {"Origin": ""},
    ):
        status, body = await call(visitor, route, headers=headers)
        assert status == 403, (headers, body)
        assert "wrong_origin" in str(body), (headers, body)
    status, body = await call(visitor, route, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    assert "wrong_origin" not in str(body)


async def test_a_door_left_open_would_be_noticed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.auth.guard.may_call", lambda role, route: True)
    monkeypatch.setattr("server.signalling.socket.may_send", lambda role, message: True)
    route = next(route for route in routes.UNDER_A_LINK if route[2] == "sesi_list")
    with pytest.raises(AssertionError):
        await test_routes_open_for_exactly_the_roles_of_the_table(house, route, Role.DESA)
    socket = await (await house.visit(Role.PENINJAU)).connect()
    with pytest.raises(AssertionError):
        await _test_message(socket, Role.PENINJAU, "warn_turn")


async def test_another_sessions_records_are_not_there(house: House) -> None:
    other = await furnish(house.app, house.plane, house.url, "Sesi lain")
    operator = await other.visit(Role.OPERATOR)
    line = await operator.connect()
    await line.command("open_meeting")
    notulis = await other.visit(Role.NOTULIS)
    note = {
        "id": str(uuid.uuid4()),
        "jenis": "usulan",
        "ucapan": "Rahasia sesi lain.",
        "kode_wilayah": TEMBOKREJO,
        "instant": {"spoken_at": 1, "seat_id": TEMBOKREJO, "turn_id": None},
    }
    assert (await notulis.request("POST", "api/v1/catatan", json=note))[0] == 201
    house.visitors += other.visitors

    mine = await house.visit(Role.NOTULIS)
    for method, path, options in (
        ("GET", f"api/v1/catatan/{note['id']}", {}),
        ("PATCH", f"api/v1/catatan/{note['id']}", {"json": {"version": 1, "judul": "Diubah"}}),
        ("POST", f"api/v1/catatan/{note['id']}/penyebutan", {"json": {"id": NOTE, "spoken_at": 1}}),
    ):
        status, body = await mine.request(method, path, **options)
        assert (status, body["code"]) == (404, "not_found")
    assert (await mine.request("GET", "api/v1/catatan"))[1]["items"] == []
    assert (await mine.request("GET", "api/timeline"))[1]["notes"] == []
    same_place = await house.visit(TEMBOKREJO)
    assert (await same_place.request("GET", f"api/v1/catatan/{note['id']}"))[0] == 404


async def test_drafts_are_seen_by_the_link_that_typed_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    notulis, office = await house.visit(Role.NOTULIS), await house.visit(KEMIREN)
    assert (await notulis.request("PUT", "api/konsep/satu", json={"ucapan": "baru seteng"}))[0] == 200
    _, draft = await notulis.request("GET", "api/konsep/satu")
    assert draft["body"] == {"ucapan": "baru seteng"}
    assert (await office.request("GET", "api/konsep/satu"))[0] == 404
    assert (await office.request("GET", "api/konsep"))[1]["items"] == []
    typed = {"draft": {"typed": {"ucapan": 'Air "keruh" \\ 🌉'}}}
    assert (await notulis.request("PUT", "api/konsep/du%22a", json={"body": typed}))[0] == 200
    listed = (await notulis.request("GET", "api/konsep"))[1]["items"]
    assert {one["id"]: one["body"] for one in listed} == {"satu": draft["body"], 'du"a': typed}
    assert draft in listed
    monkeypatch.setattr("server.store.konsep.MOST_BYTES", 200)
    status, answer = await notulis.request("PUT", "api/konsep/tiga", json={"ucapan": "a" * 200})
    assert (status, answer["code"]) == (409, "too_many")
    assert (await notulis.request("DELETE", "api/konsep/satu"))[0] == 204


async def test_closing_is_for_the_chair(house: House) -> None:
    other = await furnish(house.app, house.plane, house.url, "Sesi yang ditutup")
    for role in sorted(access.PRESENT - MESSAGES["close_meeting"]):
        line = await (await visitor_as(other, role)).connect()
        assert (await line.give("close_meeting"))["code"] == "forbidden"
    operator = (await other.opened()).sockets[0]
    await operator.command("close_meeting")
    house.visitors += other.visitors
    assert ItemKind.DIALOG in other.items


async def test_a_secret_opens_one_link_with_a_cookie_for_its_addresses_only(house: House) -> None:
    visitor = Visitor(house.url, house.tokens[Role.OPERATOR])
    house.visitors.append(visitor)
    async with visitor.http.get(
        house.url / "m" / visitor.token, allow_redirects=False, headers={"Sec-Fetch-Site": "cross-site"}
    ) as answer:
        base = answer.headers["Location"]
        cookie = answer.headers["Set-Cookie"]
    assert base.startswith("/s/")
    assert f"Path={base.rstrip('/')};" in cookie + ";"
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert visitor.http.cookie_jar.filter_cookies(house.url.join(URL(base)))
    assert not visitor.http.cookie_jar.filter_cookies(house.url / "s" / "lain")
    async with visitor.http.get(house.url / "m" / "bukan-tautan") as answer:
        assert answer.status == 404
        assert "Tautan ini tidak berlaku" in await answer.text()
