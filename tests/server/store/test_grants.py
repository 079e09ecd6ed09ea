"""Personal links: secret, revocable, kept as a hash only."""

from datetime import date

import pytest
from sqlalchemy import select

from rooms.ids import ItemId, RoomId, SeatId
from rooms.meeting.vocabulary import (
    ItemKind,
    ItemSpec,
    Kuorum,
    MeetingSettings,
    MeetingStatus,
    SeatKind,
    SeatSpec,
    Urutan,
)
from server.store.engine import Database
from server.store.grants import Grants, GrantSpec
from server.store.link_secrets import LinkSecrets, shown_code, typed_code
from server.store.sessions import Sessions, SessionSpec
from server.store.tables import grants as table

ROOM = RoomId("pleno")
SPEC = SessionSpec(
    ROOM,
    "Musrenbang",
    date(2026, 1, 15),
    "musrenbangdes",
    2027,
    (
        SeatSpec(SeatId("aula"), SeatKind.AULA, "Aula"),
        SeatSpec(SeatId("licin"), SeatKind.DIALOG, "Tamansari, Kec. Licin", "35.10.24.2008"),
        SeatSpec(SeatId("pakis"), SeatKind.DIALOG, "Kel. Pakis, Kec. Banyuwangi", "35.10.16.1001"),
    ),
    (ItemSpec(ItemId("2"), ItemKind.SEREMONI, "Doa"), ItemSpec(ItemId("1"), ItemKind.DIALOG, "Dialog")),
    (SeatId("pakis"), SeatId("licin")),
    MeetingSettings(turn_limit_s=240, bersiap=3, urutan=Urutan.DETIK_ADIL, kuorum=Kuorum.SEMUA),
    jam_mulai="08:30",
    jam_selesai="12:00",
    telepon="0812-3456-7890",
)
KEY = LinkSecrets(b"k" * 48)


async def test_a_link_opens_with_its_secret_only(sqlite_database: Database) -> None:
    grants = Grants(sqlite_database)
    minted = await grants.mint(GrantSpec("panitia", "Bappeda"), at=1)
    opened = await grants.exchange(minted.token, at=5)
    assert opened is not None
    assert (opened.public_id, opened.role, opened.room_id, opened.last_used_at) == (
        minted.grant.public_id,
        "panitia",
        None,
        5,
    )
    for wrong in ("", "x", minted.grant.public_id, minted.token[:-1], minted.token + "x"):
        assert await grants.exchange(wrong, at=5) is None


async def test_a_secret_is_long_never_stored_and_never_printed(sqlite_database: Database) -> None:
    grants = Grants(sqlite_database)
    minted = [await grants.mint(GrantSpec("panitia", "Bappeda"), at=1) for _ in range(20)]
    assert len({one.token for one in minted} | {one.grant.public_id for one in minted}) == 40
    assert all(len(one.token) * 6 >= 128 for one in minted)
    assert minted[0].token not in repr(minted[0])
    async with sqlite_database.read() as connection:
        stored = repr((await connection.execute(select(table))).all())
    assert not any(one.token in stored for one in minted)


async def test_a_revoked_link_opens_no_more_but_is_still_known(sqlite_database: Database) -> None:
    grants = Grants(sqlite_database)
    minted = await grants.mint(GrantSpec("panitia", "Bappeda"), at=1)
    assert await grants.revoke(minted.grant.public_id, at=7)
    assert not await grants.revoke(minted.grant.public_id, at=8)
    assert await grants.exchange(minted.token, at=9) is None
    known = await grants.get(minted.grant.public_id)
    assert known is not None
    assert (known.revoked, known.revoked_at, known.last_used_at) == (True, 7, None)
    assert await grants.get("unknown") is None


async def test_a_session_is_made_with_all_that_belongs_to_it(database: Database) -> None:
    sessions, grants = Sessions(database), Grants(database)
    links = [GrantSpec("operator", "Meja Operator"), GrantSpec("desa", "Tamansari", seat_id=SeatId("licin"))]
    minted = await sessions.create(SPEC, links, at=3)
    assert await sessions.spec(ROOM) == SPEC
    assert [one.grant.room_id for one in minted] == [ROOM, ROOM]
    assert {grant.role for grant in await grants.of_room(ROOM)} == {"operator", "desa"}
    assert await grants.of_room(None) == []
    listed = await sessions.list()
    assert [(one.room_id, one.status, one.alive_until) for one in listed] == [
        (ROOM, MeetingStatus.DISIAPKAN, None)
    ]
    assert await sessions.get(RoomId("unknown")) is None
    assert await sessions.spec(RoomId("unknown")) is None


async def test_a_session_is_made_whole_or_not_at_all(database: Database) -> None:
    sessions = Sessions(database)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await sessions.create(SPEC, [GrantSpec("desa", "x", seat_id=SeatId("unknown"))], at=3)
    with pytest.raises(ValueError, match="not seats"):
        await sessions.create(
            SessionSpec(ROOM, "x", date(2026, 1, 1), "x", 2027, (), (), (SeatId("unknown"),)), at=3
        )
    assert await sessions.list() == []


async def test_status_and_heartbeat(database: Database) -> None:
    sessions = Sessions(database)
    await sessions.create(SPEC, at=3)
    await sessions.set_status(ROOM, MeetingStatus.DISKORS)
    await sessions.heartbeat([ROOM], at=99)
    await sessions.heartbeat([], at=100)
    found = await sessions.get(ROOM)
    assert found is not None
    assert (found.status, found.alive_until) == (MeetingStatus.DISKORS, 99)


async def test_a_secret_is_found_again_by_who_has_the_servers_key_alone(sqlite_database: Database) -> None:
    links = [GrantSpec("operator", "Meja Operator"), GrantSpec("desa", "Tamansari", seat_id=SeatId("licin"))]
    minted = await Sessions(sqlite_database, KEY).create(SPEC, links, at=3)
    grants = Grants(sqlite_database, KEY)
    those = [one.grant for one in minted]
    found = await grants.secrets_of(those, at=4)
    assert [(found[m.grant.public_id].token, found[m.grant.public_id].code) for m in minted] == [
        (minted[0].token, ""),
        (minted[1].token, minted[1].code),
    ]
    assert await Grants(sqlite_database, LinkSecrets(b"x" * 48)).secrets_of(those, at=4) == {}
    assert await grants.revoke(those[1].public_id, at=5)
    standing = await grants.of_room(ROOM)
    assert set(await grants.secrets_of(standing, at=6)) == {those[0].public_id}
    async with sqlite_database.read() as connection:
        stored = repr((await connection.execute(select(table))).all())
    assert not any(secret in stored for m in minted for secret in (m.token, m.code or m.token))


async def test_a_seats_short_code_opens_it_until_the_link_or_the_session_ends(
    sqlite_database: Database,
) -> None:
    sessions, grants = Sessions(sqlite_database, KEY), Grants(sqlite_database, KEY)
    office = GrantSpec("desa", "Tamansari", seat_id=SeatId("licin"))
    minted = await sessions.create(SPEC, [office, GrantSpec("operator", "Meja Operator")], at=3)
    code = minted[0].code
    opened = await grants.exchange_code(code, at=9)
    assert opened is not None
    assert (opened.public_id, opened.last_used_at) == (minted[0].grant.public_id, 9)
    assert minted[1].code == ""
    assert await grants.exchange_code("00000000", at=9) is None
    # A desk has no code, not even the one that would follow from its id.
    assert await grants.exchange_code(KEY.code(minted[1].grant.public_id), at=9) is None
    await sessions.set_status(ROOM, MeetingStatus.DITUTUP)
    assert await grants.exchange_code(code, at=10) is None
    await sessions.set_status(ROOM, MeetingStatus.BERLANGSUNG)
    renewed = await grants.mint(GrantSpec("desa", "Tamansari", ROOM, SeatId("licin")), at=11)
    await grants.revoke(minted[0].grant.public_id, at=11)
    assert renewed.code != code
    assert await grants.exchange_code(code, at=12) is None
    again = await grants.exchange_code(renewed.code, at=12)
    assert again is not None
    assert again.public_id == renewed.grant.public_id


def test_a_code_is_read_as_people_type_it() -> None:
    for public_id in map(str, range(200)):
        code = KEY.code(public_id)
        assert typed_code(shown_code(code)) == code
        assert typed_code(f" {code[:4].lower()} {code[4:].lower()} ") == code
    assert typed_code("K7MP-3R0I") == typed_code("k7mp3rol") == "K7MP3R01"
    for wrong in ("", "K7MP-3RT", "K7MP-3RTXX", "K7MP-3RTU", "K7MP_3RTX", "\u0661" * 8):
        assert typed_code(wrong) is None
