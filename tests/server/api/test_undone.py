"""R53: what is left of a call that was undone, and who is shown it."""

import uuid
from pathlib import Path

import pytest

from server.access import READERS, Role
from tests.server.api.test_closed_notes import WHO
from tests.server.api.test_timeline import clip
from tests.support.app import KEMIREN, SARONGAN, running

SHOWN_TO = {Role.NOTULIS, Role.PANITIA}


@pytest.mark.parametrize("role", sorted(READERS))
async def test_R53_an_undone_turn_is_shown_and_played_to_the_notulis_and_the_panitia_alone(
    tmp_path: Path, role: Role
) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        spoke, mistaken = str(uuid.uuid4()), str(uuid.uuid4())
        for turn_id, seat_id in ((spoke, KEMIREN), (mistaken, SARONGAN)):
            await operator.command(
                "call_seat",
                turn_id=turn_id,
                seat_id=seat_id,
                request_id=None,
                media="lewat_telepon",
                reason="",
            )
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "usulan",
            "ucapan": "Jembatan",
            "kode_wilayah": KEMIREN,
            "instant": {"spoken_at": 1_000, "seat_id": KEMIREN, "turn_id": mistaken},
        }
        notulis = await house.visit(Role.NOTULIS)
        assert (await notulis.request("POST", "api/v1/catatan", json=note))[0] == 201
        recorded = clip(tmp_path / "recordings", house.room_id, turn_id=mistaken, slot="speaker")
        await operator.command("undo_call", turn_id=mistaken)

        visitor, shown = await house.visit(WHO.get(role, role)), role in SHOWN_TO
        _, timeline = await visitor.request("GET", "api/timeline")
        turns = {turn["turn_id"]: turn["outcome"] for turn in timeline["turns"]}
        assert turns == {spoke: None} | ({mistaken: "dibatalkan"} if shown else {})
        assert [c["clip_id"] for c in timeline["clips"]] == ([recorded.clip_id] if shown else [])
        assert [m["turn_id"] for n in timeline["notes"] for m in n["penyebutan"]] == [spoke]
        async with visitor.http.get(visitor.base / "clips" / f"{recorded.clip_id}.webm") as answer:
            assert answer.status == (200 if shown else 404)
