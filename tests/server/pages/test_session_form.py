"""The form "Buat sesi": what is asked for is made, what is wrong is said beside its field."""

import itertools
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.ids import ItemId
from rooms.meeting.agenda import check_settings
from rooms.meeting.vocabulary import ItemKind, Kuorum, MeetingSettings, SeatKind, Urutan
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.ordering.policies import choose
from server.pages.session_choices import CHOICES, USUAL, told
from server.pages.session_form import (
    AULA,
    Changed,
    Typed,
    Wanted,
    begin_as,
    blank,
    check,
    check_change,
    copied,
    spec_of,
    typed,
)
from server.pages.session_templates import TEMPLATES

_ids = itertools.count(1)
LABELS = {"35.10.01.2001": "Sarongan, Kec. Pesanggaran", "35.10.15.2004": "Kemiren, Kec. Glagah"}
GOOD: dict[str, Sequence[str]] = {
    "title": ["Musrenbang 2028"],
    "tanggal": ["2027-01-15"],
    "jenis_sesi": ["musrenbang_desa"],
    "tahun_rencana": ["2028"],
    "turn_limit_menit": ["4"],
    "jam_mulai": ["08:30"],
    "jam_selesai": ["12.00"],
    "telepon": ["0812-3456-7890"],
    "item_kind": ["seremoni", "dialog", "dialog"],
    "item_title": ["Pembukaan", "Dialog", ""],
    "kursi": ["", "35.10.15.2004:dialog", "35.10.01.2001:menyimak"],
}


def ask(**changes: Sequence[str] | None) -> tuple[Wanted | None, Typed]:
    numbers = itertools.count(1)
    fields = {name: value for name, value in (GOOD | changes).items() if value is not None}
    form = typed(fields)
    return check(form, LABELS, lambda: f"id-{next(numbers)}"), form


def test_a_good_form_is_a_session() -> None:
    wanted, form = ask()
    assert form.galat == {}
    assert wanted is not None
    assert (wanted.title, wanted.tanggal, wanted.tahun_rencana) == (
        "Musrenbang 2028",
        date(2027, 1, 15),
        2028,
    )
    assert [(seat.seat_id, seat.kind, seat.label) for seat in wanted.seats] == [
        (AULA, SeatKind.AULA, "Aula"),
        ("35.10.01.2001", SeatKind.MENYIMAK, "Sarongan, Kec. Pesanggaran"),
        ("35.10.15.2004", SeatKind.DIALOG, "Kemiren, Kec. Glagah"),
    ]
    assert [(item.kind, item.title) for item in wanted.agenda] == [
        (ItemKind.SEREMONI, "Pembukaan"),
        (ItemKind.DIALOG, "Dialog"),
    ]
    assert wanted.script == ("35.10.15.2004",)
    assert wanted.settings.turn_limit_s == 240
    assert (wanted.jam_mulai, wanted.jam_selesai, wanted.telepon) == ("08:30", "12:00", "0812-3456-7890")


def test_hours_and_telephone_may_be_said_later() -> None:
    wanted, form = ask(jam_mulai=[""], jam_selesai=[""], telepon=None)
    assert wanted is not None, form.galat
    assert (wanted.jam_mulai, wanted.jam_selesai, wanted.telepon) == ("", "", "")


def test_the_camat_of_each_kecamatan_is_a_guest_who_answers_for_it() -> None:
    wanted, form = ask(camat=["ya"])
    assert wanted is not None
    assert form.camat
    assert [(s.seat_id, s.kind, s.label, s.kode_wilayah) for s in wanted.seats[3:]] == [
        ("35.10.01", SeatKind.TAMU, "Camat Pesanggaran", "35.10.01"),
        ("35.10.15", SeatKind.TAMU, "Camat Glagah", "35.10.15"),
    ]
    assert wanted.script == ("35.10.15.2004",)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"camat": ["ya"], "naskah": ["35.10.01.2001", "35.10.15.2004"]},
        {"urutan": ["detik_adil"], "penuaan": ["20"], "bersiap": ["4"], "beku": ["2"]},
        {"kuorum": ["semua"], "kuorum_wajib": ["ya"], "turn_limit_menit": ["60"]},
        {"kursi": ["35.10.01.2001:tamu", "35.10.15.2004:dialog"]},
    ],
)
def test_a_copied_session_is_the_same_one_held_again(changes: dict[str, Sequence[str]]) -> None:
    first, _ = ask(**changes)
    assert first is not None
    form = copied(spec_of(first), date(2029, 1, 20), gladi=False)
    assert check(form, LABELS, lambda: "id") is None
    assert set(form.galat) == {"tanggal"}, "the day is to be said anew"
    form.tanggal = "2029-01-20"
    again = check(form, LABELS, lambda: "id")
    assert again is not None, form.galat
    assert (again.jam_mulai, again.jam_selesai, again.telepon) == ("08:30", "12:00", "0812-3456-7890")
    assert (again.tanggal, again.tahun_rencana) == (date(2029, 1, 20), 2030)
    assert (again.title, again.jenis_sesi, again.seats) == (first.title, first.jenis_sesi, first.seats)
    assert (again.script, again.settings, again.gladi) == (first.script, first.settings, False)
    assert [(i.kind, i.title) for i in again.agenda] == [(i.kind, i.title) for i in first.agenda]


def test_a_rehearsal_copies_the_session_of_the_same_year() -> None:
    first, _ = ask(title=["M" * 200])
    assert first is not None
    gladi = check(copied(spec_of(first), date(2027, 1, 14), gladi=True), LABELS, lambda: "id")
    assert gladi is not None
    assert (gladi.gladi, gladi.tahun_rencana, gladi.seats) == (True, first.tahun_rencana, first.seats)
    assert gladi.title.startswith("Gladi: MMM")
    assert copied(spec_of(gladi), date(2027, 1, 14), gladi=True).title == gladi.title


@pytest.mark.parametrize("jenis", list(TEMPLATES))
def test_each_kind_begins_with_what_it_needs_and_keeps_what_was_typed(jenis: str) -> None:
    form = blank(date(2027, 1, 15))
    form.title, form.kursi, form.telepon = "Sesi kami", {"35.10.15.2004": "dialog"}, "0812-3456-7890"
    form.tanggal = "2027-03-01"
    begin_as(form, jenis)
    wanted = check(form, LABELS, lambda: f"id-{next(_ids)}")
    assert wanted is not None, form.galat
    assert (wanted.title, wanted.tanggal, wanted.telepon) == ("Sesi kami", date(2027, 3, 1), "0812-3456-7890")
    assert wanted.jenis_sesi == jenis
    assert [item.title for item in wanted.agenda] == [title for _, title in TEMPLATES[jenis].acara]
    check_settings(wanted.settings)
    assert TEMPLATES[jenis].baris.endswith(".")


def test_the_kinds_differ_where_the_forums_do() -> None:
    rules = {jenis: one.rules for jenis, one in TEMPLATES.items()}
    assert rules["besanan"]["kuorum"] == Kuorum.TIDAK_DIHITUNG
    assert rules["musrenbang_desa"] == USUAL
    assert rules["sinau_bareng"]["urutan"] == Urutan.TERSEDIKIT
    with pytest.raises(KeyError):
        begin_as(blank(date(2027, 1, 15)), "rapat")


RUN = {ItemId("a1"): ItemKind.DIALOG}
KNOWN = frozenset({ItemId("a0"), ItemId("a1")})


def change(**changes: Sequence[str]) -> tuple[Changed | None, Typed]:
    fields: dict[str, Sequence[str]] = {
        **{name: GOOD[name] for name in ("title", "tanggal", "jam_mulai", "jam_selesai", "telepon")},
        "item_id": ["a0", "a1", ""],
        "item_kind": ["seremoni", "dialog", "penutup"],
        "item_title": ["Doa", "Dialog", ""],
    }
    form = typed(fields | changes)
    return check_change(form, KNOWN, RUN, lambda: f"baru-{next(_ids)}"), form


def test_a_change_keeps_the_items_that_it_names_and_mints_the_rest() -> None:
    changed, form = change(item_id=["a1", "asing", ""], item_title=["Dialog", "Doa", ""])
    assert changed is None, "the item that has run lost its kind"
    assert set(form.galat) == {"agenda"}
    changed, form = change(item_id=["asing", "a1", ""], item_title=["Doa", "Dialog", "Tutup"])
    assert changed is not None, form.galat
    assert [item.item_id == "a1" for item in changed.agenda] == [False, True, False]
    assert all(item.item_id.startswith("baru-") for item in changed.agenda if item.item_id != "a1")
    assert (changed.jam_mulai, changed.telepon) == ("08:30", "0812-3456-7890")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("agenda", {"item_title": ["Doa", "", ""], "item_kind": ["dialog", "dialog", "dialog"]}),
        ("agenda", {"item_kind": ["seremoni", "paparan", "dialog"], "item_title": ["Doa", "Dialog", "Lagi"]}),
        ("agenda", {"item_id": ["a1", "a1", ""], "item_kind": ["dialog", "dialog", "dialog"]}),
        ("title", {"title": [""]}),
        ("tanggal", {"tanggal": ["besok"]}),
        ("telepon", {"telepon": ["<b>"]}),
    ],
)
def test_a_change_that_would_do_harm_is_refused_beside_its_field(
    field: str, changes: dict[str, Sequence[str]]
) -> None:
    changed, form = change(**changes)
    assert changed is None
    assert set(form.galat) == {field}


def test_order_and_quorum_are_the_usual_ones_unless_chosen() -> None:
    wanted, _ = ask()
    assert wanted is not None
    assert wanted.settings == MeetingSettings(turn_limit_s=240, urutan=Urutan.BERGILIR)
    assert choose(wanted.settings, NASKAH_BERGILIR).name == NASKAH_BERGILIR.name
    wanted, _ = ask(
        urutan=["detik_adil"],
        penuaan=["20"],
        bersiap=["4"],
        beku=["2"],
        kuorum=["semua"],
        kuorum_wajib=["ya"],
    )
    assert wanted is not None
    assert wanted.settings == MeetingSettings(
        turn_limit_s=240,
        bersiap=4,
        urutan=Urutan.DETIK_ADIL,
        penuaan=20,
        beku=2,
        kuorum=Kuorum.SEMUA,
        kuorum_wajib=True,
    )


def test_every_choice_that_is_offered_makes_a_session_and_is_told_in_words() -> None:
    for name, choices in CHOICES.items():
        for value, choice in choices.items():
            wanted, form = ask(**{name: [value]})
            assert wanted is not None, form.galat
            check_settings(wanted.settings)
            assert choice.word in [word for _, word in told(wanted.settings)]


def test_the_script_may_order_any_invited_place() -> None:
    wanted, _ = ask(naskah=["35.10.01.2001", "35.10.15.2004"])
    assert wanted is not None
    assert wanted.script == ("35.10.01.2001", "35.10.15.2004")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": [" "]}),
        ("title", {"title": ["x" * 201]}),
        ("title", {"title": ["dua\nbaris"]}),
        ("title", {"title": None}),
        ("tanggal", {"tanggal": ["15/01/2027"]}),
        ("tanggal", {"tanggal": ["2027-02-30"]}),
        ("jenis_sesi", {"jenis_sesi": ["rapat"]}),
        ("tahun_rencana", {"tahun_rencana": ["28"]}),
        ("tahun_rencana", {"tahun_rencana": ["２０２８"]}),
        ("turn_limit_menit", {"turn_limit_menit": ["0"]}),
        ("turn_limit_menit", {"turn_limit_menit": ["61"]}),
        ("turn_limit_menit", {"turn_limit_menit": ["tiga"]}),
        ("jam_mulai", {"jam_mulai": ["25:00"]}),
        ("jam_mulai", {"jam_mulai": ["pagi"]}),
        ("jam_mulai", {"jam_mulai": [""]}),
        ("jam_selesai", {"jam_selesai": ["08:30"]}),
        ("jam_selesai", {"jam_selesai": ["08:30:00"]}),
        ("telepon", {"telepon": ["hubungi Pak Budi"]}),
        ("telepon", {"telepon": ["1" * 41]}),
        ("urutan", {"urutan": ["acak"]}),
        ("penuaan", {"penuaan": ["-1"]}),
        ("bersiap", {"bersiap": ["5"]}),
        ("beku", {"beku": ["3"]}),
        ("beku", {"beku": ["2"], "bersiap": ["1"]}),
        ("kuorum", {"kuorum": ["seperempat"]}),
        ("kuorum_wajib", {"kuorum_wajib": ["mungkin"]}),
        ("agenda", {"item_title": ["", "", ""]}),
        ("agenda", {"item_kind": ["seremoni", "penutup"], "item_title": ["Pembukaan", "Penutup"]}),
        ("agenda", {"item_kind": ["seremoni", "makan"], "item_title": ["Pembukaan", "Makan"]}),
        ("agenda", {"item_kind": ["dialog"] * 41, "item_title": ["Dialog"] * 41}),
        ("kursi", {"kursi": [""]}),
        ("kursi", {"kursi": ["99.99.99.9999:dialog"]}),
        ("kursi", {"kursi": ["35.10.15.2004:aula"]}),
        ("naskah", {"naskah": ["35.10.15.2004", "35.10.15.2004"]}),
        ("naskah", {"naskah": ["35.10.02.2001"]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, changes: dict[str, Sequence[str]]) -> None:
    wanted, form = ask(**changes)
    assert wanted is None
    assert set(form.galat) == {field}
    assert form.galat[field].endswith((".", "15."))


def test_all_that_is_wrong_is_said_at_once_and_kept_as_typed() -> None:
    wanted, form = ask(title=[""], tanggal=["besok"], tahun_rencana=["x"], kursi=["35.10.15.2004:raja"])
    assert wanted is None
    assert set(form.galat) == {"title", "tanggal", "tahun_rencana", "kursi"}
    assert (form.tanggal, form.tahun_rencana) == ("besok", "x")
    assert form.kursi == {"35.10.15.2004": "raja"}


def test_a_blank_form_wants_only_a_name_and_places() -> None:
    form = blank(date(2027, 1, 15))
    form.title, form.kursi = "Sesi", {"35.10.15.2004": "dialog"}
    assert check(form, LABELS, lambda: "id") is not None


_VALUES = st.lists(
    st.text(max_size=20) | st.sampled_from(["35.10.15.2004:dialog", "dialog", "2027-01-15", "2028"])
)


@given(st.dictionaries(st.sampled_from(sorted([*GOOD, *USUAL, "naskah"])), _VALUES))
def test_whatever_is_posted_is_a_session_or_sentences(fields: dict[str, list[str]]) -> None:
    form = typed(fields)
    wanted = check(form, LABELS, lambda: "id")
    assert (wanted is None) is bool(form.galat)
