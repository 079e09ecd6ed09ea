"""The timeline: when a turn's clock ran, clips as files with ranges, and who may see what of the notes."""

import uuid
from pathlib import Path

import pytest

from rooms.ids import Actor, CommandId, ItemId, PesertaId, RequestId, RoomId, SeatId, TurnId
from rooms.journal import Entry
from rooms.meeting.commands import (
    CallResponder,
    CallSeat,
    Command,
    ConfigureMeeting,
    ContinueTurn,
    EndInterjection,
    EndTurn,
    HoldTurn,
    OpenMeeting,
    RegisterPeserta,
    ReopenRoom,
    RequestTurn,
    ResumeMeeting,
    StartItem,
    SuspendMeeting,
)
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import ItemKind, ItemSpec, SeatKind, SeatSpec, TurnMedia
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.recording import manifest
from rooms.recording.manifest import Clip
from rooms.spoken import replayed
from server.access import Role
from server.api.timeline import turns_of
from tests.support.app import KEMIREN, SARONGAN, running

ROOM, DESA, ITEM, TURN = RoomId("r"), SeatId("35.10.15.2004"), ItemId("i"), TurnId("t")
SET_UP: list[tuple[int, Command]] = [
    (
        1_000,
        ConfigureMeeting(
            "Uji",
            (
                SeatSpec(SeatId("aula"), SeatKind.AULA, "Aula"),
                SeatSpec(DESA, SeatKind.DIALOG, "Kemiren", DESA),
            ),
            (ItemSpec(ITEM, ItemKind.DIALOG, "Dialog"),),
            (DESA,),
        ),
    ),
    (2_000, OpenMeeting()),
    (3_000, StartItem(ITEM)),
    (3_500, RegisterPeserta(PesertaId("p"), DESA, "Siti")),
    (3_600, RequestTurn(RequestId("q"), DESA, PesertaId("p"), "Jalan")),
    (10_000, CallSeat(TURN, DESA, media=TurnMedia.LEWAT_TELEPON)),
]


def journal(commands: list[tuple[int, Command]]) -> list[Entry]:
    meeting = Meeting(NASKAH_BERGILIR)
    entries: list[Entry] = []
    for at, command in commands:
        for event in meeting.handle(command, at):
            seq = len(entries) + 1
            entries.append(Entry(ROOM, seq, 1, at, Actor("system"), CommandId(f"c{at}"), event))
    return entries


def spoken(*commands: tuple[int, Command]) -> list[tuple[int, int | None]]:
    _, intervals = replayed(journal([*SET_UP, *commands]))
    return list(intervals[TURN])


def test_a_turn_that_runs_has_an_open_interval() -> None:
    assert spoken() == [(10_000, None)]


def test_holding_and_suspending_split_a_turn() -> None:
    assert spoken(
        (20_000, HoldTurn(TURN)),
        (25_000, ContinueTurn(TURN)),
        (30_000, SuspendMeeting()),
        (40_000, ResumeMeeting()),
        (55_000, EndTurn(TURN)),
    ) == [(10_000, 20_000), (25_000, 30_000), (40_000, 55_000)]


def test_an_outage_is_nobodys_time() -> None:
    assert spoken((60_000, ReopenRoom(30_000)), (70_000, EndTurn(TURN))) == [
        (10_000, 30_000),
        (60_000, 70_000),
    ]


def test_who_comes_in_between_has_intervals_of_its_own() -> None:
    """The speaker's clock stands meanwhile (R44)."""
    hall, officer, answer = SeatId("aula"), PesertaId("kadis"), TurnId("jawab")
    fold, intervals = replayed(
        journal(
            [
                *SET_UP,
                (11_000, RegisterPeserta(officer, hall, "Kepala Dinas")),
                (20_000, CallResponder(answer, hall, officer, TurnMedia.HADIR_DI_AULA)),
                (32_000, EndInterjection(answer)),
                (40_000, EndTurn(TURN)),
            ]
        )
    )
    assert intervals == {TURN: [(10_000, 20_000), (32_000, 40_000)], answer: [(20_000, 32_000)]}
    assert [(t["turn_id"], t["kind"], t["nama"], t["topic"]) for t in turns_of(fold, intervals, {})] == [
        (TURN, "giliran", "Siti", "Jalan"),
        (answer, "tanggapan", "Kepala Dinas", ""),
    ]


def clip(directory: Path, room_id: str, **changes: object) -> Clip:
    values: dict[str, object] = {
        "clip_id": f"klip-{uuid.uuid4()}",
        "room_id": room_id,
        "seat_id": "aula",
        "slot": "aula",
        "turn_id": None,
        "opened_at": 1_000,
        "started_at": 1_500,
        "duration_ms": 4_000,
        "complete": True,
    }
    values |= changes
    values["file"] = f"{room_id}/{values['clip_id']}.webm"
    made = Clip(**values)  # type: ignore[arg-type]
    (directory / room_id).mkdir(parents=True, exist_ok=True)
    (directory / made.file).write_bytes(bytes(range(256)) * 4)
    manifest.path_of(directory, made).write_bytes(manifest.dump(made))
    return made


async def test_recordings_are_files_with_ranges_of_the_own_room_only(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        directory = tmp_path / "recordings"
        mine = clip(directory, house.room_id)
        growing = clip(
            directory, house.room_id, complete=False, duration_ms=0, opened_at=2_000, started_at=2_500
        )
        unborn = clip(directory, house.room_id, complete=False, started_at=None, opened_at=3_000)
        other = clip(directory, str(uuid.uuid4()))
        (directory.parent / "rahasia.webm").write_bytes(b"rahasia")
        visitor = await house.visit(Role.REPLAY)

        status, timeline = await visitor.request("GET", "api/timeline")
        assert [(c["clip_id"], c["duration_ms"], c["complete"]) for c in timeline["clips"]] == [
            (mine.clip_id, 4_000, True),
            (growing.clip_id, None, False),
        ]
        assert timeline["clips"][0]["url"] == f"/s/{visitor.grant}/clips/{mine.clip_id}.webm"
        url = visitor.base / "clips" / f"{mine.clip_id}.webm"
        async with visitor.http.get(url, headers={"Range": "bytes=250-259"}) as answer:
            assert answer.status == 206
            assert answer.content_type == "video/webm"
            assert answer.headers["Content-Range"] == "bytes 250-259/1024"
            assert await answer.read() == bytes([*range(250, 256), *range(4)])
        async with visitor.http.get(url, headers={"Range": "bytes=5000-"}) as answer:
            assert answer.status == 416
        for name in (other.clip_id, "tidak-ada", "..%2F..%2Frahasia", "..", "%00", f"{'x' * 300}"):
            status, body = await visitor.request("GET", f"clips/{name}.webm")
            assert (status, body["code"]) == (404, "not_found"), name
        assert unborn.clip_id not in str(timeline)


async def test_an_office_sees_its_own_notes_without_the_internal_follow_up(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        notulis = await house.visit(Role.NOTULIS)
        for kode in (KEMIREN, SARONGAN):
            note = {
                "id": str(uuid.uuid4()),
                "jenis": "keluhan",
                "ucapan": f"Keluhan {kode}",
                "kode_wilayah": kode,
                "penanggung_jawab": "Dinas PU",
                "tenggat": "2027-03-01",
                "instant": {"spoken_at": 5, "seat_id": kode, "turn_id": None},
            }
            assert (await notulis.request("POST", "api/v1/catatan", json=note))[0] == 201
        office = await house.visit(KEMIREN)
        _, timeline = await office.request("GET", "api/timeline")
        assert [n["ucapan"] for n in timeline["notes"]] == [f"Keluhan {KEMIREN}"]
        assert (timeline["notes"][0]["penanggung_jawab"], timeline["notes"][0]["tenggat"]) == ("", None)
        _, all_of_it = await notulis.request("GET", "api/timeline")
        assert {n["penanggung_jawab"] for n in all_of_it["notes"]} == {"Dinas PU"}
        assert {s["kecamatan"] for s in all_of_it["seats"]} == {"", "Glagah", "Muncar", "Pesanggaran"}


async def test_an_office_writes_only_for_its_own_place(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        await house.opened()
        office = await house.visit(KEMIREN)
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "usulan",
            "ucapan": "Balai budaya",
            "kode_wilayah": SARONGAN,
            "instant": {"spoken_at": 5, "seat_id": SARONGAN, "turn_id": None},
        }
        status, made = await office.request("POST", "api/v1/catatan", json=note)
        assert (status, made["kode_wilayah"], made["seat_id"]) == (201, KEMIREN, KEMIREN)
        change = {"version": 1, "kode_wilayah": SARONGAN}
        status, refused = await office.request("PATCH", f"api/v1/catatan/{note['id']}", json=change)
        assert (status, refused["code"]) == (403, "forbidden")
        status, changed = await office.request(
            "PATCH", f"api/v1/catatan/{note['id']}", json={"version": 1, "judul": "Balai"}
        )
        assert (status, changed["version"]) == (200, 2)
        status, refused = await office.request(
            "PATCH", f"api/v1/catatan/{note['id']}", json={"version": 1, "judul": "Lain"}
        )
        assert (status, refused["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"bukan json", 400, ""),
        (b"[]", 400, ""),
        (b"[" * 5000, 400, ""),
        (b"{}", 422, "id"),
        (b'{"id": "x", "jenis": "usulan", "lain": 1}', 422, "lain"),
    ],
)
async def test_a_note_that_cannot_be_read_says_why(
    tmp_path: Path, body: bytes, status: int, field: str
) -> None:
    async with running(tmp_path) as house:
        notulis = await house.visit(Role.NOTULIS)
        got, answer = await notulis.request("POST", "api/v1/catatan", data=body)
        assert got == status
        assert set(answer) == {"type", "title", "status", "code", "fields"}
        assert not field or field in answer["fields"]


async def test_a_note_before_the_opening_is_refused_with_the_meetings_code(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        notulis = await house.visit(Role.NOTULIS)
        note = {
            "id": str(uuid.uuid4()),
            "jenis": "usulan",
            "ucapan": "Terlalu dini",
            "instant": {"spoken_at": 5, "seat_id": None, "turn_id": None},
        }
        status, refused = await notulis.request("POST", "api/v1/catatan", json=note)
        assert (status, refused["code"]) == (409, "wrong_status")
        assert (await notulis.request("GET", "api/v1/catatan"))[1]["items"] == []


async def test_filters_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as house:
        notulis = await house.visit(Role.NOTULIS)
        assert (await notulis.request("GET", "api/v1/catatan?kecamtan=Glagah"))[0] == 422
        assert (await notulis.request("GET", "api/v1/catatan?q=%00"))[0] == 422
        assert (await notulis.request("GET", "api/v1/catatan?q='%3B%20DROP%20TABLE%20catatan"))[0] == 200
