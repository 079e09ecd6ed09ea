"""The decision chain of an usulan: pure, no rows, no clock, no words of a screen.

``Rantai.decide`` takes where an usulan stands, who wants what and when, and gives where it stands then; or it
raises ``TidakBoleh`` with one stable reason. The numbers in comments and tests are those of ``RULES.md``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rooms.meeting.vocabulary import JenisCatatan

DAY_MS = 24 * 3600 * 1000


class Tahap(StrEnum):
    CATATAN_LANGSUNG = "catatan_langsung"
    DRAF = "draf"
    DESA = "desa"
    MITRA_BAPPEDA = "mitra_bappeda"
    KECAMATAN = "kecamatan"
    FORUM_PD = "forum_pd"
    KABUPATEN = "kabupaten"
    TAPD = "tapd"
    SELESAI = "selesai"


TIERS = (
    Tahap.DESA,
    Tahap.MITRA_BAPPEDA,
    Tahap.KECAMATAN,
    Tahap.FORUM_PD,
    Tahap.KABUPATEN,
    Tahap.TAPD,
)
"""Where it is decided upon, in the usual order."""


class Putusan(StrEnum):
    """How an usulan stands in its tahap; ``DITERUSKAN`` is a decision's alone, the usulan waits anew."""

    MENUNGGU = "menunggu"
    DITERUSKAN = "diteruskan"
    DITOLAK = "ditolak"
    DIKEMBALIKAN = "dikembalikan"
    CADANGAN = "cadangan"
    DIBATALKAN = "dibatalkan"
    DIAKOMODIR = "diakomodir"
    BELUM_DIAKOMODIR = "belum_diakomodir"


class Alasan(StrEnum):
    DUPLIKAT = "duplikat"
    ALAMAT_SALAH = "alamat_salah"
    SUDAH_DIUSULKAN = "sudah_diusulkan"
    SALAH_OPD = "salah_opd"
    LAHAN_MILIK_PRIBADI = "lahan_milik_pribadi"
    LAHAN_SENGKETA = "lahan_sengketa"
    ASET_INSTANSI_LAIN = "aset_instansi_lain"
    PENERIMA_TIDAK_BERBADAN_HUKUM = "penerima_tidak_berbadan_hukum"
    BUKAN_KEWENANGAN = "bukan_kewenangan"
    TIDAK_SESUAI_RPJMD_RTRW = "tidak_sesuai_rpjmd_rtrw"
    PAGU_TIDAK_CUKUP = "pagu_tidak_cukup"
    LAIN = "lain"


class Peran(StrEnum):
    """Who decides; kelurahan are ``DESA`` too."""

    DESA = "desa"
    CAMAT = "camat"
    MITRA = "mitra"
    OPD = "opd"
    BAPPEDA = "bappeda"
    PANITIA = "panitia"


class Tindakan(StrEnum):
    KONFIRMASI = "konfirmasi"
    AJUKAN = "ajukan"
    TERUSKAN = "teruskan"
    AKOMODASI = "akomodasi"
    TIDAK_AKOMODASI = "tidak_akomodasi"
    CADANGKAN = "cadangkan"
    KEMBALIKAN = "kembalikan"
    TOLAK = "tolak"
    BATALKAN = "batalkan"
    BUKA_LAGI = "buka_lagi"
    CATAT_SIPD = "catat_sipd"
    CATAT_REALISASI = "catat_realisasi"


class Realisasi(StrEnum):
    """What became of an usulan that was taken in."""

    DIANGGARKAN = "dianggarkan"
    DIKERJAKAN = "dikerjakan"
    SELESAI = "selesai"


class TindakLanjut(StrEnum):
    """Where the follow-up of a keluhan or an arahan stands."""

    TERBUKA = "terbuka"
    DIKERJAKAN = "dikerjakan"
    SELESAI = "selesai"


class Sebab(StrEnum):
    """Why not; stable."""

    BUKAN_WILAYAH = "bukan_wilayah"
    BUKAN_OPD = "bukan_opd"
    BUKAN_TAHAPNYA = "bukan_tahapnya"
    BUKAN_WEWENANG = "bukan_wewenang"
    BELUM_WAKTUNYA = "belum_waktunya"
    PERLU_ALASAN = "perlu_alasan"
    PERLU_OPD = "perlu_opd"


class WrongStage(Exception):
    """What is asked does not fit this kind of note or the stage it is in."""


class TidakBoleh(Exception):
    """The chain forbids it; nothing changes then."""

    def __init__(self, sebab: Sebab) -> None:
        super().__init__(str(sebab))
        self.sebab = sebab


@dataclass(frozen=True, slots=True)
class Keadaan:
    """Where an usulan stands."""

    tahap: Tahap
    putusan: Putusan
    kode_wilayah: str
    """``PP.KK.CC.DDDD``, or empty while it has no place."""
    opd_tujuan: str
    desa_since: int
    """When something was last decided otherwise than *atas nama*; at first when it was noted (ms)."""


@dataclass(frozen=True, slots=True)
class Pelaku:
    """Who decides, and where: the code of a kabupaten, kecamatan or desa; empty: everywhere."""

    peran: Peran
    wilayah: str = ""
    opd: str = ""


@dataclass(frozen=True, slots=True)
class Hasil:
    """Where the usulan stands after the decision."""

    tahap: Tahap
    putusan: Putusan
    decided: Putusan
    """What the decision itself is called: ``DITERUSKAN`` where the usulan waits at the next tahap."""
    atas_nama: bool = False


class _Letak(StrEnum):
    """Kinds of tahap, by what may be done there, whatever the order of the tiers is."""

    CATATAN = "catatan"
    DRAF = "draf"
    TENGAH = "tengah"
    AKHIR = "akhir"
    """The last tier."""
    SELESAI = "selesai"


_TIER = frozenset({_Letak.TENGAH, _Letak.AKHIR})
_BEFORE_END = _TIER | {_Letak.CATATAN, _Letak.DRAF}
_UNDECIDED = frozenset({Putusan.MENUNGGU, Putusan.CADANGAN})
_DONE = frozenset({Putusan.DIAKOMODIR, Putusan.BELUM_DIAKOMODIR})

STEPS: Mapping[Tindakan, tuple[frozenset[_Letak], frozenset[Putusan]]] = {
    Tindakan.KONFIRMASI: (frozenset({_Letak.CATATAN}), frozenset({Putusan.MENUNGGU})),  # T4
    Tindakan.AJUKAN: (frozenset({_Letak.DRAF}), frozenset({Putusan.MENUNGGU, Putusan.DIKEMBALIKAN})),  # T5
    Tindakan.TERUSKAN: (frozenset({_Letak.TENGAH}), _UNDECIDED),  # T6
    Tindakan.AKOMODASI: (frozenset({_Letak.AKHIR}), _UNDECIDED),  # T7
    Tindakan.TIDAK_AKOMODASI: (frozenset({_Letak.AKHIR}), _UNDECIDED),
    Tindakan.CADANGKAN: (_TIER, frozenset({Putusan.MENUNGGU})),  # T8
    Tindakan.KEMBALIKAN: (_TIER, _UNDECIDED),  # T9
    Tindakan.TOLAK: (_TIER, _UNDECIDED),  # T10
    Tindakan.BATALKAN: (_BEFORE_END, _UNDECIDED | {Putusan.DIKEMBALIKAN}),  # T11
    Tindakan.BUKA_LAGI: (  # T12
        _BEFORE_END | {_Letak.SELESAI},
        _DONE | {Putusan.DITOLAK, Putusan.DIBATALKAN},
    ),
    Tindakan.CATAT_SIPD: (_TIER | {_Letak.SELESAI}, _UNDECIDED | _DONE),  # T13
    Tindakan.CATAT_REALISASI: (frozenset({_Letak.SELESAI}), frozenset({Putusan.DIAKOMODIR})),  # T14
}
"""Where each may be done: kinds of tahap, and putusan in which the usulan then is."""

_KABUPATEN = frozenset({Peran.BAPPEDA, Peran.PANITIA})
DECIDERS: Mapping[Tahap, frozenset[Peran]] = {  # T15
    Tahap.CATATAN_LANGSUNG: frozenset({Peran.DESA}),
    Tahap.DRAF: frozenset({Peran.DESA}),
    Tahap.DESA: frozenset({Peran.DESA}),
    Tahap.MITRA_BAPPEDA: frozenset({Peran.MITRA}) | _KABUPATEN,
    Tahap.KECAMATAN: frozenset({Peran.CAMAT}),
    Tahap.FORUM_PD: frozenset({Peran.OPD}) | _KABUPATEN,
    Tahap.KABUPATEN: _KABUPATEN,
    Tahap.TAPD: _KABUPATEN,
    Tahap.SELESAI: _KABUPATEN,
}
"""Whose a tahap is."""
_OF_THE_DESA = frozenset({Tahap.CATATAN_LANGSUNG, Tahap.DRAF, Tahap.DESA})
_ATAS_NAMA = frozenset({Tindakan.KONFIRMASI, Tindakan.AJUKAN, Tindakan.TERUSKAN})
_NEED_ALASAN = frozenset({Tindakan.TOLAK, Tindakan.KEMBALIKAN, Tindakan.TIDAK_AKOMODASI})
NAME_OPD = frozenset({Tindakan.AJUKAN, Tindakan.TERUSKAN, Tindakan.KEMBALIKAN})  # T24
"""Send an usulan on its way, and may say to which OPD."""
FOLLOWED_UP = frozenset({JenisCatatan.KELUHAN, JenisCatatan.ARAHAN})


@dataclass(frozen=True, slots=True)
class Rantai:
    """The chain as this kabupaten has it."""

    order: tuple[Tahap, ...] = TIERS
    wait_days: int = 3
    """After which the camat may go on for a desa that says nothing."""

    def __post_init__(self) -> None:
        """Raises ValueError for an order that is none."""
        if not self.order or len(set(self.order)) != len(self.order) or set(self.order) - set(TIERS):
            raise ValueError(f"no order of tiers: {', '.join(self.order)}")

    def decide(self, now: Keadaan, pelaku: Pelaku, tindakan: Tindakan, *, alasan: str = "", at: int) -> Hasil:
        """Raises TidakBoleh."""
        atas_nama = self._allow(now, pelaku, tindakan, at)
        if tindakan in _NEED_ALASAN and not alasan:  # T3
            raise TidakBoleh(Sebab.PERLU_ALASAN)
        hasil = replace(self._after(now, tindakan), atas_nama=atas_nama)
        forward = tindakan in (Tindakan.AJUKAN, Tindakan.TERUSKAN)
        if forward and hasil.tahap is Tahap.FORUM_PD and not now.opd_tujuan.strip():  # T17
            raise TidakBoleh(Sebab.PERLU_OPD)
        return hasil

    def open_to(self, now: Keadaan, pelaku: Pelaku, at: int) -> tuple[Tindakan, ...]:
        """What ``pelaku`` may do, were the reason and the OPD given."""
        may = []
        for tindakan in Tindakan:
            try:
                self._allow(now, pelaku, tindakan, at)
            except TidakBoleh:
                continue
            may.append(tindakan)
        return tuple(may)

    def quiet_until(self, now: Keadaan) -> int:
        """From when on the camat may go on for the desa (ms)."""
        return now.desa_since + self.wait_days * DAY_MS

    def next(self, tahap: Tahap) -> Tahap | None:
        """The tier after this one; None after the last. One that is in the order no more is left for the
        first that usually comes after it (T2)."""
        if tahap in self.order:
            place = self.order.index(tahap) + 1
            return self.order[place] if place < len(self.order) else None
        later = TIERS[TIERS.index(tahap) + 1 :]
        return next((tier for tier in later if tier in self.order), None)

    def _allow(self, now: Keadaan, pelaku: Pelaku, tindakan: Tindakan, at: int) -> bool:
        """Whether it is done *atas nama*. Raises TidakBoleh."""
        if not concerns(pelaku, now.kode_wilayah, now.opd_tujuan):  # T16
            raise TidakBoleh(Sebab.BUKAN_OPD if pelaku.peran is Peran.OPD else Sebab.BUKAN_WILAYAH)
        places, putusan = STEPS[tindakan]
        if self._place(now.tahap) not in places or now.putusan not in putusan:
            raise TidakBoleh(Sebab.BUKAN_TAHAPNYA)
        if pelaku.peran in _who(now.tahap, tindakan):
            return False
        for_the_desa = now.tahap in _OF_THE_DESA and tindakan in _ATAS_NAMA  # T18
        if pelaku.peran is not Peran.CAMAT or not for_the_desa:
            raise TidakBoleh(Sebab.BUKAN_WEWENANG)
        if at < self.quiet_until(now):
            raise TidakBoleh(Sebab.BELUM_WAKTUNYA)
        return True

    def _place(self, tahap: Tahap) -> _Letak:
        match tahap:
            case Tahap.CATATAN_LANGSUNG:
                return _Letak.CATATAN
            case Tahap.DRAF:
                return _Letak.DRAF
            case Tahap.SELESAI:
                return _Letak.SELESAI
            case _:
                return _Letak.AKHIR if self.next(tahap) is None else _Letak.TENGAH

    def _after(self, now: Keadaan, tindakan: Tindakan) -> Hasil:
        waits = Putusan.MENUNGGU
        match tindakan:
            case Tindakan.KONFIRMASI:
                return Hasil(Tahap.DRAF, waits, Putusan.DITERUSKAN)
            case Tindakan.AJUKAN:
                return Hasil(self.order[0], waits, Putusan.DITERUSKAN)
            case Tindakan.TERUSKAN:
                after = self.next(now.tahap)
                assert after is not None, "STEPS: only before the last tier"
                return Hasil(after, waits, Putusan.DITERUSKAN)
            case Tindakan.AKOMODASI:
                return Hasil(Tahap.SELESAI, Putusan.DIAKOMODIR, Putusan.DIAKOMODIR)
            case Tindakan.TIDAK_AKOMODASI:
                return Hasil(Tahap.SELESAI, Putusan.BELUM_DIAKOMODIR, Putusan.BELUM_DIAKOMODIR)
            case Tindakan.CADANGKAN:
                return Hasil(now.tahap, Putusan.CADANGAN, Putusan.CADANGAN)
            case Tindakan.KEMBALIKAN:
                return Hasil(Tahap.DRAF, Putusan.DIKEMBALIKAN, Putusan.DIKEMBALIKAN)
            case Tindakan.TOLAK:
                return Hasil(now.tahap, Putusan.DITOLAK, Putusan.DITOLAK)
            case Tindakan.BATALKAN:
                return Hasil(now.tahap, Putusan.DIBATALKAN, Putusan.DIBATALKAN)
            case Tindakan.BUKA_LAGI:
                tahap = self.order[-1] if now.tahap is Tahap.SELESAI else now.tahap
                return Hasil(tahap, waits, waits)
            case Tindakan.CATAT_SIPD | Tindakan.CATAT_REALISASI:
                return Hasil(now.tahap, now.putusan, now.putusan)


def _who(tahap: Tahap, tindakan: Tindakan) -> frozenset[Peran]:
    """Who may do it there in their own right (T15)."""
    own = DECIDERS[tahap]
    match tindakan:
        case Tindakan.BATALKAN:
            return _KABUPATEN | (own & {Peran.DESA})
        case Tindakan.BUKA_LAGI:
            return _KABUPATEN | own
        case Tindakan.CATAT_SIPD:
            return _KABUPATEN | {Peran.MITRA, Peran.CAMAT}
        case Tindakan.CATAT_REALISASI:
            return _KABUPATEN | {Peran.OPD}
        case _:
            return own


def concerns(pelaku: Pelaku, kode_wilayah: str, opd_tujuan: str) -> bool:
    """Whether an usulan of this place for this OPD is one of theirs (T16)."""
    if pelaku.peran is Peran.OPD:
        return bool(same_opd(pelaku.opd)) and same_opd(pelaku.opd) == same_opd(opd_tujuan)
    if not pelaku.wilayah:
        return pelaku.peran in _KABUPATEN | {Peran.MITRA}
    return f"{kode_wilayah}.".startswith(f"{pelaku.wilayah}.")


def same_opd(name: str) -> str:
    """Equal for two ways of writing one name."""
    return " ".join(name.split()).casefold()


def office_may_edit(tahap: str) -> bool:
    """Whether an office may still change what its usulan says (T19)."""
    return tahap in ("", Tahap.CATATAN_LANGSUNG, Tahap.DRAF)


def waiting(pelaku: Pelaku, order: Sequence[Tahap] = TIERS) -> tuple[Tahap, ...]:
    """The tahap that are this one's to decide, in order."""
    return tuple(
        tahap
        for tahap in (Tahap.CATATAN_LANGSUNG, Tahap.DRAF, *order)
        if pelaku.peran in DECIDERS[tahap] or (pelaku.peran is Peran.CAMAT and tahap in _OF_THE_DESA)
    )


def entry(jenis: JenisCatatan) -> dict[str, str]:
    """The state a note of this kind begins with; the fields that do not concern it are empty."""
    usulan = jenis is JenisCatatan.USULAN
    return {
        "tahap": Tahap.CATATAN_LANGSUNG if usulan else "",
        "putusan": Putusan.MENUNGGU if usulan else "",
        "status_tindak_lanjut": TindakLanjut.TERBUKA if jenis in FOLLOWED_UP else "",
    }


def entry_of_list() -> dict[str, str]:
    """The state of what an office itself puts on the list of its own meeting (T23)."""
    return {"tahap": Tahap.DRAF, "putusan": Putusan.MENUNGGU, "status_tindak_lanjut": ""}


def reclassify(jenis: JenisCatatan, tahap: str) -> dict[str, str]:
    """The state after the notulis corrects the kind. Raises WrongStage once a desa has confirmed it."""
    if tahap not in ("", Tahap.CATATAN_LANGSUNG):
        raise WrongStage(f"an usulan in {tahap} stays an usulan")
    return entry(jenis)
