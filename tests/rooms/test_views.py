"""The sections of PROTOCOL.md: their shapes, and who sees what."""

import json
from collections.abc import Mapping

import pytest

from rooms.ids import PesertaId, RequestId, SeatId, TurnId
from rooms.meeting.commands import (
    CloseMeeting,
    ConfirmReady,
    DropSeat,
    EndTurn,
    HoldTurn,
    RegisterPeserta,
    ReorderRequests,
    StartItem,
    SuspendMeeting,
    WithdrawRequest,
)
from rooms.meeting.freeze import Json
from rooms.meeting.meeting import Meeting
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.views import Viewer, project
from rooms.words import Name, Words
from tests.support.meeting import (
    AULA,
    DIALOG,
    GLAGAH_1,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    OFFICES,
    PENUTUP,
    Session,
    call,
    peserta,
    session,
)
from tests.support.views import CONSOLE, EVERYBODY, WATCHER, obj, rows, view, words_of


def busy() -> Session:
    """Licin 2 speaks by its hand, a second one waits; Glagah 1's hand waits; the script has its rest."""
    s = session()
    s.hand(LICIN_2), s.hand(LICIN_2, 2), s.hand(GLAGAH_1)
    s.do(RegisterPeserta(peserta(AULA), AULA, "Bupati"))
    s.do(call(1, LICIN_2))
    s.now += 5_000
    return s


def test_every_role_has_the_sections_of_the_protocol() -> None:
    s = busy()
    common = {"session", "agenda", "stage", "turn", "interjection", "bersiap", "seats", "slides"}
    consoles = {"board", "hands", "points", "history", "peserta", "attendance", "fairness", "seals", "decks"}
    assert set(view(s, CONSOLE)) == common | consoles
    assert set(view(s, WATCHER)) == common | {"waiting"}
    assert set(view(s, Viewer(seat_id=LICIN_1))) == common | {"waiting", "own", "peserta"}
    assert set(view(s, Viewer(seat_id=AULA))) == common | {"waiting", "own", "peserta"}


@pytest.mark.parametrize("viewer", EVERYBODY)
def test_a_view_is_json_in_every_state(viewer: Viewer) -> None:
    assert json.loads(json.dumps(project(Meeting(NASKAH_BERGILIR), Words(), viewer)))
    s = busy()
    for step in (HoldTurn(TurnId("t1")), DropSeat(LICIN_2), SuspendMeeting(), CloseMeeting()):
        seen = view(s, viewer)
        assert json.loads(json.dumps(seen)) == seen
        s.do(step)


@pytest.mark.parametrize("viewer", [WATCHER, Viewer(seat_id=AULA), Viewer(seat_id=KALIPURO_1)])
def test_names_and_topics_of_others_reach_consoles_only(viewer: Viewer) -> None:
    s = busy()
    seen = json.dumps(view(s, viewer))
    for secret in (f"Nama {peserta(GLAGAH_1)}", f"Topik {peserta(GLAGAH_1)}", f"Nama {peserta(LICIN_2, 2)}"):
        assert secret not in seen
        assert secret in json.dumps(view(s, CONSOLE))
    assert f"Nama {peserta(LICIN_2)}" in seen, "the current turn is public"


@pytest.mark.parametrize("viewer", [WATCHER, Viewer(seat_id=KALIPURO_1)])
def test_connections_consents_and_previews_reach_consoles_only(viewer: Viewer) -> None:
    s = busy()
    assert set(rows(view(s, viewer)["seats"])[0]) == {"seat_id", "kind", "label", "kode_wilayah"}
    slots = obj(obj(view(s, viewer)["stage"])["slots"])
    assert (slots["preview_1"], slots["preview_2"]) == (None, None)
    slots = obj(obj(view(s, CONSOLE)["stage"])["slots"])
    assert (slots["preview_1"], slots["preview_2"]) == (LICIN_1, GLAGAH_1)


def test_session_and_agenda() -> None:
    s = busy()
    assert view(s, WATCHER)["session"] == {
        "title": "Musrenbang",
        "status": "berlangsung",
        "item_id": "dialog",
        "item_kind": "dialog",
        "queue_open": True,
        "off_record": False,
        "quorum": {"present": 6, "invited": 6, "needed": 4, "met": True, "blocking": False},
        "chair": {"holder": "pimpinan", "nama": None, "since": None, "dropped": False, "until": None},
        "settings": {"turn_limit_s": 180, "warn_before_s": 30, "grace_s": 30, "bersiap": 2},
    }
    s.do(StartItem(PENUTUP))
    assert [(row["item_id"], row["state"]) for row in rows(view(s, WATCHER)["agenda"])] == [
        ("seremoni", "belum"),
        ("paparan", "belum"),
        ("dialog", "selesai"),
        ("penutup", "berjalan"),
    ]
    s.do(StartItem(DIALOG))
    assert rows(view(s, WATCHER)["agenda"])[2]["state"] == "berjalan"


def test_stage_names_the_seats_and_the_position_it_changed_at() -> None:
    seen = obj(view(busy(), WATCHER, stage_seq=41)["stage"])
    assert seen["seq"] == 41
    slots = obj(seen["slots"])
    assert (slots["aula"], slots["speaker"], slots["responder"], slots["screen"]) == (
        AULA,
        LICIN_2,
        None,
        None,
    )


def test_turn_carries_its_clock() -> None:
    s = busy()
    began = s.now - 5_000
    assert view(s, WATCHER)["turn"] == {
        "turn_id": "t1",
        "seat_id": LICIN_2,
        "label": "Licin-2",
        "nama": f"Nama {peserta(LICIN_2)}",
        "jabatan": "",
        "topic": f"Topik {peserta(LICIN_2)}",
        "state": "bicara",
        "media": "panggilan",
        "limit_s": 180,
        "spoken_ms": 0,
        "running_since": began,
        "limit_at": began + 180_000,
        "warned": False,
        "overrun": False,
        "grace_until": None,
    }
    s.do(DropSeat(LICIN_2))
    turn = obj(view(s, WATCHER)["turn"])
    assert (turn["state"], turn["spoken_ms"], turn["running_since"]) == ("jeda", 5_000, None)
    assert (turn["limit_at"], turn["grace_until"]) == (None, s.now + 30_000)
    s.do(EndTurn(TurnId("t1")))
    assert view(s, WATCHER)["turn"] is None


def test_a_turn_without_a_hand_has_no_name() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    turn = obj(view(s, WATCHER)["turn"])
    assert (turn["nama"], turn["jabatan"], turn["topic"]) == (None, None, None)


def test_board_is_the_whole_order_with_names() -> None:
    s = busy()
    board = rows(view(s, CONSOLE)["board"])
    assert [(r["place"], r["seat_id"], r["reason"], r["state"]) for r in board] == [
        (1, LICIN_1, "naskah", "naskah"),
        (2, GLAGAH_1, "naskah", "naskah"),
        (3, KALIPURO_1, "naskah", "naskah"),
        (4, LICIN_2, "urutan_datang", "antre"),
    ]
    assert (board[0]["request_id"], board[0]["nama"], board[0]["topic"]) == (None, None, None)
    assert board[1]["topic"] == f"Topik {peserta(GLAGAH_1)}", "the script serves the hand of its office"
    assert board[3]["nama"] == f"Nama {peserta(LICIN_2, 2)}"
    assert {"connected", "can_publish", "consent", "ready"} <= set(board[0])


def test_waiting_is_the_head_of_the_order_for_all_others() -> None:
    s = session(script=())
    for seat_id in OFFICES:
        s.hand(seat_id), s.hand(seat_id, 2)
    waiting = obj(view(s, WATCHER)["waiting"])
    assert waiting["count"] == 12
    places = rows(waiting["places"])
    assert [p["place"] for p in places] == list(range(1, 11))
    assert set(places[0]) == {"place", "seat_id", "label", "reason"}


def test_nobody_is_next_once_the_meeting_is_closed() -> None:
    s = busy()
    s.do(CloseMeeting())
    watcher, office = view(s, WATCHER), view(s, Viewer(seat_id=LICIN_2))
    assert obj(watcher["waiting"]) == {"count": 0, "places": []}
    assert view(s, CONSOLE)["board"] == []
    assert obj(office["own"])["place"] is None


def test_hands_history_seats_and_peserta_for_consoles() -> None:
    s = busy()
    s.do(WithdrawRequest(GLAGAH_1, RequestId(f"r:{peserta(GLAGAH_1)}")), EndTurn(TurnId("t1")))
    seen = view(s, CONSOLE)
    assert [(h["seat_id"], h["state"]) for h in rows(seen["hands"])] == [
        (LICIN_2, "terlayani"),
        (LICIN_2, "antre"),
        (GLAGAH_1, "ditarik"),
    ]
    (past,) = rows(seen["history"])
    assert (past["outcome"], past["spoken_ms"], past["ended_at"]) == ("selesai", 5_000, s.now)
    seat = next(r for r in rows(seen["seats"]) if r["seat_id"] == LICIN_2)
    assert (seat["turns"], seat["spoken_ms"], seat["consent"]) == (1, 5_000, "direkam")
    assert len(rows(seen["peserta"])) == 4


def test_own_shows_the_offices_queue_with_place_and_reason() -> None:
    s = busy()
    mine = Viewer(seat_id=LICIN_2)
    own = obj(view(s, mine)["own"])
    assert (own["state"], own["place"], own["reason"]) == ("giliran", 4, "urutan_datang")
    waits, speaks = rows(own["requests"])
    assert (waits["state"], waits["place"]) == ("antre", 4)
    assert (speaks["state"], speaks["place"]) == ("bicara", None)
    third = s.hand(LICIN_2, 3)
    s.do(ReorderRequests(LICIN_2, (third, RequestId(f"r:{peserta(LICIN_2, 2)}"))))
    assert rows(obj(view(s, mine)["own"])["requests"])[0]["request_id"] == third
    assert len(rows(view(s, mine)["peserta"])) == 3


def own_states(s: Session) -> Mapping[SeatId, Json]:
    return {seat_id: obj(view(s, Viewer(seat_id=seat_id))["own"])["state"] for seat_id in OFFICES}


def test_own_state_in_one_word() -> None:
    s = busy()
    states = own_states(s)
    assert states[LICIN_2] == "giliran"
    assert states[LICIN_1] == states[GLAGAH_1] == "bersiap"
    assert states[KALIPURO_1] == "menunggu"
    assert states[OFFICES[3]] == "menyimak"
    s.do(HoldTurn(TurnId("t1")))
    assert own_states(s)[LICIN_2] == "ditahan"
    s.do(call(2, LICIN_1), DropSeat(LICIN_1))
    assert own_states(s)[LICIN_1] == "terputus"


def test_bersiap_says_who_was_checked() -> None:
    s = session()
    s.do(ConfirmReady(GLAGAH_1, True))
    assert view(s, WATCHER)["bersiap"] == [
        {"seat_id": LICIN_1, "label": "Licin-1", "ready": False},
        {"seat_id": GLAGAH_1, "label": "Glagah-1", "ready": True},
    ]


def test_a_seat_that_is_not_in_the_meeting_sees_what_all_see() -> None:
    assert set(view(session(), Viewer(seat_id=SeatId("gone")))) == set(view(session(), WATCHER))


def test_words_that_were_erased_are_empty_and_words_survive_a_snapshot() -> None:
    words = Words()
    assert words.name(None) is None
    assert words.name(PesertaId("erased")) == Name()
    assert words.topic(RequestId("erased")) == ""
    full = words_of(busy())
    assert Words.restore(full.snapshot()) == full
