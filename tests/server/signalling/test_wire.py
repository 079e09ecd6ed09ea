"""JSON to commands: each one is read as it was meant, and nothing else is read at all."""

import dataclasses
import json
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.ids import SeatId
from rooms.meeting.commands import CallSeat, GiveConsent, ReorderRequests, RequestTurn
from rooms.meeting.vocabulary import Consent, TurnMedia
from server.signalling.wire import COMMANDS, MOST_TEXT, Give, Malformed, Resume, read, read_hello

OWN = SeatId("35.10.15.2004")


def message(type_: str, **fields: Any) -> str:
    return json.dumps({"type": type_, "command_id": "c1"} | fields)


def given_command(text: str, own: SeatId | None = None) -> object:
    found = read(text, own)
    assert isinstance(found, Give)
    assert found.command_id == "c1"
    return found.command


def test_commands_are_read_with_their_types() -> None:
    read_call = given_command(
        message("call_seat", turn_id="t", seat_id="s", request_id=None, media="lewat_telepon")
    )
    assert read_call == CallSeat("t", "s", None, TurnMedia.LEWAT_TELEPON)  # type: ignore[arg-type]
    assert given_command(message("call_seat", turn_id="t", seat_id="s")) == CallSeat("t", "s")  # type: ignore[arg-type]
    reorder = given_command(message("reorder_requests", seat_id="s", request_ids=["a", "b"]))
    assert reorder == ReorderRequests("s", ("a", "b"))  # type: ignore[arg-type]


def test_an_offices_seat_is_its_own_sent_or_not() -> None:
    for sent in ({}, {"seat_id": "aula"}, {"seat_id": None}, {"seat_id": 7}):
        assert given_command(message("give_consent", consent="direkam", **sent), OWN) == GiveConsent(
            OWN, Consent.DIREKAM
        )
    with pytest.raises(Malformed):
        read(message("give_consent", consent="direkam"), None)


def test_words_are_trimmed_and_bounded() -> None:
    base = {"request_id": "r", "seat_id": "s", "peserta_id": "p"}
    turn = given_command(message("request_turn", topic="  Jembatan\n", **base))
    assert isinstance(turn, RequestTurn)
    assert turn.topic == "Jembatan"
    for topic in ("x" * (MOST_TEXT + 1), "a\x00b", "\ud800", 7, None, ["x"]):
        with pytest.raises(Malformed) as refused:
            read(message("request_turn", topic=topic, **base), None)
        assert (refused.value.code, refused.value.command_id) == ("bad_fields", "c1")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_field_is_needed_known_and_typed(name: str) -> None:
    command = COMMANDS[name]
    with pytest.raises(Malformed):
        read(message(name, tak_dikenal=1), None)
    hints = get_type_hints(command)
    for field in dataclasses.fields(command):
        if field.default_factory is not dataclasses.MISSING:
            continue
        if field.default is dataclasses.MISSING:
            with pytest.raises(Malformed):
                read(message(name), None)
        with pytest.raises(Malformed):
            read(message(name, **{field.name: {"bukan": hints[field.name].__class__.__name__}}), None)


@given(st.text())
def test_no_text_makes_it_stumble(text: str) -> None:
    for reader in (lambda: read(text, OWN), lambda: read_hello(text)):
        with pytest.raises(Malformed):
            reader()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(
    st.sampled_from(
        [*COMMANDS, "ping", "media_state", "media_mode", "page_state", "take_seat", "takarir", "hello"]
    ),
    st.dictionaries(
        st.sampled_from(["command_id", "seat_id", "turn_id", "seconds", "topic", "seat_ids", "can_publish"]),
        _JSON,
    ),
)
def test_any_fields_are_read_or_refused(name: str, fields: dict[str, Any]) -> None:
    try:
        understood = read(json.dumps({"type": name} | fields), OWN).type
    except Malformed:
        understood = name
    assert understood == name


def test_hello_says_where_to_resume() -> None:
    text = '{"type": "hello", "protocol": 1, "resume": {"epoch": 2, "seq": 41}}'
    assert read_hello(text).resume == Resume(2, 41)
    assert read_hello('{"type": "hello", "protocol": 1, "resume": null}').resume is None
    assert read_hello('{"type": "hello", "protocol": 1}').resume is None
