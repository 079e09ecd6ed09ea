"""The decision chain by its rules: every state x role x action, and what holds over any sequence of them."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.planning import tahapan
from server.planning.tahapan import (
    DAY_MS,
    TIERS,
    Alasan,
    Hasil,
    Keadaan,
    Pelaku,
    Peran,
    Putusan,
    Rantai,
    Realisasi,
    Sebab,
    Tahap,
    TidakBoleh,
    Tindakan,
)

HERE, ELSEWHERE = "35.10.24.2008", "35.10.16.1001"
OPD = "Dinas PU"
LATE = 3 * DAY_MS
USUAL = Rantai()
EVERYBODY = {
    Peran.DESA: Pelaku(Peran.DESA, HERE),
    Peran.CAMAT: Pelaku(Peran.CAMAT, "35.10.24"),
    Peran.MITRA: Pelaku(Peran.MITRA),
    Peran.OPD: Pelaku(Peran.OPD, opd=" dinas  pu "),
    Peran.BAPPEDA: Pelaku(Peran.BAPPEDA),
    Peran.PANITIA: Pelaku(Peran.PANITIA),
}


def standing(tahap: Tahap, putusan: Putusan = Putusan.MENUNGGU, opd: str = OPD) -> Keadaan:
    return Keadaan(tahap, putusan, HERE, opd, desa_since=0)


def outcome(rantai: Rantai, now: Keadaan, who: Pelaku, what: Tindakan, at: int = LATE) -> Hasil | Sebab:
    try:
        return rantai.decide(now, who, what, alasan=Alasan.LAIN, at=at)
    except TidakBoleh as error:
        return error.sebab


# RULES.md in another form, written down by hand: tahap, putusan -> who may do what. Nothing else may be done.
# A star: atas nama. ``bp`` is Bappeda or Panitia.
EXPECTED = """
catatan_langsung menunggu         desa: konfirmasi batalkan | camat: *konfirmasi | bp: batalkan
catatan_langsung cadangan         desa: batalkan | bp: batalkan
catatan_langsung dikembalikan     desa: batalkan | bp: batalkan
catatan_langsung ditolak          desa: buka_lagi | bp: buka_lagi
catatan_langsung dibatalkan       desa: buka_lagi | bp: buka_lagi
catatan_langsung diakomodir       desa: buka_lagi | bp: buka_lagi
catatan_langsung belum_diakomodir desa: buka_lagi | bp: buka_lagi
draf menunggu                     desa: ajukan batalkan | camat: *ajukan | bp: batalkan
draf dikembalikan                 desa: ajukan batalkan | camat: *ajukan | bp: batalkan
draf cadangan                     desa: batalkan | bp: batalkan
draf ditolak                      desa: buka_lagi | bp: buka_lagi
draf dibatalkan                   desa: buka_lagi | bp: buka_lagi
draf diakomodir                   desa: buka_lagi | bp: buka_lagi
draf belum_diakomodir             desa: buka_lagi | bp: buka_lagi
desa menunggu                     desa: teruskan cadangkan kembalikan tolak batalkan | camat: *teruskan catat_sipd | mitra: catat_sipd | bp: batalkan catat_sipd
desa cadangan                     desa: teruskan kembalikan tolak batalkan | camat: *teruskan catat_sipd | mitra: catat_sipd | bp: batalkan catat_sipd
desa dikembalikan                 desa: batalkan | bp: batalkan
desa ditolak                      desa: buka_lagi | bp: buka_lagi
desa dibatalkan                   desa: buka_lagi | bp: buka_lagi
desa diakomodir                   desa: buka_lagi | camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
desa belum_diakomodir             desa: buka_lagi | camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
mitra_bappeda menunggu            mitra: teruskan cadangkan kembalikan tolak catat_sipd | camat: catat_sipd | bp: teruskan cadangkan kembalikan tolak batalkan catat_sipd
mitra_bappeda cadangan            mitra: teruskan kembalikan tolak catat_sipd | camat: catat_sipd | bp: teruskan kembalikan tolak batalkan catat_sipd
mitra_bappeda dikembalikan        bp: batalkan
mitra_bappeda ditolak             mitra: buka_lagi | bp: buka_lagi
mitra_bappeda dibatalkan          mitra: buka_lagi | bp: buka_lagi
mitra_bappeda diakomodir          mitra: buka_lagi catat_sipd | camat: catat_sipd | bp: buka_lagi catat_sipd
mitra_bappeda belum_diakomodir    mitra: buka_lagi catat_sipd | camat: catat_sipd | bp: buka_lagi catat_sipd
kecamatan menunggu                camat: teruskan cadangkan kembalikan tolak catat_sipd | mitra: catat_sipd | bp: batalkan catat_sipd
kecamatan cadangan                camat: teruskan kembalikan tolak catat_sipd | mitra: catat_sipd | bp: batalkan catat_sipd
kecamatan dikembalikan            bp: batalkan
kecamatan ditolak                 camat: buka_lagi | bp: buka_lagi
kecamatan dibatalkan              camat: buka_lagi | bp: buka_lagi
kecamatan diakomodir              camat: buka_lagi catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
kecamatan belum_diakomodir        camat: buka_lagi catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
forum_pd menunggu                 opd: teruskan cadangkan kembalikan tolak | camat: catat_sipd | mitra: catat_sipd | bp: teruskan cadangkan kembalikan tolak batalkan catat_sipd
forum_pd cadangan                 opd: teruskan kembalikan tolak | camat: catat_sipd | mitra: catat_sipd | bp: teruskan kembalikan tolak batalkan catat_sipd
forum_pd dikembalikan             bp: batalkan
forum_pd ditolak                  opd: buka_lagi | bp: buka_lagi
forum_pd dibatalkan               opd: buka_lagi | bp: buka_lagi
forum_pd diakomodir               opd: buka_lagi | camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
forum_pd belum_diakomodir         opd: buka_lagi | camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
kabupaten menunggu                camat: catat_sipd | mitra: catat_sipd | bp: teruskan cadangkan kembalikan tolak batalkan catat_sipd
kabupaten cadangan                camat: catat_sipd | mitra: catat_sipd | bp: teruskan kembalikan tolak batalkan catat_sipd
kabupaten dikembalikan            bp: batalkan
kabupaten ditolak                 bp: buka_lagi
kabupaten dibatalkan              bp: buka_lagi
kabupaten diakomodir              camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
kabupaten belum_diakomodir        camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
tapd menunggu                     camat: catat_sipd | mitra: catat_sipd | bp: akomodasi tidak_akomodasi cadangkan kembalikan tolak batalkan catat_sipd
tapd cadangan                     camat: catat_sipd | mitra: catat_sipd | bp: akomodasi tidak_akomodasi kembalikan tolak batalkan catat_sipd
tapd dikembalikan                 bp: batalkan
tapd ditolak                      bp: buka_lagi
tapd dibatalkan                   bp: buka_lagi
tapd diakomodir                   camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
tapd belum_diakomodir             camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
selesai menunggu                  camat: catat_sipd | mitra: catat_sipd | bp: catat_sipd
selesai cadangan                  camat: catat_sipd | mitra: catat_sipd | bp: catat_sipd
selesai ditolak                   bp: buka_lagi
selesai dibatalkan                bp: buka_lagi
selesai diakomodir                opd: catat_realisasi | camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd catat_realisasi
selesai belum_diakomodir          camat: catat_sipd | mitra: catat_sipd | bp: buka_lagi catat_sipd
"""  # noqa: E501


def expected() -> dict[tuple[Tahap, Putusan, Peran, Tindakan], bool]:
    """What may be done -> whether it is atas nama."""
    table: dict[tuple[Tahap, Putusan, Peran, Tindakan], bool] = {}
    for line in EXPECTED.strip().splitlines():
        tahap, putusan, rest = line.split(maxsplit=2)
        for part in rest.split("|"):
            who, _, actions = part.partition(":")
            roles = (Peran.BAPPEDA, Peran.PANITIA) if who.strip() == "bp" else (Peran(who.strip()),)
            for role, action in itertools.product(roles, actions.split()):
                key = (Tahap(tahap), Putusan(putusan), role, Tindakan(action.strip("*")))
                table[key] = action.startswith("*")
    return table


ALLOWED = expected()
AFTER: dict[Tindakan, tuple[Tahap | None, Putusan | None]] = {
    Tindakan.KONFIRMASI: (Tahap.DRAF, Putusan.MENUNGGU),
    Tindakan.AJUKAN: (Tahap.DESA, Putusan.MENUNGGU),
    Tindakan.AKOMODASI: (Tahap.SELESAI, Putusan.DIAKOMODIR),
    Tindakan.TIDAK_AKOMODASI: (Tahap.SELESAI, Putusan.BELUM_DIAKOMODIR),
    Tindakan.CADANGKAN: (None, Putusan.CADANGAN),
    Tindakan.KEMBALIKAN: (Tahap.DRAF, Putusan.DIKEMBALIKAN),
    Tindakan.TOLAK: (None, Putusan.DITOLAK),
    Tindakan.BATALKAN: (None, Putusan.DIBATALKAN),
    Tindakan.CATAT_SIPD: (None, None),
    Tindakan.CATAT_REALISASI: (None, None),
}
"""Where it stands then; None: as before."""


@pytest.mark.parametrize("tahap", Tahap)
def test_every_state_role_and_action(tahap: Tahap) -> None:
    for putusan, role, what in itertools.product(Putusan, Peran, Tindakan):
        key, now = (tahap, putusan, role, what), standing(tahap, putusan)
        found = outcome(USUAL, now, EVERYBODY[role], what)
        assert isinstance(found, Hasil) is (key in ALLOWED), (key, found)
        if isinstance(found, Hasil):
            assert found.atas_nama is ALLOWED[key], key
            assert (found.tahap, found.putusan) == after(now, what), key
        else:
            assert found in (Sebab.BUKAN_TAHAPNYA, Sebab.BUKAN_WEWENANG), key


def after(now: Keadaan, what: Tindakan) -> tuple[Tahap, Putusan]:
    if what is Tindakan.TERUSKAN:
        return TIERS[TIERS.index(now.tahap) + 1], Putusan.MENUNGGU
    if what is Tindakan.BUKA_LAGI:
        return (Tahap.TAPD if now.tahap is Tahap.SELESAI else now.tahap), Putusan.MENUNGGU
    tahap, putusan = AFTER[what]
    return tahap or now.tahap, putusan or now.putusan


def test_a_table_with_a_hole_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: one role too many at one tahap, and one step too many."""
    wider = {**tahapan.DECIDERS, Tahap.KABUPATEN: tahapan.DECIDERS[Tahap.KABUPATEN] | {Peran.OPD}}
    with monkeypatch.context() as changed:
        changed.setattr(tahapan, "DECIDERS", wider)
        with pytest.raises(AssertionError):
            test_every_state_role_and_action(Tahap.KABUPATEN)
    places, putusan = tahapan.STEPS[Tindakan.TERUSKAN]
    more = {**tahapan.STEPS, Tindakan.TERUSKAN: (places, putusan | {Putusan.DITOLAK})}
    monkeypatch.setattr(tahapan, "STEPS", more)
    with pytest.raises(AssertionError):
        test_every_state_role_and_action(Tahap.KECAMATAN)


@pytest.mark.parametrize("what", [Tindakan.TOLAK, Tindakan.KEMBALIKAN])
def test_T3_a_refusal_and_a_return_need_their_reason(what: Tindakan) -> None:
    with pytest.raises(TidakBoleh) as refused:
        USUAL.decide(standing(Tahap.KECAMATAN), EVERYBODY[Peran.CAMAT], what, at=LATE)
    assert refused.value.sebab is Sebab.PERLU_ALASAN


def test_T16_nobody_decides_elsewhere() -> None:
    strangers = (
        Pelaku(Peran.DESA, ELSEWHERE),
        Pelaku(Peran.DESA, "35.10.24.200"),
        Pelaku(Peran.CAMAT, "35.10.16"),
        Pelaku(Peran.CAMAT, "35.10.2"),
        Pelaku(Peran.CAMAT),
        Pelaku(Peran.DESA),
        Pelaku(Peran.MITRA, "35.10.16"),
        Pelaku(Peran.OPD, opd="Dinas Kesehatan"),
        Pelaku(Peran.OPD),
        Pelaku(Peran.BAPPEDA, "35.11"),
    )
    for who, tahap, putusan, what in itertools.product(strangers, Tahap, Putusan, Tindakan):
        found = outcome(USUAL, standing(tahap, putusan), who, what)
        assert found in (Sebab.BUKAN_WILAYAH, Sebab.BUKAN_OPD)
    nowhere = Keadaan(Tahap.KECAMATAN, Putusan.MENUNGGU, "", "", 0)
    assert outcome(USUAL, nowhere, EVERYBODY[Peran.CAMAT], Tindakan.TERUSKAN) is Sebab.BUKAN_WILAYAH
    assert outcome(USUAL, nowhere, Pelaku(Peran.OPD), Tindakan.TERUSKAN) is Sebab.BUKAN_OPD


def test_T17_a_forum_needs_its_opd() -> None:
    now = standing(Tahap.KECAMATAN, opd="  ")
    assert outcome(USUAL, now, EVERYBODY[Peran.CAMAT], Tindakan.TERUSKAN) is Sebab.PERLU_OPD
    shorter = Rantai((Tahap.KECAMATAN, Tahap.KABUPATEN))
    assert isinstance(outcome(shorter, now, EVERYBODY[Peran.CAMAT], Tindakan.TERUSKAN), Hasil)


@pytest.mark.parametrize("days", [0, 3, 10])
def test_T18_the_camat_waits_for_the_desa(days: int) -> None:
    rantai, camat = Rantai(wait_days=days), EVERYBODY[Peran.CAMAT]
    now = Keadaan(Tahap.CATATAN_LANGSUNG, Putusan.MENUNGGU, HERE, "", desa_since=5)
    on_time = 5 + days * DAY_MS
    assert outcome(rantai, now, camat, Tindakan.KONFIRMASI, on_time - 1) is Sebab.BELUM_WAKTUNYA
    assert outcome(rantai, now, camat, Tindakan.KONFIRMASI, on_time) == Hasil(
        Tahap.DRAF, Putusan.MENUNGGU, Putusan.DITERUSKAN, atas_nama=True
    )


def test_T2_a_tier_that_is_gone_leads_on() -> None:
    rantai = Rantai((Tahap.KECAMATAN, Tahap.MITRA_BAPPEDA, Tahap.TAPD))
    assert [rantai.next(tier) for tier in TIERS] == [
        Tahap.MITRA_BAPPEDA,
        Tahap.TAPD,
        Tahap.MITRA_BAPPEDA,
        Tahap.TAPD,
        Tahap.TAPD,
        None,
    ]


@pytest.mark.parametrize("order", [(), (Tahap.DESA, Tahap.DESA), (Tahap.DRAF,), (Tahap.SELESAI,)])
def test_an_order_that_is_none_is_not_taken(order: tuple[Tahap, ...]) -> None:
    with pytest.raises(ValueError, match="no order"):
        Rantai(order)


def test_T19_an_office_edits_until_it_submits() -> None:
    assert [tahap for tahap in Tahap if tahapan.office_may_edit(tahap)] == [
        Tahap.CATATAN_LANGSUNG,
        Tahap.DRAF,
    ]


orders = st.lists(st.sampled_from(TIERS), min_size=1, unique=True).map(tuple)
steps = st.lists(
    st.tuples(st.sampled_from(list(Peran)), st.sampled_from(list(Tindakan)), st.integers(0, 2 * DAY_MS)),
    max_size=40,
)


@given(order=orders, wait_days=st.integers(0, 5), steps=steps)
def test_whatever_is_done_the_chain_holds(
    order: tuple[Tahap, ...], wait_days: int, steps: Iterable[tuple[Peran, Tindakan, int]]
) -> None:
    rantai, at = Rantai(order, wait_days), 0
    now = Keadaan(Tahap.CATATAN_LANGSUNG, Putusan.MENUNGGU, HERE, OPD, desa_since=0)
    way = [Tahap.CATATAN_LANGSUNG, Tahap.DRAF, *order, Tahap.SELESAI]
    for role, what, later in steps:
        at += later
        who = EVERYBODY[role]
        found = outcome(rantai, now, who, what, at)
        assert (what in rantai.open_to(now, who, at)) is isinstance(found, Hasil)
        if isinstance(found, Sebab):
            continue
        here, there = way.index(now.tahap), way.index(found.tahap)
        forward = what in (Tindakan.KONFIRMASI, Tindakan.AJUKAN, Tindakan.TERUSKAN)
        forward |= what in (Tindakan.AKOMODASI, Tindakan.TIDAK_AKOMODASI)
        assert there - here == 1 if forward else there <= here
        if there < here:
            assert what in (Tindakan.KEMBALIKAN, Tindakan.BUKA_LAGI)
        assert (found.tahap is Tahap.SELESAI) is (
            found.putusan in (Putusan.DIAKOMODIR, Putusan.BELUM_DIAKOMODIR)
        )
        assert found.putusan is not Putusan.DITERUSKAN
        if found.atas_nama:
            assert role is Peran.CAMAT
            assert at - now.desa_since >= wait_days * DAY_MS
        since = now.desa_since if found.atas_nama else at
        now = Keadaan(found.tahap, found.putusan, HERE, OPD, since)
        # Nowhere is a dead end: somebody can always do something.
        assert any(rantai.open_to(now, anybody, at) for anybody in EVERYBODY.values())


@given(order=orders)
def test_everybody_doing_their_part_leads_to_the_end(order: tuple[Tahap, ...]) -> None:
    rantai, now, seen = Rantai(order), standing(Tahap.CATATAN_LANGSUNG), [Tahap.CATATAN_LANGSUNG]
    steps = (Tindakan.KONFIRMASI, Tindakan.AJUKAN, Tindakan.TERUSKAN, Tindakan.AKOMODASI)
    while now.tahap is not Tahap.SELESAI:
        found = [
            outcome(rantai, now, who, what, 0)
            for what, (role, who) in itertools.product(steps, EVERYBODY.items())
            if role in tahapan.DECIDERS[now.tahap]
        ]
        went = next(one for one in found if isinstance(one, Hasil))
        now = standing(went.tahap, went.putusan)
        seen.append(now.tahap)
    assert seen == [Tahap.CATATAN_LANGSUNG, Tahap.DRAF, *order, Tahap.SELESAI]


def test_what_waits_for_whom() -> None:
    assert tahapan.waiting(EVERYBODY[Peran.CAMAT]) == (
        Tahap.CATATAN_LANGSUNG,
        Tahap.DRAF,
        Tahap.DESA,
        Tahap.KECAMATAN,
    )
    assert tahapan.waiting(EVERYBODY[Peran.OPD]) == (Tahap.FORUM_PD,)
    assert tahapan.waiting(EVERYBODY[Peran.OPD], (Tahap.TAPD,)) == ()
    assert list(Realisasi) == ["dianggarkan", "dikerjakan", "selesai"]
