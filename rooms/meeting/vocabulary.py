"""The words that commands, events and state share: enums and small frozen records.

Values of the enums are what stands in journals and on wires, so a value never changes its meaning.
"""

from dataclasses import dataclass
from enum import StrEnum

from rooms.ids import ItemId, SeatId


class SeatKind(StrEnum):
    AULA = "aula"
    DIALOG = "dialog"
    MENYIMAK = "menyimak"
    TAMU = "tamu"


class ItemKind(StrEnum):
    SEREMONI = "seremoni"
    PAPARAN = "paparan"
    DIALOG = "dialog"
    PENUTUP = "penutup"


class MeetingStatus(StrEnum):
    DISIAPKAN = "disiapkan"
    BERLANGSUNG = "berlangsung"
    DISKORS = "diskors"
    DITUTUP = "ditutup"


class RequestState(StrEnum):
    ANTRE = "antre"
    BICARA = "bicara"
    DITARIK = "ditarik"
    TERLAYANI = "terlayani"
    TERTULIS = "tertulis"
    LEWAT_CAMAT = "lewat_camat"
    """Goes on to the camat, who answers it."""


class Jalur(StrEnum):
    """Which way a hand goes (R60)."""

    BICARA = "bicara"
    TERTULIS = "tertulis"
    LEWAT_CAMAT = "lewat_camat"


class Sanksi(StrEnum):
    """What the chair holds against a peserta, the lightest first (R64)."""

    PERINGATAN = "peringatan"
    LARANG_BICARA = "larang_bicara"
    KELUARKAN = "keluarkan"


class Wajah(StrEnum):
    """Whether a desk has looked at who is at a device (R94)."""

    BELUM = "belum"
    DIKENAL = "dikenal"
    BUKAN = "bukan"
    """Not this office: the device is held off the stage (R95)."""


class Pemimpin(StrEnum):
    """Who leads the meeting (R71)."""

    PIMPINAN = "pimpinan"
    PROTOKOL = "protokol"
    PENGGANTI = "pengganti"


class TurnState(StrEnum):
    BICARA = "bicara"
    """Has the floor and the clock runs."""
    DITAHAN = "ditahan"
    """Held by the chair (Tahan): the stage is the hall's, the turn and its remaining time are kept."""
    JEDA = "jeda"
    """The speaker's line dropped: the stage is the hall's until it returns or the grace ends."""
    DISELA = "disela"
    """Somebody was let in between: the clock stands, the floor is kept."""
    SELESAI = "selesai"
    DITUNDA = "ditunda"
    PUTUS = "putus"
    DIBATALKAN = "dibatalkan"
    """Its call was undone: as if it had never been made (R51)."""


class TurnKind(StrEnum):
    GILIRAN = "giliran"
    INTERUPSI = "interupsi"
    """A point of order that the chair granted."""
    TANGGAPAN = "tanggapan"
    """An answer to the speaker that the chair called for."""


class TurnMedia(StrEnum):
    PANGGILAN = "panggilan"
    LEWAT_TELEPON = "lewat_telepon"
    HADIR_DI_AULA = "hadir_di_aula"


class Urutan(StrEnum):
    """How hands share the floor once the script is through (R38-R40)."""

    DATANG = "datang"
    """First come, first served."""
    BERGILIR = "bergilir"
    """Round robin over kecamatan, then desa."""
    TERSEDIKIT = "tersedikit"
    """Fewest turns first."""
    DETIK_ADIL = "detik_adil"
    """Fair in seconds of floor time, by weight."""


class Kuorum(StrEnum):
    """How many of the invited offices have to be there (R83)."""

    TIDAK_DIHITUNG = "tidak_dihitung"
    LEBIH_SETENGAH = "lebih_setengah"
    DUA_PERTIGA = "dua_pertiga"
    SEMUA = "semua"


class Unsur(StrEnum):
    """The part of society that a peserta speaks for; counted and shown, never decided by (R82)."""

    TIDAK_DISEBUT = ""
    TOKOH_ADAT = "tokoh_adat"
    TOKOH_AGAMA = "tokoh_agama"
    TOKOH_MASYARAKAT = "tokoh_masyarakat"
    TOKOH_PENDIDIK = "tokoh_pendidik"
    TANI = "tani"
    NELAYAN = "nelayan"
    PERAJIN = "perajin"
    PEREMPUAN = "perempuan"
    PEMERHATI_ANAK = "pemerhati_anak"
    MASYARAKAT_MISKIN = "masyarakat_miskin"
    DIFABEL = "difabel"


class JenisKelamin(StrEnum):
    TIDAK_DISEBUT = ""
    LAKI_LAKI = "L"
    PEREMPUAN = "P"


class Hak(StrEnum):
    """What a peserta may do in the meeting (R105): hak_suara, with which comes hak_bicara, or that alone."""

    TIDAK_DISEBUT = ""
    """As whoever has hak_bicara."""
    SUARA = "suara"
    BICARA = "bicara"
    PENINJAU = "peninjau"


class JenisCatatan(StrEnum):
    USULAN = "usulan"
    KELUHAN = "keluhan"
    PERTANYAAN = "pertanyaan"
    ARAHAN = "arahan"


class Consent(StrEnum):
    """What a seat answered to the recording notice."""

    BELUM = "belum"
    DIREKAM = "direkam"
    TANPA_REKAMAN = "tanpa_rekaman"
    """Attends unrecorded: listens only, cannot be called."""


class ScreenEnd(StrEnum):
    """Why a screen is not shared any more."""

    SENDIRI = "sendiri"
    """Its own device ended it."""
    DIHENTIKAN = "dihentikan"
    """The chair's desk did."""
    DIGANTI = "diganti"
    """Another guest shares now."""
    TURUN = "turun"
    """Its seat has left the stage."""
    PUTUS = "putus"
    """Its line dropped."""


@dataclass(frozen=True, slots=True)
class SeatSpec:
    seat_id: SeatId
    kind: SeatKind
    label: str
    """Shown name, e.g. ``Tamansari, Kec. Licin``; a place, never a person."""
    kode_wilayah: str = ""
    """Kemendagri code ``PP.KK.CC.DDDD``; its first 8 characters are the kecamatan. Empty for the hall."""
    bobot: int = 1
    """Weight of its floor time in the seconds-fair order: 1 to 10."""


@dataclass(frozen=True, slots=True)
class ItemSpec:
    item_id: ItemId
    kind: ItemKind
    title: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the suggested order, as it was shown."""

    seat_id: SeatId
    request_id: str
    """The hand that this place serves; empty for a place on the script whose office has no hand up."""
    reason: str
    """Stable code of rooms.ordering, e.g. ``naskah``, ``giliran_kecamatan``, ``belum_bicara``."""


@dataclass(frozen=True, slots=True)
class MeetingSettings:
    turn_limit_s: int = 180
    warn_before_s: int = 30
    grace_s: int = 30
    """How long a dropped speaker keeps the floor."""
    bersiap: int = 2
    """How many offices are prepared ahead, 0-4."""
    urutan: Urutan | None = None
    """None: the order that the room was opened with."""
    penuaan: int = 0
    """After how many turns a waiting hand goes before the others; 0: never (R41)."""
    beku: int = 0
    """How many of the prepared offices keep the head of the order, 0-2 (R42)."""
    kuorum: Kuorum = Kuorum.DUA_PERTIGA
    kuorum_wajib: bool = False
    """Whether the meeting cannot be opened without it; else it is only shown (R83)."""
