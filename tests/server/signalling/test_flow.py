"""The path of a proposal through the wire: a hand, a call, a note, the list, the export."""

import uuid
from pathlib import Path

import pytest

from rooms.media.plane import Slot
from server.access import Role
from tests.support.app import KEMIREN, SARONGAN, TEMBOKREJO, Socket, running


async def come_in(socket: Socket, nama: str) -> str:
    """An office's first minute: consent, its person, its camera; returns the person's id."""
    peserta_id = str(uuid.uuid4())
    await socket.command("give_consent", consent="direkam", seat_id="")
    await socket.command("register_peserta", peserta_id=peserta_id, nama=nama, jabatan="Kepala Desa")
    await socket.send(type="media_state", can_publish=True)
    await socket.until("own", lambda own: own["connected"])
    return peserta_id


async def test_a_hand_a_call_a_note_the_list_and_the_export(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        operator = (await house.opened()).sockets[0]
        office = await house.visit(KEMIREN)
        line = await office.connect()
        peserta_id = await come_in(line, "Bu Siti")
        request_id, turn_id = str(uuid.uuid4()), str(uuid.uuid4())
        await line.command("request_turn", request_id=request_id, peserta_id=peserta_id, topic="Balai budaya")

        await operator.until("hands", lambda hands: [h["request_id"] for h in hands] == [request_id])
        await operator.command("call_seat", turn_id=turn_id, seat_id=KEMIREN, request_id=request_id)
        turn = await line.until("turn", lambda turn: turn is not None)
        assert (turn["nama"], turn["topic"], turn["state"]) == ("Bu Siti", "Balai budaya", "bicara")
        stage = await line.until("stage", lambda stage: stage["slots"]["speaker"] == KEMIREN)
        assert await line.until_applied(stage["seq"]) == {"epoch": 1, "seq": stage["seq"]}
        feed = house.plane.feed(house.room_id, Slot.SPEAKER)
        assert feed is not None
        assert (feed.seat_id, feed.turn_id, feed.record) == (KEMIREN, turn_id, True)

        notulis = await house.visit(Role.NOTULIS)
        desk = await notulis.connect()
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "usulan",
            "ucapan": "Kami mohon balai budaya.",
            "judul": "=Balai budaya",
            "kode_wilayah": KEMIREN,
            "perkiraan_biaya": 150_000_000,
            "instant": {"spoken_at": turn["running_since"], "seat_id": KEMIREN, "turn_id": turn_id},
        }
        status, taken = await notulis.request("POST", "api/v1/catatan", json=note)
        assert status == 201, taken
        assert taken["penyebutan"][0]["turn_id"] == turn_id
        await desk.expect("catatan")
        assert await notulis.request("POST", "api/v1/catatan", json=note) == (201, taken)
        status, other = await notulis.request("POST", "api/v1/catatan", json=note | {"ucapan": "Lain."})
        assert (status, other["code"]) == (409, "conflict")

        status, listed = await notulis.request("GET", "api/v1/catatan?kecamatan=Glagah&jenis=usulan")
        assert [item["id"] for item in listed["items"]] == [note["id"]]
        status, exported = await notulis.request("GET", "api/catatan.csv")
        assert status == 200
        assert "'=Balai budaya" in exported
        status, book = await notulis.request("GET", "api/catatan.xlsx")
        assert book.startswith("PK")

        status, confirmed = await office.request("POST", f"api/v1/catatan/{note['id']}/konfirmasi")
        assert (status, confirmed["tahap"]) == (200, "draf")
        other_office = await house.visit(SARONGAN)
        status, refused = await other_office.request("POST", f"api/v1/catatan/{note['id']}/konfirmasi")
        assert (status, refused["code"]) == (403, "forbidden")
        assert (await other_office.request("GET", "api/v1/catatan"))[1]["items"] == []


async def test_a_repeated_command_is_acknowledged_again_and_decided_once(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        socket = await (await house.visit(Role.OPERATOR)).connect()
        first = await socket.give("open_meeting", command_id="sekali")
        again = await socket.give("open_meeting", command_id="sekali")
        assert first == again
        refused = await socket.give("open_meeting", command_id="dua")
        assert (refused["code"], refused["message"]) == (
            "wrong_status",
            "Itu belum dapat dilakukan pada tahap rapat ini.",
        )


@pytest.mark.parametrize("sent", ["", TEMBOKREJO, "tidak-ada"])
async def test_an_office_acts_for_its_own_seat_whatever_it_sends(tmp_path: Path, sent: str) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        line = await (await house.visit(SARONGAN)).connect()
        await line.command("give_consent", consent="direkam", seat_id=sent)
        own = await line.until("own", lambda own: own["consent"] == "direkam")
        assert own["seat_id"] == SARONGAN
        assert (await house.hall()).room.meeting.presence.seats[TEMBOKREJO].consent == "belum"  # type: ignore[index]
