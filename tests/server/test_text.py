"""What people type is kept plain, and what they send cannot forge a line of the log."""

import io
import json
import logging

import pytest

from rooms.meeting.commands import RaisePoint, RegisterPeserta, RequestTurn
from server.logs import FORMAT, OneLine
from server.plain import plain
from server.signalling.wire import MOST_NAME, MOST_TOPIC, Give, Malformed, read


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\u2028b", "a\ud800b"])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        plain(text)
    with pytest.raises(Malformed) as caught:
        register(nama=text)
    assert caught.value.code == "bad_fields"


def test_marks_of_direction_are_left_out() -> None:
    assert plain("\u2068Bu Siti\u2069 \u202eitrap\u202c") == "Bu Siti itrap"
    assert register(nama="\u200eBu Siti").nama == "Bu Siti"
    assert plain("Jembatan\n\t\u00e9\U0001f926\u200d\u2642\ufe0f") == (
        "Jembatan\n\t\u00e9\U0001f926\u200d\u2642\ufe0f"
    )


def test_names_topics_and_reasons_stand_on_one_line() -> None:
    """Rows of papers are not torn by a page's end."""
    assert register(nama="Bu\n\n\t Siti", jabatan="Kaur\nUmum").nama == "Bu Siti"
    point = {"point_id": "p", "seat_id": "s", "peserta_id": "p"}
    asked = give("raise_point", reason="data\nkeliru", **point).command
    assert isinstance(asked, RaisePoint)
    assert asked.reason == "data keliru"
    with pytest.raises(Malformed):
        give("raise_point", reason="x" * (MOST_TOPIC + 1), **point)


def test_names_and_topics_are_as_long_as_the_forms_allow() -> None:
    assert register(nama="x" * MOST_NAME).nama == "x" * MOST_NAME
    for fields in ({"nama": ""}, {"nama": " \n"}, {"nama": "x" * (MOST_NAME + 1)}):
        with pytest.raises(Malformed):
            register(**fields)
    with pytest.raises(Malformed):
        register(nama="Siti", jabatan="x" * (MOST_NAME + 1))
    request = {"request_id": "r", "seat_id": "s", "peserta_id": "p"}
    assert isinstance(give("request_turn", topic="x" * MOST_TOPIC, **request).command, RequestTurn)
    with pytest.raises(Malformed):
        give("request_turn", topic="x" * (MOST_TOPIC + 1), **request)


@pytest.mark.parametrize("command_id", ["\ud800", "a\nb", "\u202e", "x" * 65, 7, None])
def test_an_id_that_is_none_is_not_sent_back(command_id: object) -> None:
    with pytest.raises(Malformed) as caught:
        read(json.dumps({"type": "open_meeting", "command_id": command_id}), None)
    assert caught.value.command_id is None


def test_a_line_of_the_log_cannot_be_forged() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(OneLine(FORMAT))
    log = logging.Logger("uji")
    log.addHandler(handler)
    log.info("path=%s", "/s/x\n2027-01-15 INFO link revoked\r\x1b[2J\u2028\x9b")
    assert len(written.getvalue().splitlines()) == 1
    assert "\x1b" not in written.getvalue()
    try:
        raise ValueError("salah")
    except ValueError:
        log.exception("failed")
    assert len(written.getvalue().splitlines()) > 3


def register(**fields: str) -> RegisterPeserta:
    command = give("register_peserta", **{"peserta_id": "p", "seat_id": "s"} | fields).command
    assert isinstance(command, RegisterPeserta)
    return command


def give(type_: str, **fields: str) -> Give:
    message = read(json.dumps({"type": type_, "command_id": "c", **fields}), None)
    assert isinstance(message, Give)
    return message
