"""R105: what a peserta may do in the meeting."""

import pytest

from rooms.ids import PointId, RequestId, TurnId
from rooms.meeting.commands import (
    CallResponder,
    RaisePoint,
    RegisterPeserta,
    RequestTurn,
    TriageRequest,
)
from rooms.meeting.errors import Code
from rooms.meeting.vocabulary import Hak, Jalur, RequestState, TurnMedia
from tests.support.meeting import LICIN_1, LICIN_2, call, peserta, session

ANI = peserta(LICIN_2)


def registered(hak: Hak) -> RegisterPeserta:
    return RegisterPeserta(ANI, LICIN_2, "Ani", hak=hak)


def hand() -> RequestTurn:
    return RequestTurn(RequestId("r"), LICIN_2, ANI, "Topik")


@pytest.mark.parametrize("hak", [Hak.SUARA, Hak.BICARA, Hak.TIDAK_DISEBUT])
def test_R105_whoever_may_speak_raises_a_hand(hak: Hak) -> None:
    s = session(script=())
    s.do(registered(hak), hand())
    assert s.meeting.queue.waiting == {LICIN_2: [RequestId("r")]}


def test_R105_a_peninjau_raises_neither_hand_nor_point_until_the_record_is_corrected() -> None:
    s = session(script=())
    s.do(registered(Hak.PENINJAU))
    assert s.refused(hand()) is Code.OBSERVER
    assert s.refused(RaisePoint(PointId("p"), LICIN_2, ANI, "Tata tertib")) is Code.OBSERVER
    s.do(registered(Hak.BICARA), hand())


def test_R105_a_peninjau_answers_when_asked_to() -> None:
    s = session(script=())
    s.hand(LICIN_1)
    s.do(registered(Hak.PENINJAU), call(1, LICIN_1))
    s.do(CallResponder(TurnId("t2"), LICIN_2, ANI, TurnMedia.PANGGILAN))
    assert TurnId("t2") in s.meeting.interjections.turns


def test_R105_a_hand_that_waits_keeps_its_place_and_may_come_back() -> None:
    s = session(script=())
    waiting = s.hand(LICIN_2)
    s.do(registered(Hak.PENINJAU))
    assert s.meeting.queue.waiting == {LICIN_2: [waiting]}
    s.do(TriageRequest(waiting, Jalur.TERTULIS))
    s.do(TriageRequest(waiting, Jalur.BICARA))
    assert s.meeting.queue.requests[waiting].state is RequestState.ANTRE
