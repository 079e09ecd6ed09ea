"""A note with its history and mentions, in one transaction with the journal or alone."""

import asyncio
from uuid import uuid4

import pytest

from rooms.meeting.errors import Refused
from rooms.meeting.events import NoteLogged
from server.planning.catatan import PenyebutanBaru, parse
from server.planning.errors import FieldErrors, IdTaken, NotFound, NotYours, VersionConflict
from server.planning.notebook import Taking
from server.planning.shapes import shown
from server.planning.tahapan import Tindakan, WrongStage
from server.store.catatan import Catatan, Cursor, Filter
from tests.server.planning.conftest import DESA, LICIN, PAKIS, ROOM, Desk, note


async def test_a_taken_note_is_record_history_mention_and_journal_entry(desk: Desk) -> None:
    body = note(volume="12,5", perkiraan_biaya=2_000_000_000_000, tenggat="2027-01-31")
    taken = await desk.take(body)
    assert (taken.tahap, taken.putusan, taken.status_tindak_lanjut) == ("catatan_langsung", "menunggu", "")
    assert (taken.kode_wilayah, taken.label, taken.kecamatan) == (LICIN, "Tamansari, Kec. Licin", "Licin")
    assert taken.tahun_rencana == 2027
    assert [(m.seat_id, m.spoken_at, m.spoken) for m in taken.penyebutan] == [("licin", 5_000, True)]
    assert taken.riwayat is not None
    assert [(r.field, r.new, r.by) for r in taken.riwayat] == [("dibuat", "usulan", "Meja Notulis")]
    last = (await desk.journal.read(ROOM, 0))[-1].event
    assert isinstance(last, NoteLogged)
    assert (last.note_id, last.spoken_at) == (taken.id, 5_000)


async def test_the_shape_on_the_wire(desk: Desk) -> None:
    shape = shown(await desk.take(note(volume="12,50", tenggat="2027-01-31"))).model_dump(mode="json")
    assert (shape["volume"], shape["tenggat"], shape["perkiraan_biaya"]) == ("12.50", "2027-01-31", None)
    assert [change["field"] for change in shape["riwayat"]] == ["dibuat"]
    listed = shown((await desk.all())[0]).model_dump(mode="json")
    assert listed["riwayat"] is None
    assert listed["penyebutan"] == shape["penyebutan"]


@pytest.mark.parametrize("jenis", ["keluhan", "arahan"])
async def test_a_complaint_or_a_direction_is_followed_up(desk: Desk, jenis: str) -> None:
    taken = await desk.take(note(jenis=jenis))
    assert (taken.tahap, taken.status_tindak_lanjut) == ("", "terbuka")
    change = {"version": 1, "status_tindak_lanjut": "selesai", "penanggung_jawab": "Dinas PU"}
    done = await desk.book.change(taken.id, change, by="Panitia", at=9)
    assert (done.status_tindak_lanjut, done.penanggung_jawab) == ("selesai", "Dinas PU")


async def test_the_same_request_again_gives_the_same_note(desk: Desk) -> None:
    body = note()
    assert await desk.take(body) == await desk.take(body)
    assert (len(await desk.all()), await desk.logged()) == (1, 1)


async def test_two_requests_at_once_make_one_note(desk: Desk) -> None:
    body = note()
    first, second = await desk.prepare(body), await desk.prepare(body)
    assert isinstance(first, Taking)
    assert isinstance(second, Taking)
    answers = await asyncio.gather(desk.submit(body, first), desk.submit(body, second))
    assert answers[0] == answers[1]
    assert (len(await desk.all()), await desk.logged()) == (1, 1)


async def test_an_id_that_stands_for_another_body_is_refused(desk: Desk) -> None:
    body = note()
    late = await desk.prepare(body | {"ucapan": "Lain"})
    assert isinstance(late, Taking)
    await desk.take(body)
    with pytest.raises(IdTaken):
        await desk.take(body | {"ucapan": "Lain"})
    async with desk.database.write() as connection:
        with pytest.raises(IdTaken):
            await late.enlist(connection)
    assert (len(await desk.all()), await desk.logged()) == (1, 1)


async def test_what_the_meeting_refuses_leaves_no_record(desk: Desk) -> None:
    body = note(instant={"spoken_at": 1, "seat_id": "licin", "turn_id": "unknown"})
    taking = await desk.prepare(body)
    assert isinstance(taking, Taking)
    with pytest.raises(Refused):
        await desk.submit(body, taking)
    assert (await desk.all(), await desk.logged()) == ([], 0)


async def test_a_record_that_cannot_be_written_leaves_no_journal_entry(desk: Desk) -> None:
    body = note()
    taking = await desk.prepare(body)
    assert isinstance(taking, Taking)

    async def fail(connection: object) -> None:
        await taking.enlist(connection)
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        await desk.submit(body, Taking(taking.command, fail))
    assert (await desk.all(), await desk.logged()) == ([], 0)
    await desk.submit(body, taking)
    assert (len(await desk.all()), await desk.logged()) == (1, 1)


async def test_the_draft_goes_with_its_note(desk: Desk) -> None:
    await desk.drafts.put(desk.grant_id, "k1", {"ucapan": "Jemb"}, at=1)
    await desk.drafts.put(desk.grant_id, "k2", {"ucapan": "Lain"}, at=2)
    await desk.take(note(konsep_id="k1"))
    assert [draft.id for draft in await desk.drafts.list(desk.grant_id)] == ["k2"]


async def test_unknown_places_are_errors_of_their_fields(desk: Desk) -> None:
    with pytest.raises(FieldErrors) as caught:
        await desk.prepare(note(kode_wilayah="35.10.01.9999", instant={"spoken_at": 1, "seat_id": "x"}))
    assert caught.value.fields.keys() == {"kode_wilayah", "seat_id"}


async def test_an_office_writes_for_itself_only(desk: Desk) -> None:
    assert isinstance(await desk.prepare(note(), own=LICIN), Taking)
    with pytest.raises(NotYours):
        await desk.prepare(note(), own=PAKIS)
    taken = await desk.take(note())
    with pytest.raises(NotYours):
        await desk.book.get(taken.id, own=PAKIS)
    with pytest.raises(NotYours):
        await desk.book.change(taken.id, {"version": 1, "judul": "x"}, by="Pakis", at=1, own=PAKIS)
    with pytest.raises(NotYours):
        await desk.book.change(taken.id, {"version": 1, "kode_wilayah": PAKIS}, by="Licin", at=1, own=LICIN)


async def test_a_change_is_kept_field_by_field(desk: Desk) -> None:
    taken = await desk.take(note(volume="1,5"))
    changed = await desk.book.change(
        taken.id, {"version": 1, "judul": "Jembatan", "volume": "2", "ucapan": taken.ucapan}, by="P", at=9
    )
    assert (changed.version, changed.judul, changed.ucapan) == (2, "Jembatan", taken.ucapan)
    assert changed.riwayat is not None
    changes = {(r.field, r.old, r.new) for r in changed.riwayat[1:]}
    assert changes == {("judul", "", "Jembatan"), ("volume", "1.5", "2")}


async def test_a_change_of_nothing_writes_nothing(desk: Desk) -> None:
    taken = await desk.take(note())
    assert await desk.book.change(taken.id, {"version": 1, "ucapan": taken.ucapan}, by="P", at=9) == taken


async def test_a_change_of_an_older_version_is_refused_with_the_newer_one(desk: Desk) -> None:
    taken = await desk.take(note())
    await desk.book.change(taken.id, {"version": 1, "judul": "Satu"}, by="P", at=9)
    with pytest.raises(VersionConflict) as caught:
        await desk.book.change(taken.id, {"version": 1, "judul": "Dua"}, by="P", at=9)
    assert caught.value.current.judul == "Satu"


async def test_a_change_that_is_sent_again_is_answered_and_written_once(desk: Desk) -> None:
    taken = await desk.take(note())
    sent = {"version": 1, "judul": "Satu", "volume": "1,50"}
    done = await desk.book.change(taken.id, sent, by="P", at=9)
    assert await desk.book.change(taken.id, sent, by="P", at=10) == done
    with pytest.raises(VersionConflict):
        await desk.book.change(taken.id, sent | {"jenis": "keluhan"}, by="P", at=10)


async def test_of_two_changes_at_once_one_wins(desk: Desk) -> None:
    taken = await desk.take(note())
    changes = [
        desk.book.change(taken.id, {"version": 1, "judul": f"Judul {n}"}, by="P", at=9) for n in range(4)
    ]
    done = await asyncio.gather(*changes, return_exceptions=True)
    won = [one for one in done if isinstance(one, Catatan)]
    assert len(won) == 1
    assert sum(isinstance(one, VersionConflict) for one in done) == 3
    assert (await desk.book.get(taken.id)).judul == won[0].judul


async def test_bidang_and_sub_bidang_follow_each_other(desk: Desk) -> None:
    taken = await desk.take(note(sub_bidang="2.3"))
    assert (taken.bidang, taken.sub_bidang) == ("2", "2.3")
    moved = await desk.book.change(taken.id, {"version": 1, "bidang": "4"}, by="P", at=9)
    assert (moved.bidang, moved.sub_bidang) == ("4", "")
    again = await desk.book.change(taken.id, {"version": 2, "sub_bidang": "2.1"}, by="P", at=9)
    assert (again.bidang, again.sub_bidang) == ("2", "2.1")


@pytest.mark.parametrize("body", [{}, {"version": 1, "kanal": "rt_rw"}, {"version": 1, "tahap": "selesai"}])
async def test_a_change_without_version_or_of_what_is_not_its_own_is_refused(
    desk: Desk, body: dict[str, object]
) -> None:
    taken = await desk.take(note())
    with pytest.raises(FieldErrors):
        await desk.book.change(taken.id, body, by="P", at=9)


async def test_a_wrong_kind_is_corrected_until_the_desa_confirms(desk: Desk) -> None:
    taken = await desk.take(note())
    keluhan = await desk.book.change(taken.id, {"version": 1, "jenis": "keluhan"}, by="P", at=9)
    assert (keluhan.tahap, keluhan.putusan, keluhan.status_tindak_lanjut) == ("", "", "terbuka")
    await desk.book.change(taken.id, {"version": 2, "jenis": "usulan"}, by="P", at=9)
    await desk.decide(taken.id, Tindakan.KONFIRMASI, DESA)
    with pytest.raises(WrongStage):
        await desk.book.change(taken.id, {"version": 4, "jenis": "keluhan"}, by="P", at=9)


async def test_a_mention_can_be_added_to_a_past_turn(desk: Desk) -> None:
    taken = await desk.take(note())
    sebut = parse(PenyebutanBaru, {"id": str(uuid4()), "seat_id": "aula", "spoken_at": 9, "until_at": 20})
    told = await desk.book.mention(taken.id, ROOM, sebut, by="P", at=9)
    assert [(m.seat_id, m.spoken_at, m.until_at, m.spoken) for m in told.penyebutan] == [
        ("aula", 9, 20, False),
        ("licin", 5_000, None, True),
    ]
    assert (told.seat_id, told.kode_wilayah, told.version) == ("licin", LICIN, 2)
    assert await desk.book.mention(taken.id, ROOM, sebut, by="P", at=10) == told
    other = await desk.take(note())
    with pytest.raises(IdTaken):
        await desk.book.mention(other.id, ROOM, sebut, by="P", at=9)


async def test_a_mention_moved_to_the_right_desa_takes_its_note_along(desk: Desk) -> None:
    taken = await desk.take(note())
    old = taken.penyebutan[0]
    sebut = parse(PenyebutanBaru, {"id": old.id, "seat_id": "pakis", "spoken_at": 4_000})
    moved = await desk.book.mention(taken.id, ROOM, sebut, by="P", at=9)
    assert [(m.id, m.seat_id, m.spoken) for m in moved.penyebutan] == [(old.id, "pakis", True)]
    assert (moved.seat_id, moved.kode_wilayah, moved.kecamatan) == ("pakis", PAKIS, "Banyuwangi")
    assert moved.riwayat is not None
    fields = [(r.field, r.old, r.new) for r in moved.riwayat[1:]]
    assert ("penyebutan", "pleno licin - 5000 -", "pleno pakis - 4000 -") in fields
    assert ("kode_wilayah", LICIN, PAKIS) in fields


async def test_what_is_not_there_is_not_found(desk: Desk) -> None:
    sebut = parse(PenyebutanBaru, {"id": str(uuid4()), "spoken_at": 9})
    with pytest.raises(NotFound):
        await desk.book.get("nothing")
    with pytest.raises(NotFound):
        await desk.book.change("nothing", {"version": 1}, by="P", at=1)
    with pytest.raises(NotFound):
        await desk.book.mention("nothing", ROOM, sebut, by="P", at=1)


async def test_lists_are_filtered_counted_and_versioned(desk: Desk) -> None:
    licin = await desk.take(note(judul="Jembatan 100% rusak", sub_bidang="2.3"))
    desk.clock.advance(1)
    pakis = await desk.take(note(jenis="keluhan", ucapan="Air mati", kode_wilayah=PAKIS))

    async def ids(**conditions: object) -> list[str]:
        page = await desk.book.list(Filter(**conditions))  # type: ignore[arg-type]
        assert page.total == len(page.items)
        return [found.id for found in page.items]

    assert await ids() == [pakis.id, licin.id]
    assert await ids(room_id=ROOM) == [pakis.id, licin.id]
    assert await ids(room_id="other") == []
    assert await ids(kecamatan="35.10.24") == await ids(kecamatan="licin") == [licin.id]
    assert await ids(kode_wilayah=PAKIS) == await ids(jenis="keluhan") == [pakis.id]
    assert await ids(bidang="2") == await ids(bidang="2.3") == [licin.id]
    assert await ids(q="JEMBATAN") == await ids(q="100%") == await ids(q="rus jémb") == [licin.id]
    assert await ids(q="jembatan air") == await ids(q="embatan") == await ids(q="_") == []
    page = await desk.book.list(Filter(limit=1, after=Cursor(pakis.created_at, pakis.id)))
    assert ([found.id for found in page.items], page.total) == ([licin.id], 2)
    before = (await desk.book.list(Filter(room_id=ROOM))).version
    await desk.book.change(licin.id, {"version": 1, "judul": "x"}, by="P", at=1)
    assert (await desk.book.list(Filter(room_id=ROOM))).version == before + 1
