"""Events to stored bytes and back: every kind, erased words, newer releases."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms import codec
from rooms.ids import PesertaId, RequestId, SeatId
from rooms.meeting.events import Event, PesertaRegistered, TurnRequested

EVENTS: tuple[type[Event], ...] = get_args(Event)
ASKED = TurnRequested(RequestId("r"), SeatId("licin-1"), PesertaId("ani"), "Jembatan gantung")


@given(st.one_of(*(st.from_type(kind) for kind in EVENTS)))
def test_every_event_comes_back_equal(event: Event) -> None:
    stored = codec.encode(event)
    assert codec.decode(stored) == event
    assert type(codec.decode(stored)) is type(event)


def test_words_of_people_stand_in_the_private_part_only() -> None:
    stored = codec.encode(ASKED)
    assert stored.type == "turn_requested"
    assert b"Jembatan" not in stored.skeleton
    assert stored.private is not None
    assert json.loads(stored.private) == {"topic": "Jembatan gantung"}
    assert codec.encode(TurnRequested(ASKED.request_id, ASKED.seat_id, ASKED.peserta_id)).private is None


def test_an_event_whose_words_were_erased_decodes_with_empty_words() -> None:
    event = PesertaRegistered(PesertaId("ani"), SeatId("licin-1"), "perempuan", "P", "Ani", "Kepala Desa")
    stored = codec.encode(event)
    erased = codec.decode(codec.Stored(stored.type, stored.v, stored.skeleton, None))
    assert erased == PesertaRegistered(PesertaId("ani"), SeatId("licin-1"), "perempuan", "P")


@pytest.mark.parametrize(("name", "version"), [("turn_sung", 1), ("turn_requested", codec.VERSION + 1)])
def test_what_a_newer_release_wrote_is_refused(name: str, version: int) -> None:
    stored = codec.encode(ASKED)
    with pytest.raises(codec.UnknownEvent):
        codec.decode(codec.Stored(name, version, stored.skeleton, stored.private))
