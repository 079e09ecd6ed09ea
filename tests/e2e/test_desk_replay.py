"""The replay page at a real server: the moment of a note, the switch back to the hall, filters and exports.

Turn and note are made at the desks; the recordings are laid into the session's folder, each in its own hue.
"""

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import expect

from rooms.gladi.loops import make_loop
from rooms.recording.manifest import Clip, dump, path_of
from tests.e2e.test_desk_operator import SARONGAN, SUKOREJO
from tests.support.browser import Browsers
from tests.support.capture import hue_distance
from tests.support.live import LiveServer
from tests.support.people import Notulis, Replay, hue_in
from tests.support.scene import scene_on

HALL_HUE, OFFICE_HUE = 40.0, 200.0
BEFORE_TURN_MS, AFTER_NOTES_MS = 3_000, 5_000
TOGETHER_S = 0.5
"""So far hall and office may be apart in the replay before one hears an echo as a mistake."""


@dataclass
class Replayed:
    replay: Replay
    told: dict[str, Any]

    def clip(self, slot: str) -> dict[str, Any]:
        found: dict[str, Any] = next(clip for clip in self.told["clips"] if clip["slot"] == slot)
        return found

    def note(self, jenis: str) -> dict[str, Any]:
        found: dict[str, Any] = next(note for note in self.told["notes"] if note["jenis"] == jenis)
        return found


async def lay(
    directory: Path, room_id: str, seat_id: str, slot: str, turn_id: str | None, at: int, until: int
) -> None:
    """A finished recording of one hue, from ``at`` to ``until`` (ms)."""
    clip_id = f"{at}-{slot}"
    clip = Clip(
        clip_id=clip_id,
        room_id=room_id,
        seat_id=seat_id,
        slot=slot,
        turn_id=turn_id,
        opened_at=at,
        file=f"{room_id}/{clip_id}.webm",
        started_at=at,
        closed_at=until,
        duration_ms=until - at,
        complete=True,
    )
    film = directory / clip.file
    film.parent.mkdir(parents=True, exist_ok=True)
    hue = HALL_HUE if slot == "aula" else OFFICE_HUE
    await asyncio.to_thread(make_loop, film, name=slot, hue=hue, voice_text=slot, seconds=(until - at) / 1000)
    path_of(directory, clip).write_bytes(dump(clip))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def link(launched: Browsers, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Sukorejo had a turn in which an usulan was noted; after it the hall answered, which is an arahan.

    A server of this module's own, since all of its tests replay the same session.
    """
    async with (
        LiveServer(tmp_path_factory.mktemp("replay")) as server,
        scene_on(server, launched, dialog=[SARONGAN, SUKOREJO]) as scene,
    ):
        await scene.chair.open_dialog()
        notulis = await Notulis.enter(await launched.viewer(), scene.links["Meja Notulis"])
        await scene.chair.call_by_telephone(SUKOREJO)
        await expect(notulis.at("giliran-tempat")).to_contain_text("Sukorejo")
        await notulis.note("u", "Irigasi tersier", bidang="2.3")
        await scene.chair.give("end_turn", turn_id=(await notulis.section("turn"))["turn_id"])
        await expect(notulis.at("giliran-tempat")).to_have_text("Aula")
        await notulis.note("a", "Dinas meninjau minggu ini")
        told = await notulis.page.evaluate(
            "async () => (await fetch(location.pathname + 'api/timeline')).json()"
        )
        room_id, turn = told["room"]["room_id"], told["turns"][0]
        recordings = server.data_dir / "recordings"
        began = turn["intervals"][0]["from"]
        # However long it took to write them down.
        until = max(note["penyebutan"][0]["spoken_at"] for note in told["notes"]) + AFTER_NOTES_MS
        await lay(recordings, room_id, SUKOREJO, "speaker", turn["turn_id"], began, until)
        await lay(recordings, room_id, "aula", "aula", None, began - BEFORE_TURN_MS, until)
        await notulis.page.context.close()
        yield scene.links["Putar ulang"]


@pytest_asyncio.fixture(loop_scope="session")
async def it(link: str, bs: Browsers) -> Replayed:
    replay = await Replay.enter(await bs.viewer(), link)
    return Replayed(replay, await replay.timeline())


async def test_a_note_plays_its_moment_with_the_hall_beside_it(it: Replayed) -> None:
    clip, note = it.clip("speaker"), it.note("usulan")
    due = (note["penyebutan"][0]["spoken_at"] - clip["started_at"]) / 1000
    video = it.replay.at("video-pembicara")
    await it.replay.play_note("Irigasi tersier")
    await expect(it.replay.at("panggung")).to_have_attribute("data-on", "speaker")
    await expect(video).to_have_attribute("data-start", re.compile(r"\d"))
    assert float(await video.get_attribute("data-start") or "nan") == due
    await it.replay.until(
        "() => { const v = document.querySelector('#video-speaker');"
        " return !v.paused && !v.seeking && v.videoWidth > 0; }"
    )
    at = float(await video.evaluate("(v) => v.currentTime"))
    assert due <= at < due + clip["duration_ms"] / 1000
    hue = await hue_in(video)
    assert hue is not None
    assert hue_distance(hue, OFFICE_HUE) < 25
    hall_clip = it.clip("aula")
    # It is led there, and kept, while both play.
    await it.replay.until(
        "([office, hall, most]) => Math.abs((office - hall) / 1000"
        " + document.querySelector('#video-speaker').currentTime"
        " - document.querySelector('#video-aula').currentTime) < most"
        " && !document.querySelector('#video-aula').paused",
        [clip["started_at"], hall_clip["started_at"], TOGETHER_S],
    )


async def test_an_address_that_names_a_note_opens_at_its_moment(it: Replayed) -> None:
    clip, note, page = it.clip("speaker"), it.note("usulan"), it.replay.page
    await page.goto(f"{page.url}#{note['id']}")
    await page.reload()
    await expect(it.replay.at("panggung")).to_have_attribute("data-on", "speaker")
    await expect(it.replay.at("siapa")).to_contain_text("Sukorejo")
    video = it.replay.at("video-pembicara")
    await expect(video).to_have_attribute("data-start", re.compile(r"\d"))
    start = float(await video.get_attribute("data-start") or "nan")
    assert start == (note["penyebutan"][0]["spoken_at"] - clip["started_at"]) / 1000


async def test_playing_on_returns_to_the_hall_as_the_session_did(it: Replayed) -> None:
    await it.replay.at("garis-giliran").first.click()
    stage = it.replay.at("panggung")
    await expect(stage).to_have_attribute("data-on", "speaker")
    await expect(it.replay.at("siapa")).to_contain_text("Sukorejo")
    await it.replay.at("putar").click()
    await expect(stage).to_have_attribute("data-on", "aula")
    await expect(it.replay.at("siapa")).to_have_text("Aula")


async def test_what_the_hall_said_plays_from_the_hall(it: Replayed) -> None:
    hall, note = it.clip("aula"), it.note("arahan")
    await it.replay.play_note("Dinas meninjau minggu ini")
    await expect(it.replay.at("panggung")).to_have_attribute("data-on", "aula")
    start = float(await it.replay.at("video-aula").get_attribute("data-start") or "nan")
    assert start == (note["penyebutan"][0]["spoken_at"] - hall["started_at"]) / 1000


async def test_a_file_holds_what_the_filters_show(it: Replayed) -> None:
    rows = it.replay.at("catatan-baris")
    await expect(rows).to_have_count(2)
    await it.replay.at("saring-kecamatan").select_option("Bangorejo")
    await it.replay.at("saring-jenis").select_option("usulan")
    await expect(rows).to_have_count(1)
    async with it.replay.page.expect_download() as waiting:
        await it.replay.at("unduh-csv").click()
    text = (await (await waiting.value).path()).read_text(encoding="utf-8-sig")
    listed = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))
    assert len(listed) == 2
    assert any("Irigasi tersier" in cell for cell in listed[1])
    await it.replay.at("saring-bidang").select_option("4")
    await expect(rows).to_have_count(0)
    await expect(it.replay.page.locator("#notes-none")).to_contain_text("saringan")
