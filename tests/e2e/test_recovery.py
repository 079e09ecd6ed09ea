"""The server dies in mid-turn, without warning, and everybody goes on by themselves.

Twice: the server's process alone (sound and picture go on meanwhile), and everything at once as by a power
cut (sound and picture are built anew, and what was recorded until then plays).
"""

import time
from pathlib import Path

import av

from rooms.ids import RoomId
from server.store.engine import Database
from server.store.journal import SqlJournal
from tests.support.browser import Browsers
from tests.support.live import LiveServer
from tests.support.people import Replay
from tests.support.stage import Session, begin, sees_and_hears


async def mid_turn(session: Session) -> tuple[dict[str, int], int, list[str]]:
    """Sarongan speaks, Tembokrejo waits with two hands, one note is in. Returns position, limit and order."""
    sarongan, tembokrejo = session.offices["Sarongan"], session.offices["Tembokrejo"]
    await tembokrejo.raise_hand("Gudang es")
    await session.operator.call("Sarongan")
    await sees_and_hears(session.listener, "speaker", "Sarongan")
    await session.notulis.note("u", "Kami mohon jaringan listrik")
    await sarongan.expect_state("giliran")
    position = await session.operator.diagnostics("position")
    turn = await session.operator.section("turn")
    return position, turn["limit_at"], await order(session)


async def order(session: Session) -> list[str]:
    return [f"{place['seat_id']} {place['topic']}" for place in await session.operator.section("board")]


async def goes_on(session: Session, before: tuple[dict[str, int], int, list[str]], outage_ms: float) -> None:
    position, limit_at, waiting = before
    for person in session.everyone:
        await person.back_online(position)
    # The same turn, its clock running again, its end moved by the outage.
    await session.operator.until(
        """async () => { const turn = rembug.section("turn"); return turn && turn.state === "bicara"; }"""
    )
    await session.offices["Sarongan"].expect_state("giliran")
    turn = await session.operator.section("turn")
    assert turn["limit_at"] - limit_at >= outage_ms
    assert await order(session) == waiting
    await sees_and_hears(session.listener, "speaker", "Sarongan")


async def finish(session: Session) -> None:
    await session.notulis.note("k", "Sesudah padam tetap tercatat")
    await session.operator.call("Tembokrejo")
    await sees_and_hears(session.listener, "speaker", "Tembokrejo")
    await session.operator.end_turn()
    await session.operator.close_meeting()


async def verify(server: LiveServer, room_id: RoomId) -> None:
    """After the server has stopped: the chain holds, and every note stands in it exactly once."""
    database = await Database.open(f"sqlite:///{server.data_dir / 'rembug.db'}")
    try:
        journal = SqlJournal(database)
        await journal.verify(room_id)
        entries = await journal.read(room_id, 0)
    finally:
        await database.close()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    logged = [entry.event for entry in entries if type(entry.event).__name__ == "NoteLogged"]
    assert len(logged) == 2
    assert len({event.note_id for event in logged if hasattr(event, "note_id")}) == 2


async def room_of(session: Session) -> RoomId:
    told = await session.operator.page.evaluate(
        "JSON.parse(document.getElementById('boot').textContent).room_id"
    )
    return RoomId(str(told))


async def test_a_killed_server_in_mid_turn(tmp_path: Path, bs: Browsers) -> None:
    async with LiveServer(tmp_path) as server:
        session = await begin(server, bs, ["Sarongan", "Tembokrejo"])
        before = await mid_turn(session)
        heard = await session.listener.slot("speaker")

        await server.kill()
        killed = time.monotonic()
        # Nobody serves the meeting, and the speaker is still seen and heard.
        await session.listener.until(
            "async (frames) => (await rembug.slots()).speaker.frames > frames + 20", heard.frames
        )
        outage_ms = (time.monotonic() - killed) * 1000
        await server.start()

        await goes_on(session, before, outage_ms)
        for person in (session.listener, session.hall, *session.offices.values()):
            assert await person.negotiations() == 1
        await finish(session)
        room_id = await room_of(session)
        await server.stop()
        await verify(server, room_id)


async def test_a_power_cut_in_mid_turn(tmp_path: Path, bs: Browsers) -> None:
    async with LiveServer(tmp_path) as server:
        session = await begin(server, bs, ["Sarongan", "Tembokrejo"])
        before = await mid_turn(session)

        await server.power_cut()
        cut = time.monotonic()
        unfinished = list((server.data_dir / "recordings").rglob("*.webm"))
        assert len(unfinished) == 2, "the hall's clip and the speaker's"
        outage_ms = (time.monotonic() - cut) * 1000
        await server.start()

        await goes_on(session, before, outage_ms)
        assert await session.listener.diagnostics("negotiations") >= 2
        await finish(session)

        for path in unfinished:
            with av.open(str(path)) as clip:
                frames = sum(1 for _ in clip.decode(video=0))
                assert frames > 10, f"{path.name} plays {frames} frames"
                assert clip.duration is not None, "not seekable"
        replay = await Replay.enter(session.operator.page.context.browser, session.links["Putar ulang"])
        told = await replay.timeline()
        assert sum(clip["slot"] == "aula" for clip in told["clips"]) == 2, "before the cut and after it"
        assert [note["ucapan"] for note in told["notes"]].count("Kami mohon jaringan listrik") == 1
        room_id = await room_of(session)
        await server.stop()
        await verify(server, room_id)
