"""R67, R68 over HTTP: sealed seconds leave clips and are marked, for everybody who must not have them."""

import uuid
from pathlib import Path

import aiohttp
import pytest

from rooms.recording import manifest
from rooms.recording.manifest import Clip
from server.access import ROUTES, Role
from tests.support.app import KEMIREN, PANITIA_IN_SESSION, House, Socket, Visitor, running
from tests.support.film import film
from tests.support.leaks import leaked

CUT = (5_000, 7_500)
READERS = [*sorted(ROUTES["clip"] - {Role.PANITIA, Role.DESA}), KEMIREN]


async def filmed(house: House, directory: Path) -> tuple[Clip, Socket]:
    """The hall's clip of the first sixteen seconds, long ago, and an operator who may seal."""
    operator = (await house.opened()).sockets[0]
    return film(directory / "recordings", house.room_id, 1_000_000), operator


async def seal(operator: Socket, clip: Clip, cut: tuple[int, int] = CUT) -> str:
    assert clip.started_at is not None
    seal_id = str(uuid.uuid4())
    begin, end = (clip.started_at + ms for ms in cut)
    await operator.command("seal_interval", seal_id=seal_id, from_ms=begin, to_ms=end, alasan="Ditarik")
    return seal_id


async def fetch(visitor: Visitor, clip: Clip, **headers: str) -> tuple[int, bytes]:
    url = visitor.base / "clips" / f"{clip.clip_id}.webm"
    async with visitor.http.get(url, headers=headers) as answer:
        return answer.status, await answer.read()


def copies(directory: Path, clip: Clip) -> list[Path]:
    return sorted((directory / "recordings" / clip.room_id / "tertutup" / clip.clip_id).glob("*.webm"))


@pytest.mark.parametrize("who", READERS)
async def test_R68_nobody_but_the_panitia_is_served_the_sealed_seconds(tmp_path: Path, who: str) -> None:
    async with running(tmp_path) as house:
        clip, operator = await filmed(house, tmp_path)
        original = tmp_path / "recordings" / clip.file
        visitor = await house.visit(who)
        assert await fetch(visitor, clip) == (200, original.read_bytes())
        await seal(operator, clip)
        status, body = await fetch(visitor, clip)
        assert status == 200
        assert leaked(original, body, [CUT]) == []
        assert await fetch(visitor, clip, Range="bytes=100-1999") == (206, body[100:2000])
        panitia = await house.visit(PANITIA_IN_SESSION)
        assert await fetch(panitia, clip) == (200, original.read_bytes())


async def test_R68_a_server_that_forgets_the_seals_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.api.clips.cut_of", lambda clip, spans: ())
    monkeypatch.setattr("server.api.sealed.cut_of", lambda clip, spans: ())
    async with running(tmp_path) as house:
        clip, operator = await filmed(house, tmp_path)
        await seal(operator, clip)
        _, body = await fetch(await house.visit(Role.NOTULIS), clip)
        assert leaked(tmp_path / "recordings" / clip.file, body, [CUT]) != []


async def test_R68_a_copy_is_kept_until_the_seals_change(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        clip, operator = await filmed(house, tmp_path)
        original, replay = tmp_path / "recordings" / clip.file, await house.visit(Role.REPLAY)
        first = await seal(operator, clip)
        _, body = await fetch(replay, clip)
        (kept,) = copies(tmp_path, clip)
        made = kept.stat().st_mtime_ns
        assert await fetch(replay, clip) == (200, body)
        assert (copies(tmp_path, clip), kept.stat().st_mtime_ns) == ([kept], made)

        await seal(operator, clip, (12_000, 13_000))
        _, narrower = await fetch(replay, clip)
        assert leaked(original, narrower, [CUT, (12_000, 13_000)]) == []
        assert len(copies(tmp_path, clip)) == 1
        assert copies(tmp_path, clip) != [kept]
        await operator.command("unseal_interval", seal_id=first)
        _, wider = await fetch(replay, clip)
        assert leaked(original, wider, [(12_000, 13_000)]) == []
        assert leaked(original, wider, [CUT]) != []
        await seal(operator, clip, (90_000, 91_000))
        assert await fetch(replay, clip) == (200, wider)


async def test_R68_without_a_copy_nothing_is_served_and_what_is_on_its_way_is_cut(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        clip = Clip(
            "rusak", house.room_id, "aula", "aula", None, 1_000_000, f"{house.room_id}/rusak.webm",
            started_at=1_000_000, closed_at=1_016_000, duration_ms=16_000, complete=True,
        )  # fmt: skip
        path = tmp_path / "recordings" / clip.file
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            file.truncate(256 * 1024 * 1024)
        manifest.path_of(tmp_path / "recordings", clip).write_bytes(manifest.dump(clip))
        visitor = await house.visit(Role.REPLAY)
        async with visitor.http.get(visitor.base / "clips" / "rusak.webm") as answer:
            assert answer.status == 200
            await answer.content.readexactly(1_000)
            await seal(operator, clip)
            with pytest.raises(aiohttp.ClientError):
                await answer.read()
        status, body = await visitor.request("GET", "clips/rusak.webm")
        assert (status, body["code"]) == (503, "unavailable")


async def test_R67_the_timeline_marks_what_is_sealed(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        clip, operator = await filmed(house, tmp_path)
        seal_id = await seal(operator, clip)
        gone = await seal(operator, clip, (1_000, 2_000))
        await operator.command("unseal_interval", seal_id=gone)
        for who in READERS:
            _, timeline = await (await house.visit(who)).request("GET", "api/timeline")
            begin = timeline["clips"][0]["started_at"]
            expected = {"seal_id": seal_id, "from": begin + CUT[0], "to": begin + CUT[1]}
            assert timeline["seals"] == [expected]
            assert timeline["clips"][0]["duration_ms"] == clip.duration_ms
