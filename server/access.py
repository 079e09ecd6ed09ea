"""Who may do what: the whole role x action table, on a page.

An action is the name of a route (``server.routes``) or the ``type`` of a WebSocket message. What is not named
here nobody may do. The table knows roles only: that an office acts for its own seat and sees its own records
is decided where seat and record are known, and what the meeting's state forbids is the meeting's to say.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    PIMPINAN = "pimpinan"
    OPERATOR = "operator"
    NOTULIS = "notulis"
    PANITIA = "panitia"
    BANTUAN = "bantuan"
    AULA = "aula"
    DESA = "desa"
    PENINJAU = "peninjau"
    REPLAY = "replay"
    GLADI = "gladi"
    """A rehearsal's link: no person's role, it only asks for seats of synthetic offices."""


EVERYONE = frozenset(Role)
CONSOLES = frozenset({Role.PIMPINAN, Role.OPERATOR, Role.NOTULIS, Role.PANITIA, Role.BANTUAN})
SEATED = frozenset({Role.AULA, Role.DESA})
"""Roles whose link is bound to a seat; all the others never publish."""
PRESENT = EVERYONE - {Role.REPLAY, Role.GLADI}
CHAIR = frozenset({Role.PIMPINAN, Role.OPERATOR})
WRITERS = frozenset({Role.NOTULIS, Role.PANITIA, Role.DESA})
READERS = WRITERS | {Role.PIMPINAN, Role.OPERATOR, Role.REPLAY}
PANITIA = frozenset({Role.PANITIA})
NOBODY: frozenset[Role] = frozenset()

ROUTES: Mapping[str, frozenset[Role]] = {
    "room": EVERYONE,
    "ws": PRESENT,
    "media_offer": PRESENT,
    "media_leave": PRESENT,
    "media_panel": CONSOLES,
    "replay": READERS,
    "timeline": READERS,
    "clip": READERS,
    "keadilan": READERS,
    "keadilan_data": READERS,
    "keadilan_export": READERS,
    "panggilan_export": READERS,
    "catatan_list": READERS,
    "catatan_export": READERS,
    "catatan_one": READERS,
    # The chair only marks its own directions
    "catatan_take": WRITERS | {Role.PIMPINAN},
    "catatan_change": WRITERS,
    "catatan_mention": frozenset({Role.NOTULIS, Role.PANITIA}),
    "catatan_confirm": frozenset({Role.DESA}),
    "catatan_remark": frozenset({Role.DESA}),
    "konsep_list": WRITERS,
    "konsep_one": WRITERS,
    "konsep_save": WRITERS,
    "konsep_drop": WRITERS,
    "sesi_list": PANITIA,
    "sesi_form": PANITIA,
    "sesi_create": PANITIA,
    "sesi_one": PANITIA,
    "sesi_keadilan": PANITIA,
    "sesi_keadilan_export": PANITIA,
    "sesi_panggilan_export": PANITIA,
    "sesi_link": PANITIA,
    "sesi_revoke": PANITIA,
    "sesi_gladi": PANITIA,
    "sesi_replay": PANITIA,
    "sesi_timeline": PANITIA,
    "sesi_clip": PANITIA,
    "sesi_catatan": PANITIA,
    "sesi_catatan_export": PANITIA,
    "usulan_list": PANITIA,
    "usulan_export": PANITIA,
    "usulan_one": PANITIA,
    "gladi_seats": frozenset({Role.GLADI}),
}
"""Routes under ``/s/{grant}/``."""

MESSAGES: Mapping[str, frozenset[Role]] = {
    "ping": PRESENT,
    "media_state": SEATED,
    "media_mode": PRESENT,
    "take_seat": SEATED,
    # The meeting and its agenda
    "open_meeting": CHAIR,
    "start_item": CHAIR,
    "suspend_meeting": CHAIR,
    "resume_meeting": CHAIR,
    "close_meeting": CHAIR,
    "set_script": CHAIR,
    "set_off_record": CHAIR,
    # An office's queue; the desk helps those who ask by telephone
    "register_peserta": SEATED | {Role.OPERATOR, Role.BANTUAN, Role.PANITIA},
    "request_turn": frozenset({Role.DESA, Role.OPERATOR, Role.BANTUAN}),
    "withdraw_request": frozenset({Role.DESA, Role.OPERATOR, Role.BANTUAN}),
    "reorder_requests": frozenset({Role.DESA, Role.OPERATOR}),
    "give_consent": SEATED,
    "triage_request": CHAIR | {Role.BANTUAN},
    "answer_written": CHAIR | {Role.NOTULIS, Role.PANITIA},
    "set_queue": CHAIR,
    # Order among people, and who leads
    "sanction_peserta": CHAIR,
    "lift_sanction": CHAIR,
    "hand_over_chair": CHAIR,
    "place_seat": CHAIR | PANITIA | {Role.BANTUAN},
    # Withdrawn words
    "seal_interval": CHAIR | PANITIA,
    "unseal_interval": CHAIR | PANITIA,
    # The floor
    "confirm_ready": CHAIR | {Role.BANTUAN},
    "pass_over": CHAIR,
    "call_seat": CHAIR,
    "undo_call": CHAIR,
    "extend_turn": CHAIR,
    "warn_turn": CHAIR,
    "hold_turn": CHAIR,
    "continue_turn": CHAIR,
    "end_turn": CHAIR,
    "postpone_turn": CHAIR,
    # What comes in between
    "raise_point": frozenset({Role.DESA, Role.OPERATOR}),
    "withdraw_point": frozenset({Role.DESA, Role.OPERATOR}),
    "dismiss_point": CHAIR,
    "grant_point": CHAIR,
    "call_responder": CHAIR,
    "end_interjection": CHAIR,
    # Given by the server itself, never by a link
    "configure_meeting": NOBODY,
    "connect_seat": NOBODY,
    "drop_seat": NOBODY,
    "connect_chair": NOBODY,
    "drop_chair": NOBODY,
    "log_note": NOBODY,
    "reopen_room": NOBODY,
}
"""WebSocket messages after ``hello``."""


def may_call(role: Role, route: str) -> bool:
    return role in ROUTES.get(route, NOBODY)


def may_send(role: Role, message: str) -> bool:
    return role in MESSAGES.get(message, NOBODY)
