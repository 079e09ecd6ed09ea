"""A session that was made is changed, also while it runs, and held again a year later."""

import html
import re
from pathlib import Path

import aiohttp

from rooms.ids import RoomId
from rooms.meeting.vocabulary import ItemKind
from server.access import Role
from server.kept import GRANTS, JOURNAL, READINESS, SESSIONS
from server.keys import NOW
from server.signalling.entrance import HALLS
from tests.server.pages.test_kesiapan import tell
from tests.support.app import KEMIREN, SARONGAN, House, Visitor, running

GRAJAGAN = "35.10.03.2001"
HOSTILE = '"><script>alert(1)</script>'
FORM = {
    "title": "Musrenbang yang ditunda",
    "tanggal": "2027-01-22",
    "jam_mulai": "09:00",
    "jam_selesai": "12:30",
    "telepon": "0333-1234",
}


async def save(panitia: Visitor, house: House, items: list[tuple[str, str, str]], **more: str) -> int:
    form = aiohttp.FormData(FORM | more)
    for item_id, kind, title in items:
        for name, value in (("item_id", item_id), ("item_kind", kind), ("item_title", title)):
            form.add_field(name, value)
    return (await panitia.request("POST", f"sesi/{house.room_id}/ubah", data=form()))[0]


def as_they_are(house: House) -> list[tuple[str, str, str]]:
    return [(item_id, kind, str(kind).title()) for kind, item_id in house.items.items()]


async def test_a_running_session_is_changed_and_nobody_on_the_floor_notices(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = await house.opened()
        desk = operator.sockets[0]
        office = await (await house.visit(SARONGAN)).connect()
        await office.send(type="media_state", can_publish=True)
        await desk.command("call_seat", turn_id="t1", seat_id=SARONGAN, media="lewat_telepon")
        turn = await desk.until("turn", bool)
        panitia = await house.visit(Role.PANITIA)
        _, page = await panitia.request("GET", f"sesi/{house.room_id}/ubah")
        assert "sedang berjalan" in page
        assert page.count("sudah berjalan") == 2, "the notice, and the item that runs"
        assert await save(panitia, house, [*as_they_are(house), ("", "paparan", HOSTILE)]) == 303
        session = await desk.until("session", lambda now: now["title"] == FORM["title"])
        assert session["status"] == "berlangsung"
        agenda = await desk.until("agenda", lambda items: len(items) == 5)
        assert agenda[-1]["title"] == HOSTILE
        assert {name: desk.sections["turn"][name] for name in ("turn_id", "state")} == {
            name: turn[name] for name in ("turn_id", "state")
        }
        # What has run stays; the form comes back as it was typed.
        without = [item for item in as_they_are(house) if item[1] != ItemKind.DIALOG]
        assert await save(panitia, house, [*without, ("", "dialog", "Lain")], title=HOSTILE) == 422
        spec = await house.app[SESSIONS].spec(house.room_id)
        assert spec is not None
        assert (spec.title, spec.jam_mulai, spec.telepon) == (FORM["title"], "09:00", "0333-1234")
        assert [item.title for item in spec.agenda] == [item["title"] for item in agenda]
        _, page = await panitia.request("GET", f"sesi/{house.room_id}")
        assert html.escape(HOSTILE, quote=True).replace("&quot;", "&#34;") in page
        assert "<script>alert" not in page
        assert "09.00 – 12.30 WIB" in page
        await desk.command("close_meeting")
        assert await save(panitia, house, as_they_are(house)) == 409
        assert (await panitia.request("GET", f"sesi/{house.room_id}/ubah"))[0] == 409


async def test_before_it_opens_everything_on_the_form_may_change(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        assert await save(panitia, house, [("", "dialog", "Satu-satunya acara")]) == 303
        hall = await house.hall()
        assert [item.title for item in hall.room.meeting.agenda.items.values()] == ["Satu-satunya acara"]
        assert hall.room.meeting.agenda.title == FORM["title"]
        assert set(hall.room.meeting.agenda.seats) == {"aula", *(k for k in house.tokens if k[:2] == "35")}
    async with running(tmp_path) as again:
        room = (await again.app[HALLS].get(house.room_id)).room
        assert room.meeting.agenda.title == FORM["title"], "after a restart, too"


async def test_last_years_session_is_held_again_with_new_links_and_no_names(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = await house.opened()
        person = {"peserta_id": "p1", "seat_id": SARONGAN, "nama": "Suparman", "jabatan": "Kepala Desa"}
        await operator.sockets[0].command("register_peserta", **person, unsur="tani", jenis_kelamin="L")
        await tell(await house.visit(SARONGAN))
        panitia = await house.visit(Role.PANITIA)
        papers = {"nama.notulis": "Endang", "versi.nama.notulis": "0"}
        await panitia.request("POST", f"sesi/{house.room_id}/dokumen/notulen/-/tanda-tangan", data=papers)
        _, page = await panitia.request("GET", f"sesi/baru?salin={house.room_id}")
        assert re.search(r'name="tanggal"[^>]*value=""', page), "its day is to be said"
        fields = [("title", "Musrenbang lagi"), ("tanggal", "2028-01-14"), ("camat", "")]
        for name in ("jenis_sesi", "tahun_rencana", "turn_limit_menit"):
            fields.append((name, {"jenis_sesi": "musrenbang_desa", "tahun_rencana": "2029"}.get(name, "3")))
        fields += [("kursi", kursi) for kursi in re.findall(r'<option value="(35[^"]+)" selected', page)]
        fields += [("naskah", kode) for kode in re.findall(r'name="naskah" value="([^"]+)"', page)]
        kinds = re.findall(r'name="item_kind".*?<option value="(\w+)" selected', page, re.DOTALL)
        titles = re.findall(r'name="item_title" maxlength="200" value="([^"]+)"', page)
        for kind, title in zip(kinds, titles, strict=False):
            fields += [("item_kind", kind), ("item_title", title)]
        form = aiohttp.FormData(fields)
        url = f"{panitia.base}sesi/baru"
        headers = {"Origin": panitia.origin}
        async with panitia.http.post(url, data=form(), headers=headers, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            room_id = RoomId(answer.headers["Location"].rpartition("/")[2])
        before, after = [await house.app[SESSIONS].spec(r) for r in (house.room_id, room_id)]
        assert before is not None
        assert after is not None
        assert (after.seats, after.script) == (before.seats, before.script)
        assert [(i.kind, i.title) for i in after.agenda] == [(i.kind, i.title) for i in before.agenda]
        _, page = await panitia.request("GET", f"sesi/{room_id}")
        links = re.findall(r'value="http[^"]*/m/([^"]+)"', page)
        assert len(links) == 10
        assert not set(links) & set(house.tokens.values())
        for token in links:
            visitor = Visitor(house.url, token)
            house.visitors.append(visitor)
            await visitor.open_link()
            _, body = await visitor.request("GET", "")
            assert f'"room_id": "{room_id}"' in body
            assert str(house.room_id) not in body
        old = await house.visit(SARONGAN)
        assert (await old.connect()).welcome["room_id"] == house.room_id
        journals = [repr(await house.app[JOURNAL].read(r, 0)) for r in (house.room_id, room_id)]
        assert ["Suparman" in journal for journal in journals] == [True, False]
        assert await house.app[READINESS].of(room_id) == {}
        _, page = await panitia.request("GET", f"sesi/{room_id}/dokumen/notulen/-")
        assert "Endang" not in page
        _, page = await panitia.request("GET", f"sesi/{house.room_id}/dokumen/notulen/-")
        assert "Endang" in page, "the control"


async def test_the_form_is_checked_in_steps_and_makes_nothing_by_it(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia = await house.visit(Role.PANITIA)
        before = len(await house.app[SESSIONS].list())
        whole = {"title": "Rapat", "tanggal": "2027-01-15", "jenis_sesi": "besanan", "tahun_rencana": "2028"}
        whole |= {
            "turn_limit_menit": "3",
            "item_kind": "dialog",
            "item_title": "Topik",
            "kursi": f"{SARONGAN}:dialog",
        }
        for form, wrong in (
            (whole, set()),
            (whole | {"title": "", "telepon": HOSTILE}, {"title", "telepon"}),
        ):
            status, body = await panitia.request("POST", "sesi/baru?periksa=ya", data=form)
            assert (status, set(body["galat"])) == (200, wrong)
        status, page = await panitia.request(
            "POST", "sesi/baru?templat=besanan", data=whole | {"title": HOSTILE}
        )
        assert status == 200
        assert "Topik pertama" in page
        assert "<script>alert" not in page
        assert (await panitia.request("POST", "sesi/baru?templat=rapat", data=whole))[0] == 404
        assert len(await house.app[SESSIONS].list()) == before


async def test_an_office_that_was_forgotten_comes_in_while_the_meeting_runs(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = await house.opened()
        desk, office = operator.sockets[0], await (await house.visit(SARONGAN)).connect()
        await desk.command("call_seat", turn_id="t1", seat_id=SARONGAN, media="lewat_telepon")
        turn = await desk.until("turn", bool)
        panitia = await house.visit(Role.PANITIA)
        _, page = await panitia.request("GET", f"sesi/{house.room_id}/ubah")
        assert f'value="{GRAJAGAN}:dialog"' in page
        assert f'value="{SARONGAN}:dialog"' not in page
        before = await links(house)
        assert await save(panitia, house, as_they_are(house), kursi=f"{GRAJAGAN}:dialog") == 303
        seats = await desk.until("seats", lambda seats: len(seats) == 5)
        assert (seats[-1]["label"], seats[-1]["kind"]) == ("Grajagan, Kec. Purwoharjo", "dialog")
        assert await office.until("seats", lambda seats: len(seats) == 5)
        assert desk.sections["turn"]["turn_id"] == turn["turn_id"]
        after = await links(house)
        assert {key: after[key] for key in before} == before
        (fresh,) = [key for key in after if key not in before]
        spec = await house.app[SESSIONS].spec(house.room_id)
        assert spec is not None
        assert spec.script[-1] == GRAJAGAN == spec.seats[-1].seat_id
        # It comes in by its link, raises a hand, and stands on the sheets and on the board.
        late = Visitor(house.url, after[fresh])
        house.visitors.append(late)
        await late.open_link()
        line = await late.connect()
        await line.command("register_peserta", peserta_id="p9", nama="Siti")
        await line.command("give_consent", consent="direkam")
        await line.command("request_turn", request_id="r9", peserta_id="p9", topic="Irigasi")
        await desk.until("hands", lambda hands: any(hand["seat_id"] == GRAJAGAN for hand in hands))
        assert "Grajagan" in (await panitia.request("GET", f"sesi/{house.room_id}/undangan"))[1]
        assert "Grajagan" in (await panitia.request("GET", f"sesi/{house.room_id}/kesiapan"))[1]
        # Twice, or what is no office, is told beside the field.
        for kursi in (f"{GRAJAGAN}:dialog", "35.10.99.2001:dialog", f"{KEMIREN}:aula"):
            assert await save(panitia, house, as_they_are(house), kursi=kursi) == 422
        assert len(await links(house)) == len(after)


async def links(house: House) -> dict[str, str]:
    """Public id -> secret, of the session's links that stand."""
    grants = await house.app[GRANTS].of_room(house.room_id)
    secrets = await house.app[GRANTS].secrets_of(grants, at=house.app[NOW]())
    return {key: minted.token for key, minted in secrets.items()}


async def test_a_place_without_a_link_gets_one_and_no_other_is_touched(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        panitia, address = await house.visit(Role.PANITIA), f"sesi/{house.room_id}"
        before = await links(house)
        _, page = await panitia.request("GET", address)
        assert "buat-tautan" not in page
        assert (await panitia.request("POST", f"{address}/tautan", data={"untuk": "layar"}))[0] == 303
        assert await links(house) == before, "it has one"
        for number, place in enumerate(("siaran", SARONGAN, "aula"), 1):
            lost = (await house.visit(place)).grant
            await house.app[GRANTS].revoke(lost, at=1)
            _, page = await panitia.request("GET", address)
            assert page.count("buat-tautan") == 1
            assert (await panitia.request("POST", f"{address}/tautan", data={"untuk": place}))[0] == 303
            _, page = await panitia.request("GET", address)
            assert "buat-tautan" not in page
            after = await links(house)
            assert len(after) == len(before)
            assert len({key for key in before if key not in after}) == number
            assert all(after[key] == secret for key, secret in before.items() if key in after)
        assert page.count("/layar/") == 2
        for wrong in ("panitia", "35.10.02.2001", ""):
            assert (await panitia.request("POST", f"{address}/tautan", data={"untuk": wrong}))[0] == 404
