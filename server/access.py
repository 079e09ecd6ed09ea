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
    LAYAR = "layar"
    """The hall's projector: it only shows, and sends nothing."""
    SIARAN = "siaran"
    """What is broadcast: likewise, and nothing that is off the record is sent to it."""
    REPLAY = "replay"
    GLADI = "gladi"
    """A rehearsal's link: no person's role, it only asks for seats of synthetic offices."""
    APLIKASI = "aplikasi"
    """A key of another application (``/api/v1``): no link, no screen."""
    CAMAT = "camat"
    MITRA = "mitra"
    OPD = "opd"
    BAPPEDA = "bappeda"


class Scope(StrEnum):
    """What a key may do."""

    BACA = "baca"
    TULIS = "tulis"


DECIDING = frozenset({Role.CAMAT, Role.MITRA, Role.OPD, Role.BAPPEDA})
"""Roles of accounts alone: no link has them."""
ACCOUNTS = DECIDING | {Role.PANITIA}
DECIDERS = ACCOUNTS | {Role.DESA}
"""Who has a part in the decision chain: an office decides by its link."""
EVERYONE = frozenset(Role) - DECIDING - {Role.APLIKASI}
"""Who has a personal link."""
CONSOLES = frozenset({Role.PIMPINAN, Role.OPERATOR, Role.NOTULIS, Role.PANITIA, Role.BANTUAN})
SEATED = frozenset({Role.AULA, Role.DESA})
"""Roles whose link is bound to a seat; all the others never publish."""
PRESENT = EVERYONE - {Role.REPLAY, Role.GLADI}
SHOWING = frozenset({Role.LAYAR, Role.SIARAN})
CHAIR = frozenset({Role.PIMPINAN, Role.OPERATOR})
WRITERS = frozenset({Role.NOTULIS, Role.PANITIA, Role.DESA})
READERS = WRITERS | {Role.PIMPINAN, Role.OPERATOR, Role.REPLAY}
PANITIA = frozenset({Role.PANITIA})
PROGRAMS = frozenset({Role.APLIKASI})
"""By ``/api/v1`` alone, within the key's scope."""
HELPERS = frozenset({Role.BANTUAN, Role.OPERATOR, Role.PANITIA})
"""Who helps offices."""
NOBODY: frozenset[Role] = frozenset()

ROUTES: Mapping[str, frozenset[Role]] = {
    "room": EVERYONE,
    "ws": PRESENT,
    "media_offer": PRESENT,
    "media_leave": PRESENT,
    "media_panel": CONSOLES,
    "media_train": SEATED,
    "sambungan_list": CONSOLES,
    "sambungan_keep": SEATED,
    # A page that nobody has seen yet is shown to the desks alone
    "paparan_add": frozenset({Role.OPERATOR, Role.PANITIA}),
    "paparan_remove": frozenset({Role.OPERATOR, Role.PANITIA}),
    "paparan_page": PRESENT | READERS,
    "paparan_text": PRESENT | READERS,
    "sesi_paparan": ACCOUNTS,
    "sesi_paparan_text": ACCOUNTS,
    "layar_usulan": frozenset({Role.LAYAR}),
    "kesiapan_keep": SEATED,
    "bantuan_list": HELPERS | {Role.DESA},
    "bantuan_send": HELPERS | {Role.DESA},
    "bantuan_link": HELPERS,
    "replay": READERS,
    "timeline": READERS,
    "clip": READERS,
    "keadilan": READERS,
    "keadilan_data": READERS,
    "kartu": CHAIR,
    "keadilan_export": READERS,
    "panggilan_export": READERS,
    "catatan_list": READERS | PROGRAMS | ACCOUNTS,
    "catatan_export": READERS,
    "catatan_one": READERS | PROGRAMS | ACCOUNTS,
    # The chair only marks its own directions
    "catatan_take": WRITERS | PROGRAMS | {Role.PIMPINAN},
    "catatan_change": WRITERS | PROGRAMS,
    "catatan_mention": WRITERS | PROGRAMS,
    "catatan_prioritise": CHAIR | {Role.NOTULIS, Role.PANITIA},
    "catatan_confirm": frozenset({Role.DESA}),
    "catatan_remark": frozenset({Role.DESA}),
    "catatan_examined": frozenset({Role.NOTULIS, Role.PANITIA}),
    "catatan_link": frozenset({Role.NOTULIS, Role.PANITIA}) | PROGRAMS,
    "mirip": WRITERS | PROGRAMS,
    "kamus": WRITERS | PROGRAMS,
    "daftar_opd": WRITERS | PROGRAMS,
    # An office's own meeting; the notulis sees its list
    "sidang": frozenset({Role.DESA}),
    "sidang_luring": frozenset({Role.DESA}),
    "sidang_show": frozenset({Role.DESA, Role.NOTULIS, Role.PANITIA}),
    "sidang_pokok": frozenset({Role.DESA}),
    "sidang_hadir": frozenset({Role.DESA}),
    "sidang_usulan": frozenset({Role.DESA}),
    "sidang_urutan": frozenset({Role.DESA}),
    "sesi_sidang": PANITIA,
    "sesi_sidang_impor": PANITIA,
    "foto": READERS | ACCOUNTS,
    "foto_data": PROGRAMS,
    "foto_add": WRITERS,
    "foto_remove": WRITERS,
    # Whose an usulan is to see and to change is decided where it is known
    "lampiran": DECIDERS | {Role.NOTULIS},
    "lampiran_data": PROGRAMS,
    "lampiran_add": DECIDERS,
    "lampiran_remove": DECIDERS,
    "konsep_list": WRITERS,
    "konsep_one": WRITERS,
    "konsep_save": WRITERS,
    "konsep_drop": WRITERS,
    "tindak_lanjut": frozenset({Role.CAMAT, Role.BAPPEDA, Role.PANITIA}) | PROGRAMS,
    "daftar_sesi": ACCOUNTS | PROGRAMS,
    "satu_sesi": ACCOUNTS | PROGRAMS,
    "daftar_wilayah": READERS | PROGRAMS | ACCOUNTS,
    "komponen": PANITIA,
    "sesi_list": PANITIA,
    "sesi_form": PANITIA,
    "sesi_create": PANITIA,
    "sesi_one": PANITIA,
    "sesi_ubah": PANITIA,
    "sesi_change": PANITIA,
    "sesi_keadilan": PANITIA,
    "sesi_keadilan_export": PANITIA,
    "sesi_panggilan_export": PANITIA,
    "sesi_link": PANITIA,
    "sesi_complete": PANITIA,
    "sesi_revoke": PANITIA,
    "sesi_gladi": PANITIA,
    # A sheet or a message for an office opens its seat
    "kesiapan": PANITIA,
    "undangan": PANITIA,
    "undangan_make": PANITIA,
    "undangan_progress": PANITIA,
    "undangan_pdf": PANITIA,
    "undangan_ics": PANITIA,
    "undangan_one": PANITIA,
    # Who decides hears what was said
    "sesi_replay": ACCOUNTS,
    "sesi_timeline": ACCOUNTS,
    "sesi_clip": ACCOUNTS,
    "sesi_foto": ACCOUNTS,
    "sesi_catatan": ACCOUNTS,
    "sesi_catatan_export": PANITIA,
    "dokumen": PANITIA,
    "dokumen_progress": PANITIA,
    "dokumen_bundle": PANITIA,
    "dokumen_make_all": PANITIA,
    "dokumen_one": PANITIA,
    "dokumen_make": PANITIA,
    "dokumen_pdf": PANITIA,
    "dokumen_words": PANITIA,
    "dokumen_reword": PANITIA,
    "dokumen_sign": PANITIA,
    "dokumen_ringkasan": PANITIA,
    "dokumen_attach": PANITIA,
    "dokumen_scan": PANITIA,
    "usulan_list": DECIDERS,
    "usulan_export": ACCOUNTS,
    "usulan_bundle": ACCOUNTS,
    "usulan_one": DECIDERS,
    "usulan_decide": DECIDERS,
    "usulan_prioritise": frozenset({Role.BAPPEDA, Role.PANITIA}),
    "pekerjaan": DECIDERS,
    "pekerjaan_preview": DECIDERS,
    "pekerjaan_decide": DECIDERS,
    "apa_jadinya": frozenset({Role.CAMAT, Role.BAPPEDA, Role.PANITIA}),
    "apa_jadinya_change": frozenset({Role.BAPPEDA, Role.PANITIA}),
    "musrenbangcam": frozenset({Role.CAMAT, Role.BAPPEDA, Role.PANITIA}),
    "musrenbangcam_move": frozenset({Role.CAMAT}),
    "musrenbangcam_pagu": frozenset({Role.BAPPEDA, Role.PANITIA}),
    "akun_list": PANITIA,
    "akun_create": PANITIA,
    "akun_link": PANITIA,
    "akun_close": PANITIA,
    "akun_reopen": PANITIA,
    "aplikasi": PANITIA,
    "aplikasi_make": PANITIA,
    "aplikasi_revoke": PANITIA,
    "gladi_seats": frozenset({Role.GLADI}),
    "kerja": ACCOUNTS,
    "perangkat": ACCOUNTS,
    "perangkat_out": ACCOUNTS,
    "keluar": ACCOUNTS,
}
"""Routes under ``/s/{grant}/`` and ``/kerja/``, and the operations of ``/api/v1``."""

MESSAGES: Mapping[str, frozenset[Role]] = {
    "ping": PRESENT,
    "media_state": SEATED,
    "media_mode": PRESENT - SHOWING,
    "take_seat": SEATED,
    "page_state": SEATED,
    # Read along in all rooms, and kept nowhere
    "takarir": frozenset({Role.NOTULIS}),
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
    "reach_seat": CHAIR | PANITIA | {Role.BANTUAN},
    "recognise_seat": CHAIR | PANITIA | {Role.BANTUAN},
    # Shared screens: a seat's own device, and the chair that takes one off
    "share_screen": SEATED,
    "stop_screen": CHAIR,
    "show_slide": CHAIR,
    "stop_slides": CHAIR,
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
    "amend_agenda": NOBODY,
    "add_seats": NOBODY,
    "connect_seat": NOBODY,
    "drop_seat": NOBODY,
    "connect_chair": NOBODY,
    "drop_chair": NOBODY,
    "log_note": NOBODY,
    "reopen_room": NOBODY,
    "add_deck": NOBODY,
    "remove_deck": NOBODY,
}
"""WebSocket messages after ``hello``."""


def may_call(role: Role, route: str) -> bool:
    return role in ROUTES.get(route, NOBODY)


def may_send(role: Role, message: str) -> bool:
    return role in MESSAGES.get(message, NOBODY)
