"""``/metrics``: true numbers, for those who may, and nobody's name among them."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.app import KEMIREN, SARONGAN, House, running, settings_in

TOKEN = "pengawas-kabupaten"
Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]


async def read(house: House, **headers: str) -> tuple[int, str]:
    visitor = next(iter(house.visitors))
    async with visitor.http.get(house.url / "metrics", headers=headers) as answer:
        return answer.status, await answer.text()


async def figures(house: House, **headers: str) -> Figures:
    status, text = await read(house, **headers)
    assert status == 200, text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_they_count_what_happened_and_name_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        office = await house.visit(KEMIREN)
        line = await office.connect()
        await line.send(type="media_state", can_publish=True)
        await line.until("own", lambda own: own["connected"])
        gone = await (await house.visit(SARONGAN)).connect()
        before = await figures(house)
        assert before["rembug_rooms", (("status", "berlangsung"),)] == 1
        assert before["rembug_rooms", (("status", "ditutup"),)] == 0
        assert (before["rembug_seats", ()], before["rembug_seats_connected", ()]) == (4, 1)
        assert before["rembug_sockets", (("role", "desa"),)] == 2
        assert before["rembug_media_up", (("worker", "0"),)] == 1
        assert before["rembug_media_rooms", (("worker", "0"),)] == 1
        assert before["rembug_media_join_seconds_count", (("worker", "0"),)] == 0
        assert before["process_open_fds", ()] > 0

        await gone.close()
        house.plane.lost = True
        await line.command("give_consent", consent="direkam")
        closed = ("rembug_sockets_closed_total", (("code", "1000"),))
        after = await figures(house)
        while not any(name == "rembug_sockets_closed_total" for name, _ in after):
            after = await figures(house)
        assert after[closed] == 1
        for name in ("rembug_journal_appends_total", "rembug_journal_entries_total"):
            assert after[name, ()] == before[name, ()] + 1
        assert after["rembug_media_up", (("worker", "0"),)] == 0
        assert not any(name.startswith("rembug_media_packets") for name, _ in after)

        _, text = await read(house)
        room = (await house.hall()).room
        secret = {house.room_id, office.grant, KEMIREN, SARONGAN, "Kemiren", "Musrenbang uji"}
        assert room.meeting.presence.seats.keys() >= {KEMIREN}
        assert not {word for word in secret if word in text}


async def test_without_a_token_only_this_machine_may_see_them(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.visit(KEMIREN)
        assert (await read(house))[0] == 200
        # What a proxy on this machine says of whom it speaks for.
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            assert (await read(house, **{header: "203.0.113.9"}))[0] == 403


async def test_with_a_token_it_must_be_shown_from_anywhere(tmp_path: Path) -> None:
    async with running(tmp_path, metrics_token=TOKEN) as house:
        await house.visit(KEMIREN)
        for wrong in ({}, {"Authorization": TOKEN}, {"Authorization": "Bearer pengawas-kabupatem"}):
            status, text = await read(house, **wrong)
            assert status == 403
            assert '"code":"forbidden"' in text
        away = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"}
        assert ("rembug_tasks", ()) in await figures(house, **away)


def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="metrics_token"):
        settings_in(tmp_path, metrics_token="rahasia")
