"""The form "Buat sesi": what is asked for is made, what is wrong is said beside its field."""

import itertools
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.meeting.agenda import check_settings
from rooms.meeting.vocabulary import ItemKind, Kuorum, MeetingSettings, SeatKind, Urutan
from rooms.ordering.naskah_bergilir import NASKAH_BERGILIR
from rooms.ordering.policies import choose
from server.pages.session_choices import CHOICES, USUAL, told
from server.pages.session_form import AULA, Typed, Wanted, blank, check, typed

LABELS = {"35.10.01.2001": "Sarongan, Kec. Pesanggaran", "35.10.15.2004": "Kemiren, Kec. Glagah"}
GOOD: dict[str, Sequence[str]] = {
    "title": ["Musrenbang 2028"],
    "tanggal": ["2027-01-15"],
    "jenis_sesi": ["musrenbang_desa"],
    "tahun_rencana": ["2028"],
    "turn_limit_menit": ["4"],
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


def test_the_camat_of_each_kecamatan_is_a_guest_who_answers_for_it() -> None:
    wanted, form = ask(camat=["ya"])
    assert wanted is not None
    assert form.camat
    assert [(s.seat_id, s.kind, s.label, s.kode_wilayah) for s in wanted.seats[3:]] == [
        ("35.10.01", SeatKind.TAMU, "Camat Pesanggaran", "35.10.01"),
        ("35.10.15", SeatKind.TAMU, "Camat Glagah", "35.10.15"),
    ]
    assert wanted.script == ("35.10.15.2004",)


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
