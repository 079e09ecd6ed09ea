"""The hall as the process that a demonstration starts."""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from rooms.gladi.hall import loop_for
from rooms.gladi.office import Part
from tests.rooms.gladi.stage import TOKEN, Stage

LIMIT_S = 180.0


async def test_everyone_comes_and_the_process_ends_with_the_meeting(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        stages = [await stack.enter_async_context(Stage().open()) for _ in range(3)]
        roles = ("aula", "desa", "desa")
        participants = [
            {
                "role": role,
                "link": f"{stage.base_url}/m/{TOKEN}",
                "name": f"Kursi {number}",
                "hue": number * 100,
                "voice": "Halo",
                "topics": ["Jembatan gantung"],
            }
            for number, (role, stage) in enumerate(zip(roles, stages, strict=True))
        ]
        config = {
            "base_url": stages[0].base_url,
            "participants": participants,
            "loops": str(tmp_path / "loops"),
        }
        (tmp_path / "hall.json").write_text(json.dumps(config))
        hall = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rooms.gladi", "--config", str(tmp_path / "hall.json")),
            stdout=asyncio.subprocess.PIPE,
        )
        stack.callback(lambda: hall.kill() if hall.returncode is None else None)
        async with asyncio.timeout(LIMIT_S):
            for stage in stages:
                await stage.hears("give_consent")
                await stage.tracks.get()
            assert len(list((tmp_path / "loops").glob("*.webm"))) == 3
            for stage in stages:
                assert hall.returncode is None
                await stage.show(session={"status": "ditutup"})
            printed, _ = await hall.communicate()
        assert printed == b""
        assert hall.returncode == 0


async def test_an_attached_hall_ends_with_its_parent_even_a_killed_one(tmp_path: Path) -> None:
    async with Stage().open() as stage:
        aula = {
            "role": "aula",
            "link": f"{stage.base_url}/m/{TOKEN}",
            "name": "Aula",
            "hue": 0,
            "voice": "Halo",
            "topics": [],
        }
        config = {"base_url": stage.base_url, "participants": [aula], "loops": str(tmp_path / "loops")}
        (tmp_path / "hall.json").write_text(json.dumps(config))
        hall = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "rooms.gladi", "--config", str(tmp_path / "hall.json"), "--attached"),
            stdin=asyncio.subprocess.PIPE,
        )
        assert hall.stdin is not None
        async with asyncio.timeout(LIMIT_S):
            await stage.hears("give_consent")
            assert hall.returncode is None
            hall.stdin.close()
            assert await hall.wait() == 0


def test_a_loop_is_made_once(tmp_path: Path) -> None:
    part = Part("desa", "/m/x", "Glagah", 40.0, "")
    path = loop_for(tmp_path, part)
    made = path.stat().st_mtime_ns
    assert loop_for(tmp_path, part) == path
    assert path.stat().st_mtime_ns == made
    assert loop_for(tmp_path, Part("desa", "/m/x", "Glagah", 41.0, "")) != path
