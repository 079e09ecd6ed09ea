""" "Apa jadinya": what is overdue comes first, each can be heard, and only those who keep it change it."""

import re
from pathlib import Path

from server.access import Role
from server.kept import NOTEBOOK
from server.planning.putuskan import CHANGED
from tests.server.pages.test_usulan import noted
from tests.support.app import SARONGAN, TEMBOKREJO, running


async def test_promises_in_the_order_in_which_they_are_due(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await (await house.opened()).close()
        notulis = await house.visit(Role.NOTULIS)
        dated = {
            "tanpa": None, "lusa": "2099-01-02", "besok": "2099-01-01", "terlambat": "2020-01-01"
        }  # fmt: skip
        ids = {
            name: await noted(notulis, jenis="arahan", ucapan=name, tenggat=day)
            for name, day in dated.items()
        }
        elsewhere = await noted(
            notulis, jenis="keluhan", ucapan="air", instant={"spoken_at": 1, "seat_id": TEMBOKREJO}
        )
        usulan = await noted(notulis)
        bappeda = await house.account(Role.BAPPEDA, nama="Bambang")
        page = str((await bappeda.request("GET", "apa-jadinya"))[1])
        order = [ids[name] for name in ("terlambat", "besok", "lusa", "tanpa")]
        assert re.findall(r'<li id="u-([^"]+)"', page) == [*order, elsewhere]
        assert usulan not in page
        assert page.count('badge-alarm">Terlambat') == 1
        assert f"sesi/{house.room_id}/replay#{ids['lusa']}" in page

        camat = await house.account(Role.CAMAT, SARONGAN[:8])
        page = str((await camat.request("GET", "apa-jadinya"))[1])
        assert re.findall(r'<li id="u-([^"]+)"', page) == order
        assert "Ubah tindak lanjut" not in page
        assert (await camat.request("POST", f"apa-jadinya/{ids['lusa']}"))[0] == 403

        done = {"version": "1", "penanggung_jawab": "Dinas PU", "tenggat": "2026-12-31"}
        address = f"apa-jadinya/{ids['terlambat']}"
        for wrong, status, words in (
            ({"tenggat": "besok"}, 422, "Tanggal ini tidak benar"),
            ({"penanggung_jawab": "x" * 201}, 422, "Paling banyak 200 huruf"),
            ({"status_tindak_lanjut": "entah"}, 422, "Pilih salah satu"),
            ({"status_tindak_lanjut": ""}, 422, "ditindaklanjuti"),
            ({"version": "2", "status_tindak_lanjut": "selesai"}, 409, CHANGED),
        ):
            answer, page = await bappeda.request("POST", address, data=done | wrong)
            assert (answer, words in str(page)) == (status, True), wrong
        assert (await house.app[NOTEBOOK].get(ids["terlambat"])).version == 1
        given = done | {"status_tindak_lanjut": "selesai"}
        assert (await bappeda.request("POST", address, data=given))[0] == 303
        assert ids["terlambat"] not in str((await bappeda.request("GET", "apa-jadinya"))[1])
        page = str((await bappeda.request("GET", "apa-jadinya?selesai=1"))[1])
        assert "Dinas PU" in page
        assert "31 Desember 2026" in page
        assert (await bappeda.request("POST", f"apa-jadinya/{usulan}", data=given))[0] == 409
        assert (await bappeda.request("POST", "apa-jadinya/tidak-ada", data=given))[0] == 404
        for query in ("?dari=0", "?dari=x.1.a", "?dari=2027-01-01.x.a"):
            assert (await bappeda.request("GET", f"apa-jadinya{query}"))[0] == 400
