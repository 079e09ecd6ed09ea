"""Accounts against the running server: signing in and out, and every route of the desk with every role."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from yarl import URL

from server import routes
from server.access import ACCOUNTS, ROUTES, Role
from server.auth.attempts import NAME_HERE
from server.auth.guard import ACCOUNT_COOKIE, COOKIE
from server.auth.tokens import Tokens
from server.kept import ACCOUNTS as KEPT
from server.keys import ACCOUNT_TOKENS, BROWSER_TOKENS, NOW, TOKENS
from server.pages.masuk import WRONG
from server.store.akun import AkunSpec
from tests.server.test_access import BODIES, NOTE, path_of
from tests.support.app import PASSWORD, House, Visitor, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
HTML = {"Accept": "text/html"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with running(tmp_path_factory.mktemp("akun")) as house:
        yield house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(house: House) -> dict[Role, Visitor]:
    return {
        role: await house.account(role, "35.10.24" if role == Role.CAMAT else "", "PU") for role in ACCOUNTS
    }


async def a_stranger(house: House) -> Visitor:
    visitor = Visitor(house.url, "")
    house.visitors.append(visitor)
    return visitor


async def signs_in(visitor: Visitor, name: str, password: str, lanjut: str = "") -> tuple[int, str]:
    visitor.base = visitor.url / ""
    typed = {"masuk": name, "sandi": password, "lanjut": lanjut}
    status, page = await visitor.request("POST", "masuk", data=typed)
    visitor.base = visitor.url.join(URL("/kerja/"))
    return status, str(page)


async def name_of(house: House, nama: str) -> str:
    return next(akun.spec.masuk for akun in await house.app[KEPT].all() if akun.spec.nama == nama)


@pytest.mark.parametrize("role", sorted(ACCOUNTS))
async def test_routes_open_for_exactly_the_roles_of_the_table(
    house: House, people: dict[Role, Visitor], role: Role
) -> None:
    for method, template, name, _ in routes.SIGNED_IN:
        if name == "keluar":
            continue
        status, body = await people[role].request(method, path_of(template), **BODIES.get(name, {}))
        assert status < 500, (name, body)
        refused = status == 403 and "Akun Anda tidak berwenang" in str(body)
        assert refused is (role not in ROUTES[name]), (name, status, body)


async def test_a_door_left_open_would_be_noticed(
    house: House, people: dict[Role, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.auth.guard.may_call", lambda role, route: True)
    with pytest.raises(AssertionError):
        await test_routes_open_for_exactly_the_roles_of_the_table(house, people, Role.CAMAT)


async def test_without_its_own_cookie_nothing_opens(house: House, people: dict[Role, Visitor]) -> None:
    camat, link = people[Role.CAMAT], await house.visit(Role.PANITIA)
    account = next(akun for akun in await house.app[KEPT].all() if akun.spec.peran == Role.CAMAT)
    browser = (await house.app[KEPT].browsers(account.id, at=house.app[NOW]()))[0].id
    stranger = await a_stranger(house)
    stranger.base = camat.base
    now = lambda: house.app[NOW]() / 1000  # noqa: E731
    cookies = (
        "",
        "bukan.token",
        house.app[TOKENS].mint(browser),
        house.app[BROWSER_TOKENS].mint(browser),
        house.app[ACCOUNT_TOKENS].mint(link.grant),
        house.app[ACCOUNT_TOKENS].mint(account.id),
        house.app[ACCOUNT_TOKENS].mint(browser, life_s=-10),
        Tokens(b"x" * 48, now, "rembug:akun").mint(browser),
    )
    for method, template, name, _ in routes.SIGNED_IN:
        for cookie in cookies:
            headers = {"Cookie": f"{ACCOUNT_COOKIE}={cookie}; {COOKIE}={cookie}"}
            status, body = await stranger.request(
                method, path_of(template), headers=headers, **BODIES.get(name, {})
            )
            assert status == 403, (name, cookie, body)
            assert "masuk lagi" in str(body), (name, body)
    right = {"Cookie": f"{ACCOUNT_COOKIE}={house.app[ACCOUNT_TOKENS].mint(browser)}"}
    assert (await stranger.request("GET", "usulan", headers=right))[0] == 200
    # nor does an account's cookie open a link
    stranger.base = link.base
    cookie = f"{COOKIE}={house.app[ACCOUNT_TOKENS].mint(link.grant)}"
    assert (await stranger.request("GET", "sesi", headers={"Cookie": cookie}))[0] == 403


@pytest.mark.parametrize("route", [r for r in routes.SIGNED_IN if r[0] != "GET"], ids=lambda r: r[2])
async def test_another_sites_page_changes_nothing(
    house: House, people: dict[Role, Visitor], route: tuple[str, str, str, Any]
) -> None:
    method, template, _, _ = route
    for origin in ("https://lain.example", "null", ""):
        headers = {"Origin": origin}
        status, body = await people[Role.PANITIA].request(method, path_of(template), headers=headers)
        assert status == 403, body
        assert "wrong_origin" in str(body)
    stranger = await a_stranger(house)
    status, body = await stranger.request("POST", "masuk", headers={"Origin": "https://lain.example"})
    assert status == 403


async def test_one_signs_in_and_is_led_where_one_was_going(house: House) -> None:
    await house.account(Role.CAMAT, "35.10.24", nama="Budi")
    name, visitor = await name_of(house, "Budi"), await a_stranger(house)
    visitor.base = visitor.url.join(URL("/kerja/"))
    async with visitor.http.get(
        f"{visitor.base}usulan?q=jalan", headers=HTML, allow_redirects=False
    ) as answer:
        assert answer.status == 303
        where = URL(answer.headers["Location"])
    assert where == URL("/masuk?lanjut=/kerja/usulan?q%3Djalan")
    status, _ = await signs_in(visitor, f" {name.upper()} ", PASSWORD, "/kerja/usulan?q=jalan")
    assert status == 303
    assert (await visitor.request("GET", "usulan"))[0] == 200
    cookies = {c.key: c for c in visitor.http.cookie_jar}
    assert cookies[ACCOUNT_COOKIE]["path"] == "/kerja"
    assert cookies[ACCOUNT_COOKIE]["httponly"]
    assert cookies[ACCOUNT_COOKIE]["samesite"] == "Lax"
    assert (await visitor.request("POST", "keluar"))[0] == 303
    assert (await visitor.request("GET", "usulan"))[0] == 403


@pytest.mark.parametrize(
    "lanjut",
    ["https://lain.example", "//lain.example", "/kerja/\\lain", "/s/x/", "/kerja/\r\nX: 1", "/kerjaan"],
)
async def test_nobody_is_led_elsewhere(house: House, lanjut: str) -> None:
    stranger = await a_stranger(house)
    async with stranger.http.get(house.url / "masuk", params={"lanjut": lanjut}) as answer:
        assert 'name="lanjut" value="/kerja/"' in await answer.text()


async def test_what_is_wrong_is_not_told_apart(house: House) -> None:
    await house.account(Role.CAMAT, "35.10.24", nama="Sri")
    without = AkunSpec("tanpa.sandi", "T", "", Role.CAMAT, "35.10.24")
    await house.app[KEPT].create(without, by="uji", at=house.app[NOW]())
    names = (await name_of(house, "Sri"), "tidak.ada", "tanpa.sandi", "' OR 1=1 --", "")
    pages = set()
    for name in names:
        status, page = await signs_in(await a_stranger(house), name, "bukan sandinya")
        assert status == 422
        assert WRONG in page
        pages.add(re.sub(r'(id="masuk" name="masuk") value="[^"]*"', r"\1", page))
    assert len(pages) == 1


async def test_strangers_who_guess_do_not_keep_the_owner_out(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        owner = await house.account(Role.CAMAT, "35.10.24", nama="Ayu")
        name, stranger = await name_of(house, "Ayu"), await a_stranger(house)
        told = [(await signs_in(stranger, name, f"tebakan {n}"))[0] for n in range(NAME_HERE.at_once + 2)]
        assert told == [422] * NAME_HERE.at_once + [429] * 2
        # even the right one from there, at once; and a name that nobody has is held back alike
        assert (await signs_in(stranger, name, PASSWORD))[0] == 429
        told = [(await signs_in(stranger, "tak.ada", f"t {n}"))[0] for n in range(NAME_HERE.at_once + 2)]
        assert told == [422] * NAME_HERE.at_once + [429] * 2
        await owner.request("POST", "keluar")
        assert (await signs_in(owner, name, PASSWORD))[0] == 303


async def test_a_link_sets_a_password_and_the_old_browsers_are_out(house: House) -> None:
    first = await house.account(Role.BAPPEDA, nama="Tono")
    akun = next(one for one in await house.app[KEPT].all() if one.spec.nama == "Tono")
    token = await house.app[KEPT].link(akun.id, by="P", at=house.app[NOW]())
    again = await a_stranger(house)
    again.base = house.url / ""
    address = f"masuk/sandi/{token}"
    for typed, field in (
        ({"sandi": "pendek", "ulangi": "pendek"}, "salah-sandi"),
        ({"sandi": "x" * 201, "ulangi": "x" * 201}, "salah-sandi"),
        ({"sandi": "cukup panjang", "ulangi": "lain"}, "salah-ulangi"),
        ({}, "salah-sandi"),
    ):
        status, page = await again.request("POST", address, data=typed)
        assert status == 422
        assert re.search(rf'id="{field}">[^<]+<', str(page)), typed
    good = {"sandi": "kata yang baru sekali", "ulangi": "kata yang baru sekali"}
    assert (await again.request("POST", address, data=good))[0] == 303
    assert (await again.request("POST", address, data=good))[0] == 404
    assert (await again.request("GET", address))[0] == 404
    assert (await first.request("GET", "usulan"))[0] == 403
    name = akun.spec.masuk
    assert (await signs_in(first, name, PASSWORD))[0] == 422
    assert (await signs_in(first, name, "kata yang baru sekali"))[0] == 303


async def test_other_browsers_are_seen_and_signed_out(house: House) -> None:
    here = await house.account(Role.OPD, opd="PU", nama="Rini")
    there = await a_stranger(house)
    await signs_in(there, await name_of(house, "Rini"), PASSWORD)
    _, page = await here.request("GET", "perangkat")
    ids = re.findall(r"perangkat/(\w+)/keluar", str(page))
    assert len(ids) == 1
    stranger = await house.account(Role.OPD, opd="PU")
    assert (await stranger.request("POST", f"perangkat/{ids[0]}/keluar"))[0] == 404
    assert (await here.request("POST", f"perangkat/{ids[0]}/keluar"))[0] == 303
    assert (await there.request("GET", "usulan"))[0] == 403
    assert (await here.request("GET", "usulan"))[0] == 200


async def test_the_panitia_makes_closes_and_opens_accounts(house: House) -> None:
    panitia = await house.visit(Role.PANITIA)
    typed = {"masuk": "Camat.Glagah", "nama": "<b>Nur</b>", "peran": "camat", "kode_wilayah": "35.10.14"}
    status, _ = await panitia.request("POST", "akun", data=typed)
    assert status == 303
    _, page = await panitia.request("GET", "akun")
    assert "&lt;b&gt;Nur" in page
    akun = next(one for one in await house.app[KEPT].all() if one.spec.masuk == "camat.glagah")
    token = re.search(r"/masuk/sandi/([\w-]+)", page.partition(f'id="{akun.id}"')[2])
    assert token
    visitor = await a_stranger(house)
    visitor.token = token[1]
    await visitor.set_password(PASSWORD)
    assert (await panitia.request("POST", f"akun/{akun.id}/tutup"))[0] == 303
    assert (await visitor.request("GET", "usulan"))[0] == 403
    assert (await signs_in(visitor, "camat.glagah", PASSWORD))[0] == 422
    assert (await panitia.request("POST", f"akun/{akun.id}/tautan"))[0] == 404
    assert (await panitia.request("POST", f"akun/{akun.id}/buka"))[0] == 303
    assert (await signs_in(visitor, "camat.glagah", PASSWORD))[0] == 422
    assert (await panitia.request("POST", f"akun/{akun.id}/tautan"))[0] == 303
    wrongs: tuple[tuple[dict[str, str], str], ...] = (
        (typed, "masuk"),
        (typed | {"masuk": "a b"}, "masuk"),
        (typed | {"masuk": "ab"}, "masuk"),
        (typed | {"masuk": "baru", "nama": " "}, "nama"),
        (typed | {"masuk": "baru", "peran": "raja"}, "peran"),
        (typed | {"masuk": "baru", "peran": "desa"}, "peran"),
        (typed | {"masuk": "baru", "kode_wilayah": ""}, "kode_wilayah"),
        (typed | {"masuk": "baru", "kode_wilayah": "99.99.99"}, "kode_wilayah"),
        (typed | {"masuk": "baru", "kode_wilayah": "x"}, "kode_wilayah"),
        (typed | {"masuk": "baru", "peran": "opd"}, "opd"),
    )
    for wrong, field in wrongs:
        status, page = await panitia.request("POST", "akun", data=wrong)
        assert status == 422
        assert re.search(rf'id="salah-{field}">[^<]+<', page), (wrong, field)
    assert not [one for one in await house.app[KEPT].all() if one.spec.masuk == "baru"]


async def test_a_camat_sees_its_own_kecamatan_and_no_other(house: House, people: dict[Role, Visitor]) -> None:
    await (await house.opened()).close()
    notulis = await house.visit(Role.NOTULIS)
    note = {
        "id": NOTE,
        "jenis": "usulan",
        "ucapan": "Jembatan Sarongan",
        "kode_wilayah": "35.10.01.2001",
        "instant": {"spoken_at": 1},
    }
    assert (await notulis.request("POST", "api/v1/catatan", json=note))[0] == 201
    own = await house.account(Role.CAMAT, "35.10.01")
    for query in ("", "?kecamatan=35.10.01", "?kecamatan=35.10.24", "?desa=35.10.01.2001"):
        assert f"usulan/{NOTE}" in (await own.request("GET", f"usulan{query}"))[1], query
        assert f"usulan/{NOTE}" not in (await people[Role.CAMAT].request("GET", f"usulan{query}"))[1]
    assert (await own.request("GET", f"usulan/{NOTE}"))[0] == 200
    for role in (Role.CAMAT, Role.OPD):
        status, page = await people[role].request("GET", f"usulan/{NOTE}")
        assert status == 403
        assert "bukan dari wilayah Anda" in page
    assert (await people[Role.BAPPEDA].request("GET", f"usulan/{NOTE}"))[0] == 200


async def test_behind_a_proxy_one_who_guesses_holds_back_himself_alone(tmp_path: Path) -> None:
    async with running(tmp_path, proxies="127.0.0.1, ::1") as house:
        visitor = await a_stranger(house)
        visitor.base = visitor.url / ""

        async def status(client: str) -> int:
            typed = {"masuk": "ayu", "sandi": "tebakan saja"}
            answer, _ = await visitor.request(
                "POST", "masuk", data=typed, headers={"X-Forwarded-For": f"192.0.2.1, {client}"}
            )
            return answer

        told = [await status("198.51.100.1") for _ in range(NAME_HERE.at_once + 1)]
        assert told == [422] * NAME_HERE.at_once + [429]
        assert await status("203.0.113.7") == 422
