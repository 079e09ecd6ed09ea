"""Who is ready, in plain words: what people confirmed at their office's door, and what is wanting. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from server.i18n import N_
from server.store.kesiapan import Kamera, Kesiapan, Mikrofon, Pengeras, Sambungan


class State(StrEnum):
    SIAP = "siap"
    BERMASALAH = "bermasalah"
    BELUM = "belum"
    """Nobody has tried."""


KAMERA: Mapping[Kamera, str] = {
    Kamera.MENYALA: N_("kamera menyala"),
    Kamera.TIDAK_ADA: N_("tanpa kamera"),
    Kamera.TIDAK_DIPAKAI: N_("kamera tidak dipakai"),
    Kamera.BELUM: N_("kamera belum dicoba"),
}
MIKROFON: Mapping[Mikrofon, str] = {
    Mikrofon.TERDENGAR: N_("mikrofon terdengar"),
    Mikrofon.TIDAK_ADA: N_("mikrofon tidak ditemukan"),
    Mikrofon.TIDAK_DIPAKAI: N_("hanya menyimak, tanpa mikrofon"),
    Mikrofon.BELUM: N_("mikrofon belum terdengar suaranya"),
}
PENGERAS: Mapping[Pengeras, str] = {
    Pengeras.TERDENGAR: N_("pengeras suara terdengar"),
    Pengeras.TIDAK_TERDENGAR: N_("pengeras suara tidak terdengar"),
    Pengeras.BELUM: N_("pengeras suara belum diuji"),
}
SAMBUNGAN: Mapping[Sambungan, str] = {
    Sambungan.BAIK: N_("sambungan baik"),
    Sambungan.TERSAMBUNG: N_("tersambung, kuatnya belum diukur"),
    Sambungan.MEMUTAR: N_("tersambung lewat jalan memutar"),
    Sambungan.JAUH: N_("suara sampai agak terlambat"),
    Sambungan.HEMAT: N_("sambungan cukup untuk gambar kecil"),
    Sambungan.SUARA: N_("sambungan cukup untuk suara saja"),
    Sambungan.PUTUS: N_("sambungan putus-putus"),
    Sambungan.SULIT: N_("sambungan terlalu lambat"),
    Sambungan.BUNTU: N_("suara dan gambar tidak lewat"),
    Sambungan.BELUM: N_("sambungan belum diperiksa"),
}
_TROUBLE = frozenset(
    {
        Mikrofon.TIDAK_ADA,
        Mikrofon.BELUM,
        Pengeras.TIDAK_TERDENGAR,
        Pengeras.BELUM,
        Sambungan.PUTUS,
        Sambungan.SULIT,
        Sambungan.BUNTU,
        Sambungan.BELUM,
    }
)
"""What keeps an office from hearing or being heard, or was not tried. A camera is missed, but not needed."""


def aspects(seen: Kesiapan, *, hall: bool = False) -> list[tuple[str, bool]]:
    """Words for each of the four, and whether it is a trouble; at the hall's door no line is checked."""
    # Who only listens is not asked for the tone.
    untold = seen.mikrofon is Mikrofon.TIDAK_DIPAKAI and seen.pengeras is Pengeras.BELUM
    told = [
        (KAMERA[seen.kamera], False),
        (MIKROFON[seen.mikrofon], seen.mikrofon in _TROUBLE),
        (PENGERAS[seen.pengeras], seen.pengeras in _TROUBLE and not untold),
    ]
    if not hall:
        told.append((SAMBUNGAN[seen.sambungan], seen.sambungan in _TROUBLE))
    return told


def state_of(seen: Kesiapan | None, *, hall: bool = False) -> State:
    if seen is None:
        return State.BELUM
    wanting = any(trouble for _, trouble in aspects(seen, hall=hall))
    return State.BERMASALAH if wanting else State.SIAP


def why(seen: Kesiapan | None) -> str:
    """For a reminder, in Bahasa Indonesia as it is sent."""
    if seen is None:
        return "Kantor Bapak/Ibu belum mencoba masuk ke ruang rapat daring."
    wanting = [word for word, trouble in aspects(seen) if trouble]
    return f"Saat terakhir dicoba, yang belum beres: {', '.join(wanting)}."
