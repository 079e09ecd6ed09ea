"""Who sees what of the desks' decisions beside the floor, and of who comes in between (PROTOCOL.md)."""

import json

from rooms.ids import PointId, SealId, SeatId, TurnId
from rooms.meeting.commands import (
    AnswerWritten,
    CallResponder,
    ConfigureMeeting,
    ConnectChair,
    ContinueTurn,
    DropChair,
    GrantPoint,
    HandOverChair,
    HoldTurn,
    OpenMeeting,
    RaisePoint,
    RegisterPeserta,
    SanctionPeserta,
    SealInterval,
    SetQueue,
    StartItem,
    TriageRequest,
    UndoCall,
    UnsealInterval,
)
from rooms.meeting.meeting import Meeting
from rooms.meeting.vocabulary import Jalur, Pemimpin, Sanksi, SeatKind, SeatSpec
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.views import Viewer, project
from rooms.words import Words
from tests.support.meeting import (
    AULA,
    DIALOG,
    GLAGAH_1,
    ITEMS,
    KALIPURO_1,
    LICIN_1,
    LICIN_2,
    SCRIPT,
    SEATS,
    call,
    peserta,
    session,
)
from tests.support.views import CONSOLE, EVERYBODY, WATCHER, obj, rows, view, words_of


def test_answers_and_sanctions_reach_their_own_office_and_the_consoles() -> None:
    s = session()
    hand, other = s.hand(LICIN_2), s.hand(GLAGAH_1)
    s.do(
        TriageRequest(hand, Jalur.LEWAT_CAMAT),
        AnswerWritten(hand, "Camat meninjau."),
        SanctionPeserta(peserta(LICIN_2), Sanksi.LARANG_BICARA, "Memotong pembicara"),
    )
    (own,) = rows(obj(view(s, Viewer(seat_id=LICIN_2))["own"])["requests"])
    assert (own["state"], own["jawaban"], own["answered_at"]) == ("lewat_camat", "Camat meninjau.", 1_000)
    hands = {h["request_id"]: h["jawaban"] for h in rows(view(s, CONSOLE)["hands"])}
    assert hands == {hand: "Camat meninjau.", other: None}
    (mine,) = rows(view(s, Viewer(seat_id=LICIN_2))["peserta"])
    assert (mine["sanksi"], mine["peringatan"], mine["waktu_hadir"]) == ("larang_bicara", 0, 1_000)
    assert "alasan" not in mine
    theirs = {p["peserta_id"]: p["alasan"] for p in rows(view(s, CONSOLE)["peserta"])}
    assert theirs == {peserta(LICIN_2): "Memotong pembicara", peserta(GLAGAH_1): ""}
    for viewer in (WATCHER, Viewer(seat_id=GLAGAH_1), Viewer(seat_id=AULA)):
        seen = json.dumps(view(s, viewer))
        assert "Camat meninjau" not in seen
        assert "larang_bicara" not in seen
        assert "Memotong" not in seen


def test_seals_are_for_consoles_and_only_those_that_stand() -> None:
    s = session()
    s.now = 100_000
    s.do(
        SealInterval(SealId("one"), 10_000, 20_000, "Ditarik"),
        SealInterval(SealId("two"), 30_000, 40_000),
        UnsealInterval(SealId("two")),
    )
    assert view(s, CONSOLE)["seals"] == [
        {"seal_id": "one", "from": 10_000, "to": 20_000, "sealed_at": 100_000, "alasan": "Ditarik"}
    ]
    assert all("seals" not in view(s, viewer) for viewer in EVERYBODY[1:])


def test_everybody_sees_who_leads_and_whether_hands_are_taken() -> None:
    s = session()
    s.do(SetQueue(False), ConnectChair(), HandOverChair(Pemimpin.PENGGANTI, "Wakil Bupati"))
    for viewer in EVERYBODY:
        seen = obj(view(s, viewer)["session"])
        assert seen["queue_open"] is False
        assert seen["chair"] == {
            "holder": "pengganti",
            "nama": "Wakil Bupati",
            "since": 1_000,
            "dropped": False,
            "until": None,
        }
    s.do(HandOverChair(Pemimpin.PIMPINAN), DropChair())
    assert obj(obj(view(s, WATCHER)["session"])["chair"]) == {
        "holder": "pimpinan",
        "nama": None,
        "since": 1_000,
        "dropped": True,
        "until": 31_000,
    }


def test_the_words_of_the_desks_survive_a_snapshot() -> None:
    s = session()
    s.now = 100_000
    hand = s.hand(LICIN_2)
    s.do(
        TriageRequest(hand, Jalur.TERTULIS),
        AnswerWritten(hand, "Tahun depan"),
        SanctionPeserta(peserta(LICIN_2), Sanksi.PERINGATAN, "Ribut"),
        SealInterval(SealId("one"), 10_000, 20_000, "Ditarik"),
        HandOverChair(Pemimpin.PENGGANTI, "Sekda"),
    )
    words = words_of(s)
    assert Words.restore(words.snapshot()) == words
    restored = Meeting.restore(NASKAH_BERGILIR, s.meeting.snapshot())
    assert project(restored, words, CONSOLE) == project(s.meeting, words, CONSOLE)


def test_who_comes_in_between_is_on_everybodys_screen_and_the_speaker_waits() -> None:
    s = session()
    s.do(
        call(1, LICIN_1),
        RegisterPeserta(peserta(GLAGAH_1), GLAGAH_1, "Wayan", "Kepala Desa"),
        RaisePoint(PointId("p"), GLAGAH_1, peserta(GLAGAH_1), "Tata tertib"),
    )
    (point,) = rows(view(s, CONSOLE)["points"])
    assert (point["point_id"], point["nama"], point["reason"]) == ("p", "Wayan", "Tata tertib")
    assert obj(view(s, Viewer(seat_id=GLAGAH_1))["own"])["point"] == {
        "point_id": "p",
        "reason": "Tata tertib",
    }
    assert obj(view(s, Viewer(seat_id=LICIN_1))["own"])["point"] is None
    assert view(s, WATCHER)["interjection"] is None
    s.do(GrantPoint(TurnId("sela"), PointId("p")))
    shown = obj(view(s, WATCHER)["interjection"])
    assert (shown["kind"], shown["nama"], shown["reason"]) == ("interupsi", "Wayan", "Tata tertib")
    assert (shown["interrupted"], shown["running_since"], shown["spoken_ms"]) == ("t1", s.now, 0)
    assert obj(view(s, WATCHER)["turn"])["state"] == "disela"
    assert obj(obj(view(s, WATCHER)["stage"])["slots"])["speaker"] == GLAGAH_1
    assert obj(view(s, Viewer(seat_id=LICIN_1))["own"])["state"] == "disela"
    assert obj(view(s, Viewer(seat_id=GLAGAH_1))["own"])["state"] == "interupsi"
    s.do(CallResponder(TurnId("jawab"), KALIPURO_1))
    slots = obj(obj(view(s, WATCHER)["stage"])["slots"])
    assert (slots["speaker"], slots["responder"]) == (LICIN_1, KALIPURO_1)
    assert obj(view(s, Viewer(seat_id=KALIPURO_1))["own"])["state"] == "tanggapan"
    past = [(p["turn_id"], p["kind"], p["topic"]) for p in rows(view(s, CONSOLE)["history"])]
    assert past == [
        ("t1", "giliran", None),
        ("sela", "interupsi", "Tata tertib"),
        ("jawab", "tanggapan", None),
    ]


def test_R50_the_message_of_tahan_reaches_the_office_its_camat_and_the_desks_only() -> None:
    camat, other = SeatId("camat-licin"), SeatId("camat-glagah")
    tamu = (
        SeatSpec(camat, SeatKind.TAMU, "Camat Licin", "35.10.01"),
        SeatSpec(other, SeatKind.TAMU, "Camat Glagah", "35.10.02"),
    )
    s = session(opened=False)
    s.do(ConfigureMeeting("Musrenbang", (*SEATS, *tamu), ITEMS, SCRIPT), OpenMeeting(), StartItem(DIALOG))
    s.do(call(1, LICIN_1), HoldTurn(TurnId("t1"), "Mohon hubungi panitia"))
    held = {"text": "Mohon hubungi panitia", "at": s.now}
    assert obj(view(s, Viewer(seat_id=LICIN_1))["own"])["message"] == held
    (told,) = rows(obj(view(s, Viewer(seat_id=camat))["own"])["camat_messages"])
    assert told == {"seat_id": LICIN_1, "label": "Licin-1"} | held
    assert obj(view(s, CONSOLE)["turn"])["message"] == "Mohon hubungi panitia"
    for viewer in (WATCHER, *(Viewer(seat_id=seat) for seat in (other, LICIN_2, GLAGAH_1, AULA))):
        assert "Mohon" not in json.dumps(view(s, viewer))
    s.do(ContinueTurn(TurnId("t1")))
    assert "Mohon" not in json.dumps([view(s, Viewer(seat_id=seat)) for seat in (LICIN_1, camat)])
    assert obj(view(s, CONSOLE)["turn"])["message"] is None


def test_R51_the_desks_see_until_when_and_the_office_that_it_was_a_mistake() -> None:
    s = session()
    s.do(call(1, LICIN_1))
    office = Viewer(seat_id=LICIN_1)
    assert obj(view(s, CONSOLE)["turn"])["undo_until"] == s.now + 10_000
    assert "undo_until" not in obj(view(s, office)["turn"])
    assert obj(view(s, office)["own"])["undone"] is False
    s.do(UndoCall(TurnId("t1")))
    assert obj(view(s, office)["own"])["undone"] is True
    s.do(call(2, GLAGAH_1), HoldTurn(TurnId("t2")))
    assert obj(view(s, office)["own"])["undone"] is False
    assert obj(view(s, CONSOLE)["turn"])["undo_until"] is None
